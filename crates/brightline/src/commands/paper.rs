//! A paper in place of a request: what it says becomes papers and, when accepted, facts.

use std::borrow::Cow;
use std::fmt::Write as _;

use brightline_desk::{Fault, Json, Library, Request};
use brightline_paper::{FieldRead, Keep, Limits, ProposedFor, Reader, Reading, Side};

use crate::human::paragraph::hanging;
use crate::trouble::Trouble;
use crate::{Global, output};

/// Returns whether bytes are a paper and no request: a PDF, or a mail by the name of its file.
pub(super) fn is_paper(place: &str, bytes: &[u8]) -> bool {
    let lower = place.to_ascii_lowercase();
    bytes.starts_with(b"%PDF-") || lower.ends_with(".pdf") || lower.ends_with(".eml")
}

/// Returns what reads papers: this program, started anew for each.
///
/// # Errors
///
/// When the program does not know its own place.
pub fn reader(global: &Global) -> Result<Reader, Trouble> {
    let program = std::env::current_exe().map_err(|it| Trouble::internal(it.to_string()))?;
    let mut arguments = Vec::new();
    if let Some(packs) = &global.packs {
        arguments.extend(["--packs".to_owned(), packs.display().to_string()]);
    }
    arguments.push("read-paper".to_owned());
    Ok(Reader::new(program, arguments, Limits::default()))
}

/// Reads a paper in a process of its own.
pub(super) fn read(global: &Global, place: &str, bytes: &[u8]) -> Result<Reading, Trouble> {
    reader(global)?
        .read(bytes)
        .map_err(|it| Trouble::of(Fault::new(place, it.to_string()).help(it.help())))
}

/// Gives a request the papers, and with `--accept` the facts that they propose.
pub(super) fn apply(
    library: &Library,
    reading: &Reading,
    accepted: bool,
    request: &mut Request<'_>,
) {
    let sure = reading.papers.iter().filter(|it| it.side != Side::Mixed);
    let sure = sure.filter(|it| !it.confidence.is_doubtful());
    let names: Vec<Cow<'_, str>> = sure.filter_map(|it| it.name.clone()).map(Cow::Owned).collect();
    if !names.is_empty() {
        request.papers = Some(names);
    }
    for proposal in reading.proposals.iter().filter(|_| accepted) {
        let ProposedFor::Fact(fact) = &proposal.to else {
            continue;
        };
        if !library.corpus().facts.iter().any(|it| it.name == *fact) {
            continue;
        }
        let value = match proposal.value.as_str() {
            "yes" => Json::Bool(true),
            "no" => Json::Bool(false),
            other => Json::Text(Cow::Owned(other.to_owned())),
        };
        request.set_fact(fact, value);
    }
}

/// Tells what was read, beside the answer.
pub(super) fn tell(reading: &Reading, accepted: bool) {
    let mut page = String::from("Read from the paper\n");
    let mut line = |indent: usize, text: &str| {
        let head = " ".repeat(indent);
        page.push_str(&hanging(&head, indent + 2, text));
    };
    for paper in &reading.papers {
        let name = paper.name.as_deref().unwrap_or("unknown");
        let edition = paper.edition.as_deref().unwrap_or_default();
        let signed = match paper.side {
            Side::Judge => "a judge's paper",
            Side::Officer => "not a judge's paper",
            Side::Mixed => "marks of both sides: counsel decides",
            Side::Unclear => "who signs it is not to be seen",
        };
        line(2, &format!("{name} {edition}, {}: {signed}", paper.title));
        for why in &paper.reasons {
            line(4, &format!("{} (page {})", why.says, why.page));
        }
    }
    for field in reading.fields.iter().filter(|it| it.filled) {
        line(2, &told(field));
    }
    for note in &reading.notes {
        line(2, &format!("note: {note}"));
    }
    for proposal in &reading.proposals {
        if let ProposedFor::Fact(fact) = &proposal.to {
            let taken = if accepted { "taken as said" } else { "not taken without --accept" };
            line(2, &format!("`{fact}` {}: {}; {taken}", proposal.value, proposal.because));
        }
    }
    let _ = writeln!(page);
    output::aside(&page);
}

fn told(field: &FieldRead) -> String {
    let doubtful = if field.confidence.is_doubtful() { "  (doubtful)" } else { "" };
    match field.keep {
        Keep::Yes => format!("{}: {}{doubtful}", field.label, field.value),
        Keep::Sealed => format!("{}: filled, not shown", field.label),
        Keep::Never => format!("{}: filled, not read", field.label),
    }
}
