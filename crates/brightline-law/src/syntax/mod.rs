//! From text to tree: Markdown, lines, outline, statements.
//!
//! ```text
//! text ── markdown ──▶ blocks ── outline ──▶ lines ── parser ──▶ ast::Document
//!                                  │ token
//!                                  ▼
//!                                format
//! ```
//!
//! [`parse`] never fails: it returns what could be read and a diagnostic for each line that could
//! not, all at once. A broken line is skipped together with the lines under it.
//!
//! What this module never does: look up a name, read a file, or decide what a statement means.

#![deny(clippy::indexing_slicing)]

pub mod ast;
mod format;
pub mod limits;
mod markdown;
mod names;
mod outline;
mod parser;
mod token;

use crate::diagnostic::{Diagnostic, Span};

pub use format::format;
pub use markdown::{Block, BlockKind};
pub use names::{NameKind, NameUse, names};

/// What [`parse`] makes of a file.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The items that could be read.
    pub document: ast::Document,
    /// What could not be read, in order of place.
    pub diagnostics: Vec<Diagnostic>,
    /// The file cut into headings, prose, code and law; together they are the whole text.
    pub blocks: Vec<Block>,
}

/// Reads a `*.law.md` file; `file` is the number that its spans carry.
///
/// ```
/// use brightline_law::syntax::{ast::Item, parse};
///
/// let parsed = parse(0, "# Release\n\n```law\nrule (a)\n  doc must not hold_person\n```\n");
/// assert!(parsed.diagnostics.is_empty());
/// assert!(matches!(parsed.document.items.first(), Some(Item::Rule(_))));
/// ```
pub fn parse(file: u32, text: &str) -> Parsed {
    if text.len() > limits::FILE_BYTES_MAX {
        return Parsed { diagnostics: vec![too_long(file)], ..Parsed::default() };
    }
    let mut diagnostics = Vec::new();
    let blocks = markdown::blocks(file, text, &mut diagnostics);
    let mut items = Vec::new();
    for block in blocks.iter().filter(|block| matches!(block.kind, BlockKind::Law { .. })) {
        let rows = outline::rows(block, text, &mut diagnostics);
        let lines = outline::tree(rows);
        parser::parse_items(&lines, &mut items, &mut diagnostics);
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|label| label.span));
    Parsed { document: ast::Document { items }, diagnostics, blocks }
}

fn too_long(file: u32) -> Diagnostic {
    let span = Span { file, start: 0, end: 0 };
    let mebibytes = limits::FILE_BYTES_MAX / (1024 * 1024);
    Diagnostic::error("L001", span, format!("the file is longer than {mebibytes} MiB"))
        .help("split it into several files of the same pack")
}
