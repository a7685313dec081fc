//! Columns: the facts of many requests, fact by fact.
//!
//! They belong to no law: the same columns can be asked of several editions. What is not set is
//! not known.

use crate::clock::Day;
use crate::facts::{Facts, List, Listed, Value};
use crate::ir::{Corpus, FactId, Offense, OffenseNode, RecordId};

/// Marks of what is not known.
pub(super) const NO_CHOICE: u16 = u16::MAX;
const NO_DAY: i32 = i32::MIN;
const NO_NUMBER: i64 = i64::MIN;
const NO_OFFENSE: u32 = u32::MAX;

/// The facts of many requests.
///
/// A column takes the type of the first value set in it; a value of another type leaves the fact
/// unknown. Of a time only the day is kept: no outcome depends on the hour.
#[derive(Debug, Clone, Default)]
pub struct RequestColumns {
    row_count: usize,
    facts: Vec<Option<Column>>,
    lists: Vec<Option<Roster>>,
}

/// One fact of all requests.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// Bitmaps: where it is known, and where it is yes.
    YesNo {
        known: Vec<u64>,
        yes: Vec<u64>,
    },
    Choices(Vec<u16>),
    Days(Vec<i32>),
    Numbers(Vec<i64>),
    Offenses(Vec<u32>),
}

/// One list of all requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Roster {
    /// By request: first record, how many, how much is known.
    entries: Vec<(u32, u32, Listed)>,
    /// By record: where its fields begin; one more for the end of the last.
    records: Vec<u32>,
    fields: Vec<Value>,
}

impl RequestColumns {
    /// Returns columns for so many requests, of which nothing is known.
    #[must_use]
    pub fn new(row_count: usize) -> Self {
        Self { row_count, facts: Vec::new(), lists: Vec::new() }
    }

    /// Returns how many requests there are.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.row_count
    }

    /// Sets a fact of one request; unknown values and rows that there are not change nothing.
    pub fn set(&mut self, row: usize, fact: FactId, value: Value) {
        if row >= self.row_count {
            return;
        }
        let row_count = self.row_count;
        let Some(slot) = grown(&mut self.facts, fact.index()) else {
            return;
        };
        if slot.is_none() {
            *slot = Column::fit_for(value, row_count);
        }
        if let Some(column) = slot {
            column.put(row, value);
        }
    }

    /// Sets a yes-or-no fact of one request.
    pub fn set_bool(&mut self, row: usize, fact: FactId, value: bool) {
        self.set(row, fact, Value::Bool(value));
    }

    /// Sets a choice of one request, by the index of the value.
    pub fn set_choice(&mut self, row: usize, fact: FactId, value: u16) {
        self.set(row, fact, Value::Choice(value));
    }

    /// Sets a date of one request.
    pub fn set_day(&mut self, row: usize, fact: FactId, value: Day) {
        self.set(row, fact, Value::Day(value));
    }

    /// Sets a number of one request.
    pub fn set_number(&mut self, row: usize, fact: FactId, value: i64) {
        self.set(row, fact, Value::Number(value));
    }

    /// Replaces a yes-or-no fact of all requests by ready bitmaps: where it is known, and where it
    /// is yes. Row `r` is bit `r % 64` of word `r / 64`; words missing at the end are zero.
    pub fn set_bitmap(&mut self, fact: FactId, known: &[u64], value: &[u64]) {
        let words = self.row_count.div_ceil(64);
        let sized = |bits: &[u64]| {
            let mut bits: Vec<u64> = bits.iter().copied().take(words).collect();
            bits.resize(words, 0);
            bits
        };
        if let Some(slot) = grown(&mut self.facts, fact.index()) {
            *slot = Some(Column::YesNo { known: sized(known), yes: sized(value) });
        }
    }

    /// Replaces the dates of all requests; where there is none it is not known.
    pub fn set_days(&mut self, fact: FactId, days: &[Option<Day>]) {
        let mut days: Vec<i32> =
            days.iter().take(self.row_count).map(|day| day.map_or(NO_DAY, Day::days)).collect();
        days.resize(self.row_count, NO_DAY);
        if let Some(slot) = grown(&mut self.facts, fact.index()) {
            *slot = Some(Column::Days(days));
        }
    }

    /// Sets a list of one request.
    pub fn set_list(&mut self, row: usize, record: RecordId, list: &List) {
        if row >= self.row_count {
            return;
        }
        let row_count = self.row_count;
        if let Some(slot) = grown(&mut self.lists, record.index()) {
            slot.get_or_insert_with(|| Roster::new(row_count)).put(row, list);
        }
    }

    /// Sets all facts and lists of one request.
    pub fn set_facts(&mut self, row: usize, facts: &Facts) {
        for (index, value) in (0u32..).zip(&facts.values) {
            if value.is_known() {
                self.set(row, FactId(index), *value);
            }
        }
        for (index, list) in (0u32..).zip(&facts.lists) {
            if list.listed != Listed::Unknown {
                self.set_list(row, RecordId(index), list);
            }
        }
    }

    /// Returns the facts of one request.
    #[must_use]
    pub fn facts(&self, corpus: &Corpus, row: usize) -> Facts {
        let mut facts = Facts::unknown(corpus);
        for (index, slot) in (0u32..).zip(&mut facts.values) {
            *slot = self.value(row, FactId(index));
        }
        for (index, slot) in (0u32..).zip(&mut facts.lists) {
            let Some(roster) = self.roster(RecordId(index)) else {
                continue;
            };
            slot.listed = roster.listed(row);
            slot.rows = roster.rows(row).map(<[Value]>::to_vec).collect();
        }
        facts
    }

    /// Returns the value of a fact of one request.
    #[must_use]
    pub fn value(&self, row: usize, fact: FactId) -> Value {
        self.column(fact).map_or(Value::Unknown, |column| column.get(row))
    }

    pub(crate) fn column(&self, fact: FactId) -> Option<&Column> {
        self.facts.get(fact.index())?.as_ref()
    }

    pub(crate) fn roster(&self, record: RecordId) -> Option<&Roster> {
        self.lists.get(record.index())?.as_ref()
    }
}

/// The slot at an index, made room for.
fn grown<T: Clone>(slots: &mut Vec<Option<T>>, index: usize) -> Option<&mut Option<T>> {
    if index >= slots.len() {
        slots.resize(index + 1, None);
    }
    slots.get_mut(index)
}

impl Column {
    fn fit_for(value: Value, row_count: usize) -> Option<Self> {
        let words = row_count.div_ceil(64);
        match value {
            Value::Unknown => None,
            Value::Bool(_) => Some(Self::YesNo { known: vec![0; words], yes: vec![0; words] }),
            Value::Choice(_) => Some(Self::Choices(vec![NO_CHOICE; row_count])),
            Value::Day(_) | Value::Moment(_) => Some(Self::Days(vec![NO_DAY; row_count])),
            Value::Number(_) => Some(Self::Numbers(vec![NO_NUMBER; row_count])),
            Value::Offense(_) => Some(Self::Offenses(vec![NO_OFFENSE; row_count])),
        }
    }

    fn put(&mut self, row: usize, value: Value) {
        match self {
            Self::YesNo { known, yes } => {
                let bit = 1u64 << (row % 64);
                let (is_known, is_yes) =
                    (matches!(value, Value::Bool(_)), value == Value::Bool(true));
                for (words, is_set) in [(known, is_known), (yes, is_yes)] {
                    if let Some(word) = words.get_mut(row / 64) {
                        *word = if is_set { *word | bit } else { *word & !bit };
                    }
                }
            }
            Self::Choices(all) => put(
                all,
                row,
                match value {
                    Value::Choice(value) => value,
                    _ => NO_CHOICE,
                },
            ),
            Self::Days(all) => put(
                all,
                row,
                match value {
                    Value::Day(day) => day.days(),
                    Value::Moment(moment) => moment.day().days(),
                    _ => NO_DAY,
                },
            ),
            Self::Numbers(all) => put(
                all,
                row,
                match value {
                    Value::Number(number) => number,
                    _ => NO_NUMBER,
                },
            ),
            Self::Offenses(all) => put(
                all,
                row,
                match value {
                    Value::Offense(offense) => offense.node.0 << 1 | u32::from(offense.whole),
                    _ => NO_OFFENSE,
                },
            ),
        }
    }

    /// Returns the value of one request.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Value {
        let found = match self {
            Self::YesNo { known, yes } => {
                let bit =
                    |words: &[u64]| words.get(row / 64).is_some_and(|w| w >> (row % 64) & 1 == 1);
                bit(known).then(|| Value::Bool(bit(yes)))
            }
            Self::Choices(all) => known(all, row, NO_CHOICE).map(Value::Choice),
            Self::Days(all) => known(all, row, NO_DAY).map(|day| Value::Day(Day::from_days(day))),
            Self::Numbers(all) => known(all, row, NO_NUMBER).map(Value::Number),
            Self::Offenses(all) => known(all, row, NO_OFFENSE).map(|code| {
                let (node, whole) = (OffenseNode(code >> 1), code & 1 == 1);
                Value::Offense(Offense { node, whole })
            }),
        };
        found.unwrap_or_default()
    }

    /// Calls `visit` with each day, or none where it is not known.
    pub(crate) fn days(&self) -> Option<impl Iterator<Item = Option<i32>> + '_> {
        match self {
            Self::Days(all) => Some(all.iter().map(|day| (*day != NO_DAY).then_some(*day))),
            _ => None,
        }
    }
}

fn put<T>(all: &mut [T], row: usize, value: T) {
    if let Some(slot) = all.get_mut(row) {
        *slot = value;
    }
}

fn known<T: Copy + PartialEq>(all: &[T], row: usize, unknown: T) -> Option<T> {
    all.get(row).copied().filter(|value| *value != unknown)
}

impl Roster {
    fn new(row_count: usize) -> Self {
        Self {
            entries: vec![(0, 0, Listed::Unknown); row_count],
            records: vec![0],
            fields: Vec::new(),
        }
    }

    fn put(&mut self, row: usize, list: &List) {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let first = number(self.records.len() - 1);
        for record in &list.rows {
            self.fields.extend_from_slice(record);
            self.records.push(number(self.fields.len()));
        }
        put(&mut self.entries, row, (first, number(list.rows.len()), list.listed));
    }

    /// Returns how much is known of the list of one request.
    #[inline]
    pub(crate) fn listed(&self, row: usize) -> Listed {
        self.entries.get(row).map_or(Listed::Unknown, |(.., listed)| *listed)
    }

    /// Returns the records of one request.
    #[inline]
    pub(crate) fn rows(&self, row: usize) -> impl ExactSizeIterator<Item = &[Value]> {
        let (first, count) = self
            .entries
            .get(row)
            .map_or((0, 0), |(first, count, _)| (*first as usize, *count as usize));
        let bounds = self.records.get(first..=first + count).unwrap_or(&[0]);
        bounds.windows(2).map(|pair| match pair {
            [start, end] => self.fields.get(*start as usize..*end as usize).unwrap_or(&[]),
            _ => &[],
        })
    }
}
