//! The clock of a case: by when what is asked for has to end, in the case and in the lists.

use brightline_docket::{ActDone, CaseView, Did, Ends, Filter, NewCase};
use serde_json::json;

use crate::desk::{Desk, HOUR, MORNING, new_case, officer, told};
use crate::places::on_both;

fn ends(view: &CaseView) -> (Ends, Option<String>) {
    let ending = view.ending().expect("the answer has a clock");
    assert_eq!((ending.act.as_str(), ending.from.as_str()), ("keep", "out_at"));
    (ending.ends, ending.by)
}

fn of_shelter(mut case: NewCase) -> NewCase {
    case.asked.agency = "shelter".into();
    case
}

#[test]
fn what_is_forbidden_past_a_time_is_due_at_that_time_until_it_is_done_with() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let view = office.receive(&officer(), new_case(&["request"], Vec::new())).await.unwrap();
        assert_eq!(ends(&view), (Ends::Must, None), "nobody knows the time yet");
        assert_eq!(view.due_at(), None);

        let out_at = told("out_at", json!("2025-03-04 14:30"));
        let seen = (view.reference.as_str(), view.version);
        let view = office.set_facts(&officer(), seen, vec![out_at]).await.unwrap();
        assert_eq!(ends(&view), (Ends::Must, Some("2025-03-04 14:30".into())));
        // The morning is ten o'clock there.
        let half_past_two = MORNING + 4 * HOUR + HOUR / 2;
        assert_eq!(view.due_at(), Some(half_past_two));
        let listed = office.list(&officer(), &Filter::default(), None).await.unwrap();
        assert_eq!(listed.items[0].due_at, Some(half_past_two));

        let seen = (view.reference.as_str(), view.version);
        let refrained = ActDone {
            act: "keep".into(),
            did: Did::Refrained,
            how: "released".into(),
            when: "2025-03-04 14:00".into(),
            note: String::new(),
        };
        let view = office.record_act(&officer(), seen, refrained).await.unwrap();
        assert_eq!(view.due_at(), None, "what is done with is no longer due");
    });
}

#[test]
fn what_is_allowed_for_a_while_ends_with_its_limit_and_else_has_no_end() {
    on_both(|place| async move {
        let Desk { office, .. } = Desk::open(&place).await;
        let out_at = || vec![told("out_at", json!("2025-03-04 14:30"))];
        let case = new_case(&["request", "warrant"], out_at());
        let view = office.receive(&officer(), case).await.unwrap();
        assert_eq!(ends(&view), (Ends::Unlimited, Some("2025-03-04 14:30".into())));

        let mut actor = officer();
        actor.agencies = std::iter::once("zz-office/shelter".to_owned()).collect();
        let case = of_shelter(new_case(&["request", "warrant"], out_at()));
        let view = office.receive(&actor, case).await.unwrap();
        assert_eq!(ends(&view), (Ends::Must, Some("2025-03-06 14:30".into())));
    });
}
