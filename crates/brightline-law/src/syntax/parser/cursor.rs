//! A place in a line, and the lines under it.

use super::super::ast::Spelled;
use super::super::outline::Line;
use super::super::token::{Token, TokenKind};
use crate::diagnostic::Span;

/// Reads the tokens of one line from left to right.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'l> {
    tokens: &'l [Token<'l>],
    line: Span,
    position: usize,
    /// The lines under it that nothing has taken yet.
    children: Vec<&'l Line<'l>>,
    /// How many conditions the present one stands inside.
    pub depth: usize,
}

impl<'l> Cursor<'l> {
    /// Returns a cursor at the first token.
    pub(super) fn new(line: &'l Line<'l>) -> Self {
        let children = line.children.iter().collect();
        Self { tokens: &line.tokens, line: line.span, position: 0, children, depth: 0 }
    }

    /// Returns the place of the whole line.
    pub(super) fn line(&self) -> Span {
        self.line
    }

    /// Returns the token at the cursor.
    pub(super) fn peek(&self) -> Option<&'l Token<'l>> {
        self.peek_at(0)
    }

    /// Returns the token so many places on.
    pub(super) fn peek_at(&self, ahead: usize) -> Option<&'l Token<'l>> {
        self.tokens.get(self.position + ahead)
    }

    /// Returns the word at the cursor; empty at the end and before quoted text.
    pub(super) fn word(&self) -> &'l str {
        self.word_at(0)
    }

    /// Returns the word so many places on.
    pub(super) fn word_at(&self, ahead: usize) -> &'l str {
        match self.peek_at(ahead) {
            Some(token) if token.kind != TokenKind::Quoted => token.text,
            _ => "",
        }
    }

    /// Returns the kind of the token at the cursor.
    pub(super) fn kind(&self) -> Option<TokenKind> {
        self.peek().map(|token| token.kind)
    }

    /// Returns whether all tokens were read.
    pub(super) fn at_end(&self) -> bool {
        self.peek().is_none()
    }

    /// Moves past the token at the cursor and returns it.
    pub(super) fn next(&mut self) -> Option<&'l Token<'l>> {
        let token = self.peek();
        self.position += usize::from(token.is_some());
        token
    }

    /// Moves to the end of the line and lets go of the lines under it.
    pub(super) fn skip_rest(&mut self) {
        self.position = self.tokens.len();
        self.children.clear();
    }

    /// Returns whether these words stand at the cursor.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| self.word_at(ahead) == *word)
    }

    /// Returns how many tokens on these words stand.
    pub(super) fn find(&self, words: &[&str]) -> Option<usize> {
        (0..self.tokens.len().saturating_sub(self.position)).find(|ahead| {
            words.iter().enumerate().all(|(offset, word)| self.word_at(ahead + offset) == *word)
        })
    }

    /// Moves past these words if they stand at the cursor.
    pub(super) fn maybe_words(&mut self, words: &[&str]) -> bool {
        let found = self.is(words);
        if found {
            self.position += words.len();
        }
        found
    }

    /// Moves past a comma.
    pub(super) fn maybe_comma(&mut self) -> bool {
        let found = self.kind() == Some(TokenKind::Comma);
        self.position += usize::from(found);
        found
    }

    /// Moves past the token and returns it if it is of this kind.
    pub(super) fn maybe_kind(&mut self, kind: TokenKind) -> Option<Spelled> {
        let token = self.peek().filter(|token| token.kind == kind)?;
        self.position += 1;
        Some(token.spelled())
    }

    /// Returns the place of the token at the cursor, or of the end of the line.
    pub(super) fn here(&self) -> Span {
        let end = Span { start: self.line.end, ..self.line };
        self.peek().map_or(end, |token| token.span)
    }

    /// Returns the place from `start` to the last token that was read.
    pub(super) fn since(&self, start: Span) -> Span {
        let last = self.position.checked_sub(1).and_then(|last| self.tokens.get(last));
        let end = last.map_or(start.end, |token| token.span.end.max(start.start));
        Span { end, ..start }
    }

    /// Returns the tokens up to the first that `stops`, joined by single spaces.
    pub(super) fn maybe_joined(&mut self, stops: impl Fn(&Token<'_>) -> bool) -> Option<Spelled> {
        let start = self.here();
        let mut text = String::new();
        while let Some(token) = self.peek().filter(|token| !stops(token)) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(token.text);
            self.position += 1;
        }
        (!text.is_empty()).then(|| Spelled { text, span: self.since(start) })
    }

    /// Returns whether lines stand under this one that nothing has taken.
    pub(super) fn has_children(&self) -> bool {
        !self.children.is_empty()
    }

    /// Takes the lines under this one.
    pub(super) fn take_children(&mut self) -> Vec<&'l Line<'l>> {
        std::mem::take(&mut self.children)
    }

    /// Takes those of the lines under this one for which `wanted` holds.
    pub(super) fn take_children_where(
        &mut self,
        wanted: impl Fn(&Line<'_>) -> bool,
    ) -> Vec<&'l Line<'l>> {
        let (taken, left) = self.take_children().into_iter().partition(|line| wanted(line));
        self.children = left;
        taken
    }
}
