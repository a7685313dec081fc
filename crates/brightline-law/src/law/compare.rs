//! Two laws in one space, so that where they differ is one diagram.

use super::atom::{Allowed, Atom, Context};
use super::effects::{self, Answers};
use super::explain::cost;
use super::formula::Formula;
use super::members::Members;
use super::roll::Roll;
use super::space::Space;
use super::{Law, NODE_COUNT_MAX, Scope, TooLarge};
use crate::Outcome;
use crate::diagram::{Diagram, Flat, NodeId, Overflow, Variable};
use crate::diff::{CLASS_COUNT_MAX, Change};
use crate::facts::Listed;
use crate::ir::{Corpus, StatementId};

type Lowered = Vec<(StatementId, Formula, Formula)>;

/// Returns the classes of requests on which two laws of one agency and act differ.
pub(crate) fn diff_laws(
    corpus: &Corpus,
    (first, second): (Scope, Scope),
    (before, after): (&[String], &[String]),
) -> Result<Vec<Change>, TooLarge> {
    let without = |scope: Scope, names: &[String]| -> Lowered {
        let mut lowered = effects::lower(corpus, scope);
        lowered.retain(|(id, ..)| !is_left_out(corpus, *id, names));
        lowered
    };
    let (lowered_before, lowered_after) = (without(first, before), without(second, after));
    let made = compare(corpus, (first, second), &lowered_before, &lowered_after);
    made.map_err(|overflow| super::too_large(corpus, second, overflow))
}

fn is_left_out(corpus: &Corpus, id: StatementId, names: &[String]) -> bool {
    let statement = corpus.statements.get(id.index());
    let provision = statement.and_then(|s| corpus.provisions.get(s.provision.index()));
    let section = provision.and_then(|provision| corpus.sections.get(provision.section.index()));
    section.is_some_and(|section| {
        names.iter().any(|name| {
            *name == section.short
                || *name == section.citation
                || section.enacted_by.as_ref() == Some(name)
        })
    })
}

fn compare(
    corpus: &Corpus,
    (first, second): (Scope, Scope),
    before: &Lowered,
    after: &Lowered,
) -> Result<Vec<Change>, Overflow> {
    // One request for both days: its records are not later than either.
    let mut members = Members::on(corpus, second.at.on);
    members.end_on(first.at.on);
    let context = Context { corpus, members: &members };
    let mut formulas: Vec<&Formula> = Vec::new();
    for (_, formula, read) in before.iter().chain(after) {
        formulas.extend([formula, read]);
    }
    let mut space = Space::of(&context, &formulas, NODE_COUNT_MAX)?;
    let rolls = Roll::all(&context, &space, NODE_COUNT_MAX)?;
    let mut answers = Answers::default();
    let mut side = |space: &mut Space, lowered: &Lowered| {
        let sayings = effects::sayings(corpus, space, lowered)?;
        let combined = effects::combine(space, &sayings, &mut answers)?;
        let settled = effects::settle_readings(space, combined, &mut answers)?;
        space.diagram.map(settled, &mut |payload| outcome_code(&answers, payload))
    };
    let one = side(&mut space, before)?;
    let other = side(&mut space, after)?;
    let pair = space.diagram.map2(one, other, &mut |a, b| {
        if a == b { UNCHANGED } else { a * SIDE + b }
    })?;
    let domain = super::domain(&mut space, &rolls, &[])?;
    let nowhere = space.diagram.terminal(IMPOSSIBLE);
    let root = space.diagram.ite(domain, pair, nowhere)?;
    let classes = classes(corpus, &mut space, root)?;
    let flat = Flat::new(&Diagram::new(16), NodeId::FALSE);
    let law = Law {
        scope: Scope { at: second.at, ..first },
        space,
        rolls,
        members,
        sayings: Vec::new(),
        answers,
        root,
        unread: root,
        asked: Vec::new(),
        flat,
        ready: super::decide::Ready::default(),
        presumptions: super::determine::Presumptions::of(corpus),
        named: Vec::new(),
        dearest_first: Vec::new(),
        duties: Vec::new(),
        suspensions: Vec::new(),
        support: Vec::new(),
    };
    Ok(classes.iter().filter_map(|class| law.change(corpus, class)).collect())
}

/// Terminals of a comparison: no such facts, no change, or the two outcomes.
const IMPOSSIBLE: u32 = 0;
const UNCHANGED: u32 = 1;
const SIDE: u32 = 16;

/// A class of requests: the values allowed of each variable, and the two outcomes.
struct Class {
    allowed: Vec<Allowed>,
    terminal: u32,
    /// A path of no class before.
    path: Vec<(Variable, u16)>,
}

/// Covers all that changes with classes, each as wide as it can be: a path is taken, its tests are
/// dropped one by one, the dearest facts first, as long as everything possible in it changes alike.
fn classes(corpus: &Corpus, space: &mut Space, root: NodeId) -> Result<Vec<Class>, Overflow> {
    let mut order: Vec<usize> = (0..space.atoms.len()).collect();
    order.sort_by_key(|index| {
        std::cmp::Reverse(space.atoms.get(*index).map_or(0, |atom| cost(corpus, atom)))
    });
    let mut rest = root;
    let mut found = Vec::new();
    while found.len() < CLASS_COUNT_MAX {
        let Some(path) = space.diagram.pick_cube(rest, &|payload| payload > UNCHANGED) else {
            break;
        };
        let mut allowed: Vec<Allowed> = space.atoms.iter().map(Atom::all).collect();
        for (variable, value) in &path {
            if let Some(slot) = allowed.get_mut(variable.0 as usize) {
                *slot = 1 << value;
            }
        }
        let ends = possible_ends(space, root, &allowed);
        let Some(&terminal) = ends.iter().find(|end| **end > UNCHANGED) else {
            break;
        };
        for &index in &order {
            widen(space, root, terminal, index, &mut allowed);
        }
        let region = region(space, &allowed)?;
        let unchanged = space.diagram.terminal(UNCHANGED);
        rest = space.diagram.ite(region, unchanged, rest)?;
        found.push(Class { allowed, terminal, path });
    }
    Ok(found)
}

/// Allows one variable all its values, or as many as keep the class together.
fn widen(space: &Space, root: NodeId, terminal: u32, index: usize, allowed: &mut [Allowed]) {
    let Some(all) = space.atoms.get(index).map(Atom::all) else {
        return;
    };
    let Some(&before) = allowed.get(index) else {
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
        if possible_ends(space, root, allowed) == [terminal] {
            kept |= more;
        }
    }
    if let Some(slot) = allowed.get_mut(index) {
        *slot = kept;
    }
}

fn possible_ends(space: &Space, root: NodeId, allowed: &[Allowed]) -> Vec<u32> {
    let mut ends = space.diagram.reachable(root, &|variable, value| {
        allowed.get(variable.0 as usize).is_none_or(|set| set >> value & 1 == 1)
    });
    ends.retain(|end| *end != IMPOSSIBLE);
    ends
}

fn region(space: &mut Space, allowed: &[Allowed]) -> Result<NodeId, Overflow> {
    let mut made = NodeId::TRUE;
    for (index, set) in allowed.iter().enumerate() {
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

fn outcome_code(answers: &Answers, payload: u32) -> u32 {
    let outcome = answers.get(payload).outcome();
    let place = outcome.and_then(|outcome| Outcome::ALL.iter().position(|o| *o == outcome));
    place.map_or(0, |place| u32::try_from(place + 1).unwrap_or(0))
}

fn decoded(code: u32) -> Outcome {
    let place = (code as usize).wrapping_sub(1);
    Outcome::ALL.get(place).copied().unwrap_or(Outcome::Silent)
}

impl Law {
    /// None where no request of the class can be made: then there is none.
    fn change(&self, corpus: &Corpus, found: &Class) -> Option<Change> {
        let facts = self.facts_on_path(corpus, &found.path);
        let unmade = |roll: &Roll| {
            let counted = |v: &Variable| found.path.iter().any(|(on, _)| on == v);
            let listed = facts.list(roll.record).map(|list| list.listed);
            roll.variables.iter().any(counted) && listed != Some(Listed::Whole)
        };
        if self.rolls.iter().any(unmade) {
            return None;
        }
        let mut class = Vec::new();
        let (mut part, mut whole) = (1u128, 1u128);
        for (atom, set) in self.space.atoms.iter().zip(&found.allowed) {
            if *set == atom.all() {
                continue;
            }
            let values: Vec<u16> = (0..64).filter(|value| set >> value & 1 == 1).collect();
            class.push(super::words::atom(corpus, &self.space, atom, &values));
            whole = whole.saturating_mul(atom.arity() as u128);
            part = part.saturating_mul(values.len() as u128);
        }
        Some(Change {
            agency: self.scope.agency,
            act: self.scope.act,
            before: decoded(found.terminal / SIDE),
            after: decoded(found.terminal % SIDE),
            class,
            facts,
            share_millionths: u64::try_from(part * 1_000_000 / whole.max(1)).unwrap_or(0),
        })
    }
}
