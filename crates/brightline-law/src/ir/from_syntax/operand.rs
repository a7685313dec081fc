//! What names in conditions mean, and of which type it is.

use super::Resolver;
use super::condition::Context;
use super::names::{ACT_DATE, Declared, Space, Target};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{ConditionKind, Fact, Kind, Operand, PackId, RecordId};
use crate::syntax::ast::Spelled;

/// What a name in a condition means.
enum Meaning {
    ActDate,
    Field(RecordId, u32),
    Declared(Declared),
}

impl Resolver<'_> {
    /// Returns the record of this name, one of them or the list.
    pub(super) fn record_named(&mut self, pack: PackId, name: &Spelled) -> Option<RecordId> {
        let found = self.look_up(pack, Space::Condition, name)?;
        match found.target {
            Target::Record(record) => Some(record),
            _ => {
                self.wrong(name, found, "a record");
                None
            }
        }
    }

    /// Returns a field of a record with its index.
    pub(super) fn field(&self, record: RecordId, name: &str) -> Option<(u32, &Fact)> {
        let fields = &self.corpus.records.get(record.index())?.fields;
        let index = fields.iter().position(|field| field.name == name)?;
        Some((super::id(index), fields.get(index)?))
    }

    fn meaning(&self, context: Context, name: &str) -> Option<Meaning> {
        if name == ACT_DATE {
            return Some(Meaning::ActDate);
        }
        let of_record = context.record.and_then(|record| {
            let mut packs = self.corpus.visible(context.pack);
            let term = packs.find_map(|p| self.names.own(p, Space::Condition, name, Some(record)));
            let field = || self.field(record, name).map(|(i, _)| Meaning::Field(record, i));
            term.map(Meaning::Declared).or_else(field)
        });
        let found = || self.find(context.pack, Space::Condition, name).map(Meaning::Declared);
        of_record.or_else(found)
    }

    fn meaning_or_report(&mut self, context: Context, name: &Spelled) -> Option<Meaning> {
        let found = self.meaning(context, &name.text);
        if found.is_none() {
            self.report_meaningless(context, name);
        }
        found
    }

    fn report_meaningless(&mut self, context: Context, name: &Spelled) {
        let of_other = self.term_of_some_record(context.pack, &name.text);
        let of_other = of_other.map(|(record, declared)| (record, declared.span));
        let field = || {
            let fields = self.names.fields.iter();
            let mut fields = fields.filter(|((record, _), _)| {
                let record = self.corpus.records.get(record.index());
                record.is_some_and(|r| self.corpus.at_or_below(context.pack, r.pack))
            });
            fields.find_map(|(&(record, index), &span)| {
                let (found, _) = self.field(record, &name.text)?;
                (found == index).then_some((record, span))
            })
        };
        if let Some((record, span)) = of_other.or_else(field) {
            self.report_outside(name, record, span);
        } else if let (Some(record), None) = (context.record, self.elsewhere(context, name)) {
            let message = format!("there is no field, fact or term `{}`", name.text);
            let diagnostic = Diagnostic::error("L106", name.span, message).label("not declared");
            let known = self.said_of(context.pack, record);
            let diagnostic = self.with_nearest(diagnostic, &name.text, &known);
            self.report(diagnostic);
        } else {
            self.unknown(context.pack, Space::Condition, name);
        }
    }

    /// Returns what else than a condition the name stands for.
    fn elsewhere(&self, context: Context, name: &Spelled) -> Option<Declared> {
        let spaces = [Space::Act, Space::Subject, Space::Role, Space::Table, Space::Calendar];
        spaces.into_iter().find_map(|space| self.find(context.pack, space, &name.text))
    }

    fn report_outside(&mut self, name: &Spelled, record: RecordId, declared: Span) {
        let record = self.corpus.records.get(record.index()).map_or("", |r| r.name.as_str());
        let message =
            format!("`{}` is said of one {record}, and here no {record} is meant", name.text);
        let help = format!("write `some {record} is …` or `some {record} where …`");
        let diagnostic = Diagnostic::error("L117", name.span, message);
        self.report(diagnostic.also(declared, "declared here").help(help));
    }

    /// Returns the condition that a bare name is: a yes-or-no fact, a term, an unsettled point.
    pub(super) fn name_condition(
        &mut self,
        context: Context,
        name: &Spelled,
    ) -> Option<ConditionKind> {
        let meaning = self.meaning_or_report(context, name)?;
        if let Meaning::Declared(declared) = &meaning {
            match declared.target {
                Target::Term(term) => return Some(ConditionKind::Term(term)),
                Target::Unsettled(point) => return Some(ConditionKind::Unsettled(point)),
                _ => {}
            }
        }
        let (operand, kind) = self.typed(meaning, name, "a yes-or-no fact or a term")?;
        match kind {
            Kind::YesNo => Some(ConditionKind::Yes(operand)),
            other => {
                self.mismatch(name, &other, "yes or no");
                None
            }
        }
    }

    /// Returns the fact or field of this name with its type.
    pub(super) fn scalar(&mut self, context: Context, name: &Spelled) -> Option<(Operand, Kind)> {
        let meaning = self.meaning_or_report(context, name)?;
        self.typed(meaning, name, "a fact")
    }

    fn typed(&mut self, meaning: Meaning, name: &Spelled, needed: &str) -> Option<(Operand, Kind)> {
        match meaning {
            Meaning::ActDate => Some((Operand::ActDate, Kind::Date)),
            Meaning::Field(record, index) => {
                let record_of = self.corpus.records.get(record.index())?;
                let field = record_of.fields.get(index as usize)?;
                Some((Operand::Field(record, index), field.kind.clone()))
            }
            Meaning::Declared(declared) => match declared.target {
                Target::Fact(fact) => {
                    let kind = self.corpus.facts.get(fact.index())?.kind.clone();
                    Some((Operand::Fact(fact), kind))
                }
                _ => {
                    self.wrong(name, declared, needed);
                    None
                }
            },
        }
    }

    /// Returns the date of this name.
    pub(super) fn date_operand(&mut self, context: Context, name: &Spelled) -> Option<Operand> {
        let (operand, kind) = self.scalar(context, name)?;
        if kind == Kind::Date {
            return Some(operand);
        }
        self.mismatch(name, &kind, "a date");
        None
    }

    /// Returns the number of this name.
    pub(super) fn number_operand(
        &mut self,
        context: Context,
        name: &Spelled,
        needed: &str,
    ) -> Option<Operand> {
        let (operand, kind) = self.scalar(context, name)?;
        let days_needed = needed == "a number of days";
        match kind {
            Kind::Number { days } if days || !days_needed => Some(operand),
            other => {
                self.mismatch(name, &other, needed);
                None
            }
        }
    }

    /// Reports a fact or field of another type than is needed.
    pub(super) fn mismatch(&mut self, name: &Spelled, kind: &Kind, needed: &str) {
        let message = format!("`{}` is {}, not {needed}", name.text, kind_words(kind));
        let diagnostic = Diagnostic::error("L115", name.span, message);
        let help = match (kind, needed) {
            (Kind::OneOf(_), "yes or no") => Some(format!("write `{} is …`", name.text)),
            (Kind::Offense, _) => Some(format!("write `{} in TABLE`", name.text)),
            (Kind::YesNo, _) => Some(format!("write `{0}` or `not {0}`", name.text)),
            _ => None,
        };
        self.report(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
}

/// Returns a type in words, as after `is`.
pub(super) fn kind_words(kind: &Kind) -> String {
    match kind {
        Kind::YesNo => "yes or no".to_owned(),
        Kind::OneOf(values) => {
            let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
            format!("one of {}", names.join(", "))
        }
        Kind::Date => "a date".to_owned(),
        Kind::Time => "a time".to_owned(),
        Kind::Number { days: false } => "a number".to_owned(),
        Kind::Number { days: true } => "a number of days".to_owned(),
        Kind::Offense => "an offense".to_owned(),
    }
}
