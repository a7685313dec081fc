//! Values that facts and fields can take where it matters: the days and numbers at which some
//! comparison changes, an offense for every pattern of tables. And from a path of the diagram a
//! request that takes it.

use super::Law;
use super::atom::{Atom, Values};
use super::closure::shortest_list;
use super::points::Points;
use super::roll::{FactValues, Roll, RowValues};
use crate::clock::{Moment, TimeOfDay};
use crate::diagram::Variable;
use crate::facts::{Facts, List, Listed, Value};
use crate::ir::{AsOf, Corpus, FactId, Kind, Offense, OffenseNode, Operand, TableRow};

/// The counts that a list must have; none where any will do.
type Wanted<'a> = &'a [Option<u32>];

/// A list for a witness is sought under so many combinations of the facts beside it.
const WITNESS_TRIES_MAX: u32 = 2_000;

/// Returns values for a fact of which nothing is known, with the others as they are.
pub(crate) fn fact_candidates<'a>(
    law: &Law,
    corpus: &Corpus,
    fact: FactId,
    facts: &Facts,
    rolls: impl Iterator<Item = &'a Roll>,
) -> Vec<Value> {
    let kind = corpus.facts.get(fact.index()).map(|fact| &fact.kind);
    let operand = Operand::Fact(fact);
    let rolls: Vec<&Roll> = rolls.collect();
    let points = Points::of_request(law, corpus, facts, rolls.iter().copied());
    let atoms: Vec<&Atom> =
        law.space.atoms.iter().chain(rolls.iter().flat_map(|roll| &roll.space.atoms)).collect();
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
    let points = Points::of_record(law, corpus, roll, row, facts);
    let operand = Operand::Field(roll.record, field);
    let atoms: Vec<&Atom> = roll.space.atoms.iter().collect();
    let known = row.get(field as usize).copied().unwrap_or_default();
    values((law, corpus), kind, (&points, operand), &atoms, known)
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
fn coupled(roll: &Roll) -> Vec<u32> {
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

impl Law {
    /// Returns facts that take a path of the main diagram, as far as they can be made.
    pub(crate) fn facts_on_path(&self, corpus: &Corpus, path: &[(Variable, u16)]) -> Facts {
        let mut facts = Facts::unknown(corpus);
        for (variable, value) in path {
            match self.space.atom(*variable) {
                Some(Atom::Yes(Operand::Fact(fact))) => {
                    facts.set(*fact, Value::Bool(*value == 1));
                }
                Some(Atom::Choice(Operand::Fact(fact), _)) => {
                    facts.set(*fact, Value::Choice(*value));
                }
                _ => {}
            }
        }
        let mut tries_left = WITNESS_TRIES_MAX;
        if !self.settle(corpus, path, &mut facts, &mut tries_left) {
            // As far as they can be made: each by itself.
            for test in path {
                tries_left = WITNESS_TRIES_MAX;
                self.settle(corpus, std::slice::from_ref(test), &mut facts, &mut tries_left);
            }
        }
        for roll in &self.rolls {
            self.fill_roll(corpus, roll, path, &mut facts);
        }
        facts
    }

    /// Gives the operands of all comparisons values that make them come out so together.
    fn settle(
        &self,
        corpus: &Corpus,
        path: &[(Variable, u16)],
        facts: &mut Facts,
        tries_left: &mut u32,
    ) -> bool {
        let Some(((variable, value), rest)) = path.split_first() else {
            return true;
        };
        let atom = match self.space.atom(*variable) {
            None | Some(Atom::Yes(_) | Atom::Choice(..) | Atom::Count(..) | Atom::Reading(..)) => {
                return self.settle(corpus, rest, facts, tries_left);
            }
            Some(atom) => atom,
        };
        let mut open: Vec<FactId> = Vec::new();
        for operand in atom.operands().into_iter().rev() {
            if let Operand::Fact(fact) = operand
                && !facts.value(fact).is_known()
                && !open.contains(&fact)
            {
                open.push(fact);
            }
        }
        self.search(corpus, (atom, *value, rest), &open, (facts, tries_left))
    }

    /// Tries values for the open operands of one comparison, then settles the rest.
    fn search(
        &self,
        corpus: &Corpus,
        (atom, value, rest): (&Atom, u16, &[(Variable, u16)]),
        open: &[FactId],
        (facts, tries_left): (&mut Facts, &mut u32),
    ) -> bool {
        let context = self.context(corpus);
        let Some((fact, more)) = open.split_first() else {
            let values = FactValues { facts, on: self.scope.at.on };
            let fits = context.allowed(atom, &values) == 1 << value;
            *tries_left = tries_left.saturating_sub(1);
            return fits && *tries_left > 0 && self.settle(corpus, rest, facts, tries_left);
        };
        for candidate in fact_candidates(self, corpus, *fact, facts, self.rolls.iter()) {
            facts.set(*fact, candidate);
            if self.search(corpus, (atom, value, rest), more, (&mut *facts, &mut *tries_left)) {
                return true;
            }
        }
        facts.set(*fact, Value::Unknown);
        false
    }

    /// Fills a list with records that make the counts of the path.
    fn fill_roll(&self, corpus: &Corpus, roll: &Roll, path: &[(Variable, u16)], facts: &mut Facts) {
        let wanted = |variable: &Variable| {
            path.iter().find(|(on, _)| on == variable).map(|(_, count)| u32::from(*count))
        };
        let wanted: Vec<Option<u32>> = roll.variables.iter().map(wanted).collect();
        if wanted.iter().all(Option::is_none) {
            return;
        }
        let mut open: Vec<FactId> = Vec::new();
        for operand in roll.space.atoms.iter().flat_map(Atom::operands) {
            if let Operand::Fact(fact) = operand
                && !facts.value(fact).is_known()
                && !open.contains(&fact)
            {
                open.push(fact);
            }
        }
        let mut tries_left = WITNESS_TRIES_MAX;
        self.fill_with(corpus, (roll, &open, &wanted), facts, &mut tries_left);
    }

    /// Tries values for the facts that records are counted by, until some list fits.
    fn fill_with(
        &self,
        corpus: &Corpus,
        (roll, open, wanted): (&Roll, &[FactId], Wanted<'_>),
        facts: &mut Facts,
        tries_left: &mut u32,
    ) -> bool {
        if let Some((fact, rest)) = open.split_first() {
            for candidate in fact_candidates(self, corpus, *fact, facts, self.rolls.iter()) {
                facts.set(*fact, candidate);
                if self.fill_with(corpus, (roll, rest, wanted), facts, tries_left) {
                    return true;
                }
            }
            facts.set(*fact, Value::Unknown);
            return false;
        }
        let Some(left) = tries_left.checked_sub(1) else {
            return false;
        };
        *tries_left = left;
        let vectors = vectors(self, corpus, roll, facts);
        let Some(records) = shortest_list(&roll.caps, &vectors, wanted) else {
            return false;
        };
        let fields =
            corpus.records.get(roll.record.index()).map_or(0, |record| record.fields.len());
        let mut rows = Vec::with_capacity(records.len());
        for bodies in &records {
            let mut row = vec![Value::Unknown; fields];
            if !self.row_with(corpus, (roll, *bodies), &mut row, facts) {
                return false;
            }
            rows.push(row);
        }
        if let Some(list) = facts.lists.get_mut(roll.record.index()) {
            *list = List { listed: Listed::Whole, rows };
        }
        true
    }

    /// Gives fields values until the record satisfies these bodies and no others.
    fn row_with(
        &self,
        corpus: &Corpus,
        (roll, bodies): (&Roll, u32),
        row: &mut [Value],
        facts: &Facts,
    ) -> bool {
        let outer = FactValues { facts, on: self.scope.at.on };
        let values = RowValues { record: roll.record, row, outer: &outer };
        let within = roll.bodies_within(&roll.row_allowed(&self.context(corpus), &values));
        if within == [bodies] {
            return true;
        }
        let next = roll.space.atoms.iter().flat_map(Atom::operands).find_map(|operand| {
            let Operand::Field(_, field) = operand else {
                return None;
            };
            (row.get(field as usize) == Some(&Value::Unknown)).then_some(field)
        });
        let (true, Some(field)) = (within.contains(&bodies), next) else {
            return false;
        };
        for candidate in field_candidates(self, corpus, (roll, field), row, facts) {
            if let Some(slot) = row.get_mut(field as usize) {
                *slot = candidate;
            }
            if self.row_with(corpus, (roll, bodies), row, facts) {
                return true;
            }
        }
        if let Some(slot) = row.get_mut(field as usize) {
            *slot = Value::Unknown;
        }
        false
    }
}
