//! Definitions and unsettled points.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::Context;
use super::names::{Space, Target};
use super::section::{Work, overlap};
use super::vocabulary::words;
use super::{Resolver, id};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{
    Condition, ConditionKind, Definition, PackId, RecordId, Term, TermId, Unsettled, UnsettledId,
    UnsettledKind,
};
use crate::syntax::ast::{self, Item, Spelled};

/// What a definition or an unsettled point declares.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Slot {
    term: Option<TermId>,
    point: Option<UnsettledId>,
    record: Option<RecordId>,
}

type Key<'a> = (PackId, &'a str, Option<RecordId>);

impl Resolver<'_> {
    /// Declares the defined terms and the unsettled points of all packs.
    ///
    /// A name with one `unsettled` is that point; otherwise it is a term with a version for every
    /// definition and every point.
    pub(super) fn declare_terms(&mut self, work: &[Work<'_, '_>]) {
        let mut keys: Vec<Option<Key<'_>>> = Vec::new();
        let mut count: BTreeMap<Key<'_>, usize> = BTreeMap::new();
        for work in work {
            let key = self.term_key(work);
            if let Some(key) = key {
                *count.entry(key).or_default() += 1;
            }
            keys.push(key);
        }
        let mut terms: BTreeMap<Key<'_>, Option<TermId>> = BTreeMap::new();
        for (work, key) in work.iter().zip(keys) {
            let Some(key) = key else { continue };
            let mut slot = Slot { record: key.2, ..Slot::default() };
            let mut alone = false;
            let name = match work.item {
                Item::Unsettled(point) => {
                    slot.point = Some(self.point(work, point, key.2));
                    alone = count.get(&key) == Some(&1);
                    &point.name
                }
                Item::Define(define) => &define.name,
                _ => continue,
            };
            if let (true, Some(point)) = (alone, slot.point) {
                self.declare_term(key, name, Target::Unsettled(point));
            } else if let Some(term) = terms.get(&key) {
                slot.term = *term;
            } else {
                slot.term = self.term(key, name);
                terms.insert(key, slot.term);
            }
            self.call(slot, work.item);
            self.slots.insert(work.provision, slot);
        }
    }

    /// Takes the words for a term from the first of its versions that has any.
    fn call(&mut self, slot: Slot, item: &Item) {
        if let Item::Define(ast::Define { words: Some(words), .. }) = item
            && let Some(term) = slot.term.and_then(|it| self.corpus.terms.get_mut(it.index()))
            && term.words.is_empty()
        {
            term.words.clone_from(&words.text);
        }
    }

    fn term_key<'a>(&mut self, work: &Work<'_, 'a>) -> Option<Key<'a>> {
        let (name, of) = match work.item {
            Item::Define(define) => (&define.name, define.of.as_ref()),
            Item::Unsettled(point) if !point.calendar => (&point.name, point.of.as_ref()),
            _ => return None,
        };
        let record = match of {
            Some(of) => Some(self.record_named(work.pack, of)?),
            None => None,
        };
        Some((work.pack, &name.text, record))
    }

    fn term(&mut self, key: Key<'_>, name: &Spelled) -> Option<TermId> {
        let term = TermId(id(self.corpus.terms.len()));
        self.declare_term(key, name, Target::Term(term)).then(|| {
            let (pack, _, record) = key;
            let (name, words) = (name.text.clone(), String::new());
            self.corpus.terms.push(Term { pack, name, words, record, versions: Vec::new() });
            term
        })
    }

    fn declare_term(&mut self, (pack, _, of): Key<'_>, name: &Spelled, target: Target) -> bool {
        if let Some(record) = of
            && let Some((index, _)) = self.field(record, &name.text)
        {
            let first = self.names.fields.get(&(record, index)).copied();
            self.declared_twice(name, first.unwrap_or(name.span));
            return false;
        }
        self.declare_of(pack, Space::Condition, (name, of), target)
    }

    fn point(
        &mut self,
        work: &Work<'_, '_>,
        item: &ast::Unsettled,
        record: Option<RecordId>,
    ) -> UnsettledId {
        let point = UnsettledId(id(self.corpus.unsettled.len()));
        let safe = self.readings_and_safe(item);
        let text = |said: &Spelled| said.text.clone();
        let reading = |reading: &ast::Reading| {
            (reading.name.text.clone(), words(&reading.name, reading.words.as_ref()))
        };
        self.corpus.unsettled.push(Unsettled {
            provision: work.provision,
            name: item.name.text.clone(),
            words: item.words.as_ref().map_or_else(String::new, |words| words.text.clone()),
            record,
            question: words(&item.name, item.question.as_ref()),
            because: item.because.as_ref().map(text),
            kind: UnsettledKind::Written(Vec::new()),
            readings: item.readings.iter().map(reading).collect(),
            safe,
        });
        point
    }

    /// Checks the readings of an unsettled point and returns the index of the safe one.
    pub(super) fn readings_and_safe(&mut self, point: &ast::Unsettled) -> Option<usize> {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for reading in &point.readings {
            if let Some(first) = seen.insert(&reading.name.text, reading.name.span) {
                self.declared_twice(&reading.name, first);
            }
        }
        let safe = point.safe.as_ref()?;
        let found = point.readings.iter().position(|reading| reading.name.text == safe.text);
        if found.is_none() {
            let message = format!("`{}` has no reading `{}`", point.name.text, safe.text);
            let known: Vec<(&str, Span)> = seen.iter().map(|(name, span)| (*name, *span)).collect();
            let diagnostic = Diagnostic::error("L133", safe.span, message);
            let diagnostic = self.with_nearest(diagnostic, &safe.text, &known);
            self.report(diagnostic);
        }
        found
    }

    /// Resolves what definitions and readings say.
    pub(super) fn term_conditions(&mut self, work: &[Work<'_, '_>]) {
        for work in work {
            let slot = self.slots.get(&work.provision).copied().unwrap_or_default();
            let context = Context {
                pack: work.pack,
                section: Some(work.header.section),
                record: slot.record,
                provision: Some(work.provision),
                statement: None,
            };
            match work.item {
                Item::Define(define) => self.define(work, context, slot, define),
                Item::Unsettled(point) if !point.calendar => {
                    self.readings(work, context, slot, point);
                }
                _ => {}
            }
        }
        self.check_term_versions();
    }

    fn define(&mut self, work: &Work<'_, '_>, context: Context, slot: Slot, define: &ast::Define) {
        let span = define.name.span;
        let parts = (define.when.as_ref(), define.except.as_slice());
        let condition = self.folded(context, (work.label(), span), parts);
        self.version(work, slot, condition);
    }

    fn readings(
        &mut self,
        work: &Work<'_, '_>,
        context: Context,
        slot: Slot,
        point: &ast::Unsettled,
    ) {
        let mut conditions = Vec::new();
        for reading in &point.readings {
            let span = reading.name.span;
            let parts = (reading.when.as_ref(), reading.except.as_slice());
            conditions.push(self.folded(context, (work.label(), span), parts));
        }
        let Some(id) = slot.point else { return };
        if let Some(unsettled) = self.corpus.unsettled.get_mut(id.index()) {
            unsettled.kind = UnsettledKind::Written(conditions);
        }
        let (label, span) = (work.label().to_owned(), point.name.span);
        let kind = ConditionKind::Unsettled(id);
        self.version(work, slot, Condition { label, kind, span });
    }

    fn version(&mut self, work: &Work<'_, '_>, slot: Slot, condition: Condition) {
        let term = slot.term.and_then(|term| self.corpus.terms.get_mut(term.index()));
        if let Some(term) = term {
            term.versions.push(Definition { provision: work.provision, condition });
        }
    }

    /// Reports versions of a term that hold on the same day.
    fn check_term_versions(&mut self) {
        let mut found: BTreeSet<(Span, Span, &str)> = BTreeSet::new();
        for term in &self.corpus.terms {
            let versions = term.versions.iter();
            let provisions: Vec<_> = versions
                .filter_map(|version| self.corpus.provisions.get(version.provision.index()))
                .collect();
            for (index, second) in provisions.iter().enumerate() {
                let mut before = provisions.iter().take(index);
                if let Some(first) = before.find(|first| overlap(&first.validity, &second.validity))
                {
                    found.insert((second.span, first.span, &term.name));
                }
            }
        }
        let diagnostics: Vec<Diagnostic> = found
            .into_iter()
            .map(|(second, first, name)| {
                let message = format!("`{name}` has two meanings on the same day");
                Diagnostic::error("L119", second, message)
                    .label("one definition")
                    .also(first, "the other")
                    .help("end one before the other begins, with `in force … until …`")
            })
            .collect();
        self.diagnostics.extend(diagnostics);
    }
}
