//! A list as a table: criminal history, charges; a row for each entry, a column for each field that
//! is quickly found.

use std::collections::{BTreeMap, BTreeSet};

use brightline_desk::{ChoiceEntry, Library, QuestionEntry};
use brightline_docket::CaseView;
use brightline_law::ir::Fact;
use serde_json::{Map, Value, json};

use super::place::{entries, rows};
use super::{answer, declared};
use crate::pages::sent::Sent;
use crate::pages::times;

/// A list entered by hand is not longer.
const ROWS_MAX: usize = 60;
/// A field that takes longer to find out is no column.
const COLUMN_MINUTES_MAX: u32 = 2;

/// A column: the field, its question, its kind.
pub(super) struct Column {
    pub(super) field: String,
    pub(super) ask: String,
    pub(super) kind: String,
    pub(super) choices: Vec<ChoiceEntry>,
}

/// A cell: the name of its field in the form, and what stands in it.
pub(super) struct Cell {
    pub(super) name: String,
    pub(super) value: String,
}

/// The table of a list.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) may_be_more: bool,
    /// What an offense may be: as the tables write it, and its title.
    pub(super) offenses: Vec<(String, String)>,
}

/// What a form about a list says.
pub(super) enum Said {
    /// Show it again with one more row.
    MoreRows(Vec<Map<String, Value>>, bool),
    /// The whole list.
    List(Value),
}

/// Returns the columns of a list: the fields that are quickly found, and those in use. What takes
/// longer is asked of a row by itself, and only if it matters.
pub(super) fn columns(library: &Library, view: &CaseView, list: &str) -> Vec<Column> {
    let Some(record) = declared::record(library, view, list) else { return Vec::new() };
    let old = view.facts.get(list).map(|it| rows(&it.value)).unwrap_or_default();
    let used: BTreeSet<String> =
        old.iter().flat_map(|row| entries(row).into_iter().map(|(name, _)| name)).collect();
    let is_shown = |field: &&Fact| {
        let is_quick = field.cost <= COLUMN_MINUTES_MAX && !field.finding;
        is_quick || used.contains(&field.name)
    };
    let fields = record.fields.iter().filter(is_shown);
    let columns = fields.filter_map(|field| {
        let place = super::place::Place::parse(&format!("{list}[0].{}", field.name));
        let entry: QuestionEntry = declared::question(library, view, &place)?;
        let (ask, kind, choices) = (entry.ask, entry.kind, entry.choices);
        Some(Column { field: field.name.clone(), ask, kind, choices })
    });
    columns.collect()
}

/// Returns the table with these rows; one empty row where there is none.
pub(super) fn table(
    library: &Library,
    view: &CaseView,
    list: &str,
    said: Option<(Vec<Map<String, Value>>, bool)>,
) -> Table {
    let columns = columns(library, view, list);
    let stored = view.facts.get(list).map(|it| &it.value);
    let (mut given, may_be_more) = said.unwrap_or_else(|| {
        let given = stored.map(rows).unwrap_or_default().iter().map(entries).collect();
        (given, stored.is_some_and(|it| it.get("known").is_some()))
    });
    if given.is_empty() {
        given.push(Map::new());
    }
    let shown = given.iter().enumerate().map(|(at, row)| {
        let cell = |column: &Column| Cell {
            name: format!("{at}.{}", column.field),
            value: row.get(&column.field).map(text_of).unwrap_or_default(),
        };
        columns.iter().map(cell).collect()
    });
    let rows = shown.collect();
    let has_offense = columns.iter().any(|column| column.kind == "offense");
    let offenses = if has_offense { offenses(library, view) } else { Vec::new() };
    Table { columns, rows, may_be_more, offenses }
}

/// Returns a value as a field of a form holds it.
pub(super) fn text_of(value: &Value) -> String {
    if value.get("unknown").is_some() {
        return String::new();
    }
    match value.get("value").unwrap_or(value) {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) if text.len() == 16 && text.contains(' ') && text.contains(':') => {
            times::to_field(text)
        }
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Reads the table; a row in which nothing stands is left out, a cell left empty is not asked yet.
pub(super) fn read(
    library: &Library,
    view: &CaseView,
    list: &str,
    sent: &Sent,
) -> Result<Said, String> {
    match sent.one("do") {
        "none" => return Ok(Said::List(json!([]))),
        "unknown" => return Ok(Said::List(json!({"unknown": "not known"}))),
        _ => {}
    }
    let columns = columns(library, view, list);
    let old = view.facts.get(list).map(|it| rows(&it.value)).unwrap_or_default();
    let mut given = Vec::new();
    let count = sent.one("rows").parse::<usize>().unwrap_or(0).min(ROWS_MAX);
    for at in 0..count {
        let mut row = old.get(at).map(entries).unwrap_or_default();
        for column in &columns {
            let text = sent.one(&format!("{at}.{}", column.field));
            match text {
                "" => drop(row.remove(&column.field)),
                text => {
                    let fault = |it: String| format!("Row {}: {it}", at + 1);
                    let value = answer::plain(&column.kind, text).map_err(fault)?;
                    row.insert(column.field.clone(), value);
                }
            }
        }
        given.push(row);
    }
    let may_be_more = sent.has("more", "yes");
    if sent.one("do") == "add" {
        given.push(Map::new());
        return Ok(Said::MoreRows(given, may_be_more));
    }
    given.retain(|row| !row.is_empty());
    if given.is_empty() && !may_be_more {
        return Err(crate::pages::words::say("fault-rows"));
    }
    let all = Value::Array(given.into_iter().map(Value::Object).collect());
    Ok(Said::List(if may_be_more { json!({ "known": all }) } else { all }))
}

/// Returns the offenses that tables in reach name, with their titles.
pub(super) fn offenses(library: &Library, view: &CaseView) -> Vec<(String, String)> {
    let corpus = library.corpus();
    let Some(pack) = corpus.pack(&view.asked.jurisdiction) else { return Vec::new() };
    let mut found = BTreeMap::new();
    for table in corpus.tables.iter().filter(|table| corpus.at_or_below(pack, table.pack)) {
        let title = table.columns.iter().position(|name| name == "title");
        for row in &table.rows {
            let title = title.and_then(|at| row.cells.get(at)).cloned().unwrap_or_default();
            let name = corpus.offenses.name(row.offense).to_owned();
            if name.chars().any(|it| it.is_ascii_digit()) {
                let known: &mut String = found.entry(name).or_default();
                if known.is_empty() {
                    *known = title;
                }
            }
        }
    }
    found.into_iter().collect()
}
