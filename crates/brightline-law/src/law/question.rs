//! Which question first: a plan of least expected cost over the residual diagram.
//!
//! Answers to a question that lead anywhere to different places count as equally likely. Small
//! residuals are searched whole, so the plan is proved best; larger ones take the question that
//! settles most for its cost at each step, and say by how much they could be wrong at most.
//! (Least-cost plans for evaluating a function are hard in general: Zong, Lehtonen and Rintanen,
//! arXiv 2606.24672.)

use std::collections::BTreeMap;

use super::Law;
use super::atom::Allowed;
use super::game::{Game, Position};
use super::residual::Residual;
use crate::determination::{QuestionOrder, Slot};
use crate::diagram::{FastMap, Overflow};
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
    residual: &Residual,
    corpus: &Corpus,
) -> Result<(Vec<Slot>, QuestionOrder), Overflow> {
    let (mut game, root) = Game::of(residual)?;
    let asked = game.asked(root);
    if asked.is_empty() {
        return Ok((Vec::new(), QuestionOrder::None));
    }
    let slots: Vec<&Slot> = game
        .variables()
        .iter()
        .filter_map(|variable| residual.slots.get(variable.0 as usize))
        .collect();
    let costs = slots.iter().map(|slot| cost(corpus, slot)).collect();
    let mut planner = Planner { game, costs, plans: FastMap::default(), exact: true };
    let mut found = planner.plan(root)?;
    if found.is_none() {
        planner.exact = false;
        planner.plans.clear();
        found = planner.plan(root)?;
    }
    let Some((cost_millis, first)) = found else {
        return Ok((Vec::new(), QuestionOrder::None));
    };
    let shares = planner.shares(root)?;
    let order = if planner.exact {
        QuestionOrder::Optimal { cost_millis }
    } else {
        let bound_millis = asked.iter().map(|level| planner.cost(*level)).min().unwrap_or(0);
        QuestionOrder::Bounded { cost_millis, bound_millis }
    };
    let mut ranked: Vec<u32> = asked;
    ranked.sort_by_key(|level| {
        let share = shares.get(level).copied().unwrap_or(0);
        (Some(*level) != first, u64::MAX - share, planner.cost(*level), *level)
    });
    let ranked = ranked.iter().filter_map(|level| slots.get(*level as usize));
    Ok((ranked.map(|slot| (*slot).clone()).collect(), order))
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

pub(super) fn cost(corpus: &Corpus, slot: &Slot) -> u64 {
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

/// Expected cost, and the level of the question to ask first.
type Plan = (u64, Option<u32>);

struct Planner {
    game: Game,
    /// Of the question at each level.
    costs: Vec<u64>,
    plans: FastMap<Position, Plan>,
    exact: bool,
}

impl Planner {
    fn cost(&self, level: u32) -> u64 {
        self.costs.get(level as usize).copied().unwrap_or(MILLIS)
    }

    /// Returns the plan for a position; none when the search grew too large.
    fn plan(&mut self, position: Position) -> Result<Option<Plan>, Overflow> {
        if let Some(plan) = self.plans.get(&position) {
            return Ok(Some(*plan));
        }
        if self.game.is_settled(position) {
            return Ok(Some((0, None)));
        }
        if self.exact && self.plans.len() >= SEARCH_COUNT_MAX {
            return Ok(None);
        }
        let best = match self.exact {
            true => self.search(position)?,
            false => self.step(position)?,
        };
        if let Some(plan) = best {
            self.plans.insert(position, plan);
        }
        Ok(best)
    }

    /// The best plan: each question that matters is tried first, the cheap ones before the dear
    /// ones, unless even the least that can follow makes it no better than one already found.
    fn search(&mut self, position: Position) -> Result<Option<Plan>, Overflow> {
        let mut asked = self.game.asked(position);
        asked.sort_by_key(|level| self.cost(*level));
        let mut best: Option<Plan> = None;
        for level in asked {
            let own = self.cost(level);
            let left = self.game.answers(position, level)?;
            let least: u64 = left.iter().map(|position| self.least(*position)).sum();
            let floor = own + least / left.len().max(1) as u64;
            if best.is_some_and(|(cost, _)| cost <= floor) {
                continue;
            }
            let Some(after) = self.after(&left)? else {
                return Ok(None);
            };
            let cost = own + after;
            if best.is_none_or(|(known, _)| cost < known) {
                best = Some((cost, Some(level)));
            }
        }
        Ok(best)
    }

    /// No plan for a position costs less.
    fn least(&mut self, position: Position) -> u64 {
        if let Some((cost, _)) = self.plans.get(&position) {
            return *cost;
        }
        if self.game.is_settled(position) {
            return 0;
        }
        let levels = self.game.rests_on(position);
        levels.map(|level| self.cost(level)).min().unwrap_or(0)
    }

    /// The expected cost of going on.
    fn after(&mut self, left: &[Position]) -> Result<Option<u64>, Overflow> {
        let mut sum = 0;
        for position in left {
            let Some((cost, _)) = self.plan(*position)? else {
                return Ok(None);
            };
            sum += cost;
        }
        Ok(Some(sum / left.len().max(1) as u64))
    }

    /// The question whose answers settle most for its cost.
    fn step(&mut self, position: Position) -> Result<Option<Plan>, Overflow> {
        let mut best: Option<(u64, u32)> = None;
        for level in self.game.asked(position) {
            let left = self.game.answers(position, level)?;
            let settled = left.iter().filter(|position| self.game.is_settled(**position));
            let share = WHOLE * settled.count() as u64 / left.len().max(1) as u64;
            let price = self.cost(level) * WHOLE / (share + WHOLE / 100);
            if best.is_none_or(|(known, _)| price < known) {
                best = Some((price, level));
            }
        }
        let Some((_, level)) = best else {
            return Ok(Some((0, None)));
        };
        let left = self.game.answers(position, level)?;
        let after = self.after(&left)?.unwrap_or(0);
        Ok(Some((self.cost(level) + after, Some(level))))
    }

    /// How often, in millionths, the plan comes to ask the question at each level.
    fn shares(&mut self, root: Position) -> Result<BTreeMap<u32, u64>, Overflow> {
        let mut shares = BTreeMap::new();
        let mut open = vec![(root, WHOLE)];
        let mut steps = 0;
        while let Some((position, share)) = open.pop() {
            let Some(&(_, Some(level))) = self.plans.get(&position) else {
                continue;
            };
            steps += 1;
            if share == 0 || steps > SEARCH_COUNT_MAX {
                continue;
            }
            *shares.entry(level).or_insert(0) += share;
            let left = self.game.answers(position, level)?;
            let part = share / left.len().max(1) as u64;
            open.extend(left.into_iter().map(|position| (position, part)));
        }
        Ok(shares)
    }
}
