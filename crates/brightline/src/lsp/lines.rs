//! Bytes of a text as the lines and columns that an editor counts.

use std::ops::Range;

use brightline_law::diagnostic::Span;
use lsp_types::Position;

/// How the editor counts columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// In bytes.
    Utf8,
    /// In units of two bytes.
    Utf16,
}

/// A text with the starts of its lines.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str, encoding: Encoding) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        Self { text, starts, encoding }
    }

    /// Returns the place of a byte; one in the middle of a letter counts as its start.
    pub(super) fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= byte).max(1) - 1;
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self.text.get(start..byte).unwrap_or_default();
        Position { line: number(line), character: number(self.width(before)) }
    }

    /// Returns the byte at a place; behind the end of a line counts as its end.
    pub(super) fn byte(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else {
            return self.text.len();
        };
        let end = self.starts.get(line + 1).copied();
        let text = self.text.get(start..end.unwrap_or(self.text.len()));
        let text = text.unwrap_or_default().trim_end_matches(['\n', '\r']);
        let mut units = 0;
        for (at, letter) in text.char_indices() {
            if units >= position.character as usize {
                return start + at;
            }
            units += self.width(letter.encode_utf8(&mut [0; 4]));
        }
        start + text.len()
    }

    pub(super) fn range(&self, bytes: Range<usize>) -> lsp_types::Range {
        let start = self.position(bytes.start);
        let end = self.position(bytes.end.max(bytes.start));
        lsp_types::Range { start, end }
    }

    pub(super) fn span(&self, span: Span) -> lsp_types::Range {
        self.range(span.start as usize..span.end as usize)
    }

    fn width(&self, text: &str) -> usize {
        match self.encoding {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use lsp_types::Position;

    use super::{Encoding, Lines};

    #[test]
    fn columns_are_counted_in_the_units_of_the_editor() {
        let text = "one\n§ two 𝕏 x\nlast";
        for (encoding, column) in [(Encoding::Utf16, 8), (Encoding::Utf8, 11)] {
            let lines = Lines::of(text, encoding);
            let byte = text.find(" x").unwrap();
            let position = Position::new(1, column);
            assert_eq!(lines.position(byte), position);
            assert_eq!(lines.byte(position), byte);
        }
    }

    #[test]
    fn what_is_behind_the_end_is_the_end() {
        let lines = Lines::of("one\r\ntwo", Encoding::Utf16);
        assert_eq!(lines.byte(Position::new(0, 99)), 3);
        assert_eq!(lines.byte(Position::new(9, 0)), 8);
        assert_eq!(lines.position(99), Position::new(1, 3));
    }
}
