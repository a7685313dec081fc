//! The secret key in a file of its own, for its owner's eyes only.

use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use crate::{Error, SignerKey, write};

#[cfg(unix)]
const OTHERS: u32 = 0o077;

impl SignerKey {
    /// Writes the key to a new file that only its owner may read. A file that is there is never
    /// overwritten: whoever destroys the key destroys the log's voice.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_already_there`] holds if the file is there, and
    /// one for which [`Error::is_io`] holds if it cannot be written.
    pub fn create_file(&self, path: &Path) -> Result<(), Error> {
        let mut secret = self.to_secret();
        secret.push('\n');
        write::create_secret(path, secret.as_bytes())
    }

    /// Reads the key from its file.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not there, if others may read it, or if it is damaged.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        refuse_open_file(path)?;
        let text = fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
        Self::from_secret(&Zeroizing::new(text)).map_err(|error| error.within(path.display()))
    }
}

#[cfg(unix)]
fn refuse_open_file(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).map_err(|error| Error::io(path, error))?.permissions().mode();
    if mode & OTHERS != 0 {
        let shown = path.display();
        let message = format!("`{shown}` can be read by others than its owner");
        return Err(Error::misuse(format!("{message}; `chmod 600 {shown}` closes it")));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_open_file(_: &Path) -> Result<(), Error> {
    Ok(())
}
