//! From tree to law: names looked up, types checked, priorities written out.
//!
//! The order of files and of items inside them never matters: all names of all packs are declared
//! before the first one is looked up.
//! Nothing here fails. What is broken is left out with a diagnostic, and all diagnostics come at
//! once.
//!
//! | file | what it does |
//! |---|---|
//! | `packs` | packs and the packs above them |
//! | `names` | what is declared where, and what a name means |
//! | `vocabulary` | roles, groups, agencies, acts, papers, facts, records |
//! | `table`, `calendar` | lists that come with a pack |
//! | `property`, `section` | headers, periods, provisions |
//! | `term` | definitions and unsettled points |
//! | `rule`, `duty` | statements |
//! | `condition`, `leaf`, `operand` | conditions with their types and citations |
//! | `reference`, `priority` | provisions that name other provisions |
//! | `circle` | what must not run in a circle |
//! | `example`, `given` | examples and claims |

#![deny(clippy::indexing_slicing)]

mod calendar;
mod circle;
mod condition;
mod date;
mod duty;
mod example;
mod given;
mod leaf;
mod names;
mod operand;
mod packs;
mod priority;
mod property;
mod reference;
mod rule;
mod section;
mod subject;
mod table;
mod term;
mod vocabulary;

use std::collections::BTreeMap;

use self::names::Names;
use self::term::Slot;
use super::{ActId, AgencyId, Corpus, FactId, PackId, ProvisionId, SectionId, StatementId};
use crate::Sources;
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::ast::{Document, Item};

/// Returns the law that the documents write, and all that is wrong with them.
///
/// Each document stands beside the index of its pack in `sources`; its spans already carry the
/// number of its file.
#[must_use]
pub fn resolve(sources: &Sources, documents: &[(usize, Document)]) -> (Corpus, Vec<Diagnostic>) {
    let mut resolver = Resolver::new(sources);
    resolver.packs();
    let entries = resolver.entries(documents);
    resolver.vocabulary(&entries);
    resolver.tables(&entries);
    resolver.calendars(&entries);
    let headers = resolver.sections(&entries);
    let work = resolver.provisions(&entries, &headers);
    resolver.declare_terms(&work);
    let written = resolver.declare_statements(&work);
    resolver.rule_conditions(&written);
    resolver.term_conditions(&work);
    resolver.duties(&work);
    resolver.impossible(&entries);
    resolver.check_versions(&work);
    resolver.break_circles();
    resolver.priorities(&work, &written);
    resolver.check_priority_circles();
    resolver.examples(&entries, &headers);
    resolver.finish()
}

/// An item with its pack and the header that it stands under.
#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    pack: PackId,
    section: Option<SectionId>,
    item: &'a Item,
}

/// Where a name is used: its pack, and whom `the agency` means there.
#[derive(Debug, Clone, Copy)]
struct Place<'p> {
    pack: PackId,
    binds: Option<&'p [AgencyId]>,
}

struct Resolver<'a> {
    sources: &'a Sources,
    corpus: Corpus,
    names: Names,
    /// The statements of each rule.
    statements_of: BTreeMap<ProvisionId, Vec<StatementId>>,
    /// What each definition and unsettled point declares.
    slots: BTreeMap<ProvisionId, Slot>,
    /// The facts made for `policy prohibits`.
    policy_facts: BTreeMap<ActId, FactId>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Resolver<'a> {
    fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            corpus: Corpus::default(),
            names: Names::default(),
            statements_of: BTreeMap::new(),
            slots: BTreeMap::new(),
            policy_facts: BTreeMap::new(),
            diagnostics: Vec::new(),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        self.report(Diagnostic::error(code, span, message));
    }

    /// Sets every item under its header, and reports those that need one and have none.
    fn entries<'d>(&mut self, documents: &'d [(usize, Document)]) -> Vec<Entry<'d>> {
        let mut entries = Vec::new();
        let mut sections: usize = 0;
        for (pack, document) in documents {
            if *pack >= self.corpus.packs.len() {
                continue;
            }
            let pack = PackId(id(*pack));
            let mut section = None;
            for item in &document.items {
                if matches!(item, Item::Section(_)) {
                    section = Some(SectionId(id(sections)));
                    sections += 1;
                }
                if section.is_none() && needs_header(item) {
                    self.without_header(item);
                    continue;
                }
                entries.push(Entry { pack, section, item });
            }
        }
        entries
    }

    fn without_header(&mut self, item: &Item) {
        let (what, span) = match item {
            Item::Rule(rule) => ("rule", rule.label.span),
            Item::Define(define) => ("definition", define.name.span),
            Item::Unsettled(point) => ("unsettled point", point.name.span),
            Item::Duty(duty) => ("duty", duty.label.span),
            Item::Example(example) => ("example", example.span),
            Item::Claim(claim) => ("claim", claim.span),
            _ => return,
        };
        let message = format!("this {what} stands before any section header");
        let help = "write `section \"…\" as …` above it, in the same file";
        self.report(Diagnostic::error("L111", span, message).help(help));
    }

    fn finish(mut self) -> (Corpus, Vec<Diagnostic>) {
        self.diagnostics.sort_by_cached_key(|diagnostic| {
            let span = diagnostic.labels.first().map(|label| (label.span.file, label.span.start));
            (span, diagnostic.code, diagnostic.message.clone())
        });
        self.diagnostics.dedup();
        self.corpus.index_statements();
        (self.corpus, self.diagnostics)
    }
}

fn needs_header(item: &Item) -> bool {
    matches!(
        item,
        Item::Rule(_)
            | Item::Define(_)
            | Item::Unsettled(_)
            | Item::Duty(_)
            | Item::Example(_)
            | Item::Claim(_)
    )
}

/// Returns the number that an id of this index carries.
fn id(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
