//! When a duty falls due.

use super::super::ast::{DeadlineExpr, DutyStatement, EventExpr, Excluding, Spelled};
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::duty_line::WORDS;
use super::{Parser, Read};

/// Times that are shown as they are.
const OPEN_TEXTURED: &[&[&str]] =
    &[&["promptly"], &["at", "once"], &["as", "soon", "as", "practicable"]];

impl Parser<'_> {
    /// Reads a fact, or `ACT was done`.
    pub(super) fn expect_event(&mut self, cursor: &mut Cursor<'_>) -> Read<EventExpr> {
        let name = self.expect_name(cursor, "an event such as `request_received`")?;
        if cursor.maybe_words(&["was"]) {
            self.expect_word(cursor, "done")?;
            return Ok(EventExpr::Done(name));
        }
        Ok(EventExpr::Fact(name))
    }

    /// Reads a deadline at the cursor into the statement.
    pub(super) fn parse_deadline(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<()> {
        let start = cursor.here();
        if let Some(words) = OPEN_TEXTURED.iter().find(|words| cursor.maybe_words(words)) {
            let text = Spelled { text: words.join(" "), span: cursor.since(start) };
            let deadline = DeadlineExpr::OpenTextured(text);
            self.set_once(&mut statement.deadline, deadline, ("promptly", start));
            return Ok(());
        }
        let word = (cursor.word(), start);
        let deadline = match cursor.word() {
            "within" => self.parse_within(cursor)?,
            "at" => self.parse_at_least_before(cursor)?,
            "by" => self.parse_by(cursor, statement)?,
            "each" | "every" => match self.parse_each(cursor, statement)? {
                Some(deadline) => deadline,
                None => return Ok(()),
            },
            "as" => {
                self.expect_words(cursor, &["as", "soon", "as", "practicable"])?;
                return Ok(());
            }
            _ => return Err(self.expected_words(cursor, WORDS)),
        };
        self.set_once(&mut statement.deadline, deadline, word);
        Ok(())
    }

    fn parse_within(&mut self, cursor: &mut Cursor<'_>) -> Read<DeadlineExpr> {
        cursor.next();
        let count = self.expect_number(cursor, "a number")?;
        let unit = self.expect_unit(cursor)?;
        if !cursor.maybe_words(&["after"]) {
            self.expect_word(cursor, "of")?;
        }
        let event = self.expect_event(cursor)?;
        let mut excluding = Excluding::default();
        if cursor.is(&[",", "excluding"]) || cursor.is(&["excluding"]) {
            cursor.maybe_comma();
            excluding = self.expect_excluding(cursor)?;
        }
        Ok(DeadlineExpr::Within { count, unit, event, excluding })
    }

    fn parse_at_least_before(&mut self, cursor: &mut Cursor<'_>) -> Read<DeadlineExpr> {
        self.expect_words(cursor, &["at", "least"])?;
        let count = self.expect_number(cursor, "a number")?;
        let unit = self.expect_unit(cursor)?;
        self.expect_word(cursor, "before")?;
        let event = self.expect_event(cursor)?;
        Ok(DeadlineExpr::AtLeastBefore { count, unit, event })
    }

    /// Reads `by DATE` or `by MONTH DAY each year from YEAR [until YEAR]`.
    fn parse_by(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<DeadlineExpr> {
        cursor.next();
        if matches!(cursor.kind(), Some(TokenKind::Date | TokenKind::Number)) {
            return self.expect_date(cursor).map(DeadlineExpr::By);
        }
        let at = self.expect_month_day(cursor)?;
        let every_years = self.expect_every_years(cursor)?;
        let (from_year, until_year) = self.expect_years(cursor, statement)?;
        Ok(DeadlineExpr::Yearly { at, every_years, from_year, until_year })
    }

    /// Reads `each year`, `every year` or `every N years`.
    fn expect_every_years(&mut self, cursor: &mut Cursor<'_>) -> Read<u32> {
        if cursor.maybe_words(&["each", "year"]) || cursor.maybe_words(&["every", "year"]) {
            return Ok(1);
        }
        if !cursor.is(&["every"]) {
            return Err(self.expected_words(cursor, &["each year", "every"]));
        }
        cursor.next();
        let years = self.expect_number(cursor, "a number of years")?;
        self.expect_year_word(cursor)?;
        Ok(years)
    }

    /// Reads `year` or `years`.
    pub(super) fn expect_year_word(&mut self, cursor: &mut Cursor<'_>) -> Read<()> {
        if cursor.maybe_words(&["year"]) { Ok(()) } else { self.expect_word(cursor, "years") }
    }

    fn expect_years(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<(i32, Option<i32>)> {
        self.expect_word(cursor, "from")?;
        let from = self.expect_number(cursor, "a year")?;
        if !cursor.is(&["until"]) {
            return Ok((from, None));
        }
        if cursor.peek_at(1).is_some_and(|token| token.kind == TokenKind::Word) {
            self.parse_until(cursor, statement)?;
            return Ok((from, None));
        }
        cursor.next();
        let until = self.expect_number(cursor, "a year or the name of a fact")?;
        Ok((from, Some(until)))
    }

    /// Reads `each quarter`, `each month`, `each year …`, `every N years by …`.
    fn parse_each(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<Option<DeadlineExpr>> {
        let each = cursor.is(&["each"]);
        match cursor.word_at(1) {
            "quarter" | "month" => {
                cursor.next();
                let quarterly = cursor.is(&["quarter"]);
                cursor.next();
                return Ok(Some(match quarterly {
                    true => DeadlineExpr::Quarterly,
                    false => DeadlineExpr::Monthly,
                }));
            }
            "year" if cursor.word_at(2) == "until" => {
                cursor.maybe_words(&["each", "year"]);
                cursor.maybe_words(&["every", "year"]);
                self.parse_until(cursor, statement)?;
                // Beside a yearly deadline it only says when that one stops.
                return Ok(statement.deadline.is_none().then_some(DeadlineExpr::EachYear));
            }
            "year" => {}
            _ if each => {
                cursor.next();
                return Err(self.expected_words(cursor, &["year", "quarter", "month"]));
            }
            _ => {}
        }
        let every_years = self.expect_every_years(cursor)?;
        self.expect_word(cursor, "by")?;
        let at = self.expect_month_day(cursor)?;
        let (from_year, until_year) = self.expect_years(cursor, statement)?;
        Ok(Some(DeadlineExpr::Yearly { at, every_years, from_year, until_year }))
    }
}
