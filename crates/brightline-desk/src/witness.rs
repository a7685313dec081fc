//! Facts as a request: what a proof or a comparison shows can be decided as it stands.

use std::borrow::Cow;

use brightline_law::Scope;
use brightline_law::clock::Day;
use brightline_law::facts::{Facts, List, Listed, Value};
use brightline_law::ir::{Corpus, Fact, Kind, OffenseNode, Record};

use crate::json::Json;
use crate::request::Request;

/// An offense of a law that no table names.
const UNLISTED: &str = "other 1";
const WITNESS_REASON: &str = "supposed, to show a case";

pub(crate) fn request(corpus: &Corpus, scope: Scope, facts: &Facts) -> Request<'static> {
    let owned = |text: &str| Some(Cow::Owned(text.to_owned()));
    let pack = corpus.packs.get(scope.jurisdiction.index());
    let agency = corpus.agencies.get(scope.agency.index());
    let act = corpus.acts.get(scope.act.index());
    let known = scope.at.known;
    let mut request = Request {
        jurisdiction: pack.and_then(|pack| owned(&pack.id)),
        agency: agency.and_then(|agency| owned(&agency.name)),
        on: owned(&scope.at.on.to_string()),
        known_on: (known != Day::MAX).then(|| known.to_string().into()),
        acts: act.map(|act| vec![Cow::Owned(act.name.clone())]),
        ..Request::default()
    };
    for (fact, value) in corpus.facts.iter().zip(&facts.values) {
        if let Some(json) = answer(corpus, fact, *value) {
            request.facts.push((Cow::Owned(fact.name.clone()), json));
        }
    }
    for (record, list) in corpus.records.iter().zip(&facts.lists) {
        if let Some(json) = rows(corpus, record, list) {
            request.facts.push((Cow::Owned(record.plural.clone()), json));
        }
    }
    request
}

fn rows(corpus: &Corpus, record: &Record, list: &List) -> Option<Json<'static>> {
    let row = |row: &Vec<Value>| {
        let fields = record.fields.iter().zip(row).filter_map(|(field, value)| {
            Some((Cow::Owned(field.name.clone()), answer(corpus, field, *value)?))
        });
        Json::Object(fields.collect())
    };
    let rows = Json::Array(list.rows.iter().map(row).collect());
    match list.listed {
        Listed::Unknown => None,
        Listed::Partly if list.rows.is_empty() => None,
        Listed::Partly => Some(Json::object([("known", rows)])),
        Listed::Whole => Some(rows),
    }
}

fn answer(corpus: &Corpus, fact: &Fact, value: Value) -> Option<Json<'static>> {
    let json = match (value, &fact.kind) {
        (Value::Bool(value), _) => Json::Bool(value),
        (Value::Choice(at), Kind::OneOf(choices)) => Json::text(&choices.get(usize::from(at))?.0),
        (Value::Day(day), _) => Json::text(&day.to_string()),
        (Value::Moment(moment), _) => Json::text(&moment.to_string()),
        (Value::Number(number), _) => Json::Number(number),
        (Value::Offense(offense), _) if offense.node == OffenseNode::ROOT => Json::text(UNLISTED),
        (Value::Offense(offense), _) => Json::text(corpus.offenses.name(offense.node)),
        (Value::Unknown | Value::Choice(_), _) => return None,
    };
    if !fact.finding {
        return Some(json);
    }
    let role = fact.found_by.first().and_then(|role| corpus.roles.get(role.index()));
    let by = role.map_or("counsel", |role| role.name.as_str());
    let finding = [("value", json), ("by", Json::text(by)), ("reason", Json::text(WITNESS_REASON))];
    Some(Json::object(finding))
}
