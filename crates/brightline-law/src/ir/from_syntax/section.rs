//! Headers, and the provisions that stand under them.

use std::collections::{BTreeMap, BTreeSet};

use super::property::Common;
use super::{Entry, Place, Resolver, id};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::lookup::{cite, join};
use crate::ir::{
    AgencyId, Mark, PackId, Provision, ProvisionId, Section, SectionId, Unsettled, UnsettledId,
    UnsettledKind, Validity,
};
use crate::syntax::ast::{self, Item, Property, Spelled};

/// A header with its properties.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) pack: PackId,
    pub(super) section: SectionId,
    pub(super) common: Common<'a>,
    kind: &'a str,
}

/// A provision still to be filled: its item, its header's properties and its own.
#[derive(Debug)]
pub(super) struct Work<'h, 'a> {
    pub(super) pack: PackId,
    pub(super) header: &'h Header<'a>,
    pub(super) provision: ProvisionId,
    pub(super) common: Common<'a>,
    pub(super) item: &'a Item,
}

impl Header<'_> {
    /// Returns where names under this header are used.
    pub(super) fn place(&self) -> Place<'_> {
        let binds = self.common.binds.as_deref();
        Place { pack: self.pack, binds }
    }
}

impl Work<'_, '_> {
    /// Returns where names of this provision are used.
    pub(super) fn place(&self) -> Place<'_> {
        let binds: Option<&[AgencyId]> = self.common.binds.as_deref();
        let header = self.header.place();
        Place { binds: binds.or(header.binds), ..header }
    }

    /// Returns the label as written; empty when there is none.
    pub(super) fn label(&self) -> &str {
        written(self.item).map_or("", |written| written.label.map_or("", |label| &label.text))
    }
}

/// What items that are provisions have in common.
struct Written<'a> {
    name: &'a Spelled,
    label: Option<&'a Spelled>,
    properties: &'a [Property],
}

fn written(item: &Item) -> Option<Written<'_>> {
    let (name, label, properties) = match item {
        Item::Rule(rule) => (&rule.label, Some(&rule.label), &rule.properties),
        Item::Duty(duty) => (&duty.label, Some(&duty.label), &duty.properties),
        Item::Define(define) => (&define.name, define.label.as_ref(), &define.properties),
        Item::Unsettled(point) => (&point.name, point.label.as_ref(), &point.properties),
        _ => return None,
    };
    Some(Written { name, label, properties })
}

impl Resolver<'_> {
    /// Makes the section headers.
    pub(super) fn sections<'a>(&mut self, entries: &[Entry<'a>]) -> Vec<Header<'a>> {
        let mut headers = Vec::new();
        for entry in entries {
            if let (Item::Section(item), Some(section)) = (entry.item, entry.section) {
                headers.push(self.section(entry.pack, section, item));
            }
        }
        headers
    }

    fn section<'a>(
        &mut self,
        pack: PackId,
        section: SectionId,
        item: &'a ast::Section,
    ) -> Header<'a> {
        let place = Place { pack, binds: None };
        let mut common = self.properties(place, &item.properties);
        self.corpus.sections.push(Section {
            pack,
            kind: item.kind.text.clone(),
            citation: item.citation.text.clone(),
            short: item.short.as_ref().map_or_else(String::new, |short| short.text.clone()),
            title: common.title.take(),
            enacted_by: common.enacted_by.take(),
            successor_of: common.successor_of.take(),
            confers_no_authority: common.confers_no_authority.clone(),
            validity: common.validity(&Common::default()),
            mark: common.mark.unwrap_or(default_mark(&item.kind.text)),
            reference: common.reference,
            plain: common.plain.clone(),
            notes: std::mem::take(&mut common.notes),
            span: item.citation.span,
        });
        Header { pack, section, common, kind: &item.kind.text }
    }

    /// Makes the provisions, without what they say.
    pub(super) fn provisions<'h, 'a>(
        &mut self,
        entries: &[Entry<'a>],
        headers: &'h [Header<'a>],
    ) -> Vec<Work<'h, 'a>> {
        let mut work = Vec::new();
        let mut nameless = BTreeSet::new();
        for entry in entries {
            let header = entry.section.and_then(|section| headers.get(section.index()));
            let (Some(header), Some(written)) = (header, written(entry.item)) else {
                continue;
            };
            let needs_short = matches!(entry.item, Item::Rule(_) | Item::Duty(_));
            if needs_short && nameless.insert(header.section) {
                self.check_short(header.section, written.name);
            }
            let common = self.properties(header.place(), written.properties);
            let provision = self.provision(header, &written, &common);
            work.push(Work { pack: entry.pack, header, provision, common, item: entry.item });
        }
        work
    }

    fn check_short(&mut self, section: SectionId, label: &Spelled) {
        let Some(section) = self.corpus.sections.get(section.index()) else {
            return;
        };
        if section.short.is_empty() {
            let message = format!("the {} has no short name", section.kind);
            let diagnostic = Diagnostic::error("L113", section.span, message)
                .also(label.span, "the identifier of this provision needs it")
                .help("write `as NAME` behind the citation");
            self.report(diagnostic);
        }
    }

    fn provision(
        &mut self,
        header: &Header<'_>,
        written: &Written<'_>,
        own: &Common<'_>,
    ) -> ProvisionId {
        let provision = ProvisionId(id(self.corpus.provisions.len()));
        let validity = own.validity(&header.common);
        self.check_in_force(header, own, &validity);
        let label = written.label.map_or("", |label| &label.text);
        let tail = if label.is_empty() { &written.name.text } else { label };
        let section = self.corpus.sections.get(header.section.index());
        let citation = section.map_or_else(String::new, |section| cite(section, label));
        let partial = self.partial(header, own, (provision, written.name));
        let mut unverified = header.common.unverified.clone();
        unverified.extend(own.unverified.iter().cloned());
        let mut notes = own.notes.clone();
        if let Some(label) = &own.confers_no_authority {
            notes.push(("confers no authority".to_owned(), label.clone()));
        }
        let of_section = own.mark.is_none();
        let mark = own.mark.or(header.common.mark).unwrap_or(default_mark(header.kind));
        let reference = if of_section { header.common.reference } else { own.reference };
        self.corpus.provisions.push(Provision {
            id: join(&self.corpus.section_id(header.section), tail),
            citation,
            section: header.section,
            pack: header.pack,
            label: label.to_owned(),
            validity,
            mark,
            reference,
            partial,
            unverified,
            plain: own.plain.clone().or_else(|| header.common.plain.clone()),
            notes,
            span: written.name.span,
        });
        provision
    }

    fn partial(
        &mut self,
        header: &Header<'_>,
        own: &Common<'_>,
        (provision, name): (ProvisionId, &Spelled),
    ) -> Option<(String, UnsettledId)> {
        let whys: Vec<&str> =
            header.common.partial.iter().chain(&own.partial).map(String::as_str).collect();
        if whys.is_empty() {
            return None;
        }
        let why = whys.join("; ");
        let point = UnsettledId(id(self.corpus.unsettled.len()));
        let reading = |name: &str, words: &str| (name.to_owned(), words.to_owned());
        self.corpus.unsettled.push(Unsettled {
            provision,
            name: name.text.clone(),
            words: String::new(),
            record: None,
            question: why.clone(),
            because: None,
            kind: UnsettledKind::Partial,
            readings: vec![
                reading("as_encoded", "it stands as it is encoded"),
                reading("changed", "the text that was not read changes it"),
            ],
            safe: None,
        });
        Some((why, point))
    }

    fn check_in_force(&mut self, header: &Header<'_>, own: &Common<'_>, validity: &Validity) {
        let Some(span) = own.in_force else { return };
        let own_runs_backward = matches!((own.from, own.until), (Some(f), Some(u)) if u < f);
        if validity.until < validity.from && !own_runs_backward {
            let section = header.common.validity(&Common::default());
            let (from, until) = (section.from, section.until);
            let message = "this provision is never in force";
            let help = format!("the section is in force from {from} until {until}");
            self.report(Diagnostic::error("L110", span, message).help(help));
        }
    }

    /// Reports versions of one rule or duty that are in force on the same day.
    pub(super) fn check_versions(&mut self, work: &[Work<'_, '_>]) {
        let mut versions: BTreeMap<(&str, bool), Vec<&Provision>> = BTreeMap::new();
        let mut overlaps: Vec<(Span, Span, String)> = Vec::new();
        for work in work {
            let is_rule = match work.item {
                Item::Rule(_) => true,
                Item::Duty(_) => false,
                _ => continue,
            };
            let Some(provision) = self.corpus.provisions.get(work.provision.index()) else {
                continue;
            };
            let others = versions.entry((&provision.id, is_rule)).or_default();
            let other = others.iter().find(|other| overlap(&other.validity, &provision.validity));
            if let Some(other) = other {
                overlaps.push((provision.span, other.span, provision.id.clone()));
            }
            others.push(provision);
        }
        for (span, first, name) in overlaps {
            let message = format!("two versions of `{name}` are in force on the same day");
            let diagnostic = Diagnostic::warning("L120", span, message)
                .also(first, "the other version")
                .help("end one before the other begins, or give them different labels");
            self.report(diagnostic);
        }
    }
}

/// Returns whether there is a day on which both are in force.
pub(super) fn overlap(left: &Validity, right: &Validity) -> bool {
    left.from.max(right.from) <= left.until.min(right.until)
}

/// Text that names no source is from memory; words of our own are our reading.
fn default_mark(kind: &str) -> Mark {
    if kind == "vocabulary" { Mark::Analysis } else { Mark::Recalled }
}
