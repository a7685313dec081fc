//! Backup, restore and export as an operator runs them, beside a service that is at work.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use brightline_desk::{Packs, Request};
use brightline_docket::{Actor, Office};
use brightline_server::{Clock, DataFolder};

const REQUEST: &str = include_str!("../../../examples/new-york-detainer.json");

fn run(words: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_brightline-office"))
        .args(words)
        .env_remove("BRIGHTLINE_DATA")
        .env_remove("BRIGHTLINE_STORE")
        .output()
        .unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code().unwrap(), text)
}

fn done(words: &[&str]) -> String {
    let (code, text) = run(words);
    assert_eq!(code, 0, "{words:?}: {text}");
    text
}

fn system() -> Actor {
    Actor {
        account: "token jail".into(),
        person: "token jail".into(),
        name: "jail".into(),
        roles: std::iter::once("system".to_owned()).collect(),
        agencies: std::iter::once("*".to_owned()).collect(),
    }
}

async fn office(folder: &Path) -> Office {
    let data = DataFolder::at(folder);
    if data.is_new() {
        data.create(Some("records.example/log")).unwrap();
    }
    let accounts = data.open(None, Clock::of_the_machine()).await.unwrap();
    data.office(&accounts, Packs::embedded_files()).await.unwrap()
}

async fn record(office: &Office, count: usize) -> String {
    let request = Request::read(REQUEST).unwrap();
    let mut last = String::new();
    for _ in 0..count {
        last = office.record_decision(&system(), &request, "jail book").await.unwrap().reference;
    }
    last
}

/// What an operator keeps apart, put into a folder.
fn bring_keys(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("keys")).unwrap();
    for name in ["keys/master.keys", "keys/service.key", "ledger.key"] {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_office_is_backed_up_restored_elsewhere_and_goes_on_there() {
    let home = tempfile::tempdir().unwrap();
    let (data, backup) = (home.path().join("data"), home.path().join("monday.backup"));
    let (shown, file) = (data.to_str().unwrap(), backup.to_str().unwrap());
    let running = office(&data).await;
    let keeper = DataFolder::at(&data).keep_log(&running).unwrap();
    record(&running, 5).await;
    while running.size().await.unwrap() == 0 || !published(&data) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let at_work = {
        let running = running.clone();
        tokio::spawn(async move {
            loop {
                record(&running, 1).await;
            }
        })
    };
    let text = done(&["backup", file, "--data", shown]);
    assert!(
        text.contains("no secret key is in it") && text.contains("signed by records."),
        "{text}"
    );
    at_work.abort();
    let (code, text) = run(&["backup", file, "--data", shown]);
    assert_eq!(code, 2);
    assert!(text.contains("a backup overwrites nothing"), "{text}");
    for secret in ["keys/master.keys", "keys/service.key", "ledger.key"] {
        let secret = fs::read(data.join(secret)).unwrap();
        let secret = secret.strip_suffix(b"\n").unwrap_or(&secret);
        let secret = &secret[secret.len() - 24..];
        let bytes = fs::read(&backup).unwrap();
        assert!(!bytes.windows(secret.len()).any(|it| it == secret), "a secret is in the backup");
    }

    let restored = home.path().join("restored");
    let target = restored.to_str().unwrap();
    let key = data.join("ledger.pub");
    let text = done(&["restore", file, "--data", target, "--key", key.to_str().unwrap()]);
    assert!(text.contains("not audited yet: put keys/master.keys"), "{text}");
    let (code, text) = run(&["audit", "--data", target]);
    assert_eq!(code, 2);
    assert!(text.contains("put it back from where it is kept"), "{text}");
    bring_keys(&data, &restored);
    let text = done(&["audit", "--data", target]);
    assert!(text.contains("everything holds"), "{text}");
    done(&["ledger", "verify", "--data", target]);
    let (code, text) = run(&["restore", file, "--data", target]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("this is there already"), "{text}");

    let second = home.path().join("second");
    bring_keys(&data, &second);
    let text = done(&["restore", file, "--data", second.to_str().unwrap()]);
    assert!(text.contains("everything holds"), "audited at once: {text}");
    let office = office(&second).await;
    let before = office.size().await.unwrap();
    let keeper_there = DataFolder::at(&second).keep_log(&office).unwrap();
    record(&office, 1).await;
    assert!(office.size().await.unwrap() > before);
    while log_size(&second) < office.size().await.unwrap() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    done(&["ledger", "verify", "--data", second.to_str().unwrap()]);
    drop((keeper, keeper_there));
}

fn log_size(data: &Path) -> u64 {
    let note = fs::read_to_string(data.join("ledger/checkpoint")).unwrap();
    note.lines().nth(1).unwrap().parse().unwrap()
}

fn published(data: &Path) -> bool {
    log_size(data) > 0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn master_keys_are_rotated_beside_an_office_at_work() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let shown = data.to_str().unwrap();
    let running = office(&data).await;
    let first = record(&running, 3).await;
    let before = done(&["keys", "list", "--data", shown]);
    let old = before.split_whitespace().next().unwrap().to_owned();
    let text = done(&["keys", "rotate", "--data", shown]);
    assert!(text.starts_with("5 keys are wrapped by the master key"), "{text}");
    let (code, text) = run(&["keys", "retire", "00000000", "--data", shown]);
    assert_eq!(code, 2, "{text}");
    record(&running, 1).await;
    done(&["keys", "retire", &old, "--data", shown]);
    record(&running, 1).await;
    let after = done(&["keys", "list", "--data", shown]);
    assert!(!after.contains(&old) && after.lines().count() == 1, "{after}");
    let text = done(&["audit", "--data", shown]);
    assert!(text.contains("everything holds"), "{text}");
    running.case(&system(), &first, "a look").await.unwrap();
    let program = ["keys", "list", "--data", shown, "--key-program", "/bin/false"];
    done(&program);
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_nothing_is_made() {
    let home = tempfile::tempdir().unwrap();
    let (data, backup) = (home.path().join("data"), home.path().join("x.backup"));
    record(&office(&data).await, 2).await;
    let file = backup.to_str().unwrap();
    done(&["backup", file, "--data", data.to_str().unwrap()]);
    let mut bytes = fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&backup, &bytes).unwrap();
    let target = home.path().join("restored");
    let (code, text) = run(&["restore", file, "--data", target.to_str().unwrap()]);
    assert_eq!(code, 3, "{text}");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("the backup is damaged or was cut short: its digest is another"),
        "{text}"
    );
    assert!(text.contains("nothing was restored; take another copy of it"), "{text}");
    assert!(!target.exists(), "nothing was made");
}

#[tokio::test]
async fn the_log_and_the_proofs_of_a_case_are_exported_and_checked_without_the_office() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let shown = data.to_str().unwrap();
    let office = office(&data).await;
    let export = home.path().join("for-the-court");
    let folder = export.to_str().unwrap();
    let (code, text) = run(&["ledger", "export", folder, "--data", shown]);
    assert_eq!(code, 0, "a log of nothing is a log: {text}");
    fs::remove_dir_all(&export).unwrap();
    let reference = record(&office, 3).await;
    let keeper = DataFolder::at(&data).keep_log(&office).unwrap();
    while !published(&data) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(keeper);
    let text = done(&["ledger", "export", folder, "--case", &reference, "--data", shown]);
    assert!(text.contains("3 entries of cases, each with its proof"), "{text}");
    done(&["ledger", "verify", "--data", folder]);
    done(&["ledger", "prove", "0", "--data", folder]);
    let of_case = export.join(&reference);
    for number in 1..=3 {
        let (proof, entry) =
            (of_case.join(format!("{number}.tlog-proof")), of_case.join(format!("{number}.entry")));
        let (proof, entry) = (proof.to_str().unwrap(), entry.to_str().unwrap());
        done(&["ledger", "check", proof, "--entry", entry, "--data", folder]);
        let other = of_case.join(format!("{}.entry", number % 3 + 1));
        let other = other.to_str().unwrap();
        let (code, text) = run(&["ledger", "check", proof, "--entry", other, "--data", folder]);
        assert_eq!(code, 1, "{text}");
    }
    let (code, text) = run(&["ledger", "export", folder, "--data", shown]);
    assert_eq!(code, 2, "{text}");
    let (code, text) =
        run(&["ledger", "export", "elsewhere", "--case", "DOC-1-1", "--data", shown]);
    assert_eq!(code, 2);
    assert!(text.contains("there is no case `DOC-1-1`"), "{text}");
}
