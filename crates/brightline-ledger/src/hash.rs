//! Hashes of leaves and nodes, RFC 6962 section 2.1.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::{Error, text};

/// The length of a hash.
pub const HASH_BYTES: usize = 32;

const LEAF_PREFIX: u8 = 0;
const NODE_PREFIX: u8 = 1;

/// A SHA-256 hash: of an entry, of a node, or of the whole tree. It prints as base 64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; HASH_BYTES]);

impl Hash {
    /// Makes a hash of its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; HASH_BYTES]) -> Self {
        Self(bytes)
    }

    /// Returns the root of a tree without entries: the hash of nothing.
    #[must_use]
    pub fn of_nothing() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// Reads 32 bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if there are more or fewer.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        let bytes: [u8; HASH_BYTES] = bytes
            .try_into()
            .map_err(|_| Error::corrupt(format!("a hash has 32 bytes, not {}", bytes.len())))?;
        Ok(Self(bytes))
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_slice(&text::decode(text)?)
    }
}

/// Returns the hash of an entry.
///
/// ```
/// let hash = brightline_ledger::leaf_hash(b"");
/// assert_eq!(hash.to_string(), "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=");
/// ```
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut digest = Sha256::new_with_prefix([LEAF_PREFIX]);
    digest.update(entry);
    Hash(digest.finalize().into())
}

/// Returns the hash of the node above two others.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut digest = Sha256::new_with_prefix([NODE_PREFIX]);
    digest.update(left.0);
    digest.update(right.0);
    Hash(digest.finalize().into())
}
