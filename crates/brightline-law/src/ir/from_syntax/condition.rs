//! Conditions as tabulated: lists, exceptions, quantifiers, and the citation of every leaf.

use super::Resolver;
use crate::diagnostic::Span;
use crate::ir::{Condition, ConditionKind, PackId, ProvisionId, RecordId, SectionId, StatementId};
use crate::syntax::ast::{self, Quantifier, Spelled};

/// Where a condition stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub(super) pack: PackId,
    pub(super) section: Option<SectionId>,
    /// The record that is spoken of.
    pub(super) record: Option<RecordId>,
    pub(super) provision: Option<ProvisionId>,
    /// The statement whose acts are asked about.
    pub(super) statement: Option<StatementId>,
}

impl Context {
    /// Returns a context in which no provision and no record is spoken of.
    pub(super) fn outside(pack: PackId, section: Option<SectionId>) -> Self {
        Self { pack, section, record: None, provision: None, statement: None }
    }
}

/// A condition and the exceptions from it, as written.
pub(super) type Parts<'a> = (Option<&'a ast::Condition>, &'a [ast::Condition]);

impl Resolver<'_> {
    /// Returns a `when` with its exceptions taken out; no `when`: always.
    pub(super) fn folded(
        &mut self,
        context: Context,
        (label, span): (&str, Span),
        (when, except): Parts<'_>,
    ) -> Condition {
        let base = match when {
            Some(when) => self.condition(context, label, when),
            None => leaf(label, ConditionKind::Always, span),
        };
        self.with_exceptions(context, label, base, except)
    }

    /// Returns a condition whose citation goes on from `path`.
    pub(super) fn condition(
        &mut self,
        context: Context,
        path: &str,
        written: &ast::Condition,
    ) -> Condition {
        let marker = written.marker.as_ref().map_or("", |marker| marker.text.trim());
        let path = format!("{path}{marker}");
        let kind = self.kind_of(context, &path, written);
        let base = leaf(&path, kind, written.span);
        self.with_exceptions(context, &path, base, &written.except)
    }

    fn with_exceptions(
        &mut self,
        context: Context,
        path: &str,
        base: Condition,
        except: &[ast::Condition],
    ) -> Condition {
        if except.is_empty() {
            return base;
        }
        let span = base.span;
        let mut cases = self.conditions(context, path, except);
        let cases = match (cases.len(), cases.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                cases.extend(last);
                let span = cases.first().map_or(span, |case| case.span);
                leaf(path, ConditionKind::Any(cases), span)
            }
        };
        leaf(path, ConditionKind::All(vec![base, negated(cases)]), span)
    }

    fn conditions(
        &mut self,
        context: Context,
        path: &str,
        written: &[ast::Condition],
    ) -> Vec<Condition> {
        written.iter().map(|condition| self.condition(context, path, condition)).collect()
    }

    fn kind_of(&mut self, context: Context, path: &str, written: &ast::Condition) -> ConditionKind {
        let span = written.span;
        match &written.kind {
            ast::ConditionKind::All(parts) => {
                ConditionKind::All(self.conditions(context, path, parts))
            }
            ast::ConditionKind::Any(parts) => {
                ConditionKind::Any(self.conditions(context, path, parts))
            }
            ast::ConditionKind::None(parts) => {
                let any = ConditionKind::Any(self.conditions(context, path, parts));
                ConditionKind::Not(Box::new(leaf(path, any, span)))
            }
            ast::ConditionKind::Always => ConditionKind::Always,
            ast::ConditionKind::Never | ast::ConditionKind::Broken => ConditionKind::Never,
            ast::ConditionKind::Quantified { quantifier, record, body } => {
                let place = (path, span);
                self.quantified(context, place, (*quantifier, record), body.as_deref())
            }
            ast::ConditionKind::NotEncoded(about) => self.not_encoded(context, path, about),
            _ => self.leaf_kind(context, (path, span), &written.kind),
        }
    }

    fn quantified(
        &mut self,
        context: Context,
        (path, span): (&str, Span),
        (quantifier, record): (Quantifier, &Spelled),
        body: Option<&ast::Condition>,
    ) -> ConditionKind {
        let found = self.record_named(context.pack, record);
        let inner = Context { record: found.or(context.record), ..context };
        let body = match body {
            Some(body) => self.condition(inner, path, body),
            None => leaf(path, ConditionKind::Always, span),
        };
        let Some(record) = found else {
            return ConditionKind::Never;
        };
        let at_least = |count: u32, body: Condition| ConditionKind::Count {
            record,
            count,
            body: Box::new(body),
        };
        let not = |kind: ConditionKind| ConditionKind::Not(Box::new(leaf(path, kind, span)));
        match quantifier {
            Quantifier::Some => at_least(1, body),
            Quantifier::No => not(at_least(1, body)),
            Quantifier::Every => not(at_least(1, negated(body))),
            Quantifier::AtLeast(count) => at_least(count, body),
            Quantifier::AtMost(count) => not(at_least(count.saturating_add(1), body)),
        }
    }

    /// Resolves what is declared impossible.
    pub(super) fn impossible(&mut self, entries: &[super::Entry<'_>]) {
        for entry in entries {
            if let ast::Item::Impossible(written) = entry.item {
                let context = Context::outside(entry.pack, entry.section);
                let condition = self.condition(context, "", written);
                self.corpus.impossible.push((entry.pack, condition));
            }
        }
    }
}

/// Returns a condition of this label.
pub(super) fn leaf(label: &str, kind: ConditionKind, span: Span) -> Condition {
    Condition { label: label.to_owned(), kind, span }
}

/// Returns the opposite of a condition, under the same label.
pub(super) fn negated(condition: Condition) -> Condition {
    let (label, span) = (condition.label.clone(), condition.span);
    Condition { label, kind: ConditionKind::Not(Box::new(condition)), span }
}
