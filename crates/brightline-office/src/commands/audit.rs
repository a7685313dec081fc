//! `audit`: the tree made again, every record opened, every determination decided again.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use brightline::{Ending, Global, Trouble, output};
use brightline_docket::{Audit as DocketAudit, Audited, Error, Keys, OfficeRules, Store};
use brightline_ledger::LedgerHome;
use clap::Args;
use serde_json::json;

use crate::commands::records::Records;
use crate::commands::serve::threads;

const EXAMPLES: &str = "Examples:
  brightline audit
  brightline audit --data /var/lib/brightline
  brightline audit --store postgres://brightline@db.internal/brightline";

/// Audit the records: the tree from its entries, then every record decided again
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Audit {
    #[command(flatten)]
    records: Records,
    /// The file of the master keys, where it is not in the folder
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

impl Audit {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let url = self.records.url_of_what_is_there()?;
        let keys = self.records.keys(self.keys.as_deref())?;
        let audited = threads()?.block_on(audit(&self.records.data, &url, keys))?;
        report(global, &audited)?;
        Ok(if audited.holds() { Ending::Done } else { Ending::Negative })
    }
}

/// Audits a store with the settings and the log of a folder.
pub(super) async fn audit(folder: &Path, url: &str, keys: Keys) -> Result<Audited, Error> {
    let rules = rules(&folder.join("office.toml"))?;
    let home = LedgerHome::new(folder);
    let log = match home.verifier() {
        Ok(key) => Some((home.files(), key)),
        Err(error) if error.is_not_found() => None,
        Err(error) => return Err(Error::corrupt(error.to_string())),
    };
    let store = Store::open(url).await?;
    let audited = DocketAudit { store: store.clone(), keys, rules, log }.run().await;
    store.close().await;
    audited
}

fn rules(path: &Path) -> Result<OfficeRules, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => OfficeRules::parse(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => OfficeRules::standard(),
        Err(error) => Err(Error::unavailable(format!("`{}`: {error}", path.display()))),
    }
}

/// Says what an audit found.
pub(super) fn report(global: &Global, audited: &Audited) -> Result<(), Trouble> {
    if global.json {
        return output::json(&json!({
            "entries": audited.entries,
            "root": audited.root.to_string(),
            "cases": audited.cases,
            "determinations": audited.determinations,
            "reworded": audited.reworded,
            "sealed": audited.sealed,
            "missing_keys": audited.missing_keys,
            "faults": audited.faults,
            "more_faults": audited.more_faults,
        }));
    }
    for fault in &audited.faults {
        output::text(&format!("does not hold: {fault}\n"));
    }
    if audited.more_faults > 0 {
        output::text(&format!("and {} more\n", audited.more_faults));
    }
    if !audited.missing_keys.is_empty() {
        output::text(&format!(
            "the key file is another one than these records need: it lacks {}; after a restore, \
             put the copy of the file from the time of the backup in its place, and audit again\n",
            audited.missing_keys.join(", "),
        ));
    }
    let Audited { entries, cases, determinations, sealed, root, .. } = audited;
    output::text(&format!(
        "{entries} entries, root {root}\n{cases} cases put together again, {determinations} \
         determinations decided again, {sealed} cases sealed\n"
    ));
    if audited.reworded > 0 {
        let reworded = audited.reworded;
        output::text(&format!(
            "{reworded} of them were told in other words by another version of the program; what \
             they decide came out the same\n"
        ));
    }
    if audited.holds() {
        output::text("everything holds\n");
    }
    Ok(())
}
