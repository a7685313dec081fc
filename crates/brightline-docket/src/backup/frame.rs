//! Frames: a letter, a length, bytes; and a digest over all of them.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::MAGIC;
use crate::error::Error;

/// No frame is longer: 64 MiB.
const FRAME_BYTES_MAX: usize = 64 << 20;
const BUFFER_BYTES: usize = 1 << 18;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Header,
    File,
    Table,
    Rows,
    End,
    Signature,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Header, Self::File, Self::Table, Self::Rows, Self::End, Self::Signature];

    fn letter(self) -> u8 {
        match self {
            Self::Header => b'H',
            Self::File => b'F',
            Self::Table => b'T',
            Self::Rows => b'R',
            Self::End => b'E',
            Self::Signature => b'S',
        }
    }

    fn of(letter: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }
}

/// A backup that is being written.
pub(super) struct FrameWriter {
    file: BufWriter<File>,
    hasher: Sha256,
}

impl FrameWriter {
    pub(super) fn begin(file: File) -> std::io::Result<Self> {
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        let mut writer = Self { file, hasher: Sha256::new() };
        writer.put(MAGIC)?;
        Ok(writer)
    }

    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hasher.update(bytes);
        self.file.write_all(bytes)
    }

    pub(super) fn frame(&mut self, kind: Kind, bytes: &[u8]) -> std::io::Result<()> {
        let too_long = || std::io::Error::other("a frame of the backup is too long");
        if bytes.len() > FRAME_BYTES_MAX {
            return Err(too_long());
        }
        let length = u32::try_from(bytes.len()).map_err(|_| too_long())?;
        self.put(&[kind.letter()])?;
        self.put(&length.to_be_bytes())?;
        self.put(bytes)
    }

    /// Returns the digest of all that was written.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.hasher.clone().finalize().into()
    }

    /// Makes it durable.
    pub(super) fn finish(self) -> std::io::Result<()> {
        let file = self.file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}

/// A backup that is being read.
pub(super) struct FrameReader {
    file: BufReader<File>,
    hasher: Sha256,
}

impl FrameReader {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let file = File::open(path).map_err(|error| {
            Error::unavailable(format!("the backup `{shown}` cannot be read: {error}"))
        })?;
        let mut reader =
            Self { file: BufReader::with_capacity(BUFFER_BYTES, file), hasher: Sha256::new() };
        let mut magic = [0; MAGIC.len()];
        reader.fill(&mut magic)?;
        if magic != *MAGIC {
            let error =
                Error::corrupt(format!("`{shown}` is no backup, or one of another version"));
            return Err(error.help("name a file that `brightline backup` has written"));
        }
        Ok(reader)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.file.read_exact(bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => damaged("it ends before its end"),
            _ => Error::unavailable(format!("the backup cannot be read: {error}")),
        })?;
        self.hasher.update(bytes);
        Ok(())
    }

    /// Returns the digest of all that was read.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.hasher.clone().finalize().into()
    }

    /// Returns the next frame.
    pub(super) fn next(&mut self) -> Result<(Kind, Vec<u8>), Error> {
        let mut head = [0; 5];
        self.fill(&mut head)?;
        let [letter, length @ ..] = head;
        let kind = Kind::of(letter).ok_or_else(|| damaged("a part of it is of no known kind"))?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > FRAME_BYTES_MAX {
            return Err(damaged("a part of it is too long"));
        }
        let mut bytes = vec![0; length];
        self.fill(&mut bytes)?;
        Ok((kind, bytes))
    }

    /// Looks whether nothing follows.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        match self.file.read(&mut [0]) {
            Ok(0) => Ok(()),
            _ => Err(damaged("something follows its end")),
        }
    }
}

/// Everything that is wrong with a file that was written whole once.
pub(super) fn damaged(what: &str) -> Error {
    Error::corrupt(format!("the backup is damaged or was cut short: {what}"))
        .help("nothing was restored; take another copy of it, or an earlier backup")
}
