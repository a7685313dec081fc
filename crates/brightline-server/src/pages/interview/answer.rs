//! From what a form sends to a value as requests give it.

use brightline_desk::QuestionEntry;
use brightline_docket::{Actor, Evidence, Teller};
use serde_json::{Value, json};

use crate::pages::sent::Sent;
use crate::pages::times;
use crate::pages::words::{say, say_with};

/// The name under which our own look-ups are recorded.
const OWN_SYSTEMS: &str = "systems of the agency";

/// Who may have told a fact, by the names of forms.
const TELLERS: [(&str, Teller); 7] = [
    ("told-agency", Teller::Agency),
    ("told-other_agency", Teller::OtherAgency),
    ("told-requester", Teller::Requester),
    ("told-person", Teller::Person),
    ("told-persons_lawyer", Teller::PersonsLawyer),
    ("told-family", Teller::Family),
    ("told-by_judge", Teller::Court),
];

/// Reads an answer; an error is a sentence for whoever typed it.
pub(super) fn read(entry: &QuestionEntry, sent: &Sent, actor: &Actor) -> Result<Value, String> {
    let text = sent.one("answer");
    if text == "unknown" || sent.one("do") == "unknown" {
        return Ok(json!({"unknown": "not known"}));
    }
    if text.is_empty() {
        return Err(missing(entry));
    }
    let value = plain(&entry.kind, text)?;
    if !entry.finding {
        return Ok(value);
    }
    let reason = sent.one("reason");
    if reason.is_empty() {
        return Err(say("fault-reason"));
    }
    let role = entry.found_by.iter().find(|role| actor.roles.contains(*role));
    let role = role.ok_or_else(|| say("fault-role"))?;
    Ok(json!({"value": value, "by": role, "reason": reason}))
}

/// Reads one value of a kind.
pub(super) fn plain(kind: &str, text: &str) -> Result<Value, String> {
    match kind {
        "yes or no" => match text {
            "yes" => Ok(Value::Bool(true)),
            "no" => Ok(Value::Bool(false)),
            _ => Err(say("fault-yes-no")),
        },
        "time" => Ok(Value::from(times::of_field(text))),
        "number" | "number of days" => match text.parse::<u32>() {
            Ok(number) => Ok(json!(number)),
            Err(_) => Err(say("fault-number")),
        },
        _ => Ok(Value::from(text)),
    }
}

fn missing(entry: &QuestionEntry) -> String {
    let what = match entry.kind.as_str() {
        "yes or no" | "choice" => "fault-missing-choice",
        "date" => "fault-missing-date",
        "time" => "fault-missing-time",
        "offense" => "fault-missing-offense",
        _ => "fault-missing-number",
    };
    say(what)
}

/// A choice of a form: value, words, whether it is taken.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) is_taken: bool,
}

/// What an answer may rest on: our systems, a paper that was presented, somebody who told it.
pub(super) fn sources(papers: &[String], taken: &str) -> Vec<Choice> {
    let choice = |value: String, words: String| Choice { is_taken: value == taken, value, words };
    let mut choices = vec![choice("system".to_owned(), say("source-system"))];
    choices.extend(
        papers.iter().map(|paper| {
            choice(format!("paper:{paper}"), say_with("source-paper", "paper", paper))
        }),
    );
    let tellers = TELLERS.iter().map(|(name, _)| name);
    choices.extend(tellers.map(|name| choice((*name).to_owned(), say(&format!("source-{name}")))));
    choices
}

/// Reads what an answer rests on.
pub(super) fn evidence(sent: &Sent) -> Evidence {
    let source = sent.one("source");
    if let Some(paper) = source.strip_prefix("paper:") {
        return Evidence::Paper(paper.to_owned());
    }
    let teller = TELLERS.iter().find(|(name, _)| *name == source);
    teller.map_or_else(
        || Evidence::System(OWN_SYSTEMS.to_owned()),
        |(_, teller)| Evidence::Told(*teller),
    )
}

/// Returns evidence in words.
pub(in crate::pages) fn evidence_words(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Paper(paper) => say_with("source-paper", "paper", paper),
        Evidence::System(name) if name == OWN_SYSTEMS => say("source-system"),
        Evidence::System(name) => say_with("source-named-system", "name", name),
        Evidence::Told(teller) => {
            let known = TELLERS.iter().find(|(_, it)| it == teller);
            known.map_or_else(String::new, |(name, _)| say(&format!("source-{name}")))
        }
    }
}

/// Returns evidence as the field of a form names it.
pub(super) fn source_of(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Paper(paper) => format!("paper:{paper}"),
        Evidence::System(_) => "system".to_owned(),
        Evidence::Told(teller) => {
            let known = TELLERS.iter().find(|(_, it)| it == teller);
            known.map_or_else(String::new, |(name, _)| (*name).to_owned())
        }
    }
}
