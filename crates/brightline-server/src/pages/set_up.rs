//! The page behind a link that is good once: a password and a second factor.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::words::say;
use super::{message, page};
use crate::accounts::{Accounts, Enrolment, Error, Offer};
use crate::problem::Problem;
use crate::service::Service;

#[derive(Template)]
#[template(path = "set-up.html")]
struct SetUp<'a> {
    fault: &'a str,
    help: &'a str,
    chooses_name: bool,
    name: &'a str,
    person: &'a str,
    seed_text: &'a str,
    seed_address: &'a str,
    seed_sealed: &'a str,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct SetUpForm {
    #[serde(default)]
    name: String,
    person: String,
    password: String,
    again: String,
    seed: String,
    code: String,
}

pub(super) async fn show(
    State(service): State<Service>,
    Path(link): Path<String>,
) -> Result<Response, Problem> {
    let offer = service.accounts()?.offer(&link).await?;
    Ok(offer.map_or_else(dead_link, |offer| form(&offer, &offer.name, None)))
}

pub(super) async fn take(
    State(service): State<Service>,
    Path(link): Path<String>,
    Form(sent): Form<SetUpForm>,
) -> Result<Response, Problem> {
    let accounts = service.accounts()?;
    let (name, person) = (sent.name.clone(), sent.person.clone());
    match enrol(accounts, &link, sent).await {
        Ok(()) => {
            let text = &say("set-up-done");
            Ok(message(StatusCode::OK, &say("set-up-done-title"), text))
        }
        Err(error) if error.is_conflict() || error.is_corrupt() => {
            let offer = accounts.offer(&link).await?;
            Ok(offer.map_or_else(dead_link, |offer| {
                let name = if offer.name.is_empty() { name } else { offer.name.clone() };
                form(&Offer { person, ..offer }, &name, Some(&error))
            }))
        }
        Err(error) if error.is_not_found() => Ok(dead_link()),
        Err(error) => Err(error.into()),
    }
}

async fn enrol(accounts: &Accounts, link: &str, sent: SetUpForm) -> Result<(), Error> {
    if sent.password != sent.again {
        return Err(Error::conflict("the two passwords differ"));
    }
    let answer = Enrolment {
        name: sent.name,
        person: sent.person,
        password: sent.password,
        seed_sealed: sent.seed,
        code: sent.code,
    };
    accounts.enrol(link, answer).await.map(|_| ())
}

fn form(offer: &Offer, name: &str, error: Option<&Error>) -> Response {
    let fault = error.map(ToString::to_string).unwrap_or_default();
    let template = SetUp {
        fault: &fault,
        help: error.and_then(Error::help_text).unwrap_or_default(),
        chooses_name: offer.name.is_empty(),
        name,
        person: &offer.person,
        seed_text: &offer.seed_text,
        seed_address: &offer.seed_address,
        seed_sealed: &offer.seed_sealed,
    };
    let is_first = error.is_none();
    page(if is_first { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &template)
}

fn dead_link() -> Response {
    let text = &say("set-up-dead");
    message(StatusCode::NOT_FOUND, &say("set-up-dead-title"), text)
}
