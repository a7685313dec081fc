//! A decision: what is ruled for an agency, and each answer as a table and a drawing.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use brightline_law::ir::{ActId, AgencyId, Corpus, ProvisionId};
use brightline_law::{Law, Scope, ruled_acts};

use super::index::{Entry, entry};
use super::ways::{NODES_DRAWN_MAX, View};
use super::{Asked, Place, nothing};
use crate::pages::outcome::{Tag, capital};
use crate::pages::page;
use crate::service::Service;

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
    /// The words of a name for several acts, of which these are listed; empty: all are.
    among: String,
    acts: Vec<ActEntry>,
}

#[derive(Template)]
#[template(path = "rules-decision.html")]
struct Decision {
    place: Place,
    agency: (String, String),
    words: String,
    outcomes: Vec<Tag>,
    /// By what each provision does; none where there is nothing to ask.
    by_provision: Option<View>,
    /// By facts; none where there are too many ways even to be counted.
    by_fact: Option<View>,
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
    let ruled = ruled_acts(place.library.corpus(), place.pack, agency, place.at);
    listed(place, (&name, agency), (String::new(), &ruled))
}

/// Lists acts of an agency, each with what can come out.
fn listed(
    place: Place,
    (name, agency): (&str, AgencyId),
    (among, ids): (String, &[ActId]),
) -> Response {
    let library = Arc::clone(&place.library);
    let corpus = library.corpus();
    let entry = |act: &ActId| {
        let named = corpus.acts.get(act.index())?;
        let law = library.law(scope(&place, agency, *act)).ok();
        let outcomes = law.map(|it| tags(&it)).unwrap_or_default();
        let path = format!("/decisions/{}/{name}/{}{}", place.id, named.name, place.query);
        Some(ActEntry { path, words: capital(&named.words), outcomes })
    };
    let acts = ids.iter().filter_map(entry).collect();
    let words = corpus.agencies.get(agency.index()).map(|it| capital(&it.words));
    page(StatusCode::OK, &ForAgency { place, words: words.unwrap_or_default(), among, acts })
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
        // A name for several acts leads to each of them that is ruled.
        let several = corpus.act_name(place.pack, &act);
        let among: Vec<ActId> = several.iter().flat_map(|it| &it.acts).copied().collect();
        let among: Vec<ActId> = among.into_iter().filter(|it| ruled.contains(it)).collect();
        let words = several.map(|it| it.words.clone()).unwrap_or_default();
        return match among.is_empty() {
            true => *nothing("rules-no-decision"),
            false => listed(place, (&name, agency), (words, &among)),
        };
    };
    let scope = scope(&place, agency, act_id);
    let law = match library.law(scope) {
        Ok(law) => law,
        Err(_) => return *nothing("rules-not-compiled"),
    };
    let by_provision = law.overview(NODES_DRAWN_MAX).filter(|it| it.nodes.len() > 1);
    let by_fact = law.chart(corpus, 20 * NODES_DRAWN_MAX);
    let words = corpus.acts.get(act_id.index()).map(|it| it.words.clone()).unwrap_or_default();
    let agency_words = corpus.agencies.get(agency.index()).map(|it| it.words.clone());
    let template = Decision {
        agency: (
            format!("/decisions/{id}/{name}{}", place.query),
            capital(&agency_words.unwrap_or_default()),
        ),
        words,
        outcomes: tags(&law),
        by_provision: by_provision.map(|it| View::of(corpus, &it)),
        by_fact: by_fact.map(|it| View::of(corpus, &it)),
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
    let agency = agency.ok_or_else(|| nothing("rules-no-agency"))?;
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
