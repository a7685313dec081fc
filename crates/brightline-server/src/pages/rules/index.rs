//! The list of packs, the search, and the contents of one pack.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use brightline_desk::provision_prose;
use brightline_law::ir::{Corpus, Provision, ProvisionId, SectionId};

use super::{Asked, Place};
use crate::pages::words::say_with;
use crate::pages::{page, times};
use crate::service::Service;

/// More findings are not shown; the search asks for more words.
const FOUND_MAX: usize = 60;

/// A provision in a list.
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) citation: String,
    pub(super) says: String,
    pub(super) when: String,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct All {
    packs: Vec<(String, String, String)>,
    words: String,
    found: Vec<Found>,
    is_cut: bool,
}

struct SectionEntry {
    path: String,
    citation: String,
    title: String,
    provisions: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "rules-pack.html")]
struct OnePack {
    place: Place,
    above: Vec<(String, String)>,
    recorded_from: String,
    digest: String,
    /// Days on which the law changed: as addresses name them, and as people do.
    editions: Vec<(String, String)>,
    sections: Vec<SectionEntry>,
    agencies: Vec<(String, String)>,
}

pub(super) async fn all(State(service): State<Service>, Query(asked): Query<Asked>) -> Response {
    let library = service.library();
    let corpus = library.corpus();
    let words = asked.get("q").map(|it| it.trim().to_owned()).unwrap_or_default();
    let mut found = search(corpus, &words);
    let is_cut = found.len() > FOUND_MAX;
    found.truncate(FOUND_MAX);
    let packs = corpus.packs.iter().map(|it| {
        let parent = it.parents.last().and_then(|id| corpus.packs.get(id.index()));
        (it.id.clone(), it.title.clone(), parent.map(|it| it.title.clone()).unwrap_or_default())
    });
    page(StatusCode::OK, &All { packs: packs.collect(), words, found, is_cut })
}

/// A provision that was found, and where it is the law.
struct Found {
    entry: Entry,
    place: String,
}

/// Finds provisions that have every word: in the citation, in plain words, in the title or in the
/// name of the place. Those that have all of them in the citation come first.
fn search(corpus: &Corpus, words: &str) -> Vec<Found> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let has_all = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let mut found = Vec::new();
    for (provision, id) in corpus.provisions.iter().zip((0u32..).map(ProvisionId)) {
        let Some(prose) = provision_prose(corpus, id) else {
            continue;
        };
        let section = corpus.sections.get(provision.section.index());
        let title = section.and_then(|it| it.title.clone()).unwrap_or_default();
        let place = corpus.packs.get(provision.pack.index()).map_or("", |it| it.title.as_str());
        let says: Vec<&str> = prose.lines.iter().map(|it| it.text.as_str()).collect();
        if has_all(&format!("{place} {} {title} {}", prose.citation, says.join(" "))) {
            found.push((!has_all(&prose.citation), provision, id, place));
        }
    }
    found.sort_by_key(|(is_not_cited, ..)| *is_not_cited);
    found.truncate(FOUND_MAX + 1);
    let told = found.into_iter().map(|(_, provision, id, place)| Found {
        entry: entry(corpus, provision, id),
        place: place.to_owned(),
    });
    told.collect()
}

/// Returns a provision as it stands in lists.
pub(super) fn entry(corpus: &Corpus, provision: &Provision, id: ProvisionId) -> Entry {
    let lines = provision_prose(corpus, id).map(|it| it.lines).unwrap_or_default();
    let when = brightline_desk::in_force(corpus, &provision.validity);
    let is_aside = |it: &String| {
        when.contains(it) || provision.unverified.iter().any(|doubt| it.contains(doubt.as_str()))
    };
    let first = lines.iter().find(|it| it.level == 0 && !is_aside(&it.text));
    let says = first.map_or("", |it| it.text.trim_end_matches(" when"));
    let word = says.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    Entry {
        path: format!("/rules/{}", provision.id),
        citation: provision.citation.clone(),
        says: match word {
            Some(word) => say_with("rule-defines", "word", word),
            None => says.to_owned(),
        },
        when: when.first().map(|it| times::dated(it)).unwrap_or_default(),
    }
}

pub(super) async fn pack(
    State(service): State<Service>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let place = match Place::of(&service, &id, &asked) {
        Ok(place) => place,
        Err(response) => return *response,
    };
    let library = std::sync::Arc::clone(&place.library);
    let corpus = library.corpus();
    let Some(pack) = corpus.packs.get(place.pack.index()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let above = pack.parents.iter().filter_map(|id| corpus.packs.get(id.index()));
    let agencies = brightline_law::agencies(corpus, place.pack).into_iter();
    let agencies = agencies.filter_map(|id| corpus.agencies.get(id.index()));
    let editions = brightline_law::editions(corpus, place.pack);
    let day = |day: String| (day.clone(), times::civil(&day));
    let template = OnePack {
        above: above.map(|it| (it.id.clone(), it.title.clone())).collect(),
        recorded_from: times::civil(&pack.recorded_from.to_string()),
        digest: library.digest(&id).unwrap_or_default(),
        editions: editions.iter().rev().map(|it| it.from.to_string()).map(day).collect(),
        sections: sections(corpus, &place),
        agencies: agencies.map(|it| (it.name.clone(), it.words.clone())).collect(),
        place,
    };
    page(StatusCode::OK, &template)
}

/// The sections with the provisions that are in force on the day.
fn sections(corpus: &Corpus, place: &Place) -> Vec<SectionEntry> {
    let mut entries: Vec<SectionEntry> = Vec::new();
    for (section, id) in corpus.sections.iter().zip((0u32..).map(SectionId)) {
        if section.pack != place.pack {
            continue;
        }
        let provisions = corpus.provisions.iter().zip((0u32..).map(ProvisionId));
        let own = provisions.filter(|(it, _)| it.section == id && it.validity.in_force(place.at));
        let own: Vec<Entry> = own.map(|(it, id)| entry(corpus, it, id)).collect();
        if own.is_empty() {
            continue;
        }
        let path = format!("/rules/{}", corpus.section_id(id));
        let title = section.title.clone().unwrap_or_default();
        // A section that is written in several places is one section.
        let same = entries.iter_mut().find(|it| it.path == path);
        match same {
            Some(same) => {
                same.provisions.extend(own);
                if same.title.is_empty() {
                    same.title = title;
                }
            }
            None => entries.push(SectionEntry {
                path,
                citation: section.citation.clone(),
                title,
                provisions: own,
            }),
        }
    }
    entries
}
