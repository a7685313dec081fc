//! Faults injected: a process killed at random moments under load, and a disk that is full.
//!
//! The process is this test program again: it records decisions from several tasks, and prints the
//! reference and the place of each that was acknowledged.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "office/desk.rs"]
#[expect(dead_code, reason = "the tests of the office use the rest")]
mod desk;
#[path = "office/places.rs"]
#[expect(dead_code, reason = "the tests of the office use the rest")]
mod places;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use brightline_desk::Request;
use brightline_docket::{Audit, Keys, Office, OfficeParts, OfficeRules, Store};
use desk::{RULES, officer, pack_files};
use places::Place;
use sqlx::Row;

const URL: &str = "BRIGHTLINE_FAULT_URL";
const KEYS: &str = "BRIGHTLINE_FAULT_KEYS";
const KILLS: u32 = 500;
const KILLS_POSTGRES: u32 = 50;
/// Between two audits of everything.
const KILLS_AUDIT: u32 = 100;
const TASKS: usize = 8;
const ASKED: &str = r#"{"jurisdiction": "zz-office", "agency": "jail", "on": "2025-03-04",
    "papers": ["request"], "facts": {"asked_at": "2025-03-04 10:00"}}"#;

async fn open(url: &str, keys: &Path) -> Result<Office, brightline_docket::Error> {
    Office::open(OfficeParts {
        store: Store::open(url).await?,
        built_in: pack_files(),
        keys: Keys::open(keys, None)?,
        rules: OfficeRules::parse(RULES)?,
        clock: Office::system_clock(),
    })
    .await
}

/// Not a test by itself: what is killed.
#[test]
#[ignore = "the other tests start it"]
fn the_process_that_is_killed() {
    let (Ok(url), Some(keys)) = (std::env::var(URL), std::env::var_os(KEYS)) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let office = open(&url, Path::new(&keys)).await.unwrap();
        let mut tasks = Vec::new();
        for _ in 0..TASKS {
            let office = office.clone();
            tasks.push(tokio::spawn(async move {
                loop {
                    let request = Request::read(ASKED).unwrap();
                    match office.record_decision(&officer(), &request, "jail book").await {
                        Ok(done) => say(&format!("kept {} {}", done.reference, done.position)),
                        Err(error) => {
                            say(&format!("refused {error}"));
                            tokio::time::sleep(Duration::from_millis(5)).await;
                        }
                    }
                }
            }));
        }
        // They never end by themselves.
        if let Some(task) = tasks.pop() {
            task.await.unwrap();
        }
    });
}

/// One line in one write, so that a kill leaves no half of it.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(format!("\n{line}\n").as_bytes()).and_then(|()| out.flush());
}

struct Killed {
    url: String,
    keys: PathBuf,
    /// What was acknowledged: the place of each reference.
    kept: BTreeMap<String, i64>,
    refused: u64,
}

impl Killed {
    fn new(url: &str, folder: &Path) -> Self {
        let keys = folder.join("master.keys");
        Keys::create(&keys, None).unwrap();
        Self { url: url.to_owned(), keys, kept: BTreeMap::new(), refused: 0 }
    }

    fn start(&self, wrapper: &[&str]) -> (Child, Receiver<String>) {
        let program = std::env::current_exe().unwrap();
        let words = ["the_process_that_is_killed", "--exact", "--ignored", "--nocapture"];
        let mut command = match wrapper.split_first() {
            None => Command::new(program),
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        command.args(words).env(URL, &self.url).env(KEYS, &self.keys);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let printed = BufReader::new(child.stdout.take().unwrap());
        let (lines, said) = mpsc::channel();
        thread::spawn(move || {
            for line in printed.lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        (child, said)
    }

    /// Starts the process, kills it some time after it began to work, and notes what it said.
    fn kill_once(&mut self, after: Duration) {
        let (mut child, said) = self.start(&[]);
        let before = self.kept.len();
        while self.kept.len() == before {
            let line = said.recv_timeout(Duration::from_secs(60));
            self.note(&line.expect("the process records something"));
        }
        self.kill(&mut child, &said, after);
    }

    /// Starts the process and kills it while it opens the store.
    fn kill_early(&mut self, after: Duration) {
        let (mut child, said) = self.start(&[]);
        self.kill(&mut child, &said, after);
    }

    fn kill(&mut self, child: &mut Child, said: &Receiver<String>, after: Duration) {
        thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
        said.iter().for_each(|line| self.note(&line));
    }

    fn note(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["kept", reference, position] => {
                let position = position.parse().unwrap();
                let twice = self.kept.insert((*reference).to_owned(), position);
                assert_eq!(twice, None, "{reference} was given twice");
            }
            ["refused", ..] => self.refused += 1,
            _ => {}
        }
    }

    /// Everything acknowledged is there at its place, nothing is there by half, all of it holds.
    async fn assert_holds(&self) {
        let store = Store::open(&self.url).await.unwrap();
        let sql = "SELECT c.reference, MAX(e.position), COUNT(*) FROM cases c \
                   JOIN entries e ON e.case_id = c.id GROUP BY c.reference";
        let mut there = BTreeMap::new();
        for row in sqlx::query(sql).fetch_all(store.read()).await.unwrap() {
            let count: i64 = row.get(2);
            assert_eq!(count, 3, "a case has its receipt, its facts and its answer");
            there.insert(row.get::<String, _>(0), row.get::<i64, _>(1));
        }
        for (reference, position) in &self.kept {
            assert_eq!(there.get(reference), Some(position), "{reference} was acknowledged");
        }
        let keys = Keys::open(&self.keys, None).unwrap();
        let rules = OfficeRules::parse(RULES).unwrap();
        let audited = Audit { store: store.clone(), keys, rules, log: None }.run().await.unwrap();
        assert!(audited.holds(), "{:?}", audited.faults);
        assert_eq!(audited.cases, there.len() as u64);
        store.close().await;
    }
}

/// The moments are the same at every run; what they hit is not.
fn kill(url: &str, folder: &Path, times: u32) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut killed = Killed::new(url, folder);
    let (mut seed, start) = (0x9e37_79b9_7f4a_7c15_u64, Instant::now());
    for time in 1..=times {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let after = Duration::from_micros(seed % 40_000);
        if time % 10 == 0 {
            killed.kill_early(after)
        } else {
            killed.kill_once(after)
        }
        if time % KILLS_AUDIT == 0 || time == times {
            runtime.block_on(killed.assert_holds());
        }
    }
    let count = killed.kept.len();
    assert!(count as u32 > times, "the load was none: {count} acknowledged");
    let seconds = start.elapsed().as_secs();
    println!("{times} kills in {seconds} s: {count} acknowledged, all there, all holding");
}

#[test]
fn what_was_acknowledged_survives_kills_at_random_moments() {
    let place = Place::sqlite();
    kill(&place.url, place.folder(), KILLS);
}

#[test]
fn what_was_acknowledged_survives_kills_on_postgres() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Some(place) = runtime.block_on(Place::postgres()) {
        kill(&place.url, place.folder(), KILLS_POSTGRES);
    }
}

#[test]
fn a_full_disk_refuses_and_destroys_nothing() {
    let place = Place::sqlite();
    let mut killed = Killed::new(&place.url, place.folder());
    killed.kill_once(Duration::from_millis(50));
    let before = killed.kept.len();
    assert!(before > 0);
    // No file may grow beyond 1 MB more than a small store has; the signal of it is ignored.
    let limited = ["sh", "-c", "trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\""];
    let (mut child, said) = killed.start(&limited);
    let end = Instant::now() + Duration::from_secs(120);
    while killed.refused < 20 && Instant::now() < end {
        if let Ok(line) = said.recv_timeout(Duration::from_secs(20)) {
            killed.note(&line);
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    said.iter().for_each(|line| killed.note(&line));
    assert!(killed.refused >= 20, "the disk was never full");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(killed.assert_holds());
    let during = killed.kept.len();
    // With room again, the work goes on.
    killed.kill_once(Duration::from_millis(50));
    assert!(killed.kept.len() > during);
    runtime.block_on(killed.assert_holds());
}
