//! The description of the interface.

use std::sync::OnceLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::openapi::openapi_document;

/// It is written once: it says what the program can do, and that does not change while it runs.
static DOCUMENT: OnceLock<String> = OnceLock::new();

/// This description
#[utoipa::path(get, path = "/api/v1/openapi.json", operation_id = "openapi", tag = "service",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
pub(crate) async fn openapi_json() -> Response {
    let kind = HeaderValue::from_static("application/json");
    let document = DOCUMENT.get_or_init(openapi_document).as_str();
    ([(header::CONTENT_TYPE, kind)], document).into_response()
}
