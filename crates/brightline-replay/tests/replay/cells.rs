//! Reads a table cell by cell into requests, slowly: what the columns are compared with.

use std::fs::File;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use brightline_law::clock::Day;
use brightline_law::facts::{Facts, List, Listed, Value};
use brightline_law::ir::{Corpus, Kind, PackId};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

pub fn requests(path: &Path, corpus: &Corpus, pack: PackId) -> Vec<Facts> {
    let reader = ParquetRecordBatchReader::try_new(File::open(path).unwrap(), 1_000).unwrap();
    let mut requests = Vec::new();
    for batch in reader.map(|batch| batch.unwrap()) {
        for row in 0..batch.num_rows() {
            let mut facts = Facts::unknown(corpus);
            for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
                if let Some(fact) = corpus.fact(pack, field.name()) {
                    let kind = &corpus.facts[fact.index()].kind;
                    facts.values[fact.index()] = value(corpus, kind, array, row);
                } else {
                    let record = corpus.record(pack, field.name()).unwrap();
                    let kinds = corpus.records[record.index()].fields.iter().map(|it| &it.kind);
                    let kinds: Vec<&Kind> = kinds.collect();
                    facts.lists[record.index()] = list(corpus, &kinds, array, row);
                }
            }
            requests.push(facts);
        }
    }
    requests
}

fn list(corpus: &Corpus, kinds: &[&Kind], array: &ArrayRef, row: usize) -> List {
    if array.is_null(row) {
        return List::default();
    }
    let records = array.as_list::<i32>().value(row);
    let fields = records.as_struct().columns();
    let record = |at: usize| {
        kinds.iter().zip(fields).map(|(kind, field)| value(corpus, kind, field, at)).collect()
    };
    List { listed: Listed::Whole, rows: (0..records.len()).map(record).collect() }
}

fn value(corpus: &Corpus, kind: &Kind, array: &ArrayRef, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Unknown;
    }
    match kind {
        Kind::YesNo => Value::Bool(array.as_boolean().value(row)),
        Kind::OneOf(values) => {
            let text = array.as_string::<i32>().value(row);
            let at = values.iter().position(|(name, _)| name == text).unwrap();
            Value::Choice(u16::try_from(at).unwrap())
        }
        Kind::Date | Kind::Time => {
            Value::Day(Day::from_days(array.as_primitive::<Date32Type>().value(row)))
        }
        Kind::Number { .. } => Value::Number(array.as_primitive::<Int64Type>().value(row)),
        Kind::Offense => Value::Offense(corpus.offenses.find(array.as_string::<i32>().value(row))),
    }
}
