//! Examples: what is given on what day.

use super::super::ast::{Example, Given, Spelled};
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::{Parser, Read};

/// The words that open a line of an example.
const WORDS: &[&str] = &["on", "known", "given", "then"];

impl Parser<'_> {
    /// Reads `example "…"` and its lines.
    pub(super) fn parse_example(&mut self, cursor: &mut Cursor<'_>) -> Read<Example> {
        let span = cursor.line();
        cursor.next();
        let title = self.expect_quoted(cursor, "what the example shows")?;
        let _ = self.expect_line_end(cursor, &[]);
        let (given, then) = (Vec::new(), Vec::new());
        let mut example = Example { title, on: None, known_on: None, given, then, span };
        let mut whole = true;
        for child in cursor.take_children() {
            whole &= self.parse_example_line(child, &mut example).is_ok();
        }
        if whole && example.then.is_empty() {
            self.lacks("example", &example.title, "a `then` line");
        }
        Ok(example)
    }

    fn parse_example_line(&mut self, line: &Line<'_>, example: &mut Example) -> Read<()> {
        let mut cursor = self.open(line)?;
        let keyword = (cursor.word(), line.span);
        match cursor.word() {
            "on" => {
                cursor.next();
                let date = self.expect_date(&mut cursor)?;
                self.set_once(&mut example.on, date, keyword);
                self.expect_end(&mut cursor)
            }
            "known" => {
                self.expect_words(&mut cursor, &["known", "on"])?;
                let date = self.expect_date(&mut cursor)?;
                self.set_once(&mut example.known_on, date, keyword);
                self.expect_end(&mut cursor)
            }
            "given" => self.parse_given(&mut cursor, example),
            "then" => self.parse_then(&mut cursor, &mut example.then),
            _ => Err(self.unknown_line(&cursor, "of an example", WORDS)),
        }
    }

    fn parse_given(&mut self, cursor: &mut Cursor<'_>, example: &mut Example) -> Read<()> {
        cursor.next();
        if !cursor.at_end() {
            example.given.extend(self.parse_given_fields(cursor)?);
        }
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if let Ok(given) = self.parse_given_line(&mut line) {
                example.given.extend(given);
            }
        }
        Ok(())
    }

    /// Reads a line under `given`: papers, a list, or facts.
    fn parse_given_line(&mut self, cursor: &mut Cursor<'_>) -> Read<Vec<Given>> {
        if cursor.maybe_words(&["papers"]) || cursor.maybe_words(&["paper"]) {
            let papers = self.expect_quoted_list(cursor, "the name of a paper")?;
            self.expect_end(cursor)?;
            return Ok(vec![Given::Papers(papers)]);
        }
        if cursor.maybe_words(&["no", "papers"]) {
            self.expect_end(cursor)?;
            return Ok(vec![Given::Papers(Vec::new())]);
        }
        if cursor.maybe_words(&["no"]) {
            let name = self.expect_name(cursor, "the name of a list")?;
            self.expect_end(cursor)?;
            return Ok(vec![Given::List { name, complete: true, rows: Vec::new() }]);
        }
        let some = cursor.maybe_words(&["some"]);
        if some || cursor.has_children() {
            let name = self.expect_name(cursor, "the name of a list")?;
            self.expect_line_end(cursor, &[])?;
            let rows = self.parse_rows(cursor);
            return Ok(vec![Given::List { name, complete: !some, rows }]);
        }
        self.parse_given_fields(cursor)
    }

    fn parse_rows(&mut self, cursor: &mut Cursor<'_>) -> Vec<Vec<Given>> {
        let mut rows = Vec::new();
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if let Ok(row) = self.parse_given_fields(&mut line) {
                let _ = self.expect_end(&mut line);
                rows.push(row);
            }
        }
        rows
    }

    /// Reads facts or fields parted by commas or `and`, up to the end of the line.
    fn parse_given_fields(&mut self, cursor: &mut Cursor<'_>) -> Read<Vec<Given>> {
        let mut fields = vec![self.parse_given_field(cursor)?];
        while !cursor.at_end() {
            let comma = cursor.maybe_comma();
            let joined = cursor.maybe_words(&["and"]);
            if !comma && !joined {
                self.expect_line_end(cursor, &["and"])?;
            }
            fields.push(self.parse_given_field(cursor)?);
        }
        Ok(fields)
    }

    /// Reads `NAME`, `not NAME`, `NAME is VALUE` or `NAME VALUE`.
    fn parse_given_field(&mut self, cursor: &mut Cursor<'_>) -> Read<Given> {
        let negated = cursor.maybe_words(&["not"]);
        let name = self.expect_name(cursor, "the name of a fact")?;
        let stated = !negated && cursor.maybe_words(&["is"]);
        let ends =
            cursor.at_end() || cursor.kind() == Some(TokenKind::Comma) || cursor.word() == "and";
        if ends && !stated {
            return Ok(Given::Fact { negated, name });
        }
        if negated {
            return Err(self.expected(cursor, "the end of the fact"));
        }
        if cursor.is(&["yes"]) || cursor.is(&["no"]) {
            let negated = cursor.is(&["no"]);
            cursor.next();
            return Ok(Given::Fact { negated, name });
        }
        let value = self.expect_given_value(cursor)?;
        Ok(Given::Value { name, value })
    }

    /// Reads a name, a number, a date, a date and a time, or quoted text.
    pub(super) fn expect_given_value(&mut self, cursor: &mut Cursor<'_>) -> Read<Spelled> {
        let start = cursor.here();
        match cursor.kind() {
            Some(TokenKind::Date) => {
                let date = self.expect_date(cursor)?.date;
                match cursor.maybe_kind(TokenKind::Time) {
                    None => Ok(date),
                    Some(time) => Ok(Spelled {
                        text: format!("{} {}", date.text, time.text),
                        span: cursor.since(start),
                    }),
                }
            }
            Some(TokenKind::Quoted | TokenKind::Number) => self.expect_label_word(cursor),
            _ => self.expect_name(cursor, "a value"),
        }
    }
}
