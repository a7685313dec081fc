//! Rust text split into code, comments and strings: as much as the checks need, and no more.

/// What a piece of Rust text is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Code,
    Comment,
    Text,
}

/// Returns the text with all but one kind turned to spaces; lines stay where they are.
pub fn only(source: &str, kind: Kind) -> String {
    let mut out = String::with_capacity(source.len());
    for (piece, found) in pieces(source) {
        if found == kind {
            out.push_str(piece);
        } else {
            out.extend(piece.chars().map(|it| if it == '\n' { '\n' } else { ' ' }));
        }
    }
    out
}

/// Returns the source without its test modules, so that their strings are not looked at.
pub fn without_tests(source: &str) -> &str {
    source.find("#[cfg(test)]\nmod ").map_or(source, |at| &source[..at])
}

/// Splits a source into pieces of one kind, in order.
pub fn pieces(source: &str) -> Vec<(&str, Kind)> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < source.len() {
        let Some((kind, length)) = special(source, at) else {
            at += source[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        found.push((&source[start..at], Kind::Code));
        let end = source.len().min(at + length.max(1));
        found.push((&source[at..end], kind));
        (start, at) = (end, end);
    }
    found.push((&source[start..], Kind::Code));
    found
}

/// The comment, string or character that starts here, with its length in bytes.
fn special(source: &str, at: usize) -> Option<(Kind, usize)> {
    let rest = &source[at..];
    if rest.starts_with("//") {
        return Some((Kind::Comment, rest.find('\n').unwrap_or(rest.len())));
    }
    if rest.starts_with("/*") {
        return Some((Kind::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2)));
    }
    if rest.starts_with('"') {
        return Some((Kind::Text, quoted(rest, '"')));
    }
    if rest.starts_with('r') && !source[..at].ends_with(|it: char| it.is_alphanumeric()) {
        return raw(rest).map(|length| (Kind::Text, length));
    }
    if rest.starts_with('\'') {
        return character(rest).map(|length| (Kind::Text, length));
    }
    None
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, it) in rest.char_indices().skip(1) {
        match it {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            it if it == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn raw(rest: &str) -> Option<usize> {
    let hashes = rest[1..].chars().take_while(|it| *it == '#').count();
    let body = rest.get(1 + hashes..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = rest.len() - body.len();
    Some(body.find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

/// A character literal; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let mut letters = rest.chars().skip(1);
    let first = letters.next()?;
    if first == '\\' {
        return Some(quoted(rest, '\''));
    }
    (letters.next()? == '\'').then(|| 2 + first.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::{Kind, only};

    #[test]
    fn kinds_are_told_apart() {
        let source =
            "let a = \"x // \\\" y\"; // \"note\"\nlet b = 'c'; let d: &'a str = r#\"z\"#;";
        let code = only(source, Kind::Code);
        assert!(code.contains("let a =") && code.contains("&'a str"));
        assert!(!code.contains('x') && !code.contains("note") && !code.contains('z'));
        assert!(only(source, Kind::Comment).contains("// \"note\""));
        assert!(only(source, Kind::Text).contains("x // \\\" y"));
    }
}
