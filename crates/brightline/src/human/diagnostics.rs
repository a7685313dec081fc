//! Diagnostics under the lines that they are about.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use brightline_law::diagnostic::{Diagnostic, Label, Severity};
use brightline_law::{SourceFile, Sources};

use super::paragraph::COLUMNS;

/// Returns a diagnostic with its source lines, labels and help.
pub(crate) fn rendered(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let mut group = Group::with_title(title);
    for (file, labels) in by_file(&diagnostic.labels) {
        let Some(source) = sources.files().nth(file as usize) else {
            continue;
        };
        let mut snippet = Snippet::source(source.text.as_str()).path(source.path.as_str());
        for (is_primary, label) in labels {
            let kind = if is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(range(source, label));
            let text = (!label.text.is_empty()).then_some(label.text.as_str());
            snippet = snippet.annotation(annotation.label(text));
        }
        group = group.element(snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = Renderer::styled().term_width(COLUMNS);
    let mut text = renderer.render(&[group]);
    text.push_str("\n\n");
    text
}

/// The labels of each file, the file of the first label first.
fn by_file(labels: &[Label]) -> Vec<(u32, Vec<(bool, &Label)>)> {
    let mut files: Vec<(u32, Vec<(bool, &Label)>)> = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        match files.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, found)) => found.push((at == 0, label)),
            None => files.push((label.span.file, vec![(at == 0, label)])),
        }
    }
    files
}

/// The bytes of a label, kept within the text and off the middle of a letter.
fn range(source: &SourceFile, label: &Label) -> Range<usize> {
    let text = source.text.as_str();
    let floor = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(label.span.start);
    start..floor(label.span.end).max(start)
}
