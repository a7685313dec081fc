//! The service, called as a client would.

#![allow(clippy::expect_used)]

mod access;
mod account_events;
mod accounts;
mod case_page;
mod cases;
mod counter;
mod desk;
mod device;
mod interview;
mod letterheads;
mod limits;
mod once;
mod openid;
mod pages;
mod passkeys;
mod people;
mod receiver;
mod records;
mod releases;
mod routes;
mod rules;
mod standing;
mod webhooks;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use brightline_desk::{Library, Packs};
use brightline_server::{Service, Settings};
use http_body_util::BodyExt;
use serde_json::Value;
use tower_service::Service as _;

/// A service that only decides.
fn router() -> Router {
    let packs = Packs::embedded().expect("the embedded packs load");
    let service = Service::deciding(settings(), Library::open(packs));
    service.expect("the policies can be read").router()
}

/// Small limits, so that they are reached soon.
fn settings() -> Settings {
    Settings {
        body_bytes_max: 64 << 10,
        body_time_max: Duration::from_millis(200),
        ..Settings::default()
    }
}

async fn call(router: &mut Router, request: Request<Body>) -> Response<Body> {
    router.call(request).await.expect("the router answers")
}

async fn json(response: Response<Body>) -> Value {
    serde_json::from_str(&text(response).await).expect("JSON")
}

async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
