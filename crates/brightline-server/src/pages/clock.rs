//! The clock of a case in words: by when what is asked for has to end.

use brightline_docket::{CaseClock, CaseSummary, CaseView, Ending, Ends, Stage};
use brightline_law::ir::Corpus;

use super::outcome::capital;
use super::times;
use super::words::{has, say, say_of};

/// The clock of a case as a sentence.
pub(super) struct Deadline {
    pub(super) sentence: String,
    /// How long that is from now; empty where it no longer matters.
    pub(super) hint: String,
    pub(super) is_late: bool,
}

/// Returns the sentence of a case; nothing where its law has no clock.
pub(super) fn deadline(view: &CaseView, now: i64) -> Option<Deadline> {
    let ending = view.ending()?;
    let sentence = sentence(view, &ending)?;
    let is_over = view.stage == Stage::Closed || view.is_done(&ending.act);
    let at = ending.at.filter(|_| !is_over);
    Some(Deadline {
        sentence,
        hint: at.map(|at| times::hint(now, at)).unwrap_or_default(),
        is_late: at.is_some_and(|at| at < now),
    })
}

fn sentence(view: &CaseView, ending: &Ending) -> Option<String> {
    let time = time_of(view, ending);
    let how = match (&time, ending.ends) {
        (None, _) => "unknown",
        (_, Ends::Must) => "must",
        (_, Ends::Meanwhile) => "meanwhile",
        (_, Ends::Ask) => "ask",
        (_, Ends::Unlimited) => "unlimited",
    };
    let time = time.unwrap_or_default();
    let key = format!("clock-{}-{how}", ending.from);
    if has(&key) {
        return Some(say_of(&key, &[("time", &time)]));
    }
    let act = view.acts().into_iter().find(|it| it.act == ending.act)?;
    let is_limited = matches!(act.outcome.as_str(), "permitted" | "required");
    let is_told = is_limited && ending.ends == Ends::Must;
    let act = capital(&act.words);
    is_told.then(|| say_of("clock-other-must", &[("act", &act), ("time", &time)]))
}

fn time_of(view: &CaseView, ending: &Ending) -> Option<String> {
    let zone = view.decided.as_ref().map_or("UTC", |it| it.zone.as_str());
    match (ending.at, &ending.by) {
        (Some(at), _) => Some(times::shown(at, zone)),
        (None, Some(by)) => Some(times::civil(by)),
        (None, None) => None,
    }
}

/// Returns the instant by which it must end, in microseconds since 1970; nothing where the law
/// fixes none.
pub(super) fn must_end_by(view: &CaseView) -> Option<i64> {
    view.ending().filter(|it| it.ends == Ends::Must)?.at
}

/// Says what is due when the clock of a listed case ends.
pub(super) fn listed(corpus: &Corpus, summary: &CaseSummary) -> String {
    let jurisdiction = summary.agency.split('/').next().unwrap_or_default();
    let acts = summary.acts.iter().map(|(act, _)| act.as_str());
    let Some(clock) = CaseClock::of(corpus, jurisdiction, acts).filter(|_| summary.is_clock) else {
        return String::new();
    };
    let outcome = summary.acts.iter().find(|(act, _)| *act == clock.act).map(|it| it.1.as_str());
    let how = match outcome {
        Some("prohibited" | "no_authority" | "permitted" | "required") => "must",
        _ => "unlimited",
    };
    let key = format!("clock-{}-listed-{how}", clock.from);
    if has(&key) { say(&key) } else { String::new() }
}
