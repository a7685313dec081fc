//! Names, lists of names, quoted text, labels, references, subjects, numbers.

use super::super::ast::{Spelled, Subjects};
use super::super::token::{Token, TokenKind};
use super::cursor::Cursor;
use super::{Parser, Read};
use crate::diagnostic::Diagnostic;

/// Words of the language that cannot be names.
const RESERVED: &[&str] = &[
    "all", "and", "any", "are", "as", "at", "because", "before", "after", "by", "each", "every",
    "except", "for", "from", "has", "in", "is", "may", "must", "no", "none", "not", "of", "on",
    "only", "or", "some", "the", "than", "this", "to", "unless", "until", "was", "when", "where",
    "within", "always", "never",
];

/// Words at which a reference or a label ends.
const REFERENCE_STOPS: &[&str] = &["and", "or", "when", "because", "except", "only", "does", "by"];

impl Parser<'_> {
    /// Reads a name; capitals and reserved words are reported.
    pub(super) fn expect_name(&mut self, cursor: &mut Cursor<'_>, what: &str) -> Read<Spelled> {
        let token = match cursor.peek() {
            Some(token) if token.kind == TokenKind::Word => token,
            _ => return Err(self.expected(cursor, what)),
        };
        if RESERVED.contains(&token.text) {
            return Err(self.expected(cursor, what));
        }
        if !is_name(token.text) {
            return Err(self.report(not_a_name(token)));
        }
        cursor.next();
        Ok(token.spelled())
    }

    /// Reads a name that is being introduced.
    pub(super) fn expect_new_name(&mut self, cursor: &mut Cursor<'_>, what: &str) -> Read<Spelled> {
        match cursor.peek() {
            Some(token) if token.kind == TokenKind::Word && RESERVED.contains(&token.text) => {
                let message = format!("`{}` is a word of the language", token.text);
                let diagnostic = Diagnostic::error("L016", token.span, message)
                    .label(format!("cannot name {}", what.trim_start_matches("the name of ")))
                    .help("choose another name");
                Err(self.report(diagnostic))
            }
            _ => self.expect_name(cursor, what),
        }
    }

    /// Reads one or more names parted by commas or `and`.
    pub(super) fn expect_names(
        &mut self,
        cursor: &mut Cursor<'_>,
        what: &str,
    ) -> Read<Vec<Spelled>> {
        let mut names = vec![self.expect_name(cursor, what)?];
        while maybe_separator(cursor, &["and"]) {
            names.push(self.expect_name(cursor, what)?);
        }
        Ok(names)
    }

    /// Reads quoted text.
    pub(super) fn expect_quoted(&mut self, cursor: &mut Cursor<'_>, what: &str) -> Read<Spelled> {
        if let Some(text) = cursor.maybe_kind(TokenKind::Quoted) {
            return Ok(text);
        }
        match cursor.peek() {
            Some(token) if token.text.starts_with(['“', '”', '\'', '‘', '«']) => {
                let message = format!("expected {what} in straight double quotes");
                Err(self
                    .report(Diagnostic::error("L011", token.span, message).help("write `\"…\"`")))
            }
            _ => Err(self.expected(cursor, &format!("{what} in double quotes"))),
        }
    }

    /// Reads one or more quoted texts parted by commas or `and`.
    pub(super) fn expect_quoted_list(
        &mut self,
        cursor: &mut Cursor<'_>,
        what: &str,
    ) -> Read<Vec<Spelled>> {
        let mut texts = vec![self.expect_quoted(cursor, what)?];
        while maybe_separator(cursor, &["and", "or"]) {
            texts.push(self.expect_quoted(cursor, what)?);
        }
        Ok(texts)
    }

    /// Reads a whole number.
    pub(super) fn expect_number<N: std::str::FromStr>(
        &mut self,
        cursor: &mut Cursor<'_>,
        what: &str,
    ) -> Read<N> {
        match cursor.peek() {
            Some(token) if token.kind == TokenKind::Number => match token.text.parse() {
                Ok(number) => {
                    cursor.next();
                    Ok(number)
                }
                Err(_) => {
                    let message = format!("the number `{}` is too large", token.text);
                    Err(self.report(Diagnostic::error("L018", token.span, message)))
                }
            },
            _ => Err(self.expected(cursor, what)),
        }
    }

    /// Reads a label: everything up to a comma, quoted text or a word that ends it.
    pub(super) fn expect_label(&mut self, cursor: &mut Cursor<'_>, what: &str) -> Read<Spelled> {
        match maybe_label(cursor) {
            Some(label) => Ok(label),
            None => Err(self.expected(cursor, what)),
        }
    }

    /// Reads one or more references to provisions, parted by commas or `and`.
    pub(super) fn expect_references(&mut self, cursor: &mut Cursor<'_>) -> Read<Vec<Spelled>> {
        let what = "a provision such as `(b)(1)`";
        let mut references = vec![self.expect_label(cursor, what)?];
        while maybe_separator(cursor, &["and", "or"]) {
            references.push(self.expect_label(cursor, what)?);
        }
        Ok(references)
    }

    /// Reads agencies and groups with what is carved out of them.
    pub(super) fn expect_subjects(&mut self, cursor: &mut Cursor<'_>) -> Read<Subjects> {
        let names = self.expect_subject_names(cursor)?;
        let except_next = cursor.is(&["except"]) && cursor.word_at(1) != "when";
        let comma_except = cursor.is(&[",", "except"]) && cursor.word_at(2) != "when";
        let mut except = Vec::new();
        if except_next || comma_except {
            cursor.maybe_comma();
            cursor.next();
            except = self.expect_subject_names(cursor)?;
            if matches!(cursor.word_at(1), "may" | "must" | "has" | "have") {
                cursor.maybe_comma();
            }
        }
        Ok(Subjects { names, except })
    }

    fn expect_subject_names(&mut self, cursor: &mut Cursor<'_>) -> Read<Vec<Spelled>> {
        let mut names = vec![self.expect_subject(cursor)?];
        while !starts_carve_out(cursor) && maybe_separator(cursor, &["and", "or"]) {
            names.push(self.expect_subject(cursor)?);
        }
        Ok(names)
    }

    fn expect_subject(&mut self, cursor: &mut Cursor<'_>) -> Read<Spelled> {
        let start = cursor.here();
        if cursor.maybe_words(&["the", "agency"]) {
            return Ok(Spelled { text: "the agency".to_owned(), span: cursor.since(start) });
        }
        cursor.maybe_words(&["every"]);
        self.expect_name(cursor, "an agency, a group or `the agency`")
    }
}

fn starts_carve_out(cursor: &Cursor<'_>) -> bool {
    cursor.is(&[",", "except"])
}

/// Reads a comma, one of `words`, or a comma and one of `words`, if a further entry follows.
pub(super) fn maybe_separator(cursor: &mut Cursor<'_>, words: &[&str]) -> bool {
    let comma = cursor.kind() == Some(TokenKind::Comma);
    let ahead = usize::from(comma);
    let joined = words.contains(&cursor.word_at(ahead));
    let clause = !joined && RESERVED.contains(&cursor.word_at(ahead)) && !is_entry(cursor, ahead);
    if clause || !(comma || joined) {
        return false;
    }
    cursor.maybe_comma();
    if joined {
        cursor.next();
    }
    true
}

/// Returns whether the reserved word starts an entry of a list after all.
fn is_entry(cursor: &Cursor<'_>, ahead: usize) -> bool {
    match cursor.word_at(ahead) {
        "every" | "this" => true,
        "the" => cursor.word_at(ahead + 1) == "agency",
        _ => false,
    }
}

/// Reads a label if one is there.
pub(super) fn maybe_label(cursor: &mut Cursor<'_>) -> Option<Spelled> {
    cursor.maybe_joined(|token| {
        matches!(token.kind, TokenKind::Comma | TokenKind::Quoted)
            || REFERENCE_STOPS.contains(&token.text)
    })
}

/// Returns whether the text can be a name: lower case, digits and `_`, a letter first.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn not_a_name(token: &Token<'_>) -> Diagnostic {
    let mended: String = token
        .text
        .trim_matches(|edge: char| !edge.is_ascii_alphanumeric())
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character } else { '_' })
        .collect::<String>()
        .to_ascii_lowercase();
    let suggestion = Some(mended).filter(|mended| is_name(mended));
    let found = Diagnostic::error("L015", token.span, format!("`{}` is not a name", token.text));
    let found = if token.text.starts_with('(') {
        found.help("put a space between a marker and what follows it")
    } else {
        found.help("names are lower-case letters, digits and `_`, and start with a letter")
    };
    match suggestion {
        Some(name) if !token.text.starts_with('(') => found.suggest(Some(name)),
        _ => found,
    }
}
