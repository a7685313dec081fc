//! `check`: every diagnostic of packs.

use std::time::Instant;

use brightline_desk::{CoverageEntry, Packs};
use brightline_law::diagnostic::{Diagnostic, Severity, line_of};
use brightline_law::{Coverage, Sources, check, coverage, read};
use clap::Args;
use serde_json::{Value, json};

use super::packs_named;
use crate::Global;
use crate::human::coverage;
use crate::human::diagnostics::rendered;
use crate::output;
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline check
  brightline check us-ny-nyc --notes
  brightline check --packs ./packs us-ny-nyc
  brightline check --coverage us-ny-nyc";

/// Check packs: parse and type them, compile every edition, run examples and claims, find
/// conflicts and idle conditions
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Check {
    /// The packs, with those above them; left out, all packs
    #[arg(value_name = "PACK")]
    named: Vec<String>,
    /// Show notes too: what is worth knowing, such as requests left without an answer
    #[arg(long)]
    notes: bool,
    /// Show instead what is encoded, partial, recorded for its notes or not encoded, which lines of
    /// conditions no example tries, and every source with how it was read; with --notes also the
    /// lines tried one way only
    #[arg(long)]
    coverage: bool,
}

impl Check {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let packs: Packs = global.load()?;
        let sources = packs_named(&packs, &self.named)?;
        if self.coverage {
            return self.show_coverage(&sources, global);
        }
        let start = Instant::now();
        let checked = check(&sources);
        let count =
            |severity| checked.diagnostics.iter().filter(|it| it.severity == severity).count();
        let errors = count(Severity::Error);
        if global.json {
            let found = checked.diagnostics.iter().map(|it| entry(&sources, it));
            let found: Vec<Value> = found.collect();
            output::json(&json!({"packs": ids(&sources), "diagnostics": found}))?;
        } else {
            let shown = |it: &&Diagnostic| self.notes || it.severity != Severity::Note;
            for diagnostic in checked.diagnostics.iter().filter(shown) {
                output::text(&rendered(&sources, diagnostic));
            }
            let elapsed = start.elapsed().as_millis();
            output::text(&format!(
                "{}: {}, {}, {}, {} examples, {} claims ({elapsed} ms)\n",
                ids(&sources).join(", "),
                counted(errors, "error"),
                counted(count(Severity::Warning), "warning"),
                counted(count(Severity::Note), "note"),
                checked.corpus.examples.len(),
                checked.corpus.claims.len(),
            ));
        }
        Ok(if errors == 0 { Ending::Done } else { Ending::Negative })
    }
}

impl Check {
    fn show_coverage(&self, sources: &Sources, global: &Global) -> Result<Ending, Trouble> {
        let checked = read(sources);
        if !checked.is_usable() {
            let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
            let errors = checked.diagnostics.iter().filter(is_error);
            if global.json {
                let errors: Vec<Value> = errors.map(|it| entry(sources, it)).collect();
                output::json(&json!({"packs": ids(sources), "diagnostics": errors}))?;
            } else {
                errors.for_each(|error| output::text(&rendered(sources, error)));
            }
            return Ok(Ending::Negative);
        }
        let corpus = &checked.corpus;
        let is_named = |it: &Coverage| {
            let id = corpus.packs.get(it.pack.index()).map(|pack| &pack.id);
            self.named.is_empty() || id.is_some_and(|id| self.named.contains(id))
        };
        let found: Vec<Coverage> = coverage(corpus).into_iter().filter(is_named).collect();
        if global.json {
            let entries: Vec<CoverageEntry> =
                found.iter().map(|it| CoverageEntry::of(corpus, it)).collect();
            output::json(&entries)?;
        } else {
            let pages = found.iter().map(|it| coverage::page(corpus, it, self.notes));
            output::text(&pages.collect::<Vec<_>>().join("\n"));
        }
        Ok(Ending::Done)
    }
}

fn ids(sources: &Sources) -> Vec<&str> {
    sources.packs.iter().map(|pack| pack.id.as_str()).collect()
}

fn counted(count: usize, word: &str) -> String {
    match count {
        0 => format!("no {word}s"),
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}

fn entry(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let labels = diagnostic.labels.iter().map(|label| {
        let file = sources.files().nth(label.span.file as usize);
        let (line, column) = file.map_or((0, 0), |file| place(&file.text, label.span.start));
        json!({
            "file": file.map(|file| file.path.as_str()),
            "line": line, "column": column,
            "start": label.span.start, "end": label.span.end, "text": label.text,
        })
    });
    json!({
        "code": diagnostic.code, "severity": severity, "message": diagnostic.message,
        "labels": labels.collect::<Vec<_>>(), "help": diagnostic.help,
        "suggestion": diagnostic.suggestion,
    })
}

/// Returns line and column, from 1, of a byte.
fn place(text: &str, byte: u32) -> (usize, usize) {
    let before = text.get(..byte as usize).unwrap_or(text);
    let line = line_of(text, before.len());
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
