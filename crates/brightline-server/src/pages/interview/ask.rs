//! Which question comes next.

use brightline_desk::{ActDetermination, QuestionEntry};
use brightline_docket::{Actor, CaseView};

use super::place::Place;

/// A question and the acts that still turn on it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) entry: QuestionEntry,
    pub(super) acts: Vec<String>,
}

fn determinations(view: &CaseView) -> &[ActDetermination] {
    view.decided.as_ref().map_or(&[], |it| it.response.determinations.as_slice())
}

/// The questions that can still change an answer and were not put yet, the most decisive first.
fn unanswered(view: &CaseView) -> impl Iterator<Item = &QuestionEntry> {
    let questions = determinations(view).iter().flat_map(|act| &act.questions);
    questions.filter(|entry| !Place::parse(&entry.fact).is_answered(view))
}

/// Returns whether this person may answer: a finding needs one of its roles.
fn is_for(actor: &Actor, entry: &QuestionEntry) -> bool {
    !entry.finding || actor.has_any(entry.found_by.iter().map(String::as_str))
}

/// Returns the next question for a person; of the row just asked about, if it has one.
pub(super) fn next(view: &CaseView, actor: &Actor, last: Option<&str>) -> Option<Asked> {
    let open: Vec<&QuestionEntry> = unanswered(view).filter(|entry| is_for(actor, entry)).collect();
    let last = last.map(Place::parse);
    let same_row = open.iter().find(|entry| is_of_row(last.as_ref(), &entry.fact));
    let entry = same_row.or_else(|| open.first())?;
    Some(with_acts(view, (*entry).clone()))
}

fn is_of_row(last: Option<&Place>, path: &str) -> bool {
    let (Some(last), place) = (last, Place::parse(path)) else { return false };
    let row = |place: &Place| place.field.as_ref().map(|(row, _)| *row);
    last.fact == place.fact
        && place.field.is_some()
        && (row(last) == row(&place) || last.field.is_none())
}

/// Returns the question of a place, as long as it can still change an answer or was answered.
pub(super) fn named(view: &CaseView, path: &str) -> Option<Asked> {
    let mut all = determinations(view).iter().flat_map(|act| &act.questions);
    let entry = all.find(|entry| entry.fact == path)?;
    Some(with_acts(view, entry.clone()))
}

pub(super) fn with_acts(view: &CaseView, entry: QuestionEntry) -> Asked {
    let turns_on = |act: &&ActDetermination| act.questions.iter().any(|it| it.fact == entry.fact);
    let acts = determinations(view).iter().filter(turns_on).map(|act| act.words.clone());
    Asked { acts: acts.collect(), entry }
}

/// How many different questions are not put yet.
pub(super) fn left(view: &CaseView) -> usize {
    let names: std::collections::BTreeSet<&str> =
        unanswered(view).map(|entry| entry.fact.as_str()).collect();
    names.len()
}

/// Returns the findings that wait for somebody of another role: question, roles.
pub(in crate::pages) fn waiting_for(view: &CaseView, actor: &Actor) -> Vec<(String, String)> {
    let mut waiting: Vec<(String, String)> = Vec::new();
    for entry in unanswered(view).filter(|entry| !is_for(actor, entry)) {
        let roles: Vec<String> = entry.found_by.iter().map(|it| it.replace('_', " ")).collect();
        let line = (entry.ask.clone(), roles.join(" or "));
        if !waiting.contains(&line) {
            waiting.push(line);
        }
    }
    waiting
}

/// Returns whether there is a question left for a person.
pub(in crate::pages) fn asks(view: &CaseView, actor: &Actor) -> bool {
    next(view, actor, None).is_some()
}
