//! What a law looks at: the facts and lists without which everything it says is the same.

use std::collections::BTreeSet;

use super::Law;
use super::atom::Atom;
use super::space::Space;
use super::telling::facts_of;
use crate::ir::{Corpus, Deadline, Duty, Event, FactId, Limit};

impl Law {
    /// Returns whether the answer, its limits or the duties that follow can depend on a fact, or a
    /// list, of this name.
    ///
    /// What is not looked at can change nothing, whatever else is known, and need not be recorded.
    #[must_use]
    pub fn looks_at(&self, corpus: &Corpus, name: &str) -> bool {
        self.looked_at.get_or_init(|| self.all_looked_at(corpus)).contains(name)
    }

    fn all_looked_at(&self, corpus: &Corpus) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        let mut facts = Vec::new();
        add_asked(corpus, &self.space, (&mut facts, &mut names));
        for saying in &self.sayings {
            let statement = corpus.statements.get(saying.statement.index());
            facts.extend(statement.iter().flat_map(|it| &it.limits).map(start_of_limit));
        }
        for (place, space) in self.open_duties() {
            if let Some(space) = space {
                add_asked(corpus, space, (&mut facts, &mut names));
            }
            facts.extend(corpus.duties.get(place).map(facts_of_duty).unwrap_or_default());
        }
        let declared = facts.into_iter().filter_map(|it| corpus.facts.get(it.index()));
        names.extend(declared.map(|it| it.name.clone()));
        names
    }
}

/// Adds the facts that the atoms of a space are about, and the names of the lists.
fn add_asked(
    corpus: &Corpus,
    space: &Space,
    (facts, lists): (&mut Vec<FactId>, &mut BTreeSet<String>),
) {
    for atom in &space.atoms {
        if let Atom::Count(record, ..) = atom {
            lists.extend(corpus.records.get(record.index()).map(|it| it.plural.clone()));
        }
        facts.extend(facts_of(space, atom));
    }
}

fn start_of_limit(limit: &Limit) -> FactId {
    match limit {
        Limit::AtMostHours { from, .. } | Limit::AtMostDays { from, .. } => *from,
        Limit::EndOfDay { of, .. } => *of,
    }
}

/// The facts with which a duty begins or ends, or from which it is counted.
fn facts_of_duty(duty: &Duty) -> Vec<FactId> {
    let event = match &duty.deadline {
        Some(
            Deadline::WithinHours { event, .. }
            | Deadline::WithinDays { event, .. }
            | Deadline::AtLeastHoursBefore { event, .. }
            | Deadline::AtLeastDaysBefore { event, .. },
        ) => Some(*event),
        _ => None,
    };
    let begins = event.into_iter().chain(duty.after).filter_map(|event| match event {
        Event::Fact(fact) => Some(fact),
        Event::Done(_) => None,
    });
    begins.chain(duty.until).chain(duty.unless).collect()
}
