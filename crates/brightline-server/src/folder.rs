//! The folder in which a service keeps its records and keys.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use brightline_docket::{Keys, Office, OfficeParts, OfficeRules, PackFiles, Store};

use crate::accounts::{Accounts, Error, ServiceKey};
use crate::clock::Clock;

/// Where a service keeps what it must not lose.
///
/// ```text
/// brightline-data/
///   brightline.db      records and accounts
///   keys/master.keys   the keys of cases are wrapped by it
///   keys/service.key   second factors are encrypted under it
///   office.toml        who signs, how long records are kept; left out: the standard
/// ```
#[derive(Debug, Clone)]
pub struct DataFolder {
    path: PathBuf,
}

impl DataFolder {
    /// Returns a folder, which need not be there yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Returns whether nothing was ever kept here.
    #[must_use]
    pub fn is_new(&self) -> bool {
        fs::read_dir(&self.path).map_or(true, |mut entries| entries.next().is_none())
    }

    /// Makes the folder and its keys, and says what it made.
    ///
    /// # Errors
    ///
    /// When it cannot be written to, or something is there already: nothing is overwritten.
    pub fn create(&self) -> Result<Vec<String>, Error> {
        if !self.is_new() {
            let name = self.path.display();
            return Err(Error::conflict(format!("there is something in `{name}` already")));
        }
        let keys = self.path.join("keys");
        make_private(&self.path)?;
        make_private(&keys)?;
        let key = self.key_path();
        ServiceKey::create(&key)?;
        let master = self.master_path();
        Keys::create(&master, None)?;
        Ok(vec![
            format!("made the folder {}", self.path.display()),
            format!("made the key {}; keep a copy in a safe place", key.display()),
            format!("made the key {}; without it no record can be read", master.display()),
        ])
    }

    /// Opens what is kept here; `store` names another database than the file of the folder.
    ///
    /// # Errors
    ///
    /// When a key is missing or the store cannot be opened; then nothing was changed.
    pub async fn open(&self, store: Option<&str>, clock: Clock) -> Result<Accounts, Error> {
        let key = ServiceKey::read(&self.key_path())?;
        let file = format!("sqlite:{}", self.path.join("brightline.db").display());
        let store = Store::open(store.unwrap_or(&file)).await?;
        Accounts::open(store, key, clock).await
    }

    /// Opens the office on the store of the accounts; `built_in` is the law that came with the
    /// program.
    ///
    /// # Errors
    ///
    /// When the master key is missing or another one, or the settings cannot be read.
    pub async fn office(&self, accounts: &Accounts, built_in: PackFiles) -> Result<Office, Error> {
        let clock = accounts.clock().clone();
        Office::open(OfficeParts {
            store: accounts.store().clone(),
            built_in,
            keys: Keys::open(&self.master_path(), None)?,
            rules: self.rules()?,
            clock: Arc::new(move || clock.microseconds()),
        })
        .await
    }

    fn rules(&self) -> Result<OfficeRules, Error> {
        let path = self.path.join("office.toml");
        match fs::read_to_string(&path) {
            Ok(text) => OfficeRules::parse(&text),
            Err(error) if error.kind() == ErrorKind::NotFound => OfficeRules::standard(),
            Err(error) => {
                let name = path.display();
                Err(Error::unavailable(format!("`{name}` cannot be read: {error}")))
            }
        }
    }

    fn master_path(&self) -> PathBuf {
        self.path.join("keys").join("master.keys")
    }

    fn key_path(&self) -> PathBuf {
        self.path.join("keys").join("service.key")
    }
}

/// Makes a folder into which only its owner can look.
fn make_private(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| {
        Error::unavailable(format!("the folder `{}` cannot be made: {error}", path.display()))
    })
}
