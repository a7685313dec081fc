//! Claims as queries: is there a request that meets the condition and has another outcome?

use std::collections::{BTreeMap, BTreeSet};

use brightline_law::clock::{Day, Moment, TimeOfDay};
use brightline_law::facts::{Facts, List, Listed, Value};
use brightline_law::ir::{
    AsKnown, Claim, Corpus, Expected, FactId, Kind, Offense, OffenseNode, PackId, RecordId,
    UnsettledId,
};
use brightline_law::{Outcome, Scope};

use super::encode::{Encoded, Encoder, Readings, place};
use super::script::{all, not, number};

/// More combinations of readings than this are not written out.
pub const COMBINATION_COUNT_MAX: usize = 1024;
/// Years after the last change of the law that a claim without end is tried on.
const DAYS_AFTER_LAST_CHANGE: i32 = 3_000;

/// What one statement of a claim says of one law.
pub struct Question<'c> {
    pub law: &'c Encoded<'c>,
    pub scope: Scope,
    pub expected: &'c Expected,
    pub outcomes: Vec<Outcome>,
}

impl Question<'_> {
    /// The query whose answer is a request against the claim, and its constants; none where the
    /// readings have too many combinations. A request given is put to the query.
    pub fn query(&self, given: Option<&Facts>) -> Option<(String, Vec<String>)> {
        let short = self.encoded(BTreeMap::new(), given)?;
        let mut lengths = short.lengths_that_suffice();
        if lengths.is_empty() {
            return Some(finished(&short));
        }
        for (index, list) in given.iter().flat_map(|facts| facts.lists.iter().enumerate()) {
            let record = RecordId(index.try_into().unwrap());
            let length = lengths.entry(record).or_insert(0);
            *length = (*length).max(list.rows.len() + 1);
        }
        Some(finished(&self.encoded(lengths, given)?))
    }

    fn encoded(
        &self,
        lengths: BTreeMap<RecordId, usize>,
        given: Option<&Facts>,
    ) -> Option<Encoder<'_>> {
        let mut encoder = Encoder::new(self.law, self.scope, lengths);
        encoder.assert_possible();
        let condition = encoder.holds(&self.expected.condition, &Readings::Free(0), None);
        encoder.script.assert(&condition);
        let against = match self.outcomes.contains(&Outcome::Unsettled) {
            // Unsettled is as claimed: every reading has to lead to the same other outcome.
            true => {
                let mut outcomes = Vec::new();
                let mut probe = Encoder::new(self.law, self.scope, BTreeMap::new());
                probe.outcome(&Readings::Free(0));
                for taken in combinations(self.law.corpus, &probe.points)? {
                    outcomes.push(encoder.outcome(&Readings::Fixed(taken)));
                }
                outcomes.dedup();
                let first = outcomes[0].clone();
                let alike = outcomes.iter().skip(1).map(|other| format!("(= {first} {other})"));
                let mut parts = vec![self.is_other(&first)];
                parts.extend(alike);
                all(parts)
            }
            false => {
                let outcome = encoder.outcome(&Readings::Free(1));
                self.is_other(&outcome)
            }
        };
        encoder.script.assert(&against);
        if let Some(facts) = given {
            put(&mut encoder, facts);
        }
        Some(encoder)
    }

    fn is_other(&self, outcome: &str) -> String {
        let claimed = self.outcomes.iter();
        all(claimed.map(|claimed| not(&format!("(= {outcome} {})", place(*claimed)))).collect())
    }
}

/// The query, and the constants that are facts.
pub fn finished(encoder: &Encoder<'_>) -> (String, Vec<String>) {
    let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let is_fact = |name: &&String| name.starts_with("there") || is_number(&name[1..]);
    let constants = encoder.script.constants.iter().filter(is_fact);
    (encoder.finished(), constants.cloned().collect())
}

/// Every combination of readings of these points; none where there are too many.
pub fn combinations(
    corpus: &Corpus,
    points: &BTreeSet<UnsettledId>,
) -> Option<Vec<BTreeMap<UnsettledId, usize>>> {
    let mut all = vec![BTreeMap::new()];
    for point in points {
        let count = corpus.unsettled[point.index()].readings.len();
        if all.len() * count > COMBINATION_COUNT_MAX {
            return None;
        }
        let with = |taken: &BTreeMap<UnsettledId, usize>, reading| {
            let mut taken = taken.clone();
            taken.insert(*point, reading);
            taken
        };
        all = all.iter().flat_map(|taken| (0..count).map(move |it| with(taken, it))).collect();
    }
    Some(all)
}

/// Asserts that the facts are these, as far as the query speaks of them.
fn put(encoder: &mut Encoder<'_>, facts: &Facts) {
    let mut known: Vec<(String, String)> = Vec::new();
    for (index, value) in facts.values.iter().enumerate() {
        known.extend(written(*value).map(|value| (format!("f{index}"), value)));
    }
    for (record, list) in facts.lists.iter().enumerate().filter(|(_, l)| l.listed == Listed::Whole)
    {
        known.push((format!("there{record}_{}", list.rows.len()), "false".to_owned()));
        for (place, row) in list.rows.iter().enumerate() {
            known.push((format!("there{record}_{place}"), "true".to_owned()));
            for (field, value) in row.iter().enumerate() {
                known.extend(written(*value).map(|v| (format!("x{record}_{place}_{field}"), v)));
            }
        }
    }
    for (name, value) in known {
        if encoder.script.constants.contains(&name) {
            encoder.script.assert(&format!("(= {name} {value})"));
        }
    }
}

fn written(value: Value) -> Option<String> {
    match value {
        Value::Unknown => None,
        Value::Bool(value) => Some(value.to_string()),
        Value::Choice(value) => Some(value.to_string()),
        Value::Day(day) => Some(number(i64::from(day.days()))),
        Value::Moment(moment) => Some(number(i64::from(moment.day().days()))),
        Value::Number(value) => Some(number(value)),
        Value::Offense(offense) => Some(offense.node.0.to_string()),
    }
}

/// The request that the solver found.
pub fn facts(corpus: &Corpus, values: &BTreeMap<String, i64>) -> Facts {
    let value = |name: &str, kind: &Kind| {
        let Some(&found) = values.get(name) else { return Value::Unknown };
        let day = || Day::from_days(found.try_into().unwrap());
        match kind {
            Kind::YesNo => Value::Bool(found == 1),
            Kind::OneOf(_) => Value::Choice(found.try_into().unwrap()),
            Kind::Date => Value::Day(day()),
            Kind::Time => Value::Moment(Moment::at(day(), TimeOfDay::MIDNIGHT)),
            Kind::Number { .. } => Value::Number(found),
            Kind::Offense => {
                let node = OffenseNode(found.try_into().unwrap());
                Value::Offense(Offense { node, whole: false })
            }
        }
    };
    let mut facts = Facts::unknown(corpus);
    for (index, fact) in corpus.facts.iter().enumerate() {
        facts.set(FactId(index.try_into().unwrap()), value(&format!("f{index}"), &fact.kind));
    }
    for (index, record) in corpus.records.iter().enumerate() {
        let is_there = |place: &usize| values.get(&format!("there{index}_{place}")) == Some(&1);
        let rows = (0..).take_while(is_there).map(|place| {
            let fields = record.fields.iter().enumerate();
            fields
                .map(|(at, field)| value(&format!("x{index}_{place}_{at}"), &field.kind))
                .collect()
        });
        facts.lists[index] = List { listed: Listed::Whole, rows: rows.collect() };
    }
    facts
}

/// The first and the last day of every period in which nothing changes, as far as the claim
/// reaches: whatever day some provision, suspension or row begins or ends on.
pub fn days(corpus: &Corpus, claim: &Claim) -> Vec<Day> {
    let mut changes = vec![claim.from];
    let above = &corpus.packs[claim.pack.index()].parents;
    let in_stack = |pack: PackId| pack == claim.pack || above.contains(&pack);
    for provision in corpus.provisions.iter().filter(|provision| in_stack(provision.pack)) {
        let validity = &provision.validity;
        changes.extend([validity.from, validity.until.next()]);
        changes.extend(validity.void.iter().map(|void| void.from));
        for stay in &validity.suspensions {
            changes.extend([stay.from, stay.until.next()]);
        }
    }
    let tables = corpus.tables.iter().filter(|table| in_stack(table.pack));
    for row in tables.flat_map(|table| &table.rows) {
        changes.extend([row.from, row.until.next()]);
    }
    changes.retain(|day| claim.from <= *day && *day <= claim.until && *day < Day::MAX);
    changes.sort_unstable();
    let last = changes.last().map_or(claim.from, |day| day.plus_days(DAYS_AFTER_LAST_CHANGE));
    let before: Vec<Day> = changes.iter().map(|day| day.previous()).collect();
    changes.extend(before.into_iter().filter(|day| claim.from <= *day));
    changes.push(last.min(claim.until));
    changes.sort_unstable();
    changes.dedup();
    changes
}

/// Every question that a claim asks, with these outcomes instead of its own where given.
pub fn questions<'c>(
    law: &'c Encoded<'c>,
    claim: &'c Claim,
    turned: impl Fn(&[Outcome]) -> Vec<Outcome>,
) -> Vec<Question<'c>> {
    let mut questions = Vec::new();
    let days = days(law.corpus, claim);
    for expected in &claim.statements {
        for (agency, act) in expected
            .agencies
            .iter()
            .flat_map(|agency| expected.acts.iter().map(move |act| (agency, act)))
        {
            for &on in &days {
                let at = AsKnown { on, known: claim.known };
                let scope = Scope { jurisdiction: claim.pack, agency: *agency, act: *act, at };
                let outcomes = turned(&expected.outcomes);
                questions.push(Question { law, scope, expected, outcomes });
            }
        }
    }
    questions
}
