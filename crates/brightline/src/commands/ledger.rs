//! `ledger`: the log begun, verified, and proofs from it, without the database; `export` makes it
//! again from the database.

use std::fs;
use std::path::{Path, PathBuf};

use brightline_desk::Fault;
use brightline_ledger::{
    Checkpoint, ConsistencyFile, Cosigned, Error, Hash, LedgerHome, Note, ProofFile, TileFiles,
    VerifierKey, leaf_hash, read_verifier,
};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::Global;
use crate::commands::office;
use crate::output;
use crate::trouble::{Ending, Trouble};

const INIT_EXAMPLES: &str = "Example:
  brightline ledger init records.example/log";
const VERIFY_EXAMPLES: &str = "Examples:
  brightline ledger verify
  brightline ledger verify --key ledger.pub --folder copy-of-the-log
  brightline ledger verify --since checkpoint-of-last-year
  brightline ledger verify --witness witness.pub";
const PROVE_EXAMPLES: &str = "Examples:
  brightline ledger prove 73894 > record.tlog-proof
  brightline ledger check record.tlog-proof --entry record.entry";
const DATA: &str = "brightline-data";

/// Begin the log, verify it, export it, prove that an entry is in it
#[derive(Debug, Args)]
pub(crate) struct Ledger {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(flatten)]
    Log(LogCommand),
    /// Write the public log, and the proofs of cases, into a new folder for somebody else
    #[command(disable_help_flag = true, after_help = office::MORE)]
    Export(office::HandedOver),
}

/// What is done with the log alone, without records.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Begin a log: a new key, and the checkpoint of no entries
    #[command(after_help = INIT_EXAMPLES)]
    Init {
        /// The name of the log for ever, by custom the address where it is served, without scheme
        origin: String,
        /// Where it is begun
        #[command(flatten)]
        data: Data,
    },
    /// Make the tree again from the entries, and compare every file of the log with it
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(Verify),
    /// Print the proof that an entry is in the log
    #[command(after_help = PROVE_EXAMPLES)]
    Prove {
        /// The place of the entry, counted from 0
        index: u64,
        /// Which log
        #[command(flatten)]
        log: Log,
    },
    /// Check a proof for an entry, with nothing but the public key
    #[command(after_help = PROVE_EXAMPLES)]
    Check {
        /// The proof
        #[arg(value_name = "PROOF")]
        proof: PathBuf,
        /// The file with the bytes of the entry
        #[arg(long, value_name = "FILE")]
        entry: PathBuf,
        /// Which log
        #[command(flatten)]
        log: Log,
    },
}

/// A folder of records and keys.
#[derive(Debug, Args)]
pub struct Data {
    /// The folder of records and keys
    #[arg(long, value_name = "DIR", default_value = DATA, env = "BRIGHTLINE_DATA")]
    data: PathBuf,
}

/// Which log: that of the folder of data, or a copy of it and a public key.
#[derive(Debug, Args)]
pub struct Log {
    #[command(flatten)]
    data: Data,
    /// The folder of tiles, where it is not below that of data
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The file of the public key, where it is not in that of data
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// How the tree is made again.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    log: Log,
    /// A checkpoint that was kept: the log must only have added to it
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Public keys of witnesses, each of whom must have cosigned the checkpoint
    #[arg(long, value_name = "FILE")]
    witness: Vec<PathBuf>,
}

impl Ledger {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        match &self.what {
            What::Log(command) => command.run(global),
            What::Export(_) => office::hand_over(),
        }
    }
}

impl LogCommand {
    /// Does it.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written, or is not what it should be.
    pub fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        match self {
            Self::Init { origin, data } => init(global, origin, &data.data),
            Self::Verify(verify) => verify.run(global),
            Self::Prove { index, log } => prove(global, *index, log),
            Self::Check { proof, entry, log } => check(global, proof, entry, log),
        }
    }
}

impl Log {
    fn files(&self) -> TileFiles {
        let home = LedgerHome::new(&self.data.data).files();
        self.folder.as_ref().map_or(home, TileFiles::new)
    }

    fn key(&self) -> Result<VerifierKey, Trouble> {
        let path = LedgerHome::new(&self.data.data).public_key_path();
        let path = self.key.as_ref().unwrap_or(&path);
        read_verifier(path).map_err(|error| match error.is_not_found() {
            true => {
                let fault = Fault::new(path.display().to_string(), "there is no log here");
                Trouble::of(fault.help("name its folder with --data, or its public key with --key"))
            }
            false => bad_input(error),
        })
    }
}

fn init(global: &Global, origin: &str, data: &Path) -> Result<Ending, Trouble> {
    let home = LedgerHome::new(data);
    let key = home.init(origin).map_err(|error| {
        let is_there = error.is_already_there();
        let fault = Fault::new("", error.to_string());
        let help = "a log is begun once; to begin another, name another folder with --data";
        Trouble::of(if is_there { fault.help(help) } else { fault })
    })?;
    let (secret, public) = (home.secret_key_path(), home.public_key_path());
    if global.json {
        output::json(&json!({ "origin": origin, "key": key.to_string(),
            "secret_key_file": secret, "public_key_file": public, "folder": home.folder() }))?;
        return Ok(Ending::Done);
    }
    output::text(&format!(
        "The log {origin} is begun, with no entries.\n\
         Public key, for everybody: {key}\n\
         It is also in {}.\n\
         Keep a copy of {} offline: without it nothing can be signed any more.\n",
        public.display(),
        secret.display(),
    ));
    Ok(Ending::Done)
}

impl Verify {
    fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let (files, key) = (self.log.files(), self.log.key()?);
        let note = files.checkpoint().map_err(bad_input)?;
        let mut found = match files.verify(&key) {
            Ok(found) => found,
            Err(error) if error.is_corrupt() => return negative(global, &[error.to_string()]),
            Err(error) => return Err(bad_input(error)),
        };
        if let Some(since) = &self.since {
            let old = Checkpoint::open(&read(since)?, &key);
            let grew = old.and_then(|old| grew(&files, &old, &note, &key));
            let place = since.display();
            found.faults.extend(grew.err().map(|error| error.within(place)));
        }
        let mut witnesses = Vec::new();
        for path in &self.witness {
            let witness = read_verifier(path).map_err(bad_input)?;
            match Cosigned::open(&note, &witness) {
                Ok(cosigned) => witnesses.push(cosigned),
                Err(error) => found.faults.push(error),
            }
        }
        if !found.faults.is_empty() {
            let faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
            return negative(global, &faults);
        }
        let (size, root, count) = (found.head.size, found.head.root, found.file_count);
        if global.json {
            output::json(&json!({ "origin": key.name(), "size": size, "root": root.to_string(),
                "files": count, "faults": [],
                "witnesses": witnesses.iter().map(|it| &it.name).collect::<Vec<_>>() }))?;
        } else {
            output::text(&format!("{}: {size} entries hold, in {count} files\n", key.name()));
            output::text(&format!("root {root}\n"));
            for cosigned in witnesses {
                let (name, seconds) = (&cosigned.name, cosigned.unix_seconds);
                output::text(&format!("cosigned by {name}, {seconds} s after 1970 began\n"));
            }
        }
        Ok(Ending::Done)
    }
}

/// Verifies that the log only added to a checkpoint that was kept.
fn grew(files: &TileFiles, old: &Checkpoint, note: &Note, key: &VerifierKey) -> Result<(), Error> {
    let size = Checkpoint::of_note(note, key)?.head().size;
    let old_size = old.head().size;
    // A log that is shorter now has no proof; what is verified then says so.
    let hashes = files.tree(size).consistency(old_size.min(size))?;
    let file = ConsistencyFile { old_size, hashes, checkpoint: note.clone() };
    file.verify(&old.head(), key).map(drop)
}

fn prove(global: &Global, index: u64, log: &Log) -> Result<Ending, Trouble> {
    let (files, key) = (log.files(), log.key()?);
    let proof = || {
        let note = files.checkpoint()?;
        let head = Checkpoint::of_note(&note, &key)?.head();
        let mut tree = files.tree(head.size);
        let (leaf, hashes) = (tree.leaf(index)?, tree.inclusion(index)?);
        let proof = ProofFile { extra: None, index, hashes, checkpoint: note };
        proof.verify(&leaf, &key)?;
        Ok((leaf, proof))
    };
    let (leaf, proof): (Hash, ProofFile) = proof().map_err(bad_input)?;
    if global.json {
        output::json(&json!({ "leaf": leaf.to_string(), "proof": proof.to_string() }))?;
    } else {
        output::text(&proof.to_string());
    }
    Ok(Ending::Done)
}

fn check(global: &Global, proof: &Path, entry: &Path, log: &Log) -> Result<Ending, Trouble> {
    let key = log.key()?;
    let entry = fs::read(entry).map_err(|error| unreadable(entry, &error))?;
    let text = read(proof)?;
    let place = proof.display();
    let read: ProofFile = match text.parse::<ProofFile>() {
        Ok(read) => read,
        Err(error) => return Err(bad_input(error.within(place))),
    };
    match read.verify(&leaf_hash(&entry), &key) {
        Ok(checkpoint) => {
            let (index, size) = (read.index, checkpoint.head().size);
            if global.json {
                output::json(&json!({ "index": index, "size": size, "faults": [] }))?;
            } else {
                let name = key.name();
                output::text(&format!("the entry is number {index} of the {size} of {name}\n"));
            }
            Ok(Ending::Done)
        }
        Err(error) => negative(global, &[error.within(place).to_string()]),
    }
}

fn negative(global: &Global, faults: &[String]) -> Result<Ending, Trouble> {
    if global.json {
        output::json(&json!({ "faults": faults }))?;
    } else {
        for fault in faults {
            output::text(&format!("does not hold: {fault}\n"));
        }
    }
    Ok(Ending::Negative)
}

fn read(path: &Path) -> Result<String, Trouble> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::of(Fault::new(path.display().to_string(), error.to_string()))
}

fn bad_input(error: Error) -> Trouble {
    Trouble::bad_input(error.to_string())
}
