//! Properties: who, when, how sure, with what priority.

use super::super::ast::{
    DateExpr, Mark, PeriodExpr, PreemptsExpr, Property, PropertyKind, Spelled, SuspendedExpr,
};
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::phrase::maybe_label;
use super::{Broken, Parser, Read};
use crate::diagnostic::{Diagnostic, nearest};

/// Where a property stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Under the header of an instrument.
    Section,
    /// Under a rule, a definition, an unsettled point or a duty.
    Item,
}

/// The words that open a property.
pub(super) const WORDS: &[&str] = &[
    "title",
    "enacted",
    "issued",
    "decided",
    "in",
    "known",
    "binds",
    "confers",
    "source",
    "successor",
    "partial",
    "unverified",
    "suspended",
    "void",
    "despite",
    "subject",
    "preempts",
    "plain",
    "note",
    "consequence",
    "immunity",
    "severable",
    "never",
];

/// Those that stand under the header only.
const SECTION_ONLY: &[&str] = &["title", "enacted", "issued", "decided", "binds", "successor"];

impl Parser<'_> {
    /// Reads the line if it is a property.
    pub(super) fn maybe_property(
        &mut self,
        cursor: &mut Cursor<'_>,
        place: Place,
    ) -> Option<Read<Property>> {
        let word = cursor.word();
        if !WORDS.contains(&word) || is_modal(cursor.word_at(1)) {
            return None;
        }
        if place == Place::Item && SECTION_ONLY.contains(&word) {
            let message = format!("`{word}` stands under the header of a section only");
            let found = Diagnostic::error("L023", cursor.here(), message)
                .help("move it up to the header, or start a new header");
            return Some(Err(self.report(found)));
        }
        Some(self.parse_property(cursor))
    }

    fn parse_property(&mut self, cursor: &mut Cursor<'_>) -> Read<Property> {
        let span = cursor.line();
        let kind = self.parse_property_kind(cursor)?;
        self.expect_end(cursor)?;
        Ok(Property { kind, span })
    }

    fn parse_property_kind(&mut self, cursor: &mut Cursor<'_>) -> Read<PropertyKind> {
        match cursor.word() {
            "title" | "partial" | "unverified" | "plain" => self.parse_text_property(cursor),
            "note" | "consequence" | "immunity" | "severable" | "never" => {
                self.parse_metadata(cursor)
            }
            "enacted" => {
                self.expect_words(cursor, &["enacted", "by"])?;
                self.expect_quoted(cursor, "what enacted it").map(PropertyKind::EnactedBy)
            }
            "issued" => {
                cursor.next();
                self.expect_date(cursor).map(PropertyKind::Issued)
            }
            "decided" => {
                cursor.next();
                self.expect_date(cursor).map(PropertyKind::Decided)
            }
            "in" => {
                self.expect_words(cursor, &["in", "force"])?;
                self.expect_period(cursor).map(PropertyKind::InForce)
            }
            "known" => {
                self.expect_words(cursor, &["known", "from"])?;
                self.expect_date(cursor).map(PropertyKind::KnownFrom)
            }
            "binds" => {
                cursor.next();
                self.expect_subjects(cursor).map(PropertyKind::Binds)
            }
            "confers" => {
                self.expect_words(cursor, &["confers", "no", "authority"])?;
                Ok(PropertyKind::ConfersNoAuthority(maybe_label(cursor)))
            }
            "source" => self.parse_source(cursor),
            "successor" => self.parse_successor(cursor),
            "suspended" => self.parse_suspended(cursor).map(PropertyKind::Suspended),
            "void" => self.parse_void(cursor),
            "despite" => {
                cursor.next();
                self.expect_references(cursor).map(PropertyKind::Despite)
            }
            "subject" => {
                self.expect_words(cursor, &["subject", "to"])?;
                self.expect_references(cursor).map(PropertyKind::SubjectTo)
            }
            "preempts" => self.parse_preempts(cursor).map(PropertyKind::Preempts),
            _ => Err(self.expected_words(cursor, WORDS)),
        }
    }

    fn parse_text_property(&mut self, cursor: &mut Cursor<'_>) -> Read<PropertyKind> {
        let word = cursor.word();
        cursor.next();
        let text = self.expect_quoted(cursor, "text")?;
        Ok(match word {
            "title" => PropertyKind::Title(text),
            "partial" => PropertyKind::Partial(text),
            "unverified" => PropertyKind::Unverified(text),
            _ => PropertyKind::Plain(text),
        })
    }

    fn parse_metadata(&mut self, cursor: &mut Cursor<'_>) -> Read<PropertyKind> {
        let start = cursor.here();
        let word = cursor.word();
        cursor.next();
        if word == "never" {
            self.expect_word(cursor, "enacted")?;
        }
        let text = if word == "never" { "never enacted" } else { word };
        let keyword = Spelled { text: text.to_owned(), span: cursor.since(start) };
        let text = if word == "severable" {
            cursor.maybe_kind(TokenKind::Quoted)
        } else {
            Some(self.expect_quoted(cursor, "text")?)
        };
        Ok(PropertyKind::Metadata { keyword, text })
    }

    fn parse_source(&mut self, cursor: &mut Cursor<'_>) -> Read<PropertyKind> {
        cursor.next();
        let id = match cursor.peek() {
            Some(token) if !matches!(token.kind, TokenKind::Comma | TokenKind::Quoted) => {
                self.expect_label_word(cursor)?
            }
            _ => return Err(self.expected(cursor, "the name of a source in `pack.toml`")),
        };
        let mark = match (cursor.word(), cursor.word_at(1)) {
            ("read", _) => Mark::Read,
            ("secondary", _) => Mark::Secondary,
            ("recalled", _) => Mark::Recalled,
            ("analysis", _) => Mark::Analysis,
            ("partly", "read") => {
                cursor.next();
                Mark::PartlyRead
            }
            _ => return Err(self.expected_words(cursor, &Mark::NAMES)),
        };
        cursor.next();
        Ok(PropertyKind::Source { id, mark })
    }

    fn parse_successor(&mut self, cursor: &mut Cursor<'_>) -> Read<PropertyKind> {
        self.expect_words(cursor, &["successor", "of"])?;
        let old = self.expect_quoted(cursor, "the old citation")?;
        let from = self.maybe_date_after(cursor, &["from"])?;
        Ok(PropertyKind::SuccessorOf { old, from })
    }

    fn maybe_date_after(
        &mut self,
        cursor: &mut Cursor<'_>,
        words: &[&str],
    ) -> Read<Option<DateExpr>> {
        if cursor.maybe_words(words) { self.expect_date(cursor).map(Some) } else { Ok(None) }
    }

    fn parse_suspended(&mut self, cursor: &mut Cursor<'_>) -> Read<SuspendedExpr> {
        cursor.next();
        let period = self.expect_period(cursor)?;
        let mut by = None;
        let (mut as_to, mut acts) = (Vec::new(), Vec::new());
        while !cursor.at_end() {
            cursor.maybe_comma();
            let span = cursor.here();
            if cursor.maybe_words(&["by"]) {
                let case = self.expect_quoted(cursor, "the case")?;
                self.set_once(&mut by, case, ("by", span));
            } else if cursor.maybe_words(&["as", "to"]) {
                as_to.extend(self.expect_subjects(cursor)?.names);
            } else if cursor.maybe_words(&["for"]) {
                acts.extend(self.expect_names(cursor, "an act")?);
            } else {
                return Err(self.expected_words(cursor, &["by", "as to", "for"]));
            }
        }
        let Some(by) = by else {
            return Err(self.expected_words(cursor, &["by"]));
        };
        let vacated_from = self.parse_vacated(cursor);
        Ok(SuspendedExpr { period, by, as_to, acts, vacated_from })
    }

    /// Reads the `vacated from` line under `suspended`.
    fn parse_vacated(&mut self, cursor: &mut Cursor<'_>) -> Option<DateExpr> {
        let mut vacated = None;
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if let Ok(date) = self.parse_vacated_line(&mut line) {
                self.set_once(&mut vacated, date, ("vacated", child.span));
            }
        }
        vacated
    }

    fn parse_vacated_line(&mut self, line: &mut Cursor<'_>) -> Read<DateExpr> {
        if !line.is(&["vacated"]) {
            return Err(self.unknown_line(line, "under `suspended`", &["vacated"]));
        }
        self.expect_words(line, &["vacated", "from"])?;
        let date = self.expect_date(line)?;
        self.expect_end(line)?;
        Ok(date)
    }

    fn parse_void(&mut self, cursor: &mut Cursor<'_>) -> Read<PropertyKind> {
        self.expect_words(cursor, &["void", "from"])?;
        let from = self.expect_date(cursor)?;
        self.expect_word(cursor, "by")?;
        let by = self.expect_quoted(cursor, "the case")?;
        cursor.maybe_comma();
        let known_from = self.maybe_date_after(cursor, &["known", "from"])?;
        Ok(PropertyKind::Void { from, by, known_from })
    }

    fn parse_preempts(&mut self, cursor: &mut Cursor<'_>) -> Read<PreemptsExpr> {
        self.expect_words(cursor, &["preempts", "every"])?;
        let mut pack = None;
        if cursor.maybe_words(&["local", "rule"]) {
        } else {
            self.expect_words(cursor, &["rule", "of"])?;
            pack = Some(self.expect_label_word(cursor)?);
        }
        self.expect_word(cursor, "that")?;
        let verb = match cursor.word() {
            "prohibits" | "permits" | "requires" => self.expect_label_word(cursor)?,
            _ => return Err(self.expected_words(cursor, &["prohibits", "permits", "requires"])),
        };
        let acts = self.expect_names(cursor, "an act")?;
        Ok(PreemptsExpr { pack, verb, acts })
    }

    /// Reads `in force …` where it is a line of its own.
    pub(super) fn parse_in_force(&mut self, cursor: &mut Cursor<'_>) -> Read<PeriodExpr> {
        self.expect_words(cursor, &["in", "force"])?;
        self.expect_period(cursor)
    }
}

/// Returns whether the word gives or takes authority, so that the word before it is a subject.
pub(super) fn is_modal(word: &str) -> bool {
    matches!(word, "may" | "must" | "has" | "have" | "does")
}

/// Reports a line of an item that is neither a property nor anything else.
pub(super) fn unknown_property(
    parser: &mut Parser<'_>,
    cursor: &Cursor<'_>,
    also: &[&str],
) -> Broken {
    let word = cursor.word();
    let near = nearest(word, WORDS.iter().chain(also));
    let message = match word {
        "" => "a line starts with a word or a marker".to_owned(),
        _ => format!("no line here starts with `{word}`"),
    };
    let found = Diagnostic::error("L010", cursor.here(), message).label("not known here");
    parser.report(found.suggest(near))
}
