//! Determine all: one law asked of columns of requests, 512 rows to a block.
//!
//! ```text
//! columns ─ view ─▶ values of 512 rows ─ sheet ─▶ bitmaps ─ plan ─▶ rows by outcome
//!    │                                              ▲
//!    └ roster ─▶ values of 512 records ─▶ bitmaps ─ plan ─▶ records by body ─ segments ─┘
//! ```
//!
//! A block goes all the way before the next begins, so that everything it needs stays in the
//! nearest memory. A variable is looked at by itself there. Where unknown facts hang together (two
//! limits on one unknown date, a list of which only some records are known) that can leave more
//! outcomes than there are; [`Law::settle_all`] asks such rows one by one, each kind once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::Law;
use super::atom::Atom;
use super::columns::RequestColumns;
use super::limits::Months;
use super::pattern::Pattern;
use super::planes::{BLOCK_ROWS, Bits, combined, for_each_row};
use super::probe::Probe;
use super::roll_call::RollCall;
use super::sheet::{Filling, OpenPatterns, Sheet, Slot};
use super::view::View;
use crate::Outcome;
use crate::ir::{Corpus, FactId, Operand, RecordId};

/// Outcomes of settled rows: all but open.
const OUTCOME_COUNT: usize = Outcome::ALL.len() - 1;

/// The outcomes of up to 512 rows; row `r` of the block is bit `r % 64` of word `r / 64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockOutcomes {
    /// The rows that can come out so, by outcome in the order of [`Outcome::ALL`].
    possible: [Bits; OUTCOME_COUNT],
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
        combined(&self.possible(outcome), &self.open(), |possible, open| possible & !open)
    }

    /// Returns the rows that can come out in several ways.
    #[must_use]
    pub fn open(&self) -> [u64; 8] {
        super::planes::several(&self.possible)
    }

    /// Takes from a row all outcomes but one.
    fn settle(&mut self, row: usize, outcome: Outcome) {
        for (own, rows) in Outcome::ALL.iter().zip(&mut self.possible) {
            if let Some(word) = rows.get_mut(row / 64) {
                let others = *word & !(1 << (row % 64));
                *word = others | u64::from(*own == outcome) << (row % 64);
            }
        }
    }
}

/// A law made ready for one set of columns.
struct Bulk<'a> {
    law: &'a Law,
    corpus: &'a Corpus,
    columns: &'a RequestColumns,
    months: Months,
    sheet: Sheet,
    /// Variables that are not counts, each with whether no other variable looks at its fact.
    plain: Vec<(Slot, bool)>,
    calls: Vec<RollCall>,
    /// By terminal, the place of its outcome.
    places: Vec<Option<usize>>,
    open_patterns: RefCell<OpenPatterns>,
}

impl Law {
    /// Returns columns for so many requests; set what the law asks for, or more.
    #[must_use]
    pub fn columns(&self, row_count: usize) -> RequestColumns {
        RequestColumns::new(row_count)
    }

    /// Returns the facts and the lists that can change the outcome, sorted.
    #[must_use]
    pub fn asked(&self) -> (Vec<FactId>, Vec<RecordId>) {
        let (mut facts, mut records) = (BTreeSet::new(), BTreeSet::new());
        let mut look = |atom: &Atom| {
            let of = |operand: Operand| match operand {
                Operand::Fact(fact) => Some(fact),
                _ => None,
            };
            facts.extend(atom.operands().into_iter().filter_map(of));
        };
        for variable in &self.support {
            match self.space.atoms.get(variable.0 as usize) {
                Some(Atom::Count(record, ..)) => {
                    records.insert(*record);
                }
                Some(atom) => look(atom),
                None => {}
            }
        }
        let rolls = self.rolls.iter().filter(|roll| records.contains(&roll.record));
        rolls.flat_map(|roll| &roll.space.atoms).for_each(look);
        (facts.into_iter().collect(), records.into_iter().collect())
    }

    /// Decides all rows: for each block of 512, in order, `visit` gets the block's index and its
    /// outcomes. The last block may be partly empty.
    ///
    /// Each unknown fact is taken by itself, so a settled row is settled, and an open row may have
    /// fewer outcomes than are shown; see [`Law::settle_all`].
    pub fn determine_all(
        &self,
        corpus: &Corpus,
        columns: &RequestColumns,
        mut visit: impl FnMut(usize, &BlockOutcomes),
    ) {
        let mut bulk = Bulk::new(self, corpus, columns);
        for block in 0..columns.row_count().div_ceil(BLOCK_ROWS) {
            let (found, _) = bulk.block(block);
            visit(block, &found);
        }
    }

    /// Decides all rows as [`Law::determine_all`] does, and exactly: a row is open only if its
    /// unknown facts can change the outcome, as [`Law::determine`] finds it.
    pub fn settle_all(
        &self,
        corpus: &Corpus,
        columns: &RequestColumns,
        mut visit: impl FnMut(usize, &BlockOutcomes),
    ) {
        let mut bulk = Bulk::new(self, corpus, columns);
        let mut known: BTreeMap<Vec<u64>, Outcome> = BTreeMap::new();
        let mut pattern = Pattern::of(self);
        for block in 0..columns.row_count().div_ceil(BLOCK_ROWS) {
            let (mut found, tangled) = bulk.block(block);
            let open = combined(&found.open(), &tangled, |open, tangled| open & tangled);
            for_each_row(&open, |row| {
                let facts = columns.facts(corpus, block * BLOCK_ROWS + row);
                let key = pattern.key(self, corpus, &facts);
                let outcome = match known.get(key) {
                    Some(outcome) => *outcome,
                    None => {
                        let outcome = self.outcome(corpus, &facts);
                        known.insert(key.to_vec(), outcome);
                        outcome
                    }
                };
                if outcome != Outcome::Open {
                    found.settle(row, outcome);
                }
            });
            visit(block, &found);
        }
    }

    /// Returns the outcome of each row, as [`Law::determine`] finds it one by one:
    /// [`Outcome::Open`] where an unknown fact can change it.
    #[must_use]
    pub fn outcomes_all(&self, corpus: &Corpus, columns: &RequestColumns) -> Vec<Outcome> {
        let mut outcomes = vec![Outcome::Open; columns.row_count()];
        self.settle_all(corpus, columns, |block, found| {
            for outcome in Outcome::ALL {
                for_each_row(&found.settled(outcome), |row| {
                    if let Some(slot) = outcomes.get_mut(block * BLOCK_ROWS + row) {
                        *slot = outcome;
                    }
                });
            }
        });
        outcomes
    }

    /// The outcome alone, exact, whatever is unknown.
    fn outcome(&self, corpus: &Corpus, facts: &crate::facts::Facts) -> Outcome {
        match self.possible(corpus, facts).as_slice() {
            [only] => *only,
            _ => Outcome::Open,
        }
    }

    /// Facts that more than one variable looks at, or a record.
    fn shared_facts(&self) -> Vec<Operand> {
        let plain = |atom: &&Atom| matches!(atom, Atom::Yes(_) | Atom::Choice(..));
        let own = self.space.atoms.iter().filter(|atom| !plain(atom));
        let of_rolls = self.rolls.iter().flat_map(|roll| &roll.space.atoms);
        own.chain(of_rolls).flat_map(Atom::operands).collect()
    }
}

impl<'a> Bulk<'a> {
    fn new(law: &'a Law, corpus: &'a Corpus, columns: &'a RequestColumns) -> Self {
        let sheet = Sheet::new(&law.flat);
        let shared = law.shared_facts();
        let atom = |slot: &Slot| law.space.atoms.get(slot.variable.0 as usize);
        let is_alone = |slot: &Slot| match atom(slot) {
            Some(Atom::Yes(operand) | Atom::Choice(operand, _)) => !shared.contains(operand),
            _ => false,
        };
        let is_count = |slot: &&Slot| matches!(atom(slot), Some(Atom::Count(..)));
        let slots = sheet.slots.iter().filter(|slot| !is_count(slot));
        let plain: Vec<(Slot, bool)> = slots.map(|slot| (*slot, is_alone(slot))).collect();
        let calls: Vec<RollCall> =
            (0..law.rolls.len()).filter_map(|index| RollCall::new(law, index, &sheet)).collect();
        let mut months = Months::default();
        let probes =
            plain.iter().filter_map(|(slot, _)| law.ready.probes.get(slot.variable.0 as usize));
        for probe in probes.chain(calls.iter().flat_map(|call| call.probes(law))) {
            if let Probe::Moved(moved) = probe {
                months.prepare(columns, moved);
            }
        }
        let place = |payload: &u32| {
            let outcome = law.answers.get(*payload).outcome();
            outcome.and_then(|outcome| Outcome::ALL.iter().position(|other| *other == outcome))
        };
        let places = sheet.terminals.iter().map(place).collect();
        let open_patterns = RefCell::default();
        Self { law, corpus, columns, months, sheet, plain, calls, places, open_patterns }
    }

    /// Decides a block; returns also the rows in which unknown facts may hang together.
    fn block(&mut self, block: usize) -> (BlockOutcomes, Bits) {
        let view = View::requests(self.columns, block * BLOCK_ROWS);
        self.sheet.begin(view.count);
        let mut tangled = [0; 8];
        let filling = Filling {
            context: self.law.context(self.corpus),
            record: None,
            on: self.law.scope.at.on,
            months: &self.months,
            open_patterns: &self.open_patterns,
        };
        for (slot, is_alone) in &self.plain {
            let index = slot.variable.0 as usize;
            let (Some(atom), Some(probe)) =
                (self.law.space.atoms.get(index), self.law.ready.probes.get(index))
            else {
                continue;
            };
            filling.fill(slot.variable, (atom, probe), &view, self.sheet.planes_mut(*slot));
            if !is_alone {
                tangled = combined(&tangled, &self.sheet.several(*slot), |all, own| all | own);
            }
        }
        for call in &mut self.calls {
            let open = call.block(self.law, self.corpus, (&view, &self.months), &mut self.sheet);
            tangled = combined(&tangled, &open, |all, own| all | own);
        }
        (self.outcomes(), tangled)
    }

    fn outcomes(&mut self) -> BlockOutcomes {
        let mut found = BlockOutcomes { possible: [[0; 8]; OUTCOME_COUNT] };
        for (rows, place) in self.sheet.flow().1.iter().zip(&self.places) {
            if let Some(possible) = place.and_then(|place| found.possible.get_mut(place)) {
                *possible = combined(possible, rows, |all, own| all | own);
            }
        }
        found
    }
}
