//! `/api/v1/decide/bulk` with Arrow streams, written and read by the library that others use, too.

use std::sync::Arc;

use arrow_array::builder::StringViewBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array,
    ListArray, RecordBatch, StringArray, StructArray,
};
use arrow_buffer::OffsetBuffer;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field};
use axum::body::Body;
use axum::http::{Request, Response, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::{call, router, text};

const PHONE_CALL: &str = include_str!("../../../../../examples/police-phone-call-2023.json");
const ARROW: &str = "application/vnd.apache.arrow.stream";

async fn send(body: Vec<u8>) -> Response<Body> {
    let request = Request::post("/api/v1/decide/bulk")
        .header(header::CONTENT_TYPE, ARROW)
        .body(Body::from(body))
        .expect("a request");
    call(&mut router(), request).await
}

fn written(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batches[0].schema()).expect("a writer");
    batches.iter().for_each(|batch| writer.write(batch).expect("written"));
    writer.into_inner().expect("whole")
}

async fn read(response: Response<Body>) -> Vec<RecordBatch> {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[header::CONTENT_TYPE], ARROW);
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    let reader = StreamReader::try_new(bytes.as_ref(), None).expect("a stream");
    reader.map(|batch| batch.expect("a batch")).collect()
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

/// A day as days since 1970.
fn day(text: &str) -> i32 {
    let day: jiff::civil::Date = text.parse().expect("a day");
    let span = jiff::civil::date(1970, 1, 1).until(day).expect("a span");
    span.get_days()
}

fn list_of(values: ArrayRef, lengths: &[usize]) -> ArrayRef {
    let item = Arc::new(Field::new("item", values.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
    Arc::new(ListArray::try_new(item, offsets, values, None).expect("a list"))
}

/// Three requests: the first and the last with a conviction, the one between of no known agency.
fn three() -> RecordBatch {
    let agencies: DictionaryArray<Int32Type> = vec!["doc", "docc", "doc"].into_iter().collect();
    let convictions = StructArray::from(vec![
        (
            Arc::new(Field::new("offense", DataType::Utf8, true)),
            texts(&["NY PL 160.15", "NY PL 155.25"]),
        ),
        (
            Arc::new(Field::new("judgment_date", DataType::Date32, true)),
            Arc::new(Date32Array::from(vec![day("2022-05-01"), day("2023-01-02")])) as ArrayRef,
        ),
    ]);
    let warrants = BooleanArray::from(vec![Some(true), None, Some(false)]);
    RecordBatch::try_from_iter(vec![
        ("jurisdiction", texts(&["us-ny-nyc"; 3])),
        ("agency", Arc::new(agencies) as ArrayRef),
        ("on", Arc::new(Date32Array::from(vec![day("2025-03-04"); 3])) as ArrayRef),
        ("acts", list_of(texts(&["hold_past_release"; 3]), &[1, 1, 1])),
        ("judicial_warrant", Arc::new(warrants) as ArrayRef),
        ("convictions", list_of(Arc::new(convictions), &[1, 0, 1])),
    ])
    .expect("a table")
}

/// Decides the same request as JSON.
async fn as_json(warrant: bool, offense: &str, day: &str) -> Value {
    let request = json!({ "jurisdiction": "us-ny-nyc", "agency": "doc", "on": "2025-03-04",
        "acts": ["hold_past_release"],
        "facts": { "judicial_warrant": warrant,
                   "convictions": [{ "offense": offense, "judgment_date": day }] } });
    let request = Request::post("/api/v1/decide")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(request.to_string()))
        .expect("a request");
    serde_json::from_str(&text(call(&mut router(), request).await).await).expect("JSON")
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> &'a ArrayRef {
    batch.column_by_name(name).expect("the column")
}

/// Reads the first act of a row.
fn first_act(batch: &RecordBatch, row: usize) -> Value {
    let acts = column(batch, "determinations").as_list::<i32>().value(row);
    let acts = acts.as_struct();
    let text = |name: &str| acts.column_by_name(name).expect("it").as_string::<i32>().value(0);
    let list = |name: &str| -> Vec<String> {
        let found = acts.column_by_name(name).expect("it").as_list::<i32>().value(0);
        found.as_string::<i32>().iter().map(|it| it.expect("text").to_owned()).collect()
    };
    json!({ "act": text("act"), "outcome": text("outcome"), "safe": text("safe"),
            "possible": list("possible"), "questions": list("questions"),
            "citations": list("citations") })
}

/// Takes the same of an answer in JSON.
fn same_of(answer: &Value) -> Value {
    let act = &answer["determinations"][0];
    let all = |list: &str, field: &str| -> Vec<Value> {
        act[list].as_array().expect("a list").iter().map(|it| it[field].clone()).collect()
    };
    let mut citations = Vec::new();
    for citation in all("basis", "citation") {
        if !citations.contains(&citation) {
            citations.push(citation);
        }
    }
    json!({ "act": act["act"], "outcome": act["outcome"], "safe": act["safe"],
            "possible": act["possible"], "questions": all("questions", "fact"),
            "citations": citations })
}

#[tokio::test]
async fn each_row_is_decided_as_the_same_request_in_json_is() {
    let batches = read(send(written(&[three(), three()])).await).await;
    assert_eq!(batches.len(), 2, "a batch for each batch");
    let rows: Vec<u64> = batches
        .iter()
        .flat_map(|batch| column(batch, "row").as_primitive::<arrow_array::types::UInt64Type>())
        .flatten()
        .collect();
    assert_eq!(rows, [0, 1, 2, 3, 4, 5]);
    let one = as_json(true, "NY PL 160.15", "2022-05-01").await;
    let three = as_json(false, "NY PL 155.25", "2023-01-02").await;
    for batch in &batches {
        assert_eq!(first_act(batch, 0), same_of(&one));
        assert_eq!(first_act(batch, 2), same_of(&three));
        let pack = column(batch, "pack").as_string::<i32>();
        assert_eq!(pack.value(0), one["pack"]["digest"]);
        let problems = column(batch, "problem").as_string::<i32>();
        assert!(problems.is_null(0) && problems.is_null(2) && pack.is_null(1));
        let problem: Value = serde_json::from_str(problems.value(1)).expect("JSON");
        assert_eq!(problem["code"], "refused-request");
        assert!(problem.to_string().contains("or `doc`?"), "{problem}");
    }
}

async fn refused(body: Vec<u8>) -> (u16, Value) {
    let response = send(body).await;
    let status = response.status().as_u16();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    (status, serde_json::from_str(&text(response).await).expect("JSON"))
}

#[tokio::test]
async fn a_wrong_beginning_is_a_problem() {
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.5]));
    let table = RecordBatch::try_from_iter(vec![("bail", floats)]).expect("a table");
    let (status, problem) = refused(written(&[table])).await;
    assert_eq!(status, 422);
    assert!(problem["detail"].as_str().is_some_and(|it| it.contains("`bail`")), "{problem}");
    for body in [b"no stream at all".to_vec(), Vec::new(), vec![0xff; 4096]] {
        assert_eq!(refused(body).await.0, 400);
    }
}

#[tokio::test]
async fn what_is_damaged_on_the_way_ends_in_a_row_that_says_so() {
    let whole = written(&[three(), three()]);
    let first = written(&[three()]).len();
    let cut = read(send(whole[..first + 40].to_vec()).await).await;
    let last = cut.last().expect("a batch");
    assert_eq!((cut.len(), last.num_rows()), (2, 1));
    assert!(column(last, "problem").as_string::<i32>().value(0).contains("no Arrow stream"));
}

#[tokio::test]
async fn hostile_bytes_break_nothing() {
    let whole = written(&[three()]);
    for at in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        let status = send(damaged).await.status();
        assert!(!status.is_server_error(), "byte {at}: {status}");
    }
}

#[tokio::test]
async fn a_batch_has_a_largest_size() {
    let long = "x".repeat(17 << 20);
    let table = RecordBatch::try_from_iter(vec![("jurisdiction", texts(&[&long]))]);
    let (status, problem) = refused(written(&[table.expect("a table")])).await;
    assert_eq!((status, &problem["code"]), (413, &"body-too-large".into()));
}

/// Writes a request in JSON as a table of one row.
fn phone_call() -> (RecordBatch, Value) {
    let request: Value = serde_json::from_str(PHONE_CALL).expect("JSON");
    let yes = || Arc::new(BooleanArray::from(vec![true])) as ArrayRef;
    let days = |text: &str| Arc::new(Date32Array::from(vec![day(text)])) as ArrayRef;
    let table = RecordBatch::try_from_iter(vec![
        ("jurisdiction", texts(&["us-ny-nyc"])),
        ("agency", texts(&["nypd"])),
        ("on", days("2023-03-29")),
        ("papers", list_of(texts(&["phone call"]), &[1])),
        ("acts", list_of(texts(&["share_status_information"]), &[1])),
        ("instant_arrest", days("2023-03-29")),
        ("from_immigration_authority", yes()),
        ("from_federal_agency", yes()),
    ]);
    (table.expect("a table"), request)
}

#[tokio::test]
async fn a_citation_under_which_several_provisions_stand_is_told_once() {
    let (table, mut request) = phone_call();
    request["acts"] = json!(["share_status_information"]);
    let request = Request::post("/api/v1/decide")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(request.to_string()))
        .expect("a request");
    let answer: Value =
        serde_json::from_str(&text(call(&mut router(), request).await).await).expect("JSON");
    let reasons = answer["determinations"][0]["basis"].as_array().expect("a list").len();
    let batches = read(send(written(&[table])).await).await;
    let row = first_act(&batches[0], 0);
    assert_eq!(row, same_of(&answer));
    let citations = row["citations"].as_array().expect("a list").len();
    assert!(citations < reasons, "{citations} of {reasons}: the example has none twice any more");
}

/// A table of so many rows, all of which name the same long text.
fn many_name_one(rows: usize, long: &str, with: impl Fn(ArrayRef) -> ArrayRef) -> RecordBatch {
    let keys = Int32Array::from(vec![0; rows]);
    let named = DictionaryArray::try_new(keys, texts(&[long])).expect("a dictionary");
    let agencies = vec!["doc"; rows];
    let days = Date32Array::from(vec![day("2025-03-04"); rows]);
    RecordBatch::try_from_iter(vec![
        ("jurisdiction", texts(&vec!["us-ny-nyc"; rows])),
        ("agency", texts(&agencies)),
        ("on", Arc::new(days) as ArrayRef),
        ("acts", list_of(texts(&vec!["hold_past_release"; rows]), &vec![1; rows])),
        ("policy", with(Arc::new(named))),
    ])
    .expect("a table")
}

#[tokio::test]
async fn rows_that_name_one_long_text_are_not_written_out_again_and_again() {
    let long = "x".repeat(1 << 20);
    let as_view = |array: ArrayRef| -> ArrayRef {
        let mut views = StringViewBuilder::new().with_deduplicate_strings();
        (0..array.len()).for_each(|_| views.append_value(&long));
        Arc::new(views.finish())
    };
    for table in [many_name_one(600, &long, |array| array), many_name_one(600, &long, as_view)] {
        let batches = read(send(written(&[table])).await).await;
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        assert_eq!(rows, 600, "each is told");
        for batch in &batches {
            let problems = column(batch, "problem").as_string::<i32>();
            for problem in problems.iter().map(|it| it.expect("a problem")) {
                assert!(problem.contains("body-too-large"), "{problem}");
                assert!(problem.contains("a row has at most 65536 bytes"), "{problem}");
            }
        }
    }
    let short = many_name_one(3, "no-such-policy", |array| array);
    let batches = read(send(written(&[short])).await).await;
    let problem = column(&batches[0], "problem").as_string::<i32>().value(0).to_owned();
    assert!(problem.contains("no-such-policy"), "{problem}");
}

#[tokio::test]
async fn the_dictionaries_of_a_stream_have_a_largest_size_together() {
    let one = |letter: &str| -> ArrayRef {
        let long = letter.repeat(9 << 20);
        let keys = Int32Array::from(vec![None::<i32>]);
        Arc::new(DictionaryArray::try_new(keys, texts(&[&long])).expect("a dictionary"))
    };
    let table = |count: usize| {
        let mut columns =
            vec![("jurisdiction", texts(&["us-ny-nyc"])), ("agency", texts(&["doc"]))];
        columns.push(("on", Arc::new(Date32Array::from(vec![day("2025-03-04")])) as ArrayRef));
        columns.push(("acts", list_of(texts(&["hold_past_release"]), &[1])));
        columns.extend(["policy", "known_on"].into_iter().zip(["x", "y"].map(one)).take(count));
        RecordBatch::try_from_iter(columns).expect("a table")
    };
    let batches = read(send(written(&[table(1), table(1)])).await).await;
    assert_eq!(batches.len(), 2, "what is sent again takes the place of what was there");
    assert!(column(&batches[1], "problem").is_null(0));
    let (status, problem) = refused(written(&[table(2)])).await;
    assert_eq!((status, &problem["code"]), (413, &"body-too-large".into()));
}
