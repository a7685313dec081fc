//! Answers as Arrow columns: a row for each row, with the determination of every act.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::{ArrayRef, ListArray, RecordBatch, StringArray, StructArray, UInt64Array};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};
use brightline_desk::{ActDetermination, Response};

/// The answer to one row: the determinations, or the problem document.
pub(super) enum Answer {
    Decided(Box<Response>),
    Refused(String),
}

fn texts(name: &str) -> Field {
    let item = Field::new("item", DataType::Utf8, false);
    Field::new(name, DataType::List(Arc::new(item)), false)
}

fn act_fields() -> Fields {
    let text = |name| Field::new(name, DataType::Utf8, false);
    Fields::from(vec![
        text("act"),
        text("outcome"),
        texts("possible"),
        text("safe"),
        texts("questions"),
        texts("citations"),
    ])
}

/// Returns the columns of the answer.
pub(super) fn schema() -> SchemaRef {
    let act = Field::new("item", DataType::Struct(act_fields()), false);
    Arc::new(Schema::new(vec![
        Field::new("row", DataType::UInt64, false),
        Field::new("problem", DataType::Utf8, true),
        Field::new("pack", DataType::Utf8, true),
        Field::new("determinations", DataType::List(Arc::new(act)), false),
    ]))
}

/// Puts answers into columns; `first` is the number of the first row.
pub(super) fn batch(first: u64, answers: &[Answer]) -> Result<RecordBatch, ArrowError> {
    let responses = || {
        answers.iter().map(|it| match it {
            Answer::Decided(response) => Some(response.as_ref()),
            Answer::Refused(_) => None,
        })
    };
    let problems = answers.iter().map(|it| match it {
        Answer::Decided(_) => None,
        Answer::Refused(problem) => Some(problem.as_str()),
    });
    let packs = responses().map(|it| it.map(|response| response.pack.digest.as_str()));
    let of = |response: Option<&Response>| response.map_or(0, |it| it.determinations.len());
    let lengths: Vec<usize> = responses().map(of).collect();
    let acts: Vec<&ActDetermination> =
        responses().flatten().flat_map(|response| &response.determinations).collect();
    let item = Field::new("item", DataType::Struct(act_fields()), false);
    let determinations = ListArray::try_new(
        Arc::new(item),
        OffsetBuffer::from_lengths(lengths),
        Arc::new(act_columns(&acts)?),
        None,
    )?;
    let rows = (first..).take(answers.len());
    let columns: Vec<ArrayRef> = vec![
        Arc::new(UInt64Array::from_iter_values(rows)),
        Arc::new(problems.collect::<StringArray>()),
        Arc::new(packs.collect::<StringArray>()),
        Arc::new(determinations),
    ];
    RecordBatch::try_new(schema(), columns)
}

fn act_columns(acts: &[&ActDetermination]) -> Result<StructArray, ArrowError> {
    let text = |of: fn(&ActDetermination) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(acts.iter().map(|it| of(it))))
    };
    let list = |of: fn(&ActDetermination) -> Vec<&str>| -> Result<ArrayRef, ArrowError> {
        let found: Vec<Vec<&str>> = acts.iter().map(|it| of(it)).collect();
        let lengths = OffsetBuffer::from_lengths(found.iter().map(Vec::len));
        let values: Vec<&str> = found.into_iter().flatten().collect();
        let values = StringArray::from_iter_values(values);
        let item = Arc::new(Field::new("item", DataType::Utf8, false));
        Ok(Arc::new(ListArray::try_new(item, lengths, Arc::new(values), None)?))
    };
    StructArray::try_new(
        act_fields(),
        vec![
            text(|it| &it.act),
            text(|it| &it.outcome),
            list(|it| it.possible.iter().map(String::as_str).collect())?,
            text(|it| &it.safe),
            list(|it| it.questions.iter().map(|question| question.fact.as_str()).collect())?,
            list(citations)?,
        ],
        None,
    )
}

/// Each citation once, in the order of the reasons: several provisions may stand under one.
fn citations(act: &ActDetermination) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let all = act.basis.iter().map(|basis| basis.citation.as_str());
    all.filter(|citation| seen.insert(*citation)).collect()
}
