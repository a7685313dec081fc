//! What is declared where, and what a name means in a pack.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use super::Resolver;
use crate::diagnostic::{Diagnostic, Span, all_with, nearest};
use crate::ir::{
    AgencyId, CalendarId, FactId, GroupId, PackId, PaperId, RecordId, RoleId, TableId, TermId,
    UnsettledId,
};
use crate::syntax::ast::Spelled;

/// The day of the act, which no pack declares.
pub(super) const ACT_DATE: &str = "act_date";

/// The kinds of names that may not be declared twice in one pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Space {
    Role,
    Subject,
    Act,
    Condition,
    Paper,
    Table,
    Calendar,
}

impl Space {
    const ALL: [Self; 7] = [
        Self::Condition,
        Self::Act,
        Self::Subject,
        Self::Role,
        Self::Paper,
        Self::Table,
        Self::Calendar,
    ];

    /// Returns the word for such a name, with its article.
    fn noun(self) -> &'static str {
        match self {
            Self::Role => "a role",
            Self::Subject => "an agency or group",
            Self::Act => "an act",
            Self::Condition => "a fact, record or term",
            Self::Paper => "a paper",
            Self::Table => "a table",
            Self::Calendar => "a calendar",
        }
    }
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Role(RoleId),
    Group(GroupId),
    Agency(AgencyId),
    /// Index of the act's name.
    Act(usize),
    Fact(FactId),
    Record(RecordId),
    Term(TermId),
    Unsettled(UnsettledId),
    Paper(PaperId),
    Table(TableId),
    Calendar(CalendarId),
}

impl Target {
    /// Returns the word for such a thing, with its article.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Role(_) => "a role",
            Self::Group(_) => "a group",
            Self::Agency(_) => "an agency",
            Self::Act(_) => "an act",
            Self::Fact(_) => "a fact",
            Self::Record(_) => "a record",
            Self::Term(_) => "a defined term",
            Self::Unsettled(_) => "an unsettled point",
            Self::Paper(_) => "a paper",
            Self::Table(_) => "a table",
            Self::Calendar(_) => "a calendar",
        }
    }
}

/// A declared name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declared {
    pub(super) target: Target,
    pub(super) span: Span,
}

/// All declared names: by pack, kind, name, and the record that a term is of.
#[derive(Debug, Default)]
pub(super) struct Names {
    declared: BTreeMap<(PackId, Space, String, Option<RecordId>), Declared>,
    /// Where each field of a record is declared.
    pub(super) fields: BTreeMap<(RecordId, u32), Span>,
}

impl Names {
    /// Returns what a name of a pack stands for, in that pack alone.
    pub(super) fn own(
        &self,
        pack: PackId,
        space: Space,
        name: &str,
        of: Option<RecordId>,
    ) -> Option<Declared> {
        self.declared.get(&(pack, space, name.to_owned(), of)).copied()
    }

    /// Returns the names of a kind in a pack, with the record that they are of.
    fn all(
        &self,
        pack: PackId,
        space: Space,
    ) -> impl Iterator<Item = (&str, Option<RecordId>, Declared)> {
        self.declared
            .iter()
            .filter(move |((p, s, _, _), _)| *p == pack && *s == space)
            .map(|((_, _, name, of), declared)| (name.as_str(), *of, *declared))
    }
}

impl Resolver<'_> {
    /// Declares a name; reports it when the pack has it already.
    pub(super) fn declare(
        &mut self,
        pack: PackId,
        space: Space,
        name: &Spelled,
        target: Target,
    ) -> bool {
        self.declare_of(pack, space, (name, None), target)
    }

    /// Declares a name that may be said of a record.
    pub(super) fn declare_of(
        &mut self,
        pack: PackId,
        space: Space,
        (name, of): (&Spelled, Option<RecordId>),
        target: Target,
    ) -> bool {
        if space == Space::Condition && name.text == ACT_DATE {
            self.reserved(name);
            return false;
        }
        match self.names.declared.entry((pack, space, name.text.clone(), of)) {
            Slot::Vacant(slot) => {
                slot.insert(Declared { target, span: name.span });
                true
            }
            Slot::Occupied(slot) => {
                let first = slot.get().span;
                self.declared_twice(name, first);
                false
            }
        }
    }

    /// Reports a name that the language has taken.
    pub(super) fn reserved(&mut self, name: &Spelled) {
        let message = format!("`{}` is the day of the act and cannot be declared", name.text);
        self.report(Diagnostic::error("L105", name.span, message).help("choose another name"));
    }

    /// Reports a name that is there already.
    pub(super) fn declared_twice(&mut self, name: &Spelled, first: Span) {
        let message = format!("`{}` is declared twice in this pack", name.text);
        let diagnostic = Diagnostic::error("L105", name.span, message)
            .label("declared again here")
            .also(first, "first declared here")
            .help("give one of them another name, or remove it");
        self.report(diagnostic);
    }

    /// Returns what a name means in a pack: its own meaning, or that of the nearest pack above.
    pub(super) fn find(&self, pack: PackId, space: Space, name: &str) -> Option<Declared> {
        self.corpus.visible(pack).find_map(|pack| self.names.own(pack, space, name, None))
    }

    /// Returns what a name means, and reports it when it means nothing.
    pub(super) fn look_up(
        &mut self,
        pack: PackId,
        space: Space,
        name: &Spelled,
    ) -> Option<Declared> {
        let found = self.find(pack, space, &name.text);
        if found.is_none() {
            self.unknown(pack, space, name);
        }
        found
    }

    /// Reports a name that means nothing here.
    pub(super) fn unknown(&mut self, pack: PackId, space: Space, name: &Spelled) {
        let other = Space::ALL
            .into_iter()
            .filter(|other| *other != space)
            .find_map(|other| self.find(pack, other, &name.text));
        let diagnostic = match other {
            Some(other) => wrong_kind(name, other, space.noun()),
            None => self.near_miss(pack, space, name),
        };
        self.report(diagnostic);
    }

    /// Reports a name that stands for something else than what is needed.
    pub(super) fn wrong(&mut self, name: &Spelled, found: Declared, needed: &str) {
        self.report(wrong_kind(name, found, needed));
    }

    fn near_miss(&self, pack: PackId, space: Space, name: &Spelled) -> Diagnostic {
        let noun = space.noun().split_once(' ').map_or("", |(_, noun)| noun);
        let message = format!("there is no {noun} `{}`", name.text);
        let diagnostic = Diagnostic::error("L106", name.span, message).label("not declared");
        let known: Vec<(&str, Span)> = self
            .corpus
            .visible(pack)
            .flat_map(|pack| self.names.all(pack, space))
            .map(|(known, _, declared)| (known, declared.span))
            .collect();
        self.with_nearest(diagnostic, &name.text, &known)
    }

    /// Adds the nearest of the known names and where it is declared.
    pub(super) fn with_nearest(
        &self,
        diagnostic: Diagnostic,
        name: &str,
        known: &[(&str, Span)],
    ) -> Diagnostic {
        let names = || known.iter().map(|(known, _)| *known);
        let near = nearest(name, names()).or_else(|| match all_with(name, names()).as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        });
        let place = near.as_deref().and_then(|near| known.iter().find(|(name, _)| *name == near));
        let diagnostic = match place {
            Some((near, span)) => diagnostic.also(*span, format!("`{near}` is declared here")),
            None => diagnostic,
        };
        diagnostic.suggest(near)
    }

    /// Returns the fields of a record and the terms that can be said of it, with their places.
    pub(super) fn said_of(&self, pack: PackId, record: RecordId) -> Vec<(&str, Span)> {
        let mut known = Vec::new();
        for (&(of, index), &span) in &self.names.fields {
            let field = self.corpus.records.get(of.index());
            let field = field.and_then(|record| record.fields.get(index as usize));
            if let (true, Some(field)) = (of == record, field) {
                known.push((field.name.as_str(), span));
            }
        }
        for pack in self.corpus.visible(pack) {
            let terms = self.names.all(pack, Space::Condition);
            known.extend(
                terms
                    .filter(|(_, of, _)| of.is_none() || *of == Some(record))
                    .map(|(name, _, declared)| (name, declared.span)),
            );
        }
        known
    }

    /// Returns the record that a term of this name is said of, when there is one.
    pub(super) fn term_of_some_record(
        &self,
        pack: PackId,
        name: &str,
    ) -> Option<(RecordId, Declared)> {
        self.corpus.visible(pack).find_map(|pack| {
            self.names
                .all(pack, Space::Condition)
                .find(|(known, of, _)| *known == name && of.is_some())
                .and_then(|(_, of, declared)| Some((of?, declared)))
        })
    }
}

fn wrong_kind(name: &Spelled, found: Declared, needed: &str) -> Diagnostic {
    let message =
        format!("`{}` is {}, and here {needed} is needed", name.text, found.target.noun());
    Diagnostic::error("L107", name.span, message)
        .label(format!("not {needed}"))
        .also(found.span, "declared here")
}
