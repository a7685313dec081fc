//! Tables: a file of past requests, opened against the facts of a jurisdiction.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use brightline_law::ir::{FactId, RecordId};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use crate::comma;
use crate::error::{Error, Fault};
use crate::layout::{Choices, Known, Layout, Meaning, declared, with_dictionaries};

/// Rows that are decided together: 128 blocks of 512.
pub(crate) const BATCH_ROWS: usize = 1 << 16;
/// What a Parquet file begins with.
const MAGIC: [u8; 4] = *b"PAR1";

/// A table of past requests.
pub struct Table {
    path: PathBuf,
    pub(crate) layout: Layout,
    source: Source,
}

enum Source {
    Parquet(ArrowReaderMetadata, ProjectionMask),
    Comma(arrow_schema::SchemaRef),
}

/// A part of a table that one thread reads.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    row_group: usize,
    first: usize,
    count: usize,
}

/// Batches of rows, one after the other.
pub(crate) type Batches<'t> = Box<dyn Iterator<Item = Result<RecordBatch, Fault>> + 't>;

impl Table {
    /// Opens a Parquet or CSV file, told apart by how it begins.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or a column is no fact of the jurisdiction, is of another
    /// type than it, or must not be taken in.
    pub fn open(path: &Path, known: &Known<'_>, choices: &Choices) -> Result<Self, Error> {
        let place = path.display().to_string();
        let failed = |what: String| Fault::new(&place, format!("this cannot be read: {what}"));
        let mut file = File::open(path).map_err(|error| failed(error.to_string()))?;
        let mut begin = Vec::new();
        let taken = (&mut file).take(MAGIC.len() as u64).read_to_end(&mut begin);
        taken.map_err(|error| failed(error.to_string()))?;
        if begin != MAGIC {
            let names = comma::header(path)?;
            let schema = declared(&names, known);
            let layout = Layout::of(&schema, known, choices)?;
            let source = Source::Comma(schema.into());
            return Ok(Self { path: path.to_owned(), layout, source });
        }
        let load = || -> parquet::errors::Result<ArrowReaderMetadata> {
            ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
        };
        let metadata = load().map_err(|error| failed(error.to_string()))?;
        let layout = Layout::of(metadata.schema(), known, choices)?;
        let options = ArrowReaderOptions::new().with_schema(with_dictionaries(metadata.schema()));
        let metadata = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options)
            .map_err(|error| failed(error.to_string()))?;
        let schema = metadata.schema();
        let roots = layout.names().filter_map(|name| schema.index_of(name).ok());
        let mask = ProjectionMask::roots(metadata.parquet_schema(), roots);
        Ok(Self { path: path.to_owned(), layout, source: Source::Parquet(metadata, mask) })
    }

    /// Returns how many rows the file says it has; a CSV file does not say.
    #[must_use]
    pub fn row_count(&self) -> Option<u64> {
        match &self.source {
            Source::Parquet(metadata, _) => {
                u64::try_from(metadata.metadata().file_metadata().num_rows()).ok()
            }
            Source::Comma(_) => None,
        }
    }

    /// Returns whether a fact has a column.
    #[must_use]
    pub fn has_fact(&self, fact: FactId) -> bool {
        let is = |meaning: &Meaning| matches!(meaning, Meaning::Fact(own, _) if *own == fact);
        self.layout.columns.iter().any(|(_, meaning)| is(meaning))
    }

    /// Returns whether a list of records has a column.
    #[must_use]
    pub fn has_list(&self, record: RecordId) -> bool {
        let is = |meaning: &Meaning| matches!(meaning, Meaning::Records(own, _) if *own == record);
        self.layout.columns.iter().any(|(_, meaning)| is(meaning))
    }

    /// Returns the parts: at least as many as there are threads, where the rows are enough.
    pub(crate) fn parts(&self, thread_count: usize) -> Vec<Part> {
        let Source::Parquet(metadata, _) = &self.source else {
            return vec![Part { row_group: 0, first: 0, count: usize::MAX }];
        };
        let groups = metadata.metadata().row_groups();
        let pieces = thread_count.div_ceil(groups.len().max(1));
        let mut parts = Vec::new();
        for (row_group, group) in groups.iter().enumerate() {
            let rows = usize::try_from(group.num_rows()).unwrap_or(0);
            let piece = rows.div_ceil(pieces).max(BATCH_ROWS);
            for first in (0..rows).step_by(piece) {
                parts.push(Part { row_group, first, count: piece.min(rows - first) });
            }
        }
        parts
    }

    /// Returns the batches of a part.
    pub(crate) fn batches(&self, part: Part) -> Result<Batches<'_>, Fault> {
        let place = self.path.display().to_string();
        let failed = move |what: String| Fault::new(&place, format!("this cannot be read: {what}"));
        match &self.source {
            Source::Comma(schema) => comma::batches(&self.path, schema),
            Source::Parquet(metadata, mask) => {
                let file = File::open(&self.path).map_err(|error| failed(error.to_string()))?;
                let reader =
                    ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
                        .with_projection(mask.clone())
                        .with_row_groups(vec![part.row_group])
                        .with_offset(part.first)
                        .with_limit(part.count)
                        .with_batch_size(BATCH_ROWS)
                        .build()
                        .map_err(|error| failed(error.to_string()))?;
                Ok(Box::new(reader.map(move |it| it.map_err(|error| failed(error.to_string())))))
            }
        }
    }
}
