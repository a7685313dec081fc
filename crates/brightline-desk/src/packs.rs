//! Packs: the folders of law, embedded in the binary or read from a directory.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use brightline_law::{PackSource, SourceFile, Sources, TableSource};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::manifest::parse_manifest;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../packs");

const MANIFEST: &str = "pack.toml";
/// A file of a pack that is longer is refused: 16 MiB.
const FILE_BYTES_MAX: u64 = 16 << 20;
/// Folders within a pack go no deeper.
const FOLDER_DEPTH_MAX: usize = 8;

/// Why packs could not be loaded; names the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The file or folder: `us-ny/pack.toml`, with a line where there is one.
    pub place: String,
    /// What is wrong; lower case, no final period.
    pub message: String,
}

impl LoadError {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl Error for LoadError {}

/// All packs with the digests of their files.
#[derive(Debug, Clone, Default)]
pub struct Packs {
    /// The packs, sorted by id.
    pub sources: Sources,
    files: BTreeMap<String, [u8; 32]>,
}

/// The files of packs: `pack/path` and bytes, sorted by path.
pub type PackFiles = BTreeMap<String, Vec<u8>>;

/// The files of one folder: path within it, bytes; sorted by path.
type Folder = BTreeMap<String, Vec<u8>>;

impl Packs {
    /// Returns the packs that were embedded when the program was built.
    ///
    /// # Errors
    ///
    /// When a manifest or a table among them cannot be read.
    pub fn embedded() -> Result<Self, LoadError> {
        let mut folders = BTreeMap::new();
        for pack in EMBEDDED.dirs() {
            let mut folder = Folder::new();
            gather_embedded(pack, pack.path(), &mut folder);
            folders.insert(slashed(pack.path()), folder);
        }
        Self::from_folders(folders)
    }

    /// Returns the files of the packs that were embedded when the program was built.
    #[must_use]
    pub fn embedded_files() -> PackFiles {
        let mut files = PackFiles::new();
        for pack in EMBEDDED.dirs() {
            let mut folder = Folder::new();
            gather_embedded(pack, pack.path(), &mut folder);
            let id = slashed(pack.path());
            files.extend(folder.into_iter().map(|(path, bytes)| (format!("{id}/{path}"), bytes)));
        }
        files
    }

    /// Returns the files of the packs of a directory.
    ///
    /// # Errors
    ///
    /// When the directory or a file in it cannot be read, or holds no pack.
    pub fn files_of_directory(directory: &Path) -> Result<PackFiles, LoadError> {
        let mut files = PackFiles::new();
        for (id, folder) in folders_of(directory)? {
            files.extend(folder.into_iter().map(|(path, bytes)| (format!("{id}/{path}"), bytes)));
        }
        Ok(files)
    }

    /// Makes packs of their files.
    ///
    /// # Errors
    ///
    /// When a path is not that of a file of a pack, or a file cannot be read.
    pub fn from_files(files: &PackFiles) -> Result<Self, LoadError> {
        let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
        for (path, bytes) in files {
            let Some((id, inner)) = path.split_once('/').filter(|it| is_part_of_pack(it.1)) else {
                return Err(LoadError::new(path, "no file of a pack"));
            };
            folders.entry(id.to_owned()).or_default().insert(inner.to_owned(), bytes.clone());
        }
        Self::from_folders(folders)
    }

    /// Reads the packs of a directory: one folder a pack, each with a `pack.toml`.
    ///
    /// # Errors
    ///
    /// When the directory or a file in it cannot be read, or holds no pack.
    pub fn from_directory(directory: &Path) -> Result<Self, LoadError> {
        Self::from_folders(folders_of(directory)?)
    }

    /// Reads the packs of a directory, as [`Self::from_directory`] does; packs above them that are
    /// not there are those built in.
    ///
    /// # Errors
    ///
    /// When the directory or a file in it cannot be read, or holds no pack.
    pub fn from_directory_over_embedded(directory: &Path) -> Result<Self, LoadError> {
        let mut packs = Self::read(&folders_of(directory)?)?;
        let embedded = Self::embedded()?;
        while let Some(id) = packs.absent_parent() {
            let Some(pack) = embedded.pack(&id) else {
                break;
            };
            packs.sources.packs.push(pack.clone());
            let inside = |path: &str| path.split_once('/').is_some_and(|(folder, _)| folder == id);
            let files = embedded.files.iter().filter(|(path, _)| inside(path));
            packs.files.extend(files.map(|(path, digest)| (path.clone(), *digest)));
        }
        packs.sources.packs.sort_by(|one, other| one.id.cmp(&other.id));
        packs.require_parents()?;
        Ok(packs)
    }

    fn from_folders(folders: BTreeMap<String, Folder>) -> Result<Self, LoadError> {
        let packs = Self::read(&folders)?;
        packs.require_parents()?;
        Ok(packs)
    }

    fn read(folders: &BTreeMap<String, Folder>) -> Result<Self, LoadError> {
        let mut packs = Self::default();
        for (id, folder) in folders {
            packs.sources.packs.push(pack_source(id, folder)?);
            for (path, bytes) in folder {
                packs.files.insert(format!("{id}/{path}"), Sha256::digest(bytes).into());
            }
        }
        Ok(packs)
    }

    /// Returns a pack that another one names as above it, and that is not here.
    fn absent_parent(&self) -> Option<String> {
        let ids: BTreeSet<&str> = self.ids().collect();
        let mut named = self.sources.packs.iter().flat_map(|pack| &pack.parents);
        named.find(|id| !ids.contains(id.as_str())).cloned()
    }

    fn require_parents(&self) -> Result<(), LoadError> {
        let ids: BTreeSet<&str> = self.ids().collect();
        for pack in &self.sources.packs {
            if let Some(absent) = pack.parents.iter().find(|id| !ids.contains(id.as_str())) {
                let message = format!("the parent pack `{absent}` is not here");
                return Err(LoadError::new(format!("{}/{MANIFEST}", pack.id), message));
            }
        }
        Ok(())
    }

    /// Returns the ids of the packs, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.sources.packs.iter().map(|pack| pack.id.as_str())
    }

    /// Returns the pack with this id.
    #[must_use]
    pub fn pack(&self, id: &str) -> Option<&PackSource> {
        self.sources.packs.iter().find(|pack| pack.id == id)
    }

    /// Returns the digest of the law of a pack: of its own files and of all packs above it.
    ///
    /// It is `sha256:` and the hexadecimal SHA-256 of one line for each file of these packs
    /// (`pack.toml`, `*.law.md`, `*.csv`), sorted by path: the hexadecimal SHA-256 of the file,
    /// two spaces, the path from the folder of packs, a newline.
    /// That is the output of `sha256sum`, so that anybody can compute it without this program:
    ///
    /// ```text
    /// find us us-ny us-ny-nyc \( -name pack.toml -o -name '*.law.md' -o -name '*.csv' \) |
    ///     LC_ALL=C sort | xargs sha256sum | sha256sum
    /// ```
    #[must_use]
    pub fn digest(&self, id: &str) -> Option<String> {
        let pack = self.pack(id)?;
        let mut ids: BTreeSet<&str> = pack.parents.iter().map(String::as_str).collect();
        ids.insert(&pack.id);
        let mut hasher = Sha256::new();
        for (path, digest) in &self.files {
            if path.split_once('/').is_some_and(|(folder, _)| ids.contains(folder)) {
                hasher.update(format!("{}  {path}\n", hexadecimal(digest)));
            }
        }
        Some(format!("sha256:{}", hexadecimal(&hasher.finalize())))
    }
}

/// Returns the folders of a directory that are packs, by name.
fn folders_of(directory: &Path) -> Result<BTreeMap<String, Folder>, LoadError> {
    let mut folders = BTreeMap::new();
    for path in entries(directory)? {
        if path.join(MANIFEST).is_file() {
            let mut folder = Folder::new();
            gather(&path, &path, FOLDER_DEPTH_MAX, &mut folder)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            folders.insert(name.into_owned(), folder);
        }
    }
    if folders.is_empty() {
        let help = "no pack here: a pack is a folder with a `pack.toml`";
        return Err(LoadError::new(directory.display().to_string(), help));
    }
    Ok(folders)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pack_source(id: &str, folder: &Folder) -> Result<PackSource, LoadError> {
    let place = format!("{id}/{MANIFEST}");
    let text = utf8(&place, folder.get(MANIFEST).map_or(&[][..], Vec::as_slice))?;
    let manifest = parse_manifest(text).map_err(|(line, message)| match line {
        Some(line) => LoadError::new(format!("{place}:{line}"), message),
        None => LoadError::new(&place, message),
    })?;
    if manifest.id != id {
        let message = format!("the id is `{}` but the folder is `{id}`", manifest.id);
        return Err(LoadError::new(place, message));
    }
    let mut pack = PackSource {
        id: manifest.id,
        title: manifest.title,
        parents: manifest.parents,
        zone: manifest.zone,
        recorded_from: manifest.recorded_from,
        references: manifest.references,
        ..PackSource::default()
    };
    for (path, bytes) in folder {
        let place = format!("{id}/{path}");
        if path.ends_with(".law.md") {
            let text = utf8(&place, bytes)?.to_owned();
            pack.files.push(SourceFile { path: place, text });
        } else if path.ends_with(".csv") {
            pack.tables.push(table(path, &place, bytes)?);
        }
    }
    Ok(pack)
}

fn utf8<'a>(place: &str, bytes: &'a [u8]) -> Result<&'a str, LoadError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("not UTF-8 text, from byte {} on", error.valid_up_to());
        LoadError::new(place, message)
    })
}

fn table(path: &str, place: &str, bytes: &[u8]) -> Result<TableSource, LoadError> {
    utf8(place, bytes)?;
    let broken = |error: csv::Error| LoadError::new(place, format!("not a CSV table: {error}"));
    let mut reader = csv::ReaderBuilder::new().has_headers(true).flexible(true).from_reader(bytes);
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let header = cells(reader.headers().map_err(broken)?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((u32::try_from(line).unwrap_or(u32::MAX), cells(&record)));
    }
    Ok(TableSource { path: path.to_owned(), header, rows })
}

fn is_part_of_pack(path: &str) -> bool {
    path == MANIFEST || path.ends_with(".law.md") || path.ends_with(".csv")
}

fn gather_embedded(dir: &Dir<'_>, root: &Path, folder: &mut Folder) {
    for file in dir.files() {
        let path = slashed(file.path().strip_prefix(root).unwrap_or(file.path()));
        if is_part_of_pack(&path) {
            folder.insert(path, file.contents().to_vec());
        }
    }
    for inner in dir.dirs() {
        gather_embedded(inner, root, folder);
    }
}

fn gather(dir: &Path, root: &Path, depth: usize, folder: &mut Folder) -> Result<(), LoadError> {
    for path in entries(dir)? {
        let inner = slashed(path.strip_prefix(root).unwrap_or(&path));
        if path.is_dir() && depth > 0 {
            gather(&path, root, depth - 1, folder)?;
        } else if is_part_of_pack(&inner) {
            folder.insert(inner, read_file(&path)?);
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<Vec<u8>, LoadError> {
    let place = path.display().to_string();
    let unreadable = |error: std::io::Error| LoadError::new(&place, error.to_string());
    if fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(LoadError::new(&place, "longer than 16 MiB, which no page of law is"));
    }
    fs::read(path).map_err(unreadable)
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let unreadable =
        |error: std::io::Error| LoadError::new(dir.display().to_string(), error.to_string());
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    Ok(paths)
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
