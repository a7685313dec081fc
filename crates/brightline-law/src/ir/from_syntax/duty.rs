//! Duties: what is owed, by whom, when.

use super::condition::{Context, negated};
use super::names::{Space, Target};
use super::reference::covers;
use super::section::Work;
use super::vocabulary::words;
use super::{Resolver, id};
use crate::clock::MonthDay;
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{
    Condition, ConditionKind, Deadline, Duty, DutyId, Event, FactId, Kind, PackId, SectionId,
};
use crate::syntax::ast::{self, DeadlineExpr, EventExpr, Item, Spelled, Unit};

const DAYS_PER_WEEK: u32 = 7;

impl Resolver<'_> {
    /// Makes the duties.
    pub(super) fn duties(&mut self, work: &[Work<'_, '_>]) {
        for work in work {
            let Item::Duty(duty) = work.item else {
                continue;
            };
            for statement in &duty.statements {
                let duty = self.duty(work, statement);
                self.corpus.duties.push(duty);
            }
        }
    }

    fn duty(&mut self, work: &Work<'_, '_>, written: &ast::DutyStatement) -> Duty {
        let pack = work.pack;
        let context = Context {
            provision: Some(work.provision),
            ..Context::outside(pack, Some(work.header.section))
        };
        let place = (work.label(), written.span);
        let parts = (written.when.as_ref(), written.except.as_slice());
        let condition = self.folded(context, place, parts);
        let (condition, unless) = self.unless(context, condition, written.unless.as_ref());
        let until_kinds = [Kind::YesNo, Kind::Time, Kind::Date];
        let until = written.until.as_ref().and_then(|name| self.timed(pack, name, &until_kinds));
        let covering = written.covering.and_then(|(months, day)| {
            self.month_day(day, written.span).map(|(month, day)| (months, month, day))
        });
        let text = |spelled: &Spelled| spelled.text.clone();
        let named =
            |(name, said): &(Spelled, Option<Spelled>)| (text(name), words(name, said.as_ref()));
        let item = |(marker, said): &(Option<Spelled>, Spelled)| {
            (marker.as_ref().map_or_else(String::new, text), text(said))
        };
        Duty {
            provision: work.provision,
            agencies: self.agencies(work.place(), &written.subjects),
            acts: written.acts.iter().map(named).collect(),
            condition,
            on: self.acts(pack, &written.on),
            after: written.after.as_ref().and_then(|after| self.event(pack, after)),
            deadline: (written.deadline.as_ref())
                .and_then(|deadline| self.deadline(pack, deadline, written.span)),
            covering,
            until,
            unless,
            to: written.to.iter().map(text).collect(),
            contains: written.contains.iter().map(item).collect(),
            fields: written.fields.iter().map(text).collect(),
            keep_years: written.keep_years,
            nil_report: written.nil_report,
            joint_with: written.joint_with.as_ref().map(text),
            span: written.span,
        }
    }

    /// `unless FACT` names the fact; a defined term goes into the condition.
    fn unless(
        &mut self,
        context: Context,
        condition: Condition,
        name: Option<&Spelled>,
    ) -> (Condition, Option<FactId>) {
        let Some(name) = name else {
            return (condition, None);
        };
        let found = self.find(context.pack, Space::Condition, &name.text);
        let kind = match found.map(|found| found.target) {
            Some(Target::Term(term)) => ConditionKind::Term(term),
            Some(Target::Unsettled(point)) => ConditionKind::Unsettled(point),
            _ => return (condition, self.timed(context.pack, name, &[Kind::YesNo])),
        };
        let (label, span) = (condition.label.clone(), condition.span);
        let term = Condition { label: label.clone(), kind, span: name.span };
        let kind = ConditionKind::All(vec![condition, negated(term)]);
        (Condition { label, kind, span }, None)
    }

    fn event(&mut self, pack: PackId, event: &EventExpr) -> Option<Event> {
        match event {
            EventExpr::Fact(name) => {
                self.timed(pack, name, &[Kind::Time, Kind::Date]).map(Event::Fact)
            }
            EventExpr::Done(act) => self.one_act(pack, act).map(Event::Done),
        }
    }

    fn deadline(&mut self, pack: PackId, deadline: &DeadlineExpr, span: Span) -> Option<Deadline> {
        match deadline {
            DeadlineExpr::Within { count, unit, event, excluding } => {
                let event = self.event(pack, event)?;
                let excluding = self.excluding(pack, excluding);
                let (count, unit) = self.hours_or_days(*count, *unit, span)?;
                let working = unit == Unit::WorkingDays;
                Some(match unit {
                    Unit::Hours => Deadline::WithinHours { count, event, excluding },
                    _ => Deadline::WithinDays { count, working, event, excluding },
                })
            }
            DeadlineExpr::AtLeastBefore { count, unit, event } => {
                let event = self.event(pack, event)?;
                match self.hours_or_days(*count, *unit, span)? {
                    (count, Unit::Hours) => Some(Deadline::AtLeastHoursBefore { count, event }),
                    (count, Unit::Days) => Some(Deadline::AtLeastDaysBefore { count, event }),
                    (_, other) => {
                        self.wrong_unit(other, "hours or days", span);
                        None
                    }
                }
            }
            DeadlineExpr::OpenTextured(said) => Some(Deadline::OpenTextured(said.text.clone())),
            DeadlineExpr::By(date) => self.day(date).map(Deadline::By),
            DeadlineExpr::Yearly { at, every_years, from_year, until_year } => {
                let (month, day) = self.month_day(*at, span)?;
                let (every_years, from_year) = (*every_years, *from_year);
                let until_year = *until_year;
                Some(Deadline::Yearly { month, day, every_years, from_year, until_year })
            }
            DeadlineExpr::EachYear => Some(Deadline::EachYear),
            DeadlineExpr::Quarterly => Some(Deadline::Quarterly),
            DeadlineExpr::Monthly => Some(Deadline::Monthly),
        }
    }

    fn hours_or_days(&mut self, count: u32, unit: Unit, span: Span) -> Option<(u32, Unit)> {
        match unit {
            Unit::Hours | Unit::Days | Unit::WorkingDays => Some((count, unit)),
            Unit::Weeks => Some((count.saturating_mul(DAYS_PER_WEEK), Unit::Days)),
            Unit::Months | Unit::Years => {
                self.wrong_unit(unit, "hours, days, working days or weeks", span);
                None
            }
        }
    }

    fn month_day(&mut self, at: ast::MonthDay, span: Span) -> Option<(u8, u8)> {
        if MonthDay::new(at.month, at.day).is_some() {
            return Some((at.month, at.day));
        }
        let message = format!("month {} has no day {}", at.month, at.day);
        self.error("L109", span, message);
        None
    }

    /// Returns the duties of this name or of the provisions that a reference means.
    pub(super) fn duties_named(
        &mut self,
        pack: PackId,
        section: Option<SectionId>,
        name: &Spelled,
    ) -> Vec<DutyId> {
        let ids = self.ids(pack, section, &name.text);
        let duties = self.corpus.duties.iter().enumerate();
        let found: Vec<DutyId> = duties
            .filter(|(_, duty)| {
                let provision = self.corpus.provisions.get(duty.provision.index());
                let called = duty.acts.iter().any(|(act, _)| *act == name.text);
                provision.is_some_and(|provision| {
                    let named = ids.iter().any(|id| covers(id, &provision.id));
                    named || (called && self.corpus.at_or_below(pack, provision.pack))
                })
            })
            .map(|(index, _)| DutyId(id(index)))
            .collect();
        if found.is_empty() {
            let message = format!("there is no duty `{}`", name.text);
            let diagnostic = Diagnostic::error("L121", name.span, message);
            let duties = self.corpus.duties.iter();
            let known: Vec<(&str, Span)> = duties
                .flat_map(|duty| duty.acts.iter().map(|(act, _)| (act.as_str(), duty.span)))
                .collect();
            let diagnostic = self.with_nearest(diagnostic, &name.text, &known);
            self.report(diagnostic);
        }
        found
    }
}
