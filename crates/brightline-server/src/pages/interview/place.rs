//! Where an answer stands among the facts of a case, and how it is read and shown.

use brightline_docket::CaseView;
use serde_json::{Map, Value, json};

use crate::pages::times;
use crate::pages::words::{say, say_with};

/// A place among the facts: a fact or list, and within a list row and field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) fact: String,
    pub(super) field: Option<(usize, String)>,
}

impl Place {
    /// Reads `judicial_warrant` or `convictions[0].judgment_date`.
    pub(super) fn parse(path: &str) -> Self {
        let field = path.split_once('[').and_then(|(list, rest)| {
            let (row, field) = rest.split_once("].")?;
            Some((list, row.parse().ok()?, field))
        });
        match field {
            Some((list, row, field)) => {
                Self { fact: list.to_owned(), field: Some((row, field.to_owned())) }
            }
            None => Self { fact: path.to_owned(), field: None },
        }
    }

    /// Returns what a case says here, if anything.
    pub(super) fn value<'v>(&self, view: &'v CaseView) -> Option<&'v Value> {
        let value = &view.facts.get(&self.fact)?.value;
        match &self.field {
            None => Some(value),
            Some((row, field)) => rows(value).get(*row)?.get(field),
        }
    }

    /// Returns whether the case already says something here, if only that it is not known.
    pub(super) fn is_answered(&self, view: &CaseView) -> bool {
        let value = self.value(view);
        value.is_some_and(|it| it.get("unknown") != Some(&Value::from("not asked")))
    }

    /// Returns the whole fact as it is with an answer in its place.
    pub(super) fn with(&self, view: &CaseView, answer: Value) -> Value {
        let Some((row, field)) = &self.field else { return answer };
        let old = view.facts.get(&self.fact).map(|it| it.value.clone()).unwrap_or(json!([]));
        let mut all = rows(&old).to_vec();
        if let Some(Value::Object(entries)) = all.get_mut(*row) {
            entries.insert(field.clone(), answer);
        }
        match old.get("known") {
            Some(_) => json!({ "known": all }),
            None => Value::Array(all),
        }
    }
}

/// Returns the rows of a list, also of one that may be longer.
pub(in crate::pages) fn rows(value: &Value) -> &[Value] {
    let rows = value.get("known").unwrap_or(value);
    rows.as_array().map_or(&[], Vec::as_slice)
}

/// Returns the row as an object, which it is when our own forms made it.
pub(super) fn entries(row: &Value) -> Map<String, Value> {
    row.as_object().cloned().unwrap_or_default()
}

/// Returns an answer in words; a choice keeps its name where its words are not at hand.
pub(in crate::pages) fn value_words(value: &Value) -> String {
    if let Some(reason) = value.get("unknown").and_then(Value::as_str) {
        return match reason {
            "not asked" => say("answer-not-asked"),
            "conflicting" => say("answer-conflicting"),
            _ => say("answer-unknown"),
        };
    }
    match value.get("value").unwrap_or(value) {
        Value::Bool(true) => say("answer-yes"),
        Value::Bool(false) => say("answer-no"),
        Value::String(text) => times::civil(&text.replace('_', " ")),
        Value::Number(number) => number.to_string(),
        list => match rows(list) {
            [] => say("answer-none"),
            rows => say_with("answer-rows", "count", &rows.len().to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_fact_or_a_field_of_a_row() {
        let field = Place::parse("loans[2].due");
        assert_eq!((field.fact.as_str(), field.field), ("loans", Some((2, "due".to_owned()))));
        assert_eq!(Place::parse("member").field, None);
    }

    #[test]
    fn answers_are_told_in_words() {
        assert_eq!(value_words(&json!(true)), "Yes");
        assert_eq!(value_words(&json!({"value": false, "by": "counsel", "reason": "x"})), "No");
        assert_eq!(value_words(&json!({"unknown": "not known"})), "I don’t know");
        assert_eq!(value_words(&json!([])), "None");
        assert_eq!(value_words(&json!({"known": [{}]})), "One entered");
        assert_eq!(value_words(&json!("2026-03-10 18:05")), "Mar 10, 2026, 6:05 PM");
    }
}
