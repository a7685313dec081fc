//! Whether a line of a condition can make a difference.

use super::Scope;
use super::atom::Context;
use super::formula::{Formula, Lowering};
use super::members::Members;
use super::roll::Roll;
use super::space::Space;
use crate::diagram::{NodeId, Overflow};
use crate::ir::{Condition, ConditionKind, Corpus};

/// A leaf in its condition: its own formula, and the condition with the leaf true and false.
struct Fixed<'f> {
    leaf: usize,
    own: &'f Formula,
    sides: [Formula; 2],
}

/// Returns for these leaves, as they stand in the condition, whether two possible requests differ
/// in the leaf only and make the condition come out differently. A leaf that is settled on that day
/// is left out; none where the condition is too large to tell.
pub(crate) fn differences(
    corpus: &Corpus,
    scope: Scope,
    condition: &Condition,
    leaves: &[usize],
) -> Option<Vec<(usize, bool)>> {
    let mut lowering = Lowering::new(corpus, scope);
    let mut lowered = Vec::new();
    lower_leaves(&mut lowering, condition, &mut lowered);
    let mut fixed = Vec::with_capacity(leaves.len());
    for &leaf in leaves {
        let Some(own) = lowered.get(leaf).filter(|own| !matches!(own, Formula::Const(_))) else {
            continue;
        };
        let with = |value| with_leaf(&lowered, condition, (leaf, value), &mut 0);
        fixed.push(Fixed { leaf, own, sides: [with(true), with(false)] });
    }
    told(corpus, scope, &fixed).ok()
}

/// The formulas of all leaves, in the order of the text.
fn lower_leaves(lowering: &mut Lowering<'_>, condition: &Condition, lowered: &mut Vec<Formula>) {
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            parts.iter().for_each(|part| lower_leaves(lowering, part, lowered));
        }
        ConditionKind::Not(inner) => lower_leaves(lowering, inner, lowered),
        _ => lowered.push(lowering.formula(condition)),
    }
}

/// The formula of a condition with one leaf fixed.
fn with_leaf(
    lowered: &[Formula],
    condition: &Condition,
    (leaf, value): (usize, bool),
    at: &mut usize,
) -> Formula {
    let mut part = |part: &Condition| with_leaf(lowered, part, (leaf, value), at);
    match &condition.kind {
        ConditionKind::All(parts) => Formula::all(parts.iter().map(part).collect()),
        ConditionKind::Any(parts) => Formula::any(parts.iter().map(part).collect()),
        ConditionKind::Not(inner) => part(inner).negated(),
        _ => {
            let here = *at;
            *at += 1;
            match lowered.get(here) {
                Some(formula) if here != leaf => formula.clone(),
                _ => Formula::Const(value),
            }
        }
    }
}

/// All leaves in one space.
fn told(
    corpus: &Corpus,
    scope: Scope,
    fixed: &[Fixed<'_>],
) -> Result<Vec<(usize, bool)>, Overflow> {
    let members = Members::on(corpus, scope.at.on);
    let context = Context { corpus, members: &members };
    let mut formulas: Vec<&Formula> = Vec::new();
    for leaf in fixed {
        formulas.push(leaf.own);
        formulas.extend(&leaf.sides);
    }
    let impossible = super::impossible(corpus, scope, &formulas);
    formulas.extend(&impossible);
    let mut space = Space::of(&context, &formulas, corpus.node_count_max())?;
    let rolls = Roll::all(&context, &space, corpus.node_count_max())?;
    let domain = super::domain(&mut space, &rolls, &impossible)?;
    let mut found = Vec::with_capacity(fixed.len());
    for leaf in fixed {
        let [with, without] = [space.guard(&leaf.sides[0])?, space.guard(&leaf.sides[1])?];
        let differs = space.diagram.map2(with, without, &mut |a, b| u32::from(a != b))?;
        let differs = space.diagram.and(differs, domain)?;
        let holds = space.guard(leaf.own)?;
        let fails = space.diagram.not(holds)?;
        let can_hold = space.diagram.and(differs, holds)?;
        let can_fail = space.diagram.and(differs, fails)?;
        found.push((leaf.leaf, can_hold != NodeId::FALSE && can_fail != NodeId::FALSE));
    }
    Ok(found)
}
