//! Roots and proofs from tiles: only those are read that are needed, each once.

use std::collections::BTreeMap;

use crate::tile::{FULL, TILE_HEIGHT};
use crate::{Error, Frontier, Hash, Tile, TileKind, node_hash};

/// A tree of a size, read tile by tile.
///
/// `read` is handed a tile of hashes and returns its bytes: from a folder, a database, the network.
/// What it returns is believed; [`root`](Self::root) compared with a checkpoint tells whether it
/// may be.
pub struct TileTree<R> {
    size: u64,
    read: R,
    tiles: BTreeMap<Tile, Vec<Hash>>,
}

impl<R: FnMut(Tile) -> Result<Vec<u8>, Error>> TileTree<R> {
    /// Makes a tree of `size` entries.
    pub const fn new(size: u64, read: R) -> Self {
        Self { size, read, tiles: BTreeMap::new() }
    }

    /// Returns the root.
    ///
    /// # Errors
    ///
    /// Returns an error if a tile cannot be read.
    pub fn root(&mut self) -> Result<Hash, Error> {
        Ok(self.frontier()?.root())
    }

    /// Returns the right edge, from which the tree can grow.
    ///
    /// # Errors
    ///
    /// Returns an error if a tile cannot be read.
    pub fn frontier(&mut self) -> Result<Frontier, Error> {
        let mut roots = Vec::new();
        let mut start = 0;
        let size = self.size;
        for height in (0..u64::BITS).rev().filter(|height| size >> height & 1 == 1) {
            roots.push(self.complete(height, start >> height)?);
            start += 1 << height;
        }
        Frontier::from_roots(self.size, roots)
    }

    /// Returns the hash of the entry at `index`.
    ///
    /// # Errors
    ///
    /// Returns an error if the tree is smaller, or a tile cannot be read.
    pub fn leaf(&mut self, index: u64) -> Result<Hash, Error> {
        self.complete(0, index)
    }

    /// Returns the proof that the entry at `index` stands in this tree.
    ///
    /// # Errors
    ///
    /// Returns an error if the tree is smaller, or a tile cannot be read.
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, Error> {
        if index >= self.size {
            let message = format!("a tree of size {} has no entry {index}", self.size);
            return Err(Error::misuse(message));
        }
        let mut proof = Vec::new();
        let (mut start, mut end) = (0, self.size);
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                proof.push(self.range(middle, end)?);
                end = middle;
            } else {
                proof.push(self.range(start, middle)?);
                start = middle;
            }
        }
        proof.reverse();
        Ok(proof)
    }

    /// Returns the proof that this tree only adds to its first `old_size` entries.
    ///
    /// # Errors
    ///
    /// Returns an error if the tree is smaller than that, or a tile cannot be read.
    pub fn consistency(&mut self, old_size: u64) -> Result<Vec<Hash>, Error> {
        if old_size > self.size {
            let message = format!("a tree of size {} was never of size {old_size}", self.size);
            return Err(Error::misuse(message));
        }
        let mut proof = Vec::new();
        if old_size == 0 || old_size == self.size {
            return Ok(proof);
        }
        let (mut start, mut end) = (0, self.size);
        while end != old_size {
            let middle = start + split(end - start);
            if old_size <= middle {
                proof.push(self.range(middle, end)?);
                end = middle;
            } else {
                proof.push(self.range(start, middle)?);
                start = middle;
            }
        }
        // The verifier knows the old root; a part of the old tree it has to be told.
        if start > 0 {
            proof.push(self.range(start, end)?);
        }
        proof.reverse();
        Ok(proof)
    }

    /// The hash of a range that a proof can ask for: it starts at a multiple of the power of two
    /// that covers it.
    fn range(&mut self, start: u64, end: u64) -> Result<Hash, Error> {
        let length = end - start;
        if length.is_power_of_two() {
            let height = length.trailing_zeros();
            return self.complete(height, start >> height);
        }
        let middle = start + split(length);
        let left = self.range(start, middle)?;
        Ok(node_hash(&left, &self.range(middle, end)?))
    }

    /// The root of the complete subtree of 2^`height` entries that is `index`th of its kind.
    fn complete(&mut self, height: u32, index: u64) -> Result<Hash, Error> {
        let level = u8::try_from(height / TILE_HEIGHT).unwrap_or(u8::MAX);
        let above = height % TILE_HEIGHT;
        let first = index << above;
        let tile = Tile::holding(TileKind::Hashes { level }, first, self.size)?;
        if !self.tiles.contains_key(&tile) {
            let hashes = tile.hashes(&(self.read)(tile)?)?;
            self.tiles.insert(tile, hashes);
        }
        let from = usize::try_from(first % FULL).unwrap_or(usize::MAX);
        let hashes = self.tiles.get(&tile).and_then(|hashes| hashes.get(from..from + (1 << above)));
        hashes.map(subtree_root).ok_or_else(|| Error::corrupt("too short").within(tile.path()))
    }
}

/// The root of a complete subtree from its leaves, which are a power of two in number.
pub(crate) fn subtree_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Hash::of_nothing(),
        [hash] => *hash,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node_hash(&subtree_root(left), &subtree_root(right))
        }
    }
}

/// The largest power of two that is smaller than a length of at least 2.
fn split(length: u64) -> u64 {
    1 << (u64::BITS - 1 - (length - 1).leading_zeros())
}
