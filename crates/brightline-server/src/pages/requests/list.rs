//! The work list by due time, and the queue of what waits for a signature.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use brightline_docket::{CaseSummary, Cursor, Filter, Order};
use serde::Deserialize;

use super::filter::{self, Saved};
use super::new::agency_words;
use crate::access::Action;
use crate::pages::outcome::{Tag, capital};
use crate::pages::sent::Sent;
use crate::pages::staff::{Frame, Staff};
use crate::pages::words::say;
use crate::pages::{clock, page, times};
use crate::problem::Problem;

const DAY: i64 = 24 * 3600 * 1_000_000;
/// Filters that everybody has, by the names of the query.
const SAVED: [&str; 10] = [
    "all",
    "mine",
    "due",
    "open",
    "decided",
    "proposed",
    "returned",
    "signed",
    "departures",
    "closed",
];

/// What the list is narrowed to.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Narrowed {
    #[serde(default)]
    show: String,
    #[serde(default)]
    agency: String,
    #[serde(default)]
    act: String,
    #[serde(default)]
    facility: String,
    cursor: Option<String>,
}

/// A line of the list.
pub(in crate::pages) struct Row {
    pub(in crate::pages) reference: String,
    pub(in crate::pages) agency: String,
    pub(in crate::pages) stage: String,
    pub(in crate::pages) stage_name: String,
    pub(in crate::pages) acts: Vec<(String, Tag)>,
    pub(in crate::pages) due: String,
    /// What is due then, when it is the clock of the case; empty: a task.
    pub(in crate::pages) due_what: String,
    pub(in crate::pages) due_hint: String,
    pub(in crate::pages) is_late: bool,
    pub(in crate::pages) open_facts: u64,
    pub(in crate::pages) departures: u64,
    pub(in crate::pages) facility: String,
    /// The account that sees to it; empty: nobody yet.
    pub(in crate::pages) assigned: String,
    pub(in crate::pages) received: String,
}

/// A filter that can be chosen or taken away.
struct Chip {
    words: String,
    address: String,
    is_taken: bool,
}

#[derive(Template)]
#[template(path = "requests.html")]
struct List {
    frame: Frame,
    title: String,
    chips: Vec<Chip>,
    /// The filters that this person saved.
    own: Vec<Saved>,
    /// The list that is shown, as saved filters name it.
    here: String,
    is_narrow: bool,
    rows: Vec<Row>,
    narrowed: Narrowed,
    agencies: Vec<(String, String)>,
    acts: Vec<(String, String)>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct Queue {
    frame: Frame,
    rows: Vec<Row>,
}

pub(in crate::pages) async fn list(
    staff: Staff,
    Query(narrowed): Query<Narrowed>,
) -> Result<Response, Problem> {
    let now = staff.office()?.now();
    let cursor = narrowed.cursor.as_deref().map(Cursor::parse).transpose()?;
    let wanted = wanted(&narrowed, (now, staff.account()));
    let found = staff.office()?.list(&staff.actor()?, &wanted, cursor.as_ref()).await?;
    let show = if narrowed.show.is_empty() { "all" } else { &narrowed.show };
    let chip = |name: &&str| Chip {
        words: say(&format!("filter-{name}")),
        address: Narrowed { show: (*name).to_owned(), cursor: None, ..narrowed.clone() }.address(),
        is_taken: show == *name,
    };
    let library = staff.library();
    let corpus = library.corpus();
    let own = staff.agencies().iter().filter(|it| staff.may(Action::ListCases, it));
    let ids: Vec<&str> =
        staff.agencies().iter().filter_map(|it| it.split_once('/')).map(|it| it.0).collect();
    let packs = ids.iter().filter_map(|id| corpus.pack(id));
    let mut acts: Vec<(String, String)> = Vec::new();
    for pack in packs {
        let reached = corpus.acts.iter().filter(|act| corpus.at_or_below(pack, act.pack));
        acts.extend(reached.map(|act| (act.name.clone(), capital(&act.words))));
    }
    acts.sort_by(|one, other| one.1.cmp(&other.1));
    acts.dedup();
    let template = List {
        frame: staff.frame("requests")?,
        title: say(&format!("filter-{show}")),
        chips: SAVED.iter().map(chip).collect(),
        own: filter::saved(&staff).await?,
        here: Narrowed { cursor: None, ..narrowed.clone() }.address(),
        is_narrow: narrowed.is_narrow() || !matches!(show, "all"),
        rows: found.items.iter().map(|it| row(&staff, it, now)).collect(),
        agencies: own.map(|it| (it.clone(), agency_words(corpus, it))).collect(),
        acts,
        next: found
            .next
            .map(|next| Narrowed { cursor: Some(next.to_text()), ..narrowed.clone() }.address()),
        narrowed,
    };
    Ok(page(StatusCode::OK, &template))
}

pub(in crate::pages) async fn queue(staff: Staff) -> Result<Response, Problem> {
    let now = staff.office()?.now();
    let stage = Some("proposed".to_owned());
    let filter = Filter { stage, limit: 200, order: Order::Due, ..Filter::default() };
    let found = staff.office()?.list(&staff.actor()?, &filter, None).await?;
    let rows = found.items.iter().map(|it| row(&staff, it, now)).collect();
    let template = Queue { frame: staff.frame("queue")?, rows };
    Ok(page(StatusCode::OK, &template))
}

fn wanted(narrowed: &Narrowed, (now, account): (i64, &str)) -> Filter {
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    let mut filter = Filter {
        agency: given(&narrowed.agency),
        act: given(&narrowed.act),
        facility: given(&narrowed.facility),
        order: Order::Due,
        ..Filter::default()
    };
    match narrowed.show.as_str() {
        "" | "all" => filter.open_only = true,
        "mine" => {
            filter.open_only = true;
            filter.assigned = Some(account.to_owned());
        }
        "due" => {
            filter.open_only = true;
            filter.due_before = Some(now + DAY);
        }
        "departures" => filter.departures_only = true,
        stage => filter.stage = Some(stage.to_owned()),
    }
    filter
}

impl Narrowed {
    /// Reads what a form says of the list that it was sent from.
    pub(super) fn of(sent: &Sent) -> Self {
        let field = |name: &str| sent.one(name).to_owned();
        Self {
            show: field("show"),
            agency: field("agency"),
            act: field("act"),
            facility: field("facility"),
            cursor: None,
        }
    }

    /// Returns the address of the list; it holds nothing about a person.
    pub(super) fn address(&self) -> String {
        let fields = [
            ("show", self.show.as_str()),
            ("agency", &self.agency),
            ("act", &self.act),
            ("facility", &self.facility),
            ("cursor", self.cursor.as_deref().unwrap_or_default()),
        ];
        let given: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("/requests?{}", serde_urlencoded::to_string(given).unwrap_or_default())
    }

    /// Returns whether anything but the kind of list is chosen.
    fn is_narrow(&self) -> bool {
        [&self.agency, &self.act, &self.facility].into_iter().any(|it| !it.is_empty())
    }
}

pub(in crate::pages) fn row(staff: &Staff, summary: &CaseSummary, now: i64) -> Row {
    let zone = staff.zone(Some(&summary.agency));
    let library = staff.library();
    let corpus = library.corpus();
    let words = |name: &String| {
        let act = corpus.acts.iter().find(|act| act.name == *name);
        act.map_or_else(|| name.replace('_', " "), |act| capital(&act.words))
    };
    let is_late = summary.due_at.is_some_and(|due| due < now);
    Row {
        reference: summary.reference.clone(),
        agency: agency_words(corpus, &summary.agency),
        stage: say(&format!("stage-{}", summary.stage)),
        stage_name: summary.stage.clone(),
        acts: summary.acts.iter().map(|(act, out)| (words(act), Tag::of(out))).collect(),
        due: match summary.due_at {
            Some(due) => times::shown(due, &zone),
            None if summary.stage == "closed" => say("time-over"),
            None => say("no-time"),
        },
        due_what: clock::listed(corpus, summary),
        due_hint: summary.due_at.map(|due| times::hint(now, due)).unwrap_or_default(),
        is_late,
        open_facts: summary.open_facts,
        departures: summary.departures,
        facility: summary.facility.clone(),
        assigned: summary.assigned.clone(),
        received: times::shown(summary.received_at, &zone),
    }
}
