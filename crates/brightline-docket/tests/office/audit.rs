//! The audit: what was recorded holds, and whatever is changed afterwards is found.

use std::fs;
use std::path::Path;

use brightline_desk::Request;
use brightline_docket::{Audit, Audited, Keys, LogPlace, Office, OfficeRules, Store};
use brightline_ledger::{SignerKey, TileFiles, VerifierKey};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use crate::desk::{Desk, RULES, new_case, officer, records_officer, told};
use crate::places::{Place, on_both};

const ASKED: &str = r#"{"jurisdiction": "zz-office", "agency": "jail", "on": "2025-03-04",
    "papers": ["request"], "facts": {"asked_at": "2025-03-04 10:00"}}"#;

fn log_place(folder: &Path) -> (LogPlace, VerifierKey) {
    let signer = SignerKey::generate("records.example/log").unwrap();
    let key = signer.verifier();
    let origin = "records.example/log".to_owned();
    (LogPlace { folder: folder.join("ledger"), origin, signer }, key)
}

async fn audit(url: &str, key_file: &Path, log: Option<(TileFiles, VerifierKey)>) -> Audited {
    let store = Store::open(url).await.unwrap();
    audit_store(store, key_file, log).await.unwrap()
}

/// Audits without the published log.
pub async fn audited(url: &str, key_file: &Path) -> Audited {
    audit(url, key_file, None).await
}

async fn audit_store(
    store: Store,
    key_file: &Path,
    log: Option<(TileFiles, VerifierKey)>,
) -> Result<Audited, brightline_docket::Error> {
    let keys = Keys::open(key_file, None).unwrap();
    let rules = OfficeRules::parse(RULES).unwrap();
    let found = Audit { store: store.clone(), keys, rules, log }.run().await;
    store.close().await;
    found
}

/// A day of work: cases with facts and findings, decisions of a system, reads, one case sealed.
async fn work(desk: &Desk, office: &Office) {
    let (officer, clerk) = (officer(), records_officer());
    for _ in 0..3 {
        let view = office.receive(&officer, new_case(&["request"], vec![])).await.unwrap();
        let seen = (view.reference.as_str(), view.version);
        let facts = vec![told("asked_at", json!("2025-03-04 10:00"))];
        let view = office.set_facts(&officer, seen, facts).await.unwrap();
        office.case(&officer, &view.reference, "a test").await.unwrap();
        desk.pass(1);
    }
    let request = Request::read(ASKED).unwrap();
    for _ in 0..5 {
        office.record_decision(&officer, &request, "jail book").await.unwrap();
    }
    let view = office.receive(&officer, new_case(&["request"], vec![])).await.unwrap();
    office.seal(&clerk, (&view.reference, view.version), "an order").await.unwrap();
}

#[test]
fn a_day_of_work_holds() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        work(&desk, &desk.office).await;
        let (log, key) = log_place(place.folder());
        desk.office.publish_log(&log).await.unwrap();
        work(&desk, &desk.office).await;
        let audited =
            audit(&place.url, &desk.key_file, Some((TileFiles::new(&log.folder), key))).await;
        assert!(audited.holds(), "{:?}", audited.faults);
        assert_eq!((audited.cases, audited.sealed), (16, 2));
        assert!(audited.determinations >= 16 && audited.entries > 60, "{audited:?}");
    });
}

#[test]
fn a_store_without_entries_holds() {
    on_both(|place| async move {
        let desk = Desk::open(&place).await;
        let audited = audit(&place.url, &desk.key_file, None).await;
        assert!(audited.holds(), "{:?}", audited.faults);
        assert_eq!(audited.entries, 0);
    });
}

/// A store that was closed, as one file to be copied and damaged.
struct Closed {
    place: Place,
    key_file: std::path::PathBuf,
    log: (TileFiles, VerifierKey),
}

impl Closed {
    async fn new() -> Self {
        let place = Place::sqlite();
        let desk = Desk::open(&place).await;
        work(&desk, &desk.office).await;
        let (log, key) = log_place(place.folder());
        desk.office.publish_log(&log).await.unwrap();
        desk.office.store().close().await;
        let log = (TileFiles::new(&log.folder), key);
        Self { key_file: desk.key_file.clone(), place, log }
    }

    fn file(&self) -> std::path::PathBuf {
        self.place.folder().join("brightline.db")
    }

    /// Audits a damaged copy; an error says as well that something is wrong.
    async fn faults_of(&self, copy: &Path) -> Vec<String> {
        let store = match Store::open(&format!("sqlite:{}", copy.display())).await {
            Ok(store) => store,
            Err(error) => return vec![error.to_string()],
        };
        match audit_store(store, &self.key_file, Some(self.log.clone())).await {
            Ok(audited) => audited.faults,
            Err(error) => vec![error.to_string()],
        }
    }
}

async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap()
}

/// What the audit answers for, or the opening of a store.
const TABLES: [&str; 16] = [
    "migrations",
    "derived_under",
    "head",
    "entries",
    "keys",
    "masters",
    "counters",
    "law_files",
    "releases",
    "release_files",
    "release_packs",
    "cases",
    "case_acts",
    "tasks",
    "name_tokens",
    "checkpoints",
];

async fn columns(connection: &mut SqliteConnection, table: &str) -> Vec<(String, String)> {
    let sql = format!("SELECT name, type FROM pragma_table_info('{table}')");
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Changes one value, so that no other row has it.
fn change(column: &str, kind: &str, at: usize) -> String {
    match kind {
        "INTEGER" if at == 0 => format!("{column} = {column} - 1000003"),
        "INTEGER" => format!("{column} = {column} + 1000003"),
        "BLOB" => {
            let byte = match at {
                0 => "1".to_owned(),
                _ => format!("length({column})"),
            };
            let part = |from: &str, to: &str| format!("substr({column}, {from}, {to})");
            let (head, tail) =
                (part("1", &format!("{byte} - 1")), part(&format!("{byte} + 1"), "-1"));
            let tail = tail.replace(", -1)", ")");
            let old = part(&byte, "1");
            let new = format!("CASE hex({old}) WHEN '00' THEN x'01' ELSE x'00' END");
            format!(
                "{column} = CASE length({column}) WHEN 0 THEN x'01' \
                 ELSE CAST({head} || {new} || {tail} AS BLOB) END"
            )
        }
        _ if at == 0 => format!("{column} = {column} || 'x'"),
        _ => format!("{column} = 'x' || {column}"),
    }
}

/// The first row, one in the middle, and where a case was sealed last, what stays of it.
fn picked(table: &str, ids: &[i64]) -> Vec<i64> {
    let mut picked = vec![ids[0], ids[ids.len() / 2]];
    if ["entries", "cases", "case_acts"].contains(&table) {
        picked.extend([ids[ids.len() - 2], ids[ids.len() - 1]]);
    }
    picked
}

#[test]
fn every_changed_value_of_every_table_is_found() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let closed = Closed::new().await;
        assert_eq!(closed.faults_of(&closed.file()).await, Vec::<String>::new());
        let copy = closed.place.folder().join("copy.db");
        let mut tried = 0;
        for table in TABLES {
            let mut connection = connect(&closed.file()).await;
            let sql = format!("SELECT rowid FROM {table} ORDER BY rowid");
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
            let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
            assert!(!ids.is_empty(), "{table} is empty");
            for (column, kind) in columns(&mut connection, table).await {
                for (at, id) in picked(table, &ids).into_iter().enumerate() {
                    fs::copy(closed.file(), &copy).unwrap();
                    let mut damaged = connect(&copy).await;
                    let set = change(&column, &kind, at);
                    let sql = format!("UPDATE {table} SET {set} WHERE rowid = {id}");
                    sqlx::query(AssertSqlSafe(sql)).execute(&mut damaged).await.unwrap();
                    damaged.close().await.unwrap();
                    let faults = closed.faults_of(&copy).await;
                    assert!(!faults.is_empty(), "{table}.{column} of row {id}: {set}");
                    tried += 1;
                }
            }
            for id in [ids[0], ids[ids.len() / 2]] {
                fs::copy(closed.file(), &copy).unwrap();
                let mut damaged = connect(&copy).await;
                let sql = format!("DELETE FROM {table} WHERE rowid = {id}");
                sqlx::query(AssertSqlSafe(sql)).execute(&mut damaged).await.unwrap();
                damaged.close().await.unwrap();
                let is_kept_to_compare = ["checkpoints", "derived_under"].contains(&table);
                let faults = closed.faults_of(&copy).await;
                assert!(is_kept_to_compare || !faults.is_empty(), "{table}: row {id} deleted");
                tried += 1;
            }
        }
        println!("{tried} changes, each found");
    });
}

/// Everything that the tables hold, as text; none if the file cannot be read.
async fn content(file: &Path) -> Option<Vec<String>> {
    let mut connection =
        SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.ok()?;
    let mut all = Vec::new();
    for table in TABLES {
        let quoted: Vec<String> = columns(&mut connection, table)
            .await
            .iter()
            .map(|(name, _)| format!("quote({name})"))
            .collect();
        let sql = format!("SELECT {} FROM {table} NOT INDEXED", quoted.join("||','||"));
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await.ok()?;
        let mut rows: Vec<String> =
            rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().ok()?;
        rows.sort();
        all.append(&mut rows);
    }
    Some(all)
}

#[test]
fn a_flipped_bit_anywhere_in_the_file_is_found_or_changes_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let closed = Closed::new().await;
        let bytes = fs::read(closed.file()).unwrap();
        let whole = content(&closed.file()).await.unwrap();
        let copy = closed.place.folder().join("copy.db");
        let (mut seed, mut counted) = (0x2545_f491_4f6c_dd1d_u64, 0);
        for _ in 0..150 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let (at, bit) = (seed as usize % bytes.len(), seed >> 61);
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            fs::write(&copy, &damaged).unwrap();
            let is_found = !closed.faults_of(&copy).await.is_empty();
            fs::write(&copy, &damaged).unwrap();
            // Much of a file of SQLite is free space, of which nothing is ever read.
            if !is_found {
                let now = content(&copy).await.unwrap_or_default();
                let changed: Vec<_> = now.iter().filter(|row| !whole.contains(row)).collect();
                assert_eq!(now.len(), whole.len(), "byte {at}, bit {bit}");
                assert!(changed.is_empty(), "byte {at}, bit {bit}: {changed:?}");
            }
            counted += usize::from(is_found);
        }
        println!("{counted} of 150 were found, the others changed no value");
    });
}

#[test]
fn a_truncated_journal_is_found_by_what_was_published() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let place = Place::sqlite();
        let desk = Desk::open(&place).await;
        let request = Request::read(ASKED).unwrap();
        for _ in 0..30 {
            desk.office.record_decision(&officer(), &request, "jail book").await.unwrap();
        }
        let (log, key) = log_place(place.folder());
        desk.office.publish_log(&log).await.unwrap();
        let log = (TileFiles::new(&log.folder), key);
        let file = place.folder().join("brightline.db");
        let (copy, journal) = (place.folder().join("copy.db"), place.folder().join("copy.db-wal"));
        fs::copy(&file, &copy).unwrap();
        let written = fs::read(place.folder().join("brightline.db-wal")).unwrap();
        assert!(written.len() > 100_000, "{} bytes", written.len());
        for share in [1, 2, 3] {
            let _ = fs::remove_file(place.folder().join("copy.db-shm"));
            fs::copy(&file, &copy).unwrap();
            fs::write(&journal, &written[..written.len() * share / 4]).unwrap();
            let faults = match Store::open(&format!("sqlite:{}", copy.display())).await {
                Ok(store) => match audit_store(store, &desk.key_file, Some(log.clone())).await {
                    Ok(audited) => audited.faults,
                    Err(error) => vec![error.to_string()],
                },
                Err(error) => vec![error.to_string()],
            };
            assert!(!faults.is_empty(), "{share} quarters of the journal");
        }
    });
}
