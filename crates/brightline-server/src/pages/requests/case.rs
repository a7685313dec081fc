//! The page of a case: outcomes, reasons, the clock, duties, papers, history, departures, and what
//! can be done next.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use brightline_docket::{Actor, CaseView, Departure, Did, ReopenedView, Stage, TimelineEntry};
use serde::Deserialize;

use super::act::REOPENINGS;
use super::again::Again;
use super::duty::{self, Duty};
use super::letter;
use super::new::{agency_words, paper_words};
use crate::access::Action;
use crate::accounts::Account;
use crate::pages::clock::{Deadline, deadline};
use crate::pages::interview::{
    changed_by_entry, evidence_words, place_ask, rows, value_words, waiting_for,
};
use crate::pages::outcome::{self, Act, Tag};
use crate::pages::staff::{Frame, Staff};
use crate::pages::words::{say, say_with};
use crate::pages::{page, times};
use crate::problem::Problem;

/// As what counsel can decide an act.
const DECIDED: [&str; 5] = ["prohibited", "permitted", "required", "not_required", "no_authority"];

/// A line of the clock: what ends, when, and how long that is from now.
struct Tick {
    words: String,
    when: String,
    hint: String,
    is_late: bool,
}

/// A fact with who said so.
struct Known {
    ask: String,
    fact: String,
    value: String,
    /// It was asked, and nobody knows.
    is_unknown: bool,
    rows: Vec<String>,
    evidence: String,
    by: String,
    at: String,
    is_conflicting: bool,
    statements: Vec<String>,
}

/// What was done with an act.
struct DoneLine {
    act: String,
    did: String,
    how: String,
    when: String,
    note: String,
    by: String,
    departs: Vec<String>,
}

/// What the person who looks at the page may do now.
struct Next {
    asks: bool,
    proposes: bool,
    signs: bool,
    /// It waits for a signature, and this person put it forward.
    own_proposal: bool,
    sends_back: bool,
    /// This person may decide an act otherwise than computed.
    decides: bool,
    records: bool,
    ticks: bool,
    closes: bool,
    /// Who can be given the case: account and name.
    people: Vec<(String, String)>,
    /// It can be taken up again, for one of these reasons: name and words.
    reopenings: Vec<(&'static str, String)>,
    corrects: bool,
    /// Who sees to it, and why it was given to them.
    assigned: String,
    assigned_because: String,
    /// Why it was taken up again.
    reopened: String,
    /// Where the two-person rule stands, in words.
    proposed_by: String,
    signed_by: String,
    returned: String,
    open_questions: usize,
    /// It is signed, and not everything that follows is done.
    is_signed_open: bool,
    duties_left: usize,
    acts_left: bool,
    waiting: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "request.html")]
struct Page<'a> {
    frame: Frame,
    view: &'a CaseView,
    /// The form that was refused, if one was.
    again: Again,
    /// What the last correction changed.
    saved: String,
    agency: String,
    stage: String,
    received: String,
    channel: String,
    born: String,
    on: String,
    papers: Vec<String>,
    deadline: Option<Deadline>,
    clock: Vec<Tick>,
    acts: Vec<Act>,
    /// As what an act can be decided otherwise.
    outcomes: Vec<Tag>,
    notes: Vec<String>,
    duties: Vec<Duty>,
    /// Those that depend on something which is not known.
    perhaps: Vec<Duty>,
    facts: Vec<Known>,
    /// What was asked and is not known.
    unknown: Vec<Known>,
    done: Vec<DoneLine>,
    letters: Vec<letter::Offer>,
    /// The office has set where the agency is reached, as letters show it.
    is_reached: bool,
    /// The wording of some letter was never reviewed.
    is_drafted: bool,
    /// What was done, and who read it: when, what, by whom, which entry; the newest first.
    history: Vec<(String, String, String, u64)>,
    reads: Vec<(String, String, String, u64)>,
    /// How often it was read, and by how many people.
    read_how: String,
    next: Next,
    now_field: String,
}

/// After what a case is shown.
#[derive(Deserialize)]
pub(in crate::pages) struct After {
    /// The entry of a correction: the page says what it changed.
    changed: Option<u64>,
}

pub(in crate::pages) async fn case(
    staff: Staff,
    Path(reference): Path<String>,
    Query(after): Query<After>,
) -> Result<Response, Problem> {
    let view = staff.case(&reference).await?;
    let saved = match after.changed {
        Some(entry) => changed_by_entry(&staff, &view, entry).await,
        None => String::new(),
    };
    told(&staff, &view, (Again::default(), saved)).await
}

/// Shows a case with the form that was refused.
pub(super) async fn shown(
    staff: &Staff,
    view: &CaseView,
    again: Again,
) -> Result<Response, Problem> {
    told(staff, view, (again, String::new())).await
}

async fn told(
    staff: &Staff,
    view: &CaseView,
    (again, saved): (Again, String),
) -> Result<Response, Problem> {
    let now = staff.office()?.now();
    let zone = staff.zone(Some(&view.agency()));
    let people = staff.colleagues(&view.agency()).await?;
    let library = staff.library();
    let corpus = library.corpus();
    let papers = view.asked.papers.iter().flatten().map(|name| {
        let paper = corpus.papers.iter().find(|paper| paper.name == *name);
        paper_words(name, paper.map_or("", |it| &it.title))
    });
    let line = |it: &TimelineEntry| {
        let what = say(&format!("event-{}", it.kind));
        (times::shown(it.at, &zone), what, it.by.name.clone(), it.number)
    };
    let newest = view.timeline.iter().rev();
    let (reads, done): (Vec<_>, Vec<_>) = newest.partition(|it| it.kind == "read");
    let status = match again.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (unknown, facts) = facts(staff, view, &zone).into_iter().partition(|it| it.is_unknown);
    let (perhaps, duties) = duty::all(view, now, &zone).into_iter().partition(Duty::is_perhaps);
    let letters = letter::offers(staff, view);
    let template = Page {
        frame: staff.frame_of(view)?,
        again,
        saved,
        agency: agency_words(corpus, &view.agency()),
        stage: say(&format!("stage-{}", view.stage.name())),
        received: times::shown(view.received_at, &zone),
        channel: say(&format!("channel-{}", view.channel)),
        born: view
            .subject
            .as_ref()
            .and_then(|it| it.born.as_deref())
            .map(times::civil)
            .unwrap_or_default(),
        on: times::civil(&view.asked.on),
        papers: papers.collect(),
        deadline: deadline(view, now),
        clock: clock(staff, view, now),
        acts: outcome::acts(corpus, view),
        outcomes: DECIDED.iter().map(|it| Tag::of(it)).collect(),
        notes: view.decided.as_ref().map(|it| it.response.notes.clone()).unwrap_or_default(),
        perhaps,
        duties,
        facts,
        unknown,
        done: view.done.iter().map(|done| done_line(view, done)).collect(),
        is_drafted: letters.iter().any(letter::Offer::is_drafted),
        letters,
        is_reached: letter::is_reached(staff, view).await?,
        history: done.into_iter().map(line).collect(),
        read_how: read_how(&reads),
        reads: reads.into_iter().map(line).collect(),
        next: next(staff, view, people)?,
        now_field: times::minute_of(now, &zone),
        view,
    };
    Ok(page(status, &template))
}

/// How often a case was read, and by how many people.
fn read_how(reads: &[&TimelineEntry]) -> String {
    let people: BTreeSet<&str> = reads.iter().map(|it| it.by.person.as_str()).collect();
    let times = say_with("read-times", "count", &reads.len().to_string());
    let people = say_with("read-people", "count", &people.len().to_string());
    format!("{times} {people}")
}

/// Everything with an end: limits of acts, and times among the facts, the earliest first.
fn clock(staff: &Staff, view: &CaseView, now: i64) -> Vec<Tick> {
    let zone = &staff.zone(Some(&view.agency()));
    let mut ticks: Vec<(String, String)> = times_known(staff, view);
    let acts = view.decided.iter().flat_map(|it| &it.response.determinations);
    for act in acts {
        // Where nothing may be done past a time, a limit on doing it is not the point.
        let counts = !matches!(act.outcome.as_str(), "prohibited" | "no_authority");
        for limit in act.limits.iter().filter(|_| counts) {
            let safe = limit.ends.iter().find(|end| end.safe).or_else(|| limit.ends.first());
            if let Some(end) = safe.and_then(|end| end.end.clone()) {
                let words = format!("{}: {}", outcome::capital(&act.words), limit.words);
                ticks.push((end, words));
            }
        }
    }
    ticks.sort();
    ticks.dedup();
    let tick = |(end, words): (String, String)| {
        let at = times::instant(&end, zone);
        Tick {
            words,
            when: times::civil(&end),
            hint: at.map(|at| times::hint(now, at)).unwrap_or_default(),
            is_late: at.is_some_and(|at| at < now),
        }
    };
    ticks.into_iter().map(tick).collect()
}

/// The facts that are times, each with its question.
fn times_known(staff: &Staff, view: &CaseView) -> Vec<(String, String)> {
    let library = staff.library();
    // The sentence of the clock has told that one already.
    let told = view.ending().map(|it| it.from).unwrap_or_default();
    let others = view.facts.iter().filter(|(name, _)| **name != told);
    let known = others.filter_map(|(name, fact)| {
        let text = fact.value.get("value").unwrap_or(&fact.value).as_str()?;
        let is_time = text.len() == 16 && times::instant(text, "UTC").is_some();
        is_time.then(|| (text.to_owned(), place_ask(&library, view, name)))
    });
    known.collect()
}

fn facts(staff: &Staff, view: &CaseView, zone: &str) -> Vec<Known> {
    let library = staff.library();
    let known = view.facts.iter().filter_map(|(name, fact)| {
        let last = fact.statements.last()?;
        let statements = fact.statements.iter().map(|it| {
            let value = value_words(&it.set.value);
            let source = evidence_words(&it.set.evidence);
            format!("{value} – {source} – {}, {}", it.by.name, times::shown(it.at, zone))
        });
        Some(Known {
            ask: place_ask(&library, view, name),
            fact: serde_urlencoded::to_string([("fact", name)]).unwrap_or_default(),
            value: value_words(&fact.value),
            is_unknown: fact.value.get("unknown").is_some() && !fact.is_conflicting,
            rows: rows(&fact.value).iter().map(row_words).collect(),
            evidence: evidence_words(&last.set.evidence),
            by: last.by.name.clone(),
            at: times::shown(last.at, zone),
            is_conflicting: fact.is_conflicting,
            statements: statements.collect(),
        })
    });
    known.collect()
}

/// A row of a list in one line.
fn row_words(row: &serde_json::Value) -> String {
    let Some(entries) = row.as_object() else { return String::new() };
    let cells = entries.iter().map(|(name, value)| match value.as_str() {
        Some(_) if name == "offense" => value_words(value),
        _ => format!("{}: {}", name.replace('_', " "), value_words(value)),
    });
    cells.collect::<Vec<_>>().join("; ")
}

fn done_line(view: &CaseView, done: &brightline_docket::DoneView) -> DoneLine {
    let acts = view.acts();
    let act = acts.iter().find(|act| act.act == done.act);
    let departs = done.departs.iter().map(|it| match it {
        Departure::AgainstOutcome => say("departs-against_outcome"),
        Departure::NotSafe => say("departs-not_safe"),
        Departure::Unsigned => say("departs-unsigned"),
    });
    DoneLine {
        act: act.map_or_else(|| done.act.replace('_', " "), |act| outcome::capital(&act.words)),
        did: match done.did {
            Did::Done => say("did-done"),
            Did::Refrained => say("did-refrained"),
        },
        how: done.how.clone(),
        when: times::civil(&done.when),
        note: done.note.clone(),
        by: done.by.name.clone(),
        departs: departs.collect(),
    }
}

fn reopened(it: &ReopenedView) -> String {
    let why = REOPENINGS.iter().find(|(_, why)| *why == it.why).map_or("", |(name, _)| name);
    format!("{}: {}", say(&format!("reopen-{why}")), it.note)
}

fn next(staff: &Staff, view: &CaseView, people: Vec<Account>) -> Result<Next, Problem> {
    let agency = view.agency();
    let actor: Actor = staff.actor()?;
    let may = |action| staff.may(action, &agency);
    let waits = view.stage == Stage::Proposed;
    let is_open = view.stage != Stage::Closed;
    let proposal = view.proposal.as_ref();
    let own =
        proposal.is_some_and(|it| it.by.person == actor.person || it.by.account == actor.account);
    let acts_left = view.acts().iter().any(|act| !act.is_done);
    let duties_left = view.tasks.iter().filter(|task| task.is_open() && task.is_certain).count();
    let signed = view.signature.as_ref();
    let named = people.iter().find(|it| it.name == view.assigned);
    let reopens = may(Action::Reopen) && (!is_open || signed.is_some());
    let gives = is_open && may(Action::Assign);
    Ok(Next {
        assigned: named.map_or_else(|| view.assigned.clone(), |it| it.person.clone()),
        assigned_because: view.assigned_because.clone(),
        people: match gives {
            true => people.into_iter().map(|it| (it.name, it.person)).collect(),
            false => Vec::new(),
        },
        reopenings: REOPENINGS
            .iter()
            .filter(|_| reopens)
            .map(|(name, _)| (*name, say(&format!("reopen-{name}"))))
            .collect(),
        corrects: may(Action::Correct),
        reopened: view.reopened.as_ref().map(reopened).unwrap_or_default(),
        asks: is_open && may(Action::SetFacts) && crate::pages::interview::asks(view, &actor),
        proposes: is_open
            && may(Action::Propose)
            && !waits
            && signed.is_none()
            && view.decided.is_some(),
        signs: waits && may(Action::Sign) && !own,
        own_proposal: waits && own,
        decides: is_open && signed.is_none() && may(Action::Sign),
        sends_back: waits && may(Action::SendBack) && may(Action::Sign),
        records: is_open && may(Action::RecordAct) && acts_left,
        ticks: is_open && may(Action::CompleteDuty),
        closes: is_open && may(Action::CompleteDuty) && !acts_left && duties_left == 0,
        proposed_by: proposal.filter(|_| waits).map(|it| it.by.name.clone()).unwrap_or_default(),
        signed_by: signed.map(|it| it.by.name.clone()).unwrap_or_default(),
        returned: proposal.and_then(|it| it.returned.clone()).unwrap_or_default(),
        open_questions: view.open_facts(),
        is_signed_open: is_open && signed.is_some() && (acts_left || duties_left > 0),
        duties_left,
        acts_left,
        waiting: match signed.is_none() && is_open {
            true => waiting_for(view, &actor),
            false => Vec::new(),
        },
    })
}
