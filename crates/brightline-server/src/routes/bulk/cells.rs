//! Cells of Arrow columns as the JSON of a request.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, OffsetSizeTrait, RecordBatch};
use arrow_schema::{DataType, Schema, TimeUnit};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Map, Value};

use super::LINE_BYTES_MAX;

/// Columns that are fields of the request; each other one is a fact.
const FIELDS: [&str; 7] = ["jurisdiction", "agency", "on", "known_on", "policy", "papers", "acts"];
const COLUMNS_MAX: usize = 256;
const SECONDS_A_DAY: i64 = 24 * 3600;

/// What one value counts besides its letters.
const VALUE_BYTES: usize = 8;

/// Reads one row of a column; none where the cell is empty, or the row has become too large.
type Cell<'a> = Box<dyn Fn(usize, &Budget) -> Option<Value> + 'a>;

/// How large a row may still become.
///
/// Many rows of a small batch may name the same large value, by a dictionary or a view: written out
/// they would be far more than what came.
struct Budget(std::cell::Cell<Option<usize>>);

impl Budget {
    fn of_a_row() -> Self {
        Self(std::cell::Cell::new(Some(LINE_BYTES_MAX)))
    }

    /// Takes room for one value; `None` once there is none left.
    fn take(&self, letters: usize) -> Option<()> {
        let left = self.0.get()?.checked_sub(letters.saturating_add(VALUE_BYTES));
        self.0.set(left);
        left.map(drop)
    }

    fn is_used_up(&self) -> bool {
        self.0.get().is_none()
    }
}

/// Looks whether every column can be read.
///
/// # Errors
///
/// Returns a sentence about the first that cannot.
pub(super) fn require_readable(schema: &Schema) -> Result<(), String> {
    if schema.fields().len() > COLUMNS_MAX {
        return Err(format!("a table has at most {COLUMNS_MAX} columns"));
    }
    let mut names = std::collections::BTreeSet::new();
    for field in schema.fields() {
        let name = field.name();
        if !names.insert(name) {
            return Err(format!("two columns are called `{name}`"));
        }
        if !is_readable(field.data_type()) {
            let kind = field.data_type();
            return Err(format!("the column `{name}` is of the type {kind}, which no fact has"));
        }
    }
    Ok(())
}

fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::Boolean
        | DataType::Date32
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Null
        | DataType::Timestamp(_, None) => true,
        DataType::Dictionary(_, values) => is_readable(values),
        DataType::List(item) | DataType::LargeList(item) => is_readable(item.data_type()),
        DataType::Struct(fields) => fields.iter().all(|field| is_readable(field.data_type())),
        other => other.is_integer(),
    }
}

/// Writes each row of a table as a request; none where the row is larger than a request may be.
///
/// # Errors
///
/// Returns a sentence about a column that cannot be read.
pub(super) fn requests(batch: &RecordBatch) -> Result<Vec<Option<String>>, String> {
    let schema = batch.schema();
    let mut columns = Vec::new();
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        let name = field.name();
        let cell = cell(column.as_ref());
        columns.push((name, cell.ok_or_else(|| format!("the column `{name}` cannot be read"))?));
    }
    let written = (0..batch.num_rows()).map(|row| {
        let (mut request, mut facts) = (Map::new(), Map::new());
        let budget = Budget::of_a_row();
        for (name, cell) in &columns {
            let Some(value) = cell(row, &budget) else { continue };
            let is_field = FIELDS.contains(&name.as_str());
            let into = if is_field { &mut request } else { &mut facts };
            into.insert((*name).clone(), value);
        }
        if budget.is_used_up() {
            return None;
        }
        request.insert("facts".to_owned(), Value::Object(facts));
        Some(Value::Object(request).to_string())
    });
    Ok(written.collect())
}

fn cell(array: &dyn Array) -> Option<Cell<'_>> {
    Some(match array.data_type() {
        DataType::Null => Box::new(|_, _| None),
        DataType::Boolean => {
            let array = array.as_boolean_opt()?;
            Box::new(|row, budget| {
                let found = array.is_valid(row).then(|| array.value(row))?;
                budget.take(0).map(|()| Value::Bool(found))
            })
        }
        DataType::Int8 => number::<Int8Type>(array)?,
        DataType::Int16 => number::<Int16Type>(array)?,
        DataType::Int32 => number::<Int32Type>(array)?,
        DataType::Int64 => number::<Int64Type>(array)?,
        DataType::UInt8 => number::<UInt8Type>(array)?,
        DataType::UInt16 => number::<UInt16Type>(array)?,
        DataType::UInt32 => number::<UInt32Type>(array)?,
        DataType::UInt64 => number::<UInt64Type>(array)?,
        DataType::Date32 => mapped::<Date32Type>(array, |days| day(i64::from(days)))?,
        DataType::Timestamp(unit, None) => match unit {
            TimeUnit::Second => mapped::<TimestampSecondType>(array, |it| time(it, 1))?,
            TimeUnit::Millisecond => {
                mapped::<TimestampMillisecondType>(array, |it| time(it, 1_000))?
            }
            TimeUnit::Microsecond => {
                mapped::<TimestampMicrosecondType>(array, |it| time(it, 1_000_000))?
            }
            TimeUnit::Nanosecond => {
                mapped::<TimestampNanosecondType>(array, |it| time(it, 1_000_000_000))?
            }
        },
        DataType::Utf8 => text::<i32>(array)?,
        DataType::LargeUtf8 => text::<i64>(array)?,
        DataType::Utf8View => {
            let array = array.as_string_view_opt()?;
            Box::new(|row, budget| {
                let found = array.is_valid(row).then(|| array.value(row))?;
                budget.take(found.len()).map(|()| Value::from(found))
            })
        }
        DataType::Dictionary(..) => dictionary(array)?,
        DataType::List(_) => list::<i32>(array)?,
        DataType::LargeList(_) => list::<i64>(array)?,
        DataType::Struct(_) => record(array)?,
        _ => return None,
    })
}

/// Returns how many bytes the dictionaries of a batch hold; the decoder keeps them all.
pub(super) fn dictionary_bytes(batch: &RecordBatch) -> usize {
    batch.columns().iter().map(|column| held_by_dictionaries(column.as_ref())).sum()
}

fn held_by_dictionaries(array: &dyn Array) -> usize {
    match array.as_any_dictionary_opt() {
        Some(dictionary) => bytes_of(dictionary.values().as_ref()),
        None => inner(array).into_iter().map(held_by_dictionaries).sum(),
    }
}

fn bytes_of(array: &dyn Array) -> usize {
    let own: usize = array.to_data().buffers().iter().map(|buffer| buffer.len()).sum();
    own + inner(array).into_iter().map(bytes_of).sum::<usize>()
}

/// Returns the arrays of which an array is made.
fn inner(array: &dyn Array) -> Vec<&dyn Array> {
    if let Some(dictionary) = array.as_any_dictionary_opt() {
        return vec![dictionary.values().as_ref()];
    }
    let items = array.as_list_opt::<i32>().map(|it| it.values());
    let items = items.or_else(|| array.as_list_opt::<i64>().map(|it| it.values()));
    let columns = array.as_struct_opt().map_or(&[][..], |it| it.columns());
    items.into_iter().chain(columns).map(|it| it.as_ref()).collect()
}

fn number<T: ArrowPrimitiveType>(array: &dyn Array) -> Option<Cell<'_>>
where
    Value: From<T::Native>,
{
    mapped::<T>(array, |it| Some(Value::from(it)))
}

fn mapped<T: ArrowPrimitiveType>(
    array: &dyn Array,
    value: impl Fn(T::Native) -> Option<Value> + 'static,
) -> Option<Cell<'_>> {
    let array = array.as_primitive_opt::<T>()?;
    Some(Box::new(move |row, budget| {
        let found = array.is_valid(row).then(|| array.value(row))?;
        budget.take(0)?;
        // A day that no calendar has is told as one that cannot be read, not left out.
        Some(value(found).unwrap_or(Value::Null))
    }))
}

fn text<O: OffsetSizeTrait>(array: &dyn Array) -> Option<Cell<'_>> {
    let array = array.as_string_opt::<O>()?;
    Some(Box::new(|row, budget| {
        let found = array.is_valid(row).then(|| array.value(row))?;
        budget.take(found.len()).map(|()| Value::from(found))
    }))
}

fn dictionary(array: &dyn Array) -> Option<Cell<'_>> {
    let dictionary = array.as_any_dictionary_opt()?;
    if dictionary.values().is_empty() {
        return Some(Box::new(|_, _| None));
    }
    let keys = dictionary.normalized_keys();
    let values = cell(dictionary.values().as_ref())?;
    Some(Box::new(move |row, budget| {
        let key = *keys.get(row).filter(|_| dictionary.is_valid(row))?;
        values(key, budget)
    }))
}

fn list<O: OffsetSizeTrait>(array: &dyn Array) -> Option<Cell<'_>> {
    let array = array.as_list_opt::<O>()?;
    let items = cell(array.values().as_ref())?;
    Some(Box::new(move |row, budget| {
        let offsets = array.value_offsets();
        let (from, until) = (offsets.get(row)?.as_usize(), offsets.get(row + 1)?.as_usize());
        let found = (from..until).map_while(|at| {
            // An empty item takes room as well.
            budget.take(0)?;
            Some(items(at, budget).unwrap_or(Value::Null))
        });
        array.is_valid(row).then(|| Value::Array(found.collect()))
    }))
}

fn record(array: &dyn Array) -> Option<Cell<'_>> {
    let array = array.as_struct_opt()?;
    let mut fields = Vec::new();
    for (field, column) in array.fields().iter().zip(array.columns()) {
        fields.push((field.name(), cell(column.as_ref())?));
    }
    Some(Box::new(move |row, budget| {
        let found = fields.iter().filter_map(|(name, cell)| {
            budget.take(name.len())?;
            Some(((*name).clone(), cell(row, budget)?))
        });
        array.is_valid(row).then(|| Value::Object(found.collect()))
    }))
}

fn date_of(days: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    date(1970, 1, 1).checked_add(span).ok()
}

fn day(days: i64) -> Option<Value> {
    date_of(days).map(|day| Value::from(day.to_string()))
}

/// A civil time, to the minute.
fn time(count: i64, per_second: i64) -> Option<Value> {
    let seconds = count.div_euclid(per_second);
    let minute = seconds.rem_euclid(SECONDS_A_DAY) / 60;
    let day = date_of(seconds.div_euclid(SECONDS_A_DAY))?;
    let time = day.at(0, 0, 0, 0).checked_add(minute.minutes()).ok()?;
    Some(Value::from(time.strftime("%Y-%m-%d %H:%M").to_string()))
}
