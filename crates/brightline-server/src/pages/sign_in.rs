//! Signing in and out.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::back::Back;
use super::words::say;
use super::{back_query, page};
use crate::access::{cookie, session_cookie};
use crate::accounts::{Credentials, PasskeyCredentials, Secret};
use crate::passkeys::{Challenge, Place};
use crate::problem::Problem;
use crate::service::Service;

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'a> {
    fault: &'a str,
    name: &'a str,
    /// The page to which the person comes back.
    to: &'a str,
    /// The same, as the address of the provider's sign-in carries it.
    query: String,
    has_provider: bool,
    has_passkeys: bool,
    needs_password: bool,
    challenge: Challenge,
}

/// What the form sends; a passkey stands in the place of a code, or of everything else.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    name: String,
    password: String,
    code: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    passkey_state: String,
    #[serde(default)]
    passkey: String,
}

pub(super) async fn show(
    State(service): State<Service>,
    Query(Back { to }): Query<Back>,
) -> Result<Response, Problem> {
    form(&service, ("", &to), "")
}

fn form(service: &Service, (name, to): (&str, &str), fault: &str) -> Result<Response, Problem> {
    let place = service.passkeys();
    let challenge = match place {
        Some(place) => place.ask(service.accounts()?.key())?,
        None => Challenge::default(),
    };
    let template = SignIn {
        fault,
        name,
        to,
        query: back_query(to),
        has_provider: service.provider().is_some(),
        has_passkeys: place.is_some(),
        needs_password: place.is_some_and(Place::is_with_password),
        challenge,
    };
    let is_first = fault.is_empty();
    let status = if is_first { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(status, &template))
}

pub(super) async fn take(
    State(service): State<Service>,
    heads: HeaderMap,
    Form(sent): Form<SignInForm>,
) -> Result<Response, Problem> {
    let accounts = service.accounts()?;
    let (name, back) = (sent.name.clone(), Back { to: sent.to.clone() });
    let Some(secret) = signed_in(&service, sent).await? else {
        // One sentence for every failure: it does not tell which part was wrong.
        return form(&service, (&name, &back.to), &say("sign-in-refused"));
    };
    // The session before, if there was one, ends: a cookie planted earlier is worth nothing.
    if let Some(before) = cookie(&heads) {
        accounts.sign_out(before).await?;
    }
    Ok(with_cookie(Redirect::to(&back.place()).into_response(), secret.text(), ""))
}

async fn signed_in(service: &Service, sent: SignInForm) -> Result<Option<Secret>, Problem> {
    let SignInForm { name, password, code, passkey_state, passkey, .. } = sent;
    let accounts = service.accounts()?;
    match service.passkeys().filter(|_| !passkey.is_empty()) {
        Some(place) => {
            let typed = (!password.is_empty()).then_some((name, password));
            let sent = PasskeyCredentials { typed, answer: (&passkey_state, &passkey) };
            Ok(accounts.sign_in_by_passkey(place, sent).await?)
        }
        None => Ok(accounts.sign_in(Credentials { name, password, code }).await?),
    }
}

pub(super) async fn leave(
    State(service): State<Service>,
    heads: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(cookie) = cookie(&heads) {
        service.accounts()?.sign_out(cookie).await?;
    }
    Ok(with_cookie(Redirect::to("/sign-in").into_response(), "", "; Max-Age=0"))
}

fn with_cookie(mut response: Response, value: &str, rest: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(&session_cookie(value, rest)) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}
