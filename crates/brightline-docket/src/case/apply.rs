//! The fold: one entry at a time, never failing, never forgetting.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entry::{Did, Entry, Event};
use super::evidence::{FactSet, FactView, Statement};
use super::tasks;
use super::view::{
    CaseView, Decided, DoneView, OverrideView, ProposalView, ReopenedView, SignatureView, Stage,
    TimelineEntry, withdraws,
};

impl CaseView {
    /// Returns the state that entries lead to; the first one is the receipt.
    #[must_use]
    pub fn of(entries: &[Entry]) -> Option<Self> {
        let (first, rest) = entries.split_first()?;
        let mut view = Self::begin(first)?;
        for entry in rest {
            view.apply(entry);
        }
        Some(view)
    }

    /// Returns the state after the receipt of a request.
    #[must_use]
    pub fn begin(entry: &Entry) -> Option<Self> {
        let Event::Received { asked, subject, channel, facility, documents } = &entry.event else {
            return None;
        };
        Some(Self {
            reference: entry.case.clone(),
            version: 1,
            stage: Stage::Open,
            received_at: entry.at,
            changed_at: entry.at,
            channel: channel.clone(),
            facility: facility.clone(),
            assigned: String::new(),
            assigned_because: String::new(),
            documents: documents.clone(),
            asked: asked.clone(),
            subject: subject.clone(),
            facts: BTreeMap::new(),
            decided: None,
            proposal: None,
            signature: None,
            overrides: Vec::new(),
            done: Vec::new(),
            tasks: Vec::new(),
            holds: Vec::new(),
            reopened: None,
            officers_noted: None,
            timeline: vec![TimelineEntry::of(entry)],
            is_closed: false,
            officers: None,
        })
    }

    /// Adds an entry.
    pub fn apply(&mut self, entry: &Entry) {
        self.timeline.push(TimelineEntry::of(entry));
        if !entry.event.is_change() {
            return;
        }
        self.version += 1;
        self.changed_at = entry.at;
        if withdraws(&entry.event) {
            self.proposal = None;
            self.signature = None;
        }
        self.apply_event(entry);
        self.stage = self.stage_now();
    }

    fn apply_event(&mut self, entry: &Entry) {
        match &entry.event {
            Event::FactsSet { facts } => self.state_facts(entry, facts, None),
            Event::AskedChanged { asked, .. } => self.asked = asked.clone(),
            Event::Corrected { facts, asked, note, .. } => {
                self.state_facts(entry, facts, Some(note));
                self.asked = asked.clone().unwrap_or_else(|| self.asked.clone());
            }
            Event::Determined { .. } => self.determined(entry),
            Event::Proposed { .. } | Event::Signed { .. } | Event::SentBack { .. } => {
                self.reviewed(entry);
            }
            Event::Overridden { .. } => self.overridden(entry),
            Event::Done { .. } => self.done(entry),
            Event::Assigned { to, note } => {
                self.assigned.clone_from(to);
                self.assigned_because.clone_from(note);
            }
            Event::TaskAssigned { .. } | Event::TaskDone { .. } | Event::TaskEscalated { .. } => {
                tasks::apply(&mut self.tasks, entry);
            }
            Event::Reopened { why, note } => {
                self.is_closed = false;
                let (note, at) = (note.clone(), entry.at);
                self.reopened = Some(ReopenedView { why: *why, note, at, entry: entry.number });
                self.begin_tasks();
            }
            Event::Closed { not_due, .. } => {
                self.is_closed = true;
                tasks::lapse(&mut self.tasks, not_due);
            }
            Event::HoldPlaced { matter } => self.holds.push(matter.clone()),
            Event::HoldLifted { matter } => self.holds.retain(|it| it != matter),
            Event::OfficersNoted { sealed } => {
                self.officers_noted = Some(entry.number);
                self.officers = Some(sealed.clone());
            }
            Event::Received { .. }
            | Event::Read { .. }
            | Event::OfficersRead { .. }
            | Event::House(_) => {}
        }
    }

    /// Adds statements; those of a correction hold against all that was stated before.
    fn state_facts(&mut self, entry: &Entry, facts: &[FactSet], correction: Option<&String>) {
        for set in facts {
            let mut set = set.clone();
            if let Some(note) = correction {
                set.settles.get_or_insert_with(|| note.clone());
            }
            let statement =
                Statement { entry: entry.number, at: entry.at, by: entry.by.clone(), set };
            match self.facts.get_mut(&statement.set.fact) {
                Some(fact) => fact.add(statement),
                None => {
                    let name = statement.set.fact.clone();
                    self.facts.insert(name, FactView::of(statement));
                }
            }
        }
    }

    fn determined(&mut self, entry: &Entry) {
        let Event::Determined { program, zone, response, clock } = &entry.event else { return };
        for over in &mut self.overrides {
            let now = response.determinations.iter().find(|act| act.act == over.act);
            over.is_stale |= now.is_none_or(|act| act.outcome != over.computed);
        }
        let determination = self.decided.as_ref().map_or(0, |it| it.determination) + 1;
        tasks::owe(&mut self.tasks, response, zone);
        self.begin_tasks();
        self.decided = Some(Decided {
            determination,
            at: entry.at,
            zone: zone.clone(),
            program: program.clone(),
            response: Arc::clone(response),
            clock: clock.clone(),
        });
    }

    fn reviewed(&mut self, entry: &Entry) {
        let (by, at) = (entry.by.clone(), entry.at);
        match &entry.event {
            Event::Proposed { determination } => {
                let determination = *determination;
                self.proposal = Some(ProposalView { determination, by, at, returned: None });
            }
            Event::Signed { determination } => {
                self.signature = Some(SignatureView { determination: *determination, by, at });
            }
            Event::SentBack { note, .. } => {
                self.signature = None;
                if let Some(proposal) = &mut self.proposal {
                    proposal.returned = Some(note.clone());
                }
            }
            _ => {}
        }
    }

    fn overridden(&mut self, entry: &Entry) {
        let Event::Overridden { act, outcome, reason, citation } = &entry.event else { return };
        let computed = self.determinations().iter().find(|it| it.act == *act);
        let computed = computed.map(|it| it.outcome.clone()).unwrap_or_default();
        self.overrides.push(OverrideView {
            act: act.clone(),
            outcome: outcome.clone(),
            computed,
            reason: reason.clone(),
            citation: citation.clone(),
            by: entry.by.clone(),
            at: entry.at,
            is_stale: false,
        });
    }

    fn done(&mut self, entry: &Entry) {
        let Event::Done { act, did, how, when, note, outcome, departs } = &entry.event else {
            return;
        };
        self.done.push(DoneView {
            act: act.clone(),
            did: *did,
            how: how.clone(),
            when: when.clone(),
            note: note.clone(),
            outcome: outcome.clone(),
            departs: departs.clone(),
            by: entry.by.clone(),
            at: entry.at,
            entry: entry.number,
        });
        self.begin_tasks();
    }

    /// Holds the tasks that begin with an act against what was recorded last of it.
    fn begin_tasks(&mut self) {
        let opened = self.reopened.as_ref().map_or(0, |it| it.entry);
        let mut last: BTreeMap<&str, Did> = BTreeMap::new();
        for done in self.done.iter().filter(|done| done.entry > opened) {
            last.insert(&done.act, done.did);
        }
        let refrained = last.into_iter().filter(|(_, did)| *did == Did::Refrained);
        let refrained: Vec<String> = refrained.map(|(act, _)| act.to_owned()).collect();
        tasks::begin_with_acts(&mut self.tasks, &refrained);
    }
}
