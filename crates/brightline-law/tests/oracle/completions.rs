//! Every way in which the unknown facts of a request can turn out, over small domains.

use std::collections::BTreeSet;

use brightline_law::Scope;
use brightline_law::clock::{Day, Moment, TimeOfDay};
use brightline_law::determination::Slot;
use brightline_law::facts::{Facts, Listed, Value};
use brightline_law::ir::{
    Condition, ConditionKind, Corpus, Fact, FactId, Kind, Offense, OffenseNode, Operand,
    ProvisionId, RecordId, TermId, UnsettledKind,
};

/// Days tried on each side of the day of the act: known days lie within two of it, and an unknown
/// one may lie further from one, or from another unknown one, by two days and those not counted.
const DAYS_BESIDE: i32 = 11;
/// Numbers from nothing to this are tried.
const NUMBER_MAX: i64 = 4;

/// What an unknown can be: a value, or the further records of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill {
    Value(Value),
    Rows(Vec<Vec<Value>>),
}

/// The unknowns of a request that some condition names, with all that they can be.
pub struct Unknowns {
    base: Facts,
    pub slots: Vec<(Slot, Vec<Fill>)>,
}

/// What the conditions of a corpus name.
struct Named<'a> {
    corpus: &'a Corpus,
    operands: BTreeSet<Operand>,
    /// How many further records all counts of a list together can ask for.
    counts: Vec<(RecordId, Option<TermId>, u32)>,
}

impl Unknowns {
    /// Finds the unknowns; none where there are too many completions or records to try.
    pub fn of(corpus: &Corpus, scope: Scope, facts: &Facts, count_max: usize) -> Option<Self> {
        let named = named(corpus);
        let mut slots = Vec::new();
        for (index, fact) in corpus.facts.iter().enumerate() {
            let id = FactId(u32::try_from(index).unwrap());
            if named.operands.contains(&Operand::Fact(id)) {
                push(
                    &mut slots,
                    Slot::Fact(id),
                    values(corpus, scope, fact, facts.value(id), false),
                );
            }
        }
        for (index, list) in facts.lists.iter().enumerate() {
            let id = RecordId(u32::try_from(index).unwrap());
            let wanted: u32 = named.counts.iter().filter(|c| c.0 == id).map(|c| c.2).sum();
            if wanted == 0 {
                continue;
            }
            let fields = &corpus.records[index].fields;
            let asked = |field: usize| {
                named.operands.contains(&Operand::Field(id, u32::try_from(field).unwrap()))
            };
            for (number, row) in list.rows.iter().enumerate() {
                for (at, field) in fields.iter().enumerate().filter(|(at, _)| asked(*at)) {
                    let slot = Slot::Field(id, number, at);
                    push(&mut slots, slot, values(corpus, scope, field, row[at], true));
                }
            }
            if list.listed != Listed::Whole {
                let options = fields.iter().enumerate().map(|(at, field)| {
                    let all = values(corpus, scope, field, Value::Unknown, true);
                    if asked(at) { all } else { all.into_iter().take(1).collect() }
                });
                let lists = lists(&options.collect::<Vec<_>>(), wanted as usize, count_max)?;
                slots.push((Slot::List(id), lists.into_iter().map(Fill::Rows).collect()));
            }
        }
        let count = slots.iter().try_fold(1_usize, |count, (_, fills): &(Slot, Vec<Fill>)| {
            count.checked_mul(fills.len()).filter(|count| *count <= count_max)
        });
        count.map(|_| Self { base: facts.clone(), slots })
    }

    /// How many completions there are, those that are impossible too.
    pub fn count(&self) -> usize {
        self.slots.iter().map(|(_, fills)| fills.len()).product()
    }

    /// The completion of a number: each slot is a digit, the last one the lowest.
    pub fn complete(&self, number: usize) -> Facts {
        let mut facts = self.base.clone();
        let mut rest = number;
        for list in &mut facts.lists {
            list.listed = Listed::Whole;
        }
        for (slot, fills) in self.slots.iter().rev() {
            match (slot, &fills[rest % fills.len()]) {
                (Slot::Fact(fact), Fill::Value(value)) => facts.set(*fact, *value),
                (Slot::Field(record, row, field), Fill::Value(value)) => {
                    facts.lists[record.index()].rows[*row][*field] = *value;
                }
                (Slot::List(record), Fill::Rows(rows)) => {
                    facts.lists[record.index()].rows.extend(rows.clone());
                }
                other => panic!("{other:?}"),
            }
            rest /= fills.len();
        }
        facts
    }

    /// How far apart two completions are that differ in the next value of this slot only, and how
    /// many values it has.
    pub fn stride(&self, slot: usize) -> (usize, usize) {
        let below = self.slots[slot + 1..].iter().map(|(_, fills)| fills.len()).product();
        (below, self.slots[slot].1.len())
    }
}

fn push(slots: &mut Vec<(Slot, Vec<Fill>)>, slot: Slot, values: Vec<Value>) {
    if values.len() > 1 {
        slots.push((slot, values.into_iter().map(Fill::Value).collect()));
    }
}

/// All values that a value may turn out to be; itself where it is known.
fn values(corpus: &Corpus, scope: Scope, fact: &Fact, known: Value, past: bool) -> Vec<Value> {
    match known {
        Value::Unknown => {}
        // Named less exactly than it may be: it, or anything below it.
        Value::Offense(Offense { node, whole: true }) => {
            return offenses(corpus).filter(|of| below(corpus, *of, node)).map(exact).collect();
        }
        known => return vec![known],
    }
    let on = scope.at.on;
    let last = if past { 0 } else { DAYS_BESIDE };
    let days = (-DAYS_BESIDE..=last).map(|step| on.plus_days(step));
    match &fact.kind {
        Kind::YesNo => vec![Value::Bool(false), Value::Bool(true)],
        Kind::OneOf(all) => {
            (0..all.len()).map(|at| Value::Choice(at.try_into().unwrap())).collect()
        }
        Kind::Date => days.map(Value::Day).collect(),
        Kind::Time => days.map(midnight).collect(),
        Kind::Number { .. } => (0..=NUMBER_MAX).map(Value::Number).collect(),
        Kind::Offense => offenses(corpus).map(exact).collect(),
    }
}

fn midnight(day: Day) -> Value {
    Value::Moment(Moment::at(day, TimeOfDay::MIDNIGHT))
}

fn exact(node: OffenseNode) -> Value {
    Value::Offense(Offense { node, whole: false })
}

fn offenses(corpus: &Corpus) -> impl Iterator<Item = OffenseNode> {
    (0..corpus.offenses.len()).map(|index| OffenseNode(u32::try_from(index).unwrap()))
}

fn below(corpus: &Corpus, node: OffenseNode, top: OffenseNode) -> bool {
    let parent = corpus.offenses.parent(node);
    node == top || parent != node && below(corpus, parent, top)
}

/// All lists of up to so many records, the order left aside.
fn lists(
    options: &[Vec<Value>],
    length_max: usize,
    count_max: usize,
) -> Option<Vec<Vec<Vec<Value>>>> {
    let rows = options.iter().fold(vec![Vec::new()], |rows, values| {
        let longer = |row: &Vec<Value>| {
            let row = row.clone();
            values.iter().map(move |value| [row.clone(), vec![*value]].concat())
        };
        rows.iter().flat_map(longer).collect()
    });
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    let mut start = 0;
    for _ in 0..length_max {
        let end = all.len();
        for index in start..end {
            let first = all[index].last().copied().unwrap_or(0);
            for next in first..rows.len() {
                all.push([all[index].clone(), vec![next]].concat());
            }
            if all.len() > count_max {
                return None;
            }
        }
        start = end;
    }
    Some(all.iter().map(|list| list.iter().map(|at| rows[*at].clone()).collect()).collect())
}

fn named(corpus: &Corpus) -> Named<'_> {
    let mut found = Named { corpus, operands: BTreeSet::new(), counts: Vec::new() };
    for statement in &corpus.statements {
        found.look(&statement.condition);
    }
    for definition in corpus.terms.iter().flat_map(|term| &term.versions) {
        found.look(&definition.condition);
    }
    for point in &corpus.unsettled {
        if let UnsettledKind::Written(conditions) = &point.kind {
            conditions.iter().for_each(|condition| found.look(condition));
        }
    }
    for claim in &corpus.claims {
        claim.statements.iter().for_each(|expected| found.look(&expected.condition));
    }
    for (_, condition) in &corpus.impossible {
        found.look(condition);
    }
    for member in &corpus.members {
        if let brightline_law::ir::AsOf::Operand(operand) = member.as_of {
            found.operands.insert(operand);
        }
    }
    found
}

impl Named<'_> {
    fn look(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                parts.iter().for_each(|part| self.look(part));
            }
            ConditionKind::Not(inner) => self.look(inner),
            ConditionKind::Yes(operand)
            | ConditionKind::OneOf(operand, _)
            | ConditionKind::AtLeast(operand, _)
            | ConditionKind::Member(operand, _) => {
                self.operands.insert(*operand);
            }
            ConditionKind::Before { left, right, excluded, .. } => {
                self.operands.extend([*left, *right]);
                self.operands.extend(excluded);
            }
            ConditionKind::Count { record, count, body } => {
                // Under each reading of what the body rests on, other records can be the ones.
                let readings = points_of(self.corpus, body).into_iter();
                let readings = readings.map(|at| self.corpus.unsettled[at].readings.len());
                let count = *count * u32::try_from(readings.product::<usize>()).unwrap();
                // The same term is counted once, as often as the most that is asked.
                let term = match body.kind {
                    ConditionKind::Term(term) => Some(term),
                    _ => None,
                };
                let same = self
                    .counts
                    .iter_mut()
                    .find(|(of, as_term, _)| *of == *record && term.is_some() && *as_term == term);
                match same {
                    Some((.., most)) => *most = (*most).max(count),
                    None => self.counts.push((*record, term, count)),
                }
                self.look(body);
            }
            _ => {}
        }
    }
}

/// The unsettled points that a condition rests on, by number.
fn points_of(corpus: &Corpus, condition: &Condition) -> BTreeSet<usize> {
    let unread = |provision: ProvisionId| {
        let partial = &corpus.provisions[provision.index()].partial;
        partial.as_ref().map(|(_, point)| point.index())
    };
    let mut found = BTreeSet::new();
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            found.extend(parts.iter().flat_map(|part| points_of(corpus, part)));
        }
        ConditionKind::Not(inner) => found.extend(points_of(corpus, inner)),
        ConditionKind::Term(term) => {
            for version in &corpus.terms[term.index()].versions {
                found.extend(unread(version.provision));
                found.extend(points_of(corpus, &version.condition));
            }
        }
        ConditionKind::Unsettled(point) => {
            let unsettled = &corpus.unsettled[point.index()];
            found.insert(point.index());
            found.extend(unread(unsettled.provision));
            if let UnsettledKind::Written(readings) = &unsettled.kind {
                found.extend(readings.iter().flat_map(|reading| points_of(corpus, reading)));
            }
        }
        _ => {}
    }
    found
}
