//! Two laws in one space, so that where they differ is one diagram.

use super::atom::Context;
use super::effects::{self, Answers};
use super::formula::Formula;
use super::members::Members;
use super::roll::Roll;
use super::space::Space;
use super::{Law, NODE_COUNT_MAX, Scope, TooLarge};
use crate::Outcome;
use crate::diagram::{Cube, Diagram, Flat, NodeId, Overflow};
use crate::diff::{CLASS_COUNT_MAX, Change};
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
    let members = Members::on(corpus, second.at.on);
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
    let pair = space.diagram.map2(one, other, &mut |a, b| if a == b { 0 } else { a * 16 + b })?;
    let domain = super::domain(&mut space, &rolls, &[])?;
    let nowhere = space.diagram.terminal(0);
    let root = space.diagram.ite(domain, pair, nowhere)?;
    let cubes = space.diagram.cubes(root, &|payload| payload != 0, CLASS_COUNT_MAX);
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
        duties: Vec::new(),
        support: Vec::new(),
    };
    Ok(cubes.iter().map(|cube| law.change(corpus, cube)).collect())
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
    fn change(&self, corpus: &Corpus, cube: &Cube) -> Change {
        let mut path = Vec::new();
        let mut class = Vec::new();
        let (mut part, mut whole) = (1u64, 1u64);
        for (variable, values) in &cube.tests {
            let first = values.first().copied().unwrap_or(0);
            path.push((*variable, first));
            if let Some(atom) = self.space.atom(*variable) {
                class.push(super::words::atom(corpus, &self.space, atom, values));
                whole = whole.saturating_mul(atom.arity() as u64);
                part = part.saturating_mul(values.len() as u64);
            }
        }
        Change {
            agency: self.scope.agency,
            act: self.scope.act,
            before: decoded(cube.terminal / 16),
            after: decoded(cube.terminal % 16),
            class,
            facts: self.facts_on_path(corpus, &path),
            share_millionths: u64::try_from(
                u128::from(part) * 1_000_000 / u128::from(whole.max(1)),
            )
            .unwrap_or(0),
        }
    }
}
