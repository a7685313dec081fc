//! Where agencies are reached, written by an administrator: at the head of their letters, and at
//! the door.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use brightline_docket::Letterhead;
use serde::Deserialize;

use super::people::{Choice, places};
use super::requests::agency_words;
use super::sent::Sent;
use super::staff::{Frame, Staff};
use super::words::say;
use super::{page, refused, times};
use crate::letterheads::{Written, of_file};
use crate::problem::{Kind, Problem};
use crate::service::Service;

const MICROSECONDS: i64 = 1_000_000;

/// One agency, as the list shows it.
struct Line {
    key: String,
    agency: String,
    /// Its address and whom to ask for, line by line.
    said: Vec<String>,
    /// Who wrote it, and when; empty where nobody did.
    by: String,
}

/// The agency that is written about.
struct Form {
    key: String,
    agency: String,
    /// It is set in the settings, and cannot be changed here.
    is_of_file: bool,
    head: Letterhead,
}

#[derive(Template)]
#[template(path = "letterheads.html")]
struct Page {
    frame: Frame,
    fault: String,
    done: String,
    form: Option<Form>,
    lines: Vec<Line>,
    places: Vec<(String, Vec<Choice>)>,
}

/// Which agency is to be written about.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    agency: String,
}

pub(super) async fn show(
    State(service): State<Service>,
    staff: Staff,
    Query(Wanted { agency }): Query<Wanted>,
) -> Result<Response, Problem> {
    let form = match agency.is_empty() {
        true => None,
        false => Some(form(&service, &agency, None).await?),
    };
    let template = template(&service, &staff, form).await?;
    Ok(page(StatusCode::OK, &template))
}

/// Keeps what was written.
pub(super) async fn take(
    State(service): State<Service>,
    staff: Staff,
    sent: Sent,
) -> Result<Response, Problem> {
    let head = head(&sent);
    let form = form(&service, &head.agency, Some(&head)).await?;
    if form.is_of_file {
        return wrong(&service, &staff, (form, say("fault-letterhead-file"))).await;
    }
    match service.accounts()?.write_letterhead(&head, staff.account()).await {
        Ok(()) => {
            let mut template = template(&service, &staff, None).await?;
            template.done = super::words::say_with("letterhead-done", "agency", &form.agency);
            Ok(page(StatusCode::OK, &template))
        }
        Err(error) => match refused::conflict(&error) {
            Some(fault) => wrong(&service, &staff, (form, fault)).await,
            None => Err(error.into()),
        },
    }
}

async fn wrong(
    service: &Service,
    staff: &Staff,
    (form, fault): (Form, String),
) -> Result<Response, Problem> {
    let mut template = template(service, staff, Some(form)).await?;
    template.fault = fault;
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &template))
}

/// Reads a head as it was typed; blank lines of the address are no lines.
fn head(sent: &Sent) -> Letterhead {
    let field = |name: &str| sent.one(name).to_owned();
    let lines = sent.one("address").lines().map(str::trim).filter(|it| !it.is_empty());
    Letterhead {
        agency: field("agency"),
        name: field("name"),
        address: lines.map(str::to_owned).collect(),
        contact: field("contact"),
        telephone: field("telephone"),
        email: field("email"),
    }
}

/// Returns the form of an agency that the law knows, as it stands or as it was typed.
async fn form(service: &Service, key: &str, typed: Option<&Letterhead>) -> Result<Form, Problem> {
    let library = service.library();
    let unknown = || Problem::new(Kind::NotFound, "there is no such agency");
    let is_known = key != "*" && library.require_agencies(std::iter::once(key)).is_ok();
    if !is_known {
        return Err(unknown());
    }
    let file = of_file(service.office()?.rules(), key);
    let head = match (file, typed) {
        (Some(head), _) | (None, Some(head)) => Some(head.clone()),
        (None, None) => service.accounts()?.letterhead(key).await?.map(|it| it.head),
    };
    Ok(Form {
        key: key.to_owned(),
        agency: agency_words(library.corpus(), key),
        is_of_file: file.is_some(),
        head: head.unwrap_or_default(),
    })
}

async fn template(service: &Service, staff: &Staff, form: Option<Form>) -> Result<Page, Problem> {
    let kept = Sent::of(form.iter().map(|it| ("agency".to_owned(), it.key.clone())).collect());
    Ok(Page {
        frame: staff.frame("letterheads")?,
        fault: String::new(),
        done: String::new(),
        form,
        lines: lines(service, staff).await?,
        places: places(&service.library(), &kept),
    })
}

/// The agencies that somebody works for, and those that are written about.
async fn lines(service: &Service, staff: &Staff) -> Result<Vec<Line>, Problem> {
    let (accounts, rules) = (service.accounts()?, service.office()?.rules());
    let (library, zone) = (service.library(), staff.zone(None));
    let written = accounts.letterheads().await?;
    let people = accounts.list().await?;
    let of_people = people.into_iter().flat_map(|it| it.agencies);
    let of_page = written.iter().map(|it| it.head.agency.clone());
    let of_settings = rules.letterhead.iter().map(|it| it.agency.clone());
    let keys: std::collections::BTreeSet<String> = of_people
        .chain(of_page)
        .chain(of_settings)
        .filter(|it| it != "*" && library.require_agencies(std::iter::once(it.as_str())).is_ok())
        .collect();
    let line = |key: String| {
        let own: Option<&Written> = written.iter().find(|it| it.head.agency == key);
        let (head, by) = match (of_file(rules, &key), own) {
            (Some(head), _) => (Some(head), say("letterhead-by-file")),
            (None, Some(own)) => {
                let at = times::shown(own.at * MICROSECONDS, &zone);
                (Some(&own.head), format!("{}, {at}", own.by))
            }
            (None, None) => (rules.letterhead(&key), String::new()),
        };
        let agency = agency_words(library.corpus(), &key);
        Line { key, agency, said: head.map(said).unwrap_or_default(), by }
    };
    Ok(keys.into_iter().map(line).collect())
}

fn said(head: &Letterhead) -> Vec<String> {
    let all = std::iter::once(head.name.clone()).chain(head.address.iter().cloned());
    all.chain(std::iter::once(head.reached())).filter(|it| !it.is_empty()).collect()
}
