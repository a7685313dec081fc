//! A decision: what is ruled for an agency, and each answer as a table and a drawing.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use brightline_law::ir::{ActId, AgencyId, Corpus, ProvisionId};
use brightline_law::{Chart, ChartNode, Law, Scope, ruled_acts};

use super::drawing::{Drawing, draw};
use super::index::{Entry, entry};
use super::{Asked, Place, nothing};
use crate::pages::outcome::{Tag, capital};
use crate::pages::page;
use crate::service::Service;

/// A chart with more nodes is not drawn: nobody could read it.
const NODES_DRAWN_MAX: usize = 40;
/// A table with more rows is cut.
const ROWS_MAX: usize = 120;

struct ActEntry {
    path: String,
    words: String,
    outcomes: Vec<Tag>,
}

#[derive(Template)]
#[template(path = "rules-agency.html")]
struct ForAgency {
    place: Place,
    words: String,
    acts: Vec<ActEntry>,
}

struct Row {
    answers: Vec<String>,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "rules-decision.html")]
struct Decision {
    place: Place,
    agency: (String, String),
    words: String,
    outcomes: Vec<Tag>,
    rows: Vec<Row>,
    is_cut: bool,
    drawing: Option<Drawing>,
    provisions: Vec<Entry>,
}

pub(super) async fn agency(
    State(service): State<Service>,
    Path((id, name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let (place, agency) = match found(&service, &id, &name, &asked) {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let library = Arc::clone(&place.library);
    let corpus = library.corpus();
    let mut acts = Vec::new();
    for act in ruled_acts(corpus, place.pack, agency, place.at) {
        let Some(named) = corpus.acts.get(act.index()) else {
            continue;
        };
        let law = Law::compile(corpus, scope(&place, agency, act)).ok();
        let outcomes = law.map(|it| tags(&it)).unwrap_or_default();
        let path = format!("/decisions/{id}/{name}/{}{}", named.name, place.query);
        acts.push(ActEntry { path, words: capital(&named.words), outcomes });
    }
    let words = corpus.agencies.get(agency.index()).map(|it| capital(&it.words));
    page(StatusCode::OK, &ForAgency { place, words: words.unwrap_or_default(), acts })
}

pub(super) async fn act(
    State(service): State<Service>,
    Path((id, name, act)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let (place, agency) = match found(&service, &id, &name, &asked) {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let library = Arc::clone(&place.library);
    let corpus = library.corpus();
    let ruled = ruled_acts(corpus, place.pack, agency, place.at);
    let is_named = |it: &&ActId| corpus.acts.get(it.index()).is_some_and(|it| it.name == act);
    let Some(act_id) = ruled.iter().find(is_named).copied() else {
        return *nothing("no rule in force that day binds this agency on this act");
    };
    let scope = scope(&place, agency, act_id);
    let law = match Law::compile(corpus, scope) {
        Ok(law) => law,
        Err(error) => return *nothing(&error.to_string()),
    };
    let chart = law.chart(corpus, 20 * NODES_DRAWN_MAX);
    let (rows, is_cut) = chart.as_ref().map(rows).unwrap_or_default();
    let small = chart.filter(|it| it.nodes.len() <= NODES_DRAWN_MAX);
    let words = corpus.acts.get(act_id.index()).map(|it| it.words.clone()).unwrap_or_default();
    let agency_words = corpus.agencies.get(agency.index()).map(|it| it.words.clone());
    let template = Decision {
        agency: (
            format!("/decisions/{id}/{name}{}", place.query),
            agency_words.unwrap_or_default(),
        ),
        words,
        outcomes: tags(&law),
        rows,
        is_cut,
        drawing: small.map(|it| draw(&it)),
        provisions: provisions(corpus, scope),
        place,
    };
    page(StatusCode::OK, &template)
}

fn found(
    service: &Service,
    id: &str,
    name: &str,
    asked: &Asked,
) -> Result<(Place, AgencyId), Box<Response>> {
    let place = Place::of(service, id, asked)?;
    let agency = place.library.corpus().agency(place.pack, name);
    let agency = agency.ok_or_else(|| nothing("the pack knows no agency of this name"))?;
    Ok((place, agency))
}

fn scope(place: &Place, agency: AgencyId, act: ActId) -> Scope {
    Scope { jurisdiction: place.pack, agency, act, at: place.at }
}

fn tags(law: &Law) -> Vec<Tag> {
    law.outcomes().iter().map(|it| Tag::of(it.name())).collect()
}

/// The provisions in force that bind the agency on the act.
fn provisions(corpus: &Corpus, scope: Scope) -> Vec<Entry> {
    let mut ids: Vec<ProvisionId> = corpus
        .bound(scope.agency, scope.act)
        .map(|(_, it)| it.provision)
        .filter(|it| {
            let provision = corpus.provisions.get(it.index());
            provision.is_some_and(|it| {
                corpus.at_or_below(scope.jurisdiction, it.pack)
                    && it.validity.applies(scope.at, scope.agency, scope.act)
            })
        })
        .collect();
    ids.dedup();
    let named = ids.into_iter().filter_map(|id| Some((corpus.provisions.get(id.index())?, id)));
    named.map(|(it, id)| entry(corpus, it, id)).collect()
}

/// Every way through a chart as a row: the answers on it, and the outcome.
fn rows(chart: &Chart) -> (Vec<Row>, bool) {
    let mut rows = Vec::new();
    let mut ways = vec![(0, Vec::new())];
    while let Some((at, answers)) = ways.pop() {
        if rows.len() >= ROWS_MAX {
            return (rows, true);
        }
        match chart.nodes.get(at) {
            Some(ChartNode::End(outcome)) => {
                rows.push(Row { answers, tag: Tag::of(outcome.name()) });
            }
            Some(ChartNode::Question(next)) => {
                for (words, place) in next.iter().rev() {
                    let mut longer: Vec<String> = answers.clone();
                    longer.push(capital(words));
                    ways.push((*place, longer));
                }
            }
            None => {}
        }
    }
    (rows, false)
}
