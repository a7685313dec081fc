//! Sheets: the variables of one function over a block of rows, as bitmaps by value.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::atom::{Allowed, Atom, Context};
use super::column::{NO_CHOICE, NO_DAY, NO_NUMBER, NO_OFFENSE};
use super::limits::{Limit, Months};
use super::planes::{
    BLOCK_ROWS, BLOCK_WORDS, Bits, combined, first_rows, for_each_row, put_allowed, several,
    where_reached, where_value,
};
use super::probe::{OPEN, Place, Probe};
use super::view::View;
use crate::clock::Day;
use crate::diagram::{Flat, Plan, Variable};
use crate::facts::Value;
use crate::ir::{Offense, OffenseNode, Operand, RecordId};

/// A variable and where its planes are: one for each of its values.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub variable: Variable,
    pub first: usize,
    pub arity: usize,
}

/// One function with room for a block of rows.
pub(super) struct Sheet {
    pub slots: Vec<Slot>,
    /// The payloads, by terminal.
    pub terminals: Vec<u32>,
    plan: Plan,
    planes: Vec<Bits>,
    reach: Vec<Bits>,
}

/// What is needed to turn values into bitmaps.
pub(super) struct Filling<'a> {
    pub context: Context<'a>,
    /// The kind of the record at hand.
    pub record: Option<RecordId>,
    pub on: Day,
    pub months: &'a Months,
    pub open_patterns: &'a RefCell<OpenPatterns>,
}

/// Patterns of offenses that the tables leave open, by variable and code of the offense; nothing
/// is allowed of those that were not looked up yet.
pub(super) type OpenPatterns = BTreeMap<Variable, Vec<Allowed>>;

impl Sheet {
    pub(super) fn new(flat: &Flat) -> Self {
        let mut slots = Vec::new();
        let mut first = 1;
        for (variable, arity) in flat.variables() {
            let arity = usize::from(arity);
            slots.push(Slot { variable: Variable(variable), first, arity });
            first += arity;
        }
        let plane_of = |variable: Variable| {
            let slot = slots.iter().find(|slot| slot.variable == variable)?;
            Some((slot.first, slot.arity))
        };
        let plan = Plan::new(flat, plane_of);
        let planes = vec![[0; BLOCK_WORDS]; first];
        Self { terminals: flat.terminals().to_vec(), plan, planes, reach: Vec::new(), slots }
    }

    /// Returns the slot of a variable, if the function asks for it.
    pub(super) fn slot(&self, variable: Variable) -> Option<Slot> {
        self.slots.iter().copied().find(|slot| slot.variable == variable)
    }

    /// Begins a block of so many rows.
    pub(super) fn begin(&mut self, row_count: usize) {
        if let Some(rows) = self.planes.first_mut() {
            *rows = first_rows(row_count);
        }
    }

    /// Returns the bits of the rows there are.
    pub(super) fn rows(&self) -> Bits {
        self.planes.first().copied().unwrap_or_default()
    }

    /// Returns the planes of a variable, by value.
    pub(super) fn planes(&self, slot: Slot) -> &[Bits] {
        self.planes.get(slot.first..slot.first + slot.arity).unwrap_or(&[])
    }

    pub(super) fn planes_mut(&mut self, slot: Slot) -> &mut [Bits] {
        self.planes.get_mut(slot.first..slot.first + slot.arity).unwrap_or(&mut [])
    }

    /// Returns the rows in which a variable can have several values.
    pub(super) fn several(&self, slot: Slot) -> Bits {
        combined(&several(self.planes(slot)), &self.rows(), |open, rows| open & rows)
    }

    /// Lets the rows flow down; returns the payloads by terminal, and which rows can end there.
    pub(super) fn flow(&mut self) -> (&[u32], &[Bits]) {
        (&self.terminals, self.plan.flow(&self.planes, &mut self.reach))
    }
}

impl Filling<'_> {
    /// Fills the planes of one variable.
    pub(super) fn fill(
        &self,
        variable: Variable,
        (atom, probe): (&Atom, &Probe),
        view: &View<'_>,
        planes: &mut [Bits],
    ) {
        match probe {
            Probe::Plain(place) => plain(*place, view, planes),
            Probe::Days(place, limits) => {
                let mut days = [NO_DAY; BLOCK_ROWS];
                view.days(*place, &mut days);
                let highest = self.highest(atom);
                let reached = |limit: i32| {
                    let low = where_value(&days, |day| *day >= limit);
                    let unknown_too = highest >= limit;
                    let high =
                        where_value(&days, |day| (*day >= limit) | (*day == NO_DAY) & unknown_too);
                    (low, high)
                };
                ranges(limits.iter().map(|limit| reached(*limit)), planes);
            }
            Probe::Moved(moved) => {
                let mut limits = Vec::new();
                let known = self.months.limits(&moved.anchor, view, &mut limits);
                self.fill_moved((atom, moved.left), view, (&limits, known), planes);
            }
            Probe::Number(place, cuts) => {
                let mut numbers = [NO_NUMBER; BLOCK_ROWS];
                view.numbers(*place, &mut numbers);
                let reached = |cut: i64| {
                    let low = where_value(&numbers, |number| *number >= cut);
                    let unknown = where_value(&numbers, |number| *number == NO_NUMBER);
                    (low, combined(&low, &unknown, |low, unknown| low | unknown))
                };
                ranges(cuts.iter().map(|cut| reached(*cut)), planes);
            }
            Probe::Offense(place, patterns) => {
                self.fill_offenses((variable, atom), (*place, patterns), view, planes);
            }
            Probe::Count { .. } | Probe::Rare => self.fill_rare(atom, view, planes),
        }
    }

    /// Fills the planes of a date against an anchor whose limits are worked out.
    pub(super) fn fill_moved(
        &self,
        (atom, left): (&Atom, Place),
        view: &View<'_>,
        (limits, limits_known): (&[Limit], bool),
        planes: &mut [Bits],
    ) {
        let mut days = [NO_DAY; BLOCK_ROWS];
        view.days(left, &mut days);
        let highest = self.highest(atom);
        let mut at_most = days;
        let mut known = limits_known;
        for day in &mut at_most {
            known &= *day != NO_DAY;
            *day = if *day == NO_DAY { highest } else { *day };
        }
        let reached = |limit: &Limit| {
            let low = where_reached(&days, &limit.latest);
            let high = if known { low } else { where_reached(&at_most, &limit.earliest) };
            (low, high)
        };
        ranges(limits.iter().map(reached), planes);
    }

    /// The last day that a date can be that is not known: a record's is not after the act.
    fn highest(&self, atom: &Atom) -> i32 {
        match atom {
            Atom::Gap(gap, _)
                if matches!(gap.left, Operand::Field(..)) && gap.excluded.is_none() =>
            {
                self.on.days()
            }
            _ => i32::MAX,
        }
    }

    fn fill_offenses(
        &self,
        (variable, atom): (Variable, &Atom),
        (place, patterns): (Place, &[u8]),
        view: &View<'_>,
        planes: &mut [Bits],
    ) {
        let mut offenses = [NO_OFFENSE; BLOCK_ROWS];
        view.offenses(place, &mut offenses);
        let pattern = |offense: &u32| patterns.get(*offense as usize).copied().unwrap_or(OPEN);
        let found: [u8; BLOCK_ROWS] = std::array::from_fn(|row| pattern(&offenses[row]));
        for (value, plane) in (0u8..).zip(planes.iter_mut()) {
            *plane = where_value(&found, |found| *found == value);
        }
        let open = where_value(&found, |found| *found == OPEN);
        let open = combined(&open, &first_rows(view.count), |open, rows| open & rows);
        if open == [0; BLOCK_WORDS] {
            return;
        }
        let mut all_looked_up = self.open_patterns.borrow_mut();
        let looked_up = all_looked_up.entry(variable).or_insert_with(|| vec![0; patterns.len()]);
        for_each_row(&open, |row| {
            let code = offenses.get(row).copied().unwrap_or(NO_OFFENSE);
            let allowed = match looked_up.get_mut(code as usize) {
                Some(found) => {
                    if *found == 0 {
                        *found = self.open_pattern(atom, code);
                    }
                    *found
                }
                None => atom.all(),
            };
            put_allowed(planes, row, allowed);
        });
    }

    fn open_pattern(&self, atom: &Atom, code: u32) -> Allowed {
        let offense = Offense { node: OffenseNode(code >> 1), whole: code & 1 == 1 };
        let operand = atom.operands().first().copied();
        let one = OneValue(operand, Value::Offense(offense));
        self.context.allowed(atom, &one)
    }

    fn fill_rare(&self, atom: &Atom, view: &View<'_>, planes: &mut [Bits]) {
        for row in 0..view.count {
            let values = view.row(self.record, self.on, row);
            put_allowed(planes, row, self.context.allowed(atom, &values));
        }
    }
}

/// One operand with its value.
struct OneValue(Option<Operand>, Value);

impl super::atom::Values for OneValue {
    fn value(&self, operand: Operand) -> Value {
        if Some(operand) == self.0 { self.1 } else { Value::Unknown }
    }
}

/// Fills the planes of a yes or no, or of a choice.
fn plain(place: Place, view: &View<'_>, planes: &mut [Bits]) {
    let mut choices = [NO_CHOICE; BLOCK_ROWS];
    if view.choices(place, &mut choices).is_some() {
        let last = planes.len().saturating_sub(1);
        for (value, plane) in planes.iter_mut().enumerate() {
            // A value past the last is the last, and what is not known is past it.
            let (wanted, is_last) = (value as u16, value == last);
            *plane = where_value(&choices, |choice| {
                (*choice == wanted) | (*choice == NO_CHOICE) | is_last & (*choice > wanted)
            });
        }
        return;
    }
    let (known, yes) = view.yes_no(place);
    let (no_too, yes_too) = match place {
        Place::Fact(_, Value::Bool(true)) | Place::Field(_, Value::Bool(true)) => (0, u64::MAX),
        Place::Fact(_, Value::Bool(false)) | Place::Field(_, Value::Bool(false)) => (u64::MAX, 0),
        _ => (u64::MAX, u64::MAX),
    };
    if let [no_plane, yes_plane, ..] = planes {
        *no_plane = combined(&known, &yes, |known, yes| known & !yes | !known & no_too);
        *yes_plane = combined(&known, &yes, |known, yes| known & yes | !known & yes_too);
    }
    for further in planes.iter_mut().skip(2) {
        *further = known.map(|known| !known);
    }
}

/// Fills planes from thresholds that rise: for each the rows that have surely reached it, and those
/// that can have. The value of a row counts the thresholds that it has reached.
fn ranges(reached: impl Iterator<Item = (Bits, Bits)>, planes: &mut [Bits]) {
    let (mut surely_before, mut maybe_before) = ([u64::MAX; BLOCK_WORDS], [u64::MAX; BLOCK_WORDS]);
    let mut slots = planes.iter_mut();
    for ((surely, maybe), plane) in reached.zip(&mut slots) {
        let surely = combined(&surely, &surely_before, |now, before| now & before);
        *plane = combined(&maybe_before, &surely, |maybe, surely| maybe & !surely);
        maybe_before = combined(&maybe, &maybe_before, |now, before| now & before);
        surely_before = surely;
    }
    if let Some(last) = slots.next() {
        *last = maybe_before;
    }
}
