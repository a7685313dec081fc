//! Roll calls: the lists of a block of requests, their records decided 512 at a time and counted
//! for each request.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Law;
use super::atom::Allowed;
use super::limits::{Limit, Months};
use super::planes::{BLOCK_ROWS, Bits, combined, for_each_row, put_allowed, several, values_of};
use super::probe::Probe;
use super::roster::Roster;
use super::segments::Segments;
use super::sheet::{Filling, OpenPatterns, Sheet, Slot};
use super::view::{Seen, View};
use crate::diagram::{Flat, Variable};
use crate::ir::Corpus;

/// Records that can end in more places than a word has bits are not told apart.
const END_COUNT_MAX: usize = 64;

/// A condition that counts records.
struct Counted {
    /// Its place among those of the roll.
    place: usize,
    /// The most that matters.
    cap: u32,
    slot: Slot,
    /// The records that satisfy it, as bits.
    records: Vec<u64>,
}

/// One list of the requests of a block.
pub(super) struct RollCall {
    /// Which roll of the law.
    index: usize,
    sheet: Sheet,
    counted: Vec<Counted>,
    segments: Segments,
    starts: Vec<u32>,
    /// The records that can end in several places, as bits.
    several: Vec<u64>,
    /// By 512 records and terminal: those that can end there.
    ends: Vec<Bits>,
    open_patterns: RefCell<OpenPatterns>,
    /// Counts found before, by where the records of a list can end, and records beside it.
    known: BTreeMap<Vec<u64>, Vec<Allowed>>,
    /// Limits that are the same for all records of a request: the variable, then by threshold.
    shared: Vec<(Variable, Vec<Limit>, bool)>,
}

impl RollCall {
    /// Makes a roll ready, if the law asks for any of its counts.
    pub(super) fn new(law: &Law, index: usize, main: &Sheet) -> Option<Self> {
        let roll = law.rolls.get(index)?;
        let mut counted = Vec::new();
        for (place, (variable, cap)) in roll.variables.iter().zip(&roll.caps).enumerate() {
            if let Some(slot) = main.slot(*variable) {
                counted.push(Counted { place, cap: *cap, slot, records: Vec::new() });
            }
        }
        if counted.is_empty() {
            return None;
        }
        let sheet = Sheet::new(&Flat::new(&roll.space.diagram, roll.root));
        let ready = law.ready.rolls.get(index)?;
        let shared = sheet.slots.iter().filter_map(|slot| {
            let probe = ready.probes.get(slot.variable.0 as usize)?;
            let is_shared = matches!(probe, Probe::Moved(it) if it.anchor.is_shared());
            is_shared.then(|| (slot.variable, Vec::new(), false))
        });
        Some(Self {
            index,
            shared: shared.collect(),
            sheet,
            counted,
            segments: Segments::default(),
            starts: Vec::new(),
            several: Vec::new(),
            ends: Vec::new(),
            open_patterns: RefCell::default(),
            known: BTreeMap::new(),
        })
    }

    /// Returns the probes of the roll.
    pub(super) fn probes<'l>(&self, law: &'l Law) -> impl Iterator<Item = &'l Probe> {
        law.ready.rolls.get(self.index).into_iter().flat_map(|ready| &ready.probes)
    }

    /// Counts the records of a block of requests into the planes of the law's sheet; returns the
    /// requests whose counts are open.
    pub(super) fn block(
        &mut self,
        law: &Law,
        corpus: &Corpus,
        (view, months): (&View<'_>, &Months),
        main: &mut Sheet,
    ) -> Bits {
        let Some(roll) = law.rolls.get(self.index) else {
            return [0; 8];
        };
        let open_patterns = std::mem::take(&mut self.open_patterns);
        let filling = Filling {
            context: law.context(corpus),
            record: Some(roll.record),
            on: law.scope.at.on,
            months,
            open_patterns: &open_patterns,
        };
        let roster = view.columns.roster(roll.record);
        self.share_limits(law, &filling, view);
        self.call(law, &filling, view, roster);
        let whole = std::array::from_fn(|word| {
            roster.map_or(0, |roster| roster.whole(view.first / 64 + word))
        });
        let open = combined(&self.segments.any(&self.several), &whole, |open, whole| open | !whole);
        let open = combined(&open, &main.rows(), |open, rows| open & rows);
        self.put_counts(main);
        if open != [0; 8] {
            self.put_open(law, (&filling, view), (&open, &whole), main);
        }
        self.open_patterns = open_patterns;
        combined(&open, &main.rows(), |open, rows| open & rows)
    }

    fn share_limits(&mut self, law: &Law, filling: &Filling<'_>, view: &View<'_>) {
        let Some(ready) = law.ready.rolls.get(self.index) else {
            return;
        };
        for (variable, limits, known) in &mut self.shared {
            if let Some(Probe::Moved(moved)) = ready.probes.get(variable.0 as usize) {
                *known = filling.months.limits(&moved.anchor, view, limits);
            }
        }
    }

    /// Decides the records of the block.
    fn call(&mut self, law: &Law, filling: &Filling<'_>, view: &View<'_>, roster: Option<&Roster>) {
        let start = |row: usize| roster.map_or(0, |roster| roster.start(view.first + row));
        let first = start(0);
        self.starts.clear();
        self.starts.extend((0..=view.count).map(|row| start(row) - first));
        self.segments.set(&self.starts);
        self.ends.clear();
        self.several.clear();
        self.counted.iter_mut().for_each(|counted| counted.records.clear());
        let count = self.starts.last().map_or(0, |end| *end as usize);
        let Some(roster) = roster else {
            return;
        };
        for offset in (0..count).step_by(BLOCK_ROWS) {
            let (from, count) = (first as usize + offset, (count - offset).min(BLOCK_ROWS));
            let seen = Seen::Records(roster, roster.owners(from, count));
            let records = View { columns: view.columns, seen, first: from, count };
            self.decide(law, filling, view, &records);
        }
    }

    /// Decides up to 512 records.
    fn decide(&mut self, law: &Law, filling: &Filling<'_>, view: &View<'_>, records: &View<'_>) {
        self.fill(law, filling, view.first, records);
        let (terminals, ends) = self.sheet.flow();
        self.ends.extend_from_slice(ends);
        self.several.extend_from_slice(&several(ends));
        for counted in &mut self.counted {
            let mut satisfied = [0; 8];
            for (records, bodies) in ends.iter().zip(terminals) {
                if bodies >> counted.place & 1 == 1 {
                    satisfied = combined(&satisfied, records, |all, own| all | own);
                }
            }
            counted.records.extend_from_slice(&satisfied);
        }
    }

    fn fill(&mut self, law: &Law, filling: &Filling<'_>, first: usize, records: &View<'_>) {
        let (Some(roll), Some(ready)) =
            (law.rolls.get(self.index), law.ready.rolls.get(self.index))
        else {
            return;
        };
        self.sheet.begin(records.count);
        for at in 0..self.sheet.slots.len() {
            let Some(slot) = self.sheet.slots.get(at).copied() else {
                continue;
            };
            let index = slot.variable.0 as usize;
            let (Some(atom), Some(probe)) = (roll.space.atoms.get(index), ready.probes.get(index))
            else {
                continue;
            };
            let planes = self.sheet.planes_mut(slot);
            let shared = self.shared.iter().find(|(variable, ..)| *variable == slot.variable);
            match (probe, shared, records.seen) {
                (Probe::Moved(moved), Some((_, limits, known)), Seen::Records(_, owners)) => {
                    let limits: Vec<Limit> =
                        limits.iter().map(|limit| limit.by_owner(owners, first, *known)).collect();
                    filling.fill_moved((atom, moved.left), records, (&limits, *known), planes);
                }
                _ => filling.fill(slot.variable, (atom, probe), records, planes),
            }
        }
    }

    /// Puts the counts, as far as they are known, into the planes of the law's sheet.
    fn put_counts(&mut self, main: &mut Sheet) {
        for counted in &mut self.counted {
            let mut reached = [u64::MAX; 8];
            for value in 0..=counted.cap {
                let next = match value == counted.cap {
                    true => [0; 8],
                    false => self.segments.any(&counted.records),
                };
                if value + 1 < counted.cap {
                    self.segments.take_first(&mut counted.records, &next);
                }
                if let Some(plane) = main.planes_mut(counted.slot).get_mut(value as usize) {
                    *plane = combined(&reached, &next, |reached, next| reached & !next);
                }
                reached = next;
            }
        }
    }

    /// Puts the counts that open lists can have, each condition by itself.
    fn put_open(
        &mut self,
        law: &Law,
        (filling, view): (&Filling<'_>, &View<'_>),
        (open, whole): (&Bits, &Bits),
        main: &mut Sheet,
    ) {
        let blank = self.blank_ends(law, (filling, view), open, whole);
        let mut key = Vec::new();
        for_each_row(open, |row| {
            self.key(row, whole, &blank, &mut key);
            if !self.known.contains_key(&key) {
                let allowed = self.allowed(law, &key);
                self.known.insert(key.clone(), allowed);
            }
            let allowed = self.known.get(&key);
            for counted in &self.counted {
                let own = allowed.and_then(|allowed| allowed.get(counted.place));
                let own = own.copied().unwrap_or(Allowed::MAX);
                put_allowed(main.planes_mut(counted.slot), row, own);
            }
        });
    }

    /// Where a record of which nothing is known can end, by terminal, for lists not known whole.
    fn blank_ends(
        &mut self,
        law: &Law,
        (filling, view): (&Filling<'_>, &View<'_>),
        open: &Bits,
        whole: &Bits,
    ) -> Vec<Bits> {
        if combined(open, whole, |open, whole| open & !whole) == [0; 8] {
            return Vec::new();
        }
        self.fill(law, filling, view.first, &View { seen: Seen::Blank, ..*view });
        self.sheet.flow().1.to_vec()
    }

    /// Writes where the records of a request can end: those not listed first, then those listed,
    /// in a fixed order.
    fn key(&self, row: usize, whole: &Bits, blank: &[Bits], key: &mut Vec<u64>) {
        key.clear();
        let is_whole = whole.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1);
        key.push(if is_whole { 0 } else { values_of(blank, row) });
        let ends = self.sheet.terminals.len();
        let (Some(start), Some(end)) = (self.starts.get(row), self.starts.get(row + 1)) else {
            return;
        };
        for record in *start as usize..*end as usize {
            let first = record / BLOCK_ROWS * ends;
            let ends = self.ends.get(first..first + ends).unwrap_or(&[]);
            key.push(values_of(ends, record % BLOCK_ROWS));
        }
        if let Some((_, listed)) = key.split_first_mut() {
            listed.sort_unstable();
        }
    }

    fn allowed(&self, law: &Law, key: &[u64]) -> Vec<Allowed> {
        let (Some(roll), Some((further, listed))) = (law.rolls.get(self.index), key.split_first())
        else {
            return Vec::new();
        };
        let terminals = &self.sheet.terminals;
        if terminals.len() > END_COUNT_MAX {
            return vec![Allowed::MAX; roll.variables.len()];
        }
        let bodies = |ends: &u64| -> Vec<u32> {
            let all = terminals.iter().enumerate();
            all.filter(|(end, _)| ends >> end & 1 == 1).map(|(_, bodies)| *bodies).collect()
        };
        let listed: Vec<Vec<u32>> = listed.iter().map(bodies).collect();
        let mut allowed = vec![0; roll.variables.len()];
        for counts in roll.possible(&listed, &bodies(further)) {
            for (slot, count) in allowed.iter_mut().zip(counts) {
                *slot |= 1 << count;
            }
        }
        allowed
    }
}
