//! Turns the lines of an outline into the items of a [`super::ast::Document`].
//!
//! The prefix of a function is its contract:
//!
//! - `parse_x` stands where an `x` has been recognized; it reads all of it or reports and gives
//!   up the line;
//! - `expect_x` stands where only an `x` can follow; it reads it or reports;
//! - `maybe_x` reads an `x` if one is there, and otherwise leaves the cursor where it was.
//!
//! A function that gives up returns [`Broken`]: the diagnostic has been made, the caller leaves
//! the line and the lines under it and goes on with the next.

mod act;
mod condition;
mod cursor;
mod date;
mod deadline;
mod define;
mod duty;
mod duty_line;
mod example;
mod fact;
mod leaf;
mod limit;
mod outcome;
mod phrase;
mod property;
mod report;
mod rule;
mod section;
mod vocabulary;

use super::ast::Item;
use super::outline::Line;
use crate::diagnostic::{Diagnostic, nearest};
use cursor::Cursor;

/// The line could not be read and was reported.
#[derive(Debug, Clone, Copy)]
struct Broken;

/// Something read, or the line given up.
type Read<T> = Result<T, Broken>;

/// Collects diagnostics while lines are read.
struct Parser<'d> {
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// The words that open an item.
const ITEM_WORDS: &[&str] = &[
    "section",
    "order",
    "judgment",
    "regulation",
    "directive",
    "policy",
    "guidance",
    "vocabulary",
    "rule",
    "define",
    "unsettled",
    "duty",
    "example",
    "claim",
    "role",
    "group",
    "agency",
    "act",
    "fact",
    "finding",
    "record",
    "paper",
    "table",
    "calendar",
    "never",
    "impossible",
];

/// Reads the items at the left margin of a block.
pub(super) fn parse_items(
    lines: &[Line<'_>],
    items: &mut Vec<Item>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut parser = Parser { diagnostics };
    for line in lines {
        if let Ok(item) = parser.parse_item(line) {
            items.push(item);
        }
    }
}

impl Parser<'_> {
    /// Opens a line for reading; a line that was already reported is given up.
    fn open<'l>(&mut self, line: &'l Line<'l>) -> Read<Cursor<'l>> {
        if line.broken { Err(Broken) } else { Ok(Cursor::new(line)) }
    }

    fn parse_item(&mut self, line: &Line<'_>) -> Read<Item> {
        let mut cursor = self.open(line)?;
        let keyword = cursor.word();
        match keyword {
            "section" | "order" | "judgment" | "regulation" | "directive" | "policy"
            | "guidance" | "vocabulary" => self.parse_section(&mut cursor).map(Item::Section),
            "rule" => self.parse_rule(&mut cursor).map(Item::Rule),
            "define" => self.parse_define(&mut cursor).map(Item::Define),
            "unsettled" => self.parse_unsettled(&mut cursor).map(Item::Unsettled),
            "duty" => self.parse_duty(&mut cursor).map(Item::Duty),
            "example" => self.parse_example(&mut cursor).map(Item::Example),
            "claim" => self.parse_claim(&mut cursor).map(Item::Claim),
            "role" | "group" => self.parse_name_item(&mut cursor).map(Item::Name),
            "agency" => self.parse_agency(&mut cursor).map(Item::Agency),
            "act" => self.parse_act(&mut cursor).map(Item::Act),
            "fact" | "finding" => self.parse_fact_item(&mut cursor).map(Item::Fact),
            "record" => self.parse_record(&mut cursor).map(Item::Record),
            "paper" => self.parse_paper(&mut cursor).map(Item::Paper),
            "table" => self.parse_table(&mut cursor).map(Item::Table),
            "calendar" => self.parse_calendar(&mut cursor).map(Item::Calendar),
            "never" => self.parse_never_ask(&mut cursor).map(Item::NeverAsk),
            "impossible" => self.parse_impossible(&mut cursor).map(Item::Impossible),
            _ => Err(self.unknown_item(&cursor)),
        }
    }

    fn unknown_item(&mut self, cursor: &Cursor<'_>) -> Broken {
        let word = cursor.word();
        let message = match word {
            "" => "an item starts with a word such as `rule` or `section`".to_owned(),
            _ => format!("no item starts with `{word}`"),
        };
        let found = Diagnostic::error("L010", cursor.here(), message);
        self.report(match nearest(word, ITEM_WORDS) {
            Some(near) => found.suggest(Some(near)),
            None => found.help("lines of an item are indented under its first line"),
        })
    }
}
