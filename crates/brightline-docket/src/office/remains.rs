//! What stays of a sealed case: that its entries were there, in which order, of which kind, when.

use sha2::{Digest, Sha256};

use crate::seal::hexadecimal;

/// One entry without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remnant {
    pub(super) position: i64,
    pub(super) number: i64,
    pub(super) kind: String,
    pub(super) at: i64,
    pub(super) commitment: Vec<u8>,
}

/// Returns the digest over what stays, which the chronicle keeps: without bodies there is nothing
/// else that a change could be held against.
pub(super) fn digest<'r>(remnants: impl IntoIterator<Item = &'r Remnant>) -> String {
    let mut hasher = Sha256::new();
    for Remnant { position, number, kind, at, commitment } in remnants {
        for part in [position, number, at] {
            hasher.update(part.to_be_bytes());
        }
        for part in [kind.as_bytes(), commitment] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    hexadecimal(&hasher.finalize())
}
