//! Keys: their text forms, and the file that only its owner reads.

use std::fs;

use brightline_ledger::{KeyKind, SignerKey, VerifierKey};

use crate::scratch::{ORIGIN, Scratch, key};

#[test]
fn keys_read_what_they_print() {
    for key in [key(), SignerKey::generate_witness("witness.example/w1").unwrap()] {
        let again = SignerKey::from_secret(&key.to_secret()).unwrap();
        assert_eq!(again.verifier(), key.verifier());
        let verifier: VerifierKey = key.verifier().to_string().parse().unwrap();
        assert_eq!(verifier, key.verifier());
    }
    assert_eq!(key().kind(), KeyKind::Note);
    assert!(!format!("{:?}", key()).contains('='));
}

#[test]
fn what_is_no_key_is_refused_without_repeating_it() {
    let secret = key().to_secret().to_string();
    let flipped = secret.replace(ORIGIN, "other.example/log");
    for bad in ["", "PRIVATE+KEY+", "hello", &secret[1..], &secret[..secret.len() - 4], &flipped] {
        let error = SignerKey::from_secret(bad).unwrap_err();
        assert!(error.is_corrupt());
        assert!(!error.to_string().contains(&secret[secret.len() - 8..]));
    }
    let public = key().verifier().to_string();
    for bad in ["", "a+b", "a+0000000g+AQ==", &public.replace(ORIGIN, "x"), &public[..60]] {
        assert!(bad.parse::<VerifierKey>().unwrap_err().is_corrupt());
    }
    for name in ["", "two words", "a+b", "a\nb", "a\u{a0}b"] {
        assert!(SignerKey::generate(name).is_err(), "{name:?}");
    }
}

#[test]
fn a_key_file_is_written_once_and_read_by_its_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = Scratch::new();
    let path = scratch.path("log.key");
    let first = key();
    first.create_file(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(SignerKey::from_file(&path).unwrap().verifier(), first.verifier());

    let error = key().create_file(&path).unwrap_err();
    assert!(error.is_io() && error.is_already_there());
    assert_eq!(SignerKey::from_file(&path).unwrap().verifier(), first.verifier());
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = SignerKey::from_file(&path).unwrap_err();
    assert!(error.to_string().contains("chmod 600"), "{error}");
    assert!(SignerKey::from_file(&scratch.path("lost")).unwrap_err().is_not_found());
}
