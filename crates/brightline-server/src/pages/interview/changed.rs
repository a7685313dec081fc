//! What an answer changed: the outcomes with it and without it, under one law.

use brightline_desk::ActOutcome;
use brightline_docket::CaseView;

use super::place::Place;
use crate::pages::clock::deadline;
use crate::pages::outcome::{Line, brief_lines};
use crate::pages::staff::Staff;
use crate::pages::words::{say, say_of, say_with};
use crate::problem::Problem;

/// Says what the last answer to a question changed; empty where none is recorded.
pub(super) async fn by_answer(
    staff: &Staff,
    view: &CaseView,
    path: &str,
) -> Result<String, Problem> {
    let fact = Place::parse(path).fact;
    let last = view.facts.get(&fact).and_then(|it| it.statements.last());
    let Some(last) = last else { return Ok(String::new()) };
    let Some(changed) = changed(staff, view, last.entry).await else { return Ok(String::new()) };
    // The time with which the clock begins changes the clock.
    let is_clock = view.ending().is_some_and(|it| it.from == fact && it.by.is_some());
    let clock = deadline(view, staff.office()?.now()).filter(|_| is_clock);
    Ok(changed.said(clock.map(|it| it.sentence)))
}

/// Says what the facts of an entry changed; empty where the entry set none.
pub(in crate::pages) async fn by_entry(staff: &Staff, view: &CaseView, entry: u64) -> String {
    let changed = changed(staff, view, entry).await;
    changed.map_or_else(String::new, |it| it.said(None))
}

/// What an entry changed.
struct Changed {
    /// Each act that stands otherwise, in words.
    acts: Vec<String>,
    /// Something is still open.
    is_open: bool,
}

impl Changed {
    fn said(&self, clock: Option<String>) -> String {
        let what = self.acts.join("; ");
        match (what.is_empty(), clock) {
            (false, None) => say_with("saved-changed", "what", &what),
            (false, Some(clock)) => {
                say_of("saved-changed-clock", &[("what", &what), ("sentence", &clock)])
            }
            (true, Some(clock)) => say_with("saved-clock", "sentence", &clock),
            (true, None) if self.is_open => say("saved-nothing-yet"),
            (true, None) => say("saved-nothing"),
        }
    }
}

/// Decides the case with an entry and without it, both under the law as it is now.
async fn changed(staff: &Staff, view: &CaseView, entry: u64) -> Option<Changed> {
    let line = view.timeline.iter().find(|it| it.number == entry)?;
    if !matches!(line.kind.as_str(), "facts_set" | "corrected") {
        return None;
    }
    let (with, without) = (view.request(), view.request_without(entry));
    let library = staff.library();
    // What is decided takes time, and others are not to wait for it.
    let decided = tokio::task::spawn_blocking(move || {
        Some((library.brief(&without).ok()?, library.brief(&with).ok()?))
    });
    let (before, now) = decided.await.ok()??;
    let lines = brief_lines(view, &now.determinations);
    let was = |it: &ActOutcome| before.determinations.iter().find(|was| was.act == it.act);
    let pairs = now.determinations.iter().zip(&lines);
    let acts = pairs.filter(|(now, _)| was(now) != Some(now)).map(|(now, line)| {
        let is_same = was(now).is_some_and(|was| was.outcome == now.outcome);
        change(line, is_same)
    });
    Some(Changed {
        acts: acts.collect(),
        is_open: now.determinations.iter().any(|it| it.outcome == "open"),
    })
}

/// An act that stands otherwise, or of which less is open.
fn change(line: &Line, is_same: bool) -> String {
    let (act, outcome) = (line.words.as_str(), line.tag.words.as_str());
    match (is_same, line.possible.is_empty()) {
        (true, _) => say_of("changed-possible", &[("act", act), ("possible", &line.possible)]),
        (false, false) => say_of("changed-open", &[("act", act), ("possible", &line.possible)]),
        (false, true) => say_of("changed-outcome", &[("act", act), ("outcome", outcome)]),
    }
}
