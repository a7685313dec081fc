//! Questions to whole packs: every claim proved, every two neighboring editions compared, all of it
//! checked, and checked again after a change to one file.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use brightline_desk::{Library, Packs};
use brightline_law::clock::Day;
use brightline_law::ir::{AsKnown, Corpus, PackId};
use brightline_law::{Proof, Side, Sources, agencies, check, diff, editions, prove};

/// The word without which nothing is run: other benchmarks are called with other words.
const WORD: &str = "--whole-packs";
/// Passes of each question; the median counts.
const PASSES: usize = 3;
/// The least time of a pass; many ticks of the clock.
const PASS: Duration = Duration::from_millis(40);

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

fn main() -> Result<(), String> {
    if !std::env::args().any(|word| word == WORD) {
        return Ok(());
    }
    let packs = Packs::embedded().map_err(|error| format!("{error:?}"))?;
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

/// Returns the nanoseconds that a round takes: the median of some passes.
fn rounds(round: &dyn Fn()) -> f64 {
    let pass = |count: u32| timed(|| (0..count).for_each(|_| round())).1;
    let mut count = 1;
    while pass(count) < PASS {
        count *= 2;
    }
    let each = |_| pass(count).as_secs_f64() * 1e9 / f64::from(count);
    let mut passes: Vec<f64> = (0..PASSES).map(each).collect();
    passes.sort_by(f64::total_cmp);
    passes[PASSES / 2]
}

/// Runs something and returns how long this thread was at work on it.
fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = clock();
    let made = run();
    (made, clock().saturating_sub(start))
}

/// The time that this thread has spent on a processor, so that others at work do not count; where
/// the system does not tell, the time on the clock.
fn clock() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    match told.split(' ').next().and_then(|first| first.parse().ok()) {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds),
        None => START.elapsed(),
    }
}
