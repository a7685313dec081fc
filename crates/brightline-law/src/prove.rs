//! Proofs: a claim holds for every possible request in every edition, or here is one for which it
//! does not.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::clock::Day;
use crate::diagram::Overflow;
use crate::facts::Facts;
use crate::ir::{AsKnown, Claim, Corpus, Expected, PackId, StatementId};
use crate::law::{Answer, Law, Scope, TooLarge, too_large};
use crate::scopes::{Period, distinct_scopes, statements_in};

/// A request for which a claim fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// Agency, act and day.
    pub scope: Scope,
    /// The facts; what they leave unknown does not matter.
    pub facts: Facts,
    /// What the law says instead.
    pub outcome: Outcome,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// It holds; so many laws (agency, act, edition) were searched whole.
    Holds {
        /// How many.
        law_count: usize,
    },
    /// It fails, at least for this request.
    Fails(Box<Counterexample>),
    /// A law was too large to search.
    TooLarge(TooLarge),
}

/// Proves a claim, or finds a request for which it fails.
#[must_use]
pub fn prove(corpus: &Corpus, claim: &Claim) -> Proof {
    let mut law_count = 0;
    let period = Period { from: claim.from, until: claim.until, known: claim.known };
    for expected in &claim.statements {
        let asked = [&expected.condition];
        // Agencies and acts that the same statements bind have the same law.
        let mut proved: BTreeSet<(AsKnown, Vec<StatementId>)> = BTreeSet::new();
        for &agency in &expected.agencies {
            for &act in &expected.acts {
                for scope in distinct_scopes(corpus, claim.pack, (agency, act), period, &asked) {
                    law_count += 1;
                    if !proved.insert((scope.at, statements_in(corpus, scope))) {
                        continue;
                    }
                    match prove_in(corpus, scope, expected) {
                        Ok(None) => {}
                        Ok(Some(found)) => return Proof::Fails(Box::new(found)),
                        Err(large) => return Proof::TooLarge(large),
                    }
                }
            }
        }
    }
    Proof::Holds { law_count }
}

/// Searches one law for a request that meets the condition and has another outcome.
fn prove_in(
    corpus: &Corpus,
    scope: Scope,
    expected: &Expected,
) -> Result<Option<Counterexample>, TooLarge> {
    let mut law = Law::compile_asking(corpus, scope, &[&expected.condition])?;
    let path = law.counter_path(&expected.outcomes);
    let path = path.map_err(|overflow| too_large(corpus, scope, overflow))?;
    let Some((path, outcome)) = path else {
        return Ok(None);
    };
    let facts = law.facts_on_path(corpus, &path);
    Ok(Some(Counterexample { scope, facts, outcome }))
}

/// A path of tests.
pub(crate) type Path = Vec<(crate::diagram::Variable, u16)>;

impl Law {
    /// Returns a path to an outcome that is not among the wanted ones, where the first condition
    /// asked for holds (under some reading).
    fn counter_path(&mut self, wanted: &[Outcome]) -> Result<Option<(Path, Outcome)>, Overflow> {
        let guard = match self.asked.first() {
            Some(&guard) => self.without_readings(guard)?,
            None => crate::diagram::NodeId::TRUE,
        };
        let answers = self.answers.clone();
        let bad = self
            .space
            .diagram
            .map(self.root, &mut |payload| u32::from(!fits(answers.get(payload), wanted)))?;
        let bad = self.space.diagram.and(bad, guard)?;
        let Some(path) = self.space.diagram.pick_cube(bad, &|payload| payload == 1) else {
            return Ok(None);
        };
        let mut allowed = self.all_allowed();
        for (variable, value) in &path {
            if let Some(slot) = allowed.get_mut(variable.0 as usize) {
                *slot = 1 << value;
            }
        }
        // Further tests tell apart the outcomes that are all against the claim.
        let against = |payload: u32| payload != 0 && !fits(answers.get(payload), wanted);
        let further = self
            .space
            .diagram
            .pick_cube_within(self.root, &against, &|variable, value| {
                let set = allowed.get(variable.0 as usize);
                set.is_none_or(|set| set >> value & 1 == 1)
            })
            .unwrap_or_default();
        let mut path = path;
        path.extend(
            further.iter().filter(|test| !path.contains(test)).copied().collect::<Vec<_>>(),
        );
        for (variable, value) in &further {
            if let Some(slot) = allowed.get_mut(variable.0 as usize) {
                *slot = 1 << value;
            }
        }
        let outcome = self.outcomes_within(&allowed).first().copied();
        Ok(Some((path, outcome.unwrap_or(Outcome::Unsettled))))
    }
}

fn fits(answer: &Answer, wanted: &[Outcome]) -> bool {
    match answer {
        Answer::Impossible => true,
        Answer::Settled(outcome, _) => wanted.contains(outcome),
        Answer::Unsettled(ways) => {
            wanted.contains(&Outcome::Unsettled)
                || ways.iter().all(|outcome| wanted.contains(outcome))
        }
    }
}

/// A request on which an act can come out as one of these outcomes, in one edition.
pub(crate) fn reach(corpus: &Corpus, law: &Law, wanted: &[Outcome]) -> Option<Facts> {
    let path = law.space.diagram.pick_cube(law.root, &|payload| {
        law.answers.get(payload).outcome().is_some_and(|outcome| wanted.contains(&outcome))
    })?;
    Some(law.facts_on_path(corpus, &path))
}

/// The whole record of a pack.
pub(crate) fn whole_period(corpus: &Corpus, jurisdiction: PackId) -> Period {
    let from = corpus.packs.get(jurisdiction.index()).map_or(Day::MIN, |pack| pack.recorded_from);
    Period { from, until: Day::MAX, known: Day::MAX }
}
