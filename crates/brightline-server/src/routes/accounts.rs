//! Accounts, for administrators; and one's own.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Principal;
use crate::accounts::{Account, Error, Known, NewAccount, Role};
use crate::body;
use crate::problem::{Problem, ProblemDocument};
use crate::service::Service;

/// Someone who can sign in.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountEntry {
    /// The name that is typed in.
    name: String,
    /// The person.
    person: String,
    /// What the person may do.
    roles: Vec<String>,
    /// For which agencies, as `JURISDICTION/AGENCY`.
    agencies: Vec<String>,
    /// It was locked, by failed tries or by an administrator.
    locked: bool,
}

/// Who calls.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnAccount {
    #[serde(flatten)]
    account: AccountEntry,
    /// To be sent back as `X-Form-Token` with every call that changes something.
    form_token: String,
}

/// An account that somebody is invited to open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invitation {
    /// The name to sign in with: small letters, digits, `.`, `-`, `_`.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9._-]+$")]
    name: String,
    /// The person.
    #[schema(min_length = 1, max_length = 100)]
    person: String,
    /// `officer`, `supervisor`, `counsel`, `author`, `publisher`, `auditor`, `records_officer`,
    /// `administrator`; and roles of the packs' vocabulary, as which the person makes findings.
    roles: Vec<String>,
    /// For which agencies, as `JURISDICTION/AGENCY`.
    #[serde(default)]
    agencies: Vec<String>,
    /// When the provider of sign-in is to sign the person in: then there is no password, and the
    /// account is open at once.
    #[serde(default)]
    provider: Option<ProviderPerson>,
}

/// What somebody may do from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolesForm {
    /// Roles of the service and of the packs' vocabulary, all of them.
    roles: Vec<String>,
    /// For which agencies, as `JURISDICTION/AGENCY`.
    #[serde(default)]
    agencies: Vec<String>,
}

/// By what the provider of sign-in knows a person: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderPerson {
    /// The e-mail address that the provider vouches for; from the first time on the subject counts.
    #[serde(default)]
    email: Option<String>,
    /// The name that the provider has for the person.
    #[serde(default)]
    subject: Option<String>,
}

impl ProviderPerson {
    fn known(self) -> Result<Known, Error> {
        match (self.email, self.subject) {
            (Some(email), None) => Ok(Known::Email(email)),
            (None, Some(subject)) => Ok(Known::Subject(subject)),
            _ => Err(Error::invalid("provider", "give either `email` or `subject`")),
        }
    }
}

/// A link that works once.
#[derive(Serialize, ToSchema)]
pub(crate) struct Link {
    /// The address of the page, on this service.
    path: String,
}

impl From<Account> for AccountEntry {
    fn from(account: Account) -> Self {
        let roles = account.role_names().collect();
        let Account { name, person, agencies, is_locked, .. } = account;
        Self { name, person, roles, agencies, locked: is_locked }
    }
}

/// Who is signed in
#[utoipa::path(get, path = "/api/v1/account", operation_id = "own_account", tag = "accounts",
    responses((status = 200, description = "The account", body = OwnAccount),
        (status = "4XX", description = "Not signed in", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn own(
    Extension(principal): Extension<Principal>,
) -> Result<Json<OwnAccount>, Problem> {
    let Principal::Account { account, form_token } = principal else {
        return Err(Problem::new(crate::problem::Kind::NotPermitted, "a token has no account"));
    };
    Ok(Json(OwnAccount { account: account.into(), form_token }))
}

/// All accounts
#[utoipa::path(get, path = "/api/v1/accounts", operation_id = "list_accounts", tag = "accounts",
    responses((status = 200, description = "By name", body = Vec<AccountEntry>),
        (status = "4XX", description = "Not permitted", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(service): State<Service>,
) -> Result<Json<Vec<AccountEntry>>, Problem> {
    let accounts = service.accounts()?.list().await?;
    Ok(Json(accounts.into_iter().map(AccountEntry::from).collect()))
}

/// Invites somebody to open an account
///
/// The link is shown once; hand it to the person yourself. It works for 72 hours, and once.
#[utoipa::path(post, path = "/api/v1/accounts", operation_id = "invite", tag = "accounts",
    request_body = Invitation,
    responses((status = 201, description = "The link", body = Link),
        (status = "4XX", description = "Not permitted, or something is wrong",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn invite(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    heads: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<Link>), Problem> {
    let sent: Invitation = body::object(&heads, sent, service.settings()).await?;
    let (roles, finders) = roles_of(&service, &sent.roles)?;
    service.library().require_agencies(sent.agencies.iter().map(String::as_str))?;
    let Invitation { name, person, agencies, provider, .. } = sent;
    let new = NewAccount { name, person, roles, finders, agencies };
    if let Some(person) = provider {
        let (issuer, known) = (issuer(&service)?, person.known()?);
        let accounts = service.accounts()?;
        accounts.add_for_provider(&new, issuer, &known, principal.name()).await?;
        return Ok((StatusCode::CREATED, Json(Link { path: "/sign-in/openid".to_owned() })));
    }
    let link = service.accounts()?.invite(&new, principal.name()).await?;
    Ok((StatusCode::CREATED, Json(Link { path: format!("/set-up/{link}") })))
}

/// Sorts names of roles into those of the service and those of the packs' vocabulary.
fn roles_of(service: &Service, names: &[String]) -> Result<(Vec<Role>, Vec<String>), Problem> {
    let roles: Vec<Role> = names.iter().filter_map(|name| Role::named(name)).collect();
    let mut finders = names.to_vec();
    finders.retain(|name| Role::named(name).is_none());
    service.library().require_finder_roles(finders.iter().map(String::as_str))?;
    Ok((roles, finders))
}

fn issuer(service: &Service) -> Result<&str, Problem> {
    let provider = service.settings().openid.as_ref().map(|openid| openid.issuer.as_str());
    let none = || Error::invalid("provider", "no provider of sign-in is set up here");
    provider.ok_or_else(|| none().into())
}

/// Lets the provider of sign-in sign an account in
#[utoipa::path(post, path = "/api/v1/accounts/{name}/provider", operation_id = "link_account",
    tag = "accounts", params(("name" = String, Path, description = "The account")),
    request_body = ProviderPerson,
    responses((status = 204, description = "The provider may"),
        (status = "4XX", description = "Not permitted, or no such account",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn link(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(name): Path<String>,
    heads: HeaderMap,
    sent: Body,
) -> Result<StatusCode, Problem> {
    let sent: ProviderPerson = body::object(&heads, sent, service.settings()).await?;
    let (issuer, known) = (issuer(&service)?, sent.known()?);
    service.accounts()?.link_to_provider(&name, issuer, &known, principal.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes what somebody may do, from the next call on
#[utoipa::path(post, path = "/api/v1/accounts/{name}/roles", operation_id = "change_roles",
    tag = "accounts", params(("name" = String, Path, description = "The account")),
    request_body = RolesForm,
    responses((status = 204, description = "Changed"),
        (status = "4XX", description = "Not permitted, or no such account or role",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn change_roles(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(name): Path<String>,
    heads: HeaderMap,
    sent: Body,
) -> Result<StatusCode, Problem> {
    let sent: RolesForm = body::object(&heads, sent, service.settings()).await?;
    let (roles, finders) = roles_of(&service, &sent.roles)?;
    service.library().require_agencies(sent.agencies.iter().map(String::as_str))?;
    let (person, agencies) = (String::new(), sent.agencies);
    let new = NewAccount { name, person, roles, finders, agencies };
    service.accounts()?.change_roles(&new, principal.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Locks an account and ends its sessions
#[utoipa::path(post, path = "/api/v1/accounts/{name}/lock", operation_id = "lock_account",
    tag = "accounts", params(("name" = String, Path, description = "The account")),
    responses((status = 204, description = "Locked"),
        (status = "4XX", description = "Not permitted, or no such account",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn lock(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    service.accounts()?.lock(&name, principal.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Releases an account that was locked
#[utoipa::path(post, path = "/api/v1/accounts/{name}/release", operation_id = "release_account",
    tag = "accounts", params(("name" = String, Path, description = "The account")),
    responses((status = 204, description = "Released"),
        (status = "4XX", description = "Not permitted, or no such account",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn release(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    service.accounts()?.release(&name, principal.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Voids password and second factor, and makes a link to choose new ones
#[utoipa::path(post, path = "/api/v1/accounts/{name}/reset", operation_id = "reset_account",
    tag = "accounts", params(("name" = String, Path, description = "The account")),
    responses((status = 201, description = "The link", body = Link),
        (status = "4XX", description = "Not permitted, or no such account",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn reset(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<Link>), Problem> {
    let link = service.accounts()?.reset(&name, principal.name()).await?;
    Ok((StatusCode::CREATED, Json(Link { path: format!("/set-up/{link}") })))
}
