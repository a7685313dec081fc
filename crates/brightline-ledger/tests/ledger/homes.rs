//! A log is begun once; a key that is lost or not the log's is said clearly, and nothing changes.

use std::fs;

use brightline_ledger::{LedgerHome, SignerKey};

use crate::scratch::{ORIGIN, Scratch};

#[test]
fn a_log_is_begun_once() {
    let scratch = Scratch::new();
    let home = LedgerHome::new(scratch.path("data"));
    assert!(!home.is_there());
    assert!(home.signer().unwrap_err().is_not_found());
    assert!(!home.is_there());
    let key = home.init(ORIGIN).unwrap();
    assert_eq!(home.signer().unwrap().verifier(), key);
    assert_eq!(home.verifier().unwrap(), key);
    assert_eq!(home.files().verify(&key).unwrap().head.size, 0);
    assert!(home.init(ORIGIN).unwrap_err().is_already_there());
    assert_eq!(home.signer().unwrap().verifier(), key);
}

#[test]
fn a_lost_or_foreign_key_destroys_nothing() {
    let scratch = Scratch::new();
    let home = LedgerHome::new(scratch.path("data"));
    home.init(ORIGIN).unwrap();
    let checkpoint = fs::read(home.folder().join("checkpoint")).unwrap();
    fs::remove_file(home.secret_key_path()).unwrap();
    let lost = home.signer().unwrap_err();
    assert!(lost.is_not_found() && lost.to_string().contains("ledger.key"), "{lost}");
    assert!(home.init(ORIGIN).unwrap_err().is_already_there());
    assert!(!home.secret_key_path().exists());
    SignerKey::generate(ORIGIN).unwrap().create_file(&home.secret_key_path()).unwrap();
    let foreign = home.signer().unwrap_err();
    assert!(foreign.is_corrupt() && foreign.to_string().contains("ledger.key"), "{foreign}");
    assert_eq!(fs::read(home.folder().join("checkpoint")).unwrap(), checkpoint);
}
