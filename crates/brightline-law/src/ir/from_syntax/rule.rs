//! Rules: statements with their agencies, acts, conditions and limits.

use super::condition::{Context, leaf};
use super::names::{Space, Target};
use super::operand::kind_words;
use super::section::Work;
use super::{Resolver, id};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{
    AgencyId, ConditionKind, Excluding, FactId, Kind, Limit, Modal, PackId, Statement, StatementId,
};
use crate::syntax::ast::{self, Item, LimitExpr, Spelled, Subjects, Unit};

/// A statement and where it is written.
pub(super) struct Written<'w, 'h, 'a> {
    pub(super) id: StatementId,
    pub(super) work: &'w Work<'h, 'a>,
    pub(super) statement: &'a ast::Statement,
}

impl Resolver<'_> {
    /// Makes the statements of all rules, without conditions and priorities.
    pub(super) fn declare_statements<'w, 'h, 'a>(
        &mut self,
        work: &'w [Work<'h, 'a>],
    ) -> Vec<Written<'w, 'h, 'a>> {
        let mut written = Vec::new();
        for work in work {
            let Item::Rule(rule) = work.item else {
                continue;
            };
            for statement in &rule.statements {
                let id = self.statement(work, &rule.label, statement);
                written.push(Written { id, work, statement });
            }
        }
        written
    }

    fn statement(
        &mut self,
        work: &Work<'_, '_>,
        label: &Spelled,
        statement: &ast::Statement,
    ) -> StatementId {
        let found = StatementId(id(self.corpus.statements.len()));
        let agencies = self.statement_agencies(work, statement, label);
        let acts = self.acts(work.pack, &statement.acts);
        let limits = self.limits(work.pack, statement);
        self.corpus.statements.push(Statement {
            provision: work.provision,
            modal: statement.modal,
            agencies,
            acts,
            targets: Vec::new(),
            condition: leaf(&label.text, ConditionKind::Always, statement.span),
            limits,
            defeats: Vec::new(),
            span: statement.span,
        });
        self.statements_of.entry(work.provision).or_default().push(found);
        found
    }

    fn statement_agencies(
        &mut self,
        work: &Work<'_, '_>,
        statement: &ast::Statement,
        label: &Spelled,
    ) -> Vec<AgencyId> {
        if !statement.subjects.names.is_empty() {
            return self.agencies(work.place(), &statement.subjects);
        }
        // `does not bar` and `does not require` have no subject of their own.
        let the_agency = Spelled { text: "the agency".to_owned(), span: label.span };
        let except = statement.subjects.except.clone();
        self.agencies(work.place(), &Subjects { names: vec![the_agency], except })
    }

    fn limits(&mut self, pack: PackId, statement: &ast::Statement) -> Vec<Limit> {
        let mut limits = Vec::new();
        for limit in &statement.limits {
            if !matches!(statement.modal, Modal::May | Modal::MayOnly | Modal::Must) {
                let span = limit_span(limit);
                let message = "a limit stands under a permission or a duty to act";
                let help = "remove it, or write the statement with `may` or `must`";
                self.report(Diagnostic::error("L136", span, message).help(help));
                continue;
            }
            limits.extend(self.limit(pack, limit));
        }
        limits
    }

    fn limit(&mut self, pack: PackId, limit: &LimitExpr) -> Option<Limit> {
        match limit {
            LimitExpr::AtMost { count, unit, excluding, from, span } => {
                let from = self.timed(pack, from, &[Kind::Time]);
                let excluding = self.excluding(pack, excluding);
                let (count, from) = (*count, from?);
                match unit {
                    Unit::Hours => Some(Limit::AtMostHours { count, excluding, from }),
                    Unit::Days => Some(Limit::AtMostDays { count, excluding, from }),
                    other => {
                        self.wrong_unit(*other, "hours or days", *span);
                        None
                    }
                }
            }
            LimitExpr::EndOfDay { minute, of, span: _ } => {
                let of = self.timed(pack, of, &[Kind::Time])?;
                Some(Limit::EndOfDay { minute: *minute, of })
            }
        }
    }

    /// Returns the fact of this name when it is of one of these types.
    pub(super) fn timed(&mut self, pack: PackId, name: &Spelled, kinds: &[Kind]) -> Option<FactId> {
        let found = self.look_up(pack, Space::Condition, name)?;
        let Target::Fact(fact) = found.target else {
            self.wrong(name, found, "a fact");
            return None;
        };
        let kind = self.corpus.facts.get(fact.index())?.kind.clone();
        if kinds.contains(&kind) {
            return Some(fact);
        }
        let needed: Vec<String> = kinds.iter().map(kind_words).collect();
        self.mismatch(name, &kind, &needed.join(" or "));
        None
    }

    /// Returns the days that do not count.
    pub(super) fn excluding(&mut self, pack: PackId, written: &ast::Excluding) -> Excluding {
        let calendar = written.calendar.as_ref().and_then(|name| {
            let found = self.look_up(pack, Space::Calendar, name)?;
            match found.target {
                Target::Calendar(calendar) => Some(calendar),
                _ => None,
            }
        });
        Excluding { saturdays: written.saturdays, sundays: written.sundays, calendar }
    }

    /// Resolves the conditions of all statements.
    pub(super) fn rule_conditions(&mut self, written: &[Written<'_, '_, '_>]) {
        for written in written {
            let context = Context {
                pack: written.work.pack,
                section: Some(written.work.header.section),
                record: None,
                provision: Some(written.work.provision),
                statement: Some(written.id),
            };
            let statement = written.statement;
            let place = (written.work.label(), statement.span);
            let parts = (statement.when.as_ref(), statement.except.as_slice());
            let condition = self.folded(context, place, parts);
            if let Some(slot) = self.corpus.statements.get_mut(written.id.index()) {
                slot.condition = condition;
            }
        }
    }
}

fn limit_span(limit: &LimitExpr) -> Span {
    match limit {
        LimitExpr::AtMost { span, .. } | LimitExpr::EndOfDay { span, .. } => *span,
    }
}
