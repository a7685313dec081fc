//! Idle conditions: lines that never make a difference.
//!
//! For each line of a condition there should be two requests that differ only there and end
//! differently (modified condition/decision coverage); a line without such a pair is idle.

use std::collections::BTreeSet;

use crate::clock::Day;
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{Condition, ConditionKind, Corpus, Statement};
use crate::law::{Scope, differences};
use crate::scopes::{Period, scopes_of_condition};

/// Returns a warning for every idle line.
pub(super) fn idle_conditions(corpus: &Corpus) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut marked = BTreeSet::new();
    for statement in &corpus.statements {
        let mut leaves = Vec::new();
        collect(&statement.condition, &mut leaves);
        let idle = idle_leaves(corpus, statement, leaves.len());
        for (span, label) in idle.into_iter().filter_map(|index| leaves.get(index)) {
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

/// Returns which leaves of a statement's condition are idle: told in some edition, and in none a
/// difference.
fn idle_leaves(corpus: &Corpus, statement: &Statement, count: usize) -> Vec<usize> {
    let mut open: Vec<usize> = (0..count).collect();
    let mut told = BTreeSet::new();
    for scope in scopes_of(corpus, statement) {
        if open.is_empty() {
            break;
        }
        let Some(differences) = differences(corpus, scope, &statement.condition, &open) else {
            continue;
        };
        told.extend(differences.iter().map(|(leaf, _)| *leaf));
        open.retain(|leaf| !differences.contains(&(*leaf, true)));
    }
    open.retain(|leaf| told.contains(leaf));
    open
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

/// The statement's first agency and act, on every day on which its condition means something else.
fn scopes_of(corpus: &Corpus, statement: &Statement) -> Vec<Scope> {
    let provision = corpus.provisions.get(statement.provision.index());
    let (Some(provision), Some(&agency), Some(&act)) =
        (provision, statement.agencies.first(), statement.acts.first())
    else {
        return Vec::new();
    };
    let Some(jurisdiction) = corpus.agencies.get(agency.index()).map(|agency| agency.pack) else {
        return Vec::new();
    };
    let (from, until) = (provision.validity.from, provision.validity.until);
    let period = Period { from, until, known: Day::MAX };
    scopes_of_condition(corpus, jurisdiction, (agency, act), period, &statement.condition)
}
