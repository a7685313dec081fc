//! The page of one question, and the page that says that nothing is left to ask.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use brightline_desk::{ChoiceEntry, Library, QuestionEntry};
use brightline_docket::{Actor, CaseView, FactView};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::{self, Choice};
use super::ask::{self, Asked};
use super::changed;
use super::declared;
use super::draft;
use super::history::{self, Table};
use super::place::{Place, value_words};
use crate::access::Action;
use crate::pages::clock::{Deadline, deadline};
use crate::pages::outcome::{Line, brief_lines, lines, page_of_citation};
use crate::pages::page;
use crate::pages::staff::{Frame, Staff};
use crate::pages::words::say_of;
use crate::problem::{Kind, Problem};

/// Which question is shown: a named one, or the next.
#[derive(Deserialize)]
pub(in crate::pages) struct Which {
    fact: Option<String>,
    /// The question that was just answered, so that a row is finished before the next.
    after: Option<String>,
}

/// What is shown again after a mistake.
#[derive(Default)]
pub(super) struct Again {
    pub(super) fault: String,
    /// It was kept, and not sent yet.
    pub(super) is_draft: bool,
    pub(super) typed: String,
    pub(super) reason: String,
    pub(super) source: String,
    /// Why the answer is right, and not the one before.
    pub(super) settles: String,
    pub(super) rows: Option<(Vec<Map<String, Value>>, bool)>,
    /// What the answer before changed; empty: there was none.
    pub(super) saved: String,
}

/// An answer of a choice, and the panel as it would be with it.
struct Radio {
    value: String,
    words: String,
    is_taken: bool,
    panel: Vec<Line>,
    is_settling: bool,
}

#[derive(Template)]
#[template(path = "interview.html")]
struct Question<'a> {
    frame: Frame,
    view: &'a CaseView,
    asked: &'a Asked,
    fault: &'a str,
    is_draft: bool,
    /// What the answer before changed.
    saved: &'a str,
    /// Of which row of a list: words, and the row's offense or number.
    of_row: String,
    radios: Vec<Radio>,
    typed: String,
    reason: &'a str,
    sources: Vec<Choice>,
    table: Option<Table>,
    offenses: Vec<(String, String)>,
    /// By when what is asked for has to end.
    deadline: Option<Deadline>,
    panel: Vec<Line>,
    /// How many acts are not settled.
    open: usize,
    left: usize,
    /// The provisions that ask: each with its page, where there is one.
    asked_by: Vec<(String, Option<String>)>,
    is_change: bool,
    /// The answer that is changed, in words.
    current: String,
    /// Why the new one is right.
    settles: &'a str,
    back: Option<String>,
}

#[derive(Template)]
#[template(path = "interview-end.html")]
struct End<'a> {
    frame: Frame,
    view: &'a CaseView,
    /// What the last answer changed.
    saved: String,
    deadline: Option<Deadline>,
    panel: Vec<Line>,
    is_settled: bool,
    /// What nobody knows yet: the place of the question, and the question.
    unknown: Vec<(String, String)>,
    waiting: Vec<(String, String)>,
    may_propose: bool,
}

pub(in crate::pages) async fn show(
    staff: Staff,
    Path(reference): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let view = staff.case(&reference).await?;
    staff.require(Action::SetFacts, &view.agency())?;
    let actor = staff.actor()?;
    let library = staff.library();
    let saved = match &which.after {
        Some(path) => changed::by_answer(&staff, &view, path).await?,
        None => String::new(),
    };
    let asked = match &which.fact {
        Some(path) => {
            let found = ask::named(&view, path).or_else(|| {
                let entry = declared::question(&library, &view, &Place::parse(path))?;
                Some(ask::with_acts(&view, entry))
            });
            found.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such question"))?
        }
        None => match ask::next(&view, &actor, which.after.as_deref()) {
            Some(asked) => asked,
            None => return end(&staff, &view, (&actor, saved)),
        },
    };
    let typed = draft::typed(&staff, &view, &asked).await?;
    let again = Again { saved, ..typed.unwrap_or_default() };
    question(&staff, &view, &asked, again).await
}

/// Shows a question; after a mistake, with what was typed.
pub(super) async fn question(
    staff: &Staff,
    view: &CaseView,
    asked: &Asked,
    again: Again,
) -> Result<Response, Problem> {
    let library = staff.library();
    let place = Place::parse(&asked.entry.fact);
    let stored = place.value(view);
    let typed = match again.fault.is_empty() && !again.is_draft {
        true => stored.map(history::text_of).unwrap_or_default(),
        false => again.typed.clone(),
    };
    let is_list = asked.entry.kind == "list";
    let table = is_list.then(|| history::table(&library, view, &asked.entry.fact, again.rows));
    let is_offense = asked.entry.kind == "offense";
    let statements = view.facts.get(&place.fact).map(|it| it.statements.as_slice());
    let last = statements.and_then(|all| all.last());
    let source = match (again.source.is_empty(), last) {
        (false, _) => again.source.clone(),
        (true, Some(last)) => answer::source_of(&last.set.evidence),
        (true, None) => String::new(),
    };
    let template = Question {
        frame: staff.frame_of(view)?,
        view,
        asked,
        fault: &again.fault,
        is_draft: again.is_draft,
        saved: &again.saved,
        of_row: of_row(view, &place),
        radios: radios(staff, view, asked, &typed).await?,
        reason: &again.reason,
        sources: answer::sources(view.asked.papers.as_deref().unwrap_or_default(), &source),
        table,
        offenses: if is_offense { history::offenses(&library, view) } else { Vec::new() },
        deadline: deadline(view, staff.office()?.now()),
        open: panel(view).iter().filter(|line| !line.possible.is_empty()).count(),
        panel: panel(view),
        left: ask::left(view),
        asked_by: asked
            .entry
            .asked_by
            .iter()
            .map(|it| (it.clone(), page_of_citation(library.corpus(), it, &view.asked.on)))
            .collect(),
        is_change: stored.is_some_and(|it| {
            // What was not known is simply known now.
            it.get("unknown").is_none_or(|reason| reason == "conflicting")
        }),
        current: stored.map(value_words).unwrap_or_default(),
        settles: &again.settles,
        back: before(view, &asked.entry.fact),
        typed,
    };
    let is_right = again.fault.is_empty();
    Ok(page(if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &template))
}

/// Returns the panel as the case stands.
pub(super) fn panel(view: &CaseView) -> Vec<Line> {
    let found = view.decided.as_ref().map(|it| it.response.determinations.as_slice());
    lines(found.unwrap_or_default())
}

/// Returns the answers of a choice, each with the panel that it leads to.
async fn radios(
    staff: &Staff,
    view: &CaseView,
    asked: &Asked,
    typed: &str,
) -> Result<Vec<Radio>, Problem> {
    let roles = staff.actor()?.roles;
    let stored = Place::parse(&asked.entry.fact).value(view);
    // What is decided takes time, and one answer does not wait for the other.
    let begun: Vec<_> = answers(&asked.entry)
        .into_iter()
        .map(|(value, words, answer)| {
            let is_new = !is_as(stored, &answer);
            let foreseen = is_new.then(|| {
                let supposed = supposed(view, asked, (answer, &roles));
                let library = staff.library();
                tokio::task::spawn_blocking(move || foreseen(&library, &supposed))
            });
            (value, words, foreseen)
        })
        .collect();
    let mut radios = Vec::with_capacity(begun.len());
    for (value, words, foreseen) in begun {
        let panel = match foreseen {
            Some(lines) => lines.await.unwrap_or_default(),
            None => panel(view),
        };
        radios.push(Radio {
            is_taken: value == typed,
            is_settling: !panel.is_empty() && panel.iter().all(|line| line.possible.is_empty()),
            value,
            words,
            panel,
        });
    }
    Ok(radios)
}

/// The answers of a choice: value, words and as a request gives them; none where it is typed.
fn answers(entry: &QuestionEntry) -> Vec<(String, String, Value)> {
    let choices: Vec<(String, String, Value)> = match entry.kind.as_str() {
        "yes or no" => vec![
            ("yes".to_owned(), value_words(&json!(true)), json!(true)),
            ("no".to_owned(), value_words(&json!(false)), json!(false)),
        ],
        "choice" => {
            let choice = |it: &ChoiceEntry| {
                let words = crate::pages::outcome::capital(&it.words);
                (it.value.clone(), words, Value::from(it.value.clone()))
            };
            entry.choices.iter().map(choice).collect()
        }
        _ => return Vec::new(),
    };
    let unknown = json!({"unknown": "not known"});
    let words = value_words(&unknown);
    choices.into_iter().chain([("unknown".to_owned(), words, unknown)]).collect()
}

/// Returns whether an answer changes nothing: it is the one that stands, or both are unknown.
fn is_as(stored: Option<&Value>, answer: &Value) -> bool {
    let stored = stored.filter(|it| it.get("unknown").is_none());
    match (stored, answer.get("unknown")) {
        (None, unknown) => unknown.is_some(),
        (Some(stored), _) => stored.get("value").unwrap_or(stored) == answer,
    }
}

/// Returns the case as it would be with an answer; nothing of it is recorded.
fn supposed(
    view: &CaseView,
    asked: &Asked,
    (answer, roles): (Value, &BTreeSet<String>),
) -> CaseView {
    let role = asked.entry.found_by.iter().find(|role| roles.contains(*role));
    let answer = match role.filter(|_| asked.entry.finding && answer.get("unknown").is_none()) {
        Some(role) => json!({"value": answer, "by": role, "reason": "as if"}),
        None => answer,
    };
    let place = Place::parse(&asked.entry.fact);
    let mut supposed = view.clone();
    let value = place.with(view, answer);
    match supposed.facts.get_mut(&place.fact) {
        Some(fact) => fact.value = value,
        None => {
            let fact = FactView { value, is_conflicting: false, statements: Vec::new() };
            supposed.facts.insert(place.fact, fact);
        }
    }
    supposed
}

/// Decides a case as it is supposed to be.
fn foreseen(library: &Library, supposed: &CaseView) -> Vec<Line> {
    let brief = library.brief(&supposed.request());
    brief.map(|it| brief_lines(supposed, &it.determinations)).unwrap_or_default()
}

/// Says of which row a question is: its number, and its offense once that is known.
fn of_row(view: &CaseView, place: &Place) -> String {
    let Some((row, _)) = &place.field else { return String::new() };
    let list = crate::pages::outcome::capital(&place.fact.replace('_', " "));
    let values = view.facts.get(&place.fact).map(|it| super::place::rows(&it.value));
    let found = values.and_then(|rows| rows.get(*row));
    let offense = found.and_then(|it| it.get("offense")).and_then(Value::as_str);
    let number = (row + 1).to_string();
    let row = say_of("row", &[("list", &list), ("number", &number)]);
    match offense {
        Some(offense) => format!("{row}: {offense}"),
        None => row,
    }
}

/// The answer that was given last, other than to this question.
fn before(view: &CaseView, path: &str) -> Option<String> {
    let own = Place::parse(path).fact;
    let answered = view.facts.iter().filter(|(name, _)| **name != own);
    let with_entry = answered.filter_map(|(name, fact)| {
        fact.statements.last().map(|statement| (statement.entry, name.clone()))
    });
    with_entry.max().map(|(_, name)| name)
}

fn end(
    staff: &Staff,
    view: &CaseView,
    (actor, saved): (&Actor, String),
) -> Result<Response, Problem> {
    let panel = panel(view);
    let is_settled = panel.iter().all(|line| line.possible.is_empty());
    let unknown = view.decided.iter().flat_map(|it| &it.response.determinations);
    let unknown = unknown
        .flat_map(|act| &act.questions)
        .filter(|entry| Place::parse(&entry.fact).is_answered(view));
    let unknown: BTreeSet<(&str, &str)> =
        unknown.map(|entry| (entry.ask.as_str(), entry.fact.as_str())).collect();
    let unknown = unknown.into_iter().map(|(ask, fact)| {
        let query = serde_urlencoded::to_string([("fact", fact)]).unwrap_or_default();
        (query, ask.to_owned())
    });
    let template = End {
        frame: staff.frame_of(view)?,
        view,
        saved,
        deadline: deadline(view, staff.office()?.now()),
        is_settled,
        panel,
        unknown: unknown.collect(),
        waiting: ask::waiting_for(view, actor),
        may_propose: staff.may(Action::Propose, &view.agency()),
    };
    Ok(page(StatusCode::OK, &template))
}
