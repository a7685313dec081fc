//! What examples and claims say must come out.

use super::super::ast::{Claim, Condition, OutcomeExpr, PeriodExpr, Spelled, Subjects, Then};
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::phrase::maybe_separator;
use super::property::is_modal;
use super::rule::outcome_of;
use super::{Parser, Read};
use crate::diagnostic::{Diagnostic, nearest};

/// The outcomes, as written.
const OUTCOMES: &[&str] = &[
    "required",
    "permitted",
    "prohibited",
    "not barred",
    "not required",
    "no authority",
    "silent",
    "unsettled",
    "conflict",
    "open",
];

/// The words that can follow an outcome.
const CLAUSE_WORDS: &[&str] = &["because", "when", "except"];

impl Parser<'_> {
    /// Reads `then …` on its line, or one outcome on each line under it.
    pub(super) fn parse_then(&mut self, cursor: &mut Cursor<'_>, then: &mut Vec<Then>) -> Read<()> {
        cursor.next();
        if !cursor.at_end() {
            then.push(self.parse_then_line(cursor)?);
            return Ok(());
        }
        if !cursor.has_children() {
            return Err(self.expected(cursor, "an outcome"));
        }
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            if let Ok(outcome) = self.parse_then_line(&mut line) {
                then.push(outcome);
            }
        }
        Ok(())
    }

    fn parse_then_line(&mut self, cursor: &mut Cursor<'_>) -> Read<Then> {
        let then = match cursor.word() {
            "ask" => {
                cursor.next();
                if cursor.maybe_words(&["nothing"]) {
                    Then::Ask(Vec::new())
                } else {
                    Then::Ask(self.expect_names(cursor, "a fact or `nothing`")?)
                }
            }
            "limit" => {
                cursor.next();
                Then::Limit(self.expect_given_value(cursor)?)
            }
            "owe" => {
                cursor.next();
                let duty = self.expect_label(cursor, "the label of a duty")?;
                cursor.maybe_comma();
                let by = if cursor.maybe_words(&["by"]) {
                    Some(self.expect_date(cursor)?)
                } else {
                    None
                };
                Then::Owe { duty, by }
            }
            _ => return self.parse_outcome(cursor).map(Then::Outcome),
        };
        self.expect_end(cursor)?;
        Ok(then)
    }

    /// Reads `S must not X …` or `S X is OUTCOME …` with the lines under it.
    fn parse_outcome(&mut self, cursor: &mut Cursor<'_>) -> Read<OutcomeExpr> {
        let span = cursor.line();
        self.expect_some_outcome(cursor)?;
        let subjects = self.expect_subjects(cursor)?;
        let (outcomes, acts) = if is_modal(cursor.word()) {
            let start = cursor.here();
            let modal = self.expect_modal(cursor)?;
            (vec![outcome_of(modal, cursor.since(start))], self.expect_names(cursor, "an act")?)
        } else {
            let acts =
                self.expect_names(cursor, "an act, `may`, `must` or `has no authority to`")?;
            self.expect_word(cursor, "is")?;
            (self.expect_outcomes(cursor)?, acts)
        };
        let mut outcome = new_outcome(subjects, acts, outcomes, span);
        self.parse_outcome_clauses(cursor, &mut outcome)?;
        for child in cursor.take_children() {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            let _ = self.parse_outcome_line(&mut line, &mut outcome);
        }
        Ok(outcome)
    }

    /// Reports a line that says nothing of an outcome at all.
    fn expect_some_outcome(&mut self, cursor: &Cursor<'_>) -> Read<()> {
        let words = ["is", "may", "must", "has", "have"];
        if words.iter().any(|word| cursor.find(&[word]).is_some()) {
            return Ok(());
        }
        let message = "this line says no outcome";
        let help = "write `jail must not hold_person` or `jail hold_person is unsettled`";
        Err(self.report(Diagnostic::error("L010", cursor.line(), message).help(help)))
    }

    fn expect_outcomes(&mut self, cursor: &mut Cursor<'_>) -> Read<Vec<Spelled>> {
        let mut outcomes = vec![self.expect_outcome_word(cursor)?];
        while maybe_separator(cursor, &["or"]) {
            outcomes.push(self.expect_outcome_word(cursor)?);
        }
        Ok(outcomes)
    }

    fn expect_outcome_word(&mut self, cursor: &mut Cursor<'_>) -> Read<Spelled> {
        let start = cursor.here();
        for outcome in OUTCOMES {
            let words: Vec<&str> = outcome.split(' ').collect();
            if cursor.maybe_words(&words) {
                return Ok(Spelled { text: (*outcome).to_owned(), span: cursor.since(start) });
            }
        }
        let two = format!("{} {}", cursor.word(), cursor.word_at(1));
        let near = nearest(cursor.word(), OUTCOMES).or_else(|| nearest(&two, OUTCOMES));
        let broken = self.expected(cursor, "an outcome such as `permitted` or `unsettled`");
        if let Some(last) = self.diagnostics.pop() {
            self.diagnostics.push(last.suggest(near));
        }
        Err(broken)
    }

    /// Reads `because`, `when` and `except when` up to the end of the line.
    fn parse_outcome_clauses(
        &mut self,
        cursor: &mut Cursor<'_>,
        outcome: &mut OutcomeExpr,
    ) -> Read<()> {
        loop {
            if cursor.kind() == Some(TokenKind::Comma) && cursor.peek_at(1).is_some() {
                cursor.maybe_comma();
            }
            match cursor.word() {
                "because" => {
                    cursor.next();
                    outcome.because.extend(self.expect_references(cursor)?);
                }
                "when" | "except" => {
                    self.parse_condition_clauses(cursor, &mut outcome.when, &mut outcome.except);
                }
                "only" => {
                    let message = "an outcome is not said with `only when`";
                    let found = Diagnostic::error("L022", cursor.here(), message)
                        .help("say what comes out otherwise: `jail must not … when not …`");
                    return Err(self.report(found));
                }
                _ => return self.expect_line_end(cursor, CLAUSE_WORDS),
            }
        }
    }

    /// Reads a `because`, `when` or `except when` line of an outcome.
    fn parse_outcome_line(
        &mut self,
        cursor: &mut Cursor<'_>,
        outcome: &mut OutcomeExpr,
    ) -> Read<()> {
        match cursor.word() {
            "because" => {
                self.parse_outcome_clauses(cursor, outcome)?;
                self.expect_end(cursor)
            }
            "when" | "except" => {
                self.parse_condition_line_of(cursor, &mut outcome.when, &mut outcome.except)
            }
            _ => Err(self.unknown_line(cursor, "of an outcome", CLAUSE_WORDS)),
        }
    }

    /// Reads `claim "…"` and its lines.
    pub(super) fn parse_claim(&mut self, cursor: &mut Cursor<'_>) -> Read<Claim> {
        let span = cursor.line();
        cursor.next();
        let title = self.expect_quoted(cursor, "what is claimed")?;
        let _ = self.expect_line_end(cursor, &[]);
        let period = PeriodExpr::default();
        let mut claim = Claim { title, period, known_on: None, statements: Vec::new(), span };
        let mut whole = true;
        for child in cursor.take_children() {
            whole &= self.parse_claim_line(child, &mut claim).is_ok();
        }
        if whole && claim.statements.is_empty() {
            self.lacks("claim", &claim.title, "a statement");
        }
        Ok(claim)
    }

    fn parse_claim_line(&mut self, line: &Line<'_>, claim: &mut Claim) -> Read<()> {
        let mut cursor = self.open(line)?;
        match (cursor.word(), claim.statements.last_mut()) {
            ("from" | "in" | "until", _) => {
                cursor.maybe_words(&["in", "force"]);
                let mut period = Some(claim.period.clone())
                    .filter(|period| period.from.is_some() || period.until.is_some());
                let found = self.expect_period(&mut cursor)?;
                self.set_once(&mut period, found, ("from", line.span));
                claim.period = period.unwrap_or_default();
                self.expect_end(&mut cursor)
            }
            ("known", _) => {
                self.expect_words(&mut cursor, &["known", "on"])?;
                let date = self.expect_date(&mut cursor)?;
                self.set_once(&mut claim.known_on, date, ("known on", line.span));
                self.expect_end(&mut cursor)
            }
            ("because" | "when" | "except", Some(statement)) => {
                self.parse_outcome_line(&mut cursor, statement)
            }
            _ => {
                let statement = self.parse_outcome(&mut cursor)?;
                claim.statements.push(statement);
                Ok(())
            }
        }
    }
}

fn new_outcome(
    subjects: Subjects,
    acts: Vec<Spelled>,
    outcomes: Vec<Spelled>,
    span: crate::diagnostic::Span,
) -> OutcomeExpr {
    let because = Vec::new();
    let (when, except): (Option<Condition>, Vec<Condition>) = (None, Vec::new());
    OutcomeExpr { subjects, acts, outcomes, because, when, except, span }
}
