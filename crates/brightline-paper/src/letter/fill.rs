//! Placeholders in a wording.

/// Begins and ends what is put in, so that its direction is its own.
const ISOLATE: char = '\u{2068}';
const END: char = '\u{2069}';

/// Fills `{name}`s; none where one of them is empty or unknown.
pub(super) fn fill<'a>(text: &str, value: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, next) = after.split_once('}')?;
        let value = value(name).filter(|it| !it.trim().is_empty())?;
        filled.push_str(before);
        filled.push(ISOLATE);
        filled.push_str(value);
        filled.push(END);
        rest = next;
    }
    filled.push_str(rest);
    Some(filled)
}

/// Returns text without the marks of direction that stand in it.
pub(super) fn without_marks(text: &str) -> String {
    text.chars().filter(|it| !is_mark(*it)).collect()
}

pub(super) fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
}
