//! The key of the service: a file that only the service can read.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Error;
use super::secret::random;

/// 256 bits from which the keys for second factors and form tokens are derived.
pub struct ServiceKey([u8; 32]);

impl ServiceKey {
    /// Makes a new key that is kept nowhere.
    ///
    /// # Errors
    ///
    /// When the operating system gives no random bytes.
    pub fn new() -> Result<Self, Error> {
        Ok(Self(random()?))
    }

    /// Reads the key of a file.
    ///
    /// # Errors
    ///
    /// When there is no such file, or it holds no key.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let name = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            Error::unavailable(format!("the key `{name}` cannot be read: {error}"))
                .help("put it back from where it was kept; without it nobody can sign in")
        })?;
        let bytes = HEXLOWER.decode(text.trim().as_bytes()).ok();
        let key = bytes.and_then(|bytes| bytes.try_into().ok());
        key.map(Self).ok_or_else(|| Error::corrupt(format!("`{name}` holds no key")))
    }

    /// Makes a new key and writes it to a file that only its owner can read.
    ///
    /// # Errors
    ///
    /// When the file is there already: a key is never overwritten.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let key = Self::new()?;
        write_new(path, &key.0).map_err(|error| {
            let name = path.display();
            let message = match error.kind() {
                ErrorKind::AlreadyExists => format!("there is a key `{name}` already"),
                _ => format!("the key `{name}` cannot be written: {error}"),
            };
            Error::unavailable(message)
        })?;
        Ok(key)
    }

    /// Returns a key for one purpose.
    pub(crate) fn derived(&self, purpose: &str) -> [u8; 32] {
        self.code(&["key", purpose])
    }

    /// Returns a code that only the holder of the key can make of these words.
    pub(crate) fn code(&self, words: &[&str]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            // A key of any length is taken, so this is never reached; the code of no word is safe.
            return [0; 32];
        };
        for word in words {
            mac.update(&u64::try_from(word.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(word.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

fn write_new(path: &Path, key: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{}", HEXLOWER.encode(key))?;
    file.sync_all()
}
