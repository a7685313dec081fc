//! How long a code of 10,000 provisions and 2,000 facts takes.
//!
//! `brightline-size [SEED]` makes the code, reads and checks it, compiles the law of every agency
//! and act, and decides.
//! `brightline-size write [SEED]` writes the text instead, `brightline-size limit` asks for a law
//! past the node limit and shows the diagnostic.

mod code;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use brightline_law::clock::Day;
use brightline_law::diagnostic::{Diagnostic, Severity};
use brightline_law::facts::{Facts, List, Listed, Value};
use brightline_law::ir::{AsKnown, Corpus, Kind, Offense, OffenseNode};
use brightline_law::{Law, Scope, Sources, check, read, ruled_acts};
use code::Random;

/// Passes over the laws and requests; the median counts.
const PASSES: usize = 5;
/// The least time of a pass; many ticks of the clock.
const PASS: Duration = Duration::from_millis(200);
/// Requests decided under each law.
const REQUESTS: usize = 16;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let seed = words.iter().find_map(|word| word.parse().ok()).unwrap_or(1);
    match words.first().map(String::as_str) {
        Some("write") => {
            for file in code::sources(seed).files() {
                println!("{}", file.text);
            }
        }
        Some("limit") => limit(seed),
        Some("decide") => decide(&code::sources(seed), seed),
        _ => whole(seed),
    }
}

fn whole(seed: u64) {
    let (sources, made) = timed(|| code::sources(seed));
    let bytes: usize = sources.files().map(|file| file.text.len()).sum();
    let (found, reading) = timed(|| read(&sources));
    let (checked, checking) = timed(|| check(&sources));
    println!("| a made code | |\n|---|---:|");
    println!("| provisions | {} |", found.corpus.provisions.len());
    println!("| facts | {} |", found.corpus.facts.len());
    println!("| statements | {} |", found.corpus.statements.len());
    println!("| text | {:.1} MB |", bytes as f64 / 1e6);
    println!("| read | {reading:.2?} |");
    println!("| checked | {checking:.2?} |");
    eprintln!("made in {made:.2?}");
    tell(&checked.diagnostics);
    decide(&sources, seed);
}

/// Counts diagnostics by code and shows the first of each.
fn tell(diagnostics: &[Diagnostic]) {
    let mut by_code: BTreeMap<String, (usize, &Diagnostic)> = BTreeMap::new();
    for diagnostic in diagnostics {
        let key = format!("{:?} {:?}", diagnostic.severity, diagnostic.code);
        by_code.entry(key).or_insert((0, diagnostic)).0 += 1;
    }
    for (code, (count, first)) in by_code {
        eprintln!("{count} × {code}: {}", shortened(&first.message));
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(160).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn decide(sources: &Sources, seed: u64) {
    let corpus = read(sources).corpus;
    let day = Day::parse("2025-06-02").unwrap_or(Day::MIN);
    let at = AsKnown { on: day, known: Day::MAX };
    let Some(jurisdiction) = corpus.pack("code") else {
        return;
    };
    let mut laws = Vec::new();
    let mut largest = (0, String::new());
    let (_, compiling) = timed(|| {
        for agency in brightline_law::agencies(&corpus, jurisdiction) {
            for act in ruled_acts(&corpus, jurisdiction, agency, at) {
                let scope = Scope { jurisdiction, agency, act, at };
                match Law::compile(&corpus, scope) {
                    Ok(law) => {
                        let name = corpus.acts.get(act.index()).map(|act| act.name.clone());
                        largest = largest.clone().max((law.node_count(), name.unwrap_or_default()));
                        laws.push(law);
                    }
                    Err(error) => eprintln!("{}", shortened(&error.to_string())),
                }
            }
        }
    });
    println!("| laws in force on one day | {} |", laws.len());
    println!("| all of them compiled | {compiling:.2?} |");
    println!("| largest law ({}) | {} nodes |", largest.1, largest.0);
    let mut random = Random::new(seed);
    let requests: Vec<Facts> = (0..REQUESTS).map(|_| request(&corpus, &mut random)).collect();
    let mut outcomes = BTreeMap::new();
    for law in &laws {
        for facts in &requests {
            let told = law.determine(&corpus, facts).outcome;
            let fast = law.decide(&corpus, facts);
            assert_eq!(fast, Some(told), "the fast answer is another");
            *outcomes.entry(format!("{told:?}")).or_insert(0) += 1;
        }
    }
    eprintln!("outcomes: {outcomes:?}");
    let count = (laws.len() * requests.len()) as f64;
    let run = |one: &dyn Fn(&Law, &Facts)| {
        let round = || {
            for law in &laws {
                requests.iter().for_each(|facts| one(law, facts));
            }
        };
        rounds(&round) / count
    };
    let fast = run(&|law, facts| {
        black_box(law.decide(&corpus, facts));
    });
    println!("| one decision, over all laws in turn | {fast:.0} ns |");
    let full = run(&|law, facts| {
        black_box(law.determine(&corpus, facts));
    });
    println!("| the same with reasons | {:.1} µs |", full / 1e3);
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

/// Makes a request with all facts known.
fn request(corpus: &Corpus, random: &mut Random) -> Facts {
    let mut facts = Facts::unknown(corpus);
    for (fact, slot) in corpus.facts.iter().zip(&mut facts.values) {
        *slot = value(corpus, &fact.kind, random);
    }
    for (record, list) in corpus.records.iter().zip(&mut facts.lists) {
        list.listed = Listed::Whole;
        let row = |random: &mut Random| {
            record.fields.iter().map(|field| value(corpus, &field.kind, random)).collect()
        };
        let rows = (0..random.below(4)).map(|_| row(random)).collect();
        *list = List { rows, ..list.clone() };
    }
    facts
}

fn value(corpus: &Corpus, kind: &Kind, random: &mut Random) -> Value {
    match kind {
        Kind::YesNo => Value::Bool(random.below(2) == 0),
        Kind::OneOf(values) => {
            Value::Choice(u16::try_from(random.below(values.len())).unwrap_or(0))
        }
        Kind::Date => {
            let base = Day::parse("2018-01-01").unwrap_or(Day::MIN);
            Value::Day(base.plus_days(i32::try_from(random.below(3_000)).unwrap_or(0)))
        }
        Kind::Offense => {
            let node = u32::try_from(random.below(corpus.offenses.len())).unwrap_or(0);
            Value::Offense(Offense { node: OffenseNode(node), whole: true })
        }
        _ => Value::Number(i64::try_from(random.below(40)).unwrap_or(0)),
    }
}

fn limit(seed: u64) {
    let sources = code::past_the_limit(seed);
    let (checked, checking) = timed(|| check(&sources));
    println!("| a law past the limit | |\n|---|---|");
    println!("| checked | {checking:.2?} |");
    for diagnostic in &checked.diagnostics {
        if diagnostic.severity == Severity::Error {
            println!("| {} | {} |", diagnostic.code, diagnostic.message);
        }
    }
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
