//! The properties that headers and provisions carry.

use std::collections::BTreeMap;

use super::{Place, Resolver};
use crate::clock::Day;
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::ir::{AgencyId, Mark, Suspension, Validity, Void};
use crate::syntax::ast::{DateExpr, PreemptsExpr, Property, PropertyKind, Spelled, SuspendedExpr};

/// The properties of one header or provision, by kind.
#[derive(Debug, Default)]
pub(super) struct Common<'a> {
    pub(super) from: Option<Day>,
    pub(super) until: Option<Day>,
    pub(super) date_unverified: bool,
    pub(super) known_from: Option<Day>,
    /// The line `in force`.
    pub(super) in_force: Option<Span>,
    pub(super) binds: Option<Vec<AgencyId>>,
    pub(super) confers_no_authority: Option<String>,
    pub(super) mark: Option<Mark>,
    pub(super) reference: Option<usize>,
    pub(super) partial: Vec<String>,
    pub(super) unverified: Vec<String>,
    pub(super) suspensions: Vec<Suspension>,
    pub(super) void: Option<Void>,
    pub(super) despite: Vec<&'a Spelled>,
    pub(super) subject_to: Vec<&'a Spelled>,
    pub(super) preempts: Vec<(&'a PreemptsExpr, Span)>,
    pub(super) title: Option<String>,
    pub(super) enacted_by: Option<String>,
    pub(super) successor_of: Option<String>,
    pub(super) plain: Option<String>,
    pub(super) notes: Vec<(String, String)>,
}

impl Common<'_> {
    /// Returns when the provision applies whose own properties these are, inside its section.
    pub(super) fn validity(&self, section: &Self) -> Validity {
        let from = section.from.max(self.from).unwrap_or(Day::MIN);
        let ends = [section.until, self.until];
        let until = ends.into_iter().flatten().min().unwrap_or(Day::MAX);
        let known_from = self.known_from.or(section.known_from).unwrap_or(from);
        let suspensions = section.suspensions.iter().chain(&self.suspensions).cloned().collect();
        Validity {
            from,
            until,
            known_from,
            date_unverified: section.date_unverified || self.date_unverified,
            suspensions,
            void: self.void.clone().or_else(|| section.void.clone()),
        }
    }
}

impl Resolver<'_> {
    /// Reads the properties of a header or a provision.
    pub(super) fn properties<'a>(
        &mut self,
        place: Place<'_>,
        properties: &'a [Property],
    ) -> Common<'a> {
        let mut common = Common::default();
        let mut seen: BTreeMap<&'static str, Span> = BTreeMap::new();
        for property in properties {
            if let Some(words) = only_once(&property.kind) {
                if let Some(first) = seen.get(words).copied() {
                    self.given_twice(words, property.span, first);
                    continue;
                }
                seen.insert(words, property.span);
            }
            self.property(place, property, &mut common);
        }
        // `as to the agency` needs to know whom the header binds.
        let binds = common.binds.clone();
        let binds = binds.as_deref().or(place.binds);
        for property in properties {
            if let PropertyKind::Suspended(suspended) = &property.kind {
                let suspension = self.suspension(Place { binds, ..place }, suspended);
                common.suspensions.push(suspension);
            }
        }
        common
    }

    fn given_twice(&mut self, words: &str, span: Span, first: Span) {
        let message = format!("`{words}` stands here twice");
        let diagnostic = Diagnostic::error("L112", span, message)
            .also(first, "first given here")
            .help("another version of the text has a header of its own, with its own dates");
        self.report(diagnostic);
    }

    fn property<'a>(&mut self, place: Place<'_>, property: &'a Property, common: &mut Common<'a>) {
        let text = |spelled: &Spelled| spelled.text.clone();
        match &property.kind {
            PropertyKind::Title(title) => common.title = Some(text(title)),
            PropertyKind::EnactedBy(by) => common.enacted_by = Some(text(by)),
            PropertyKind::Issued(date) => self.dated_note(date, "issued", common),
            PropertyKind::Decided(date) => self.dated_note(date, "decided", common),
            PropertyKind::InForce(period) => {
                (common.from, common.until) = self.period(period);
                common.date_unverified |= period.date_unverified;
                common.in_force = Some(property.span);
            }
            PropertyKind::KnownFrom(date) => common.known_from = self.day(date),
            PropertyKind::Binds(subjects) => common.binds = Some(self.agencies(place, subjects)),
            PropertyKind::ConfersNoAuthority(label) => {
                common.confers_no_authority = Some(label.as_ref().map_or_else(String::new, text));
            }
            PropertyKind::Source { id, mark } => self.source(place, id, *mark, common),
            PropertyKind::SuccessorOf { old, from } => {
                let from = from.as_ref().and_then(|from| self.day(from));
                let from = from.map_or_else(String::new, |from| format!(" (from {from})"));
                common.successor_of = Some(format!("{}{from}", old.text));
            }
            PropertyKind::Partial(why) => common.partial.push(text(why)),
            PropertyKind::Unverified(what) => common.unverified.push(text(what)),
            PropertyKind::Suspended(_) => {}
            PropertyKind::Void { from, by, known_from } => {
                let known = known_from.as_ref().and_then(|known| self.day(known));
                common.void = self.day(from).map(|from| Void {
                    from,
                    known_from: known.unwrap_or(from),
                    by: text(by),
                });
            }
            PropertyKind::Despite(references) => common.despite.extend(references),
            PropertyKind::SubjectTo(references) => common.subject_to.extend(references),
            PropertyKind::Preempts(preempts) => common.preempts.push((preempts, property.span)),
            PropertyKind::Plain(sentence) => common.plain = Some(text(sentence)),
            PropertyKind::Metadata { keyword, text: said } => {
                let said = said.as_ref().map_or_else(String::new, text);
                common.notes.push((text(keyword), said));
            }
        }
    }

    fn dated_note(&mut self, date: &DateExpr, keyword: &str, common: &mut Common<'_>) {
        if let Some(day) = self.day(date) {
            common.notes.push((keyword.to_owned(), day.to_string()));
        }
    }

    /// Of several sources the first is the one shown, and the least sure mark counts.
    fn source(&mut self, place: Place<'_>, name: &Spelled, mark: Mark, common: &mut Common<'_>) {
        let pack = self.corpus.packs.get(place.pack.index());
        let references = pack.map_or(&[][..], |pack| &pack.references);
        let found = references.iter().position(|reference| reference.id == name.text);
        if found.is_none() {
            let message = format!("the pack lists no source `{}`", name.text);
            let near =
                nearest(&name.text, references.iter().map(|reference| reference.id.as_str()));
            let help = "list it under `[[source]]` in pack.toml";
            let diagnostic = Diagnostic::error("L108", name.span, message).help(help);
            self.report(diagnostic.suggest(near));
        }
        if common.mark.is_some() {
            common.notes.push(("source".to_owned(), name.text.clone()));
        } else {
            common.reference = found;
        }
        common.mark = common.mark.max(Some(mark));
    }

    fn suspension(&mut self, place: Place<'_>, written: &SuspendedExpr) -> Suspension {
        let (from, until) = self.period(&written.period);
        let mut as_to = Vec::new();
        for party in &written.as_to {
            // A party in quotes has no agency here.
            if party.text == "the agency" {
                as_to.extend(self.bound(place, party));
            } else if party.text.starts_with("every ") || !party.text.contains(' ') {
                as_to.extend(self.subject(place.pack, party));
            }
        }
        as_to.sort_unstable();
        as_to.dedup();
        Suspension {
            from: from.unwrap_or(Day::MIN),
            until: until.unwrap_or(Day::MAX),
            by: written.by.text.clone(),
            only_named: !written.as_to.is_empty(),
            as_to,
            acts: self.acts(place.pack, &written.acts),
            vacated_from: written.vacated_from.as_ref().and_then(|vacated| self.day(vacated)),
        }
    }
}

/// Returns the words of a property that may stand only once.
fn only_once(kind: &PropertyKind) -> Option<&'static str> {
    match kind {
        PropertyKind::Title(_) => Some("title"),
        PropertyKind::EnactedBy(_) => Some("enacted by"),
        PropertyKind::Issued(_) => Some("issued"),
        PropertyKind::Decided(_) => Some("decided"),
        PropertyKind::SuccessorOf { .. } => Some("successor of"),
        PropertyKind::InForce(_) => Some("in force"),
        PropertyKind::KnownFrom(_) => Some("known from"),
        PropertyKind::Binds(_) => Some("binds"),
        PropertyKind::ConfersNoAuthority(_) => Some("confers no authority"),
        PropertyKind::Void { .. } => Some("void"),
        PropertyKind::Plain(_) => Some("plain"),
        _ => None,
    }
}
