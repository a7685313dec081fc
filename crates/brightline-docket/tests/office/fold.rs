//! Whatever order of events is allowed, the state that follows keeps its promises.

use std::sync::Arc;

use brightline_desk::{Library, Packs};
use brightline_docket::{
    Actor, CaseView, Departure, Did, Entry, Event, OfficeRules, Reopening, Stage,
};
use proptest::prelude::*;
use serde_json::json;

use crate::desk::{RULES, asked, fact, pack_files, person, told};

#[derive(Debug, Clone)]
enum Step {
    Warrant(bool, u8),
    Dangerous(bool),
    Propose,
    Sign,
    SendBack,
    Override(&'static str),
    Act(&'static str, bool),
    TaskDone,
    Reopen,
    Close,
    Read,
}

fn steps() -> impl Strategy<Value = Vec<(u8, Step)>> {
    let act = prop_oneof![Just("keep"), Just("tell")];
    let step = prop_oneof![
        (any::<bool>(), 0..3_u8).prop_map(|(value, source)| Step::Warrant(value, source)),
        any::<bool>().prop_map(Step::Dangerous),
        Just(Step::Propose),
        Just(Step::Propose),
        Just(Step::Sign),
        Just(Step::Sign),
        Just(Step::SendBack),
        act.clone().prop_map(Step::Override),
        (act, any::<bool>()).prop_map(|(act, did)| Step::Act(act, did)),
        Just(Step::TaskDone),
        Just(Step::Reopen),
        Just(Step::Close),
        Just(Step::Read),
    ];
    proptest::collection::vec((0..4_u8, step), 1..40)
}

/// Four accounts of three people: the last two are one person.
fn actor(number: u8) -> Actor {
    let mut actor = match number {
        0 => person("Osei", &["custody_officer"]),
        1 => person("Lindqvist", &["counsel"]),
        2 => person("Abara", &["counsel"]),
        _ => person("Abara2", &["counsel"]),
    };
    if number == 3 {
        actor.person = "person-abara".into();
    }
    actor
}

fn event(view: &CaseView, rules: &OfficeRules, step: &Step) -> Event {
    let determination = view.decided.as_ref().map_or(0, |it| it.determination);
    match step {
        Step::Warrant(value, source) => {
            let source = brightline_docket::Evidence::System(format!("book {source}"));
            Event::FactsSet { facts: vec![fact("warrant", json!(value), source)] }
        }
        Step::Dangerous(value) => {
            let value = json!({"value": value, "by": "counsel", "reason": "weighed"});
            Event::FactsSet { facts: vec![told("dangerous", value)] }
        }
        Step::Propose => Event::Proposed { determination },
        Step::Sign => Event::Signed { determination },
        Step::SendBack => Event::SentBack { determination, note: "again".into() },
        Step::Override(act) => Event::Overridden {
            act: (*act).into(),
            outcome: "permitted".into(),
            reason: "a reason".into(),
            citation: "a citation".into(),
        },
        Step::Act(act, did) => {
            let did = if *did { Did::Done } else { Did::Refrained };
            let standing = view.acts().into_iter().find(|it| it.act == *act).unwrap();
            Event::Done {
                act: (*act).into(),
                did,
                how: "so".into(),
                when: "2025-03-04 18:00".into(),
                note: String::new(),
                departs: rules.departures(view, &standing, did),
                outcome: standing.outcome,
            }
        }
        Step::TaskDone => {
            let task = view.tasks.first().map(|it| it.task.clone()).unwrap_or_default();
            Event::TaskDone { task, evidence: "receipt".into() }
        }
        Step::Reopen => Event::Reopened { why: Reopening::NewFacts, note: "new".into() },
        Step::Close => {
            let left = view.tasks.iter().filter(|task| task.is_open() && !task.is_certain);
            let not_due = left.map(|task| task.task.clone()).collect();
            Event::Closed { note: "done".into(), not_due }
        }
        Step::Read => Event::Read { why: "a look".into() },
    }
}

fn entry(number: u64, actor: &Actor, event: Event) -> Entry {
    let at = i64::try_from(number).unwrap();
    Entry { case: "JAIL-1".into(), number, at, by: actor.stamp(), event, salt: String::new() }
}

fn require_promises(view: &CaseView, entries: &[Entry]) {
    assert_eq!(CaseView::of(entries).as_ref(), Some(view), "the state follows from the entries");
    assert_eq!(view.timeline.len(), entries.len());
    if let Some(signature) = &view.signature {
        let proposal = view.proposal.as_ref().expect("what is signed was put forward");
        assert_ne!(proposal.by.person, signature.by.person, "two people");
        assert!(signature.by.roles.contains(&"counsel".to_owned()));
        assert_eq!(signature.determination, view.decided.as_ref().unwrap().determination);
        assert!(proposal.returned.is_none());
    }
    for fact in view.facts.values() {
        let unknown = fact.value.get("unknown") == Some(&json!("conflicting"));
        assert_eq!(fact.is_conflicting, unknown);
    }
    for done in &view.done {
        let against = match done.did {
            Did::Done => matches!(done.outcome.as_str(), "prohibited" | "no_authority"),
            Did::Refrained => done.outcome == "required",
        };
        assert_eq!(against, done.departs.contains(&Departure::AgainstOutcome));
    }
    let recorded = entries.iter().filter(|it| it.event.kind() == "done").count();
    assert_eq!(view.done.len(), recorded, "nothing that was done is forgotten");
    let overrides = entries.iter().filter(|it| it.event.kind() == "overridden").count();
    assert_eq!(view.overrides.len(), overrides);
    for task in &view.tasks {
        assert_eq!(task.is_dropped, task.dropped.is_some());
    }
    if view.stage == Stage::Closed {
        assert!(view.acts().iter().all(|act| act.is_done));
        assert!(view.tasks.iter().all(|task| !task.is_open()));
    }
}

fn determined(library: &Library, view: &CaseView) -> Event {
    let response = Arc::new(library.answer(&view.request()).unwrap());
    let zone = "America/New_York".into();
    Event::Determined { program: "0".into(), zone, response, clock: None }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_allowed_leads_to_a_state_that_keeps_its_promises(steps in steps()) {
        let library = Library::open(Packs::from_files(&pack_files()).unwrap());
        let rules = OfficeRules::parse(RULES).unwrap();
        let mut request = asked(&["request"]);
        request.papers = None;
        request.acts = Some(vec!["keep".into(), "tell".into()]);
        let received = Event::Received {
            asked: request,
            subject: None,
            channel: "form".into(),
            facility: "north".into(),
            documents: Default::default(),
        };
        let mut entries = vec![entry(1, &actor(0), received)];
        let mut view = CaseView::begin(&entries[0]).unwrap();
        let mut add = |view: &mut CaseView, actor: &Actor, event: Event| {
            let added = entry(entries.len() as u64 + 1, actor, event);
            view.apply(&added);
            entries.push(added);
            require_promises(view, &entries);
        };
        let first = determined(&library, &view);
        add(&mut view, &actor(0), first);
        for (number, step) in &steps {
            let actor = actor(*number);
            let event = event(&view, &rules, step);
            if rules.allow(&view, &actor, &event).is_err() {
                continue;
            }
            let decides = event.kind() == "facts_set";
            add(&mut view, &actor, event);
            if decides {
                let answer = determined(&library, &view);
                add(&mut view, &actor, answer);
            }
        }
    }
}
