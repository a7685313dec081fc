//! Signing in and out.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::back::Back;
use super::page;
use crate::access::{cookie, session_cookie};
use crate::accounts::Credentials;
use crate::problem::Problem;
use crate::service::Service;

/// One sentence for every failure: it does not tell which part was wrong.
const FAULT: &str = "The name, the password or the code is wrong, or the account is locked. \
                     After five failed tries within 15 minutes an account is locked until an \
                     administrator releases it.";

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'a> {
    fault: &'a str,
    name: &'a str,
    /// The page to which the person comes back.
    to: &'a str,
    has_provider: bool,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    name: String,
    password: String,
    code: String,
    #[serde(default)]
    to: String,
}

pub(super) async fn show(
    State(service): State<Service>,
    Query(Back { to }): Query<Back>,
) -> Response {
    let has_provider = service.provider().is_some();
    page(StatusCode::OK, &SignIn { fault: "", name: "", to: &to, has_provider })
}

pub(super) async fn take(
    State(service): State<Service>,
    heads: HeaderMap,
    Form(sent): Form<SignInForm>,
) -> Result<Response, Problem> {
    let accounts = service.accounts()?;
    let (name, back) = (sent.name.clone(), Back { to: sent.to });
    let credentials = Credentials { name: sent.name, password: sent.password, code: sent.code };
    let Some(secret) = accounts.sign_in(credentials).await? else {
        let has_provider = service.provider().is_some();
        let form = SignIn { fault: FAULT, name: &name, to: &back.to, has_provider };
        return Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &form));
    };
    // The session before, if there was one, ends: a cookie planted earlier is worth nothing.
    if let Some(before) = cookie(&heads) {
        accounts.sign_out(before).await?;
    }
    Ok(with_cookie(Redirect::to(&back.place()).into_response(), secret.text(), ""))
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
