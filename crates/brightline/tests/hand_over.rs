//! What needs records is handed over to the program beside this one, word for word; where that is
//! missing, the message says so.

#![allow(missing_docs, clippy::unwrap_used)]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// Runs the desk from a folder of its own; returns its exit code and what it printed.
fn desk(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let (built, desk) = (env!("CARGO_BIN_EXE_brightline"), folder.join("brightline"));
    if !desk.exists() {
        fs::hard_link(built, &desk).or_else(|_| fs::copy(built, &desk).map(drop)).unwrap();
    }
    let mut command = Command::new(desk);
    command.args(words).current_dir(folder).env("NO_COLOR", "1");
    // As somebody has installed it: not under the program that builds it.
    let output = command.env_remove("CARGO").env_remove("BRIGHTLINE_DATA").output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn words_and_exit_code_pass_through() {
    let folder = tempfile::tempdir().unwrap();
    let office = folder.path().join("brightline-office");
    fs::write(&office, "#!/bin/sh\nprintf '<%s>' \"$@\"\nexit 1\n").unwrap();
    fs::set_permissions(&office, fs::Permissions::from_mode(0o755)).unwrap();
    let commands: [&[&str]; 6] = [
        &["serve", "--address", "127.0.0.1:0", "--help"],
        &["--json", "audit", "--data", "a folder"],
        &["backup", "monday.backup"],
        &["ledger", "export", "for-the-court", "--case", "A-2026-000001"],
        &["keys", "rotate", "--resume"],
        &["user", "add", "olga", "-h"],
    ];
    for words in commands {
        let shown: String = words.iter().map(|word| format!("<{word}>")).collect();
        assert_eq!(desk(folder.path(), words), (Some(1), shown));
    }
}

#[test]
fn a_missing_office_is_named_with_what_helps() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text) = desk(folder.path(), &["restore", "monday.backup"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("the program `brightline-office` is not there"), "{text}");
    assert!(text.contains("help: put it beside this one"), "{text}");
}

#[test]
fn the_law_is_answered_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text) = desk(folder.path(), &["explain", "L206"]);
    assert_eq!(code, Some(0), "{text}");
}
