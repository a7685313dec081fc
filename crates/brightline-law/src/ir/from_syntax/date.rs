//! Days and periods as written.

use super::Resolver;
use crate::clock::{Day, Span as CalendarSpan};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::ast::{DateExpr, PeriodExpr, Unit};

impl Resolver<'_> {
    /// Returns the day that is written; reports what is no day.
    pub(super) fn day(&mut self, written: &DateExpr) -> Option<Day> {
        let base = match Day::parse(&written.date.text) {
            Ok(day) => day,
            Err(error) => {
                self.error("L109", written.date.span, error.to_string());
                return None;
            }
        };
        match written.after {
            None => Some(base),
            Some((count, unit)) => {
                let span = self.calendar_span(count, unit, written.date.span)?;
                Some(span.after(base))
            }
        }
    }

    /// Returns so many units as a span of the calendar; hours and working days are reported.
    pub(super) fn calendar_span(
        &mut self,
        count: u32,
        unit: Unit,
        span: Span,
    ) -> Option<CalendarSpan> {
        match unit {
            Unit::Days => Some(CalendarSpan::of_days(count)),
            Unit::Weeks => Some(CalendarSpan { weeks: count, ..CalendarSpan::default() }),
            Unit::Months => Some(CalendarSpan::of_months(count)),
            Unit::Years => Some(CalendarSpan::of_years(count)),
            Unit::Hours | Unit::WorkingDays => {
                self.wrong_unit(unit, "years, months, weeks or days", span);
                None
            }
        }
    }

    /// Reports a unit that cannot stand here.
    pub(super) fn wrong_unit(&mut self, unit: Unit, expected: &str, span: Span) {
        let message = format!("{} cannot be counted here", unit_words(unit));
        self.report(Diagnostic::error("L132", span, message).help(format!("write {expected}")));
    }

    /// Returns the first and the last day, where written.
    pub(super) fn period(&mut self, written: &PeriodExpr) -> (Option<Day>, Option<Day>) {
        let from = written.from.as_ref().and_then(|from| self.day(from));
        let until = written.until.as_ref().and_then(|until| self.day(until));
        if let (Some(first), Some(last), Some(place)) = (from, until, &written.until)
            && last < first
        {
            let message = format!("the period ends on {last}, before it begins on {first}");
            self.error("L110", place.date.span, message);
        }
        (from, until)
    }
}

fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Hours => "hours",
        Unit::Days => "days",
        Unit::WorkingDays => "working days",
        Unit::Weeks => "weeks",
        Unit::Months => "months",
        Unit::Years => "years",
    }
}
