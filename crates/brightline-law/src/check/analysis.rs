//! Every edition compiled: conflicts, silence, laws too large.

use super::examples::witness;
use super::versions::missing_versions;
use crate::Outcome;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::editions::{self, agencies, distinct_scopes};
use crate::ir::{ActId, Corpus, Modal, PackId};
use crate::law::{Law, Scope, applies};
use crate::prove::{Counterexample, reach, whole_period};

/// Compiles the law of every pack, agency, act and edition.
pub(super) fn editions(corpus: &Corpus) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for index in 0..corpus.packs.len() {
        let jurisdiction = PackId(u32::try_from(index).unwrap_or(u32::MAX));
        let own = agencies(corpus, jurisdiction);
        let period = whole_period(corpus, jurisdiction);
        let all = editions::editions(corpus, jurisdiction);
        for agency in own {
            // An agency is looked at in its own pack, not again in every pack below.
            if corpus.agencies.get(agency.index()).is_none_or(|a| a.pack != jurisdiction) {
                continue;
            }
            for act in acts_of(corpus, agency) {
                for scope in distinct_scopes(corpus, &all, jurisdiction, (agency, act), period) {
                    for diagnostic in edition(corpus, scope) {
                        let known = found.iter().any(|known| {
                            known.code == diagnostic.code && known.labels == diagnostic.labels
                        });
                        if !known {
                            found.push(diagnostic);
                        }
                    }
                }
            }
        }
    }
    found
}

/// The acts on which some statement of any day binds the agency.
fn acts_of(corpus: &Corpus, agency: crate::ir::AgencyId) -> Vec<ActId> {
    let bound = corpus.statements.iter().filter(|s| s.agencies.contains(&agency));
    let mut acts: Vec<ActId> = bound.flat_map(|statement| statement.acts.iter().copied()).collect();
    acts.sort_unstable();
    acts.dedup();
    acts
}

fn edition(corpus: &Corpus, scope: Scope) -> Vec<Diagnostic> {
    let mut found = missing_versions(corpus, scope);
    let places = |wanted: &[Modal]| -> Vec<(Span, String)> {
        let statements = corpus.statements.iter().filter(|s| applies(corpus, scope, s));
        statements
            .filter(|statement| wanted.contains(&statement.modal))
            .map(|statement| {
                let provision = corpus.provisions.get(statement.provision.index());
                (statement.span, provision.map(|p| p.id.clone()).unwrap_or_default())
            })
            .collect()
    };
    let law = match Law::compile_asking(corpus, scope, &[]) {
        Ok(law) => law,
        Err(large) => {
            let span = places(&ALL).first().map(|(span, _)| *span).unwrap_or_default();
            return vec![Diagnostic::error("L206", span, large.to_string())];
        }
    };
    let outcomes = law.outcomes();
    if outcomes.contains(&Outcome::Conflict)
        && let Some(facts) = reach(corpus, &law, &[Outcome::Conflict])
    {
        let counter = Counterexample { scope, facts, outcome: Outcome::Conflict };
        let requires = places(&[Modal::Must]);
        let bars = places(&[Modal::MustNot, Modal::MayOnly, Modal::NoAuthority]);
        let span = requires.first().map(|(span, _)| *span).unwrap_or_default();
        let mut diagnostic = Diagnostic::warning(
            "L204",
            span,
            "a requirement meets a prohibition, and no provision says which prevails",
        )
        .label("requires")
        .help(witness(corpus, &counter));
        for (span, id) in bars {
            diagnostic = diagnostic.also(span, format!("`{id}` forbids"));
        }
        found.push(diagnostic);
    }
    if outcomes.contains(&Outcome::Silent)
        && let Some(facts) = reach(corpus, &law, &[Outcome::Silent])
        && let Some((span, _)) = places(&ALL).first()
    {
        let counter = Counterexample { scope, facts, outcome: Outcome::Silent };
        let mut note =
            Diagnostic::warning("L207", *span, "some requests are left without an answer")
                .help(witness(corpus, &counter));
        note.severity = Severity::Note;
        found.push(note);
    }
    found
}

const ALL: [Modal; 7] = [
    Modal::MayOnly,
    Modal::May,
    Modal::MustNot,
    Modal::Must,
    Modal::NoAuthority,
    Modal::DoesNotBar,
    Modal::DoesNotRequire,
];
