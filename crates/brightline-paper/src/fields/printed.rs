//! Values beside what is printed, where the file has no form.

use crate::fields::Raw;
use crate::papers::{FieldForm, PaperForm};
use crate::reading::{Confidence, FieldKind, Place};
use crate::words::{Segment, find, plain};

/// In the same piece of text as its label, beside it, below it.
const SAME: Confidence = Confidence(90);
const BESIDE: Confidence = Confidence(80);
const BELOW: Confidence = Confidence(65);
const UNSURE_BOX: Confidence = Confidence(40);

const TICKED: [&str; 9] = ["[x]", "(x)", "☒", "☑", "✓", "✔", "✗", "✘", "[✓]"];
const EMPTY: [&str; 7] = ["[ ]", "( )", "☐", "□", "[]", "()", "[_]"];

/// Returns the value of a field, by the label that is printed beside it.
pub(super) fn value(field: &FieldForm, form: &PaperForm, segments: &[&Segment]) -> Option<Raw> {
    let (at, label) = label_of(field, segments)?;
    let segment = segments.get(at)?;
    if field.kind == FieldKind::Check {
        return Some(tick(segment, at, &label, segments));
    }
    let rest = after(&segment.text, &label).map(|it| clean(&cut(it, form, &field.name)));
    if let Some(text) = rest.filter(|it| !it.is_empty()) {
        return Some(raw(text, SAME, segment));
    }
    let beside = segments.get(at + 1).filter(|next| {
        next.page == segment.page && (next.foot - segment.foot).abs() < 0.5 * segment.size
    });
    if let Some(next) = beside.filter(|next| !is_label(&next.text, form)) {
        let text = clean(&cut(&next.text, form, &field.name));
        if !text.is_empty() {
            return Some(raw(text, BESIDE, next));
        }
    }
    let below = segments.iter().skip(at + 1).find(|next| {
        let down = next.foot - segment.foot;
        next.page == segment.page
            && down > 0.5 * segment.size
            && down < 2.2 * segment.size
            && (next.left - segment.left).abs() < 3.0 * segment.size
    });
    match below.filter(|next| !is_label(&next.text, form) && beside.is_none()) {
        Some(next) => Some(raw(clean(&next.text), BELOW, next)),
        None => Some(raw(String::new(), SAME, segment)),
    }
}

fn label_of(field: &FieldForm, segments: &[&Segment]) -> Option<(usize, String)> {
    for label in field.printed.iter().map(|it| plain(it)) {
        let at = segments.iter().position(|it| {
            // A label that ends in a colon begins its piece, or follows another value.
            find(&plain(&it.text), &label).is_some()
        });
        if let Some(at) = at {
            return Some((at, label));
        }
    }
    None
}

/// What follows a label, in the letters in which it is written.
fn after<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    // Lower case and spaces may differ in length: the shortest beginning that has the label.
    let (_, end) = find(&plain(text), label)?;
    let wanted = plain(text).get(..end)?.to_owned();
    let at = starts.into_iter().find(|at| plain(text.get(..*at).unwrap_or_default()) == wanted)?;
    text.get(at..)
}

/// Cuts a value where the next label begins.
fn cut(text: &str, form: &PaperForm, own: &str) -> String {
    let labels = form.fields.iter().filter(|it| it.name != own).flat_map(|it| &it.printed);
    let mut end = text.len();
    for label in labels.filter(|it| it.ends_with(':')) {
        let lower = text.to_lowercase();
        if lower.len() == text.len()
            && let Some(at) = lower.find(&label.to_lowercase())
        {
            end = end.min(at);
        }
    }
    text.get(..end).unwrap_or_default().to_owned()
}

fn is_label(text: &str, form: &PaperForm) -> bool {
    let text = plain(text);
    let mut labels = form.fields.iter().flat_map(|it| &it.printed);
    labels.any(|it| text.starts_with(&plain(it)))
}

fn clean(text: &str) -> String {
    let text = text.trim_matches(|it: char| it.is_whitespace() || it == '_' || it == ':');
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tick(segment: &Segment, at: usize, label: &str, segments: &[&Segment]) -> Raw {
    let text = plain(&segment.text);
    let start = find(&text, label).map_or(0, |it| it.0);
    let mut before = text.get(..start).unwrap_or_default().trim().to_owned();
    if before.is_empty()
        && let Some(last) = at.checked_sub(1).and_then(|it| segments.get(it))
        && (last.foot - segment.foot).abs() < 0.7 * segment.size
        && last.page == segment.page
    {
        before = plain(&last.text);
    }
    let ends = |marks: &[&str]| marks.iter().any(|it| before.ends_with(it));
    let (value, confidence) = if ends(&TICKED) || before == "x" || before.ends_with(" x") {
        ("yes", SAME)
    } else if ends(&EMPTY) {
        ("no", SAME)
    } else {
        ("", UNSURE_BOX)
    };
    raw(value.to_owned(), confidence, segment)
}

fn raw(text: String, confidence: Confidence, segment: &Segment) -> Raw {
    Raw {
        text,
        confidence: confidence.at_most(segment.sure),
        place: Some(Place {
            page: segment.page,
            left: segment.left,
            top: segment.foot - segment.size,
            width: segment.width,
            height: 1.3 * segment.size,
        }),
    }
}
