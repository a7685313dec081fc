//! A second implementation of the formats, written by others in another language, reads what we
//! write and writes what we read. `cargo xtask tlog` installs it.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use brightline_ledger::{ProofFile, SignerKey, TileFiles, VerifierKey, cosign};

use crate::scratch::{ORIGIN, Scratch, frontier, key, log};

/// A Python that has the package.
const VARIABLE: &str = "BRIGHTLINE_TLOG";

/// Without the package the test has nothing to say; the test command says so at its end.
fn python() -> Option<OsString> {
    let found = std::env::var_os(VARIABLE);
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "{VARIABLE} is not set");
    found
}

fn run(python: &OsString, words: &[&str], input: &str) -> Result<String, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledger/second.py");
    let mut command = Command::new(python);
    command.arg(script).args(words).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (out, err) = (output.stdout, output.stderr);
    let text = |bytes| String::from_utf8(bytes).unwrap().trim_end().to_owned();
    if output.status.success() { Ok(text(out)) } else { Err(text(err)) }
}

#[test]
fn it_reads_what_we_write() {
    let Some(python) = python() else { return };
    let witness = SignerKey::generate_witness("witness.example/w1").unwrap();
    for (old, size) in [(1, 1), (100, 255), (255, 256), (256, 257), (300, 70_000)] {
        let (scratch, key) = (Scratch::new(), key());
        let folder = scratch.path("log");
        let mut log = log(&folder, &key, &[old, size]);
        log.add_signature(cosign(log.checkpoint(), &witness, 1_700_000_000).unwrap()).unwrap();
        let mut proofs = String::new();
        for index in [0, size / 3, size - 1] {
            let hashes = log.files().tree(size).inclusion(index).unwrap();
            let checkpoint = log.checkpoint().clone();
            let proof = ProofFile { extra: None, index, hashes, checkpoint };
            let path = scratch.path(&format!("{index}.tlog-proof"));
            fs::write(&path, proof.to_string()).unwrap();
            proofs.push_str(&format!("{}\n", path.display()));
        }
        let (log_key, witness_key) = (key.verifier().to_string(), witness.verifier().to_string());
        let (old_size, old_root) = (old.to_string(), frontier(old).root().to_string());
        let folder = folder.to_str().unwrap();
        let words = ["verify", folder, &log_key, &witness_key, &old_size, &old_root];
        let found = run(&python, &words, &proofs).unwrap();
        assert!(found.starts_with(&format!("{size} entries, ")), "{found}");
        // It finds what is wrong, too: the comparison can fail.
        let bundle = Path::new(folder).join(format!(
            "tile/entries/000{}",
            match size {
                0..256 => format!(".p/{size}"),
                _ => String::new(),
            }
        ));
        let mut bytes = fs::read(&bundle).unwrap();
        bytes[4] ^= 1;
        fs::write(&bundle, bytes).unwrap();
        assert!(run(&python, &words, "").is_err());
    }
}

#[test]
fn we_read_what_it_writes() {
    let Some(python) = python() else { return };
    for size in [1, 256, 300, 1000] {
        let scratch = Scratch::new();
        let folder = scratch.path("log");
        let words = ["make", folder.to_str().unwrap(), ORIGIN, &size.to_string()];
        let log_key: VerifierKey = run(&python, &words, "").unwrap().parse().unwrap();
        let files = TileFiles::new(&folder);
        let verified = files.verify(&log_key).unwrap();
        assert_eq!(verified.head.size, size);
        assert!(verified.faults.is_empty(), "{:?}", verified.faults);
        let last = files.entry(size - 1, size).unwrap();
        assert_eq!(last, format!("entry {}", size - 1).into_bytes());
    }
}
