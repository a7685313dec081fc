//! Terms that a rule in force uses on a day on which no version of them is.

use crate::diagnostic::Diagnostic;
use crate::ir::{AsKnown, Condition, ConditionKind, Corpus, TermId, UnsettledKind};
use crate::law::{Scope, applied};

/// Returns an error for every such use in a scope.
pub(super) fn missing_versions(corpus: &Corpus, scope: Scope) -> Vec<Diagnostic> {
    let mut search = Search { corpus, at: scope.at, seen: Vec::new(), found: Vec::new() };
    for statement in applied(corpus, scope).map(|(_, statement)| statement) {
        search.condition(&statement.condition);
    }
    search.found
}

struct Search<'c> {
    corpus: &'c Corpus,
    at: AsKnown,
    seen: Vec<TermId>,
    found: Vec<Diagnostic>,
}

impl Search<'_> {
    fn condition(&mut self, condition: &Condition) {
        let corpus = self.corpus;
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            ConditionKind::Not(inner) => self.condition(inner),
            ConditionKind::Count { body, .. } => self.condition(body),
            ConditionKind::Unsettled(point) => {
                let point = corpus.unsettled.get(point.index());
                if let Some(UnsettledKind::Written(readings)) = point.map(|point| &point.kind) {
                    readings.iter().for_each(|reading| self.condition(reading));
                }
            }
            ConditionKind::Term(term) => self.term(*term, condition),
            _ => {}
        }
    }

    fn term(&mut self, id: TermId, used: &Condition) {
        let corpus = self.corpus;
        let Some(term) = corpus.terms.get(id.index()) else {
            return;
        };
        if self.seen.contains(&id) {
            return;
        }
        self.seen.push(id);
        let version = term.versions.iter().find(|version| {
            let provision = corpus.provisions.get(version.provision.index());
            provision.is_some_and(|provision| provision.validity.in_force(self.at))
        });
        match version {
            Some(version) => self.condition(&version.condition),
            None => self.found.push(
                Diagnostic::error(
                    "L208",
                    used.span,
                    format!("`{}` has no version in force on {}", term.name, self.at.on),
                )
                .label("used here on that day")
                .help("give the definition the dates of the rules that use it"),
            ),
        }
    }
}
