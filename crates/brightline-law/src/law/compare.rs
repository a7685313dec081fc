//! Two laws in one space, so that where they differ is one diagram.

use std::collections::BTreeSet;

use super::atom::Context;
use super::classes::{Classes, IMPOSSIBLE, SIDE, UNCHANGED};
use super::effects::{self, Answers, Lowered};
use super::formula::{Formula, Gap, Lowering, Test};
use super::members::Members;
use super::roll::Roll;
use super::space::Space;
use super::{Law, Scope, TooLarge};
use crate::Outcome;
use crate::clock::Day;
use crate::diagram::{Diagram, Flat, NodeId, Overflow};
use crate::diff::Change;
use crate::ir::{Corpus, MemberId, Operand, StatementId};

/// One of the two laws compared.
#[derive(Clone, Copy)]
pub(crate) struct Version<'a> {
    /// Agency, act and day.
    pub scope: Scope,
    /// What is taken out of the law.
    pub left_out: &'a BTreeSet<StatementId>,
}

/// Returns the statements of the instruments named.
pub(crate) fn left_out(corpus: &Corpus, names: &[String]) -> BTreeSet<StatementId> {
    let is_named = |id: &StatementId| {
        let statement = corpus.statements.get(id.index());
        let provision = statement.and_then(|s| corpus.provisions.get(s.provision.index()));
        let section = provision.and_then(|it| corpus.sections.get(it.section.index()));
        section.is_some_and(|section| names.iter().any(|name| section.is_called(name)))
    };
    let count = u32::try_from(corpus.statements.len()).unwrap_or(u32::MAX);
    let all = if names.is_empty() { 0 } else { count };
    (0..all).map(StatementId).filter(is_named).collect()
}

/// Returns the questions whose tables do not stand alike on the days compared.
pub(crate) fn changing(corpus: &Corpus, days: [Day; 2]) -> BTreeSet<MemberId> {
    Members::changing(corpus, days)
}

/// Returns the classes of requests on which two laws of one agency and act differ.
pub(crate) fn diff_laws(
    corpus: &Corpus,
    changing: &BTreeSet<MemberId>,
    [before, after]: [Version<'_>; 2],
) -> Result<Vec<Change>, TooLarge> {
    let lower = |version: Version<'_>| {
        effects::lower(Lowering::without(corpus, version.scope, version.left_out))
    };
    let sides = [lower(before), lower(after)];
    let made = compare(corpus, (changing, [before.scope, after.scope]), sides);
    made.map_err(|overflow| super::too_large(corpus, after.scope, overflow))
}

fn compare(
    corpus: &Corpus,
    (changing, [first, second]): (&BTreeSet<MemberId>, [Scope; 2]),
    [mut before, mut after]: [Vec<Lowered>; 2],
) -> Result<Vec<Change>, Overflow> {
    let days = [first.at.on, second.at.on];
    if days[0] != days[1] {
        before = OneDay { corpus, on: days[0], changing: Some(changing) }.all(before);
        after = OneDay { corpus, on: days[1], changing: None }.all(after);
    }
    if before == after {
        return Ok(Vec::new());
    }
    // One request for both days: its records are not later than either.
    let members = Members::on_two_days(corpus, days);
    let mut formulas: Vec<&Formula> = Vec::new();
    for (_, formula, read) in before.iter().chain(&after) {
        formulas.extend([formula, read]);
    }
    let mut impossible = super::impossible(corpus, first, &formulas);
    impossible.extend(super::impossible(corpus, second, &formulas));
    formulas.extend(&impossible);
    let context = Context { corpus, members: &members };
    let mut space = Space::of(&context, &formulas, corpus.node_count_max())?;
    let mut answers = Answers::default();
    let one = side(corpus, &mut space, &before, &mut answers)?;
    let other = side(corpus, &mut space, &after, &mut answers)?;
    if one == other {
        return Ok(Vec::new());
    }
    let pair = space.diagram.map2(one, other, &mut |a, b| {
        if a == b { UNCHANGED } else { a * SIDE + b }
    })?;
    let rolls = Roll::all(&context, &space, corpus.node_count_max())?;
    let domain = super::domain(&mut space, &rolls, &impossible)?;
    let nowhere = space.diagram.terminal(IMPOSSIBLE);
    let root = space.diagram.ite(domain, pair, nowhere)?;
    let mut law = law(corpus, second, space, members);
    law.scope.at.on = days[0].min(days[1]);
    (law.rolls, law.answers, law.root, law.unread) = (rolls, answers, root, root);
    Classes::of(corpus, law).changes(corpus)
}

/// The outcomes of one law.
fn side(
    corpus: &Corpus,
    space: &mut Space,
    lowered: &[Lowered],
    answers: &mut Answers,
) -> Result<NodeId, Overflow> {
    let sayings = effects::sayings(corpus, space, lowered)?;
    let combined = effects::combine(space, &sayings, answers)?;
    let settled = effects::settle_readings(space, combined, answers)?;
    space.diagram.map(settled, &mut |payload| outcome_code(answers, payload))
}

fn outcome_code(answers: &Answers, payload: u32) -> u32 {
    let outcome = answers.get(payload).outcome();
    let place = outcome.and_then(|outcome| Outcome::ALL.iter().position(|o| *o == outcome));
    place.map_or(0, |place| u32::try_from(place + 1).unwrap_or(0))
}

/// What is compared, in the form in which requests are made up for it.
fn law(corpus: &Corpus, scope: Scope, space: Space, members: Members) -> Law {
    Law {
        scope,
        space,
        rolls: Vec::new(),
        members,
        sayings: Vec::new(),
        answers: Answers::default(),
        root: NodeId::FALSE,
        unread: NodeId::FALSE,
        asked: Vec::new(),
        flat: Flat::new(&Diagram::new(16), NodeId::FALSE),
        ready: super::decide::Ready::default(),
        presumptions: super::determine::Presumptions::of(corpus),
        named: Vec::new(),
        dearest_first: Vec::new(),
        duties: Vec::new(),
        suspensions: Vec::new(),
        retold: super::retold::Retold::default(),
        support: Vec::new(),
        looked_at: std::sync::OnceLock::new(),
    }
}

/// One of two days on which a request is looked at: what is read on the day of the act is read on
/// that day, and is not what is read on the other.
struct OneDay<'a> {
    corpus: &'a Corpus,
    on: Day,
    /// On the first of the days: the tables that do not stand alike on both.
    changing: Option<&'a BTreeSet<MemberId>>,
}

impl OneDay<'_> {
    fn all(&self, lowered: Vec<Lowered>) -> Vec<Lowered> {
        let is_read = |(_, formula, read): &Lowered| self.reads(formula) || self.reads(read);
        if !lowered.iter().any(is_read) {
            return lowered;
        }
        let one = |(id, formula, read)| (id, self.formula(formula), self.formula(read));
        lowered.into_iter().map(one).collect()
    }

    /// Returns whether anything in the formula is read on the day of the act.
    fn reads(&self, formula: &Formula) -> bool {
        let mut found = false;
        formula.tests(&mut |test| {
            found |= match test {
                Test::Member(_, member) => self.changes(*member),
                Test::Before(gap, _) => gap.right == Operand::ActDate,
                Test::Count(_, body, ..) => self.reads(body),
                _ => false,
            }
        });
        found
    }

    fn changes(&self, member: MemberId) -> bool {
        self.changing.is_some_and(|changing| changing.contains(&member))
    }

    fn formula(&self, formula: Formula) -> Formula {
        let all = |parts: Vec<Formula>| parts.into_iter().map(|part| self.formula(part)).collect();
        match formula {
            Formula::Const(_) => formula,
            Formula::Not(inner) => Formula::Not(Box::new(self.formula(*inner))),
            Formula::All(parts) => Formula::All(all(parts)),
            Formula::Any(parts) => Formula::Any(all(parts)),
            Formula::Test(test) => Formula::Test(self.test(test)),
        }
    }

    fn test(&self, test: Test) -> Test {
        match test {
            Test::Member(operand, member) if self.changes(member) => {
                Test::Member(operand, Members::as_before(self.corpus, member))
            }
            Test::Before(gap, cut) if gap.right == Operand::ActDate => {
                Test::Before(Gap { right: Operand::Day(self.on), ..gap }, cut)
            }
            Test::Count(record, body, count, told) => {
                Test::Count(record, Box::new(self.formula(*body)), count, told)
            }
            other => other,
        }
    }
}
