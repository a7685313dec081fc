//! A section or a provision: plain words, encoding, dates, examples, what it rests on.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use brightline_desk::{ProseLine, in_force, provision_prose};
use brightline_law::ir::{
    Condition, ConditionKind, Corpus, Operand, Provision, ProvisionId, SectionId, StatementId,
    UnsettledKind,
};

use super::index::{Entry, entry};
use super::source::{self, Written};
use super::{Asked, Place, nothing};
use crate::pages::outcome::capital;
use crate::pages::words::{say, say_with};
use crate::pages::{page, times};
use crate::service::Service;

/// A provision, one version of it.
struct Version {
    citation: String,
    is_in_force: bool,
    when: Vec<String>,
    lines: Vec<ProseLine>,
    mark: String,
    cautions: Vec<String>,
    written: Written,
    source: Option<(String, String, String)>,
    rests_on: Vec<Entry>,
    facts: Vec<(String, String)>,
    tables: Vec<String>,
    examples: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "rule.html")]
struct Rule {
    place: Place,
    title: String,
    section: (String, String),
    path: String,
    versions: Vec<Version>,
    inner: Vec<Entry>,
    used_by: Vec<Entry>,
}

pub(super) async fn show(
    State(service): State<Service>,
    Path((id, part)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let place = match Place::of(&service, &id, &asked) {
        Ok(place) => place,
        Err(response) => return *response,
    };
    let library = Arc::clone(&place.library);
    let corpus = library.corpus();
    let name = format!("{}/{part}", place.id);
    let found = numbered(corpus).filter(|(it, _)| it.id == name).collect::<Vec<_>>();
    let wanted =
        found.first().map_or_else(|| name.clone(), |(it, _)| corpus.section_id(it.section));
    // A section that was enacted anew has the name of the old one: that of the day comes first.
    let mut sections: Vec<SectionId> = (0u32..)
        .map(SectionId)
        .take(corpus.sections.len())
        .filter(|it| corpus.section_id(*it) == wanted)
        .collect();
    let head = |it: &SectionId| corpus.sections.get(it.index());
    sections.sort_by_key(|it| !head(it).is_some_and(|it| it.validity.in_force(place.at)));
    let Some((section, head)) = sections.first().and_then(|it| Some((*it, head(it)?))) else {
        return *nothing("rules-no-provision");
    };
    let title = found.first().map_or(&head.citation, |(it, _)| &it.citation).clone();
    let inner = numbered(corpus).filter(|(it, _)| {
        let is_part = it.id != name && it.id.starts_with(&name);
        sections.contains(&it.section)
            && (found.is_empty() || is_part)
            && it.validity.in_force(place.at)
    });
    let inner = inner.map(|(it, id)| entry(corpus, it, id)).collect();
    let ids: Vec<ProvisionId> = found.iter().map(|(_, id)| *id).collect();
    let template = Rule {
        title,
        section: (format!("/rules/{}", corpus.section_id(section)), section_title(head)),
        path: format!("/rules/{name}"),
        versions: found.iter().map(|(it, id)| version(&place, it, *id)).collect(),
        inner,
        used_by: used_by(corpus, &ids),
        place,
    };
    page(StatusCode::OK, &template)
}

fn section_title(section: &brightline_law::ir::Section) -> String {
    match &section.title {
        Some(title) => format!("{}: {title}", section.citation),
        None => section.citation.clone(),
    }
}

fn numbered(corpus: &Corpus) -> impl Iterator<Item = (&Provision, ProvisionId)> {
    corpus.provisions.iter().zip((0u32..).map(ProvisionId))
}

fn version(place: &Place, it: &Provision, id: ProvisionId) -> Version {
    let corpus = place.library.corpus();
    let lines = provision_prose(corpus, id).map(|it| it.lines).unwrap_or_default();
    let when = in_force(corpus, &it.validity);
    // Days and doubts stand above.
    let lines = lines.into_iter().filter(|line| {
        let doubts = it.unverified.iter().chain(it.partial.iter().map(|(why, _)| why));
        !when.contains(&line.text) && !doubts.into_iter().any(|doubt| line.text.contains(doubt))
    });
    let lines = lines.collect();
    let pack = corpus.packs.get(it.pack.index());
    let source = it.reference.and_then(|at| pack?.references.get(at));
    let mut rests = Rests::default();
    for statement in corpus.statements.iter().filter(|it| it.provision == id) {
        rests.condition(corpus, &statement.condition);
        for other in statement.targets.iter().chain(&statement.defeats) {
            rests.statement(corpus, *other);
        }
    }
    for duty in corpus.duties.iter().filter(|it| it.provision == id) {
        rests.condition(corpus, &duty.condition);
    }
    let versions = corpus.terms.iter().flat_map(|it| &it.versions);
    for version in versions.filter(|it| it.provision == id) {
        rests.condition(corpus, &version.condition);
    }
    rests.provisions.remove(&id);
    let mut cautions: Vec<String> =
        it.unverified.iter().map(|it| say_with("rule-unverified", "what", it)).collect();
    cautions.extend(it.partial.iter().map(|(why, _)| say_with("rule-partial", "why", why)));
    let entries = rests
        .provisions
        .iter()
        .filter_map(|id| corpus.provisions.get(id.index()).map(|it| entry(corpus, it, *id)));
    Version {
        citation: it.citation.clone(),
        is_in_force: it.validity.in_force(place.at),
        when: when.iter().map(|it| times::dated(it)).collect(),
        lines,
        mark: say(&format!("rule-mark-{}", format!("{:?}", it.mark).to_lowercase())),
        cautions,
        written: source::at(&place.library, it.span),
        source: source.map(|it| (it.title.clone(), it.url.clone(), times::civil(&it.read))),
        rests_on: once(entries.collect()),
        facts: rests.facts.into_iter().collect(),
        tables: rests.tables.into_iter().collect(),
        examples: examples(place, it),
    }
}

/// The examples that name the provision as a reason.
fn examples(place: &Place, provision: &Provision) -> Vec<(String, String, String)> {
    let corpus = place.library.corpus();
    let names = |because: &String| {
        because.starts_with(&provision.id)
            || (!provision.label.is_empty() && because.starts_with(&provision.label))
    };
    let mut found = Vec::new();
    for example in corpus.examples.iter().filter(|it| it.span.file == provision.span.file) {
        let because = example.then.iter().filter_map(|it| match it {
            brightline_law::ir::Then::Outcome(expected) => Some(&expected.because),
            _ => None,
        });
        if because.flatten().any(names) {
            let written = source::at(&place.library, example.span).code;
            found.push((capital(&example.title), times::civil(&example.on.to_string()), written));
        }
    }
    found
}

/// The provisions that rest on these: they define their words, lift them or stand above them.
fn used_by(corpus: &Corpus, ids: &[ProvisionId]) -> Vec<Entry> {
    let mut found = BTreeSet::new();
    for statement in &corpus.statements {
        let mut rests = Rests::default();
        rests.condition(corpus, &statement.condition);
        for other in statement.targets.iter().chain(&statement.defeats) {
            rests.statement(corpus, *other);
        }
        if ids.iter().any(|id| rests.provisions.contains(id)) {
            found.insert(statement.provision);
        }
    }
    let others = found.into_iter().filter(|it| !ids.contains(it));
    let named = others.filter_map(|id| Some((corpus.provisions.get(id.index())?, id)));
    once(named.map(|(it, id)| entry(corpus, it, id)).collect())
}

/// Versions of one provision that say the same stand in a list once.
fn once(entries: Vec<Entry>) -> Vec<Entry> {
    let mut told = BTreeSet::new();
    entries.into_iter().filter(|it| told.insert((it.path.clone(), it.says.clone()))).collect()
}

/// What a provision rests on.
#[derive(Default)]
struct Rests {
    provisions: BTreeSet<ProvisionId>,
    /// Name and question.
    facts: BTreeSet<(String, String)>,
    tables: BTreeSet<String>,
}

impl Rests {
    fn statement(&mut self, corpus: &Corpus, id: StatementId) {
        self.provisions.extend(corpus.statements.get(id.index()).map(|it| it.provision));
    }

    fn operand(&mut self, corpus: &Corpus, operand: Operand) {
        if let Operand::Fact(id) = operand
            && let Some(fact) = corpus.facts.get(id.index())
        {
            self.facts.insert((fact.name.clone(), fact.ask.clone()));
        }
    }

    fn condition(&mut self, corpus: &Corpus, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                parts.iter().for_each(|it| self.condition(corpus, it));
            }
            ConditionKind::Not(inner) => self.condition(corpus, inner),
            ConditionKind::Count { record, body, .. } => {
                let record = corpus.records.get(record.index());
                let ask = record.map(|it| (it.plural.clone(), it.ask.clone()));
                self.facts.extend(ask);
                self.condition(corpus, body);
            }
            ConditionKind::Yes(operand)
            | ConditionKind::OneOf(operand, _)
            | ConditionKind::AtLeast(operand, _) => self.operand(corpus, *operand),
            ConditionKind::Before { left, right, excluded, .. } => {
                self.operand(corpus, *left);
                self.operand(corpus, *right);
                excluded.iter().for_each(|it| self.operand(corpus, *it));
            }
            ConditionKind::Member(operand, member) => {
                self.operand(corpus, *operand);
                let table = corpus.members.get(member.index());
                let table = table.and_then(|it| corpus.tables.get(it.table.index()));
                self.tables.extend(table.map(|it| it.name.replace('_', " ")));
            }
            ConditionKind::Term(id) => {
                let term = corpus.terms.get(id.index());
                self.provisions
                    .extend(term.iter().flat_map(|it| &it.versions).map(|it| it.provision));
            }
            ConditionKind::Unsettled(id) => {
                let Some(point) = corpus.unsettled.get(id.index()) else {
                    return;
                };
                self.provisions.insert(point.provision);
                if let UnsettledKind::Written(readings) = &point.kind {
                    readings.iter().for_each(|it| self.condition(corpus, it));
                }
            }
            ConditionKind::AnotherRule(_, ids) => {
                ids.iter().for_each(|it| self.statement(corpus, *it));
            }
            ConditionKind::Always | ConditionKind::Never => {}
        }
    }
}
