//! The keys at work: master keys, the house's own key, the key of the name index.

use std::sync::{PoisonError, RwLock};

use sqlx::{Any, Row, Transaction};

use super::writer::HOUSE;
use crate::error::Error;
use crate::seal::{Keys, NameIndex, SecretKey, Wrapped, key_place};
use crate::store::{Engine, Store};

/// Where the key of the name index is kept among the keys of cases.
const NAMES: i64 = -1;

/// The keys of a running office.
pub(crate) struct KeyRing {
    keys: RwLock<Keys>,
}

impl KeyRing {
    /// Looks whether these are the keys of this store.
    pub(crate) async fn open(store: &Store, keys: Keys) -> Result<Self, Error> {
        let rows = sqlx::query("SELECT id, proof FROM masters").fetch_all(store.read()).await?;
        let mut is_current_known = false;
        for row in rows {
            let id: String = row.try_get(0)?;
            is_current_known |= id == keys.current();
            let sql = "SELECT 1 FROM keys WHERE master = $1 LIMIT 1";
            let used = sqlx::query(sql).bind(&id).fetch_optional(store.read()).await?;
            if used.is_some() || keys.ids().any(|it| it == id) {
                keys.require_proof(&id, &row.try_get::<Vec<u8>, _>(1)?)?;
            }
        }
        let sql = "SELECT 1 FROM masters WHERE standing = 'current'";
        let is_one_current = sqlx::query(sql).fetch_optional(store.read()).await?.is_some();
        if !(is_current_known && is_one_current) {
            store_current(store, keys.current(), keys.proof(keys.current())?).await?;
        }
        Ok(Self { keys: RwLock::new(keys) })
    }

    /// Looks whether the key that wraps new cases here is still the one that the store names: where
    /// another process rotated the keys, the file is read again.
    ///
    /// # Errors
    ///
    /// When the key was retired and the file has no other: what it wraps could never be opened.
    pub(crate) async fn follow(
        &self,
        writing: &mut Transaction<'static, Any>,
    ) -> Result<(), Error> {
        let sql = "SELECT id, standing FROM masters WHERE standing <> 'older'";
        let (mut current, mut retired) = (None, Vec::new());
        for row in sqlx::query(sql).fetch_all(&mut **writing).await? {
            let (id, standing): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            match standing.as_str() {
                "current" => current = Some(id),
                _ => retired.push(id),
            }
        }
        let is_other = current.is_some_and(|it| it != self.current());
        if is_other {
            self.keys.write().unwrap_or_else(PoisonError::into_inner).read_again()?;
        }
        if retired.contains(&self.current()) {
            let error = Error::unavailable("the master key of this process was retired");
            return Err(error.help("give it the key file of today; nothing was recorded"));
        }
        Ok(())
    }

    /// Returns a key of the house, made when the store is new.
    async fn own(&self, store: &Store, id: i64) -> Result<SecretKey, Error> {
        if let Some(found) = self.find(store, id).await? {
            return Ok(found);
        }
        let row = sqlx::query("SELECT COUNT(*) FROM entries WHERE position < 1")
            .fetch_one(store.read())
            .await?;
        if row.try_get::<i64, _>(0)? > 0 {
            let error =
                Error::corrupt("the store holds entries, and the keys of the house are gone");
            return Err(error.help("restore the table of keys from a backup"));
        }
        let wrapped = self.wrap(&key_place(id), &SecretKey::generate()?)?;
        let sql = "INSERT INTO keys (case_id, master, wrapped) VALUES ($1, $2, $3) \
                   ON CONFLICT DO NOTHING";
        let mut writing = store.write().await?;
        sqlx::query(sql)
            .bind(id)
            .bind(wrapped.master)
            .bind(wrapped.bytes)
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        // Another process may have been faster: what is stored counts.
        let found = self.find(store, id).await?;
        found.ok_or_else(|| Error::unavailable("the keys of the house could not be stored"))
    }

    pub(crate) async fn house(&self, store: &Store) -> Result<SecretKey, Error> {
        self.own(store, HOUSE).await
    }

    pub(crate) async fn names(&self, store: &Store) -> Result<NameIndex, Error> {
        Ok(NameIndex::new(&self.own(store, NAMES).await?))
    }

    /// Returns the key of a case; none when it was destroyed.
    pub(crate) async fn find(&self, store: &Store, id: i64) -> Result<Option<SecretKey>, Error> {
        let sql = "SELECT master, wrapped FROM keys WHERE case_id = $1";
        let row = sqlx::query(sql).bind(id).fetch_optional(store.read()).await?;
        let Some(row) = row else { return Ok(None) };
        let wrapped = Wrapped { master: row.try_get(0)?, bytes: row.try_get(1)? };
        self.unwrap(&key_place(id), &wrapped).map(Some)
    }

    pub(crate) fn wrap(&self, place: &str, key: &SecretKey) -> Result<Wrapped, Error> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).wrap(place, key)
    }

    /// Opens a key; a master key that another process added is read from the file first.
    pub(crate) fn unwrap(&self, place: &str, wrapped: &Wrapped) -> Result<SecretKey, Error> {
        let found = self.keys.read().unwrap_or_else(PoisonError::into_inner).unwrap(place, wrapped);
        match found {
            Err(error) if error.is_unavailable() => {
                let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
                keys.read_again()?;
                keys.unwrap(place, wrapped)
            }
            found => found,
        }
    }

    /// Adds a master key; returns its id.
    pub(crate) async fn rotate(&self, store: &Store) -> Result<String, Error> {
        let (id, proof) = {
            let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
            keys.rotate()?;
            let id = keys.current().to_owned();
            let proof = keys.proof(&id)?;
            (id, proof)
        };
        store_current(store, &id, proof).await?;
        Ok(id)
    }

    /// Takes a master key that wraps nothing any more out of the file; from the transaction on that
    /// says so, no process wraps by it.
    pub(crate) async fn retire(&self, store: &Store, id: &str) -> Result<(), Error> {
        if id == self.current() {
            let error = Error::conflict(format!("the master key `{id}` is the current one"));
            return Err(error.help("rotate first"));
        }
        let mut writing = store.write().await?;
        lock_head(store, &mut writing).await?;
        let sql = "SELECT 1 FROM keys WHERE master = $1 LIMIT 1";
        if sqlx::query(sql).bind(id.to_owned()).fetch_optional(&mut *writing).await?.is_some() {
            let error = Error::conflict(format!("the master key `{id}` still wraps keys"));
            return Err(error.help("rotate first, to the end"));
        }
        let sql = "UPDATE masters SET standing = 'retired' WHERE id = $1";
        sqlx::query(sql).bind(id.to_owned()).execute(&mut *writing).await?;
        writing.commit().await?;
        self.keys.write().unwrap_or_else(PoisonError::into_inner).retire(id)
    }

    /// Wraps up to `limit` keys by the current master key; returns how many were left to wrap.
    pub(crate) async fn rewrap(&self, store: &Store, limit: i64) -> Result<u64, Error> {
        let current = self.current();
        let sql = "SELECT case_id, master, wrapped FROM keys WHERE master <> $1 \
                   ORDER BY case_id LIMIT $2";
        let mut writing = store.write().await?;
        let rows = sqlx::query(sql).bind(&current).bind(limit).fetch_all(&mut *writing).await?;
        let count = rows.len() as u64;
        for row in rows {
            let id: i64 = row.try_get(0)?;
            let place = key_place(id);
            let old = Wrapped { master: row.try_get(1)?, bytes: row.try_get(2)? };
            let new = self.wrap(&place, &self.unwrap(&place, &old)?)?;
            sqlx::query("UPDATE keys SET master = $1, wrapped = $2 WHERE case_id = $3")
                .bind(new.master)
                .bind(new.bytes)
                .bind(id)
                .execute(&mut *writing)
                .await?;
        }
        writing.commit().await?;
        Ok(count)
    }

    /// Returns the ids of all master keys.
    pub(crate) fn ids(&self) -> Vec<String> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.ids().map(str::to_owned).collect()
    }

    pub(crate) fn current(&self) -> String {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).current().to_owned()
    }
}

/// Names a master key as the one that wraps what is new.
async fn store_current(store: &Store, id: &str, proof: Vec<u8>) -> Result<(), Error> {
    let mut writing = store.write().await?;
    lock_head(store, &mut writing).await?;
    sqlx::query("UPDATE masters SET standing = 'older' WHERE standing = 'current'")
        .execute(&mut *writing)
        .await?;
    let sql = "INSERT INTO masters (id, proof, standing) VALUES ($1, $2, 'current') \
               ON CONFLICT (id) DO UPDATE SET standing = 'current'";
    sqlx::query(sql).bind(id.to_owned()).bind(proof).execute(&mut *writing).await?;
    Ok(writing.commit().await?)
}

/// Waits until nothing is recorded, and keeps it so until the transaction ends.
async fn lock_head(store: &Store, writing: &mut Transaction<'static, Any>) -> Result<(), Error> {
    if store.engine() == Engine::Postgres {
        let lock = "SELECT size FROM head WHERE one = 1 FOR UPDATE";
        sqlx::query(lock).fetch_optional(&mut **writing).await?;
    }
    Ok(())
}
