//! A smallest set of facts that forces the outcome together, where none of the law's questions is
//! settled by itself: a date compared with another of which nothing is known, a record of which
//! some fields are unknown.
//!
//! Facts and lists are dropped whole, the dearest first, as long as the outcome stands.

use super::Law;
use super::atom::Atom;
use super::sentence::{self, Answer};
use crate::Outcome;
use crate::determination::Reason;
use crate::facts::{Facts, List, Listed, Value};
use crate::facts_text::value_text;
use crate::ir::{Corpus, FactId, Operand, RecordId};

/// What can be dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Fact(FactId),
    List(RecordId),
}

impl Law {
    /// Returns the facts that force the outcome together.
    pub(super) fn reasons_together(
        &self,
        corpus: &Corpus,
        facts: &Facts,
        outcome: Outcome,
        presumed: &[FactId],
    ) -> Vec<Reason> {
        let mut known = self.known(facts);
        let mut kept = Facts::unknown(corpus);
        for one in &known {
            put(&mut kept, *one, facts);
        }
        known.sort_by_key(|one| std::cmp::Reverse(minutes(corpus, *one)));
        let mut left = Vec::new();
        for one in known {
            let mut fewer = kept.clone();
            put(&mut fewer, one, &Facts::unknown(corpus));
            if self.possible_as_given(corpus, &fewer) == [outcome] {
                kept = fewer;
            } else {
                left.push(one);
            }
        }
        left.into_iter().filter_map(|one| reason(corpus, facts, one, presumed)).collect()
    }

    /// What is known of what the law looks at.
    fn known(&self, facts: &Facts) -> Vec<Known> {
        let mut known = Vec::new();
        let inner = self.rolls.iter().flat_map(|roll| &roll.space.atoms);
        for operand in self.space.atoms.iter().chain(inner).flat_map(Atom::operands) {
            if let Operand::Fact(fact) = operand
                && facts.value(fact).is_known()
                && !known.contains(&Known::Fact(fact))
            {
                known.push(Known::Fact(fact));
            }
        }
        let records = self.rolls.iter().map(|roll| roll.record);
        let is_listed =
            |record: &RecordId| facts.list(*record).is_some_and(|it| it.listed != Listed::Unknown);
        known.extend(records.filter(is_listed).map(Known::List));
        known
    }
}

/// Takes one fact or list from other facts.
fn put(facts: &mut Facts, known: Known, from: &Facts) {
    match known {
        Known::Fact(fact) => facts.set(fact, from.value(fact)),
        Known::List(record) => {
            let list = from.list(record).cloned();
            if let (Some(slot), Some(list)) = (facts.lists.get_mut(record.index()), list) {
                *slot = list;
            }
        }
    }
}

fn minutes(corpus: &Corpus, known: Known) -> u32 {
    let found = match known {
        Known::Fact(fact) => corpus.facts.get(fact.index()).map(|fact| fact.cost),
        Known::List(record) => corpus.records.get(record.index()).map(|record| record.cost),
    };
    found.unwrap_or(0)
}

fn reason(corpus: &Corpus, facts: &Facts, known: Known, presumed: &[FactId]) -> Option<Reason> {
    Some(match known {
        Known::Fact(id) => {
            let fact = corpus.facts.get(id.index())?;
            let value: Value = facts.value(id);
            let name = sentence::name(corpus, Operand::Fact(id));
            let sentence = match value {
                Value::Bool(true) => sentence::answer(corpus, Operand::Fact(id), Answer::Yes),
                Value::Bool(false) => sentence::answer(corpus, Operand::Fact(id), Answer::No),
                _ => format!("{name}: {}", value_text(corpus, fact, value)),
            };
            Reason { fact: fact.name.clone(), sentence, presumed: presumed.contains(&id) }
        }
        Known::List(id) => {
            let plural = &corpus.records.get(id.index())?.plural;
            let List { listed, rows } = facts.list(id)?;
            let count = match (listed, rows.len()) {
                (Listed::Whole, 0) => "none".to_owned(),
                (Listed::Whole, count) => format!("{count}, as listed"),
                (_, count) => format!("{count} listed, there may be more"),
            };
            let sentence = format!("{}: {count}", sentence::spaced(plural));
            Reason { fact: plural.clone(), sentence, presumed: false }
        }
    })
}
