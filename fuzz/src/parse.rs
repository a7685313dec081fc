//! Parsing ends, never panics, and every place it names lies within the text.

use brightline_law::syntax::parse;

/// Checks one input.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed = parse(0, &text);
    for label in parsed.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        let (start, end) = (label.span.start as usize, label.span.end as usize);
        assert!(start <= end && end <= text.len(), "{label:?} lies outside the text");
        assert!(text.is_char_boundary(start), "{label:?} starts within a letter");
        assert!(text.is_char_boundary(end), "{label:?} ends within a letter");
    }
}
