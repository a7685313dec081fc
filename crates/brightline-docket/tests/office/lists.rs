//! Lists: filtered, in order, page by page without a gap or a repetition.

use brightline_docket::{Cursor, Filter, Office, Order};
use serde_json::json;
use sqlx::Row;

use crate::desk::{Desk, HOUR, JAIL, MORNING, new_case, officer, person, records_officer, told};
use crate::places::on_both;

#[test]
fn pages_follow_each_other_without_a_gap_in_both_orders() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        for number in 0..23 {
            let mut case = new_case(&["request"], vec![]);
            if number % 3 > 0 {
                let asked_at = json!(format!("2025-03-04 {:02}:00", number % 7));
                case.facts.push(told("asked_at", asked_at));
            }
            case.facility = ["north", "south"][number % 2].into();
            office.receive(&officer(), case).await.unwrap();
        }
        for order in [Order::Due, Order::Received] {
            let filter = Filter { order, limit: 5, ..Filter::default() };
            let mut seen = Vec::new();
            let mut after: Option<Cursor> = None;
            loop {
                let page = office.list(&officer(), &filter, after.as_ref()).await.unwrap();
                seen.extend(page.items);
                match page.next {
                    Some(next) => after = Some(Cursor::parse(&next.to_text()).unwrap()),
                    None => break,
                }
            }
            assert_eq!(seen.len(), 23);
            let mut names: Vec<&str> = seen.iter().map(|it| it.reference.as_str()).collect();
            match order {
                Order::Due => {
                    let due = |at: usize| seen[at].due_at.unwrap_or(i64::MAX);
                    assert!((1..23).all(|at| due(at - 1) <= due(at)));
                }
                Order::Received => assert_eq!(names[0], "JAIL-2025-000023"),
            }
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), 23);
        }
    });
}

/// Every row of the derived tables, as text.
async fn derived(office: &Office) -> Vec<String> {
    let mut rows = Vec::new();
    for (sql, numbers, texts) in [
        (
            "SELECT id, version, entries, is_open, due_at, open_facts, departures, is_held, \
          expires_at, reference, agency, stage, facility, assigned, acts FROM cases",
            9,
            15,
        ),
        ("SELECT case_id, received_at, act, agency, outcome FROM case_acts", 2, 5),
        ("SELECT case_id, due_at, escalated, task, agency, owner, stage FROM tasks", 3, 7),
    ] {
        for row in sqlx::query(sql).fetch_all(office.store().read()).await.unwrap() {
            let text = |at| match at < numbers {
                true => row.get::<i64, _>(at).to_string(),
                false => row.get::<String, _>(at),
            };
            rows.push((0..texts).map(text).collect::<Vec<_>>().join("|"));
        }
    }
    rows.sort();
    rows
}

#[test]
fn lists_are_made_again_from_the_entries_alone() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let asked_at = told("asked_at", json!("2025-03-04 10:00"));
        let first =
            office.receive(&officer(), new_case(&["request"], vec![asked_at])).await.unwrap();
        let second = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let seen = (first.reference.as_str(), first.version);
        office.assign(&officer(), seen, "osei".into()).await.unwrap();
        office.case(&officer(), &first.reference, "a look").await.unwrap();
        let seen = (second.reference.as_str(), second.version);
        office.seal(&records_officer(), seen, "order").await.unwrap();
        let before = derived(&office).await;
        let mut writing = office.store().write().await.unwrap();
        for table in ["cases", "case_acts", "tasks", "name_tokens"] {
            let sql = sqlx::AssertSqlSafe(format!("DELETE FROM {table}"));
            sqlx::query(sql).execute(&mut *writing).await.unwrap();
        }
        writing.commit().await.unwrap();
        assert!(office.rebuild_lists(&officer()).await.unwrap_err().is_forbidden());
        let administrator = person("Novak", &["administrator"]);
        assert_eq!(office.rebuild_lists(&administrator).await.unwrap(), 2);
        let again = derived(&office).await;
        assert!(before.len() > 4 && before.iter().any(|row| row.contains("sealed")));
        // Of a sealed case the version and the open facts are not known any more.
        let unsealed = |rows: &[String]| -> Vec<String> {
            rows.iter().filter(|row| !row.contains("|sealed|")).cloned().collect()
        };
        assert_eq!(unsealed(&before), unsealed(&again));
        assert_eq!(before.len(), again.len());
        assert_eq!(office.find(&officer(), "doe", "a look").await.unwrap().items.len(), 1);
    });
}

#[test]
fn each_filter_keeps_what_it_names() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let asked_at = told("asked_at", json!("2025-03-04 10:00"));
        let first =
            office.receive(&officer(), new_case(&["request"], vec![asked_at])).await.unwrap();
        let mut other = new_case(&["request"], vec![]);
        other.facility = "south".into();
        other.asked.acts = Some(vec!["tell".into()]);
        let other = office.receive(&officer(), other).await.unwrap();
        let seen = (other.reference.as_str(), other.version);
        office.assign(&officer(), seen, "osei".into()).await.unwrap();
        let all = Filter::default();
        let count = |filter: Filter| {
            let office = office.clone();
            async move {
                let page = office.list(&officer(), &filter, None).await.unwrap();
                page.items.into_iter().map(|it| it.reference).collect::<Vec<_>>()
            }
        };
        let south = Filter { facility: Some("south".into()), ..all.clone() };
        assert_eq!(count(south).await, [other.reference.as_str()]);
        let mine = Filter { assigned: Some("osei".into()), ..all.clone() };
        assert_eq!(count(mine).await, [other.reference.as_str()]);
        for order in [Order::Due, Order::Received] {
            let keep = Filter { act: Some("keep".into()), order, ..all.clone() };
            assert_eq!(count(keep).await, [first.reference.as_str()]);
        }
        let due = Filter { due_before: Some(MORNING + 25 * HOUR), ..all.clone() };
        assert_eq!(count(due).await, [first.reference.as_str()]);
        let text = Filter { reference: Some("JAIL-2025-000002".into()), ..all.clone() };
        assert_eq!(count(text).await, [other.reference.as_str()]);
        let open = Filter { open_only: true, stage: Some("open".into()), ..all.clone() };
        assert_eq!(count(open).await.len(), 2);
        let elsewhere = Filter { agency: Some("zz-office/shelter".into()), ..all.clone() };
        assert!(count(elsewhere).await.is_empty());
        let mut auditor = person("Ito", &["auditor"]);
        auditor.agencies = std::iter::once("*".to_owned()).collect();
        assert_eq!(office.list(&auditor, &all, None).await.unwrap().items.len(), 2);
        assert_eq!(office.list(&auditor, &all, None).await.unwrap().items[0].agency, JAIL);
    });
}
