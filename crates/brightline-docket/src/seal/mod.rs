//! What is kept from eyes: a key for each case, wrapped by a master key.
//!
//! A body is encrypted with AES-256-GCM-SIV under the key of its case, bound to the place where it
//! stands, so that a body moved to another row cannot be read.
//! Destroying the wrapped key of a case destroys every body of it; nothing else has to be found.

mod file;
mod index;
mod keys;

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::Error;

pub use file::KeyProgram;
pub(crate) use index::NameIndex;
pub use keys::Keys;
pub(crate) use keys::{Wrapped, key_place};

pub(crate) const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// Fills a key, salt or nonce from the system.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, Error> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice())
        .map_err(|error| Error::unavailable("the system gives no randomness").because(error))?;
    Ok(bytes)
}

/// A key that encrypts; wiped from memory when dropped.
#[derive(Clone)]
pub(crate) struct SecretKey(Zeroizing<[u8; KEY_BYTES]>);

impl SecretKey {
    pub(crate) fn generate() -> Result<Self, Error> {
        Ok(Self(random()?))
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; KEY_BYTES] = bytes.try_into().ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Returns another key for one purpose; from it this one cannot be had.
    pub(crate) fn for_purpose(&self, purpose: &str) -> Self {
        let mut derived = Zeroizing::new([0; KEY_BYTES]);
        // It fails only for lengths beyond 255 hashes, and this is one hash.
        let _ = Hkdf::<Sha256>::new(None, self.as_bytes())
            .expand(purpose.as_bytes(), derived.as_mut_slice());
        Self(derived)
    }

    /// Encrypts bytes for a place: nonce, then ciphertext with its tag.
    pub(crate) fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = random::<NONCE_BYTES>()?;
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed = self.cipher().and_then(|cipher| {
            cipher.encrypt(&Nonce::from(*nonce), payload).map_err(|_| too_long())
        })?;
        let mut out = Vec::with_capacity(NONCE_BYTES + sealed.len());
        out.extend_from_slice(nonce.as_slice());
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Decrypts what was sealed for this place under this key; anything else is an error.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let damaged = || Error::corrupt(format!("`{place}` is not what was written there"));
        let (nonce, body) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(damaged)?;
        let payload = Payload { msg: body, aad: place.as_bytes() };
        let plain = self.cipher()?.decrypt(&Nonce::from(*nonce), payload);
        plain.map(Zeroizing::new).map_err(|_| damaged())
    }

    fn cipher(&self) -> Result<Aes256GcmSiv, Error> {
        Aes256GcmSiv::new_from_slice(self.as_bytes()).map_err(|_| too_long())
    }
}

fn too_long() -> Error {
    Error::unavailable("this cannot be encrypted: it is too long")
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            out.push(DIGITS.get(usize::from(half)).copied().unwrap_or(b'0').into());
        }
    }
    out
}

pub(crate) fn from_hexadecimal(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let starts = (0..text.len()).step_by(2);
    let bytes: Option<Vec<u8>> =
        starts.map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
    bytes.map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::{SecretKey, from_hexadecimal, hexadecimal};

    #[test]
    fn what_is_sealed_opens_only_at_its_place_and_under_its_key() {
        let key = SecretKey::generate().unwrap();
        let sealed = key.seal("entries/body/7/1", b"words").unwrap();
        assert_eq!(key.open("entries/body/7/1", &sealed).unwrap().as_slice(), b"words");
        assert!(key.open("entries/body/7/2", &sealed).unwrap_err().is_corrupt());
        let other = SecretKey::generate().unwrap();
        assert!(other.open("entries/body/7/1", &sealed).unwrap_err().is_corrupt());
        assert!(key.open("entries/body/7/1", &sealed[..11]).unwrap_err().is_corrupt());
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let key = SecretKey::generate().unwrap();
        let sealed = key.seal("place", b"a few words").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(key.open("place", &flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn the_same_words_are_never_sealed_alike() {
        let key = SecretKey::generate().unwrap();
        assert_ne!(key.seal("place", b"words").unwrap(), key.seal("place", b"words").unwrap());
    }

    #[test]
    fn a_key_for_a_purpose_is_another_key() {
        let key = SecretKey::generate().unwrap();
        let officer = key.for_purpose("officer");
        assert_ne!(key.as_bytes(), officer.as_bytes());
        assert_eq!(officer.as_bytes(), key.for_purpose("officer").as_bytes());
        assert_ne!(officer.as_bytes(), key.for_purpose("names").as_bytes());
    }

    #[test]
    fn hexadecimal_is_read_back() {
        assert_eq!(hexadecimal(&[0, 10, 255]), "000aff");
        assert_eq!(from_hexadecimal("000aff").unwrap().as_slice(), [0, 10, 255]);
        assert!(from_hexadecimal("0").is_none() && from_hexadecimal("gg").is_none());
    }
}
