//! Finds the fenced `law` blocks of a CommonMark file, and the headings and prose around them.

use crate::diagnostic::{Diagnostic, Span};

/// A stretch of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// What stands there.
    pub kind: BlockKind,
    /// Where, line ends included. For law: the lines between the fences.
    pub span: Span,
}

/// The kinds of [`Block`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading written with `#`.
    Heading {
        /// From 1 to 6.
        level: u8,
    },
    /// Anything that is not one of the others.
    Prose,
    /// A fence line of a `law` block.
    Fence,
    /// The inside of a fenced block with the info string `law`.
    Law {
        /// Spaces before the opening fence; as many are taken off each line.
        indent: u8,
        /// The closing fence is there.
        closed: bool,
    },
    /// Another fenced block, with its fences.
    Code,
}

/// An opening fence.
#[derive(Debug, Clone, Copy)]
struct Fence<'t> {
    indent: u8,
    character: char,
    length: usize,
    info: &'t str,
}

/// Returns the file cut into blocks; together their spans cover the whole text.
pub(super) fn blocks(file: u32, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Block> {
    let mut cutter = Cutter { blocks: Vec::new() };
    let mut open: Option<(Fence<'_>, Span)> = None;
    let mut start = 0_u32;
    for line in text.split_inclusive('\n') {
        let end = start.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        let span = Span { file, start, end };
        start = end;
        match &open {
            Some((fence, _)) if closes(line, fence) => {
                cutter.close(fence, span);
                open = None;
            }
            Some((fence, _)) => cutter.inside(fence, span),
            None => match opening(line) {
                Some(fence) => {
                    warn_of_near_miss(&fence, span, diagnostics);
                    cutter.open(&fence, span);
                    open = Some((fence, span));
                }
                None => cutter.outside(line, span),
            },
        }
    }
    if let Some((fence, span)) = open
        && is_law(&fence)
    {
        cutter.leave_open();
        diagnostics.push(
            Diagnostic::error("L002", trimmed(span, text), "the `law` block is not closed")
                .label("opened here")
                .help("close it with a line of the same marks as the opening line"),
        );
    }
    cutter.blocks
}

/// Collects blocks, joining neighbors of one kind.
struct Cutter {
    blocks: Vec<Block>,
}

impl Cutter {
    fn outside(&mut self, line: &str, span: Span) {
        match heading_level(line) {
            Some(level) => self.blocks.push(Block { kind: BlockKind::Heading { level }, span }),
            None => self.extend(BlockKind::Prose, span),
        }
    }

    fn open(&mut self, fence: &Fence<'_>, span: Span) {
        if is_law(fence) {
            self.blocks.push(Block { kind: BlockKind::Fence, span });
            let inside = Span { start: span.end, ..span };
            let kind = BlockKind::Law { indent: fence.indent, closed: true };
            self.blocks.push(Block { kind, span: inside });
        } else {
            self.blocks.push(Block { kind: BlockKind::Code, span });
        }
    }

    fn inside(&mut self, fence: &Fence<'_>, span: Span) {
        let kind = if is_law(fence) {
            BlockKind::Law { indent: fence.indent, closed: true }
        } else {
            BlockKind::Code
        };
        self.extend(kind, span);
    }

    fn close(&mut self, fence: &Fence<'_>, span: Span) {
        if is_law(fence) {
            self.blocks.push(Block { kind: BlockKind::Fence, span });
        } else {
            self.extend(BlockKind::Code, span);
        }
    }

    fn leave_open(&mut self) {
        if let Some(Block { kind: BlockKind::Law { closed, .. }, .. }) = self.blocks.last_mut() {
            *closed = false;
        }
    }

    fn extend(&mut self, kind: BlockKind, span: Span) {
        match self.blocks.last_mut() {
            Some(last) if last.kind == kind => last.span.end = span.end,
            _ => self.blocks.push(Block { kind, span }),
        }
    }
}

fn is_law(fence: &Fence<'_>) -> bool {
    fence.info.split_whitespace().next() == Some("law")
}

/// Reads an opening fence: at most three spaces, three or more marks, an info string.
fn opening(line: &str) -> Option<Fence<'_>> {
    let line = line.trim_start_matches('\u{feff}');
    let (indent, rest) = unindented(line)?;
    let (character, length, rest) = marks(rest)?;
    let info = rest.trim();
    let valid = character == '~' || !info.contains('`');
    valid.then_some(Fence { indent, character, length, info })
}

fn closes(line: &str, fence: &Fence<'_>) -> bool {
    let Some((_, rest)) = unindented(line) else {
        return false;
    };
    let Some((character, length, rest)) = marks(rest) else {
        return false;
    };
    character == fence.character && length >= fence.length && rest.trim().is_empty()
}

/// Returns whether the line looks like a fence once its indentation is taken off.
pub(super) fn looks_like_fence(line: &str) -> bool {
    marks(line.trim()).is_some()
}

fn unindented(line: &str) -> Option<(u8, &str)> {
    let rest = line.trim_start_matches(' ');
    let indent = u8::try_from(line.len() - rest.len()).ok()?;
    (indent <= 3).then_some((indent, rest))
}

fn marks(text: &str) -> Option<(char, usize, &str)> {
    let character = text.chars().next().filter(|character| matches!(character, '`' | '~'))?;
    let rest = text.trim_start_matches(character);
    let length = text.len() - rest.len();
    (length >= 3).then_some((character, length, rest))
}

fn heading_level(line: &str) -> Option<u8> {
    let (_, text) = unindented(line)?;
    let rest = text.trim_start_matches('#');
    let level = u8::try_from(text.len() - rest.len()).ok()?;
    let valid = (1..=6).contains(&level) && rest.chars().next().is_none_or(char::is_whitespace);
    valid.then_some(level)
}

/// Warns of info strings that were probably meant to be `law`.
fn warn_of_near_miss(fence: &Fence<'_>, span: Span, diagnostics: &mut Vec<Diagnostic>) {
    let word = fence.info.split_whitespace().next().unwrap_or_default();
    let lower = word.to_lowercase();
    if word != "law" && matches!(lower.as_str(), "law" | "laws" | "law," | "law:" | "{law}") {
        diagnostics.push(
            Diagnostic::warning("L009", span, format!("a block marked `{word}` is not read"))
                .suggest(Some("law".to_owned())),
        );
    }
}

fn trimmed(span: Span, text: &str) -> Span {
    let line = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let length = u32::try_from(line.trim_end().len()).unwrap_or_default();
    Span { end: span.start.saturating_add(length), ..span }
}
