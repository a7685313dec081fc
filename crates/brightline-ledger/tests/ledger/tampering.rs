//! People who delete, edit, reorder, truncate or fork a log: each is found.

use std::fs;
use std::path::{Path, PathBuf};

use brightline_ledger::{
    Checkpoint, SignerKey, TileDirectory, TileFiles, TreeHead, VerifierKey, verify_consistency,
};

use crate::scratch::{ORIGIN, Scratch, entry, frontier, key, log};

const SIZE: u64 = 300;

fn is_found(folder: &Path, key: &VerifierKey) -> bool {
    TileFiles::new(folder).verify(key).map_or(true, |verified| !verified.faults.is_empty())
}

/// All files below a folder, the lock left out.
fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inner) = folders.pop() {
        for path in fs::read_dir(inner).unwrap().map(|it| it.unwrap().path()) {
            let is_lock = path.ends_with(".lock");
            if path.is_dir() {
                folders.push(path)
            } else if !is_lock {
                found.push(path)
            }
        }
    }
    found.sort();
    found
}

#[test]
fn any_flipped_byte_and_any_missing_file_is_found() {
    let (scratch, key) = (Scratch::new(), key());
    let folder = scratch.path("log");
    drop(log(&folder, &key, &[270, SIZE]));
    assert!(!is_found(&folder, &key.verifier()));
    for path in files(&folder) {
        let bytes = fs::read(&path).unwrap();
        // Every byte of the checkpoint, and some hundred of each tile.
        let step = (bytes.len() / 100).max(1);
        for at in (0..bytes.len()).step_by(if path.ends_with("checkpoint") { 1 } else { step }) {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            fs::write(&path, changed).unwrap();
            assert!(is_found(&folder, &key.verifier()), "{}: byte {at}", path.display());
        }
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(is_found(&folder, &key.verifier()), "{} cut", path.display());
        fs::write(&path, [&bytes[..], b"\n"].concat()).unwrap();
        assert!(is_found(&folder, &key.verifier()), "{} longer", path.display());
        fs::remove_file(&path).unwrap();
        let is_old = path.to_str().unwrap().contains(".p/14");
        assert!(is_old || is_found(&folder, &key.verifier()), "{} gone", path.display());
        fs::write(&path, &bytes).unwrap();
    }
    assert!(!is_found(&folder, &key.verifier()));
}

/// A log with the entries that a forger would like better, under the checkpoint that was signed.
fn forged(scratch: &Scratch, key: &SignerKey, entries: &[Vec<u8>]) -> PathBuf {
    let (honest, folder) = (scratch.path("honest"), scratch.path("forged"));
    let signed = log(&honest, key, &[SIZE]).checkpoint().to_string();
    let mut log = log(&folder, key, &[]);
    entries.iter().for_each(|entry| log.append(entry).unwrap());
    let checkpoint = Checkpoint::new(ORIGIN, log.head().unwrap()).unwrap();
    log.publish(&checkpoint.signed_by(key).unwrap()).unwrap();
    drop(log);
    fs::write(folder.join("checkpoint"), signed).unwrap();
    folder
}

fn assert_forgery_is_found(change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let (scratch, key) = (Scratch::new(), key());
    let mut entries: Vec<Vec<u8>> = (0..SIZE).map(entry).collect();
    change(&mut entries);
    let folder = forged(&scratch, &key, &entries);
    assert!(is_found(&folder, &key.verifier()));
    assert!(TileDirectory::open(&folder).is_err());
}

#[test]
fn a_deleted_entry_is_found() {
    assert_forgery_is_found(|entries| drop(entries.remove(100)));
}

#[test]
fn an_edited_entry_is_found() {
    assert_forgery_is_found(|entries| entries[100] = b"nothing happened".to_vec());
}

#[test]
fn reordered_entries_are_found() {
    assert_forgery_is_found(|entries| entries.swap(100, 101));
}

#[test]
fn a_truncated_log_is_found() {
    assert_forgery_is_found(|entries| entries.truncate(299));
}

#[test]
fn a_log_that_is_cut_and_signed_again_is_found_by_whoever_kept_a_checkpoint() {
    let (old, new) = (frontier(300).head(), frontier(280).head());
    assert!(verify_consistency(&old, &new, &[]).unwrap_err().is_corrupt());
}

#[test]
fn a_fork_is_found_by_whoever_kept_a_checkpoint() {
    let (scratch, key) = (Scratch::new(), key());
    let seen = frontier(100).head();
    let mut fork = log(&scratch.path("fork"), &key, &[99]);
    fork.append(b"another").unwrap();
    let size = 120;
    (100..size).for_each(|number| fork.append(&entry(number)).unwrap());
    let head = fork.head().unwrap();
    fork.publish(&Checkpoint::new(ORIGIN, head).unwrap().signed_by(&key).unwrap()).unwrap();
    let proof = fork.files().tree(size).consistency(100).unwrap();
    assert!(verify_consistency(&seen, &head, &proof).unwrap_err().is_corrupt());
    let of_fork = TreeHead { size: 100, root: fork.files().tree(100).root().unwrap() };
    verify_consistency(&of_fork, &head, &proof).unwrap();
}
