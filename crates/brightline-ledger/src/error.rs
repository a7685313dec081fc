//! The one error of the crate.

use std::fmt;
use std::path::Path;

/// Why something could not be read, written, signed or verified.
///
/// What can be told apart is asked with [`is_corrupt`](Self::is_corrupt) and
/// [`is_io`](Self::is_io); the rest is for people to read.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
}

#[derive(Debug)]
enum Kind {
    /// Bytes are not what they must be.
    Corrupt,
    /// The caller asked for what cannot be.
    Misuse,
    /// The file system refused.
    Io(std::io::Error),
}

impl Error {
    pub(crate) fn corrupt(message: impl Into<String>) -> Self {
        Self { kind: Kind::Corrupt, message: message.into() }
    }

    pub(crate) fn misuse(message: impl Into<String>) -> Self {
        Self { kind: Kind::Misuse, message: message.into() }
    }

    pub(crate) fn io(path: &Path, error: std::io::Error) -> Self {
        Self { message: format!("`{}`: {error}", path.display()), kind: Kind::Io(error) }
    }

    /// Says of which file or part the message speaks.
    #[must_use]
    pub fn within(mut self, place: impl fmt::Display) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// Returns whether bytes are not what they must be: damaged, forged, or not of the format.
    #[must_use]
    pub fn is_corrupt(&self) -> bool {
        matches!(self.kind, Kind::Corrupt)
    }

    /// Returns whether the file system refused: not found, no permission, no space.
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(self.kind, Kind::Io(_))
    }

    /// Returns whether a file is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.io_kind() == Some(std::io::ErrorKind::NotFound)
    }

    /// Returns whether a file is there already that must not be overwritten.
    #[must_use]
    pub fn is_already_there(&self) -> bool {
        self.io_kind() == Some(std::io::ErrorKind::AlreadyExists)
    }

    fn io_kind(&self) -> Option<std::io::ErrorKind> {
        match &self.kind {
            Kind::Io(error) => Some(error.kind()),
            Kind::Corrupt | Kind::Misuse => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Io(error) => Some(error),
            Kind::Corrupt | Kind::Misuse => None,
        }
    }
}
