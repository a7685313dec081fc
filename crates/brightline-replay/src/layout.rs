//! Layout: which column of a table is which fact.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use brightline_law::clock::Day;
use brightline_law::ir::{Corpus, FactId, Kind, PackId, RecordId};

use crate::error::{Error, Fault};

/// The words by which a table is read: the facts of a jurisdiction, on these days.
#[derive(Clone, Copy)]
pub struct Known<'c> {
    /// The resolved packs.
    pub corpus: &'c Corpus,
    /// The pack whose names the columns have.
    pub jurisdiction: PackId,
    /// The days under whose law the rows are decided; what is forbidden on one of them is refused.
    pub days: &'c [Day],
}

/// What the one who replays wants of the columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The column to group by.
    pub group_by: Option<String>,
    /// Columns that are not read.
    pub skip: Vec<String>,
}

/// What a column is.
pub(crate) enum Meaning {
    Fact(FactId, Kind),
    /// A list of records: by field of the record, its kind and whether the column has it.
    Records(RecordId, Vec<FieldOf>),
}

/// A field of a record.
pub(crate) struct FieldOf {
    pub name: String,
    pub kind: Kind,
    pub is_there: bool,
}

/// The columns of a table that are read.
pub(crate) struct Layout {
    pub columns: Vec<(String, Meaning)>,
    pub group_by: Option<String>,
}

impl Layout {
    /// Matches the columns of a table with the facts of a jurisdiction.
    pub(crate) fn of(schema: &Schema, known: &Known<'_>, choices: &Choices) -> Result<Self, Error> {
        let mut faults = Vec::new();
        let mut columns: Vec<(String, Meaning)> = Vec::new();
        for name in choices.skip.iter().chain(&choices.group_by) {
            if schema.field_with_name(name).is_err() {
                let fault = Fault::new("", format!("the table has no column `{name}`"));
                faults.push(fault.names(name, schema.fields().iter().map(|it| it.name().as_str())));
            }
        }
        for field in schema.fields() {
            let name = field.name();
            if choices.skip.contains(name) {
                continue;
            }
            if columns.iter().any(|(other, _)| other == name) {
                faults.push(Fault::new(name, "the table has two columns of this name"));
                continue;
            }
            match meaning(field, known) {
                Ok(meaning) => columns.push((name.clone(), meaning)),
                Err(own) => {
                    let is_group = choices.group_by.as_ref() == Some(name);
                    faults.extend(
                        own.into_iter()
                            .filter(|(_, undeclared)| !(is_group && *undeclared))
                            .map(|(fault, _)| fault),
                    );
                }
            }
        }
        if let Some(field) =
            choices.group_by.as_ref().and_then(|it| schema.field_with_name(it).ok())
            && !is_groupable(field.data_type())
        {
            let message = format!("rows cannot be grouped by a column of {}", words(field));
            let help = "texts, yes or no, and whole numbers can be grouped by";
            faults.push(Fault::new(field.name(), message).help(help));
        }
        if faults.is_empty() {
            return Ok(Self { columns, group_by: choices.group_by.clone() });
        }
        Err(Error::of(faults))
    }

    /// Returns the names of the columns that are read.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str()).chain(self.group_by.as_deref())
    }
}

/// What a column means; a fault comes with whether the name is merely not declared.
fn meaning(field: &Field, known: &Known<'_>) -> Result<Meaning, Vec<(Fault, bool)>> {
    let (corpus, pack, name) = (known.corpus, known.jurisdiction, field.name());
    let (fact, record) = (corpus.fact(pack, name), corpus.record(pack, name));
    let record = record.and_then(|id| corpus.records.get(id.index()).map(|it| (id, it)));
    let record = record.filter(|(_, record)| record.plural == *name);
    if let Some(fault) = forbidden(name, fact.is_some() || record.is_some(), known) {
        return Err(vec![(fault, false)]);
    }
    if let Some((id, fact)) = fact.and_then(|id| Some((id, corpus.facts.get(id.index())?))) {
        return match fits(&fact.kind, field.data_type()) {
            true => Ok(Meaning::Fact(id, fact.kind.clone())),
            false => Err(vec![(ill_typed(name, &fact.kind, field), false)]),
        };
    }
    let Some((id, record)) = record else {
        return Err(vec![(undeclared(name, known), true)]);
    };
    let Some(inner) = fields_of(field.data_type()) else {
        let message = format!("this is a list of records, and the column is of {}", words(field));
        let fault = Fault::new(name, message);
        return Err(vec![(fault.help("make it a list of structs, in Parquet"), false)]);
    };
    let mut faults = Vec::new();
    for own in inner {
        let place = format!("{name}.{}", own.name());
        let declared = record.fields.iter().find(|it| it.name == *own.name());
        if let Some(fault) = forbidden(own.name(), declared.is_some(), known) {
            faults.push((Fault { place, ..fault }, false));
        } else if let Some(fact) = declared {
            if !fits(&fact.kind, own.data_type()) {
                faults.push((ill_typed(&place, &fact.kind, own), false));
            }
        } else {
            let fault = Fault::new(place, format!("`{}` has no field of this name", record.name));
            let names = record.fields.iter().map(|it| it.name.as_str());
            faults.push((fault.names(own.name(), names), false));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let fields = record.fields.iter().map(|fact| FieldOf {
        name: fact.name.clone(),
        kind: fact.kind.clone(),
        is_there: inner.iter().any(|own| *own.name() == fact.name),
    });
    Ok(Meaning::Records(id, fields.collect()))
}

fn undeclared(name: &str, known: &Known<'_>) -> Fault {
    let (corpus, pack) = (known.corpus, known.jurisdiction);
    let id = corpus.packs.get(pack.index()).map_or("", |pack| pack.id.as_str());
    let fault = Fault::new(name, format!("`{id}` has no fact `{name}`"));
    let all: Vec<&str> =
        corpus.fact_names(pack).filter(|it| forbidden(it, true, known).is_none()).collect();
    match brightline_law::diagnostic::nearest(name, &all) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!("--skip {name} leaves the column out")),
    }
}

/// Refuses a column that the law of the place forbids to take in on one of the days, or on another
/// unless the name means something there.
fn forbidden(name: &str, declared: bool, known: &Known<'_>) -> Option<Fault> {
    let reaches = |pack: PackId| known.corpus.visible(known.jurisdiction).any(|it| it == pack);
    let in_force = |from: Day, until: Day| known.days.iter().any(|on| from <= *on && *on <= until);
    let found = known.corpus.forbidden.iter().find(|it| {
        it.name == name && reaches(it.pack) && (!declared || in_force(it.from, it.until))
    })?;
    let message = format!("`{name}` is never asked, taken or kept here: {}", found.by);
    Some(Fault::new(name, message).help("take the column out of the table"))
}

/// Returns the fields of the structs of a list.
fn fields_of(list: &DataType) -> Option<&arrow_schema::Fields> {
    match list {
        DataType::List(item) => match item.data_type() {
            DataType::Struct(fields) => Some(fields),
            _ => None,
        },
        _ => None,
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

fn is_number(kind: &DataType) -> bool {
    kind.is_integer()
}

fn is_groupable(kind: &DataType) -> bool {
    is_text(kind) || is_number(kind) || *kind == DataType::Boolean
}

fn fits(kind: &Kind, found: &DataType) -> bool {
    match kind {
        Kind::YesNo => *found == DataType::Boolean,
        Kind::OneOf(_) | Kind::Offense => is_text(found),
        Kind::Date => *found == DataType::Date32,
        Kind::Time => matches!(found, DataType::Date32 | DataType::Timestamp(_, None)),
        Kind::Number { .. } => is_number(found),
    }
}

fn ill_typed(place: &str, kind: &Kind, field: &Field) -> Fault {
    let (is, help) = match kind {
        Kind::YesNo => ("yes or no", "make the column boolean"),
        Kind::OneOf(_) => ("one of some names", "make the column text, or a dictionary of texts"),
        Kind::Date => ("a date", "make the column date32"),
        Kind::Time => ("a date and time", "make the column a timestamp without zone, or date32"),
        Kind::Number { .. } => ("a whole number", "make the column an integer"),
        Kind::Offense => ("an offense", "make the column text, or a dictionary of texts"),
    };
    Fault::new(place, format!("this is {is}, and the column is of {}", words(field))).help(help)
}

/// A type in words.
fn words(field: &Field) -> String {
    match field.data_type() {
        DataType::Boolean => "yes or no".to_owned(),
        DataType::Date32 => "dates".to_owned(),
        DataType::Timestamp(_, None) => "times".to_owned(),
        DataType::Timestamp(..) => "times in a zone".to_owned(),
        kind if is_text(kind) => "texts".to_owned(),
        kind if is_number(kind) => "whole numbers".to_owned(),
        DataType::List(_) => "lists".to_owned(),
        other => format!("type {other}"),
    }
}

/// Returns the schema by which a file is read: texts as dictionaries, so that a name that comes a
/// million times is looked up once.
pub(crate) fn with_dictionaries(schema: &Schema) -> SchemaRef {
    let fields: Vec<FieldRef> = schema.fields().iter().map(with_dictionary).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

fn with_dictionary(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
        DataType::List(item) => DataType::List(with_dictionary(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(with_dictionary).collect()),
        other => other.clone(),
    };
    Arc::new(field.as_ref().clone().with_data_type(kind))
}

/// Returns the schema of a table of texts, each column typed as its fact is declared.
pub(crate) fn declared(names: &[String], known: &Known<'_>) -> Schema {
    let kind = |name: &String| {
        let fact = known.corpus.fact(known.jurisdiction, name)?;
        Some(match known.corpus.facts.get(fact.index())?.kind {
            Kind::YesNo => DataType::Boolean,
            Kind::Date => DataType::Date32,
            Kind::Time => DataType::Timestamp(TimeUnit::Second, None),
            Kind::Number { .. } => DataType::Int64,
            Kind::OneOf(_) | Kind::Offense => DataType::Utf8,
        })
    };
    let fields = names.iter().map(|it| Field::new(it, kind(it).unwrap_or(DataType::Utf8), true));
    Schema::new(fields.collect::<Vec<_>>())
}
