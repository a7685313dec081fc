//! Views: the values of a block of rows, requests or records, copied out of columns.

use super::atom::{Values, day_of};
use super::column::{Cells, Column, NO_CHOICE, NO_DAY, NO_NUMBER, NO_OFFENSE};
use super::columns::RequestColumns;
use super::planes::{BLOCK_ROWS, BLOCK_WORDS, Bits, Rows};
use super::probe::Place;
use super::roster::Roster;
use crate::clock::Day;
use crate::facts::Value;
use crate::ir::{FactId, Operand, RecordId};

/// What the rows of a view are.
#[derive(Clone, Copy)]
pub(super) enum Seen<'a> {
    /// Requests.
    Requests,
    /// Records, each with its request.
    Records(&'a Roster, &'a [u32]),
    /// For each request a record of which nothing is known.
    Blank,
}

/// A block of rows.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub columns: &'a RequestColumns,
    pub seen: Seen<'a>,
    /// The first row, among all requests or all records.
    pub first: usize,
    /// How many rows there are.
    pub count: usize,
}

/// Where the values of a place stand.
enum Spot<'a> {
    Nothing,
    Fixed(Value),
    /// Row after row.
    Along(&'a Column),
    /// By request, while the rows are records.
    ByOwner(&'a Column, &'a [u32]),
}

impl<'a> View<'a> {
    /// Returns a view of requests.
    pub(super) fn requests(columns: &'a RequestColumns, first: usize) -> Self {
        let count = columns.row_count().saturating_sub(first).min(BLOCK_ROWS);
        Self { columns, seen: Seen::Requests, first, count }
    }

    fn spot(&self, place: Place) -> Spot<'a> {
        let found = match (place, self.seen) {
            (Place::Fixed(value), _) => return Spot::Fixed(value),
            (Place::Fact(fact, _), Seen::Records(_, owners)) => {
                self.columns.column(FactId(fact)).map(|column| Spot::ByOwner(column, owners))
            }
            (Place::Fact(fact, _), _) => self.columns.column(FactId(fact)).map(Spot::Along),
            (Place::Field(field, _), Seen::Records(roster, _)) => {
                roster.field(field as usize).map(Spot::Along)
            }
            (Place::Field(..), _) => None,
        };
        found.unwrap_or(Spot::Nothing)
    }

    /// Copies values out; rows past the end are `unknown`.
    fn copy<T: Copy>(
        &self,
        spot: &Spot<'_>,
        cells: fn(&Cells) -> Option<&[T]>,
        unknown: T,
        out: &mut Rows<T>,
    ) {
        let done = match spot {
            Spot::Along(column) => {
                let all = cells(&column.cells).and_then(|all| all.get(self.first..));
                let part = all.map_or(&[][..], |all| all.get(..self.count).unwrap_or(all));
                out.iter_mut().zip(part).for_each(|(slot, value)| *slot = *value);
                part.len()
            }
            Spot::ByOwner(column, owners) => {
                let all = cells(&column.cells).unwrap_or(&[]);
                let by = |owner: &u32| all.get(*owner as usize).copied().unwrap_or(unknown);
                out.iter_mut().zip(*owners).for_each(|(slot, owner)| *slot = by(owner));
                owners.len()
            }
            Spot::Nothing | Spot::Fixed(_) => 0,
        };
        out.iter_mut().skip(done).for_each(|slot| *slot = unknown);
    }

    /// Copies the dates of a place, as days.
    pub(super) fn days(&self, place: Place, out: &mut Rows<i32>) {
        match self.spot(place) {
            Spot::Fixed(value) => out.fill(day_of(value).map_or(NO_DAY, Day::days)),
            spot => self.copy(&spot, Cells::days, NO_DAY, out),
        }
    }

    /// Copies the numbers of a place.
    pub(super) fn numbers(&self, place: Place, out: &mut Rows<i64>) {
        self.copy(&self.spot(place), Cells::numbers, NO_NUMBER, out);
    }

    /// Copies the offenses of a place, as codes.
    pub(super) fn offenses(&self, place: Place, out: &mut Rows<u32>) {
        self.copy(&self.spot(place), Cells::offenses, NO_OFFENSE, out);
    }

    /// Copies the choices of a place; none where its column has none.
    pub(super) fn choices(&self, place: Place, out: &mut Rows<u16>) -> Option<()> {
        let spot = self.spot(place);
        let (Spot::Along(column) | Spot::ByOwner(column, _)) = &spot else {
            return None;
        };
        column.cells.choices()?;
        self.copy(&spot, Cells::choices, NO_CHOICE, out);
        Some(())
    }

    /// Returns where a yes or no is known, and where it is yes.
    pub(super) fn yes_no(&self, place: Place) -> (Bits, Bits) {
        match self.spot(place) {
            Spot::Along(Column { cells: Cells::YesNo { known, yes }, .. }) => {
                (window(known, self.first), window(yes, self.first))
            }
            Spot::ByOwner(Column { cells: Cells::YesNo { known, yes }, .. }, owners) => {
                (by_owner(known, owners), by_owner(yes, owners))
            }
            _ => ([0; BLOCK_WORDS], [0; BLOCK_WORDS]),
        }
    }

    /// Returns the values of one row, by operand.
    pub(super) fn row(&self, record: Option<RecordId>, on: Day, row: usize) -> RowOfView<'_> {
        RowOfView { view: self, record, on, row }
    }
}

/// The values of one row of a view.
pub(super) struct RowOfView<'a> {
    view: &'a View<'a>,
    record: Option<RecordId>,
    on: Day,
    row: usize,
}

impl Values for RowOfView<'_> {
    fn value(&self, operand: Operand) -> Value {
        let place = match operand {
            Operand::Fact(fact) => Place::Fact(fact.0, Value::Unknown),
            Operand::Field(of, field) if Some(of) == self.record => {
                Place::Field(field, Value::Unknown)
            }
            Operand::Field(..) => return Value::Unknown,
            Operand::ActDate => return Value::Day(self.on),
            Operand::Day(day) => return Value::Day(day),
        };
        match self.view.spot(place) {
            Spot::Nothing => Value::Unknown,
            Spot::Fixed(value) => value,
            Spot::Along(column) => column.get(self.view.first + self.row),
            Spot::ByOwner(column, owners) => {
                owners.get(self.row).map_or(Value::Unknown, |owner| column.get(*owner as usize))
            }
        }
    }
}

/// The bits of a block that may begin within a word.
fn window(words: &[u64], first: usize) -> Bits {
    let (skipped, shift) = (first / 64, first % 64);
    let word = |index: usize| words.get(index).copied().unwrap_or(0);
    std::array::from_fn(|index| {
        let low = word(skipped + index) >> shift;
        if shift == 0 { low } else { low | word(skipped + index + 1) << (64 - shift) }
    })
}

fn by_owner(words: &[u64], owners: &[u32]) -> Bits {
    let mut bits = [0; BLOCK_WORDS];
    for (word, owners) in bits.iter_mut().zip(owners.chunks(64)) {
        for (row, owner) in owners.iter().enumerate() {
            let owner = *owner as usize;
            *word |= words.get(owner / 64).map_or(0, |it| it >> (owner % 64) & 1) << row;
        }
    }
    bits
}
