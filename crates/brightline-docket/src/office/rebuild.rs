//! The lists made again from the entries: whatever is in them can be deleted.

use std::collections::BTreeMap;

use sqlx::{Any, Row, Transaction};

use super::Office;
use super::cases::entries_of;
use super::summary::{SealedRow, Sealing, Summary, Tables};
use super::writer::HOUSE;
use crate::case::{Actor, CaseView, Entry};
use crate::error::Error;

/// Cases whose rows are written together.
const CHUNK: i64 = 500;

impl Office {
    /// Deletes the lists, the tasks and the tokens of names, and makes them again from the
    /// entries; returns how many cases there are. Nothing else is recorded meanwhile.
    ///
    /// # Errors
    ///
    /// When the role is missing, the store cannot be used, or an entry is not what was recorded:
    /// then the lists stay as they were.
    pub async fn rebuild_lists(&self, actor: &Actor) -> Result<u64, Error> {
        actor.require_any(&["administrator"])?;
        let mut writing = self.store().write().await?;
        if self.store().engine() == crate::store::Engine::Postgres {
            let lock = "SELECT size FROM head WHERE one = 1 FOR UPDATE";
            sqlx::query(lock).fetch_one(&mut *writing).await?;
        }
        let sealings = self.sealings(&mut writing).await?;
        for sql in [
            "DELETE FROM cases",
            "DELETE FROM case_acts",
            "DELETE FROM tasks",
            "DELETE FROM name_tokens",
        ] {
            sqlx::query(sql).execute(&mut *writing).await?;
        }
        let (mut count, mut last) = (0, HOUSE);
        loop {
            let sql = "SELECT DISTINCT case_id FROM entries WHERE case_id > $1 \
                       ORDER BY case_id LIMIT $2";
            let rows = sqlx::query(sql).bind(last).bind(CHUNK).fetch_all(&mut *writing).await?;
            let mut tables = Tables::default();
            for row in &rows {
                last = row.try_get(0)?;
                self.rebuild(&mut writing, &mut tables, last, &sealings).await?;
                count += 1;
            }
            tables.write(&mut writing).await?;
            if rows.is_empty() {
                break;
            }
        }
        writing.commit().await?;
        Ok(count)
    }

    async fn rebuild(
        &self,
        writing: &mut Transaction<'static, Any>,
        tables: &mut Tables,
        id: i64,
        sealings: &BTreeMap<i64, Sealing>,
    ) -> Result<(), Error> {
        if let Some(told) = sealings.get(&id) {
            let sql = "SELECT COUNT(*), MIN(at) FROM entries WHERE case_id = $1";
            let row = sqlx::query(sql).bind(id).fetch_one(&mut **writing).await?;
            tables.push_sealed(&SealedRow {
                id,
                told,
                entries: row.try_get(0)?,
                received_at: row.try_get(1)?,
            });
            return Ok(());
        }
        let entries = self.entries_within(writing, id).await?;
        let view = CaseView::of(&entries);
        let view = view.ok_or_else(|| Error::corrupt("a case begins with its receipt"))?;
        let summary = Summary::of(&view, self.rules(), self.tokens_of(&view));
        summary.rows(tables, id, &view.reference, entries.len() as u64);
        Ok(())
    }

    async fn entries_within(
        &self,
        writing: &mut Transaction<'static, Any>,
        id: i64,
    ) -> Result<Vec<Entry>, Error> {
        let Some(key) = self.inner.ring.find(self.store(), id).await? else {
            return Err(Error::corrupt(format!("the key of case {id} is gone without a sealing")));
        };
        let sql = "SELECT number, commitment, body FROM entries WHERE case_id = $1 ORDER BY number";
        let rows = sqlx::query(sql).bind(id).fetch_all(&mut **writing).await?;
        entries_of(id, &key, &rows)
    }

    async fn sealings(
        &self,
        writing: &mut Transaction<'static, Any>,
    ) -> Result<BTreeMap<i64, Sealing>, Error> {
        let sql = "SELECT number, commitment, body FROM entries WHERE case_id = 0 ORDER BY number";
        let rows = sqlx::query(sql).fetch_all(&mut **writing).await?;
        let entries = entries_of(HOUSE, &self.inner.house, &rows)?;
        Ok(entries.iter().filter_map(|entry| Sealing::of(&entry.event, entry.at)).collect())
    }
}
