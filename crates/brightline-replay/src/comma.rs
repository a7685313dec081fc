//! CSV: one line a request, the first names the facts; an empty cell is not known.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Int64Builder, StringBuilder, TimestampSecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use brightline_law::clock::{Day, Moment};
use csv::{Reader, StringRecord};

use crate::error::Fault;
use crate::table::{BATCH_ROWS, Batches};

/// Returns the names of the columns.
pub(crate) fn header(path: &Path) -> Result<Vec<String>, Fault> {
    let mut reader = open(path)?;
    let names = reader.headers().map_err(|error| failed(path, &error))?;
    Ok(names.iter().map(|name| name.trim().to_owned()).collect())
}

/// Returns the rows in batches, their cells typed as the schema says.
pub(crate) fn batches<'t>(path: &'t Path, schema: &'t SchemaRef) -> Result<Batches<'t>, Fault> {
    let mut reader = open(path)?;
    let mut is_done = false;
    Ok(Box::new(std::iter::from_fn(move || {
        if is_done {
            return None;
        }
        match batch(&mut reader, path, schema) {
            Ok(Some(batch)) => Some(Ok(batch)),
            Ok(None) => None,
            Err(fault) => {
                is_done = true;
                Some(Err(fault))
            }
        }
    })))
}

fn open(path: &Path) -> Result<Reader<File>, Fault> {
    Reader::from_path(path).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &csv::Error) -> Fault {
    Fault::new(path.display().to_string(), format!("this cannot be read: {error}"))
}

fn batch(
    reader: &mut Reader<File>,
    path: &Path,
    schema: &SchemaRef,
) -> Result<Option<RecordBatch>, Fault> {
    let kinds = schema.fields().iter().map(|field| Cells::of(field.data_type()));
    let mut columns: Vec<Cells> = kinds.collect();
    let mut record = StringRecord::new();
    let mut count = 0;
    while count < BATCH_ROWS
        && reader.read_record(&mut record).map_err(|error| failed(path, &error))?
    {
        for ((cell, column), field) in record.iter().zip(&mut columns).zip(schema.fields()) {
            column.push(cell.trim()).map_err(|message| {
                let line = record.position().map_or(0, csv::Position::line);
                Fault::new(format!("line {line}, {}", field.name()), message)
            })?;
        }
        count += 1;
    }
    if count == 0 {
        return Ok(None);
    }
    let arrays = columns.iter_mut().map(Cells::finish).collect();
    let made = RecordBatch::try_new(schema.clone(), arrays);
    made.map(Some).map_err(|error| Fault::new(path.display().to_string(), error.to_string()))
}

/// The cells of one column.
enum Cells {
    YesNo(BooleanBuilder),
    Days(Date32Builder),
    Times(TimestampSecondBuilder),
    Numbers(Int64Builder),
    Texts(StringBuilder),
}

impl Cells {
    fn of(kind: &DataType) -> Self {
        match kind {
            DataType::Boolean => Self::YesNo(BooleanBuilder::new()),
            DataType::Date32 => Self::Days(Date32Builder::new()),
            DataType::Timestamp(..) => Self::Times(TimestampSecondBuilder::new()),
            DataType::Int64 => Self::Numbers(Int64Builder::new()),
            _ => Self::Texts(StringBuilder::new()),
        }
    }

    fn push(&mut self, cell: &str) -> Result<(), String> {
        let is_known = !cell.is_empty();
        match self {
            Self::YesNo(cells) => cells.append_option(match cell {
                "" => None,
                "yes" | "true" => Some(true),
                "no" | "false" => Some(false),
                _ => return Err(format!("`{cell}` is neither yes nor no")),
            }),
            Self::Days(cells) => cells.append_option(match is_known {
                true => Some(Day::parse(cell).map_err(|error| error.to_string())?.days()),
                false => None,
            }),
            Self::Times(cells) => cells.append_option(match is_known {
                true => Some(seconds(cell)?),
                false => None,
            }),
            Self::Numbers(cells) => cells.append_option(match is_known {
                true => Some(cell.parse().map_err(|_| format!("`{cell}` is no whole number"))?),
                false => None,
            }),
            Self::Texts(cells) => cells.append_option(is_known.then_some(cell)),
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::YesNo(cells) => Arc::new(cells.finish()),
            Self::Days(cells) => Arc::new(cells.finish()),
            Self::Times(cells) => Arc::new(cells.finish()),
            Self::Numbers(cells) => Arc::new(cells.finish()),
            Self::Texts(cells) => Arc::new(cells.finish()),
        }
    }
}

/// Returns the day of a time in seconds; the hour decides nothing.
fn seconds(cell: &str) -> Result<i64, String> {
    let day = match Moment::parse(cell) {
        Ok(moment) => moment.day(),
        Err(error) => Day::parse(cell).map_err(|_| error.to_string())?,
    };
    Ok(i64::from(day.days()) * 86_400)
}
