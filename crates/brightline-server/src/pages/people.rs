//! The people of the service, for its administrators: who has an account, and a link for a new one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use brightline_desk::Library;

use super::requests::agency_words;
use super::sent::Sent;
use super::staff::{Frame, Staff};
use super::words::say;
use super::{page, refused};
use crate::accounts::{Account, NewAccount, Role};
use crate::problem::Problem;
use crate::service::Service;

/// Somebody who has an account, or was invited to open one.
struct Person {
    name: String,
    person: String,
    roles: String,
    agencies: String,
    is_locked: bool,
}

/// Something to choose.
struct Choice {
    value: String,
    words: String,
    is_taken: bool,
}

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
    fault: String,
    /// The link that was just made.
    made: Option<Made>,
    people: Vec<Person>,
    roles: Vec<Choice>,
    /// The agencies of each place.
    places: Vec<(String, Vec<Choice>)>,
    name: String,
    person: String,
}

pub(super) async fn show(
    State(service): State<Service>,
    staff: Staff,
) -> Result<Response, Problem> {
    shown(&service, &staff, (&Sent::default(), String::new())).await
}

/// Invites somebody; the link is shown once, on the page that answers.
pub(super) async fn invite(
    State(service): State<Service>,
    staff: Staff,
    sent: Sent,
) -> Result<Response, Problem> {
    let roles: Vec<Role> = sent.all("role").iter().filter_map(|it| Role::named(it)).collect();
    let agencies = sent.all("agency");
    let needs_agency = roles.iter().any(|it| it.is_of_an_agency());
    let fault = match (roles.is_empty(), needs_agency && agencies.is_empty()) {
        (true, _) => say("fault-person-role"),
        (false, true) => say("fault-person-agency"),
        (false, false) => String::new(),
    };
    if !fault.is_empty() {
        return shown(&service, &staff, (&sent, fault)).await;
    }
    let (name, person) = (sent.one("name").to_owned(), sent.one("person").to_owned());
    let new = NewAccount { name, person, roles, finders: Vec::new(), agencies };
    match service.accounts()?.invite(&new, staff.account()).await {
        Ok(link) => {
            // The next one who is invited usually works for the same agency.
            let agencies = new.agencies.iter().map(|it| ("agency".to_owned(), it.clone()));
            let kept = Sent::of(agencies.collect());
            let mut template = template(&service, &staff, &kept).await?;
            template.made = Some(made(&service.library(), &new, &link));
            Ok(page(StatusCode::CREATED, &template))
        }
        Err(error) if error.is_conflict() => {
            let fault = refused::sentence(&error.to_string());
            shown(&service, &staff, (&sent, fault)).await
        }
        Err(error) => match refused::sentences(&error) {
            Some(fault) => shown(&service, &staff, (&sent, fault)).await,
            None => Err(error.into()),
        },
    }
}

async fn shown(
    service: &Service,
    staff: &Staff,
    (sent, fault): (&Sent, String),
) -> Result<Response, Problem> {
    let status = match fault.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut template = template(service, staff, sent).await?;
    template.fault = fault;
    Ok(page(status, &template))
}

async fn template(service: &Service, staff: &Staff, sent: &Sent) -> Result<People, Problem> {
    let library = service.library();
    let all = service.accounts()?.list().await?;
    let role = |role: Role| Choice {
        value: role.name().to_owned(),
        words: say(&format!("role-{}", role.name())),
        is_taken: sent.has("role", role.name()),
    };
    Ok(People {
        frame: staff.frame("people")?,
        fault: String::new(),
        made: None,
        people: all.iter().map(|it| person(&library, it)).collect(),
        roles: Role::ALL.into_iter().map(role).collect(),
        places: places(&library, sent),
        name: sent.one("name").to_owned(),
        person: sent.one("person").to_owned(),
    })
}

fn made(library: &Library, new: &NewAccount, link: &str) -> Made {
    Made {
        link: format!("/set-up/{link}"),
        person: new.person.clone(),
        name: new.name.clone(),
        roles: roles_in_words(new.roles.iter().map(|it| it.name().to_owned())),
        agencies: agencies_in_words(library, &new.agencies),
    }
}

fn person(library: &Library, account: &Account) -> Person {
    Person {
        name: account.name.clone(),
        person: account.person.clone(),
        roles: roles_in_words(account.role_names()),
        agencies: agencies_in_words(library, &account.agencies),
        is_locked: account.is_locked,
    }
}

fn roles_in_words(names: impl Iterator<Item = String>) -> String {
    names.map(|it| it.replace('_', " ")).collect::<Vec<_>>().join(", ")
}

fn agencies_in_words(library: &Library, keys: &[String]) -> String {
    let words = keys.iter().map(|key| match key.as_str() {
        "*" => say("all-agencies"),
        key => agency_words(library.corpus(), key),
    });
    words.collect::<Vec<_>>().join("; ")
}

/// The agencies of every place that has some of its own.
fn places(library: &Library, sent: &Sent) -> Vec<(String, Vec<Choice>)> {
    let corpus = library.corpus();
    let mut places = Vec::new();
    for pack in &corpus.packs {
        let Some(id) = corpus.pack(&pack.id) else { continue };
        let found = brightline_law::agencies(corpus, id).into_iter();
        let named = found.filter_map(|it| corpus.agencies.get(it.index()));
        let mut choices: Vec<Choice> = named
            .map(|it| {
                let value = format!("{}/{}", pack.id, it.name);
                let is_taken = sent.has("agency", &value);
                // Agencies of two places often have one name; a closed list shows this alone.
                Choice { words: agency_words(corpus, &value), is_taken, value }
            })
            .collect();
        choices.sort_by(|one, other| one.words.cmp(&other.words));
        if !choices.is_empty() {
            places.push((pack.title.clone(), choices));
        }
    }
    places
}
