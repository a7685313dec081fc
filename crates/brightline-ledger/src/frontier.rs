//! The right edge of a tree: all that is needed to add entries and to know the root.

use crate::hash::HASH_BYTES;
use crate::{Error, Hash, node_hash};

const SIZE_BYTES: usize = 8;

/// A size and the root at that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// How many entries there are.
    pub size: u64,
    /// What stands for all of them, in order.
    pub root: Hash,
}

/// The roots of the complete subtrees of a tree, the largest first: at most 64 hashes.
///
/// ```
/// use brightline_ledger::{Frontier, leaf_hash};
///
/// let mut frontier = Frontier::new();
/// frontier.append(leaf_hash(b"first"));
/// let kept = frontier.to_bytes();
/// frontier.append(leaf_hash(b"second"));
/// assert_eq!(Frontier::from_bytes(&kept)?.size() + 1, frontier.size());
/// # Ok::<(), brightline_ledger::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// Makes the frontier of a tree without entries.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, roots: Vec::new() }
    }

    /// Adds an entry by its hash, and returns its index, counted from 0.
    pub fn append(&mut self, leaf: Hash) -> u64 {
        let index = self.size;
        let mut node = leaf;
        // A tree of an odd number of subtrees of one size gains a subtree of twice the size.
        for _ in 0..index.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.roots.push(node);
        self.size = index.saturating_add(1);
        index
    }

    /// Returns how many entries there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns the root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else {
            return Hash::of_nothing();
        };
        roots.fold(*last, |right, left| node_hash(left, &right))
    }

    /// Returns size and root.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root() }
    }

    /// Returns the form that is stored: the size in 8 bytes, big end first, and the hashes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SIZE_BYTES + self.roots.len() * HASH_BYTES);
        bytes.extend(self.size.to_be_bytes());
        for root in &self.roots {
            bytes.extend(root.as_bytes());
        }
        bytes
    }

    /// Reads the form that is stored.
    ///
    /// # Errors
    ///
    /// Returns an error if there are not as many hashes as the size asks for.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let Some((size, hashes)) = bytes.split_first_chunk::<SIZE_BYTES>() else {
            return Err(Error::corrupt("a frontier has at least 8 bytes"));
        };
        let size = u64::from_be_bytes(*size);
        let roots: Vec<Hash> =
            hashes.chunks(HASH_BYTES).map(Hash::from_slice).collect::<Result<_, _>>()?;
        Self::from_roots(size, roots)
    }

    pub(crate) fn from_roots(size: u64, roots: Vec<Hash>) -> Result<Self, Error> {
        if roots.len() != size.count_ones() as usize {
            let message = format!("a frontier of size {size} has not {} hashes", roots.len());
            return Err(Error::corrupt(message));
        }
        Ok(Self { size, roots })
    }
}
