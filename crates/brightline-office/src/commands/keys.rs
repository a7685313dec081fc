//! `keys`: the master keys, rotated beside a service that is at work.

use brightline::{Ending, Global, Trouble, output};
use brightline_docket::{Actor, Office, Rotation};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::commands::serve::{Place, threads};

const EXAMPLES: &str = "Examples:
  brightline keys list
  brightline keys rotate
  brightline keys retire 3f9a1c20

Copy the key file to a safe place after a rotation, and keep the copies of before: older
backups are opened by the keys that were current then.";

/// List, rotate and retire the master keys
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Keys {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    verb: Verb,
}

/// What to do with master keys
#[derive(Debug, Subcommand)]
enum Verb {
    /// List the master keys by their ids; the current one wraps the keys of new cases
    List,
    /// Add a master key, and wrap the keys of all cases by it
    Rotate {
        /// Go on with a rotation that was interrupted: no other key is added
        #[arg(long)]
        resume: bool,
    },
    /// Take a master key that wraps nothing any more out of the file
    Retire {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
    },
}

impl Keys {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        threads()?.block_on(async {
            let accounts = self.place.open().await?;
            let office = self.place.folder().office(&accounts, global.pack_files()?).await?;
            match &self.verb {
                Verb::List => list(global, &office),
                Verb::Rotate { resume } => rotate(global, &office, *resume).await,
                Verb::Retire { id } => {
                    office.retire_key(&operator(), id).await?;
                    output::text(&format!("the master key {id} is out of the file\n"));
                    Ok(())
                }
            }
        })?;
        Ok(Ending::Done)
    }
}

/// Who the record says has done it.
fn operator() -> Actor {
    Actor {
        account: "command line".to_owned(),
        person: "command line".to_owned(),
        name: "Command line".to_owned(),
        roles: std::iter::once("administrator".to_owned()).collect(),
        agencies: std::collections::BTreeSet::new(),
    }
}

fn list(global: &Global, office: &Office) -> Result<(), Trouble> {
    let (ids, current) = office.master_keys();
    if global.json {
        return output::json(&json!({ "keys": ids, "current": current }));
    }
    for id in ids {
        let mark = if id == current { "  current" } else { "" };
        output::text(&format!("{id}{mark}\n"));
    }
    Ok(())
}

async fn rotate(global: &Global, office: &Office, resume: bool) -> Result<(), Trouble> {
    let rotation = if resume { Rotation::Resume } else { Rotation::New };
    let count = office.rotate_keys(&operator(), rotation).await?;
    let (_, current) = office.master_keys();
    if global.json {
        return output::json(&json!({ "current": current, "keys": count }));
    }
    output::text(&format!(
        "{count} keys are wrapped by the master key {current}\ncopy the key file to a safe place \
         now; the key before it can be retired once every process has used the new one\n"
    ));
    Ok(())
}
