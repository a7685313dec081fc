//! Conditions as an outline; each leaf with its marker.

use brightline_law::ir::{Condition, ConditionKind, Corpus};
use brightline_law::words;

use crate::human::paragraph::hanging;

/// Lines of a provision, indented by level.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) text: String,
}

impl Lines {
    pub(super) fn add(&mut self, level: usize, line: impl AsRef<str>) {
        let indent = 4 + 2 * level;
        self.text.push_str(&hanging(&" ".repeat(indent), indent + 2, line.as_ref()));
    }
}

/// What leads from a sentence to its condition.
pub(super) fn tail(condition: &Condition) -> &'static str {
    match condition.kind {
        ConditionKind::Always => ".",
        ConditionKind::Never => ": never.",
        _ => " when",
    }
}

/// Adds a condition as an outline.
pub(super) fn outline(corpus: &Corpus, condition: &Condition, level: usize, lines: &mut Lines) {
    let marker = marker(&condition.label);
    match &condition.kind {
        ConditionKind::Always | ConditionKind::Never if level == 1 => {}
        ConditionKind::All(parts) => group(corpus, (marker, "all of"), parts, (level, lines)),
        ConditionKind::Any(parts) => group(corpus, (marker, "any of"), parts, (level, lines)),
        ConditionKind::Not(inner) => match &inner.kind {
            ConditionKind::Any(parts) => group(corpus, (marker, "none of"), parts, (level, lines)),
            ConditionKind::All(parts) => {
                group(corpus, (marker, "not all of"), parts, (level, lines));
            }
            _ => lines.add(level, format!("{marker}{}", words::condition(corpus, condition))),
        },
        _ => lines.add(level, format!("{marker}{}", words::condition(corpus, condition))),
    }
}

fn group(
    corpus: &Corpus,
    head: (String, &str),
    parts: &[Condition],
    (level, lines): (usize, &mut Lines),
) {
    lines.add(level, format!("{}{}", head.0, head.1));
    for part in parts {
        outline(corpus, part, level + 1, lines);
    }
}

/// The last marker of a label: `(ii)` of `(b)(1)(ii)`.
fn marker(label: &str) -> String {
    match label.rfind('(') {
        Some(at) => format!("{} ", label.get(at..).unwrap_or_default()),
        None => String::new(),
    }
}
