//! What a pack is made of before it is checked: text and tables, already read from wherever.

/// All packs to check together, parents before or after children, in any order.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The packs.
    pub packs: Vec<PackSource>,
}

/// One pack: the manifest's values, the files, the tables.
#[derive(Debug, Clone, Default)]
pub struct PackSource {
    /// `us-ny-nyc`.
    pub id: String,
    /// `New York City`.
    pub title: String,
    /// The packs above it, outermost first: `us`, `us-ny`.
    pub parents: Vec<String>,
    /// IANA name of the time zone.
    pub zone: String,
    /// First day (`YYYY-MM-DD`) for which the pack records the law.
    pub recorded_from: Option<String>,
    /// Where the texts were read.
    pub references: Vec<SourceReference>,
    /// The `*.law.md` files, sorted by path.
    pub files: Vec<SourceFile>,
    /// The CSV files, already split into cells, sorted by path.
    pub tables: Vec<TableSource>,
}

/// A text that a pack rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceReference {
    /// The name used in `source ID read`.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where it was read.
    pub url: String,
    /// The day it was read, `YYYY-MM-DD`.
    pub read: String,
    /// What it was read for, where no provision names it: `the day of effect`.
    pub purpose: String,
}

/// A `*.law.md` file.
#[derive(Debug, Clone, Default)]
pub struct SourceFile {
    /// Path as shown in diagnostics: `us-ny-nyc/9-131.law.md`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// A CSV file split into cells.
#[derive(Debug, Clone, Default)]
pub struct TableSource {
    /// Path relative to the pack: `violent-or-serious-crimes.csv`.
    pub path: String,
    /// The names of the columns.
    pub header: Vec<String>,
    /// Line number (from 1) and cells of every row.
    pub rows: Vec<(u32, Vec<String>)>,
}

impl Sources {
    /// Returns the files of all packs in the order that [`crate::diagnostic::Span::file`] counts.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.packs.iter().flat_map(|pack| pack.files.iter())
    }
}
