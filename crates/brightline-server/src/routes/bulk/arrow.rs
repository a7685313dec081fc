//! Many requests at once as an Arrow stream, answered batch by batch while they come.
//!
//! ```text
//! pieces of the body ─ StreamDecoder ─▶ batches ─ cells ─▶ requests ─ library ─▶ table ─▶ pieces
//! ```

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use brightline_desk::Request;
use http_body_util::BodyExt;
use tokio::sync::mpsc;

use super::table::Answer;
use super::{Answerer, LINE_BYTES_MAX, Pieces, WAITING_MAX, cells, table};
use crate::body::DEPTH_MAX;
use crate::depth::is_deeper_than;
use crate::problem::{Kind, Problem};
use crate::service::Service;

/// The type of bodies.
pub(super) const ARROW: &str = "application/vnd.apache.arrow.stream";
/// So many bytes may come before a batch is whole: 16 MiB.
const BATCH_BYTES_MAX: usize = 16 << 20;
/// So many bytes the dictionaries of a stream may hold together: 16 MiB. They are kept until the
/// stream ends, so that a batch for each would otherwise have as much as it likes.
const DICTIONARY_BYTES_MAX: usize = 16 << 20;
/// So many rows are answered at once.
const ROWS_MAX: usize = 256;

/// Returns whether a body says that it is an Arrow stream.
pub(super) fn is_arrow(heads: &HeaderMap) -> bool {
    crate::body::require_type(heads, ARROW).is_ok()
}

/// Answers a stream; what is wrong with its beginning is a problem, what is wrong later a row.
pub(super) async fn answer(answerer: Answerer, body: Body) -> Result<Response, Problem> {
    let mut reading = Reading::new(answerer.service.clone(), body);
    let first = reading.next().await?;
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    let writer = StreamWriter::try_new(Vec::new(), &table::schema()).map_err(|_| broken())?;
    let answering = Answering { answerer, sender, row: 0, writer };
    tokio::spawn(answering.run(reading, first));
    let kind = HeaderValue::from_static(ARROW);
    Ok(([(header::CONTENT_TYPE, kind)], Body::new(Pieces(receiver))).into_response())
}

/// A body that is being read.
struct Reading {
    service: Service,
    body: Body,
    decoder: StreamDecoder,
    /// What came and was not decoded yet.
    rest: Buffer,
    /// How many bytes came since the last batch.
    bytes: usize,
    is_checked: bool,
}

impl Reading {
    fn new(service: Service, body: Body) -> Self {
        let (decoder, rest) = (StreamDecoder::new(), Buffer::from(Vec::<u8>::new()));
        Self { service, body, decoder, rest, bytes: 0, is_checked: false }
    }

    /// Returns the next batch; none at the end.
    async fn next(&mut self) -> Result<Option<RecordBatch>, Problem> {
        loop {
            if let Some(batch) = self.decode().await? {
                self.bytes = 0;
                return Ok(Some(batch));
            }
            let wait = self.service.settings().body_time_max;
            let frame = match tokio::time::timeout(wait, self.body.frame()).await {
                Ok(Some(Ok(frame))) => frame,
                Ok(None) => return self.end().map(|()| None),
                Ok(Some(Err(_))) => {
                    return Err(Problem::new(Kind::MalformedRequest, "the body broke off"));
                }
                Err(_) => {
                    return Err(Problem::new(Kind::BodyTooSlow, "the next batch did not come"));
                }
            };
            let Ok(data) = frame.into_data() else { continue };
            self.bytes = self.bytes.saturating_add(data.len());
            if self.bytes > BATCH_BYTES_MAX {
                let detail = format!("a batch has at most {BATCH_BYTES_MAX} bytes");
                return Err(Problem::new(Kind::BodyTooLarge, detail));
            }
            self.rest = Buffer::from(data.to_vec());
        }
    }

    /// Decodes what came, apart from everything else: bytes of strangers can break a decoder.
    async fn decode(&mut self) -> Result<Option<RecordBatch>, Problem> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut decoder = std::mem::take(&mut self.decoder);
        let mut rest = std::mem::replace(&mut self.rest, Buffer::from(Vec::<u8>::new()));
        let decoding = tokio::task::spawn_blocking(move || {
            let found = decoder.decode(&mut rest);
            (decoder, rest, found)
        });
        let no_stream = || Problem::new(Kind::MalformedRequest, "this is no Arrow stream");
        let (decoder, rest, found) = decoding.await.map_err(|_| no_stream())?;
        (self.decoder, self.rest) = (decoder, rest);
        let found = found.map_err(|error| malformed(&error))?;
        if let Some(schema) = self.decoder.schema().filter(|_| !self.is_checked) {
            cells::require_readable(&schema)
                .map_err(|fault| Problem::new(Kind::RefusedRequest, fault))?;
            self.is_checked = true;
        }
        if found.as_ref().is_some_and(|it| cells::dictionary_bytes(it) > DICTIONARY_BYTES_MAX) {
            let detail = format!(
                "the dictionaries of a stream hold at most {DICTIONARY_BYTES_MAX} bytes together"
            );
            return Err(Problem::new(Kind::BodyTooLarge, detail));
        }
        Ok(found)
    }

    fn end(&mut self) -> Result<(), Problem> {
        self.decoder.finish().map_err(|error| malformed(&error))?;
        match self.is_checked {
            true => Ok(()),
            false => Err(Problem::new(Kind::MalformedRequest, "the stream has no columns")),
        }
    }
}

fn malformed(error: &ArrowError) -> Problem {
    Problem::new(Kind::MalformedRequest, format!("this is no Arrow stream: {error}"))
}

fn broken() -> Problem {
    Problem::new(Kind::Internal, "the answer cannot be written as an Arrow stream")
}

/// A stream that is being answered.
struct Answering {
    answerer: Answerer,
    sender: mpsc::Sender<Bytes>,
    row: u64,
    writer: StreamWriter<Vec<u8>>,
}

impl Answering {
    async fn run(mut self, mut reading: Reading, first: Option<RecordBatch>) {
        let mut next = Ok(first);
        loop {
            let done = match next {
                Ok(Some(batch)) => self.answer(batch).await,
                Ok(None) => break,
                Err(problem) => {
                    let _ = self.refuse_rest(problem).await;
                    break;
                }
            };
            if done.is_none() {
                return;
            }
            next = reading.next().await;
        }
        if self.writer.finish().is_ok() {
            let _ = self.send().await;
        }
    }

    /// Answers a batch; none when nobody listens any more.
    async fn answer(&mut self, batch: RecordBatch) -> Option<()> {
        let rows_max = self.answerer.rows_at_once(ROWS_MAX);
        for from in (0..batch.num_rows()).step_by(rows_max) {
            let part = batch.slice(from, rows_max.min(batch.num_rows() - from));
            let count = part.num_rows();
            self.answerer.wait_for(count).await;
            let place = self.answerer.place().await;
            let (service, id) = (self.answerer.service.clone(), self.answerer.id.clone());
            let deciding = tokio::task::spawn_blocking(move || decide(&service, &id, &part));
            let decided = deciding.await;
            drop(place);
            let answers = match decided {
                Ok(Ok(answers)) => answers,
                Ok(Err(fault)) => {
                    let problem = Problem::new(Kind::RefusedRequest, fault);
                    return self.refuse_rest(problem).await.and(None);
                }
                Err(_) => return self.refuse_rest(broken()).await.and(None),
            };
            self.write(&answers).await?;
            self.row += count as u64;
        }
        Some(())
    }

    /// Ends the answer with a row that says why the rest has none.
    async fn refuse_rest(&mut self, problem: Problem) -> Option<()> {
        self.write(&[refused(problem, &self.answerer.id)]).await
    }

    async fn write(&mut self, answers: &[Answer]) -> Option<()> {
        let batch = table::batch(self.row, answers).ok()?;
        self.writer.write(&batch).ok()?;
        self.send().await
    }

    async fn send(&mut self) -> Option<()> {
        let piece = std::mem::take(self.writer.get_mut());
        self.sender.send(Bytes::from(piece)).await.ok()
    }
}

fn decide(service: &Service, id: &str, rows: &RecordBatch) -> Result<Vec<Answer>, String> {
    let library = service.library();
    let answers = cells::requests(rows)?.into_iter().map(|text| {
        let Some(text) = text else {
            let detail = format!("a row has at most {LINE_BYTES_MAX} bytes, written as a request");
            return refused(Problem::new(Kind::BodyTooLarge, detail), id);
        };
        if is_deeper_than(&text, DEPTH_MAX) {
            return refused(Problem::new(Kind::BodyTooDeep, "the row is nested too deep"), id);
        }
        let decided = Request::read(&text).and_then(|request| library.answer(&request));
        match decided {
            Ok(response) => Answer::Decided(Box::new(response)),
            Err(refusal) => refused(refusal.into(), id),
        }
    });
    Ok(answers.collect())
}

fn refused(problem: Problem, id: &str) -> Answer {
    Answer::Refused(String::from_utf8(problem.document(id)).unwrap_or_default())
}
