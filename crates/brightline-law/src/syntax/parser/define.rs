//! Definitions and unsettled points.

use super::super::ast::{Condition, Define, Reading, Spelled, Unsettled};
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::phrase::maybe_label;
use super::property::{Place, unknown_property};
use super::{Parser, Read};

/// The lines of a definition that are no properties.
const DEFINE_WORDS: &[&str] = &["when", "except"];

/// The lines of an unsettled point that are no properties.
const UNSETTLED_WORDS: &[&str] = &["because", "reading", "safe"];

impl Parser<'_> {
    /// Reads `define NAME ["…"] [of RECORD] [LABEL]` and its lines.
    pub(super) fn parse_define(&mut self, cursor: &mut Cursor<'_>) -> Read<Define> {
        cursor.next();
        let (name, words) = self.parse_named_words(cursor, "the name of the definition")?;
        let of = self.maybe_of_record(cursor)?;
        let label = maybe_label(cursor);
        let (properties, except) = (Vec::new(), Vec::new());
        let mut define = Define { name, words, of, label, properties, when: None, except };
        self.parse_condition_clauses(cursor, &mut define.when, &mut define.except);
        let _ = self.expect_line_end(cursor, DEFINE_WORDS);
        let mut whole = true;
        for child in cursor.take_children() {
            whole &= self.parse_define_line(child, &mut define).is_ok();
        }
        if whole && define.when.is_none() {
            self.lacks("definition", &define.name, "a `when` line");
        }
        Ok(define)
    }

    fn parse_define_line(&mut self, line: &Line<'_>, define: &mut Define) -> Read<()> {
        let mut cursor = self.open(line)?;
        if let Some(property) = self.maybe_property(&mut cursor, Place::Item) {
            define.properties.push(property?);
            return Ok(());
        }
        if !DEFINE_WORDS.contains(&cursor.word()) {
            return Err(unknown_property(self, &cursor, DEFINE_WORDS));
        }
        self.parse_condition_line_of(&mut cursor, &mut define.when, &mut define.except)
    }

    fn maybe_of_record(&mut self, cursor: &mut Cursor<'_>) -> Read<Option<Spelled>> {
        if cursor.maybe_words(&["of"]) {
            self.expect_name(cursor, "the name of a record").map(Some)
        } else {
            Ok(None)
        }
    }

    /// Reads `when …` and `except when …` at the cursor as far as there are any.
    pub(super) fn parse_condition_clauses(
        &mut self,
        cursor: &mut Cursor<'_>,
        when: &mut Option<Condition>,
        except: &mut Vec<Condition>,
    ) {
        loop {
            let span = cursor.here();
            if cursor.maybe_words(&["when"]) {
                let condition = self.parse_when(cursor);
                self.set_once(when, condition, ("when", span));
            } else if cursor.maybe_words(&["except"]) {
                match self.expect_word(cursor, "when") {
                    Ok(()) => except.push(self.parse_when(cursor)),
                    Err(_) => cursor.skip_rest(),
                }
            } else {
                return;
            }
        }
    }

    /// Reads a line that starts with `when` or `except when`, with the lines under it.
    pub(super) fn parse_condition_line_of(
        &mut self,
        cursor: &mut Cursor<'_>,
        when: &mut Option<Condition>,
        except: &mut Vec<Condition>,
    ) -> Read<()> {
        let (mut own, mut exceptions) = (None, Vec::new());
        let span = cursor.here();
        self.parse_condition_clauses(cursor, &mut own, &mut exceptions);
        self.expect_line_end(cursor, DEFINE_WORDS)?;
        match exceptions.last_mut().or(own.as_mut()) {
            Some(condition) => self.parse_exceptions_below(cursor, condition),
            None => self.expect_end(cursor)?,
        }
        if let Some(condition) = own {
            self.set_once(when, condition, ("when", span));
        }
        except.extend(exceptions);
        Ok(())
    }

    /// Reads `unsettled [calendar] NAME [of RECORD] [LABEL] "question"` and its lines.
    pub(super) fn parse_unsettled(&mut self, cursor: &mut Cursor<'_>) -> Read<Unsettled> {
        cursor.next();
        let calendar = cursor.maybe_words(&["calendar"]);
        let (name, first) = self.parse_named_words(cursor, "the name of the unsettled point")?;
        let of = self.maybe_of_record(cursor)?;
        let label = maybe_label(cursor);
        // One text alone is the question.
        let (words, question) = match cursor.maybe_kind(TokenKind::Quoted) {
            Some(question) => (first, Some(question)),
            None => (None, first),
        };
        let _ = self.expect_line_end(cursor, &["of"]);
        let mut point = Unsettled {
            calendar,
            name,
            words,
            of,
            label,
            question,
            properties: Vec::new(),
            because: None,
            readings: Vec::new(),
            safe: None,
        };
        let mut whole = true;
        for child in cursor.take_children() {
            whole &= self.parse_unsettled_line(child, &mut point).is_ok();
        }
        if whole && point.readings.len() < 2 {
            self.lacks("unsettled point", &point.name, "two `reading` lines");
        }
        Ok(point)
    }

    fn parse_unsettled_line(&mut self, line: &Line<'_>, point: &mut Unsettled) -> Read<()> {
        let mut cursor = self.open(line)?;
        if let Some(property) = self.maybe_property(&mut cursor, Place::Item) {
            point.properties.push(property?);
            return Ok(());
        }
        let keyword = (cursor.word(), line.span);
        match cursor.word() {
            "because" => {
                cursor.next();
                let text = self.expect_quoted(&mut cursor, "the reason")?;
                self.set_once(&mut point.because, text, keyword);
                self.expect_end(&mut cursor)
            }
            "safe" => {
                cursor.next();
                let name = self.expect_name(&mut cursor, "the name of a reading")?;
                self.set_once(&mut point.safe, name, keyword);
                self.expect_end(&mut cursor)
            }
            "reading" => {
                let reading = self.parse_reading(&mut cursor, point.calendar)?;
                point.readings.push(reading);
                Ok(())
            }
            _ => Err(unknown_property(self, &cursor, UNSETTLED_WORDS)),
        }
    }

    fn parse_reading(&mut self, cursor: &mut Cursor<'_>, of_calendar: bool) -> Read<Reading> {
        cursor.next();
        let name = self.expect_new_name(cursor, "the name of the reading")?;
        let words = cursor.maybe_kind(TokenKind::Quoted);
        let mut reading = Reading { name, words, when: None, except: Vec::new(), calendar: None };
        if of_calendar {
            self.expect_word(cursor, "is")?;
            reading.calendar = Some(self.expect_name(cursor, "the name of a calendar")?);
            self.expect_end(cursor)?;
            return Ok(reading);
        }
        self.parse_condition_clauses(cursor, &mut reading.when, &mut reading.except);
        self.expect_line_end(cursor, DEFINE_WORDS)?;
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if DEFINE_WORDS.contains(&line.word()) {
                let _ =
                    self.parse_condition_line_of(&mut line, &mut reading.when, &mut reading.except);
            } else {
                self.unknown_line(&line, "of a reading", DEFINE_WORDS);
            }
        }
        if reading.when.is_none() {
            self.lacks("reading", &reading.name, "a `when` line");
        }
        Ok(reading)
    }
}
