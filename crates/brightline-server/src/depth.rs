//! How deep a text is nested, before anything parses it.

/// Returns whether JSON text is nested deeper than `max`. Brackets in strings do not count.
pub(crate) fn is_deeper_than(text: &str, max: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > max {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_deeper_than;

    #[test]
    fn brackets_count_where_they_nest() {
        assert!(!is_deeper_than(r#"{"a": [[], [], {}]}"#, 3));
        assert!(is_deeper_than(r#"{"a": [[], [], {"b": []}]}"#, 3));
        assert!(!is_deeper_than(r#"["[[[[\"[[["]"#, 1));
        assert!(is_deeper_than(&"[".repeat(100_000), 64));
    }
}
