//! The store written into a file, as it stands at one moment, while the office goes on.

use std::fs::{self, OpenOptions};
use std::future::poll_fn;
use std::path::{Path, PathBuf};

use brightline_ledger::{Frontier, Note, leaf_hash};
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::frame::{FrameWriter, Kind};
use super::{BackupHeader, BackupParts, Counts, SIGNED, Table, tables};
use crate::error::Error;
use crate::seal::hexadecimal;
use crate::store::{Engine, Store};

/// Rows are written together until they have this many bytes.
const CHUNK_BYTES: usize = 256 << 10;
/// The table whose rows are the leaves of the tree.
const ENTRIES: &str = "entries";

impl Store {
    /// Writes everything that the store holds at one moment into a new file.
    ///
    /// The office may go on meanwhile; what is recorded after the moment is not in it.
    /// The tree is made again from the entries on the way, so that what is written holds.
    ///
    /// # Errors
    ///
    /// When a file of that name is there, it cannot be written, the store cannot be read, or its
    /// entries are not those of its tree; no file is left then.
    pub async fn back_up(&self, to: &Path, parts: BackupParts<'_>) -> Result<BackupHeader, Error> {
        let shown = to.display();
        let unwritten = |error: std::io::Error| {
            Error::unavailable(format!("the backup `{shown}` cannot be written: {error}"))
        };
        if to.exists() {
            let error = Error::conflict(format!("`{shown}` is there already"));
            return Err(error.help("a backup overwrites nothing; name another file"));
        }
        let part = part_of(to);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part).map_err(unwritten)?;
        let written = match FrameWriter::begin(file).map_err(unwritten) {
            Ok(writer) => dump(self, writer, &parts).await,
            Err(error) => Err(error),
        };
        let kept = written.and_then(|header| {
            fs::rename(&part, to).map_err(unwritten)?;
            let folder = to.parent().filter(|it| !it.as_os_str().is_empty());
            let folder = fs::File::open(folder.unwrap_or(Path::new(".")));
            folder.and_then(|folder| folder.sync_all()).map_err(unwritten)?;
            Ok(header)
        });
        if kept.is_err() {
            let _ = fs::remove_file(&part);
        }
        kept
    }
}

/// The name under which a file is written until it is whole.
pub(super) fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

async fn dump(
    store: &Store,
    mut writer: FrameWriter,
    parts: &BackupParts<'_>,
) -> Result<BackupHeader, Error> {
    let begin = match store.engine() {
        Engine::Sqlite => "BEGIN",
        Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    let mut reading = store.read().begin_with(begin).await?;
    let head = head(&mut reading).await?;
    let header = BackupHeader {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: parts.at,
        entries: head.size(),
        root: head.root().to_string(),
        signed_by: parts.signer.map(|key| key.verifier().to_string()).unwrap_or_default(),
        migrations: tables::migrations(&mut reading).await?,
    };
    writer.frame(Kind::Header, &json(&header)?).map_err(full)?;
    for (name, bytes) in &parts.files {
        let mut frame = name.clone().into_bytes();
        frame.push(0);
        frame.extend(bytes);
        writer.frame(Kind::File, &frame).map_err(full)?;
    }
    let mut counts = Counts::new();
    for table in tables::list(&mut reading, store.engine()).await? {
        writer.frame(Kind::Table, &json(&table)?).map_err(full)?;
        let frontier = (table.name == ENTRIES).then(Frontier::new);
        let (count, frontier) = rows(&mut reading, &table, &mut writer, frontier).await?;
        if frontier.is_some_and(|it| it.to_bytes() != head.to_bytes()) {
            let error = Error::corrupt("the entries are not those that the tree was made of");
            return Err(error.help("run `brightline audit`; earlier backups are not touched"));
        }
        counts.insert(table.name, count);
    }
    reading.rollback().await?;
    writer.frame(Kind::End, &json(&counts)?).map_err(full)?;
    let text = signed_text(&writer.digest());
    let note = match parts.signer {
        None => text,
        Some(key) => Note::sign(&text, key)
            .map_err(|error| Error::unavailable("the backup cannot be signed").because(error))?
            .to_string(),
    };
    writer.frame(Kind::Signature, note.as_bytes()).map_err(full)?;
    writer.finish().map_err(full)?;
    Ok(header)
}

/// What is signed of a backup.
pub(super) fn signed_text(digest: &[u8]) -> String {
    format!("{SIGNED}\nsha256:{}\n", hexadecimal(digest))
}

async fn head(reading: &mut Transaction<'static, Any>) -> Result<Frontier, Error> {
    let sql = "SELECT frontier FROM head WHERE one = 1";
    let Some(row) = sqlx::query(sql).fetch_optional(&mut **reading).await? else {
        return Ok(Frontier::new());
    };
    let damaged = |error| Error::corrupt("the head of the tree is damaged").because(error);
    Frontier::from_bytes(&row.try_get::<Vec<u8>, _>(0)?).map_err(damaged)
}

/// Writes the rows of a table, one after another from the database; returns how many, and the
/// tree of their commitments where they are entries.
async fn rows(
    reading: &mut Transaction<'static, Any>,
    table: &Table,
    writer: &mut FrameWriter,
    mut frontier: Option<Frontier>,
) -> Result<(u64, Option<Frontier>), Error> {
    let commitment = table.index_of("commitment").unwrap_or_default();
    let select = AssertSqlSafe(table.select());
    let mut rows = sqlx::query(select).fetch(&mut **reading);
    let (mut count, mut chunk) = (0, Vec::with_capacity(CHUNK_BYTES * 2));
    while let Some(row) = poll_fn(|context| rows.as_mut().poll_next(context)).await {
        let row = row?;
        table.push(&row, &mut chunk)?;
        count += 1;
        if let Some(frontier) = &mut frontier {
            frontier.append(leaf_hash(&row.try_get::<Vec<u8>, _>(commitment)?));
        }
        if chunk.len() >= CHUNK_BYTES {
            writer.frame(Kind::Rows, &chunk).map_err(full)?;
            chunk.clear();
        }
    }
    if !chunk.is_empty() {
        writer.frame(Kind::Rows, &chunk).map_err(full)?;
    }
    Ok((count, frontier))
}

fn full(error: std::io::Error) -> Error {
    Error::unavailable(format!("the backup cannot be written: {error}"))
        .help("no file was left; the store is as it was")
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value)
        .map_err(|error| Error::unavailable("the backup cannot be written").because(error))
}
