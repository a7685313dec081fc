//! The chronicle of the house, for what is recorded together with rows of the service.

use std::sync::Arc;

use serde::Serialize;
use sqlx::{Any, Row, Transaction};

use super::cases::entry_of;
use super::summary::count;
use super::writer::{HOUSE, Job, Target, record};
use super::{KeyRing, Office, plant};
use crate::case::{AccountEvent, Actor, Event, House, Stamp};
use crate::error::Error;
use crate::seal::{Keys, SecretKey};
use crate::store::{Engine, Store};

/// Events of one answer.
const EVENTS_MAX: i64 = 200;

/// Writes entries of the house into the log within a transaction of the caller, so that a change
/// and the entry that tells of it are durable together or not at all.
///
/// The transaction holds the head of the tree from then on: nothing else is recorded until it
/// ends, so this comes last in it.
#[derive(Clone)]
pub struct Chronicle {
    engine: Engine,
    ring: Arc<KeyRing>,
    house: SecretKey,
}

/// What is written into the chronicle at once.
#[derive(Debug, Clone)]
pub struct Lines {
    /// The account, the command or the part of the program that did it.
    pub by: String,
    /// When, in microseconds since 1970 in UTC; an entry is never older than the one before it.
    pub at: i64,
    /// What happened, in order.
    pub events: Vec<House>,
}

impl Chronicle {
    /// Opens the chronicle of a store with the keys that belong to it.
    ///
    /// # Errors
    ///
    /// When the store cannot be used, or the keys are not those of the store.
    pub async fn open(store: &Store, keys: Keys) -> Result<Self, Error> {
        let ring = KeyRing::open(store, keys).await?;
        let house = ring.house(store).await?;
        // All keys of the house are made before its first entry: afterwards one that is missing
        // is a loss.
        ring.names(store).await?;
        plant(store).await?;
        Ok(Self { engine: store.engine(), ring: Arc::new(ring), house })
    }

    /// Writes entries; they are in the log once the transaction is committed.
    ///
    /// # Errors
    ///
    /// When they cannot be written; then the transaction must not be committed.
    pub async fn write(
        &self,
        writing: &mut Transaction<'static, Any>,
        lines: Lines,
    ) -> Result<(), Error> {
        let Lines { by, at, events } = lines;
        let job = Job {
            target: Target::House,
            key: self.house.clone(),
            by: Stamp { account: by, person: String::new(), name: String::new(), roles: vec![] },
            at,
            events: events.into_iter().map(Event::House).collect(),
            summary: None,
            along: None,
        };
        let outcomes = record(writing, self.engine, &self.ring, std::slice::from_ref(&job)).await?;
        outcomes.into_iter().try_for_each(|outcome| outcome.map(|_| ()))
    }
}

impl std::fmt::Debug for Chronicle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chronicle")
    }
}

/// What happened to an account, as the log has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountHappening {
    /// Its place in the log.
    pub position: u64,
    /// When, in microseconds since 1970 in UTC.
    pub at: i64,
    /// The account or the command that did it.
    pub by: String,
    /// The account.
    pub account: String,
    /// What happened.
    pub what: AccountEvent,
}

impl Office {
    /// Returns what happened to accounts before a place of the log, the newest first.
    ///
    /// # Errors
    ///
    /// When the role is missing, or the store cannot be read.
    pub async fn account_events(
        &self,
        actor: &Actor,
        before: Option<u64>,
    ) -> Result<Vec<AccountHappening>, Error> {
        actor.require_any(&["auditor", "administrator"])?;
        let sql = "SELECT number, commitment, body, position FROM entries \
                   WHERE case_id = $1 AND kind = 'account' AND position < $2 \
                   ORDER BY number DESC LIMIT $3";
        let rows = sqlx::query(sql)
            .bind(HOUSE)
            .bind(before.map_or(i64::MAX, count))
            .bind(EVENTS_MAX)
            .fetch_all(self.store().read())
            .await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let entry = entry_of(HOUSE, &self.inner.house, &row)?;
            let position = row.try_get::<i64, _>(3)?.unsigned_abs();
            if let Event::House(House::Account { account, what }) = entry.event {
                let (at, by) = (entry.at, entry.by.account);
                events.push(AccountHappening { position, at, by, account, what });
            }
        }
        Ok(events)
    }
}
