//! Truth of single lines of conditions under the facts of one request, for the coverage of
//! examples: yes, no, or not known.
//!
//! Each test is looked at by itself (Kleene's three values), and every combination of readings is
//! tried; what comes out the same under all of them is known.

use super::Scope;
use super::atom::{Atom, Context, choice_arity};
use super::determine::Presumptions;
use super::formula::{Formula, Lowering, Test};
use super::members::{Members, Membership};
use super::roll::{FactValues, RowValues};
use crate::facts::{Facts, Listed, Value};
use crate::ir::{AsOf, Condition, Corpus, Operand, RecordId, UnsettledId};

/// Conditions that rest on more unsettled points than these are not known.
const POINT_COUNT_MAX: usize = 6;

/// A record that is looked at: its kind and its fields.
pub(crate) type Row<'r> = Option<(RecordId, &'r [Value])>;

/// The facts of one request in one scope.
pub(crate) struct Gauge<'c> {
    corpus: &'c Corpus,
    scope: Scope,
    members: Members,
    facts: Facts,
}

impl<'c> Gauge<'c> {
    /// Returns the gauge of a request; what is presumed counts as known.
    pub(crate) fn new(corpus: &'c Corpus, scope: Scope, given: &Facts) -> Self {
        let facts = Presumptions::of(corpus).apply(given).0.into_owned();
        Self { corpus, scope, members: Members::on(corpus, scope.at.on), facts }
    }

    /// Returns the records that are listed of a kind.
    pub(crate) fn rows(&self, record: RecordId) -> &[Vec<Value>] {
        self.facts.list(record).map_or(&[][..], |list| &list.rows)
    }

    /// Returns whether a condition holds, for one record where it speaks of one.
    pub(crate) fn truth(&self, condition: &Condition, row: Row<'_>) -> Option<bool> {
        match self.truths(condition, row) {
            [true, false] => Some(false),
            [false, true] => Some(true),
            _ => None,
        }
    }

    /// Returns whether a condition holds under some readings of the law and not under others, with
    /// all that it asks of the facts known.
    pub(crate) fn is_unsettled(&self, condition: &Condition, row: Row<'_>) -> bool {
        self.truths(condition, row) == [true; 2]
    }

    /// Returns whether a condition comes out as no, and as yes, under some combination of readings;
    /// neither where it is not known under each.
    fn truths(&self, condition: &Condition, row: Row<'_>) -> [bool; 2] {
        let formula = Lowering::new(self.corpus, self.scope).formula(condition);
        let mut points: Vec<UnsettledId> = Vec::new();
        formula.tests(&mut |test| {
            if let Test::Reading(point, _) = test
                && !points.contains(point)
            {
                points.push(*point);
            }
        });
        let mut seen = [false; 2];
        let is_known = points.len() <= POINT_COUNT_MAX
            && self.each_reading(&formula, row, &points, &mut |truth| {
                if let Some(slot) = seen.get_mut(usize::from(truth)) {
                    *slot = true;
                }
            });
        if is_known { seen } else { [false; 2] }
    }

    /// Tells what a formula comes to under every combination of readings, and returns whether it
    /// is known under each.
    fn each_reading(
        &self,
        formula: &Formula,
        row: Row<'_>,
        points: &[UnsettledId],
        tell: &mut dyn FnMut(bool),
    ) -> bool {
        let count = |point: &UnsettledId| {
            self.corpus.unsettled.get(point.index()).map_or(2, |it| it.readings.len())
        };
        let ways: usize = points.iter().map(count).product();
        (0..ways).all(|way| {
            let mut rest = way;
            let taken: Vec<(UnsettledId, u16)> = points
                .iter()
                .map(|point| {
                    let reading = rest % count(point);
                    rest /= count(point);
                    (*point, u16::try_from(reading).unwrap_or(u16::MAX))
                })
                .collect();
            let truth = self.holds(formula, row, &taken);
            truth.into_iter().for_each(&mut *tell);
            truth.is_some()
        })
    }

    fn holds(&self, formula: &Formula, row: Row<'_>, taken: &[(UnsettledId, u16)]) -> Option<bool> {
        let parts = |parts: &[Formula], conjunction| {
            joined(parts.iter().map(|part| self.holds(part, row, taken)), conjunction)
        };
        match formula {
            Formula::Const(value) => Some(*value),
            Formula::Not(inner) => self.holds(inner, row, taken).map(|truth| !truth),
            Formula::All(list) => parts(list, true),
            Formula::Any(list) => parts(list, false),
            Formula::Test(Test::Reading(point, reading)) => {
                let found = taken.iter().find(|(known, _)| known == point);
                found.map(|(_, taken)| taken == reading)
            }
            Formula::Test(Test::Count(record, body, count, ..)) => {
                self.counted(*record, *count, |row| self.holds(body, row, taken))
            }
            Formula::Test(test) => self.tested(test, row),
        }
    }

    fn counted(
        &self,
        record: RecordId,
        count: u32,
        body: impl Fn(Row<'_>) -> Option<bool>,
    ) -> Option<bool> {
        let (mut surely, mut perhaps) = (0u32, 0u32);
        for row in self.rows(record) {
            match body(Some((record, row))) {
                Some(true) => surely = surely.saturating_add(1),
                Some(false) => {}
                None => perhaps = perhaps.saturating_add(1),
            }
        }
        let whole = self.facts.list(record).is_some_and(|list| list.listed == Listed::Whole);
        if surely >= count {
            Some(true)
        } else if whole && surely.saturating_add(perhaps) < count {
            Some(false)
        } else {
            None
        }
    }

    fn tested(&self, test: &Test, row: Row<'_>) -> Option<bool> {
        let outer = FactValues { facts: &self.facts, on: self.scope.at.on };
        let (record, row) = row.unwrap_or((RecordId(u32::MAX), &[]));
        let values = RowValues { record, row, outer: &outer };
        let context = Context { corpus: self.corpus, members: &self.members };
        let atom = match test {
            Test::Yes(operand) => Atom::Yes(*operand),
            Test::OneOf(operand, _) => Atom::Choice(*operand, choice_arity(self.corpus, *operand)),
            Test::Before(gap, cut) => Atom::Gap(*gap, vec![*cut]),
            Test::AtLeast(operand, value) => Atom::Number(*operand, vec![*value]),
            Test::Member(operand, member) => {
                let as_of = self.corpus.members.get(member.index()).map(|member| member.as_of);
                let Some(AsOf::Operand(day)) = as_of else {
                    return self.listed(*operand, *member, &values);
                };
                Atom::MemberOn(*operand, *member, day)
            }
            Test::Count(..) | Test::Reading(..) => return None,
        };
        let (allowed, literal) = (context.allowed(&atom, &values), atom.literal(test)?);
        match (allowed & literal, allowed & !literal) {
            (0, _) => Some(false),
            (_, 0) => Some(true),
            _ => None,
        }
    }

    fn listed(
        &self,
        operand: Operand,
        member: crate::ir::MemberId,
        values: &impl super::atom::Values,
    ) -> Option<bool> {
        let Value::Offense(offense) = values.value(operand) else {
            return None;
        };
        match self.members.membership(self.corpus, member, offense) {
            Membership::In => Some(true),
            Membership::Out => Some(false),
            Membership::Open => None,
        }
    }
}

/// Joins three-valued parts: all hold, or one holds.
pub(crate) fn joined(parts: impl Iterator<Item = Option<bool>>, conjunction: bool) -> Option<bool> {
    let mut found = Some(conjunction);
    for part in parts {
        match part {
            Some(truth) if truth == conjunction => {}
            Some(truth) => return Some(truth),
            None => found = None,
        }
    }
    found
}
