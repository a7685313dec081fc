//! Duties that an act begins, or that a fact would: when they are due, and what says that they are
//! not.

use brightline_docket::{
    ActDone, CaseView, Did, Dropped, Event, Office, Readable, Reopening, Stage, TaskView,
};
use serde_json::json;

use crate::desk::{Desk, counsel, found, new_case, officer, person, told};
use crate::places::on_both;

fn done(act: &str, did: Did) -> ActDone {
    ActDone {
        act: act.into(),
        did,
        how: "so".into(),
        when: "2025-03-04 18:00".into(),
        note: String::new(),
    }
}

fn task<'v>(view: &'v CaseView, name: &str) -> &'v TaskView {
    view.tasks.iter().find(|it| it.task.ends_with(name)).expect("the task")
}

async fn recorded(office: &Office, view: &CaseView, did: Did) -> CaseView {
    let acts = vec![done("keep", Did::Refrained), done("tell", did)];
    office.record_acts(&officer(), (&view.reference, view.version), acts).await.unwrap()
}

async fn ticked(office: &Office, view: CaseView, name: &str) -> CaseView {
    let task = task(&view, name).task.clone();
    let seen = (view.reference.as_str(), view.version);
    office.complete_duty(&officer(), seen, task, "receipt".into()).await.unwrap()
}

async fn closed(office: &Office, view: &CaseView) -> Result<CaseView, brightline_docket::Error> {
    office.close(&officer(), (&view.reference, view.version), "done".into()).await
}

#[test]
fn a_duty_that_an_act_begins_is_not_due_where_the_act_was_not_done() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let begun = task(&view, "tell_person");
        assert_eq!((begun.after_act.as_deref(), begun.is_certain), (Some("tell"), true));
        assert!(begun.is_open(), "nobody said yet whether the act was done");

        let view = recorded(&office, &view, Did::Refrained).await;
        let dropped = task(&view, "tell_person");
        assert_eq!((dropped.stage(), dropped.dropped), ("dropped", Some(Dropped::ActNotDone)));
        let counted = task(&view, "log_telling");
        assert_eq!(counted.dropped, Some(Dropped::ActNotDone), "its time runs from the act");
        assert!(task(&view, "give_copy").is_open(), "it is owed whatever is done");
        assert!(closed(&office, &view).await.unwrap_err().is_conflict());
        let view = ticked(&office, view, "give_copy").await;
        assert_eq!(closed(&office, &view).await.unwrap().stage, Stage::Closed);
    });
}

#[test]
fn a_duty_that_an_act_begins_is_due_once_the_act_was_done() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let view = recorded(&office, &view, Did::Done).await;
        assert!(task(&view, "tell_person").is_open());
        let view = ticked(&office, view, "give_copy").await;
        let view = ticked(&office, view, "log_telling").await;
        assert!(closed(&office, &view).await.unwrap_err().is_conflict(), "one is still owed");
        let view = ticked(&office, view, "tell_person").await;
        assert_eq!(closed(&office, &view).await.unwrap().stage, Stage::Closed);
    });
}

#[test]
fn what_is_recorded_last_of_an_act_counts_and_taking_the_case_up_begins_anew() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        let view = recorded(&office, &view, Did::Refrained).await;
        let seen = (view.reference.as_str(), view.version);
        // The law is applied again: what the act did not begin stays as it was.
        let asked_at = told("asked_at", json!("2025-03-04 10:00"));
        let view = office.set_facts(&officer(), seen, vec![asked_at]).await.unwrap();
        assert_eq!(task(&view, "tell_person").dropped, Some(Dropped::ActNotDone));
        let seen = (view.reference.as_str(), view.version);
        let after = done("tell", Did::Done);
        let view = office.record_act(&officer(), seen, after).await.unwrap();
        assert!(task(&view, "tell_person").is_open());
        let seen = (view.reference.as_str(), view.version);
        let view = office.record_act(&officer(), seen, done("tell", Did::Refrained)).await.unwrap();
        assert!(!task(&view, "tell_person").is_open());
        let seen = (view.reference.as_str(), view.version);
        let again = Reopening::NewFacts;
        let view = office.reopen(&officer(), seen, again, "it was told".into()).await.unwrap();
        assert!(task(&view, "tell_person").is_open(), "every act has to be recorded again");
    });
}

#[test]
fn what_depends_on_a_fact_that_nobody_found_is_said_not_to_be_due_when_the_case_is_closed() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
        assert!(!task(&view, "report_danger").is_certain);
        let view = recorded(&office, &view, Did::Refrained).await;
        assert!(task(&view, "report_danger").is_open(), "no act says whether the person is");
        let view = ticked(&office, view, "give_copy").await;
        let named = task(&view, "report_danger").task.clone();
        let view = closed(&office, &view).await.unwrap();
        let lapsed = task(&view, "report_danger");
        assert_eq!((lapsed.stage(), lapsed.dropped), ("dropped", Some(Dropped::NotComeTo)));
        let auditor = person("Audit", &["auditor"]);
        let entries = office.inspect(&auditor, 0, 100).await.unwrap();
        let said = entries.into_iter().find_map(|it| match it.body {
            Readable::Whole(entry) => match entry.event {
                Event::Closed { not_due, .. } => Some(not_due),
                _ => None,
            },
            _ => None,
        });
        assert_eq!(said, Some(vec![named]), "the entry itself names what is not due");

        let seen = (view.reference.as_str(), view.version);
        let again = Reopening::NewFacts;
        let view = office.reopen(&officer(), seen, again, "found".into()).await.unwrap();
        assert!(task(&view, "report_danger").is_open());
        let seen = (view.reference.as_str(), view.version);
        let view =
            office.set_facts(&counsel(), seen, vec![found("dangerous", true)]).await.unwrap();
        assert!(task(&view, "report_danger").is_certain);
        let view = recorded(&office, &view, Did::Refrained).await;
        assert!(closed(&office, &view).await.unwrap_err().is_conflict(), "now it is owed");
    });
}
