//! A request as it is written in JSON.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::json::Json;
use crate::refusal::{Fault, Refusal};

/// The reasons for which an answer may be unknown.
pub const UNKNOWN_REASONS: [&str; 6] =
    ["not asked", "not known", "not found", "declined", "unreadable", "conflicting"];

const FIELDS: [&str; 8] =
    ["jurisdiction", "agency", "on", "known_on", "policy", "papers", "acts", "facts"];

/// A request: who is asked, on what day, by which papers, for what, and what is known.
///
/// The schema of the JSON form is `docs/schema/request.schema.json`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Request<'a> {
    /// The pack of the agency's law: `us-ny-nyc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<Cow<'a, str>>,
    /// The agency that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<Cow<'a, str>>,
    /// The day of the act, `2025-03-04`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Cow<'a, str>>,
    /// The law as it was known on this day; left out, as it is known now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_on: Option<Cow<'a, str>>,
    /// The pack of the agency's own policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Cow<'a, str>>,
    /// What was presented; left out, the papers are unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub papers: Option<Vec<Cow<'a, str>>>,
    /// What is asked; left out, what the papers ask for or what the law rules on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acts: Option<Vec<Cow<'a, str>>>,
    /// What is known, in the order written.
    #[serde(serialize_with = "facts_in_order")]
    pub facts: Vec<(Cow<'a, str>, Json<'a>)>,
    /// What is wrong with the form: fields that are unknown, doubled or of the wrong type.
    /// A request with such faults is never decided; they are told with all the others.
    #[serde(skip)]
    pub faults: Vec<Fault>,
}

fn facts_in_order<S: serde::Serializer>(
    facts: &[(Cow<'_, str>, Json<'_>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(facts.len()))?;
    for (key, value) in facts {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

impl<'a> Request<'a> {
    /// Reads a request.
    ///
    /// What is wrong with single fields stands in [`Request::faults`].
    /// Names and values are checked later, against the law.
    ///
    /// # Errors
    ///
    /// When the text is not a JSON object.
    pub fn read(text: &'a str) -> Result<Self, Refusal> {
        let json = Json::parse(text).map_err(|error| {
            let place = format!("line {}, column {}", error.line, error.column);
            let message = format!("this is not JSON: {}", error.message);
            Refusal::request(vec![Fault::new(place, message)])
        })?;
        match json {
            Json::Object(entries) => Ok(Self::of_entries(entries)),
            other => {
                let message = format!("a request is an object, and this is {}", other.kind());
                let fault = Fault::new("", message).help("{\"jurisdiction\": …, \"agency\": …}");
                Err(Refusal::request(vec![fault]))
            }
        }
    }

    fn of_entries(entries: Vec<(Cow<'a, str>, Json<'a>)>) -> Self {
        let mut request = Self::default();
        let mut found = Vec::new();
        let faults = &mut found;
        let mut seen = BTreeSet::new();
        for (key, value) in entries {
            if !seen.insert(key.clone()) {
                faults.push(Fault::new(key, "this field is written twice"));
                continue;
            }
            match key.as_ref() {
                "jurisdiction" => request.jurisdiction = text(&key, value, faults),
                "agency" => request.agency = text(&key, value, faults),
                "on" => request.on = text(&key, value, faults),
                "known_on" => request.known_on = text(&key, value, faults),
                "policy" => request.policy = text(&key, value, faults),
                "papers" => request.papers = texts(&key, value, faults),
                "acts" => request.acts = texts(&key, value, faults),
                "facts" => request.facts = facts(value, faults),
                _ => {
                    let fault = Fault::new(&*key, "there is no such field in a request");
                    faults.push(fault.names(&key, FIELDS));
                }
            }
        }
        request.faults = found;
        request
    }

    /// Returns the request with all text its own.
    #[must_use]
    pub fn into_owned(self) -> Request<'static> {
        let owned = |text: Cow<'a, str>| Cow::<'static, str>::Owned(text.into_owned());
        let all = |texts: Vec<Cow<'a, str>>| texts.into_iter().map(owned).collect();
        Request {
            jurisdiction: self.jurisdiction.map(owned),
            agency: self.agency.map(owned),
            on: self.on.map(owned),
            known_on: self.known_on.map(owned),
            policy: self.policy.map(owned),
            papers: self.papers.map(all),
            acts: self.acts.map(all),
            facts: self
                .facts
                .into_iter()
                .map(|(key, value)| (owned(key), value.into_owned()))
                .collect(),
            faults: self.faults,
        }
    }

    /// Returns the answer that the request gives for a fact or list.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&Json<'a>> {
        self.facts.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Gives a fact or list, in place of what was given before.
    pub fn set_fact(&mut self, name: &str, value: Json<'a>) {
        match self.facts.iter_mut().find(|(key, _)| key == name) {
            Some((_, slot)) => *slot = value,
            None => self.facts.push((Cow::Owned(name.to_owned()), value)),
        }
    }
}

fn text<'a>(key: &str, value: Json<'a>, faults: &mut Vec<Fault>) -> Option<Cow<'a, str>> {
    if let Json::Text(text) = value {
        return Some(text);
    }
    let fault = Fault::new(key, format!("this is text, and {} was given", value.kind()));
    faults.push(match value {
        Json::Null => fault.help("leave the field out"),
        _ => fault,
    });
    None
}

fn texts<'a>(key: &str, value: Json<'a>, faults: &mut Vec<Fault>) -> Option<Vec<Cow<'a, str>>> {
    let Json::Array(values) = value else {
        let message = format!("this is an array of names, and {} was given", value.kind());
        faults.push(Fault::new(key, message));
        return None;
    };
    let numbered = values.into_iter().enumerate();
    Some(numbered.filter_map(|(at, it)| text(&format!("{key}[{at}]"), it, faults)).collect())
}

fn facts<'a>(value: Json<'a>, faults: &mut Vec<Fault>) -> Vec<(Cow<'a, str>, Json<'a>)> {
    let Json::Object(entries) = value else {
        let message = format!("this is an object of facts, and {} was given", value.kind());
        faults.push(Fault::new("facts", message));
        return Vec::new();
    };
    entries
}
