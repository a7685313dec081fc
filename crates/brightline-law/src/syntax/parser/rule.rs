//! Rules and their statements.

use super::super::ast::{Modal, Rule, Spelled, Statement, Subjects};
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::limit::{at_limit, is_limit_line};
use super::property::{Place, WORDS, is_modal, unknown_property};
use super::{Broken, Parser, Read};
use crate::diagnostic::{Diagnostic, Span, nearest};

/// The words that give or take authority.
const MODAL_WORDS: &[&str] = &["may", "must", "has", "does"];

/// The words that can follow an act.
const CLAUSE_WORDS: &[&str] = &["when", "only", "except", "for", "until"];

/// The kinds of clauses that follow a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clause {
    /// `for at most …`, `until …`.
    Limit,
    /// `when …`, `only when …`.
    When,
    /// `except when …`.
    Except,
}

impl Parser<'_> {
    /// Reads `rule LABEL` with its properties and statements.
    pub(super) fn parse_rule(&mut self, cursor: &mut Cursor<'_>) -> Read<Rule> {
        cursor.next();
        let label = self.expect_label(cursor, "the label of the rule")?;
        let _ = self.expect_line_end(cursor, &[]);
        let mut rule = Rule { label, properties: Vec::new(), statements: Vec::new() };
        let mut lost = false;
        for child in cursor.take_children() {
            let clause = !child.broken && at_clause(&Cursor::new(child));
            if lost && clause {
                continue;
            }
            let count = rule.statements.len();
            let read = self.parse_rule_line(child, &mut rule);
            lost = is_lost(lost, rule.statements.len() > count, read.is_err() && !clause);
        }
        Ok(rule)
    }

    fn parse_rule_line(&mut self, line: &Line<'_>, rule: &mut Rule) -> Read<()> {
        let mut cursor = self.open(line)?;
        if let Some(property) = self.maybe_property(&mut cursor, Place::Item) {
            rule.properties.push(property?);
            return Ok(());
        }
        if at_clause(&cursor) {
            return match rule.statements.last_mut() {
                Some(statement) => self.parse_statement_line(&mut cursor, statement),
                None => Err(self.no_statement_above(&cursor)),
            };
        }
        rule.statements.push(self.parse_statement(&mut cursor)?);
        Ok(())
    }

    fn no_statement_above(&mut self, cursor: &Cursor<'_>) -> Broken {
        let message = format!("no statement stands above `{}`", cursor.word());
        self.report(
            Diagnostic::error("L023", cursor.here(), message)
                .help("put this line after the statement that it belongs to"),
        )
    }

    /// Reads a modal statement with the lines under it.
    fn parse_statement(&mut self, cursor: &mut Cursor<'_>) -> Read<Statement> {
        let span = cursor.line();
        let limits = cursor.take_children_where(is_limit_line);
        let mut statement = self.parse_statement_head(cursor, span)?;
        self.parse_clauses(cursor, &mut statement)?;
        for line in cursor.take_children().into_iter().chain(limits) {
            let Ok(mut line) = self.open(line) else {
                continue;
            };
            let _ = self.parse_statement_line(&mut line, &mut statement);
        }
        Ok(statement)
    }

    fn parse_statement_head(&mut self, cursor: &mut Cursor<'_>, span: Span) -> Read<Statement> {
        let mut subjects = Subjects::default();
        let mut targets = Vec::new();
        let modal = if cursor.find(&["does"]).is_some() {
            targets = self.expect_references(cursor)?;
            self.expect_relief(cursor)?
        } else {
            self.expect_some_modal(cursor)?;
            subjects = self.expect_subjects(cursor)?;
            self.expect_modal(cursor)?
        };
        let acts = self.expect_names(cursor, "an act")?;
        let (when, except, limits) = (None, Vec::new(), Vec::new());
        Ok(Statement { modal, subjects, targets, acts, when, except, limits, span })
    }

    fn expect_relief(&mut self, cursor: &mut Cursor<'_>) -> Read<Modal> {
        self.expect_words(cursor, &["does", "not"])?;
        let modal = match cursor.word() {
            "bar" => Modal::DoesNotBar,
            "require" => Modal::DoesNotRequire,
            _ => return Err(self.expected_words(cursor, &["bar", "require"])),
        };
        cursor.next();
        Ok(modal)
    }

    /// Reports a line that has no words of authority at all.
    pub(super) fn expect_some_modal(&mut self, cursor: &Cursor<'_>) -> Read<()> {
        let words = || (0..).map_while(|ahead| cursor.peek_at(ahead));
        if words().any(|token| token.kind == TokenKind::Word && is_modal(token.text)) {
            return Ok(());
        }
        let near_property = nearest(cursor.word(), WORDS).is_some();
        let near_modal = words()
            .skip(1)
            .filter(|token| token.kind == TokenKind::Word)
            .find_map(|token| nearest(token.text, MODAL_WORDS).map(|near| (token, near)));
        match near_modal {
            Some((token, near)) if !near_property => Err(self.report(
                Diagnostic::error(
                    "L011",
                    token.span,
                    format!("`{}` gives no authority", token.text),
                )
                .suggest(Some(near)),
            )),
            _ if near_property || cursor.kind() != Some(TokenKind::Word) => {
                Err(unknown_property(self, cursor, CLAUSE_WORDS))
            }
            _ => Err(self.report(
                Diagnostic::error(
                    "L010",
                    cursor.line(),
                    "this line is no statement and no property",
                )
                .help(
                    "a statement says who `may`, `must`, `must not` or \
                         `has no authority to` do what",
                ),
            )),
        }
    }

    /// Reads `may`, `must`, `must not` or `has no authority to`.
    pub(super) fn expect_modal(&mut self, cursor: &mut Cursor<'_>) -> Read<Modal> {
        if cursor.is(&["may", "not"]) || cursor.is(&["may", "only"]) {
            return Err(self.misplaced_modal(cursor));
        }
        if cursor.maybe_words(&["may"]) {
            return Ok(Modal::May);
        }
        if cursor.maybe_words(&["must", "not"]) {
            return Ok(Modal::MustNot);
        }
        if cursor.maybe_words(&["must"]) {
            self.expect_no_near_not(cursor)?;
            return Ok(Modal::Must);
        }
        if cursor.maybe_words(&["has"]) || cursor.maybe_words(&["have"]) {
            self.expect_words(cursor, &["no", "authority", "to"])?;
            return Ok(Modal::NoAuthority);
        }
        Err(self.expected_words(cursor, &["may", "must", "must not", "has no authority to"]))
    }

    fn misplaced_modal(&mut self, cursor: &Cursor<'_>) -> Broken {
        let after = cursor.word_at(1);
        let help = if after == "not" {
            "write `must not` for a ban, `has no authority to` for a lack of power, \
             or `does not require` for relief"
        } else {
            "write `may … only when …`"
        };
        let end = cursor.peek_at(1).map_or(cursor.here(), |token| token.span).end;
        let span = Span { end, ..cursor.here() };
        let message = format!("`may {after}` can be read in two ways");
        self.report(Diagnostic::error("L022", span, message).help(help))
    }

    /// Reports `must nto honor_detainer`: a word like `not` that is followed by another.
    fn expect_no_near_not(&mut self, cursor: &Cursor<'_>) -> Read<()> {
        let followed = cursor.peek_at(1).is_some_and(|token| token.kind == TokenKind::Word)
            && !CLAUSE_WORDS.contains(&cursor.word_at(1))
            && cursor.word_at(1) != "and";
        match nearest(cursor.word(), ["not"]) {
            Some(_) if followed => Err(self.expected_words(cursor, &["not"])),
            _ => Ok(()),
        }
    }

    /// Reads conditions, exceptions and limits up to the end of the line; returns the last kind.
    fn parse_clauses(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut Statement,
    ) -> Read<Option<Clause>> {
        let mut last = None;
        loop {
            if cursor.kind() == Some(TokenKind::Comma) && cursor.peek_at(1).is_some() {
                cursor.maybe_comma();
            }
            if cursor.at_end() {
                return Ok(last);
            }
            if !at_clause(cursor) {
                self.expect_line_end(cursor, CLAUSE_WORDS)?;
            }
            last = Some(self.parse_clause(cursor, statement)?);
        }
    }

    fn parse_clause(&mut self, cursor: &mut Cursor<'_>, statement: &mut Statement) -> Read<Clause> {
        let span = cursor.here();
        if at_limit(cursor) {
            statement.limits.push(self.parse_limit(cursor)?);
            return Ok(Clause::Limit);
        }
        if cursor.maybe_words(&["except"]) {
            self.expect_word(cursor, "when")?;
            statement.except.push(self.parse_when(cursor));
            return Ok(Clause::Except);
        }
        if cursor.maybe_words(&["only"]) {
            self.expect_only(statement, span)?;
            if cursor.at_end() {
                return Ok(Clause::Limit);
            }
        }
        self.expect_word(cursor, "when")?;
        let condition = self.parse_when(cursor);
        self.set_once(&mut statement.when, condition, ("when", span));
        Ok(Clause::When)
    }

    fn expect_only(&mut self, statement: &mut Statement, span: Span) -> Read<()> {
        if matches!(statement.modal, Modal::May | Modal::MayOnly) {
            statement.modal = Modal::MayOnly;
            return Ok(());
        }
        let message = "`only when` can follow `may` alone";
        Err(self.report(Diagnostic::error("L022", span, message).help("leave out `only`")))
    }

    /// Reads a line that belongs to a statement: condition, exception or limit.
    fn parse_statement_line(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut Statement,
    ) -> Read<()> {
        if !at_clause(cursor) {
            return Err(self.unknown_line(cursor, "of a statement", CLAUSE_WORDS));
        }
        let condition = match self.parse_clauses(cursor, statement)? {
            Some(Clause::When) => statement.when.as_mut(),
            Some(Clause::Except) => statement.except.last_mut(),
            Some(Clause::Limit) | None => None,
        };
        match condition {
            Some(condition) => self.parse_exceptions_below(cursor, condition),
            None => self.expect_end(cursor)?,
        }
        Ok(())
    }
}

/// Returns whether the clauses that follow belong to a statement that could not be read.
pub(super) fn is_lost(before: bool, read: bool, broken: bool) -> bool {
    (before || broken) && !read
}

/// Returns whether a clause of a statement stands at the cursor.
fn at_clause(cursor: &Cursor<'_>) -> bool {
    at_limit(cursor) || matches!(cursor.word(), "when" | "only" | "except")
}

/// Returns the outcome that a modal stands for in examples and claims.
pub(super) fn outcome_of(modal: Modal, span: Span) -> Spelled {
    let text = match modal {
        Modal::May | Modal::MayOnly => "permitted",
        Modal::Must => "required",
        Modal::MustNot => "prohibited",
        Modal::NoAuthority => "no authority",
        Modal::DoesNotBar => "not barred",
        Modal::DoesNotRequire => "not required",
    };
    Spelled { text: text.to_owned(), span }
}
