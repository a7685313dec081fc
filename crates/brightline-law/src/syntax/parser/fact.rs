//! Facts, findings and records.

use super::super::ast::{Fact, FactKind, Record};
use super::super::outline::Line;
use super::cursor::Cursor;
use super::{Parser, Read};

/// The words that open a line of a fact.
const FACT_WORDS: &[&str] =
    &["ask", "hint", "cost", "found", "presumed", "yes", "open", "standard"];

/// The words that open a line of a record, its fields aside.
const RECORD_WORDS: &[&str] = &["ask", "hint", "cost", "found"];

/// The kinds of facts, as shown when another was written.
const KINDS: &str = "`yes or no`, `one of`, `a date`, `a time`, `a number`, \
                     `a number of days` or `an offense`";

impl Parser<'_> {
    /// Reads `fact NAME ["…"] is …` or `finding NAME ["…"] is …`.
    pub(super) fn parse_fact_item(&mut self, cursor: &mut Cursor<'_>) -> Read<Fact> {
        let finding = cursor.is(&["finding"]);
        cursor.next();
        let mut fact = self.parse_fact(cursor)?;
        fact.finding = finding;
        Ok(fact)
    }

    /// Reads `NAME is KIND` with the lines under it.
    fn parse_fact(&mut self, cursor: &mut Cursor<'_>) -> Read<Fact> {
        let span = cursor.line();
        let (name, words) = self.parse_named_words(cursor, "the name of the fact")?;
        self.expect_word(cursor, "is")?;
        let kind = self.expect_fact_kind(cursor)?;
        self.expect_line_end(cursor, &[])?;
        let mut fact = Fact {
            finding: false,
            name,
            words,
            kind,
            ask: None,
            hint: None,
            cost: None,
            found_by: Vec::new(),
            presumed: None,
            yes_with: Vec::new(),
            open_with: Vec::new(),
            standard: None,
            span,
        };
        let children = cursor.take_children();
        let empty = children.is_empty();
        for child in children {
            let _ = self.parse_fact_line(child, &mut fact);
        }
        if matches!(&fact.kind, FactKind::OneOf(values) if values.is_empty() && empty) {
            self.lacks("fact", &fact.name, "values");
        }
        Ok(fact)
    }

    fn expect_fact_kind(&mut self, cursor: &mut Cursor<'_>) -> Read<FactKind> {
        const PLAIN: &[(&[&str], FactKind)] = &[
            (&["yes", "or", "no"], FactKind::YesNo),
            (&["a", "date"], FactKind::Date),
            (&["a", "time"], FactKind::Time),
            (&["a", "number", "of", "days"], FactKind::NumberOfDays),
            (&["a", "number"], FactKind::Number),
            (&["an", "offense"], FactKind::Offense),
        ];
        if let Some((_, kind)) = PLAIN.iter().find(|(words, _)| cursor.maybe_words(words)) {
            return Ok(kind.clone());
        }
        if !cursor.maybe_words(&["one", "of"]) {
            return Err(self.expected(cursor, KINDS));
        }
        let mut values = Vec::new();
        while !cursor.at_end() {
            values.push(self.parse_named_words(cursor, "the name of a value")?);
            let comma = cursor.maybe_comma();
            let joined = cursor.maybe_words(&["or"]) || cursor.maybe_words(&["and"]);
            if !comma && !joined {
                break;
            }
        }
        Ok(FactKind::OneOf(values))
    }

    fn parse_fact_line(&mut self, line: &Line<'_>, fact: &mut Fact) -> Read<()> {
        let mut cursor = self.open(line)?;
        let keyword = (cursor.word(), line.span);
        match cursor.word() {
            "ask" => self.parse_once_text(&mut cursor, &mut fact.ask)?,
            "hint" => self.parse_once_text(&mut cursor, &mut fact.hint)?,
            "standard" => self.parse_once_text(&mut cursor, &mut fact.standard)?,
            "cost" => self.parse_cost(&mut cursor, &mut fact.cost)?,
            "found" => fact.found_by.extend(self.parse_found_by(&mut cursor)?),
            "presumed" => {
                cursor.next();
                let yes = match cursor.word() {
                    "yes" => true,
                    "no" => false,
                    _ => return Err(self.expected_words(&cursor, &["yes", "no"])),
                };
                cursor.next();
                self.expect_word(&mut cursor, "by")?;
                let text = self.expect_quoted(&mut cursor, "why it is presumed")?;
                self.set_once(&mut fact.presumed, (yes, text), keyword);
            }
            "yes" => {
                self.expect_words(&mut cursor, &["yes", "with", "paper"])?;
                fact.yes_with.extend(self.expect_quoted_list(&mut cursor, "the name of a paper")?);
            }
            "open" if cursor.word_at(1) == "with" => {
                self.expect_words(&mut cursor, &["open", "with", "paper"])?;
                fact.open_with.extend(self.expect_quoted_list(&mut cursor, "the name of a paper")?);
            }
            _ => match &mut fact.kind {
                FactKind::OneOf(values) => {
                    let value = self.parse_named_words(&mut cursor, "the name of a value")?;
                    values.push(value);
                }
                _ => return Err(self.unknown_line(&cursor, "of a fact", FACT_WORDS)),
            },
        }
        self.expect_end(&mut cursor)
    }

    /// Reads `KEYWORD "…"`.
    fn parse_once_text(
        &mut self,
        cursor: &mut Cursor<'_>,
        slot: &mut Option<super::super::ast::Spelled>,
    ) -> Read<()> {
        let keyword = (cursor.word(), cursor.line());
        cursor.next();
        let text = self.expect_quoted(cursor, "text")?;
        self.set_once(slot, text, keyword);
        Ok(())
    }

    /// Reads `cost N`.
    fn parse_cost(&mut self, cursor: &mut Cursor<'_>, slot: &mut Option<u32>) -> Read<()> {
        let keyword = (cursor.word(), cursor.line());
        cursor.next();
        let minutes = self.expect_number(cursor, "a number of minutes")?;
        cursor.maybe_words(&["minutes"]);
        self.set_once(slot, minutes, keyword);
        Ok(())
    }

    /// Reads `found by ROLE, …`.
    fn parse_found_by(&mut self, cursor: &mut Cursor<'_>) -> Read<Vec<super::super::ast::Spelled>> {
        self.expect_words(cursor, &["found", "by"])?;
        self.expect_names(cursor, "the name of a role")
    }

    /// Reads `record NAME listed as NAMES` with its fields.
    pub(super) fn parse_record(&mut self, cursor: &mut Cursor<'_>) -> Read<Record> {
        cursor.next();
        let name = self.expect_new_name(cursor, "the name of the record")?;
        self.expect_words(cursor, &["listed", "as"])?;
        let plural = self.expect_new_name(cursor, "the name of the list")?;
        self.expect_line_end(cursor, &[])?;
        let (found_by, fields) = (Vec::new(), Vec::new());
        let mut record =
            Record { name, plural, ask: None, hint: None, cost: None, found_by, fields };
        for child in cursor.take_children() {
            let _ = self.parse_record_line(child, &mut record);
        }
        Ok(record)
    }

    fn parse_record_line(&mut self, line: &Line<'_>, record: &mut Record) -> Read<()> {
        let mut cursor = self.open(line)?;
        match cursor.word() {
            _ if cursor.word_at(1) == "is" => {
                record.fields.push(self.parse_fact(&mut cursor)?);
                return Ok(());
            }
            "ask" => self.parse_once_text(&mut cursor, &mut record.ask)?,
            "hint" => self.parse_once_text(&mut cursor, &mut record.hint)?,
            "cost" => self.parse_cost(&mut cursor, &mut record.cost)?,
            "found" => record.found_by.extend(self.parse_found_by(&mut cursor)?),
            _ => return Err(self.unknown_line(&cursor, "of a record", RECORD_WORDS)),
        }
        self.expect_end(&mut cursor)
    }
}
