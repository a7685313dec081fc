//! A made-up table of past requests, the same on every machine for the same seed.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Date32Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field, Fields, Schema};
use brightline_law::clock::Day;
use brightline_law::ir::{Corpus, Fact, FactId, Kind, OffenseNode, RecordId};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// Rows that are made and written together; a row group has so many times eight.
const CHUNK_ROWS: usize = 1 << 17;

/// What a made-up table has.
pub struct Contents {
    pub facts: Vec<FactId>,
    pub lists: Vec<RecordId>,
    /// One value in so many is not known; none where it is 0.
    pub unknown_one_in: u64,
    pub row_count: usize,
}

/// A stream of numbers that is the same on every machine (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % count.max(1)
    }

    fn one_in(&mut self, count: u64) -> bool {
        count > 0 && self.below(count) == 0
    }
}

/// Cells of one column.
enum Cells {
    YesNo(BooleanBuilder),
    Days(Date32Builder),
    Numbers(Int64Builder),
    Texts(StringBuilder),
}

/// Writes the table as Parquet, with dictionaries and Snappy as other programs do by default.
pub fn write(path: &Path, corpus: &Corpus, on: Day, contents: &Contents, seed: u64) {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let offenses = offenses(corpus);
    let schema = Arc::new(schema(corpus, contents));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(CHUNK_ROWS * 8))
        .build();
    let file = File::create(path).expect("the file can be made");
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties)).expect("schema");
    let mut left = contents.row_count;
    while left > 0 {
        let count = left.min(CHUNK_ROWS);
        let mut cell = |fact: &Fact, cells: &mut Cells| {
            let is_known = !chance.one_in(contents.unknown_one_in);
            push(&mut chance, (fact, cells, &offenses), on, is_known);
        };
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for fact in &contents.facts {
            let fact = &corpus.facts[fact.index()];
            let mut cells = Cells::of(&fact.kind);
            (0..count).for_each(|_| cell(fact, &mut cells));
            arrays.push(cells.finish());
        }
        for record in &contents.lists {
            arrays.push(list(corpus, *record, contents, (count, on, &offenses), &mut chance));
        }
        let batch = RecordBatch::try_new(schema.clone(), arrays).expect("columns of one length");
        writer.write(&batch).expect("the batch can be written");
        left -= count;
    }
    writer.close().expect("the file can be closed");
}

/// Offenses by text: those of the tables, and some that no table has.
fn offenses(corpus: &Corpus) -> Vec<String> {
    let nodes = 1..corpus.offenses.len();
    let nodes = nodes.map(|node| OffenseNode(u32::try_from(node).expect("few nodes")));
    let names = nodes.map(|node| corpus.offenses.name(node).to_owned());
    let is_section = |name: &String| {
        let word = name.split('(').next().and_then(|head| head.trim_end().rsplit_once(' '));
        word.is_some_and(|(_, section)| section.chars().any(|letter| letter.is_ascii_digit()))
    };
    let mut names: Vec<String> = names.filter(is_section).collect();
    names.extend((1..60).map(|section| format!("QQ ZZ {section}.05")));
    names
}

fn list(
    corpus: &Corpus,
    record: RecordId,
    contents: &Contents,
    (count, on, offenses): (usize, Day, &[String]),
    chance: &mut Chance,
) -> ArrayRef {
    let fields = &corpus.records[record.index()].fields;
    let mut columns: Vec<Cells> = fields.iter().map(|fact| Cells::of(&fact.kind)).collect();
    let (mut lengths, mut nulls) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for _ in 0..count {
        let is_known = !chance.one_in(contents.unknown_one_in);
        let records = if is_known { usize::try_from(chance.below(4)).expect("small") } else { 0 };
        lengths.push(records);
        nulls.push(is_known);
        for _ in 0..records {
            for (fact, cells) in fields.iter().zip(&mut columns) {
                let is_known = !chance.one_in(contents.unknown_one_in);
                push(chance, (fact, cells, offenses), on, is_known);
            }
        }
    }
    let children: Vec<ArrayRef> = columns.iter_mut().map(Cells::finish).collect();
    let structs = StructArray::new(struct_fields(fields), children, None);
    let item = Arc::new(Field::new("item", DataType::Struct(struct_fields(fields)), true));
    let offsets = OffsetBuffer::from_lengths(lengths);
    Arc::new(ListArray::new(item, offsets, Arc::new(structs), Some(nulls.into())))
}

fn push(
    chance: &mut Chance,
    (fact, cells, offenses): (&Fact, &mut Cells, &[String]),
    on: Day,
    is_known: bool,
) {
    match (&fact.kind, cells) {
        (Kind::YesNo, Cells::YesNo(cells)) => {
            let value = chance.one_in(2);
            cells.append_option(is_known.then_some(value));
        }
        (Kind::OneOf(values), Cells::Texts(cells)) => {
            let at = usize::try_from(chance.below(values.len() as u64)).expect("small");
            cells.append_option(is_known.then_some(&values[at].0));
        }
        (Kind::Date | Kind::Time, Cells::Days(cells)) => {
            let days = i32::try_from(chance.below(3_650)).expect("small");
            cells.append_option(is_known.then_some(on.days() - days));
        }
        (Kind::Number { .. }, Cells::Numbers(cells)) => {
            let number = i64::try_from(chance.below(400)).expect("small");
            cells.append_option(is_known.then_some(number));
        }
        (Kind::Offense, Cells::Texts(cells)) => {
            let at = usize::try_from(chance.below(offenses.len() as u64)).expect("small");
            cells.append_option(is_known.then_some(&offenses[at]));
        }
        _ => panic!("a column of another type"),
    }
}

impl Cells {
    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::YesNo => Self::YesNo(BooleanBuilder::new()),
            Kind::Date | Kind::Time => Self::Days(Date32Builder::new()),
            Kind::Number { .. } => Self::Numbers(Int64Builder::new()),
            Kind::OneOf(_) | Kind::Offense => Self::Texts(StringBuilder::new()),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::YesNo(cells) => Arc::new(cells.finish()),
            Self::Days(cells) => Arc::new(cells.finish()),
            Self::Numbers(cells) => Arc::new(cells.finish()),
            Self::Texts(cells) => Arc::new(cells.finish()),
        }
    }
}

fn type_of(kind: &Kind) -> DataType {
    match kind {
        Kind::YesNo => DataType::Boolean,
        Kind::Date | Kind::Time => DataType::Date32,
        Kind::Number { .. } => DataType::Int64,
        Kind::OneOf(_) | Kind::Offense => DataType::Utf8,
    }
}

fn struct_fields(fields: &[Fact]) -> Fields {
    fields.iter().map(|fact| Field::new(&fact.name, type_of(&fact.kind), true)).collect()
}

fn schema(corpus: &Corpus, contents: &Contents) -> Schema {
    let mut fields: Vec<Field> = Vec::new();
    for fact in contents.facts.iter().map(|fact| &corpus.facts[fact.index()]) {
        fields.push(Field::new(&fact.name, type_of(&fact.kind), true));
    }
    for record in contents.lists.iter().map(|record| &corpus.records[record.index()]) {
        let item = Field::new("item", DataType::Struct(struct_fields(&record.fields)), true);
        fields.push(Field::new(&record.plural, DataType::List(Arc::new(item)), true));
    }
    Schema::new(fields)
}
