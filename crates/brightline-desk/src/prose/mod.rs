//! A pack in plain words: citation, dates, what a provision says, rule by rule.

mod condition;
mod duty;
mod validity;

use brightline_law::ir::{
    ActId, AgencyId, Corpus, Modal, PackId, Provision, ProvisionId, Section, SectionId, Statement,
    StatementId, Unsettled, UnsettledKind, Validity,
};
use brightline_law::words;

use condition::{Lines, Under, outline};

/// More agencies than these are counted, not named.
const AGENCIES_SHOWN_MAX: usize = 4;

/// More provisions than these are cited by their sections.
const CITATIONS_SHOWN_MAX: usize = 2;

/// A line of an outline; each level is indented further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProseLine {
    /// How deep, from 0.
    pub level: usize,
    /// The sentence, or the part of one.
    pub text: String,
}

/// A provision in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionProse {
    /// The provision.
    pub id: ProvisionId,
    /// Its citation.
    pub citation: String,
    /// What it says, and how sure we are of it.
    pub lines: Vec<ProseLine>,
}

/// A section in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionProse {
    /// Citation and title.
    pub title: String,
    /// What is said of the whole section.
    pub head: Vec<String>,
    /// Its provisions, in the order of the text.
    pub provisions: Vec<ProvisionProse>,
}

/// Returns what a pack is: title, packs above it, first day.
#[must_use]
pub fn pack_prose(corpus: &Corpus, id: PackId) -> Vec<String> {
    let Some(pack) = corpus.packs.get(id.index()) else {
        return Vec::new();
    };
    let mut lines = vec![pack.title.clone()];
    let above = pack.parents.iter().filter_map(|parent| corpus.packs.get(parent.index()));
    let above: Vec<&str> = above.map(|pack| pack.title.as_str()).collect();
    if !above.is_empty() {
        lines.push(format!("Under: {}.", above.join(", ")));
    }
    lines.push(format!("The law is recorded from {} on.", pack.recorded_from));
    lines
}

/// Returns when a provision or section is in force, in sentences.
#[must_use]
pub fn in_force(corpus: &Corpus, validity: &Validity) -> Vec<String> {
    validity::lines(corpus, validity)
}

/// Returns a section in plain words.
#[must_use]
pub fn section_prose(corpus: &Corpus, id: SectionId) -> Option<SectionProse> {
    let section = corpus.sections.get(id.index())?;
    let title = section.title.as_ref().map(|title| format!(": {title}")).unwrap_or_default();
    let is_own = |it: &(&Provision, ProvisionId)| it.0.section == id;
    let provisions = corpus.provisions.iter().zip((0u32..).map(ProvisionId)).filter(is_own);
    Some(SectionProse {
        title: format!("{}{title}", section.citation),
        head: section_head(corpus, section),
        provisions: provisions.filter_map(|(_, id)| provision_prose(corpus, id)).collect(),
    })
}

fn section_head(corpus: &Corpus, section: &Section) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(section.enacted_by.as_ref().map(|act| format!("Enacted by {act}.")));
    lines.extend(section.successor_of.as_ref().map(|old| format!("Successor of {old}.")));
    lines.extend(validity::lines(corpus, &section.validity));
    lines.extend(
        section
            .confers_no_authority
            .as_ref()
            .map(|label| format!("What is permitted here grants no power of its own {label}"))
            .map(|line| format!("{}.", line.trim_end())),
    );
    lines.extend(section.notes.iter().map(|(kind, note)| format!("{}: {note}", capital(kind))));
    lines
}

/// Returns a provision in plain words.
#[must_use]
pub fn provision_prose(corpus: &Corpus, id: ProvisionId) -> Option<ProvisionProse> {
    let it = corpus.provisions.get(id.index())?;
    let section = corpus.sections.get(it.section.index())?;
    let mut lines = Lines::default();
    if it.validity != section.validity {
        validity::lines(corpus, &it.validity).iter().for_each(|line| lines.add(0, line));
    }
    it.plain.iter().for_each(|plain| lines.add(0, plain));
    it.partial.iter().for_each(|(why, _)| lines.add(0, format!("Not read whole: {why}.")));
    it.unverified.iter().for_each(|what| lines.add(0, format!("Not verified: {what}.")));
    for statement in corpus.statements.iter().filter(|it| it.provision == id) {
        self::statement(corpus, statement, &it.label, &mut lines);
    }
    terms(corpus, id, &it.label, &mut lines);
    for point in corpus.unsettled.iter().filter(|point| point.provision == id) {
        unsettled(corpus, point, &it.label, &mut lines);
    }
    for duty in corpus.duties.iter().filter(|duty| duty.provision == id) {
        duty::duty(corpus, duty, &it.label, &mut lines);
    }
    for (kind, note) in &it.notes {
        lines.add(0, format!("{}: {note}", capital(kind)));
    }
    Some(ProvisionProse { id, citation: it.citation.clone(), lines: lines.lines })
}

fn terms(corpus: &Corpus, id: ProvisionId, label: &str, lines: &mut Lines) {
    for term in &corpus.terms {
        for version in term.versions.iter().filter(|version| version.provision == id) {
            let of = term.record.and_then(|record| corpus.records.get(record.index()));
            let of = of.map(|record| format!("a {} is ", record.name.replace('_', " ")));
            let name = term.name.replace('_', " ");
            lines.add(0, format!("{}\"{name}\" when", capital(&of.unwrap_or_default())));
            outline(corpus, &version.condition, Under { level: 1, label }, lines);
        }
    }
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
        Modal::DoesNotBar => {
            format!("{} not forbid {who} to {acts}{when}", lifted(corpus, statement))
        }
        Modal::DoesNotRequire => {
            format!("{} not require {who} to {acts}{when}", lifted(corpus, statement))
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

/// `Admin. Code § 1(b) does`; many provisions of one section are cited as the section.
fn lifted(corpus: &Corpus, statement: &Statement) -> String {
    let lifts = |id: &StatementId| {
        let modal = corpus.statements.get(id.index()).map(|it| it.modal);
        matches!(modal, Some(Modal::DoesNotBar | Modal::DoesNotRequire))
    };
    let barring: Vec<_> = statement.targets.iter().copied().filter(|id| !lifts(id)).collect();
    let targets = if barring.is_empty() { &statement.targets } else { &barring };
    let mut cited = citations(corpus, targets);
    if cited.len() > CITATIONS_SHOWN_MAX {
        cited = sections(corpus, targets);
    }
    let does = if cited.len() == 1 { "does" } else { "do" };
    format!("{} {does}", joined(&cited, "and"))
}

fn sections(corpus: &Corpus, statements: &[StatementId]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for id in statements {
        let statement = corpus.statements.get(id.index());
        let provision = statement.and_then(|it| corpus.provisions.get(it.provision.index()));
        let section = provision.and_then(|it| corpus.sections.get(it.section.index()));
        if let Some(section) = section.filter(|it| !found.contains(&it.citation)) {
            found.push(section.citation.clone());
        }
    }
    found
}

fn citations(corpus: &Corpus, statements: &[StatementId]) -> Vec<String> {
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
