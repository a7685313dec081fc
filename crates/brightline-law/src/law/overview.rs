//! Overviews: an answer by provisions, for where its diagram by facts is too large to be read.
//!
//! A question of an overview is what one provision does once everything that overrides it is
//! counted in. The answers to such questions make the outcome by the same rule as anywhere
//! ([`combine`]); that is a diagram of its own over them, and small. Then the facts are let
//! through it, as a set at each node: what no facts take is left out, and an end names the
//! outcomes that the facts which come to it have. So an overview is never another opinion.

use std::collections::BTreeMap;

use super::Law;
use super::atom::Atom;
use super::chart::{Chart, ChartNode};
use super::effects::{Answer, Answers, Saying, combine, merged};
use super::space::Space;
use crate::Outcome;
use crate::diagram::{Diagram, NodeId, Overflow, Variable};
use crate::ir::{Modal, StatementId};

/// So many questions are put; a law with more has no overview.
const QUESTIONS_MAX: usize = 64;
/// What a question can be answered with: no, yes, and on one reading of an unsettled point only.
const ANSWER_COUNT: usize = 3;
const NO: usize = 0;
const YES: usize = 1;

/// What a provision does, or does not.
#[derive(Debug, Clone, Copy)]
enum Effect {
    Bars,
    Grants(Modal),
}

/// What is asked: one effect of one saying, with the facts that give each answer.
struct Asked {
    saying: usize,
    statement: StatementId,
    effect: Effect,
    answers: [NodeId; ANSWER_COUNT],
}

/// The facts, as sets.
struct Sets {
    diagram: Diagram,
    /// The answer, by payload.
    root: NodeId,
    /// The facts that can be so.
    domain: NodeId,
    asked: Vec<Asked>,
}

/// The answer over the questions in the place of facts: question `i` is variable `2 i`.
struct Plan {
    diagram: Diagram,
    root: NodeId,
    /// The facts that come to each node.
    reached: BTreeMap<NodeId, NodeId>,
}

impl Law {
    /// Returns the answer by provisions; none where it has more nodes than `node_max`.
    ///
    /// Each question is what one provision does, what overrides it counted in. An end names several
    /// outcomes where the provisions alone do not settle which.
    #[must_use]
    pub fn overview(&self, node_max: usize) -> Option<Chart> {
        let mut sets = Sets::of(self).ok()?;
        if sets.asked.len() > QUESTIONS_MAX {
            return None;
        }
        let (diagram, root) = planned(&self.sayings, &sets.asked).ok()?;
        let mut plan = Plan { diagram, root, reached: BTreeMap::new() };
        sets.let_through(&mut plan).ok()?;
        let mut made = Vec::new();
        let first = sets.drawn(self, &plan, root, &mut (&mut made, BTreeMap::new())).ok()?;
        let nodes = from_the_first(&made, first);
        (nodes.len() <= node_max).then_some(Chart { nodes })
    }
}

impl Sets {
    fn of(law: &Law) -> Result<Self, Overflow> {
        let mut roots = vec![law.root];
        roots.extend(law.sayings.iter().flat_map(|saying| [saying.bars, saying.grants]));
        let order = law.space.diagram.order().to_vec();
        let (mut diagram, roots) = law.space.diagram.transfer(&roots, &order)?;
        let mut roots = roots.into_iter();
        let root = roots.next().unwrap_or(NodeId::FALSE);
        let domain = diagram.map(root, &mut |payload| {
            u32::from(!matches!(law.answers.get(payload), Answer::Impossible))
        })?;
        let mut sets = Self { diagram, root, domain, asked: Vec::new() };
        for (place, saying) in law.sayings.iter().enumerate() {
            let (Some(bars), Some(grants)) = (roots.next(), roots.next()) else { continue };
            let statement = saying.statement;
            for (effect, guard) in [(Effect::Bars, bars), (Effect::Grants(saying.modal), grants)] {
                let answers = sets.answers(law, guard)?;
                if answers.iter().skip(YES).any(|it| *it != NodeId::FALSE) {
                    sets.asked.push(Asked { saying: place, statement, effect, answers });
                }
            }
        }
        sets.asked.sort_by_key(|it| it.effect.rank());
        Ok(sets)
    }

    /// The facts where a guard does not hold, holds on every reading, and holds on some.
    fn answers(&mut self, law: &Law, guard: NodeId) -> Result<[NodeId; ANSWER_COUNT], Overflow> {
        let guard = self.diagram.map(guard, &mut |payload| u32::from(payload == 1))?;
        let (mut always, mut ever) = (guard, guard);
        for (variable, atom) in (0..).map(Variable).zip(&law.space.atoms) {
            if let Atom::Reading(..) = atom {
                let all = &mut |them: &[u32]| u32::from(them.iter().all(|it| *it == 1));
                always = self.diagram.merge_over(always, variable, all)?;
                let any = &mut |them: &[u32]| u32::from(them.contains(&1));
                ever = self.diagram.merge_over(ever, variable, any)?;
            }
        }
        let [always, ever] =
            [self.diagram.and(always, self.domain)?, self.diagram.and(ever, self.domain)?];
        let never = self.without(self.domain, ever)?;
        Ok([never, always, self.without(ever, always)?])
    }

    fn without(&mut self, set: NodeId, taken: NodeId) -> Result<NodeId, Overflow> {
        let left = self.diagram.not(taken)?;
        self.diagram.and(set, left)
    }

    /// Lets the facts through the plan.
    fn let_through(&mut self, plan: &mut Plan) -> Result<(), Overflow> {
        plan.reached.insert(plan.root, self.domain);
        // A node comes after all that lead to it: by its place in the order.
        let mut nodes = plan.diagram.met(plan.root);
        nodes.sort_by_key(|id| plan.diagram.test(*id).map_or(u32::MAX, |(variable, _)| variable.0));
        for id in nodes {
            for (answer, child) in plan.children(id) {
                let passed = self.passing(plan, id, answer)?;
                let known = plan.reached.get(&child).copied().unwrap_or(NodeId::FALSE);
                let all = self.diagram.or(known, passed)?;
                plan.reached.insert(child, all);
            }
        }
        Ok(())
    }

    /// The facts that come to a node and give this answer there.
    fn passing(&mut self, plan: &Plan, id: NodeId, answer: usize) -> Result<NodeId, Overflow> {
        let here = plan.reached.get(&id).copied().unwrap_or(NodeId::FALSE);
        let asked = plan.question(id).and_then(|it| self.asked.get(it));
        let those = asked.and_then(|it| it.answers.get(answer).copied());
        self.diagram.and(here, those.unwrap_or(NodeId::FALSE))
    }

    /// Puts a node of the plan into words; questions that all facts answer alike are left out.
    fn drawn(
        &mut self,
        law: &Law,
        plan: &Plan,
        id: NodeId,
        (made, places): &mut (&mut Vec<ChartNode>, BTreeMap<NodeId, usize>),
    ) -> Result<usize, Overflow> {
        if let Some(place) = places.get(&id) {
            return Ok(*place);
        }
        let mut ways: Vec<(Vec<usize>, usize)> = Vec::new();
        for (answer, child) in plan.children(id) {
            if self.passing(plan, id, answer)? == NodeId::FALSE {
                continue;
            }
            let next = self.drawn(law, plan, child, &mut (&mut *made, std::mem::take(places)))?;
            match ways.iter_mut().find(|(_, place)| *place == next) {
                Some((answers, _)) => answers.push(answer),
                None => ways.push((vec![answer], next)),
            }
        }
        let asked = plan.question(id).and_then(|it| self.asked.get(it));
        let place = match (ways.as_slice(), asked) {
            ([(_, only)], _) => *only,
            ([], _) | (_, None) => put(made, ChartNode::End(self.outcomes(law, plan, id)?)),
            (_, Some(asked)) => {
                let told =
                    |(answers, next): (Vec<usize>, usize)| (asked.effect.told(&answers), next);
                let answers = ways.into_iter().map(told).collect();
                put(made, ChartNode::Question { about: Some(asked.statement), answers })
            }
        };
        places.insert(id, place);
        Ok(place)
    }

    /// The outcomes of the facts that come to a node, sorted.
    fn outcomes(&mut self, law: &Law, plan: &Plan, id: NodeId) -> Result<Vec<Outcome>, Overflow> {
        let here = plan.reached.get(&id).copied().unwrap_or(NodeId::FALSE);
        let nowhere = self.diagram.terminal(0);
        let left = self.diagram.ite(here, self.root, nowhere)?;
        let payloads = self.diagram.terminals(left);
        let mut outcomes: Vec<Outcome> =
            payloads.into_iter().filter_map(|it| law.answers.get(it).outcome()).collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        Ok(outcomes)
    }
}

impl Plan {
    /// The question of a node, by its place.
    fn question(&self, id: NodeId) -> Option<usize> {
        self.diagram.test(id).map(|(variable, _)| variable.0 as usize / 2)
    }

    /// What each answer of a node leads to.
    fn children(&self, id: NodeId) -> Vec<(usize, NodeId)> {
        let children = self.diagram.test(id).map_or(&[][..], |(_, children)| children);
        children.iter().copied().enumerate().collect()
    }
}

impl Effect {
    /// What prevails comes first: the layers of [`combine`], the topmost is 0.
    fn rank(self) -> u8 {
        match self {
            Self::Bars | Self::Grants(Modal::MustNot) => 0,
            Self::Grants(Modal::NoAuthority) => 1,
            Self::Grants(Modal::Must) => 2,
            Self::Grants(Modal::May | Modal::MayOnly) => 3,
            Self::Grants(Modal::DoesNotBar) => 4,
            Self::Grants(Modal::DoesNotRequire) => 5,
        }
    }

    /// What a provision then does, for answers that lead to the same.
    fn told(self, answers: &[usize]) -> String {
        let (does, does_not) = match self {
            Self::Bars => ("forbids it", "does not forbid it"),
            Self::Grants(Modal::Must) => ("requires it", "does not require it"),
            Self::Grants(Modal::May | Modal::MayOnly) => ("allows it", "does not allow it"),
            Self::Grants(Modal::MustNot) => ("forbids it", "does not forbid it"),
            Self::Grants(Modal::NoAuthority) => ("leaves no power for it", "takes no power away"),
            Self::Grants(Modal::DoesNotBar) => ("says it is not barred", "does not speak of it"),
            Self::Grants(Modal::DoesNotRequire) => {
                ("says it is not required", "does not speak of it")
            }
        };
        let told = answers.iter().map(|answer| match *answer {
            NO => does_not.to_owned(),
            YES => does.to_owned(),
            _ => format!("{does}, on one reading"),
        });
        told.collect::<Vec<_>>().join("; or ")
    }
}

/// The answer over the questions, by the rule that makes answers of sayings.
fn planned(sayings: &[Saying], asked: &[Asked]) -> Result<(Diagram, NodeId), Overflow> {
    let mut space = Space::bare(crate::law::NODE_COUNT_MAX);
    let mut own: Vec<Saying> = sayings.iter().map(Saying::silent).collect();
    let mut readings = Vec::new();
    for question in asked {
        let variable = space.diagram.add_variable(ANSWER_COUNT as u16);
        // Which way a reading falls that nobody settled, taken out again below.
        let reading = space.diagram.add_variable(2);
        let (falls, yes) =
            (space.diagram.literal(reading, 1)?, space.diagram.literal(variable, YES as u16)?);
        let no = space.diagram.literal(variable, NO as u16)?;
        let or_so = space.diagram.ite(no, NodeId::FALSE, falls)?;
        let guard = space.diagram.or(yes, or_so)?;
        let Some(saying) = own.get_mut(question.saying) else { continue };
        match question.effect {
            Effect::Bars => saying.bars = guard,
            Effect::Grants(_) => saying.grants = guard,
        }
        readings.push(reading);
    }
    let mut answers = Answers::default();
    let mut root = combine(&mut space, &own, &mut answers)?;
    for reading in readings {
        root = space.diagram.merge_over(root, reading, &mut |payloads| {
            let answer = merged(&answers, payloads);
            answers.put(answer)
        })?;
    }
    let outcomes = answers.outcomes();
    let root = space.diagram.map(root, &mut |payload| {
        let outcome = outcomes.get(payload as usize).copied().flatten();
        outcomes.iter().position(|it| *it == outcome).map_or(0, |place| place as u32)
    })?;
    Ok((space.diagram, root))
}

/// Adds a node, or finds one that is the same.
fn put(made: &mut Vec<ChartNode>, node: ChartNode) -> usize {
    if let Some(place) = made.iter().position(|it| *it == node) {
        return place;
    }
    made.push(node);
    made.len() - 1
}

/// Puts nodes into the order in which one comes to them from the first.
fn from_the_first(made: &[ChartNode], first: usize) -> Vec<ChartNode> {
    let mut order = vec![first];
    let mut at = 0;
    while let Some(node) = order.get(at).and_then(|place| made.get(*place)) {
        if let ChartNode::Question { answers, .. } = node {
            for (_, next) in answers {
                if !order.contains(next) {
                    order.push(*next);
                }
            }
        }
        at += 1;
    }
    let moved = |place: usize| order.iter().position(|it| *it == place).unwrap_or(0);
    let node = |place: &usize| made.get(*place).cloned();
    let mut nodes: Vec<ChartNode> = order.iter().filter_map(node).collect();
    for node in &mut nodes {
        if let ChartNode::Question { answers, .. } = node {
            answers.iter_mut().for_each(|(_, next)| *next = moved(*next));
        }
    }
    nodes
}
