//! Where the records of a service are, for commands that work on them beside it.

use std::path::{Path, PathBuf};

use brightline::Trouble;
use brightline_desk::Fault;
use brightline_docket::{Error, KeyProgram, Keys};
use clap::Args;

/// A folder of records, and the database where it is another than the file within.
#[derive(Debug, Args)]
pub(super) struct Records {
    /// The folder of records and keys
    #[arg(long, value_name = "DIR", default_value = "brightline-data", env = "BRIGHTLINE_DATA")]
    pub(super) data: PathBuf,
    /// The database, where it is not the file in the folder: postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "URL", env = "BRIGHTLINE_STORE", hide_env_values = true)]
    pub(super) store: Option<String>,
    /// The program that speaks for the key service which holds the master keys
    #[arg(long, value_name = "PROGRAM", env = "BRIGHTLINE_KEY_PROGRAM")]
    key_program: Option<PathBuf>,
}

impl Records {
    /// Returns the file of the database in the folder.
    pub(super) fn file(&self) -> PathBuf {
        self.data.join("brightline.db")
    }

    /// Returns the URL of the database.
    pub(super) fn url(&self) -> String {
        self.store.clone().unwrap_or_else(|| format!("sqlite:{}", self.file().display()))
    }

    /// Returns the URL of a database that has to be there: none is made.
    pub(super) fn url_of_what_is_there(&self) -> Result<String, Trouble> {
        let file = self.file();
        if self.store.is_none() && !file.is_file() {
            let fault = Fault::new(file.display().to_string(), "there are no records here");
            return Err(Trouble::of(fault.help("name the folder with --data")));
        }
        Ok(self.url())
    }

    /// Reads the master keys of the folder, or of another file.
    pub(super) fn keys(&self, file: Option<&Path>) -> Result<Keys, Error> {
        let program = self.key_program.clone().map(|path| KeyProgram { path });
        Keys::open(file.unwrap_or(&self.master_keys()), program)
    }

    /// Returns the file of the master keys in the folder.
    pub(super) fn master_keys(&self) -> PathBuf {
        self.data.join("keys").join("master.keys")
    }
}
