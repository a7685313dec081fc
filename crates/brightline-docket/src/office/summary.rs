//! The rows by which cases are listed: derived from the state, and no personal data in them.

use std::borrow::Cow;

use sqlx::{Any, Transaction};

use crate::case::{ActView, CaseView, Event, House, OfficeRules};
use crate::error::Error;
use crate::store::{Rows, Slot};

/// Nothing is due: later than every instant.
pub(crate) const NEVER: i64 = i64::MAX;

/// One case as lists show it.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    view: Listing,
    acts: Vec<ActView>,
    tasks: Vec<TaskRow>,
    /// Tokens of the names, when the case begins or its subject changed.
    tokens: Vec<Vec<u8>>,
}

#[derive(Debug, Clone)]
struct Listing {
    jurisdiction: String,
    agency: String,
    version: i64,
    stage: &'static str,
    is_open: i64,
    received_at: i64,
    changed_at: i64,
    due_at: i64,
    channel: String,
    facility: String,
    assigned: String,
    open_facts: i64,
    departures: i64,
    record_class: String,
    is_held: i64,
    expires_at: i64,
}

#[derive(Debug, Clone)]
struct TaskRow {
    task: String,
    owner: String,
    stage: &'static str,
    due_at: i64,
    escalated: i64,
}

/// A year on average: 365.2425 days.
pub(super) const YEAR_MICROS: i64 = 31_556_952_000_000;

impl Summary {
    pub(crate) fn of(view: &CaseView, rules: &OfficeRules, tokens: Vec<Vec<u8>>) -> Self {
        let agency = view.agency();
        let class = rules.record_class(&agency);
        let years = class.and_then(|it| it.years).map(i64::from);
        let is_closed = view.stage.name() == "closed";
        let expires_at = match (is_closed, years) {
            (true, Some(years)) => view.changed_at.saturating_add(years * YEAR_MICROS),
            _ => NEVER,
        };
        let task = |task: &crate::case::TaskView| TaskRow {
            task: task.task.clone(),
            owner: task.owner.clone(),
            stage: task.stage(),
            due_at: task.due_at.unwrap_or(NEVER),
            escalated: i64::from(!task.escalated.is_empty()),
        };
        Self {
            acts: view.acts(),
            tasks: view.tasks.iter().map(task).collect(),
            tokens,
            view: Listing {
                jurisdiction: view.asked.jurisdiction.clone(),
                agency,
                version: count(view.version),
                stage: view.stage.name(),
                is_open: i64::from(!is_closed),
                received_at: view.received_at,
                changed_at: view.changed_at,
                due_at: view.due_at().unwrap_or(NEVER),
                channel: view.channel.clone(),
                facility: view.facility.clone(),
                assigned: view.assigned.clone(),
                open_facts: count(view.open_facts() as u64),
                departures: count(view.departures().count() as u64),
                record_class: class.map(|it| it.name.clone()).unwrap_or_default(),
                is_held: i64::from(!view.holds.is_empty()),
                expires_at,
            },
        }
    }

    /// Returns the summary with the time at which it was recorded in place of the time foreseen:
    /// the log gives out no time before its last, whatever the clock of a process says.
    pub(super) fn recorded_at(&self, foreseen: i64, at: i64) -> Cow<'_, Self> {
        if foreseen == at {
            return Cow::Borrowed(self);
        }
        let mut summary = self.clone();
        let view = &mut summary.view;
        if view.received_at == foreseen {
            view.received_at = at;
        }
        if view.changed_at == foreseen {
            view.changed_at = at;
            if view.expires_at != NEVER {
                view.expires_at = view.expires_at.saturating_add(at - foreseen);
            }
        }
        Cow::Owned(summary)
    }

    pub(super) fn rows(&self, to: &mut Tables, id: i64, reference: &str, entries: u64) {
        let it = &self.view;
        to.cases.push([
            id.into(),
            reference.into(),
            it.jurisdiction.as_str().into(),
            it.agency.as_str().into(),
            it.version.into(),
            count(entries).into(),
            it.stage.into(),
            it.is_open.into(),
            it.received_at.into(),
            it.changed_at.into(),
            it.due_at.into(),
            it.channel.as_str().into(),
            it.facility.as_str().into(),
            it.assigned.as_str().into(),
            acts_line(&self.acts).into(),
            it.open_facts.into(),
            it.departures.into(),
            it.record_class.as_str().into(),
            it.is_held.into(),
            it.expires_at.into(),
        ]);
        for act in &self.acts {
            to.acts.push([
                id.into(),
                act.act.as_str().into(),
                it.agency.as_str().into(),
                act.outcome.as_str().into(),
                it.received_at.into(),
            ]);
        }
        for task in &self.tasks {
            to.tasks.push([
                id.into(),
                task.task.as_str().into(),
                it.agency.as_str().into(),
                task.owner.as_str().into(),
                task.stage.into(),
                task.due_at.into(),
                task.escalated.into(),
            ]);
        }
        for token in &self.tokens {
            to.tokens.push([it.agency.as_str().into(), token.clone().into(), id.into()]);
        }
    }
}

/// Returns `act=outcome act=outcome`.
pub(super) fn acts_line(acts: &[ActView]) -> String {
    let pairs: Vec<String> =
        acts.iter().map(|act| format!("{}={}", act.act, act.outcome)).collect();
    pairs.join(" ")
}

pub(crate) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The rows of a batch, table by table.
pub(super) struct Tables {
    pub(super) entries: Rows,
    pub(super) keys: Rows,
    cases: Rows,
    acts: Rows,
    tasks: Rows,
    tokens: Rows,
}

impl Default for Tables {
    fn default() -> Self {
        let entries = "INSERT INTO entries (position, case_id, number, kind, at, commitment, body)";
        let cases = "INSERT INTO cases (id, reference, jurisdiction, agency, version, entries, \
             stage, is_open, received_at, changed_at, due_at, channel, facility, assigned, acts, \
             open_facts, departures, record_class, is_held, expires_at)";
        let changed = "ON CONFLICT (id) DO UPDATE SET version = excluded.version, \
             entries = excluded.entries, stage = excluded.stage, is_open = excluded.is_open, \
             changed_at = excluded.changed_at, due_at = excluded.due_at, \
             facility = excluded.facility, assigned = excluded.assigned, acts = excluded.acts, \
             open_facts = excluded.open_facts, departures = excluded.departures, \
             record_class = excluded.record_class, is_held = excluded.is_held, \
             expires_at = excluded.expires_at";
        let tasks = "INSERT INTO tasks (case_id, task, agency, owner, stage, due_at, escalated)";
        let task_changed = "ON CONFLICT (case_id, task) DO UPDATE SET owner = excluded.owner, \
             stage = excluded.stage, due_at = excluded.due_at, escalated = excluded.escalated";
        let acts = "INSERT INTO case_acts (case_id, act, agency, outcome, received_at)";
        let tokens = "INSERT INTO name_tokens (agency, token, case_id)";
        Self {
            entries: Rows::new(entries, "", 7),
            keys: Rows::new("INSERT INTO keys (case_id, master, wrapped)", "", 3),
            cases: Rows::new(cases, changed, 20),
            acts: Rows::new(acts, "", 5),
            tasks: Rows::new(tasks, task_changed, 7),
            tokens: Rows::new(tokens, "ON CONFLICT DO NOTHING", 3),
        }
    }
}

/// What the chronicle of the house tells of a case that was sealed.
pub(super) struct Sealing {
    pub(super) reference: String,
    pub(super) agency: String,
    pub(super) acts: String,
    pub(super) departures: u64,
    /// When it was sealed.
    pub(super) at: i64,
    /// The digest over what stays; empty where the bodies were left in their place.
    pub(super) left: String,
}

impl Sealing {
    /// Returns the sealing that an event tells, with the number of the case.
    pub(super) fn of(event: &Event, at: i64) -> Option<(i64, Self)> {
        let Event::House(House::Sealed { id, case, agency, acts, departures, left, .. }) = event
        else {
            return None;
        };
        let told = Self {
            reference: case.clone(),
            agency: agency.clone(),
            acts: acts.clone(),
            departures: *departures,
            at,
            left: left.clone(),
        };
        Some((*id, told))
    }
}

/// A case of which only the sealing is known.
pub(super) struct SealedRow<'r> {
    pub(super) id: i64,
    pub(super) told: &'r Sealing,
    pub(super) entries: i64,
    pub(super) received_at: i64,
}

impl Tables {
    /// Returns the rows of the lists, each with the name of its table.
    pub(super) fn lists(&self) -> impl Iterator<Item = (&'static str, &[Slot])> {
        let named = [
            ("cases", &self.cases),
            ("case_acts", &self.acts),
            ("tasks", &self.tasks),
            ("name_tokens", &self.tokens),
        ];
        named.into_iter().flat_map(|(name, rows)| rows.each().map(move |row| (name, row)))
    }

    pub(super) fn push_sealed(&mut self, row: &SealedRow<'_>) {
        let told = row.told;
        let jurisdiction = told.agency.split('/').next().unwrap_or_default();
        self.cases.push([
            row.id.into(),
            told.reference.as_str().into(),
            jurisdiction.into(),
            told.agency.as_str().into(),
            0.into(),
            row.entries.into(),
            "sealed".into(),
            0.into(),
            row.received_at.into(),
            told.at.into(),
            NEVER.into(),
            "".into(),
            "".into(),
            "".into(),
            told.acts.as_str().into(),
            0.into(),
            count(told.departures).into(),
            "".into(),
            0.into(),
            NEVER.into(),
        ]);
        for (act, outcome) in told.acts.split(' ').filter_map(|it| it.split_once('=')) {
            self.acts.push([
                row.id.into(),
                act.into(),
                told.agency.as_str().into(),
                outcome.into(),
                row.received_at.into(),
            ]);
        }
    }

    pub(super) async fn write(self, writing: &mut Transaction<'static, Any>) -> Result<(), Error> {
        for rows in [self.keys, self.entries, self.cases, self.acts, self.tasks, self.tokens] {
            rows.write(writing).await?;
        }
        Ok(())
    }
}
