//! Patterns: what requests with unknown facts must share to have the same outcome.
//!
//! An atom that the known facts settle counts by its value, whatever they are. One that they leave
//! open counts by the values of all that it looks at; where only its own date is not known, by the
//! sides of the limits that a date can be on. The records of a list are taken in a fixed order.

use std::collections::BTreeMap;

use super::Law;
use super::atom::{ARITY_MAX, Atom, Values};
use super::probe::{Known, Moved, NOTHING_MOVED, Probe, Sight, SightValues};
use crate::clock::Day;
use crate::facts::{Facts, Listed, Value};
use crate::ir::{Corpus, Operand, RecordId};

/// What stands before an atom that is open.
const OPEN: u64 = u64::MAX;
/// What stands before an atom of which only its own date is not known.
const OPEN_DATE: u64 = u64::MAX - 1;

/// Writes the patterns of a law.
pub(super) struct Pattern {
    key: Vec<u64>,
    /// How many atoms look at each date, in the law and in the records of its lists.
    looks: BTreeMap<Operand, usize>,
}

impl Pattern {
    /// Makes ready for a law.
    pub(super) fn of(law: &Law) -> Self {
        let mut looks = BTreeMap::new();
        let of_rolls = law.rolls.iter().flat_map(|roll| &roll.space.atoms);
        for operand in law.space.atoms.iter().chain(of_rolls).flat_map(Atom::operands) {
            *looks.entry(operand).or_default() += 1;
        }
        Self { key: Vec::new(), looks }
    }

    /// Returns the pattern of a request: those with the same have the same outcomes.
    pub(super) fn key(&mut self, law: &Law, corpus: &Corpus, facts: &Facts) -> &[u64] {
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        let outer = Sight { facts: &facts.values, row: &[], presuming: true };
        self.write(law, (&law.space.atoms, &law.ready.probes), (outer, None), &mut key);
        for (roll, ready) in law.rolls.iter().zip(&law.ready.rolls) {
            let list = facts.list(roll.record);
            let whole = list.is_some_and(|list| list.listed == Listed::Whole);
            let rows = list.map_or(&[][..], |list| &list.rows);
            let mut records: Vec<Vec<u64>> = Vec::with_capacity(rows.len());
            let write = |row: &[Value]| {
                let mut own = Vec::new();
                let sight = Sight { facts: &facts.values, row, presuming: true };
                let atoms = (&roll.space.atoms[..], &ready.probes[..]);
                self.write(law, atoms, (sight, Some(roll.record)), &mut own);
                own
            };
            for row in rows {
                records.push(write(row));
            }
            records.sort_unstable();
            key.push(records.len() as u64);
            key.push(u64::from(whole));
            if !whole {
                key.extend(write(&[]));
            }
            records.iter().for_each(|record| key.extend(record));
        }
        let _ = corpus;
        self.key = key;
        &self.key
    }

    fn write(
        &self,
        law: &Law,
        (atoms, probes): (&[Atom], &[Probe]),
        (sight, record): (Sight<'_>, Option<RecordId>),
        key: &mut Vec<u64>,
    ) {
        let values = SightValues { sight, record, on: law.scope.at.on };
        for (atom, probe) in atoms.iter().zip(probes) {
            if let Some(value) = probe.ask(&sight) {
                key.push(value.into());
                continue;
            }
            if let Probe::Moved(moved) = probe
                && let Some(sides) = self.sides(atom, moved, (&sight, &values))
            {
                key.extend([OPEN_DATE, sides]);
                continue;
            }
            key.push(OPEN);
            key.extend(atom.operands().into_iter().flat_map(|it| code(values.value(it))));
        }
    }

    /// The sides of its limits that a date can be on of which nothing is known and which nothing
    /// else looks at, one bit each; then as many bits for a date that is not after the act.
    fn sides(
        &self,
        atom: &Atom,
        moved: &Moved,
        (sight, values): (&Sight<'_>, &SightValues<'_>),
    ) -> Option<u64> {
        let Atom::Gap(gap, _) = atom else {
            return None;
        };
        let count = moved.anchor.cut_count();
        // A date of the request is the same for all records.
        if matches!(gap.left, Operand::Field(..)) != values.record.is_some() {
            return None;
        }
        let alone = self.looks.get(&gap.left) == Some(&1) && gap.left != gap.right;
        if !alone || values.value(gap.left).is_known() || count >= ARITY_MAX / 2 {
            return None;
        }
        let mut room = [0; ARITY_MAX];
        let limits = room.get_mut(..count)?;
        if moved.anchor.limits(sight, limits, &mut { NOTHING_MOVED }) != Known::All {
            return None;
        }
        let (mut sides, mut first) = (0, Day::MIN.days());
        for (side, next) in limits.iter().copied().chain([i32::MAX]).enumerate() {
            let is_there = first < next;
            let is_there_by_then = is_there && first <= values.on.days();
            sides |= u64::from(is_there) << side;
            sides |= u64::from(is_there_by_then) << (side + ARITY_MAX / 2);
            first = first.max(next);
        }
        Some(sides)
    }
}

/// Whether a value is known, and a number that is its own among values of its type.
fn code(value: Value) -> [u64; 2] {
    let number = match value {
        Value::Unknown => return [0, 0],
        Value::Bool(value) => value.into(),
        Value::Choice(value) => value.into(),
        Value::Day(day) => u64::from(day.days().cast_unsigned()),
        Value::Moment(moment) => u64::from(moment.day().days().cast_unsigned()),
        Value::Number(number) => number.cast_unsigned(),
        Value::Offense(offense) => u64::from(offense.node.0) << 1 | u64::from(offense.whole),
    };
    [1, number]
}
