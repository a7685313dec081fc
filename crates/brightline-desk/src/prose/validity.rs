//! When a provision is in force, in sentences.

use brightline_law::clock::Day;
use brightline_law::ir::{Corpus, Validity};

/// Returns the sentences.
pub(super) fn lines(corpus: &Corpus, validity: &Validity) -> Vec<String> {
    let mut lines = Vec::new();
    let unverified = if validity.date_unverified { " (date not verified)" } else { "" };
    match (validity.from > Day::MIN, validity.until < Day::MAX) {
        (false, false) => {}
        (true, false) => lines.push(format!("In force from {}{unverified}.", validity.from)),
        (false, true) => lines.push(format!("In force until {}{unverified}.", validity.until)),
        (true, true) => lines
            .push(format!("In force from {} to {}{unverified}.", validity.from, validity.until)),
    }
    if validity.known_from > validity.from {
        lines.push(format!("Known from {} on; it reaches back.", validity.known_from));
    }
    for suspension in &validity.suspensions {
        let until = match suspension.until < Day::MAX {
            true => format!(" to {}", suspension.until),
            false => " on".to_owned(),
        };
        let parties = suspension.as_to.iter().filter_map(|id| corpus.agencies.get(id.index()));
        let parties: Vec<&str> = parties.map(|agency| agency.words.as_str()).collect();
        let parties = match parties.as_slice() {
            [] => String::new(),
            some => format!(", as to {}", some.join(", ")),
        };
        lines.push(format!(
            "Suspended from {}{until} by {}{parties}.",
            suspension.from, suspension.by
        ));
        lines.extend(suspension.vacated_from.map(|day| {
            format!("That suspension was vacated, as known from {day}: it counts as never made.")
        }));
    }
    if let Some(void) = &validity.void {
        let known = match void.known_from > void.from {
            true => format!(", known from {} on", void.known_from),
            false => String::new(),
        };
        lines.push(format!("Of no force from {} on, by {}{known}.", void.from, void.by));
    }
    lines
}
