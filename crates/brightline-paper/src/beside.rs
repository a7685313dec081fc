//! The files beside the law of a pack: how papers look, how letters are worded.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs;
use std::path::Path;

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/beside_packs.rs"));
/// A file that is longer is refused: 1 MiB.
const FILE_BYTES_MAX: u64 = 1 << 20;
const FOLDERS: [&str; 3] = ["door", "letters", "papers"];

/// A description or a wording that cannot be used; names the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingError {
    /// The file, `pack/folder/name.toml`.
    pub place: String,
    /// What is wrong; lower case, no final period.
    pub message: String,
}

impl WordingError {
    pub(crate) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for WordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl Error for WordingError {}

/// The files beside the packs: path from the folder of packs, and text.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    files: BTreeMap<String, String>,
}

impl Beside {
    /// Returns the files that were embedded when the program was built.
    #[must_use]
    pub fn embedded() -> Self {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self { files: EMBEDDED.iter().map(owned).collect() }
    }

    /// Returns the files of a folder of packs over those that are embedded.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub fn from_directory(directory: &Path) -> Result<Self, WordingError> {
        let mut beside = Self::embedded();
        for pack in names(directory)? {
            for folder in FOLDERS {
                let inside = directory.join(&pack).join(folder);
                if !inside.is_dir() {
                    continue;
                }
                for name in names(&inside)?.into_iter().filter(|it| it.ends_with(".toml")) {
                    let text = text_of(&inside.join(&name))?;
                    beside.files.insert(format!("{pack}/{folder}/{name}"), text);
                }
            }
        }
        Ok(beside)
    }

    /// Returns the files of a folder of all packs, `papers` or `letters`, in order of their paths.
    pub(crate) fn all(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let part = format!("/{folder}/");
        let all = self.files.iter().filter(move |(path, _)| path.contains(&part));
        all.map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

fn names(directory: &Path) -> Result<Vec<String>, WordingError> {
    let broken = |error: std::io::Error| {
        WordingError::new(directory.display().to_string(), error.to_string())
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(broken)? {
        names.push(entry.map_err(broken)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn text_of(path: &Path) -> Result<String, WordingError> {
    let place = path.display().to_string();
    let broken = |error: std::io::Error| WordingError::new(&place, error.to_string());
    if fs::metadata(path).map_err(broken)?.len() > FILE_BYTES_MAX {
        return Err(WordingError::new(&place, "longer than 1 MiB"));
    }
    fs::read_to_string(path).map_err(broken)
}
