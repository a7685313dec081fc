//! What happened to accounts, read from the log.

// The macro that reads the parameters of a query writes their type with a path.
#![allow(unused_qualifications)]

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::{Extension, Json};
use brightline_docket::AccountHappening;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::Principal;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::service::Service;

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BeforeQuery {
    /// The position of the oldest event that was seen; left out: from the newest.
    before: Option<u64>,
}

/// What happened to accounts.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountEventPage {
    /// The newest first, each with its place in the log; at most 200.
    #[schema(value_type = Vec<Object>)]
    items: Vec<AccountHappening>,
}

/// What happened to accounts: sign-ins, locks, roles, tokens, resets
///
/// Each is an entry of the log, written in the transaction that made it happen.
#[utoipa::path(get, path = "/api/v1/account-events", operation_id = "list_account_events",
    tag = "accounts", params(BeforeQuery),
    responses((status = 200, description = "What happened", body = AccountEventPage),
        (status = "4XX", description = "Not permitted", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    query: Result<Query<BeforeQuery>, QueryRejection>,
) -> Result<Json<AccountEventPage>, Problem> {
    let Query(query) =
        query.map_err(|error| Problem::new(Kind::MalformedRequest, error.body_text()))?;
    let before = query.before.filter(|before| i64::try_from(*before).is_ok());
    let items = service.office()?.account_events(&principal.actor()?, before).await?;
    Ok(Json(AccountEventPage { items }))
}
