//! What a person sees when a change was refused: mistakes as sentences, a conflict with what
//! changed meanwhile.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use brightline_docket::{CaseView, Error};

use super::sent::Sent;
use super::staff::{Frame, Staff};
use super::words::say;
use super::{page as rendered, times};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "conflict.html")]
struct Conflict<'a> {
    frame: Frame,
    view: &'a CaseView,
    text: String,
    help: String,
    stage: String,
    /// What was changed since the page was opened: when, what, by whom.
    since: Vec<(String, String, String)>,
    /// The sentences that were typed.
    typed: Vec<String>,
}

/// Returns what is wrong with what was typed; nothing where that is not what is wrong.
pub(super) fn sentences(error: &Error) -> Option<String> {
    let sentences = by_field(error)?.into_iter().map(|(_, sentence)| sentence);
    Some(sentences.collect::<Vec<_>>().join(" "))
}

/// Returns the same by field: its name, and a sentence.
pub(super) fn by_field(error: &Error) -> Option<Vec<(String, String)>> {
    let refusal = error.refusal()?;
    let sentences = refusal.faults.iter().map(|fault| {
        let words = match &fault.help {
            Some(help) => format!("{}: {help}.", super::outcome::capital(&fault.message)),
            None => format!("{}.", super::outcome::capital(&fault.message)),
        };
        (fault.place.clone(), words)
    });
    Some(sentences.collect())
}

/// Returns a conflict with what can be done about it, as sentences; nothing where it is none.
pub(super) fn conflict(error: &Error) -> Option<String> {
    let help = error.help_text().map(sentence).unwrap_or_default();
    let told = || format!("{} {help}", sentence(&error.to_string())).trim().to_owned();
    error.is_conflict().then(told)
}

/// Returns a message as a sentence of a page: backticks are for terminals.
pub(super) fn sentence(text: &str) -> String {
    let text = super::outcome::capital(&text.replace('`', ""));
    if text.is_empty() { text } else { format!("{}.", text.trim_end_matches('.')) }
}

/// Answers for a change of a case that was refused: a conflict shows what changed since, and what
/// was typed.
pub(super) async fn page(
    staff: &Staff,
    reference: &str,
    (sent, error): (&Sent, Error),
) -> Result<Response, Problem> {
    if !error.is_conflict() {
        return Err(error.into());
    }
    let version = sent.version()?;
    let view = staff.case(reference).await?;
    let zone = staff.zone(Some(&view.agency()));
    // Reading does not count as a change, so versions count the other entries, one by one.
    let changes = view.timeline.iter().filter(|it| !it.kind.ends_with("read"));
    let mut since: Vec<(String, String, String)> = Vec::new();
    if version < view.version {
        let seen = usize::try_from(view.version - version).unwrap_or(usize::MAX);
        let newest = changes.rev().take(seen);
        since.extend(newest.map(|it| {
            (times::shown(it.at, &zone), say(&format!("event-{}", it.kind)), it.by.name.clone())
        }));
    }
    let template = Conflict {
        frame: staff.frame_of(&view)?,
        // That it changed is the heading already; backticks are for terminals.
        text: match error.is_stale() {
            true => String::new(),
            false => super::outcome::capital(&error.to_string().replace('`', "")),
        },
        help: match error.is_stale() {
            true => String::new(),
            false => error.help_text().map(super::outcome::capital).unwrap_or_default(),
        },
        stage: say(&format!("stage-{}", view.stage.name())),
        since,
        typed: sent.texts(),
        view: &view,
    };
    Ok(rendered(StatusCode::PRECONDITION_FAILED, &template))
}
