//! What is formatted twice is as what is formatted once, and formatting changes no meaning.

use brightline_law::syntax::{format, parse};

/// Checks one input.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if !parse(0, &text).diagnostics.is_empty() {
        return;
    }
    let once = format(&text);
    let read = parse(0, &once);
    assert!(read.diagnostics.is_empty(), "formatting broke the text:\n{once}");
    assert_eq!(format(&once), once, "formatting again changes the text");
    assert_eq!(parse(0, &text).document.items.len(), read.document.items.len());
}
