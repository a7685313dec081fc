//! Checkpoints, as in C2SP `tlog-checkpoint`: which log, how many entries, which root.

use std::fmt;
use std::str::FromStr;

use crate::{Error, Note, SignerKey, TreeHead, VerifierKey, text};

/// The head of a named log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    head: TreeHead,
    /// Lines that a log may add; ours adds none, and readers attach no meaning to them.
    extensions: Vec<String>,
}

impl Checkpoint {
    /// Makes a checkpoint. The origin names the log for ever, by custom as an address without a
    /// scheme.
    ///
    /// # Errors
    ///
    /// Returns an error if the origin is empty or is more than one line.
    pub fn new(origin: &str, head: TreeHead) -> Result<Self, Error> {
        if origin.is_empty() || origin.contains(char::is_control) {
            let message = format!("`{}` is no name of a log", text::short(origin));
            return Err(Error::corrupt(message));
        }
        Ok(Self { origin: origin.to_owned(), head, extensions: Vec::new() })
    }

    /// Reads a signed checkpoint and verifies the signature of the log, whose name is the key's.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not a checkpoint, of another log, or not signed by the key.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, Error> {
        Self::of_note(&note.parse()?, key)
    }

    /// Verifies a note that was parsed before.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn of_note(note: &Note, key: &VerifierKey) -> Result<Self, Error> {
        note.signed_by(key)?;
        let checkpoint: Self = note.text().parse()?;
        if checkpoint.origin != key.name() {
            let message = format!("the checkpoint is of `{}`", text::short(&checkpoint.origin));
            return Err(Error::corrupt(format!("{message}, the key of `{}`", key.name())));
        }
        Ok(checkpoint)
    }

    /// Signs the checkpoint.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is one of a witness, or of another name than the log.
    pub fn signed_by(&self, key: &SignerKey) -> Result<Note, Error> {
        if key.name() != self.origin {
            let message = format!("the key of `{}` signs no other log", key.name());
            return Err(Error::misuse(message));
        }
        Note::sign(&self.to_string(), key)
    }

    /// Returns the name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns size and root.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        self.head
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.head.size, self.head.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    /// Reads the text of a checkpoint; whatever would not be printed in the same bytes is refused.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::corrupt("a checkpoint has a name, a size and a root, each on a line");
        let mut lines = text.strip_suffix('\n').ok_or_else(wrong)?.split('\n');
        let (origin, size, root) = (lines.next(), lines.next(), lines.next());
        let (Some(origin), Some(size), Some(root)) = (origin, size, root) else {
            return Err(wrong());
        };
        let head = TreeHead { size: text::decimal(size)?, root: root.parse()? };
        let mut checkpoint = Self::new(origin, head)?;
        checkpoint.extensions = lines.map(str::to_owned).collect();
        if checkpoint.extensions.iter().any(String::is_empty) {
            return Err(Error::corrupt("a checkpoint has no empty lines"));
        }
        Ok(checkpoint)
    }
}
