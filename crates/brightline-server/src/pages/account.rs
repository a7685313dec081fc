//! One's own account: what it may do, its second factors, passkeys to add and remove.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::staff::{Frame, Staff};
use super::words::say;
use super::{page, refused, times};
use crate::accounts::{Error, NewPasskey, PasskeyEntry};
use crate::passkeys::Challenge;
use crate::problem::Problem;
use crate::service::Service;

const MICROSECONDS: i64 = 1_000_000;

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    frame: Frame,
    account: String,
    roles: String,
    agencies: String,
    passkeys: Vec<Shown>,
    /// Why no passkey can be added here; empty where one can.
    why_none: String,
    challenge: Challenge,
    fault: String,
    help: String,
    name: String,
}

/// A passkey, as the page shows it.
struct Shown {
    id: String,
    name: String,
    created: String,
    used: String,
}

/// What the form for a new passkey sends.
#[derive(Deserialize)]
pub(super) struct AddForm {
    name: String,
    password: String,
    passkey_state: String,
    passkey: String,
}

/// What the form of a passkey sends.
#[derive(Deserialize)]
pub(super) struct RemoveForm {
    id: String,
}

pub(super) async fn show(
    State(service): State<Service>,
    staff: Staff,
) -> Result<Response, Problem> {
    shown(&service, &staff, "", None).await
}

async fn shown(
    service: &Service,
    staff: &Staff,
    name: &str,
    error: Option<&Error>,
) -> Result<Response, Problem> {
    let accounts = service.accounts()?;
    let account = staff.own_account()?;
    let (mut challenge, mut why_none) = (Challenge::default(), String::new());
    match service.passkeys() {
        Some(place) if accounts.has_password(&account.name).await? => {
            challenge = accounts.offer_passkey(account, place).await?;
        }
        Some(_) => why_none = say("passkey-no-password"),
        None => why_none = say("passkey-no-place"),
    }
    let zone = staff.zone(None);
    let passkeys = accounts.passkeys(&account.name).await?;
    let template = Page {
        frame: staff.frame("account")?,
        account: account.name.clone(),
        roles: staff.roles(),
        agencies: staff.agencies_in_words(),
        passkeys: passkeys.into_iter().map(|it| shown_passkey(it, &zone)).collect(),
        why_none,
        challenge,
        fault: error.map(|it| refused::sentence(&it.to_string())).unwrap_or_default(),
        help: refused::sentence(error.and_then(Error::help_text).unwrap_or_default()),
        name: name.to_owned(),
    };
    let is_right = error.is_none();
    let status = if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(status, &template))
}

fn shown_passkey(entry: PasskeyEntry, zone: &str) -> Shown {
    let PasskeyEntry { id, name, created_at, used_at } = entry;
    let time = |seconds: i64| times::shown(seconds * MICROSECONDS, zone);
    let used = if used_at == 0 { say("passkey-unused") } else { time(used_at) };
    Shown { id, name, created: time(created_at), used }
}

pub(super) async fn add(
    State(service): State<Service>,
    staff: Staff,
    Form(sent): Form<AddForm>,
) -> Result<Response, Problem> {
    let Some(place) = service.passkeys() else {
        return shown(&service, &staff, &sent.name, None).await;
    };
    let account = staff.own_account()?;
    let answer = (sent.passkey_state.as_str(), sent.passkey.as_str());
    let new = NewPasskey { name: &sent.name, password: sent.password, answer };
    match service.accounts()?.add_passkey(&account.name, place, new).await {
        Ok(()) => Ok(Redirect::to("/account").into_response()),
        Err(error) if error.is_conflict() => {
            shown(&service, &staff, &sent.name, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn remove(
    State(service): State<Service>,
    staff: Staff,
    Form(sent): Form<RemoveForm>,
) -> Result<Response, Problem> {
    let account = staff.own_account()?;
    service.accounts()?.remove_passkey(&account.name, &sent.id).await?;
    Ok(Redirect::to("/account").into_response())
}
