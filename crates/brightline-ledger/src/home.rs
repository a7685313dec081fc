//! Where a service keeps its log: the key, the public key, the folder of tiles.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Checkpoint, Error, Frontier, SignerKey, TileDirectory, TileFiles, VerifierKey, write};

const SECRET_KEY: &str = "ledger.key";
const PUBLIC_KEY: &str = "ledger.pub";
const FOLDER: &str = "ledger";

/// The log of one service, in its folder of data.
///
/// Only [`init`](Self::init) makes one. Whatever else is done with a log that is not there, or
/// whose key is lost, is an error and changes nothing.
#[derive(Debug, Clone)]
pub struct LedgerHome {
    data: PathBuf,
}

impl LedgerHome {
    /// Names the folder of data; nothing is read or made.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into() }
    }

    /// Returns the file of the secret key.
    #[must_use]
    pub fn secret_key_path(&self) -> PathBuf {
        self.data.join(SECRET_KEY)
    }

    /// Returns the file of the public key, which is to be handed to everybody.
    #[must_use]
    pub fn public_key_path(&self) -> PathBuf {
        self.data.join(PUBLIC_KEY)
    }

    /// Returns the folder of tiles, which is to be served to everybody.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.data.join(FOLDER)
    }

    /// Returns whether a log was begun here, whole or not.
    #[must_use]
    pub fn is_there(&self) -> bool {
        let paths = [self.secret_key_path(), self.public_key_path(), self.folder()];
        paths.iter().any(|path| path.exists())
    }

    /// Makes a log: a new key, and the signed checkpoint of no entries.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_already_there`] holds if there is a log or a key,
    /// and others if a file cannot be written. Nothing that is there is changed.
    pub fn init(&self, origin: &str) -> Result<VerifierKey, Error> {
        write::create_folder(&self.data)?;
        for path in [self.folder().join("checkpoint"), self.public_key_path()] {
            if path.exists() {
                return Err(Error::io(&path, std::io::ErrorKind::AlreadyExists.into()));
            }
        }
        let key = SignerKey::generate(origin)?;
        let note = Checkpoint::new(origin, Frontier::new().head())?.signed_by(&key)?;
        key.create_file(&self.secret_key_path())?;
        write::replace(&self.public_key_path(), format!("{}\n", key.verifier()).as_bytes())?;
        TileDirectory::create(&self.folder(), &note)?;
        write::sync_folder(&self.data)?;
        Ok(key.verifier())
    }

    /// Reads the secret key.
    ///
    /// # Errors
    ///
    /// Returns an error if it is lost, damaged, readable by others, or not that of the log: its
    /// checkpoint must be signed by it.
    pub fn signer(&self) -> Result<SignerKey, Error> {
        let key = SignerKey::from_file(&self.secret_key_path())?;
        Checkpoint::of_note(&self.files().checkpoint()?, &key.verifier())
            .map_err(|error| error.within(self.secret_key_path().display()))?;
        Ok(key)
    }

    /// Reads the public key.
    ///
    /// # Errors
    ///
    /// Returns an error if it is lost or damaged.
    pub fn verifier(&self) -> Result<VerifierKey, Error> {
        let path = self.public_key_path();
        read_verifier(&path)
    }

    /// Returns the folder of tiles for reading.
    #[must_use]
    pub fn files(&self) -> TileFiles {
        TileFiles::new(self.folder())
    }
}

/// Reads a public key from a file of one line.
///
/// # Errors
///
/// Returns an error if it cannot be read or is damaged.
pub fn read_verifier(path: &Path) -> Result<VerifierKey, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
    text.trim_end().parse::<VerifierKey>().map_err(|error| error.within(path.display()))
}
