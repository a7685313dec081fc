//! Limits on a permission, and the days that a count leaves out.

use super::super::ast::{Excluding, LimitExpr};
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::{Parser, Read};
use crate::diagnostic::Diagnostic;

/// Minutes in an hour.
const HOUR_MINUTES: u32 = 60;

/// Returns whether the line is a limit.
pub(super) fn is_limit_line(line: &Line<'_>) -> bool {
    !line.broken && at_limit(&Cursor::new(line))
}

/// Returns whether a limit stands at the cursor.
pub(super) fn at_limit(cursor: &Cursor<'_>) -> bool {
    cursor.is(&["for", "at"]) || matches!(cursor.word(), "for" | "until")
}

impl Parser<'_> {
    /// Reads a limit at the cursor.
    pub(super) fn parse_limit(&mut self, cursor: &mut Cursor<'_>) -> Read<LimitExpr> {
        let start = cursor.here();
        if cursor.maybe_words(&["until"]) {
            let minute = self.expect_time(cursor)?;
            self.expect_words(cursor, &["of", "the", "day", "of"])?;
            let of = self.expect_name(cursor, "the name of a time")?;
            return Ok(LimitExpr::EndOfDay { minute, of, span: cursor.since(start) });
        }
        self.expect_words(cursor, &["for", "at", "most"])?;
        let count = self.expect_number(cursor, "a number of hours or days")?;
        let unit = self.expect_unit(cursor)?;
        let mut excluding = Excluding::default();
        if cursor.is(&[",", "excluding"]) || cursor.is(&["excluding"]) {
            cursor.maybe_comma();
            excluding = self.expect_excluding(cursor)?;
        }
        cursor.maybe_comma();
        self.expect_word(cursor, "from")?;
        let from = self.expect_name(cursor, "the name of a time")?;
        Ok(LimitExpr::AtMost { count, unit, excluding, from, span: cursor.since(start) })
    }

    /// Reads a time of day as minutes after midnight.
    fn expect_time(&mut self, cursor: &mut Cursor<'_>) -> Read<u32> {
        let Some(time) = cursor.maybe_kind(TokenKind::Time) else {
            return Err(self.expected(cursor, "a time such as `23:59`"));
        };
        let minutes = time.text.split_once(':').and_then(|(hours, minutes)| {
            let hours: u32 = hours.parse().ok().filter(|hours| *hours < 24)?;
            let minutes: u32 = minutes.parse().ok().filter(|minutes| *minutes < HOUR_MINUTES)?;
            Some(hours * HOUR_MINUTES + minutes)
        });
        match minutes {
            Some(minutes) => Ok(minutes),
            None => {
                let message = format!("there is no time `{}`", time.text);
                Err(self.report(Diagnostic::error("L017", time.span, message)))
            }
        }
    }

    /// Reads `excluding saturdays, sundays and CALENDAR`.
    pub(super) fn expect_excluding(&mut self, cursor: &mut Cursor<'_>) -> Read<Excluding> {
        self.expect_word(cursor, "excluding")?;
        let mut excluding = Excluding::default();
        for name in self.expect_names(cursor, "`saturdays`, `sundays` or a calendar")? {
            match name.text.as_str() {
                "saturdays" => excluding.saturdays = true,
                "sundays" => excluding.sundays = true,
                _ => {
                    let span = name.span;
                    self.set_once(&mut excluding.calendar, name, ("excluding", span));
                }
            }
        }
        Ok(excluding)
    }
}
