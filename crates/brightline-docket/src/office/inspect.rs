//! The entries as they are stored, one after another: for audits, which trust nothing.

use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Office;
use super::summary::count;
use super::writer::body_place;
use crate::case::{Actor, Entry};
use crate::error::Error;
use crate::seal::{Wrapped, key_place};

/// What an entry's body says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readable {
    /// It is what was recorded.
    Whole(Box<Entry>),
    /// The key of its case was destroyed; the commitment stands.
    Destroyed,
    /// It is not what was recorded.
    Damaged(String),
}

/// A stored entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Its place in the log, from 0.
    pub position: u64,
    /// The case, by the number that the store gives it; 0 is the house.
    pub case_id: i64,
    /// Its place within the case, from 1.
    pub number: u64,
    /// What kind of entry the store says it is.
    pub kind: String,
    /// When the store says it was recorded.
    pub at: i64,
    /// What stands in the tree.
    pub commitment: Vec<u8>,
    /// What its body says.
    pub body: Readable,
}

impl Office {
    /// Returns up to `limit` entries from a place of the log on, each read and held against its
    /// commitment, its place and what the row says of it.
    ///
    /// # Errors
    ///
    /// When the role is missing, or the store cannot be read; a damaged entry is no error here.
    pub async fn inspect(
        &self,
        actor: &Actor,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Inspected>, Error> {
        actor.require_any(&["auditor"])?;
        let sql = "SELECT e.position, e.case_id, e.number, e.kind, e.at, e.commitment, e.body, \
                   k.master, k.wrapped FROM entries e LEFT JOIN keys k ON k.case_id = e.case_id \
                   WHERE e.position >= $1 ORDER BY e.position LIMIT $2";
        let rows = sqlx::query(sql)
            .bind(count(from))
            .bind(i64::from(limit))
            .fetch_all(self.store().read())
            .await?;
        rows.iter().map(|row| self.inspected(row)).collect()
    }

    fn inspected(&self, row: &AnyRow) -> Result<Inspected, Error> {
        let mut found = Inspected {
            position: row.try_get::<i64, _>(0)?.unsigned_abs(),
            case_id: row.try_get(1)?,
            number: row.try_get::<i64, _>(2)?.unsigned_abs(),
            kind: row.try_get(3)?,
            at: row.try_get(4)?,
            commitment: row.try_get(5)?,
            body: Readable::Destroyed,
        };
        if let Some(master) = row.try_get::<Option<String>, _>(7)? {
            let wrapped = Wrapped { master, bytes: row.try_get(8)? };
            found.body = match self.read_body(&found, &wrapped, &row.try_get::<Vec<u8>, _>(6)?) {
                Ok(entry) => Readable::Whole(Box::new(entry)),
                Err(error) => Readable::Damaged(error.to_string()),
            };
        }
        Ok(found)
    }

    fn read_body(&self, found: &Inspected, wrapped: &Wrapped, body: &[u8]) -> Result<Entry, Error> {
        let place = body_place(found.case_id, found.number);
        let key = self.inner.ring.unwrap(&key_place(found.case_id), wrapped)?;
        let body = key.open(&place, body)?;
        let commitment: [u8; 32] = Sha256::digest(body.as_slice()).into();
        let damaged = |what: &str| Error::corrupt(format!("`{place}`: {what}"));
        if commitment.as_slice() != found.commitment {
            return Err(damaged("the commitment is another"));
        }
        let entry: Entry =
            serde_json::from_slice(&body).map_err(|_| damaged("the body is no entry"))?;
        let row = (found.number, found.kind.as_str(), found.at);
        if (entry.number, entry.event.kind(), entry.at) != row {
            return Err(damaged("the row says something else than the body"));
        }
        Ok(entry)
    }
}
