//! A folder of tiles verified: the tree made again from the entries, every file compared.

use crate::directory::{TileFiles, cut, partial_widths};
use crate::edge::Edge;
use crate::tile::{FULL, items};
use crate::{Checkpoint, Error, Tile, TileKind, TreeHead, bundle, leaf_hash};

/// What was found of a folder whose checkpoint is signed.
#[derive(Debug)]
pub struct Verified {
    /// The head that the checkpoint vouches for.
    pub head: TreeHead,
    /// How many files were compared.
    pub file_count: u64,
    /// What is wrong; nothing, if the folder holds.
    pub faults: Vec<Error>,
}

pub(crate) fn files(files: &TileFiles, checkpoint: &Checkpoint) -> Result<Verified, Error> {
    let head = checkpoint.head();
    let mut found = Verified { head, file_count: 1, faults: Vec::new() };
    let mut edge = Edge::default();
    let mut at = 0;
    while at < head.size {
        let tile = Tile::holding(TileKind::Entries, at, head.size)?;
        let added = files.tile(tile).and_then(|bytes| {
            bundle::entries(tile, &bytes)?.into_iter().try_for_each(|entry| {
                edge.push(leaf_hash(entry), &mut |tile, bytes| {
                    compare(files, tile, bytes, &mut found);
                    Ok(())
                })
            })
        });
        found.file_count += 1;
        if let Err(error) = added {
            // Without these entries nothing after them can be compared.
            found.faults.push(error);
            return Ok(found);
        }
        at += FULL;
    }
    for (tile, bytes) in edge.partial()? {
        compare(files, tile, &bytes, &mut found);
    }
    if edge.frontier()?.head() != head {
        let message = "the entries do not lead to the root of the checkpoint";
        found.faults.push(Error::corrupt(message));
    }
    leftovers(files, &mut found)?;
    Ok(found)
}

fn compare(files: &TileFiles, tile: Tile, expected: &[u8], found: &mut Verified) {
    found.file_count += 1;
    match files.tile(tile) {
        Ok(bytes) if bytes == expected => {}
        Ok(_) => {
            let message = "the hashes are not those of the entries";
            found.faults.push(Error::corrupt(message).within(tile.path()));
        }
        Err(error) => found.faults.push(error),
    }
}

/// Compares partial tiles of earlier checkpoints, which stand until their tile is full.
fn leftovers(files: &TileFiles, found: &mut Verified) -> Result<(), Error> {
    let size = found.head.size;
    for kind in (0..=crate::tile::LEVEL_MAX)
        .map(|level| TileKind::Hashes { level })
        .chain([TileKind::Entries])
    {
        let count = items(kind, size);
        if count == 0 {
            continue;
        }
        // A crash may also have left the partial forms of the tile before.
        for at in [count.saturating_sub(1 + FULL), count - 1] {
            let whole = Tile::holding(kind, at, size)?;
            for width in partial_widths(&files.folder().join(format!("{}.p", whole.folder())))? {
                let tile = Tile { width, ..whole };
                if width < whole.width {
                    let bytes = cut(tile, &files.tile(whole)?)?;
                    compare(files, tile, &bytes, found);
                }
            }
        }
    }
    Ok(())
}
