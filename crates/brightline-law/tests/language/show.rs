//! What a pack comes out as, as text.

use std::collections::BTreeSet;
use std::fmt::Write;

use brightline_law::determination::{Determination, Due, DutyOwed, LimitOwed};
use brightline_law::diagnostic::{Diagnostic, Severity, Span};
use brightline_law::ir::{AsKnown, Corpus, Example, Then};
use brightline_law::{Law, Outcome, Scope, Sources};

/// What the blocks of a test show.
pub struct Found {
    pub answers: String,
    pub errors: String,
}

/// Checks the packs and decides their examples; notes are left out unless they are asked for.
pub fn found(sources: &Sources, node_count_max: usize, notes: bool) -> Found {
    let checked = brightline_law::check_within(sources, node_count_max);
    let mut found = Found { answers: String::new(), errors: String::new() };
    let shown = |it: &&Diagnostic| notes || it.severity != Severity::Note;
    for diagnostic in checked.diagnostics.iter().filter(shown) {
        error(&mut found.errors, sources, diagnostic);
    }
    for example in &checked.corpus.examples {
        if !found.answers.is_empty() {
            found.answers.push('\n');
        }
        found.answers.push_str(&answers(&checked.corpus, example));
    }
    found
}

fn error(out: &mut String, sources: &Sources, diagnostic: &Diagnostic) {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let _ = writeln!(out, "{severity}[{}]: {}", diagnostic.code, diagnostic.message);
    for label in &diagnostic.labels {
        place(out, sources, label.span, &label.text);
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(out, "  help: {help}");
    }
}

/// Writes the line of a place, with a mark under it.
fn place(out: &mut String, sources: &Sources, span: Span, text: &str) {
    let Some(file) = sources.files().nth(span.file as usize) else {
        return;
    };
    let (start, end) = (span.start as usize, span.end as usize);
    let before = file.text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = file.text.get(line_start..).unwrap_or_default();
    let line = line.lines().next().unwrap_or_default();
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    let marked = file.text.get(start..end.min(line_start + line.len())).unwrap_or_default();
    let _ = writeln!(out, "  | {line}");
    let marks = "^".repeat(marked.chars().count().max(1));
    let _ = writeln!(out, "{}", format!("  | {}{marks} {text}", " ".repeat(column)).trim_end());
}

fn answers(corpus: &Corpus, example: &Example) -> String {
    let mut out = format!("\"{}\"\n", example.title);
    let facts = match example.given.facts(corpus) {
        Ok(facts) => facts,
        Err(_) => return out + "  the facts contradict the papers\n",
    };
    let mut scopes = Vec::new();
    for then in &example.then {
        let Then::Outcome(expected) = then else {
            continue;
        };
        for &agency in &expected.agencies {
            scopes.extend(expected.acts.iter().map(|&act| (agency, act)));
        }
    }
    for (agency, act) in scopes {
        let at = AsKnown { on: example.on, known: example.known };
        let scope = Scope { jurisdiction: example.pack, agency, act, at };
        match Law::compile(corpus, scope) {
            Ok(law) => answer(&mut out, corpus, &law.determine(corpus, &facts)),
            Err(error) => drop(writeln!(out, "  {error}")),
        }
    }
    out
}

fn answer(out: &mut String, corpus: &Corpus, it: &Determination) {
    let agency = corpus.agencies.get(it.agency.index()).map_or("", |agency| &agency.name);
    let act = corpus.acts.get(it.act.index()).map_or("", |act| &act.name);
    let outcome = if it.outcome == Outcome::Open {
        let possible: Vec<String> = it.possible.iter().map(Outcome::to_string).collect();
        format!("open: {}", possible.join(" or "))
    } else {
        it.outcome.to_string()
    };
    let _ = writeln!(out, "  {agency} {act}: {outcome}");
    for basis in &it.basis {
        let sure = if basis.certain { "" } else { ", perhaps" };
        let _ = writeln!(out, "    because {} ({}{sure})", basis.id, basis.effect);
    }
    for reason in &it.reasons {
        let presumed = if reason.presumed { " (presumed)" } else { "" };
        let _ = writeln!(out, "    rests on: {}{presumed}", reason.sentence);
    }
    for question in &it.questions {
        let _ = writeln!(out, "    ask {}", question.path);
    }
    for reading in &it.readings {
        let taken: Vec<&str> = reading.readings.iter().map(|it| it.reading.as_str()).collect();
        let safe = if reading.safe { " (safe)" } else { "" };
        let _ = writeln!(out, "    reading {}: {}{safe}", taken.join(" and "), reading.outcome);
    }
    it.limits.iter().for_each(|limit| show_limit(out, limit));
    it.duties.iter().for_each(|duty| show_duty(out, corpus, duty));
    let ids: BTreeSet<&str> = it.basis.iter().map(|basis| basis.id.as_str()).collect();
    for provision in corpus.provisions.iter().filter(|it| ids.contains(it.id.as_str())) {
        let section = corpus.sections.get(provision.section.index());
        let notes = section.into_iter().flat_map(|section| &section.notes);
        for (kind, text) in notes.chain(&provision.notes) {
            let _ =
                writeln!(out, "{}", format!("    carries {kind}: {text}").trim_end_matches(": "));
        }
    }
    // Sections of tests name no source; that each note says so is not the point here.
    for note in it.notes.iter().filter(|note| !note.contains(": recalled, not checked")) {
        let _ = writeln!(out, "    note: {note}");
    }
}

fn show_limit(out: &mut String, limit: &LimitOwed) {
    let _ = writeln!(out, "    limit: {}", limit.words);
    for end in &limit.ends {
        let moment = end.end.map_or_else(|| "unknown".to_owned(), |end| end.to_string());
        let reading = if end.reading.is_empty() { "" } else { " under " };
        let safe = if end.safe && !end.reading.is_empty() { " (safe)" } else { "" };
        let _ = writeln!(out, "      ends {moment}{reading}{}{safe}", end.reading);
    }
}

fn show_duty(out: &mut String, corpus: &Corpus, duty: &DutyOwed) {
    let by = match duty.by {
        Some(Due::Day(day)) => format!(", by {day}"),
        Some(Due::Moment(moment)) => format!(", by {moment}"),
        None => String::new(),
    };
    let to = if duty.to.is_empty() { String::new() } else { format!(" to {}", duty.to.join(", ")) };
    let sure = if duty.certain { "" } else { ", perhaps" };
    let when = if duty.when.is_empty() { String::new() } else { format!(", {}", duty.when) };
    let _ = writeln!(out, "    owes {}: {}{to}{when}{by}{sure}", duty.id, duty.words);
    for item in &duty.contains {
        let _ = writeln!(out, "      with {item}");
    }
    let is_it = |it: &&brightline_law::ir::Duty| {
        corpus.provisions.get(it.provision.index()).is_some_and(|it| it.id == duty.id)
    };
    let Some(written) = corpus.duties.iter().find(is_it) else {
        return;
    };
    if !written.fields.is_empty() {
        let _ = writeln!(out, "      fields {}", written.fields.join(", "));
    }
    if let Some(years) = written.keep_years {
        let _ = writeln!(out, "      kept for {years} years");
    }
    if let Some(with) = &written.joint_with {
        let _ = writeln!(out, "      joint with {with}");
    }
    if let Some(owed) = written.nil_report {
        let _ = writeln!(out, "      {} if none", if owed { "even" } else { "not" });
    }
}
