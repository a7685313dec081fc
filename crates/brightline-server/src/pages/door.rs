//! Agents at the door: three taps to what to say, whom to call and what to write down.
//!
//! It needs nobody to be signed in, has no field to type in, and keeps nothing.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use brightline_desk::{ActDetermination, Library, Request};
use brightline_law::clock::Day;
use brightline_law::ir::{AsKnown, Corpus, PackId};
use brightline_law::ruled_acts;
use brightline_paper::Door;

use super::outcome::{Tag, capital};
use super::words::{say, say_with};
use super::{message, page, times};
use crate::access::Action;
use crate::problem::{Kind, Problem};
use crate::routes::Table;
use crate::service::Service;

/// Adds the pages.
pub(super) fn add_to(table: Table) -> Table {
    table
        .page(("/door", &["GET"]), get(places), Action::ReadRules)
        .page(("/door/{pack}", &["GET"]), get(agencies), Action::ReadRules)
        .page(("/door/{pack}/{agency}", &["GET"]), get(papers), Action::ReadRules)
        .page(("/door/{pack}/{agency}/{paper}", &["GET"]), get(answer), Action::ReadRules)
}

/// A list of things to tap on.
#[derive(Template)]
#[template(path = "door.html")]
struct Choose {
    step: u8,
    question: String,
    hint: String,
    safety: Vec<String>,
    back: String,
    choices: Vec<(String, String)>,
}

/// What is said to every act with the same outcome.
struct Said {
    tag: Tag,
    say: String,
    acts: Vec<AskedFor>,
}

/// An act that they may ask for, and why the answer is what it is.
struct AskedFor {
    words: String,
    why: Vec<String>,
    citations: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "door-answer.html")]
struct Answer {
    agency: String,
    place: String,
    on: String,
    paper: String,
    back: String,
    said: Vec<Said>,
    /// Where the agency is reached, as its letters say; empty where its office has not set it.
    reached: String,
    door: Door,
}

/// The law of a place as far as a door needs it.
struct Here {
    library: Arc<Library>,
    pack: PackId,
    id: String,
    title: String,
    on: String,
    at: AsKnown,
    door: Door,
}

impl Here {
    fn of(service: &Service, id: &str) -> Result<Self, Box<Response>> {
        let library = service.library();
        let (Some(pack), Some(source)) = (library.corpus().pack(id), library.packs().pack(id))
        else {
            return Err(nothing());
        };
        let mut chain = vec![source.id.clone()];
        chain.extend(source.parents.iter().rev().cloned());
        let door = Door::of(&service.settings().beside, &chain).map_err(|error| {
            Box::new(Problem::new(Kind::Internal, error.to_string()).into_response())
        })?;
        let Some(door) = door else {
            return Err(nothing());
        };
        let on = times::today(&source.zone);
        let day = Day::parse(&on).map_err(|_| nothing())?;
        let at = AsKnown { on: day, known: Day::MAX };
        let (id, title) = (source.id.clone(), source.title.clone());
        Ok(Self { pack, id, title, on, at, door, library })
    }

    /// The acts of the door that some rule in force asks of an agency.
    fn acts(&self, corpus: &Corpus, name: &str) -> Vec<String> {
        let Some(agency) = corpus.agency(self.pack, name) else {
            return Vec::new();
        };
        let ruled = ruled_acts(corpus, self.pack, agency, self.at);
        let names = |wanted: &String| {
            let name = corpus.act_name(self.pack, wanted);
            name.is_some_and(|it| it.acts.iter().any(|act| ruled.contains(act)))
        };
        self.door.acts.iter().filter(|it| names(it)).cloned().collect()
    }
}

fn nothing() -> Box<Response> {
    Box::new(message(StatusCode::NOT_FOUND, &say("nothing-here"), &say("door-none")))
}

/// What comes first wherever somebody is: from the pack that stands above all others.
fn safety(service: &Service, library: &Library) -> Vec<String> {
    let above = library.corpus().packs.iter().filter(|it| it.parents.is_empty());
    let ids: Vec<String> = above.map(|it| it.id.clone()).collect();
    let door = Door::of(&service.settings().beside, &ids).ok().flatten();
    door.map(|it| it.safety).unwrap_or_default()
}

async fn places(State(service): State<Service>) -> Response {
    let library = service.library();
    let packs = &library.corpus().packs;
    let choices = packs.iter().map(|it| (format!("/door/{}", it.id), it.title.clone()));
    page(
        StatusCode::OK,
        &Choose {
            step: 1,
            question: say("door-where"),
            hint: say("door-where-hint"),
            safety: safety(&service, &library),
            back: String::new(),
            choices: choices.collect(),
        },
    )
}

async fn agencies(State(service): State<Service>, Path(id): Path<String>) -> Response {
    let here = match Here::of(&service, &id) {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let corpus = here.library.corpus();
    let all = brightline_law::agencies(corpus, here.pack).into_iter();
    let named = all.filter_map(|it| corpus.agencies.get(it.index()));
    let ruled = named.filter(|it| !here.acts(corpus, &it.name).is_empty());
    let choices = ruled.map(|it| (format!("/door/{id}/{}", it.name), capital(&it.words)));
    let template = Choose {
        step: 2,
        question: say("door-agency"),
        hint: here.title.clone(),
        choices: choices.collect(),
        safety: here.door.safety,
        back: "/door".to_owned(),
    };
    page(StatusCode::OK, &template)
}

async fn papers(
    State(service): State<Service>,
    Path((id, agency)): Path<(String, String)>,
) -> Response {
    let here = match Here::of(&service, &id) {
        Ok(here) => here,
        Err(response) => return *response,
    };
    if here.library.corpus().agency(here.pack, &agency).is_none() {
        return *nothing();
    }
    let choices = here.door.papers.iter().enumerate();
    let choices = choices.map(|(at, it)| (format!("/door/{id}/{agency}/{at}"), it.words.clone()));
    let template = Choose {
        step: 3,
        question: say("door-paper"),
        hint: say("door-paper-hint"),
        choices: choices.collect(),
        safety: here.door.safety,
        back: format!("/door/{id}"),
    };
    page(StatusCode::OK, &template)
}

async fn answer(
    State(service): State<Service>,
    Path((id, agency, paper)): Path<(String, String, usize)>,
) -> Response {
    let here = match Here::of(&service, &id) {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let library = Arc::clone(&here.library);
    let corpus = library.corpus();
    let found = corpus.agency(here.pack, &agency).and_then(|it| corpus.agencies.get(it.index()));
    let (Some(found), Some(shown)) = (found, here.door.papers.get(paper).cloned()) else {
        return *nothing();
    };
    let acts = here.acts(corpus, &agency);
    let request = Request {
        jurisdiction: Some(Cow::Borrowed(&here.id)),
        agency: Some(Cow::Borrowed(&agency)),
        on: Some(Cow::Borrowed(&here.on)),
        papers: Some(vec![Cow::Borrowed(&shown.name)]),
        acts: Some(acts.iter().map(|it| Cow::Borrowed(it.as_str())).collect()),
        ..Request::default()
    };
    let decided = match library.answer(&request) {
        Ok(response) => response,
        Err(refusal) => return Problem::from(refusal).into_response(),
    };
    let key = format!("{id}/{agency}");
    // A service that only decides knows no office; the page has to answer all the same.
    let head = service.letterhead(&key).await.ok().flatten();
    let reached = head.map(|it| it.reached()).unwrap_or_default();
    let template = Answer {
        said: said(&decided.determinations, &here.door),
        reached: match reached.is_empty() {
            true => reached,
            false => say_with("door-reached", "where", &reached),
        },
        agency: capital(&found.words),
        place: here.title,
        on: times::civil(&here.on),
        paper: shown.words,
        back: format!("/door/{id}/{agency}"),
        door: here.door,
    };
    page(StatusCode::OK, &template)
}

/// What to say, once for all acts that come out alike.
fn said(found: &[ActDetermination], door: &Door) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    for it in found {
        let tag = Tag::of(&it.outcome);
        match said.iter_mut().find(|other| other.tag == tag) {
            Some(other) => other.acts.push(asked_for(it)),
            None => said.push(Said {
                say: door.say.get(&it.outcome).cloned().unwrap_or_default(),
                acts: vec![asked_for(it)],
                tag,
            }),
        }
    }
    said
}

fn asked_for(found: &ActDetermination) -> AskedFor {
    let citations = found.basis.iter().map(|it| (it.citation.clone(), format!("/rules/{}", it.id)));
    let mut citations: Vec<_> = citations.collect();
    citations.dedup();
    AskedFor { words: capital(&found.words), why: found.explanation.clone(), citations }
}
