//! A folder for one test, removed with what is in it; and logs made in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use brightline_ledger::{Checkpoint, Frontier, SignerKey, TileDirectory, leaf_hash};

pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ledger-{}-{number}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub const ORIGIN: &str = "records.example/log";

pub fn key() -> SignerKey {
    SignerKey::generate(ORIGIN).unwrap()
}

pub fn entry(number: u64) -> Vec<u8> {
    format!("entry {number}").repeat(1 + number as usize % 3).into_bytes()
}

pub fn frontier(size: u64) -> Frontier {
    let mut frontier = Frontier::new();
    for number in 0..size {
        frontier.append(leaf_hash(&entry(number)));
    }
    frontier
}

/// Makes a log that published a checkpoint at each of the sizes.
pub fn log(folder: &Path, key: &SignerKey, sizes: &[u64]) -> TileDirectory {
    let empty = Checkpoint::new(ORIGIN, Frontier::new().head()).unwrap();
    let mut log = TileDirectory::create(folder, &empty.signed_by(key).unwrap()).unwrap();
    for size in sizes {
        grow(&mut log, key, *size);
    }
    log
}

pub fn grow(log: &mut TileDirectory, key: &SignerKey, size: u64) {
    for number in log.size()..size {
        log.append(&entry(number)).unwrap();
    }
    let checkpoint = Checkpoint::new(ORIGIN, log.head().unwrap()).unwrap();
    log.publish(&checkpoint.signed_by(key).unwrap()).unwrap();
}
