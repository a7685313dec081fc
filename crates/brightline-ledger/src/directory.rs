//! The log as a folder of static files, as in C2SP `tlog-tiles`.
//!
//! Nothing here is ground state: the folder is made from the entries, and can be made again. Its
//! checkpoint is written last, after all that it speaks of is durable, so that a crash at any
//! point leaves a folder that holds; the files of what was not yet published are written again.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::mem;
use std::path::{Path, PathBuf};

use crate::edge::Edge;
use crate::hash::HASH_BYTES;
use crate::tile::FULL;
use crate::{
    Checkpoint, Error, Hash, Note, NoteSignature, Tile, TileKind, TileTree, TreeHead, Verified,
    VerifierKey, bundle, leaf_hash, verify, write,
};

const CHECKPOINT: &str = "checkpoint";
const LOCK: &str = ".lock";

/// A folder that is being written. Only one process at a time writes a folder; any number read.
#[derive(Debug)]
pub struct TileDirectory {
    files: TileFiles,
    note: Note,
    published: TreeHead,
    edge: Edge,
    /// The entries after the last full bundle.
    bundle: Vec<u8>,
    unsynced: BTreeSet<PathBuf>,
    /// Full tiles whose partial forms nobody needs after the next checkpoint.
    filled: Vec<Tile>,
    _lock: File,
}

/// A folder that is read.
#[derive(Debug, Clone)]
pub struct TileFiles {
    folder: PathBuf,
}

impl TileFiles {
    /// Names a folder; nothing is read yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads the checkpoint, with all its signatures; none of them is verified yet.
    ///
    /// # Errors
    ///
    /// Returns an error if there is none or it is damaged.
    pub fn checkpoint(&self) -> Result<Note, Error> {
        let path = self.folder.join(CHECKPOINT);
        let bytes = fs::read(&path).map_err(|error| Error::io(&path, error))?;
        let text = String::from_utf8(bytes).map_err(|_| Error::corrupt("not UTF-8"));
        text.and_then(|text| text.parse()).map_err(|error| error.within(path.display()))
    }

    /// Reads a tile; a partial one also from a wider one that took its place.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not there or too short.
    pub fn tile(&self, tile: Tile) -> Result<Vec<u8>, Error> {
        let path = self.folder.join(tile.path());
        match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !tile.is_full() => {
                let wider = self.wider(tile).ok_or_else(|| Error::io(&path, error))?;
                cut(tile, &wider)
            }
            read => read.map_err(|error| Error::io(&path, error)),
        }
    }

    fn wider(&self, tile: Tile) -> Option<Vec<u8>> {
        let widths = partial_widths(&self.folder.join(format!("{}.p", tile.folder())));
        let partial = widths.into_iter().flatten().filter(|width| *width > tile.width);
        let mut wider = partial.map(|width| Tile { width, ..tile }).chain([tile.full()]);
        wider.find_map(|it| fs::read(self.folder.join(it.path())).ok())
    }

    /// Returns the tree of the first `size` entries.
    pub fn tree(&self, size: u64) -> TileTree<impl FnMut(Tile) -> Result<Vec<u8>, Error>> {
        TileTree::new(size, |tile| self.tile(tile))
    }

    /// Reads the entry at `index` of a tree of `size` entries.
    ///
    /// # Errors
    ///
    /// Returns an error if the tree is smaller, or the bundle is missing or damaged.
    pub fn entry(&self, index: u64, size: u64) -> Result<Vec<u8>, Error> {
        let tile = Tile::holding(TileKind::Entries, index, size)?;
        let bytes = self.tile(tile)?;
        let entries = bundle::entries(tile, &bytes)?;
        let at = usize::try_from(index % FULL).unwrap_or(usize::MAX);
        let entry = entries.get(at).map(|entry| (*entry).to_vec());
        entry.ok_or_else(|| Error::corrupt("too short").within(tile.path()))
    }

    /// Makes the tree again from the entries, and compares every file with it.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no checkpoint, or it is not signed by the key of the log.
    /// What else is wrong is listed in what is returned.
    pub fn verify(&self, log: &VerifierKey) -> Result<Verified, Error> {
        let checkpoint = Checkpoint::of_note(&self.checkpoint()?, log)?;
        verify::files(self, &checkpoint)
    }
}

impl TileDirectory {
    /// Makes a new folder with the signed checkpoint of an empty log.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_already_there`] holds if there is a log already.
    pub fn create(folder: &Path, note: &Note) -> Result<Self, Error> {
        write::create_folder(folder)?;
        let path = folder.join(CHECKPOINT);
        let lock = lock(folder)?;
        if path.exists() {
            let error = std::io::ErrorKind::AlreadyExists.into();
            return Err(Error::io(&path, error));
        }
        let head = note.text().parse::<Checkpoint>()?.head();
        if head != (TreeHead { size: 0, root: Hash::of_nothing() }) {
            return Err(Error::misuse("a new log has no entries"));
        }
        write::replace(&path, note.to_string().as_bytes())?;
        write::sync_folder(folder)?;
        Self::begin(folder, lock)
    }

    /// Makes a new folder of a log that has entries already, with a checkpoint that it signed.
    ///
    /// The entries handed over must be those of the checkpoint; it becomes visible when
    /// [`publish`](Self::publish) is called with it.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`Error::is_already_there`] holds if there is a log already.
    pub fn create_copy(folder: &Path, note: &Note) -> Result<Self, Error> {
        write::create_folder(folder)?;
        let path = folder.join(CHECKPOINT);
        let lock = lock(folder)?;
        if path.exists() {
            return Err(Error::io(&path, std::io::ErrorKind::AlreadyExists.into()));
        }
        Self::at(folder, note.clone(), lock)
    }

    /// Opens a folder to go on after its checkpoint.
    ///
    /// # Errors
    ///
    /// Returns an error if another process writes it, or if the tiles at the right edge do not
    /// lead to the root of the checkpoint.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let mut directory = Self::begin(folder, lock(folder)?)?;
        let size = directory.published.size;
        let files = directory.files.clone();
        directory.edge = Edge::read(size, &mut |tile| files.tile(tile))?;
        if !size.is_multiple_of(FULL) {
            directory.bundle = files.tile(Tile::holding(TileKind::Entries, size - 1, size)?)?;
        }
        directory.refuse_other_root()?;
        Ok(directory)
    }

    /// Opens a folder to make all its tiles again, whatever is there. The entries handed over
    /// must be those that were published: this is checked when their number is reached.
    ///
    /// # Errors
    ///
    /// Returns an error if another process writes it, or there is no checkpoint.
    pub fn rebuild(folder: &Path) -> Result<Self, Error> {
        Self::begin(folder, lock(folder)?)
    }

    fn begin(folder: &Path, lock: File) -> Result<Self, Error> {
        let note = TileFiles::new(folder).checkpoint()?;
        Self::at(folder, note, lock)
    }

    fn at(folder: &Path, note: Note, lock: File) -> Result<Self, Error> {
        let published = note.text().parse::<Checkpoint>()?.head();
        Ok(Self {
            files: TileFiles::new(folder),
            note,
            published,
            edge: Edge::default(),
            bundle: Vec::new(),
            unsynced: BTreeSet::new(),
            filled: Vec::new(),
            _lock: lock,
        })
    }

    /// Returns the folder for reading.
    #[must_use]
    pub const fn files(&self) -> &TileFiles {
        &self.files
    }

    /// Returns the checkpoint that is published, with its signatures.
    #[must_use]
    pub const fn checkpoint(&self) -> &Note {
        &self.note
    }

    /// Returns how many entries are in the folder, published or not: the index of the next.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Returns the head that the next checkpoint must have.
    ///
    /// # Errors
    ///
    /// Returns an error if the edge is damaged.
    pub fn head(&self) -> Result<TreeHead, Error> {
        Ok(self.edge.frontier()?.head())
    }

    /// Adds the next entry. It is visible to readers after [`publish`](Self::publish).
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be written; if the entry is longer than 65,535 bytes; or
    /// if the entries turn out not to be those that were published.
    pub fn append(&mut self, entry: &[u8]) -> Result<(), Error> {
        bundle::push(&mut self.bundle, entry)?;
        let mut full = Vec::new();
        self.edge.push(leaf_hash(entry), &mut |tile, bytes| {
            full.push((tile, bytes.to_vec()));
            Ok(())
        })?;
        if self.edge.size().is_multiple_of(FULL) {
            let size = self.edge.size();
            let tile = Tile::holding(TileKind::Entries, size - 1, size)?;
            full.push((tile, mem::take(&mut self.bundle)));
        }
        for (tile, bytes) in full {
            self.write(tile, &bytes)?;
            self.filled.push(tile);
        }
        if self.edge.size() == self.published.size { self.refuse_other_root() } else { Ok(()) }
    }

    /// Publishes what was added: the tiles, and when all of them are durable, the checkpoint.
    ///
    /// # Errors
    ///
    /// Returns an error if the checkpoint is not that of the entries added, or a file cannot be
    /// written. What was published before stands.
    pub fn publish(&mut self, note: &Note) -> Result<(), Error> {
        let head = note.text().parse::<Checkpoint>()?.head();
        if head != self.head()? || head.size < self.published.size {
            return Err(Error::misuse("the checkpoint is not that of the entries of the folder"));
        }
        for (tile, bytes) in self.edge.partial()? {
            self.write(tile, &bytes)?;
        }
        if !self.bundle.is_empty() {
            let tile = Tile::holding(TileKind::Entries, head.size - 1, head.size)?;
            let bytes = mem::take(&mut self.bundle);
            self.write(tile, &bytes)?;
            self.bundle = bytes;
        }
        for folder in mem::take(&mut self.unsynced) {
            write::sync_folder(&folder)?;
        }
        self.write_checkpoint(note)?;
        self.published = head;
        self.remove_partial()
    }

    /// Adds the cosignature of a witness to the checkpoint.
    ///
    /// # Errors
    ///
    /// Returns an error if the checkpoint cannot be written.
    pub fn add_signature(&mut self, signature: NoteSignature) -> Result<(), Error> {
        let mut note = self.note.clone();
        note.add(signature);
        self.write_checkpoint(&note)
    }

    fn write_checkpoint(&mut self, note: &Note) -> Result<(), Error> {
        let folder = &self.files.folder;
        write::replace(&folder.join(CHECKPOINT), note.to_string().as_bytes())?;
        write::sync_folder(folder)?;
        self.note = note.clone();
        Ok(())
    }

    fn write(&mut self, tile: Tile, bytes: &[u8]) -> Result<(), Error> {
        let path = self.files.folder.join(tile.path());
        let folder = write::folder_of(&path);
        if self.unsynced.insert(folder.clone()) {
            write::create_folder(&folder)?;
        }
        write::replace(&path, bytes)
    }

    fn remove_partial(&mut self) -> Result<(), Error> {
        for tile in mem::take(&mut self.filled) {
            let folder = self.files.folder.join(format!("{}.p", tile.folder()));
            match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io(&folder, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn refuse_other_root(&self) -> Result<(), Error> {
        if self.head()? == self.published {
            return Ok(());
        }
        let message = "the entries do not lead to the root of the published checkpoint";
        Err(Error::corrupt(message).within(self.files.folder.display()))
    }
}

/// The first items of a full tile.
pub(crate) fn cut(tile: Tile, full: &[u8]) -> Result<Vec<u8>, Error> {
    match tile.kind {
        TileKind::Entries => bundle::prefix(tile, full),
        TileKind::Hashes { .. } => {
            let bytes = full.get(..usize::from(tile.width) * HASH_BYTES);
            let bytes = bytes.ok_or_else(|| Error::corrupt("too short").within(tile.path()))?;
            Ok(bytes.to_vec())
        }
    }
}

fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(false);
    let file = options.open(&path).map_err(|error| Error::io(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            let message = "another process writes this folder";
            Err(Error::misuse(message).within(folder.display()))
        }
        Err(fs::TryLockError::Error(error)) => Err(Error::io(&path, error)),
    }
}

/// The widths of the partial forms of a tile, the least first.
pub(crate) fn partial_widths(folder: &Path) -> Result<Vec<u16>, Error> {
    let listed = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(|error| Error::io(folder, error))?,
    };
    let mut widths = Vec::new();
    for file in listed {
        let file = file.map_err(|error| Error::io(folder, error))?;
        widths.extend(file.file_name().to_str().and_then(|name| name.parse::<u16>().ok()));
    }
    widths.sort_unstable();
    Ok(widths)
}
