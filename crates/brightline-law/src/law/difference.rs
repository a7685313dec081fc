//! Whether a line of a condition can make a difference.

use super::atom::Context;
use super::formula::{Formula, Lowering};
use super::members::Members;
use super::roll::Roll;
use super::space::Space;
use super::{NODE_COUNT_MAX, Scope};
use crate::diagram::{NodeId, Overflow};
use crate::ir::{Condition, ConditionKind, Corpus};

/// Returns whether two possible requests differ in this leaf only, as it stands in the condition,
/// and make the condition come out differently. None where that cannot be told.
pub(crate) fn makes_a_difference(
    corpus: &Corpus,
    scope: Scope,
    condition: &Condition,
    leaf: usize,
) -> Option<bool> {
    let mut lowering = Lowering::new(corpus, scope);
    let mut own = Formula::Const(true);
    let mut at = 0;
    with_leaf(&mut lowering, condition, (leaf, None), &mut at, &mut own);
    if matches!(own, Formula::Const(_)) {
        return None;
    }
    let mut sides = Vec::with_capacity(2);
    for value in [true, false] {
        let mut at = 0;
        let fixed = (leaf, Some(value));
        sides.push(with_leaf(&mut lowering, condition, fixed, &mut at, &mut Formula::Const(true)));
    }
    difference(corpus, scope, &own, &sides).ok()
}

/// The formula of a condition with one leaf fixed; `own` receives that leaf's own formula.
fn with_leaf(
    lowering: &mut Lowering<'_>,
    condition: &Condition,
    fixed: (usize, Option<bool>),
    at: &mut usize,
    own: &mut Formula,
) -> Formula {
    match &condition.kind {
        ConditionKind::All(parts) => {
            Formula::all(parts.iter().map(|p| with_leaf(lowering, p, fixed, at, own)).collect())
        }
        ConditionKind::Any(parts) => {
            Formula::any(parts.iter().map(|p| with_leaf(lowering, p, fixed, at, own)).collect())
        }
        ConditionKind::Not(inner) => with_leaf(lowering, inner, fixed, at, own).negated(),
        _ => {
            let formula = lowering.formula(condition);
            let here = *at == fixed.0;
            *at += 1;
            if here {
                *own = formula.clone();
            }
            match fixed.1 {
                Some(value) if here => Formula::Const(value),
                _ => formula,
            }
        }
    }
}

fn difference(
    corpus: &Corpus,
    scope: Scope,
    own: &Formula,
    sides: &[Formula],
) -> Result<bool, Overflow> {
    let members = Members::on(corpus, scope.at.on);
    let context = Context { corpus, members: &members };
    let mut formulas: Vec<&Formula> = vec![own];
    formulas.extend(sides);
    let mut space = Space::of(&context, &formulas, NODE_COUNT_MAX)?;
    let rolls = Roll::all(&context, &space, NODE_COUNT_MAX)?;
    let mut guards = Vec::with_capacity(2);
    for side in sides {
        guards.push(space.guard(side)?);
    }
    let [with, without] = guards.as_slice() else {
        return Ok(true);
    };
    let differs = space.diagram.map2(*with, *without, &mut |a, b| u32::from(a != b))?;
    let domain = super::domain(&mut space, &rolls, &[])?;
    let differs = space.diagram.and(differs, domain)?;
    let holds = space.guard(own)?;
    let fails = space.diagram.not(holds)?;
    let can_hold = space.diagram.and(differs, holds)?;
    let can_fail = space.diagram.and(differs, fails)?;
    Ok(can_hold != NodeId::FALSE && can_fail != NodeId::FALSE)
}
