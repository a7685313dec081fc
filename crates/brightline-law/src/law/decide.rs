//! Decide: typed facts in, the outcome alone out, without a lookup by name and without allocation.

use super::Law;
use super::atom::Atom;
use super::probe::{Anchor, Known, Probe, Sight};
use super::residual::single;
use super::roll::{BODY_COUNT_MAX, FactValues, Roll, RowValues};
use crate::Outcome;
use crate::clock::Day;
use crate::facts::{Facts, Listed, Value};
use crate::ir::Corpus;
use crate::law::atom::{Context, day_of};

/// Rolls whose counts are kept while one request is decided; those of others are counted again.
const ROLLS_KEPT: usize = 4;
/// Anchors of a roll that are moved once for a request and not once for a record.
pub(super) const ANCHORS_KEPT: usize = 8;
/// Thresholds of such an anchor.
pub(super) const CUTS_KEPT: usize = 4;
/// The mark of an anchor that is not kept.
const NOT_KEPT: u8 = u8::MAX;

/// A law's atoms made ready.
#[derive(Default)]
pub(crate) struct Ready {
    /// By variable.
    pub probes: Box<[Probe]>,
    /// By roll.
    pub rolls: Box<[ReadyRoll]>,
    /// By payload.
    pub outcomes: Box<[Option<Outcome>]>,
}

/// A roll's atoms made ready.
pub(crate) struct ReadyRoll {
    /// By variable of the roll.
    pub probes: Box<[Probe]>,
    /// By variable of the roll: which anchor is kept for it.
    kept: Box<[u8]>,
    /// The variables of the anchors kept.
    anchors: Box<[usize]>,
    /// Some condition counts further than one.
    pub counts_many: bool,
}

/// How many records satisfy each body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tally {
    some: u32,
    many: [u8; BODY_COUNT_MAX],
}

/// Thresholds that are the same for all records of a request.
pub(super) struct Anchored {
    known: [Known; ANCHORS_KEPT],
    limits: [[i32; CUTS_KEPT]; ANCHORS_KEPT],
}

impl Tally {
    /// No records.
    pub(crate) const NONE: Self = Self { some: 0, many: [0; BODY_COUNT_MAX] };

    /// Adds a record that satisfies these bodies.
    #[inline]
    pub(crate) fn add(&mut self, bodies: u32, counts_many: bool) {
        self.some |= bodies;
        let mut left = if counts_many { bodies } else { 0 };
        while left != 0 {
            if let Some(count) = self.many.get_mut(left.trailing_zeros() as usize) {
                *count = count.saturating_add(1);
            }
            left &= left - 1;
        }
    }

    /// Returns how many satisfy a body, counted up to the cap.
    #[inline]
    pub(crate) fn count(&self, place: usize, cap: u32) -> u32 {
        match cap {
            0 => 0,
            1 => self.some >> (place & 31) & 1,
            _ => self.many.get(place).map_or(0, |count| u32::from(*count)).min(cap),
        }
    }
}

impl Ready {
    /// Makes the atoms of a law ready.
    pub(crate) fn of(
        context: &Context<'_>,
        atoms: &[Atom],
        rolls: &[Roll],
        outcomes: Box<[Option<Outcome>]>,
        on: Day,
    ) -> Self {
        let probe = |(index, atom): (usize, &Atom)| {
            let counted = rolls.iter().enumerate().find_map(|(roll, of)| {
                let place = of.variables.iter().position(|v| v.0 as usize == index)?;
                Some(Probe::Count(roll, place))
            });
            counted.unwrap_or_else(|| Probe::of(context, atom, None, on))
        };
        let probes = atoms.iter().enumerate().map(probe).collect();
        let rolls = rolls.iter().map(|roll| ReadyRoll::of(context, roll, on)).collect();
        Self { probes, rolls, outcomes }
    }
}

impl ReadyRoll {
    fn of(context: &Context<'_>, roll: &Roll, on: Day) -> Self {
        let atoms = roll.space.atoms.iter();
        let probes: Box<[Probe]> =
            atoms.map(|atom| Probe::of(context, atom, Some(roll.record), on)).collect();
        let mut kept = vec![NOT_KEPT; probes.len()];
        let mut anchors = Vec::new();
        for (index, (probe, slot)) in probes.iter().zip(&mut kept).enumerate() {
            let Probe::Moved(moved) = probe else { continue };
            let fits = moved.anchor.cut_count() <= CUTS_KEPT && anchors.len() < ANCHORS_KEPT;
            if moved.anchor.is_shared() && fits {
                *slot = u8::try_from(anchors.len()).unwrap_or(NOT_KEPT);
                anchors.push(index);
            }
        }
        let counts_many = roll.caps.iter().any(|cap| *cap > 1);
        Self { probes, kept: kept.into(), anchors: anchors.into(), counts_many }
    }

    /// Moves the anchors that are the same for all records.
    pub(super) fn anchored(&self, sight: &Sight<'_>) -> Anchored {
        let mut anchored = Anchored {
            known: [Known::Nothing; ANCHORS_KEPT],
            limits: [[0; CUTS_KEPT]; ANCHORS_KEPT],
        };
        let slots = anchored.known.iter_mut().zip(&mut anchored.limits);
        for (variable, (known, limits)) in self.anchors.iter().zip(slots) {
            if let Some(Probe::Moved(moved)) = self.probes.get(*variable) {
                *known = moved.anchor.limits(sight, limits);
            }
        }
        anchored
    }

    /// Returns the one value of a variable for the record in sight, if there is one only.
    #[inline]
    pub(super) fn ask(
        &self,
        variable: usize,
        sight: &Sight<'_>,
        anchored: &Anchored,
    ) -> Option<u16> {
        let probe = self.probes.get(variable)?;
        if let Probe::Moved(moved) = probe
            && let Some(slot) = self.kept.get(variable)
            && let Some(limits) = anchored.limits.get(usize::from(*slot))
            && let Some(known) = anchored.known.get(usize::from(*slot))
        {
            let left = day_of(sight.value(moved.left))?;
            return Anchor::count(*known, limits.get(..moved.anchor.cut_count())?, left);
        }
        probe.ask(sight)
    }
}

impl Law {
    /// Returns the outcome alone, fast: no explanation, no questions.
    ///
    /// None while some fact on the way is unknown; [`Law::determine`] then tells what is possible.
    #[must_use]
    pub fn decide(&self, corpus: &Corpus, facts: &Facts) -> Option<Outcome> {
        let sight = Sight { facts: &facts.values, row: &[], presuming: true };
        let mut tallies: [Option<Tally>; ROLLS_KEPT] = [None; ROLLS_KEPT];
        let walked = self.flat.walk_known(|variable| {
            match self.ready.probes.get(variable as usize)? {
                Probe::Count(roll, place) => {
                    let cap = self.rolls.get(*roll)?.caps.get(*place)?;
                    let tally = match tallies.get_mut(*roll) {
                        Some(Some(kept)) => *kept,
                        Some(slot) => *slot.insert(self.tally(corpus, *roll, facts, true)?),
                        None => self.tally(corpus, *roll, facts, true)?,
                    };
                    u16::try_from(tally.count(*place, *cap)).ok()
                }
                Probe::Rare => self.ask_rare(corpus, variable, facts),
                probe => probe.ask(&sight),
            }
        });
        self.ready.outcomes.get(walked.ok()? as usize).copied().flatten()
    }

    #[cold]
    fn ask_rare(&self, corpus: &Corpus, variable: u32, facts: &Facts) -> Option<u16> {
        let atom = self.space.atoms.get(variable as usize)?;
        let values = FactValues { facts, on: self.scope.at.on };
        single(self.context(corpus).allowed(atom, &values))
    }

    /// Counts a list known whole, every record of which is known as far as it matters.
    pub(crate) fn tally(
        &self,
        corpus: &Corpus,
        index: usize,
        facts: &Facts,
        presuming: bool,
    ) -> Option<Tally> {
        let (roll, ready) = (self.rolls.get(index)?, self.ready.rolls.get(index)?);
        let list = facts.list(roll.record).filter(|list| list.listed == Listed::Whole)?;
        let mut tally = Tally::NONE;
        if list.rows.is_empty() {
            return Some(tally);
        }
        let outer = Sight { facts: &facts.values, row: &[], presuming };
        let anchored = ready.anchored(&outer);
        for row in &list.rows {
            let sight = Sight { row, ..outer };
            let bodies = roll.flat.walk_known(|variable| {
                match ready.probes.get(variable as usize)? {
                    Probe::Rare => self.ask_rare_row(corpus, roll, variable, (row, facts)),
                    _ => ready.ask(variable as usize, &sight, &anchored),
                }
            });
            tally.add(bodies.ok()?, ready.counts_many);
        }
        Some(tally)
    }

    #[cold]
    pub(crate) fn ask_rare_row(
        &self,
        corpus: &Corpus,
        roll: &Roll,
        variable: u32,
        (row, facts): (&[Value], &Facts),
    ) -> Option<u16> {
        let atom = roll.space.atoms.get(variable as usize)?;
        let outer = FactValues { facts, on: self.scope.at.on };
        let values = RowValues { record: roll.record, row, outer: &outer };
        single(self.context(corpus).allowed(atom, &values))
    }
}
