//! Programs: a function and its probes in one array of steps, for requests that are fully known.
//!
//! What a step asks, and where each answer leads, stands in the step itself, so that nothing is
//! looked up by variable on the way, and a link to an end is the end itself. A step is as long as a
//! line of the cache, so that an office with a thousand agencies, each with a law of its own, waits
//! for few lines of each. Steps in a row become one step where their answers are found
//! together: bodies that some record satisfies, which are bits of one word; two yes-or-no values
//! that are asked one after the other; one date against several sets of thresholds. Where one of
//! those answers is not known, it may not be needed: then the steps are gone through one by one.

use std::collections::BTreeMap;

use super::atom::day_of;
use super::decide::{Anchored, CUTS_KEPT};
use super::probe::{Anchor, Place, Sight, offense_pattern};
use crate::diagram::{Diagram, NodeId, Variable};
use crate::facts::Value;

/// The bit that sets an end apart from a step.
const TERMINAL: u32 = 1 << 31;
/// A link to nothing.
const NOWHERE: u32 = u32::MAX;
/// So many bits are asked in one step.
const BITS_MAX: u32 = 8;
/// More links than this, and bits are asked one by one.
const LINK_COUNT_MAX: usize = 1 << 14;
/// So many values lead on from the step itself; where there are more, from a table beside it.
const LINKS_OWN: usize = 8;
/// So many sets of thresholds are asked together.
const SLOTS_MAX: u8 = 3;
/// A date has passed none to all of the thresholds of a set.
const DIGIT_COUNT: usize = CUTS_KEPT + 1;

/// One function as steps.
#[derive(Default)]
pub(crate) struct Program {
    steps: Box<[Step]>,
    /// The links of steps with many values.
    wide: Box<[u32]>,
    start: u32,
    /// Patterns of offenses, one table after the other.
    patterns: Box<[u8]>,
}

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Step {
    ask: Ask,
    is_wide: bool,
    /// By value, the last one repeated; of a wide step, the first link and the last value.
    links: [u32; LINKS_OWN],
}

/// What a step asks.
#[derive(Clone, Copy)]
pub(crate) enum Ask {
    /// A yes or no, or a choice, of the request.
    Fact(u32, Option<bool>),
    /// The same of the record at hand.
    Field(u32, Option<bool>),
    /// Whether a number of the request reaches this.
    FactNumber(u32, i64),
    /// Whether a date of the request reaches this day.
    FactDay(u32, i32),
    /// Whether a number of the record reaches this.
    FieldNumber(u32, i64),
    /// Whether a date of the record reaches this day.
    FieldDay(u32, i32),
    /// A date of the record against thresholds that are the same for all records.
    Kept {
        /// The field.
        field: u32,
        /// Which thresholds.
        slot: u8,
        /// How many.
        count: u8,
    },
    /// Two yes-or-no values of the request.
    TwoFacts(Two),
    /// Two yes-or-no values of the record.
    TwoFields(Two),
    /// A date of the record against several sets of thresholds.
    AllKept {
        /// The field.
        field: u32,
        /// The first set.
        from: u8,
        /// One past the last set.
        until: u8,
        /// The step that asks for the first alone.
        single: u32,
    },
    /// The pattern of an offense of the record: field, then where its table begins and ends.
    Pattern(u32, u32, u32),
    /// Whether some records satisfy bodies: roll, first body, mask of those asked.
    Some(u32, u32, u32),
    /// Anything else, by variable.
    Other(u32),
}

/// Two places asked together.
#[derive(Clone, Copy)]
pub(crate) struct Two {
    places: (u16, u16),
    presumed: (Option<bool>, Option<bool>),
    /// The step that asks for the first alone.
    single: u32,
}

/// How a variable is asked.
pub(crate) struct Asking<'a> {
    /// By variable.
    pub asks: &'a [Ask],
    /// The tables of offenses that they name.
    pub patterns: Vec<u8>,
    /// What the walk ends with, by payload; less than 2³¹ − 1.
    pub end_of: &'a dyn Fn(u32) -> u32,
}

impl Program {
    /// Makes a program of a function.
    pub(crate) fn of(diagram: &Diagram, root: NodeId, asking: Asking<'_>) -> Self {
        let mut builder = Builder {
            diagram,
            asks: asking.asks,
            end_of: asking.end_of,
            steps: Vec::new(),
            wide: Vec::new(),
            places: BTreeMap::new(),
            singles: BTreeMap::new(),
            open: Vec::new(),
        };
        let start = builder.link(root);
        while let Some(open) = builder.open.pop() {
            builder.expand(open);
        }
        Self {
            steps: builder.steps.into(),
            wide: builder.wide.into(),
            start,
            patterns: asking.patterns.into(),
        }
    }

    /// Goes from the first step to an end; none where something on the way is not known.
    #[inline(always)]
    pub(crate) fn run(
        &self,
        sight: Sight<'_>,
        anchored: &Anchored,
        mut some: impl FnMut(u32) -> Option<u32>,
        mut other: impl FnMut(u32) -> Option<u16>,
    ) -> Option<u32> {
        let mut at = self.start;
        // A link to an end is no step, and ends the walk.
        while let Some(step) = self.steps.get(at as usize) {
            at = match &step.ask {
                Ask::Fact(index, presumed) => {
                    let found = sight.facts.get(*index as usize);
                    step.own(plain(found, *presumed, sight.presuming)?)
                }
                Ask::Field(index, presumed) => {
                    let found = sight.row.get(*index as usize);
                    step.own(plain(found, *presumed, sight.presuming)?)
                }
                Ask::FactNumber(index, cut) => step.own(reaches(sight.facts, *index, *cut)?),
                Ask::FieldNumber(index, cut) => step.own(reaches(sight.row, *index, *cut)?),
                Ask::FactDay(index, cut) => step.own(reaches_day(sight.facts, *index, *cut)?),
                Ask::FieldDay(index, cut) => step.own(reaches_day(sight.row, *index, *cut)?),
                Ask::TwoFacts(two) => step.two(two, sight.facts, sight.presuming),
                Ask::TwoFields(two) => step.two(two, sight.row, sight.presuming),
                Ask::Kept { field, slot, count } => {
                    let day = day_of(*sight.row.get(*field as usize)?)?;
                    let (known, limits) = anchored.get(*slot)?;
                    let limits = limits.get(..usize::from(*count))?;
                    step.own(u32::from(Anchor::count(known, limits, day)?))
                }
                Ask::AllKept { field, from, until, single } => {
                    let day = day_of(*sight.row.get(*field as usize)?)?;
                    match anchored.passed(*from, *until, day) {
                        Some(value) => self.next(step, value)?,
                        None => *single,
                    }
                }
                Ask::Pattern(field, from, until) => {
                    let table = self.patterns.get(*from as usize..*until as usize)?;
                    match sight.row.get(*field as usize)? {
                        Value::Offense(offense) => {
                            self.next(step, u32::from(offense_pattern(table, *offense)?))?
                        }
                        _ => return None,
                    }
                }
                Ask::Some(roll, first, mask) => self.next(step, some(*roll)? >> first & mask)?,
                Ask::Other(variable) => self.next(step, u32::from(other(*variable)?))?,
            };
        }
        (at >= TERMINAL && at != NOWHERE).then_some(at & !TERMINAL)
    }

    #[inline(always)]
    fn next(&self, step: &Step, value: u32) -> Option<u32> {
        if !step.is_wide {
            return Some(step.own(value));
        }
        let [first, last, ..] = step.links;
        self.wide.get((first + value.min(last)) as usize).copied()
    }
}

impl Step {
    #[inline(always)]
    fn own(&self, value: u32) -> u32 {
        self.links[(value as usize).min(LINKS_OWN - 1)]
    }

    #[inline(always)]
    fn two(&self, two: &Two, values: &[Value], presuming: bool) -> u32 {
        let first = values.get(usize::from(two.places.0));
        let second = values.get(usize::from(two.places.1));
        match (first, second) {
            (Some(Value::Bool(first)), Some(Value::Bool(second))) => {
                self.own(u32::from(*first) | u32::from(*second) << 1)
            }
            _ => self.two_presumed(two, (first, second), presuming),
        }
    }

    fn two_presumed(
        &self,
        two: &Two,
        (first, second): (Option<&Value>, Option<&Value>),
        presuming: bool,
    ) -> u32 {
        let first = plain(first, two.presumed.0, presuming);
        match (first, plain(second, two.presumed.1, presuming)) {
            (Some(first @ 0..=1), Some(second @ 0..=1)) => self.own(first | second << 1),
            _ => two.single,
        }
    }
}

#[inline(always)]
fn plain(found: Option<&Value>, presumed: Option<bool>, presuming: bool) -> Option<u32> {
    match found {
        Some(Value::Bool(value)) => Some(u32::from(*value)),
        Some(Value::Choice(value)) => Some(u32::from(*value)),
        Some(Value::Unknown) | None if presuming => presumed.map(u32::from),
        _ => None,
    }
}

#[inline(always)]
fn reaches(values: &[Value], index: u32, cut: i64) -> Option<u32> {
    match values.get(index as usize)? {
        Value::Number(number) => Some(u32::from(cut <= *number)),
        _ => None,
    }
}

#[inline(always)]
fn reaches_day(values: &[Value], index: u32, cut: i32) -> Option<u32> {
    let day = day_of(*values.get(index as usize)?)?;
    Some(u32::from(cut <= day.days()))
}

/// Returns what is presumed of a place, as a yes or no.
pub(crate) fn presumed(place: Place) -> Option<bool> {
    match place {
        Place::Fact(_, Value::Bool(value)) | Place::Field(_, Value::Bool(value)) => Some(value),
        _ => None,
    }
}

/// A step whose links are still to be made.
struct Open {
    node: NodeId,
    place: u32,
    /// Steps in a row may become one.
    joins: bool,
}

struct Builder<'a> {
    diagram: &'a Diagram,
    asks: &'a [Ask],
    end_of: &'a dyn Fn(u32) -> u32,
    steps: Vec<Step>,
    wide: Vec<u32>,
    places: BTreeMap<NodeId, u32>,
    /// Steps that are never joined with those below.
    singles: BTreeMap<NodeId, u32>,
    open: Vec<Open>,
}

impl Builder<'_> {
    fn ask(&self, variable: u32) -> Ask {
        self.asks.get(variable as usize).copied().unwrap_or(Ask::Other(variable))
    }

    /// The link to a node; its step is made room for and expanded later.
    fn link(&mut self, node: NodeId) -> u32 {
        if let Some(&place) = self.places.get(&node) {
            return place;
        }
        let place = match self.diagram.payload(node) {
            Some(payload) => TERMINAL | (self.end_of)(payload),
            None => self.room(node, true),
        };
        self.places.insert(node, place);
        place
    }

    /// The link to a step that asks what its node asks and no more.
    fn single(&mut self, node: NodeId) -> u32 {
        if let Some(&place) = self.singles.get(&node) {
            return place;
        }
        let place = self.room(node, false);
        self.singles.insert(node, place);
        place
    }

    fn room(&mut self, node: NodeId, joins: bool) -> u32 {
        let place = count(self.steps.len());
        let ask = Ask::Other(u32::MAX);
        self.steps.push(Step { ask, is_wide: false, links: [NOWHERE; LINKS_OWN] });
        self.open.push(Open { node, place, joins });
        place
    }

    fn expand(&mut self, Open { node, place, joins }: Open) {
        let joined = if joins { self.two(node).or_else(|| self.all_kept(node)) } else { None };
        let Some((ask, targets)) = joined.or_else(|| self.alone(node)) else {
            return;
        };
        let links: Vec<u32> = targets.into_iter().map(|target| self.link(target)).collect();
        let last = links.last().copied().unwrap_or(NOWHERE);
        let mut own = [last; LINKS_OWN];
        let is_wide = links.len() > LINKS_OWN;
        if is_wide {
            own = [count(self.wide.len()), count(links.len() - 1), 0, 0, 0, 0, 0, 0];
            self.wide.extend(links);
        } else {
            own.iter_mut().zip(links).for_each(|(slot, link)| *slot = link);
        }
        if let Some(step) = self.steps.get_mut(place as usize) {
            *step = Step { ask, is_wide, links: own };
        }
    }

    fn alone(&self, node: NodeId) -> Option<(Ask, Vec<NodeId>)> {
        let (variable, children) = self.diagram.test(node)?;
        let children = children.to_vec();
        Some(match self.ask(variable.0) {
            Ask::Some(roll, body, _) => self.fused(node, roll, body),
            Ask::Fact(..) | Ask::Field(..) if children.len() > LINKS_OWN => {
                (Ask::Other(variable.0), children)
            }
            ask => (ask, children),
        })
    }

    /// One step for two yes-or-no values, where whatever does not end asks the second.
    fn two(&mut self, node: NodeId) -> Option<(Ask, Vec<NodeId>)> {
        let (first, children) = self.yes_or_no(node)?;
        let mut seconds = children.iter().filter(|child| self.diagram.payload(**child).is_none());
        let second = *seconds.next()?;
        let (second, _) = self.yes_or_no(second)?;
        let asks_second = |child: &NodeId| {
            self.diagram.test(*child).is_some_and(|(variable, _)| variable == second)
        };
        if !seconds.all(asks_second) {
            return None;
        }
        let (first, second_ask) = (self.ask(first.0), self.ask(second.0));
        let places = |one: u32, other: u32| Some((one.try_into().ok()?, other.try_into().ok()?));
        let (places, presumed, of_row) = match (first, second_ask) {
            (Ask::Fact(one, a), Ask::Fact(other, b)) => (places(one, other)?, (a, b), false),
            (Ask::Field(one, a), Ask::Field(other, b)) => (places(one, other)?, (a, b), true),
            _ => return None,
        };
        let target = |bits: usize| {
            let child = *children.get(bits & 1)?;
            let below = if asks_second(&child) { self.diagram.test(child) } else { None };
            Some(below.and_then(|(_, below)| below.get(bits >> 1).copied()).unwrap_or(child))
        };
        let targets = (0..4).map(target).collect::<Option<Vec<NodeId>>>()?;
        let two = Two { places, presumed, single: self.single(node) };
        Some((if of_row { Ask::TwoFields(two) } else { Ask::TwoFacts(two) }, targets))
    }

    /// The variable and the children of a node with two values.
    fn yes_or_no(&self, node: NodeId) -> Option<(Variable, Vec<NodeId>)> {
        let (variable, children) = self.diagram.test(node)?;
        (children.len() == 2).then(|| (variable, children.to_vec()))
    }

    /// One step for all steps below that compare this date with kept thresholds and come before
    /// others.
    fn all_kept(&mut self, node: NodeId) -> Option<(Ask, Vec<NodeId>)> {
        let (field, slot, _) = self.kept(node)?;
        let (mut from, mut until) = (slot, slot + 1);
        let mut open = vec![node];
        let mut seen = Vec::new();
        while let Some(node) = open.pop() {
            let Some((of, slot, children)) = self.kept(node) else {
                continue;
            };
            if of == field && !seen.contains(&node) {
                (from, until) = (from.min(slot), until.max(slot + 1));
                open.extend(children);
                seen.push(node);
            }
        }
        if until - from < 2 || until - from > SLOTS_MAX {
            return None;
        }
        let target = |value: usize| {
            let mut at = node;
            while let Some((of, slot, children)) = self.kept(at)
                && of == field
            {
                let places_below = u32::from(until - 1 - slot);
                let digit = value / DIGIT_COUNT.pow(places_below) % DIGIT_COUNT;
                let Some(child) = children.get(digit).or(children.last()) else {
                    break;
                };
                at = *child;
            }
            at
        };
        let targets = (0..DIGIT_COUNT.pow(u32::from(until - from))).map(target).collect();
        let single = self.single(node);
        Some((Ask::AllKept { field, from, until, single }, targets))
    }

    /// The field, the thresholds and the children of a node that compares a date with kept ones.
    fn kept(&self, node: NodeId) -> Option<(u32, u8, Vec<NodeId>)> {
        let (variable, children) = self.diagram.test(node)?;
        match self.ask(variable.0) {
            Ask::Kept { field, slot, .. } => Some((field, slot, children.to_vec())),
            _ => None,
        }
    }

    /// One step for all steps below that ask about bodies of this roll and come before others.
    fn fused(&self, node: NodeId, roll: u32, body: u32) -> (Ask, Vec<NodeId>) {
        let (mut low, mut high) = (body, body);
        let mut open = vec![node];
        let mut seen = Vec::new();
        while let Some(node) = open.pop() {
            let Some((body, children)) = self.some(node, roll) else {
                continue;
            };
            if seen.contains(&node) {
                continue;
            }
            seen.push(node);
            (low, high) = (low.min(body), high.max(body));
            open.extend(children);
        }
        if high - low >= BITS_MAX || self.wide.len() > LINK_COUNT_MAX {
            (low, high) = (body, body);
        }
        let within = |body: u32| (low..=high).contains(&body);
        let bit_count = high - low + 1;
        let mask = (1 << bit_count) - 1;
        let target = |bits: u32| {
            let mut at = node;
            while let Some((body, children)) = self.some(at, roll)
                && within(body)
                && let Some(child) = children.get((bits >> (body - low) & 1) as usize)
            {
                at = *child;
            }
            at
        };
        (Ask::Some(roll, low, mask), (0..=mask).map(target).collect())
    }

    /// The body and the children of a node that asks about bodies of this roll.
    fn some(&self, node: NodeId, roll: u32) -> Option<(u32, &[NodeId])> {
        let (variable, children) = self.diagram.test(node)?;
        match self.ask(variable.0) {
            Ask::Some(of, body, _) if of == roll => Some((body, children)),
            _ => None,
        }
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
