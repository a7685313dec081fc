//! The key of the service: a file that only the service can read.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Error;
use super::secret::random;

const NONCE_BYTES: usize = 12;

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
            let help = match error.kind() {
                ErrorKind::PermissionDenied => {
                    "it belongs to another account of the machine; run this as its owner"
                }
                _ => "put it back from where it was kept; without it nobody can sign in",
            };
            Error::unavailable(format!("the key `{name}` cannot be read: {error}")).help(help)
        })?;
        let bytes = HEXLOWER.decode(text.trim().as_bytes()).ok();
        let key = bytes.and_then(|bytes| bytes.try_into().ok());
        key.map(Self).ok_or_else(|| {
            Error::corrupt(format!("`{name}` holds no key"))
                .help("put it back from where it was kept; nothing was changed")
        })
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

    fn derived(&self, purpose: &str) -> [u8; 32] {
        self.code(&["key", purpose])
    }

    /// Encrypts something for the store; `of` is what it belongs to, and opens it again.
    pub(crate) fn seal(&self, purpose: &str, of: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = random::<NONCE_BYTES>()?;
        let payload = Payload { msg: plain, aad: of.as_bytes() };
        let sealed = self.cipher(purpose).encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::unavailable("this cannot be encrypted"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what was sealed for the same purpose and belongs to the same.
    pub(crate) fn open(&self, purpose: &str, of: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let wrong = || {
            let error = Error::corrupt(format!("{purpose}: this cannot be decrypted"));
            error.help("is the key file the same?")
        };
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(wrong)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| wrong())?;
        let payload = Payload { msg: sealed, aad: of.as_bytes() };
        self.cipher(purpose).decrypt(&Nonce::from(nonce), payload).map_err(|_| wrong())
    }

    fn cipher(&self, purpose: &str) -> Aes256GcmSiv {
        Aes256GcmSiv::new(&self.derived(purpose).into())
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
