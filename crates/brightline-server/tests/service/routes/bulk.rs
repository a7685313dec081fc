//! `/api/v1/decide/bulk`.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::Value;

use crate::{call, router, text};

const REQUEST: &str = include_str!("../../../../../examples/new-york-detainer.json");

#[tokio::test]
async fn each_line_has_its_answer_in_order() {
    let whole: Value = serde_json::from_str(REQUEST).expect("JSON");
    let body = format!("{whole}\n{{\"agency\": 1}}\n[[[\n{whole}");
    let request = Request::post("/api/v1/decide/bulk")
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .body(Body::from(body))
        .expect("a request");
    let response = call(&mut router(), request).await;
    assert_eq!(response.status(), 200);
    let text = text(response).await;
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let numbers: Vec<u64> = lines.iter().filter_map(|it| it["line"].as_u64()).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert_eq!(lines[0]["response"], lines[3]["response"]);
    assert!(lines[0]["response"]["determinations"].is_array());
    assert_eq!(lines[1]["problem"]["code"], "refused-request");
    assert_eq!(lines[2]["problem"]["code"], "refused-request");
    assert!(lines[2]["problem"]["request_id"].as_str().is_some_and(|id| !id.is_empty()));
}

#[tokio::test]
async fn a_line_without_an_end_ends_the_stream() {
    let request = Request::post("/api/v1/decide/bulk")
        .header(header::CONTENT_TYPE, "application/x-ndjson")
        .body(Body::from(" ".repeat(100_000)))
        .expect("a request");
    let text = text(call(&mut router(), request).await).await;
    assert_eq!(text.lines().count(), 1);
    assert!(text.contains("body-too-large"), "{text}");
}
