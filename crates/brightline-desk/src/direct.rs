//! The direct way from the text of a request to typed facts: names are looked up in an index made
//! beforehand, and nothing is allocated for a request.
//!
//! It takes what intake takes without a word, and comes to the same facts; at the first surprise
//! it gives up, and the text is read again the careful way, which finds all that is wrong.

mod index;
mod names;
mod offense;
mod read;
mod scan;

use std::cell::RefCell;
use std::sync::OnceLock;

use brightline_law::Scope;
use brightline_law::ir::{ActId, Corpus, PackId};

use crate::brief::Outcomes;
use crate::intake::Taken;
use crate::library::Library;
use index::Index;
use names::Names;
use offense::Offenses;
use read::{Asked, Scratch};

/// Room for an answer of one or two acts.
const BRIEF_LENGTH: usize = 512;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// The indexes of all packs, each made when it is first asked for.
pub(crate) struct Direct {
    packs: Option<Names<PackId>>,
    /// By pack; none where a pack has errors.
    indexes: Box<[OnceLock<Option<Index>>]>,
    offenses: OnceLock<Option<Offenses>>,
    /// Names in quotes, by agency and by act.
    agencies: Box<[String]>,
    acts: Box<[String]>,
}

impl Direct {
    pub(crate) fn of(corpus: &Corpus) -> Self {
        let number = |at: usize| u32::try_from(at).ok().map(PackId);
        let packs = corpus.packs.iter().enumerate();
        Self {
            packs: Names::of(packs.filter_map(|(at, it)| Some((it.id.as_str(), number(at)?)))),
            indexes: corpus.packs.iter().map(|_| OnceLock::new()).collect(),
            offenses: OnceLock::new(),
            agencies: corpus.agencies.iter().map(|agency| quoted(&agency.name)).collect(),
            acts: corpus.acts.iter().map(|act| quoted(&act.name)).collect(),
        }
    }

    fn index(&self, library: &Library, id: &[u8]) -> Option<&Index> {
        let pack = *self.packs.as_ref()?.get(id)?;
        let make = || {
            let id = library.corpus().packs.get(pack.index())?.id.as_str();
            library.sound(id).ok()?;
            let digest = library.digest(id)?;
            let stamp = format!(",\"pack\":{{\"id\":{},\"digest\":\"{digest}\"}}", quoted(id));
            Index::of(library.corpus(), pack, stamp)
        };
        self.indexes.get(pack.index())?.get_or_init(make).as_ref()
    }

    fn offenses(&self, corpus: &Corpus) -> Option<&Offenses> {
        self.offenses.get_or_init(|| Offenses::of(corpus)).as_ref()
    }

    /// Reads a request and goes on with it; none at the first surprise.
    fn read<'t, T>(
        &self,
        library: &Library,
        text: &'t str,
        then: impl FnOnce(&Asked<'_, 't>, &Scratch) -> Option<T>,
    ) -> Option<T> {
        SCRATCH.with(|scratch| {
            let mut scratch = scratch.try_borrow_mut().ok()?;
            let corpus = library.corpus();
            scratch.clear(corpus);
            let index_of = |id: &[u8]| self.index(library, id);
            let asked = read::read(self, corpus, text, index_of, &mut scratch)?;
            then(&asked, &scratch)
        })
    }

    /// Takes a request in.
    pub(crate) fn take_in(&self, library: &Library, text: &str) -> Option<Taken> {
        self.read(library, text, |asked, scratch| Some(scratch.taken(asked)))
    }

    /// Decides a request and writes the outcomes as [`crate::Brief`] is written.
    pub(crate) fn brief(&self, library: &Library, text: &str) -> Option<String> {
        self.read(library, text, |asked, scratch| {
            let mut json = String::with_capacity(BRIEF_LENGTH);
            json.push_str(&asked.index.opening);
            json.push_str(self.agencies.get(asked.agency.index())?);
            json.push_str(",\"on\":\"");
            json.push_str(asked.on);
            if let Some(known_on) = asked.known_on {
                json.push_str("\",\"known_on\":\"");
                json.push_str(known_on);
            }
            json.push('"');
            json.push_str(&asked.index.stamp);
            let mut gap = ",\"determinations\":[{\"act\":";
            for &act in &scratch.acts {
                json.push_str(gap);
                json.push_str(self.acts.get(act.index())?);
                let scope = asked.scope(act);
                write_outcomes(&library.outcomes(scope, &scratch.facts).ok()?, &mut json);
                gap = ",{\"act\":";
            }
            json.push(']');
            let mut gap = ",\"notes\":[";
            for note in &scratch.notes {
                json.push_str(gap);
                json.push_str(&quoted(note));
                gap = ",";
            }
            json.push_str(if scratch.notes.is_empty() { "}" } else { "]}" });
            Some(json)
        })
    }
}

impl Asked<'_, '_> {
    fn scope(&self, act: ActId) -> Scope {
        Scope { jurisdiction: self.index.pack, agency: self.agency, act, at: self.at }
    }
}

fn write_outcomes(outcomes: &Outcomes, json: &mut String) {
    json.push_str(",\"outcome\":\"");
    json.push_str(outcomes.outcome().name());
    json.push_str("\",\"possible\":[");
    for (at, outcome) in outcomes.possible().iter().enumerate() {
        json.push_str(if at == 0 { "\"" } else { ",\"" });
        json.push_str(outcome.name());
        json.push('"');
    }
    json.push_str("]}");
}

fn quoted(name: &str) -> String {
    serde_json::Value::from(name).to_string()
}
