//! A space: the atoms of some formulas as the variables of one diagram.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::atom::{Allowed, Atom, Body, Context, choice_arity};
use super::formula::{Cut, Formula, Gap, Test};
use crate::diagram::{Diagram, Forest, Met, NodeId, Overflow, Variable};
use crate::ir::{AsOf, Corpus, Operand};

/// The terminal of guards where facts cannot be so.
const NOWHERE: u32 = 2;

/// A diagram with what its variables mean.
pub(crate) struct Space {
    /// The diagram.
    pub diagram: Diagram,
    /// The meaning of each variable, by its number.
    pub atoms: Vec<Atom>,
    /// The bodies that counts are of.
    pub bodies: Vec<Body>,
    places: BTreeMap<Test, (Variable, Allowed)>,
    /// The functions that determinations ask, flat.
    flat: Forest,
}

impl Space {
    /// Returns the space of all tests in these formulas, readings first, then in text order.
    ///
    /// With the readings fixed the rest is small; with them last every combination of facts would
    /// be told apart before the reading that makes most of them alike.
    pub(crate) fn of(
        context: &Context<'_>,
        formulas: &[&Formula],
        node_count_max: usize,
    ) -> Result<Self, Overflow> {
        let mut tests: Vec<&Test> = Vec::new();
        for formula in formulas {
            formula.tests(&mut |test| tests.push(test));
        }
        let mut atoms: Vec<Atom> = Vec::new();
        let mut bodies: Vec<Body> = Vec::new();
        for test in &tests {
            place(context.corpus, test, &mut atoms, &mut bodies);
        }
        atoms.sort_by_key(|atom| !matches!(atom, Atom::Reading(..)));
        for atom in &mut atoms {
            finish(context, atom);
        }
        let mut diagram = Diagram::new(node_count_max);
        for atom in &atoms {
            diagram.add_variable(u16::try_from(atom.arity().max(2)).unwrap_or(u16::MAX));
        }
        let mut places = BTreeMap::new();
        for test in tests {
            if let Some(found) = find(&atoms, &bodies, test) {
                places.insert(test.clone(), found);
            }
        }
        Ok(Self { diagram, atoms, bodies, places, flat: Forest::default() })
    }

    /// Returns a space without atoms, for functions of other things than facts.
    pub(super) fn bare(node_count_max: usize) -> Self {
        let diagram = Diagram::new(node_count_max);
        let (places, flat) = (BTreeMap::new(), Forest::default());
        Self { diagram, atoms: Vec::new(), bodies: Vec::new(), places, flat }
    }

    /// Returns the guard of a formula whose tests are all in the space.
    pub(crate) fn guard(&mut self, formula: &Formula) -> Result<NodeId, Overflow> {
        match formula {
            Formula::Const(value) => Ok(if *value { NodeId::TRUE } else { NodeId::FALSE }),
            Formula::Not(inner) => {
                let inner = self.guard(inner)?;
                self.diagram.not(inner)
            }
            Formula::Test(test) => self.test(test),
            Formula::All(parts) | Formula::Any(parts) => {
                let all = matches!(formula, Formula::All(_));
                let mut made = if all { NodeId::TRUE } else { NodeId::FALSE };
                for part in parts {
                    let part = self.guard(part)?;
                    made = match all {
                        true => self.diagram.and(made, part)?,
                        false => self.diagram.or(made, part)?,
                    };
                }
                Ok(made)
            }
        }
    }

    /// Improves the order; nodes that are not among the roots lose their meaning.
    pub(crate) fn sift(&mut self, roots: &mut [NodeId]) -> Result<(), Overflow> {
        self.diagram.sift(roots)
    }

    fn test(&mut self, test: &Test) -> Result<NodeId, Overflow> {
        match self.places.get(test) {
            Some(&(variable, allowed)) => {
                let arity = self.diagram.arity(variable);
                let set: Vec<bool> = (0..arity).map(|value| allowed >> value & 1 == 1).collect();
                self.diagram.literal_in(variable, &set)
            }
            None => Ok(NodeId::FALSE),
        }
    }

    /// Returns the atom of a variable.
    pub(crate) fn atom(&self, variable: Variable) -> Option<&Atom> {
        self.atoms.get(variable.0 as usize)
    }

    /// Returns the guard with a third terminal where the facts cannot be so.
    pub(crate) fn within(&mut self, domain: NodeId, guard: NodeId) -> Result<NodeId, Overflow> {
        let nowhere = self.diagram.terminal(NOWHERE);
        self.diagram.ite(domain, guard, nowhere)
    }

    /// Flattens the functions that determinations ask, so that they are asked fast.
    pub(crate) fn flatten(&mut self, roots: &[NodeId]) {
        self.flat = Forest::new(&self.diagram, roots);
    }

    /// Calls `visit` with the terminals that a function reaches within the allowed values, until
    /// it returns false. A terminal may come more than once.
    pub(crate) fn visit_ends(
        &self,
        root: NodeId,
        allowed: &[Allowed],
        mut visit: impl FnMut(u32) -> bool,
    ) {
        if self.flat.ends(root, allowed, &mut visit) {
            return;
        }
        let ends = self.diagram.reachable(root, &|variable: Variable, value| {
            allowed.get(variable.0 as usize).is_none_or(|set| set >> value & 1 == 1)
        });
        let _ = ends.into_iter().all(visit);
    }

    /// Returns the variables that a function asks for on some way within the allowed values.
    pub(crate) fn met(&self, root: NodeId, allowed: &[Allowed]) -> Met {
        self.flat.met(root, allowed)
    }

    /// Returns the terminals that a function reaches within the allowed values, sorted.
    pub(crate) fn ends(&self, root: NodeId, allowed: &[Allowed]) -> Vec<u32> {
        let mut found = Vec::new();
        self.visit_ends(root, allowed, |payload| {
            if !found.contains(&payload) {
                found.push(payload);
            }
            true
        });
        found.sort_unstable();
        found
    }

    /// Returns whether a guard is true, false, or either, within the allowed values.
    pub(crate) fn truth(&self, guard: NodeId, allowed: &[Allowed]) -> Option<bool> {
        Truths::new(self, allowed).of(guard)
    }
}

/// The truth of guards within the same allowed values; what is found of one helps with the next.
pub(crate) struct Truths<'a> {
    space: &'a Space,
    allowed: &'a [Allowed],
    memo: RefCell<Vec<u8>>,
}

impl<'a> Truths<'a> {
    /// Starts with nothing found.
    pub(crate) fn new(space: &'a Space, allowed: &'a [Allowed]) -> Self {
        Self { space, allowed, memo: RefCell::default() }
    }

    /// Returns whether a guard is true, false, or either.
    /// What cannot be is left aside, for guards made by [`Space::within`].
    pub(crate) fn of(&self, guard: NodeId) -> Option<bool> {
        let (space, allowed) = (self.space, self.allowed);
        let found = space.flat.masks(guard, allowed, &mut self.memo.borrow_mut());
        let set = found.unwrap_or_else(|| {
            space.ends(guard, allowed).iter().fold(0, |set, payload| set | 1 << (payload & 7))
        });
        match set & !(1 << NOWHERE) {
            0b01 => Some(false),
            0b10 => Some(true),
            _ => None,
        }
    }
}

/// Adds the atom that a test belongs to, or widens the one that is there.
fn place(corpus: &Corpus, test: &Test, atoms: &mut Vec<Atom>, bodies: &mut Vec<Body>) {
    let wanted = match test {
        Test::Yes(operand) => Atom::Yes(*operand),
        Test::OneOf(operand, _) => Atom::Choice(*operand, choice_arity(corpus, *operand)),
        Test::Reading(point, _) => {
            let count = corpus.unsettled.get(point.index()).map_or(2, |u| u.readings.len());
            Atom::Reading(*point, count)
        }
        Test::Before(gap, cut) => return place_cut(*gap, *cut, atoms),
        Test::AtLeast(operand, value) => return place_number(*operand, *value, atoms),
        Test::Member(operand, member) => {
            let as_of = corpus.members.get(member.index()).map(|member| member.as_of);
            if let Some(AsOf::Operand(day)) = as_of {
                Atom::MemberOn(*operand, *member, day)
            } else {
                for atom in atoms.iter_mut() {
                    if let Atom::Offense(known, members, _) = atom
                        && known == operand
                    {
                        if !members.contains(member) {
                            members.push(*member);
                        }
                        return;
                    }
                }
                Atom::Offense(*operand, vec![*member], Vec::new())
            }
        }
        Test::Count(record, formula, count, told) => {
            let body = Body { record: *record, formula: (**formula).clone(), told: told.clone() };
            let index = bodies.iter().position(|known| *known == body).unwrap_or(bodies.len());
            if index == bodies.len() {
                bodies.push(body);
            }
            for atom in atoms.iter_mut() {
                if let Atom::Count(_, known, most) = atom
                    && *known == index
                {
                    *most = (*most).max(*count);
                    return;
                }
            }
            Atom::Count(*record, index, *count)
        }
    };
    if !atoms.contains(&wanted) {
        atoms.push(wanted);
    }
}

/// Cuts of one gap share an atom as far as they are ordered whatever the anchor is: the months of
/// one are not more and its days not fewer than another's leaves the order to the calendar.
fn place_cut(gap: Gap, cut: Cut, atoms: &mut Vec<Atom>) {
    let ordered = |other: &Cut| {
        (other.months <= cut.months && other.days <= cut.days)
            || (other.months >= cut.months && other.days >= cut.days)
    };
    for atom in atoms.iter_mut() {
        if let Atom::Gap(known, cuts) = atom
            && *known == gap
            && cuts.iter().all(ordered)
        {
            if !cuts.contains(&cut) {
                cuts.push(cut);
            }
            return;
        }
    }
    atoms.push(Atom::Gap(gap, vec![cut]));
}

fn place_number(operand: Operand, value: i64, atoms: &mut Vec<Atom>) {
    for atom in atoms.iter_mut() {
        if let Atom::Number(known, cuts) = atom
            && *known == operand
        {
            if !cuts.contains(&value) {
                cuts.push(value);
            }
            return;
        }
    }
    atoms.push(Atom::Number(operand, vec![value]));
}

/// Puts thresholds in rising order and lists the patterns of offenses.
fn finish(context: &Context<'_>, atom: &mut Atom) {
    match atom {
        Atom::Gap(gap, cuts) => {
            let later = gap.later;
            cuts.sort_by(|a, b| {
                let span = (a.months, a.days).cmp(&(b.months, b.days));
                let span = if later { span } else { span.reverse() };
                span.then(a.inclusive.cmp(&b.inclusive))
            });
        }
        Atom::Number(_, cuts) => cuts.sort_unstable(),
        Atom::Offense(_, members, patterns) => *patterns = context.patterns_of(members),
        _ => {}
    }
}

fn find(atoms: &[Atom], bodies: &[Body], test: &Test) -> Option<(Variable, Allowed)> {
    atoms.iter().enumerate().find_map(|(index, atom)| {
        let allowed = match (atom, test) {
            (Atom::Count(_, body, most), Test::Count(record, formula, count, _)) => {
                let known = bodies.get(*body)?;
                if known.record != *record || known.formula != **formula {
                    return None;
                }
                (*count..=*most).fold(0, |set, value| set | 1 << value)
            }
            _ => atom.literal(test)?,
        };
        Some((Variable(u32::try_from(index).unwrap_or(u32::MAX)), allowed))
    })
}
