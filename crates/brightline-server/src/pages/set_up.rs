//! The page behind a link that is good once: a password and a second factor.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Deserialize;

use super::words::say;
use super::{Message, message, page, refused};
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
    /// The key in groups of four letters.
    seed_text: String,
    /// The key as a picture for the camera of a phone: the side in modules, and a path.
    code: (usize, String),
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
            let (title, text) = (say("set-up-done-title"), say("set-up-done"));
            let done = Message { title: &title, text: &text, number: "", go: &say("sign-in") };
            Ok(page(StatusCode::OK, &done))
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
    let fault = error.map(|it| refused::sentence(&it.to_string())).unwrap_or_default();
    let help = refused::sentence(error.and_then(Error::help_text).unwrap_or_default());
    let template = SetUp {
        fault: &fault,
        help: &help,
        chooses_name: offer.name.is_empty(),
        name,
        person: &offer.person,
        seed_text: grouped(&offer.seed_text),
        code: picture(&offer.seed_address),
        seed_address: &offer.seed_address,
        seed_sealed: &offer.seed_sealed,
    };
    let is_first = error.is_none();
    page(if is_first { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &template)
}

/// Parts a key so that eyes keep their place in it.
fn grouped(key: &str) -> String {
    let letters: Vec<char> = key.chars().filter(|it| !it.is_whitespace()).collect();
    let groups = letters.chunks(4).map(|it| it.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// Draws an address as a code of squares: its side, and a path with a square for each dark one.
fn picture(address: &str) -> (usize, String) {
    let Ok(code) = QrCode::encode_text(address, QrCodeEcc::Medium) else {
        return (0, String::new());
    };
    let side = code.size();
    let dark = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let dark = dark.filter(|(x, y)| code.get_module(*x, *y));
    let path = dark.map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect();
    (usize::try_from(side).unwrap_or_default(), path)
}

fn dead_link() -> Response {
    let text = &say("set-up-dead");
    message(StatusCode::NOT_FOUND, &say("set-up-dead-title"), text)
}
