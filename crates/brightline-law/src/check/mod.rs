//! Check: everything that can be said of packs without a request.

mod analysis;
mod examples;
mod idle;
mod versions;

use crate::diagnostic::{Diagnostic, Severity};
use crate::ir::{Corpus, resolve};
use crate::sources::Sources;
use crate::syntax;

/// A corpus and all that is wrong with it, or worth knowing.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// The law; what could not be read is left out.
    pub corpus: Corpus,
    /// Errors, warnings and notes, in the order of the sources.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// Returns whether the packs can be used.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        !self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Reads packs: text to tree to resolved law. Never fails; all diagnostics at once.
#[must_use]
pub fn read(sources: &Sources) -> Checked {
    let mut diagnostics = Vec::new();
    let mut documents = Vec::new();
    let mut number = 0;
    for (pack, source) in sources.packs.iter().enumerate() {
        for file in &source.files {
            let parsed = syntax::parse(number, &file.text);
            diagnostics.extend(parsed.diagnostics);
            documents.push((pack, parsed.document));
            number += 1;
        }
    }
    let (mut corpus, found) = resolve(sources, &documents);
    corpus.act_date_cuts = crate::editions::act_date_cuts(&corpus);
    diagnostics.extend(found);
    sort(&mut diagnostics);
    Checked { corpus, diagnostics }
}

/// Reads packs and asks of every edition what can be asked: examples, claims, conflicts, silence,
/// idle conditions. The analysis is left out while the packs have errors.
#[must_use]
pub fn check(sources: &Sources) -> Checked {
    check_within(sources, crate::NODE_COUNT_MAX)
}

/// Checks packs as [`check`] does, with another limit than [`crate::NODE_COUNT_MAX`] to the size of
/// a law, in nodes.
#[must_use]
pub fn check_within(sources: &Sources, node_count_max: usize) -> Checked {
    let mut checked = read(sources);
    if !checked.is_usable() {
        return checked;
    }
    checked.corpus.node_limit = Some(node_count_max);
    let corpus = &checked.corpus;
    let mut found = examples::examples(corpus);
    found.extend(examples::claims(corpus));
    found.extend(analysis::editions(corpus));
    found.extend(idle::idle_conditions(corpus));
    checked.diagnostics.extend(found);
    sort(&mut checked.diagnostics);
    checked
}

fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|diagnostic| {
        diagnostic.labels.first().map(|label| (label.span, diagnostic.code))
    });
}
