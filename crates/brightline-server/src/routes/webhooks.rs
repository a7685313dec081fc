//! Systems that are told of events, for administrators.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use brightline_docket::{Error, Event};
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use utoipa::ToSchema;

use crate::access::Principal;
use crate::body;
use crate::problem::{Problem, ProblemDocument};
use crate::service::Service;
use crate::webhooks::{Hook, NewHook};

/// A webhook that somebody asks for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookForm {
    /// What it is called in the record: small letters, digits, `.`, `-`, `_`.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9._-]+$")]
    name: String,
    /// Where messages are posted to; `https://`.
    #[schema(format = "uri")]
    url: String,
    /// Of which agencies it is told, as `JURISDICTION/AGENCY`.
    agencies: Vec<String>,
    /// Of which kinds of entries it is told, such as `determined`; left out: of all.
    #[serde(default)]
    kinds: Vec<String>,
}

/// A new webhook. The secret is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegisteredWebhook {
    /// What it is called.
    name: String,
    /// The secret under which messages are signed, in the form of Standard Webhooks.
    secret: String,
}

/// A webhook, without its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookView {
    name: String,
    url: String,
    agencies: Vec<String>,
    kinds: Vec<String>,
    /// `delivering`, `failing`: the next try is waited for, or `dead`: nothing is tried any more.
    state: String,
    /// The last place of the log that it was told of, or that does not concern it.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    /// Failures since the last message that arrived.
    failures: u64,
    /// When the next try is, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_at: Option<i64>,
    /// Why the last message did not arrive.
    #[serde(skip_serializing_if = "String::is_empty")]
    last_fault: String,
}

impl From<Hook> for WebhookView {
    fn from(hook: Hook) -> Self {
        let state = match (hook.is_dead, hook.failures) {
            (true, _) => "dead",
            (false, 0) => "delivering",
            (false, _) => "failing",
        };
        let Hook { name, url, agencies, kinds, position, failures, next_at, last_fault, .. } = hook;
        let next_at = (next_at > 0).then_some(next_at);
        let state = state.to_owned();
        Self { name, url, agencies, kinds, state, position, failures, next_at, last_fault }
    }
}

/// All webhooks, and how far each is
#[utoipa::path(get, path = "/api/v1/webhooks", operation_id = "list_webhooks", tag = "webhooks",
    responses((status = 200, description = "By name", body = Vec<WebhookView>),
        (status = "4XX", description = "Not permitted", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(service): State<Service>,
) -> Result<Json<Vec<WebhookView>>, Problem> {
    let hooks = service.accounts()?.hooks().await?;
    Ok(Json(hooks.into_iter().map(WebhookView::from).collect()))
}

/// Registers a webhook
///
/// It is told what happens from now on, in order, by signed messages without personal data.
#[utoipa::path(post, path = "/api/v1/webhooks", operation_id = "register_webhook",
    tag = "webhooks", request_body = WebhookForm,
    responses((status = 201, description = "The secret, once", body = RegisteredWebhook),
        (status = "4XX", description = "Not permitted, or something is wrong",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn register(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    heads: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<RegisteredWebhook>), Problem> {
    let sent: WebhookForm = body::object(&heads, sent, service.settings()).await?;
    let WebhookForm { name, url, agencies, kinds } = sent;
    service.library().require_agencies(agencies.iter().map(String::as_str))?;
    for (at, kind) in kinds.iter().enumerate() {
        if !Event::KINDS.contains(&kind.as_str()) {
            return Err(body::no_such(&format!("kinds[{at}]"), "kind", kind, &Event::KINDS));
        }
    }
    require_reach(&service, &url)?;
    let new = NewHook { name: name.clone(), url, agencies, kinds };
    let secret = service.accounts()?.register_hook(&new, principal.name()).await?;
    Ok((StatusCode::CREATED, Json(RegisteredWebhook { name, secret })))
}

/// Refuses an address that would never be called; a name is looked up each time it is.
fn require_reach(service: &Service, url: &str) -> Result<(), Problem> {
    let address = match Url::parse(url).ok().as_ref().and_then(Url::host) {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(_)) | None => return Ok(()),
    };
    let reach = service.settings().webhook_reach();
    let refused = reach.require(address, false);
    Ok(refused.map_err(|message| Error::invalid("url", &message))?)
}

/// Takes a webhook away
#[utoipa::path(delete, path = "/api/v1/webhooks/{name}", operation_id = "remove_webhook",
    tag = "webhooks", params(("name" = String, Path, description = "The webhook")),
    responses((status = 204, description = "It is told nothing more"),
        (status = "4XX", description = "Not permitted, or no such webhook",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn remove(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    service.accounts()?.remove_hook(&name, principal.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delivers again where delivery was given up, with the first message that did not arrive
#[utoipa::path(post, path = "/api/v1/webhooks/{name}/resume", operation_id = "resume_webhook",
    tag = "webhooks", params(("name" = String, Path, description = "The webhook")),
    responses((status = 204, description = "It is tried again"),
        (status = "4XX", description = "Not permitted, or no such webhook",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn resume(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    service.accounts()?.resume_hook(&name, principal.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}
