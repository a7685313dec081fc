//! A request arrives, is decided, signed by two people, acted on, and its duties are done.

use brightline_docket::{
    ActDone, CaseView, Departure, Did, Evidence, Filter, Override, Stage, Teller,
};
use serde_json::json;

use crate::desk::{Desk, HOUR, MORNING, counsel, fact, found, new_case, officer, person, told};
use crate::places::on_both;

fn done(act: &str, did: Did, how: &str) -> ActDone {
    ActDone {
        act: act.into(),
        did,
        how: how.into(),
        when: "2025-03-04 18:00".into(),
        note: String::new(),
    }
}

fn outcome(view: &CaseView, act: &str) -> String {
    view.acts().into_iter().find(|it| it.act == act).unwrap().outcome
}

#[test]
fn a_detainer_arrives_and_everything_about_it_is_recorded() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let asked_at = told("asked_at", json!("2025-03-04 10:00"));
        let view =
            office.receive(&officer(), new_case(&["request"], vec![asked_at])).await.unwrap();
        assert_eq!(view.reference, "JAIL-2025-000001");
        assert_eq!(view.stage, Stage::Open);
        assert_eq!(
            (outcome(&view, "keep").as_str(), outcome(&view, "tell").as_str()),
            ("prohibited", "open")
        );

        let task = &view.tasks[0];
        assert_eq!(task.due.as_deref(), Some("2025-03-05 10:00"));
        assert_eq!(task.due_at, Some(MORNING + 24 * HOUR));

        let seen = view.reference.clone();
        let error = office
            .set_facts(&officer(), (&seen, view.version), vec![found("dangerous", false)])
            .await;
        assert!(error.unwrap_err().is_forbidden(), "only counsel finds this");
        let view = office
            .set_facts(&counsel(), (&seen, view.version), vec![found("dangerous", false)])
            .await
            .unwrap();
        assert_eq!((view.stage, outcome(&view, "tell").as_str()), (Stage::Decided, "prohibited"));

        let view = office.propose(&officer(), (&seen, view.version)).await.unwrap();
        assert_eq!(view.stage, Stage::Proposed);
        let same = office.sign(&officer(), (&seen, view.version)).await.unwrap_err();
        assert!(same.is_forbidden());
        let view = office
            .send_back(&counsel(), (&seen, view.version), "the day is wrong".into())
            .await
            .unwrap();
        assert_eq!(view.stage, Stage::Returned);
        let view = office.propose(&officer(), (&seen, view.version)).await.unwrap();
        let view = office.sign(&counsel(), (&seen, view.version)).await.unwrap();
        assert_eq!(view.stage, Stage::Signed);

        let view = office
            .record_act(&officer(), (&seen, view.version), done("keep", Did::Refrained, "released"))
            .await
            .unwrap();
        let view = office
            .record_act(&officer(), (&seen, view.version), done("tell", Did::Refrained, "refused"))
            .await
            .unwrap();
        assert_eq!((view.stage, view.departures().count()), (Stage::Done, 0));
        let early =
            office.close(&officer(), (&seen, view.version), "done".into()).await.unwrap_err();
        assert!(early.is_conflict() && !early.is_stale(), "a task is open");
        let task = view.tasks[0].task.clone();
        let view = office
            .complete_duty(&officer(), (&seen, view.version), task, "receipt 12".into())
            .await
            .unwrap();
        let view = office.close(&officer(), (&seen, view.version), "done".into()).await.unwrap();
        assert_eq!(view.stage, Stage::Closed);
        let kinds: Vec<&str> = view.timeline.iter().map(|it| it.kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "received",
                "facts_set",
                "determined",
                "facts_set",
                "determined",
                "proposed",
                "sent_back",
                "proposed",
                "signed",
                "done",
                "done",
                "task_done",
                "closed"
            ]
        );
    });
}

#[test]
fn an_act_against_the_determination_is_a_departure_and_is_listed() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let held = done("keep", Did::Done, "held");
        let view =
            office.record_act(&officer(), (&view.reference, view.version), held).await.unwrap();
        let departure = view.departures().next().unwrap();
        assert_eq!(departure.departs, [Departure::AgainstOutcome, Departure::Unsigned]);
        let told = done("tell", Did::Done, "notified");
        let view =
            office.record_act(&officer(), (&view.reference, view.version), told).await.unwrap();
        assert!(view.done[1].departs.contains(&Departure::NotSafe), "{:?}", view.done[1]);
        let filter = Filter { departures_only: true, ..Filter::default() };
        let page = office.list(&officer(), &filter, None).await.unwrap();
        assert_eq!(page.items[0].departures, 2);
        assert_eq!(page.items[0].reference, view.reference);
    });
}

#[test]
fn what_was_done_with_several_acts_is_recorded_at_once_or_not_at_all() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let seen = (view.reference.as_str(), view.version);
        let kept = done("keep", Did::Refrained, "released");
        let wrong = vec![kept.clone(), ActDone { when: "soon".into(), ..kept.clone() }];
        assert!(office.record_acts(&officer(), seen, wrong).await.is_err());
        let none = office.record_acts(&officer(), seen, vec![]).await.unwrap_err();
        assert_eq!(none.refusal().unwrap().faults[0].place, "acts");
        let both = vec![kept, done("tell", Did::Done, "notified")];
        let view = office.record_acts(&officer(), seen, both).await.unwrap();
        assert_eq!((view.stage, view.done.len()), (Stage::Done, 2), "nothing was left of the try");
        assert_eq!(view.done[0].departs, []);
        assert!(view.done[1].departs.contains(&Departure::NotSafe));
        assert_eq!(view.done[0].entry + 1, view.done[1].entry, "an entry for each act");
    });
}

#[test]
fn two_sources_that_differ_count_as_unknown_until_somebody_settles_it() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let paper = fact("warrant", json!(true), Evidence::Paper("request".into()));
        let mut case = new_case(&["request"], vec![paper]);
        case.asked.papers = None;
        case.asked.acts = Some(vec!["keep".into()]);
        let view = office.receive(&officer(), case).await.unwrap();
        assert_eq!(outcome(&view, "keep"), "permitted");
        let seen = view.reference.clone();
        let book = fact("warrant", json!(false), Evidence::System("court book".into()));
        let view = office.set_facts(&officer(), (&seen, view.version), vec![book]).await.unwrap();
        assert_eq!((view.stage, outcome(&view, "keep").as_str()), (Stage::Open, "open"));
        assert!(view.facts["warrant"].is_conflicting);
        assert_eq!(view.facts["warrant"].statements.len(), 2);
        let mut court = fact("warrant", json!(false), Evidence::Told(Teller::Court));
        court.settles = Some("the clerk was called".into());
        let view = office.set_facts(&counsel(), (&seen, view.version), vec![court]).await.unwrap();
        assert_eq!(outcome(&view, "keep"), "prohibited");
        assert_eq!(view.facts["warrant"].statements.len(), 3);
    });
}

#[test]
fn an_override_stands_beside_what_was_computed_and_needs_two_people() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let seen = view.reference.clone();
        let decision = |citation: &str| Override {
            act: "keep".into(),
            outcome: "permitted".into(),
            reason: "a judge ordered it".into(),
            citation: citation.into(),
        };
        let bare = office.decide_otherwise(&counsel(), (&seen, view.version), decision(" ")).await;
        assert!(bare.unwrap_err().refusal().is_some());
        let view = office
            .decide_otherwise(&counsel(), (&seen, view.version), decision("Order of March 4"))
            .await
            .unwrap();
        let keep = view.acts().into_iter().find(|it| it.act == "keep").unwrap();
        assert_eq!((keep.computed.as_str(), keep.outcome.as_str()), ("prohibited", "permitted"));
        let view = office.propose(&counsel(), (&seen, view.version)).await.unwrap();
        let alone = office.sign(&counsel(), (&seen, view.version)).await.unwrap_err();
        assert!(alone.is_forbidden());
        let mut second_account = counsel();
        second_account.account = "lindqvist2".into();
        let alone = office.sign(&second_account, (&seen, view.version)).await.unwrap_err();
        assert!(alone.is_forbidden(), "two accounts of one person are one person");
        let other = person("Abara", &["counsel"]);
        office.sign(&other, (&seen, view.version)).await.unwrap();
    });
}

#[test]
fn what_is_wrong_with_a_receipt_is_told_and_nothing_is_recorded() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let wrong = |change: fn(&mut brightline_docket::NewCase)| {
            let mut case = new_case(&["request"], vec![]);
            change(&mut case);
            let office = office.clone();
            async move {
                let error = office.receive(&officer(), case).await.unwrap_err();
                error.refusal().unwrap().faults[0].place.clone()
            }
        };
        assert_eq!(wrong(|case| case.channel = "pigeon".into()).await, "channel");
        assert_eq!(wrong(|case| case.facility = "x".repeat(201)).await, "facility");
        assert_eq!(wrong(|case| case.asked.on = "soon".into()).await, "on");
        let named = |case: &mut brightline_docket::NewCase| {
            case.documents.insert("scan.pdf".into(), "no digest".into());
        };
        assert_eq!(wrong(named).await, "documents");
        let tabbed = |case: &mut brightline_docket::NewCase| {
            case.subject.as_mut().unwrap().name = "Jane\nDoe".into();
        };
        assert_eq!(wrong(tabbed).await, "subject");
        assert_eq!(office.size().await.unwrap(), 0);
    });
}

#[test]
fn forbidden_facts_are_neither_taken_nor_kept() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let religion = || vec![told("religion", json!(true))];
        let error =
            office.receive(&officer(), new_case(&["request"], religion())).await.unwrap_err();
        let fault = &error.refusal().unwrap().faults[0];
        assert_eq!(fault.place, "facts.religion");
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let seen = (view.reference.as_str(), view.version);
        assert!(office.set_facts(&officer(), seen, religion()).await.is_err());
        assert_eq!(office.size().await.unwrap(), 2, "nothing of the refused was recorded");
    });
}

#[test]
fn a_task_that_is_nearly_due_is_brought_before_the_supervisor_once() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let office = &desk.office;
        let asked_at = told("asked_at", json!("2025-03-04 10:00"));
        office.receive(&officer(), new_case(&["request"], vec![asked_at])).await.unwrap();
        let clock = person("Clock", &[]);
        assert_eq!(office.escalate(&clock).await.unwrap(), 0);
        desk.pass(21);
        assert_eq!(office.escalate(&clock).await.unwrap(), 1);
        assert_eq!(office.escalate(&clock).await.unwrap(), 0);
        let tasks = office.tasks(&officer(), None, None).await.unwrap();
        assert!(tasks[0].is_escalated && tasks.len() == 1);
    });
}

#[test]
fn names_of_officers_stand_in_one_sealed_field_whose_reading_is_recorded() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let seen = (view.reference.as_str(), view.version);
        let view = office.note_officers(&officer(), seen, "Badge 4711").await.unwrap();
        let shown = serde_json::to_string(&view).unwrap();
        assert!(!shown.contains("4711"), "{shown}");
        assert!(office.find(&officer(), "4711", "a test").await.unwrap().items.is_empty());
        let denied =
            office.read_officers(&officer(), &view.reference, "curious").await.unwrap_err();
        assert!(denied.is_forbidden());
        let read = office.read_officers(&counsel(), &view.reference, "a subpoena").await.unwrap();
        assert_eq!(read, "Badge 4711");
        let view = office.case(&counsel(), &view.reference, "a subpoena").await.unwrap();
        let kinds: Vec<&str> = view.timeline.iter().map(|it| it.kind.as_str()).collect();
        assert_eq!(kinds[kinds.len() - 2..], ["officers_read", "read"]);
    });
}

#[test]
fn a_fact_that_can_change_nothing_is_not_recorded() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        // Only the act of measuring looks at the height, and it is not asked for.
        let height = || told("height", json!(70));
        let refused = office.receive(&officer(), new_case(&["request"], vec![height()])).await;
        let message = refused.unwrap_err().to_string();
        assert!(message.contains("`height` can change nothing of what was asked"), "{message}");
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let seen = (view.reference.as_str(), view.version);
        assert!(office.set_facts(&officer(), seen, vec![height()]).await.is_err());
        let mut case = new_case(&["request"], vec![height()]);
        case.asked.acts = Some(vec!["measure".to_owned()]);
        let view = office.receive(&officer(), case).await.unwrap();
        assert!(view.facts.contains_key("height"));
    });
}
