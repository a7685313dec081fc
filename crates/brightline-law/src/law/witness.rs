//! Values that facts and fields can take where it matters: the days and numbers at which some
//! comparison changes, an offense for every pattern of tables. And from a path of the diagram a
//! request that takes it.

use super::Law;
use super::atom::{Atom, Values, day_of, threshold};
use super::roll::{FactValues, Roll, RowValues};
use crate::clock::{Day, Moment, TimeOfDay};
use crate::diagram::Variable;
use crate::facts::{Facts, List, Listed, Value};
use crate::ir::{Corpus, FactId, Kind, Offense, OffenseNode, Operand};

/// Never more values than this.
const CANDIDATE_COUNT_MAX: usize = 64;

/// Returns values for a fact of which nothing is known, with the others as they are.
pub(crate) fn fact_candidates<'a>(
    law: &Law,
    corpus: &Corpus,
    fact: FactId,
    kind: Option<&Kind>,
    facts: &Facts,
    rolls: impl Iterator<Item = &'a Roll>,
) -> Vec<Value> {
    let on = law.scope.at.on;
    let operand = Operand::Fact(fact);
    let outer = FactValues { facts, on };
    let mut points = Points::new(operand, on);
    points.look(&law.space.atoms, &outer);
    let mut atoms: Vec<&Atom> = law.space.atoms.iter().collect();
    for roll in rolls {
        points.look(&roll.space.atoms, &outer);
        for row in facts.list(roll.record).map_or(&[][..], |list| &list.rows) {
            let values = RowValues {
                record: roll.record,
                row,
                outer: &outer,
            };
            points.look(&roll.space.atoms, &values);
        }
        atoms.extend(&roll.space.atoms);
    }
    points.values(law, corpus, kind, &atoms, facts.value(fact))
}

/// Returns values for a field of a record of which nothing is known.
/// A record's days are not after the day of the act.
pub(crate) fn field_candidates(
    law: &Law,
    corpus: &Corpus,
    roll: &Roll,
    field: u32,
    row: &[Value],
    facts: &Facts,
) -> Vec<Value> {
    let on = law.scope.at.on;
    let record = corpus.records.get(roll.record.index());
    let kind = record
        .and_then(|record| record.fields.get(field as usize))
        .map(|f| &f.kind);
    let outer = FactValues { facts, on };
    let values = RowValues {
        record: roll.record,
        row,
        outer: &outer,
    };
    let mut points = Points::new(Operand::Field(roll.record, field), on);
    points.look(&roll.space.atoms, &values);
    points.days.retain(|day| *day <= on);
    let atoms: Vec<&Atom> = roll.space.atoms.iter().collect();
    points.values(
        law,
        corpus,
        kind,
        &atoms,
        row.get(field as usize).copied().unwrap_or_default(),
    )
}

/// The days and numbers around which comparisons with one operand change.
struct Points {
    operand: Operand,
    days: Vec<Day>,
    numbers: Vec<i64>,
}

impl Points {
    fn new(operand: Operand, on: Day) -> Self {
        Self {
            operand,
            days: vec![on],
            numbers: vec![0],
        }
    }

    fn look(&mut self, atoms: &[Atom], values: &impl Values) {
        for atom in atoms {
            match atom {
                Atom::Number(operand, cuts) if *operand == self.operand => {
                    self.numbers
                        .extend(cuts.iter().flat_map(|cut| [cut - 1, *cut]));
                }
                Atom::Gap(gap, cuts) => {
                    let left = day_of(values.value(gap.left));
                    let right = day_of(values.value(gap.right));
                    let excluded = match gap.excluded.map(|operand| values.value(operand)) {
                        Some(Value::Number(days)) => days,
                        _ => 0,
                    };
                    for cut in cuts {
                        if gap.left == self.operand
                            && let Some(right) = right
                        {
                            self.around(threshold(gap, *cut, right, excluded), 1);
                        }
                        if gap.right == self.operand
                            && let Some(left) = left
                        {
                            let mut back = *gap;
                            back.later = !gap.later;
                            self.around(threshold(&back, *cut, left, excluded), 2);
                        }
                        if gap.excluded == Some(self.operand)
                            && let (Some(left), Some(right)) = (left, right)
                        {
                            let days = left.days_until(threshold(gap, *cut, right, 0));
                            let days = i64::from(days.abs());
                            self.numbers.extend([days - 1, days, days + 1]);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn around(&mut self, day: Day, reach: i32) {
        self.days
            .extend((-reach..=reach).map(|step| day.plus_days(step)));
    }

    fn values(
        mut self,
        law: &Law,
        corpus: &Corpus,
        kind: Option<&Kind>,
        atoms: &[&Atom],
        known: Value,
    ) -> Vec<Value> {
        self.days.sort_unstable();
        self.days.dedup();
        self.numbers.retain(|number| *number >= 0);
        self.numbers.sort_unstable();
        self.numbers.dedup();
        let mut values: Vec<Value> = match kind {
            Some(Kind::YesNo) | None => vec![Value::Bool(false), Value::Bool(true)],
            Some(Kind::OneOf(choices)) => (0..choices.len())
                .map(|choice| Value::Choice(u16::try_from(choice).unwrap_or(u16::MAX)))
                .collect(),
            Some(Kind::Date) => self.days.into_iter().map(Value::Day).collect(),
            Some(Kind::Time) => {
                let midnight = |day| Value::Moment(Moment::at(day, TimeOfDay::MIDNIGHT));
                self.days.into_iter().map(midnight).collect()
            }
            Some(Kind::Number { .. }) => self.numbers.into_iter().map(Value::Number).collect(),
            Some(Kind::Offense) => offenses(law, corpus, self.operand, atoms, known),
        };
        values.truncate(CANDIDATE_COUNT_MAX);
        values
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
    let atoms: Vec<&&Atom> = atoms.iter().filter(asks).collect();
    let seen = |value: Value| -> Vec<u64> {
        atoms
            .iter()
            .map(|atom| context.allowed(atom, &One { operand, value }))
            .collect()
    };
    let open = seen(known);
    let mut patterns: Vec<Vec<u64>> = Vec::new();
    let mut values = Vec::new();
    for index in 0..corpus.offenses.len() {
        let node = OffenseNode(u32::try_from(index).unwrap_or(u32::MAX));
        let value = Value::Offense(Offense { node, whole: false });
        let pattern = seen(value);
        let fits = pattern
            .iter()
            .zip(&open)
            .all(|(pattern, open)| pattern & open != 0);
        if fits && !patterns.contains(&pattern) {
            patterns.push(pattern);
            values.push(value);
        }
    }
    values
}

/// One operand with one value.
struct One {
    operand: Operand,
    value: Value,
}

impl Values for One {
    fn value(&self, operand: Operand) -> Value {
        if operand == self.operand {
            self.value
        } else {
            Value::Unknown
        }
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
        for (variable, value) in path {
            self.settle_scalar(corpus, *variable, *value, &mut facts);
        }
        for roll in &self.rolls {
            self.fill_roll(corpus, roll, path, &mut facts);
        }
        facts
    }

    /// Gives the operands of a comparison values that make it come out so.
    fn settle_scalar(&self, corpus: &Corpus, variable: Variable, value: u16, facts: &mut Facts) {
        let Some(atom) = self.space.atom(variable) else {
            return;
        };
        if matches!(
            atom,
            Atom::Yes(_) | Atom::Choice(..) | Atom::Count(..) | Atom::Reading(..)
        ) {
            return;
        }
        let mut open: Vec<FactId> = Vec::new();
        for operand in atom.operands().into_iter().rev() {
            if let Operand::Fact(fact) = operand
                && !facts.value(fact).is_known()
                && !open.contains(&fact)
            {
                open.push(fact);
            }
        }
        self.search(corpus, atom, value, &open, facts);
    }

    fn search(
        &self,
        corpus: &Corpus,
        atom: &Atom,
        value: u16,
        open: &[FactId],
        facts: &mut Facts,
    ) -> bool {
        let context = self.context(corpus);
        let Some((fact, rest)) = open.split_first() else {
            let values = FactValues {
                facts,
                on: self.scope.at.on,
            };
            return context.allowed(atom, &values) == 1 << value;
        };
        let kind = corpus.facts.get(fact.index()).map(|fact| &fact.kind);
        for candidate in fact_candidates(self, corpus, *fact, kind, facts, self.rolls.iter()) {
            facts.set(*fact, candidate);
            if self.search(corpus, atom, value, rest, facts) {
                return true;
            }
        }
        facts.set(*fact, Value::Unknown);
        false
    }

    /// Fills a list with records that make the counts of the path.
    fn fill_roll(&self, corpus: &Corpus, roll: &Roll, path: &[(Variable, u16)], facts: &mut Facts) {
        let wanted = |counts: &[u32]| {
            roll.variables.iter().zip(counts).all(|(variable, count)| {
                let on_path = path.iter().find(|(v, _)| v == variable);
                on_path.is_none_or(|(_, value)| u32::from(*value) == *count)
            })
        };
        if !roll
            .variables
            .iter()
            .any(|v| path.iter().any(|(on, _)| on == v))
        {
            return;
        }
        self.settle_anchors(corpus, roll, facts);
        let outer = FactValues {
            facts,
            on: self.scope.at.on,
        };
        let values = RowValues {
            record: roll.record,
            row: &[],
            outer: &outer,
        };
        let allowed = roll.row_allowed(&self.context(corpus), &values);
        let closure = roll.closure(&roll.bodies_within(&allowed));
        let Some((_, records)) = closure.iter().find(|(counts, _)| wanted(counts)) else {
            return;
        };
        let rows = records
            .iter()
            .filter_map(|bodies| self.row_on_path(corpus, roll, *bodies, &allowed, facts))
            .collect();
        if let Some(list) = facts.lists.get_mut(roll.record.index()) {
            *list = List {
                listed: Listed::Whole,
                rows,
            };
        }
    }

    /// Facts that records are compared with get a value before the records do.
    fn settle_anchors(&self, corpus: &Corpus, roll: &Roll, facts: &mut Facts) {
        for operand in roll.space.atoms.iter().flat_map(Atom::operands) {
            let Operand::Fact(fact) = operand else {
                continue;
            };
            if facts.value(fact).is_known() {
                continue;
            }
            let value = match corpus.facts.get(fact.index()).map(|fact| &fact.kind) {
                Some(Kind::Date) => Value::Day(self.scope.at.on),
                Some(Kind::Number { .. }) => Value::Number(0),
                _ => continue,
            };
            facts.set(fact, value);
        }
    }

    fn row_on_path(
        &self,
        corpus: &Corpus,
        roll: &Roll,
        bodies: u32,
        allowed: &[u64],
        facts: &Facts,
    ) -> Option<Vec<Value>> {
        let path = roll.space.diagram.pick_cube_within(
            roll.root,
            &|terminal| terminal == bodies,
            &|variable, value| {
                allowed
                    .get(variable.0 as usize)
                    .is_none_or(|set| set >> value & 1 == 1)
            },
        )?;
        let record = corpus.records.get(roll.record.index())?;
        let mut row = vec![Value::Unknown; record.fields.len()];
        for (variable, value) in path {
            let atom = roll.space.atom(variable)?;
            for operand in atom.operands() {
                let Operand::Field(_, field) = operand else {
                    continue;
                };
                if row
                    .get(field as usize)
                    .is_some_and(|value| value.is_known())
                {
                    continue;
                }
                let candidates = field_candidates(self, corpus, roll, field, &row, facts);
                for candidate in candidates {
                    let slot = row.get_mut(field as usize)?;
                    *slot = candidate;
                    let outer = FactValues {
                        facts,
                        on: self.scope.at.on,
                    };
                    let values = RowValues {
                        record: roll.record,
                        row: &row,
                        outer: &outer,
                    };
                    if self.context(corpus).allowed(atom, &values) == 1 << value {
                        break;
                    }
                }
            }
        }
        Some(row)
    }
}
