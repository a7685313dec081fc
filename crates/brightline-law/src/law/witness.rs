//! Values that facts and fields can take where it matters: the days and numbers at which some
//! comparison changes, an offense for every pattern of tables. And from a path of the diagram a
//! request that takes it.

use super::Law;
use super::atom::{Atom, Values, day_of, threshold};
use super::closure::shortest_list;
use super::formula::{Cut, Gap};
use super::roll::{FactValues, Roll, RowValues};
use crate::clock::{Day, Moment, TimeOfDay};
use crate::diagram::Variable;
use crate::facts::{Facts, List, Listed, Value};
use crate::ir::{AsOf, Corpus, FactId, Kind, Offense, OffenseNode, Operand, TableRow};

/// The counts that a list must have; none where any will do.
type Wanted<'a> = &'a [Option<u32>];

/// Never more values than this.
const CANDIDATE_COUNT_MAX: usize = 64;
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
    let on = law.scope.at.on;
    let kind = corpus.facts.get(fact.index()).map(|fact| &fact.kind);
    let operand = Operand::Fact(fact);
    let outer = FactValues { facts, on };
    let mut points = Points::new(operand, on);
    points.look(&law.space.atoms, &outer);
    let mut atoms: Vec<&Atom> = law.space.atoms.iter().collect();
    for roll in rolls {
        points.look(&roll.space.atoms, &outer);
        points.look_through(&roll.space.atoms, &outer);
        for row in facts.list(roll.record).map_or(&[][..], |list| &list.rows) {
            let values = RowValues { record: roll.record, row, outer: &outer };
            points.look(&roll.space.atoms, &values);
        }
        atoms.extend(&roll.space.atoms);
    }
    points.values((law, corpus), kind, &atoms, facts.value(fact))
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
    let on = law.scope.at.on;
    let record = corpus.records.get(roll.record.index());
    let kind = record.and_then(|record| record.fields.get(field as usize)).map(|f| &f.kind);
    let outer = FactValues { facts, on };
    let values = RowValues { record: roll.record, row, outer: &outer };
    let mut points = Points::new(Operand::Field(roll.record, field), on);
    points.look(&roll.space.atoms, &values);
    let atoms: Vec<&Atom> = roll.space.atoms.iter().collect();
    points.values((law, corpus), kind, &atoms, row.get(field as usize).copied().unwrap_or_default())
}

/// Returns the sets of bodies that a record of which nothing is known may satisfy.
///
/// A day that several comparisons look at is tried day by day, so that they never come apart.
pub(crate) fn vectors(law: &Law, corpus: &Corpus, roll: &Roll, facts: &Facts) -> Vec<u32> {
    let fields = corpus.records.get(roll.record.index()).map_or(0, |r| r.fields.len());
    let mut row = vec![Value::Unknown; fields];
    let mut found = try_days(law, corpus, (roll, &coupled(roll)), &mut row, facts);
    found.sort_unstable();
    found.dedup();
    found
}

/// The fields that more than one comparison looks at.
fn coupled(roll: &Roll) -> Vec<u32> {
    let mut fields = Vec::new();
    for atom in &roll.space.atoms {
        let Atom::Gap(gap, _) = atom else { continue };
        for operand in [gap.left, gap.right] {
            if let Operand::Field(_, field) = operand {
                fields.push(field);
            }
        }
    }
    fields.sort_unstable();
    let pairs = fields.windows(2).filter(|pair| matches!(pair, [a, b] if a == b));
    let mut coupled: Vec<u32> = pairs.filter_map(|pair| pair.first().copied()).collect();
    coupled.dedup();
    coupled
}

fn try_days(
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
        found.extend(try_days(law, corpus, (roll, rest), row, facts));
    }
    if let Some(slot) = row.get_mut(*field as usize) {
        *slot = Value::Unknown;
    }
    found
}

/// The days and numbers around which comparisons with one operand change.
struct Points {
    operand: Operand,
    days: Vec<Day>,
    numbers: Vec<i64>,
}

impl Points {
    fn new(operand: Operand, on: Day) -> Self {
        Self { operand, days: vec![on], numbers: vec![0] }
    }

    fn look(&mut self, atoms: &[Atom], values: &impl Values) {
        for atom in atoms {
            match atom {
                Atom::Number(operand, cuts) if *operand == self.operand => {
                    self.numbers.extend(cuts.iter().flat_map(|cut| [cut - 1, *cut]));
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

    /// Looks through the days of records: where a record's day is compared with a fixed day and
    /// with the operand, the two meet at a distance.
    fn look_through(&mut self, atoms: &[Atom], values: &impl Values) {
        let gaps = |atom: &Atom| match atom {
            Atom::Gap(gap, cuts) => Some((*gap, cuts.clone())),
            _ => None,
        };
        let gaps: Vec<(Gap, Vec<Cut>)> = atoms.iter().filter_map(gaps).collect();
        let mut fixed: Vec<(Operand, Day)> = Vec::new();
        for (gap, cuts) in &gaps {
            if let Some(right) = day_of(values.value(gap.right)) {
                let days = cuts.iter().map(|cut| threshold(gap, *cut, right, 0));
                fixed.extend(days.map(|day| (gap.left, day)));
            }
        }
        for (gap, cuts) in &gaps {
            for (_, day) in fixed.iter().filter(|(left, _)| *left == gap.left) {
                for cut in cuts {
                    if gap.right == self.operand {
                        let mut back = *gap;
                        back.later = !gap.later;
                        self.around(threshold(&back, *cut, *day, 0), 3);
                    }
                    if gap.excluded == Some(self.operand)
                        && let Some(right) = day_of(values.value(gap.right))
                    {
                        let days = day.days_until(threshold(gap, *cut, right, 0));
                        let days = i64::from(days.abs());
                        self.numbers.extend(days - 2..=days + 2);
                    }
                }
            }
        }
    }

    fn around(&mut self, day: Day, reach: i32) {
        self.days.extend((-reach..=reach).map(|step| day.plus_days(step)));
    }

    fn values(
        mut self,
        (law, corpus): (&Law, &Corpus),
        kind: Option<&Kind>,
        atoms: &[&Atom],
        known: Value,
    ) -> Vec<Value> {
        for row in dated_tables(corpus, atoms, |_, day| day == self.operand) {
            let ends = [row.from.previous(), row.from, row.until, row.until.next()];
            self.days.extend(ends.into_iter().filter(|day| Day::MIN < *day && *day < Day::MAX));
        }
        if let Operand::Field(..) = self.operand {
            self.days.retain(|day| *day <= law.scope.at.on);
        }
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
        let fits = pattern.iter().zip(&open).all(|(pattern, open)| pattern & open != 0);
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
        let Atom::MemberOn(of, member) = atom else {
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
        .map(|row| {
            let mut above = node;
            while above != row.offense && above != OffenseNode::ROOT {
                above = corpus.offenses.parent(above);
            }
            u64::from(above == row.offense)
        })
        .collect()
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
