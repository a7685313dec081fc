//! One column: a fact of many requests, or a field of many records.

use crate::clock::Day;
use crate::facts::Value;
use crate::ir::{Offense, OffenseNode};

/// Marks of what is not known.
pub(super) const NO_CHOICE: u16 = u16::MAX;
pub(super) const NO_DAY: i32 = i32::MIN;
pub(super) const NO_NUMBER: i64 = i64::MIN;
pub(super) const NO_OFFENSE: u32 = u32::MAX;

/// The values of one fact for many requests, or of one field for many records, all of one type.
///
/// What is not known is marked in the column: bits that are not set among those known, and values
/// that no fact has.
///
/// ```
/// use brightline_law::Column;
///
/// // Three answers: yes, no, not known.
/// let warrants = Column::yes_no(3, &[0b011], &[0b001]);
/// assert_eq!(warrants.len(), 3);
/// let arrests = Column::days([Some(20_000), None, Some(20_031)]);
/// assert_eq!(arrests.len(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub(super) cells: Cells,
    len: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cells {
    /// Bitmaps: where it is known, and where it is yes.
    YesNo {
        known: Vec<u64>,
        yes: Vec<u64>,
    },
    Choices(Vec<u16>),
    Days(Vec<i32>),
    Numbers(Vec<i64>),
    /// The node, then a bit that says whether the offense is named in full.
    Offenses(Vec<u32>),
}

impl Cells {
    pub(super) fn choices(&self) -> Option<&[u16]> {
        if let Self::Choices(all) = self { Some(all) } else { None }
    }

    pub(super) fn days(&self) -> Option<&[i32]> {
        if let Self::Days(all) = self { Some(all) } else { None }
    }

    pub(super) fn numbers(&self) -> Option<&[i64]> {
        if let Self::Numbers(all) = self { Some(all) } else { None }
    }

    pub(super) fn offenses(&self) -> Option<&[u32]> {
        if let Self::Offenses(all) = self { Some(all) } else { None }
    }
}

impl Column {
    /// Returns yes-or-no answers from bitmaps: where an answer is known, and where it is yes.
    /// Row `r` is bit `r % 64` of word `r / 64`; words missing at the end are zero.
    #[must_use]
    pub fn yes_no(len: usize, known: &[u64], yes: &[u64]) -> Self {
        let sized = |bits: &[u64]| {
            let words = len.div_ceil(64);
            let mut bits: Vec<u64> = bits.iter().copied().take(words).collect();
            bits.resize(words, 0);
            bits
        };
        Self { len, cells: Cells::YesNo { known: sized(known), yes: sized(yes) } }
    }

    /// Returns choices, each by the index of its value.
    pub fn choices(values: impl IntoIterator<Item = Option<u16>>) -> Self {
        let values = values.into_iter().map(|value| value.unwrap_or(NO_CHOICE));
        Self::of(Cells::Choices(values.collect()))
    }

    /// Returns dates, each as days since 1970-01-01; a date past what a [`Day`] can be is its end.
    pub fn days(values: impl IntoIterator<Item = Option<i32>>) -> Self {
        let (first, last) = (Day::MIN.days(), Day::MAX.days());
        let values = values.into_iter().map(|day| day.map_or(NO_DAY, |it| it.clamp(first, last)));
        Self::of(Cells::Days(values.collect()))
    }

    /// Returns numbers.
    pub fn numbers(values: impl IntoIterator<Item = Option<i64>>) -> Self {
        let values = values.into_iter().map(|value| value.unwrap_or(NO_NUMBER));
        Self::of(Cells::Numbers(values.collect()))
    }

    /// Returns offenses.
    pub fn offenses(values: impl IntoIterator<Item = Option<Offense>>) -> Self {
        let code = |offense: Option<Offense>| offense.map_or(NO_OFFENSE, code);
        Self::of(Cells::Offenses(values.into_iter().map(code).collect()))
    }

    fn of(cells: Cells) -> Self {
        let len = match &cells {
            Cells::YesNo { known, .. } => known.len() * 64,
            Cells::Choices(all) => all.len(),
            Cells::Days(all) => all.len(),
            Cells::Numbers(all) => all.len(),
            Cells::Offenses(all) => all.len(),
        };
        Self { cells, len }
    }

    /// Returns how many values there are, known or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns a column of the type of a value, nothing of it known; none where the value is not.
    pub(super) fn fit_for(value: Value, len: usize) -> Option<Self> {
        let cells = match value {
            Value::Unknown => return None,
            Value::Bool(_) => Cells::YesNo { known: Vec::new(), yes: Vec::new() },
            Value::Choice(_) => Cells::Choices(Vec::new()),
            Value::Day(_) | Value::Moment(_) => Cells::Days(Vec::new()),
            Value::Number(_) => Cells::Numbers(Vec::new()),
            Value::Offense(_) => Cells::Offenses(Vec::new()),
        };
        let mut column = Self { len: 0, cells };
        column.resize(len);
        Some(column)
    }

    /// Makes the column longer by values that are not known, or cuts it off.
    pub(super) fn resize(&mut self, len: usize) {
        self.len = len;
        match &mut self.cells {
            Cells::YesNo { known, yes } => {
                for words in [known, yes] {
                    words.resize(len.div_ceil(64), 0);
                    if let Some(last) = words.last_mut().filter(|_| !len.is_multiple_of(64)) {
                        *last &= (1 << (len % 64)) - 1;
                    }
                }
            }
            Cells::Choices(all) => all.resize(len, NO_CHOICE),
            Cells::Days(all) => all.resize(len, NO_DAY),
            Cells::Numbers(all) => all.resize(len, NO_NUMBER),
            Cells::Offenses(all) => all.resize(len, NO_OFFENSE),
        }
    }

    /// Sets a value; one of another type leaves it unknown.
    pub(super) fn put(&mut self, row: usize, value: Value) {
        match (&mut self.cells, value) {
            (Cells::YesNo { known, yes }, value) => {
                let bit = 1u64 << (row % 64);
                let (is_known, is_yes) =
                    (matches!(value, Value::Bool(_)), value == Value::Bool(true));
                for (words, is_set) in [(known, is_known), (yes, is_yes)] {
                    if let Some(word) = words.get_mut(row / 64) {
                        *word = if is_set { *word | bit } else { *word & !bit };
                    }
                }
            }
            (Cells::Choices(all), Value::Choice(choice)) => put(all, row, choice),
            (Cells::Choices(all), _) => put(all, row, NO_CHOICE),
            (Cells::Days(all), Value::Day(day)) => put(all, row, day.days()),
            (Cells::Days(all), Value::Moment(moment)) => put(all, row, moment.day().days()),
            (Cells::Days(all), _) => put(all, row, NO_DAY),
            (Cells::Numbers(all), Value::Number(number)) => put(all, row, number),
            (Cells::Numbers(all), _) => put(all, row, NO_NUMBER),
            (Cells::Offenses(all), Value::Offense(offense)) => put(all, row, code(offense)),
            (Cells::Offenses(all), _) => put(all, row, NO_OFFENSE),
        }
    }

    /// Returns one value.
    pub(super) fn get(&self, row: usize) -> Value {
        let found = match &self.cells {
            Cells::YesNo { known, yes } => {
                let bit =
                    |words: &[u64]| words.get(row / 64).is_some_and(|w| w >> (row % 64) & 1 == 1);
                bit(known).then(|| Value::Bool(bit(yes)))
            }
            Cells::Choices(all) => known(all, row, NO_CHOICE).map(Value::Choice),
            Cells::Days(all) => known(all, row, NO_DAY).map(|day| Value::Day(Day::from_days(day))),
            Cells::Numbers(all) => known(all, row, NO_NUMBER).map(Value::Number),
            Cells::Offenses(all) => known(all, row, NO_OFFENSE).map(|code| {
                let (node, whole) = (OffenseNode(code >> 1), code & 1 == 1);
                Value::Offense(Offense { node, whole })
            }),
        };
        found.unwrap_or_default()
    }
}

/// The code of an offense, which is its place among patterns.
fn code(offense: Offense) -> u32 {
    offense.node.0 << 1 | u32::from(offense.whole)
}

fn put<T>(all: &mut [T], row: usize, value: T) {
    if let Some(slot) = all.get_mut(row) {
        *slot = value;
    }
}

fn known<T: Copy + PartialEq>(all: &[T], row: usize, unknown: T) -> Option<T> {
    all.get(row).copied().filter(|value| *value != unknown)
}
