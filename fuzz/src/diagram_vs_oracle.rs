//! What the diagram says is what a direct reading of the law says, and what it asks can matter.

use brightline_law::determination::Slot;
use brightline_law::facts::Value;
use brightline_law::{Law, Outcome};

use crate::bytes::Choices;
use crate::{made, oracle};

/// Checks one input.
pub fn run(bytes: &[u8]) {
    check(bytes, false);
}

/// Checks one input as a law in which unknowns are compared with each other.
pub fn run_coupled(bytes: &[u8]) {
    check(bytes, true);
}

fn check(bytes: &[u8], coupled: bool) {
    let mut choices = Choices::new(bytes);
    let Some(made) = made::law(&mut choices, coupled) else {
        return;
    };
    let facts = made::facts(&mut choices, &made);
    let Some(possible) = oracle::possible(&made.corpus, made.scope, &facts) else {
        return;
    };
    let Ok(law) = Law::compile(&made.corpus, made.scope) else {
        return;
    };
    let found = law.determine(&made.corpus, &facts);
    let expected: Vec<Outcome> = possible.into_iter().collect();
    assert_eq!(found.possible, expected, "{}\n{facts:?}", made.text);
    let open = expected.len() > 1;
    assert_eq!(found.outcome == Outcome::Open, open, "{}\n{facts:?}", made.text);
    // Where every way is unsettled, a question may still change between what.
    let unsettled = found.outcome == Outcome::Unsettled;
    let asks = !found.questions.is_empty();
    assert!(asks == open || asks && unsettled, "{}\n{facts:?}", made.text);
    for question in &found.questions {
        let Slot::Fact(fact) = question.slot else {
            continue;
        };
        assert_eq!(facts.value(fact), Value::Unknown, "asked though known: {}", question.path);
    }
    if let Some(outcome) = law.decide(&made.corpus, &facts) {
        assert_eq!(outcome, found.outcome, "{}\n{facts:?}", made.text);
    }
}
