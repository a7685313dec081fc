//! SQLite's journal, moved into its file behind the work.
//!
//! What is recorded is durable once it is in the journal. By itself SQLite moves the journal into
//! the file within a commit, and everybody who waits for that commit waits for it too. Here another
//! connection moves it meanwhile, and the writer itself only the little that was added since; then
//! the journal begins anew from its start.

use sqlx::{AnyPool, Row};
use tokio::task::JoinHandle;

use super::{Engine, Store};

/// Records after which the journal is moved: a request decided and recorded is one of them and
/// takes some 25 kB of journal.
const RECORDS_EACH: usize = 256;
/// The writer waits while so many pages are moved, and no more.
const PAGES_LEFT_MAX: i64 = 512;
/// What is added while pages are moved is moved after them, so many times.
const ROUNDS_MAX: u32 = 4;

/// The journal of one store; of a database that sees to it by itself, nothing is to be done.
pub(crate) struct Journal {
    store: Store,
    /// Records since it was moved.
    records: usize,
    moving: Option<JoinHandle<Option<i64>>>,
}

impl Journal {
    pub(crate) fn of(store: Store) -> Self {
        Self { store, records: 0, moving: None }
    }

    /// Is told of so many new records, between two transactions of the writer.
    pub(crate) async fn tend(&mut self, records: usize) {
        if self.store.engine != Engine::Sqlite {
            return;
        }
        self.records += records;
        if let Some(moving) = self.moving.take_if(|it| it.is_finished()) {
            let left = moving.await.ok().flatten();
            if left.is_some_and(|left| left <= PAGES_LEFT_MAX) {
                move_pages(&self.store.writers).await;
                self.records = 0;
            }
        }
        if self.moving.is_none() && self.records >= RECORDS_EACH {
            self.moving = Some(tokio::spawn(move_behind(self.store.readers.clone())));
        }
    }
}

/// Moves pages until few are left; returns how many, or nothing where it could not be done.
async fn move_behind(readers: AnyPool) -> Option<i64> {
    let mut left = move_pages(&readers).await;
    for _ in 1..ROUNDS_MAX {
        if left.is_none_or(|left| left <= PAGES_LEFT_MAX) {
            break;
        }
        left = move_pages(&readers).await;
    }
    left
}

/// Moves what no reader holds up, and waits for nobody; returns how many pages are left.
///
/// A failure is no matter: the journal holds what it held, and is moved later or at the next start.
async fn move_pages(connections: &AnyPool) -> Option<i64> {
    let sql = "PRAGMA wal_checkpoint(PASSIVE)";
    let row = sqlx::query(sql).persistent(false).fetch_one(connections).await.ok()?;
    let (pages, moved) = (row.try_get::<i64, _>(1).ok()?, row.try_get::<i64, _>(2).ok()?);
    (pages >= 0).then_some(pages - moved)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Journal, RECORDS_EACH};
    use crate::store::Store;

    const MEGABYTE: usize = 1 << 20;

    #[tokio::test]
    async fn the_journal_begins_anew_while_records_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let store = Store::open(&format!("sqlite:{}", path.display())).await.unwrap();
        store.maintain("CREATE TABLE filler (bytes BLOB NOT NULL)").await.unwrap();
        let mut journal = Journal::of(store.clone());
        for _ in 0..48 {
            let mut writing = store.write().await.unwrap();
            let filler = sqlx::query("INSERT INTO filler (bytes) VALUES ($1)");
            filler.bind(vec![7_u8; MEGABYTE]).execute(&mut *writing).await.unwrap();
            writing.commit().await.unwrap();
            journal.tend(RECORDS_EACH).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let journal = std::fs::metadata(path.with_extension("db-wal")).unwrap().len();
        assert!(journal < 32 * MEGABYTE as u64, "it holds {journal} bytes of 48 MB");
    }
}
