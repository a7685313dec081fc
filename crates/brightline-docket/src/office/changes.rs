//! What people do with a case, one call for each.

use super::Office;
use crate::case::{Actor, Asked, CaseView, Did, Event, FactSet, Reopening, uncertain};
use crate::error::Error;

/// A correction: what was wrong, and what is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The entry that was wrong.
    pub entry: u64,
    /// What was wrong with it.
    pub note: String,
    /// The right facts; they hold against what was stated before.
    pub facts: Vec<FactSet>,
    /// What is asked, when that was wrong.
    pub asked: Option<Asked>,
}

/// What was in fact done with an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActDone {
    /// The act.
    pub act: String,
    /// Whether it was done.
    pub did: Did,
    /// In a word: held, released, notified, refused, handed over.
    pub how: String,
    /// When, as a civil time of the place: `2025-03-04 18:00`.
    pub when: String,
    /// What else the reader should know.
    pub note: String,
}

/// A decision otherwise than computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The act.
    pub act: String,
    /// The outcome decided.
    pub outcome: String,
    /// Why.
    pub reason: String,
    /// On what authority.
    pub citation: String,
}

/// The case and the version that a change was made on.
pub type Seen<'s> = (&'s str, u64);

impl Office {
    /// Sets facts, and decides again.
    ///
    /// # Errors
    ///
    /// When a fact is not declared, forbidden here, of the wrong type, or a finding of a role that
    /// the actor does not hold; when somebody was faster; when the case is not found.
    pub async fn set_facts(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        facts: Vec<FactSet>,
    ) -> Result<CaseView, Error> {
        self.change(actor, seen, |_| Ok(vec![Event::FactsSet { facts }])).await
    }

    /// Changes the papers, the acts or the day, and decides again.
    ///
    /// # Errors
    ///
    /// As [`Office::set_facts`]; the agency stays what it is.
    pub async fn set_asked(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        asked: Asked,
        why: String,
    ) -> Result<CaseView, Error> {
        self.change(actor, seen, |view| {
            require_same_agency(view, &asked)?;
            Ok(vec![Event::AskedChanged { asked, why }])
        })
        .await
    }

    /// Puts the determination that stands forward for signature.
    ///
    /// # Errors
    ///
    /// When nothing was decided yet, or it was put forward already.
    pub async fn propose(&self, actor: &Actor, seen: Seen<'_>) -> Result<CaseView, Error> {
        let event = |determination| Event::Proposed { determination };
        self.change(actor, seen, |view| Ok(vec![event(current(view)?)])).await
    }

    /// Signs the determination that was put forward; whoever put it forward cannot.
    ///
    /// # Errors
    ///
    /// When nothing was put forward, the role is missing, or it is the same person.
    pub async fn sign(&self, actor: &Actor, seen: Seen<'_>) -> Result<CaseView, Error> {
        let event = |determination| Event::Signed { determination };
        self.change(actor, seen, |view| Ok(vec![event(current(view)?)])).await
    }

    /// Sends it back, with a note.
    ///
    /// # Errors
    ///
    /// When nothing was put forward, the role or the note is missing.
    pub async fn send_back(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        note: String,
    ) -> Result<CaseView, Error> {
        let event = |determination| Event::SentBack { determination, note };
        self.change(actor, seen, |view| Ok(vec![event(current(view)?)])).await
    }

    /// Decides an act otherwise than computed; both stand, and it has to be put forward anew.
    ///
    /// # Errors
    ///
    /// When the role, the reason or the citation is missing.
    pub async fn decide_otherwise(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        decision: Override,
    ) -> Result<CaseView, Error> {
        let Override { act, outcome, reason, citation } = decision;
        self.change(actor, seen, |_| Ok(vec![Event::Overridden { act, outcome, reason, citation }]))
            .await
    }

    /// Records what was in fact done; what departs from the determination says so, for ever.
    ///
    /// # Errors
    ///
    /// When the act is not of this case, or the time is no time.
    pub async fn record_act(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        done: ActDone,
    ) -> Result<CaseView, Error> {
        self.record_acts(actor, seen, vec![done]).await
    }

    /// Records what was done with several acts: all of it or, where one cannot be, nothing.
    ///
    /// # Errors
    ///
    /// As [`Office::record_act`], and when no act is told.
    pub async fn record_acts(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        done: Vec<ActDone>,
    ) -> Result<CaseView, Error> {
        if done.is_empty() {
            return Err(Error::invalid("acts", "this is missing"));
        }
        self.change(actor, seen, |view| {
            done.into_iter().map(|done| self.done_event(view, done)).collect()
        })
        .await
    }

    fn done_event(&self, view: &CaseView, done: ActDone) -> Result<Event, Error> {
        let ActDone { act, did, how, when, note } = done;
        let standing = view.acts().into_iter().find(|it| it.act == act);
        let standing = standing.ok_or_else(|| {
            Error::invalid("act", &format!("`{act}` is not among the acts of this case"))
        })?;
        let departs = self.rules().departures(view, &standing, did);
        let outcome = standing.outcome;
        Ok(Event::Done { act, did, how, when, note, outcome, departs })
    }

    /// Gives the case to somebody.
    ///
    /// # Errors
    ///
    /// When the case is closed or not found.
    pub async fn assign(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        to: String,
    ) -> Result<CaseView, Error> {
        self.assign_because(actor, seen, (to, String::new())).await
    }

    /// Gives the case to somebody, and says why.
    ///
    /// # Errors
    ///
    /// As [`Office::assign`], and when the reason is too long.
    pub async fn assign_because(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        (to, note): (String, String),
    ) -> Result<CaseView, Error> {
        self.change(actor, seen, |_| Ok(vec![Event::Assigned { to, note }])).await
    }

    /// Gives a task to somebody.
    ///
    /// # Errors
    ///
    /// When there is no such open task.
    pub async fn assign_task(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        task: String,
        owner: String,
    ) -> Result<CaseView, Error> {
        self.change(actor, seen, |_| Ok(vec![Event::TaskAssigned { task, owner }])).await
    }

    /// Records that a duty was done, and what shows it.
    ///
    /// # Errors
    ///
    /// When there is no such task, it was done already, or nothing shows it.
    pub async fn complete_duty(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        task: String,
        evidence: String,
    ) -> Result<CaseView, Error> {
        self.change(actor, seen, |_| Ok(vec![Event::TaskDone { task, evidence }])).await
    }

    /// Opens a case again; what was recorded before stays.
    ///
    /// # Errors
    ///
    /// When the note is missing.
    pub async fn reopen(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        why: Reopening,
        note: String,
    ) -> Result<CaseView, Error> {
        self.change(actor, seen, |_| Ok(vec![Event::Reopened { why, note }])).await
    }

    /// Adds a correction beside what was wrong, and decides again; a closed case is opened for it.
    ///
    /// # Errors
    ///
    /// As [`Office::set_facts`].
    pub async fn correct(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        correction: Correction,
    ) -> Result<CaseView, Error> {
        let Correction { entry, note, facts, asked } = correction;
        self.change(actor, seen, |view| {
            if let Some(asked) = &asked {
                require_same_agency(view, asked)?;
            }
            let mut events = Vec::new();
            if view.stage.name() == "closed" {
                events.push(Event::Reopened { why: Reopening::Correction, note: note.clone() });
            }
            events.push(Event::Corrected { entry, note, facts, asked });
            Ok(events)
        })
        .await
    }

    /// Closes a case in which nothing is left to do; what depends on something that is not known
    /// is recorded as not due.
    ///
    /// # Errors
    ///
    /// When an act or a task is still open.
    pub async fn close(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        note: String,
    ) -> Result<CaseView, Error> {
        self.change(actor, seen, |view| {
            let not_due = uncertain(&view.tasks).map(|task| task.task.clone()).collect();
            Ok(vec![Event::Closed { note, not_due }])
        })
        .await
    }

    /// Stops the retention clock of a case for a matter.
    ///
    /// # Errors
    ///
    /// When the role or the matter is missing.
    pub async fn place_hold(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        matter: String,
    ) -> Result<CaseView, Error> {
        self.change(actor, seen, |_| Ok(vec![Event::HoldPlaced { matter }])).await
    }

    /// Lifts a hold.
    ///
    /// # Errors
    ///
    /// When there is no such hold, or the role is missing.
    pub async fn lift_hold(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        matter: String,
    ) -> Result<CaseView, Error> {
        self.change(actor, seen, |_| Ok(vec![Event::HoldLifted { matter }])).await
    }
}

fn current(view: &CaseView) -> Result<u64, Error> {
    let decided = view.decided.as_ref().map(|it| it.determination);
    decided.ok_or_else(|| Error::conflict("nothing was decided yet"))
}

fn require_same_agency(view: &CaseView, asked: &Asked) -> Result<(), Error> {
    if (&asked.jurisdiction, &asked.agency) == (&view.asked.jurisdiction, &view.asked.agency) {
        return Ok(());
    }
    Err(Error::invalid("agency", "a case stays with its agency; record a new one for another"))
}
