//! The script of `docs/verify.md` accepts a proof of ours, and nothing else.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use brightline_ledger::{Checkpoint, LedgerHome, ProofFile, SignerKey, TileDirectory, cosign};

const SIZE: u64 = 300;

fn script() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify.md");
    let page = fs::read_to_string(page).unwrap();
    let script = page.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    script.to_owned()
}

/// Makes a folder with the script and the three files for an entry.
fn folder(index: u64) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("verify-page-{index}"));
    let _ = fs::remove_dir_all(&folder);
    let home = LedgerHome::new(&folder);
    home.init("records.example/log").unwrap();
    let mut log = TileDirectory::open(&home.folder()).unwrap();
    (0..SIZE).for_each(|number| log.append(format!("entry {number}").as_bytes()).unwrap());
    let checkpoint = Checkpoint::new("records.example/log", log.head().unwrap()).unwrap();
    log.publish(&checkpoint.signed_by(&home.signer().unwrap()).unwrap()).unwrap();
    let witness = SignerKey::generate_witness("witness.example").unwrap();
    log.add_signature(cosign(log.checkpoint(), &witness, 1_700_000_000).unwrap()).unwrap();
    let hashes = log.files().tree(SIZE).inclusion(index).unwrap();
    let extra = index.is_multiple_of(2).then(|| b"extra".to_vec());
    let proof = ProofFile { extra, index, hashes, checkpoint: log.checkpoint().clone() };
    fs::write(folder.join("record.tlog-proof"), proof.to_string()).unwrap();
    fs::write(folder.join("record.entry"), format!("entry {index}")).unwrap();
    fs::write(folder.join("check.sh"), script()).unwrap();
    folder
}

fn run(folder: &Path) -> (bool, String) {
    let output = Command::new("bash").arg("check.sh").current_dir(folder).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), text + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_script_accepts_what_is_in_the_log() {
    for index in [0, 127, 256, SIZE - 1] {
        let folder = folder(index);
        assert_eq!(run(&folder), (true, "the record is in the log\n".to_owned()));
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn the_script_refuses_everything_else() {
    let folder = folder(41);
    let proof = fs::read_to_string(folder.join("record.tlog-proof")).unwrap();
    let first = proof.lines().nth(2).unwrap();
    for (from, to, why) in [
        ("@v1", "@v2", "this is no proof"),
        ("index 41", "index 42", "the path does not lead to the root"),
        ("index 41", "index 300", "the place is beyond the end"),
        (&format!("{first}\n"), "", "the path does not lead to the root"),
        ("\n300\n", "\n301\n", "the signature"),
        ("records.example/log\n", "records.example/other\n", "the checkpoint is of another log"),
        ("— records.example", "— other.example", "the log did not sign the checkpoint"),
    ] {
        let changed = proof.replacen(from, to, 1);
        assert_ne!(changed, proof);
        fs::write(folder.join("record.tlog-proof"), changed).unwrap();
        let (accepted, text) = run(&folder);
        assert!(!accepted && text.contains(why), "{why}: {text}");
    }
    fs::write(folder.join("record.tlog-proof"), &proof).unwrap();
    assert!(run(&folder).0);
    fs::write(folder.join("record.entry"), "entry 42").unwrap();
    assert!(!run(&folder).0);
    fs::remove_dir_all(folder).unwrap();
}
