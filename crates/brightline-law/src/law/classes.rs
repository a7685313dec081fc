//! Classes of requests that two laws answer differently, each with a request of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::Law;
use super::atom::{Allowed, Atom};
use super::explain::cost;
use super::path::{Found, Path};
use super::space::Space;
use crate::Outcome;
use crate::diagram::{Forest, NodeId, Overflow, Variable};
use crate::diff::{CLASS_COUNT_MAX, Change};
use crate::facts::Facts;
use crate::ir::{Corpus, FactId, Operand};

/// Terminals of a comparison: no such facts, no change, or the two outcomes.
pub(super) const IMPOSSIBLE: u32 = 0;
pub(super) const UNCHANGED: u32 = 1;
pub(super) const SIDE: u32 = 16;

/// So many paths of one comparison are tried.
const PATH_COUNT_MAX: usize = 4 * CLASS_COUNT_MAX;

/// The comparison, flat.
struct Whole {
    forest: Forest,
    root: NodeId,
}

impl Whole {
    /// Returns the end of all that is possible within the allowed values; none where there are
    /// several, or nothing changes.
    fn changed_end(&self, allowed: &[Allowed]) -> Option<u32> {
        let mut only = None;
        let mut alike = true;
        self.forest.ends(self.root, allowed, |end| {
            if end != IMPOSSIBLE {
                alike = *only.get_or_insert(end) == end;
            }
            alike
        });
        only.filter(|end| alike && *end > UNCHANGED)
    }

    /// Returns whether everything possible within the allowed values ends so.
    fn is_alike(&self, terminal: u32, allowed: &[Allowed]) -> bool {
        let mut alike = true;
        self.forest.ends(self.root, allowed, |end| {
            alike = end == terminal || end == IMPOSSIBLE;
            alike
        });
        alike
    }

    /// Allows one variable all its values, or as many as keep the class together.
    fn widen(
        &self,
        terminal: u32,
        (index, everything): (usize, &[Allowed]),
        allowed: &mut [Allowed],
    ) {
        let (Some(&all), Some(&before)) = (everything.get(index), allowed.get(index)) else {
            return;
        };
        let mut kept = before;
        let single =
            (0..u64::BITS).map(|value| 1u64 << value).filter(|value| value & all & !before != 0);
        for more in std::iter::once(all).chain(single) {
            if kept == all {
                break;
            }
            if let Some(slot) = allowed.get_mut(index) {
                *slot = kept | more;
            }
            if self.is_alike(terminal, allowed) {
                kept |= more;
            }
        }
        if let Some(slot) = allowed.get_mut(index) {
            *slot = kept;
        }
    }
}

fn region(space: &mut Space, allowed: &[Allowed]) -> Result<NodeId, Overflow> {
    let mut made = NodeId::TRUE;
    for (index, set) in allowed.iter().enumerate().rev() {
        if space.atoms.get(index).map(Atom::all) == Some(*set) {
            continue;
        }
        let variable = Variable(u32::try_from(index).unwrap_or(u32::MAX));
        let arity = space.diagram.arity(variable);
        let values: Vec<bool> = (0..arity).map(|value| set >> value & 1 == 1).collect();
        let literal = space.diagram.literal_in(variable, &values)?;
        made = space.diagram.and(made, literal)?;
    }
    Ok(made)
}

fn decoded(code: u32) -> Outcome {
    let place = (code as usize).wrapping_sub(1);
    Outcome::ALL.get(place).copied().unwrap_or(Outcome::Silent)
}

/// Covers all that changes with classes. A path is taken and a request made that goes it; its tests
/// are dropped one by one, the dearest facts first, as long as everything possible changes alike.
///
/// A path that no request goes is left aside, and nothing but that path.
pub(super) struct Classes {
    law: Law,
    whole: Whole,
    everything: Vec<Allowed>,
    /// The variables, those whose facts cost most first.
    order: Vec<usize>,
    /// For each variable, whether the lists or facts that lists are counted by hang on it.
    is_listed: Vec<bool>,
    /// Requests are made up piece by piece, and pieces that many paths share are made once.
    made: BTreeMap<Path, Found>,
}

impl Classes {
    /// Starts with nothing covered. The root of the law ends at [`IMPOSSIBLE`], [`UNCHANGED`] or
    /// two outcomes.
    pub(super) fn of(corpus: &Corpus, law: Law) -> Self {
        let atoms = &law.space.atoms;
        let mut order: Vec<usize> = (0..atoms.len()).collect();
        order.sort_by_key(|index| {
            std::cmp::Reverse(atoms.get(*index).map_or(0, |atom| cost(corpus, atom)))
        });
        Self {
            whole: Whole { forest: Forest::new(&law.space.diagram, &[law.root]), root: law.root },
            everything: atoms.iter().map(Atom::all).collect(),
            order,
            is_listed: listed_variables(&law),
            made: BTreeMap::new(),
            law,
        }
    }

    /// Returns the changes, each with a request that was tried on both laws.
    pub(super) fn changes(mut self, corpus: &Corpus) -> Result<Vec<Change>, Overflow> {
        let mut rest = self.law.root;
        let mut found = Vec::new();
        for _ in 0..PATH_COUNT_MAX {
            let diagram = &self.law.space.diagram;
            let Some(path) = diagram.pick_cube(rest, &|payload| payload > UNCHANGED) else {
                break;
            };
            let mut allowed = self.everything.clone();
            for (variable, value) in &path {
                if let Some(slot) = allowed.get_mut(variable.0 as usize) {
                    *slot = 1 << value;
                }
            }
            let unchanged = self.law.space.diagram.terminal(UNCHANGED);
            let facts = match self.request(corpus, &path) {
                Found::Request(facts) | Found::Unsure(facts) => facts,
                Found::Never(tests) => {
                    let others = self.law.outside(&tests)?;
                    rest = self.law.space.diagram.ite(others, rest, unchanged)?;
                    continue;
                }
            };
            if let Some(terminal) = self.whole.changed_end(&self.law.allowed(corpus, &facts)) {
                for &index in &self.order {
                    self.whole.widen(terminal, (index, &self.everything), &mut allowed);
                }
                found.push(self.change(corpus, (terminal, &allowed), facts));
                if found.len() == CLASS_COUNT_MAX {
                    break;
                }
            }
            let region = region(&mut self.law.space, &allowed)?;
            rest = self.law.space.diagram.ite(region, unchanged, rest)?;
        }
        Ok(found)
    }

    fn change(
        &self,
        corpus: &Corpus,
        (terminal, allowed): (u32, &[Allowed]),
        facts: Facts,
    ) -> Change {
        let space = &self.law.space;
        let mut class = Vec::new();
        let (mut part, mut whole) = (1u128, 1u128);
        for (atom, set) in space.atoms.iter().zip(allowed) {
            if *set == atom.all() {
                continue;
            }
            let values: Vec<u16> = (0..64).filter(|value| set >> value & 1 == 1).collect();
            class.push(super::words::atom(corpus, space, atom, &values));
            whole = whole.saturating_mul(atom.arity() as u128);
            part = part.saturating_mul(values.len() as u128);
        }
        Change {
            agency: self.law.scope.agency,
            act: self.law.scope.act,
            before: decoded(terminal / SIDE),
            after: decoded(terminal % SIDE),
            class,
            facts,
            share_millionths: u64::try_from(part * 1_000_000 / whole.max(1)).unwrap_or(0),
        }
    }

    /// The request of a path: the facts that lists hang on, with the lists, and all others, which
    /// share nothing with them.
    fn request(&mut self, corpus: &Corpus, path: &[(Variable, u16)]) -> Found {
        let is_listed = |variable: &Variable| {
            self.is_listed.get(variable.0 as usize).copied().unwrap_or_default()
        };
        let (listed, plain): (Path, Path) = path.iter().partition(|(on, _)| is_listed(on));
        let law = &self.law;
        let made = self.made.entry(listed);
        let with_lists = made.or_insert_with_key(|listed| law.request_on(corpus, listed));
        let with_lists = match with_lists {
            Found::Request(facts) | Found::Unsure(facts) => facts,
            Found::Never(tests) => return Found::Never(tests.clone()),
        };
        let mut found = law.request_on(corpus, &plain);
        if let Found::Request(facts) | Found::Unsure(facts) = &mut found {
            for (slot, value) in facts.values.iter_mut().zip(&with_lists.values) {
                if value.is_known() {
                    *slot = *value;
                }
            }
            facts.lists.clone_from(&with_lists.lists);
        }
        found
    }
}

/// The variables that count records, and all that have to do, over however many steps, with a fact
/// that records are counted by.
fn listed_variables(law: &Law) -> Vec<bool> {
    let facts_of = |atom: &Atom| -> Vec<FactId> {
        let facts = atom.operands().into_iter().filter_map(|operand| match operand {
            Operand::Fact(fact) => Some(fact),
            _ => None,
        });
        facts.collect()
    };
    let inner = law.rolls.iter().flat_map(|roll| &roll.space.atoms);
    let mut linked: BTreeSet<FactId> = inner.flat_map(facts_of).collect();
    let mut is_listed: Vec<bool> =
        law.space.atoms.iter().map(|atom| matches!(atom, Atom::Count(..))).collect();
    let mut grows = true;
    while grows {
        grows = false;
        for (slot, atom) in is_listed.iter_mut().zip(&law.space.atoms) {
            let facts = facts_of(atom);
            if !*slot && facts.iter().any(|fact| linked.contains(fact)) {
                *slot = true;
                linked.extend(facts);
                grows = true;
            }
        }
    }
    is_listed
}
