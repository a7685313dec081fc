//! A response as an officer reads it: outcome, why, what is safe now, what is missing, what next.

use anstyle::{AnsiColor, Style};
use brightline_desk::{
    ActDetermination, BasisEntry, DutyEntry, DutyReadingEntry, LimitEndEntry, LimitEntry,
    QuestionEntry, ReadingEntry, Response, TakenReadingEntry,
};
use brightline_law::Outcome;
use brightline_law::ir::Corpus;

use super::paragraph::hanging;
use super::question;
use crate::output::{STRONG, styled};

const MISSING: &str = "Still to be found out";
/// The first questions are shown with all there is to know; one of them often settles the rest.
const QUESTIONS_IN_FULL: usize = 3;
/// More combinations of readings are told by their outcomes.
const READINGS_SHOWN_MAX: usize = 4;
const LAST_LINE: &str = "Legal information from the enacted text; counsel decides.";

/// Returns a response in words.
pub(crate) fn page(corpus: &Corpus, response: &Response) -> String {
    let mut page = head(corpus, response);
    for (at, determination) in response.determinations.iter().enumerate() {
        page.push('\n');
        let before = response.determinations.get(..at).unwrap_or_default();
        page.push_str(&act(determination, before));
    }
    page.push_str(&owed(&response.determinations));
    if !response.notes.is_empty() {
        page.push('\n');
        page.push_str(&part("Of this request", &response.notes));
    }
    page.push('\n');
    page.push_str(LAST_LINE);
    page.push('\n');
    page
}

fn head(corpus: &Corpus, response: &Response) -> String {
    let pack = corpus.packs.iter().find(|pack| pack.id == response.jurisdiction);
    let title = pack.map_or(response.jurisdiction.as_str(), |pack| pack.title.as_str());
    let agency = corpus.pack(&response.jurisdiction).and_then(|pack| {
        let agency = corpus.agency(pack, &response.agency)?;
        corpus.agencies.get(agency.index())
    });
    let agency = agency.map_or(response.agency.as_str(), |agency| agency.words.as_str());
    let known = response.known_on.as_ref().map(|day| format!(", as the law was known on {day}"));
    let head = format!("{title}, {agency}, on {}{}", response.on, known.unwrap_or_default());
    hanging("", 2, &head)
}

/// Returns the outcome in an officer's words.
pub(crate) fn outcome_words(name: &str) -> &'static str {
    match Outcome::from_name(name) {
        Some(Outcome::Required) => "MUST",
        Some(Outcome::Permitted) => "MAY",
        Some(Outcome::Prohibited) => "MUST NOT",
        Some(Outcome::NotBarred) => "NOT BARRED",
        Some(Outcome::NotRequired) => "NOT REQUIRED",
        Some(Outcome::NoAuthority) => "NO AUTHORITY",
        Some(Outcome::Silent) => "LAW IS SILENT",
        Some(Outcome::Unsettled) => "UNSETTLED",
        Some(Outcome::Conflict) => "CONFLICT",
        Some(Outcome::Open) | None => "OPEN",
    }
}

fn outcome_style(name: &str) -> Style {
    let color = match Outcome::from_name(name) {
        Some(Outcome::Prohibited | Outcome::NoAuthority) => AnsiColor::Red,
        Some(Outcome::Required | Outcome::Permitted) => AnsiColor::Green,
        Some(Outcome::Unsettled | Outcome::Conflict | Outcome::Open) | None => AnsiColor::Yellow,
        Some(Outcome::NotBarred | Outcome::NotRequired | Outcome::Silent) => AnsiColor::Cyan,
    };
    color.on_default().bold()
}

/// Returns the line that leads a determination: `MUST NOT  hold a person …`.
pub(crate) fn headline(found: &ActDetermination) -> String {
    let words = outcome_words(&found.outcome);
    let head = format!("{}  ", styled(outcome_style(&found.outcome), words));
    let mut text = found.words.clone();
    if found.outcome == Outcome::Open.name() {
        let possible: Vec<&str> = found.possible.iter().map(|it| outcome_words(it)).collect();
        text.push_str(": ");
        text.push_str(&possible.join(" or "));
    }
    hanging(&head, words.len() + 2, &text)
}

/// Returns one act; questions that an act before it has put are not put again.
fn act(found: &ActDetermination, before: &[ActDetermination]) -> String {
    let is_open = found.outcome == Outcome::Open.name();
    let mut text = headline(found);
    text.push_str(&part(if is_open { "Why it is open" } else { "Why" }, &found.explanation));
    text.push_str(&part("Presumed", &presumed(found)));
    let uncertain = match found.questions.is_empty() && !found.readings.is_empty() {
        true => ", on one of the readings",
        false => ", if the open facts so fall",
    };
    let basis = found.basis.iter().map(|it| basis(it, uncertain));
    text.push_str(&part("By", &basis.collect::<Vec<_>>()));
    text.push_str(&part("The readings", &readings(&found.readings)));
    if is_open || !found.readings.is_empty() || found.safe == "ask_counsel" {
        text.push_str(&part("Safe now", &[safe(&found.safe).to_owned()]));
    }
    let same = before.iter().find(|it| it.questions == found.questions);
    match same.filter(|_| !found.questions.is_empty()) {
        Some(same) => {
            let line = format!("The same as for this: {}.", same.words);
            text.push_str(&part(MISSING, &[line]));
        }
        None => text.push_str(&missing(&found.questions)),
    }
    text.push_str(&part("Limits", &found.limits.iter().map(limit).collect::<Vec<_>>()));
    text.push_str(&part("Note", &found.notes));
    text
}

/// What is owed next, of all acts together: each duty once.
fn owed(determinations: &[ActDetermination]) -> String {
    let mut duties: Vec<DutyEntry> = Vec::new();
    for duty in determinations.iter().flat_map(|found| &found.duties) {
        let is_same = |other: &&mut DutyEntry| {
            (&other.id, &other.act, &other.by) == (&duty.id, &duty.act, &duty.by)
        };
        match duties.iter_mut().find(is_same) {
            Some(other) => other.certain |= duty.certain,
            None => duties.push(duty.clone()),
        }
    }
    let (recurring, now): (Vec<_>, Vec<_>) = duties.iter().partition(|duty| duty.recurring);
    let lines = |duties: Vec<&DutyEntry>| duties.into_iter().map(duty).collect::<Vec<_>>();
    let text = part("Owed next", &lines(now)) + &part("Counted in", &lines(recurring));
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// Returns a titled part; nothing when there is nothing in it.
fn part(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut text = format!("  {}\n", styled(STRONG, title));
    for line in lines {
        text.push_str(&hanging("    ", 6, line));
    }
    text
}

fn presumed(found: &ActDetermination) -> Vec<String> {
    let presumed = found.reasons.iter().filter(|reason| reason.presumed);
    presumed.map(|reason| reason.sentence.clone()).collect()
}

fn basis(basis: &BasisEntry, uncertain: &str) -> String {
    let mut text = basis.citation.clone();
    if !basis.certain {
        text.push_str(uncertain);
    }
    if basis.mark != "read" {
        text.push_str(&format!(" ({})", mark(&basis.mark)));
    }
    if basis.partial {
        text.push_str(" (rests on text not read whole)");
    }
    if let Some(url) = &basis.url {
        text.push_str("  ");
        text.push_str(url);
    }
    text
}

fn mark(mark: &str) -> &str {
    match mark {
        "partly read" => "the text was read in part",
        "secondary" => "known from a secondary source",
        "recalled" => "from memory, to be checked",
        "analysis" => "our own reading",
        other => other,
    }
}

/// The points that are unsettled, then where their readings lead.
fn readings(readings: &[ReadingEntry]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for taken in readings.iter().flat_map(|reading| &reading.readings) {
        let line = point(taken);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if readings.len() <= READINGS_SHOWN_MAX {
        lines.extend(readings.iter().map(reading));
        return lines;
    }
    let mut told: Vec<&str> = Vec::new();
    for first in readings {
        if told.contains(&first.outcome.as_str()) {
            continue;
        }
        told.push(&first.outcome);
        let alike = readings.iter().filter(|other| other.outcome == first.outcome);
        let shown = alike.clone().find(|other| other.safe).unwrap_or(first);
        let more = match alike.count() {
            0 | 1 => String::new(),
            2 => "; and in another combination of readings".to_owned(),
            count => format!("; and in {} other combinations of readings", count - 1),
        };
        lines.push(format!("{}{more}", reading(shown)));
    }
    lines
}

/// What is unsettled, and where.
fn point(taken: &TakenReadingEntry) -> String {
    format!("{} ({})", capital(taken.question.trim_end_matches('.')), taken.citation)
}

fn reading(reading: &ReadingEntry) -> String {
    let mut points: Vec<String> = Vec::new();
    for taken in &reading.readings {
        let words = format!("if {}", taken.reading.trim_end_matches('.'));
        if !points.contains(&words) {
            points.push(words);
        }
    }
    let safe = if reading.safe { " (the safe reading)" } else { "" };
    format!("{}: {}{safe}", points.join(" and "), outcome_words(&reading.outcome))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

fn safe(safe: &str) -> &'static str {
    match safe {
        "do" => "Do it: that is lawful whatever the open facts are, and leaving it undone is not.",
        "refrain" => "Do not do it: that is lawful in every case, and doing it is not known to be.",
        "either" => "Doing it and leaving it undone are both lawful, whatever the open facts are.",
        _ => {
            "Neither way is known to be lawful in every case: ask counsel before anything is done."
        }
    }
}

fn missing(questions: &[QuestionEntry]) -> String {
    if questions.is_empty() {
        return String::new();
    }
    let mut text = format!("  {}\n", styled(STRONG, MISSING));
    for (at, asked) in questions.iter().enumerate() {
        if at == QUESTIONS_IN_FULL {
            text.push_str("    then, as far as the answers leave them open:\n");
        }
        let head = format!("    {}. ", at + 1);
        text.push_str(&hanging(&head, 7, &question::line(asked)));
        if at >= QUESTIONS_IN_FULL {
            continue;
        }
        for detail in question::details(asked) {
            text.push_str(&hanging("       ", 9, &detail));
        }
        text.push_str(&hanging("       ", 9, &format!("In a request: `{}`.", asked.fact)));
    }
    text
}

fn limit(limit: &LimitEntry) -> String {
    let certain = if limit.certain { "" } else { ", if it comes to that" };
    let is_known = limit.ends.iter().any(|end| end.end.is_some() || end.not_covered.is_some());
    let alike = limit
        .ends
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if (&a.end, &a.not_covered) == (&b.end, &b.not_covered)));
    let ends = match is_known {
        true if alike && limit.ends.len() > 1 => {
            let end = limit.ends.first().and_then(|end| end.end.clone());
            format!("ends {} under every reading", end.unwrap_or_default())
        }
        true => limit.ends.iter().map(limit_end).collect::<Vec<_>>().join("; "),
        false => "its end is not known while its start is not".to_owned(),
    };
    format!("{} ({}){certain}: {ends}", limit.words, limit.citation)
}

fn limit_end(end: &LimitEndEntry) -> String {
    let mut text = match &end.end {
        Some(end) => format!("ends {end}"),
        None => "its end is not known while its start is not".to_owned(),
    };
    if let Some(reading) = &end.reading {
        text.push_str(&format!(", counting {reading}"));
    }
    if end.safe && end.reading.is_some() {
        text.push_str(" (the safe reading)");
    }
    if end.clock_change_minutes != 0 {
        let (way, more) = match end.clock_change_minutes {
            ..0 => ("forward", "fewer"),
            _ => ("back", "more"),
        };
        let minutes = end.clock_change_minutes.unsigned_abs();
        text.push_str(&format!(
            "; clocks go {way} in between, so that {minutes} minutes {more} pass than they show"
        ));
    }
    if let Some(days) = &end.not_covered {
        text.push_str(&format!("; {days}"));
    }
    text
}

/// The recipients that the words of a duty do not name already.
fn recipients(words: &str, to: &[String]) -> Vec<String> {
    let words = words.to_lowercase();
    let names = to.iter().map(|name| name.replace('_', " "));
    names.filter(|name| !words.contains(name.as_str())).map(|name| format!("the {name}")).collect()
}

fn duty(duty: &DutyEntry) -> String {
    let mut text = duty.words.clone();
    let unnamed = recipients(&duty.words, &duty.to);
    if !unnamed.is_empty() {
        text.push_str(&format!(", to {}", unnamed.join(", ")));
    }
    if !duty.when.is_empty() {
        text.push_str(&format!(", {}", duty.when));
    }
    if let Some(by) = &duty.by {
        text.push_str(&format!(": by {by}"));
    }
    if let Some((first, last)) = &duty.window {
        text.push_str(&format!(", for {first} to {last}"));
    }
    let mut cautions = vec![duty.citation.as_str()];
    cautions.extend((duty.mark != "read").then(|| mark(&duty.mark)));
    cautions.extend(duty.partial.then_some("rests on text not read whole"));
    text.push_str(&format!(" ({})", cautions.join("; ")));
    if !duty.certain {
        text.push_str(", if it comes to that");
    }
    for (at, read) in duty.readings.iter().enumerate() {
        let is_first = at == 0 || duty.readings.get(at - 1).is_some_and(|it| !same(it, read));
        let point =
            if is_first { format!(". {}: ", point(&read.reading)) } else { "; ".to_owned() };
        let owed = match read.owed {
            Some(true) => "it is owed",
            Some(false) => "it is not owed",
            None => "it may be owed",
        };
        let safe = if read.safe { " (the safe reading)" } else { "" };
        let words = read.reading.reading.trim_end_matches('.');
        text.push_str(&format!("{point}if {words}, {owed}{safe}"));
    }
    text
}

/// Two readings of one point.
fn same(one: &DutyReadingEntry, other: &DutyReadingEntry) -> bool {
    (&one.reading.id, &one.reading.question) == (&other.reading.id, &other.reading.question)
}
