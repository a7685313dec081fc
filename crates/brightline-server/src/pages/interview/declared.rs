//! Questions of facts that are settled already: asked again when somebody changes an answer.

use brightline_desk::{ChoiceEntry, Library, QuestionEntry};
use brightline_docket::CaseView;
use brightline_law::ir::{Corpus, Fact, Kind, Record, RoleId};

use super::place::Place;

/// Returns the question of a place as the vocabulary declares it.
pub(super) fn question(library: &Library, view: &CaseView, place: &Place) -> Option<QuestionEntry> {
    let corpus = library.corpus();
    let pack = corpus.pack(&view.asked.jurisdiction)?;
    let Some((row, field)) = &place.field else {
        if let Some(fact) = corpus.fact(pack, &place.fact) {
            return corpus.facts.get(fact.index()).map(|it| of_fact(corpus, &it.name, it));
        }
        return record(library, view, &place.fact).map(|it| of_list(corpus, it));
    };
    let record = record(library, view, &place.fact)?;
    let fact = record.fields.iter().find(|it| it.name == *field)?;
    Some(of_fact(corpus, &format!("{}[{row}].{field}", record.plural), fact))
}

/// Returns the record that is listed under a name.
pub(super) fn record<'l>(
    library: &'l Library,
    view: &CaseView,
    plural: &str,
) -> Option<&'l Record> {
    let corpus = library.corpus();
    let pack = corpus.pack(&view.asked.jurisdiction)?;
    let found = corpus.record(pack, plural)?;
    corpus.records.get(found.index())
}

fn of_fact(corpus: &Corpus, path: &str, fact: &Fact) -> QuestionEntry {
    let (kind, choices) = kind(&fact.kind);
    QuestionEntry {
        fact: path.to_owned(),
        ask: fact.ask.clone(),
        kind: kind.to_owned(),
        choices,
        hint: fact.hint.clone(),
        cost_minutes: fact.cost,
        found_by: roles(corpus, &fact.found_by),
        finding: fact.finding,
        standard: fact.standard.clone(),
        asked_by: Vec::new(),
    }
}

fn of_list(corpus: &Corpus, record: &Record) -> QuestionEntry {
    QuestionEntry {
        fact: record.plural.clone(),
        ask: record.ask.clone(),
        kind: "list".to_owned(),
        choices: Vec::new(),
        hint: record.hint.clone(),
        cost_minutes: record.cost,
        found_by: roles(corpus, &record.found_by),
        finding: false,
        standard: None,
        asked_by: Vec::new(),
    }
}

fn kind(kind: &Kind) -> (&'static str, Vec<ChoiceEntry>) {
    let entry = |(value, words): &(String, String)| ChoiceEntry {
        value: value.clone(),
        words: words.clone(),
    };
    match kind {
        Kind::YesNo => ("yes or no", Vec::new()),
        Kind::OneOf(choices) => ("choice", choices.iter().map(entry).collect()),
        Kind::Date => ("date", Vec::new()),
        Kind::Time => ("time", Vec::new()),
        Kind::Number { days: true } => ("number of days", Vec::new()),
        Kind::Number { days: false } => ("number", Vec::new()),
        Kind::Offense => ("offense", Vec::new()),
    }
}

fn roles(corpus: &Corpus, roles: &[RoleId]) -> Vec<String> {
    let all = roles.iter().filter_map(|role| corpus.roles.get(role.index()));
    all.map(|role| role.name.clone()).collect()
}

/// Returns the question of a fact or list; its name, where the law of today no longer has it.
pub(in crate::pages) fn ask(library: &Library, view: &CaseView, fact: &str) -> String {
    let found = question(library, view, &Place::parse(fact));
    found.map_or_else(|| fact.replace('_', " "), |entry| entry.ask)
}
