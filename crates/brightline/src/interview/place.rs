//! Where an answer stands in a request.

use brightline_desk::{Json, Request};
use brightline_law::determination::Slot;
use brightline_law::ir::Corpus;

/// Returns the key among the facts and, within a list, row and field.
fn path<'c>(corpus: &'c Corpus, slot: &Slot) -> (&'c str, Option<(usize, &'c str)>) {
    let list = |record: usize| corpus.records.get(record);
    match slot {
        Slot::Fact(fact) => {
            (corpus.facts.get(fact.index()).map_or("", |fact| fact.name.as_str()), None)
        }
        Slot::List(record) => (list(record.index()).map_or("", |it| it.plural.as_str()), None),
        Slot::Field(record, row, field) => {
            let Some(record) = list(record.index()) else {
                return ("", None);
            };
            let field = record.fields.get(*field).map_or("", |field| field.name.as_str());
            (record.plural.as_str(), Some((*row, field)))
        }
    }
}

/// Returns whether the request already says something here, if only that it is not known.
pub(super) fn is_answered(corpus: &Corpus, request: &Request<'_>, slot: &Slot) -> bool {
    let (key, field) = path(corpus, slot);
    let Some(json) = request.fact(key) else {
        return false;
    };
    let found = match field {
        None => Some(json),
        Some((row, field)) => row_of(json, row).and_then(|row| row.get(field)),
    };
    found.is_some_and(|json| json.get("unknown") != Some(&Json::text("not asked")))
}

fn row_of<'r, 'a>(json: &'r Json<'a>, row: usize) -> Option<&'r Json<'a>> {
    let rows = json.get("known").unwrap_or(json);
    match rows {
        Json::Array(rows) => rows.get(row),
        _ => None,
    }
}

/// Puts an answer into the request.
pub(super) fn give(
    corpus: &Corpus,
    request: &mut Request<'static>,
    slot: &Slot,
    answer: Json<'static>,
) {
    let (key, field) = path(corpus, slot);
    let Some((row, field)) = field else {
        request.set_fact(key, answer);
        return;
    };
    let Some((_, json)) = request.facts.iter_mut().find(|(name, _)| name == key) else {
        return;
    };
    let Some(Json::Object(entries)) = row_of_mut(json, row) else {
        return;
    };
    match entries.iter_mut().find(|(name, _)| name == field) {
        Some((_, slot)) => *slot = answer,
        None => entries.push((field.to_owned().into(), answer)),
    }
}

fn row_of_mut<'r>(json: &'r mut Json<'static>, row: usize) -> Option<&'r mut Json<'static>> {
    let rows = match json {
        Json::Object(entries) => {
            entries.iter_mut().find(|(name, _)| name == "known").map(|(_, rows)| rows)?
        }
        other => other,
    };
    match rows {
        Json::Array(rows) => rows.get_mut(row),
        _ => None,
    }
}
