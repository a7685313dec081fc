//! The description of the interface.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::openapi::openapi_document;

/// This description
#[utoipa::path(get, path = "/api/v1/openapi.json", operation_id = "openapi", tag = "service",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
pub(crate) async fn openapi_json() -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind)], openapi_document()).into_response()
}
