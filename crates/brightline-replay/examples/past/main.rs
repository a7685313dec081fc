//! Writes a made-up table of past requests to New York City, and times its replay.
//!
//! ```console
//! $ cargo run --release -p brightline-replay --example past -- FILE ROWS AGENCY ACT BEFORE AFTER
//! ```
//!
//! The table has a column for each fact and list that the law asks for on either day; one value in
//! `UNKNOWN` (the last argument, 0 when left out) is not known. An existing file is not made anew.
//! The time taken in by reading alone is told beside that of the replay, in seconds of one core.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]

mod table;

use std::path::Path;
use std::time::Instant;

use brightline_desk::{Library, Packs};
use brightline_law::clock::Day;
use brightline_law::ir::AsKnown;
use brightline_law::{Law, Scope};
use brightline_replay::{ActLaws, Choices, Known, Table, replay};
use table::{Contents, write};

const JURISDICTION: &str = "us-ny-nyc";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [path, rows, agency, act, before, after, unknown @ ..] = words.as_slice() else {
        panic!("FILE ROWS AGENCY ACT BEFORE AFTER [UNKNOWN]");
    };
    let library = Library::open(Packs::embedded().unwrap());
    let corpus = library.corpus();
    let jurisdiction = corpus.pack(JURISDICTION).unwrap();
    let agency = corpus.agency(jurisdiction, agency).expect("an agency");
    let act = corpus.act_name(jurisdiction, act).expect("an act").acts[0];
    let days = [before, after].map(|day| Day::parse(day).expect("a day"));
    let compile = |on: Day| {
        let at = AsKnown { on, known: Day::MAX };
        Law::compile(corpus, Scope { jurisdiction, agency, act, at }).unwrap()
    };
    let laws = [ActLaws { before: compile(days[0]), after: compile(days[1]) }];
    let path = Path::new(path);
    if !path.exists() {
        let (mut facts, mut lists) = laws[0].before.asked();
        let further = laws[0].after.asked();
        facts.extend(further.0);
        lists.extend(further.1);
        facts.sort_unstable();
        facts.dedup();
        lists.sort_unstable();
        lists.dedup();
        let unknown_one_in = unknown.first().map_or(0, |word| word.parse().unwrap());
        let row_count = rows.parse().expect("a number of rows");
        let contents = Contents { facts, lists, unknown_one_in, row_count };
        write(path, corpus, days[0].min(days[1]), &contents, 1);
    }
    let known = Known { corpus, jurisdiction, days: &days };
    let table = Table::open(path, &known, &Choices::default()).unwrap();
    for (name, acts) in [("read", &[][..]), ("replayed", &laws[..])] {
        let start = Instant::now();
        let tally = replay(known, &table, acts, &|_| {}).unwrap();
        let (took, rows) = (start.elapsed().as_secs_f64(), tally.row_count);
        println!("{name}: {rows} rows in {took:.3} s, {:.1} million/s", rows as f64 / took / 1e6);
        for (before, after, count) in tally.acts.iter().flat_map(brightline_replay::Counts::pairs) {
            println!("  {before} -> {after}: {count}");
        }
    }
}
