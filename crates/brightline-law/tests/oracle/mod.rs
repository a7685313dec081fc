//! The naive oracle: the meaning of law by trying everything.
//!
//! It reads the resolved law directly. Every unknown fact takes every value of a small domain,
//! every unsettled point every reading, conditions are two-valued, and section 6 of
//! `docs/language.md` puts the statements together. Slow and obviously right: where the engine
//! differs, one of the two is wrong.

use std::collections::{BTreeMap, BTreeSet};

use brightline_law::clock::Day;
use brightline_law::facts::{Facts, Value};
use brightline_law::ir::{
    AsOf, Condition, ConditionKind, Corpus, MemberId, Modal, OffenseNode, Operand, ProvisionId,
    StatementId, UnsettledKind,
};
use brightline_law::{Outcome, Scope};

pub mod completions;
pub mod pack;
pub mod property;

/// What can be said of one complete request: where the readings lead, and the limits that apply.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// One outcome, or several where readings differ.
    pub ways: BTreeSet<Outcome>,
    /// The statements whose limits apply under some reading; none where readings differ.
    pub limits: BTreeSet<StatementId>,
}

impl Answer {
    /// The outcome.
    pub fn outcome(&self) -> Outcome {
        match self.ways.first() {
            Some(outcome) if self.ways.len() == 1 => *outcome,
            _ => Outcome::Unsettled,
        }
    }
}

/// One complete request under one reading of every point.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub corpus: &'a Corpus,
    pub scope: Scope,
    pub facts: &'a Facts,
    pub readings: &'a [usize],
    /// Instruments left out of the law, by short name.
    pub without: &'a [String],
}

/// Every combination of readings.
pub fn readings(corpus: &Corpus) -> Vec<Vec<usize>> {
    corpus.unsettled.iter().fold(vec![Vec::new()], |all, point| {
        let longer = |taken: &Vec<usize>| {
            let taken = taken.clone();
            (0..point.readings.len()).map(move |next| [taken.clone(), vec![next]].concat())
        };
        all.iter().flat_map(longer).collect()
    })
}

/// Returns the answer to a complete request.
pub fn answer(corpus: &Corpus, scope: Scope, facts: &Facts, without: &[String]) -> Answer {
    let mut found = Answer { ways: BTreeSet::new(), limits: BTreeSet::new() };
    for readings in readings(corpus) {
        let (outcome, limits) =
            World { corpus, scope, facts, readings: &readings, without }.outcome();
        found.ways.insert(outcome);
        found.limits.extend(limits);
    }
    if found.ways.len() > 1 {
        found.limits.clear();
    }
    found
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
        match self.value(operand, row) {
            Value::Day(day) => day,
            Value::Moment(moment) => moment.day(),
            other => panic!("{operand:?} is {other:?}, not a day"),
        }
    }

    fn number(&self, operand: Operand, row: &[Value]) -> i64 {
        let Value::Number(number) = self.value(operand, row) else { panic!("{operand:?}") };
        number
    }

    fn in_force(&self, provision: ProvisionId) -> bool {
        self.corpus.provisions[provision.index()].validity.in_force(self.scope.at)
    }

    /// Whether text that was not read turns a provision round, under these readings.
    fn changed(&self, provision: ProvisionId) -> bool {
        let partial = &self.corpus.provisions[provision.index()].partial;
        partial.as_ref().is_some_and(|(_, point)| self.readings[point.index()] == 1)
    }

    /// Whether a condition holds, for a record where there is one.
    pub fn holds(&self, condition: &Condition, row: &[Value]) -> bool {
        let corpus = self.corpus;
        match &condition.kind {
            ConditionKind::All(parts) => parts.iter().all(|part| self.holds(part, row)),
            ConditionKind::Any(parts) => parts.iter().any(|part| self.holds(part, row)),
            ConditionKind::Not(inner) => !self.holds(inner, row),
            ConditionKind::Always => true,
            ConditionKind::Never => false,
            ConditionKind::Yes(operand) => self.value(*operand, row) == Value::Bool(true),
            ConditionKind::OneOf(operand, values) => {
                values.iter().any(|value| self.value(*operand, row) == Value::Choice(*value))
            }
            ConditionKind::Before { left, inclusive, right, span, later, excluded } => {
                let more = excluded.map_or(0, |operand| self.number(operand, row));
                let span = span.lengthened(u32::try_from(more).unwrap());
                let anchor = self.day(*right, row);
                let limit = if *later { span.after(anchor) } else { span.before(anchor) };
                let left = self.day(*left, row);
                left < limit || *inclusive && left == limit
            }
            ConditionKind::AtLeast(operand, count) => self.number(*operand, row) >= *count,
            ConditionKind::Member(operand, member) => self.is_member(*operand, *member, row),
            ConditionKind::Term(term) => {
                let versions = &corpus.terms[term.index()].versions;
                let version = versions.iter().find(|version| self.in_force(version.provision));
                version.is_some_and(|version| {
                    self.holds(&version.condition, row) != self.changed(version.provision)
                })
            }
            ConditionKind::Unsettled(point) => {
                let unsettled = &corpus.unsettled[point.index()];
                let taken = self.readings[point.index()];
                match &unsettled.kind {
                    UnsettledKind::NotEncoded | UnsettledKind::Partial => taken == 1,
                    UnsettledKind::Written(_) if !self.in_force(unsettled.provision) => false,
                    UnsettledKind::Written(readings) => {
                        self.holds(&readings[taken], row) != self.changed(unsettled.provision)
                    }
                }
            }
            ConditionKind::Count { record, count, body } => {
                let rows = &self.facts.lists[record.index()].rows;
                rows.iter().filter(|row| self.holds(body, row)).count() >= *count as usize
            }
            ConditionKind::AnotherRule(wanted, statements) => statements.iter().any(|id| {
                let (grants, bars) = self.own_words(*id);
                let modal = self.corpus.statements[id.index()].modal;
                self.applies(*id) && self.says(modal, grants, bars).contains(wanted)
            }),
        }
    }

    fn is_member(&self, operand: Operand, member: MemberId, row: &[Value]) -> bool {
        let member = &self.corpus.members[member.index()];
        let day = match member.as_of {
            AsOf::ActDate => self.scope.at.on,
            AsOf::Day(day) => day,
            AsOf::Operand(operand) => self.day(operand, row),
        };
        let Value::Offense(offense) = self.value(operand, row) else { panic!("{operand:?}") };
        let mut covering = BTreeSet::from([offense.node]);
        let mut node = offense.node;
        while node != OffenseNode::ROOT {
            node = self.corpus.offenses.parent(node);
            covering.insert(node);
        }
        self.corpus.tables[member.table.index()].rows.iter().any(|row| {
            let filter = member.filter.as_ref();
            let wanted = filter.is_none_or(|(at, cells)| cells.contains(&row.cells[*at]));
            wanted && row.from <= day && day <= row.until && covering.contains(&row.offense)
        })
    }

    fn applies(&self, id: StatementId) -> bool {
        let statement = &self.corpus.statements[id.index()];
        let provision = &self.corpus.provisions[statement.provision.index()];
        let section = &self.corpus.sections[provision.section.index()];
        let Scope { jurisdiction, agency, act, at } = self.scope;
        let above = &self.corpus.packs[jurisdiction.index()].parents;
        statement.agencies.contains(&agency)
            && statement.acts.contains(&act)
            && (provision.pack == jurisdiction || above.contains(&provision.pack))
            && provision.validity.applies(at, agency, act)
            && !self.without.contains(&section.short)
    }

    /// What a statement grants and bars before anything defeats or lifts it.
    fn own_words(&self, id: StatementId) -> (bool, bool) {
        let statement = &self.corpus.statements[id.index()];
        if self.changed(statement.provision) {
            return (false, false);
        }
        let holds = self.holds(&statement.condition, &[]);
        match statement.modal {
            Modal::MayOnly => (holds, !holds),
            Modal::MustNot => (false, holds),
            _ => (holds, false),
        }
    }

    /// What it grants and bars when those above it have had their say.
    pub fn effect(&self, id: StatementId) -> (bool, bool) {
        let modal = self.corpus.statements[id.index()].modal;
        let (mut grants, mut bars) = self.own_words(id);
        for (index, other) in self.corpus.statements.iter().enumerate() {
            let above = StatementId(u32::try_from(index).unwrap());
            if !self.applies(above) {
                continue;
            }
            let acts = |list: &[StatementId]| list.contains(&id) && self.effect(above) != NOTHING;
            if acts(&other.defeats) {
                (grants, bars) = NOTHING;
            }
            match (acts(&other.targets), other.modal, modal) {
                (true, Modal::DoesNotBar, Modal::NoAuthority) => grants = false,
                (true, Modal::DoesNotBar, _) => bars = false,
                (true, Modal::DoesNotRequire, Modal::Must) => grants = false,
                _ => {}
            }
        }
        (grants, bars)
    }

    fn says(&self, modal: Modal, grants: bool, bars: bool) -> Vec<Outcome> {
        let granted = match modal {
            Modal::MayOnly | Modal::May => Outcome::Permitted,
            Modal::Must => Outcome::Required,
            Modal::NoAuthority => Outcome::NoAuthority,
            Modal::DoesNotBar => Outcome::NotBarred,
            Modal::DoesNotRequire => Outcome::NotRequired,
            Modal::MustNot => Outcome::Prohibited,
        };
        let barred = bars.then_some(Outcome::Prohibited);
        grants.then_some(granted).into_iter().chain(barred).collect()
    }

    /// Section 6 of the reference.
    fn outcome(&self) -> (Outcome, BTreeSet<StatementId>) {
        let mut said: BTreeMap<Outcome, Vec<StatementId>> = BTreeMap::new();
        for (index, statement) in self.corpus.statements.iter().enumerate() {
            let id = StatementId(u32::try_from(index).unwrap());
            if self.applies(id) {
                let (grants, bars) = self.effect(id);
                for outcome in self.says(statement.modal, grants, bars) {
                    said.entry(outcome).or_default().push(id);
                }
            }
        }
        let has = |outcome| said.contains_key(&outcome);
        if has(Outcome::Required) && (has(Outcome::Prohibited) || has(Outcome::NoAuthority)) {
            return (Outcome::Conflict, BTreeSet::new());
        }
        let outcome = RANKED.into_iter().find(|outcome| has(*outcome)).unwrap_or(Outcome::Silent);
        let by = said.get(&outcome).map_or(&[][..], Vec::as_slice);
        let limited = |id: &&StatementId| !self.corpus.statements[id.index()].limits.is_empty();
        // A permission without limits stands beside one with limits; a duty is limited by any.
        let free = outcome == Outcome::Permitted && by.iter().any(|id| !limited(&id));
        let limits = match outcome {
            Outcome::Permitted | Outcome::Required if !free => by.iter().filter(limited).copied(),
            _ => [].iter().filter(limited).copied(),
        };
        (outcome, limits.collect())
    }
}

const NOTHING: (bool, bool) = (false, false);
const RANKED: [Outcome; 6] = [
    Outcome::Prohibited,
    Outcome::NoAuthority,
    Outcome::Required,
    Outcome::Permitted,
    Outcome::NotBarred,
    Outcome::NotRequired,
];
