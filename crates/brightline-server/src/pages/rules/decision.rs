//! A decision: what is ruled for an agency, and each answer as a table and a drawing.

use std::collections::BTreeMap;
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
/// Of the ways to one outcome, more are not listed.
const WAYS_MAX: usize = 60;
/// More ways are not walked.
const WALKED_MAX: usize = 20_000;
/// So many ways are unfolded at once.
const PART_MAX: usize = 10;

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

/// A way through the decision: the answers on it, and the outcome.
struct Way {
    answers: Vec<String>,
    tag: Tag,
}

/// The ways that end in one outcome.
struct Group {
    tag: Tag,
    count: usize,
    /// There are more than are listed.
    is_cut: bool,
    /// The answers that all of them share, told once.
    shared: Vec<String>,
    parts: Vec<Part>,
}

/// A few of the ways of a group, each with its other answers; numbered from 1.
struct Part {
    first: usize,
    last: usize,
    ways: Vec<(usize, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "rules-decision.html")]
struct Decision {
    place: Place,
    agency: (String, String),
    words: String,
    outcomes: Vec<Tag>,
    groups: Vec<Group>,
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
    let chart = law.chart(corpus, 20 * NODES_DRAWN_MAX);
    let (ways, is_cut) = chart.as_ref().map(ways).unwrap_or_default();
    let small = chart.filter(|it| it.nodes.len() <= NODES_DRAWN_MAX);
    let words = corpus.acts.get(act_id.index()).map(|it| it.words.clone()).unwrap_or_default();
    let agency_words = corpus.agencies.get(agency.index()).map(|it| it.words.clone());
    let template = Decision {
        agency: (
            format!("/decisions/{id}/{name}{}", place.query),
            capital(&agency_words.unwrap_or_default()),
        ),
        words,
        outcomes: tags(&law),
        groups: groups(ways),
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

/// Puts the ways together that end alike: the outcome with the fewest ways first.
fn groups(ways: Vec<Way>) -> Vec<Group> {
    let mut groups: Vec<(Tag, Vec<Vec<String>>)> = Vec::new();
    for way in ways {
        match groups.iter_mut().find(|(tag, _)| *tag == way.tag) {
            Some((_, all)) => all.push(way.answers),
            None => groups.push((way.tag, vec![way.answers])),
        }
    }
    groups.sort_by_key(|(_, all)| all.len());
    groups.into_iter().map(|(tag, all)| group(tag, &all)).collect()
}

fn group(tag: Tag, all: &[Vec<String>]) -> Group {
    let (is_cut, all) = (all.len() > WAYS_MAX, all.get(..WAYS_MAX).unwrap_or(all));
    let in_all = |answer: &&String| all.iter().all(|it| it.contains(answer));
    let first = all.first().into_iter().flatten();
    // One way alone shares nothing: it is told as it is.
    let shared: Vec<String> = first.filter(|it| all.len() > 1 && in_all(it)).cloned().collect();
    let other = |way: &Vec<String>| -> Vec<String> {
        way.iter().filter(|it| !shared.contains(it)).cloned().collect()
    };
    let numbered: Vec<(usize, Vec<String>)> = (1..).zip(all.iter().map(other)).collect();
    let part = |ways: &[(usize, Vec<String>)]| Part {
        first: ways.first().map_or(0, |it| it.0),
        last: ways.last().map_or(0, |it| it.0),
        ways: ways.to_vec(),
    };
    let parts = numbered.chunks(PART_MAX).map(part).collect();
    Group { tag, count: all.len(), is_cut, parts, shared }
}

/// Every way through a chart: the answers on it, and the outcome; of each outcome one more than is
/// listed, so that a cut is seen. The second is whether some were not even walked.
fn ways(chart: &Chart) -> (Vec<Way>, bool) {
    let mut rows = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut open = vec![(0, Vec::new())];
    let mut walked = 0;
    while let Some((at, answers)) = open.pop() {
        match chart.nodes.get(at) {
            Some(ChartNode::End(outcome)) => {
                walked += 1;
                if walked > WALKED_MAX {
                    return (rows, true);
                }
                let count = counts.entry(outcome.name()).or_default();
                *count += 1;
                if *count <= WAYS_MAX + 1 {
                    rows.push(Way { answers, tag: Tag::of(outcome.name()) });
                }
            }
            Some(ChartNode::Question(next)) => {
                for (words, place) in next.iter().rev() {
                    let mut longer: Vec<String> = answers.clone();
                    longer.push(capital(words));
                    open.push((*place, longer));
                }
            }
            None => {}
        }
    }
    (rows, false)
}
