//! Tiles: 256 hashes of one level of the tree, or the 256 entries below one, and where they stand.

use std::fmt::Write as _;

use crate::hash::HASH_BYTES;
use crate::{Error, Hash};

/// How many hashes a full tile has.
pub(crate) const FULL: u64 = 256;
/// How many levels of the tree a tile spans: 2^8 is 256.
pub(crate) const TILE_HEIGHT: u32 = 8;
/// No tree of 2^64 entries has more levels of tiles.
pub(crate) const LEVEL_MAX: u8 = 7;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TileKind {
    /// Hashes: at level 0 of entries, above of full tiles one level below.
    Hashes {
        /// 0 to 7.
        level: u8,
    },
    /// The entries themselves.
    Entries,
}

/// A tile of a tree: its kind, its index within the level, and how much of it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// What it holds.
    pub kind: TileKind,
    /// Counted from 0, from the left.
    pub index: u64,
    /// 1 to 256; a tile of less than 256 is partial.
    pub width: u16,
}

impl Tile {
    /// Returns the tile of a tree of `size` entries that holds item `at` of its level.
    ///
    /// # Errors
    ///
    /// Returns an error if the tree is too small to have it.
    pub(crate) fn holding(kind: TileKind, at: u64, size: u64) -> Result<Self, Error> {
        let items = items(kind, size);
        if at >= items {
            return Err(Error::misuse(format!("a tree of size {size} has no such tile")));
        }
        let index = at / FULL;
        let width = (items - index * FULL).min(FULL);
        Ok(Self { kind, index, width: u16::try_from(width).unwrap_or(u16::MAX) })
    }

    /// Returns whether all 256 items are there.
    #[must_use]
    pub fn is_full(&self) -> bool {
        u64::from(self.width) == FULL
    }

    /// Returns the same tile with all its items.
    #[must_use]
    pub fn full(self) -> Self {
        Self { width: FULL as u16, ..self }
    }

    /// Returns the path below the folder of the log, as everybody who reads such logs expects it.
    ///
    /// ```
    /// use brightline_ledger::{Tile, TileKind};
    ///
    /// let tile = Tile { kind: TileKind::Hashes { level: 0 }, index: 1_234_067, width: 3 };
    /// assert_eq!(tile.path(), "tile/0/x001/x234/067.p/3");
    /// ```
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = self.folder();
        if !self.is_full() {
            let _ = write!(path, ".p/{}", self.width);
        }
        path
    }

    /// The path of the full tile; partial ones stand in a folder of that name with `.p`.
    pub(crate) fn folder(&self) -> String {
        let mut path = match self.kind {
            TileKind::Hashes { level } => format!("tile/{level}/"),
            TileKind::Entries => "tile/entries/".to_owned(),
        };
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (at, group) in groups.iter().enumerate().rev() {
            let _ = if at > 0 { write!(path, "x{group:03}/") } else { write!(path, "{group:03}") };
        }
        path
    }

    /// Reads the hashes of a tile of the given bytes.
    pub(crate) fn hashes(&self, bytes: &[u8]) -> Result<Vec<Hash>, Error> {
        if bytes.len() != usize::from(self.width) * HASH_BYTES {
            let message = format!("{} bytes for {} hashes", bytes.len(), self.width);
            return Err(Error::corrupt(message).within(self.path()));
        }
        bytes.chunks(HASH_BYTES).map(Hash::from_slice).collect()
    }
}

/// How many items a level of a tree of `size` entries has.
pub(crate) fn items(kind: TileKind, size: u64) -> u64 {
    match kind {
        TileKind::Hashes { level } => {
            size.checked_shr(TILE_HEIGHT * u32::from(level)).unwrap_or_default()
        }
        TileKind::Entries => size,
    }
}
