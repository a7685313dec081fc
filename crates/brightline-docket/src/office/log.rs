//! The public side of the log: signed checkpoints and tiles, made from the store behind the work.
//!
//! Nothing waits for this, and it can be killed at any time: what was not published yet is
//! published the next time, from the entries.

use std::path::PathBuf;
use std::time::Duration;

use brightline_ledger::{Checkpoint, Frontier, SignerKey, TileDirectory};
use sqlx::Row;
use tokio::task::JoinHandle;

use super::Office;
use super::summary::count;
use crate::error::Error;

/// Commitments read at a time.
const CHUNK: i64 = 4096;

/// Where the log is published, and in whose voice.
pub struct LogPlace {
    /// The folder of the tiles.
    pub folder: PathBuf,
    /// The origin line of checkpoints: the name of the log.
    pub origin: String,
    /// The key that signs them.
    pub signer: SignerKey,
}

/// The publishing task; it stops when this is dropped.
pub struct LogKeeper {
    task: JoinHandle<()>,
}

impl Drop for LogKeeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Office {
    /// Publishes what was recorded since the last time: tiles first, then the checkpoint.
    ///
    /// Returns the size of the tree that is published now.
    ///
    /// # Errors
    ///
    /// When the store or the folder cannot be used, or the folder holds another log.
    pub async fn publish_log(&self, place: &LogPlace) -> Result<u64, Error> {
        let ledger = |error| Error::unavailable("the log cannot be published").because(error);
        let row = sqlx::query("SELECT frontier FROM head WHERE one = 1")
            .fetch_one(self.store().read())
            .await?;
        let frontier = Frontier::from_bytes(&row.try_get::<Vec<u8>, _>(0)?).map_err(ledger)?;
        let head = frontier.head();
        let mut directory = open(place).map_err(ledger)?;
        let mut from = directory.head().map_err(ledger)?.size;
        while from < head.size {
            let sql = "SELECT commitment FROM entries WHERE position >= $1 AND position < $2 \
                       ORDER BY position";
            let until = head.size.min(from.saturating_add(CHUNK.unsigned_abs()));
            let rows = sqlx::query(sql)
                .bind(count(from))
                .bind(count(until))
                .fetch_all(self.store().read())
                .await?;
            if rows.len() as u64 != until - from {
                return Err(Error::corrupt("entries are missing that the tree has counted"));
            }
            for row in rows {
                directory.append(&row.try_get::<Vec<u8>, _>(0)?).map_err(ledger)?;
            }
            from = until;
        }
        if directory.head().map_err(ledger)? != head {
            return Err(Error::corrupt("the entries are not those that the tree was made of"));
        }
        let checkpoint = Checkpoint::new(&place.origin, head).map_err(ledger)?;
        let note = checkpoint.signed_by(&place.signer).map_err(ledger)?;
        directory.publish(&note).map_err(ledger)?;
        self.keep_checkpoint(head.size, &note.to_string()).await?;
        Ok(head.size)
    }

    /// Keeps the checkpoint beside the entries: whoever restores an older store is found out.
    async fn keep_checkpoint(&self, size: u64, note: &str) -> Result<(), Error> {
        let mut writing = self.store().write().await?;
        // Its time is that of its last entry, so that nothing about it stands by itself.
        let sql = "SELECT at FROM entries WHERE position = $1";
        let last = sqlx::query(sql).bind(count(size) - 1).fetch_optional(&mut *writing).await?;
        let at = last.map_or(Ok(0), |row| row.try_get::<i64, _>(0))?;
        let sql = "INSERT INTO checkpoints (size, at, note) VALUES ($1, $2, $3) \
                   ON CONFLICT DO NOTHING";
        sqlx::query(sql)
            .bind(count(size))
            .bind(at)
            .bind(note.to_owned())
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }

    /// Publishes again and again, until what is returned is dropped; errors go to `complain`.
    #[must_use]
    pub fn keep_log(
        &self,
        place: LogPlace,
        every: Duration,
        complain: impl Fn(&Error) + Send + 'static,
    ) -> LogKeeper {
        let office = self.clone();
        let task = tokio::spawn(async move {
            let mut published = None;
            loop {
                tokio::time::sleep(every).await;
                if published.is_some() && office.size().await.ok() == published {
                    continue;
                }
                match office.publish_log(&place).await {
                    Ok(size) => published = Some(size),
                    Err(error) => complain(&error),
                }
            }
        });
        LogKeeper { task }
    }

    /// Returns how many entries the log has.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn size(&self) -> Result<u64, Error> {
        let sql = "SELECT size FROM head WHERE one = 1";
        let row = sqlx::query(sql).fetch_one(self.store().read()).await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }
}

/// Opens the folder, or begins it with the checkpoint of an empty tree.
fn open(place: &LogPlace) -> Result<TileDirectory, brightline_ledger::Error> {
    match TileDirectory::open(&place.folder) {
        Err(error) if error.is_not_found() => {
            let empty = Checkpoint::new(&place.origin, Frontier::new().head())?;
            TileDirectory::create(&place.folder, &empty.signed_by(&place.signer)?)
        }
        opened => opened,
    }
}
