//! `backup`: everything that is recorded in one file, while the service goes on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use brightline::{Ending, Global, Trouble, output};
use brightline_docket::{BackupHeader, BackupParts, Error, Office, Store};
use brightline_ledger::LedgerHome;
use brightline_server::note_backup;
use clap::Args;
use serde_json::json;

use crate::commands::records::Records;
use crate::commands::serve::threads;

const EXAMPLES: &str = "Examples:
  brightline backup monday.backup
  brightline backup /mnt/backups/monday.backup --data /var/lib/brightline
  brightline backup monday.backup --store postgres://brightline@db.internal/brightline

A backup holds all records, encrypted as they are in the store, the settings and the
published checkpoint. It holds no secret key: keep copies of keys/master.keys,
keys/service.key and ledger.key apart from it.";

/// The files of settings.
pub(super) const SETTINGS: [&str; 2] = ["office.toml", "service.toml"];
/// The public key of the log.
pub(super) const PUBLIC_KEY: &str = "ledger.pub";
/// The checkpoint that is published, under its name within a backup.
pub(super) const CHECKPOINT: &str = "checkpoint";

/// Write everything that is recorded into one file, while the service goes on
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Backup {
    /// The file, which is not there yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    records: Records,
}

impl Backup {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let url = self.records.url_of_what_is_there()?;
        let (header, noted) = threads()?.block_on(back_up(&self.records.data, &url, &self.file))?;
        say(global, &self.file, (&header, noted.as_ref().err()))?;
        Ok(Ending::Done)
    }
}

/// Writes the backup, and notes in the store that it was made; the second may fail.
async fn back_up(
    folder: &Path,
    url: &str,
    to: &Path,
) -> Result<(BackupHeader, Result<(), Error>), Error> {
    let home = LedgerHome::new(folder);
    let signer = match home.signer() {
        Ok(signer) => Some(signer),
        Err(error) if error.is_not_found() => None,
        Err(error) => return Err(Error::unavailable(error.to_string())),
    };
    // The files are read before the moment of the store, so that its entries lead to them.
    let mut files = BTreeMap::new();
    let checkpoint = home.folder().join("checkpoint");
    let mut sources = vec![(PUBLIC_KEY, home.public_key_path()), (CHECKPOINT, checkpoint)];
    sources.extend(SETTINGS.map(|name| (name, folder.join(name))));
    for (name, path) in sources {
        match std::fs::read(&path) {
            Ok(bytes) => drop(files.insert(name.to_owned(), bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                let shown = path.display();
                return Err(Error::unavailable(format!("`{shown}` cannot be read: {error}")));
            }
        }
    }
    let store = Store::open_unchanged(url).await?;
    let at = Office::system_clock()();
    let written = store.back_up(to, BackupParts { files, signer: signer.as_ref(), at }).await;
    // An older schema has no place for it, and a store that cannot be written to is backed up all
    // the same: the service then tells of an older backup than there is.
    let noted = match &written {
        Ok(header) => note_backup(&store, header).await,
        Err(_) => Ok(()),
    };
    store.close().await;
    written.map(|header| (header, noted))
}

fn say(
    global: &Global,
    file: &Path,
    (header, unnoted): (&BackupHeader, Option<&Error>),
) -> Result<(), Trouble> {
    if global.json {
        let why = unnoted.map(ToString::to_string);
        let document = json!({ "file": file, "backup": header, "noted": why.is_none(),
                               "not_noted_because": why });
        return output::json(&document);
    }
    let signed = match header.signed_by.is_empty() {
        true => "not signed: the key of the log is not here".to_owned(),
        false => format!("signed by {}", header.signed_by),
    };
    output::text(&format!(
        "{}: {} entries, root {}\n{signed}\nno secret key is in it: keep copies of \
         keys/master.keys, keys/service.key and ledger.key apart from it\n",
        file.display(),
        header.entries,
        header.root,
    ));
    if let Some(error) = unnoted {
        let help = error.help_text().map_or_else(String::new, |help| format!(" ({help})"));
        output::text(&format!(
            "the backup is whole, but the records do not say that it was made: {error}{help}; \
             the service goes on telling of an older backup, or of none\n"
        ));
    }
    Ok(())
}
