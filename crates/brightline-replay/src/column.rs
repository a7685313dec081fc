//! From the buffers of Arrow to the columns of the law.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use brightline_law::clock::Day;
use brightline_law::ir::Kind;
use brightline_law::{Column, RequestColumns};

use crate::error::Fault;
use crate::layout::{FieldOf, Layout, Meaning};
use crate::offense::{Names, choice};

/// A number larger than this is a slip of the pen.
const NUMBER_MAX: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// Turns a batch into columns; what is null is not known.
pub(crate) fn columns(
    batch: &RecordBatch,
    layout: &Layout,
    names: &mut Names<'_>,
) -> Result<RequestColumns, Fault> {
    let mut columns = RequestColumns::new(batch.num_rows());
    for (name, meaning) in &layout.columns {
        let Some(array) = batch.column_by_name(name) else {
            continue;
        };
        match meaning {
            Meaning::Fact(fact, kind) => {
                columns.set_column(*fact, column(name, kind, array, names)?);
            }
            Meaning::Records(record, fields) => {
                let list = records(name, fields, array, names)?;
                columns.set_records(*record, &list.starts, &list.known, list.fields);
            }
        }
    }
    Ok(columns)
}

struct Records {
    starts: Vec<u32>,
    known: Vec<u64>,
    fields: Vec<Option<Column>>,
}

fn records(
    name: &str,
    fields: &[FieldOf],
    array: &dyn Array,
    names: &mut Names<'_>,
) -> Result<Records, Fault> {
    let odd = || Fault::new(name, "this is no list of structs");
    let list = array.as_list_opt::<i32>().ok_or_else(odd)?;
    let offsets = list.value_offsets();
    let (first, last) = (offsets.first().copied().unwrap_or(0), offsets.last().copied());
    let length = last.unwrap_or(first) - first;
    let start = |offset: &i32| u32::try_from(offset - first).unwrap_or(0);
    let starts: Vec<u32> = offsets.iter().map(start).collect();
    let hidden = |(row, pair): (usize, &[i32])| list.is_null(row) && pair.first() != pair.last();
    if list.null_count() > 0 && offsets.windows(2).enumerate().any(hidden) {
        return Err(Fault::new(name, "a list that is null has records"));
    }
    let whole = |count: i32| usize::try_from(count).unwrap_or(0);
    let values = list.values().slice(whole(first), whole(length));
    let structs = values.as_struct_opt().ok_or_else(odd)?;
    let mut made = Vec::with_capacity(fields.len());
    for field in fields {
        let place = format!("{name}.{}", field.name);
        let child = structs.column_by_name(&field.name).filter(|_| field.is_there);
        made.push(match child {
            Some(child) => Some(column(&place, &field.kind, child, names)?),
            None => None,
        });
    }
    Ok(Records { starts, known: known(list), fields: made })
}

/// Turns an array into a column.
pub(crate) fn column(
    place: &str,
    kind: &Kind,
    array: &dyn Array,
    names: &mut Names<'_>,
) -> Result<Column, Fault> {
    let odd =
        || Fault::new(place, format!("a column of type {} cannot be read", array.data_type()));
    match kind {
        Kind::YesNo => {
            let bits = array.as_boolean_opt().ok_or_else(odd)?;
            let yes: Vec<u64> = bits.values().bit_chunks().iter_padded().collect();
            Ok(Column::yes_no(array.len(), &known(array), &yes))
        }
        Kind::OneOf(choices) => {
            let codes = texts(array, |text| choice(place, choices, text)).ok_or_else(odd)??;
            Ok(Column::choices(codes))
        }
        Kind::Offense => {
            let codes = texts(array, |text| names.offense(place, text)).ok_or_else(odd)??;
            Ok(Column::offenses(codes))
        }
        Kind::Date | Kind::Time => days(place, array)?.ok_or_else(odd),
        Kind::Number { .. } => {
            let numbers = numbers(array).ok_or_else(odd)?;
            let is_odd = |number: &&Option<i64>| {
                number.is_some_and(|number| !(0..=NUMBER_MAX).contains(&number))
            };
            match numbers.iter().find(is_odd) {
                Some(Some(number)) => {
                    let message = format!("{number} is out of range: 0 to {NUMBER_MAX}");
                    Err(Fault::new(place, message))
                }
                _ => Ok(Column::numbers(numbers)),
            }
        }
    }
}

/// Where values are known, as bitmap.
fn known(array: &dyn Array) -> Vec<u64> {
    match array.nulls() {
        Some(nulls) => nulls.inner().bit_chunks().iter_padded().collect(),
        None => vec![u64::MAX; array.len().div_ceil(64)],
    }
}

fn optional<T: ArrowPrimitiveType>(array: &dyn Array) -> Option<Vec<Option<T::Native>>> {
    let array = array.as_primitive_opt::<T>()?;
    Some(match array.nulls() {
        None => array.values().iter().copied().map(Some).collect(),
        Some(nulls) => {
            let both = array.values().iter().zip(nulls.iter());
            both.map(|(value, known)| known.then_some(*value)).collect()
        }
    })
}

/// Dates, or the days of times; none where the type is another.
fn days(place: &str, array: &dyn Array) -> Result<Option<Column>, Fault> {
    let from = |values: Option<Vec<Option<i64>>>, per_second: i64| {
        let day = move |value: i64| {
            i32::try_from(value.div_euclid(per_second * SECONDS_PER_DAY)).unwrap_or(i32::MAX)
        };
        values.map(|all| all.into_iter().map(|it| it.map(day)).collect::<Vec<_>>())
    };
    let days = match array.data_type() {
        DataType::Date32 => optional::<Date32Type>(array),
        DataType::Timestamp(TimeUnit::Second, _) => from(optional::<TimestampSecondType>(array), 1),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            from(optional::<TimestampMillisecondType>(array), 1_000)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            from(optional::<TimestampMicrosecondType>(array), 1_000_000)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            from(optional::<TimestampNanosecondType>(array), 1_000_000_000)
        }
        _ => None,
    };
    let Some(days) = days else {
        return Ok(None);
    };
    let range = Day::MIN.days()..=Day::MAX.days();
    let in_range = days.iter().fold(true, |all, day| {
        all & day.is_none_or(|day| (*range.start() <= day) & (day <= *range.end()))
    });
    if !in_range {
        return Err(Fault::new(place, "a date lies outside the years -9999 to 9999"));
    }
    Ok(Some(Column::days(days)))
}

fn numbers(array: &dyn Array) -> Option<Vec<Option<i64>>> {
    fn wide<T: ArrowPrimitiveType<Native: Into<i64>>>(
        array: &dyn Array,
    ) -> Option<Vec<Option<i64>>> {
        Some(optional::<T>(array)?.into_iter().map(|it| it.map(Into::into)).collect())
    }
    match array.data_type() {
        DataType::Int8 => wide::<Int8Type>(array),
        DataType::Int16 => wide::<Int16Type>(array),
        DataType::Int32 => wide::<Int32Type>(array),
        DataType::Int64 => optional::<Int64Type>(array),
        DataType::UInt8 => wide::<UInt8Type>(array),
        DataType::UInt16 => wide::<UInt16Type>(array),
        DataType::UInt32 => wide::<UInt32Type>(array),
        DataType::UInt64 => {
            let all = optional::<UInt64Type>(array)?.into_iter();
            Some(all.map(|it| it.map(|it| i64::try_from(it).unwrap_or(i64::MAX))).collect())
        }
        _ => None,
    }
}

/// Looks up the texts of an array, those of a dictionary once; none where it holds no texts.
fn texts<T: Copy>(
    array: &dyn Array,
    mut look_up: impl FnMut(&str) -> Result<T, Fault>,
) -> Option<Result<Vec<Option<T>>, Fault>> {
    let Some(dictionary) = array.as_any_dictionary_opt() else {
        let each = |row: usize| -> Option<Result<Option<T>, Fault>> {
            if array.is_null(row) {
                return Some(Ok(None));
            }
            Some(look_up(text(array, row)?).map(Some))
        };
        return (0..array.len()).map(each).collect();
    };
    // A name that no row has is not looked up: it may stand for rows of other batches.
    let keys = dictionary.normalized_keys();
    let mut found: Vec<Option<T>> = vec![None; dictionary.values().len()];
    let mut made = Vec::with_capacity(array.len());
    let nulls = array.nulls();
    for (row, key) in keys.iter().enumerate() {
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            made.push(None);
            continue;
        }
        let slot = found.get_mut(*key)?;
        if slot.is_none() {
            match look_up(text(dictionary.values(), *key)?) {
                Ok(value) => *slot = Some(value),
                Err(fault) => return Some(Err(fault)),
            }
        }
        made.push(*slot);
    }
    Some(Ok(made))
}

/// Returns a text of an array of texts.
pub(crate) fn text(array: &dyn Array, row: usize) -> Option<&str> {
    match array.data_type() {
        DataType::Utf8 => Some(array.as_string_opt::<i32>()?.value(row)),
        DataType::LargeUtf8 => Some(array.as_string_opt::<i64>()?.value(row)),
        DataType::Utf8View => Some(array.as_string_view_opt()?.value(row)),
        _ => None,
    }
}

/// Returns a cell of the column to group by, in words; none where it is null.
pub(crate) fn group(array: &dyn Array, row: usize) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    if let Some(bits) = array.as_boolean_opt() {
        return Some(if bits.value(row) { "yes" } else { "no" }.to_owned());
    }
    if let Some(numbers) = numbers(&*array.slice(row, 1)) {
        return numbers.first().copied().flatten().map(|number| number.to_string());
    }
    text(array, row).map(str::to_owned)
}
