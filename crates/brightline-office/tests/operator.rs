//! What an operator is told on bad days, read as they would read it.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use brightline_docket::Store;
use brightline_server::DataFolder;
use tempfile::TempDir;

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_brightline-office"));
    program.env_remove("BRIGHTLINE_DATA").env_remove("BRIGHTLINE_STORE");
    program
}

/// Runs a command to its end; what it says is put on one line.
fn run(words: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = program().args(words).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code().unwrap(), text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn refused(words: &[&str], wanted: &[&str]) {
    let (code, text) = run(words);
    assert!(code == 2 || code == 3, "{words:?}: {code}: {text}");
    for part in wanted {
        assert!(text.contains(part), "{words:?}: {part}: {text}");
    }
}

fn done(words: &[&str]) -> String {
    let (code, text) = run(words);
    assert_eq!(code, 0, "{words:?}: {text}");
    text
}

/// A folder of records, as `serve` makes it.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        DataFolder::at(home.data()).create(Some("records.example/log")).unwrap();
        home.served();
        home
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn shown(&self) -> String {
        self.path("data")
    }

    /// Lets the service start and stop again; returns what it said until it listened.
    fn served(&self) -> String {
        let mut service = program()
            .args(["serve", "--address", "127.0.0.1:0", "--log", "off", "--data", &self.shown()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(service.stdout.take().unwrap()).lines();
        let mut said = String::new();
        for line in lines.map_while(Result::ok) {
            said.push_str(&line);
            said.push('\n');
            if line.starts_with("listening") {
                break;
            }
        }
        service.kill().unwrap();
        service.wait().unwrap();
        assert!(said.contains("listening on http://127.0.0.1:"), "{said}");
        said
    }

    /// Starts the service where it must refuse to.
    fn not_served(&self, more: &[&str], wanted: &[&str]) {
        let data = self.shown();
        let words = ["serve", "--address", "127.0.0.1:0", "--data", &data];
        refused(&[&words, more].concat(), wanted);
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.data().join(name), text).unwrap();
    }
}

#[test]
fn the_first_start_says_what_has_to_be_kept() {
    let home = tempfile::tempdir().unwrap();
    let lines = DataFolder::at(home.path().join("data")).create(None).unwrap().join("\n");
    for key in ["keys/service.key", "keys/master.keys", "ledger.key"] {
        assert!(lines.contains(key), "{key}: {lines}");
    }
    assert!(lines.contains("keep copies of the three keys now"), "{lines}");
}

#[test]
fn an_account_that_could_do_nothing_or_takes_over_another_is_not_made() {
    let home = Home::new();
    let data = home.shown();
    let add = |name: &str, more: &[&str]| {
        let words = ["user", "add", name, "--person", "Some One", "--data", &data];
        run(&[&words, more].concat())
    };
    let (code, text) = add("olga", &["--role", "oficer", "--agency", "us-ny-nyc/doc"]);
    assert_eq!(code, 2);
    assert!(text.contains("did you mean `officer`?"), "{text}");
    let (code, text) = add("olga", &["--role", "officer"]);
    assert_eq!(code, 2);
    assert!(text.contains("the role `officer` is held for an agency"), "{text}");
    let (code, text) = add("olga", &["--role", "officer", "--agency", "us-ny-nyc/docs"]);
    assert_eq!(code, 2);
    assert!(text.contains("has no agency `docs`") && text.contains("`doc`"), "{text}");
    let (code, text) = add("olga", &["--role", "officer", "--agency", "us-ny-ncy/doc"]);
    assert_eq!(code, 2);
    assert!(text.contains("there is no jurisdiction `us-ny-ncy`"), "{text}");
    let (code, text) = add("olga", &["--role", "officer", "--agency", "us-ny-nyc/doc"]);
    assert_eq!(code, 0, "{text}");
    refused(&["user", "lock", "olga", "--data", &data], &["there is no account `olga`"]);
    let nowhere = home.path("nowhere");
    for words in [&["user", "list"][..], &["keys", "list"], &["audit"], &["backup", "x"]] {
        let words = [words, &["--data", &nowhere]].concat();
        refused(&words, &["there are no records here", "name the folder with --data"]);
    }
    let words = ["ledger", "verify", "--data", &nowhere];
    refused(&words, &["there is no log here", "name its folder with --data"]);
    assert!(!Path::new(&nowhere).exists(), "nothing was made");
}

#[test]
fn what_is_derived_of_the_log_is_made_again_and_a_lost_key_is_not() {
    let home = Home::new();
    let public = fs::read(home.data().join("ledger.pub")).unwrap();
    fs::remove_dir_all(home.data().join("ledger")).unwrap();
    fs::remove_file(home.data().join("ledger.pub")).unwrap();
    let said = home.served();
    assert!(said.contains("made the log again") && said.contains("wrote the public key"), "{said}");
    assert_eq!(fs::read(home.data().join("ledger.pub")).unwrap(), public);
    done(&["ledger", "verify", "--data", &home.shown()]);
    assert!(!home.served().contains("again"), "once");
    let key = home.data().join("ledger.key");
    fs::rename(&key, home.path("kept")).unwrap();
    home.not_served(&[], &["ledger.key", "put the key of the log back"]);
    fs::remove_dir_all(home.data().join("ledger")).unwrap();
    home.not_served(&[], &["ledger.key", "put the key of the log back"]);
    assert!(!home.data().join("ledger").exists(), "nothing was made");
}

#[test]
fn settings_that_cannot_be_used_are_told_by_their_line() {
    let home = Home::new();
    let standard = fs::read_to_string(home.data().join("office.toml")).unwrap();
    home.write("office.toml", "[[procedure]]\nagency = \"*\"\nacts = []\nsigned-by = []\n");
    let wanted = ["`office.toml` cannot be understood", "line 4: unknown field `signed-by`"];
    home.not_served(&[], &wanted);
    let rule =
        "[[procedure]]\nagency = \"us-ny-nyc/docs\"\nacts = [\"*\"]\nsigned_by = [\"councel\"]";
    home.write("office.toml", rule);
    let said = home.served();
    assert!(said.contains("office.toml: nobody can hold the role `councel`"), "{said}");
    assert!(said.contains("`us-ny-nyc` has no agency `docs`"), "{said}");
    home.write("office.toml", &standard);
    assert!(!home.served().contains("office.toml"));
    home.write("service.toml", "[limits]\nacount = 3\n");
    let wanted = ["`service.toml` cannot be understood", "line 2: unknown field `acount`"];
    home.not_served(&[], &wanted);
    home.write("service.toml", "[outbound]\nroots = \"nope.pem\"\n");
    home.not_served(&[], &["there are no roots in", "nope.pem"]);
    fs::remove_file(home.data().join("service.toml")).unwrap();
    home.not_served(&["--log", "loud"], &["`loud` is no level of logs", "debug"]);
}

#[test]
fn a_place_that_cannot_be_used_is_told_with_what_to_do() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = home.shown();
    let words = ["serve", "--data", &data, "--address", &address];
    refused(&words, &["cannot listen on", "choose another with --address"]);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://somebody:canary@{free}/records");
    home.not_served(&["--store", &url], &["the database does not answer", "is its address right?"]);
    let (_, text) = run(&["audit", "--data", &data, "--store", &url]);
    assert!(!text.contains("canary"), "the password is not told: {text}");
    for wrong in ["mysql://x/y", "postgres", "records"] {
        home.not_served(
            &["--store", wrong],
            &["write sqlite:FILE or postgres://USER@HOST/DATABASE"],
        );
    }
}

#[test]
fn a_backup_from_before_a_rotation_asks_for_the_key_file_of_then() {
    let home = Home::new();
    let (data, backup, restored) = (home.shown(), home.path("monday"), home.path("restored"));
    done(&["backup", &backup, "--data", &data]);
    fs::copy(home.data().join("keys/master.keys"), home.path("keys-of-monday")).unwrap();
    done(&["keys", "rotate", "--data", &data]);
    let listed = done(&["keys", "list", "--data", &data]);
    let old = listed.split_whitespace().next().unwrap().to_owned();
    done(&["keys", "retire", &old, "--data", &data]);
    fs::create_dir_all(format!("{restored}/keys")).unwrap();
    for name in ["keys/master.keys", "keys/service.key", "ledger.key"] {
        fs::copy(home.data().join(name), format!("{restored}/{name}")).unwrap();
    }
    let (code, text) = run(&["restore", &backup, "--data", &restored]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains(&format!("it lacks {old}")), "{text}");
    assert!(text.contains("put the copy of the file from the time of the backup"), "{text}");
    fs::copy(home.path("keys-of-monday"), format!("{restored}/keys/master.keys")).unwrap();
    assert!(done(&["audit", "--data", &restored]).contains("everything holds"));
    let settings = format!("{data}/office.toml");
    let elsewhere = home.path("elsewhere");
    let words = ["restore", &settings, "--data", &elsewhere];
    refused(&words, &["office.toml` is no backup", "that `brightline backup` has written"]);
}

#[tokio::test]
async fn a_backup_that_is_not_noted_in_the_records_says_so() {
    let home = Home::new();
    let (data, first, second) = (home.shown(), home.path("first"), home.path("second"));
    let noted = done(&["backup", &first, "--data", &data]);
    assert!(!noted.contains("do not say that it was made"), "{noted}");
    let (fourth, file) = (home.path("fourth"), format!("sqlite:{data}/brightline.db?mode=ro"));
    let read_only = done(&["backup", &fourth, "--data", &data, "--store", &file]);
    assert!(read_only.contains("the backup is whole, but the records do not say"), "{read_only}");
    assert!(read_only.contains("the disk or the file is read-only"), "{read_only}");
    assert!(Path::new(&fourth).is_file());
    let store = Store::open(&format!("sqlite:{data}/brightline.db")).await.unwrap();
    let mut writing = store.write().await.unwrap();
    for sql in ["DROP TABLE backups", "DELETE FROM migrations WHERE number = 131"] {
        sqlx::query(sql).execute(&mut *writing).await.unwrap();
    }
    writing.commit().await.unwrap();
    store.close().await;
    let older = done(&["backup", &second, "--data", &data]);
    assert!(older.contains("the backup is whole, but the records do not say"), "{older}");
    assert!(older.contains("their schema is older than this program"), "{older}");
    let third = home.path("third");
    let shown: serde_json::Value =
        serde_json::from_str(&done(&["backup", &third, "--data", &data, "--json"])).unwrap();
    assert_eq!(shown["noted"], false);
    assert_eq!(shown["not_noted_because"], "their schema is older than this program");
}
