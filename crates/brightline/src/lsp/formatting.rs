//! Formatting: the law blocks of a file in their one layout.

use brightline_law::syntax::format;
use lsp_types::TextEdit;

use super::lines::{Encoding, Lines};

/// Returns the edit that formats a text; none where nothing changes.
pub(super) fn formatting(text: &str, encoding: Encoding) -> Vec<TextEdit> {
    let formatted = format(text);
    if formatted == text {
        return Vec::new();
    }
    let range = Lines::of(text, encoding).range(0..text.len());
    vec![TextEdit { range, new_text: formatted }]
}
