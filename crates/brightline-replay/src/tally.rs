//! Tallies: how the outcomes of rows go over into each other.

use std::collections::BTreeMap;

use brightline_law::{BlockOutcomes, Outcome};

use crate::error::Fault;

/// Rows are grouped by at most so many values.
pub const GROUP_COUNT_MAX: usize = 10_000;
const OUTCOME_COUNT: usize = Outcome::ALL.len();

/// How many rows came out so before and so after.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Before, then after, in the order of [`Outcome::ALL`].
    rows: [[u64; OUTCOME_COUNT]; OUTCOME_COUNT],
}

/// The outcomes of a table: by act, then by group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many rows there are.
    pub row_count: u64,
    /// By act, in the order asked.
    pub acts: Vec<Counts>,
    /// By value of the column grouped by, then by act; none for rows where it is null.
    pub groups: BTreeMap<Option<String>, Vec<Counts>>,
}

impl Counts {
    /// Returns how many rows came out as `before` before and as `after` after.
    #[must_use]
    pub fn rows(&self, before: Outcome, after: Outcome) -> u64 {
        self.cell(before, after).copied().unwrap_or(0)
    }

    /// Returns the pairs of outcomes that rows have, each with how many.
    pub fn pairs(&self) -> impl Iterator<Item = (Outcome, Outcome, u64)> {
        let all = Outcome::ALL
            .into_iter()
            .flat_map(|before| Outcome::ALL.into_iter().map(move |after| (before, after)));
        let pairs = all.map(|(before, after)| (before, after, self.rows(before, after)));
        pairs.filter(|(.., count)| *count > 0)
    }

    /// Returns how many rows came out differently.
    #[must_use]
    pub fn changed(&self) -> u64 {
        self.pairs().filter(|(before, after, _)| before != after).map(|(.., count)| count).sum()
    }

    fn cell(&self, before: Outcome, after: Outcome) -> Option<&u64> {
        self.rows.get(place(before))?.get(place(after))
    }

    /// Adds rows; `before` and `after` are their outcomes by place.
    pub(crate) fn add(&mut self, before: usize, after: usize, count: u64) {
        if let Some(slot) = self.rows.get_mut(before).and_then(|row| row.get_mut(after)) {
            *slot += count;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (own, other) in self.rows.iter_mut().flatten().zip(other.rows.iter().flatten()) {
            *own += other;
        }
    }
}

impl Tally {
    pub(crate) fn new(act_count: usize) -> Self {
        Self { row_count: 0, acts: vec![Counts::default(); act_count], groups: BTreeMap::new() }
    }

    /// Returns the counts of a group.
    pub(crate) fn group(&mut self, value: Option<String>) -> Result<&mut Vec<Counts>, Fault> {
        if self.groups.len() >= GROUP_COUNT_MAX && !self.groups.contains_key(&value) {
            let message = format!("there are more than {GROUP_COUNT_MAX} groups");
            return Err(Fault::new("", message).help("group by a column with fewer values"));
        }
        let act_count = self.acts.len();
        Ok(self.groups.entry(value).or_insert_with(|| vec![Counts::default(); act_count]))
    }

    pub(crate) fn merge(&mut self, other: Self) -> Result<(), Fault> {
        self.row_count += other.row_count;
        for (own, other) in self.acts.iter_mut().zip(&other.acts) {
            own.merge(other);
        }
        for (value, counts) in other.groups {
            for (own, other) in self.group(value)?.iter_mut().zip(&counts) {
                own.merge(other);
            }
        }
        Ok(())
    }
}

/// The place of an outcome in [`Outcome::ALL`].
pub(crate) fn place(outcome: Outcome) -> usize {
    Outcome::ALL.iter().position(|other| *other == outcome).unwrap_or(OUTCOME_COUNT - 1)
}

/// Returns the rows of a block by outcome, those that are open last.
pub(crate) fn by_outcome(found: &BlockOutcomes) -> [[u64; 8]; OUTCOME_COUNT] {
    Outcome::ALL.map(|outcome| match outcome {
        Outcome::Open => found.open(),
        settled => found.settled(settled),
    })
}
