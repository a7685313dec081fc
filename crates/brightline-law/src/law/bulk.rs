//! Determine all: one law asked of columns of requests, 512 rows to a block.
//!
//! First every variable of the law becomes bitmaps, one for each value: the rows in which it can
//! have that value. Yes-or-no facts are bitmaps already; dates are compared with thresholds, and
//! records are counted, row by row. Then the rows flow through the diagram (`diagram/columns.rs`).
//!
//! A variable is looked at by itself there. Where unknown facts hang together (two limits on one
//! unknown date, a list of which only some records are known) that can leave more outcomes than
//! there are; [`Law::outcomes_all`] asks such rows one by one.

use std::collections::BTreeMap;

use super::Law;
use super::atom::{Allowed, Atom};
use super::columns::{Column, RequestColumns};
use super::planes::{Planes, Values};
use super::probe::{Place, Probe, Sight, SightValues};
use crate::Outcome;
use crate::diagram::{Columns, Variable};
use crate::facts::{Facts, Listed, Value};
use crate::ir::{Corpus, FactId, Operand};

/// Counts found before, by what the records of a list and records beside it may satisfy.
type KnownCounts = BTreeMap<(Vec<Vec<u32>>, Vec<u32>), Vec<Allowed>>;

/// Rows to a block.
pub const BLOCK_ROWS: usize = 512;
/// Outcomes of settled rows: all but open.
const OUTCOME_COUNT: usize = Outcome::ALL.len() - 1;

/// The outcomes of up to 512 rows; row `r` of the block is bit `r % 64` of word `r / 64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockOutcomes {
    /// The rows that can come out so, by outcome in the order of [`Outcome::ALL`].
    possible: [[u64; 8]; OUTCOME_COUNT],
}

impl BlockOutcomes {
    /// Returns the rows that can come out so, each unknown fact taken by itself.
    #[must_use]
    pub fn possible(&self, outcome: Outcome) -> [u64; 8] {
        let place = Outcome::ALL.iter().position(|other| *other == outcome);
        place.and_then(|place| self.possible.get(place)).copied().unwrap_or_default()
    }

    /// Returns the rows that come out so whatever their unknown facts are.
    #[must_use]
    pub fn settled(&self, outcome: Outcome) -> [u64; 8] {
        let (possible, open) = (self.possible(outcome), self.open());
        std::array::from_fn(|word| {
            possible.get(word).copied().unwrap_or(0) & !open.get(word).copied().unwrap_or(0)
        })
    }

    /// Returns the rows that can come out in several ways.
    #[must_use]
    pub fn open(&self) -> [u64; 8] {
        let (mut some, mut several) = ([0; 8], [0; 8]);
        for rows in &self.possible {
            for ((some, several), rows) in some.iter_mut().zip(&mut several).zip(rows) {
                *several |= *some & rows;
                *some |= rows;
            }
        }
        several
    }
}

/// A law's variables over columns, and the rows in which they may hang together.
struct Bound {
    columns: Columns,
    tangled: Vec<u64>,
}

impl Law {
    /// Returns columns for so many requests; set what the law asks for, or more.
    #[must_use]
    pub fn columns(&self, row_count: usize) -> RequestColumns {
        RequestColumns::new(row_count)
    }

    /// Decides all rows: for each block of 512, in order, `visit` gets the block's index and its
    /// outcomes. The last block may be partly empty.
    ///
    /// Each unknown fact is taken by itself, so a settled row is settled, and an open row may have
    /// fewer outcomes than are shown; see [`Law::outcomes_all`].
    pub fn determine_all(
        &self,
        corpus: &Corpus,
        columns: &RequestColumns,
        visit: impl FnMut(usize, &BlockOutcomes),
    ) {
        self.flow(&self.bind(corpus, columns), visit);
    }

    /// Returns the outcome of each row, as [`Law::determine`] finds it one by one:
    /// [`Outcome::Open`] where an unknown fact can change it.
    #[must_use]
    pub fn outcomes_all(&self, corpus: &Corpus, columns: &RequestColumns) -> Vec<Outcome> {
        let bound = self.bind(corpus, columns);
        let mut outcomes = vec![Outcome::Open; columns.row_count()];
        self.flow(&bound, |block, found| {
            let first = block * BLOCK_ROWS;
            for outcome in Outcome::ALL {
                for_each_row(&found.settled(outcome), |row| {
                    if let Some(slot) = outcomes.get_mut(first + row) {
                        *slot = outcome;
                    }
                });
            }
            let mut open = found.open();
            for (word, tangled) in open.iter_mut().zip(bound.tangled.iter().skip(first / 64)) {
                *word &= tangled;
            }
            for_each_row(&open, |row| {
                let facts = columns.facts(corpus, first + row);
                if let Some(slot) = outcomes.get_mut(first + row) {
                    *slot = self.outcome(corpus, &facts);
                }
            });
        });
        outcomes
    }

    fn flow(&self, bound: &Bound, mut visit: impl FnMut(usize, &BlockOutcomes)) {
        let place = |payload: &u32| {
            let outcome = self.answers.get(*payload).outcome();
            outcome.and_then(|outcome| Outcome::ALL.iter().position(|other| *other == outcome))
        };
        let places: Vec<Option<usize>> = self.flat.terminals().iter().map(place).collect();
        self.flat.determine_all(&bound.columns, |block, terminals| {
            let mut found = BlockOutcomes { possible: [[0; 8]; OUTCOME_COUNT] };
            for (rows, place) in terminals.iter().zip(&places) {
                let Some(possible) = place.and_then(|place| found.possible.get_mut(place)) else {
                    continue;
                };
                for (word, rows) in possible.iter_mut().zip(rows) {
                    *word |= rows;
                }
            }
            visit(block, &found);
        });
    }

    /// Turns facts into bitmaps of the law's variables.
    fn bind(&self, corpus: &Corpus, columns: &RequestColumns) -> Bound {
        let tested = self.flat.variables();
        let variables: Vec<(Variable, u16)> =
            tested.iter().map(|(index, arity)| (Variable(*index), *arity)).collect();
        let row_count = columns.row_count();
        let mut bound = Bound {
            columns: Columns::new(row_count, &variables),
            tangled: vec![0; row_count.div_ceil(64)],
        };
        let shared = self.shared_facts();
        for (variable, arity) in &variables {
            let index = variable.0 as usize;
            let (Some(atom), Some(probe)) =
                (self.space.atoms.get(index), self.ready.probes.get(index))
            else {
                continue;
            };
            if let Probe::Count { .. } = probe {
                continue;
            }
            let planes = self.fact_planes(corpus, columns, (atom, probe), *arity);
            let alone = match atom {
                Atom::Yes(operand) | Atom::Choice(operand, _) => !shared.contains(operand),
                _ => false,
            };
            if !alone {
                planes.add_open(&mut bound.tangled);
            }
            put_planes(&mut bound.columns, *variable, &planes);
        }
        for index in 0..self.rolls.len() {
            self.bind_roll(corpus, columns, (index, &variables), &mut bound);
        }
        bound
    }

    /// Facts that more than one variable looks at, or a record.
    fn shared_facts(&self) -> Vec<Operand> {
        let plain = |atom: &&Atom| matches!(atom, Atom::Yes(_) | Atom::Choice(..));
        let own = self.space.atoms.iter().filter(|atom| !plain(atom));
        let of_rolls = self.rolls.iter().flat_map(|roll| &roll.space.atoms);
        own.chain(of_rolls).flat_map(Atom::operands).collect()
    }

    fn fact_planes(
        &self,
        corpus: &Corpus,
        columns: &RequestColumns,
        (atom, probe): (&Atom, &Probe),
        arity: u16,
    ) -> Planes {
        let row_count = columns.row_count();
        let mut values = Values::new(row_count, atom.all());
        match probe {
            Probe::Plain(Place::Fact(fact, presumed)) => match columns.column(FactId(*fact)) {
                Some(Column::YesNo { known, yes }) => {
                    return Planes { words: yes_no_planes((known, yes), *presumed, arity) };
                }
                Some(Column::Choices(choices)) => {
                    return Values::of_choices(choices).planes(arity);
                }
                _ => {}
            },
            Probe::Days(Place::Fact(fact, _), limits) => {
                let days = columns.column(FactId(*fact)).and_then(Column::days);
                if let Some(days) = days {
                    for day in days {
                        let passed = |day| limits.partition_point(|limit| *limit <= day);
                        match day.and_then(|day| u16::try_from(passed(day)).ok()) {
                            Some(value) => values.push(value),
                            None => values.push_allowed(Allowed::MAX),
                        }
                    }
                    return values.planes(arity);
                }
            }
            _ => {}
        }
        let (context, on) = (self.context(corpus), self.scope.at.on);
        let mut scratch = Scratch::of(columns, atom.operands());
        for row in 0..row_count {
            let sight = scratch.sight(columns, row);
            match probe.ask(&sight) {
                Some(value) => values.push(value),
                None => {
                    let seen = SightValues { sight, record: None, on };
                    values.push_allowed(context.allowed(atom, &seen));
                }
            }
        }
        values.planes(arity)
    }

    fn bind_roll(
        &self,
        corpus: &Corpus,
        columns: &RequestColumns,
        (index, variables): (usize, &[(Variable, u16)]),
        bound: &mut Bound,
    ) {
        let Some(roll) = self.rolls.get(index) else {
            return;
        };
        let row_count = columns.row_count();
        let mut bodies: Vec<(usize, u32, (Variable, u16), Values)> = Vec::new();
        for (place, (variable, cap)) in roll.variables.iter().zip(&roll.caps).enumerate() {
            if let Some(tested) = variables.iter().find(|(tested, _)| tested == variable) {
                let all = self.space.atom(*variable).map_or(Allowed::MAX, Atom::all);
                bodies.push((place, *cap, *tested, Values::new(row_count, all)));
            }
        }
        if bodies.is_empty() {
            return;
        }
        let roster = columns.roster(roll.record);
        let operands = roll.space.atoms.iter().flat_map(Atom::operands).collect();
        let mut scratch = Scratch::of(columns, operands);
        let mut known = BTreeMap::new();
        for row in 0..row_count {
            let sight = scratch.sight(columns, row);
            let whole = roster.filter(|roster| roster.listed(row) == Listed::Whole);
            let tally =
                whole.and_then(|roster| self.tally_of(corpus, index, sight, roster.rows(row)));
            if let Some(tally) = tally {
                for (place, cap, _, values) in &mut bodies {
                    values.push(u16::try_from(tally.count(*place, *cap)).unwrap_or(u16::MAX));
                }
                continue;
            }
            let listed = roster.into_iter().flat_map(|roster| roster.rows(row));
            let possible =
                self.open_counts(corpus, index, (sight, listed, whole.is_some()), &mut known);
            for (place, _, _, values) in &mut bodies {
                values.push_allowed(possible.get(*place).copied().unwrap_or(Allowed::MAX));
            }
        }
        for (_, _, (variable, arity), values) in &bodies {
            let planes = values.planes(*arity);
            planes.add_open(&mut bound.tangled);
            put_planes(&mut bound.columns, *variable, &planes);
        }
    }

    /// The counts that each body can have, for a list that is not known as far as it matters.
    fn open_counts<'r>(
        &self,
        corpus: &Corpus,
        index: usize,
        (sight, listed, whole): (Sight<'_>, impl Iterator<Item = &'r [Value]>, bool),
        known: &mut KnownCounts,
    ) -> Vec<Allowed> {
        let (Some(roll), Some(ready)) = (self.rolls.get(index), self.ready.rolls.get(index)) else {
            return Vec::new();
        };
        let (context, on) = (self.context(corpus), self.scope.at.on);
        let bodies_of = |row: &[Value]| {
            let sight = Sight { facts: sight.facts, row, presuming: true };
            let values = SightValues { sight, record: Some(roll.record), on };
            let atoms = roll.space.atoms.iter().zip(&ready.probes);
            let allowed: Vec<Allowed> = atoms
                .map(|(atom, probe)| match probe.ask(&sight) {
                    Some(value) => 1 << value,
                    None => context.allowed(atom, &values),
                })
                .collect();
            roll.bodies_within(&allowed)
        };
        let listed: Vec<Vec<u32>> = listed.map(bodies_of).collect();
        let further = if whole { Vec::new() } else { bodies_of(&[]) };
        let key = (listed, further);
        if let Some(allowed) = known.get(&key) {
            return allowed.clone();
        }
        let mut allowed = vec![0; roll.variables.len()];
        for counts in roll.possible(&key.0, &key.1) {
            for (slot, count) in allowed.iter_mut().zip(counts) {
                *slot |= 1 << count;
            }
        }
        known.insert(key, allowed.clone());
        allowed
    }

    /// The outcome alone, exact, whatever is unknown.
    fn outcome(&self, corpus: &Corpus, facts: &Facts) -> Outcome {
        match self.possible(corpus, facts).as_slice() {
            [only] => *only,
            _ => Outcome::Open,
        }
    }
}

/// Values of the facts that something looks at, row after row.
struct Scratch {
    facts: Vec<FactId>,
    values: Vec<Value>,
}

impl Scratch {
    fn of(columns: &RequestColumns, operands: Vec<Operand>) -> Self {
        let mut facts: Vec<FactId> = Vec::new();
        let mut size = 0;
        for operand in operands {
            let Operand::Fact(fact) = operand else {
                continue;
            };
            size = size.max(fact.index() + 1);
            if columns.column(fact).is_some() && !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        Self { facts, values: vec![Value::Unknown; size] }
    }

    fn sight(&mut self, columns: &RequestColumns, row: usize) -> Sight<'_> {
        for fact in &self.facts {
            if let Some(slot) = self.values.get_mut(fact.index()) {
                *slot = columns.value(row, *fact);
            }
        }
        Sight { facts: &self.values, row: &[], presuming: true }
    }
}

fn yes_no_planes((known, yes): (&[u64], &[u64]), presumed: Value, arity: u16) -> Vec<Vec<u64>> {
    let (no_too, yes_too) = match presumed {
        Value::Bool(true) => (0, u64::MAX),
        Value::Bool(false) => (u64::MAX, 0),
        _ => (u64::MAX, u64::MAX),
    };
    let both = || known.iter().zip(yes);
    let mut planes = vec![
        both().map(|(known, yes)| known & !yes | !known & no_too).collect(),
        both().map(|(known, yes)| known & yes | !known & yes_too).collect(),
    ];
    planes.truncate(usize::from(arity));
    planes
}

fn put_planes(columns: &mut Columns, variable: Variable, planes: &Planes) {
    for (value, words) in (0u16..).zip(&planes.words) {
        columns.set_bitmap(variable, value, words);
    }
}

/// Calls `visit` with the number of each row that has its bit set.
fn for_each_row(rows: &[u64; 8], mut visit: impl FnMut(usize)) {
    for (word, bits) in rows.iter().enumerate() {
        let mut left = *bits;
        while left != 0 {
            visit(word * 64 + left.trailing_zeros() as usize);
            left &= left - 1;
        }
    }
}
