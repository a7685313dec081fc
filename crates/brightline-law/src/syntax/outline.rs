//! Turns the lines of a block into a tree by their indentation.
//!
//! A line belongs to the nearest line above it that is indented less. Comments and blank lines
//! are rows too, so that `format` can print them; the tree leaves them out.

use super::limits::{INDENT_SPACES, NESTING_DEPTH_MAX};
use super::markdown::{Block, BlockKind, looks_like_fence};
use super::token::{Scanned, Token, scan};
use crate::diagnostic::{Diagnostic, Span};

/// A physical line of a block.
#[derive(Debug, Clone)]
pub(super) struct Row<'t> {
    /// The line without its end, as written.
    pub text: &'t str,
    /// Its place, indentation left out.
    pub span: Span,
    /// Its tokens and comment; both empty: a blank line.
    pub scanned: Scanned<'t>,
    /// How many lines it belongs to.
    pub depth: usize,
    /// It was diagnosed and must not be read.
    pub broken: bool,
}

/// A line with the lines that belong to it.
#[derive(Debug, Clone)]
pub(super) struct Line<'t> {
    /// At least one token, unless the line is broken.
    pub tokens: Vec<Token<'t>>,
    /// From the first to the last token.
    pub span: Span,
    /// The lines under it.
    pub children: Vec<Line<'t>>,
    /// It was diagnosed and must not be read, nor the lines under it.
    pub broken: bool,
}

/// Returns the rows of a `law` block.
pub(super) fn rows<'t>(
    block: &Block,
    text: &'t str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Row<'t>> {
    let taken_off = match block.kind {
        BlockKind::Law { indent, .. } => usize::from(indent),
        _ => 0,
    };
    let inside = text.get(block.span.start as usize..block.span.end as usize).unwrap_or_default();
    let mut layout = Layout { levels: Vec::new(), first: None, tabs: None, skipped: None };
    let mut rows = Vec::new();
    let mut start = block.span.start;
    for line in inside.split_inclusive('\n') {
        let origin = Span { start, ..block.span };
        start = start.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        rows.push(row(line, origin, taken_off, &mut layout, diagnostics));
    }
    if let Some((span, count)) = layout.tabs {
        diagnostics.push(tabs(span, count));
    }
    rows
}

/// Returns the tree of the rows that carry tokens.
pub(super) fn tree(rows: Vec<Row<'_>>) -> Vec<Line<'_>> {
    let mut rows = rows.into_iter().filter(|row| row.broken || !row.scanned.tokens.is_empty());
    lines_at(0, &mut rows.by_ref().peekable())
}

fn lines_at<'t, I>(depth: usize, rows: &mut std::iter::Peekable<I>) -> Vec<Line<'t>>
where
    I: Iterator<Item = Row<'t>>,
{
    let mut lines = Vec::new();
    while let Some(row) = rows.next_if(|row| row.depth >= depth) {
        let last = row.scanned.tokens.last().map_or(row.span.end, |token| token.span.end);
        let span = Span { end: last, ..row.span };
        let children = lines_at(depth + 1, rows);
        lines.push(Line { tokens: row.scanned.tokens, span, children, broken: row.broken });
    }
    lines
}

/// A line that can have lines under it.
struct Level {
    /// Its columns of indentation.
    indent: usize,
    /// The columns and the place of the first line under it.
    first: Option<(usize, Span)>,
}

/// What is known of the indentation so far.
struct Layout {
    /// The lines that the next line can belong to, outermost first.
    levels: Vec<Level>,
    /// The first line at the left margin.
    first: Option<(usize, Span)>,
    /// The first line that is indented with tabs, and how many there are.
    tabs: Option<(Span, u32)>,
    /// Lines indented more than this belong to a line that is nested too deep.
    skipped: Option<usize>,
}

fn row<'t>(
    line: &'t str,
    origin: Span,
    taken_off: usize,
    layout: &mut Layout,
    diagnostics: &mut Vec<Diagnostic>,
) -> Row<'t> {
    let text = line.trim_end_matches(['\n', '\r']);
    let content = text.trim();
    let lead = text.len() - text.trim_start().len();
    let start = origin.start.saturating_add(u32::try_from(lead).unwrap_or(u32::MAX));
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    let span = Span { start, end: start.saturating_add(length), ..origin };
    let scanned = scan(content, span);
    let mut row = Row { text, span, scanned, depth: 0, broken: false };
    if content.is_empty() {
        return row;
    }
    let white = text.get(..lead).unwrap_or_default();
    let indent = columns(white).saturating_sub(taken_off);
    if row.scanned.tokens.is_empty() && row.scanned.unclosed.is_none() {
        row.depth = layout.levels.iter().filter(|level| level.indent < indent).count();
        return row;
    }
    layout.note_tabs(white, span);
    layout.place(&mut row, indent, diagnostics);
    if looks_like_fence(content) {
        row.broken = true;
        diagnostics.push(stray_fence(span));
    } else if let Some(unclosed) = row.scanned.unclosed
        && !row.broken
    {
        row.broken = true;
        diagnostics.push(unclosed_text(unclosed));
    }
    row
}

impl Layout {
    fn note_tabs(&mut self, white: &str, span: Span) {
        if white.chars().any(|character| character != ' ') {
            let (first, count) = self.tabs.unwrap_or((span, 0));
            self.tabs = Some((first, count.saturating_add(1)));
        }
    }

    /// Finds the line that the row belongs to.
    fn place(&mut self, row: &mut Row<'_>, indent: usize, diagnostics: &mut Vec<Diagnostic>) {
        if self.skipped.is_some_and(|skipped| indent > skipped) {
            row.depth = NESTING_DEPTH_MAX;
            row.broken = true;
            return;
        }
        self.skipped = None;
        while self.levels.last().is_some_and(|level| level.indent >= indent) {
            self.levels.pop();
        }
        row.depth = self.levels.len();
        if row.depth >= NESTING_DEPTH_MAX {
            self.skipped = Some(indent);
            row.broken = true;
            diagnostics.push(too_deep(row.span));
            return;
        }
        self.compare(indent, row.span, diagnostics);
        self.levels.push(Level { indent, first: None });
    }

    /// Compares the indentation with that of the lines beside the row.
    fn compare(&mut self, indent: usize, span: Span, diagnostics: &mut Vec<Diagnostic>) {
        let (first, expected) = match self.levels.last_mut() {
            Some(level) => (&mut level.first, level.indent + INDENT_SPACES),
            None => (&mut self.first, 0),
        };
        match *first {
            Some((columns, beside)) if columns != indent => {
                diagnostics.push(uneven(span, beside));
            }
            Some(_) => {}
            None => {
                *first = Some((indent, span));
                if indent != expected {
                    diagnostics.push(unusual(span, expected));
                }
            }
        }
    }
}

/// Counts columns; a tab or other blank counts as one level.
fn columns(white: &str) -> usize {
    white.chars().map(|character| if character == ' ' { 1 } else { INDENT_SPACES }).sum()
}

fn tabs(span: Span, count: u32) -> Diagnostic {
    let message = match count {
        1 => "a line is indented with a tab".to_owned(),
        _ => format!("{count} lines of this block are indented with tabs"),
    };
    Diagnostic::error("L003", span, message)
        .label("the first of them")
        .help("indent with two spaces for each level")
}

fn uneven(span: Span, beside: Span) -> Diagnostic {
    Diagnostic::error("L004", span, "this line does not line up with the lines beside it")
        .also(beside, "the first line under the same line")
        .help("indent lines that belong to one line by the same number of spaces")
}

fn unusual(span: Span, expected: usize) -> Diagnostic {
    Diagnostic::warning("L005", span, format!("expected {expected} spaces before this line"))
        .help("run `brightline fmt`")
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lines are nested deeper than {NESTING_DEPTH_MAX} levels");
    Diagnostic::error("L006", span, message)
        .help("give a part of the condition a name with `define`")
}

fn stray_fence(span: Span) -> Diagnostic {
    Diagnostic::error("L007", span, "a fence cannot stand inside a `law` block")
        .help("close the block above with the same marks that opened it")
}

fn unclosed_text(span: Span) -> Diagnostic {
    Diagnostic::error("L008", span, "quoted text is not closed on its line")
        .help("write `\"` at its end; inside it a quote is written `\\\"`")
}
