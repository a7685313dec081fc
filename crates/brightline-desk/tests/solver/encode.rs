//! The resolved law in SMT-LIB: every condition, every statement, section 6 of the reference.
//!
//! It reads the law as written and shares no code with the diagrams. Dates are days since 1970;
//! months are counted on the year, month and day that the solver finds for a date.

use std::collections::{BTreeMap, BTreeSet};

use brightline_law::clock::{Day, Span};
use brightline_law::ir::{
    AsOf, Condition, ConditionKind, Corpus, Fact, Kind, MemberId, Modal, OffenseNode, Operand,
    ProvisionId, RecordId, StatementId, TermId, UnsettledId, UnsettledKind,
};
use brightline_law::{Outcome, Scope};

use super::script::{Script, all, any, not, number};

/// Dates are sought in these years; no law compares over centuries.
const YEARS: (i64, i64) = (1900, 2200);
const FIRST_DAY: i64 = -25_567;
const LAST_DAY: i64 = 84_370;
const NUMBER_MAX: i64 = 100_000;

/// Which reading is taken of each point: a copy of the law under readings of its own, or fixed.
#[derive(Clone)]
pub enum Readings {
    /// Constants of the solver, told apart by this number.
    Free(usize),
    /// These, and the first of all others.
    Fixed(BTreeMap<UnsettledId, usize>),
}

/// The record at hand: its list and its place in it.
type Row = Option<(RecordId, usize)>;

/// What a statement grants and bars.
type Effect = (String, String);

/// A corpus with its tables as functions of the solver.
pub struct Encoded<'c> {
    pub corpus: &'c Corpus,
    tables: Vec<String>,
}

pub struct Encoder<'c> {
    of: &'c Encoded<'c>,
    corpus: &'c Corpus,
    scope: Scope,
    pub script: Script,
    /// Records that each list has at most.
    lengths: BTreeMap<RecordId, usize>,
    /// How many records each condition on a list counts to.
    counted: BTreeMap<(RecordId, String), usize>,
    /// The points that some condition met.
    pub points: BTreeSet<UnsettledId>,
    /// Membership questions met.
    members: BTreeSet<MemberId>,
    /// Instruments left out of the law, by name.
    without: Vec<String>,
    /// The statements that apply.
    pub applying: Vec<StatementId>,
}

impl<'c> Encoder<'c> {
    /// Lists have at most so many records; without a number, one.
    pub fn new(of: &'c Encoded<'c>, scope: Scope, lengths: BTreeMap<RecordId, usize>) -> Self {
        let mut encoder = Self {
            of,
            corpus: of.corpus,
            scope,
            script: Script::default(),
            lengths,
            counted: BTreeMap::new(),
            points: BTreeSet::new(),
            members: BTreeSet::new(),
            without: Vec::new(),
            applying: Vec::new(),
        };
        encoder.turn_to(scope, &[]);
        encoder
    }

    /// Moves to the law of another day with other instruments left out; the facts stay.
    pub fn turn_to(&mut self, scope: Scope, without: &[String]) {
        self.scope = scope;
        self.without = without.to_vec();
        let ids = (0..self.corpus.statements.len()).map(|id| StatementId(id.try_into().unwrap()));
        self.applying = ids.filter(|id| self.applies(*id)).collect();
    }

    /// How long lists must be so that no longer one can matter: of a longer list, as many records
    /// as each count asks for can be kept, and every count comes out as before.
    pub fn lengths_that_suffice(&self) -> BTreeMap<RecordId, usize> {
        let mut lengths = BTreeMap::new();
        for ((record, _), count) in &self.counted {
            *lengths.entry(*record).or_insert(0) += count;
        }
        lengths
    }

    fn on(&self) -> Day {
        self.scope.at.on
    }

    fn in_force(&self, provision: ProvisionId) -> bool {
        self.corpus.provisions[provision.index()].validity.in_force(self.scope.at)
    }

    /// Whether a point takes a reading.
    fn takes(&mut self, point: UnsettledId, reading: usize, readings: &Readings) -> String {
        self.points.insert(point);
        match readings {
            Readings::Fixed(taken) => {
                (taken.get(&point).copied().unwrap_or(0) == reading).to_string()
            }
            Readings::Free(copy) => {
                let count = self.corpus.unsettled[point.index()].readings.len();
                let most = i64::try_from(count).unwrap() - 1;
                let name = self.script.integer(&format!("r{copy}_{}", point.0), 0, most);
                format!("(= {name} {reading})")
            }
        }
    }

    /// Whether text that was not read turns a provision round.
    fn changed(&mut self, provision: ProvisionId, readings: &Readings) -> String {
        match self.corpus.provisions[provision.index()].partial {
            Some((_, point)) => self.takes(point, 1, readings),
            None => "false".to_owned(),
        }
    }

    /// Whether a condition holds.
    pub fn holds(&mut self, condition: &Condition, readings: &Readings, row: Row) -> String {
        let made = match &condition.kind {
            ConditionKind::All(parts) => {
                all(parts.iter().map(|part| self.holds(part, readings, row)).collect())
            }
            ConditionKind::Any(parts) => {
                any(parts.iter().map(|part| self.holds(part, readings, row)).collect())
            }
            ConditionKind::Not(inner) => not(&self.holds(inner, readings, row)),
            ConditionKind::Always => "true".to_owned(),
            ConditionKind::Never => "false".to_owned(),
            ConditionKind::Term(term) => self.term(*term, readings, row),
            ConditionKind::Unsettled(point) => self.unsettled(*point, readings, row),
            ConditionKind::Count { record, count, body } => {
                self.counts(*record, *count as usize, body, readings)
            }
            ConditionKind::AnotherRule(wanted, statements) => {
                self.another_rule(*wanted, statements, readings)
            }
            leaf => self.leaf(leaf, row),
        };
        self.script.named("Bool", made)
    }

    fn leaf(&mut self, leaf: &ConditionKind, row: Row) -> String {
        match leaf {
            ConditionKind::Yes(operand) => self.value(*operand, row),
            ConditionKind::OneOf(operand, values) => {
                let name = self.value(*operand, row);
                any(values.iter().map(|value| format!("(= {name} {value})")).collect())
            }
            ConditionKind::AtLeast(operand, count) => {
                format!("(>= {} {})", self.value(*operand, row), number(*count))
            }
            ConditionKind::Member(operand, member) => {
                self.members.insert(*member);
                let offense = self.value(*operand, row);
                let day = match self.corpus.members[member.index()].as_of {
                    AsOf::ActDate => number(i64::from(self.on().days())),
                    AsOf::Day(day) => number(i64::from(day.days())),
                    AsOf::Operand(day) => self.value(day, row),
                };
                format!("(member{} {offense} {day})", member.0)
            }
            ConditionKind::Before { left, inclusive, right, span, later, excluded } => {
                let left = self.value(*left, row);
                let mut limit = self.moved(*right, *span, *later, row);
                if let Some(excluded) = excluded {
                    let more = self.value(*excluded, row);
                    limit = format!("({} {limit} {more})", if *later { "+" } else { "-" });
                }
                format!("({} {left} {limit})", if *inclusive { "<=" } else { "<" })
            }
            other => panic!("no leaf: {other:?}"),
        }
    }

    fn term(&mut self, term: TermId, readings: &Readings, row: Row) -> String {
        let versions = &self.corpus.terms[term.index()].versions;
        let Some(version) = versions.iter().find(|version| self.in_force(version.provision)) else {
            return "false".to_owned();
        };
        let holds = self.holds(&version.condition, readings, row);
        let changed = self.changed(version.provision, readings);
        exclusive(&holds, &changed)
    }

    fn unsettled(&mut self, point: UnsettledId, readings: &Readings, row: Row) -> String {
        let unsettled = &self.corpus.unsettled[point.index()];
        let UnsettledKind::Written(conditions) = &unsettled.kind else {
            return self.takes(point, 1, readings);
        };
        if !self.in_force(unsettled.provision) {
            return "false".to_owned();
        }
        let mut parts = Vec::new();
        for (index, condition) in conditions.iter().enumerate() {
            let taken = self.takes(point, index, readings);
            let holds = self.holds(condition, readings, row);
            parts.push(all(vec![taken, holds]));
        }
        let changed = self.changed(unsettled.provision, readings);
        exclusive(&any(parts), &changed)
    }

    fn counts(
        &mut self,
        record: RecordId,
        count: usize,
        body: &Condition,
        readings: &Readings,
    ) -> String {
        let length = self.lengths.get(&record).copied().unwrap_or(1).max(1);
        let mut parts = Vec::new();
        for index in 0..length {
            let is_there = self.is_there(record, index);
            let holds = self.holds(body, readings, Some((record, index)));
            if index == 0 {
                let asked = self.counted.entry((record, holds.clone())).or_default();
                *asked = (*asked).max(count);
            }
            parts.push(all(vec![is_there, holds]));
        }
        if count == 1 {
            return any(parts);
        }
        let counted = parts.iter().map(|part| format!("(ite {part} 1 0)"));
        format!("(>= (+ 0 {}) {count})", counted.collect::<Vec<_>>().join(" "))
    }

    /// Whether a list has a record at a place; there are no gaps.
    fn is_there(&mut self, record: RecordId, index: usize) -> String {
        let name = format!("there{}_{index}", record.0);
        if self.script.declare(&name, "Bool") && index > 0 {
            self.script.assert(&format!("(=> {name} there{}_{})", record.0, index - 1));
        }
        name
    }

    /// The constant of an operand, declared with what it can be.
    fn value(&mut self, operand: Operand, row: Row) -> String {
        let (name, fact, most) = match operand {
            Operand::ActDate => return number(i64::from(self.on().days())),
            Operand::Day(day) => return number(i64::from(day.days())),
            Operand::Fact(fact) => {
                (format!("f{}", fact.0), &self.corpus.facts[fact.index()], LAST_DAY)
            }
            Operand::Field(record, field) => {
                let (_, index) = row.expect("a field is of a record");
                let fact = &self.corpus.records[record.index()].fields[field as usize];
                // What is on record has happened.
                let most = i64::from(self.on().days());
                (format!("x{}_{index}_{field}", record.0), fact, most)
            }
        };
        self.declared(name, fact, most)
    }

    fn declared(&mut self, name: String, fact: &Fact, last_day: i64) -> String {
        let (least, most) = match &fact.kind {
            Kind::YesNo => return self.script.truth(&name),
            Kind::OneOf(values) => (0, i64::try_from(values.len()).unwrap() - 1),
            Kind::Date | Kind::Time => (FIRST_DAY, last_day),
            Kind::Number { .. } => (0, NUMBER_MAX),
            Kind::Offense => (0, i64::try_from(self.corpus.offenses.len()).unwrap() - 1),
        };
        self.script.integer(&name, least, most)
    }

    /// The day that a span before or after an operand is.
    fn moved(&mut self, operand: Operand, span: Span, later: bool, row: Row) -> String {
        let known = match operand {
            Operand::ActDate => Some(self.on()),
            Operand::Day(day) => Some(day),
            Operand::Fact(_) | Operand::Field(..) => None,
        };
        if let Some(day) = known {
            let day = if later { span.after(day) } else { span.before(day) };
            return number(i64::from(day.days()));
        }
        let sign = if later { 1 } else { -1 };
        let name = self.value(operand, row);
        let months = sign * (i64::from(span.years) * 12 + i64::from(span.months));
        let days = sign * (i64::from(span.weeks) * 7 + i64::from(span.days));
        let moved = if months == 0 { name } else { self.plus_months(&name, months) };
        if days == 0 { moved } else { format!("(+ {moved} {})", number(days)) }
    }

    fn plus_months(&mut self, date: &str, months: i64) -> String {
        let [year, month, day] = ["y", "m", "d"].map(|part| format!("{date}{part}"));
        if self.script.declare(&year, "Int") {
            self.script.assert(&format!("(<= {} {year} {})", YEARS.0, YEARS.1));
            self.script.integer(&month, 1, 12);
            self.script.declare(&day, "Int");
            self.script.assert(&format!("(<= 1 {day} (month-length {year} {month}))"));
            self.script.assert(&format!("(= {date} (day-number {year} {month} {day}))"));
        }
        let count = format!("(+ (* 12 {year}) {month} {})", number(months - 1));
        let count = self.script.named("Int", count);
        let (year, month) = (format!("(div {count} 12)"), format!("(+ 1 (mod {count} 12))"));
        let last = self.script.named("Int", format!("(month-length {year} {month})"));
        let day = format!("(ite (< {last} {day}) {last} {day})");
        self.script.named("Int", format!("(day-number {year} {month} {day})"))
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
            && !self.without.iter().any(|name| {
                *name == section.short
                    || *name == section.citation
                    || section.enacted_by.as_ref() == Some(name)
            })
    }

    fn own_words(&mut self, id: StatementId, readings: &Readings) -> Effect {
        let statement = &self.corpus.statements[id.index()];
        let read = not(&self.changed(statement.provision, readings));
        let holds = self.holds(&statement.condition, readings, None);
        let (grants, bars) = match statement.modal {
            Modal::MayOnly => (holds.clone(), not(&holds)),
            Modal::MustNot => ("false".to_owned(), holds),
            _ => (holds, "false".to_owned()),
        };
        (all(vec![grants, read.clone()]), all(vec![bars, read]))
    }

    fn another_rule(
        &mut self,
        wanted: Outcome,
        statements: &[StatementId],
        readings: &Readings,
    ) -> String {
        let mut parts = Vec::new();
        for id in
            statements.iter().filter(|id| self.applying.contains(id)).copied().collect::<Vec<_>>()
        {
            let (grants, bars) = self.own_words(id, readings);
            match (wanted, self.corpus.statements[id.index()].modal) {
                (Outcome::Required, Modal::Must)
                | (Outcome::Permitted, Modal::May | Modal::MayOnly) => parts.push(grants),
                (Outcome::Prohibited, _) => parts.push(bars),
                _ => {}
            }
        }
        any(parts)
    }

    /// What a statement does when those above it have had their say.
    fn effect(
        &mut self,
        id: StatementId,
        readings: &Readings,
        done: &mut BTreeMap<StatementId, Effect>,
    ) -> Effect {
        if let Some(effect) = done.get(&id) {
            return effect.clone();
        }
        let modal = self.corpus.statements[id.index()].modal;
        let (grants, bars) = self.own_words(id, readings);
        let (mut grants, mut bars) = (vec![grants], vec![bars]);
        for above in self.applying.clone() {
            let other = &self.corpus.statements[above.index()];
            let defeats = other.defeats.contains(&id);
            let aims = other.targets.contains(&id);
            let unbars = aims && other.modal == Modal::DoesNotBar;
            let lifts_bars = unbars && matches!(modal, Modal::MayOnly | Modal::MustNot);
            let lifts_grants = match modal {
                Modal::NoAuthority => unbars,
                Modal::Must => aims && other.modal == Modal::DoesNotRequire,
                _ => false,
            };
            if !defeats && !lifts_bars && !lifts_grants {
                continue;
            }
            let (other_grants, other_bars) = self.effect(above, readings, done);
            let idle = not(&any(vec![other_grants, other_bars]));
            if defeats || lifts_bars {
                bars.push(idle.clone());
            }
            if defeats || lifts_grants {
                grants.push(idle);
            }
        }
        let effect = (self.script.named("Bool", all(grants)), self.script.named("Bool", all(bars)));
        done.insert(id, effect.clone());
        effect
    }

    /// The outcome of all facts under these readings, as its place in the list of all outcomes.
    pub fn outcome(&mut self, readings: &Readings) -> String {
        let mut done = BTreeMap::new();
        let mut said: BTreeMap<Outcome, Vec<String>> = BTreeMap::new();
        for id in self.applying.clone() {
            let (grants, bars) = self.effect(id, readings, &mut done);
            let granted = match self.corpus.statements[id.index()].modal {
                Modal::MayOnly | Modal::May => Outcome::Permitted,
                Modal::Must => Outcome::Required,
                Modal::NoAuthority => Outcome::NoAuthority,
                Modal::DoesNotBar => Outcome::NotBarred,
                Modal::DoesNotRequire => Outcome::NotRequired,
                Modal::MustNot => Outcome::Prohibited,
            };
            said.entry(granted).or_default().push(grants);
            said.entry(Outcome::Prohibited).or_default().push(bars);
        }
        let mut has = |outcome| {
            let has = any(said.get(&outcome).cloned().unwrap_or_default());
            self.script.named("Bool", has)
        };
        let against = any(vec![has(Outcome::Prohibited), has(Outcome::NoAuthority)]);
        let conflict = all(vec![has(Outcome::Required), against]);
        let mut ranked = vec![(conflict, Outcome::Conflict)];
        ranked.extend(RANKED.map(|outcome| (has(outcome), outcome)));
        let silent = place(Outcome::Silent);
        let made = ranked.into_iter().rev().fold(silent, |below, (has, outcome)| match &*has {
            "true" => place(outcome),
            "false" => below,
            _ => format!("(ite {has} {} {below})", place(outcome)),
        });
        self.script.named("Int", made)
    }

    /// Asserts that none of what the packs call impossible is so.
    pub fn assert_possible(&mut self) {
        let jurisdiction = self.scope.jurisdiction;
        let above = &self.corpus.packs[jurisdiction.index()].parents;
        for (pack, condition) in &self.corpus.impossible {
            if *pack == jurisdiction || above.contains(pack) {
                let holds = self.holds(condition, &Readings::Free(0), None);
                self.script.assert(&not(&holds));
            }
        }
    }

    /// The whole query: what all queries share, the tables, and the script.
    pub fn finished(&self) -> String {
        let tables = self.members.iter().map(|member| self.of.tables[member.index()].as_str());
        format!("{CALENDAR}{}{}", tables.collect::<String>(), self.script.text())
    }
}

impl<'c> Encoded<'c> {
    pub fn new(corpus: &'c Corpus) -> Self {
        let members = (0..corpus.members.len()).map(|id| table(corpus, id));
        Self { corpus, tables: members.collect() }
    }
}

/// The function of a membership question: an offense and a day to a truth value.
fn table(corpus: &Corpus, id: usize) -> String {
    let member = &corpus.members[id];
    let mut periods: BTreeMap<(Day, Day), BTreeSet<usize>> = BTreeMap::new();
    for row in &corpus.tables[member.table.index()].rows {
        let filter = member.filter.as_ref();
        if filter.is_none_or(|(at, cells)| cells.contains(&row.cells[*at])) {
            let nodes = (0..corpus.offenses.len()).filter(|index| {
                is_below(corpus, OffenseNode((*index).try_into().unwrap()), row.offense)
            });
            periods.entry((row.from, row.until)).or_default().extend(nodes);
        }
    }
    let parts = periods.into_iter().map(|((from, until), offenses)| {
        let [from, until] = [from, until].map(|day| number(i64::from(day.days())));
        let offenses = offenses.into_iter().map(|offense| format!("(= o {offense})"));
        all(vec![format!("(<= {from} day {until})"), any(offenses.collect())])
    });
    let any = any(parts.collect());
    format!("(define-fun member{id} ((o Int) (day Int)) Bool {any})\n")
}

const RANKED: [Outcome; 6] = [
    Outcome::Prohibited,
    Outcome::NoAuthority,
    Outcome::Required,
    Outcome::Permitted,
    Outcome::NotBarred,
    Outcome::NotRequired,
];

/// How queries write an outcome.
pub fn place(outcome: Outcome) -> String {
    Outcome::ALL.iter().position(|known| *known == outcome).unwrap().to_string()
}

fn exclusive(holds: &str, changed: &str) -> String {
    match changed {
        "false" => holds.to_owned(),
        "true" => not(holds),
        _ => format!("(xor {holds} {changed})"),
    }
}

fn is_below(corpus: &Corpus, node: OffenseNode, top: OffenseNode) -> bool {
    let parent = corpus.offenses.parent(node);
    node == top || parent != node && is_below(corpus, parent, top)
}

/// Days since 1970 of a year, month and day of the month.
const CALENDAR: &str = "\
(define-fun is-leap ((y Int)) Bool
  (and (= 0 (mod y 4)) (or (distinct 0 (mod y 100)) (= 0 (mod y 400)))))
(define-fun month-length ((y Int) (m Int)) Int
  (ite (= m 2) (ite (is-leap y) 29 28) (ite (or (= m 4) (= m 6) (= m 9) (= m 11)) 30 31)))
(define-fun before-month ((m Int)) Int
  (ite (= m 1) 0 (ite (= m 2) 31 (ite (= m 3) 59 (ite (= m 4) 90 (ite (= m 5) 120
  (ite (= m 6) 151 (ite (= m 7) 181 (ite (= m 8) 212 (ite (= m 9) 243 (ite (= m 10) 273
  (ite (= m 11) 304 334))))))))))))
(define-fun day-number ((y Int) (m Int) (d Int)) Int
  (+ (* 365 (- y 1970)) (div (- y 1969) 4) (- (div (- y 1901) 100)) (div (- y 1601) 400)
     (before-month m) (ite (and (> m 2) (is-leap y)) 1 0) d (- 1)))
";
