//! The folder of tiles: grown, opened again, interrupted, made again.

use std::fs;
use std::path::Path;

use brightline_ledger::{Checkpoint, Frontier, TileDirectory, TileFiles};

use crate::scratch::{ORIGIN, Scratch, entry, frontier, grow, key, log};

#[test]
fn a_log_grows_in_steps_and_holds_after_each() {
    let (scratch, key) = (Scratch::new(), key());
    let folder = scratch.path("log");
    drop(log(&folder, &key, &[]));
    for size in [0, 1, 2, 255, 256, 257, 500, 512, 513, 1100] {
        let mut log = TileDirectory::open(&folder).unwrap();
        grow(&mut log, &key, size);
        let verified = log.files().verify(&key.verifier()).unwrap();
        assert_eq!(verified.head, frontier(size).head());
        assert!(verified.faults.is_empty(), "{size}: {:?}", verified.faults);
    }
    let files = TileFiles::new(&folder);
    assert_eq!(files.entry(1099, 1100).unwrap(), entry(1099));
    assert_eq!(files.tree(1100).root().unwrap(), frontier(1100).root());
    // Old sizes can still be asked for, though their partial tiles are gone.
    assert_eq!(files.tree(255).root().unwrap(), frontier(255).root());
    assert!(!folder.join("tile/0/000.p").exists());
    assert!(folder.join("tile/1/000.p/4").exists());
}

#[test]
fn a_log_is_created_once_and_written_by_one() {
    let (scratch, key) = (Scratch::new(), key());
    let folder = scratch.path("log");
    let first = log(&folder, &key, &[3]);
    assert!(TileDirectory::open(&folder).unwrap_err().to_string().contains("another process"));
    drop(first);
    let empty = Checkpoint::new(ORIGIN, Frontier::new().head()).unwrap();
    let again = TileDirectory::create(&folder, &empty.signed_by(&key).unwrap()).unwrap_err();
    assert!(again.is_already_there());
    assert!(TileDirectory::open(&scratch.path("none")).unwrap_err().is_not_found());
    assert_eq!(TileDirectory::open(&folder).unwrap().size(), 3);
}

#[test]
fn a_checkpoint_of_other_entries_is_not_published() {
    let (scratch, key) = (Scratch::new(), key());
    let mut log = log(&scratch.path("log"), &key, &[3]);
    log.append(b"another").unwrap();
    let wrong = Checkpoint::new(ORIGIN, frontier(4).head()).unwrap().signed_by(&key).unwrap();
    assert!(log.publish(&wrong).is_err());
    assert_eq!(log.files().verify(&key.verifier()).unwrap().head.size, 3);
}

/// Copies a log as a crash after some of the writes of `grown` would leave it.
fn interrupted(before: &Path, grown: &Path, to: &Path, writes: usize) -> usize {
    copy(before, to);
    let mut new: Vec<_> = files_of(grown).into_iter().filter(|it| it.0 != "checkpoint").collect();
    new.sort();
    for (path, bytes) in new.iter().take(writes) {
        fs::create_dir_all(to.join(path).parent().unwrap()).unwrap();
        fs::write(to.join(path), bytes).unwrap();
    }
    // The write that was under way left a piece under its temporary name.
    if let Some((path, bytes)) = new.get(writes) {
        let half = to.join(format!("{path}.new"));
        fs::create_dir_all(half.parent().unwrap()).unwrap();
        fs::write(half, &bytes[..bytes.len() / 2]).unwrap();
    }
    new.len()
}

fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inner) = folders.pop() {
        for file in fs::read_dir(inner).unwrap().map(|it| it.unwrap().path()) {
            if file.is_dir() {
                folders.push(file);
            } else {
                let name = file.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read(&file).unwrap()));
            }
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files_of(from) {
        fs::create_dir_all(to.join(&path).parent().unwrap()).unwrap();
        fs::write(to.join(path), bytes).unwrap();
    }
}

#[test]
fn a_log_interrupted_at_any_write_goes_on() {
    let (scratch, key) = (Scratch::new(), key());
    let (before, grown) = (scratch.path("before"), scratch.path("grown"));
    drop(log(&before, &key, &[200]));
    drop(log(&grown, &key, &[200, 600]));
    let mut writes = 0;
    loop {
        let crashed = scratch.path(&format!("crashed-{writes}"));
        let count = interrupted(&before, &grown, &crashed, writes);
        let held = TileFiles::new(&crashed).verify(&key.verifier()).unwrap();
        assert_eq!(held.head.size, 200);
        assert!(held.faults.is_empty(), "{writes}: {:?}", held.faults);
        let mut log = TileDirectory::open(&crashed).unwrap();
        assert_eq!(log.size(), 200);
        grow(&mut log, &key, 700);
        let held = log.files().verify(&key.verifier()).unwrap();
        assert_eq!(held.head, frontier(700).head());
        assert!(held.faults.is_empty(), "{writes}: {:?}", held.faults);
        writes += 1;
        if writes > count {
            break;
        }
    }
    assert!(writes > 6);
}

#[test]
fn a_log_is_made_again_from_its_entries() {
    let (scratch, key) = (Scratch::new(), key());
    let folder = scratch.path("log");
    drop(log(&folder, &key, &[600]));
    fs::remove_dir_all(folder.join("tile")).unwrap();
    assert!(TileDirectory::open(&folder).is_err());
    let mut log = TileDirectory::rebuild(&folder).unwrap();
    let note = log.checkpoint().clone();
    (0..600).for_each(|number| log.append(&entry(number)).unwrap());
    log.publish(&note).unwrap();
    assert!(log.files().verify(&key.verifier()).unwrap().faults.is_empty());
    drop(log);
    let mut log = TileDirectory::rebuild(&folder).unwrap();
    (0..599).for_each(|number| log.append(&entry(number)).unwrap());
    assert!(log.append(b"another").unwrap_err().is_corrupt());
}
