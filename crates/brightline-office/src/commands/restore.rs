//! `restore`: a backup put into a new place, its log made again, and audited there.

use std::fs;
use std::path::{Path, PathBuf};

use brightline::{Ending, Global, Trouble, output};
use brightline_desk::Fault;
use brightline_docket::{Audited, Backup, BackupHeader, Error, Store};
use brightline_ledger::{Checkpoint, LedgerHome, Note, VerifierKey, read_verifier};
use brightline_server::MIGRATIONS;
use clap::Args;
use serde_json::json;

use crate::commands::audit;
use crate::commands::backup::{CHECKPOINT, PUBLIC_KEY, SETTINGS};
use crate::commands::records::Records;
use crate::commands::serve::threads;

const EXAMPLES: &str = "Examples:
  brightline restore monday.backup --data restored
  brightline restore monday.backup --data restored --key ledger.pub
  brightline restore monday.backup --store postgres://brightline@db.internal/brightline

Nothing is overwritten: the folder has no records and no log yet, the database is empty.
Put keys/master.keys, keys/service.key and ledger.key into the folder, before or after; with
the master keys there, what was restored is audited at once.";

/// Put a backup into a new place, and audit it there
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    records: Records,
    /// The public key of the log, kept elsewhere: the backup must be signed by it
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

impl Restore {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        self.refuse_what_is_there()?;
        let backup = Backup::open(&self.file)?;
        if let Some(path) = &self.key {
            let key = read_verifier(path);
            let key = key.map_err(|error| Trouble::bad_input(error.to_string()))?;
            backup.require_signer(&key)?;
        }
        let audited = threads()?.block_on(self.restore(&backup))?;
        self.say(global, backup.header(), audited.as_ref())?;
        let holds = audited.is_none_or(|audited| audited.holds());
        Ok(if holds { Ending::Done } else { Ending::Negative })
    }

    fn refuse_what_is_there(&self) -> Result<(), Trouble> {
        let home = LedgerHome::new(&self.records.data);
        let mut places = vec![home.public_key_path(), home.folder()];
        places.extend(SETTINGS.map(|name| self.records.data.join(name)));
        if self.records.store.is_none() {
            places.insert(0, self.records.file());
        }
        match places.iter().find(|path| path.exists()) {
            None => Ok(()),
            Some(path) => {
                let fault = Fault::new(path.display().to_string(), "this is there already");
                Err(Trouble::of(fault.help("restore into another folder; only keys may be there")))
            }
        }
    }

    async fn restore(&self, backup: &Backup) -> Result<Option<Audited>, Error> {
        let (folder, url) = (&self.records.data, self.records.url());
        make_private(folder)?;
        backup.restore(&url, MIGRATIONS).await?;
        for name in SETTINGS.into_iter().chain([PUBLIC_KEY]) {
            if let Some(bytes) = backup.files().get(name) {
                let path = folder.join(name);
                fs::write(&path, bytes).map_err(|error| unwritten(&path, &error))?;
            }
        }
        let store = Store::open(&url).await?;
        let remade = remake_log(&store, backup, folder).await;
        store.close().await;
        remade?;
        match self.records.master_keys().exists() {
            true => audit::audit(folder, &url, self.records.keys(None)?).await.map(Some),
            false => Ok(None),
        }
    }

    fn say(
        &self,
        global: &Global,
        header: &BackupHeader,
        audited: Option<&Audited>,
    ) -> Result<(), Trouble> {
        if global.json && audited.is_none() {
            return output::json(&json!({ "backup": header, "audited": false }));
        }
        if !global.json {
            output::text(&format!("restored {} entries\n", header.entries));
            if !header.signed_by.is_empty() {
                output::text(&format!("the backup was signed by {}\n", header.signed_by));
            }
        }
        match audited {
            Some(audited) => audit::report(global, audited),
            None => {
                output::text(&format!(
                    "not audited yet: put keys/master.keys, keys/service.key and ledger.key into \
                     {0}, then run `brightline audit --data {0}`\n",
                    self.records.data.display(),
                ));
                Ok(())
            }
        }
    }
}

/// Makes the public log again as it was published, from the entries.
async fn remake_log(store: &Store, backup: &Backup, folder: &Path) -> Result<(), Error> {
    let Some(key) = backup.files().get(PUBLIC_KEY) else { return Ok(()) };
    let damaged = |error| Error::corrupt("the log of the backup is damaged").because(error);
    let key: VerifierKey = String::from_utf8_lossy(key).trim_end().parse().map_err(damaged)?;
    let note = match backup.files().get(CHECKPOINT) {
        Some(bytes) => {
            let note: Note = String::from_utf8_lossy(bytes).parse().map_err(damaged)?;
            Checkpoint::of_note(&note, &key).map_err(damaged)?;
            Some(note)
        }
        None => store.last_checkpoint(&key).await?,
    };
    if let Some(note) = note {
        store.export_log(&LedgerHome::new(folder).folder(), &note).await?;
    }
    Ok(())
}

fn make_private(folder: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| unwritten(folder, &error))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Error {
    Error::unavailable(format!("`{}` cannot be made: {error}", path.display()))
}
