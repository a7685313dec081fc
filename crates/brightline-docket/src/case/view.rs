//! The state of a case: what follows from its entries, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use brightline_desk::{ActDetermination, Json, Request, Response};
use serde::Serialize;

use super::entry::{Asked, Departure, Did, Event, Reopening, Stamp, Subject};
use super::evidence::FactView;
use super::tasks::TaskView;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Facts are needed.
    Open,
    /// The law answers; nothing was put forward yet.
    Decided,
    /// It waits for a signature.
    Proposed,
    /// It was sent back.
    Returned,
    /// It was signed.
    Signed,
    /// What was done with every act is recorded.
    Done,
    /// Nothing is left to do.
    Closed,
    /// Its key was destroyed.
    Sealed,
}

impl Stage {
    /// Returns the name as stored and filtered by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Decided => "decided",
            Self::Proposed => "proposed",
            Self::Returned => "returned",
            Self::Signed => "signed",
            Self::Done => "done",
            Self::Closed => "closed",
            Self::Sealed => "sealed",
        }
    }
}

/// The determination that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// Counted from 1 within the case.
    pub determination: u64,
    /// When, in microseconds since 1970 in UTC.
    pub at: i64,
    /// The zone of its days and times.
    pub zone: String,
    /// The version of the program.
    pub program: String,
    /// The answer as it was shown.
    #[serde(serialize_with = "super::one_response::serialize")]
    pub response: Arc<Response>,
    /// What the clock of the case counts, where the law knows such a thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<super::clock::CaseClock>,
}

/// A determination put forward for signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProposalView {
    /// Which one.
    pub determination: u64,
    /// By whom.
    pub by: Stamp,
    /// When.
    pub at: i64,
    /// The note with which it came back, if it did.
    pub returned: Option<String>,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureView {
    /// What was signed.
    pub determination: u64,
    /// By whom.
    pub by: Stamp,
    /// When.
    pub at: i64,
}

/// A decision otherwise than computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverrideView {
    /// The act.
    pub act: String,
    /// The outcome decided.
    pub outcome: String,
    /// The outcome computed, beside which it stands.
    pub computed: String,
    /// Why.
    pub reason: String,
    /// On what authority.
    pub citation: String,
    /// By whom.
    pub by: Stamp,
    /// When.
    pub at: i64,
    /// The determination was made anew since, and this no longer holds.
    pub is_stale: bool,
}

/// What was done with an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoneView {
    /// The act.
    pub act: String,
    /// Whether it was done.
    pub did: Did,
    /// In a word.
    pub how: String,
    /// When, as a civil time of the place.
    pub when: String,
    /// What else there is to know.
    pub note: String,
    /// The outcome that stood then.
    pub outcome: String,
    /// In what it departs from that; empty: in nothing.
    pub departs: Vec<Departure>,
    /// Who recorded it.
    pub by: Stamp,
    /// When it was recorded.
    pub at: i64,
    /// The entry.
    pub entry: u64,
}

/// One act of the determination that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActView {
    /// The act.
    pub act: String,
    /// In words.
    pub words: String,
    /// As computed.
    pub computed: String,
    /// As it stands: overridden or as computed.
    pub outcome: String,
    /// What is lawful meanwhile.
    pub safe: String,
    /// It was recorded what was done with it.
    pub is_done: bool,
}

/// Why a case was opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReopenedView {
    /// What made it so.
    pub why: Reopening,
    /// In words.
    pub note: String,
    /// When.
    pub at: i64,
    /// The entry; acts recorded before it do not count as done any more.
    pub entry: u64,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineEntry {
    /// The entry.
    pub number: u64,
    /// When.
    pub at: i64,
    /// By whom.
    pub by: Stamp,
    /// What kind of entry it is.
    pub kind: String,
}

/// A case as its entries tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseView {
    /// The reference.
    pub reference: String,
    /// How many changes there were; a change names the version that it was made on.
    pub version: u64,
    /// Where it stands.
    pub stage: Stage,
    /// When it arrived.
    pub received_at: i64,
    /// When it last changed.
    pub changed_at: i64,
    /// How it came.
    pub channel: String,
    /// Where the person is, or where the agents are.
    pub facility: String,
    /// Who sees to it; empty: nobody yet.
    pub assigned: String,
    /// Why; empty where nobody said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub assigned_because: String,
    /// SHA-256 of each document, by its name.
    pub documents: BTreeMap<String, String>,
    /// What is asked.
    pub asked: Asked,
    /// Whom it is about.
    pub subject: Option<Subject>,
    /// The facts, by name.
    pub facts: BTreeMap<String, FactView>,
    /// The determination that stands.
    pub decided: Option<Decided>,
    /// What was put forward, while it stands.
    pub proposal: Option<ProposalView>,
    /// The signature, while it stands.
    pub signature: Option<SignatureView>,
    /// Decisions otherwise than computed, the oldest first.
    pub overrides: Vec<OverrideView>,
    /// What was done, the oldest first.
    pub done: Vec<DoneView>,
    /// What is owed.
    pub tasks: Vec<TaskView>,
    /// What keeps the case from expiring.
    pub holds: Vec<String>,
    /// Why it was opened again, the last time.
    pub reopened: Option<ReopenedView>,
    /// The entry that holds names of officers, sealed.
    pub officers_noted: Option<u64>,
    /// Everything that happened, the oldest first.
    pub timeline: Vec<TimelineEntry>,
    pub(super) is_closed: bool,
    #[serde(skip)]
    pub(super) officers: Option<String>,
}

impl CaseView {
    /// Returns the agency as `jurisdiction/agency`.
    #[must_use]
    pub fn agency(&self) -> String {
        agency_key(&self.asked.jurisdiction, &self.asked.agency)
    }

    /// Returns the case as a request that the law answers.
    #[must_use]
    pub fn request(&self) -> Request<'static> {
        let mut request = asked_as_request(&self.asked);
        for (name, fact) in &self.facts {
            request.set_fact(name, owned_json(&fact.value));
        }
        request
    }

    /// Returns the case as a request, as if one of its entries had stated no fact.
    #[must_use]
    pub fn request_without(&self, entry: u64) -> Request<'static> {
        let mut request = asked_as_request(&self.asked);
        for (name, fact) in &self.facts {
            if fact.statements.iter().all(|it| it.entry != entry) {
                request.set_fact(name, owned_json(&fact.value));
            } else if let Some(fact) = fact.without(entry) {
                request.set_fact(name, owned_json(&fact.value));
            }
        }
        request
    }

    /// Returns the acts of the determination that stands, with what was decided otherwise.
    #[must_use]
    pub fn acts(&self) -> Vec<ActView> {
        self.determinations().iter().map(|act| self.act_view(act)).collect()
    }

    fn act_view(&self, act: &ActDetermination) -> ActView {
        let over = self.overrides.iter().rev().find(|it| it.act == act.act && !it.is_stale);
        ActView {
            act: act.act.clone(),
            words: act.words.clone(),
            computed: act.outcome.clone(),
            outcome: over.map_or_else(|| act.outcome.clone(), |it| it.outcome.clone()),
            safe: act.safe.clone(),
            is_done: self.is_done(&act.act),
        }
    }

    pub(crate) fn determinations(&self) -> &[ActDetermination] {
        self.decided.as_ref().map_or(&[], |it| it.response.determinations.as_slice())
    }

    pub(crate) fn officers(&self) -> Option<&str> {
        self.officers.as_deref()
    }

    /// Returns what was done against the determination, the oldest first.
    pub fn departures(&self) -> impl Iterator<Item = &DoneView> {
        self.done.iter().filter(|done| !done.departs.is_empty())
    }

    /// Returns how many facts can still change an answer.
    #[must_use]
    pub fn open_facts(&self) -> usize {
        let questions = self.determinations().iter().flat_map(|act| &act.questions);
        let names: std::collections::BTreeSet<&str> =
            questions.map(|question| question.fact.as_str()).collect();
        names.len()
    }

    /// Returns when the next open task is due, or the clock of the case ends, if that is earlier;
    /// in microseconds since 1970 in UTC.
    #[must_use]
    pub fn due_at(&self) -> Option<i64> {
        let open = self.tasks.iter().filter(|task| task.is_open());
        let counts = |act: &str| !self.is_closed && !self.is_done(act);
        let clock = self.ending().filter(|it| counts(&it.act)).and_then(|it| it.at);
        open.filter_map(|task| task.due_at).chain(clock).min()
    }

    /// Returns whether it was recorded, since the case was last opened, what was done with an act.
    #[must_use]
    pub fn is_done(&self, act: &str) -> bool {
        let opened = self.reopened.as_ref().map_or(0, |it| it.entry);
        self.done.iter().any(|done| done.act == act && done.entry > opened)
    }

    pub(super) fn stage_now(&self) -> Stage {
        let acts = self.determinations();
        if self.is_closed {
            Stage::Closed
        } else if !acts.is_empty() && acts.iter().all(|act| self.is_done(&act.act)) {
            Stage::Done
        } else if self.signature.is_some() {
            Stage::Signed
        } else if let Some(proposal) = &self.proposal {
            if proposal.returned.is_some() { Stage::Returned } else { Stage::Proposed }
        } else if self.acts().iter().any(|act| act.outcome == "open") || acts.is_empty() {
            Stage::Open
        } else {
            Stage::Decided
        }
    }
}

pub(crate) fn agency_key(jurisdiction: &str, agency: &str) -> String {
    format!("{jurisdiction}/{agency}")
}

/// Returns what is asked as a request without facts.
pub(crate) fn asked_as_request(asked: &Asked) -> Request<'static> {
    let owned = |text: &String| text.clone().into();
    let all = |texts: &Vec<String>| texts.iter().map(owned).collect();
    Request {
        jurisdiction: Some(owned(&asked.jurisdiction)),
        agency: Some(owned(&asked.agency)),
        on: Some(owned(&asked.on)),
        known_on: asked.known_on.as_ref().map(owned),
        policy: asked.policy.as_ref().map(owned),
        papers: asked.papers.as_ref().map(all),
        acts: asked.acts.as_ref().map(all),
        ..Request::default()
    }
}

/// Returns a value as the tree that intake reads.
pub(crate) fn owned_json(value: &serde_json::Value) -> Json<'static> {
    use serde_json::Value;
    match value {
        Value::Null => Json::Null,
        Value::Bool(it) => Json::Bool(*it),
        Value::Number(it) => match it.as_i64() {
            Some(whole) => Json::Number(whole),
            None => Json::Fraction(it.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(it) => Json::text(it),
        Value::Array(them) => Json::Array(them.iter().map(owned_json).collect()),
        Value::Object(them) => {
            let entries = them.iter().map(|(key, it)| (key.clone().into(), owned_json(it)));
            Json::Object(entries.collect())
        }
    }
}

impl TimelineEntry {
    pub(super) fn of(entry: &super::Entry) -> Self {
        let kind = entry.event.kind().to_owned();
        Self { number: entry.number, at: entry.at, by: entry.by.clone(), kind }
    }
}

/// Returns whether an event withdraws what was put forward and signed.
pub(super) fn withdraws(event: &Event) -> bool {
    matches!(event, Event::Determined { .. } | Event::Overridden { .. } | Event::Reopened { .. })
}
