//! Roles, groups, agencies and acts.

use super::super::ast::{Act, Agency, NameItem};
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::{Parser, Read};

/// The words that open a line of an act.
const ACT_WORDS: &[&str] = &["includes", "asked"];

impl Parser<'_> {
    /// Reads `role NAME "…"` or `group NAME "…"`.
    pub(super) fn parse_name_item(&mut self, cursor: &mut Cursor<'_>) -> Read<NameItem> {
        let keyword = self.expect_label_word(cursor)?;
        let (name, words) = self.parse_named_words(cursor, "the name of the role or group")?;
        self.expect_end(cursor)?;
        Ok(NameItem { keyword, name, words })
    }

    /// Reads `agency NAME "…"` with `is GROUP, …`.
    pub(super) fn parse_agency(&mut self, cursor: &mut Cursor<'_>) -> Read<Agency> {
        cursor.next();
        let (name, words) = self.parse_named_words(cursor, "the name of the agency")?;
        let mut agency = Agency { name, words, groups: Vec::new() };
        if cursor.maybe_words(&["is"]) {
            agency.groups = self.expect_names(cursor, "the name of a group")?;
        }
        let _ = self.expect_line_end(cursor, &["is"]);
        for child in cursor.take_children() {
            let _ = self.parse_agency_line(child, &mut agency);
        }
        Ok(agency)
    }

    fn parse_agency_line(&mut self, line: &Line<'_>, agency: &mut Agency) -> Read<()> {
        let mut cursor = self.open(line)?;
        if !cursor.maybe_words(&["is"]) {
            return Err(self.unknown_line(&cursor, "of an agency", &["is"]));
        }
        agency.groups.extend(self.expect_names(&mut cursor, "the name of a group")?);
        self.expect_end(&mut cursor)
    }

    /// Reads `act NAME "…"` with `includes` and `asked by paper`.
    pub(super) fn parse_act(&mut self, cursor: &mut Cursor<'_>) -> Read<Act> {
        cursor.next();
        let (name, words) = self.parse_named_words(cursor, "the name of the act")?;
        let mut act = Act { name, words, includes: Vec::new(), asked_by: Vec::new() };
        while ACT_WORDS.contains(&cursor.word()) {
            self.parse_act_clause(cursor, &mut act)?;
        }
        let _ = self.expect_line_end(cursor, ACT_WORDS);
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if self.parse_act_clause(&mut line, &mut act).is_ok() {
                let _ = self.expect_end(&mut line);
            }
        }
        Ok(act)
    }

    fn parse_act_clause(&mut self, cursor: &mut Cursor<'_>, act: &mut Act) -> Read<()> {
        match cursor.word() {
            "asked" => {
                self.expect_words(cursor, &["asked", "by", "paper"])?;
                act.asked_by.extend(self.expect_quoted_list(cursor, "the name of a paper")?);
                Ok(())
            }
            "includes" => self.parse_includes(cursor, act),
            _ => Err(self.unknown_line(cursor, "of an act", ACT_WORDS)),
        }
    }

    /// Reads the included acts, on the line or on lines of their own.
    fn parse_includes(&mut self, cursor: &mut Cursor<'_>, act: &mut Act) -> Read<()> {
        cursor.next();
        if cursor.at_end() && !cursor.has_children() {
            return Err(self.expected(cursor, "the name of an act"));
        }
        while !cursor.at_end() {
            act.includes.push(self.parse_named_words(cursor, "the name of an act")?);
            let comma = cursor.maybe_comma();
            let joined = cursor.maybe_words(&["and"]);
            if !comma && !joined {
                break;
            }
        }
        for child in cursor.take_children_where(|line| !starts_with_act_word(line)) {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if let Ok(included) = self.parse_named_words(&mut line, "the name of an act") {
                while line.kind() == Some(TokenKind::Comma) && line.peek_at(1).is_none() {
                    line.maybe_comma();
                }
                let _ = self.expect_end(&mut line);
                act.includes.push(included);
            }
        }
        Ok(())
    }
}

fn starts_with_act_word(line: &Line<'_>) -> bool {
    line.tokens.first().is_some_and(|token| ACT_WORDS.contains(&token.text))
}
