//! Conditions of one line.

use super::super::ast::{Condition, ConditionKind, Order, Quantifier, Relation, Spelled};
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::date::unit_of;
use super::phrase::maybe_separator;
use super::{Parser, Read};
use crate::diagnostic::Diagnostic;

/// The words that can follow the name of a fact.
const AFTER_NAME: &[&str] = &[
    "is",
    "before",
    "after",
    "on or before",
    "on or after",
    "at least",
    "more than",
    "at most",
    "less than",
    "exactly",
    "in",
    "not in",
];

impl Parser<'_> {
    /// Reads a leaf at the cursor.
    pub(super) fn parse_leaf(&mut self, cursor: &mut Cursor<'_>) -> Read<ConditionKind> {
        match (cursor.word(), cursor.word_at(1)) {
            ("always", _) => {
                cursor.next();
                Ok(ConditionKind::Always)
            }
            ("never", _) => {
                cursor.next();
                Ok(ConditionKind::Never)
            }
            ("not", "encoded") if cursor.peek_at(2).is_some() => {
                cursor.maybe_words(&["not", "encoded"]);
                self.expect_quoted(cursor, "what the text is about").map(ConditionKind::NotEncoded)
            }
            ("not", _) => self.parse_not(cursor),
            ("required" | "prohibited" | "permitted", "by") => self.parse_another_rule(cursor),
            ("policy", "prohibits") => {
                cursor.maybe_words(&["policy", "prohibits"]);
                self.expect_name(cursor, "an act").map(ConditionKind::PolicyProhibits)
            }
            ("some" | "every" | "no", _) | ("at", "least" | "most") => {
                self.parse_quantified(cursor)
            }
            _ => self.parse_about_name(cursor),
        }
    }

    fn parse_not(&mut self, cursor: &mut Cursor<'_>) -> Read<ConditionKind> {
        cursor.next();
        let name = self.expect_name(cursor, "the name of a yes-or-no fact")?;
        if matches!(cursor.word(), "is" | "in" | "before" | "after" | "at" | "more" | "less") {
            let message = "`not` stands before a single name only";
            let found = Diagnostic::error("L011", cursor.here(), message)
                .help("write `is not` or `not in` after the name, or put it under `none of`");
            return Err(self.report(found));
        }
        Ok(ConditionKind::Name { negated: true, name })
    }

    fn parse_another_rule(&mut self, cursor: &mut Cursor<'_>) -> Read<ConditionKind> {
        let verb = self.expect_label_word(cursor)?;
        self.expect_word(cursor, "by")?;
        let references = self.expect_references(cursor)?;
        Ok(ConditionKind::AnotherRule { verb, references })
    }

    /// Reads the word at the cursor as it stands.
    pub(super) fn expect_label_word(&mut self, cursor: &mut Cursor<'_>) -> Read<Spelled> {
        match cursor.next() {
            Some(token) => Ok(token.spelled()),
            None => Err(self.expected(cursor, "a word")),
        }
    }

    fn parse_quantified(&mut self, cursor: &mut Cursor<'_>) -> Read<ConditionKind> {
        let quantifier = self.expect_quantifier(cursor)?;
        let record = self.expect_name(cursor, "the name of a record")?;
        let start = cursor.here();
        let body = if cursor.maybe_words(&["where"]) {
            Some(self.parse_condition(cursor)?)
        } else if cursor.maybe_words(&["is"]) || cursor.maybe_words(&["are"]) {
            let negated = cursor.maybe_words(&["not"]);
            let name = self.expect_name(cursor, "the name of a definition")?;
            let kind = ConditionKind::Name { negated, name };
            Some(Condition { marker: None, kind, except: Vec::new(), span: cursor.since(start) })
        } else {
            self.expect_clause_end(cursor, &["is", "are", "where"])?;
            None
        };
        Ok(ConditionKind::Quantified { quantifier, record, body: body.map(Box::new) })
    }

    fn expect_quantifier(&mut self, cursor: &mut Cursor<'_>) -> Read<Quantifier> {
        if cursor.maybe_words(&["at", "least"]) {
            return self.expect_number(cursor, "how many").map(Quantifier::AtLeast);
        }
        if cursor.maybe_words(&["at", "most"]) {
            return self.expect_number(cursor, "how many").map(Quantifier::AtMost);
        }
        let quantifier = match cursor.word() {
            "every" => Quantifier::Every,
            "no" => Quantifier::No,
            _ => Quantifier::Some,
        };
        cursor.next();
        Ok(quantifier)
    }

    fn parse_about_name(&mut self, cursor: &mut Cursor<'_>) -> Read<ConditionKind> {
        let name = self.expect_name(cursor, "a condition")?;
        match (cursor.word(), cursor.word_at(1)) {
            ("is", _) => self.parse_choice(cursor, name),
            ("in", _) | ("not", "in") => self.parse_member(cursor, name),
            ("before" | "after", _) | ("on", "or") => self.parse_date_compare(cursor, name),
            ("more" | "less" | "at" | "exactly", _) => self.parse_amount(cursor, name),
            _ => {
                self.expect_clause_end(cursor, AFTER_NAME)?;
                Ok(ConditionKind::Name { negated: false, name })
            }
        }
    }

    /// Reports a word that starts nothing that could follow a condition.
    fn expect_clause_end(&mut self, cursor: &Cursor<'_>, words: &[&str]) -> Read<()> {
        let follows = cursor.kind() == Some(TokenKind::Comma)
            || matches!(
                cursor.word(),
                "and" | "or" | "except" | "because" | "when" | "only" | "for" | "until"
            );
        if cursor.at_end() || follows { Ok(()) } else { Err(self.expected_words(cursor, words)) }
    }

    fn parse_choice(&mut self, cursor: &mut Cursor<'_>, name: Spelled) -> Read<ConditionKind> {
        cursor.next();
        let negated = cursor.maybe_words(&["not"]);
        if cursor.maybe_words(&["any", "of"]) || cursor.maybe_words(&["one", "of"]) {
            let mut values = vec![self.expect_value(cursor)?];
            while maybe_separator(cursor, &["and", "or"]) {
                values.push(self.expect_value(cursor)?);
            }
            return Ok(ConditionKind::Choice { name, negated, values });
        }
        if cursor.kind() == Some(TokenKind::Number) && !negated {
            let value = self.expect_number(cursor, "a number")?;
            return Ok(ConditionKind::Number { left: name, relation: Relation::Exactly, value });
        }
        if cursor.is(&["yes"]) || cursor.is(&["no"]) {
            let negated = negated != cursor.is(&["no"]);
            cursor.next();
            return Ok(ConditionKind::Name { negated, name });
        }
        let values = vec![self.expect_value(cursor)?];
        Ok(ConditionKind::Choice { name, negated, values })
    }

    /// Reads a value of a choice: a name or quoted text.
    fn expect_value(&mut self, cursor: &mut Cursor<'_>) -> Read<Spelled> {
        match cursor.maybe_kind(TokenKind::Quoted) {
            Some(text) => Ok(text),
            None => self.expect_name(cursor, "a value"),
        }
    }

    fn parse_member(&mut self, cursor: &mut Cursor<'_>, left: Spelled) -> Read<ConditionKind> {
        let negated = cursor.maybe_words(&["not"]);
        self.expect_word(cursor, "in")?;
        let table = self.expect_name(cursor, "the name of a table")?;
        let mut filter = None;
        let mut as_of = None;
        loop {
            let span = cursor.here();
            if cursor.maybe_words(&["where"]) {
                let column = self.expect_name(cursor, "the name of a column")?;
                self.expect_word(cursor, "is")?;
                let _ = cursor.maybe_words(&["any", "of"]) || cursor.maybe_words(&["one", "of"]);
                let values = self.expect_quoted_list(cursor, "what the column says")?;
                self.set_once(&mut filter, (column, values), ("where", span));
            } else if cursor.maybe_words(&["as", "of"]) {
                let day = self.expect_date_or_name(cursor)?;
                self.set_once(&mut as_of, day, ("as of", span));
            } else {
                self.expect_clause_end(cursor, &["where", "as of"])?;
                return Ok(ConditionKind::Member { left, negated, table, filter, as_of });
            }
        }
    }

    fn parse_date_compare(
        &mut self,
        cursor: &mut Cursor<'_>,
        left: Spelled,
    ) -> Read<ConditionKind> {
        let on = cursor.maybe_words(&["on", "or"]);
        let order = match (cursor.word(), on) {
            ("before", false) => Order::Before,
            ("before", true) => Order::OnOrBefore,
            ("after", false) => Order::After,
            ("after", true) => Order::OnOrAfter,
            _ => return Err(self.expected_words(cursor, &["before", "after"])),
        };
        cursor.next();
        let right = self.expect_date_or_name(cursor)?;
        Ok(ConditionKind::DateCompare { left, order, right })
    }

    /// Reads a comparison with a number, or a span of time before or after a date.
    fn parse_amount(&mut self, cursor: &mut Cursor<'_>, left: Spelled) -> Read<ConditionKind> {
        let relation = self.expect_relation(cursor)?;
        let span = cursor.here();
        let value: i64 = self.expect_number(cursor, "a number")?;
        if unit_of(cursor.word()).is_none() {
            self.expect_clause_end(cursor, &["hours", "days", "weeks", "months", "years"])?;
            return Ok(ConditionKind::Number { left, relation, value });
        }
        let unit = self.expect_unit(cursor)?;
        let Ok(count) = u32::try_from(value) else {
            let found =
                Diagnostic::error("L018", span, format!("the number `{value}` is too large"));
            return Err(self.report(found));
        };
        let after = match cursor.word() {
            "before" => false,
            "after" => true,
            _ => return Err(self.expected_words(cursor, &["before", "after"])),
        };
        cursor.next();
        let right = match cursor.maybe_kind(TokenKind::Date) {
            Some(date) => date,
            None => self.expect_name(cursor, "a date or the name of one")?,
        };
        let mut not_counting = None;
        if cursor.is(&[",", "not", "counting"]) || cursor.is(&["not", "counting"]) {
            cursor.maybe_comma();
            cursor.maybe_words(&["not", "counting"]);
            not_counting = Some(self.expect_name(cursor, "a number of days")?);
        }
        Ok(ConditionKind::Window { left, relation, count, unit, after, right, not_counting })
    }

    fn expect_relation(&mut self, cursor: &mut Cursor<'_>) -> Read<Relation> {
        if cursor.maybe_words(&["exactly"]) {
            return Ok(Relation::Exactly);
        }
        let relation = match (cursor.word(), cursor.word_at(1)) {
            ("more", "than") => Relation::MoreThan,
            ("less", "than") => Relation::LessThan,
            ("at", "least") => Relation::AtLeast,
            ("at", "most") => Relation::AtMost,
            ("at", _) => {
                cursor.next();
                return Err(self.expected_words(cursor, &["least", "most"]));
            }
            _ => {
                cursor.next();
                return Err(self.expected_words(cursor, &["than"]));
            }
        };
        cursor.next();
        cursor.next();
        Ok(relation)
    }
}
