//! A pack in plain words: citation, dates, what a provision says, rule by rule.

mod condition;
mod duty;
mod validity;

use brightline_law::ir::{
    ActId, AgencyId, Corpus, Modal, PackId, Provision, ProvisionId, Section, SectionId, Statement,
    Unsettled, UnsettledKind, Validity,
};
use brightline_law::words;

use super::paragraph::hanging;
use crate::output::{STRONG, styled};
use condition::{Lines, Under, outline};

/// More agencies than these are counted, not named.
const AGENCIES_SHOWN_MAX: usize = 4;

/// Returns what a pack is: title, packs above it, zone, first day.
pub(crate) fn head(corpus: &Corpus, id: PackId) -> String {
    let Some(pack) = corpus.packs.get(id.index()) else {
        return String::new();
    };
    let mut text = format!("{}\n", styled(STRONG, &pack.title));
    let above = pack.parents.iter().filter_map(|parent| corpus.packs.get(parent.index()));
    let above: Vec<&str> = above.map(|pack| pack.title.as_str()).collect();
    if !above.is_empty() {
        text.push_str(&hanging("", 2, &format!("Under: {}.", above.join(", "))));
    }
    text.push_str(&format!("The law is recorded from {} on.\n", pack.recorded_from));
    text
}

/// Returns when a provision or section is in force, in sentences.
pub(crate) fn in_force(corpus: &Corpus, validity: &Validity) -> Vec<String> {
    validity::lines(corpus, validity)
}

/// Returns a section in plain words.
pub(crate) fn section(corpus: &Corpus, id: SectionId) -> String {
    let Some(section) = corpus.sections.get(id.index()) else {
        return String::new();
    };
    let mut text = section_head(corpus, section);
    let is_own = |it: &(&Provision, ProvisionId)| it.0.section == id;
    let provisions = corpus.provisions.iter().zip((0u32..).map(ProvisionId));
    for (provision, provision_id) in provisions.filter(is_own) {
        text.push('\n');
        text.push_str(&self::provision(corpus, section, provision, provision_id));
    }
    text
}

fn section_head(corpus: &Corpus, section: &Section) -> String {
    let title = section.title.as_ref().map(|title| format!(": {title}")).unwrap_or_default();
    let mut text = hanging("", 2, &styled(STRONG, &format!("{}{title}", section.citation)));
    let mut lines = Vec::new();
    lines.extend(section.enacted_by.as_ref().map(|act| format!("Enacted by {act}.")));
    lines.extend(section.successor_of.as_ref().map(|old| format!("Successor of {old}.")));
    lines.extend(validity::lines(corpus, &section.validity));
    lines.extend(
        section
            .confers_no_authority
            .as_ref()
            .map(|label| format!("What is permitted here grants no power of its own {label}.")),
    );
    lines.extend(section.notes.iter().map(|(kind, note)| format!("{}: {note}", capital(kind))));
    for line in lines {
        text.push_str(&hanging("  ", 4, &line));
    }
    text
}

fn provision(corpus: &Corpus, section: &Section, it: &Provision, id: ProvisionId) -> String {
    let mut text = format!("  {}\n", styled(STRONG, &it.citation));
    let mut say = |line: &str| text.push_str(&hanging("    ", 6, line));
    if it.validity != section.validity {
        validity::lines(corpus, &it.validity).iter().for_each(|line| say(line));
    }
    it.plain.iter().for_each(|plain| say(plain));
    it.partial.iter().for_each(|(why, _)| say(&format!("Not read whole: {why}.")));
    it.unverified.iter().for_each(|what| say(&format!("Not verified: {what}.")));
    let mut lines = Lines::default();
    for statement in corpus.statements.iter().filter(|it| it.provision == id) {
        self::statement(corpus, statement, &it.label, &mut lines);
    }
    for term in &corpus.terms {
        for version in term.versions.iter().filter(|version| version.provision == id) {
            let of = term.record.and_then(|record| corpus.records.get(record.index()));
            let of = of.map(|record| format!("a {} is ", record.name.replace('_', " ")));
            let name = term.name.replace('_', " ");
            lines.add(0, format!("{}\"{name}\" when", capital(&of.unwrap_or_default())));
            let under = Under { level: 1, label: &it.label };
            outline(corpus, &version.condition, under, &mut lines);
        }
    }
    for point in corpus.unsettled.iter().filter(|point| point.provision == id) {
        unsettled(corpus, point, &it.label, &mut lines);
    }
    for duty in corpus.duties.iter().filter(|duty| duty.provision == id) {
        duty::duty(corpus, duty, &it.label, &mut lines);
    }
    text.push_str(&lines.text);
    for (kind, note) in &it.notes {
        text.push_str(&hanging("    ", 6, &format!("{}: {note}", capital(kind))));
    }
    text
}

fn statement(corpus: &Corpus, statement: &Statement, label: &str, lines: &mut Lines) {
    let who = agencies(corpus, &statement.agencies);
    let acts = acts(corpus, &statement.acts);
    let when = condition::tail(&statement.condition);
    let sentence = match statement.modal {
        Modal::MayOnly => format!("{who} may {acts} only{when}"),
        Modal::May => format!("{who} may {acts}{when}"),
        Modal::MustNot => format!("{who} must not {acts}{when}"),
        Modal::Must => format!("{who} must {acts}{when}"),
        Modal::NoAuthority => format!("{who} has no authority to {acts}{when}"),
        Modal::DoesNotBar => format!("{} not barred to {acts}{when}", targets(corpus, statement)),
        Modal::DoesNotRequire => {
            format!("{} not required to {acts}{when}", targets(corpus, statement))
        }
    };
    lines.add(0, capital(&sentence));
    outline(corpus, &statement.condition, Under { level: 1, label }, lines);
    for limit in &statement.limits {
        lines.add(1, words::limit(corpus, limit));
    }
    let over = citations(corpus, &statement.defeats);
    if !over.is_empty() {
        lines.add(1, format!("whatever {} says", over.join(" or ")));
    }
}

/// `under Admin. Code § 1(b), the Department …: is`.
fn targets(corpus: &Corpus, statement: &Statement) -> String {
    let who = agencies(corpus, &statement.agencies);
    format!("by {}, {who} is", citations(corpus, &statement.targets).join(" or "))
}

fn citations(corpus: &Corpus, statements: &[brightline_law::ir::StatementId]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for id in statements {
        let statement = corpus.statements.get(id.index());
        let provision = statement.and_then(|it| corpus.provisions.get(it.provision.index()));
        if let Some(provision) = provision.filter(|it| !found.contains(&it.citation)) {
            found.push(provision.citation.clone());
        }
    }
    found
}

fn agencies(corpus: &Corpus, ids: &[AgencyId]) -> String {
    let words = ids.iter().filter_map(|id| corpus.agencies.get(id.index()));
    let mut words: Vec<String> = words.map(|agency| agency.words.clone()).collect();
    if words.len() > AGENCIES_SHOWN_MAX {
        let rest = words.len() - AGENCIES_SHOWN_MAX + 1;
        words.truncate(AGENCIES_SHOWN_MAX - 1);
        words.push(format!("{rest} other agencies"));
    }
    joined(&words, "and")
}

fn acts(corpus: &Corpus, ids: &[ActId]) -> String {
    let words = ids.iter().filter_map(|id| corpus.acts.get(id.index()));
    joined(&words.map(|act| act.words.clone()).collect::<Vec<_>>(), "or")
}

fn unsettled(corpus: &Corpus, point: &Unsettled, label: &str, lines: &mut Lines) {
    lines.add(0, format!("Unsettled: {}", point.question));
    if let Some(because) = &point.because {
        lines.add(1, format!("because {because}"));
    }
    for (at, (_, reading)) in point.readings.iter().enumerate() {
        let safe = if point.safe == Some(at) { " (the safe reading)" } else { "" };
        lines.add(1, format!("reading: {reading}{safe}"));
        if let UnsettledKind::Written(conditions) = &point.kind
            && let Some(condition) = conditions.get(at)
        {
            outline(corpus, condition, Under { level: 2, label }, lines);
        }
    }
}

/// Joins words: `a, b and c`.
fn joined(words: &[String], last: &str) -> String {
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((tail, rest)) => format!("{} {last} {tail}", rest.join(", ")),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
