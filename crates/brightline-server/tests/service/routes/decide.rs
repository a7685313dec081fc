//! `/api/v1/decide`.

use axum::body::{Body, Bytes};
use axum::http::{Request, Response, header};
use http_body_util::StreamBody;
use hyper::body::Frame;
use serde_json::Value;

use crate::{call, json, router};

const REQUEST: &str = include_str!("../../../../../examples/new-york-detainer.json");

fn post(body: impl Into<Body>) -> Request<Body> {
    Request::post("/api/v1/decide")
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .expect("a request")
}

async fn refused(body: impl Into<Body>) -> (u16, Value) {
    let response = call(&mut router(), post(body)).await;
    assert_eq!(kind(&response), "application/problem+json");
    let status = response.status().as_u16();
    let problem = json(response).await;
    assert_eq!(problem["status"], status);
    assert!(problem["request_id"].as_str().is_some_and(|id| id.len() == 17));
    (status, problem)
}

fn kind(response: &Response<Body>) -> &str {
    response.headers()[header::CONTENT_TYPE].to_str().expect("text")
}

#[tokio::test]
async fn the_answer_is_that_of_the_library() {
    let response = call(&mut router(), post(REQUEST)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(kind(&response), "application/json");
    let packs = brightline_desk::Packs::embedded().expect("packs");
    let library = brightline_desk::Library::open(packs);
    let request = brightline_desk::Request::read(REQUEST).expect("a request");
    let answer = library.answer(&request).expect("an answer");
    assert_eq!(json(response).await, serde_json::to_value(answer).expect("JSON"));
}

#[tokio::test]
async fn a_wrong_name_is_pointed_at_with_the_nearest_right_one() {
    let body = REQUEST.replacen("\"agency\"", "\"agancy\"", 1);
    let (status, problem) = refused(body).await;
    assert_eq!((status, &problem["code"]), (422, &"refused-request".into()));
    assert_eq!(problem["errors"][0]["pointer"], "/agancy");
    assert_eq!(problem["errors"][0]["help"], "did you mean `agency`?");
}

#[tokio::test]
async fn a_body_that_is_too_large_too_deep_or_no_text_is_refused() {
    let (status, problem) = refused(" ".repeat(70_000)).await;
    assert_eq!((status, &problem["code"]), (413, &"body-too-large".into()));
    let (status, problem) = refused("[".repeat(60_000)).await;
    assert_eq!((status, &problem["code"]), (400, &"body-too-deep".into()));
    let (status, problem) = refused(vec![b'{', 0xff, b'}']).await;
    assert_eq!((status, &problem["code"]), (400, &"malformed-request".into()));
    let (status, problem) = refused("{\"on\": null}").await;
    assert_eq!((status, &problem["code"]), (422, &"refused-request".into()));
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let first = Bytes::from_static(b"{");
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    sender.send(first).await.expect("room for one");
    let endless = frames(receiver);
    let (status, problem) = refused(Body::new(endless)).await;
    assert_eq!((status, &problem["code"]), (408, &"body-too-slow".into()));
    drop(sender);
}

/// A body of what comes out of a channel.
fn frames(
    receiver: tokio::sync::mpsc::Receiver<Bytes>,
) -> StreamBody<impl futures_core::Stream<Item = Result<Frame<Bytes>, std::convert::Infallible>>> {
    struct Frames(tokio::sync::mpsc::Receiver<Bytes>);
    impl futures_core::Stream for Frames {
        type Item = Result<Frame<Bytes>, std::convert::Infallible>;

        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            self.0.poll_recv(context).map(|bytes| bytes.map(|it| Ok(Frame::data(it))))
        }
    }
    StreamBody::new(Frames(receiver))
}

#[tokio::test]
async fn another_type_or_method_or_address_is_a_problem_too() {
    let plain = Request::post("/api/v1/decide").body(Body::from("{}")).expect("a request");
    let get = Request::get("/api/v1/decide").body(Body::empty()).expect("a request");
    let lost = Request::get("/api/v1/nothing").body(Body::empty()).expect("a request");
    for (request, status, code) in [
        (plain, 415, "wrong-media-type"),
        (get, 405, "method-not-allowed"),
        (lost, 404, "not-found"),
    ] {
        let response = call(&mut router(), request).await;
        assert_eq!(response.status(), status);
        assert_eq!(kind(&response), "application/problem+json");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(json(response).await["code"], code);
    }
}
