//! Many rows at once come out as one by one, under the real law of New York.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../brightline-law/tests/columns/requests.rs"]
mod requests;

use std::path::Path;

use brightline_desk::{Library, Packs};
use brightline_law::clock::Day;
use brightline_law::ir::AsKnown;
use brightline_law::{Law, Scope, ruled_acts};
use requests::{Chance, compare};

#[test]
fn new_york_comes_out_as_one_by_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let library = Library::open(Packs::from_directory(&folder).unwrap());
    let corpus = library.corpus();
    let jurisdiction = corpus.pack("us-ny-nyc").unwrap();
    let mut chance = Chance::new(3);
    for name in ["doc", "nypd"] {
        let agency = corpus.agency(jurisdiction, name).unwrap();
        for day in ["2013-06-01", "2017-03-01", "2026-03-04"] {
            let at = AsKnown { on: Day::parse(day).unwrap(), known: Day::MAX };
            for act in ruled_acts(corpus, jurisdiction, agency, at) {
                let scope = Scope { jurisdiction, agency, act, at };
                let law = Law::compile(corpus, scope).unwrap();
                for (count, unknown_one_in) in [(600, 0), (3, 40)] {
                    let made = (0..count)
                        .map(|_| requests::facts(corpus, at.on, &mut chance, unknown_one_in));
                    compare(&law, corpus, &made.collect::<Vec<_>>());
                }
            }
        }
    }
}

#[test]
fn new_york_is_explained_from_memory_as_anew() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let library = Library::open(Packs::from_directory(&folder).unwrap());
    let corpus = library.corpus();
    let jurisdiction = corpus.pack("us-ny-nyc").unwrap();
    let agency = corpus.agency(jurisdiction, "doc").unwrap();
    let at = AsKnown { on: Day::parse("2017-03-01").unwrap(), known: Day::MAX };
    let mut chance = Chance::new(5);
    for act in ruled_acts(corpus, jurisdiction, agency, at) {
        let scope = Scope { jurisdiction, agency, act, at };
        let law = Law::compile(corpus, scope).unwrap();
        let made = [(300, 0), (20, 30)].map(|(count, unknown_one_in)| {
            let made =
                (0..count).map(|_| requests::facts(corpus, at.on, &mut chance, unknown_one_in));
            made.collect::<Vec<_>>()
        });
        for facts in made.iter().flatten() {
            let _ = law.determine(corpus, facts);
        }
        for facts in made.iter().flat_map(|facts| facts.iter().rev().take(8)) {
            let anew = Law::compile(corpus, scope).unwrap();
            assert_eq!(law.determine(corpus, facts), anew.determine(corpus, facts));
        }
    }
}
