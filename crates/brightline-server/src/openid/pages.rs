//! The way to the provider, and the way back.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::provider::{Code, Provider};
use super::token::Refused;
use crate::access::{Action, cookie, cookie_named, session_cookie};
use crate::accounts::{Accounts, Error, random};
use crate::pages::{Back, message};
use crate::problem::{Kind, Problem};
use crate::routes::Table;
use crate::service::Service;

/// Where the provider sends people back to.
pub(super) const ANSWER: &str = "/sign-in/openid/answer";
/// What a sign-in began with; it has to come along from another site, so it is `Lax`.
const COOKIE: &str = "__Host-brightline-openid";
const PURPOSE: &str = "sign-in by OpenID Connect";
/// A sign-in has to be back within ten minutes.
const SECONDS_MAX: i64 = 600;
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// What a sign-in begins with.
#[derive(Serialize, Deserialize)]
struct Begun {
    state: String,
    nonce: String,
    verifier: String,
    at: i64,
    /// The page that was asked for.
    #[serde(default)]
    to: String,
}

/// What the provider sends back.
#[derive(Deserialize)]
struct Returned {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    iss: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

/// Adds the two addresses to the table of routes.
pub(crate) fn add_to(table: Table) -> Table {
    table.page(("/sign-in/openid", &["GET"]), get(begin), Action::SignIn).page(
        (ANSWER, &["GET"]),
        get(answer),
        Action::SignIn,
    )
}

fn provider(service: &Service) -> Result<&Provider, Problem> {
    let found = service.provider();
    found.ok_or_else(|| Problem::new(Kind::NotFound, "no provider of sign-in is set up here"))
}

async fn begin(
    State(service): State<Service>,
    Query(back): Query<Back>,
) -> Result<Response, Problem> {
    let (provider, accounts) = (provider(&service)?, service.accounts()?);
    let begun = Begun {
        state: made_up()?,
        nonce: made_up()?,
        verifier: made_up()?,
        at: accounts.clock().seconds(),
        to: back.place(),
    };
    let known = provider.known(service.outbound()).await.map_err(|why| unreachable(&why))?;
    let mut address = known.metadata.authorization_endpoint.clone();
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(begun.verifier.as_bytes()));
    let (redirect, asked) = (provider.settings.redirect(), provider.settings.acr.join(" "));
    let mut pairs = address.query_pairs_mut();
    pairs
        .append_pair("response_type", "code")
        .append_pair("scope", "openid email")
        .append_pair("client_id", &provider.settings.client)
        .append_pair("redirect_uri", &redirect)
        .append_pair("state", &begun.state)
        .append_pair("nonce", &begun.nonce)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    if !asked.is_empty() {
        pairs.append_pair("acr_values", &asked);
    }
    drop(pairs);
    let mut response = Redirect::to(address.as_str()).into_response();
    let sealed = seal(accounts, &begun)?;
    let line =
        format!("{COOKIE}={sealed}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={SECONDS_MAX}");
    add_cookie(&mut response, &line);
    Ok(response)
}

async fn answer(
    State(service): State<Service>,
    heads: HeaderMap,
    returned: Result<Query<Returned>, QueryRejection>,
) -> Result<Response, Problem> {
    let accounts = service.accounts()?;
    let provider = provider(&service)?;
    let begun = cookie_named(&heads, COOKIE).and_then(|sealed| open(accounts, sealed));
    let (Some(begun), Ok(Query(returned))) = (begun, returned) else {
        return Ok(not_signed_in("The sign-in took too long, or began in another browser."));
    };
    let is_ours = bool::from(begun.state.as_bytes().ct_eq(returned.state.as_bytes()));
    let is_theirs = returned
        .iss
        .as_ref()
        .is_none_or(|iss| iss.trim_end_matches('/') == provider.settings.issuer());
    if !is_ours || !is_theirs || returned.error.is_some() || returned.code.is_empty() {
        return Ok(not_signed_in("The provider did not sign you in."));
    }
    let code = Code { code: &returned.code, verifier: &begun.verifier, nonce: &begun.nonce };
    let claims = match provider.claims(service.outbound(), code).await {
        Ok(claims) => claims,
        Err(Refused::TooWeak) => {
            return Ok(not_signed_in("The provider asked for no second factor, or a weaker one."));
        }
        Err(why) => {
            tracing::info!(?why, "the provider's answer was of no use");
            return Ok(not_signed_in("The provider's answer is of no use. Begin again."));
        }
    };
    let email = claims.person.email.filter(|_| claims.person.email_verified);
    let found = accounts.sign_in_by_provider(&claims.iss, &claims.sub, email.as_deref()).await?;
    // The session before, if there was one, ends: a cookie planted earlier is worth nothing.
    if let Some(before) = cookie(&heads) {
        accounts.sign_out(before).await?;
    }
    let Some(secret) = found else {
        return Ok(not_signed_in(
            "No account of this service belongs to you, or it is locked. Ask an administrator.",
        ));
    };
    // A redirect would still count as coming from the provider, and the cookie would stay behind.
    let text = "You are signed in; the page comes by itself.";
    let mut response = message(StatusCode::OK, "You are signed in", text);
    // It is looked at again: only a page of ours is gone to.
    let to = Back { to: begun.to }.place();
    let to = HeaderValue::try_from(format!("0; url={to}"));
    response.headers_mut().insert(REFRESH, to.unwrap_or(HeaderValue::from_static("0; url=/")));
    add_cookie(&mut response, &session_cookie(secret.text(), ""));
    add_cookie(&mut response, &format!("{COOKIE}=; Path=/; Secure; HttpOnly; Max-Age=0"));
    Ok(response)
}

fn not_signed_in(why: &str) -> Response {
    message(StatusCode::FORBIDDEN, "You are not signed in", why)
}

/// What went wrong stands in the log; who wanted to sign in cannot do anything about it.
fn unreachable(why: &Refused) -> Problem {
    tracing::error!(?why, "the provider of sign-in was of no use");
    Problem::new(Kind::Unavailable, "the provider of sign-in cannot be used now")
}

fn made_up() -> Result<String, Error> {
    Ok(BASE64URL_NOPAD.encode(&random::<32>()?))
}

fn seal(accounts: &Accounts, begun: &Begun) -> Result<String, Problem> {
    let plain = serde_json::to_vec(begun)
        .map_err(|error| Problem::new(Kind::Internal, error.to_string()))?;
    Ok(BASE64URL_NOPAD.encode(&accounts.key().seal(PURPOSE, COOKIE, &plain)?))
}

fn open(accounts: &Accounts, sealed: &str) -> Option<Begun> {
    let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let plain = accounts.key().open(PURPOSE, COOKIE, &sealed).ok()?;
    let begun: Begun = serde_json::from_slice(&plain).ok()?;
    let age = accounts.clock().seconds() - begun.at;
    (0..SECONDS_MAX).contains(&age).then_some(begun)
}

fn add_cookie(response: &mut Response, line: &str) {
    if let Ok(value) = HeaderValue::try_from(line) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
