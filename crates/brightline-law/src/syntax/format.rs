//! `fmt`: one way to lay out a file.
//!
//! Prose is kept byte for byte. In a `law` block every level is two spaces, tokens are parted by
//! single spaces, items by one blank line. Items of one line each that start with the same word
//! may stand together. A line that cannot be read keeps its words as they are; a block whose
//! outline cannot be relied on is left alone, for moving its lines could change what they say.

use super::limits::INDENT_SPACES;
use super::markdown::{Block, BlockKind};
use super::outline::{Row, rows};
use super::token::TokenKind;
use super::{Parsed, parse};
use crate::diagnostic::{Diagnostic, Severity, Span};

/// The codes of diagnostics after which the outline of a block cannot be relied on.
const OUTLINE_CODES: &[&str] = &["L003", "L004", "L006", "L007"];

/// Returns the text laid out in the one way; laying it out again changes nothing.
///
/// The meaning stays: both texts parse to the same tree, places aside.
///
/// ```
/// use brightline_law::syntax::format;
///
/// let text = "```law\nrule  (a)\n    doc may  hold_person,release_person\n```\n";
/// assert_eq!(format(text), "```law\nrule (a)\n  doc may hold_person, release_person\n```\n");
/// ```
pub fn format(text: &str) -> String {
    let parsed = parse(0, text);
    let broken = Broken::of(&parsed);
    let mut laid_out = String::with_capacity(text.len());
    if parsed.blocks.is_empty() {
        return text.to_owned();
    }
    for block in &parsed.blocks {
        match block.kind {
            BlockKind::Law { closed: true, indent } if !broken.outlines.any_in(block.span) => {
                lay_out(block, usize::from(indent), text, &broken.lines, &mut laid_out);
            }
            _ => laid_out.push_str(slice(text, block.span)),
        }
    }
    laid_out
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

/// Where errors are.
struct Broken {
    /// Of any kind.
    lines: Places,
    /// Of kinds after which the outline of a block cannot be relied on.
    outlines: Places,
}

impl Broken {
    fn of(parsed: &Parsed) -> Self {
        let errors = || {
            let found = parsed.diagnostics.iter();
            found.filter(|found| found.severity == Severity::Error)
        };
        let outlines = errors().filter(|found| OUTLINE_CODES.contains(&found.code));
        Self { lines: Places::of(errors()), outlines: Places::of(outlines) }
    }
}

/// The first bytes of primary labels, in order.
struct Places(Vec<u32>);

impl Places {
    fn of<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>) -> Self {
        let labels = diagnostics.filter_map(|found| found.labels.first());
        let mut starts: Vec<u32> = labels.map(|label| label.span.start).collect();
        starts.sort_unstable();
        Self(starts)
    }

    fn any_in(&self, span: Span) -> bool {
        let first = self.0.partition_point(|start| *start < span.start);
        self.0.get(first).is_some_and(|start| *start <= span.end)
    }
}

/// A line of a block on its way out.
struct Entry<'r, 't> {
    row: &'r Row<'t>,
    /// A blank line stood before it.
    blank_before: bool,
}

impl Entry<'_, '_> {
    fn is_comment(&self) -> bool {
        self.row.scanned.tokens.is_empty() && !self.row.broken
    }

    fn keyword(&self) -> &str {
        self.row.scanned.tokens.first().map_or("", |token| token.text)
    }
}

fn lay_out(block: &Block, margin: usize, text: &str, broken: &Places, into: &mut String) {
    let rows = rows(block, text, &mut Vec::new());
    let entries = entries(&rows);
    let line_end = if slice(text, block.span).contains("\r\n") { "\r\n" } else { "\n" };
    for (index, entry) in entries.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| entries.get(before));
        if before.is_some_and(|before| has_gap(before, entry, entries.get(index + 1))) {
            into.push_str(line_end);
        }
        let spaces = margin + entry.row.depth * INDENT_SPACES;
        into.extend(std::iter::repeat_n(' ', spaces));
        if broken.any_in(entry.row.span) {
            into.push_str(entry.row.text.trim());
        } else {
            push_tokens(entry.row, into);
        }
        into.push_str(line_end);
    }
}

fn entries<'r, 't>(rows: &'r [Row<'t>]) -> Vec<Entry<'r, 't>> {
    let mut entries = Vec::new();
    let mut blank_before = false;
    for row in rows {
        if row.text.trim().is_empty() {
            blank_before = true;
        } else {
            entries.push(Entry { row, blank_before });
            blank_before = false;
        }
    }
    entries
}

/// Returns whether a blank line stands between two lines.
fn has_gap(before: &Entry<'_, '_>, entry: &Entry<'_, '_>, after: Option<&Entry<'_, '_>>) -> bool {
    let outer = entry.row.depth == 0;
    if before.row.depth < entry.row.depth && !before.is_comment() {
        return false;
    }
    if outer && before.row.depth > 0 {
        return true;
    }
    if outer && !before.is_comment() && !entry.is_comment() {
        let has_lines = after.is_some_and(|after| after.row.depth > 0);
        return entry.blank_before || has_lines || before.keyword() != entry.keyword();
    }
    entry.blank_before
}

fn push_tokens(row: &Row<'_>, into: &mut String) {
    for (index, token) in row.scanned.tokens.iter().enumerate() {
        if index > 0 && token.kind != TokenKind::Comma {
            into.push(' ');
        }
        into.push_str(token.text);
    }
    if let Some(comment) = row.scanned.comment {
        if !row.scanned.tokens.is_empty() {
            into.push(' ');
        }
        into.push_str(comment);
    }
}
