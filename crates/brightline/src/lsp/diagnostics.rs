//! Diagnostics as editors show them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use brightline_desk::LoadError;
use brightline_law::Sources;
use brightline_law::diagnostic::{Diagnostic, Label, Severity};
use lsp_types::{
    DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Position, Range,
};
use serde_json::json;

use super::lines::{Encoding, Lines};
use super::place::uri_of;
use super::shelf::Shelf;

/// The name under which editors list what we find.
const SOURCE: &str = "brightline";

/// Diagnostics by file.
pub(super) type ByFile = BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>>;

/// Adds diagnostics, each to the file of its first label.
pub(super) fn add(
    shelf: &Shelf,
    (sources, encoding): (&Sources, Encoding),
    diagnostics: &[Diagnostic],
    found: &mut ByFile,
) {
    for diagnostic in diagnostics {
        let Some(first) = diagnostic.labels.first() else {
            continue;
        };
        let place = located(shelf, (sources, encoding), first);
        let Some((path, range)) = place else { continue };
        let others = diagnostic.labels.iter().skip(1);
        let related = others.filter_map(|label| {
            let (path, range) = located(shelf, (sources, encoding), label)?;
            let location = Location { uri: uri_of(&path)?, range };
            let message = label.text.clone();
            Some(DiagnosticRelatedInformation { location, message })
        });
        let related: Vec<_> = related.collect();
        let shown = lsp_types::Diagnostic {
            range,
            severity: Some(severity(diagnostic.severity)),
            code: Some(NumberOrString::String(diagnostic.code.to_owned())),
            source: Some(SOURCE.to_owned()),
            message: message(diagnostic, first),
            related_information: (!related.is_empty()).then_some(related),
            data: diagnostic
                .suggestion
                .as_ref()
                .map(|suggestion| json!({ "suggestion": suggestion })),
            ..lsp_types::Diagnostic::default()
        };
        found.entry(path).or_default().push(shown);
    }
}

/// Adds why packs could not be read, to the file that is at fault.
pub(super) fn add_unreadable(shelf: &Shelf, error: &LoadError, found: &mut ByFile) {
    let (file, line) = match error.place.rsplit_once(':') {
        Some((file, line)) => (file, line.parse::<u32>().unwrap_or(1)),
        None => (error.place.as_str(), 1),
    };
    let start = Position::new(line.saturating_sub(1), 0);
    let diagnostic = lsp_types::Diagnostic {
        range: Range::new(start, Position::new(line, 0)),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some(SOURCE.to_owned()),
        message: error.message.clone(),
        ..lsp_types::Diagnostic::default()
    };
    let path = shelf.directory().join(Path::new(file));
    found.entry(path).or_default().push(diagnostic);
}

fn located(
    shelf: &Shelf,
    (sources, encoding): (&Sources, Encoding),
    label: &Label,
) -> Option<(PathBuf, Range)> {
    let file = sources.files().nth(label.span.file as usize)?;
    let path = shelf.file_on_disk(&file.path)?;
    let range = Lines::of(&file.text, encoding).span(label.span);
    Some((path, range))
}

fn message(diagnostic: &Diagnostic, first: &Label) -> String {
    let mut message = diagnostic.message.clone();
    if !first.text.is_empty() {
        message.push_str(": ");
        message.push_str(&first.text);
    }
    if let Some(help) = &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    message
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Note => DiagnosticSeverity::HINT,
    }
}
