//! Duties of a determination as tasks: who sees to them, by when, what shows that they were done.

use brightline_desk::{DutyEntry, Response};
use serde::Serialize;

use super::due::instant;
use super::entry::{Entry, Event, Stamp};

/// A duty that somebody has to see to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskView {
    /// The provision and the duty: the same duty of two acts is one task.
    pub task: String,
    /// The duty in words.
    pub words: String,
    /// The provision.
    pub citation: String,
    /// To whom.
    pub to: Vec<String>,
    /// What it contains.
    pub contains: Vec<String>,
    /// When, in words.
    pub when: String,
    /// The civil day or time of the place at which it is due, once that can be told.
    pub due: Option<String>,
    /// The same as an instant, in microseconds since 1970 in UTC.
    pub due_at: Option<i64>,
    /// It is owed whatever the unknown facts turn out to be.
    pub is_certain: bool,
    /// The act with whose doing it begins; absent: it waits for no act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_act: Option<String>,
    /// It is not owed, or not any more.
    pub is_dropped: bool,
    /// Why; absent while it is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Dropped>,
    /// Who sees to it; empty: nobody yet.
    pub owner: String,
    /// The roles before which it was brought, and when.
    pub escalated: Vec<(String, i64)>,
    /// What shows that it was done.
    pub evidence: Option<String>,
    /// Who did it.
    pub done_by: Option<Stamp>,
    /// When that was recorded.
    pub done_at: Option<i64>,
}

/// Why a task is not owed, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dropped {
    /// The determination that stands does not ask for it.
    AnswerChanged,
    /// It begins with an act, and it was recorded that the act was not done.
    ActNotDone,
    /// It depends on a fact, and whoever closed the case recorded that it did not come to that.
    NotComeTo,
}

impl TaskView {
    fn drop_because(&mut self, why: Option<Dropped>) {
        self.is_dropped = why.is_some();
        self.dropped = why;
    }

    /// Returns whether it is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.evidence.is_none() && !self.is_dropped
    }

    /// Returns the name as stored: `open`, `done` or `dropped`.
    #[must_use]
    pub fn stage(&self) -> &'static str {
        match (self.evidence.is_some(), self.is_dropped) {
            (true, _) => "done",
            (false, true) => "dropped",
            (false, false) => "open",
        }
    }
}

/// Takes over the duties of a determination; what is no longer owed stays, and says so.
pub(super) fn owe(tasks: &mut Vec<TaskView>, response: &Response, zone: &str) {
    for task in tasks.iter_mut() {
        task.drop_because(Some(Dropped::AnswerChanged));
    }
    let acts = response.determinations.iter();
    for duty in acts.flat_map(|act| &act.duties).filter(|duty| !duty.recurring) {
        let task = of_duty(duty, zone);
        match tasks.iter_mut().find(|it| it.task == task.task) {
            Some(known) => renew(known, task),
            None => tasks.push(task),
        }
    }
}

fn renew(known: &mut TaskView, now: TaskView) {
    // Two acts of one determination may ask for the same: the earlier time counts.
    let keeps_due = !known.is_dropped && earlier(known.due_at, now.due_at);
    if !keeps_due {
        known.due = now.due;
        known.due_at = now.due_at;
    }
    known.is_certain = now.is_certain || !known.is_dropped && known.is_certain;
    known.drop_because(None);
    known.after_act = now.after_act;
    known.words = now.words;
    known.when = now.when;
}

fn earlier(one: Option<i64>, other: Option<i64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one <= other,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn of_duty(duty: &DutyEntry, zone: &str) -> TaskView {
    TaskView {
        task: format!("{}#{}", duty.id, duty.act),
        words: duty.words.clone(),
        citation: duty.citation.clone(),
        to: duty.to.clone(),
        contains: duty.contains.clone(),
        when: duty.when.clone(),
        due: duty.by.clone(),
        due_at: duty.by.as_deref().and_then(|by| instant(by, zone)),
        is_certain: duty.certain,
        after_act: duty.after_act.clone(),
        is_dropped: false,
        dropped: None,
        owner: String::new(),
        escalated: Vec::new(),
        evidence: None,
        done_by: None,
        done_at: None,
    }
}

/// Drops what begins with an act that was not done, and takes it up again where that no longer
/// stands; `refrained` says of which acts it is recorded that they were not done.
pub(super) fn begin_with_acts(tasks: &mut [TaskView], refrained: &[String]) {
    for task in tasks.iter_mut().filter(|it| it.dropped != Some(Dropped::AnswerChanged)) {
        let is_never_begun = task.after_act.as_ref().is_some_and(|act| refrained.contains(act));
        task.drop_because(is_never_begun.then_some(Dropped::ActNotDone));
    }
}

/// Returns the open tasks that depend on something which is not known.
pub(crate) fn uncertain(tasks: &[TaskView]) -> impl Iterator<Item = &TaskView> {
    tasks.iter().filter(|it| it.is_open() && !it.is_certain)
}

/// Drops the tasks of which it was recorded that it did not come to them.
pub(super) fn lapse(tasks: &mut [TaskView], not_due: &[String]) {
    for task in tasks.iter_mut().filter(|it| not_due.contains(&it.task)) {
        task.drop_because(Some(Dropped::NotComeTo));
    }
}

pub(super) fn apply(tasks: &mut [TaskView], entry: &Entry) {
    let (Event::TaskAssigned { task: name, .. }
    | Event::TaskDone { task: name, .. }
    | Event::TaskEscalated { task: name, .. }) = &entry.event
    else {
        return;
    };
    let Some(task) = tasks.iter_mut().find(|it| it.task == *name) else { return };
    match &entry.event {
        Event::TaskAssigned { owner, .. } => task.owner.clone_from(owner),
        Event::TaskEscalated { to, .. } => task.escalated.push((to.clone(), entry.at)),
        Event::TaskDone { evidence, .. } => {
            task.evidence = Some(evidence.clone());
            task.done_by = Some(entry.by.clone());
            task.done_at = Some(entry.at);
        }
        _ => {}
    }
}
