//! Where the tests keep their stores.
//!
//! SQLite's is a file in a folder of its own; PostgreSQL's is a fresh database on the server that
//! `BRIGHTLINE_TEST_POSTGRES` names, dropped by nobody: the server itself is thrown away.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use brightline_docket::Store;
use sqlx::{AssertSqlSafe, Connection};
use tempfile::TempDir;

pub const VARIABLE: &str = "BRIGHTLINE_TEST_POSTGRES";

/// A place for one store, gone when dropped.
pub struct Place {
    pub url: String,
    folder: TempDir,
}

impl Place {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("brightline.db").display());
        Self { url, folder }
    }

    /// A fresh database, or nothing where no server is given.
    pub async fn postgres() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var(VARIABLE) else {
            println!("skipped on PostgreSQL: {VARIABLE} is not set");
            return None;
        };
        sqlx::any::install_default_drivers();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let mut connection = sqlx::AnyConnection::connect(&server).await.unwrap();
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create).execute(&mut connection).await.unwrap();
        let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |it| it);
        let (base, _) = base.rsplit_once('/').unwrap();
        let mark = if query.is_empty() { "" } else { "?" };
        let url = format!("{base}/{name}{mark}{query}");
        Some(Self { url, folder: tempfile::tempdir().unwrap() })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }
}

/// Runs a test on both databases.
pub fn on_both<F: Future<Output = ()>>(test: impl Fn(Arc<Place>) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        test(Arc::new(Place::sqlite())).await;
        if let Some(place) = Place::postgres().await {
            test(Arc::new(place)).await;
        }
    });
}
