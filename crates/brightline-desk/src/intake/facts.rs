//! The facts of a request, one by one.

use std::collections::BTreeSet;

use brightline_law::facts::{Given, List, Listed, Value};
use brightline_law::ir::{Fact, Record};

use super::Desk;
use super::value::Typed;
use crate::json::Json;
use crate::refusal::Fault;
use crate::request::{Request, UNKNOWN_REASONS};

/// A list longer than this is not one person's.
pub(crate) const ROWS_MAX: usize = 1000;

/// An answer without its wrapping.
enum Answer<'r, 'a> {
    Value(&'r Json<'a>),
    Unknown,
}

impl Desk<'_> {
    pub(super) fn given(&mut self, request: &Request<'_>) -> Given {
        let names = self.names;
        let mut given = Given::default();
        let mut seen = BTreeSet::new();
        for (key, json) in &request.facts {
            let place = format!("facts.{key}");
            if !seen.insert(key.as_ref()) {
                self.fault(place, "this fact is given twice");
            } else if self.is_forbidden(&place, key) {
                continue;
            } else if let Some(id) = names.fact(key) {
                let Some(fact) = names.corpus.facts.get(id.index()) else {
                    continue;
                };
                given.facts.push((id, self.fact(&place, fact, json)));
            } else if let Some(id) = names.list(key) {
                let Some(record) = names.corpus.records.get(id.index()) else {
                    continue;
                };
                given.lists.push((id, self.list(&place, record, json)));
            } else {
                self.undeclared(&place, key);
            }
        }
        given
    }

    fn undeclared(&mut self, place: &str, key: &str) {
        let names = self.names;
        let all = names.corpus.fact_names(names.pack);
        let all = all.filter(|name| names.forbidden(name).next().is_none());
        let message = format!("`{}` has no fact `{key}`", names.pack_id());
        self.faults.push(Fault::new(place, message).names(key, all));
    }

    /// Refuses a name that the law of the place forbids to ask or keep on the day of the act, and
    /// one that it forbids on another day unless the name means something there.
    fn is_forbidden(&mut self, place: &str, name: &str) -> bool {
        let names = self.names;
        if names.forbidden(name).next().is_none() {
            return false;
        }
        let declared = names.fact(name).is_some() || names.list(name).is_some();
        let on = self.at.map(|at| at.on);
        let in_force = |from, until| on.is_none_or(|on| from <= on && on <= until);
        let found = names.forbidden(name).find(|it| !declared || in_force(it.from, it.until));
        let Some(forbidden) = found else { return false };
        let message = format!("`{name}` is never asked, taken or kept here: {}", forbidden.by);
        self.faults.push(Fault::new(place, message).help("leave it out"));
        true
    }

    pub(super) fn fact(&mut self, place: &str, fact: &Fact, json: &Json<'_>) -> Value {
        match self.answer(place, fact, json) {
            Some(Answer::Value(value)) => self.value(place, &fact.kind, value),
            _ => Value::Unknown,
        }
    }

    /// Unwraps `{"unknown": …}` and `{"value": …, "by": …, "reason": …}`.
    fn answer<'r, 'a>(
        &mut self,
        place: &str,
        fact: &Fact,
        json: &'r Json<'a>,
    ) -> Option<Answer<'r, 'a>> {
        match json {
            Json::Null => self.refuse_null(place),
            Json::Object(entries) if json.get("unknown").is_some() => {
                self.unknown(place, json, entries.len())
            }
            Json::Object(_) => self.found(place, fact, json),
            _ if fact.finding => {
                let message =
                    format!("`{}` is a finding: it needs who found it and why", fact.name);
                self.faults.push(Fault::new(place, message).help(self.finding_form(fact)));
                None
            }
            plain => Some(Answer::Value(plain)),
        }
    }

    fn refuse_null<T>(&mut self, place: &str) -> Option<T> {
        let fault = Fault::new(place, "null does not say whether this is no or not known");
        let help = "leave it out or write {\"unknown\": \"not found\"}";
        self.faults.push(fault.help(help));
        None
    }

    fn finding_form(&self, fact: &Fact) -> String {
        let roles: Vec<&str> = self.names.role_names(&fact.found_by).collect();
        let by = roles.first().copied().unwrap_or("counsel");
        let form = format!("write {{\"value\": …, \"by\": \"{by}\", \"reason\": \"…\"}}");
        if roles.len() > 1 { format!("{form}, found by {}", roles.join(" or ")) } else { form }
    }

    fn unknown<'r, 'a>(
        &mut self,
        place: &str,
        json: &Json<'_>,
        entries: usize,
    ) -> Option<Answer<'r, 'a>> {
        if entries > 1 {
            self.fault(place, "`unknown` stands alone, with its reason");
            return None;
        }
        let reasons = || UNKNOWN_REASONS.iter().copied();
        match json.get("unknown") {
            Some(Json::Text(reason)) if reasons().any(|it| it == reason) => Some(Answer::Unknown),
            Some(Json::Text(reason)) => {
                let message = format!("`{reason}` is no reason for which a fact is unknown");
                let fault = Fault::new(format!("{place}.unknown"), message);
                self.faults.push(fault.names(reason, reasons()));
                None
            }
            _ => {
                let fault = Fault::new(format!("{place}.unknown"), "the reason is text");
                self.faults.push(fault.names("", reasons()));
                None
            }
        }
    }

    fn found<'r, 'a>(
        &mut self,
        place: &str,
        fact: &Fact,
        json: &'r Json<'a>,
    ) -> Option<Answer<'r, 'a>> {
        let faults_before = self.faults.len();
        self.require_keys(place, json, &["value", "by", "reason"]);
        match json.get("by") {
            Some(by) => self.require_role(place, fact, by),
            None if fact.finding => {
                let message = format!("who found `{}` is missing", fact.name);
                self.faults.push(Fault::new(place, message).help(self.finding_form(fact)));
            }
            None => {}
        }
        match json.get("reason") {
            Some(Json::Text(reason)) if !reason.trim().is_empty() => {}
            None if !fact.finding => {}
            _ => {
                let message = "the reason is missing: a finding is weighed, and says why";
                self.fault(format!("{place}.reason"), message);
            }
        }
        match json.get("value") {
            Some(Json::Null) => self.refuse_null(&format!("{place}.value")),
            Some(value) if self.faults.len() == faults_before => Some(Answer::Value(value)),
            Some(_) => None,
            None => {
                self.fault(place, "`value` is missing");
                None
            }
        }
    }

    fn require_keys(&mut self, place: &str, json: &Json<'_>, keys: &[&str]) {
        let Json::Object(entries) = json else { return };
        let mut seen = BTreeSet::new();
        for (key, _) in entries {
            if !seen.insert(key.as_ref()) {
                self.fault(format!("{place}.{key}"), "this field is written twice");
            } else if !keys.contains(&key.as_ref()) {
                let fault = Fault::new(format!("{place}.{key}"), "there is no such field here");
                self.faults.push(fault.names(key, keys.iter().copied()));
            }
        }
    }

    fn require_role(&mut self, place: &str, fact: &Fact, by: &Json<'_>) {
        let names = self.names;
        let place = format!("{place}.by");
        let Json::Text(by) = by else {
            let message = format!("this is the name of a role, and {} was given", by.kind());
            self.fault(place, message);
            return;
        };
        match names.role(by) {
            None => {
                let fault = Fault::new(place, format!("there is no role `{by}`"));
                self.faults.push(fault.names(by, names.roles()));
            }
            Some(role) if fact.found_by.is_empty() || fact.found_by.contains(&role) => {}
            Some(_) => {
                let may: Vec<&str> = names.role_names(&fact.found_by).collect();
                let message = format!("`{by}` does not find this: {} does", may.join(" or "));
                self.fault(place, message);
            }
        }
    }

    fn list(&mut self, place: &str, record: &Record, json: &Json<'_>) -> List {
        let (listed, rows) = match json {
            Json::Array(rows) => (Listed::Whole, rows.as_slice()),
            Json::Object(_) if json.get("known").is_some() => {
                self.require_keys(place, json, &["known"]);
                match json.get("known") {
                    Some(Json::Array(rows)) => (Listed::Partly, rows.as_slice()),
                    _ => return self.refuse_list(&format!("{place}.known"), record, json),
                }
            }
            Json::Object(entries) if json.get("unknown").is_some() => {
                self.unknown(place, json, entries.len());
                return List::default();
            }
            Json::Null => return self.refuse_null::<List>(place).unwrap_or_default(),
            _ => return self.refuse_list(place, record, json),
        };
        if rows.len() > ROWS_MAX {
            self.fault(place, format!("more than {ROWS_MAX} {}", record.plural));
            return List::default();
        }
        let rows = rows.iter().enumerate();
        let rows = rows.map(|(at, row)| self.row(&format!("{place}[{at}]"), record, row));
        List { listed, rows: rows.collect() }
    }

    fn refuse_list(&mut self, place: &str, record: &Record, json: &Json<'_>) -> List {
        let message = format!("this is a list of {}, and {} was given", record.plural, json.kind());
        let help = "write [{…}, …] for all there are, [] for none, {\"known\": [{…}]} for some, \
                    {\"unknown\": \"not found\"} for not known";
        self.faults.push(Fault::new(place, message).help(help));
        List::default()
    }

    fn row(&mut self, place: &str, record: &Record, json: &Json<'_>) -> Vec<Value> {
        let mut row = vec![Value::Unknown; record.fields.len()];
        let Json::Object(entries) = json else {
            let message = format!("a {} is an object, and {} was given", record.name, json.kind());
            self.fault(place, message);
            return row;
        };
        let mut seen = BTreeSet::new();
        for (key, json) in entries {
            let place = format!("{place}.{key}");
            if !seen.insert(key.as_ref()) {
                self.fault(place, "this field is written twice");
                continue;
            }
            let found = record.fields.iter().zip(&mut row).find(|(field, _)| field.name == *key);
            if self.is_forbidden(&place, key) {
                continue;
            }
            if let Some((field, slot)) = found {
                *slot = self.fact(&place, field, json);
                self.require_not_later(&place, Typed { field, value: *slot });
            } else {
                let message = format!("a {} has no field `{key}`", record.name);
                let fields = record.fields.iter().map(|field| field.name.as_str());
                self.faults.push(Fault::new(place, message).names(key, fields));
            }
        }
        row
    }
}
