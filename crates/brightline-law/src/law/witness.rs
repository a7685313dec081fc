//! Values that facts and fields can take where it matters: the days and numbers at which some
//! comparison changes, an offense for every pattern of tables.

use std::collections::BTreeMap;

use super::Law;
use super::atom::{Atom, Values};
use super::points::Points;
use super::roll::{FactValues, Roll, RowValues};
use crate::clock::{Moment, TimeOfDay};
use crate::facts::{Facts, Value};
use crate::ir::{AsOf, Corpus, FactId, Kind, Offense, OffenseNode, Operand, TableRow};

/// Returns values for a fact of which nothing is known, with the others as they are.
pub(crate) fn fact_candidates<'a>(
    law: &Law,
    corpus: &Corpus,
    fact: FactId,
    facts: &Facts,
    rolls: impl Iterator<Item = &'a Roll>,
) -> Vec<Value> {
    let rolls: Vec<&Roll> = rolls.collect();
    let atoms: Vec<&Atom> = law.space.atoms.iter().collect();
    candidates_among((law, corpus), fact, facts, (&atoms, &rolls))
}

/// Returns values for a fact of which nothing is known, as far as these atoms and lists tell them
/// apart.
pub(crate) fn candidates_among(
    (law, corpus): (&Law, &Corpus),
    fact: FactId,
    facts: &Facts,
    (atoms, rolls): (&[&Atom], &[&Roll]),
) -> Vec<Value> {
    let kind = corpus.facts.get(fact.index()).map(|fact| &fact.kind);
    let operand = Operand::Fact(fact);
    let points = Points::of_request(law, corpus, facts, (atoms, rolls));
    let inner = rolls.iter().flat_map(|roll| &roll.space.atoms);
    let atoms: Vec<&Atom> = atoms.iter().copied().chain(inner).collect();
    values((law, corpus), kind, (&points, operand), &atoms, facts.value(fact))
}

/// Returns values for a field of a record of which nothing is known.
/// A record's days are not after the day of the act.
pub(crate) fn field_candidates(
    law: &Law,
    corpus: &Corpus,
    (roll, field): (&Roll, u32),
    row: &[Value],
    facts: &Facts,
) -> Vec<Value> {
    let record = corpus.records.get(roll.record.index());
    let kind = record.and_then(|record| record.fields.get(field as usize)).map(|f| &f.kind);
    let is_open = row.get(field as usize).is_none_or(|value| !value.is_known());
    if is_open && matches!(kind, Some(Kind::Offense)) {
        let known = roll.offenses.get_or_init(|| offense_fields(law, corpus, roll));
        return known.get(&field).cloned().unwrap_or_default();
    }
    let points = Points::of_record(law, corpus, roll, row, facts);
    let operand = Operand::Field(roll.record, field);
    let atoms: Vec<&Atom> = roll.space.atoms.iter().collect();
    let known = row.get(field as usize).copied().unwrap_or_default();
    values((law, corpus), kind, (&points, operand), &atoms, known)
}

/// Returns, for each field of a record that holds an offense, the offenses that the law tells
/// apart.
fn offense_fields(law: &Law, corpus: &Corpus, roll: &Roll) -> BTreeMap<u32, Vec<Value>> {
    let fields = corpus.records.get(roll.record.index()).map_or(&[][..], |it| &it.fields);
    let atoms: Vec<&Atom> = roll.space.atoms.iter().collect();
    let named = (0..).zip(fields).filter(|(_, field)| matches!(field.kind, Kind::Offense));
    let told_apart = named.map(|(field, _)| {
        let operand = Operand::Field(roll.record, field);
        (field, offenses(law, corpus, operand, &atoms, Value::Unknown))
    });
    told_apart.collect()
}

/// Returns the sets of bodies that a record of which nothing is known may satisfy.
///
/// What several lines look at is tried value by value, so that they never come apart.
pub(crate) fn vectors(law: &Law, corpus: &Corpus, roll: &Roll, facts: &Facts) -> Vec<u32> {
    let fields = corpus.records.get(roll.record.index()).map_or(0, |r| r.fields.len());
    let mut row = vec![Value::Unknown; fields];
    let mut found = try_values(law, corpus, (roll, &coupled(roll)), &mut row, facts);
    found.sort_unstable();
    found.dedup();
    found
}

/// The fields that hang together: more than one line looks at them, or a comparison in which more
/// is unknown than the field on its left.
pub(crate) fn coupled(roll: &Roll) -> Vec<u32> {
    let mut fields = Vec::new();
    for atom in &roll.space.atoms {
        let operands = atom.operands();
        let own = operands.iter().filter_map(|operand| match operand {
            Operand::Field(_, field) => Some(*field),
            _ => None,
        });
        let own: Vec<u32> = own.collect();
        let hangs = match atom {
            Atom::Gap(gap, _) => {
                own.len() > 1 || gap.excluded.is_some() || !matches!(gap.left, Operand::Field(..))
            }
            _ => own.len() > 1,
        };
        let times = if hangs { 2 } else { 1 };
        fields.extend(own.iter().flat_map(|field| std::iter::repeat_n(*field, times)));
    }
    fields.sort_unstable();
    let pairs = fields.windows(2).filter(|pair| matches!(pair, [a, b] if a == b));
    let mut coupled: Vec<u32> = pairs.filter_map(|pair| pair.first().copied()).collect();
    coupled.dedup();
    coupled
}

fn try_values(
    law: &Law,
    corpus: &Corpus,
    (roll, fields): (&Roll, &[u32]),
    row: &mut [Value],
    facts: &Facts,
) -> Vec<u32> {
    let Some((field, rest)) = fields.split_first() else {
        let outer = FactValues { facts, on: law.scope.at.on };
        let values = RowValues { record: roll.record, row, outer: &outer };
        let allowed = roll.row_allowed(&law.context(corpus), &values);
        return roll.bodies_within(&allowed);
    };
    let mut found = Vec::new();
    for candidate in field_candidates(law, corpus, (roll, *field), row, facts) {
        if let Some(slot) = row.get_mut(*field as usize) {
            *slot = candidate;
        }
        found.extend(try_values(law, corpus, (roll, rest), row, facts));
    }
    if let Some(slot) = row.get_mut(*field as usize) {
        *slot = Value::Unknown;
    }
    found
}

fn values(
    (law, corpus): (&Law, &Corpus),
    kind: Option<&Kind>,
    (points, operand): (&Points, Operand),
    atoms: &[&Atom],
    known: Value,
) -> Vec<Value> {
    let on = law.scope.at.on;
    match kind {
        Some(Kind::YesNo) | None => vec![Value::Bool(false), Value::Bool(true)],
        Some(Kind::OneOf(choices)) => (0..choices.len())
            .map(|choice| Value::Choice(u16::try_from(choice).unwrap_or(u16::MAX)))
            .collect(),
        Some(Kind::Date) => points.days(operand, on).into_iter().map(Value::Day).collect(),
        Some(Kind::Time) => {
            let midnight = |day| Value::Moment(Moment::at(day, TimeOfDay::MIDNIGHT));
            points.days(operand, on).into_iter().map(midnight).collect()
        }
        Some(Kind::Number { .. }) => {
            points.numbers(operand).into_iter().map(Value::Number).collect()
        }
        Some(Kind::Offense) => offenses(law, corpus, operand, atoms, known),
    }
}

/// Returns one offense for every pattern of tables that the known value leaves open.
fn offenses(
    law: &Law,
    corpus: &Corpus,
    operand: Operand,
    atoms: &[&Atom],
    known: Value,
) -> Vec<Value> {
    let context = law.context(corpus);
    let asks = |atom: &&&Atom| matches!(atom, Atom::Offense(of, ..) if *of == operand);
    let all = atoms;
    let atoms: Vec<&&Atom> = atoms.iter().filter(asks).collect();
    let seen = |value: Value| -> Vec<u64> {
        atoms.iter().map(|atom| context.allowed(atom, &One { operand, value })).collect()
    };
    let open = seen(known);
    let mut patterns: Vec<Vec<u64>> = Vec::new();
    let mut values = Vec::new();
    for index in 0..corpus.offenses.len() {
        let node = OffenseNode(u32::try_from(index).unwrap_or(u32::MAX));
        let value = Value::Offense(Offense { node, whole: false });
        let mut pattern = seen(value);
        let named = match known {
            // Named less exactly than it may be: it, or one below it.
            Value::Offense(offense) => is_below(corpus, node, offense.node),
            _ => true,
        };
        let fits = named && pattern.iter().zip(&open).all(|(pattern, open)| pattern & open != 0);
        pattern.extend(dated_rows(corpus, operand, all, node));
        if fits && !patterns.contains(&pattern) {
            patterns.push(pattern);
            values.push(value);
        }
    }
    values
}

/// The tables that an operand's offense is looked up in on a day of the record.
fn dated_tables<'a>(
    corpus: &'a Corpus,
    atoms: &'a [&Atom],
    wanted: impl Fn(Operand, Operand) -> bool + 'a,
) -> impl Iterator<Item = &'a TableRow> + 'a {
    let tables = atoms.iter().filter_map(move |atom| {
        let Atom::MemberOn(of, member, _) = atom else {
            return None;
        };
        let member = corpus.members.get(member.index())?;
        let AsOf::Operand(day) = member.as_of else {
            return None;
        };
        wanted(*of, day).then(|| corpus.tables.get(member.table.index()))?
    });
    tables.flat_map(|table| &table.rows)
}

/// Which rows of such tables cover an offense, whatever the day: a bit each.
fn dated_rows(corpus: &Corpus, operand: Operand, atoms: &[&Atom], node: OffenseNode) -> Vec<u64> {
    dated_tables(corpus, atoms, |of, _| of == operand)
        .map(|row| u64::from(is_below(corpus, node, row.offense)))
        .collect()
}

fn is_below(corpus: &Corpus, node: OffenseNode, top: OffenseNode) -> bool {
    let mut above = node;
    while above != top && above != OffenseNode::ROOT {
        above = corpus.offenses.parent(above);
    }
    above == top
}

/// One operand with one value.
struct One {
    operand: Operand,
    value: Value,
}

impl Values for One {
    fn value(&self, operand: Operand) -> Value {
        if operand == self.operand { self.value } else { Value::Unknown }
    }
}
