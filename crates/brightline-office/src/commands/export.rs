//! `ledger export`: the public log made again from the records, with the proofs of cases.

use std::fs;
use std::path::{Path, PathBuf};

use brightline::{Ending, Global, Trouble, output};
use brightline_docket::{EntryPlace, Error, Store};
use brightline_ledger::{Checkpoint, LedgerHome, Note, ProofFile, TileFiles, VerifierKey};
use clap::Args;
use serde_json::json;

use crate::commands::records::Records;
use crate::commands::serve::threads;

const EXAMPLES: &str = "Examples:
  brightline ledger export for-the-court --case DOC-2025-000012
  brightline ledger verify --data for-the-court
  brightline ledger check for-the-court/DOC-2025-000012/1.tlog-proof \\
    --entry for-the-court/DOC-2025-000012/1.entry --data for-the-court";

/// Write the public log, and the proofs of cases, into a new folder for somebody else
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// The folder, which has no log yet
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// A case whose entries are proved; may be repeated
    #[arg(long, value_name = "REFERENCE")]
    case: Vec<String>,
    #[command(flatten)]
    records: Records,
}

/// What was written.
struct Written {
    size: u64,
    proofs: u64,
    /// Entries that came after the checkpoint.
    late: u64,
}

impl Export {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let url = self.records.url_of_what_is_there()?;
        let home = LedgerHome::new(&self.records.data);
        let key = home.verifier().map_err(|error| Trouble::bad_input(error.to_string()))?;
        let published = home.files().checkpoint().ok();
        let written = threads()?.block_on(self.write(&url, &key, published))?;
        let Written { size, proofs, late } = written;
        if global.json {
            output::json(&json!({ "folder": self.folder, "entries": size, "proofs": proofs,
                "not_yet_published": late }))?;
            return Ok(Ending::Done);
        }
        let folder = self.folder.display();
        output::text(&format!("{folder}: the log {} with {size} entries\n", key.name()));
        if !self.case.is_empty() {
            output::text(&format!("{proofs} entries of cases, each with its proof\n"));
        }
        if late > 0 {
            output::text(&format!(
                "{late} entries of cases came after the checkpoint; again later\n"
            ));
        }
        Ok(Ending::Done)
    }

    async fn write(
        &self,
        url: &str,
        key: &VerifierKey,
        published: Option<Note>,
    ) -> Result<Written, Error> {
        let store = Store::open_unchanged(url).await?;
        let written = self.write_from(&store, key, published).await;
        store.close().await;
        written
    }

    async fn write_from(
        &self,
        store: &Store,
        key: &VerifierKey,
        published: Option<Note>,
    ) -> Result<Written, Error> {
        let kept = store.last_checkpoint(key).await?;
        let unpublished = || Error::not_found("nothing of this log was published yet");
        // What is published may have the signatures of witnesses besides.
        let published = published.filter(|note| Checkpoint::of_note(note, key).is_ok());
        let same = |note: &Note| kept.as_ref().is_none_or(|kept| kept.text() == note.text());
        let note = published.filter(same).or(kept.clone()).ok_or_else(unpublished)?;
        let mut cases = Vec::new();
        for reference in &self.case {
            cases.push((reference, store.entry_places(reference).await?));
        }
        let home = LedgerHome::new(&self.folder);
        let size = store.export_log(&home.folder(), &note).await?;
        write(&home.public_key_path(), format!("{key}\n").as_bytes())?;
        let (mut proofs, mut late) = (0, 0);
        for (reference, places) in cases {
            let (inside, after): (Vec<EntryPlace>, Vec<_>) =
                places.into_iter().partition(|it| it.position < size);
            (proofs, late) = (proofs + inside.len() as u64, late + after.len() as u64);
            self.prove(&home.files(), &note, reference, &inside)?;
        }
        Ok(Written { size, proofs, late })
    }

    /// Writes each entry with its proof: what commits to a record, and nothing of what it says.
    fn prove(
        &self,
        files: &TileFiles,
        note: &Note,
        reference: &str,
        places: &[EntryPlace],
    ) -> Result<(), Error> {
        let ledger = |error: brightline_ledger::Error| Error::corrupt(error.to_string());
        let size = note.text().parse::<Checkpoint>().map_err(ledger)?.head().size;
        let folder = self.folder.join(reference);
        fs::create_dir_all(&folder).map_err(|error| unwritten(&folder, &error))?;
        for EntryPlace { number, position } in places {
            let entry = files.entry(*position, size).map_err(ledger)?;
            let hashes = files.tree(size).inclusion(*position).map_err(ledger)?;
            let checkpoint = note.clone();
            let proof = ProofFile { extra: None, index: *position, hashes, checkpoint };
            write(&folder.join(format!("{number}.entry")), &entry)?;
            write(&folder.join(format!("{number}.tlog-proof")), proof.to_string().as_bytes())?;
        }
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Error {
    Error::unavailable(format!("`{}` cannot be written: {error}", path.display()))
}
