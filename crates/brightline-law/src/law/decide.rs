//! Decide: typed facts in, the outcome alone out, without a lookup by name and without allocation.

use std::cell::Cell;

use super::Law;
use super::atom::{Atom, Context};
use super::probe::{Anchor, Known, Moved, NOTHING_MOVED, Place, Probe, Sight, SightValues};
use super::program::{Ask, Asking, Program, presumed};
use super::residual::single;
use super::roll::{BODY_COUNT_MAX, FactValues, Roll};
use super::space::Space;
use crate::Outcome;
use crate::clock::Day;
use crate::diagram::NodeId;
use crate::facts::{Facts, Listed, Value};
use crate::ir::Corpus;

/// Anchors of a roll that are moved once for a request and not once for a record.
pub(super) const ANCHORS_KEPT: usize = 8;
/// Thresholds of such an anchor.
pub(super) const CUTS_KEPT: usize = 4;

/// A threshold that no day passes: later than [`Day::MAX`].
const NEVER: i32 = i32::MAX;

/// A law's atoms made ready.
#[derive(Default)]
pub(crate) struct Ready {
    /// By variable.
    pub probes: Box<[Probe]>,
    /// By roll.
    pub rolls: Box<[ReadyRoll]>,
    /// To the place of the outcome among [`Outcome::ALL`].
    program: Program,
}

/// A roll's atoms made ready.
pub(crate) struct ReadyRoll {
    /// By variable of the roll.
    pub probes: Box<[Probe]>,
    /// The anchors that are moved once for a request.
    anchors: Box<[Anchor]>,
    /// Some condition counts further than one.
    counts_many: bool,
    /// From a record to the bodies that it satisfies.
    program: Program,
}

/// How many records satisfy each body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tally {
    some: u32,
    many: [u8; BODY_COUNT_MAX],
}

/// Thresholds that are the same for all records of a request.
pub(super) struct Anchored {
    /// One bit for each slot of which all is known.
    whole: u32,
    known: [Known; ANCHORS_KEPT],
    limits: [[i32; CUTS_KEPT]; ANCHORS_KEPT],
}

impl Anchored {
    /// Nothing is known.
    const NOTHING: Self = Self {
        whole: 0,
        known: [Known::Nothing; ANCHORS_KEPT],
        limits: [[0; CUTS_KEPT]; ANCHORS_KEPT],
    };

    /// Returns the thresholds in a slot.
    #[inline]
    pub(super) fn get(&self, slot: u8) -> Option<(Known, &[i32; CUTS_KEPT])> {
        let slot = usize::from(slot);
        Some((*self.known.get(slot)?, self.limits.get(slot)?))
    }

    /// Returns how many thresholds a day has passed in each of some slots, one digit for each and
    /// the first slot's the highest; none where some are not known.
    #[inline(always)]
    pub(super) fn passed(&self, from: u8, until: u8, day: Day) -> Option<u32> {
        match until - from {
            2 => self.passed_in::<2>(from, day),
            3 => self.passed_in::<3>(from, day),
            _ => None,
        }
    }

    /// The digits are added up at once for the first thresholds of all slots, for the second, and
    /// so on: that has no branch and needs few registers.
    #[inline(always)]
    fn passed_in<const COUNT: usize>(&self, from: u8, day: Day) -> Option<u32> {
        let asked = (1 << COUNT) - 1;
        if self.whole >> from & asked != asked {
            return None;
        }
        let (limits, _) = self.limits.get(usize::from(from)..)?.split_first_chunk::<COUNT>()?;
        let mut values = [0; CUTS_KEPT];
        for slot in limits {
            for (value, limit) in values.iter_mut().zip(slot) {
                *value = *value * (CUTS_KEPT as u32 + 1) + u32::from(*limit <= day.days());
            }
        }
        Some(values.iter().sum())
    }
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
        (space, root): (&Space, NodeId),
        rolls: &[Roll],
        outcomes: &[Option<Outcome>],
        on: Day,
    ) -> Self {
        let probe = |(index, atom): (usize, &Atom)| {
            let counted = rolls.iter().enumerate().find_map(|(roll, of)| {
                let place = of.variables.iter().position(|v| v.0 as usize == index)?;
                Some(Probe::Count { roll, place, cap: of.caps.get(place).copied()? })
            });
            counted.unwrap_or_else(|| Probe::of(context, atom, None, on))
        };
        let probes: Box<[Probe]> = space.atoms.iter().enumerate().map(probe).collect();
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let ask = |(variable, probe): (usize, &Probe)| match probe {
            Probe::Plain(place @ Place::Fact(index, _)) => Ask::Fact(*index, presumed(*place)),
            Probe::Count { roll, place, cap: 1 } => Ask::Some(number(*roll), number(*place), 1),
            probe => one_threshold(probe).unwrap_or(Ask::Other(number(variable))),
        };
        let asks: Vec<Ask> = probes.iter().enumerate().map(ask).collect();
        let end_of = |payload: u32| {
            let outcome = outcomes.get(payload as usize).copied().flatten();
            let place = Outcome::ALL.iter().position(|known| Some(*known) == outcome);
            number(place.unwrap_or(Outcome::ALL.len()))
        };
        let asking = Asking { asks: &asks, patterns: Vec::new(), end_of: &end_of };
        let program = Program::of(&space.diagram, root, asking);
        let rolls = rolls.iter().map(|roll| ReadyRoll::of(context, roll, on)).collect();
        Self { probes, rolls, program }
    }
}

impl ReadyRoll {
    fn of(context: &Context<'_>, roll: &Roll, on: Day) -> Self {
        let atoms = roll.space.atoms.iter();
        let probes: Box<[Probe]> =
            atoms.map(|atom| Probe::of(context, atom, Some(roll.record), on)).collect();
        let mut anchors = Vec::new();
        let mut asks = Vec::with_capacity(probes.len());
        let mut patterns: Vec<u8> = Vec::new();
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        for (variable, probe) in probes.iter().enumerate() {
            asks.push(match probe {
                Probe::Plain(place @ Place::Fact(index, _)) => Ask::Fact(*index, presumed(*place)),
                Probe::Plain(place @ Place::Field(index, _)) => {
                    Ask::Field(*index, presumed(*place))
                }
                Probe::Offense(Place::Field(index, _), table) => {
                    let from = number(patterns.len());
                    patterns.extend_from_slice(table);
                    Ask::Pattern(*index, from, number(patterns.len()))
                }
                Probe::Moved(moved) => kept(moved, variable, &mut anchors),
                probe => one_threshold(probe).unwrap_or(Ask::Other(number(variable))),
            });
        }
        let asking = Asking { asks: &asks, patterns, end_of: &|bodies| bodies };
        let program = Program::of(&roll.space.diagram, roll.root, asking);
        let counts_many = roll.caps.iter().any(|cap| *cap > 1);
        Self { probes, anchors: anchors.into(), counts_many, program }
    }

    /// Moves the anchors that are the same for all records.
    #[inline]
    fn anchor(&self, sight: &Sight<'_>, anchored: &mut Anchored) {
        let mut memo = NOTHING_MOVED;
        let slots = anchored.known.iter_mut().zip(&mut anchored.limits);
        for (slot, (anchor, (known, limits))) in self.anchors.iter().zip(slots).enumerate() {
            *limits = [NEVER; CUTS_KEPT];
            *known = anchor.limits(sight, limits, &mut memo);
            anchored.whole |= u32::from(*known == Known::All) << slot;
        }
    }
}

/// Asks whether a number or a date reaches its only threshold.
fn one_threshold(probe: &Probe) -> Option<Ask> {
    match probe {
        Probe::Number(place, cuts) => match (place, &**cuts) {
            (Place::Fact(index, _), [cut]) => Some(Ask::FactNumber(*index, *cut)),
            (Place::Field(index, _), [cut]) => Some(Ask::FieldNumber(*index, *cut)),
            _ => None,
        },
        Probe::Days(place, limits) => match (place, &**limits) {
            (Place::Fact(index, _), [limit]) => Some(Ask::FactDay(*index, *limit)),
            (Place::Field(index, _), [limit]) => Some(Ask::FieldDay(*index, *limit)),
            _ => None,
        },
        _ => None,
    }
}

/// Asks for a field against an anchor: one that is kept, where it is the same for all records.
fn kept(moved: &Moved, variable: usize, anchors: &mut Vec<Anchor>) -> Ask {
    let count = moved.anchor.cut_count();
    match (moved.left, u8::try_from(anchors.len()), u8::try_from(count)) {
        (Place::Field(field, _), Ok(slot), Ok(count))
            if moved.anchor.is_shared()
                && usize::from(count) <= CUTS_KEPT
                && usize::from(slot) < ANCHORS_KEPT =>
        {
            anchors.push(moved.anchor.clone());
            Ask::Kept { field, slot, count }
        }
        _ => Ask::Other(u32::try_from(variable).unwrap_or(u32::MAX)),
    }
}

impl Law {
    /// Returns the outcome alone, fast: no explanation, no questions.
    ///
    /// None while some fact on the way is unknown; [`Law::determine`] then tells what is possible.
    #[must_use]
    pub fn decide(&self, corpus: &Corpus, facts: &Facts) -> Option<Outcome> {
        let sight = Sight { facts: &facts.values, row: &[], presuming: true };
        // Which roll is counted, and how; the number past the last stands for none.
        let counted = Cell::new((u32::MAX, Tally::NONE));
        let bits = Cell::new((u32::MAX, 0));
        let some = |roll: u32| {
            if bits.get().0 != roll {
                let tally = self.tally(corpus, roll as usize, facts, true)?;
                counted.set((roll, tally));
                bits.set((roll, tally.some));
            }
            Some(bits.get().1)
        };
        let tallied = |roll: usize| {
            some(u32::try_from(roll).ok()?)?;
            Some(counted.get().1)
        };
        let other = |variable: u32| match self.ready.probes.get(variable as usize)? {
            Probe::Count { roll, place, cap } => {
                u16::try_from(tallied(*roll)?.count(*place, *cap)).ok()
            }
            Probe::Rare => self.ask_rare(corpus, variable, facts),
            probe => probe.ask(&sight),
        };
        let place = self.ready.program.run(sight, &Anchored::NOTHING, some, other)?;
        Outcome::ALL.get(place as usize).copied()
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
        let record = self.rolls.get(index)?.record;
        let list = facts.list(record).filter(|list| list.listed == Listed::Whole)?;
        let outer = Sight { facts: &facts.values, row: &[], presuming };
        self.tally_of(corpus, index, outer, list.rows.iter().map(Vec::as_slice))
    }

    /// Counts records, every one of which is known as far as it matters.
    #[inline]
    pub(crate) fn tally_of<'r>(
        &self,
        corpus: &Corpus,
        index: usize,
        outer: Sight<'_>,
        rows: impl ExactSizeIterator<Item = &'r [Value]>,
    ) -> Option<Tally> {
        let ready = self.ready.rolls.get(index)?;
        let mut tally = Tally::NONE;
        if rows.len() == 0 {
            return Some(tally);
        }
        let mut anchored = Anchored::NOTHING;
        ready.anchor(&outer, &mut anchored);
        for row in rows {
            let sight = Sight { facts: outer.facts, row, presuming: outer.presuming };
            let other = |variable: u32| match ready.probes.get(variable as usize)? {
                Probe::Rare => self.ask_rare_row(corpus, index, variable, sight),
                probe => probe.ask(&sight),
            };
            let bodies = ready.program.run(sight, &anchored, |_| None, other)?;
            tally.add(bodies, ready.counts_many);
        }
        Some(tally)
    }

    #[cold]
    fn ask_rare_row(
        &self,
        corpus: &Corpus,
        index: usize,
        variable: u32,
        sight: Sight<'_>,
    ) -> Option<u16> {
        let roll = self.rolls.get(index)?;
        let atom = roll.space.atoms.get(variable as usize)?;
        let values = SightValues { sight, record: Some(roll.record), on: self.scope.at.on };
        single(self.context(corpus).allowed(atom, &values))
    }
}
