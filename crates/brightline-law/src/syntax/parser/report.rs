//! The diagnostics that many lines share.

use super::super::ast::Spelled;
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::{Broken, Parser, Read};
use crate::diagnostic::{Diagnostic, Span, nearest};

/// Longer lists of words are not shown.
const LISTED_WORDS_MAX: usize = 8;

impl Parser<'_> {
    /// Reports and gives up the line.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) -> Broken {
        self.diagnostics.push(diagnostic);
        Broken
    }

    /// Reports that something else was expected at the cursor.
    pub(super) fn expected(&mut self, cursor: &Cursor<'_>, what: &str) -> Broken {
        let diagnostic = expected(cursor, what);
        self.report(diagnostic)
    }

    /// Reports that one of these words was expected at the cursor, with the nearest of them.
    pub(super) fn expected_words(&mut self, cursor: &Cursor<'_>, words: &[&str]) -> Broken {
        let diagnostic = expected(cursor, &listed(words));
        let near = nearest(cursor.word(), words);
        self.report(diagnostic.suggest(near))
    }

    /// Reads this word or reports.
    pub(super) fn expect_word(&mut self, cursor: &mut Cursor<'_>, word: &str) -> Read<()> {
        if cursor.maybe_words(&[word]) { Ok(()) } else { Err(self.expected_words(cursor, &[word])) }
    }

    /// Reads these words one after another or reports the first that is not there.
    pub(super) fn expect_words(&mut self, cursor: &mut Cursor<'_>, words: &[&str]) -> Read<()> {
        words.iter().try_for_each(|word| self.expect_word(cursor, word))
    }

    /// Reports whatever is left of the line and whatever stands under it.
    pub(super) fn expect_end(&mut self, cursor: &mut Cursor<'_>) -> Read<()> {
        self.expect_line_end(cursor, &[])?;
        match cursor.take_children().first() {
            Some(child) => Err(self.nothing_under(child)),
            None => Ok(()),
        }
    }

    /// Reports whatever is left of the line; `words` are those that could have followed.
    pub(super) fn expect_line_end(&mut self, cursor: &mut Cursor<'_>, words: &[&str]) -> Read<()> {
        let Some(token) = cursor.peek() else {
            return Ok(());
        };
        let span = Span { end: cursor.line().end, ..token.span };
        let diagnostic = match token.text {
            "and" | "or" => infix(token.text, token.span),
            _ => Diagnostic::error("L012", span, format!("`{}` is one too many", token.text))
                .label("the line could have ended here")
                .suggest(nearest(cursor.word(), words)),
        };
        Err(self.report(diagnostic))
    }

    /// Reports a line that stands under one that takes none.
    pub(super) fn nothing_under(&mut self, child: &Line<'_>) -> Broken {
        if child.broken {
            return Broken;
        }
        self.report(
            Diagnostic::error("L013", child.span, "nothing can stand under the line above")
                .help("take the indentation back if the line belongs further out"),
        )
    }

    /// Reports a line that says nothing that can be said there.
    pub(super) fn unknown_line(
        &mut self,
        cursor: &Cursor<'_>,
        place: &str,
        words: &[&str],
    ) -> Broken {
        let word = cursor.word();
        let message = match word {
            "" => format!("a line {place} starts with a word"),
            _ => format!("no line {place} starts with `{word}`"),
        };
        let found = Diagnostic::error("L010", cursor.here(), message);
        self.report(match nearest(word, words) {
            Some(near) => found.suggest(Some(near)),
            None if words.len() <= LISTED_WORDS_MAX => {
                found.help(format!("a line {place} starts with {}", listed(words)))
            }
            None => found,
        })
    }

    /// Sets what may be said once; the second time is reported, and the first stands.
    pub(super) fn set_once<T>(
        &mut self,
        slot: &mut Option<T>,
        value: T,
        (keyword, span): (&str, Span),
    ) {
        if slot.is_some() {
            let message = format!("`{keyword}` is said twice");
            self.report(Diagnostic::error("L019", span, message).help("leave one of them out"));
        } else {
            *slot = Some(value);
        }
    }

    /// Reports that an item lacks what it needs.
    pub(super) fn lacks(&mut self, item: &str, name: &Spelled, what: &str) {
        let message = format!("the {item} `{}` needs {what}", name.text);
        self.report(Diagnostic::error("L020", name.span, message));
    }
}

fn expected(cursor: &Cursor<'_>, what: &str) -> Diagnostic {
    let message = match cursor.peek() {
        None => format!("expected {what} at the end of the line"),
        Some(token) if token.kind == TokenKind::Quoted => {
            format!("expected {what}, found quoted text")
        }
        Some(token) => format!("expected {what}, found `{}`", token.text),
    };
    Diagnostic::error("L011", cursor.here(), message).label("expected here")
}

/// Returns the diagnostic for `and` and `or` between conditions.
pub(super) fn infix(word: &str, span: Span) -> Diagnostic {
    let list = if word == "or" { "any of" } else { "all of" };
    Diagnostic::error("L021", span, format!("conditions are not joined by `{word}`"))
        .help(format!("write `{list}` and put each condition on a line of its own under it"))
}

/// Returns the words in backticks: `a`, `b` or `c`.
fn listed(words: &[&str]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == words.len() { " or " } else { ", " });
        }
        text.push('`');
        text.push_str(word);
        text.push('`');
    }
    text
}
