//! Idle conditions: lines that never make a difference.
//!
//! For each line of a condition there should be two requests that differ only there and end
//! differently (modified condition/decision coverage); a line without such a pair is idle.

use std::collections::BTreeSet;

use crate::clock::Day;
use crate::diagnostic::{Diagnostic, Span};
use crate::editions::{Edition, distinct_scopes, editions_of_all};
use crate::ir::{Condition, ConditionKind, Corpus, Statement};
use crate::law::{Scope, makes_a_difference};

/// Returns a warning for every idle line.
pub(super) fn idle_conditions(corpus: &Corpus) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut marked = BTreeSet::new();
    let editions = editions_of_all(corpus);
    for statement in &corpus.statements {
        let scopes = scopes_of(corpus, &editions, statement);
        let mut leaves = Vec::new();
        collect(&statement.condition, &mut leaves);
        for (index, (span, label)) in leaves.iter().enumerate() {
            // Idle is what makes no difference in any edition; one that does is enough.
            let mut told = scopes
                .iter()
                .filter_map(|scope| makes_a_difference(corpus, *scope, &statement.condition, index))
                .peekable();
            if told.peek().is_none() || told.any(|differs| differs) {
                continue;
            }
            if marked.insert(*span) {
                let what = if label.is_empty() { "this condition" } else { label };
                found.push(
                    Diagnostic::warning("L205", *span, format!("{what} never makes a difference"))
                        .label("the other lines decide, whatever this one says")
                        .help("leave it out, or mend the line that makes it idle"),
                );
            }
        }
    }
    found
}

/// The leaves in the order in which they are counted.
fn collect(condition: &Condition, leaves: &mut Vec<(Span, String)>) {
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            for part in parts {
                collect(part, leaves);
            }
        }
        ConditionKind::Not(inner) => collect(inner, leaves),
        _ => leaves.push((condition.span, condition.label.clone())),
    }
}

/// The statement's first agency and act, in every edition in which it stands.
fn scopes_of(corpus: &Corpus, editions: &[Vec<Edition>], statement: &Statement) -> Vec<Scope> {
    let provision = corpus.provisions.get(statement.provision.index());
    let (Some(provision), Some(&agency), Some(&act)) =
        (provision, statement.agencies.first(), statement.acts.first())
    else {
        return Vec::new();
    };
    let Some(jurisdiction) = corpus.agencies.get(agency.index()).map(|agency| agency.pack) else {
        return Vec::new();
    };
    let period = (provision.validity.from, provision.validity.until, Day::MAX);
    let editions = editions.get(jurisdiction.index()).map_or(&[][..], Vec::as_slice);
    distinct_scopes(corpus, editions, jurisdiction, (agency, act), period)
}
