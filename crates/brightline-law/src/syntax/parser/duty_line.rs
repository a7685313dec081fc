//! The lines of a duty: when, to whom, by when, with what in it.

use super::super::ast::{DutyStatement, Spelled};
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::date::unit_of;
use super::{Parser, Read};

/// The words that open a line of a duty.
pub(super) const WORDS: &[&str] = &[
    "when", "except", "on", "after", "within", "at", "promptly", "as", "by", "each", "every",
    "covering", "until", "unless", "to", "any", "contains", "fields", "keep", "even", "not",
    "joint",
];

/// Returns whether a clause of a duty stands at the cursor.
pub(super) fn at_duty_clause(cursor: &Cursor<'_>) -> bool {
    matches!(cursor.word(), "when" | "except")
        || cursor.is(&["any", "of"])
        || at_duty_only_clause(cursor)
}

/// Returns whether the line is of a duty and could not be a condition in a list.
pub(super) fn is_duty_line(line: &Line<'_>) -> bool {
    !line.broken && at_duty_only_clause(&Cursor::new(line))
}

fn at_duty_only_clause(cursor: &Cursor<'_>) -> bool {
    match cursor.word() {
        "on" | "after" | "within" | "promptly" | "as" | "by" | "each" | "covering" | "until"
        | "unless" | "to" | "contains" | "fields" | "keep" | "even" | "joint" => true,
        "at" => cursor.word_at(1) == "once" || unit_of(cursor.word_at(3)).is_some(),
        "every" => unit_of(cursor.word_at(1)).or_else(|| unit_of(cursor.word_at(2))).is_some(),
        "not" => cursor.word_at(1) == "if",
        _ => false,
    }
}

impl Parser<'_> {
    /// Reads a line of a duty with the lines under it.
    pub(super) fn parse_duty_line(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<()> {
        if matches!(cursor.word(), "when" | "except") {
            return self.parse_condition_line_of(
                cursor,
                &mut statement.when,
                &mut statement.except,
            );
        }
        if !at_duty_clause(cursor) {
            return Err(self.unknown_line(cursor, "of a duty", WORDS));
        }
        while !cursor.at_end() {
            self.parse_duty_clause(cursor, statement)?;
            if !cursor.at_end() && !at_duty_clause(cursor) {
                self.expect_line_end(cursor, WORDS)?;
            }
        }
        self.expect_end(cursor)
    }

    /// Reads one clause of a duty at the cursor.
    pub(super) fn parse_duty_clause(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<()> {
        let word = (cursor.word(), cursor.here());
        match word.0 {
            "when" | "except" => {
                self.parse_condition_clauses(cursor, &mut statement.when, &mut statement.except)
            }
            "on" => {
                cursor.next();
                statement.on.extend(self.parse_inline_or_below(cursor, "an act")?);
            }
            "after" => {
                cursor.next();
                let event = self.expect_event(cursor)?;
                self.set_once(&mut statement.after, event, word);
            }
            "covering" => self.parse_covering(cursor, statement)?,
            "until" => self.parse_until(cursor, statement)?,
            "unless" => {
                cursor.next();
                let name = self.expect_name(cursor, "the name of a yes-or-no fact")?;
                self.set_once(&mut statement.unless, name, word);
            }
            "to" => {
                cursor.next();
                let either = cursor.maybe_words(&["any", "of"]);
                let found = self.parse_inline_or_below(cursor, "a recipient")?;
                match found.first() {
                    // One of them will do: together they are one recipient.
                    Some(first) if either => {
                        let texts: Vec<&str> = found.iter().map(|to| to.text.as_str()).collect();
                        let text = texts.join(" or ");
                        statement.to.push(Spelled { text, span: first.span });
                    }
                    _ => statement.to.extend(found),
                }
            }
            "any" => self.parse_alternatives(cursor, statement)?,
            "contains" => self.parse_contains(cursor, statement)?,
            "fields" => {
                cursor.next();
                statement.fields.extend(self.parse_inline_or_below(cursor, "a field")?);
            }
            "keep" => {
                self.expect_words(cursor, &["keep", "for"])?;
                let years = self.expect_number(cursor, "a number of years")?;
                self.expect_year_word(cursor)?;
                self.set_once(&mut statement.keep_years, years, word);
            }
            "even" | "not" => {
                cursor.next();
                self.expect_words(cursor, &["if", "none"])?;
                self.set_once(&mut statement.nil_report, word.0 == "even", word);
            }
            "joint" => {
                self.expect_words(cursor, &["joint", "with"])?;
                let text = self.expect_quoted(cursor, "for whom")?;
                self.set_once(&mut statement.joint_with, text, word);
            }
            _ => self.parse_deadline(cursor, statement)?,
        }
        Ok(())
    }

    /// Reads names on the line, or one or more on each line under it.
    fn parse_inline_or_below(&mut self, cursor: &mut Cursor<'_>, what: &str) -> Read<Vec<Spelled>> {
        if !cursor.at_end() {
            return self.expect_names(cursor, what);
        }
        if !cursor.has_children() {
            return Err(self.expected(cursor, what));
        }
        let mut names = Vec::new();
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if let Ok(found) = self.expect_names(&mut line, what) {
                let _ = self.expect_end(&mut line);
                names.extend(found);
            }
        }
        Ok(names)
    }

    fn parse_alternatives(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<()> {
        self.expect_words(cursor, &["any", "of"])?;
        self.expect_line_end(cursor, &[])?;
        if !cursor.has_children() {
            return Err(self.expected(cursor, "alternatives on lines of their own"));
        }
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if let Ok(act) = self.parse_named_words(&mut line, "the name of what may be done") {
                let _ = self.expect_end(&mut line);
                statement.acts.push(act);
            }
        }
        Ok(())
    }

    fn parse_contains(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<()> {
        cursor.next();
        if !cursor.at_end() {
            let items = self.expect_quoted_list(cursor, "what it contains")?;
            statement.contains.extend(items.into_iter().map(|item| (None, item)));
            return Ok(());
        }
        if !cursor.has_children() {
            return Err(self.expected(cursor, "what it contains"));
        }
        for child in cursor.take_children() {
            self.parse_contained(child, None, statement);
        }
        Ok(())
    }

    /// Reads `(1) "text"`; items under it carry its marker before their own.
    fn parse_contained(
        &mut self,
        line: &Line<'_>,
        above: Option<&Spelled>,
        statement: &mut DutyStatement,
    ) {
        let Ok(mut cursor) = self.open(line) else {
            return;
        };
        let own = cursor.maybe_kind(TokenKind::Marker);
        let marker = match (above, own) {
            (Some(above), Some(own)) => {
                Some(Spelled { text: format!("{}{}", above.text, own.text), span: own.span })
            }
            (above, own) => own.or_else(|| above.cloned()),
        };
        let Ok(text) = self.expect_quoted(&mut cursor, "what it contains") else {
            return;
        };
        let _ = self.expect_line_end(&mut cursor, &[]);
        statement.contains.push((marker.clone(), text));
        for child in cursor.take_children() {
            self.parse_contained(child, marker.as_ref(), statement);
        }
    }

    fn parse_covering(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<()> {
        let word = (cursor.word(), cursor.here());
        cursor.next();
        let months = self.expect_number(cursor, "a number of months")?;
        if !cursor.maybe_words(&["month"]) {
            self.expect_word(cursor, "months")?;
        }
        self.expect_word(cursor, "ending")?;
        let end = self.expect_month_day(cursor)?;
        self.set_once(&mut statement.covering, (months, end), word);
        Ok(())
    }

    /// Reads `until FACT`.
    pub(super) fn parse_until(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<()> {
        let word = (cursor.word(), cursor.here());
        cursor.next();
        let name = self.expect_name(cursor, "the name of a fact")?;
        self.set_once(&mut statement.until, name, word);
        Ok(())
    }
}
