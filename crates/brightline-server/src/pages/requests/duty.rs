//! Duties as tasks, as the case page shows them.

use brightline_docket::{CaseView, Dropped, TaskView};

use crate::pages::words::{say, say_with};
use crate::pages::{outcome, times};

/// A duty as a task.
pub(super) struct Duty {
    pub(super) task: String,
    pub(super) words: String,
    pub(super) citation: String,
    pub(super) when: String,
    pub(super) due: String,
    pub(super) hint: String,
    pub(super) is_late: bool,
    pub(super) stage: &'static str,
    pub(super) is_certain: bool,
    /// Why it is not owed; empty where it is.
    pub(super) dropped: String,
    pub(super) contains: Vec<String>,
    pub(super) evidence: String,
    pub(super) done_by: String,
    pub(super) done_at: String,
}

impl Duty {
    /// Returns whether it depends on something that is not known.
    pub(super) fn is_perhaps(&self) -> bool {
        self.stage == "open" && !self.is_certain
    }
}

/// Returns the duties of a case.
pub(super) fn all(view: &CaseView, now: i64, zone: &str) -> Vec<Duty> {
    view.tasks.iter().map(|task| duty(view, task, (now, zone))).collect()
}

fn duty(view: &CaseView, task: &TaskView, (now, zone): (i64, &str)) -> Duty {
    let is_open = task.is_open();
    Duty {
        task: task.task.clone(),
        words: outcome::capital(&task.words),
        citation: task.citation.clone(),
        when: task.when.clone(),
        due: task.due.as_deref().map(times::civil).unwrap_or_default(),
        hint: task.due_at.filter(|_| is_open).map(|due| times::hint(now, due)).unwrap_or_default(),
        is_late: is_open && task.due_at.is_some_and(|due| due < now),
        stage: task.stage(),
        is_certain: task.is_certain,
        dropped: task.dropped.map(|why| dropped(view, task, why)).unwrap_or_default(),
        contains: task.contains.iter().map(|it| it.replace('_', " ")).collect(),
        evidence: task.evidence.clone().unwrap_or_default(),
        done_by: task.done_by.as_ref().map(|by| by.name.clone()).unwrap_or_default(),
        done_at: task.done_at.map(|at| times::shown(at, zone)).unwrap_or_default(),
    }
}

/// Why a task is not owed, in words.
fn dropped(view: &CaseView, task: &TaskView, why: Dropped) -> String {
    match why {
        Dropped::AnswerChanged => say("dropped-answer_changed"),
        Dropped::NotComeTo => say("dropped-not_come_to"),
        Dropped::ActNotDone => {
            let name = task.after_act.as_deref().unwrap_or_default();
            let acts = view.acts();
            let words = acts.iter().find(|it| it.act == name).map(|it| outcome::capital(&it.words));
            let words = words.unwrap_or_else(|| name.replace('_', " "));
            say_with("dropped-act_not_done", "act", &words)
        }
    }
}
