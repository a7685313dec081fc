//! A backup looked at from its first byte to its last, and only then put into a store.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use brightline_ledger::{Note, VerifierKey};
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::frame::{FrameReader, Kind, damaged};
use super::tables::Value;
use super::write::{part_of, signed_text};
use super::{BackupHeader, Counts, Table};
use crate::error::Error;
use crate::store::{Migration, Store};

/// Rows of one statement.
const ROWS_MAX: usize = 64;

/// A backup whose every byte is what was written.
///
/// ```no_run
/// # async fn restore() -> Result<(), brightline_docket::Error> {
/// use brightline_docket::Backup;
///
/// let backup = Backup::open("monday.backup".as_ref())?;
/// println!("{} entries", backup.header().entries);
/// backup.restore("sqlite:restored/brightline.db", &[]).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Backup {
    path: PathBuf,
    header: BackupHeader,
    files: BTreeMap<String, Vec<u8>>,
    counts: Counts,
    digest: [u8; 32],
    note: String,
}

impl Backup {
    /// Reads a backup from end to end: its digest, its signature, its parts.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is damaged, was cut short, or is not signed as it says.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut reader = FrameReader::open(path)?;
        let (kind, bytes) = reader.next()?;
        if kind != Kind::Header {
            return Err(damaged("it does not begin with its head"));
        }
        let header = from_json(&bytes)?;
        let (mut files, mut counts, mut digest) = (BTreeMap::new(), None, reader.digest());
        let note = loop {
            let (kind, bytes) = reader.next()?;
            match kind {
                Kind::File => {
                    let at = bytes.iter().position(|it| *it == 0).unwrap_or(bytes.len());
                    let (name, content) = bytes.split_at(at);
                    let name = String::from_utf8_lossy(name).into_owned();
                    files.insert(name, content.get(1..).unwrap_or_default().to_vec());
                }
                Kind::End => counts = Some(from_json(&bytes)?),
                Kind::Signature => {
                    let text = String::from_utf8(bytes);
                    break text.map_err(|_| damaged("its signature is no text"))?;
                }
                Kind::Table | Kind::Rows => {}
                Kind::Header => return Err(damaged("it has two heads")),
            }
            digest = reader.digest();
        };
        reader.end()?;
        let counts = counts.ok_or_else(|| damaged("it does not say how much is in it"))?;
        let backup = Self { path: path.to_owned(), header, files, counts, digest, note };
        backup.require_signature()?;
        Ok(backup)
    }

    fn require_signature(&self) -> Result<(), Error> {
        let text = signed_text(&self.digest);
        if self.header.signed_by.is_empty() {
            let is_same = self.note == text;
            return if is_same { Ok(()) } else { Err(damaged("its digest is another")) };
        }
        let wrong = |_| damaged("its signature is not that of its key");
        let key: VerifierKey = self.header.signed_by.parse().map_err(wrong)?;
        let note: Note = self.note.parse().map_err(wrong)?;
        if note.text() != text {
            return Err(damaged("its digest is another"));
        }
        note.signed_by(&key).map_err(wrong).map(drop)
    }

    /// Looks whether the backup was signed by a key that the caller trusts.
    ///
    /// # Errors
    ///
    /// When it was signed by another key, or by none.
    pub fn require_signer(&self, key: &VerifierKey) -> Result<(), Error> {
        if self.header.signed_by == key.to_string() {
            return Ok(());
        }
        let help = "it was made by somebody else, or the key is that of another log";
        Err(Error::corrupt("the backup was not signed by the key given").help(help))
    }

    /// Returns what it says of itself.
    #[must_use]
    pub fn header(&self) -> &BackupHeader {
        &self.header
    }

    /// Returns the files that were beside the store, by name.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// Returns how many rows each table has.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    /// Puts everything into a store that holds nothing: a new file, or an empty database.
    ///
    /// `service` are the migrations of the service, of which those are run that the backup names.
    ///
    /// # Errors
    ///
    /// When the store holds something, or cannot be written; when the backup was made by a newer
    /// program. Nothing is left half restored: a file is put in its place when it is whole, and a
    /// database has all of it or nothing.
    pub async fn restore(&self, url: &str, service: &[Migration]) -> Result<(), Error> {
        let migrations = self.migrations(service)?;
        let Some(file) = url.strip_prefix("sqlite:") else {
            let store = Store::open_unchanged(url).await?;
            let filled = self.fill(&store, &migrations).await;
            store.close().await;
            return filled;
        };
        let file = PathBuf::from(file.split('?').next().unwrap_or(file));
        let shown = file.display();
        if file.exists() {
            let error = Error::conflict(format!("there are records in `{shown}` already"));
            return Err(error.help("a backup is restored into a new place, and overwrites nothing"));
        }
        let part = part_of(&file);
        remove(&part);
        let store = Store::open_unchanged(&format!("sqlite:{}", part.display())).await?;
        let filled = self.fill(&store, &migrations).await;
        let cut = store.cut_journal().await;
        store.close().await;
        let moved = filled.and(cut).and_then(|()| {
            std::fs::rename(&part, &file)
                .map_err(|error| Error::unavailable(format!("`{shown}` cannot be made: {error}")))
        });
        if moved.is_err() {
            remove(&part);
        }
        moved
    }

    /// The migrations that its tables have, of those that this program knows.
    fn migrations(&self, service: &[Migration]) -> Result<Vec<Migration>, Error> {
        let known: Vec<&Migration> = Store::migrations().iter().chain(service).collect();
        let mut wanted = Vec::new();
        for stamp in &self.header.migrations {
            let found = known.iter().find(|it| it.number == stamp.number);
            match found.filter(|it| it.digest() == stamp.digest) {
                Some(migration) => wanted.push(**migration),
                None => {
                    let (number, name) = (stamp.number, &stamp.name);
                    let message = format!("this program does not know migration {number}, {name}");
                    let made_by = &self.header.program;
                    let help = format!("restore with the program that made it, version {made_by}");
                    return Err(Error::unavailable(message).help(help));
                }
            }
        }
        Ok(wanted)
    }

    async fn fill(&self, store: &Store, migrations: &[Migration]) -> Result<(), Error> {
        store.migrate(migrations).await?;
        let mut writing = store.write().await?;
        let mut reader = FrameReader::open(&self.path)?;
        let mut filling: Option<Filling> = None;
        let (mut counts, mut digest) = (Counts::new(), [0; 32]);
        loop {
            let (kind, bytes) = reader.next()?;
            match kind {
                Kind::Header | Kind::File => {}
                Kind::Table => {
                    close(&mut writing, filling.take(), &mut counts).await?;
                    let table: Table = from_json(&bytes)?;
                    table.require_names()?;
                    if table.has_rows(&mut writing).await? {
                        let error = Error::conflict("the database holds something already");
                        return Err(error.help("a backup is restored into an empty database"));
                    }
                    filling = Some(Filling { table, waiting: Vec::new(), count: 0 });
                }
                Kind::Rows => {
                    let filling = filling.as_mut().ok_or_else(|| damaged("rows of no table"))?;
                    filling.take(&mut writing, &bytes).await?;
                }
                Kind::End => {}
                Kind::Signature => break,
            }
            digest = reader.digest();
        }
        close(&mut writing, filling, &mut counts).await?;
        if digest != self.digest || counts != self.counts {
            return Err(damaged("it is another than a moment ago"));
        }
        self.require_head(&mut writing).await?;
        Ok(writing.commit().await?)
    }

    async fn require_head(&self, writing: &mut Transaction<'static, Any>) -> Result<(), Error> {
        let sql = "SELECT COUNT(*) FROM entries";
        let entries: i64 = sqlx::query(sql).fetch_one(&mut **writing).await?.try_get(0)?;
        if entries.unsigned_abs() == self.header.entries {
            return Ok(());
        }
        Err(damaged("it has other entries than it says"))
    }
}

/// A table that is being filled.
struct Filling {
    table: Table,
    waiting: Vec<Vec<Value>>,
    count: u64,
}

impl Filling {
    async fn take(
        &mut self,
        writing: &mut Transaction<'static, Any>,
        mut rows: &[u8],
    ) -> Result<(), Error> {
        while let Some(row) = self.table.read(&mut rows) {
            self.waiting.push(row?);
            self.count += 1;
            if self.waiting.len() == ROWS_MAX {
                self.flush(writing).await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self, writing: &mut Transaction<'static, Any>) -> Result<(), Error> {
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() {
            return Ok(());
        }
        let marks = crate::store::marks(rows.len(), self.table.columns.len());
        let (name, columns) = (&self.table.name, self.table.names());
        let sql = format!("INSERT INTO {name} ({columns}) VALUES {marks}");
        let is_kept = rows.len() == ROWS_MAX;
        let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(is_kept);
        for value in rows.into_iter().flatten() {
            query = match value {
                Value::Number(it) => query.bind(it),
                Value::Text(it) => query.bind(it),
                Value::Bytes(it) => query.bind(it),
            };
        }
        query.execute(&mut **writing).await?;
        Ok(())
    }
}

async fn close(
    writing: &mut Transaction<'static, Any>,
    filling: Option<Filling>,
    counts: &mut Counts,
) -> Result<(), Error> {
    if let Some(mut filling) = filling {
        filling.flush(writing).await?;
        counts.insert(filling.table.name, filling.count);
    }
    Ok(())
}

/// Removes what an earlier try left, with its journal.
fn remove(part: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = part.file_name().unwrap_or_default().to_owned();
        name.push(end);
        // What is not there needs no removing; what cannot be removed is found when it is opened.
        let _ = std::fs::remove_file(part.with_file_name(name));
    }
}

fn from_json<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|_| damaged("a part of it cannot be read"))
}
