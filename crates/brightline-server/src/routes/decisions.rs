//! Decided and recorded in one call, for systems; and what happened since.

// The macro that reads the parameters of a query writes their type with a path.
#![allow(unused_qualifications)]

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use brightline_desk::Request;
use brightline_docket::{Happening, RecordedDecision};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Action, Principal};
use crate::body;
use crate::openapi::{DecideRequest, Determination};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::service::Service;

/// A determination that is recorded, durably.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct RecordedDocument {
    /// The case.
    reference: String,
    /// Its version.
    version: u64,
    /// The place of the determination in the log.
    position: u64,
    /// The answer.
    #[schema(inline = false)]
    response: Determination,
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// The last position that was seen; left out: from the beginning.
    after: Option<u64>,
}

/// What happened, without personal data.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventPage {
    /// The oldest first; at most a thousand.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Happening>,
    /// To be sent as `after` next time.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<u64>,
}

/// Decides a request and records it as a case
///
/// When this answers, request, facts and determination are durable.
#[utoipa::path(post, path = "/api/v1/decisions", operation_id = "record_decision", tag = "cases",
    request_body = DecideRequest,
    responses((status = 201, description = "Recorded", body = RecordedDocument),
        (status = "4XX", description = "Not permitted, or something is wrong",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn record(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    heads: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<RecordedDecision>), Problem> {
    let text = body::json(&heads, sent, service.settings()).await?;
    let request = Request::read(&text)?;
    let part = |it: &Option<std::borrow::Cow<'_, str>>| it.as_deref().unwrap_or("").to_owned();
    let agency = format!("{}/{}", part(&request.jurisdiction), part(&request.agency));
    service.require_agency(&principal, Action::RecordDecision, &agency)?;
    let (office, actor) = (service.office()?, principal.actor()?);
    let recorded = office.record_decision(&actor, &request, principal.name()).await?;
    Ok((StatusCode::CREATED, Json(recorded)))
}

/// What happened in the cases of one's agencies
#[utoipa::path(get, path = "/api/v1/events", operation_id = "list_events", tag = "cases",
    params(EventsQuery),
    responses((status = 200, description = "What happened", body = EventPage),
        (status = "4XX", description = "Not permitted", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn events(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    query: Result<Query<EventsQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<EventPage>, Problem> {
    let Query(query) =
        query.map_err(|error| Problem::new(Kind::MalformedRequest, error.body_text()))?;
    let after = query.after.filter(|after| i64::try_from(*after).is_ok());
    let (items, last) = service.office()?.events(&principal.actor()?, after).await?;
    Ok(Json(EventPage { items, last }))
}
