//! The header of an instrument.

use super::super::ast::{Property, Section};
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::property::Place;
use super::{Parser, Read};

impl Parser<'_> {
    /// Reads `section "…" as …` and the properties under it.
    pub(super) fn parse_section(&mut self, cursor: &mut Cursor<'_>) -> Read<Section> {
        let kind = self.expect_label_word(cursor)?;
        let citation = self.expect_quoted(cursor, "the citation")?;
        let mut short = None;
        if cursor.maybe_words(&["as"]) {
            short = cursor
                .maybe_joined(|token| matches!(token.kind, TokenKind::Comma | TokenKind::Quoted));
            if short.is_none() {
                return Err(self.expected(cursor, "a short name"));
            }
        }
        let _ = self.expect_line_end(cursor, &["as"]);
        let properties = self.parse_properties(cursor);
        Ok(Section { kind, citation, short, properties })
    }

    fn parse_properties(&mut self, cursor: &mut Cursor<'_>) -> Vec<Property> {
        let mut properties = Vec::new();
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            match self.maybe_property(&mut line, Place::Section) {
                Some(Ok(property)) => properties.push(property),
                Some(Err(_)) => {}
                None => {
                    self.unknown_line(&line, "of a section", super::property::WORDS);
                }
            }
        }
        properties
    }
}
