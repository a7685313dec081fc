//! The facts that an explanation names force the outcome by themselves.

use brightline_law::facts::Facts;
use brightline_law::{Law, Outcome};

use crate::bytes::Choices;
use crate::made;

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
    let Ok(law) = Law::compile(&made.corpus, made.scope) else {
        return;
    };
    let found = law.determine(&made.corpus, &facts);
    if found.outcome == Outcome::Open {
        return;
    }
    let named: Vec<&str> = found.reasons.iter().flat_map(|it| it.fact.split(", ")).collect();
    let mut kept = Facts::unknown(&made.corpus);
    for (index, fact) in made.corpus.facts.iter().enumerate() {
        if named.contains(&fact.name.as_str()) {
            kept.values[index] = facts.values[index];
        }
    }
    if named.iter().any(|name| name.starts_with("entries")) {
        kept.lists.clone_from(&facts.lists);
    }
    let again = law.determine(&made.corpus, &kept);
    assert_eq!(again.outcome, found.outcome, "{}\n{facts:?}\n{:?}", made.text, found.reasons);
}
