//! Atoms: the finite-valued questions that a diagram asks, and their values under given facts.
//!
//! All thresholds of one ordered quantity are one many-valued atom, so no order of them that cannot
//! be has a path; so are all tables asked of one offense.

use super::formula::{Cut, Formula, Gap, Test, Told};
use super::members::{Members, Membership, membership_on};
use crate::clock::Day;
use crate::facts::Value;
use crate::ir::{
    AsOf, Corpus, Kind, MemberId, Offense, OffenseNode, Operand, RecordId, UnsettledId,
};

/// A set of an atom's values, one bit each.
pub(crate) type Allowed = u64;

/// Atoms have at most so many values: the bits of [`Allowed`].
pub(crate) const ARITY_MAX: usize = 64;

/// A finite-valued question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Atom {
    /// 0 no, 1 yes.
    Yes(Operand),
    /// Index of the value; so many values.
    Choice(Operand, usize),
    /// Thresholds in rising order of the day; the value counts those that do not hold.
    Gap(Gap, Vec<Cut>),
    /// Thresholds rising; the value counts those that hold.
    Number(Operand, Vec<i64>),
    /// Which of these tables the offense is in: one value for each pattern that occurs.
    Offense(Operand, Vec<MemberId>, Vec<Vec<bool>>),
    /// Whether the offense is in a table read on a day of the request or the record.
    MemberOn(Operand, MemberId, Operand),
    /// How many records satisfy the body (index into the bodies), at most so many counted.
    Count(RecordId, usize, u32),
    /// Which reading is taken.
    Reading(UnsettledId, usize),
}

/// A body that records are counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    /// The list.
    pub record: RecordId,
    /// What a record must satisfy.
    pub formula: Formula,
    /// What the pack calls it.
    pub told: Told,
}

impl Atom {
    /// Returns how many values it has.
    pub(crate) fn arity(&self) -> usize {
        match self {
            Self::Yes(_) | Self::MemberOn(..) => 2,
            Self::Choice(_, count) | Self::Reading(_, count) => *count,
            Self::Gap(_, cuts) => cuts.len() + 1,
            Self::Number(_, cuts) => cuts.len() + 1,
            Self::Offense(_, _, patterns) => patterns.len(),
            Self::Count(_, _, most) => *most as usize + 1,
        }
    }

    /// Returns the values all.
    pub(crate) fn all(&self) -> Allowed {
        let arity = self.arity().min(ARITY_MAX);
        if arity == ARITY_MAX { Allowed::MAX } else { (1 << arity) - 1 }
    }

    /// Returns the operands it looks at.
    pub(crate) fn operands(&self) -> Vec<Operand> {
        match self {
            Self::Yes(operand)
            | Self::Choice(operand, _)
            | Self::Number(operand, _)
            | Self::Offense(operand, ..) => vec![*operand],
            Self::MemberOn(operand, _, day) => vec![*operand, *day],
            Self::Gap(gap, _) => {
                let mut found = vec![gap.left, gap.right];
                found.extend(gap.excluded);
                found
            }
            Self::Count(..) | Self::Reading(..) => Vec::new(),
        }
    }

    /// Returns the values for which the test holds; none where the test is not of this atom.
    pub(crate) fn literal(&self, test: &Test) -> Option<Allowed> {
        let below = |count: usize| (1u64 << count) - 1;
        match (self, test) {
            (Self::Yes(a), Test::Yes(b)) if a == b => Some(0b10),
            (Self::Choice(a, _), Test::OneOf(b, values)) if a == b => {
                Some(values.iter().fold(0, |set, value| set | 1 << value))
            }
            (Self::Gap(a, cuts), Test::Before(b, cut)) if a == b => {
                cuts.iter().position(|c| c == cut).map(|index| below(index + 1))
            }
            (Self::Number(a, cuts), Test::AtLeast(b, value)) if a == b => {
                let index = cuts.iter().position(|c| c == value)?;
                Some(self.all() & !below(index + 1))
            }
            (Self::Offense(a, members, patterns), Test::Member(b, member)) if a == b => {
                let column = members.iter().position(|m| m == member)?;
                let holds = patterns.iter().enumerate();
                let holds = holds.filter(|(_, bits)| bits.get(column) == Some(&true));
                Some(holds.fold(0, |set, (index, _)| set | 1 << index))
            }
            (Self::MemberOn(a, m, _), Test::Member(b, n)) if a == b && m == n => Some(0b10),
            (Self::Reading(a, _), Test::Reading(b, reading)) if a == b => Some(1 << reading),
            _ => None,
        }
    }
}

/// Where the values of operands come from.
pub(crate) trait Values {
    /// Returns the value of a fact or field; unknown where nothing is known.
    fn value(&self, operand: Operand) -> Value;
}

/// What atoms need to be evaluated besides values.
pub(crate) struct Context<'a> {
    /// The corpus.
    pub corpus: &'a Corpus,
    /// The tables of the day.
    pub members: &'a Members,
}

impl Context<'_> {
    /// Returns the values that an atom can have, each operand taken by itself.
    /// Counts and readings are all open here.
    pub(crate) fn allowed(&self, atom: &Atom, values: &impl Values) -> Allowed {
        let known = match atom {
            Atom::Yes(operand) => match values.value(*operand) {
                Value::Bool(value) => Some(1 << u32::from(value)),
                _ => None,
            },
            Atom::Choice(operand, _) => match values.value(*operand) {
                Value::Choice(value) => Some(1 << value),
                _ => None,
            },
            Atom::Gap(gap, cuts) => match gap_value(gap, cuts, values) {
                Some(value) => Some(1 << value),
                None => self.not_after_the_act(gap, cuts, values),
            },
            Atom::Number(operand, cuts) => match values.value(*operand) {
                Value::Number(n) => Some(1 << cuts.iter().filter(|cut| **cut <= n).count()),
                _ => None,
            },
            Atom::Offense(operand, members, patterns) => match values.value(*operand) {
                Value::Offense(offense) => Some(self.patterns(members, patterns, offense)),
                _ => None,
            },
            Atom::MemberOn(operand, member, _) => self.member_on(*operand, *member, values),
            Atom::Count(..) | Atom::Reading(..) => None,
        };
        known.unwrap_or_else(|| atom.all())
    }

    /// A record's day of which nothing is known is at least not after the day of the act.
    fn not_after_the_act(&self, gap: &Gap, cuts: &[Cut], values: &impl Values) -> Option<Allowed> {
        let Operand::Field(..) = gap.left else {
            return None;
        };
        let (None, None) = (day_of(values.value(gap.left)), gap.excluded) else {
            return None;
        };
        let right = day_of(values.value(gap.right))?;
        let last = self.members.day();
        let fails = |cut: &&Cut| {
            let limit = threshold(gap, **cut, right, 0);
            !(last < limit || cut.inclusive && last == limit)
        };
        let most = cuts.iter().filter(fails).count();
        Some(Allowed::MAX >> (ARITY_MAX - 1 - most))
    }

    fn patterns(&self, members: &[MemberId], patterns: &[Vec<bool>], offense: Offense) -> Allowed {
        let wanted: Vec<Membership> = members
            .iter()
            .map(|member| self.members.membership(self.corpus, *member, offense))
            .collect();
        let fits = |bits: &Vec<bool>| {
            bits.iter().zip(&wanted).all(|(bit, membership)| match membership {
                Membership::In => *bit,
                Membership::Out => !*bit,
                Membership::Open => true,
            })
        };
        let fitting = patterns.iter().enumerate().filter(|(_, bits)| fits(bits));
        fitting.fold(0, |set, (index, _)| set | 1 << index)
    }

    fn member_on(
        &self,
        operand: Operand,
        member: MemberId,
        values: &impl Values,
    ) -> Option<Allowed> {
        let member = self.corpus.members.get(member.index())?;
        let AsOf::Operand(day) = member.as_of else {
            return None;
        };
        let (Value::Offense(offense), Some(day)) =
            (values.value(operand), day_of(values.value(day)))
        else {
            return None;
        };
        match membership_on(self.corpus, member, offense, day) {
            Membership::In => Some(0b10),
            Membership::Out => Some(0b01),
            Membership::Open => None,
        }
    }

    /// Returns the patterns of membership that occur among all offenses, named or not.
    pub(crate) fn patterns_of(&self, members: &[MemberId]) -> Vec<Vec<bool>> {
        let mut patterns: Vec<Vec<bool>> = vec![vec![false; members.len()]];
        for index in 1..self.corpus.offenses.len() {
            let node = OffenseNode(u32::try_from(index).unwrap_or(u32::MAX));
            let offense = Offense { node, whole: false };
            let bits: Vec<bool> = members
                .iter()
                .map(|member| {
                    self.members.membership(self.corpus, *member, offense) == Membership::In
                })
                .collect();
            if !patterns.contains(&bits) {
                patterns.push(bits);
            }
        }
        patterns.truncate(ARITY_MAX);
        patterns
    }
}

/// Returns the day of a date or time.
#[inline]
pub(crate) fn day_of(value: Value) -> Option<Day> {
    match value {
        Value::Day(day) => Some(day),
        Value::Moment(moment) => Some(moment.day()),
        _ => None,
    }
}

/// Returns the threshold that a cut makes of its anchor.
pub(crate) fn threshold(gap: &Gap, cut: Cut, right: Day, excluded: i64) -> Day {
    let excluded = u32::try_from(excluded.max(0)).unwrap_or(u32::MAX);
    let span = cut.span().lengthened(excluded);
    if gap.later { span.after(right) } else { span.before(right) }
}

fn gap_value(gap: &Gap, cuts: &[Cut], values: &impl Values) -> Option<usize> {
    let left = day_of(values.value(gap.left))?;
    let right = day_of(values.value(gap.right))?;
    // Whatever the days not counted are, they only move an earlier threshold earlier.
    let excluded = match gap.excluded.map(|operand| values.value(operand)) {
        None => 0,
        Some(Value::Number(days)) => days,
        Some(_) => return settled_without_excluded(gap, cuts, left, right),
    };
    let fails = |cut: &&Cut| {
        let limit = threshold(gap, **cut, right, excluded);
        !(left < limit || cut.inclusive && left == limit)
    };
    Some(cuts.iter().filter(fails).count())
}

/// With the excluded days unknown, an earlier threshold can only be passed, never reached again:
/// where `left` is not before it even with nothing excluded, it is not before it with more.
fn settled_without_excluded(gap: &Gap, cuts: &[Cut], left: Day, right: Day) -> Option<usize> {
    let reached = |cut: &Cut| {
        let limit = threshold(gap, *cut, right, 0);
        left < limit || cut.inclusive && left == limit
    };
    (!gap.later && !cuts.iter().any(reached)).then_some(cuts.len())
}

/// Returns the number of values of a choice.
pub(crate) fn choice_arity(corpus: &Corpus, operand: Operand) -> usize {
    let fact = match operand {
        Operand::Fact(fact) => corpus.facts.get(fact.index()),
        Operand::Field(record, field) => {
            corpus.records.get(record.index()).and_then(|record| record.fields.get(field as usize))
        }
        Operand::ActDate | Operand::Day(_) => None,
    };
    match fact.map(|fact| &fact.kind) {
        Some(Kind::OneOf(values)) => values.len().max(2),
        _ => 2,
    }
}
