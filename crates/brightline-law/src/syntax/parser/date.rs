//! Dates, periods, units of time.

use super::super::ast::{DateExpr, DateOrName, MonthDay, PeriodExpr, Spelled, Unit};
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::{Parser, Read};
use crate::clock::{self, MONTHS};
use crate::diagnostic::{Diagnostic, nearest};

/// The units, as suggested.
const UNIT_WORDS: &[&str] = &["hours", "days", "weeks", "months", "years"];

impl Parser<'_> {
    /// Reads `2014-12-14` or `120 days after 2011-11-22`.
    pub(super) fn expect_date(&mut self, cursor: &mut Cursor<'_>) -> Read<DateExpr> {
        match cursor.kind() {
            Some(TokenKind::Date) => {
                Ok(DateExpr { date: self.expect_plain_date(cursor)?, after: None })
            }
            Some(TokenKind::Number) => {
                let count = self.expect_number(cursor, "a number")?;
                let unit = self.expect_unit(cursor)?;
                self.expect_word(cursor, "after")?;
                Ok(DateExpr { date: self.expect_plain_date(cursor)?, after: Some((count, unit)) })
            }
            _ => Err(self.expected(cursor, "a date such as `2014-12-14`")),
        }
    }

    fn expect_plain_date(&mut self, cursor: &mut Cursor<'_>) -> Read<Spelled> {
        let Some(date) = cursor.maybe_kind(TokenKind::Date) else {
            return Err(self.expected(cursor, "a date such as `2014-12-14`"));
        };
        if is_day(&date.text) {
            return Ok(date);
        }
        let message = format!("there is no day `{}`", date.text);
        Err(self.report(
            Diagnostic::error("L017", date.span, message).help("dates are year, month, day"),
        ))
    }

    /// Reads a date or the name of one.
    pub(super) fn expect_date_or_name(&mut self, cursor: &mut Cursor<'_>) -> Read<DateOrName> {
        match cursor.kind() {
            Some(TokenKind::Date | TokenKind::Number) => {
                self.expect_date(cursor).map(DateOrName::Date)
            }
            _ => self.expect_name(cursor, "a date or the name of one").map(DateOrName::Name),
        }
    }

    /// Reads `from DATE [until DATE]` or `until DATE`, then `date unverified`.
    pub(super) fn expect_period(&mut self, cursor: &mut Cursor<'_>) -> Read<PeriodExpr> {
        let mut period = PeriodExpr::default();
        if cursor.maybe_words(&["from"]) {
            period.from = Some(self.expect_date(cursor)?);
        }
        if cursor.is(&["until"]) || cursor.is(&[",", "until"]) {
            cursor.maybe_comma();
            cursor.next();
            period.until = Some(self.expect_date(cursor)?);
        }
        if period.from.is_none() && period.until.is_none() {
            return Err(self.expected_words(cursor, &["from", "until"]));
        }
        if cursor.is(&["date"]) || cursor.is(&[",", "date"]) {
            cursor.maybe_comma();
            self.expect_words(cursor, &["date", "unverified"])?;
            period.date_unverified = true;
        }
        Ok(period)
    }

    /// Reads `hours`, `days`, `working days`, `weeks`, `months` or `years`.
    pub(super) fn expect_unit(&mut self, cursor: &mut Cursor<'_>) -> Read<Unit> {
        if cursor.maybe_words(&["working", "days"]) || cursor.maybe_words(&["working", "day"]) {
            return Ok(Unit::WorkingDays);
        }
        let Some(unit) = unit_of(cursor.word()) else {
            return Err(self.expected_words(cursor, UNIT_WORDS));
        };
        cursor.next();
        Ok(unit)
    }

    /// Reads `October 15`.
    pub(super) fn expect_month_day(&mut self, cursor: &mut Cursor<'_>) -> Read<MonthDay> {
        let word = cursor.word();
        let Some(index) = MONTHS.iter().position(|month| *month == word) else {
            let found = self.expected(cursor, "a month such as `October`");
            if let Some(last) = self.diagnostics.pop() {
                self.diagnostics.push(last.suggest(nearest(word, MONTHS)));
            }
            return Err(found);
        };
        cursor.next();
        let span = cursor.here();
        let day: u8 = self.expect_number(cursor, "the day of the month")?;
        let month = u8::try_from(index + 1).unwrap_or(12);
        if clock::MonthDay::new(month, day).is_none() {
            let message = format!("{word} has no day `{day}`");
            return Err(self.report(Diagnostic::error("L017", span, message)));
        }
        Ok(MonthDay { month, day })
    }
}

/// Returns the unit that the word names, in the singular or the plural.
pub(super) fn unit_of(word: &str) -> Option<Unit> {
    match word {
        "hour" | "hours" => Some(Unit::Hours),
        "day" | "days" => Some(Unit::Days),
        "week" | "weeks" => Some(Unit::Weeks),
        "month" | "months" => Some(Unit::Months),
        "year" | "years" => Some(Unit::Years),
        _ => None,
    }
}

/// Returns whether the calendar has this day.
fn is_day(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok()
}
