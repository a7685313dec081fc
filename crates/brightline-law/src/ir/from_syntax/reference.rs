//! Provisions named by other provisions, by examples and by claims.

use super::Resolver;
use crate::diagnostic::{Diagnostic, Span, nearest};
use crate::ir::lookup::join;
use crate::ir::{PackId, Provision, ProvisionId, SectionId, StatementId};
use crate::syntax::ast::Spelled;

/// Provisions that a reference can mean.
enum Meant {
    Pack(PackId),
    /// All versions of the section itself.
    Section(SectionId),
    /// Ids that it may be, the first that there is counts: the id itself and those below it.
    Ids(Vec<String>),
}

impl Resolver<'_> {
    /// Returns the provisions that a reference means, in all their versions; reports one that
    /// means none.
    pub(super) fn provisions_named(
        &mut self,
        pack: PackId,
        section: Option<SectionId>,
        reference: &Spelled,
    ) -> Vec<ProvisionId> {
        let text = reference.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(meant) = self.meant(pack, section, (&text, reference.span)) else {
            return Vec::new();
        };
        let found = match &meant {
            Meant::Pack(pack) => self.provisions_where(|provision| provision.pack == *pack),
            Meant::Section(section) => self.section_versions(*section),
            Meant::Ids(ids) => ids
                .iter()
                .map(|id| self.provisions_where(|provision| covers(id, &provision.id)))
                .find(|found| !found.is_empty())
                .unwrap_or_default(),
        };
        if found.is_empty() {
            self.no_such_provision(pack, section, (&text, reference.span));
        }
        found
    }

    /// Returns the statements of the provisions that a reference means; reports a reference to
    /// provisions that state nothing.
    pub(super) fn statements_named(
        &mut self,
        pack: PackId,
        section: Option<SectionId>,
        reference: &Spelled,
    ) -> Vec<StatementId> {
        let provisions = self.provisions_named(pack, section, reference);
        let statements =
            provisions.iter().filter_map(|provision| self.statements_of.get(provision));
        let found: Vec<StatementId> = statements.flatten().copied().collect();
        if let (true, Some(first)) = (found.is_empty(), provisions.first()) {
            let message =
                format!("`{}` is no rule: it permits and forbids nothing", reference.text);
            let mut diagnostic = Diagnostic::error("L122", reference.span, message);
            if let Some(provision) = self.corpus.provisions.get(first.index()) {
                diagnostic = diagnostic.also(provision.span, "this is meant");
            }
            self.report(diagnostic);
        }
        found
    }

    fn meant(
        &mut self,
        pack: PackId,
        section: Option<SectionId>,
        (text, span): (&str, Span),
    ) -> Option<Meant> {
        if text == "this section" {
            return section.map(Meant::Section);
        }
        if let Some(name) = text.strip_prefix("every rule of ") {
            return self.pack_named(name, span).map(Meant::Pack);
        }
        if let Some(pack) = self.corpus.pack(text) {
            return Some(Meant::Pack(pack));
        }
        Some(Meant::Ids(self.ids(pack, section, text)))
    }

    /// Returns the full ids that a reference may be short for, the nearest first.
    pub(super) fn ids(&self, pack: PackId, section: Option<SectionId>, text: &str) -> Vec<String> {
        if text.contains('/') {
            return vec![text.to_owned()];
        }
        let here = section.map(|section| join(&self.corpus.section_id(section), text));
        let packs = self.corpus.visible(pack);
        let packs = packs.filter_map(|pack| self.corpus.packs.get(pack.index()));
        here.into_iter().chain(packs.map(|pack| format!("{}/{text}", pack.id))).collect()
    }

    /// Returns the pack of this name; reports a name that no pack has.
    pub(super) fn pack_named(&mut self, name: &str, span: Span) -> Option<PackId> {
        let found = self.corpus.pack(name);
        if found.is_none() {
            let message = format!("there is no pack `{name}`");
            let near = nearest(name, self.corpus.packs.iter().map(|pack| pack.id.as_str()));
            self.report(Diagnostic::error("L101", span, message).suggest(near));
        }
        found
    }

    fn provisions_where(&self, wanted: impl Fn(&Provision) -> bool) -> Vec<ProvisionId> {
        let provisions = self.corpus.provisions.iter().enumerate();
        provisions
            .filter(|(_, provision)| wanted(provision))
            .map(|(index, _)| ProvisionId(super::id(index)))
            .collect()
    }

    fn section_versions(&self, section: SectionId) -> Vec<ProvisionId> {
        let Some(here) = self.corpus.sections.get(section.index()) else {
            return Vec::new();
        };
        self.provisions_where(|provision| {
            let of = self.corpus.sections.get(provision.section.index());
            let version = of.is_some_and(|of| of.pack == here.pack && of.short == here.short);
            provision.section == section || (version && !here.short.is_empty())
        })
    }

    fn no_such_provision(
        &mut self,
        pack: PackId,
        section: Option<SectionId>,
        (text, span): (&str, Span),
    ) {
        let message = match text {
            "this section" => "this section has no provisions".to_owned(),
            _ => format!("no provision is `{text}`"),
        };
        let diagnostic = Diagnostic::error("L121", span, message);
        let known = self.spelled_as(pack, section, text);
        let known: Vec<(&str, Span)> =
            known.iter().map(|(text, span)| (text.as_str(), *span)).collect();
        let diagnostic = self.with_nearest(diagnostic, text, &known);
        self.report(diagnostic);
    }

    /// Returns all provisions that can be named here, spelled in the way of `text`.
    fn spelled_as(
        &self,
        pack: PackId,
        section: Option<SectionId>,
        text: &str,
    ) -> Vec<(String, Span)> {
        let here = section.map(|section| self.corpus.section_id(section));
        let mut known = Vec::new();
        for provision in &self.corpus.provisions {
            let full = provision.id.as_str();
            let in_pack = full.split_once('/').map_or("", |(_, short)| short);
            if text.contains('/') {
                known.push((full.to_owned(), provision.span));
                continue;
            }
            let label = here.as_deref().and_then(|here| full.strip_prefix(here));
            if let Some(label) = label.filter(|label| !label.is_empty()) {
                known.push((label.trim_start().to_owned(), provision.span));
            }
            if self.corpus.at_or_below(pack, provision.pack) {
                known.push((in_pack.to_owned(), provision.span));
            }
        }
        known
    }
}

/// Returns whether an id is `top` or stands below it: `(b)` covers `(b)(1)`, but not `(b)bis`.
pub(super) fn covers(top: &str, id: &str) -> bool {
    id.strip_prefix(top)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('(') || rest.starts_with(' '))
}
