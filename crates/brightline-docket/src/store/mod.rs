//! The database: SQLite beside the program, or PostgreSQL where several processes share one.
//!
//! Both speak the same statements: numbered parameters, three types (64-bit numbers, text, bytes),
//! no function of either alone.
//! Readers have a pool; on SQLite there is one writer, on PostgreSQL every writer takes the row of
//! the tree's head, so that in both the order of what is recorded is total.

mod journal;
mod migrate;
pub(crate) mod outage;
mod rows;

use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyPool, ConnectOptions, Connection, Executor, Transaction};

use crate::error::Error;

pub(crate) use journal::Journal;
pub use migrate::Migration;
pub(crate) use rows::{Rows, Slot, marks};

/// Connections that read at the same time.
const READERS_MAX: u32 = 8;
/// Connections that write at the same time on PostgreSQL; they queue at the head of the tree.
const WRITERS_MAX: u32 = 4;
/// How long a caller waits for a connection, and a writer for another process: 10 seconds.
const WAIT: Duration = Duration::from_secs(10);

/// Tries to open a file that other processes open for the first time too, and the time between.
const OPEN_TRIES_MAX: u32 = 100;
const OPEN_WAIT: Duration = Duration::from_millis(50);

/// Which database a store is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the program.
    Sqlite,
    /// A server of its own.
    Postgres,
}

/// The database, with its schema up to date.
///
/// ```no_run
/// # async fn open() -> Result<(), brightline_docket::Error> {
/// use brightline_docket::Store;
///
/// let store = Store::open("sqlite:brightline.db").await?;
/// let mut writing = store.write().await?;
/// sqlx::query("INSERT INTO notes (text) VALUES ($1)").bind("x").execute(&mut *writing).await?;
/// writing.commit().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    readers: AnyPool,
    writers: AnyPool,
}

impl Store {
    /// Opens the database at a URL and brings the docket's part of the schema up to date.
    ///
    /// `sqlite:brightline.db` is a file, made when it is not there; `postgres://user@host/name` is
    /// a database that exists.
    ///
    /// # Errors
    ///
    /// When the URL is neither, or the database cannot be opened or is newer than this program.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let store = Self::open_unchanged(url).await?;
        store.migrate(migrate::DOCKET).await?;
        migrate::refuse_newer(&store).await?;
        if store.engine == Engine::Sqlite {
            store.cut_journal().await?;
        }
        Ok(store)
    }

    /// Opens the database at a URL as it is, with the schema that it has: to copy it, and while
    /// another version of the program may be at work on it.
    ///
    /// # Errors
    ///
    /// When the URL is none, or the database cannot be opened.
    pub async fn open_unchanged(url: &str) -> Result<Self, Error> {
        let engine = engine_of(url)?;
        sqlx::any::install_default_drivers();
        let options = options(url, engine)?;
        match engine {
            Engine::Sqlite => Self::open_sqlite(options).await,
            Engine::Postgres => Self::open_postgres(options).await,
        }
    }

    /// Returns the changes of the schema that are the docket's.
    pub(crate) fn migrations() -> &'static [Migration] {
        migrate::DOCKET
    }

    async fn open_sqlite(options: AnyConnectOptions) -> Result<Self, Error> {
        knock(&options, WRITER_PRAGMAS).await?;
        let writers = pool(1, WRITER_PRAGMAS).connect_with(options.clone()).await;
        let writers = writers.map_err(cannot_open)?;
        let readers = pool(READERS_MAX, READER_PRAGMAS).connect_with(options).await;
        Ok(Self { engine: Engine::Sqlite, readers: readers.map_err(cannot_open)?, writers })
    }

    async fn open_postgres(options: AnyConnectOptions) -> Result<Self, Error> {
        knock(&options, POSTGRES_SETTINGS).await?;
        let writers = pool(WRITERS_MAX, POSTGRES_SETTINGS).connect_with(options.clone()).await;
        let readers = pool(READERS_MAX, POSTGRES_SETTINGS).connect_with(options).await;
        let (writers, readers) = (writers.map_err(cannot_open)?, readers.map_err(cannot_open)?);
        Ok(Self { engine: Engine::Postgres, readers, writers })
    }

    /// Runs the migrations that were not run before, each in a transaction.
    ///
    /// Numbers 1 to 99 are the docket's, 100 to 199 the server's.
    ///
    /// # Errors
    ///
    /// When one fails, or was changed after it ran.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<(), Error> {
        migrate::run(self, migrations).await
    }

    /// Returns which database this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Returns the connections for queries that change nothing; on SQLite they cannot.
    #[must_use]
    pub fn read(&self) -> &AnyPool {
        &self.readers
    }

    /// Begins a transaction that may write; it is durable once its commit returns.
    ///
    /// On SQLite there is one at a time, so keep it short.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, or another process writes for too long.
    pub async fn write(&self) -> Result<Transaction<'static, Any>, Error> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        Ok(self.writers.begin_with(begin).await?)
    }

    /// Returns whether the database answers.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        let mut connection = self.readers.acquire().await?;
        Ok(connection.ping().await?)
    }

    /// Runs a statement that must stand outside a transaction.
    pub(crate) async fn maintain(&self, sql: &'static str) -> Result<(), Error> {
        let mut connection = self.writers.acquire().await?;
        connection.execute(sqlx::raw_sql(sql)).await?;
        Ok(())
    }

    /// Moves SQLite's journal into its file and empties it; readers can hold that up, so it is
    /// tried again, and at every start.
    pub(crate) async fn cut_journal(&self) -> Result<(), Error> {
        for _ in 0..OPEN_TRIES_MAX {
            let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .persistent(false)
                .fetch_one(&self.writers)
                .await?;
            if sqlx::Row::try_get::<i64, _>(&row, 0)? == 0 {
                break;
            }
            tokio::time::sleep(OPEN_WAIT).await;
        }
        Ok(())
    }

    /// Closes all connections once they are given back.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// Opens one connection by itself, which says what is wrong where a pool would only wait.
///
/// Where other processes open the same new file, its journal is theirs to make, and SQLite does not
/// wait for that by itself.
async fn knock(options: &AnyConnectOptions, settings: &'static str) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        let knocked = async {
            let mut connection = sqlx::AnyConnection::connect_with(options).await?;
            connection.execute(sqlx::raw_sql(settings)).await?;
            connection.close().await
        };
        match knocked.await {
            Err(error) if is_busy(&error) && tries < OPEN_TRIES_MAX => {
                tries += 1;
                tokio::time::sleep(OPEN_WAIT).await;
            }
            opened => return opened.map_err(cannot_open),
        }
    }
}

/// Codes 5 and 261: another process holds the file, or recovers it.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("5" | "261"))
}

/// Durable at each commit; freed pages are overwritten, so that a destroyed key is gone. The writer
/// moves the journal by itself only where it was not moved behind the work: at 64 MB.
const WRITER_PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; \
     PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 16000;";
const READER_PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA query_only = ON; \
     PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000;";
const POSTGRES_SETTINGS: &str = "SET synchronous_commit = on; SET lock_timeout = '10s'; \
     SET client_min_messages = warning;";

fn pool(connections_max: u32, settings: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(WAIT)
        .after_connect(move |connection, _| {
            Box::pin(async move { connection.execute(sqlx::raw_sql(settings)).await.map(drop) })
        })
        .before_acquire(|connection, _| {
            // A disk that was full at a commit leaves a connection that believes to be within a
            // transaction which the database has ended: it is closed, and another one opened.
            Box::pin(async move { Ok(!connection.is_in_transaction()) })
        })
}

fn options(url: &str, engine: Engine) -> Result<AnyConnectOptions, Error> {
    let mut url = url.to_owned();
    if engine == Engine::Sqlite && !url.contains("mode=") {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str("mode=rwc");
    }
    let options = AnyConnectOptions::from_str(&url).map_err(cannot_open)?;
    Ok(options.disable_statement_logging())
}

fn engine_of(url: &str) -> Result<Engine, Error> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        let error = Error::unavailable("a store in memory would lose its records");
        return Err(error.help("name a file: sqlite:brightline.db"));
    }
    match url.split(':').next() {
        Some("sqlite") => Ok(Engine::Sqlite),
        Some("postgres" | "postgresql") => Ok(Engine::Postgres),
        _ => Err(unknown_url()),
    }
}

fn unknown_url() -> Error {
    Error::unavailable("the store is no URL that is known here")
        .help("write sqlite:FILE or postgres://USER@HOST/DATABASE")
}

fn cannot_open(error: sqlx::Error) -> Error {
    if matches!(error, sqlx::Error::Configuration(_)) {
        return unknown_url().because(error);
    }
    if matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) {
        let help = format!("does it run, and is its address right? {error}");
        return Error::unavailable("the database does not answer").help(help).because(error);
    }
    let said = || match &error {
        sqlx::Error::Database(found) => format!("the database says: {}", found.message()),
        other => other.to_string(),
    };
    let help = outage::help(&error).map_or_else(said, str::to_owned);
    Error::unavailable("the store cannot be opened").help(help).because(error)
}
