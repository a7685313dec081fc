//! A correction: the right answers beside those that were wrong, which stay; a closed case is
//! opened for it.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use brightline_desk::QuestionEntry;
use brightline_docket::{Actor, CaseView, Correction, FactSet};
use serde::Deserialize;

use super::answer::{self, Choice};
use super::declared;
use super::place::{Place, value_words};
use crate::access::Action;
use crate::pages::sent::Sent;
use crate::pages::staff::{Frame, Staff};
use crate::pages::words::{say, say_of};
use crate::pages::{outcome, page, refused, times};
use crate::problem::{Kind, Problem};

/// What is corrected first: the answer to a question, or an entry.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages) struct Wrong {
    #[serde(default)]
    fact: String,
    #[serde(default)]
    entry: u64,
}

/// A fact that can be corrected.
struct Line {
    asked: QuestionEntry,
    /// What was answered.
    value: String,
    choices: Vec<(String, String)>,
    typed: String,
    reason: String,
    sources: Vec<Choice>,
    /// It is the one that was chosen, or something is typed into it.
    is_open: bool,
    /// What is wrong with what was typed; empty: nothing.
    wrong: String,
}

/// A mistake: the fact, `note` or nothing in particular, and a sentence.
type Fault = (String, String);

const NOTE: &str = "note";

#[derive(Template)]
#[template(path = "request-correct.html")]
struct Correct<'a> {
    frame: Frame,
    view: &'a CaseView,
    /// Each mistake: where it is on the page, and a sentence.
    faults: Vec<Fault>,
    note_wrong: String,
    entry: u64,
    /// What the entry is, when, by whom.
    was: (String, String, String),
    fact: String,
    lines: Vec<Line>,
    note: String,
}

pub(in crate::pages) async fn show_correction(
    staff: Staff,
    Path(reference): Path<String>,
    Query(wrong): Query<Wrong>,
) -> Result<Response, Problem> {
    let view = staff.case(&reference).await?;
    staff.require(Action::Correct, &view.agency())?;
    form(&staff, &view, &wrong, (Vec::new(), &Sent::default()))
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
    let actor = staff.actor()?;
    let (facts, mut faults) = right_facts(&staff, &view, (&sent, &note), &actor);
    if facts.is_empty() && faults.is_empty() && !wrong.fact.is_empty() {
        faults.push((wrong.fact.clone(), say("fault-no-right")));
    }
    if note.is_empty() {
        faults.push((NOTE.to_owned(), say("fault-note")));
    }
    if !faults.is_empty() {
        return form(&staff, &view, &wrong, (faults, &sent));
    }
    let seen = (view.reference.as_str(), sent.version()?);
    let correction = Correction { entry: wrong.entry, note, facts, asked: None };
    match staff.office()?.correct(&actor, seen, correction).await {
        Ok(view) => {
            let corrected = view.timeline.iter().rev().find(|it| it.kind == "corrected");
            let entry = corrected.map_or(0, |it| it.number);
            Ok(Redirect::to(&format!("/requests/{reference}?changed={entry}")).into_response())
        }
        Err(error) => match refused::sentences(&error) {
            Some(fault) => form(&staff, &view, &wrong, (vec![(String::new(), fault)], &sent)),
            None => refused::page(&staff, &reference, (&sent, error)).await,
        },
    }
}

/// Reads every right answer that was given, and what is wrong with the others.
fn right_facts(
    staff: &Staff,
    view: &CaseView,
    (sent, note): (&Sent, &str),
    actor: &Actor,
) -> (Vec<FactSet>, Vec<Fault>) {
    let (mut facts, mut faults) = (Vec::new(), Vec::new());
    for asked in correctable(staff, view) {
        let own = own_fields(sent, &asked.fact);
        if own.one("answer").is_empty() {
            continue;
        }
        let value = match answer::read(&asked, &own, actor) {
            Ok(value) => value,
            Err(fault) => {
                faults.push((asked.fact, fault));
                continue;
            }
        };
        facts.push(FactSet {
            evidence: answer::evidence(&own),
            fact: asked.fact,
            value,
            seen: None,
            settles: Some(note.to_owned()),
        });
    }
    (facts, faults)
}

/// The fields that the form sends for one fact, by the names that a question alone has.
fn own_fields(sent: &Sent, fact: &str) -> Sent {
    let names = ["answer", "reason", "source"].into_iter();
    let field = |name: &str| (name.to_owned(), sent.one(&format!("{name}.{fact}")).to_owned());
    Sent::of(names.map(field).collect())
}

/// The questions of the facts that are recorded; a list is corrected row by row in the interview.
fn correctable(staff: &Staff, view: &CaseView) -> Vec<QuestionEntry> {
    let library = staff.library();
    let entry = |name: &String| declared::question(&library, view, &Place::parse(name));
    view.facts.keys().filter_map(entry).filter(|it| it.kind != "list").collect()
}

fn form(
    staff: &Staff,
    view: &CaseView,
    wrong: &Wrong,
    (faults, sent): (Vec<Fault>, &Sent),
) -> Result<Response, Problem> {
    let nothing = || Problem::new(Kind::NotFound, "there is no such entry");
    let fact = view.facts.get(&wrong.fact);
    let entry = match fact.and_then(|it| it.statements.last()) {
        Some(last) if wrong.entry == 0 => last.entry,
        _ => wrong.entry,
    };
    let line = view.timeline.iter().find(|it| it.number == entry).ok_or_else(nothing)?;
    let zone = staff.zone(Some(&view.agency()));
    let is_right = faults.is_empty();
    let mut lines = lines(staff, view, (entry, &wrong.fact), sent);
    for line in &mut lines {
        let own = faults.iter().find(|(fact, _)| *fact == line.asked.fact);
        line.wrong = own.map(|(_, fault)| fault.clone()).unwrap_or_default();
    }
    let note_wrong = faults.iter().find(|(place, _)| place == NOTE);
    let template = Correct {
        frame: staff.frame_of(view)?,
        view,
        note_wrong: note_wrong.map(|(_, fault)| fault.clone()).unwrap_or_default(),
        faults: faults.iter().map(|fault| placed(fault, &lines)).collect(),
        entry,
        was: (
            say(&format!("event-{}", line.kind)),
            times::shown(line.at, &zone),
            line.by.name.clone(),
        ),
        fact: wrong.fact.clone(),
        lines,
        note: sent.one("note").to_owned(),
    };
    let status = if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(status, &template))
}

/// Where a mistake is on the page, and the sentence that tells it in the summary.
fn placed((place, fault): &Fault, lines: &[Line]) -> Fault {
    let Some(at) = lines.iter().position(|it| it.asked.fact == *place) else {
        return (place.clone(), fault.clone());
    };
    let question = lines.get(at).map(|it| it.asked.ask.as_str()).unwrap_or_default();
    let is_choice = lines.get(at).is_some_and(|it| !it.choices.is_empty());
    let field = if is_choice { "-1" } else { "" };
    let words = say_of("fault-of-question", &[("question", question), ("fault", fault)]);
    (format!("answer-{}{field}", at + 1), words)
}

/// The facts that can be corrected: the chosen one first, then those that its entry set.
fn lines(staff: &Staff, view: &CaseView, chosen: (u64, &str), sent: &Sent) -> Vec<Line> {
    let (entry, chosen) = chosen;
    let papers = view.asked.papers.as_deref().unwrap_or_default();
    let set_by = |name: &str| view.facts.get(name).and_then(|it| it.statements.last());
    let of_entry: BTreeSet<&String> =
        view.facts.keys().filter(|it| set_by(it).is_some_and(|it| it.entry == entry)).collect();
    let mut lines: Vec<Line> = correctable(staff, view)
        .into_iter()
        .map(|asked| {
            let own = own_fields(sent, &asked.fact);
            let is_named =
                asked.fact == chosen || chosen.is_empty() && of_entry.contains(&asked.fact);
            Line {
                value: view
                    .facts
                    .get(&asked.fact)
                    .map(|it| value_words(&it.value))
                    .unwrap_or_default(),
                choices: choices(&asked),
                typed: own.one("answer").to_owned(),
                reason: own.one("reason").to_owned(),
                sources: answer::sources(papers, own.one("source")),
                is_open: is_named || !own.one("answer").is_empty(),
                wrong: String::new(),
                asked,
            }
        })
        .collect();
    lines.sort_by_key(|it| (it.asked.fact != chosen, !it.is_open));
    lines
}

/// The answers of a choice; nothing where the answer is typed.
fn choices(entry: &QuestionEntry) -> Vec<(String, String)> {
    let known: Vec<(String, String)> = match entry.kind.as_str() {
        "yes or no" => ["yes", "no"]
            .iter()
            .map(|it| ((*it).to_owned(), say(&format!("answer-{it}"))))
            .collect(),
        "choice" => {
            entry.choices.iter().map(|it| (it.value.clone(), outcome::capital(&it.words))).collect()
        }
        _ => return Vec::new(),
    };
    known.into_iter().chain([("unknown".to_owned(), say("answer-unknown"))]).collect()
}
