//! The people of the service, for its administrators: who has an account or a link for one, and
//! what is done with them.
//!
//! Everything is sent to `/people` itself, so that names of accounts stay out of addresses; what
//! happened is told on the page that answers.

mod change;
mod rows;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use brightline_desk::Library;

pub(super) use self::rows::{Choice, places};
use self::rows::{Invited, Person};
use super::sent::Sent;
use super::staff::{Frame, Staff};
use super::words::say;
use super::{page, refused};
use crate::accounts::{Accounts, Error, NewAccount, Role};
use crate::problem::Problem;
use crate::service::Service;

/// A link that was just made: for whom, and what it opens.
struct Made {
    link: String,
    person: String,
    name: String,
    roles: String,
    agencies: String,
}

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    frame: Frame,
    /// What was not done, and why.
    fault_title: String,
    fault: String,
    /// What was done.
    done: String,
    /// The link that was just made.
    made: Option<Made>,
    /// Some account waits to be released.
    is_any_locked: bool,
    people: Vec<Person>,
    invited: Vec<Invited>,
    roles: Vec<Choice>,
    /// The agencies of each place.
    places: Vec<(String, Vec<Choice>)>,
    name: String,
    person: String,
}

/// What an administrator asks for.
struct Asked<'a> {
    accounts: &'a Accounts,
    library: &'a Library,
    /// The account of the administrator.
    by: &'a str,
    sent: &'a Sent,
}

/// What came of what was sent.
enum Outcome {
    /// It was done, and this says so.
    Done(String),
    /// A link was made.
    Linked(NewAccount, String),
    /// Something is wrong with what was sent.
    Wrong(String),
}

pub(super) async fn show(
    State(service): State<Service>,
    staff: Staff,
) -> Result<Response, Problem> {
    let template = template(&service, &staff, &Sent::default()).await?;
    Ok(page(StatusCode::OK, &template))
}

/// Invites somebody, or does with an account what the button says.
pub(super) async fn take(
    State(service): State<Service>,
    staff: Staff,
    sent: Sent,
) -> Result<Response, Problem> {
    let (accounts, library) = (service.accounts()?, service.library());
    let asked = Asked { accounts, library: &library, by: staff.account(), sent: &sent };
    let outcome = match sent.one("do") {
        "" => invite(&asked).await,
        what => change::take(&asked, what).await,
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => Outcome::Wrong(wrong(error)?),
    };
    match outcome {
        Outcome::Wrong(fault) => {
            let mut template = template(&service, &staff, &sent).await?;
            let is_invitation = sent.one("do").is_empty();
            let title = if is_invitation { "people-not-invited" } else { "people-not-changed" };
            (template.fault_title, template.fault) = (say(title), fault);
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &template))
        }
        Outcome::Done(done) => {
            let mut template = template(&service, &staff, &Sent::default()).await?;
            template.done = done;
            Ok(page(StatusCode::OK, &template))
        }
        Outcome::Linked(account, link) => {
            // The next one who is invited usually works for the same agency.
            let agencies = account.agencies.iter().map(|it| ("agency".to_owned(), it.clone()));
            let kept = Sent::of(agencies.collect());
            let mut template = template(&service, &staff, &kept).await?;
            template.made = Some(made(&service, account, &link));
            Ok(page(StatusCode::CREATED, &template))
        }
    }
}

/// Makes a link, which is shown once.
async fn invite(asked: &Asked<'_>) -> Result<Outcome, Error> {
    let sent = asked.sent;
    let (roles, agencies) = (roles_of(sent), sent.all("agency"));
    if let Some(fault) = fault_of(&roles, &agencies) {
        return Ok(Outcome::Wrong(fault));
    }
    asked.library.require_agencies(agencies.iter().map(String::as_str))?;
    let (name, person) = (sent.one("name").to_owned(), sent.one("person").to_owned());
    let new = NewAccount { name, person, roles, finders: Vec::new(), agencies };
    let link = asked.accounts.invite(&new, asked.by).await?;
    Ok(Outcome::Linked(new, link))
}

/// What is missing for somebody who is to have some roles.
fn fault_of(roles: &[Role], agencies: &[String]) -> Option<String> {
    let needs_agency = roles.iter().any(|it| it.is_of_an_agency());
    match (roles.is_empty(), needs_agency && agencies.is_empty()) {
        (true, _) => Some(say("fault-person-role")),
        (false, true) => Some(say("fault-person-agency")),
        (false, false) => None,
    }
}

fn roles_of(sent: &Sent) -> Vec<Role> {
    sent.all("role").iter().filter_map(|it| Role::named(it)).collect()
}

/// Returns what is wrong with what was sent; other errors are no fault of it.
fn wrong(error: Error) -> Result<String, Problem> {
    let told = refused::conflict(&error).or_else(|| refused::sentences(&error));
    told.ok_or_else(|| error.into())
}

fn made(service: &Service, account: NewAccount, link: &str) -> Made {
    let names = account.role_names().into_iter();
    Made {
        link: format!("/set-up/{link}"),
        roles: rows::roles_in_words(names),
        agencies: rows::agencies_in_words(&service.library(), &account.agencies),
        person: account.person,
        name: account.name,
    }
}

async fn template(service: &Service, staff: &Staff, sent: &Sent) -> Result<People, Problem> {
    let library = service.library();
    let accounts = service.accounts()?;
    let (all, waiting) = (accounts.list().await?, accounts.waiting().await?);
    let voided = accounts.without_password().await?;
    // What was sent about one account is shown there, and not as somebody who is invited.
    let is_invitation = sent.one("do").is_empty();
    let (none, zone) = (Sent::default(), staff.zone(None));
    let invited = if is_invitation { sent } else { &none };
    let person = |it| rows::person(&library, it, (staff.account(), &voided, sent));
    let people: Vec<Person> = all.iter().map(person).collect();
    Ok(People {
        frame: staff.frame("people")?,
        fault_title: String::new(),
        fault: String::new(),
        done: String::new(),
        made: None,
        is_any_locked: people.iter().any(Person::waits_for_release),
        people,
        invited: waiting.into_iter().map(|it| rows::invited(&library, it, &zone)).collect(),
        roles: rows::roles(|role| invited.has("role", role)),
        places: places(&library, invited),
        name: invited.one("name").to_owned(),
        person: invited.one("person").to_owned(),
    })
}
