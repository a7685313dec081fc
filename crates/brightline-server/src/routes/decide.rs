//! Deciding without recording: facts in, determinations out, nothing kept.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::body;
use crate::openapi::{DecideRequest, Determination};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::service::Service;

/// A longer request is decided on a thread of its own, so that others need not wait for it.
const SHORT_BYTES_MAX: usize = 16 << 10;

/// Decides a request under the law of its day
///
/// Nothing is recorded: the same request always has the same answer.
/// What must, may or must not be done, why, and exactly which facts are still needed.
#[utoipa::path(
    post,
    path = "/api/v1/decide",
    operation_id = "decide",
    tag = "decide",
    request_body = DecideRequest,
    responses(
        (status = 200, description = "A determination of each act", body = Determination),
        (status = "4XX", description = "The request is at fault", body = ProblemDocument,
         content_type = "application/problem+json"),
    )
)]
pub(crate) async fn decide(
    State(service): State<Service>,
    heads: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let text = body::json(&heads, body, service.settings()).await?;
    let document = if text.len() <= SHORT_BYTES_MAX {
        answer(&service, &text)?
    } else {
        let deciding = tokio::task::spawn_blocking(move || answer(&service, &text));
        deciding.await.map_err(|_| Problem::new(Kind::Internal, "deciding broke off"))??
    };
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind)], document).into_response())
}

fn answer(service: &Service, text: &str) -> Result<String, Problem> {
    Ok(service.library().answer_json(text)?)
}
