//! `audit`: the tree made again, every record opened, every determination decided again.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use brightline_docket::{Audit as DocketAudit, Audited, Error, Fault, Keys, OfficeRules, Store};
use brightline_ledger::LedgerHome;
use clap::Args;
use serde_json::json;

use crate::Global;
use crate::output;
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline audit
  brightline audit --data /var/lib/brightline
  brightline audit --store postgres://brightline@db.internal/brightline";

/// Audit the records: the tree from its entries, then every record decided again
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Audit {
    /// The folder of records and keys
    #[arg(long, value_name = "DIR", default_value = "brightline-data", env = "BRIGHTLINE_DATA")]
    data: PathBuf,
    /// The database, where it is not the file in the folder
    #[arg(long, value_name = "URL", env = "BRIGHTLINE_STORE")]
    store: Option<String>,
    /// The file of the master keys, where it is not in the folder
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

impl Audit {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let file = self.data.join("brightline.db");
        if self.store.is_none() && !file.is_file() {
            let fault = Fault::new(file.display().to_string(), "there are no records here");
            return Err(Trouble::of(fault.help("name the folder with --data")));
        }
        let url = format!("sqlite:{}", file.display());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Trouble::internal(error.to_string()))?;
        let audited = runtime
            .block_on(self.audit(self.store.as_deref().unwrap_or(&url)))
            .map_err(|error| trouble(&error))?;
        report(global, &audited)?;
        Ok(if audited.holds() { Ending::Done } else { Ending::Negative })
    }

    async fn audit(&self, url: &str) -> Result<Audited, Error> {
        let in_folder = self.data.join("keys").join("master.keys");
        let keys = Keys::open(self.keys.as_deref().unwrap_or(&in_folder), None)?;
        let rules = rules(&self.data.join("office.toml"))?;
        let home = LedgerHome::new(&self.data);
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
}

fn rules(path: &Path) -> Result<OfficeRules, Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => OfficeRules::parse(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => OfficeRules::standard(),
        Err(error) => Err(Error::unavailable(format!("`{}`: {error}", path.display()))),
    }
}

fn report(global: &Global, audited: &Audited) -> Result<(), Trouble> {
    if global.json {
        return output::json(&json!({
            "entries": audited.entries,
            "root": audited.root.to_string(),
            "cases": audited.cases,
            "determinations": audited.determinations,
            "sealed": audited.sealed,
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
    let Audited { entries, cases, determinations, sealed, root, .. } = audited;
    output::text(&format!(
        "{entries} entries, root {root}\n{cases} cases put together again, {determinations} \
         determinations decided again, {sealed} cases sealed\n"
    ));
    if audited.holds() {
        output::text("everything holds\n");
    }
    Ok(())
}

fn trouble(error: &Error) -> Trouble {
    let fault = Fault::new("", error.to_string());
    Trouble::of(match error.help_text() {
        Some(help) => fault.help(help),
        None => fault,
    })
}
