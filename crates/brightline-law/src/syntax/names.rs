//! Where names stand in a file: what kind of thing each stands for, and which ones declare it.
//!
//! The tree is walked as written; whether a name means anything is not asked here. Editors need
//! this to go to a definition, to rename, and to show what a word under the cursor is.

use super::ast::{
    CalendarSource, Condition, ConditionKind, DateOrName, DeadlineExpr, Document, Duty,
    DutyStatement, EventExpr, Example, Excluding, Fact, FactKind, Given, Item, LimitExpr,
    OutcomeExpr, Property, PropertyKind, Record, Section, Spelled, Statement, Subjects, Then,
    Unsettled,
};

/// What kind of thing a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// A role.
    Role,
    /// An agency or a group.
    Subject,
    /// An act.
    Act,
    /// A fact, a field, a record, a defined term, an unsettled point.
    Condition,
    /// A value of a choice.
    Value,
    /// A paper.
    Paper,
    /// A table.
    Table,
    /// A calendar.
    Calendar,
    /// A reading of an unsettled point.
    Reading,
    /// What a duty is called.
    Duty,
    /// The short name of a section.
    Section,
    /// A provision, by label or id.
    Provision,
    /// A pack.
    Pack,
    /// A source.
    Source,
}

/// A name where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameUse<'d> {
    /// What it stands for.
    pub kind: NameKind,
    /// The name.
    pub name: &'d Spelled,
    /// It is declared here.
    pub declares: bool,
    /// The record that is spoken of: its fields and the terms of it can be named.
    pub record: Option<&'d Spelled>,
    /// For a value its fact, for a reading its point.
    pub owner: Option<&'d Spelled>,
}

/// Returns every name of a file, in the order in which the tree is walked.
#[must_use]
pub fn names(document: &Document) -> Vec<NameUse<'_>> {
    let mut walk = Walk { found: Vec::new(), record: None };
    document.items.iter().for_each(|item| walk.item(item));
    walk.found
}

struct Walk<'d> {
    found: Vec<NameUse<'d>>,
    record: Option<&'d Spelled>,
}

impl<'d> Walk<'d> {
    fn add(&mut self, kind: NameKind, name: &'d Spelled, declares: bool) {
        let record = self.record;
        self.found.push(NameUse { kind, name, declares, record, owner: None });
    }

    fn owned(&mut self, kind: NameKind, (name, owner): (&'d Spelled, &'d Spelled), declares: bool) {
        let (record, owner) = (self.record, Some(owner));
        self.found.push(NameUse { kind, name, declares, record, owner });
    }

    fn uses(&mut self, kind: NameKind, names: impl IntoIterator<Item = &'d Spelled>) {
        names.into_iter().for_each(|name| self.add(kind, name, false));
    }

    /// Walks what speaks of one record.
    fn of(&mut self, record: Option<&'d Spelled>, walk: impl FnOnce(&mut Self)) {
        let before = self.record;
        self.record = record.or(before);
        walk(self);
        self.record = before;
    }

    fn item(&mut self, item: &'d Item) {
        match item {
            Item::Section(section) => self.section(section),
            Item::Rule(rule) => {
                self.add(NameKind::Provision, &rule.label, true);
                self.properties(&rule.properties);
                rule.statements.iter().for_each(|statement| self.statement(statement));
            }
            Item::Define(define) => {
                self.uses(NameKind::Condition, &define.of);
                define.label.iter().for_each(|it| self.add(NameKind::Provision, it, true));
                self.of(define.of.as_ref(), |this| {
                    this.add(NameKind::Condition, &define.name, true);
                    this.properties(&define.properties);
                    this.conditions(define.when.iter().chain(&define.except));
                });
            }
            Item::Unsettled(point) => self.unsettled(point),
            Item::Duty(duty) => self.duty(duty),
            Item::Example(example) => self.example(example),
            Item::Claim(claim) => claim.statements.iter().for_each(|it| self.outcome(it)),
            Item::Impossible(condition) => self.condition(condition),
            _ => self.vocabulary(item),
        }
    }

    fn vocabulary(&mut self, item: &'d Item) {
        match item {
            Item::Name(name) => {
                let is_role = name.keyword.text == "role";
                let kind = if is_role { NameKind::Role } else { NameKind::Subject };
                self.add(kind, &name.name, true);
            }
            Item::Agency(agency) => {
                self.add(NameKind::Subject, &agency.name, true);
                self.uses(NameKind::Subject, &agency.groups);
            }
            Item::Act(act) => {
                self.add(NameKind::Act, &act.name, true);
                for (name, words) in &act.includes {
                    self.add(NameKind::Act, name, words.is_some());
                }
                self.uses(NameKind::Paper, &act.asked_by);
            }
            Item::Fact(fact) => self.fact(fact),
            Item::Record(record) => self.record(record),
            Item::Paper(paper) => self.add(NameKind::Paper, &paper.name, true),
            Item::Table(table) => self.add(NameKind::Table, &table.name, true),
            Item::Calendar(calendar) => {
                self.add(NameKind::Calendar, &calendar.name, true);
                if let CalendarSource::Both(left, right) | CalendarSource::Either(left, right) =
                    &calendar.source
                {
                    self.uses(NameKind::Calendar, [left, right]);
                }
            }
            _ => {}
        }
    }

    fn section(&mut self, section: &'d Section) {
        section.short.iter().for_each(|short| self.add(NameKind::Section, short, true));
        self.properties(&section.properties);
    }

    fn properties(&mut self, properties: &'d [Property]) {
        for property in properties {
            match &property.kind {
                PropertyKind::Binds(subjects) => self.subjects(subjects),
                PropertyKind::Source { id, .. } => self.add(NameKind::Source, id, false),
                PropertyKind::Suspended(suspended) => {
                    self.uses(NameKind::Subject, &suspended.as_to);
                    self.uses(NameKind::Act, &suspended.acts);
                }
                PropertyKind::Despite(references) | PropertyKind::SubjectTo(references) => {
                    self.uses(NameKind::Provision, references);
                }
                PropertyKind::Preempts(preempts) => {
                    self.uses(NameKind::Pack, &preempts.pack);
                    self.uses(NameKind::Act, &preempts.acts);
                }
                _ => {}
            }
        }
    }

    fn subjects(&mut self, subjects: &'d Subjects) {
        self.uses(NameKind::Subject, subjects.names.iter().chain(&subjects.except));
    }

    fn statement(&mut self, statement: &'d Statement) {
        self.subjects(&statement.subjects);
        self.uses(NameKind::Provision, &statement.targets);
        self.uses(NameKind::Act, &statement.acts);
        self.conditions(statement.when.iter().chain(&statement.except));
        for limit in &statement.limits {
            match limit {
                LimitExpr::AtMost { excluding, from, .. } => {
                    self.excluding(excluding);
                    self.add(NameKind::Condition, from, false);
                }
                LimitExpr::EndOfDay { of, .. } => self.add(NameKind::Condition, of, false),
            }
        }
    }

    fn excluding(&mut self, excluding: &'d Excluding) {
        self.uses(NameKind::Calendar, &excluding.calendar);
    }

    fn unsettled(&mut self, point: &'d Unsettled) {
        self.uses(NameKind::Condition, &point.of);
        point.label.iter().for_each(|it| self.add(NameKind::Provision, it, true));
        let kind = if point.calendar { NameKind::Calendar } else { NameKind::Condition };
        self.of(point.of.as_ref(), |this| {
            this.add(kind, &point.name, true);
            this.properties(&point.properties);
            for reading in &point.readings {
                this.owned(NameKind::Reading, (&reading.name, &point.name), true);
                this.conditions(reading.when.iter().chain(&reading.except));
                this.uses(NameKind::Calendar, &reading.calendar);
            }
            if let Some(safe) = &point.safe {
                this.owned(NameKind::Reading, (safe, &point.name), false);
            }
        });
    }

    fn duty(&mut self, duty: &'d Duty) {
        self.add(NameKind::Provision, &duty.label, true);
        self.properties(&duty.properties);
        duty.statements.iter().for_each(|statement| self.duty_statement(statement));
    }

    fn duty_statement(&mut self, statement: &'d DutyStatement) {
        self.subjects(&statement.subjects);
        statement.acts.iter().for_each(|(name, _)| self.add(NameKind::Duty, name, true));
        self.conditions(statement.when.iter().chain(&statement.except));
        self.uses(NameKind::Act, &statement.on);
        self.uses(NameKind::Condition, statement.until.iter().chain(&statement.unless));
        statement.after.iter().for_each(|event| self.event(event));
        match &statement.deadline {
            Some(DeadlineExpr::Within { event, excluding, .. }) => {
                self.event(event);
                self.excluding(excluding);
            }
            Some(DeadlineExpr::AtLeastBefore { event, .. }) => self.event(event),
            _ => {}
        }
    }

    fn event(&mut self, event: &'d EventExpr) {
        match event {
            EventExpr::Fact(fact) => self.add(NameKind::Condition, fact, false),
            EventExpr::Done(act) => self.add(NameKind::Act, act, false),
        }
    }

    fn fact(&mut self, fact: &'d Fact) {
        self.add(NameKind::Condition, &fact.name, true);
        if let FactKind::OneOf(values) = &fact.kind {
            for (value, _) in values {
                self.owned(NameKind::Value, (value, &fact.name), true);
            }
        }
        self.uses(NameKind::Role, &fact.found_by);
        self.uses(NameKind::Paper, fact.yes_with.iter().chain(&fact.open_with));
    }

    fn record(&mut self, record: &'d Record) {
        self.add(NameKind::Condition, &record.name, true);
        if record.plural.span != record.name.span {
            self.add(NameKind::Condition, &record.plural, true);
        }
        self.uses(NameKind::Role, &record.found_by);
        self.of(Some(&record.name), |this| {
            record.fields.iter().for_each(|field| this.fact(field));
        });
    }

    fn conditions(&mut self, conditions: impl IntoIterator<Item = &'d Condition>) {
        conditions.into_iter().for_each(|condition| self.condition(condition));
    }

    fn condition(&mut self, condition: &'d Condition) {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) | ConditionKind::None(parts) => {
                self.conditions(parts);
            }
            ConditionKind::Quantified { record, body, .. } => {
                self.add(NameKind::Condition, record, false);
                self.of(Some(record), |this| this.conditions(body.as_deref()));
            }
            ConditionKind::AnotherRule { references, .. } => {
                self.uses(NameKind::Provision, references);
            }
            ConditionKind::PolicyProhibits(act) => self.add(NameKind::Act, act, false),
            ConditionKind::Always
            | ConditionKind::Never
            | ConditionKind::NotEncoded(_)
            | ConditionKind::Broken => {}
            compared => self.comparison(compared),
        }
        self.conditions(&condition.except);
    }

    fn comparison(&mut self, kind: &'d ConditionKind) {
        match kind {
            ConditionKind::Name { name, .. } => self.add(NameKind::Condition, name, false),
            ConditionKind::Choice { name, values, .. } => self.choice(name, values),
            ConditionKind::Window { left, right, not_counting, .. } => {
                self.uses(NameKind::Condition, [left, right].into_iter().chain(not_counting));
            }
            ConditionKind::DateCompare { left, right, .. } => {
                self.add(NameKind::Condition, left, false);
                self.date_or_name(right);
            }
            ConditionKind::Number { left, .. } => self.add(NameKind::Condition, left, false),
            ConditionKind::Member { left, table, as_of, .. } => {
                self.add(NameKind::Condition, left, false);
                self.add(NameKind::Table, table, false);
                as_of.iter().for_each(|day| self.date_or_name(day));
            }
            _ => {}
        }
    }

    fn choice(&mut self, name: &'d Spelled, values: &'d [Spelled]) {
        self.add(NameKind::Condition, name, false);
        values.iter().for_each(|value| self.owned(NameKind::Value, (value, name), false));
    }

    fn date_or_name(&mut self, day: &'d DateOrName) {
        if let DateOrName::Name(name) = day {
            self.add(NameKind::Condition, name, false);
        }
    }

    fn example(&mut self, example: &'d Example) {
        example.given.iter().for_each(|given| self.given(given));
        for then in &example.then {
            match then {
                Then::Outcome(outcome) => self.outcome(outcome),
                Then::Ask(names) => self.uses(NameKind::Condition, names),
                Then::Limit(_) => {}
                Then::Owe { duty, .. } => self.add(NameKind::Duty, duty, false),
            }
        }
    }

    fn given(&mut self, given: &'d Given) {
        match given {
            Given::Papers(papers) => self.uses(NameKind::Paper, papers),
            Given::Fact { name, .. } => self.add(NameKind::Condition, name, false),
            Given::Value { name, value } => self.choice(name, std::slice::from_ref(value)),
            Given::List { name, rows, .. } => {
                self.add(NameKind::Condition, name, false);
                self.of(Some(name), |this| {
                    rows.iter().flatten().for_each(|cell| this.given(cell));
                });
            }
        }
    }

    fn outcome(&mut self, outcome: &'d OutcomeExpr) {
        self.subjects(&outcome.subjects);
        self.uses(NameKind::Act, &outcome.acts);
        self.uses(NameKind::Provision, &outcome.because);
        self.conditions(outcome.when.iter().chain(&outcome.except));
    }
}
