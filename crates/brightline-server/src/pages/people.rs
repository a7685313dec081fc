//! The people of the service, for its administrators: who has an account, and a link for a new one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use brightline_desk::Library;

use super::outcome::capital;
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

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    frame: Frame,
    fault: String,
    /// The link that was just made, for whom; empty: none was.
    link: String,
    link_for: String,
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
            let mut template = template(&service, &staff, &Sent::default()).await?;
            template.link = format!("/set-up/{link}");
            template.link_for = new.person;
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
        link: String::new(),
        link_for: String::new(),
        people: all.iter().map(|it| person(&library, it)).collect(),
        roles: Role::ALL.into_iter().map(role).collect(),
        places: places(&library, sent),
        name: sent.one("name").to_owned(),
        person: sent.one("person").to_owned(),
    })
}

fn person(library: &Library, account: &Account) -> Person {
    let agencies = account.agencies.iter().map(|key| match key.as_str() {
        "*" => say("all-agencies"),
        key => super::requests::agency_words(library.corpus(), key),
    });
    let roles: Vec<String> = account.role_names().map(|it| it.replace('_', " ")).collect();
    Person {
        name: account.name.clone(),
        person: account.person.clone(),
        roles: roles.join(", "),
        agencies: agencies.collect::<Vec<_>>().join("; "),
        is_locked: account.is_locked,
    }
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
                Choice { words: capital(&it.words), is_taken, value }
            })
            .collect();
        choices.sort_by(|one, other| one.words.cmp(&other.words));
        if !choices.is_empty() {
            places.push((pack.title.clone(), choices));
        }
    }
    places
}
