//! Rosters: one list of many requests, its records by field, request after request.

use super::column::Column;
use crate::facts::{List, Listed, Value};

/// One list of many requests.
#[derive(Debug, Clone, Default)]
pub(super) struct Roster {
    /// By request, as far as they are set: where its records begin.
    starts: Vec<u32>,
    /// By record: its request.
    owners: Vec<u32>,
    /// By request: all records are there; more may be there.
    whole: Vec<u64>,
    partly: Vec<u64>,
    fields: Vec<Option<Column>>,
}

impl Roster {
    /// Returns a roster from columns.
    ///
    /// `starts` are where the records of each request begin, and one more where the last end;
    /// `known` tells which lists are known, and those are known whole.
    pub(super) fn of(starts: &[u32], known: &[u64], fields: Vec<Option<Column>>) -> Self {
        let row_count = starts.len().saturating_sub(1);
        let mut owners = Vec::with_capacity(starts.last().map_or(0, |end| *end as usize));
        for (row, (start, end)) in (0u32..).zip(starts.iter().zip(starts.iter().skip(1))) {
            owners.extend(std::iter::repeat_n(row, end.saturating_sub(*start) as usize));
        }
        let mut whole = known.to_vec();
        whole.resize(row_count.div_ceil(64), 0);
        let starts = starts.iter().take(row_count).copied().collect();
        Self { starts, owners, whole, partly: Vec::new(), fields }
    }

    /// Sets the list of one request. Where a later one is set already, all are laid out anew.
    pub(super) fn put(&mut self, row: usize, list: &List) {
        if row < self.starts.len() {
            self.put_again(row, list);
            return;
        }
        let first = self.owners.len();
        let end = first + list.rows.len();
        self.starts.resize(row + 1, number(first));
        self.owners.resize(end, number(row));
        let width = list.rows.iter().map(Vec::len).max().unwrap_or(0).max(self.fields.len());
        self.fields.resize(width, None);
        for (index, field) in self.fields.iter_mut().enumerate() {
            let values = || list.rows.iter().map(|row| row.get(index).copied().unwrap_or_default());
            if field.is_none() {
                *field = values().find_map(|value| Column::fit_for(value, first));
            }
            if let Some(column) = field {
                column.resize(end);
                for (record, value) in values().enumerate() {
                    column.put(first + record, value);
                }
            }
        }
        let marks = match list.listed {
            Listed::Unknown => return,
            Listed::Partly => &mut self.partly,
            Listed::Whole => &mut self.whole,
        };
        if marks.len() <= row / 64 {
            marks.resize(row / 64 + 1, 0);
        }
        if let Some(word) = marks.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    fn put_again(&mut self, row: usize, list: &List) {
        let before = std::mem::take(self);
        for other in 0..before.starts.len() {
            match other == row {
                true => self.put(other, list),
                false => self.put(other, &before.list(other)),
            }
        }
    }

    /// Returns the list of one request.
    pub(super) fn list(&self, row: usize) -> List {
        let bit = |words: &[u64]| words.get(row / 64).is_some_and(|it| it >> (row % 64) & 1 == 1);
        let listed = match (bit(&self.whole), bit(&self.partly)) {
            (true, _) => Listed::Whole,
            (false, true) => Listed::Partly,
            (false, false) => Listed::Unknown,
        };
        let records = self.start(row) as usize..self.start(row + 1) as usize;
        let record = |at: usize| self.fields.iter().map(|it| value(it.as_ref(), at)).collect();
        List { listed, rows: records.map(record).collect() }
    }

    /// Returns where the records of a request begin.
    pub(super) fn start(&self, row: usize) -> u32 {
        self.starts.get(row).copied().unwrap_or(number(self.owners.len()))
    }

    /// Returns the requests of records, as far as there are some.
    pub(super) fn owners(&self, first: usize, count: usize) -> &[u32] {
        let end = self.owners.len().min(first + count);
        self.owners.get(first..end).unwrap_or(&[])
    }

    /// Returns a word of the bitmap of lists known whole.
    pub(super) fn whole(&self, word: usize) -> u64 {
        self.whole.get(word).copied().unwrap_or(0)
    }

    /// Returns the column of a field.
    pub(super) fn field(&self, index: usize) -> Option<&Column> {
        self.fields.get(index)?.as_ref()
    }
}

fn value(column: Option<&Column>, at: usize) -> Value {
    column.map_or(Value::Unknown, |column| column.get(at))
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
