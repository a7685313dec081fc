//! Every edition compiled: conflicts, silence, laws too large.

use std::collections::BTreeSet;

use super::examples::witness;
use super::versions::missing_versions;
use crate::Outcome;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::editions::agencies;
use crate::ir::{AsKnown, Corpus, Modal, PackId, StatementId};
use crate::law::{Law, Scope, applied};
use crate::prove::{Counterexample, reach, whole_period};
use crate::scopes::{distinct_scopes, statements_in};

/// Compiles the law of every pack, agency, act and edition; laws of the same statements once.
pub(super) fn editions(corpus: &Corpus) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for index in 0..corpus.packs.len() {
        let jurisdiction = PackId(u32::try_from(index).unwrap_or(u32::MAX));
        let period = whole_period(corpus, jurisdiction);
        let mut known: BTreeSet<(AsKnown, Vec<StatementId>)> = BTreeSet::new();
        for agency in agencies(corpus, jurisdiction) {
            // An agency is looked at in its own pack, not again in every pack below.
            if corpus.agencies.get(agency.index()).is_none_or(|a| a.pack != jurisdiction) {
                continue;
            }
            for act in corpus.acts_bound(agency) {
                for scope in distinct_scopes(corpus, jurisdiction, (agency, act), period, &[]) {
                    if known.insert((scope.at, statements_in(corpus, scope))) {
                        add(&mut found, edition(corpus, scope));
                    }
                }
            }
        }
    }
    found
}

fn add(found: &mut Vec<Diagnostic>, more: Vec<Diagnostic>) {
    for diagnostic in more {
        let same =
            |known: &Diagnostic| known.code == diagnostic.code && known.labels == diagnostic.labels;
        if !found.iter().any(same) {
            found.push(diagnostic);
        }
    }
}

fn edition(corpus: &Corpus, scope: Scope) -> Vec<Diagnostic> {
    let mut found = missing_versions(corpus, scope);
    let places = |wanted: &[Modal]| -> Vec<(Span, String)> {
        let statements = applied(corpus, scope).map(|(_, statement)| statement);
        statements
            .filter(|statement| wanted.contains(&statement.modal))
            .map(|statement| {
                let provision = corpus.provisions.get(statement.provision.index());
                (statement.span, provision.map(|p| p.id.clone()).unwrap_or_default())
            })
            .collect()
    };
    let mut law = match Law::compile_asking(corpus, scope, &[]) {
        Ok(law) => law,
        Err(large) => {
            let longest = large.provisions.first();
            let is_longest = |(_, id): &&(Span, String)| Some(id) == longest;
            let span = places(&ALL).iter().find(is_longest).map(|(span, _)| *span);
            let span = span.unwrap_or_default();
            return vec![Diagnostic::error("L206", span, large.to_string())];
        }
    };
    let outcomes = law.outcomes();
    if outcomes.contains(&Outcome::Conflict)
        && let Ok(Some(facts)) = reach(corpus, &mut law, &[Outcome::Conflict])
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
        && let Ok(Some(facts)) = reach(corpus, &mut law, &[Outcome::Silent])
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
