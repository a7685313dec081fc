//! Outages around the office: a disk that is full or read-only, a database that is restarted,
//! processes that race for one case.
//!
//! The racing process is this test program again; disks are small file systems in memory, where
//! the machine lets them be mounted; the database is a server of the test's own.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "outages/cluster.rs"]
mod cluster;
#[path = "office/desk.rs"]
#[expect(dead_code, reason = "the tests of the office use the rest")]
mod desk;
#[path = "outages/disk.rs"]
mod disk;
#[path = "office/places.rs"]
mod places;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use brightline_desk::Request;
use brightline_docket::{Audit, BackupParts, Error, Keys, Office, OfficeParts, OfficeRules, Store};
use cluster::Cluster;
use desk::{RULES, new_case, officer, pack_files, told};
use disk::Disk;
use places::{Place, on_both};
use serde_json::json;
use sqlx::Row;

const URL: &str = "BRIGHTLINE_OUTAGE_URL";
const KEYS: &str = "BRIGHTLINE_OUTAGE_KEYS";
const CASE: &str = "BRIGHTLINE_OUTAGE_CASE";
const ROUNDS: u64 = 15;
const ASKED: &str = r#"{"jurisdiction": "zz-office", "agency": "jail", "on": "2025-03-04",
    "papers": ["request"], "facts": {"asked_at": "2025-03-04 10:00"}}"#;

async fn open(url: &str, keys: &Path) -> Result<Office, Error> {
    let keys = match keys.exists() {
        true => Keys::open(keys, None)?,
        false => Keys::create(keys, None)?,
    };
    Office::open(OfficeParts {
        store: Store::open(url).await?,
        built_in: pack_files(),
        keys,
        rules: OfficeRules::parse(RULES)?,
        clock: Office::system_clock(),
    })
    .await
}

async fn record(office: &Office) -> Result<String, Error> {
    let request = Request::read(ASKED).unwrap();
    let done = office.record_decision(&officer(), &request, "jail book").await;
    done.map(|it| it.reference)
}

async fn assert_holds(store: &Store, keys: &Path) -> u64 {
    let (keys, rules) = (Keys::open(keys, None).unwrap(), OfficeRules::parse(RULES).unwrap());
    let audited = Audit { store: store.clone(), keys, rules, log: None }.run().await.unwrap();
    assert!(audited.holds(), "{:?}", audited.faults);
    audited.cases
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_says_so_and_the_work_goes_on_when_there_is_room() {
    let Some(disk) = Disk::mount("6m") else { return };
    let url = format!("sqlite:{}", disk.path().join("brightline.db").display());
    let keys = disk.path().join("master.keys");
    let office = open(&url, &keys).await.unwrap();
    let mut kept = 0;
    let error = loop {
        match record(&office).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 20_000, "the disk is never full");
    };
    assert!(kept > 0 && error.is_unavailable(), "{error:?}");
    let told = (error.to_string(), error.help_text().unwrap_or_default().to_owned());
    assert_eq!(told.0, "the store cannot be used now; nothing was recorded");
    assert!(told.1.starts_with("the disk is full"), "{told:?}");
    let to = disk.path().join("now.backup");
    let parts = || BackupParts { files: BTreeMap::new(), signer: None, at: 0 };
    let error = office.store().back_up(&to, parts()).await.unwrap_err();
    assert!(error.to_string().contains("No space left"), "{error}");
    assert!(!to.exists() && !disk.path().join("now.backup.part").exists());
    disk.remount("size=64m");
    for _ in 0..20 {
        record(&office).await.unwrap();
        kept += 1;
    }
    office.store().back_up(&to, parts()).await.unwrap();
    assert_eq!(assert_holds(office.store(), &keys).await, kept);
    office.store().close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_disk_is_named_and_nothing_on_it_changes() {
    let Some(disk) = Disk::mount("32m") else { return };
    let file = disk.path().join("brightline.db");
    let (url, keys) = (format!("sqlite:{}", file.display()), disk.path().join("master.keys"));
    let office = open(&url, &keys).await.unwrap();
    record(&office).await.unwrap();
    office.store().close().await;
    let before = std::fs::read(&file).unwrap();
    drop(office);
    disk.remount("ro");
    let error = Store::open(&url).await.unwrap_err();
    assert_eq!(error.to_string(), "the store cannot be opened");
    let help = error.help_text().unwrap();
    assert!(help.contains("read-only"), "{help}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
    disk.remount("rw");
    let office = open(&url, &keys).await.unwrap();
    record(&office).await.unwrap();
    assert_eq!(assert_holds(office.store(), &keys).await, 2);
    office.store().close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_restarted_loses_nothing_that_was_acknowledged() {
    let Some(cluster) = Cluster::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("master.keys");
    let office = open(&cluster.url, &keys).await.unwrap();
    let (goes_on, kept) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
    let mut working = Vec::new();
    for _ in 0..4 {
        let (office, goes_on, kept) = (office.clone(), Arc::clone(&goes_on), Arc::clone(&kept));
        working.push(tokio::spawn(async move {
            let (mut references, mut refused) = (Vec::new(), Vec::new());
            while goes_on.load(Ordering::Relaxed) {
                match record(&office).await {
                    Ok(reference) => {
                        references.push(reference);
                        kept.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(error) => refused.push(error),
                }
            }
            (references, refused)
        }));
    }
    for way in ["immediate", "fast", "immediate"] {
        let before = kept.load(Ordering::Relaxed);
        let end = Instant::now() + Duration::from_secs(60);
        while kept.load(Ordering::Relaxed) < before + 30 {
            assert!(Instant::now() < end, "the work does not go on");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        cluster.restart(way);
    }
    let before = kept.load(Ordering::Relaxed);
    while kept.load(Ordering::Relaxed) < before + 10 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    goes_on.store(false, Ordering::Relaxed);
    let (mut references, mut refused) = (Vec::new(), 0);
    for one in working {
        let (some, errors) = one.await.unwrap();
        references.extend(some);
        for error in errors {
            refused += 1;
            assert!(error.is_unavailable(), "{error:?}");
            let text = error.to_string();
            let is_clear = text == "the store cannot be used now; nothing was recorded"
                || text.starts_with("it is not known whether this was recorded");
            assert!(is_clear, "{text}");
        }
    }
    assert!(refused > 0, "no request was under way");
    let cases = assert_holds(office.store(), &keys).await;
    assert!(cases >= references.len() as u64);
    for reference in &references {
        office.case(&officer(), reference, "a test").await.unwrap();
    }
    println!("3 restarts: {} acknowledged, all there; {refused} refused", references.len());
    office.store().close().await;
}

/// Not a test by itself: one of those that race.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the other test starts it"]
async fn the_process_that_races() {
    let Ok(url) = std::env::var(URL) else { return };
    let (keys, case) = (std::env::var(KEYS).unwrap(), std::env::var(CASE).unwrap());
    let office = open(&url, Path::new(&keys)).await.unwrap();
    let (mut won, mut lost) = (0, 0);
    while won < ROUNDS {
        let version = office.case(&officer(), &case, "a race").await.unwrap().version;
        let fact = told("asked_at", json!(format!("2025-03-04 10:{won:02}")));
        match office.set_facts(&officer(), (&case, version), vec![fact]).await {
            Ok(_) => won += 1,
            Err(error) if error.is_stale() => lost += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    println!("\nraced {won} {lost}");
}

#[test]
fn of_two_processes_that_race_for_one_case_each_change_is_one_process_s() {
    on_both(|place| async move { race(&place).await });
}

async fn race(place: &Place) {
    let keys = place.folder().join("master.keys");
    let office = open(&place.url, &keys).await.unwrap();
    let case = office.receive(&officer(), new_case(&["request"], vec![])).await.unwrap();
    let start = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["the_process_that_races", "--exact", "--ignored", "--nocapture"])
            .env(URL, &place.url)
            .env(KEYS, &keys)
            .env(CASE, &case.reference)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let racing = [start(), start()];
    let mut lost = 0;
    for one in racing {
        let said = one.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let line = said.lines().find_map(|line| line.strip_prefix("raced "));
        let (won, others) = line.unwrap_or_else(|| panic!("{said}")).split_once(' ').unwrap();
        assert_eq!(won.parse::<u64>().unwrap(), ROUNDS);
        lost += others.parse::<u64>().unwrap();
    }
    let view = office.case(&officer(), &case.reference, "the end").await.unwrap();
    let set = view.timeline.iter().filter(|it| it.kind == "facts_set").count() as u64;
    assert_eq!(set, 2 * ROUNDS, "each change that was acknowledged is there once");
    let sql = "SELECT COUNT(*) FROM entries WHERE kind = 'read'";
    let row = sqlx::query(sql).fetch_one(office.store().read()).await.unwrap();
    assert_eq!(row.get::<i64, _>(0).unsigned_abs(), 2 * ROUNDS + lost + 1, "every read, too");
    assert_holds(office.store(), &keys).await;
}
