//! The facts that an example gives.

use std::collections::BTreeMap;

use super::Resolver;
use super::names::{Declared, Space, Target};
use crate::clock::{Day, Moment};
use crate::diagnostic::{Diagnostic, Span};
use crate::facts::{Given, List, Listed, Value};
use crate::ir::{Fact, FactId, Kind, PackId, RecordId};
use crate::syntax::ast::{self, Spelled};

impl Resolver<'_> {
    /// Returns what an example gives; reports what is of another type, and what is given twice.
    pub(super) fn given(&mut self, pack: PackId, lines: &[ast::Given]) -> Given {
        let mut given = Given::default();
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for line in lines {
            if let Some(name) = line_name(line) {
                if let Some(first) = seen.get(name.text.as_str()).copied() {
                    self.twice(name, first);
                    continue;
                }
                seen.insert(&name.text, name.span);
            }
            self.given_line(pack, line, &mut given);
        }
        given
    }

    fn twice(&mut self, name: &Spelled, first: Span) {
        let message = format!("`{}` is given twice", name.text);
        let diagnostic = Diagnostic::error("L137", name.span, message);
        self.report(diagnostic.also(first, "first given here"));
    }

    fn given_line(&mut self, pack: PackId, line: &ast::Given, given: &mut Given) {
        match line {
            ast::Given::Papers(names) => {
                let papers = self.papers(pack, names);
                given.papers.get_or_insert_with(Vec::new).extend(papers);
            }
            ast::Given::Fact { negated, name } => {
                let Some(declared) = self.look_up(pack, Space::Condition, name) else {
                    return;
                };
                match declared.target {
                    Target::Fact(fact) => {
                        let value = Value::Bool(!negated);
                        if self.fact_is(fact, |kind| *kind == Kind::YesNo) {
                            given.facts.push((fact, value));
                        } else {
                            self.not_a_value(fact, name, "yes or no");
                        }
                    }
                    _ => self.not_given(name, declared),
                }
            }
            ast::Given::Value { name, value } => {
                let Some(declared) = self.look_up(pack, Space::Condition, name) else {
                    return;
                };
                let Target::Fact(fact) = declared.target else {
                    self.not_given(name, declared);
                    return;
                };
                let found = self.corpus.facts.get(fact.index()).map(|fact| fact.kind.clone());
                let value = found.and_then(|kind| self.value(name, &kind, value));
                given.facts.extend(value.map(|value| (fact, value)));
            }
            ast::Given::List { name, complete, rows } => {
                let Some(record) = self.record_named(pack, name) else {
                    return;
                };
                let rows = rows.iter().map(|row| self.row(record, row)).collect();
                let listed = if *complete { Listed::Whole } else { Listed::Partly };
                given.lists.push((record, List { listed, rows }));
            }
        }
    }

    fn fact_is(&self, fact: FactId, wanted: impl Fn(&Kind) -> bool) -> bool {
        self.corpus.facts.get(fact.index()).is_some_and(|fact| wanted(&fact.kind))
    }

    fn not_a_value(&mut self, fact: FactId, name: &Spelled, needed: &str) {
        let kind = self.corpus.facts.get(fact.index()).map(|fact| fact.kind.clone());
        if let Some(kind) = kind {
            self.mismatch(name, &kind, needed);
        }
    }

    /// Reports a term where a fact is given: terms follow from facts.
    fn not_given(&mut self, name: &Spelled, declared: Declared) {
        let message =
            format!("`{}` is {}, and only facts are given", name.text, declared.target.noun());
        let diagnostic = Diagnostic::error("L107", name.span, message);
        let diagnostic = diagnostic.also(declared.span, "declared here");
        self.report(match declared.target {
            Target::Record(_) => diagnostic.help("write the list with its rows, or `no …`"),
            _ => diagnostic.help("give the facts that it follows from"),
        });
    }

    fn row(&mut self, record: RecordId, cells: &[ast::Given]) -> Vec<Value> {
        let fields = self.corpus.records.get(record.index());
        let fields: Vec<Fact> = fields.map_or_else(Vec::new, |record| record.fields.clone());
        let mut row = vec![Value::Unknown; fields.len()];
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for cell in cells {
            let (name, value) = match cell {
                ast::Given::Fact { negated, name } => (name, Err(!negated)),
                ast::Given::Value { name, value } => (name, Ok(value)),
                ast::Given::Papers(_) | ast::Given::List { .. } => continue,
            };
            if let Some(first) = seen.insert(&name.text, name.span) {
                self.twice(name, first);
            }
            let Some(index) = fields.iter().position(|field| field.name == name.text) else {
                self.no_such_field(record, name);
                continue;
            };
            let (Some(field), Some(slot)) = (fields.get(index), row.get_mut(index)) else {
                continue;
            };
            match value {
                Ok(value) => *slot = self.value(name, &field.kind, value).unwrap_or_default(),
                Err(yes) if field.kind == Kind::YesNo => *slot = Value::Bool(yes),
                Err(_) => self.mismatch(name, &field.kind, "yes or no"),
            }
        }
        row
    }

    fn no_such_field(&mut self, record: RecordId, name: &Spelled) {
        let of = self.corpus.records.get(record.index()).map_or("", |r| r.name.as_str());
        let message = format!("a {of} has no field `{}`", name.text);
        let diagnostic = Diagnostic::error("L106", name.span, message);
        let fields = self.names.fields.iter().filter(|((of, _), _)| *of == record);
        let known: Vec<(&str, Span)> = fields
            .filter_map(|((_, index), span)| {
                let fields = &self.corpus.records.get(record.index())?.fields;
                Some((fields.get(*index as usize)?.name.as_str(), *span))
            })
            .collect();
        let diagnostic = self.with_nearest(diagnostic, &name.text, &known);
        self.report(diagnostic);
    }

    /// Returns the value of a fact or field as written; reports what is of another type.
    fn value(&mut self, name: &Spelled, kind: &Kind, value: &Spelled) -> Option<Value> {
        let text = value.text.as_str();
        let read = match kind {
            Kind::YesNo => match text {
                "yes" => Ok(Value::Bool(true)),
                "no" => Ok(Value::Bool(false)),
                _ => Err("write `yes` or `no`".to_owned()),
            },
            Kind::OneOf(values) => {
                return self.choice_value(name, values, value).map(Value::Choice);
            }
            Kind::Date => Day::parse(text).map(Value::Day).map_err(|error| error.to_string()),
            Kind::Time => Moment::parse(text).map(Value::Moment).map_err(|error| error.to_string()),
            Kind::Number { .. } => match text.parse::<u32>() {
                Ok(number) => Ok(Value::Number(i64::from(number))),
                Err(_) => Err("write a whole number, not negative".to_owned()),
            },
            Kind::Offense => Ok(Value::Offense(self.corpus.offenses.find(text))),
        };
        match read {
            Ok(value) => Some(value),
            Err(help) => {
                let needed = super::operand::kind_words(kind);
                let message = format!("`{text}` is no value of `{}`, which is {needed}", name.text);
                self.report(Diagnostic::error("L116", value.span, message).help(help));
                None
            }
        }
    }
}

fn line_name(line: &ast::Given) -> Option<&Spelled> {
    match line {
        ast::Given::Papers(_) => None,
        ast::Given::Fact { name, .. }
        | ast::Given::Value { name, .. }
        | ast::Given::List { name, .. } => Some(name),
    }
}
