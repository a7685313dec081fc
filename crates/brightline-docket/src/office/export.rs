//! The public log made again from the store, for whoever wants to check it elsewhere.

use std::path::Path;

use brightline_ledger::{Checkpoint, Note, TileDirectory, VerifierKey};
use sqlx::Row;

use super::summary::count;
use crate::error::Error;
use crate::store::Store;

/// Commitments read at a time.
const CHUNK: i64 = 4096;

/// Where an entry of a case stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryPlace {
    /// Its place within the case, from 1.
    pub number: u64,
    /// Its place in the log, from 0.
    pub position: u64,
}

impl Store {
    /// Returns the last checkpoint that was published, signed by the key of the log; none where
    /// nothing was published yet.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or what it holds is not signed by the key.
    pub async fn last_checkpoint(&self, key: &VerifierKey) -> Result<Option<Note>, Error> {
        let sql = "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1";
        let Some(row) = sqlx::query(sql).fetch_optional(self.read()).await? else {
            return Ok(None);
        };
        let ledger =
            |error| Error::corrupt("the checkpoint of the store is damaged").because(error);
        let note: Note = row.try_get::<String, _>(0)?.parse().map_err(ledger)?;
        Checkpoint::of_note(&note, key).map_err(ledger)?;
        Ok(Some(note))
    }

    /// Makes the public log again in a new folder: its tiles, and a checkpoint of the store.
    ///
    /// Returns how many entries it has.
    ///
    /// # Errors
    ///
    /// When there is a log in the folder, a file cannot be written, or the entries of the store are
    /// not those of the checkpoint.
    pub async fn export_log(&self, folder: &Path, note: &Note) -> Result<u64, Error> {
        let ledger = |error: brightline_ledger::Error| match error.is_already_there() {
            true => Error::conflict(error.to_string()).help("name a folder without a log"),
            false => Error::unavailable(error.to_string()).because(error),
        };
        let head = note.text().parse::<Checkpoint>().map_err(ledger)?.head();
        let mut directory = TileDirectory::create_copy(folder, note).map_err(ledger)?;
        let mut from = 0;
        while from < head.size {
            let sql = "SELECT commitment FROM entries WHERE position >= $1 AND position < $2 \
                       ORDER BY position";
            let until = head.size.min(from.saturating_add(CHUNK.unsigned_abs()));
            let query = sqlx::query(sql).bind(count(from)).bind(count(until));
            let rows = query.fetch_all(self.read()).await?;
            if rows.len() as u64 != until - from {
                return Err(Error::corrupt("entries are missing that the checkpoint has counted"));
            }
            for row in rows {
                directory.append(&row.try_get::<Vec<u8>, _>(0)?).map_err(ledger)?;
            }
            from = until;
        }
        directory.publish(note).map_err(ledger)?;
        Ok(head.size)
    }

    /// Returns the places of the entries of a case in the log; nothing of what they say.
    ///
    /// # Errors
    ///
    /// When there is no such case, or the store cannot be read.
    pub async fn entry_places(&self, reference: &str) -> Result<Vec<EntryPlace>, Error> {
        let sql = "SELECT e.number, e.position FROM entries e JOIN cases c ON c.id = e.case_id \
                   WHERE c.reference = $1 ORDER BY e.number";
        let rows = sqlx::query(sql).bind(reference.to_owned()).fetch_all(self.read()).await?;
        if rows.is_empty() {
            return Err(Error::not_found(format!("there is no case `{reference}`")));
        }
        let place = |row: &sqlx::any::AnyRow| {
            let number = row.try_get::<i64, _>(0)?.unsigned_abs();
            Ok(EntryPlace { number, position: row.try_get::<i64, _>(1)?.unsigned_abs() })
        };
        rows.iter().map(place).collect()
    }

    /// Returns the agency of a case, as `us-ny-nyc/doc`; none where there is no such case. It is no
    /// personal data, and asking for it is not recorded as a read.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn agency_of(&self, reference: &str) -> Result<Option<String>, Error> {
        // A database may refuse letters that no reference has.
        if !reference.bytes().all(|it| it.is_ascii_graphic()) {
            return Ok(None);
        }
        let query = sqlx::query("SELECT agency FROM cases WHERE reference = $1").bind(reference);
        let row = query.fetch_optional(self.read()).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }
}
