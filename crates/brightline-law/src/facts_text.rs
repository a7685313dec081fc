//! Facts as lines of text: `judicial_warrant: no`.

use crate::facts::{Facts, Listed, Value};
use crate::ir::{Corpus, Fact, Kind};

/// Returns what is known, one line a fact, in the order of the vocabulary; a list is one line a
/// record.
#[must_use]
pub fn lines(corpus: &Corpus, facts: &Facts) -> Vec<String> {
    let mut lines = Vec::new();
    for (fact, value) in corpus.facts.iter().zip(&facts.values) {
        if value.is_known() {
            lines.push(format!("{}: {}", fact.name, value_text(corpus, fact, *value)));
        }
    }
    for (record, list) in corpus.records.iter().zip(&facts.lists) {
        match (list.listed, list.rows.is_empty()) {
            (Listed::Unknown, _) | (Listed::Partly, true) => {}
            (Listed::Whole, true) => lines.push(format!("{}: none", record.plural)),
            _ => {
                for row in &list.rows {
                    let fields: Vec<String> = record
                        .fields
                        .iter()
                        .zip(row)
                        .filter(|(_, value)| value.is_known())
                        .map(|(field, value)| {
                            format!("{} {}", field.name, value_text(corpus, field, *value))
                        })
                        .collect();
                    lines.push(format!("{}: {}", record.name, fields.join(", ")));
                }
            }
        }
    }
    lines
}

/// Returns a value as it is written in a request.
#[must_use]
pub fn value_text(corpus: &Corpus, fact: &Fact, value: Value) -> String {
    match value {
        Value::Unknown => "unknown".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Choice(index) => match &fact.kind {
            Kind::OneOf(values) => {
                values.get(usize::from(index)).map(|(name, _)| name.clone()).unwrap_or_default()
            }
            _ => index.to_string(),
        },
        Value::Day(day) => day.to_string(),
        Value::Moment(moment) => moment.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Offense(offense) => match corpus.offenses.name(offense.node) {
            "" => "on no list".to_owned(),
            name => name.to_owned(),
        },
    }
}
