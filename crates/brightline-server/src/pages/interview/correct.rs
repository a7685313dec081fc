//! A correction: the right answer beside the one that was wrong, which stays; a closed case is
//! opened for it.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use brightline_desk::QuestionEntry;
use brightline_docket::{CaseView, Correction, FactSet};
use serde::Deserialize;

use super::answer::{self, Choice};
use super::declared;
use super::place::{Place, value_words};
use crate::access::Action;
use crate::pages::sent::Sent;
use crate::pages::staff::{Frame, Staff};
use crate::pages::words::say;
use crate::pages::{page, refused, times};
use crate::problem::{Kind, Problem};

/// What is corrected: the answer to a question, or an entry.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages) struct Wrong {
    #[serde(default)]
    fact: String,
    #[serde(default)]
    entry: u64,
}

#[derive(Template)]
#[template(path = "request-correct.html")]
struct Correct<'a> {
    frame: Frame,
    view: &'a CaseView,
    fault: String,
    entry: u64,
    /// What the entry is, when, by whom.
    was: (String, String, String),
    /// The question whose answer is corrected here, if it can be.
    asked: Option<&'a QuestionEntry>,
    /// What was answered.
    value: String,
    choices: Vec<(String, String)>,
    typed: String,
    note: String,
    sources: Vec<Choice>,
}

pub(in crate::pages) async fn show_correction(
    staff: Staff,
    Path(reference): Path<String>,
    Query(wrong): Query<Wrong>,
) -> Result<Response, Problem> {
    let view = staff.case(&reference).await?;
    staff.require(Action::Correct, &view.agency())?;
    form(&staff, &view, wrong, (String::new(), &Sent::default()))
}

pub(in crate::pages) async fn correct(
    staff: Staff,
    Path(reference): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    let view = staff.case(&reference).await?;
    staff.require(Action::Correct, &view.agency())?;
    let wrong = Wrong {
        fact: sent.one("fact").to_owned(),
        entry: sent.one("entry").parse().unwrap_or_default(),
    };
    let note = sent.one("note").to_owned();
    if note.is_empty() {
        let fault = say("fault-note");
        return form(&staff, &view, wrong, (fault, &sent));
    }
    let mut facts = Vec::new();
    if let Some(asked) = asked(&staff, &view, &wrong) {
        match answer::read(&asked, &sent, &staff.actor()?) {
            Ok(value) => facts.push(FactSet {
                fact: wrong.fact.clone(),
                value,
                evidence: answer::evidence(&sent),
                seen: None,
                settles: Some(note.clone()),
            }),
            Err(fault) => return form(&staff, &view, wrong, (fault, &sent)),
        }
    }
    let seen = (view.reference.as_str(), sent.version()?);
    let correction = Correction { entry: wrong.entry, note, facts, asked: None };
    match staff.office()?.correct(&staff.actor()?, seen, correction).await {
        Ok(_) => Ok(Redirect::to(&format!("/requests/{reference}")).into_response()),
        Err(error) => match refused::sentences(&error) {
            Some(fault) => form(&staff, &view, wrong, (fault, &sent)),
            None => refused::page(&staff, &reference, (sent.version()?, error)).await,
        },
    }
}

/// The question of the fact that is corrected; a list is corrected row by row in the interview.
fn asked(staff: &Staff, view: &CaseView, wrong: &Wrong) -> Option<QuestionEntry> {
    let place = Place::parse(&wrong.fact);
    let entry = declared::question(&staff.library(), view, &place)?;
    (entry.kind != "list" && place.field.is_none()).then_some(entry)
}

fn form(
    staff: &Staff,
    view: &CaseView,
    wrong: Wrong,
    (fault, sent): (String, &Sent),
) -> Result<Response, Problem> {
    let nothing = || Problem::new(Kind::NotFound, "there is no such entry");
    let fact = view.facts.get(&wrong.fact);
    let entry = match fact.and_then(|it| it.statements.last()) {
        Some(last) if wrong.entry == 0 => last.entry,
        _ => wrong.entry,
    };
    let line = view.timeline.iter().find(|it| it.number == entry).ok_or_else(nothing)?;
    let zone = staff.zone(Some(&view.agency()));
    let asked = asked(staff, view, &wrong);
    let is_right = fault.is_empty();
    let template = Correct {
        frame: staff.frame_of(view)?,
        view,
        fault,
        entry,
        was: (
            say(&format!("event-{}", line.kind)),
            times::shown(line.at, &zone),
            line.by.name.clone(),
        ),
        value: fact.map(|it| value_words(&it.value)).unwrap_or_default(),
        choices: asked.as_ref().map(choices).unwrap_or_default(),
        asked: asked.as_ref(),
        typed: sent.one("answer").to_owned(),
        note: sent.one("note").to_owned(),
        sources: answer::sources(
            view.asked.papers.as_deref().unwrap_or_default(),
            sent.one("source"),
        ),
    };
    let status = if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(status, &template))
}

/// The answers of a choice; nothing where the answer is typed.
fn choices(entry: &QuestionEntry) -> Vec<(String, String)> {
    let known: Vec<(String, String)> = match entry.kind.as_str() {
        "yes or no" => ["yes", "no"]
            .iter()
            .map(|it| ((*it).to_owned(), say(&format!("answer-{it}"))))
            .collect(),
        "choice" => entry.choices.iter().map(|it| (it.value.clone(), it.words.clone())).collect(),
        _ => return Vec::new(),
    };
    known.into_iter().chain([("unknown".to_owned(), say("answer-unknown"))]).collect()
}
