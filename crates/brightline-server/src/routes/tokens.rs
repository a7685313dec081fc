//! Tokens of other systems, for administrators.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Action, Principal};
use crate::accounts::{NewToken, TokenEntry};
use crate::body;
use crate::problem::{Problem, ProblemDocument};
use crate::service::Service;

/// A token that somebody asks for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenForm {
    /// What the token is called in the record.
    #[schema(min_length = 1, max_length = 40)]
    name: String,
    /// The actions it is for, such as `receive`.
    scopes: Vec<String>,
    /// For which agencies, as `JURISDICTION/AGENCY`.
    agencies: Vec<String>,
    /// How many days it lasts.
    #[schema(minimum = 1, maximum = 366)]
    days: i64,
}

/// A new token. The secret is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssuedToken {
    /// What the token is called.
    name: String,
    /// To be sent as `Authorization: Bearer SECRET`.
    secret: String,
}

/// A token, without its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenView {
    name: String,
    scopes: Vec<String>,
    agencies: Vec<String>,
    /// Seconds since 1970.
    expires_at: i64,
}

/// All tokens that are good
#[utoipa::path(get, path = "/api/v1/tokens", operation_id = "list_tokens", tag = "tokens",
    responses((status = 200, description = "By name", body = Vec<TokenView>),
        (status = "4XX", description = "Not permitted", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn list(State(service): State<Service>) -> Result<Json<Vec<TokenView>>, Problem> {
    let view = |entry: TokenEntry| {
        let TokenEntry { name, scopes, agencies, expires_at } = entry;
        TokenView { name, scopes, agencies, expires_at }
    };
    Ok(Json(service.accounts()?.tokens().await?.into_iter().map(view).collect()))
}

/// Issues a token
#[utoipa::path(post, path = "/api/v1/tokens", operation_id = "issue_token", tag = "tokens",
    request_body = TokenForm,
    responses((status = 201, description = "The token, once", body = IssuedToken),
        (status = "4XX", description = "Not permitted, or something is wrong",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn issue(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    heads: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<IssuedToken>), Problem> {
    let sent: TokenForm = body::object(&heads, sent, service.settings()).await?;
    let names: Vec<&str> = scopes(&service).map(Action::name).collect();
    for (at, scope) in sent.scopes.iter().enumerate() {
        if !names.contains(&scope.as_str()) {
            return Err(body::no_such(&format!("scopes[{at}]"), "scope", scope, &names));
        }
    }
    service.library().require_agencies(sent.agencies.iter().map(String::as_str))?;
    let TokenForm { name, scopes, agencies, days } = sent;
    let new = NewToken { name: name.clone(), scopes, agencies, days };
    let secret = service.accounts()?.issue_token(new, principal.name()).await?;
    Ok((StatusCode::CREATED, Json(IssuedToken { name, secret })))
}

/// What tokens can be for: a signature or a seal is a person's.
fn scopes(service: &Service) -> impl Iterator<Item = Action> {
    const ANY: &str = "any/agency";
    Action::ALL.into_iter().filter(|action| {
        let (name, scopes) = (String::new(), vec![action.name().to_owned()]);
        let token = Principal::Token { name, scopes, agencies: vec![ANY.to_owned()] };
        !service.is_open(*action) && service.access().may(&token, *action, ANY)
    })
}

/// Ends a token
#[utoipa::path(delete, path = "/api/v1/tokens/{name}", operation_id = "revoke_token",
    tag = "tokens", params(("name" = String, Path, description = "The token")),
    responses((status = 204, description = "It is good no more"),
        (status = "4XX", description = "Not permitted, or no such token",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn revoke(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    service.accounts()?.revoke_token(&name, principal.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}
