//! Columns: the facts of many requests, fact by fact.
//!
//! They belong to no law: the same columns can be asked of several editions. What is not set is
//! not known.

use super::column::Column;
use super::roster::Roster;
use crate::clock::Day;
use crate::facts::{Facts, List, Listed, Value};
use crate::ir::{Corpus, FactId, RecordId};

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

    /// Replaces a fact of all requests; a column that is too short leaves the rest unknown.
    pub fn set_column(&mut self, fact: FactId, mut column: Column) {
        column.resize(self.row_count);
        if let Some(slot) = grown(&mut self.facts, fact.index()) {
            *slot = Some(column);
        }
    }

    /// Replaces a list of all requests.
    ///
    /// `starts` are where the records of each request begin among all records, rising, and one
    /// more where the last end. `known` has a bit for each request whose list is known: it is
    /// known whole. `fields` are the fields of the records, in their order.
    pub fn set_records(
        &mut self,
        record: RecordId,
        starts: &[u32],
        known: &[u64],
        mut fields: Vec<Option<Column>>,
    ) {
        let count = starts.last().map_or(0, |end| *end as usize);
        fields.iter_mut().flatten().for_each(|column| column.resize(count));
        if let Some(slot) = grown(&mut self.lists, record.index()) {
            *slot = Some(Roster::of(starts, known, fields));
        }
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
        self.set_column(fact, Column::yes_no(self.row_count, known, value));
    }

    /// Replaces the dates of all requests; where there is none it is not known.
    pub fn set_days(&mut self, fact: FactId, days: &[Option<Day>]) {
        self.set_column(fact, Column::days(days.iter().map(|day| day.map(Day::days))));
    }

    /// Sets a list of one request; quickest in the order of the requests.
    pub fn set_list(&mut self, row: usize, record: RecordId, list: &List) {
        if row >= self.row_count {
            return;
        }
        if let Some(slot) = grown(&mut self.lists, record.index()) {
            slot.get_or_insert_with(Roster::default).put(row, list);
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
            if let Some(roster) = self.roster(RecordId(index)) {
                *slot = roster.list(row);
            }
        }
        facts
    }

    /// Returns the value of a fact of one request.
    #[must_use]
    pub fn value(&self, row: usize, fact: FactId) -> Value {
        self.column(fact).map_or(Value::Unknown, |column| column.get(row))
    }

    pub(super) fn column(&self, fact: FactId) -> Option<&Column> {
        self.facts.get(fact.index())?.as_ref()
    }

    pub(super) fn roster(&self, record: RecordId) -> Option<&Roster> {
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
