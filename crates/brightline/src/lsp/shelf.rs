//! A shelf: the packs of one directory, as they are on disk and in the editor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use brightline_desk::{LoadError, Packs};
use brightline_law::diagnostic::{Diagnostic, Span};
use brightline_law::ir::{Corpus, PackId};
use brightline_law::syntax::ast::Document;
use brightline_law::syntax::parse;
use brightline_law::{Checked, SourceFile, Sources, read};

use super::index::Index;

/// The texts that are open in the editor, by file.
pub(super) type OpenTexts = BTreeMap<PathBuf, String>;

/// The packs of one directory.
pub(super) struct Shelf {
    directory: PathBuf,
    on_disk: Sources,
    /// Why the packs could not be read from disk, the last time.
    pub(super) unreadable: Option<LoadError>,
    reading: Option<Reading>,
    /// Counts what was changed, so that late findings are told from fresh ones.
    pub(super) generation: u64,
}

/// The packs as they stand in the editor now.
pub(super) struct Reading {
    pub(super) sources: Sources,
    pub(super) corpus: Corpus,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) index: Index,
}

impl Shelf {
    pub(super) fn open(directory: PathBuf) -> Self {
        let mut shelf = Self {
            directory,
            on_disk: Sources::default(),
            unreadable: None,
            reading: None,
            generation: 0,
        };
        shelf.reload();
        shelf
    }

    /// Reads the packs from disk again; where they cannot be read, those from before stay.
    pub(super) fn reload(&mut self) {
        match Packs::from_directory_over_embedded(&self.directory) {
            Ok(packs) => {
                self.on_disk = packs.sources;
                self.unreadable = None;
            }
            Err(error) => self.unreadable = Some(error),
        }
        self.touch();
    }

    /// Says that a text has changed.
    pub(super) fn touch(&mut self) {
        self.reading = None;
        self.generation += 1;
    }

    /// Returns the packs as they stand now; they are read again when something has changed.
    pub(super) fn reading(&mut self, open: &OpenTexts) -> &Reading {
        let (on_disk, directory) = (&self.on_disk, self.directory.as_path());
        self.reading.get_or_insert_with(|| Reading::of(with_open(on_disk, directory, open)))
    }

    /// Returns the packs as they were last read.
    pub(super) fn read_already(&self) -> Option<&Reading> {
        self.reading.as_ref()
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns the file of a pack that has this path in diagnostics; none for one built in.
    pub(super) fn file_on_disk(&self, path: &str) -> Option<PathBuf> {
        let (pack, _) = path.split_once('/')?;
        let is_here = self.directory.join(pack).join("pack.toml").is_file();
        is_here.then(|| self.directory.join(path))
    }

    /// Returns the path in diagnostics of a file.
    pub(super) fn path_of(&self, file: &Path) -> Option<String> {
        let inside = file.strip_prefix(&self.directory).ok()?;
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        Some(parts.join("/"))
    }
}

impl Reading {
    fn of(sources: Sources) -> Self {
        let Checked { corpus, diagnostics } = read(&sources);
        let mut documents: Vec<(usize, Document)> = Vec::new();
        let mut number = 0;
        for (pack, source) in sources.packs.iter().enumerate() {
            for file in &source.files {
                documents.push((pack, parse(number, &file.text).document));
                number += 1;
            }
        }
        let index = Index::of(&sources, &corpus, &documents);
        Self { sources, corpus, diagnostics, index }
    }

    /// Returns the file with this number.
    pub(super) fn file(&self, number: u32) -> Option<&SourceFile> {
        self.sources.files().nth(number as usize)
    }

    /// Returns the number and the pack of the file with this path.
    pub(super) fn numbered(&self, path: &str) -> Option<(u32, PackId)> {
        let number = self.sources.files().position(|file| file.path == path)?;
        let folder = path.split('/').next()?;
        let pack = self.sources.packs.iter().position(|pack| pack.id == folder)?;
        Some((u32::try_from(number).ok()?, PackId(u32::try_from(pack).ok()?)))
    }

    /// Returns the text at a place.
    pub(super) fn text(&self, span: Span) -> &str {
        let file = self.file(span.file);
        let text = file.and_then(|file| file.text.get(span.start as usize..span.end as usize));
        text.unwrap_or_default()
    }

    /// Returns a pack with those above it, to be checked by itself.
    pub(super) fn stack(&self, pack: PackId) -> Sources {
        let Some(own) = self.sources.packs.get(pack.index()) else {
            return Sources::default();
        };
        let packs = self.sources.packs.iter();
        let packs = packs.filter(|it| it.id == own.id || own.parents.contains(&it.id));
        Sources { packs: packs.cloned().collect() }
    }
}

/// Returns the packs with the texts of the editor in place of those on disk.
fn with_open(on_disk: &Sources, directory: &Path, open: &OpenTexts) -> Sources {
    let mut sources = on_disk.clone();
    for (file, text) in open {
        let Ok(inside) = file.strip_prefix(directory) else {
            continue;
        };
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        let path = parts.join("/");
        let mut packs = sources.packs.iter_mut();
        let pack = packs.find(|pack| parts.first().is_some_and(|id| pack.id == **id));
        let Some(pack) = pack.filter(|_| path.ends_with(".law.md")) else {
            continue;
        };
        match pack.files.iter_mut().find(|file| file.path == path) {
            Some(file) => file.text.clone_from(text),
            None => {
                let text = text.clone();
                pack.files.push(SourceFile { path, text });
                pack.files.sort_by(|one, other| one.path.cmp(&other.path));
            }
        }
    }
    sources
}
