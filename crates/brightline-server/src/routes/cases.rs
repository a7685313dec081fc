//! Cases: received, listed, searched, read.

// The macro that reads the parameters of a query writes their type with a path.
#![allow(unused_qualifications)]

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use brightline_docket::{Asked, CaseSummary, CaseView, Cursor, FactSet, Filter, NewCase, Order};
use brightline_docket::{Subject, TaskSummary};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use super::forms::{AskedForm, FactForm, SubjectForm};
use crate::access::{Action, Principal};
use crate::body;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::service::Service;

/// The head in which a reader says what for.
const WHY: &str = "x-why";

/// A case as its entries tell it: what is asked, facts with their evidence, the determination that
/// stands, what was done, what is owed, and a line for each entry.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(crate) struct CaseDocument {
    /// The reference.
    reference: String,
    /// How many changes there were; `ETag` says the same.
    version: u64,
    /// Where it stands.
    stage: String,
}

/// Which case.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "describes the parameters that `Change` reads")]
pub(super) struct CasePath {
    /// The reference
    reference: String,
}

/// The version that was seen.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the parameters that `Change` reads")]
pub(super) struct SeenVersion {
    /// The `ETag` that was seen
    #[param(rename = "If-Match")]
    if_match: String,
}

/// What a change of a case answers.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `answered` makes")]
pub(super) enum ChangedCase {
    /// The case as it is now
    #[response(status = 200)]
    Shown(CaseDocument),
    /// Not permitted, not there, or changed since
    #[response(status = "4XX", content_type = "application/problem+json")]
    Refused(ProblemDocument),
}

/// A request that arrives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseForm {
    /// What is asked, of whom, on which day.
    #[schema(value_type = AskedForm)]
    asked: Asked,
    /// Whom it is about.
    #[serde(default)]
    #[schema(value_type = Option<SubjectForm>)]
    subject: Option<Subject>,
    /// What is known already.
    #[serde(default)]
    #[schema(value_type = Vec<FactForm>)]
    facts: Vec<FactSet>,
    /// How it came: `form`, `mail`, `phone`, `door`, `system`.
    channel: String,
    /// Where the person is, or where the agents are.
    #[serde(default)]
    facility: String,
    /// SHA-256 of each document, by its name.
    #[serde(default)]
    documents: BTreeMap<String, String>,
}

/// Which cases are listed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// One agency, as `JURISDICTION/AGENCY`.
    agency: Option<String>,
    /// Where they stand.
    stage: Option<String>,
    /// An act among theirs.
    act: Option<String>,
    /// How many; at most 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// One page of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct CasePage {
    /// The cases; nothing of this is personal data.
    #[schema(value_type = Vec<Object>)]
    items: Vec<CaseSummary>,
    /// To be sent as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A search by name or number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchForm {
    /// Words of a name, or a number.
    words: String,
    /// What for; it is recorded, and the words are not.
    why: String,
}

/// What a search found.
#[derive(Serialize, ToSchema)]
pub(crate) struct FoundPage {
    /// The cases.
    #[schema(value_type = Vec<Object>)]
    items: Vec<CaseSummary>,
    /// There are more: add a word.
    cut: bool,
}

/// Takes a request in
///
/// It is recorded and decided as far as the facts go.
#[utoipa::path(post, path = "/api/v1/cases", operation_id = "receive", tag = "cases",
    request_body = CaseForm,
    responses((status = 201, description = "The case", body = CaseDocument),
        (status = "4XX", description = "Not permitted, or something is wrong",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn receive(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    heads: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let sent: CaseForm = body::object(&heads, sent, service.settings()).await?;
    let agency = format!("{}/{}", sent.asked.jurisdiction, sent.asked.agency);
    service.require_agency(&principal, Action::Receive, &agency)?;
    let CaseForm { asked, subject, facts, channel, facility, documents } = sent;
    let new = NewCase { asked, subject, facts, channel, facility, documents };
    let view = service.office()?.receive(&principal.actor()?, new).await?;
    let place = format!("/api/v1/cases/{}", view.reference);
    Ok(([(header::LOCATION, place)], shown(StatusCode::CREATED, &view)).into_response())
}

/// Cases, a page at a time
#[utoipa::path(get, path = "/api/v1/cases", operation_id = "list_cases", tag = "cases",
    params(ListQuery),
    responses((status = 200, description = "A page", body = CasePage),
        (status = "4XX", description = "Not permitted, or something is wrong",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<CasePage>, Problem> {
    let wrong = |error: axum::extract::rejection::QueryRejection| {
        Problem::new(Kind::MalformedRequest, error.body_text())
    };
    let Query(ListQuery { agency, stage, act, limit, cursor }) = query.map_err(wrong)?;
    let cursor = cursor.map(|text| Cursor::parse(&text)).transpose()?;
    let limit = limit.unwrap_or_default();
    let filter = Filter { agency, stage, act, limit, order: Order::Received, ..Filter::default() };
    let page = service.office()?.list(&principal.actor()?, &filter, cursor.as_ref()).await?;
    let next = page.next.map(|cursor| cursor.to_text());
    Ok(Json(CasePage { items: page.items, next }))
}

/// Searches cases by name or number
#[utoipa::path(post, path = "/api/v1/cases/search", operation_id = "search_cases", tag = "cases",
    request_body = SearchForm,
    responses((status = 200, description = "What was found", body = FoundPage),
        (status = "4XX", description = "Not permitted, or something is wrong",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn search(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    heads: HeaderMap,
    sent: Body,
) -> Result<Json<FoundPage>, Problem> {
    let sent: SearchForm = body::object(&heads, sent, service.settings()).await?;
    let found = service.office()?.find(&principal.actor()?, &sent.words, &sent.why).await?;
    Ok(Json(FoundPage { items: found.items, cut: found.is_cut }))
}

/// A case
///
/// That it was read is recorded; say in `X-Why` what for.
#[utoipa::path(get, path = "/api/v1/cases/{reference}", operation_id = "read_case", tag = "cases",
    params(("reference" = String, Path, description = "The reference")),
    responses((status = 200, description = "The case", body = CaseDocument),
        (status = "4XX", description = "Not permitted, or no such case",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn read(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    heads: HeaderMap,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    let why = heads.get(WHY).and_then(|it| it.to_str().ok()).unwrap_or("work on the case");
    let view = service.office()?.case(&principal.actor()?, &reference, why).await?;
    Ok(shown(StatusCode::OK, &view))
}

/// What is owed in open cases, what is due first
#[utoipa::path(get, path = "/api/v1/tasks", operation_id = "list_tasks", tag = "cases",
    responses((status = 200, description = "The tasks", body = Vec<Object>),
        (status = "4XX", description = "Not permitted", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn tasks(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
) -> Result<Json<Vec<TaskSummary>>, Problem> {
    Ok(Json(service.office()?.tasks(&principal.actor()?, None, None).await?))
}

/// Returns a case with its version as an entity tag.
pub(super) fn shown(status: StatusCode, view: &CaseView) -> Response {
    let mut response = (status, Json(view)).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", view.version)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
