//! The residual: the law's diagram under what is known, over what is not.
//!
//! Each unknown fact, list and field of a listed record is one variable of a diagram of its own, so
//! that possible outcomes, questions and their order are exact, also where two unknowns hang
//! together. Unknown days and numbers take the values at which some comparison changes.

use std::collections::BTreeMap;

use super::Law;
use super::atom::{Allowed, Atom, Values};
use super::effects::{Answer, Answers};
use super::roll::{Counts, FactValues, Roll, RowValues};
use crate::Outcome;
use crate::determination::Slot;
use crate::diagram::{Diagram, FastMap, NodeId, Overflow, Variable};
use crate::facts::{Facts, Listed, Value};
use crate::ir::{Corpus, FactId, Kind, Operand, RecordId};

/// An unknown day or number is tried at so many values.
const CANDIDATE_COUNT_MAX: usize = 64;
/// An open list is tried with so many counts.
const LIST_COUNT_MAX: usize = 256;

/// What is still open, as a diagram over the slots.
pub(crate) struct Residual {
    /// Its variables are the slots.
    pub diagram: Diagram,
    /// Its terminals are places in `answers`.
    pub root: NodeId,
    /// Where the answer to each variable goes.
    pub slots: Vec<Slot>,
    /// Answers as far as a question can matter.
    pub answers: Answers,
    /// The slots that hang together: what they are compared with is unknown itself, so that values
    /// are told apart anew for each way to go, and mean something else on each.
    pub hanging: Vec<Slot>,
    /// Facts tried value by value.
    pub tried: Vec<FactId>,
    /// Lists that still matter.
    pub records: Vec<RecordId>,
}

impl Residual {
    /// Builds the residual of a law under facts and the values that they leave each variable.
    pub(crate) fn of(
        law: &Law,
        corpus: &Corpus,
        facts: &Facts,
        allowed: &[Allowed],
    ) -> Result<Self, Overflow> {
        let mut builder = Builder::new(law, corpus, facts, allowed);
        let root = builder.shared(0, &mut facts.clone())?;
        let hanging = builder.hanging(facts);
        let Builder { diagram, slots, answers, tried, rolls, .. } = builder;
        let tried = tried.into_iter().map(|(fact, _)| fact).collect();
        let records = rolls.iter().map(|open| open.roll.record).collect();
        Ok(Self { diagram, root, slots, answers, hanging, tried, records })
    }

    /// Returns what could still matter, where that is too much to be tried.
    pub(crate) fn open_slots(
        law: &Law,
        corpus: &Corpus,
        facts: &Facts,
        allowed: &[Allowed],
    ) -> Vec<Slot> {
        Builder::new(law, corpus, facts, allowed).slots
    }

    /// Returns the outcomes still possible, sorted.
    pub(crate) fn possible(&self) -> Vec<Outcome> {
        let payloads = self.diagram.terminals(self.root);
        let mut outcomes: Vec<Outcome> =
            payloads.iter().filter_map(|p| self.answers.get(*p).outcome()).collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        outcomes
    }

    /// Returns the outcomes that readings can lead to where the answer hangs on them.
    pub(crate) fn unsettled_ways(&self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for payload in self.diagram.terminals(self.root) {
            if let Answer::Unsettled(several) = self.answers.get(payload) {
                outcomes.extend(several);
            }
        }
        outcomes
    }
}

struct Builder<'a> {
    law: &'a Law,
    corpus: &'a Corpus,
    on: crate::clock::Day,
    diagram: Diagram,
    slots: Vec<Slot>,
    answers: Answers,
    /// Facts tried value by value before anything else.
    tried: Vec<(FactId, Variable)>,
    /// Rolls that still matter.
    rolls: Vec<OpenRoll<'a>>,
    /// Where law variables of unknown facts that stand for themselves are in the residual.
    visible: Vec<Option<Variable>>,
    /// Numbers of assignments before lists are counted, and of each with the counts of a list.
    assigned: BTreeMap<Vec<Option<u16>>, u32>,
    ways: FastMap<(u32, u32), u32>,
    /// What the law came to under each of them.
    joined: FastMap<u32, NodeId>,
    /// What nodes of the law came to under the last assignment.
    imported: FastMap<NodeId, NodeId>,
    /// What payloads of the law came to.
    ends: FastMap<u32, NodeId>,
    /// What lists of further records can count to, by the roll and what one such record satisfies.
    lists: BTreeMap<(Variable, Vec<u32>), NodeId>,
    /// What each law variable can be before anything is tried.
    outset: Vec<Allowed>,
    counts: Vec<Counts>,
    count_places: BTreeMap<Counts, u32>,
}

struct OpenRoll<'a> {
    roll: &'a Roll,
    /// Row, field, variable of each open field.
    fields: Vec<(usize, u32, Variable)>,
    /// The variable for records not listed.
    further: Option<Variable>,
}

impl<'a> Builder<'a> {
    fn new(law: &'a Law, corpus: &'a Corpus, facts: &Facts, allowed: &[Allowed]) -> Self {
        let mut builder = Self {
            law,
            corpus,
            on: law.scope.at.on,
            diagram: Diagram::new(super::NODE_COUNT_MAX),
            slots: Vec::new(),
            answers: Answers::default(),
            tried: Vec::new(),
            rolls: Vec::new(),
            visible: vec![None; law.space.atoms.len()],
            assigned: BTreeMap::new(),
            ways: FastMap::default(),
            joined: FastMap::default(),
            imported: FastMap::default(),
            ends: FastMap::default(),
            lists: BTreeMap::new(),
            outset: allowed.to_vec(),
            counts: Vec::new(),
            count_places: BTreeMap::new(),
        };
        let relevant = law.relevant(allowed);
        builder.open_tried(&relevant, facts);
        builder.open_rolls(&relevant, facts);
        builder.open_visible(&relevant, facts);
        builder
    }

    fn slot(&mut self, slot: Slot, arity: usize) -> Variable {
        self.slots.push(slot);
        self.diagram.add_variable(u16::try_from(arity.max(2)).unwrap_or(u16::MAX))
    }

    /// Unknown facts that comparisons or records look at.
    fn open_tried(&mut self, relevant: &[Variable], facts: &Facts) {
        let mut operands = Vec::new();
        for variable in relevant {
            match self.law.space.atom(*variable) {
                Some(Atom::Yes(_) | Atom::Choice(..) | Atom::Reading(..)) | None => {}
                Some(Atom::Count(record, ..)) => {
                    let rolls = self.law.rolls.iter().filter(|roll| roll.record == *record);
                    for roll in rolls {
                        operands.extend(roll.space.atoms.iter().flat_map(Atom::operands));
                    }
                }
                Some(atom) => operands.extend(atom.operands()),
            }
        }
        for operand in operands {
            let Operand::Fact(fact) = operand else {
                continue;
            };
            if self.tried.iter().any(|(known, _)| *known == fact) || !self.is_open(operand, facts) {
                continue;
            }
            let arity = match self.corpus.facts.get(fact.index()).map(|fact| &fact.kind) {
                Some(Kind::YesNo) => 2,
                Some(Kind::OneOf(values)) => values.len(),
                _ => CANDIDATE_COUNT_MAX,
            };
            let variable = self.slot(Slot::Fact(fact), arity);
            self.tried.push((fact, variable));
        }
    }

    fn is_open(&self, operand: Operand, facts: &Facts) -> bool {
        let values = FactValues { facts, on: self.on };
        match values.value(operand) {
            Value::Unknown => true,
            Value::Offense(offense) if offense.whole => {
                let context = self.law.context(self.corpus);
                let atoms = self.law.rolls.iter().flat_map(|roll| &roll.space.atoms);
                let mut atoms = self.law.space.atoms.iter().chain(atoms);
                atoms.any(|atom| {
                    matches!(atom, Atom::Offense(of, ..) | Atom::MemberOn(of, ..) if *of == operand)
                        && context.allowed(atom, &values).count_ones() > 1
                })
            }
            _ => false,
        }
    }

    /// The slots that are compared with each other, and those that open lists are counted by.
    fn hanging(&self, facts: &Facts) -> Vec<Slot> {
        let mut hanging: Vec<Operand> = Vec::new();
        let is_fact = |operand: &Operand| matches!(operand, Operand::Fact(_));
        let unknown = |atom: &Atom| -> Vec<Operand> {
            let is_unknown = |operand: &Operand| match operand {
                Operand::Field(..) => true,
                other => self.is_open(*other, facts),
            };
            atom.operands().into_iter().filter(is_unknown).collect()
        };
        for atom in &self.law.space.atoms {
            hanging.extend(Some(unknown(atom)).filter(|all| all.len() > 1).into_iter().flatten());
        }
        let mut lists = Vec::new();
        for open in &self.rolls {
            let mut counted_by_facts = false;
            for atom in &open.roll.space.atoms {
                let unknown = unknown(atom);
                let looks_at_facts = unknown.iter().any(is_fact);
                counted_by_facts |= looks_at_facts;
                if unknown.len() > 1 || looks_at_facts && open.further.is_some() {
                    hanging.extend(unknown);
                }
            }
            lists.extend(counted_by_facts.then_some(open.roll.record));
        }
        let hangs = |slot: &&Slot| match slot {
            Slot::Fact(fact) => hanging.contains(&Operand::Fact(*fact)),
            Slot::Field(record, _, field) => {
                let field = u32::try_from(*field).unwrap_or(u32::MAX);
                hanging.contains(&Operand::Field(*record, field))
            }
            Slot::List(record) => lists.contains(record),
        };
        self.slots.iter().filter(hangs).cloned().collect()
    }

    fn open_rolls(&mut self, relevant: &[Variable], facts: &Facts) {
        let law = self.law;
        for roll in &law.rolls {
            if !roll.variables.iter().any(|variable| relevant.contains(variable)) {
                continue;
            }
            let list = facts.list(roll.record);
            let rows = list.map_or(0, |list| list.rows.len());
            let mut fields = Vec::new();
            for row in 0..rows {
                for field in self.open_fields(roll, row, facts) {
                    let arity = self.field_arity(roll.record, field);
                    let slot = Slot::Field(roll.record, row, field as usize);
                    fields.push((row, field, self.slot(slot, arity)));
                }
            }
            let whole = list.is_some_and(|list| list.listed == Listed::Whole);
            let further = (!whole).then(|| {
                let arity = self.list_count(roll, facts).min(LIST_COUNT_MAX);
                self.slot(Slot::List(roll.record), arity)
            });
            self.rolls.push(OpenRoll { roll, fields, further });
        }
    }

    /// At most so many lists are told apart, whatever the facts beside them are.
    fn list_count(&self, roll: &Roll, facts: &Facts) -> usize {
        let outer = FactValues { facts, on: self.on };
        let values = RowValues { record: roll.record, row: &[], outer: &outer };
        let allowed = roll.row_allowed(&self.law.context(self.corpus), &values);
        roll.closure(&roll.bodies_within(&allowed)).into_keys().count()
    }

    fn open_fields(&self, roll: &Roll, row: usize, facts: &Facts) -> Vec<u32> {
        let outer = FactValues { facts, on: self.on };
        let Some(row) = facts.list(roll.record).and_then(|list| list.rows.get(row)) else {
            return Vec::new();
        };
        let values = RowValues { record: roll.record, row, outer: &outer };
        let context = self.law.context(self.corpus);
        let mut open = Vec::new();
        for atom in &roll.space.atoms {
            for operand in atom.operands() {
                let Operand::Field(_, field) = operand else {
                    continue;
                };
                let unknown = match values.value(operand) {
                    Value::Unknown => true,
                    Value::Offense(offense) if offense.whole => {
                        matches!(atom, Atom::Offense(..) | Atom::MemberOn(..))
                            && context.allowed(atom, &values).count_ones() > 1
                    }
                    _ => false,
                };
                if unknown && !open.contains(&field) {
                    open.push(field);
                }
            }
        }
        open.sort_unstable();
        open
    }

    fn field_arity(&self, record: RecordId, field: u32) -> usize {
        let record = self.corpus.records.get(record.index());
        match record.and_then(|r| r.fields.get(field as usize)).map(|field| &field.kind) {
            Some(Kind::YesNo) => 2,
            Some(Kind::OneOf(values)) => values.len(),
            _ => CANDIDATE_COUNT_MAX,
        }
    }

    /// Unknown yes-or-no facts and choices that nothing else looks at.
    fn open_visible(&mut self, relevant: &[Variable], facts: &Facts) {
        for variable in relevant {
            let Some(atom) = self.law.space.atom(*variable) else {
                continue;
            };
            let (Atom::Yes(operand) | Atom::Choice(operand, _)) = atom else {
                continue;
            };
            let Operand::Fact(fact) = operand else {
                continue;
            };
            let tried = self.tried.iter().any(|(known, _)| known == fact);
            if tried || facts.value(*fact).is_known() {
                continue;
            }
            let existing = self.slots.iter().position(|slot| *slot == Slot::Fact(*fact));
            let place = match existing {
                Some(index) => Variable(u32::try_from(index).unwrap_or(u32::MAX)),
                None => self.slot(Slot::Fact(*fact), atom.arity()),
            };
            if let Some(visible) = self.visible.get_mut(variable.0 as usize) {
                *visible = Some(place);
            }
        }
    }

    /// Tries every value of the facts that comparisons and records look at.
    fn shared(&mut self, index: usize, facts: &mut Facts) -> Result<NodeId, Overflow> {
        let Some(&(fact, variable)) = self.tried.get(index) else {
            return self.leaf(facts);
        };
        let before = facts.value(fact);
        let mut children = Vec::new();
        for candidate in few_enough(self.fact_candidates(fact, facts))? {
            facts.set(fact, candidate);
            children.push(self.shared(index + 1, facts)?);
        }
        facts.set(fact, before);
        self.diagram.node(variable, &children)
    }

    /// With those facts settled: the counts of every roll, then the law's own diagram.
    fn leaf(&mut self, facts: &Facts) -> Result<NodeId, Overflow> {
        let context = self.law.context(self.corpus);
        let values = FactValues { facts, on: self.on };
        let mut assignment: Vec<Option<u16>> = self
            .law
            .space
            .atoms
            .iter()
            .zip(&self.outset)
            .map(|(atom, outset)| single(context.allowed(atom, &values)).or(single(*outset)))
            .collect();
        let rolls = self.rolls.len();
        let mut counted = Vec::with_capacity(rolls);
        for index in 0..rolls {
            counted.push(self.count_roll(index, facts)?);
        }
        let next = (self.assigned.len() + self.ways.len()) as u32;
        let way = match self.assigned.get(&assignment) {
            Some(&way) => way,
            None => {
                self.assigned.insert(assignment.clone(), next);
                next
            }
        };
        self.join(&counted, (0, way), &mut assignment)
    }

    /// For each vector of counts of the rolls that are left, the law's own diagram; `way` stands
    /// for what the assignment says up to here.
    fn join(
        &mut self,
        counted: &[NodeId],
        (index, way): (usize, u32),
        assignment: &mut [Option<u16>],
    ) -> Result<NodeId, Overflow> {
        let Some(&node) = counted.get(index) else {
            if let Some(&made) = self.joined.get(&way) {
                return Ok(made);
            }
            self.imported.clear();
            let made = self.import(self.law.root, assignment)?;
            self.joined.insert(way, made);
            return Ok(made);
        };
        let roll = self.rolls.get(index).map(|open| open.roll);
        let variables = roll.map_or(&[][..], |roll| &roll.variables);
        let mut onward: FastMap<u32, NodeId> = FastMap::default();
        for place in self.diagram.terminals(node) {
            let counts = self.counts.get(place as usize).map_or(&[][..], Vec::as_slice);
            for (variable, count) in variables.iter().zip(counts) {
                if let Some(slot) = assignment.get_mut(variable.0 as usize) {
                    *slot = u16::try_from(*count).ok();
                }
            }
            let next = (self.assigned.len() + self.ways.len()) as u32;
            let way = *self.ways.entry((way, place)).or_insert(next);
            onward.insert(place, self.join(counted, (index + 1, way), assignment)?);
        }
        self.diagram.graft(node, &|place| onward.get(&place).copied().unwrap_or(NodeId::FALSE))
    }

    fn import(&mut self, mut node: NodeId, assignment: &[Option<u16>]) -> Result<NodeId, Overflow> {
        let law = self.law;
        let (place, children) = loop {
            let Some((variable, children)) = law.space.diagram.test(node) else {
                return Ok(self.end(law.space.diagram.payload(node).unwrap_or(0)));
            };
            let index = variable.0 as usize;
            match (assignment.get(index), self.visible.get(index)) {
                (Some(Some(value)), _) => {
                    let child = children.get(usize::from(*value)).or(children.last());
                    node = child.copied().unwrap_or(NodeId::FALSE);
                }
                (_, Some(Some(place))) => break (*place, children),
                // Not reached: everything relevant is known, tried, counted or visible.
                _ => return Ok(self.diagram.terminal(0)),
            }
        };
        if let Some(&made) = self.imported.get(&node) {
            return Ok(made);
        }
        let mut imported = Vec::with_capacity(children.len());
        for child in children {
            imported.push(self.import(*child, assignment)?);
        }
        let made = self.diagram.node(place, &imported)?;
        self.imported.insert(node, made);
        Ok(made)
    }

    /// The end of an answer of the law.
    fn end(&mut self, payload: u32) -> NodeId {
        if let Some(&end) = self.ends.get(&payload) {
            return end;
        }
        let place = self.answers.put(self.law.answers.get(payload).clone());
        let end = self.diagram.terminal(place);
        self.ends.insert(payload, end);
        end
    }

    fn place(&mut self, counts: Counts) -> u32 {
        if let Some(&place) = self.count_places.get(&counts) {
            return place;
        }
        let place = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        self.counts.push(counts.clone());
        self.count_places.insert(counts, place);
        place
    }

    /// The counts of one roll over its open fields and the records not listed.
    fn count_roll(&mut self, index: usize, facts: &Facts) -> Result<NodeId, Overflow> {
        let Some(open) = self.rolls.get(index) else {
            return Ok(NodeId::FALSE);
        };
        let (roll, further) = (open.roll, open.further);
        let fields = open.fields.clone();
        let none = self.place(roll.none());
        let mut made = self.diagram.terminal(none);
        let rows = facts.list(roll.record).map(|list| list.rows.clone()).unwrap_or_default();
        for (number, row) in rows.into_iter().enumerate() {
            let own: Vec<(u32, Variable)> = fields
                .iter()
                .filter(|(of, ..)| *of == number)
                .map(|(_, field, variable)| (*field, *variable))
                .collect();
            let mut row = row;
            let bodies = self.row(roll, &own, &mut row, facts)?;
            made = self.add(roll, made, bodies)?;
        }
        if let Some(variable) = further {
            let extra = self.further(roll, variable, facts)?;
            let nothing = self.diagram.terminal(none);
            made = if made == nothing { extra } else { self.sum(roll, made, extra)? };
        }
        Ok(made)
    }

    fn add(&mut self, roll: &Roll, counts: NodeId, bodies: NodeId) -> Result<NodeId, Overflow> {
        let (mut known, mut places) =
            (std::mem::take(&mut self.counts), std::mem::take(&mut self.count_places));
        let made = self.diagram.map2(counts, bodies, &mut |place, bodies| {
            let before = known.get(place as usize).cloned().unwrap_or_default();
            intern(&mut known, &mut places, roll.plus(&before, bodies))
        });
        (self.counts, self.count_places) = (known, places);
        made
    }

    fn sum(&mut self, roll: &Roll, a: NodeId, b: NodeId) -> Result<NodeId, Overflow> {
        let (mut known, mut places) =
            (std::mem::take(&mut self.counts), std::mem::take(&mut self.count_places));
        let made = self.diagram.map2(a, b, &mut |a, b| {
            let a = known.get(a as usize).cloned().unwrap_or_default();
            let b = known.get(b as usize).cloned().unwrap_or_default();
            let sums = a.iter().zip(&b).zip(&roll.caps);
            let sums = sums.map(|((a, b), cap)| (a + b).min(*cap)).collect();
            intern(&mut known, &mut places, sums)
        });
        (self.counts, self.count_places) = (known, places);
        made
    }

    fn row(
        &mut self,
        roll: &Roll,
        fields: &[(u32, Variable)],
        row: &mut Vec<Value>,
        facts: &Facts,
    ) -> Result<NodeId, Overflow> {
        let Some(((field, variable), rest)) = fields.split_first() else {
            let outer = FactValues { facts, on: self.on };
            let values = RowValues { record: roll.record, row, outer: &outer };
            let allowed = roll.row_allowed(&self.law.context(self.corpus), &values);
            let bodies = roll.bodies_within(&allowed);
            return Ok(self.diagram.terminal(bodies.first().copied().unwrap_or(0)));
        };
        let before = row.get(*field as usize).copied().unwrap_or_default();
        let mut children = Vec::new();
        for candidate in few_enough(self.field_candidates(roll, *field, row, facts))? {
            if let Some(slot) = row.get_mut(*field as usize) {
                *slot = candidate;
            }
            children.push(self.row(roll, rest, row, facts)?);
        }
        if let Some(slot) = row.get_mut(*field as usize) {
            *slot = before;
        }
        self.diagram.node(*variable, &children)
    }

    fn further(
        &mut self,
        roll: &Roll,
        variable: Variable,
        facts: &Facts,
    ) -> Result<NodeId, Overflow> {
        let vectors = super::witness::vectors(self.law, self.corpus, roll, facts);
        let key = (variable, vectors);
        if let Some(&made) = self.lists.get(&key) {
            return Ok(made);
        }
        let mut children = Vec::new();
        let lists: Vec<Counts> = roll.closure(&key.1).into_keys().collect();
        if lists.len() > LIST_COUNT_MAX {
            return Err(Overflow { node_count_max: LIST_COUNT_MAX });
        }
        for counts in lists {
            let place = self.place(counts);
            children.push(self.diagram.terminal(place));
        }
        let made = self.diagram.node(variable, &children)?;
        self.lists.insert(key, made);
        Ok(made)
    }

    fn fact_candidates(&self, fact: FactId, facts: &Facts) -> Vec<Value> {
        let rolls = self.rolls.iter().map(|open| open.roll);
        super::witness::fact_candidates(self.law, self.corpus, fact, facts, rolls)
    }

    fn field_candidates(
        &self,
        roll: &Roll,
        field: u32,
        row: &[Value],
        facts: &Facts,
    ) -> Vec<Value> {
        super::witness::field_candidates(self.law, self.corpus, (roll, field), row, facts)
    }
}

/// What is unknown can be too much to be tried; then the answer stays open.
fn few_enough<T>(candidates: Vec<T>) -> Result<Vec<T>, Overflow> {
    match candidates.len() {
        ..=CANDIDATE_COUNT_MAX => Ok(candidates),
        _ => Err(Overflow { node_count_max: CANDIDATE_COUNT_MAX }),
    }
}

fn intern(known: &mut Vec<Counts>, places: &mut BTreeMap<Counts, u32>, counts: Counts) -> u32 {
    if let Some(&place) = places.get(&counts) {
        return place;
    }
    let place = u32::try_from(known.len()).unwrap_or(u32::MAX);
    known.push(counts.clone());
    places.insert(counts, place);
    place
}

/// Returns the one value of a set, if it has one only.
pub(crate) fn single(allowed: Allowed) -> Option<u16> {
    (allowed.count_ones() == 1).then(|| u16::try_from(allowed.trailing_zeros()).unwrap_or(0))
}
