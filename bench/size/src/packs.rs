//! Questions to whole packs: every claim proved, every two neighboring editions compared, all of it
//! checked, and checked again after a change to one file.

use std::path::Path;
use std::time::Duration;

use brightline_docket::{Library, Packs};
use brightline_law::clock::Day;
use brightline_law::ir::{AsKnown, Corpus, PackId};
use brightline_law::{Proof, Side, Sources, agencies, check, diff, editions, prove};

use crate::{rounds, timed};

/// What a pack took.
#[derive(Default)]
struct Row {
    claims: usize,
    laws: usize,
    proving: f64,
    editions: usize,
    classes: usize,
    comparing: f64,
    slowest: f64,
    slowest_day: String,
}

/// Prints the tables.
pub fn show(folder: &Path) -> Result<(), String> {
    let packs = Packs::from_directory(folder).map_err(|error| format!("{error:?}"))?;
    let library = Library::open(packs);
    let corpus = library.corpus();
    println!(
        "| pack | claims | laws searched | proved in | editions | classes that change | all \
              neighbors compared in | the slowest two |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    for id in library.packs().ids() {
        let Some(pack) = corpus.pack(id) else { continue };
        let row = row(corpus, pack)?;
        if row.claims + row.classes == 0 {
            continue;
        }
        println!(
            "| {id} | {} | {} | {} | {} | {} | {} | {} ({}) |",
            row.claims,
            row.laws,
            milliseconds(row.proving),
            row.editions,
            row.classes,
            milliseconds(row.comparing),
            milliseconds(row.slowest),
            row.slowest_day,
        );
    }
    checks(&library.packs().sources);
    Ok(())
}

fn row(corpus: &Corpus, pack: PackId) -> Result<Row, String> {
    let mut row = Row::default();
    let claims: Vec<_> = corpus.claims.iter().filter(|claim| claim.pack == pack).collect();
    row.claims = claims.len();
    for claim in &claims {
        match prove(corpus, claim) {
            Proof::Holds { law_count } => row.laws += law_count,
            other => return Err(format!("`{}` does not hold: {other:?}", claim.title)),
        }
    }
    row.proving = rounds(&|| claims.iter().for_each(|claim| drop(prove(corpus, claim))));
    let whom = agencies(corpus, pack);
    let side = |on: Day| Side { at: AsKnown { on, known: Day::MAX }, without: Vec::new() };
    let days: Vec<Day> = editions(corpus, pack).iter().map(|edition| edition.from).collect();
    row.editions = days.len();
    for pair in days.windows(2) {
        let [before, after] = [side(pair[0]), side(pair[1])];
        let compare = || diff(corpus, pack, &before, &after, &whom);
        row.classes += compare().map_err(|error| error.to_string())?.len();
        let spent = rounds(&|| drop(compare()));
        row.comparing += spent;
        if spent > row.slowest {
            (row.slowest, row.slowest_day) = (spent, pair[1].to_string());
        }
    }
    Ok(row)
}

fn checks(sources: &Sources) {
    println!("\n| all packs | time |\n|---|---:|");
    println!("| read | {} |", milliseconds(rounds(&|| drop(brightline_law::read(sources)))));
    println!("| checked | {} |", milliseconds(rounds(&|| drop(check(sources)))));
    let mut times: Vec<(f64, &str)> = Vec::new();
    for pack in &sources.packs {
        let (_, spent) = timed(|| check(&with_parents(sources, &pack.id)));
        times.push((spent.as_secs_f64() * 1e9, &pack.id));
    }
    times.sort_by(|a, b| b.0.total_cmp(&a.0));
    if let Some((spent, id)) = times.first() {
        let time = milliseconds(*spent);
        println!("| one pack with those above it, the slowest ({id}) | {time} |");
    }
}

/// A pack with the packs above it: what a change to one of its files concerns.
fn with_parents(sources: &Sources, id: &str) -> Sources {
    let mut wanted = vec![id.to_owned()];
    let mut at = 0;
    while let Some(id) = wanted.get(at).cloned() {
        let pack = sources.packs.iter().find(|pack| pack.id == id);
        wanted.extend(pack.into_iter().flat_map(|pack| pack.parents.iter().cloned()));
        at += 1;
    }
    let packs = sources.packs.iter().filter(|pack| wanted.contains(&pack.id));
    Sources { packs: packs.cloned().collect() }
}

fn milliseconds(nanoseconds: f64) -> String {
    let time = Duration::from_nanos(nanoseconds as u64).as_secs_f64() * 1e3;
    if time < 10.0 { format!("{time:.2} ms") } else { format!("{time:.0} ms") }
}
