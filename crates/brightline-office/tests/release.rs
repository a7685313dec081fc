//! A folder of packs as one release, as an author has it written.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::{Command, Output};

use brightline_desk::Packs;
use brightline_docket::release_digest;

const PACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../brightline-docket/tests/packs");

fn run(words: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_brightline-office"))
        .args(words)
        .env_remove("BRIGHTLINE_PACKS")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[test]
fn a_release_is_the_body_that_the_service_takes_and_names_its_digest() {
    let files = Packs::files_of_directory(PACKS.as_ref()).unwrap();
    let digest = release_digest(&files);
    let (code, body, aside) = run(&["release", "--packs", PACKS, "--note", "section 1"]);
    assert_eq!((code, aside), (0, format!("{} files, {digest}\n", files.len())));
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["note"], "section 1");
    for (path, bytes) in &files {
        assert_eq!(body["files"][path].as_str().unwrap().as_bytes(), bytes, "{path}");
    }
    assert_eq!(body["files"].as_object().unwrap().len(), files.len());
    let (code, shown, _) = run(&["release", "--packs", PACKS, "--digest"]);
    assert_eq!((code, shown), (0, format!("{digest}\n")));
    let (code, _, wrong) = run(&["release", "--packs", "nowhere", "--digest"]);
    assert_eq!(code, 2, "{wrong}");
    assert_eq!(run(&["release", "--packs", PACKS]).0, 2, "it says what changes, and why");
}
