//! A proof of inclusion as a text file, as in C2SP `tlog-proof`: whoever has the key of the log
//! can check it without the log.

use std::fmt;
use std::str::FromStr;

use crate::{Checkpoint, Error, Hash, Note, VerifierKey, text, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// A path from a leaf to a root is no longer.
pub(crate) const HASH_COUNT_MAX: usize = 64;

/// That an entry stands at its place under a signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// Bytes for the application, vouched for by nobody: here, what the entry hash is made of.
    pub extra: Option<Vec<u8>>,
    /// The place of the entry, counted from 0.
    pub index: u64,
    /// From the neighbor of the leaf up.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, with the cosignatures of witnesses.
    pub checkpoint: Note,
}

impl ProofFile {
    /// Verifies signature and path for the entry whose hash is `leaf`; returns the checkpoint.
    ///
    /// # Errors
    ///
    /// Returns an error if the checkpoint is not the log's or the entry is not where it says.
    pub fn verify(&self, leaf: &Hash, log: &VerifierKey) -> Result<Checkpoint, Error> {
        let checkpoint = Checkpoint::of_note(&self.checkpoint, log)?;
        verify_inclusion(leaf, self.index, &checkpoint.head(), &self.hashes)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", text::encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for ProofFile {
    type Err = Error;

    /// Reads a proof; whatever would not be printed in the same bytes is refused.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::corrupt(format!("a proof begins with `{FIRST_LINE}` and an index"));
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(wrong)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(wrong());
        }
        let mut line = lines.next().ok_or_else(wrong)?;
        let mut extra = None;
        if let Some(bytes) = line.strip_prefix("extra ") {
            extra = Some(text::decode(bytes)?);
            line = lines.next().ok_or_else(wrong)?;
        }
        let index = text::decimal(line.strip_prefix("index ").ok_or_else(wrong)?)?;
        Ok(Self { extra, index, hashes: hashes(lines)?, checkpoint: signed(checkpoint)? })
    }
}

/// Reads a checkpoint with its signatures, which are verified later.
pub(crate) fn signed(text: &str) -> Result<Note, Error> {
    let note: Note = text.parse()?;
    note.text().parse::<Checkpoint>()?;
    Ok(note)
}

/// Reads hashes, one a line.
pub(crate) fn hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, Error> {
    let hashes: Vec<Hash> =
        lines.take(HASH_COUNT_MAX + 1).map(str::parse).collect::<Result<_, _>>()?;
    if hashes.len() > HASH_COUNT_MAX {
        return Err(Error::corrupt("no proof is that long"));
    }
    Ok(hashes)
}
