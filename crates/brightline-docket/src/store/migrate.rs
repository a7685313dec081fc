//! Changes of the schema, in order, each once.

use sha2::{Digest, Sha256};
use sqlx::{Any, AssertSqlSafe, Row, Transaction};

use super::{Engine, Store};
use crate::error::Error;

/// One change of the schema.
///
/// It is written with PostgreSQL's names of the three types that are used: `BIGINT`, `TEXT`,
/// `BYTEA`, and with its `COLLATE "C"` for text in the order of bytes; SQLite gets its own in their
/// place.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its place in the order; never used twice.
    pub number: u32,
    /// What it does, in few words.
    pub name: &'static str,
    /// Statements, separated by semicolons.
    pub sql: &'static str,
}

impl Migration {
    /// Returns the change with this number.
    #[must_use]
    pub const fn new(number: u32, name: &'static str, sql: &'static str) -> Self {
        Self { number, name, sql }
    }

    /// Returns the digest of its statements, by which a change of them is found.
    pub(crate) fn digest(&self) -> String {
        digest(self.sql)
    }
}

/// The docket's own, 1 to 99.
pub(super) const DOCKET: &[Migration] = &[
    Migration::new(1, "the record", include_str!("../../migrations/0001-record.sql")),
    Migration::new(2, "orders of lists", include_str!("../../migrations/0002-lists.sql")),
    Migration::new(30, "lists of one account", include_str!("../../migrations/0030-accounts.sql")),
    Migration::new(
        31,
        "what lists were made under",
        include_str!("../../migrations/0031-derived.sql"),
    ),
    Migration::new(
        32,
        "the standing of master keys",
        include_str!("../../migrations/0032-standing.sql"),
    ),
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL)";

pub(super) async fn run(store: &Store, migrations: &[Migration]) -> Result<(), Error> {
    let mut writing = store.write().await?;
    if store.engine() == Engine::Postgres {
        // Several processes start together: one migrates, the others wait and find it done.
        sqlx::query("SELECT pg_advisory_xact_lock(6270473)").execute(&mut *writing).await?;
    }
    sqlx::raw_sql(TABLE).execute(&mut *writing).await?;
    for migration in migrations {
        run_one(&mut writing, migration, store.engine()).await?;
    }
    Ok(writing.commit().await?)
}

/// Refuses a store whose schema a newer program changed: this one might write what that one would
/// not understand.
pub(super) async fn refuse_newer(store: &Store) -> Result<(), Error> {
    let sql = "SELECT number, name FROM migrations WHERE number < 100 ORDER BY number";
    for row in sqlx::query(sql).fetch_all(store.read()).await? {
        let (number, name): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        if !DOCKET.iter().any(|it| i64::from(it.number) == number) {
            let message = format!("this store was brought up to date by a newer program: {name}");
            return Err(Error::unavailable(message).help("use that program, or a later one"));
        }
    }
    Ok(())
}

async fn run_one(
    writing: &mut Transaction<'static, Any>,
    migration: &Migration,
    engine: Engine,
) -> Result<(), Error> {
    let number = i64::from(migration.number);
    let digest = digest(migration.sql);
    let found = sqlx::query("SELECT digest, name FROM migrations WHERE number = $1")
        .bind(number)
        .fetch_optional(&mut **writing)
        .await?;
    if let Some(row) = found {
        let ran = (row.try_get::<String, _>(0)?, row.try_get::<String, _>(1)?);
        if (ran.0.as_str(), ran.1.as_str()) == (digest.as_str(), migration.name) {
            return Ok(());
        }
        let message = format!("migration {number}, {}, was changed after it ran", migration.name);
        return Err(Error::corrupt(message).help("use the program that made this store"));
    }
    sqlx::raw_sql(AssertSqlSafe(in_dialect(migration.sql, engine)))
        .execute(&mut **writing)
        .await
        .map_err(|error| {
        Error::unavailable(format!("migration {number} failed: {error}")).because(error)
    })?;
    sqlx::query("INSERT INTO migrations (number, name, digest) VALUES ($1, $2, $3)")
        .bind(number)
        .bind(migration.name)
        .bind(digest)
        .execute(&mut **writing)
        .await?;
    Ok(())
}

fn in_dialect(sql: &str, engine: Engine) -> String {
    match engine {
        Engine::Postgres => sql.to_owned(),
        Engine::Sqlite => sql
            .replace("BIGINT", "INTEGER")
            .replace("BYTEA", "BLOB")
            .replace("COLLATE \"C\"", "COLLATE BINARY"),
    }
}

fn digest(sql: &str) -> String {
    let digest = Sha256::digest(sql.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
