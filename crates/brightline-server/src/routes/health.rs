//! What machines ask of the service itself.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::problem::{Problem, ProblemDocument};
use crate::service::Service;
use crate::standing::Standing;

/// Says that the process answers
#[utoipa::path(get, path = "/health", operation_id = "health", tag = "service",
    responses((status = 200, description = "The process answers", body = String)))]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Says whether the service can do its work
#[utoipa::path(get, path = "/ready", operation_id = "ready", tag = "service",
    responses((status = 200, description = "The service can do its work", body = String),
        (status = 503, description = "It cannot", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn ready(State(service): State<Service>) -> Result<&'static str, Problem> {
    service.accounts()?.store().ping().await?;
    Ok("ready\n")
}

/// Counts and times, in the text format of Prometheus
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "service",
    responses((status = 200, description = "Counts and times", body = String,
        content_type = "application/openmetrics-text")))]
pub(crate) async fn metrics(State(service): State<Service>) -> Response {
    if let Ok(office) = service.office()
        && let Ok(standing) = Standing::of(office.store()).await
    {
        service.metrics().stand(&standing);
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let kind = HeaderValue::from_static(kind);
    ([(header::CONTENT_TYPE, kind)], service.metrics().page()).into_response()
}
