//! Bundles: up to 256 entries, each after its length in two bytes, big end first.

use crate::{Error, Tile};

const LENGTH_BYTES: usize = 2;

/// Adds an entry to a bundle.
pub(crate) fn push(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), Error> {
    let Ok(length) = u16::try_from(entry.len()) else {
        let message = format!("an entry has at most 65,535 bytes, not {}", entry.len());
        return Err(Error::misuse(message));
    };
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    Ok(())
}

/// Reads the entries of a bundle: as many as the tile is wide, and nothing after them.
pub(crate) fn entries(tile: Tile, bundle: &[u8]) -> Result<Vec<&[u8]>, Error> {
    let wrong = || Error::corrupt("not a bundle of entries").within(tile.path());
    let mut rest = bundle;
    let mut entries = Vec::with_capacity(usize::from(tile.width));
    for _ in 0..tile.width {
        let (length, after) = rest.split_first_chunk::<LENGTH_BYTES>().ok_or_else(wrong)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or_else(wrong)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(wrong()) }
}

/// Returns the bytes of the first entries of a bundle, as many as `tile` is wide.
pub(crate) fn prefix(tile: Tile, bundle: &[u8]) -> Result<Vec<u8>, Error> {
    let mut at = 0;
    for _ in 0..tile.width {
        let length = bundle.get(at..).and_then(<[u8]>::split_first_chunk::<LENGTH_BYTES>);
        let (length, _) = length.ok_or_else(|| Error::corrupt("too short").within(tile.path()))?;
        at += LENGTH_BYTES + usize::from(u16::from_be_bytes(*length));
    }
    let bytes = bundle.get(..at).ok_or_else(|| Error::corrupt("too short").within(tile.path()))?;
    Ok(bytes.to_vec())
}
