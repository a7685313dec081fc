//! Which unknowns can change the answer, where they hang together.
//!
//! An unknown matters if two requests differ in it only and are answered differently. The residual
//! tells unknowns apart one after the other, each with the values that matter once those before it
//! are known; so it knows every answer, and not always which unknown alone makes the difference.
//! Here both requests are made up side by side: the unknown in question takes two neighboring
//! values, every other one the same value in both, and the records of a list that is open count in
//! both at once, as pairs of counts.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Law;
use super::atom::Allowed;
use super::closure::Closure;
use super::question::cost;
use super::residual::{Residual, single};
use super::roll::{Counts, FactValues, Roll, RowValues};
use super::witness::{coupled, fact_candidates, field_candidates};
use crate::clock::{Day, Moment, TimeOfDay};
use crate::determination::{QuestionOrder, Slot};
use crate::diagram::Variable;
use crate::facts::{Facts, Listed, Value};
use crate::ir::{Corpus, Kind, Operand, RecordId};

/// So many pairs of requests are looked at for one determination.
const PAIR_COUNT_MAX: u32 = 3_000;
/// So many pairs of counts are told apart.
const COUNT_PAIRS_MAX: usize = 2_000;
/// So many bodies of records fit twice into one set.
const BODY_COUNT_MAX: usize = 16;
/// Values on either side of one at which something turns.
const BESIDE: i32 = 2;

type Asked = (Vec<Slot>, QuestionOrder);
type Two<T> = [T; 2];
/// A field of a record, and what is known of it.
type Field = (RecordId, u32, Value);

/// Returns the questions found, without those that cannot change the answer by themselves and with
/// those that were missed.
pub(super) fn exact(
    (law, corpus): (&Law, &Corpus),
    facts: &Facts,
    residual: &Residual,
    (slots, order): Asked,
) -> Asked {
    let ends = residual.diagram.terminals(residual.root);
    if residual.hanging.is_empty() || ends.iter().filter(|end| **end != 0).count() < 2 {
        return (slots, order);
    }
    let is_tried = |slot: &Slot| match slot {
        Slot::Fact(fact) => residual.tried.contains(fact),
        Slot::Field(..) | Slot::List(_) => true,
    };
    let tried: Vec<Slot> = residual.slots.iter().filter(|slot| is_tried(slot)).cloned().collect();
    let is_open = |roll: &&Roll| residual.records.contains(&roll.record);
    let rolls: Vec<&Roll> = law.rolls.iter().filter(is_open).collect();
    let offenses = RefCell::default();
    let mut search = Search { law, corpus, rolls, left: PAIR_COUNT_MAX, offenses };
    let mut kept = Vec::new();
    let mut missed = Vec::new();
    for slot in &slots {
        // Where there is too much to try, a question is rather asked.
        if !residual.hanging.contains(slot) || search.matters(slot, &tried, facts).unwrap_or(true) {
            kept.push(slot.clone());
        }
    }
    for slot in residual.hanging.iter().filter(|slot| !slots.contains(slot)) {
        if search.matters(slot, &tried, facts).unwrap_or(true) {
            missed.push(slot.clone());
        }
    }
    if missed.is_empty() && kept == slots {
        return (slots, order);
    }
    missed.sort_by_key(|slot| cost(corpus, slot));
    kept.extend(missed);
    let bound_millis = kept.iter().map(|slot| cost(corpus, slot)).min().unwrap_or(0);
    let cost_millis = match order {
        QuestionOrder::Optimal { cost_millis } | QuestionOrder::Bounded { cost_millis, .. } => {
            cost_millis.max(bound_millis)
        }
        QuestionOrder::None => kept.iter().map(|slot| cost(corpus, slot)).sum(),
    };
    let order = match kept.is_empty() {
        true => QuestionOrder::None,
        false => QuestionOrder::Bounded { cost_millis, bound_millis },
    };
    (kept, order)
}

struct Search<'a> {
    law: &'a Law,
    corpus: &'a Corpus,
    rolls: Vec<&'a Roll>,
    left: u32,
    /// Offenses to try for a field of which so much is known: they hang on nothing else.
    offenses: RefCell<BTreeMap<Field, Vec<Value>>>,
}

impl Search<'_> {
    /// Returns whether a slot can change the answer by itself; none where there is too much to try.
    fn matters(&mut self, slot: &Slot, tried: &[Slot], facts: &Facts) -> Option<bool> {
        let others = tried.iter().filter(|other| *other != slot);
        let others: Vec<&Slot> = others.filter(|other| !matches!(other, Slot::List(_))).collect();
        let mut two = [facts.clone(), facts.clone()];
        if let Slot::List(_) = slot {
            return self.differ(slot, &others, &mut two);
        }
        let mut unsure = false;
        for pair in self.neighbors(slot, facts) {
            for (facts, value) in two.iter_mut().zip(pair) {
                set(facts, slot, value);
            }
            match self.differ(slot, &others, &mut two) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unsure = true,
            }
        }
        (!unsure).then_some(false)
    }

    /// Pairs of values of a slot such that some pair makes a difference if any does.
    fn neighbors(&self, slot: &Slot, facts: &Facts) -> Vec<Two<Value>> {
        let values = self.candidates(slot, facts);
        let around = |turn: i64| (-i64::from(BESIDE)..=1).map(move |by| [turn + by, turn + by + 1]);
        let mut steps: Vec<Two<i64>> = Vec::new();
        let mut make: fn(i64) -> Value = Value::Number;
        for value in &values {
            let (turn, made): (i64, fn(i64) -> Value) = match value {
                Value::Number(number) => (*number, Value::Number),
                Value::Day(day) => (day.days().into(), |days| Value::Day(day_at(days))),
                Value::Moment(moment) => (moment.day().days().into(), |days| {
                    Value::Moment(Moment::at(day_at(days), TimeOfDay::MIDNIGHT))
                }),
                _ => continue,
            };
            make = made;
            steps.extend(around(turn));
        }
        if steps.is_empty() {
            let pairs = values.iter().enumerate().flat_map(|(index, one)| {
                values.iter().skip(index + 1).map(move |other| [*one, *other])
            });
            return pairs.collect();
        }
        steps.sort_unstable();
        steps.dedup();
        let (from, to) = match (slot, values.first()) {
            (_, Some(Value::Number(_))) => (0, i64::MAX),
            // A record's days are not after the day of the act.
            (Slot::Field(..), _) => (i64::MIN, self.law.scope.at.on.days().into()),
            _ => (i64::MIN, i64::MAX),
        };
        steps.retain(|[one, other]| *one >= from && *other <= to);
        steps.into_iter().map(|step| step.map(make)).collect()
    }

    fn candidates(&self, slot: &Slot, facts: &Facts) -> Vec<Value> {
        let (law, corpus) = (self.law, self.corpus);
        match slot {
            Slot::Fact(fact) => {
                fact_candidates(law, corpus, *fact, facts, self.rolls.iter().copied())
            }
            Slot::Field(record, row, field) => {
                let roll = self.rolls.iter().find(|roll| roll.record == *record);
                let row = facts.list(*record).and_then(|list| list.rows.get(*row));
                let field = u32::try_from(*field).unwrap_or(u32::MAX);
                match (roll, row) {
                    (Some(roll), Some(row)) => self.of_field(roll, field, row, facts),
                    _ => Vec::new(),
                }
            }
            Slot::List(_) => Vec::new(),
        }
    }

    fn of_field(&self, roll: &Roll, field: u32, row: &[Value], facts: &Facts) -> Vec<Value> {
        let find = || field_candidates(self.law, self.corpus, (roll, field), row, facts);
        let kind = self.corpus.records.get(roll.record.index());
        let kind = kind.and_then(|record| record.fields.get(field as usize)).map(|it| &it.kind);
        let Some(Kind::Offense) = kind else {
            return find();
        };
        let key = (roll.record, field, row.get(field as usize).copied().unwrap_or_default());
        self.offenses.borrow_mut().entry(key).or_insert_with(find).clone()
    }

    /// Returns whether the two requests can be answered differently, the others of their unknowns
    /// being the same in both.
    fn differ(&mut self, apart: &Slot, others: &[&Slot], two: &mut Two<Facts>) -> Option<bool> {
        self.left = self.left.checked_sub(1)?;
        let allowed = [&two[0], &two[1]].map(|facts| self.law.allowed(self.corpus, facts));
        let ends = [&allowed[0], &allowed[1]].map(|set| self.law.space.ends(self.law.root, set));
        match (ends[0].as_slice(), ends[1].as_slice()) {
            ([0], _) | (_, [0]) | ([], _) | (_, []) => return Some(false),
            ([0, one] | [one], [0, other] | [other]) if one == other => return Some(false),
            ([one], [other]) => return Some(one != other),
            _ => {}
        }
        let Some((slot, rest)) = others.split_first() else {
            return self.lists_differ(apart, two, &allowed);
        };
        let before = [&two[0], &two[1]].map(|facts| value_of(facts, slot));
        let mut values = self.candidates(slot, &two[0]);
        for more in self.candidates(slot, &two[1]) {
            if !values.contains(&more) {
                values.push(more);
            }
        }
        let mut found = Some(false);
        for value in values {
            two.iter_mut().for_each(|facts| set(facts, slot, value));
            match self.differ(apart, rest, two) {
                Some(false) => {}
                Some(true) => {
                    found = Some(true);
                    break;
                }
                None => found = None,
            }
        }
        for (facts, value) in two.iter_mut().zip(before) {
            set(facts, slot, value);
        }
        found
    }

    /// With all but open lists known: tries every pair of counts that the lists can have.
    fn lists_differ(
        &self,
        apart: &Slot,
        two: &Two<Facts>,
        allowed: &Two<Vec<Allowed>>,
    ) -> Option<bool> {
        let mut all = vec![allowed.clone()];
        for roll in &self.rolls {
            let pairs = self.count_pairs(apart, roll, two)?;
            if all.len() * pairs.len() > COUNT_PAIRS_MAX {
                return None;
            }
            let with = |allowed: &Two<Vec<Allowed>>, counts: &Two<Counts>| {
                let mut allowed = allowed.clone();
                for (set, counts) in allowed.iter_mut().zip(counts) {
                    for (variable, count) in roll.variables.iter().zip(counts) {
                        if let Some(slot) = set.get_mut(variable.0 as usize) {
                            *slot = 1 << count;
                        }
                    }
                }
                allowed
            };
            all = all.iter().flat_map(|it| pairs.iter().map(|counts| with(it, counts))).collect();
        }
        let root = self.law.root;
        Some(all.iter().any(|allowed| {
            let ends = self.law.space.diagram.reachable_pairs((root, root), &|v| ways(allowed, v));
            ends.iter().any(|(one, other)| one != other && *one != 0 && *other != 0)
        }))
    }

    /// The counts that one list can have in the two requests at once.
    fn count_pairs(&self, apart: &Slot, roll: &Roll, two: &Two<Facts>) -> Option<Vec<Two<Counts>>> {
        let listed = [&two[0], &two[1]].map(|facts| self.listed(roll, facts));
        let list = two[0].list(roll.record);
        if list.is_some_and(|list| list.listed == Listed::Whole) {
            return Some(vec![listed]);
        }
        let sum = |index: usize, more: &[u32]| -> Counts {
            let counts = listed.get(index).map_or(&[][..], Vec::as_slice).iter().zip(more);
            counts.zip(&roll.caps).map(|((a, b), cap)| (a + b).min(*cap)).collect()
        };
        let count = roll.caps.len();
        if count > BODY_COUNT_MAX {
            return None;
        }
        if *apart == Slot::List(roll.record) {
            let own = u32::MAX >> (u32::BITS as usize - count.clamp(1, BODY_COUNT_MAX));
            let bodies = self.body_pairs(apart, roll, two).into_iter().map(|both| both & own);
            let bodies: Vec<u32> = bodies.collect();
            let lists: Vec<Counts> = roll.closure(&bodies).into_keys().collect();
            if lists.len() * lists.len() > COUNT_PAIRS_MAX {
                return None;
            }
            let pair = |a: &Counts, b: &Counts| [sum(0, a), sum(1, b)];
            return Some(
                lists.iter().flat_map(|a| lists.iter().map(move |b| pair(a, b))).collect(),
            );
        }
        let caps = [roll.caps.as_slice(), roll.caps.as_slice()].concat();
        let lists: Vec<Counts> =
            Closure::of(&caps, &self.body_pairs(apart, roll, two)).into_keys().collect();
        let halves = lists.iter().filter_map(|both| both.split_at_checked(count));
        let pairs = halves.map(|(a, b)| [sum(0, a), sum(1, b)]);
        (lists.len() <= COUNT_PAIRS_MAX).then(|| pairs.collect())
    }

    /// The counts of the records that are listed.
    fn listed(&self, roll: &Roll, facts: &Facts) -> Counts {
        let outer = FactValues { facts, on: self.law.scope.at.on };
        let context = self.law.context(self.corpus);
        let rows = facts.list(roll.record).map_or(&[][..], |list| &list.rows);
        rows.iter().fold(roll.none(), |counts, row| {
            let values = RowValues { record: roll.record, row, outer: &outer };
            let bodies = roll.bodies_within(&roll.row_allowed(&context, &values));
            roll.plus(&counts, bodies.first().copied().unwrap_or(0))
        })
    }

    /// The bodies that one record may satisfy in the two requests at once: those of the second
    /// stand above those of the first.
    fn body_pairs(&self, apart: &Slot, roll: &Roll, two: &Two<Facts>) -> Vec<u32> {
        let mut fields = coupled(roll);
        if let Slot::Fact(fact) = apart {
            for atom in &roll.space.atoms {
                let operands = atom.operands();
                if operands.contains(&Operand::Fact(*fact)) {
                    fields.extend(operands.iter().filter_map(|operand| match operand {
                        Operand::Field(_, field) => Some(*field),
                        _ => None,
                    }));
                }
            }
        }
        fields.sort_unstable();
        fields.dedup();
        let count = self.corpus.records.get(roll.record.index()).map_or(0, |it| it.fields.len());
        let mut found = Vec::new();
        self.try_rows(roll, &fields, (&mut vec![Value::Unknown; count], two), &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn try_rows(
        &self,
        roll: &Roll,
        fields: &[u32],
        (row, two): (&mut Vec<Value>, &Two<Facts>),
        found: &mut Vec<u32>,
    ) {
        let Some((field, rest)) = fields.split_first() else {
            let context = self.law.context(self.corpus);
            let allowed = [&two[0], &two[1]].map(|facts| {
                let outer = FactValues { facts, on: self.law.scope.at.on };
                let values = RowValues { record: roll.record, row, outer: &outer };
                roll.row_allowed(&context, &values)
            });
            let pairs = roll
                .space
                .diagram
                .reachable_pairs((roll.root, roll.root), &|variable| ways(&allowed, variable));
            found.extend(pairs.into_iter().map(|(one, other)| one | other << roll.caps.len()));
            return;
        };
        let mut values: Vec<Value> = Vec::new();
        for facts in two {
            for value in self.of_field(roll, *field, row, facts) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
        for value in values {
            if let Some(slot) = row.get_mut(*field as usize) {
                *slot = value;
            }
            self.try_rows(roll, rest, (&mut *row, two), found);
        }
        if let Some(slot) = row.get_mut(*field as usize) {
            *slot = Value::Unknown;
        }
    }
}

/// The values that a variable takes in the two requests: what is open in both in the same way is
/// the same in both.
fn ways(allowed: &Two<Vec<Allowed>>, variable: Variable) -> Vec<(u16, u16)> {
    let of = |set: &Vec<Allowed>| set.get(variable.0 as usize).copied().unwrap_or(Allowed::MAX);
    let [one, other] = [of(&allowed[0]), of(&allowed[1])];
    let values = |set: Allowed| (0..64u16).filter(move |value| set >> value & 1 == 1);
    match (single(one), single(other)) {
        (Some(one), Some(other)) => vec![(one, other)],
        _ if one == other => values(one).map(|value| (value, value)).collect(),
        _ => values(one).flat_map(|a| values(other).map(move |b| (a, b))).collect(),
    }
}

fn value_of(facts: &Facts, slot: &Slot) -> Value {
    let found = match slot {
        Slot::Fact(fact) => Some(facts.value(*fact)),
        Slot::Field(record, row, field) => {
            facts.list(*record).and_then(|list| list.rows.get(*row)?.get(*field).copied())
        }
        Slot::List(_) => None,
    };
    found.unwrap_or_default()
}

fn set(facts: &mut Facts, slot: &Slot, value: Value) {
    match slot {
        Slot::Fact(fact) => facts.set(*fact, value),
        Slot::Field(record, row, field) => {
            let list = facts.lists.get_mut(record.index());
            let row = list.and_then(|list| list.rows.get_mut(*row));
            if let Some(slot) = row.and_then(|row| row.get_mut(*field)) {
                *slot = value;
            }
        }
        Slot::List(_) => {}
    }
}

fn day_at(days: i64) -> Day {
    let days = days.clamp(Day::MIN.days().into(), Day::MAX.days().into());
    Day::MIN.plus_days(i32::try_from(days - i64::from(Day::MIN.days())).unwrap_or(0))
}
