//! Where each reading of the unsettled points leads.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Law;
use super::atom::{Allowed, Atom};
use super::sentence;
use crate::Outcome;
use crate::determination::{ReadingOutcome, TakenReading};
use crate::diagram::NodeId;
use crate::ir::{Corpus, UnsettledId};

/// So many combinations of readings are told apart; more are not shown to anybody's good.
const WAY_COUNT_MAX: usize = 64;

/// Readings taken and the outcome that they lead to.
pub(super) type Way = (Vec<(UnsettledId, u16)>, Outcome);

/// The ways from the nodes gone through.
type Done = BTreeMap<NodeId, Rc<BTreeSet<Way>>>;

impl Law {
    /// Returns where each combination of readings leads, within the allowed values, sorted.
    pub(super) fn ways_within(&self, allowed: &[Allowed]) -> Vec<Way> {
        self.ways(self.unread, allowed, &mut Done::new()).iter().cloned().collect()
    }

    fn ways(&self, node: NodeId, allowed: &[Allowed], done: &mut Done) -> Rc<BTreeSet<Way>> {
        let node = self.follow(node, allowed);
        if let Some(ways) = done.get(&node) {
            return Rc::clone(ways);
        }
        let mut ways = BTreeSet::new();
        match self.space.diagram.test(node) {
            None => {
                let payload = self.space.diagram.payload(node).unwrap_or(0);
                let outcome = self.answers.get(payload).outcome();
                ways.extend(outcome.map(|outcome| (Vec::new(), outcome)));
            }
            Some((variable, children)) => {
                let set = allowed.get(variable.0 as usize).copied().unwrap_or(Allowed::MAX);
                let point = match self.space.atom(variable) {
                    Some(Atom::Reading(point, _)) => Some(*point),
                    _ => None,
                };
                let mut below: Vec<(u16, Rc<BTreeSet<Way>>)> = Vec::new();
                for (value, child) in (0u16..).zip(children) {
                    if set >> value & 1 == 1 {
                        below.push((value, self.ways(*child, allowed, done)));
                    }
                }
                let alike = below.windows(2).all(|pair| matches!(pair, [a, b] if a.1 == b.1));
                for (value, inner) in &below {
                    for (readings, outcome) in inner.iter() {
                        if ways.len() >= WAY_COUNT_MAX {
                            break;
                        }
                        let own = point.filter(|_| !alike).map(|point| (point, *value));
                        let readings = own.into_iter().chain(readings.iter().copied());
                        ways.insert((readings.collect(), *outcome));
                    }
                }
            }
        }
        let ways = Rc::new(ways);
        done.insert(node, Rc::clone(&ways));
        ways
    }

    /// Goes on from a node as long as one way is left.
    fn follow(&self, mut node: NodeId, allowed: &[Allowed]) -> NodeId {
        while let Some((variable, children)) = self.space.diagram.test(node)
            && let Some(set) = allowed.get(variable.0 as usize)
            && set.count_ones() == 1
            && let Some(child) = children.get(set.trailing_zeros() as usize)
        {
            node = *child;
        }
        node
    }
}

/// Puts into words where each combination of readings leads.
pub(super) fn reading_outcomes(corpus: &Corpus, ways: &[Way]) -> Vec<ReadingOutcome> {
    let shown = ways.iter().map(|(readings, outcome)| {
        let safe = readings.iter().all(|(point, reading)| {
            let point = corpus.unsettled.get(point.index());
            point.is_some_and(|point| point.safe == Some(usize::from(*reading)))
        });
        let taken = readings.iter().filter_map(|(p, r)| taken_reading(corpus, *p, *r));
        ReadingOutcome { readings: taken.collect(), outcome: *outcome, safe }
    });
    shown.collect()
}

pub(super) fn taken_reading(
    corpus: &Corpus,
    point: UnsettledId,
    reading: u16,
) -> Option<TakenReading> {
    let unsettled = corpus.unsettled.get(point.index())?;
    let provision = corpus.provisions.get(unsettled.provision.index())?;
    let (name, words) = unsettled.readings.get(usize::from(reading))?;
    Some(TakenReading {
        id: provision.id.clone(),
        citation: provision.citation.clone(),
        question: unsettled.question.clone(),
        reading: if words.is_empty() { sentence::spaced(name) } else { words.clone() },
    })
}
