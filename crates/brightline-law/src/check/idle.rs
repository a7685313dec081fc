//! Idle conditions: lines that never make a difference.
//!
//! For each line of a condition there should be two requests that differ only there and end
//! differently (modified condition/decision coverage); a line without such a pair is idle.

use crate::clock::Day;
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{AsKnown, Condition, ConditionKind, Corpus, Statement};
use crate::law::{Scope, makes_a_difference};

/// Returns a warning for every idle line.
pub(super) fn idle_conditions(corpus: &Corpus) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for statement in &corpus.statements {
        let Some(scope) = scope_of(corpus, statement) else { continue };
        let mut leaves = Vec::new();
        collect(&statement.condition, &mut leaves);
        for (index, (span, label)) in leaves.iter().enumerate() {
            if makes_a_difference(corpus, scope, &statement.condition, index) != Some(false) {
                continue;
            }
            let known = found.iter().any(|d| d.labels.first().is_some_and(|l| l.span == *span));
            if !known {
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

/// The statement's first agency, act and day.
fn scope_of(corpus: &Corpus, statement: &Statement) -> Option<Scope> {
    let provision = corpus.provisions.get(statement.provision.index())?;
    let agency = *statement.agencies.first()?;
    let act = *statement.acts.first()?;
    let jurisdiction = corpus.agencies.get(agency.index())?.pack;
    let recorded = corpus.packs.get(jurisdiction.index())?.recorded_from;
    let on = provision.validity.from.max(recorded);
    let at = AsKnown { on, known: Day::MAX };
    Some(Scope { jurisdiction, agency, act, at })
}
