//! A proof of consistency as a text file, in the form in which C2SP `tlog-witness` sends it.

use std::fmt;
use std::str::FromStr;

use crate::proof_file::{hashes, signed};
use crate::{Checkpoint, Error, Hash, Note, TreeHead, VerifierKey, text, verify_consistency};

/// That a checkpoint only adds to the first `old_size` entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyFile {
    /// The size of the tree that the reader knows already.
    pub old_size: u64,
    /// As RFC 6962 orders them.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint that adds.
    pub checkpoint: Note,
}

impl ConsistencyFile {
    /// Verifies signature and proof against a head that the reader kept; returns the checkpoint.
    ///
    /// # Errors
    ///
    /// Returns an error if the proof is for another size, or the log was rewritten or forked.
    pub fn verify(&self, old: &TreeHead, log: &VerifierKey) -> Result<Checkpoint, Error> {
        let checkpoint = Checkpoint::of_note(&self.checkpoint, log)?;
        if old.size != self.old_size {
            let message = format!("the proof is for size {}, not {}", self.old_size, old.size);
            return Err(Error::corrupt(message));
        }
        verify_consistency(old, &checkpoint.head(), &self.hashes)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for ConsistencyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for ConsistencyFile {
    type Err = Error;

    /// Reads a proof; whatever would not be printed in the same bytes is refused.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::corrupt("a proof of consistency begins with `old` and a size");
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(wrong)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).ok_or_else(wrong)?;
        let old_size = text::decimal(old)?;
        Ok(Self { old_size, hashes: hashes(lines)?, checkpoint: signed(checkpoint)? })
    }
}
