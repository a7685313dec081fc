//! Many requests at once, one a line or one a row, answered while they come.

mod arrow;
mod cells;
mod table;

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::body::Frame;
use serde_json::json;
use tokio::sync::mpsc;

use crate::body::{DEPTH_MAX, require_type};
use crate::depth::is_deeper_than;
use crate::edge::RequestId;
use crate::limits::{OpenStream, Place, RowCaller};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::service::Service;

const NDJSON: &str = "application/x-ndjson";
/// A line longer than this ends the stream: 64 KiB.
const LINE_BYTES_MAX: usize = 64 << 10;
/// So many pieces of the answer wait for a slow reader; then reading stops, too.
const WAITING_MAX: usize = 8;

/// Decides many requests, one a line or one a row
///
/// Nothing is recorded, and both ways are streamed, so a body may be of any length. Nobody needs
/// credentials; with a token or a session the rows count for it, at the higher rate of the known.
///
/// As `application/x-ndjson`, lines of the answer stand in the order of those of the body, and hold
/// either `response` or `problem`.
///
/// As `application/vnd.apache.arrow.stream` (Arrow IPC), each row is a request: the columns
/// `jurisdiction`, `agency`, `on`, `known_on`, `policy`, `papers` and `acts` are its fields, each
/// other column is a fact, a list of structs a list of records, and an empty cell is left out. The
/// answer has the columns `row` (from 0), `problem` (a problem document, or empty), `pack` (the
/// digest of the law) and `determinations`: a list of `act`, `outcome`, `possible`, `safe`,
/// `questions` and `citations`.
#[utoipa::path(post, path = "/api/v1/decide/bulk", operation_id = "decide_bulk", tag = "decide",
    request_body(content((String = "application/x-ndjson"),
        (Vec<u8> = "application/vnd.apache.arrow.stream"))),
    responses((status = 200, description = "A line for each line, or a row for each row",
         content((String = "application/x-ndjson"),
            (Vec<u8> = "application/vnd.apache.arrow.stream"))),
        (status = "4XX",
         description = "The body is of another type, or no stream of it, or too many are open",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn decide_bulk(
    State(service): State<Service>,
    id: Option<axum::Extension<RequestId>>,
    caller: RowCaller,
    heads: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let id = id.map(|axum::Extension(id)| id.0).unwrap_or_default();
    let is_arrow = arrow::is_arrow(&heads);
    if !is_arrow {
        require_type(&heads, NDJSON)?;
    }
    let stream = service.gate().open_stream(&caller)?;
    let answerer = Answerer { service, id, caller, _stream: stream };
    if is_arrow {
        return arrow::answer(answerer, body).await;
    }
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    let answering = Answering { answerer, sender, lines: 0, rest: Vec::new() };
    tokio::spawn(answering.run(body));
    let kind = HeaderValue::from_static(NDJSON);
    Ok(([(header::CONTENT_TYPE, kind)], Body::new(Pieces(receiver))).into_response())
}

/// The answer, as it comes.
struct Pieces(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|it| Ok(Frame::data(it))))
    }
}

/// Whoever answers a stream: for whom, under which number, and within which rate.
struct Answerer {
    service: Service,
    id: String,
    caller: RowCaller,
    /// One of those that the caller may have open; given back when the answer ends.
    _stream: OpenStream,
}

impl Answerer {
    /// Waits until so many rows more may be decided: a stream that is too fast is slowed down.
    async fn wait_for(&self, rows: usize) {
        while let Some(pause) = self.service.gate().pause_of_rows(&self.caller, rows) {
            tokio::time::sleep(pause).await;
        }
    }

    /// Returns how many rows may be waited for at once, of those that one would like to.
    fn rows_at_once(&self, wanted: usize) -> usize {
        self.service.gate().rows_at_once(&self.caller, wanted)
    }

    /// Returns a place among those who decide rows; it is given back after a few of them.
    async fn place(&self) -> Place<'_> {
        self.service.gate().place(&self.caller).await
    }
}

/// A body that is being answered.
struct Answering {
    answerer: Answerer,
    sender: mpsc::Sender<Bytes>,
    lines: u64,
    /// The beginning of a line whose end did not come yet.
    rest: Vec<u8>,
}

impl Answering {
    async fn run(mut self, mut body: Body) {
        let wait = self.answerer.service.settings().body_time_max;
        loop {
            let frame = match tokio::time::timeout(wait, body.frame()).await {
                Ok(Some(Ok(frame))) => frame,
                Ok(None) => break,
                Ok(Some(Err(_))) => return,
                Err(_) => {
                    let problem = Problem::new(Kind::BodyTooSlow, "the next line did not come");
                    let _ = self.sender.send(self.refused(problem)).await;
                    return;
                }
            };
            let Ok(data) = frame.into_data() else { continue };
            self.rest.extend_from_slice(&data);
            if !self.answer_lines().await {
                return;
            }
        }
        if !self.rest.is_empty() {
            self.rest.push(b'\n');
            self.answer_lines().await;
        }
    }

    /// Answers the lines that are whole; `false` when nobody listens or a line has no end.
    async fn answer_lines(&mut self) -> bool {
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else {
            if self.rest.len() <= LINE_BYTES_MAX {
                return true;
            }
            let detail = format!("a line has at most {LINE_BYTES_MAX} bytes");
            let refused = self.refused(Problem::new(Kind::BodyTooLarge, detail));
            let _ = self.sender.send(refused).await;
            return false;
        };
        let tail = self.rest.split_off(end + 1);
        let whole = std::mem::replace(&mut self.rest, tail);
        for line in whole.split_inclusive(|byte| *byte == b'\n') {
            self.lines += 1;
            self.answerer.wait_for(1).await;
            let place = self.answerer.place().await;
            let piece = self.answer(line);
            drop(place);
            if self.sender.send(piece).await.is_err() {
                return false;
            }
        }
        true
    }

    fn answer(&self, line: &[u8]) -> Bytes {
        match self.decide(line) {
            Ok(response) => response,
            Err(problem) => self.refused(problem),
        }
    }

    fn decide(&self, line: &[u8]) -> Result<Bytes, Problem> {
        let text = std::str::from_utf8(line)
            .map_err(|_| Problem::new(Kind::MalformedRequest, "the line is not UTF-8"))?;
        if line.len() > LINE_BYTES_MAX {
            return Err(Problem::new(Kind::BodyTooLarge, "the line is too long"));
        }
        if is_deeper_than(text, DEPTH_MAX) {
            return Err(Problem::new(Kind::BodyTooDeep, "the line is nested too deep"));
        }
        let response = self.answerer.service.library().answer_json(text)?;
        Ok(Bytes::from(format!("{{\"line\":{},\"response\":{response}}}\n", self.lines)))
    }

    fn refused(&self, problem: Problem) -> Bytes {
        let problem: serde_json::Value =
            serde_json::from_slice(&problem.document(&self.answerer.id)).unwrap_or_default();
        piece(&json!({ "line": self.lines, "problem": problem }))
    }
}

fn piece(value: &serde_json::Value) -> Bytes {
    Bytes::from(format!("{value}\n"))
}
