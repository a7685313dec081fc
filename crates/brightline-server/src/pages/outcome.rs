//! Determinations as pages show them: words, never color alone.

use brightline_desk::{ActDetermination, ActOutcome, BasisEntry, LimitEndEntry, LimitEntry};
use brightline_docket::CaseView;
use brightline_law::ir::Corpus;

use super::times;
use super::words::{has, say, say_of, say_with};

/// An outcome: its name, by which style and icon are chosen, and its words.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) words: String,
}

impl Tag {
    pub(super) fn of(name: &str) -> Self {
        Self { name: name.to_owned(), words: say(&format!("outcome-{name}")) }
    }

    /// Returns the icon: a path within a square of 24.
    pub(super) fn icon(&self) -> &'static str {
        match self.name.as_str() {
            "required" => "M4 13l5 5L20 7",
            "permitted" | "not_barred" => "M5 12h14M13 6l6 6-6 6",
            "prohibited" | "no_authority" => "M6 6l12 12M18 6L6 18",
            "not_required" | "silent" => "M5 12h14",
            "unsettled" | "conflict" => "M12 5v9M12 17v2",
            _ => "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17v2",
        }
    }
}

/// One line of the panel: an act and how it stands.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) words: String,
    pub(super) tag: Tag,
    /// What may still come out, in words; empty: it is settled.
    pub(super) possible: String,
    pub(super) safe: String,
}

/// Returns the lines of a panel.
pub(super) fn lines(determinations: &[ActDetermination]) -> Vec<Line> {
    determinations.iter().map(line).collect()
}

/// Returns the lines of a panel from outcomes alone; the words of the acts are those of the case.
pub(super) fn brief_lines(view: &CaseView, outcomes: &[ActOutcome]) -> Vec<Line> {
    let acts = view.acts();
    let line = |it: &ActOutcome| {
        let act = acts.iter().find(|act| act.act == it.act);
        Line {
            words: act.map_or_else(|| it.act.replace('_', " "), |act| capital(&act.words)),
            tag: Tag::of(&it.outcome),
            possible: possible(&it.outcome, &it.possible),
            safe: String::new(),
        }
    };
    outcomes.iter().map(line).collect()
}

fn line(found: &ActDetermination) -> Line {
    Line {
        words: capital(&found.words),
        tag: Tag::of(&found.outcome),
        possible: possible(&found.outcome, &found.possible),
        safe: meanwhile(found),
    }
}

/// What may still come out, in words.
fn possible(outcome: &str, possible: &[String]) -> String {
    match outcome {
        "open" => {
            let words: Vec<String> = possible.iter().map(|name| Tag::of(name).words).collect();
            words.join(", or ")
        }
        _ => String::new(),
    }
}

/// What is lawful while the law gives no answer.
fn meanwhile(found: &ActDetermination) -> String {
    match found.outcome.as_str() {
        "open" | "unsettled" | "conflict" => say(&format!("safe-{}", found.safe)),
        _ => String::new(),
    }
}

/// A sentence of the explanation: the citation with which it begins, and the rest.
pub(super) struct Sentence {
    pub(super) citation: String,
    /// The page of the provision; nothing where none is served.
    pub(super) page: Option<String>,
    pub(super) rest: String,
}

/// A provision that decides.
pub(super) struct Basis {
    pub(super) citation: String,
    /// The page of the provision; nothing where none is served.
    pub(super) page: Option<String>,
    pub(super) url: Option<String>,
    /// What the reader should know of the text; empty: nothing.
    pub(super) caution: String,
    pub(super) is_certain: bool,
}

/// Where a reading of an unsettled point leads.
pub(super) struct Reading {
    pub(super) words: String,
    pub(super) tag: Tag,
    pub(super) is_safe: bool,
}

/// An act with everything that the case page tells of it.
pub(super) struct Act {
    pub(super) name: String,
    pub(super) line: Line,
    pub(super) why: Vec<Sentence>,
    pub(super) presumed: Vec<String>,
    pub(super) basis: Vec<Basis>,
    pub(super) limits: Vec<String>,
    pub(super) readings: Vec<Reading>,
    pub(super) notes: Vec<String>,
    pub(super) questions: Vec<String>,
    /// Who decided it, as what, and what the rules say; empty where nobody did.
    pub(super) decided: String,
    /// Why, and on what that rests.
    pub(super) because: String,
    /// The law gives no answer, or none yet.
    pub(super) is_for_counsel: bool,
    pub(super) is_done: bool,
}

/// Returns the acts of a case.
pub(super) fn acts(corpus: &Corpus, view: &CaseView) -> Vec<Act> {
    let found = view.decided.as_ref().map(|it| it.response.determinations.as_slice());
    let standing = view.acts();
    let pairs = found.unwrap_or_default().iter().zip(&standing);
    pairs
        .map(|(found, stands)| {
            let mut act = act((corpus, &view.asked.on), found, stands.is_done);
            act.line.tag = Tag::of(&stands.outcome);
            let over = view.overrides.iter().rev().find(|it| it.act == stands.act);
            if let Some(over) = over.filter(|it| !it.is_stale) {
                let parts = [("reason", &*over.reason), ("citation", &over.citation)];
                act.because = say_of("decided-because", &parts);
                act.decided = decided(&over.by.name, (&stands.outcome, &stands.computed));
                // What is decided is not open any more.
                act.line.possible.clear();
                act.line.safe.clear();
            }
            act
        })
        .collect()
}

/// Who decided an act, as what, and what the rules say of it.
fn decided(who: &str, (outcome, computed): (&str, &str)) -> String {
    let key = format!("computed-{computed}");
    let rules = match (outcome == computed, has(&key)) {
        (true, _) => say("computed-same"),
        (false, true) => say(&key),
        (false, false) => say_with("computed-otherwise", "outcome", &Tag::of(computed).words),
    };
    let outcome = Tag::of(outcome).words;
    say_of("decided-by", &[("who", who), ("outcome", &outcome), ("rules", &rules)])
}

fn act((corpus, on): (&Corpus, &str), found: &ActDetermination, is_done: bool) -> Act {
    let presumed = found.reasons.iter().filter(|reason| reason.presumed);
    let readings = found.readings.iter().map(|reading| {
        let points = reading.readings.iter().map(|it| {
            let words = it.reading.trim_end_matches('.');
            let question = capital(it.question.trim_end_matches('.'));
            let stop = if question.ends_with('?') { "" } else { "." };
            let question = format!("{question}{stop}");
            let parts = [("question", &*question), ("words", words), ("citation", &it.citation)];
            say_of("reading-point", &parts)
        });
        Reading {
            words: points.collect::<Vec<_>>().join("; "),
            tag: Tag::of(&reading.outcome),
            is_safe: reading.safe,
        }
    });
    Act {
        name: found.act.clone(),
        line: line(found),
        why: found.explanation.iter().map(|it| sentence(corpus, on, it)).collect(),
        presumed: presumed.map(|reason| capital(&reason.sentence)).collect(),
        basis: found.basis.iter().map(|it| basis(corpus, on, it)).collect(),
        limits: found.limits.iter().map(limit).collect(),
        readings: readings.collect(),
        notes: found.notes.clone(),
        questions: found.questions.iter().map(|question| question.ask.clone()).collect(),
        decided: String::new(),
        because: String::new(),
        is_for_counsel: matches!(
            found.outcome.as_str(),
            "unsettled" | "conflict" | "open" | "silent"
        ),
        is_done,
    }
}

/// Returns the page of a provision as it stood on the day of the act; for a line of it, the page of
/// the provision that it stands in.
fn page_of(corpus: &Corpus, id: &str, on: &str) -> Option<String> {
    let around = corpus.provisions.iter().filter(|it| id.starts_with(it.id.as_str()));
    let nearest = around.max_by_key(|it| it.id.len())?;
    Some(format!("/rules/{}?on={on}", nearest.id))
}

/// Returns the page of the provision that a citation names, or in which the line stands that it
/// names.
pub(super) fn page_of_citation(corpus: &Corpus, citation: &str, on: &str) -> Option<String> {
    let around = corpus.provisions.iter().filter(|it| citation.starts_with(it.citation.as_str()));
    let nearest = around.max_by_key(|it| it.citation.len())?;
    Some(format!("/rules/{}?on={on}", nearest.id))
}

/// Parts a sentence from the citation with which it begins.
fn sentence(corpus: &Corpus, on: &str, text: &str) -> Sentence {
    let cited = corpus.provisions.iter().find_map(|provision| {
        let rest = text.strip_prefix(provision.citation.as_str())?;
        rest.starts_with(':').then_some((provision, rest))
    });
    match cited {
        Some((provision, rest)) => Sentence {
            citation: provision.citation.clone(),
            page: page_of(corpus, &provision.id, on),
            rest: rest.to_owned(),
        },
        None => Sentence { citation: String::new(), page: None, rest: text.to_owned() },
    }
}

fn basis(corpus: &Corpus, on: &str, basis: &BasisEntry) -> Basis {
    let mark = say(&format!("mark-{}", basis.mark.replace(' ', "-")));
    let whole = if basis.partial { say("basis-partial") } else { String::new() };
    let cautions: Vec<String> = [mark, whole].into_iter().filter(|it| !it.is_empty()).collect();
    Basis {
        citation: basis.citation.clone(),
        page: page_of(corpus, &basis.id, on),
        url: basis.url.clone(),
        caution: cautions.join("; "),
        is_certain: basis.certain,
    }
}

fn limit(limit: &LimitEntry) -> String {
    let ends: Vec<String> = limit.ends.iter().map(end).collect();
    let (what, ends) = (capital(&limit.words), ends.join("; "));
    say_of("limit", &[("what", &what), ("citation", &limit.citation), ("ends", &ends)])
}

fn end(end: &LimitEndEntry) -> String {
    let mut text = match &end.end {
        Some(end) => say_with("limit-ends", "time", &times::civil(end)),
        None => say("limit-end-unknown"),
    };
    if let Some(reading) = &end.reading {
        text = say_of("limit-counting", &[("end", &text), ("reading", reading)]);
    }
    if end.safe && end.reading.is_some() {
        text = say_with("limit-safe", "end", &text);
    }
    if let Some(days) = &end.not_covered {
        text.push_str(&format!("; {days}"));
    }
    text
}

/// Returns a text with a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}
