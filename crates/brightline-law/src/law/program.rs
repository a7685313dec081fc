//! Programs: a function and its probes in one array of steps, for requests that are fully known.
//!
//! What a step asks stands in the step itself, so that nothing is looked up by variable on the
//! way. Where several steps in a row ask which bodies some record satisfies, they become one step
//! with a table, since all the answers are bits of one word.

use std::collections::BTreeMap;

use super::atom::day_of;
use super::decide::Anchored;
use super::probe::{Anchor, Place, Sight, offense_pattern};
use crate::diagram::{Diagram, NodeId};
use crate::facts::Value;

/// The bit that sets a terminal index apart from a step.
const TERMINAL: u32 = 1 << 31;
/// So many bits are asked in one step.
const BITS_MAX: u32 = 8;
/// More links than this, and bits are asked one by one.
const LINK_COUNT_MAX: usize = 1 << 14;

/// One function as steps.
#[derive(Default)]
pub(crate) struct Program {
    steps: Box<[Step]>,
    links: Box<[u32]>,
    start: u32,
    terminals: Box<[u32]>,
    /// Patterns of offenses, one table after the other.
    patterns: Box<[u8]>,
}

#[derive(Clone, Copy)]
struct Step {
    ask: Ask,
    /// The first link; the others follow by value.
    first: u32,
    /// The last value; one past it is read as it.
    last: u32,
}

/// What a step asks.
#[derive(Clone, Copy)]
pub(crate) enum Ask {
    /// A yes or no, or a choice, of the request.
    Fact(u32, Option<bool>),
    /// The same of the record at hand.
    Field(u32, Option<bool>),
    /// A date of the record against thresholds that are the same for all records.
    Kept {
        /// The field.
        field: u32,
        /// Which thresholds.
        slot: u8,
        /// How many.
        count: u8,
    },
    /// The pattern of an offense of the record: field, then where its table begins and ends.
    Pattern(u32, u32, u32),
    /// Whether some records satisfy bodies: roll, first body, mask of those asked.
    Some(u32, u32, u32),
    /// Anything else, by variable.
    Other(u32),
}

/// How a variable is asked.
pub(crate) struct Asking<'a> {
    /// By variable.
    pub asks: &'a [Ask],
    /// The tables of offenses that they name.
    pub patterns: Vec<u8>,
}

impl Program {
    /// Makes a program of a function.
    pub(crate) fn of(diagram: &Diagram, root: NodeId, asking: Asking<'_>) -> Self {
        let mut builder = Builder {
            diagram,
            asks: asking.asks,
            steps: Vec::new(),
            links: Vec::new(),
            terminals: Vec::new(),
            places: BTreeMap::new(),
            open: Vec::new(),
        };
        let start = builder.link(root);
        while let Some((node, step)) = builder.open.pop() {
            builder.expand(node, step);
        }
        Self {
            steps: builder.steps.into(),
            links: builder.links.into(),
            start,
            terminals: builder.terminals.into(),
            patterns: asking.patterns.into(),
        }
    }

    /// Goes from the first step to a terminal; none where something on the way is not known.
    #[inline(always)]
    pub(crate) fn run(
        &self,
        sight: Sight<'_>,
        anchored: &Anchored,
        mut some: impl FnMut(u32) -> Option<u32>,
        mut other: impl FnMut(u32) -> Option<u16>,
    ) -> Option<u32> {
        let mut at = self.start;
        while at & TERMINAL == 0 {
            let step = self.steps.get(at as usize)?;
            let value = match step.ask {
                Ask::Fact(index, presumed) => {
                    plain(sight.facts.get(index as usize), presumed, sight.presuming)?
                }
                Ask::Field(index, presumed) => {
                    plain(sight.row.get(index as usize), presumed, sight.presuming)?
                }
                Ask::Kept { field, slot, count } => {
                    let day = day_of(*sight.row.get(field as usize)?)?;
                    let (known, limits) = anchored.get(slot)?;
                    let limits = limits.get(..usize::from(count))?;
                    u32::from(Anchor::count(known, limits, day)?)
                }
                Ask::Pattern(field, from, until) => {
                    let table = self.patterns.get(from as usize..until as usize)?;
                    match sight.row.get(field as usize)? {
                        Value::Offense(offense) => u32::from(offense_pattern(table, *offense)?),
                        _ => return None,
                    }
                }
                Ask::Some(roll, first, mask) => some(roll)? >> first & mask,
                Ask::Other(variable) => u32::from(other(variable)?),
            };
            at = *self.links.get((step.first + value.min(step.last)) as usize)?;
        }
        self.terminals.get((at & !TERMINAL) as usize).copied()
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

/// Returns what is presumed of a place, as a yes or no.
pub(crate) fn presumed(place: Place) -> Option<bool> {
    match place {
        Place::Fact(_, Value::Bool(value)) | Place::Field(_, Value::Bool(value)) => Some(value),
        _ => None,
    }
}

struct Builder<'a> {
    diagram: &'a Diagram,
    asks: &'a [Ask],
    steps: Vec<Step>,
    links: Vec<u32>,
    terminals: Vec<u32>,
    places: BTreeMap<NodeId, u32>,
    open: Vec<(NodeId, u32)>,
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
            Some(payload) => {
                self.terminals.push(payload);
                TERMINAL | count(self.terminals.len() - 1)
            }
            None => {
                let place = count(self.steps.len());
                self.steps.push(Step { ask: Ask::Other(u32::MAX), first: 0, last: 0 });
                self.open.push((node, place));
                place
            }
        };
        self.places.insert(node, place);
        place
    }

    fn expand(&mut self, node: NodeId, place: u32) {
        let Some((variable, children)) = self.diagram.test(node) else {
            return;
        };
        let children = children.to_vec();
        let (ask, targets) = match self.ask(variable.0) {
            Ask::Some(roll, body, _) => self.fused(node, roll, body),
            ask => (ask, children),
        };
        let last = count(targets.len().saturating_sub(1));
        // Links made on the way must not come between these.
        let links: Vec<u32> = targets.into_iter().map(|target| self.link(target)).collect();
        let first = count(self.links.len());
        self.links.extend(links);
        if let Some(step) = self.steps.get_mut(place as usize) {
            *step = Step { ask, first, last };
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
        if high - low >= BITS_MAX || self.links.len() > LINK_COUNT_MAX {
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
