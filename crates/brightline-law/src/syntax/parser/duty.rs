//! Duties: who must do what; their lines are in `duty_line`.

use super::super::ast::{Duty, DutyStatement, Modal, Spelled};
use super::super::outline::Line;
use super::super::token::TokenKind;
use super::cursor::Cursor;
use super::duty_line::{WORDS, at_duty_clause, is_duty_line};
use super::property::{Place, unknown_property};
use super::rule::is_lost;
use super::{Parser, Read};
use crate::diagnostic::Diagnostic;

impl Parser<'_> {
    /// Reads `duty LABEL` with its properties and statements.
    pub(super) fn parse_duty(&mut self, cursor: &mut Cursor<'_>) -> Read<Duty> {
        cursor.next();
        let label = self.expect_label(cursor, "the label of the duty")?;
        let _ = self.expect_line_end(cursor, &[]);
        let mut duty = Duty { label, properties: Vec::new(), statements: Vec::new() };
        let (mut lost, mut whole) = (false, true);
        for child in cursor.take_children() {
            let clause = !child.broken && at_duty_clause(&Cursor::new(child));
            if lost && clause {
                continue;
            }
            let count = duty.statements.len();
            let read = self.parse_duty_body_line(child, &mut duty);
            lost = is_lost(lost, duty.statements.len() > count, read.is_err() && !clause);
            whole &= read.is_ok();
        }
        if whole && duty.statements.is_empty() {
            self.lacks("duty", &duty.label, "a statement");
        }
        Ok(duty)
    }

    fn parse_duty_body_line(&mut self, line: &Line<'_>, duty: &mut Duty) -> Read<()> {
        let mut cursor = self.open(line)?;
        if let Some(property) = self.maybe_property(&mut cursor, Place::Item) {
            duty.properties.push(property?);
            return Ok(());
        }
        if at_duty_clause(&cursor) {
            return match duty.statements.last_mut() {
                Some(statement) => self.parse_duty_line(&mut cursor, statement),
                None => {
                    let message = format!("no statement stands above `{}`", cursor.word());
                    let found = Diagnostic::error("L023", cursor.here(), message)
                        .help("put this line after the statement that it belongs to");
                    Err(self.report(found))
                }
            };
        }
        duty.statements.push(self.parse_duty_statement(&mut cursor, duty)?);
        Ok(())
    }

    fn parse_duty_statement(
        &mut self,
        cursor: &mut Cursor<'_>,
        duty: &Duty,
    ) -> Read<DutyStatement> {
        let span = cursor.line();
        if !duty.statements.is_empty() && cursor.find(&["must"]).is_none() {
            return Err(unknown_property(self, cursor, WORDS));
        }
        self.expect_some_modal(cursor)?;
        let subjects = self.expect_subjects(cursor)?;
        let here = cursor.here();
        if self.expect_modal(cursor)? != Modal::Must {
            let found = Diagnostic::error("L022", here, "a duty says what somebody `must` do")
                .help("write bans and permissions as rules");
            return Err(self.report(found));
        }
        let mut statement = DutyStatement {
            subjects,
            acts: Vec::new(),
            when: None,
            except: Vec::new(),
            on: Vec::new(),
            after: None,
            deadline: None,
            covering: None,
            until: None,
            unless: None,
            to: Vec::new(),
            contains: Vec::new(),
            fields: Vec::new(),
            keep_years: None,
            nil_report: None,
            joint_with: None,
            span,
        };
        self.parse_duty_acts(cursor, &mut statement)?;
        let lines = cursor.take_children_where(is_duty_line);
        while !cursor.at_end() {
            cursor.maybe_comma();
            if !at_duty_clause(cursor) {
                self.expect_line_end(cursor, WORDS)?;
            }
            self.parse_duty_clause(cursor, &mut statement)?;
        }
        for child in cursor.take_children().into_iter().chain(lines) {
            let Ok(mut line) = self.open(child) else {
                continue;
            };
            let _ = self.parse_duty_line(&mut line, &mut statement);
        }
        if statement.acts.is_empty() {
            return Err(self.expected(cursor, "what must be done"));
        }
        Ok(statement)
    }

    /// Reads `NAME "words"`, or `any of` with alternatives under it.
    fn parse_duty_acts(
        &mut self,
        cursor: &mut Cursor<'_>,
        statement: &mut DutyStatement,
    ) -> Read<()> {
        if cursor.at_end() || cursor.is(&["any", "of"]) {
            return Ok(());
        }
        statement.acts.push(self.parse_named_words(cursor, "the name of what must be done")?);
        Ok(())
    }

    /// Reads `NAME "words"`; the words may be left out.
    pub(super) fn parse_named_words(
        &mut self,
        cursor: &mut Cursor<'_>,
        what: &str,
    ) -> Read<(Spelled, Option<Spelled>)> {
        let name = self.expect_new_name(cursor, what)?;
        Ok((name, cursor.maybe_kind(TokenKind::Quoted)))
    }
}
