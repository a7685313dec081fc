//! The desk: what is open in the editor, and the shelves it comes from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use brightline_law::diagnostic::Span;
use brightline_law::ir::PackId;
use lsp_types::{Location, Position, TextDocumentPositionParams, Uri};

use super::lines::{Encoding, Lines};
use super::place::{path_of, uri_of};
use super::shelf::{OpenTexts, Reading, Shelf};

/// Everything that requests are answered from.
pub(super) struct Desk {
    pub(super) encoding: Encoding,
    pub(super) open: OpenTexts,
    pub(super) shelves: BTreeMap<PathBuf, Shelf>,
}

/// A place in a file of a pack, with the packs as they stand now.
pub(super) struct Spot<'d> {
    pub(super) shelf: &'d Shelf,
    pub(super) reading: &'d Reading,
    pub(super) encoding: Encoding,
    pub(super) file: u32,
    pub(super) pack: PackId,
    pub(super) text: &'d str,
    pub(super) byte: usize,
}

impl Desk {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self { encoding, open: OpenTexts::new(), shelves: BTreeMap::new() }
    }

    /// Opens the shelf that a file belongs to, if it is a file of a pack.
    pub(super) fn shelve(&mut self, file: &Path) -> Option<&mut Shelf> {
        let directory = shelf_directory(file)?;
        let shelf = self.shelves.entry(directory.clone());
        Some(shelf.or_insert_with(|| Shelf::open(directory)))
    }

    /// Opens the shelves of a folder of the editor: the packs in it, or in its folder `packs`.
    pub(super) fn shelve_folder(&mut self, folder: &Path) {
        for directory in [folder.to_owned(), folder.join("packs")] {
            if holds_packs(&directory) {
                let shelf = self.shelves.entry(directory.clone());
                shelf.or_insert_with(|| Shelf::open(directory));
            }
        }
    }

    pub(super) fn spot(&mut self, at: &TextDocumentPositionParams) -> Option<Spot<'_>> {
        self.spot_at(&at.text_document.uri, at.position)
    }

    pub(super) fn spot_at(&mut self, uri: &Uri, position: Position) -> Option<Spot<'_>> {
        let path = path_of(uri)?;
        let directory = shelf_directory(&path)?;
        self.shelve(&path)?;
        let (open, encoding) = (&self.open, self.encoding);
        let shelf = self.shelves.get_mut(&directory)?;
        let inside = shelf.path_of(&path)?;
        shelf.reading(open);
        let shelf = self.shelves.get(&directory)?;
        let reading = shelf.read_already()?;
        let (file, pack) = reading.numbered(&inside)?;
        let text = reading.file(file)?.text.as_str();
        let byte = Lines::of(text, encoding).byte(position);
        Some(Spot { shelf, reading, encoding, file, pack, text, byte })
    }

    /// Returns the text of a file: as it is open, or as it is on disk.
    pub(super) fn text(&self, uri: &Uri) -> Option<String> {
        let path = path_of(uri)?;
        match self.open.get(&path) {
            Some(text) => Some(text.clone()),
            None => std::fs::read_to_string(path).ok(),
        }
    }
}

impl Spot<'_> {
    pub(super) fn byte32(&self) -> u32 {
        u32::try_from(self.byte).unwrap_or(u32::MAX)
    }

    /// Returns a place as the editor names it; none in a pack that is built in.
    pub(super) fn location(&self, span: Span) -> Option<Location> {
        let file = self.reading.file(span.file)?;
        let path = self.shelf.file_on_disk(&file.path)?;
        let range = Lines::of(&file.text, self.encoding).span(span);
        Some(Location { uri: uri_of(&path)?, range })
    }

    pub(super) fn range(&self, span: Span) -> lsp_types::Range {
        Lines::of(self.text, self.encoding).span(span)
    }
}

/// Returns the directory whose folders are packs, of which one holds the file.
fn shelf_directory(file: &Path) -> Option<PathBuf> {
    let folders = file.ancestors().skip(1);
    let pack = folders.into_iter().find(|folder| folder.join("pack.toml").is_file())?;
    pack.parent().map(Path::to_owned)
}

fn holds_packs(directory: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return false;
    };
    entries.flatten().any(|entry| entry.path().join("pack.toml").is_file())
}
