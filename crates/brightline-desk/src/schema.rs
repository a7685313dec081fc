//! The JSON Schemas of request and determination, for `docs/schema/`.

use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::coverage::CoverageEntry;
use crate::response::Response;

/// Returns the JSON Schema of a request.
#[must_use]
pub fn request_schema() -> String {
    pretty(&schema_for!(RequestForm))
}

/// Returns the JSON Schema of the answer to a request.
#[must_use]
pub fn determination_schema() -> String {
    pretty(&schema_for!(Response))
}

/// Returns the JSON Schema of `check --coverage --json`.
#[must_use]
pub fn coverage_schema() -> String {
    pretty(&schema_for!(CoverageReport))
}

fn pretty(schema: &schemars::Schema) -> String {
    let mut value = schema.as_value().clone();
    without_null(&mut value);
    let ordered = schemars::Schema::try_from(value);
    let mut text =
        ordered.and_then(|schema| serde_json::to_string_pretty(&schema)).unwrap_or_default();
    text.push('\n');
    text
}

/// What is absent is left out, never `null`; and a description is one paragraph.
fn without_null(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(without_null),
        Value::Object(entries) => {
            drop_null(entries);
            if let Some(Value::String(text)) = entries.get_mut("description") {
                *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            entries.values_mut().for_each(without_null);
        }
        _ => {}
    }
}

fn drop_null(entries: &mut Map<String, Value>) {
    if let Some(Value::Array(kinds)) = entries.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            entries.insert("type".to_owned(), only);
        }
    }
    let Some(Value::Array(forms)) = entries.get_mut("anyOf") else {
        return;
    };
    let count = forms.len();
    forms.retain(|form| form.get("type").is_none_or(|kind| kind != "null"));
    if let ([Value::Object(only)], true) = (forms.as_slice(), forms.len() < count) {
        let only = only.clone();
        entries.remove("anyOf");
        entries.extend(only);
    }
}

/// What of each pack is encoded, which lines of its conditions its examples try, and what rests on
/// each of its sources.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Brightline coverage")]
#[allow(dead_code)]
struct CoverageReport(Vec<CoverageEntry>);

/// A request: who is asked, on what day, by which papers, for what, and what is known.
///
/// Which facts there are, and of what type, each jurisdiction's packs say.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Brightline request")]
#[allow(dead_code)]
struct RequestForm {
    /// The pack of the agency's law: `us-ny-nyc`.
    jurisdiction: String,
    /// The agency that is asked, by its name in the pack.
    agency: String,
    /// The day of the act.
    on: DateForm,
    /// The law as it was known on this day; left out, all that the packs know.
    known_on: Option<DateForm>,
    /// The pack of the agency's own policy; it settles the facts `policy_prohibits_ACT`.
    policy: Option<String>,
    /// What was presented, by the name on the form; left out, the papers are unknown.
    papers: Option<Vec<String>>,
    /// What is asked; left out, what the papers ask for or, where they ask for nothing, all that
    /// the law of that day rules on for the agency.
    acts: Option<Vec<String>>,
    /// What is known. A fact left out is unknown, never false.
    #[serde(default)]
    facts: BTreeMap<String, AnswerForm>,
}

/// A civil date between 1900 and 2200.
#[derive(Serialize, JsonSchema)]
#[schemars(transparent)]
struct DateForm(#[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))] String);

/// What is known of a fact or a list. `null` is refused: it does not say whether it means no or
/// not known.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum AnswerForm {
    /// A value.
    Value(ValueForm),
    /// Not known, and why.
    Unknown(UnknownForm),
    /// A value with who found it and why; findings are always given so.
    Found(FoundForm),
    /// All records of a list.
    List(Vec<BTreeMap<String, FieldForm>>),
    /// Some records of a list; there may be more.
    PartOfList(PartOfListForm),
}

/// What is known of a field of a record.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum FieldForm {
    /// A value.
    Value(ValueForm),
    /// Not known, and why.
    Unknown(UnknownForm),
    /// A value with who found it and why.
    Found(FoundForm),
}

/// `true`, `"2025-02-27"`, `"2025-02-27 18:00"`, `3`, a choice or an offense as text.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum ValueForm {
    /// Yes or no.
    YesNo(bool),
    /// A whole number.
    Number(#[schemars(range(min = 0, max = 1_000_000))] u32),
    /// A date, a time in the jurisdiction's zone, a choice or an offense.
    Text(String),
}

/// Not known, and why.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct UnknownForm {
    unknown: ReasonForm,
}

/// Why something is not known.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)]
enum ReasonForm {
    #[serde(rename = "not asked")]
    NotAsked,
    #[serde(rename = "not known")]
    NotKnown,
    #[serde(rename = "not found")]
    NotFound,
    Declined,
    Unreadable,
    Conflicting,
}

/// A value with who found it and why.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct FoundForm {
    value: ValueForm,
    /// The role that found it.
    by: Option<String>,
    /// Why.
    reason: Option<String>,
}

/// Some records of a list; there may be more.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct PartOfListForm {
    known: Vec<BTreeMap<String, FieldForm>>,
}
