//! Papers, tables, calendars, forbidden facts, impossible facts.

use super::super::ast::{Calendar, CalendarSource, Condition, NeverAsk, Paper, PeriodExpr, Table};
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::{Parser, Read};

impl Parser<'_> {
    /// Reads `paper "NAME" "title"` with `signed by "…"`.
    pub(super) fn parse_paper(&mut self, cursor: &mut Cursor<'_>) -> Read<Paper> {
        cursor.next();
        let name = self.expect_quoted(cursor, "the name on the form")?;
        let title = cursor.maybe_kind(TokenKind::Quoted);
        let mut paper = Paper { name, title, signed_by: None };
        if cursor.is(&["signed"]) {
            self.parse_signed(cursor, &mut paper)?;
        }
        let _ = self.expect_line_end(cursor, &["signed"]);
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if !line.is(&["signed"]) {
                self.unknown_line(&line, "of a paper", &["signed"]);
            } else if self.parse_signed(&mut line, &mut paper).is_ok() {
                let _ = self.expect_end(&mut line);
            }
        }
        Ok(paper)
    }

    fn parse_signed(&mut self, cursor: &mut Cursor<'_>, paper: &mut Paper) -> Read<()> {
        let span = cursor.here();
        self.expect_words(cursor, &["signed", "by"])?;
        let text = self.expect_quoted(cursor, "who signs it")?;
        self.set_once(&mut paper.signed_by, text, ("signed by", span));
        Ok(())
    }

    /// Reads `table NAME from "…"`.
    pub(super) fn parse_table(&mut self, cursor: &mut Cursor<'_>) -> Read<Table> {
        cursor.next();
        let name = self.expect_new_name(cursor, "the name of the table")?;
        self.expect_word(cursor, "from")?;
        let file = self.expect_quoted(cursor, "the name of a file")?;
        self.expect_end(cursor)?;
        Ok(Table { name, file })
    }

    /// Reads `calendar NAME "…" from "…"` or `is A and B` or `is A or B`.
    pub(super) fn parse_calendar(&mut self, cursor: &mut Cursor<'_>) -> Read<Calendar> {
        cursor.next();
        let (name, words) = self.parse_named_words(cursor, "the name of the calendar")?;
        let source = if cursor.maybe_words(&["from"]) {
            CalendarSource::File(self.expect_quoted(cursor, "the name of a file")?)
        } else if cursor.maybe_words(&["is"]) {
            self.expect_two_calendars(cursor)?
        } else {
            return Err(self.expected_words(cursor, &["from", "is"]));
        };
        self.expect_end(cursor)?;
        Ok(Calendar { name, words, source })
    }

    fn expect_two_calendars(&mut self, cursor: &mut Cursor<'_>) -> Read<CalendarSource> {
        let left = self.expect_name(cursor, "the name of a calendar")?;
        let both = cursor.is(&["and"]);
        if !both && !cursor.is(&["or"]) {
            return Err(self.expected_words(cursor, &["and", "or"]));
        }
        cursor.next();
        let right = self.expect_name(cursor, "the name of a calendar")?;
        Ok(match both {
            true => CalendarSource::Both(left, right),
            false => CalendarSource::Either(left, right),
        })
    }

    /// Reads `never ask NAME, …` with `by` and `in force`.
    pub(super) fn parse_never_ask(&mut self, cursor: &mut Cursor<'_>) -> Read<NeverAsk> {
        self.expect_words(cursor, &["never", "ask"])?;
        let names = self.expect_names(cursor, "the name of a fact")?;
        let mut never = NeverAsk { names, by: None, period: PeriodExpr::default() };
        while matches!(cursor.word(), "by" | "in") {
            self.parse_never_clause(cursor, &mut never)?;
        }
        let _ = self.expect_line_end(cursor, &["by", "in"]);
        for child in cursor.take_children() {
            let _ = self.parse_never_line(child, &mut never);
        }
        Ok(never)
    }

    fn parse_never_line(&mut self, line: &Line<'_>, never: &mut NeverAsk) -> Read<()> {
        let mut cursor = self.open(line)?;
        if !matches!(cursor.word(), "by" | "in") {
            return Err(self.unknown_line(&cursor, "of `never ask`", &["by", "in"]));
        }
        self.parse_never_clause(&mut cursor, never)?;
        self.expect_end(&mut cursor)
    }

    fn parse_never_clause(&mut self, cursor: &mut Cursor<'_>, never: &mut NeverAsk) -> Read<()> {
        if cursor.is(&["in"]) {
            never.period = self.parse_in_force(cursor)?;
            return Ok(());
        }
        let keyword = (cursor.word(), cursor.here());
        cursor.next();
        let text = self.expect_quoted(cursor, "what forbids it")?;
        self.set_once(&mut never.by, text, keyword);
        Ok(())
    }

    /// Reads `impossible when …`.
    pub(super) fn parse_impossible(&mut self, cursor: &mut Cursor<'_>) -> Read<Condition> {
        cursor.next();
        self.expect_word(cursor, "when")?;
        Ok(self.parse_whole_when(cursor))
    }
}
