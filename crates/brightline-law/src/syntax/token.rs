//! Cuts a line into words, markers, quoted text, numbers, dates, times and commas.

use super::ast::Spelled;
use crate::diagnostic::Span;

/// The kinds of [`Token`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Anything that is none of the others: `judicial_warrant`, `9-131(b)(1)`, `us/287.7`.
    Word,
    /// Groups in parentheses and nothing else: `(b)(1)(ii)`.
    Marker,
    /// `48`.
    Number,
    /// `2014-12-14`; whether there is such a day is not looked at.
    Date,
    /// `23:59`.
    Time,
    /// `"…"`, quotes included.
    Quoted,
    /// `,`.
    Comma,
}

/// A piece of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    /// What it is.
    pub kind: TokenKind,
    /// As written.
    pub text: &'t str,
    /// Where it stands.
    pub span: Span,
}

impl Token<'_> {
    /// Returns the text with its place; quotes are taken off and `\"` becomes `"`.
    pub(super) fn spelled(&self) -> Spelled {
        let text = match self.kind {
            TokenKind::Quoted => unquoted(self.text),
            _ => self.text.to_owned(),
        };
        Spelled { text, span: self.span }
    }
}

fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('"').unwrap_or(text);
    inner.strip_suffix('"').unwrap_or(inner).replace("\\\"", "\"")
}

/// What a line is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Scanned<'t> {
    /// The tokens, comment left out.
    pub tokens: Vec<Token<'t>>,
    /// The comment with its dashes.
    pub comment: Option<&'t str>,
    /// The place of quoted text that is not closed; it is no token.
    pub unclosed: Option<Span>,
}

/// Cuts a line; `origin` is the place of its first byte.
pub(super) fn scan(line: &str, origin: Span) -> Scanned<'_> {
    let mut scanned = Scanned::default();
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        let offset = line.len() - rest.len();
        if rest.is_empty() {
            return scanned;
        }
        if rest.starts_with("--") {
            scanned.comment = Some(rest.trim_end());
            return scanned;
        }
        let Some((kind, length)) = first_token(rest) else {
            scanned.unclosed = Some(place(origin, offset, rest.trim_end().len()));
            return scanned;
        };
        let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        scanned.tokens.push(Token { kind, text, span: place(origin, offset, text.len()) });
        rest = after;
    }
}

fn place(origin: Span, offset: usize, length: usize) -> Span {
    let start = origin.start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
    let end = start.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
    Span { file: origin.file, start, end }
}

/// Returns the kind and length of the first token; none: quoted text that is not closed.
fn first_token(rest: &str) -> Option<(TokenKind, usize)> {
    if rest.starts_with(',') {
        return Some((TokenKind::Comma, 1));
    }
    if rest.starts_with('"') {
        return quoted_length(rest).map(|length| (TokenKind::Quoted, length));
    }
    let length = word_length(rest);
    let word = rest.get(..length).unwrap_or(rest);
    Some((word_kind(word), length))
}

fn quoted_length(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (index, character) in rest.char_indices().skip(1) {
        match character {
            '"' if !escaped => return Some(index + 1),
            _ => escaped = character == '\\',
        }
    }
    None
}

fn word_length(rest: &str) -> usize {
    let ends = |character: char| character.is_whitespace() || matches!(character, ',' | '"');
    let length = rest.find(ends).unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or(rest);
    word.find("--").unwrap_or(length)
}

fn word_kind(word: &str) -> TokenKind {
    if is_marker(word) {
        TokenKind::Marker
    } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
        TokenKind::Number
    } else if has_shape(word, "0000-00-00") {
        TokenKind::Date
    } else if has_shape(word, "00:00") || has_shape(word, "0:00") {
        TokenKind::Time
    } else {
        TokenKind::Word
    }
}

fn is_marker(word: &str) -> bool {
    let mut rest = word;
    while let Some(inner) = rest.strip_prefix('(') {
        match inner.split_once(')') {
            Some((label, after)) if !label.is_empty() && !label.contains('(') => rest = after,
            _ => return false,
        }
    }
    rest.is_empty() && !word.is_empty()
}

/// Returns whether the word has digits where the shape has `0`, and is the same elsewhere.
fn has_shape(word: &str, shape: &str) -> bool {
    word.len() == shape.len()
        && word.bytes().zip(shape.bytes()).all(|(byte, model)| match model {
            b'0' => byte.is_ascii_digit(),
            _ => byte == model,
        })
}
