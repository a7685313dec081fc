//! Facts with who said so, on what evidence, and when.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::entry::{Stamp, Teller};

/// What a fact rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// It was seen on a paper, by the vocabulary's name of the paper.
    Paper(String),
    /// A system says so, by the name that the agency gives it.
    System(String),
    /// Somebody told it.
    Told(Teller),
}

/// One fact as somebody set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactSet {
    /// The fact or list, by its name.
    pub fact: String,
    /// Its value, as a request gives it.
    pub value: Value,
    /// What it rests on.
    pub evidence: Evidence,
    /// When the evidence was seen, as a civil day or time of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// Why this one holds against others that differ; left out, it holds beside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<String>,
}

/// A fact as one entry states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The entry.
    pub entry: u64,
    /// When, in microseconds since 1970 in UTC.
    pub at: i64,
    /// By whom.
    pub by: Stamp,
    /// What was set.
    pub set: FactSet,
}

/// A fact with all that was ever stated of it, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactView {
    /// What the law is applied to.
    pub value: Value,
    /// The statements that stand differ.
    pub is_conflicting: bool,
    /// All of them.
    pub statements: Vec<Statement>,
}

impl FactView {
    pub(super) fn of(first: Statement) -> Self {
        let value = first.set.value.clone();
        Self { value, is_conflicting: false, statements: vec![first] }
    }

    /// Returns the fact as it would be if an entry had stated nothing; none where nothing is left.
    pub(super) fn without(&self, entry: u64) -> Option<Self> {
        let mut others = self.statements.iter().filter(|it| it.entry != entry).cloned();
        let mut fact = Self::of(others.next()?);
        others.for_each(|statement| fact.add(statement));
        Some(fact)
    }

    /// Adds a statement; nothing that was stated before is lost.
    pub(super) fn add(&mut self, statement: Statement) {
        self.statements.push(statement);
        let standing = standing(&self.statements);
        let mut known: Vec<&Value> = Vec::new();
        for value in standing.iter().map(|it| &it.set.value) {
            if !is_unknown(value) && !known.iter().any(|it| plain(it) == plain(value)) {
                known.push(value);
            }
        }
        self.is_conflicting = known.len() > 1;
        self.value = match known.as_slice() {
            [] => standing.last().map_or(Value::Null, |it| it.set.value.clone()),
            [one] => (*one).clone(),
            _ => json!({"unknown": "conflicting"}),
        };
    }
}

/// The statements that count: since the last that settled the matter, the latest of each source.
fn standing(statements: &[Statement]) -> Vec<&Statement> {
    let settled = statements.iter().rposition(|it| it.set.settles.is_some()).unwrap_or(0);
    let mut standing: Vec<&Statement> = Vec::new();
    for statement in statements.iter().skip(settled) {
        standing.retain(|it| it.set.evidence != statement.set.evidence);
        standing.push(statement);
    }
    standing
}

fn is_unknown(value: &Value) -> bool {
    value.get("unknown").is_some()
}

/// The value without who found it and why.
fn plain(value: &Value) -> &Value {
    value.get("value").unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(value: Value, evidence: Evidence, settles: Option<&str>) -> Statement {
        let settles = settles.map(str::to_owned);
        let by =
            Stamp { account: "a".into(), person: "a".into(), name: "A".into(), roles: Vec::new() };
        let set = FactSet { fact: "member".into(), value, evidence, seen: None, settles };
        Statement { entry: 1, at: 0, by, set }
    }

    #[test]
    fn two_sources_that_differ_are_kept_and_count_as_unknown() {
        let mut fact = FactView::of(statement(json!(true), Evidence::Paper("card".into()), None));
        fact.add(statement(json!(false), Evidence::System("book".into()), None));
        assert!(fact.is_conflicting);
        assert_eq!(fact.value, json!({"unknown": "conflicting"}));
        assert_eq!(fact.statements.len(), 2);
        fact.add(statement(json!(true), Evidence::Told(Teller::Court), Some("the court said so")));
        assert_eq!((fact.value.clone(), fact.is_conflicting), (json!(true), false));
        fact.add(statement(json!(false), Evidence::System("book".into()), None));
        assert!(fact.is_conflicting);
    }

    #[test]
    fn without_an_entry_a_fact_is_what_the_others_state() {
        let mut fact = FactView::of(statement(json!(true), Evidence::Paper("card".into()), None));
        let mut second = statement(json!(false), Evidence::System("book".into()), None);
        second.entry = 2;
        fact.add(second);
        let before = fact.without(2).unwrap();
        assert_eq!((before.value, before.is_conflicting), (json!(true), false));
        assert_eq!(fact.without(1).unwrap().value, json!(false));
        assert_eq!(fact.without(7), Some(fact.clone()));
        assert_eq!(fact.without(1).unwrap().without(2), None);
    }

    #[test]
    fn one_source_may_say_otherwise_later() {
        let book = || Evidence::System("book".into());
        let mut fact = FactView::of(statement(json!(true), book(), None));
        fact.add(statement(json!(false), book(), None));
        assert_eq!((fact.value.clone(), fact.is_conflicting), (json!(false), false));
    }

    #[test]
    fn not_knowing_is_no_contradiction() {
        let mut fact = FactView::of(statement(json!(true), Evidence::Paper("card".into()), None));
        let unknown = json!({"unknown": "not found"});
        fact.add(statement(unknown, Evidence::System("book".into()), None));
        assert_eq!((fact.value.clone(), fact.is_conflicting), (json!(true), false));
        let found = json!({"value": true, "by": "counsel", "reason": "seen"});
        fact.add(statement(found, Evidence::Told(Teller::Agency), None));
        assert!(!fact.is_conflicting);
    }
}
