//! The fields of the papers that were found: from the file's form, or beside what is printed.

mod printed;

use crate::day;
use crate::papers::{FieldForm, Papers};
use crate::pdf::{Input, Opened};
use crate::reading::{Confidence, FieldKind, FieldRead, FoundPaper, Keep};
use crate::words::bare;

/// A value as it stands on the paper.
pub(crate) struct Raw {
    pub(crate) text: String,
    pub(crate) confidence: Confidence,
    pub(crate) place: Option<crate::reading::Place>,
}

impl FieldForm {
    /// Returns whether a bare name is one of those by which the field is called.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|it| bare(it) == name)
    }
}

/// Reads the fields of every paper found.
pub(crate) fn read(opened: &Opened, found: &[FoundPaper], papers: &Papers) -> Vec<FieldRead> {
    let mut fields = Vec::new();
    let mut used = vec![false; opened.inputs.len()];
    for paper in found {
        let Some(form) = paper.name.as_deref().and_then(|it| papers.get(it)) else {
            continue;
        };
        let segments: Vec<_> =
            opened.segments.iter().filter(|it| paper.pages.contains(&it.page)).collect();
        for field in &form.fields {
            let input = opened.inputs.iter().enumerate().find(|(at, input)| {
                !used.get(*at).is_some_and(|it| *it) && on(paper, input) && fits(field, input)
            });
            let raw = match input {
                Some((at, input)) => {
                    if let Some(used) = used.get_mut(at) {
                        *used = true;
                    }
                    Some(of_input(field, input))
                }
                None => printed::value(field, form, &segments),
            };
            fields.extend(raw.map(|raw| valued(&form.name, field, raw)));
        }
        let rest =
            opened.inputs.iter().zip(&mut used).filter(|(it, used)| !**used && on(paper, it));
        for (input, used) in rest {
            *used = true;
            fields.push(other(&form.name, input));
        }
    }
    fields
}

fn on(paper: &FoundPaper, input: &Input) -> bool {
    input.place.is_none_or(|place| paper.pages.contains(&place.page))
}

fn fits(field: &FieldForm, input: &Input) -> bool {
    let is_check = field.kind == FieldKind::Check;
    is_check == input.is_check
        && (field.is_named(&bare(&input.name))
            || input.tip.as_deref().is_some_and(|tip| field.is_named(&bare(tip))))
}

fn of_input(field: &FieldForm, input: &Input) -> Raw {
    let by_name = field.is_named(&bare(&input.name));
    Raw {
        text: input.value.clone(),
        confidence: Confidence(if by_name { 98 } else { 85 }),
        place: input.place,
    }
}

fn valued(paper: &str, field: &FieldForm, raw: Raw) -> FieldRead {
    let text = raw.text.trim().to_owned();
    let filled = match field.kind {
        FieldKind::Check => text == "yes",
        _ => !text.is_empty(),
    };
    let read = match field.kind {
        FieldKind::Text | FieldKind::Check => Some(text.clone()),
        FieldKind::Date => day::day(&text).map(|it| it.to_string()),
        FieldKind::Time => day::time(&text).map(|it| it.strftime("%Y-%m-%dT%H:%M").to_string()),
    };
    let unreadable = filled && read.is_none();
    let value = read.unwrap_or_default();
    let written = (value != text && !text.is_empty()).then_some(text);
    let kept = field.keep != Keep::Never;
    FieldRead {
        paper: paper.to_owned(),
        name: field.name.clone(),
        label: field.label.clone(),
        kind: field.kind,
        value: if kept { value } else { String::new() },
        written: written.filter(|_| kept),
        filled,
        confidence: if unreadable { raw.confidence.at_most(30) } else { raw.confidence },
        place: raw.place,
        keep: field.keep,
    }
}

/// A field that no description knows: only that it is there, never what it says.
fn other(paper: &str, input: &Input) -> FieldRead {
    let kind = if input.is_check { FieldKind::Check } else { FieldKind::Text };
    FieldRead {
        paper: paper.to_owned(),
        name: input.name.clone(),
        label: input.tip.clone().unwrap_or_else(|| input.name.clone()),
        kind,
        value: String::new(),
        written: None,
        filled: !input.value.is_empty() && input.value != "no",
        confidence: Confidence(40),
        place: input.place,
        keep: Keep::Never,
    }
}
