//! Which question first: a plan of least expected cost over the residual diagram.
//!
//! Every answer to a question counts as equally likely. Small residuals are searched whole, so the
//! plan is proved best; larger ones take the question that settles most for its cost at each step,
//! and say by how much they could be wrong at most. (Least-cost plans for evaluating a function are
//! hard in general: Zong, Lehtonen and Rintanen, arXiv 2606.24672.)

use std::collections::BTreeMap;

use super::Law;
use super::atom::Allowed;
use super::residual::Residual;
use crate::determination::{QuestionOrder, Slot};
use crate::diagram::{Diagram, NodeId, Overflow, Variable};
use crate::facts::Facts;
use crate::ir::Corpus;

/// So many residuals are searched for the best plan before a plan is made step by step.
const SEARCH_COUNT_MAX: usize = 3_000;
/// Costs are in thousandths of a minute.
const MILLIS: u64 = 1_000;
/// Shares are in millionths.
const WHOLE: u64 = 1_000_000;

/// The slots still to ask, the most decisive first, and how good that order is.
pub(crate) fn order(
    residual: &mut Residual,
    corpus: &Corpus,
) -> Result<(Vec<Slot>, QuestionOrder), Overflow> {
    let costs: Vec<u64> = residual.slots.iter().map(|slot| cost(corpus, slot)).collect();
    let mut planner = Planner {
        diagram: &mut residual.diagram,
        costs: &costs,
        plans: BTreeMap::new(),
        exact: true,
    };
    let asked = planner.matter(residual.root)?;
    if asked.is_empty() {
        return Ok((Vec::new(), QuestionOrder::None));
    }
    let mut found = planner.plan(residual.root)?;
    if found.is_none() {
        planner.exact = false;
        planner.plans.clear();
        found = planner.plan(residual.root)?;
    }
    let Some((cost_millis, first)) = found else {
        return Ok((Vec::new(), QuestionOrder::None));
    };
    let shares = planner.shares(residual.root)?;
    let order = if planner.exact {
        QuestionOrder::Optimal { cost_millis }
    } else {
        let cheapest = asked.iter().filter_map(|v| costs.get(v.0 as usize)).min();
        let bound_millis: u64 = cheapest.copied().unwrap_or(0);
        QuestionOrder::Bounded { cost_millis, bound_millis }
    };
    let mut ranked: Vec<Variable> = asked;
    ranked.sort_by_key(|variable| {
        let share = shares.get(variable).copied().unwrap_or(0);
        let cost = costs.get(variable.0 as usize).copied().unwrap_or(0);
        (Some(*variable) != first, u64::MAX - share, cost, *variable)
    });
    let slots = ranked.iter().filter_map(|v| residual.slots.get(v.0 as usize).cloned());
    Ok((slots.collect(), order))
}

/// All that could still matter, the cheapest first: where it is too much for a plan.
pub(crate) fn unordered(
    law: &Law,
    corpus: &Corpus,
    (facts, allowed): (&Facts, &[Allowed]),
) -> (Vec<Slot>, QuestionOrder) {
    let mut slots = Residual::open_slots(law, corpus, facts, allowed);
    slots.sort_by_key(|slot| cost(corpus, slot));
    let cost_millis = slots.iter().map(|slot| cost(corpus, slot)).sum();
    let bound_millis = slots.first().map_or(0, |slot| cost(corpus, slot));
    (slots, QuestionOrder::Bounded { cost_millis, bound_millis })
}

fn cost(corpus: &Corpus, slot: &Slot) -> u64 {
    let minutes = match slot {
        Slot::Fact(fact) => corpus.facts.get(fact.index()).map(|fact| fact.cost),
        Slot::List(record) => corpus.records.get(record.index()).map(|record| record.cost),
        Slot::Field(record, _, field) => corpus
            .records
            .get(record.index())
            .and_then(|record| record.fields.get(*field))
            .map(|field| field.cost),
    };
    u64::from(minutes.unwrap_or(1).max(1)) * MILLIS
}

/// Expected cost, and the question to ask first.
type Plan = (u64, Option<Variable>);

struct Planner<'a> {
    diagram: &'a mut Diagram,
    costs: &'a [u64],
    plans: BTreeMap<NodeId, Plan>,
    exact: bool,
}

impl Planner<'_> {
    /// The variables that can still change the answer among facts that are possible.
    fn matter(&mut self, node: NodeId) -> Result<Vec<Variable>, Overflow> {
        let support = self.diagram.support(node);
        if !self.diagram.terminals(node).contains(&0) {
            return Ok(support);
        }
        let mut found = Vec::new();
        for variable in support {
            let differs = self.diagram.merge_over(node, variable, &mut |payloads| {
                let mut possible = payloads.iter().filter(|payload| **payload != 0);
                let first = possible.next();
                u32::from(possible.any(|payload| Some(payload) != first))
            })?;
            if self.diagram.terminals(differs).contains(&1) {
                found.push(variable);
            }
        }
        Ok(found)
    }

    /// Returns the plan for a residual; none when the search grew too large.
    fn plan(&mut self, node: NodeId) -> Result<Option<Plan>, Overflow> {
        if let Some(plan) = self.plans.get(&node) {
            return Ok(Some(*plan));
        }
        let payloads = self.diagram.terminals(node);
        if payloads.iter().filter(|payload| **payload != 0).count() <= 1 {
            return Ok(Some((0, None)));
        }
        if self.exact && self.plans.len() >= SEARCH_COUNT_MAX {
            return Ok(None);
        }
        let asked = self.matter(node)?;
        let best = match self.exact {
            true => self.search(node, &asked)?,
            false => self.step(node, &asked)?,
        };
        if let Some(plan) = best {
            self.plans.insert(node, plan);
        }
        Ok(best)
    }

    fn search(&mut self, node: NodeId, asked: &[Variable]) -> Result<Option<Plan>, Overflow> {
        let mut best: Option<Plan> = None;
        for &variable in asked {
            let own = self.costs.get(variable.0 as usize).copied().unwrap_or(MILLIS);
            if best.is_some_and(|(cost, _)| cost <= own) {
                continue;
            }
            let Some(after) = self.after(node, variable)? else {
                return Ok(None);
            };
            let cost = own + after;
            if best.is_none_or(|(known, _)| cost < known) {
                best = Some((cost, Some(variable)));
            }
        }
        Ok(best)
    }

    /// The expected cost after an answer; answers that cannot be are left out.
    fn after(&mut self, node: NodeId, variable: Variable) -> Result<Option<u64>, Overflow> {
        let mut sum = 0;
        let mut count = 0;
        for child in self.answers(node, variable)? {
            let Some((cost, _)) = self.plan(child)? else {
                return Ok(None);
            };
            sum += cost;
            count += 1;
        }
        Ok(Some(sum / count.max(1)))
    }

    fn answers(&mut self, node: NodeId, variable: Variable) -> Result<Vec<NodeId>, Overflow> {
        let mut children = Vec::new();
        for value in 0..self.diagram.arity(variable) {
            let child = self.diagram.cofactor(node, variable, value)?;
            if self.diagram.payload(child) != Some(0) {
                children.push(child);
            }
        }
        Ok(children)
    }

    /// The question whose answers settle most for its cost.
    fn step(&mut self, node: NodeId, asked: &[Variable]) -> Result<Option<Plan>, Overflow> {
        let mut best: Option<(u64, Variable)> = None;
        for &variable in asked {
            let own = self.costs.get(variable.0 as usize).copied().unwrap_or(MILLIS);
            let children = self.answers(node, variable)?;
            let settled = children.iter().filter(|child| {
                let payloads = self.diagram.terminals(**child);
                payloads.iter().filter(|payload| **payload != 0).count() <= 1
            });
            let share = WHOLE * settled.count() as u64 / children.len().max(1) as u64;
            let price = own * WHOLE / (share + WHOLE / 100);
            if best.is_none_or(|(known, _)| price < known) {
                best = Some((price, variable));
            }
        }
        let Some((_, variable)) = best else {
            return Ok(Some((0, None)));
        };
        let own = self.costs.get(variable.0 as usize).copied().unwrap_or(MILLIS);
        let after = self.after(node, variable)?.unwrap_or(0);
        Ok(Some((own + after, Some(variable))))
    }

    /// How often, in millionths, the plan comes to ask each question.
    fn shares(&mut self, root: NodeId) -> Result<BTreeMap<Variable, u64>, Overflow> {
        let mut shares = BTreeMap::new();
        let mut open = vec![(root, WHOLE)];
        let mut steps = 0;
        while let Some((node, share)) = open.pop() {
            let Some(&(_, Some(variable))) = self.plans.get(&node) else {
                continue;
            };
            steps += 1;
            if share == 0 || steps > SEARCH_COUNT_MAX {
                continue;
            }
            *shares.entry(variable).or_insert(0) += share;
            let children = self.answers(node, variable)?;
            let part = share / children.len().max(1) as u64;
            open.extend(children.into_iter().map(|child| (child, part)));
        }
        Ok(shares)
    }
}
