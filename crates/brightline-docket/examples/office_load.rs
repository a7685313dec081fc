//! Measures the office on a store: recorded determinations a second, and lists over many cases.
//!
//! ```text
//! office_load decide COUNT [REQUEST]                    one after the other, nothing kept
//! office_load record URL KEYS COUNT CALLERS [REQUEST]   one call a determination, all durable
//! office_load fill URL KEYS COUNT                       cases with names, to be listed
//! office_load lists URL KEYS                            list, search and open, 200 times each
//! office_load audit URL KEYS                            everything, once
//! office_load backup URL FILE                           into a new file, and into a new store
//! ```
//!
//! What was measured comes as rows of a table in Markdown, `| what | median, or the whole | p99 |
//! target |`, each as soon as it is known; how far it is comes on standard error.
//!
//! The request is that of a file; the default is the example of this repository, with questions. A
//! store is filled with requests that are settled, each on other days.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use brightline_desk::{Library, Packs, Request};
use brightline_docket::{
    Actor, Asked, Audit, Backup, BackupParts, Evidence, FactSet, Filter, Keys, NewCase, Office,
    OfficeParts, OfficeRules, Order, Store, Subject,
};

const ROUNDS: usize = 200;
/// One case in so many is somebody's.
const ASSIGNED_EACH: usize = 1000;
const FIRST: [&str; 20] = [
    "Ada", "Ben", "Chi", "Dee", "Eli", "Fay", "Gus", "Hal", "Ida", "Jon", "Kay", "Lee", "Mia",
    "Ned", "Ola", "Pia", "Quy", "Rex", "Sue", "Tom",
];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        match words.as_slice() {
            ["decide", count, rest @ ..] => {
                decide(count.parse().unwrap(), rest.first().copied().unwrap_or(EXAMPLE));
            }
            ["record", url, keys, count, callers, rest @ ..] => {
                let file = rest.first().copied().unwrap_or(EXAMPLE);
                let office = open(url, keys).await;
                record(&office, (count.parse().unwrap(), callers.parse().unwrap()), file).await;
            }
            ["fill", url, keys, count] => {
                fill(&open(url, keys).await, count.parse().unwrap()).await;
            }
            ["lists", url, keys] => lists(&open(url, keys).await).await,
            ["audit", url, keys] => audit(url, Path::new(keys)).await,
            ["backup", url, file] => backup(url, Path::new(file)).await,
            _ => eprintln!("office_load decide|record|fill|lists|audit|backup …"),
        }
    });
}

const SETTLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bench/service/settled.json");
const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/new-york-detainer.json");

async fn open(url: &str, keys: &str) -> Office {
    let path = Path::new(keys);
    let keys = if path.exists() { Keys::open(path, None) } else { Keys::create(path, None) };
    let start = Instant::now();
    let office = Office::open(OfficeParts {
        store: Store::open(url).await.unwrap(),
        built_in: Packs::embedded_files(),
        keys: keys.unwrap(),
        rules: OfficeRules::standard().unwrap(),
        clock: Office::system_clock(),
    });
    let office = office.await.unwrap();
    eprintln!("opened in {:.0} ms", start.elapsed().as_secs_f64() * 1000.0);
    office
}

fn clerk() -> Actor {
    Actor {
        account: "load".into(),
        person: "load".into(),
        name: "Load".into(),
        roles: BTreeSet::from(["counsel".to_owned()]),
        agencies: std::iter::once("*".to_owned()).collect(),
    }
}

/// Prints a row of the table, at once: whoever reads the file meanwhile sees it.
fn row(what: &str, [whole, p99, target]: [&str; 3]) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "| {what} | {whole} | {p99} | {target} |").unwrap();
    out.flush().unwrap();
}

/// Prints median and 99th percentile of calls that must answer within 50 ms.
fn times_row(what: &str, times: Vec<Duration>) {
    let (median, p99) = spread(times);
    row(what, [&median, &p99, "50 ms"]);
}

/// Returns median and 99th percentile.
fn spread(mut times: Vec<Duration>) -> (String, String) {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1000.0;
    (milliseconds(at(50)), milliseconds(at(99)))
}

/// Two digits count.
fn milliseconds(time: f64) -> String {
    match time {
        time if time < 1.0 => format!("{time:.2} ms"),
        time if time < 10.0 => format!("{time:.1} ms"),
        _ => format!("{time:.0} ms"),
    }
}

/// Writes a number with commas.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = Vec::new();
    if first > 0 {
        groups.push(&digits[..first]);
    }
    groups.extend((first..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
    groups.join(",")
}

fn decide(count: usize, file: &str) {
    let library = Library::open(Packs::embedded().unwrap());
    let text = std::fs::read_to_string(file).unwrap();
    let start = Instant::now();
    let bytes: usize = (0..count).map(|_| library.answer_json(&text).unwrap().len()).sum();
    let each = start.elapsed().as_secs_f64() * 1e6 / count as f64;
    let what = format!("{} decided, {} bytes each", grouped(count as u64), bytes / count);
    row(&what, [&format!("{each:.1} µs each"), "", ""]);
}

async fn record(office: &Office, (count, callers): (usize, usize), file: &str) {
    let text: Arc<str> = std::fs::read_to_string(file).unwrap().into();
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let mut calling = Vec::new();
    for _ in 0..callers {
        let (office, text, next) = (office.clone(), Arc::clone(&text), Arc::clone(&next));
        calling.push(tokio::spawn(async move {
            let (clerk, mut times) = (clerk(), Vec::new());
            while next.fetch_add(1, Ordering::Relaxed) < count {
                let begun = Instant::now();
                let request = Request::read(&text).unwrap();
                office.record_decision(&clerk, &request, "load").await.unwrap();
                times.push(begun.elapsed());
            }
            times
        }));
    }
    let mut times = Vec::new();
    for caller in calling {
        times.extend(caller.await.unwrap());
    }
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    let what = format!("{} recorded, {callers} at once", grouped(times.len() as u64));
    let (median, p99) = spread(times);
    let whole = format!("{}/s, {median}", grouped(rate as u64));
    row(&what, [&whole, &p99, "2,000/s, 50 ms"]);
}

async fn fill(office: &Office, count: usize) {
    let text = std::fs::read_to_string(SETTLED).unwrap();
    let request = Request::read(&text).unwrap();
    let facts: Vec<(String, Value)> = request
        .facts
        .iter()
        .map(|(name, value)| (name.to_string(), serde_json::to_value(value).unwrap()))
        .collect();
    let asked = Asked {
        jurisdiction: request.jurisdiction.as_ref().unwrap().to_string(),
        agency: request.agency.as_ref().unwrap().to_string(),
        on: request.on.as_ref().unwrap().to_string(),
        known_on: None,
        policy: None,
        papers: request.papers.map(|papers| papers.iter().map(|it| it.to_string()).collect()),
        acts: request.acts.map(|acts| acts.iter().map(|it| it.to_string()).collect()),
    };
    let facts = Arc::new(facts);
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let mut calling = Vec::new();
    for _ in 0..256 {
        let (office, next) = (office.clone(), Arc::clone(&next));
        let (asked, facts) = (asked.clone(), Arc::clone(&facts));
        calling.push(tokio::spawn(async move {
            let clerk = clerk();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return;
                }
                let view =
                    office.receive(&clerk, new_case(number, asked.clone(), &facts)).await.unwrap();
                if number % ASSIGNED_EACH == 0 {
                    let seen = (view.reference.as_str(), view.version);
                    office.assign(&clerk, seen, "moreau".into()).await.unwrap();
                }
                if number % 50_000 == 0 {
                    eprintln!("{number} after {:.0} s", start.elapsed().as_secs_f64());
                }
            }
        }));
    }
    for caller in calling {
        caller.await.unwrap();
    }
    let seconds = start.elapsed().as_secs_f64();
    let whole = format!("{seconds:.0} s, {}/s", grouped((count as f64 / seconds) as u64));
    row(&format!("{} cases taken in, 256 at once", grouped(count as u64)), [&whole, "", ""]);
}

fn new_case(number: usize, asked: Asked, facts: &[(String, Value)]) -> NewCase {
    let first = FIRST[number % FIRST.len()];
    let facts = facts.iter().map(|(fact, value)| FactSet {
        fact: fact.clone(),
        value: on_another_day(value, number % 14 + 1),
        evidence: Evidence::System("book".into()),
        seen: None,
        settles: None,
    });
    NewCase {
        asked,
        subject: Some(Subject {
            name: format!("{first} Name{}", number % 70_000),
            booking: Some(format!("B{number}")),
            ..Subject::default()
        }),
        facts: facts.collect(),
        channel: "form".into(),
        facility: format!("facility {}", number % 12),
        documents: std::collections::BTreeMap::new(),
    }
}

/// A value with its days in another place of their months, so that cases differ.
fn on_another_day(value: &Value, day: usize) -> Value {
    match value {
        Value::String(text) => match text.rsplit_once('-') {
            Some((month, last)) if last.len() == 2 => format!("{month}-{day:02}").into(),
            _ => value.clone(),
        },
        Value::Array(all) => all.iter().map(|it| on_another_day(it, day)).collect(),
        Value::Object(all) => {
            all.iter().map(|(name, it)| (name.clone(), on_another_day(it, day))).collect()
        }
        other => other.clone(),
    }
}

async fn lists(office: &Office) {
    let clerk = clerk();
    let all = Filter::default();
    let filters = [
        ("due first", all.clone()),
        ("newest first", Filter { order: Order::Received, ..all.clone() }),
        (
            "open, by facility",
            Filter { facility: Some("facility 7".into()), open_only: true, ..all.clone() },
        ),
        (
            "a stage, newest first",
            Filter { stage: Some("open".into()), order: Order::Received, ..all.clone() },
        ),
        ("assigned to an account", Filter { assigned: Some("moreau".into()), ..all.clone() }),
        (
            "assigned to an account, newest first",
            Filter { assigned: Some("moreau".into()), order: Order::Received, ..all.clone() },
        ),
        ("assigned to nobody's account", Filter { assigned: Some("osei".into()), ..all.clone() }),
        ("with a departure", Filter { departures_only: true, ..all.clone() }),
    ];
    for (name, filter) in filters {
        let mut times = Vec::new();
        let mut after = None;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let page = office.list(&clerk, &filter, after.as_ref()).await.unwrap();
            times.push(start.elapsed());
            after = page.next;
        }
        times_row(&format!("list, {name}"), times);
    }
    let page = office.list(&clerk, &all, None).await.unwrap();
    let mut times = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let case = &page.items[round % page.items.len()];
        let start = Instant::now();
        office.case(&clerk, &case.reference, "a measurement").await.unwrap();
        times[0].push(start.elapsed());
        let start = Instant::now();
        let reference = Some(case.reference.clone());
        office.list(&clerk, &Filter { reference, ..all.clone() }, None).await.unwrap();
        times[1].push(start.elapsed());
        let name = format!("name{} {}", round * 37, FIRST[round * 37 % FIRST.len()]);
        let start = Instant::now();
        let found = office.find(&clerk, &name, "a measurement").await.unwrap();
        times[2].push(start.elapsed());
        assert!(!found.items.is_empty() || round > 0);
        let start = Instant::now();
        office.find(&clerk, &format!("b{}", round * 31), "a measurement").await.unwrap();
        times[3].push(start.elapsed());
    }
    let names = ["open a case", "a reference", "a name", "a booking number"];
    for (name, times) in names.into_iter().zip(times) {
        times_row(name, times);
    }
}

async fn audit(url: &str, keys: &Path) {
    let store = Store::open(url).await.unwrap();
    let keys = Keys::open(keys, None).unwrap();
    let rules = OfficeRules::standard().unwrap();
    let start = Instant::now();
    let audited = Audit { store, keys, rules, log: None }.run().await.unwrap();
    let seconds = start.elapsed().as_secs_f64();
    assert!(audited.holds(), "{:?}", audited.faults);
    let (entries, determinations) = (audited.entries, grouped(audited.determinations));
    let rate = entries as f64 / seconds;
    let what = format!("audit, {} entries, {determinations} determinations", grouped(entries));
    let whole = format!(
        "{seconds:.1} s, {} entries/s, {:.0} s a million",
        grouped(rate as u64),
        1e6 / rate
    );
    row(&what, [&whole, "", "60 s a million"]);
}

async fn backup(url: &str, file: &Path) {
    let store = Store::open(url).await.unwrap();
    let parts = BackupParts { files: std::collections::BTreeMap::new(), signer: None, at: 0 };
    let start = Instant::now();
    let header = store.back_up(file, parts).await.unwrap();
    let megabytes = std::fs::metadata(file).unwrap().len() / 1_000_000;
    let (entries, seconds) = (header.entries, start.elapsed().as_secs_f64());
    let what = format!("backup, {} entries, {} MB", grouped(entries), grouped(megabytes));
    row(&what, [&format!("{seconds:.1} s"), "", ""]);
    let start = Instant::now();
    let target = file.with_extension("db");
    let backup = Backup::open(file).unwrap();
    backup.restore(&format!("sqlite:{}", target.display()), &[]).await.unwrap();
    let whole = format!("{:.1} s", start.elapsed().as_secs_f64());
    row("restore into SQLite", [&whole, "", ""]);
}
