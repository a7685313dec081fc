//! Conditions as tabulated: list heads, markers, exceptions.

use super::super::ast::{Condition, ConditionKind};
use super::super::limits::NESTING_DEPTH_MAX;
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::report::infix;
use super::{Parser, Read};
use crate::diagnostic::{Diagnostic, Span};

/// The words that open a list.
const LIST_WORDS: &[&str] = &["all", "any", "none"];

impl Parser<'_> {
    /// Reads what follows `when`; a condition that cannot be read becomes `Broken`.
    pub(super) fn parse_when(&mut self, cursor: &mut Cursor<'_>) -> Condition {
        let start = cursor.here();
        match self.parse_condition(cursor) {
            Ok(condition) => condition,
            Err(_) => {
                cursor.skip_rest();
                broken(start)
            }
        }
    }

    /// Reads a condition that takes the rest of its line and all lines under it.
    pub(super) fn parse_whole_when(&mut self, cursor: &mut Cursor<'_>) -> Condition {
        let mut condition = self.parse_when(cursor);
        if self.expect_line_end(cursor, &[]).is_err() {
            cursor.skip_rest();
            return broken(condition.span);
        }
        self.parse_exceptions_below(cursor, &mut condition);
        condition
    }

    /// Reads a list head or a leaf at the cursor.
    pub(super) fn parse_condition(&mut self, cursor: &mut Cursor<'_>) -> Read<Condition> {
        let start = cursor.here();
        if cursor.depth >= NESTING_DEPTH_MAX {
            let message = format!("conditions are nested deeper than {NESTING_DEPTH_MAX} levels");
            return Err(self.report(Diagnostic::error("L006", start, message)));
        }
        cursor.depth += 1;
        let read = if LIST_WORDS.contains(&cursor.word()) && cursor.word_at(1) == "of" {
            self.parse_list(cursor)
        } else {
            self.parse_leaf(cursor).map(|kind| {
                let span = cursor.since(start);
                Condition { marker: None, kind, except: Vec::new(), span }
            })
        };
        cursor.depth -= 1;
        if matches!(cursor.word(), "and" | "or") && read.is_ok() {
            return Err(self.report(infix(cursor.word(), cursor.here())));
        }
        read
    }

    fn parse_list(&mut self, cursor: &mut Cursor<'_>) -> Read<Condition> {
        let start = cursor.here();
        let head = cursor.word();
        cursor.next();
        cursor.next();
        if !cursor.at_end() {
            let found =
                Diagnostic::error("L014", cursor.here(), format!("`{head} of` ends its line"))
                    .help("put each condition on a line of its own under it");
            return Err(self.report(found));
        }
        let span = cursor.since(start);
        let mut list = Vec::new();
        let mut except = Vec::new();
        let children = cursor.take_children();
        for child in &children {
            match self.maybe_except_line(child, cursor.depth) {
                Some(condition) => except.push(condition),
                None => list.push(self.parse_condition_line(child, cursor.depth)),
            }
        }
        if list.is_empty() {
            let found =
                Diagnostic::error("L014", span, format!("nothing stands under `{head} of`"))
                    .help("indent its conditions by two more spaces than this line");
            return Err(self.report(found));
        }
        let kind = match head {
            "all" => ConditionKind::All(list),
            "any" => ConditionKind::Any(list),
            _ => ConditionKind::None(list),
        };
        Ok(Condition { marker: None, kind, except, span })
    }

    /// Reads a line of a list: marker, condition, exceptions under it.
    fn parse_condition_line(&mut self, line: &Line<'_>, depth: usize) -> Condition {
        let Ok(mut cursor) = self.open(line) else {
            return broken(line.span);
        };
        cursor.depth = depth;
        let marker = cursor.maybe_kind(TokenKind::Marker);
        let mut condition = self.parse_when(&mut cursor);
        while cursor.maybe_words(&["except", "when"]) {
            let exception = self.parse_when(&mut cursor);
            condition.except.push(exception);
        }
        if self.expect_line_end(&mut cursor, &["except"]).is_err() {
            condition = broken(line.span);
            cursor.skip_rest();
        }
        self.parse_exceptions_below(&mut cursor, &mut condition);
        Condition { marker, span: line.span, ..condition }
    }

    /// Reads `except when` lines that stand under a condition's own line.
    pub(super) fn parse_exceptions_below(
        &mut self,
        cursor: &mut Cursor<'_>,
        condition: &mut Condition,
    ) {
        for child in cursor.take_children() {
            match self.maybe_except_line(child, cursor.depth) {
                Some(exception) => condition.except.push(exception),
                None => {
                    self.nothing_under(child);
                }
            }
        }
    }

    /// Reads the line if it says `except when`.
    fn maybe_except_line(&mut self, line: &Line<'_>, depth: usize) -> Option<Condition> {
        let mut cursor = self.open(line).ok()?;
        cursor.depth = depth;
        let marker = cursor.maybe_kind(TokenKind::Marker);
        if !cursor.maybe_words(&["except"]) {
            return None;
        }
        if self.expect_word(&mut cursor, "when").is_err() {
            return Some(broken(line.span));
        }
        let condition = self.parse_whole_when(&mut cursor);
        Some(Condition { marker: marker.or(condition.marker), ..condition })
    }
}

/// Returns the condition that stands for one that could not be read.
pub(super) fn broken(span: Span) -> Condition {
    Condition { marker: None, kind: ConditionKind::Broken, except: Vec::new(), span }
}
