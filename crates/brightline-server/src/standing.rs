//! How the records stand: what is published of the log, and how old the last backup is.

use brightline_docket::{BackupHeader, Error, Store};
use sqlx::Row;

/// The change of the schema that made the table of backups.
const BACKUPS_MIGRATION: i64 = 131;

/// How the records stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Entries of the log.
    pub(crate) entries: u64,
    /// How many of them the published checkpoint counts.
    pub(crate) published: u64,
    /// When the first that it does not count was recorded, in microseconds since 1970.
    pub(crate) waiting_since: Option<i64>,
    pub(crate) backup: Option<LastBackup>,
}

/// The last backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LastBackup {
    /// In microseconds since 1970.
    pub(crate) made_at: i64,
    /// How many entries are in it.
    pub(crate) entries: u64,
}

/// Writes down that a backup was made, for whoever asks the service.
///
/// # Errors
///
/// When the store cannot be written to, or no service of this version has opened it yet.
pub async fn note_backup(store: &Store, header: &BackupHeader) -> Result<(), Error> {
    let mut writing = store.write().await?;
    let query = "SELECT 1 FROM migrations WHERE number = $1";
    let query = sqlx::query(query).bind(BACKUPS_MIGRATION);
    if query.fetch_optional(&mut *writing).await?.is_none() {
        let error = Error::unavailable("their schema is older than this program");
        return Err(error.help("a start of the service of this version brings it up to date"));
    }
    let query = "INSERT INTO backups (made_at, entries, root) VALUES ($1, $2, $3) \
                 ON CONFLICT DO NOTHING";
    sqlx::query(query)
        .bind(header.made_at)
        .bind(i64::try_from(header.entries).unwrap_or(i64::MAX))
        .bind(header.root.as_str())
        .execute(&mut *writing)
        .await?;
    Ok(writing.commit().await?)
}

impl Standing {
    pub(crate) async fn of(store: &Store) -> Result<Self, Error> {
        let query = "SELECT h.size, (SELECT COALESCE(MAX(size), 0) FROM checkpoints) \
                     FROM head h WHERE h.one = 1";
        let row = sqlx::query(query).fetch_one(store.read()).await?;
        let (entries, published): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let query = sqlx::query("SELECT at FROM entries WHERE position = $1").bind(published);
        let waiting = query.fetch_optional(store.read()).await?;
        let query = "SELECT made_at, entries FROM backups ORDER BY made_at DESC LIMIT 1";
        let backup = sqlx::query(query).fetch_optional(store.read()).await?;
        let backup = backup.map(|row| -> Result<LastBackup, Error> {
            let entries = row.try_get::<i64, _>(1)?.unsigned_abs();
            Ok(LastBackup { made_at: row.try_get(0)?, entries })
        });
        Ok(Self {
            entries: entries.unsigned_abs(),
            published: published.unsigned_abs(),
            waiting_since: waiting.map(|row| row.try_get(0)).transpose()?,
            backup: backup.transpose()?,
        })
    }
}
