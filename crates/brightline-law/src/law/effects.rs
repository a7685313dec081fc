//! From statements to the answer: what each has to say, what defeats it, what is left.

use std::collections::BTreeMap;

use super::Scope;
use super::formula::{Formula, Lowering};
use super::space::Space;
use super::telling::Telling;
use super::tree::Tree;
use crate::Outcome;
use crate::diagram::{NodeId, Overflow};
use crate::ir::{Corpus, Modal, StatementId};

/// A statement that applies, with its condition as formula and guard.
pub(crate) struct Saying {
    /// The statement.
    pub statement: StatementId,
    /// Its words of authority.
    pub modal: Modal,
    /// The guard of its condition.
    pub holds: NodeId,
    /// Where it permits, requires, lifts or takes authority away, after priority.
    pub grants: NodeId,
    /// Where it prohibits, after priority.
    pub bars: NodeId,
    /// It limits what it permits or requires.
    pub limited: bool,
    /// Its condition line by line; none where no explanation is wanted.
    pub tree: Option<Tree>,
    /// What is told of it whatever the facts are; none where no explanation is wanted.
    pub telling: Option<Telling>,
}

impl Saying {
    /// The same saying, of which nothing is known yet.
    pub(super) fn silent(&self) -> Self {
        Self {
            statement: self.statement,
            modal: self.modal,
            holds: NodeId::FALSE,
            grants: NodeId::FALSE,
            bars: NodeId::FALSE,
            limited: false,
            tree: None,
            telling: None,
        }
    }
}

/// What the diagram ends at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Answer {
    /// No facts can be so.
    Impossible,
    /// One outcome, with the limiting statements where it is permitted or required.
    Settled(Outcome, Vec<StatementId>),
    /// The outcomes that readings lead to, sorted. Which reading leads where is asked of the
    /// diagram in which readings are still variables; terminals that told it apart would multiply.
    Unsettled(Vec<Outcome>),
}

impl Answer {
    /// Returns the outcome; none for what cannot be.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::Impossible => None,
            Self::Settled(outcome, _) => Some(*outcome),
            Self::Unsettled(_) => Some(Outcome::Unsettled),
        }
    }
}

/// Answers by the payload of terminals; 0 is impossible.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    list: Vec<Answer>,
    places: BTreeMap<Answer, u32>,
}

impl Default for Answers {
    fn default() -> Self {
        let places = BTreeMap::from([(Answer::Impossible, 0)]);
        Self { list: vec![Answer::Impossible], places }
    }
}

impl Answers {
    /// Returns the payload of an answer.
    pub(crate) fn put(&mut self, answer: Answer) -> u32 {
        if let Some(&place) = self.places.get(&answer) {
            return place;
        }
        let place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(answer.clone());
        self.places.insert(answer, place);
        place
    }

    /// Returns the outcome of every payload.
    pub(crate) fn outcomes(&self) -> Box<[Option<Outcome>]> {
        self.list.iter().map(Answer::outcome).collect()
    }

    /// Returns the answer of a payload.
    pub(crate) fn get(&self, payload: u32) -> &Answer {
        self.list.get(payload as usize).unwrap_or(&Answer::Impossible)
    }
}

/// A statement with its condition and the condition under which it is read at all.
pub(crate) type Lowered = (StatementId, Formula, Formula);

/// The statements that apply in a scope, lowered; a partial provision has its effect in one reading
/// only.
pub(crate) fn lower(mut lowering: Lowering<'_>) -> Vec<Lowered> {
    let mut lowered = Vec::new();
    for (id, statement) in lowering.applied() {
        let formula = lowering.formula(&statement.condition);
        let partial = lowering
            .corpus()
            .provisions
            .get(statement.provision.index())
            .and_then(|provision| provision.partial.as_ref());
        let read = match partial {
            Some((_, point)) => lowering.reading(*point, 0),
            None => Formula::Const(true),
        };
        lowered.push((id, formula, read));
    }
    lowered
}

/// Builds the guards of all sayings, priority applied.
pub(crate) fn sayings(
    corpus: &Corpus,
    space: &mut Space,
    lowered: &[Lowered],
) -> Result<Vec<Saying>, Overflow> {
    let mut sayings = Vec::with_capacity(lowered.len());
    for (id, formula, read) in lowered {
        let Some(statement) = corpus.statements.get(id.index()) else {
            continue;
        };
        let holds = space.guard(formula)?;
        let read = space.guard(read)?;
        let fails = space.diagram.not(holds)?;
        let effective = space.diagram.and(holds, read)?;
        let (grants, bars) = match statement.modal {
            Modal::MayOnly => (effective, space.diagram.and(fails, read)?),
            Modal::MustNot => (NodeId::FALSE, effective),
            _ => (effective, NodeId::FALSE),
        };
        let limited = !statement.limits.is_empty();
        let modal = statement.modal;
        sayings.push(Saying {
            statement: *id,
            modal,
            holds,
            grants,
            bars,
            limited,
            tree: None,
            telling: None,
        });
    }
    apply_priority(corpus, space, &mut sayings)?;
    Ok(sayings)
}

/// Prepares sayings for explanation: guards told apart from what cannot be, conditions by line.
pub(crate) fn prepare(
    corpus: &Corpus,
    scope: Scope,
    space: &mut Space,
    domain: NodeId,
    sayings: &mut [Saying],
) -> Result<(), Overflow> {
    let mut lowering = Lowering::new(corpus, scope);
    for saying in sayings {
        saying.holds = space.within(domain, saying.holds)?;
        saying.grants = space.within(domain, saying.grants)?;
        saying.bars = space.within(domain, saying.bars)?;
        if let Some(statement) = corpus.statements.get(saying.statement.index()) {
            let condition = &statement.condition;
            saying.tree = Some(Tree::of(corpus, space, &mut lowering, domain, condition)?);
        }
    }
    Ok(())
}

/// A saying is weakened by those that defeat it or lift it, in an order in which those come first.
fn apply_priority(
    corpus: &Corpus,
    space: &mut Space,
    sayings: &mut [Saying],
) -> Result<(), Overflow> {
    for index in defeat_order(corpus, sayings) {
        let Some(target) = sayings.get(index).map(|saying| saying.statement) else {
            continue;
        };
        let mut defeated = NodeId::FALSE;
        let mut unbarred = NodeId::FALSE;
        let mut unrequired = NodeId::FALSE;
        for saying in sayings.iter() {
            let Some(statement) = corpus.statements.get(saying.statement.index()) else {
                continue;
            };
            if statement.defeats.contains(&target) {
                let active = space.diagram.or(saying.grants, saying.bars)?;
                defeated = space.diagram.or(defeated, active)?;
            }
            if statement.targets.contains(&target) {
                match statement.modal {
                    Modal::DoesNotBar => unbarred = space.diagram.or(unbarred, saying.grants)?,
                    _ => unrequired = space.diagram.or(unrequired, saying.grants)?,
                }
            }
        }
        weaken(space, sayings, index, [defeated, unbarred, unrequired])?;
    }
    Ok(())
}

fn weaken(
    space: &mut Space,
    sayings: &mut [Saying],
    index: usize,
    [defeated, unbarred, unrequired]: [NodeId; 3],
) -> Result<(), Overflow> {
    let Some(saying) = sayings.get_mut(index) else {
        return Ok(());
    };
    let bars_gone = space.diagram.or(defeated, unbarred)?;
    let grants_gone = match saying.modal {
        Modal::NoAuthority => bars_gone,
        Modal::Must => space.diagram.or(defeated, unrequired)?,
        _ => defeated,
    };
    let bars_stay = space.diagram.not(bars_gone)?;
    let grants_stay = space.diagram.not(grants_gone)?;
    saying.bars = space.diagram.and(saying.bars, bars_stay)?;
    saying.grants = space.diagram.and(saying.grants, grants_stay)?;
    Ok(())
}

/// Returns the sayings so that what defeats or lifts comes before what it acts on.
fn defeat_order(corpus: &Corpus, sayings: &[Saying]) -> Vec<usize> {
    let acts_on = |index: usize, target: StatementId| {
        sayings
            .get(index)
            .and_then(|saying| corpus.statements.get(saying.statement.index()))
            .is_some_and(|s| s.defeats.contains(&target) || s.targets.contains(&target))
    };
    let mut order = Vec::with_capacity(sayings.len());
    let mut left: Vec<usize> = (0..sayings.len()).collect();
    while !left.is_empty() {
        let free = left.iter().position(|&candidate| {
            let target = sayings.get(candidate).map(|saying| saying.statement);
            target.is_some_and(|target| {
                !left.iter().any(|&other| other != candidate && acts_on(other, target))
            })
        });
        // A circle is refused when the pack is resolved; take the first, so that this ends.
        order.push(left.remove(free.unwrap_or(0)));
    }
    order
}

/// Puts the sayings together, for one act, agency and day (`docs/language.md`, section 6).
pub(crate) fn combine(
    space: &mut Space,
    sayings: &[Saying],
    answers: &mut Answers,
) -> Result<NodeId, Overflow> {
    let mut union = |wanted: &dyn Fn(&Saying) -> Option<NodeId>| {
        let mut made = NodeId::FALSE;
        for guard in sayings.iter().filter_map(wanted) {
            made = space.diagram.or(made, guard)?;
        }
        Ok(made)
    };
    let grants =
        |modal: Modal| move |saying: &Saying| (saying.modal == modal).then_some(saying.grants);
    let may = |saying: &Saying| {
        matches!(saying.modal, Modal::May | Modal::MayOnly)
            .then_some((saying.grants, saying.limited))
    };
    let prohibited = union(&|saying| Some(saying.bars))?;
    let no_authority = union(&grants(Modal::NoAuthority))?;
    let required = union(&grants(Modal::Must))?;
    let unlimited = union(&|saying| may(saying).filter(|(_, l)| !l).map(|(guard, _)| guard))?;
    let not_barred = union(&grants(Modal::DoesNotBar))?;
    let not_required = union(&grants(Modal::DoesNotRequire))?;

    let mut layers = Layers { space, answers };
    let mut made = layers.settled(Outcome::Silent, Vec::new());
    made = layers.over(not_required, Outcome::NotRequired, made)?;
    made = layers.over(not_barred, Outcome::NotBarred, made)?;
    let limited = |modals: &[Modal]| -> Vec<(StatementId, NodeId)> {
        let chosen = sayings.iter().filter(|s| s.limited && modals.contains(&s.modal));
        chosen.map(|saying| (saying.statement, saying.grants)).collect()
    };
    let permits = limited(&[Modal::May, Modal::MayOnly]);
    made = layers.limited(Outcome::Permitted, &permits, Vec::new(), made)?;
    made = layers.over(unlimited, Outcome::Permitted, made)?;
    let plain = layers.settled(Outcome::Required, Vec::new());
    let requires =
        layers.limited(Outcome::Required, &limited(&[Modal::Must]), Vec::new(), plain)?;
    made = layers.space.diagram.ite(required, requires, made)?;
    let refused = layers.space.diagram.or(prohibited, no_authority)?;
    made = layers.over(no_authority, Outcome::NoAuthority, made)?;
    made = layers.over(prohibited, Outcome::Prohibited, made)?;
    let conflict = layers.space.diagram.and(required, refused)?;
    layers.over(conflict, Outcome::Conflict, made)
}

struct Layers<'a> {
    space: &'a mut Space,
    answers: &'a mut Answers,
}

impl Layers<'_> {
    fn settled(&mut self, outcome: Outcome, limits: Vec<StatementId>) -> NodeId {
        let payload = self.answers.put(Answer::Settled(outcome, limits));
        self.space.diagram.terminal(payload)
    }

    fn over(&mut self, guard: NodeId, outcome: Outcome, below: NodeId) -> Result<NodeId, Overflow> {
        let settled = self.settled(outcome, Vec::new());
        self.space.diagram.ite(guard, settled, below)
    }

    /// Every set of limiting statements that are effective together; none: what is below.
    fn limited(
        &mut self,
        outcome: Outcome,
        statements: &[(StatementId, NodeId)],
        taken: Vec<StatementId>,
        below: NodeId,
    ) -> Result<NodeId, Overflow> {
        let Some(((statement, guard), rest)) = statements.split_first() else {
            return Ok(match taken.is_empty() {
                true => below,
                false => self.settled(outcome, taken),
            });
        };
        let mut with = taken.clone();
        with.push(*statement);
        let then = self.limited(outcome, rest, with, below)?;
        let otherwise = self.limited(outcome, rest, taken, below)?;
        self.space.diagram.ite(*guard, then, otherwise)
    }
}

/// Eliminates the readings: where all agree the answer is settled, where they differ it is not.
pub(crate) fn settle_readings(
    space: &mut Space,
    root: NodeId,
    answers: &mut Answers,
) -> Result<NodeId, Overflow> {
    let mut root = root;
    for (index, atom) in space.atoms.iter().enumerate() {
        let super::atom::Atom::Reading(_, count) = atom else {
            continue;
        };
        let variable = crate::diagram::Variable(u32::try_from(index).unwrap_or(u32::MAX));
        let count = *count;
        root = space.diagram.merge_over(root, variable, &mut |payloads| {
            let payloads = payloads.get(..count).unwrap_or(payloads);
            match payloads.split_first() {
                Some((first, rest)) if rest.iter().all(|other| other == first) => *first,
                _ => {
                    let merged = merged(answers, payloads);
                    answers.put(merged)
                }
            }
        })?;
    }
    Ok(root)
}

/// The answer where readings differ: one outcome with all limits that may apply, or unsettled.
pub(super) fn merged(answers: &Answers, payloads: &[u32]) -> Answer {
    let mut outcomes = Vec::new();
    let mut limits: Vec<StatementId> = Vec::new();
    for payload in payloads {
        match answers.get(*payload) {
            Answer::Impossible => {}
            Answer::Settled(outcome, own) => {
                outcomes.push(*outcome);
                limits.extend(own);
            }
            Answer::Unsettled(several) => outcomes.extend(several),
        }
    }
    outcomes.sort_unstable();
    outcomes.dedup();
    limits.sort_unstable();
    limits.dedup();
    match outcomes.as_slice() {
        [only] => Answer::Settled(*only, limits),
        _ => Answer::Unsettled(outcomes),
    }
}
