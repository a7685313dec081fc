//! Probes: atoms made ready for the day, so that a value is read and compared and nothing is
//! looked up.
//!
//! What is fixed by the scope is worked out once: the thresholds of dates that are compared with
//! the day of the act or with fixed days, the pattern of tables that each offense is in. A probe
//! gives the one value that the facts leave an atom; where they leave several, or the atom is too
//! rare to be made ready, it gives none, and [`Context::allowed`] tells which.

use super::atom::{Allowed, Atom, Context, day_of};
use super::formula::{Cut, Gap};
use crate::clock::{Day, plus_months};
use crate::facts::Value;
use crate::ir::{Fact, Offense, OffenseNode, Operand, RecordId};

/// The memory of [`Anchor::limits`] at the start.
pub(crate) const NOTHING_MOVED: (Day, i32, Day) = (Day::MIN, 0, Day::MIN);
/// More days than lie between [`Day::MIN`] and [`Day::MAX`].
pub(super) const DAYS_MAX: i64 = 10_000_000;
/// An offense that the tables leave open.
pub(super) const OPEN: u8 = u8::MAX;

/// Where a value is found, and what is presumed while it is not known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// A fact of the request.
    Fact(u32, Value),
    /// A field of the record at hand.
    Field(u32, Value),
    /// The same for every request.
    Fixed(Value),
}

/// The values in sight: all facts, and the record at hand.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    /// By fact.
    pub facts: &'a [Value],
    /// By field.
    pub row: &'a [Value],
    /// What is not known counts as it is presumed.
    pub presuming: bool,
}

/// An atom made ready.
#[derive(Debug, Clone)]
pub(crate) enum Probe {
    /// A yes or no, or a choice.
    Plain(Place),
    /// A date against rising days: the value counts those that it is not before.
    Days(Place, Box<[i32]>),
    /// A date against another one moved.
    Moved(Moved),
    /// A number against rising thresholds.
    Number(Place, Box<[i64]>),
    /// The pattern of each offense: by node, then whether it is named in full.
    Offense(Place, Box<[u8]>),
    /// A count: which roll, which place in its vector, the most that matters.
    Count { roll: usize, place: usize, cap: u32 },
    /// Not made ready.
    Rare,
}

/// A gap whose anchor is known only with the request.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    /// The day compared.
    pub left: Place,
    /// The anchor and what moves it.
    pub anchor: Anchor,
}

/// A day moved by several spans, each lengthened by days that do not count.
#[derive(Debug, Clone)]
pub(crate) struct Anchor {
    right: Place,
    excluded: Option<Place>,
    later: bool,
    cuts: Box<[Shift]>,
}

/// A cut made ready: months and days, negative when earlier, and 1 more where the day itself
/// counts as before.
#[derive(Debug, Clone, Copy)]
struct Shift {
    months: i32,
    days: i32,
    inclusive: i32,
}

/// What is known of the thresholds that an anchor makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing.
    Nothing,
    /// The thresholds as they are with no day excluded.
    Unexcluded,
    /// All.
    All,
}

impl Place {
    fn of(context: &Context<'_>, operand: Operand, record: Option<RecordId>) -> Option<Self> {
        let presumed = |fact: Option<&Fact>| match fact.and_then(|fact| fact.presumed.as_ref()) {
            Some((value, _)) => Value::Bool(*value),
            None => Value::Unknown,
        };
        let corpus = context.corpus;
        Some(match operand {
            Operand::Fact(fact) => Self::Fact(fact.0, presumed(corpus.facts.get(fact.index()))),
            Operand::Field(of, field) if Some(of) == record => {
                let kind = corpus.records.get(of.index())?;
                Self::Field(field, presumed(kind.fields.get(field as usize)))
            }
            Operand::Field(..) | Operand::ActDate => return None,
            Operand::Day(day) => Self::Fixed(Value::Day(day)),
        })
    }

    /// Returns whether it is the same for every record of a request.
    pub(crate) fn is_shared(self) -> bool {
        !matches!(self, Self::Field(..))
    }
}

impl Sight<'_> {
    /// Returns the value of a place.
    #[inline(always)]
    pub(crate) fn value(&self, place: Place) -> Value {
        let (found, presumed) = match place {
            Place::Fact(index, presumed) => (self.facts.get(index as usize), presumed),
            Place::Field(index, presumed) => (self.row.get(index as usize), presumed),
            Place::Fixed(value) => return value,
        };
        match found {
            Some(Value::Unknown) | None if self.presuming => presumed,
            None => Value::Unknown,
            Some(value) => *value,
        }
    }
}

/// The values in sight, by operand.
pub(crate) struct SightValues<'a> {
    /// What is in sight.
    pub sight: Sight<'a>,
    /// The kind of the record at hand.
    pub record: Option<RecordId>,
    /// The day of the act.
    pub on: Day,
}

impl super::atom::Values for SightValues<'_> {
    fn value(&self, operand: Operand) -> Value {
        let found = match operand {
            Operand::Fact(fact) => self.sight.facts.get(fact.index()),
            Operand::Field(of, field) if Some(of) == self.record => {
                self.sight.row.get(field as usize)
            }
            Operand::Field(..) => None,
            Operand::ActDate => return Value::Day(self.on),
            Operand::Day(day) => return Value::Day(day),
        };
        found.copied().unwrap_or_default()
    }
}

impl Probe {
    /// Makes an atom ready for the day of the act; fields are those of `record`.
    pub(crate) fn of(
        context: &Context<'_>,
        atom: &Atom,
        record: Option<RecordId>,
        on: Day,
    ) -> Self {
        let place = |operand: Operand| match operand {
            Operand::ActDate => Some(Place::Fixed(Value::Day(on))),
            other => Place::of(context, other, record),
        };
        let made = match atom {
            Atom::Yes(operand) | Atom::Choice(operand, _) => place(*operand).map(Self::Plain),
            Atom::Gap(gap, cuts) => gap_probe(gap, cuts, place),
            Atom::Number(operand, cuts) => {
                place(*operand).map(|place| Self::Number(place, cuts.as_slice().into()))
            }
            Atom::Offense(operand, ..) => {
                place(*operand).map(|place| Self::Offense(place, offense_patterns(context, atom)))
            }
            Atom::MemberOn(..) | Atom::Count(..) | Atom::Reading(..) => None,
        };
        made.unwrap_or(Self::Rare)
    }

    /// Returns the one value that the facts leave, if they leave one only.
    pub(crate) fn ask(&self, sight: &Sight<'_>) -> Option<u16> {
        match self {
            Self::Plain(place) => match sight.value(*place) {
                Value::Bool(value) => Some(u16::from(value)),
                Value::Choice(value) => Some(value),
                _ => None,
            },
            Self::Days(place, limits) => {
                let day = day_of(sight.value(*place))?.days();
                Some(passed(limits, |limit| *limit <= day))
            }
            Self::Moved(moved) => {
                let left = day_of(sight.value(moved.left))?;
                moved.anchor.ask(left, sight)
            }
            Self::Number(place, cuts) => match sight.value(*place) {
                Value::Number(n) => Some(passed(cuts, |cut| *cut <= n)),
                _ => None,
            },
            Self::Offense(place, patterns) => match sight.value(*place) {
                Value::Offense(offense) => offense_pattern(patterns, offense),
                _ => None,
            },
            Self::Count { .. } | Self::Rare => None,
        }
    }
}

impl Anchor {
    /// Returns whether all that it is made of is the same for every record of a request.
    pub(crate) fn is_shared(&self) -> bool {
        self.right.is_shared() && self.excluded.is_none_or(Place::is_shared)
    }

    /// Returns the day that is moved, the days that do not count, and whether it is moved later.
    pub(crate) fn parts(&self) -> (Place, Option<Place>, bool) {
        (self.right, self.excluded, self.later)
    }

    /// Returns what moves the day to each threshold: months, days, and 1 where the day itself
    /// counts as before.
    pub(crate) fn shifts(&self) -> impl ExactSizeIterator<Item = (i32, i32, i32)> {
        self.cuts.iter().map(|cut| (cut.months, cut.days, cut.inclusive))
    }

    /// Returns how many thresholds there are.
    pub(crate) fn cut_count(&self) -> usize {
        self.cuts.len()
    }

    /// Writes the first day that each threshold no longer holds on, as far as there is room.
    ///
    /// `memo` is the last day that was moved by months, the months, and where it came to.
    pub(crate) fn limits(
        &self,
        sight: &Sight<'_>,
        limits: &mut [i32],
        memo: &mut (Day, i32, Day),
    ) -> Known {
        let Some(right) = day_of(sight.value(self.right)) else {
            return Known::Nothing;
        };
        // Whatever the days not counted are, they only move an earlier threshold earlier.
        let (excluded, known) = match self.excluded.map(|place| sight.value(place)) {
            None => (0, Known::All),
            Some(Value::Number(days)) => (days.clamp(0, DAYS_MAX), Known::All),
            Some(_) if self.later => return Known::Nothing,
            Some(_) => (0, Known::Unexcluded),
        };
        let excluded = small(if self.later { excluded } else { -excluded });
        for (cut, slot) in self.cuts.iter().zip(limits) {
            if right != memo.0 || cut.months != memo.1 {
                *memo = (right, cut.months, plus_months(right, cut.months.into()));
            }
            let moved = memo.2.days() + cut.days + excluded;
            *slot = moved.clamp(Day::MIN.days(), Day::MAX.days()) + cut.inclusive;
        }
        known
    }

    /// Returns how many thresholds the day has passed, given what is known of them.
    #[inline]
    pub(crate) fn count(known: Known, limits: &[i32], left: Day) -> Option<u16> {
        let count = passed(limits, |limit| *limit <= left.days());
        match known {
            Known::All => Some(count),
            Known::Unexcluded if usize::from(count) == limits.len() => Some(count),
            _ => None,
        }
    }

    #[inline(never)]
    fn ask(&self, left: Day, sight: &Sight<'_>) -> Option<u16> {
        let mut limits = [0; super::atom::ARITY_MAX];
        let limits = limits.get_mut(..self.cuts.len())?;
        let known = self.limits(sight, limits, &mut { NOTHING_MOVED });
        Self::count(known, limits, left)
    }
}

impl Shift {
    fn of(cut: Cut, later: bool) -> Self {
        let sign = if later { 1 } else { -1 };
        Self {
            months: small(sign * i64::from(cut.months)),
            days: small(sign * i64::from(cut.days)),
            inclusive: i32::from(cut.inclusive),
        }
    }
}

/// A count of days or months, cut off where it reaches past every day there is.
fn small(count: i64) -> i32 {
    i32::try_from(count.clamp(-DAYS_MAX, DAYS_MAX)).unwrap_or(0)
}

/// Returns how many of some rising thresholds are passed; there are few.
#[inline]
fn passed<T>(thresholds: &[T], passes: impl Fn(&T) -> bool) -> u16 {
    let mut count = 0;
    for threshold in thresholds {
        if !passes(threshold) {
            break;
        }
        count += 1;
    }
    count
}

fn gap_probe(gap: &Gap, cuts: &[Cut], place: impl Fn(Operand) -> Option<Place>) -> Option<Probe> {
    let left = place(gap.left)?;
    let right = place(gap.right)?;
    let excluded = match gap.excluded {
        Some(operand) => Some(place(operand)?),
        None => None,
    };
    let anchor = Anchor {
        right,
        excluded,
        later: gap.later,
        cuts: cuts.iter().map(|cut| Shift::of(*cut, gap.later)).collect(),
    };
    if matches!((right, excluded), (Place::Fixed(_), None)) {
        let mut limits = vec![0; cuts.len()];
        let sight = Sight { facts: &[], row: &[], presuming: true };
        anchor.limits(&sight, &mut limits, &mut { NOTHING_MOVED });
        return Some(Probe::Days(left, limits.into()));
    }
    Some(Probe::Moved(Moved { left, anchor }))
}

/// The place of an offense among the patterns.
fn slot(offense: Offense) -> usize {
    offense.node.0 as usize * 2 + usize::from(offense.whole)
}

#[inline]
pub(crate) fn offense_pattern(patterns: &[u8], offense: Offense) -> Option<u16> {
    let code = *patterns.get(slot(offense))?;
    (code != OPEN).then_some(u16::from(code))
}

fn offense_patterns(context: &Context<'_>, atom: &Atom) -> Box<[u8]> {
    let Atom::Offense(operand, ..) = atom else {
        return Box::default();
    };
    let nodes = (0..context.corpus.offenses.len()).filter_map(|node| u32::try_from(node).ok());
    let all = nodes
        .flat_map(|node| [false, true].map(|whole| Offense { node: OffenseNode(node), whole }));
    let code = |offense: Offense| {
        let one = One(*operand, Value::Offense(offense));
        let allowed: Allowed = context.allowed(atom, &one);
        match (allowed.count_ones(), u8::try_from(allowed.trailing_zeros())) {
            (1, Ok(code)) => code,
            _ => OPEN,
        }
    };
    all.map(code).collect()
}

/// One operand with its value.
struct One(Operand, Value);

impl super::atom::Values for One {
    fn value(&self, operand: Operand) -> Value {
        if operand == self.0 { self.1 } else { Value::Unknown }
    }
}
