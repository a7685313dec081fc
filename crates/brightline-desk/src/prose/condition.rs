//! Conditions as an outline; each leaf with its marker.

use brightline_law::ir::{Condition, ConditionKind, Corpus};
use brightline_law::words;

use super::ProseLine;

/// Lines of a provision, indented by level.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) lines: Vec<ProseLine>,
}

impl Lines {
    pub(super) fn add(&mut self, level: usize, line: impl AsRef<str>) {
        self.lines.push(ProseLine { level, text: line.as_ref().to_owned() });
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

/// Where a condition stands in an outline: how deep, and under which label.
#[derive(Clone, Copy)]
pub(super) struct Under<'l> {
    pub(super) level: usize,
    pub(super) label: &'l str,
}

/// Adds a condition as an outline.
pub(super) fn outline(corpus: &Corpus, it: &Condition, under: Under<'_>, lines: &mut Lines) {
    match &it.kind {
        ConditionKind::Always | ConditionKind::Never if under.level == 1 => {}
        ConditionKind::All(parts) => group(corpus, ("all of", it, parts), under, lines),
        ConditionKind::Any(parts) => group(corpus, ("any of", it, parts), under, lines),
        ConditionKind::Not(inner) => match &inner.kind {
            ConditionKind::Any(parts) => group(corpus, ("none of", it, parts), under, lines),
            ConditionKind::All(parts) => group(corpus, ("not all of", it, parts), under, lines),
            _ => leaf(corpus, it, under, lines),
        },
        _ => leaf(corpus, it, under, lines),
    }
}

fn leaf(corpus: &Corpus, it: &Condition, under: Under<'_>, lines: &mut Lines) {
    let marker = marker(&it.label, under.label);
    lines.add(under.level, format!("{marker}{}", words::condition(corpus, it)));
}

fn group(
    corpus: &Corpus,
    (head, whole, parts): (&str, &Condition, &[Condition]),
    under: Under<'_>,
    lines: &mut Lines,
) {
    lines.add(under.level, format!("{}{head}", marker(&whole.label, under.label)));
    let label = if whole.label.is_empty() { under.label } else { &whole.label };
    for part in parts {
        outline(corpus, part, Under { level: under.level + 1, label }, lines);
    }
}

/// What a label adds to the one above it: `(ii)` for `(b)(1)(ii)` under `(b)(1)`.
fn marker(label: &str, above: &str) -> String {
    match label.strip_prefix(above).unwrap_or(label) {
        "" => String::new(),
        marker => format!("{marker} "),
    }
}
