//! The tiles at the right edge of a tree, which grow until they are full.

use std::mem;

use crate::tile::{FULL, LEVEL_MAX, TILE_HEIGHT, items};
use crate::tree::subtree_root;
use crate::{Error, Frontier, Hash, Tile, TileKind};

/// Where full tiles go: the tile and its bytes.
pub(crate) type Full<'a> = dyn FnMut(Tile, &[u8]) -> Result<(), Error> + 'a;

/// The hashes of the tile of each level that is not full yet.
#[derive(Debug, Default)]
pub(crate) struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// Reads the edge of a tree of `size` entries from its partial tiles.
    pub(crate) fn read(
        size: u64,
        read: &mut dyn FnMut(Tile) -> Result<Vec<u8>, Error>,
    ) -> Result<Self, Error> {
        let mut levels = Vec::new();
        for level in 0..=LEVEL_MAX {
            let kind = TileKind::Hashes { level };
            let count = items(kind, size);
            if count.is_multiple_of(FULL) {
                levels.push(Vec::new());
                continue;
            }
            let tile = Tile::holding(kind, count - 1, size)?;
            levels.push(tile.hashes(&read(tile)?)?);
        }
        Ok(Self { size, levels })
    }

    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry by its hash, and hands over the tiles that it fills.
    pub(crate) fn push(&mut self, leaf: Hash, full: &mut Full<'_>) -> Result<(), Error> {
        let mut hash = leaf;
        self.size = self.size.saturating_add(1);
        for level in 0..=LEVEL_MAX {
            let at = usize::from(level);
            if self.levels.len() <= at {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(at) else { break };
            hashes.push(hash);
            if (hashes.len() as u64) < FULL {
                break;
            }
            let hashes = mem::take(hashes);
            let kind = TileKind::Hashes { level };
            let last = items(kind, self.size) - 1;
            full(Tile::holding(kind, last, self.size)?, &bytes(&hashes))?;
            hash = subtree_root(&hashes);
        }
        Ok(())
    }

    /// Returns the tiles that are not full, with their bytes.
    pub(crate) fn partial(&self) -> Result<Vec<(Tile, Vec<u8>)>, Error> {
        let mut tiles = Vec::new();
        for (level, hashes) in (0..=LEVEL_MAX).zip(&self.levels).filter(|it| !it.1.is_empty()) {
            let kind = TileKind::Hashes { level };
            let tile = Tile::holding(kind, items(kind, self.size) - 1, self.size)?;
            tiles.push((tile, bytes(hashes)));
        }
        Ok(tiles)
    }

    /// Returns the frontier, for the root.
    pub(crate) fn frontier(&self) -> Result<Frontier, Error> {
        let mut roots = Vec::new();
        for hashes in self.levels.iter().rev() {
            let mut rest = hashes.as_slice();
            for height in (0..TILE_HEIGHT).rev().filter(|height| hashes.len() >> height & 1 == 1) {
                let (tree, more) = rest.split_at((1 << height).min(rest.len()));
                roots.push(subtree_root(tree));
                rest = more;
            }
        }
        Frontier::from_roots(self.size, roots)
    }
}

/// Returns the bytes of a tile of hashes.
fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}
