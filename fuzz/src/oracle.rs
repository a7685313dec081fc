//! The law read directly: every unknown fact is tried with every value, every reading is taken.
//! Slow, short and obviously right; it shares no code with the diagrams.

use std::collections::{BTreeMap, BTreeSet};

use brightline_law::clock::Day;
use brightline_law::facts::{Facts, Listed, Value};
use brightline_law::ir::{
    Condition, ConditionKind, Corpus, Modal, Operand, Statement, StatementId, UnsettledId,
    UnsettledKind,
};
use brightline_law::{Outcome, Scope};

use crate::made::days_to_try;

/// So many completions are tried; more are not worth the wait.
const COMPLETIONS_MAX: usize = 4_000;
/// Records that an incomplete list may have beyond those listed: made laws count to two, and one
/// more may be of another kind.
const FURTHER_MAX: usize = 3;

/// One complete request under one reading of each point.
struct World<'a> {
    corpus: &'a Corpus,
    scope: Scope,
    facts: &'a Facts,
    readings: &'a BTreeMap<UnsettledId, usize>,
}

impl World<'_> {
    fn value(&self, operand: Operand, row: &[Value]) -> Value {
        match operand {
            Operand::Fact(fact) => self.facts.value(fact),
            Operand::Field(_, field) => row[field as usize],
            Operand::ActDate => Value::Day(self.scope.at.on),
            Operand::Day(day) => Value::Day(day),
        }
    }

    fn day(&self, operand: Operand, row: &[Value]) -> Day {
        let Value::Day(day) = self.value(operand, row) else { panic!("no day: {operand:?}") };
        day
    }

    fn holds(&self, condition: &Condition, row: &[Value]) -> bool {
        match &condition.kind {
            ConditionKind::All(list) => list.iter().all(|it| self.holds(it, row)),
            ConditionKind::Any(list) => list.iter().any(|it| self.holds(it, row)),
            ConditionKind::Not(inner) => !self.holds(inner, row),
            ConditionKind::Always => true,
            ConditionKind::Never => false,
            ConditionKind::Yes(operand) => self.value(*operand, row) == Value::Bool(true),
            ConditionKind::OneOf(operand, values) => {
                values.iter().any(|value| self.value(*operand, row) == Value::Choice(*value))
            }
            ConditionKind::Before { left, inclusive, right, span, later, .. } => {
                let right = self.day(*right, row);
                let anchor = if *later { span.after(right) } else { span.before(right) };
                let left = self.day(*left, row);
                left < anchor || *inclusive && left == anchor
            }
            ConditionKind::Term(term) => {
                let versions = &self.corpus.terms[term.index()].versions;
                versions.iter().any(|version| self.holds(&version.condition, row))
            }
            ConditionKind::Unsettled(point) => {
                let taken = self.readings[point];
                match &self.corpus.unsettled[point.index()].kind {
                    UnsettledKind::Written(readings) => self.holds(&readings[taken], row),
                    UnsettledKind::NotEncoded | UnsettledKind::Partial => taken == 1,
                }
            }
            ConditionKind::Count { record, count, body } => {
                let rows = &self.facts.lists[record.index()].rows;
                rows.iter().filter(|row| self.holds(body, row)).count() >= *count as usize
            }
            other => panic!("not made: {other:?}"),
        }
    }

    /// What the statements say together. What is defeated or lifted says nothing, and so defeats
    /// nothing either.
    fn outcome(&self) -> Outcome {
        let mut effects: BTreeMap<usize, Outcome> = BTreeMap::new();
        let statements = &self.corpus.statements;
        // Made laws act on earlier rules only, so the last statement comes first.
        for (index, statement) in statements.iter().enumerate().rev() {
            let Some(effect) = self.effect(statement) else {
                continue;
            };
            let silenced = effects.iter().any(|(&above, said)| {
                let other = &statements[above];
                let aims = |list: &[StatementId]| list.iter().any(|it| it.index() == index);
                let lifts = match said {
                    Outcome::NotBarred => {
                        matches!(effect, Outcome::Prohibited | Outcome::NoAuthority)
                    }
                    Outcome::NotRequired => effect == Outcome::Required,
                    _ => false,
                };
                aims(&other.defeats) || aims(&other.targets) && lifts
            });
            if !silenced {
                effects.insert(index, effect);
            }
        }
        together(&effects.into_values().collect())
    }

    fn effect(&self, statement: &Statement) -> Option<Outcome> {
        let holds = self.holds(&statement.condition, &[]);
        match statement.modal {
            Modal::MayOnly => Some(if holds { Outcome::Permitted } else { Outcome::Prohibited }),
            Modal::May => holds.then_some(Outcome::Permitted),
            Modal::MustNot => holds.then_some(Outcome::Prohibited),
            Modal::Must => holds.then_some(Outcome::Required),
            Modal::NoAuthority => holds.then_some(Outcome::NoAuthority),
            Modal::DoesNotBar => holds.then_some(Outcome::NotBarred),
            Modal::DoesNotRequire => holds.then_some(Outcome::NotRequired),
        }
    }
}

/// The table of section 6 of the reference.
fn together(effects: &BTreeSet<Outcome>) -> Outcome {
    let has = |outcome: Outcome| effects.contains(&outcome);
    if has(Outcome::Required) && (has(Outcome::Prohibited) || has(Outcome::NoAuthority)) {
        return Outcome::Conflict;
    }
    let order = [
        Outcome::Prohibited,
        Outcome::NoAuthority,
        Outcome::Required,
        Outcome::Permitted,
        Outcome::NotBarred,
        Outcome::NotRequired,
    ];
    order.into_iter().find(|outcome| has(*outcome)).unwrap_or(Outcome::Silent)
}

/// Returns every combination of readings.
fn all_readings(corpus: &Corpus) -> Vec<BTreeMap<UnsettledId, usize>> {
    let mut all = vec![BTreeMap::new()];
    for (index, point) in corpus.unsettled.iter().enumerate() {
        let mut more = Vec::new();
        for taken in &all {
            for reading in 0..point.readings.len() {
                let mut taken = taken.clone();
                taken.insert(UnsettledId(index as u32), reading);
                more.push(taken);
            }
        }
        all = more;
    }
    all
}

/// Returns the outcome of a complete request: unsettled where readings differ.
fn settled(corpus: &Corpus, scope: Scope, facts: &Facts) -> Outcome {
    let readings = all_readings(corpus);
    let outcomes = readings.iter().map(|readings| {
        let world = World { corpus, scope, facts, readings };
        world.outcome()
    });
    let found: BTreeSet<Outcome> = outcomes.collect();
    match found.first() {
        Some(outcome) if found.len() == 1 => *outcome,
        _ => Outcome::Unsettled,
    }
}

/// Returns every outcome that the unknown facts leave possible; none when there are too many
/// completions to try.
pub fn possible(corpus: &Corpus, scope: Scope, facts: &Facts) -> Option<BTreeSet<Outcome>> {
    let mut found = BTreeSet::new();
    for complete in completions(corpus, scope, facts)? {
        found.insert(settled(corpus, scope, &complete));
    }
    Some(found)
}

fn completions(corpus: &Corpus, scope: Scope, facts: &Facts) -> Option<Vec<Facts>> {
    let mut all = vec![facts.clone()];
    for (index, fact) in corpus.facts.iter().enumerate() {
        if !facts.values[index].is_known() {
            all = spread(&all, &candidates(&fact.name), |it| &mut it.values[index])?;
        }
    }
    let Some(list) = facts.lists.first() else {
        return Some(all);
    };
    for (row, values) in list.rows.iter().enumerate() {
        for (field, _) in values.iter().enumerate().filter(|(_, value)| !value.is_known()) {
            let name = ["f", "j"][field];
            all = spread(&all, &candidates(name), |it| &mut it.lists[0].rows[row][field])?;
        }
    }
    if list.listed != Listed::Whole {
        all = with_further_rows(corpus, scope, &all)?;
    }
    Some(all)
}

fn candidates(name: &str) -> Vec<Value> {
    match name {
        "k" => (0..3).map(Value::Choice).collect(),
        "p" | "q" | "j" => days_to_try().into_iter().map(Value::Day).collect(),
        _ => vec![Value::Bool(false), Value::Bool(true)],
    }
}

fn spread(
    all: &[Facts],
    values: &[Value],
    slot: impl Fn(&mut Facts) -> &mut Value,
) -> Option<Vec<Facts>> {
    let mut more = Vec::new();
    for facts in all {
        for value in values {
            let mut facts = facts.clone();
            *slot(&mut facts) = *value;
            more.push(facts);
        }
    }
    (more.len() <= COMPLETIONS_MAX).then_some(more)
}

/// Adds up to `FURTHER_MAX` records of every kind that the law can tell apart.
fn with_further_rows(corpus: &Corpus, scope: Scope, all: &[Facts]) -> Option<Vec<Facts>> {
    let mut more = Vec::new();
    for facts in all {
        let kinds = kinds_of_rows(corpus, scope, facts);
        let mut lists = vec![facts.clone()];
        let mut longest = lists.clone();
        for _ in 0..FURTHER_MAX {
            longest = spread_rows(&longest, &kinds);
            lists.extend(longest.clone());
        }
        more.extend(lists);
        if more.len() > COMPLETIONS_MAX {
            return None;
        }
    }
    Some(more)
}

fn spread_rows(lists: &[Facts], kinds: &[Vec<Value>]) -> Vec<Facts> {
    let mut more = Vec::new();
    for facts in lists {
        for kind in kinds {
            let mut facts = facts.clone();
            facts.lists[0].rows.push(kind.clone());
            more.push(facts);
        }
    }
    more
}

/// One record for each way in which the conditions on records can come out for one.
fn kinds_of_rows(corpus: &Corpus, scope: Scope, facts: &Facts) -> Vec<Vec<Value>> {
    let definitions = corpus.terms.iter().filter(|term| term.record.is_some());
    let bodies: Vec<&Condition> =
        definitions.flat_map(|term| &term.versions).map(|version| &version.condition).collect();
    let all = all_readings(corpus);
    let mut kinds: BTreeMap<Vec<bool>, Vec<Value>> = BTreeMap::new();
    for day in candidates("j") {
        for f in [false, true] {
            let row = vec![Value::Bool(f), day];
            let worlds = all.iter().map(|readings| World { corpus, scope, facts, readings });
            let truths = worlds.flat_map(|world| {
                let truths: Vec<bool> = bodies.iter().map(|it| world.holds(it, &row)).collect();
                truths
            });
            kinds.entry(truths.collect()).or_insert(row.clone());
        }
    }
    kinds.into_values().collect()
}
