//! Limits: the days that look-backs reach to, for a block of rows at a time.

use std::collections::BTreeMap;

use super::column::{NO_DAY, NO_NUMBER};
use super::columns::RequestColumns;
use super::planes::{BLOCK_ROWS, Rows};
use super::probe::{Anchor, DAYS_MAX, Moved, Place};
use super::view::View;
use crate::clock::{Day, plus_months};
use crate::ir::FactId;

/// Days moved by so many months, by day: a column has far fewer days than rows.
#[derive(Default)]
pub(super) struct Months {
    /// By months: the first day, then where each day comes to.
    moved: BTreeMap<i32, (i32, Vec<i32>)>,
}

/// The first day that a threshold no longer holds on, for a block of rows: at the latest, and at
/// the earliest. They differ where something that it is made of is not known.
pub(super) struct Limit {
    pub latest: Rows<i32>,
    pub earliest: Rows<i32>,
}

impl Limit {
    /// Returns the limits of records, each that of its request; `first` is the first request.
    pub(super) fn by_owner(&self, owners: &[u32], first: usize, known: bool) -> Self {
        let copied = |from: &Rows<i32>| {
            let mut made = [0; BLOCK_ROWS];
            for (slot, owner) in made.iter_mut().zip(owners) {
                let at = (*owner as usize).wrapping_sub(first) % BLOCK_ROWS;
                *slot = from[at];
            }
            made
        };
        let latest = copied(&self.latest);
        let earliest = if known { latest } else { copied(&self.earliest) };
        Self { latest, earliest }
    }
}

impl Months {
    /// Prepares for an anchor that is a fact of the request.
    pub(super) fn prepare(&mut self, columns: &RequestColumns, moved: &Moved) {
        let (Place::Fact(fact, _), ..) = moved.anchor.parts() else {
            return;
        };
        let days = columns.column(FactId(fact)).and_then(|column| column.cells.days());
        let known = || days.unwrap_or(&[]).iter().copied().filter(|day| *day != NO_DAY);
        let (Some(first), Some(last)) = (known().min(), known().max()) else {
            return;
        };
        let span = usize::try_from(last - first).unwrap_or(usize::MAX);
        if span >= columns.row_count() {
            return;
        }
        for (months, ..) in moved.anchor.shifts().filter(|(months, ..)| *months != 0) {
            let (first, last) = match self.moved.get(&months) {
                Some((own, days)) => {
                    let end = *own + i32::try_from(days.len()).unwrap_or(0) - 1;
                    (first.min(*own), last.max(end))
                }
                None => (first, last),
            };
            let days = (first..=last).map(|day| plus(day, months)).collect();
            self.moved.insert(months, (first, days));
        }
    }

    fn shift(&self, days: &mut Rows<i32>, months: i32) {
        if months == 0 {
            return;
        }
        let none = (0, Vec::new());
        let (first, table) = self.moved.get(&months).unwrap_or(&none);
        for day in days.iter_mut() {
            // A day before the first wraps round to one far past the last.
            let at = day.wrapping_sub(*first).cast_unsigned() as usize;
            *day = table.get(at).copied().unwrap_or_else(|| plus(*day, months));
        }
    }

    /// Works out the limits of a block, by threshold. Returns whether all of them are known.
    pub(super) fn limits(&self, anchor: &Anchor, view: &View<'_>, out: &mut Vec<Limit>) -> bool {
        let (right, excluded, later) = anchor.parts();
        let mut anchors = [NO_DAY; BLOCK_ROWS];
        view.days(right, &mut anchors);
        let unknown: Rows<bool> = std::array::from_fn(|row| anchors[row] == NO_DAY);
        // A day that is not known is moved as any other, and what comes of it is not looked at.
        let some = anchors.iter().copied().find(|day| *day != NO_DAY).unwrap_or(0);
        for day in &mut anchors {
            *day = if *day == NO_DAY { some } else { *day };
        }
        let (left_out, left_out_unknown) = left_out(excluded, later, view);
        let within = unknown.iter().zip(&left_out_unknown).take(view.count);
        let known = within.fold(true, |known, (unknown, left_out)| known & !(unknown | left_out));
        out.clear();
        for (months, days, inclusive) in anchor.shifts() {
            let mut limit = Limit { latest: anchors, earliest: [0; BLOCK_ROWS] };
            self.shift(&mut limit.latest, months);
            for ((latest, left_out), earliest) in
                limit.latest.iter_mut().zip(&left_out).zip(&mut limit.earliest)
            {
                let moved = *latest + days + left_out;
                *latest = moved.clamp(Day::MIN.days(), Day::MAX.days()) + inclusive;
                *earliest = *latest;
            }
            for row in (0..BLOCK_ROWS).filter(|_| !known) {
                if unknown[row] || left_out_unknown[row] {
                    limit.earliest[row] = i32::MIN;
                    // Whatever days are left out, they only move an earlier threshold earlier.
                    if unknown[row] || later {
                        limit.latest[row] = i32::MAX;
                    }
                }
            }
            out.push(limit);
        }
        known
    }
}

/// The days left out of a block, negative where they move a threshold earlier; and where they are
/// not known.
fn left_out(place: Option<Place>, later: bool, view: &View<'_>) -> (Rows<i32>, Rows<bool>) {
    let (mut days, mut unknown) = ([0; BLOCK_ROWS], [false; BLOCK_ROWS]);
    let Some(place) = place else {
        return (days, unknown);
    };
    let mut numbers = [NO_NUMBER; BLOCK_ROWS];
    view.numbers(place, &mut numbers);
    for ((day, unknown), number) in days.iter_mut().zip(&mut unknown).zip(&numbers) {
        *unknown = *number == NO_NUMBER;
        // What is not known is below zero, and so counts as none.
        let count = (*number).clamp(0, DAYS_MAX) as i32;
        *day = if later { count } else { -count };
    }
    (days, unknown)
}

fn plus(day: i32, months: i32) -> i32 {
    plus_months(Day::from_days(day), months.into()).days()
}
