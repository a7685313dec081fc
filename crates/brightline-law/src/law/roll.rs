//! Rolls: lists of records, counted by the bodies that conditions ask of them.
//!
//! Whether some, none or at least three records satisfy a body is a question to a vector of counts.
//! For one record the truth of all bodies together is one diagram over its fields, so bodies that
//! imply or exclude each other never come apart; the counts that a list can have are the sums.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::atom::{Allowed, Atom, Body, Context, Values};
use super::closure::Closure;
use super::formula::Formula;
use super::space::Space;
use crate::diagram::{NodeId, Overflow, Variable};
use crate::facts::{Facts, Value};
use crate::ir::{Operand, RecordId};

/// So many bodies of one kind of record can be told apart: a set of them is the end of a walk, of
/// which one bit says so.
pub(crate) const BODY_COUNT_MAX: usize = 31;

/// How many records satisfy each body, counted up to the most that matters.
pub(crate) type Counts = Vec<u32>;

/// One kind of record with the bodies asked of it.
pub(crate) struct Roll {
    /// The kind of record.
    pub record: RecordId,
    /// The variables of the main space that count it, in the order of the vectors.
    pub variables: Vec<Variable>,
    /// The most that matters, for each.
    pub caps: Vec<u32>,
    /// The fields as variables.
    pub space: Space,
    /// The terminals are sets of bodies, one bit each.
    pub root: NodeId,
    /// The values of the variables for a record of which nothing is known.
    unknown: Vec<Allowed>,
    /// By field, once asked for: offenses that the law tells apart.
    pub offenses: OnceLock<BTreeMap<u32, Vec<Value>>>,
}

/// The values that one record sees: its own fields, then the facts.
pub(crate) struct RowValues<'a, V> {
    /// The kind of record.
    pub record: RecordId,
    /// Its fields.
    pub row: &'a [Value],
    /// Everything else.
    pub outer: &'a V,
}

impl<V: Values> Values for RowValues<'_, V> {
    fn value(&self, operand: Operand) -> Value {
        match operand {
            Operand::Field(record, field) if record == self.record => {
                self.row.get(field as usize).copied().unwrap_or_default()
            }
            other => self.outer.value(other),
        }
    }
}

/// Facts of a request on a day.
pub(crate) struct FactValues<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// The day of the act.
    pub on: crate::clock::Day,
}

impl Values for FactValues<'_> {
    fn value(&self, operand: Operand) -> Value {
        match operand {
            Operand::Fact(fact) => self.facts.value(fact),
            Operand::ActDate => Value::Day(self.on),
            Operand::Day(day) => Value::Day(day),
            Operand::Field(..) => Value::Unknown,
        }
    }
}

/// Nothing known but fixed days.
struct Fixed;

impl Values for Fixed {
    fn value(&self, operand: Operand) -> Value {
        match operand {
            Operand::Day(day) => Value::Day(day),
            Operand::Fact(_) | Operand::Field(..) | Operand::ActDate => Value::Unknown,
        }
    }
}

impl Roll {
    /// Returns a roll for each kind of record that the bodies are of.
    pub(crate) fn all(
        context: &Context<'_>,
        main: &Space,
        node_count_max: usize,
    ) -> Result<Vec<Self>, Overflow> {
        let records: BTreeSet<RecordId> = main.bodies.iter().map(|body| body.record).collect();
        records.into_iter().map(|record| Self::of(context, main, record, node_count_max)).collect()
    }

    fn of(
        context: &Context<'_>,
        main: &Space,
        record: RecordId,
        node_count_max: usize,
    ) -> Result<Self, Overflow> {
        let mut variables = Vec::new();
        let mut caps = Vec::new();
        let mut bodies: Vec<&Body> = Vec::new();
        for (index, atom) in main.atoms.iter().enumerate() {
            if let Atom::Count(of, body, cap) = atom
                && *of == record
                && bodies.len() < BODY_COUNT_MAX
            {
                bodies.extend(main.bodies.get(*body));
                caps.push(*cap);
                variables.push(Variable(u32::try_from(index).unwrap_or(u32::MAX)));
            }
        }
        let formulas: Vec<&Formula> = bodies.iter().map(|body| &body.formula).collect();
        let mut space = Space::of(context, &formulas, node_count_max)?;
        let mut root = NodeId::FALSE;
        for (index, formula) in formulas.iter().enumerate() {
            let guard = space.guard(formula)?;
            root = space.diagram.map2(root, guard, &mut |set, holds| set | holds << index)?;
        }
        space.flatten(&[root]);
        let unknown = space.atoms.iter().map(|atom| context.allowed(atom, &Fixed)).collect();
        let offenses = OnceLock::new();
        Ok(Self { record, variables, caps, space, root, unknown, offenses })
    }

    /// Returns the counts of no records.
    pub(crate) fn none(&self) -> Counts {
        vec![0; self.caps.len()]
    }

    /// Returns the counts with one more record that satisfies these bodies.
    pub(crate) fn plus(&self, counts: &[u32], bodies: u32) -> Counts {
        let caps = self.caps.iter().zip(counts).enumerate();
        caps.map(|(index, (cap, count))| (count + (bodies >> index & 1)).min(*cap)).collect()
    }

    /// Returns the values of each variable of the fields for one record.
    pub(crate) fn row_allowed(&self, context: &Context<'_>, values: &impl Values) -> Vec<Allowed> {
        self.space.atoms.iter().map(|atom| context.allowed(atom, values)).collect()
    }

    /// Returns the sets of bodies that a record may satisfy within the allowed values.
    pub(crate) fn bodies_within(&self, allowed: &[Allowed]) -> Vec<u32> {
        self.space.ends(self.root, allowed)
    }

    /// Returns every vector of counts that a list can have: each listed record satisfies one of its
    /// sets of bodies, and any number of further records satisfy further sets.
    pub(crate) fn possible(&self, listed: &[Vec<u32>], further: &[u32]) -> BTreeSet<Counts> {
        let mut possible = BTreeSet::from([self.none()]);
        for bodies in listed {
            possible = possible
                .iter()
                .flat_map(|counts| bodies.iter().map(|set| self.plus(counts, *set)))
                .collect();
        }
        let mut open: Vec<Counts> = possible.iter().cloned().collect();
        while let Some(counts) = open.pop() {
            for set in further {
                let next = self.plus(&counts, *set);
                if !possible.contains(&next) {
                    possible.insert(next.clone());
                    open.push(next);
                }
            }
        }
        possible
    }

    /// Returns the counts that each body can have, taken by itself, one bit each: a record adds one
    /// or none, so these are all from the least to the most.
    pub(crate) fn counts_allowed(&self, listed: &[Vec<u32>], further: &[u32]) -> Vec<Allowed> {
        let mut bounds = vec![(0u32, 0u32); self.caps.len()];
        for bodies in listed {
            let every = bodies.iter().fold(u32::MAX, |all, set| all & set);
            let some = bodies.iter().fold(0, |all, set| all | set);
            for (index, (least, most)) in bounds.iter_mut().enumerate() {
                *least += every >> index & 1;
                *most += some >> index & 1;
            }
        }
        let more = further.iter().fold(0, |all, set| all | set);
        let can_be = listed.iter().all(|bodies| !bodies.is_empty());
        let spread = |(index, ((least, most), cap)): (usize, (&(u32, u32), &u32))| {
            let most = if more >> index & 1 == 1 { *cap } else { *most };
            let (least, most) = ((*least).min(*cap), most.min(*cap));
            if can_be { (least..=most).fold(0, |set, count| set | 1 << count) } else { 0 }
        };
        bounds.iter().zip(&self.caps).enumerate().map(spread).collect()
    }

    /// Returns every vector of counts that any number of such records can have, each with the sets
    /// of bodies of records that make it.
    pub(crate) fn closure(&self, vectors: &[u32]) -> Closure {
        Closure::of(&self.caps, vectors)
    }

    /// Returns the guard, in the main space, of counts that some list can have.
    pub(crate) fn domain(&self, main: &mut Space) -> Result<NodeId, Overflow> {
        let shared: Vec<(Variable, Variable)> = self.shared_with(main);
        let mut domain = NodeId::FALSE;
        for values in assignments(main, &shared) {
            let allowed = self.fixed(&shared, &values);
            let vectors = self.bodies_within(&allowed);
            let mut here = NodeId::TRUE;
            for ((_, variable), value) in shared.iter().zip(&values) {
                let literal = main.diagram.literal(*variable, *value)?;
                here = main.diagram.and(here, literal)?;
            }
            let counts: Vec<Counts> = self.closure(&vectors).into_keys().collect();
            let lists = self.listed(main, 0, &counts)?;
            here = main.diagram.and(here, lists)?;
            domain = main.diagram.or(domain, here)?;
        }
        Ok(domain)
    }

    /// The guard of these counts, which are sorted and agree before `place`.
    fn listed(
        &self,
        main: &mut Space,
        place: usize,
        counts: &[Counts],
    ) -> Result<NodeId, Overflow> {
        let (Some(variable), Some(cap)) = (self.variables.get(place), self.caps.get(place)) else {
            return Ok(if counts.is_empty() { NodeId::FALSE } else { NodeId::TRUE });
        };
        let mut children = Vec::with_capacity(*cap as usize + 1);
        let mut rest = counts;
        for value in 0..=*cap {
            let own = rest.partition_point(|c| c.get(place).is_none_or(|count| *count <= value));
            let (here, later) = rest.split_at(own);
            rest = later;
            children.push(match here.is_empty() {
                true => NodeId::FALSE,
                false => self.listed(main, place + 1, here)?,
            });
        }
        main.diagram.node(*variable, &children)
    }

    /// Facts that both spaces ask in the same way: variable here, variable there.
    fn shared_with(&self, main: &Space) -> Vec<(Variable, Variable)> {
        let mut shared = Vec::new();
        for (index, atom) in self.space.atoms.iter().enumerate() {
            let own = |operand: &Operand| matches!(operand, Operand::Field(..));
            if atom.operands().iter().any(own) {
                continue;
            }
            if let Some(there) = main.atoms.iter().position(|other| other == atom) {
                let variable = |index: usize| Variable(u32::try_from(index).unwrap_or(u32::MAX));
                shared.push((variable(index), variable(there)));
            }
        }
        shared
    }

    fn fixed(&self, shared: &[(Variable, Variable)], values: &[u16]) -> Vec<Allowed> {
        let mut allowed = self.unknown.clone();
        for ((here, _), value) in shared.iter().zip(values) {
            if let Some(slot) = allowed.get_mut(here.0 as usize) {
                *slot = 1 << value;
            }
        }
        allowed
    }
}

/// Returns every combination of values of the shared variables.
fn assignments(main: &Space, shared: &[(Variable, Variable)]) -> Vec<Vec<u16>> {
    let mut all: Vec<Vec<u16>> = vec![Vec::new()];
    for (_, variable) in shared {
        let arity = main.diagram.arity(*variable);
        all = all
            .into_iter()
            .flat_map(|values| {
                (0..arity).map(move |value| {
                    let mut longer = values.clone();
                    longer.push(value);
                    longer
                })
            })
            .collect();
    }
    all
}
