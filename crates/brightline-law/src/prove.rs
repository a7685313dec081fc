//! Proofs: a claim holds for every possible request in every edition, or here is one for which it
//! does not.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::clock::Day;
use crate::diagram::{NodeId, Overflow};
use crate::facts::Facts;
use crate::ir::{AsKnown, Claim, Corpus, Expected, PackId, StatementId};
use crate::law::{Allowed, Answer, Found, Law, Path, Scope, TooLarge, too_large};
use crate::scopes::{Period, distinct_scopes, statements_in};

/// So many paths are tried until one is found that a request takes.
const PATH_COUNT_MAX: usize = 500;

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
    let found = law.counterexample(corpus, &expected.outcomes);
    let found = found.map_err(|overflow| too_large(corpus, scope, overflow))?;
    Ok(found.map(|(facts, outcome)| Counterexample { scope, facts, outcome }))
}

impl Law {
    /// Returns a request with an outcome that is not among the wanted ones, where the first
    /// condition asked for holds (under some reading).
    fn counterexample(
        &mut self,
        corpus: &Corpus,
        wanted: &[Outcome],
    ) -> Result<Option<(Facts, Outcome)>, Overflow> {
        let guard = match self.asked.first() {
            Some(&guard) => self.without_readings(guard)?,
            None => NodeId::TRUE,
        };
        let answers = self.answers.clone();
        let against = |payload: u32| !fits(answers.get(payload), wanted);
        let bad = self.space.diagram.map(self.root, &mut |payload| u32::from(against(payload)))?;
        let mut bad = self.space.diagram.and(bad, guard)?;
        let mut is_sure = true;
        for _ in 0..PATH_COUNT_MAX {
            let Some(path) = self.space.diagram.pick_cube(bad, &|payload| payload == 1) else {
                break;
            };
            let (path, outcome) = self.with_outcome(path, &against);
            let left_aside = match self.request_on(corpus, &path) {
                Found::Request(facts) => return Ok(Some((facts, outcome))),
                Found::Never(tests) => tests,
                Found::Unsure(_) => {
                    is_sure = false;
                    path
                }
            };
            let others = self.outside(&left_aside)?;
            bad = self.space.diagram.and(bad, others)?;
        }
        if is_sure && bad == NodeId::FALSE {
            return Ok(None);
        }
        Err(Overflow { node_count_max: corpus.node_count_max() })
    }

    /// Returns a path with further tests that tell apart the outcomes that are all against the
    /// claim, and the outcome.
    fn with_outcome(&self, path: Path, against: &dyn Fn(u32) -> bool) -> (Path, Outcome) {
        let mut allowed = self.all_allowed();
        narrow(&mut allowed, &path);
        let cube = self.space.diagram.pick_cube_within(self.root, against, &|variable, value| {
            let set = allowed.get(variable.0 as usize);
            set.is_none_or(|set| set >> value & 1 == 1)
        });
        let further = cube.unwrap_or_default();
        narrow(&mut allowed, &further);
        let mut path = path;
        for test in further {
            if !path.contains(&test) {
                path.push(test);
            }
        }
        let outcome = self.outcomes_within(&allowed).first().copied();
        (path, outcome.unwrap_or(Outcome::Unsettled))
    }
}

/// Leaves the variables of a path only the values that it wants.
fn narrow(allowed: &mut [Allowed], path: &Path) {
    for (variable, value) in path {
        if let Some(slot) = allowed.get_mut(variable.0 as usize) {
            *slot = 1 << value;
        }
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

/// A request on which an act can come out as one of these outcomes, in one edition; where there is
/// too much to try, one made as far as it can be.
pub(crate) fn reach(
    corpus: &Corpus,
    law: &mut Law,
    wanted: &[Outcome],
) -> Result<Option<Facts>, Overflow> {
    let answers = law.answers.clone();
    let is_wanted = |payload: u32| {
        let outcome = answers.get(payload).outcome();
        u32::from(outcome.is_some_and(|outcome| wanted.contains(&outcome)))
    };
    let mut rest = law.space.diagram.map(law.root, &mut |payload| is_wanted(payload))?;
    let mut unsure = None;
    for _ in 0..PATH_COUNT_MAX {
        let Some(path) = law.space.diagram.pick_cube(rest, &|payload| payload == 1) else {
            break;
        };
        let left_aside = match law.request_on(corpus, &path) {
            Found::Request(facts) => return Ok(Some(facts)),
            Found::Never(tests) => tests,
            Found::Unsure(facts) => {
                unsure.get_or_insert(facts);
                path
            }
        };
        let others = law.outside(&left_aside)?;
        rest = law.space.diagram.and(rest, others)?;
    }
    Ok(unsure)
}

/// The whole record of a pack.
pub(crate) fn whole_period(corpus: &Corpus, jurisdiction: PackId) -> Period {
    let from = corpus.packs.get(jurisdiction.index()).map_or(Day::MIN, |pack| pack.recorded_from);
    Period { from, until: Day::MAX, known: Day::MAX }
}
