//! The service, called as a client would.

#![allow(clippy::expect_used)]

mod routes;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use brightline_docket::{Library, Packs};
use brightline_server::{Service, Settings};
use http_body_util::BodyExt;
use serde_json::Value;
use tower_service::Service as _;

/// A service with small limits, so that they are reached soon.
fn router() -> Router {
    let packs = Packs::embedded().expect("the embedded packs load");
    let settings = Settings {
        body_bytes_max: 64 << 10,
        body_time_max: Duration::from_millis(200),
        ..Settings::default()
    };
    Service::new(settings, Library::open(packs)).router()
}

async fn call(router: &mut Router, request: Request<Body>) -> Response<Body> {
    router.call(request).await.expect("the router answers")
}

async fn json(response: Response<Body>) -> Value {
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    serde_json::from_slice(&bytes).expect("JSON")
}
