//! The office: what the service and the commands call.
//!
//! ```text
//! Actor, NewCase ─ receive ─▶ events ─ fold ─▶ CaseView ─ Summary ─▶ Writer ─▶ one transaction:
//!                    │                                               entries, keys, lists, tree
//!                 Library (the law in force, swapped whole)
//! ```
//!
//! Every call names who acts; a case of an agency that the actor may not see is not found.

mod audit;
mod cases;
mod changes;
mod chronicle;
mod export;
mod forbidden;
mod inspect;
mod lifecycle;
mod list;
mod log;
mod rebuild;
mod record;
mod reference;
mod release;
mod remains;
mod retention;
mod ring;
mod search;
mod summary;
mod tend;
mod writer;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use brightline_desk::{Library, PackFiles};
use brightline_ledger::Frontier;
use sqlx::Row;

use crate::case::{Actor, Event, House, OfficeRules};
use crate::error::Error;
use crate::seal::{Keys, NameIndex, SecretKey};
use crate::store::Store;

pub use audit::{Audit, Audited};
pub use cases::NewCase;
pub use changes::{ActDone, Correction, Override, Seen};
pub use chronicle::{AccountHappening, Chronicle, Lines};
pub use export::EntryPlace;
pub use inspect::{Inspected, Readable};
pub use lifecycle::Rotation;
pub use list::{CaseSummary, Cursor, Filter, Order, Page, TaskSummary};
pub use log::{LogKeeper, LogPlace};
pub use record::{Happening, RecordedDecision};
pub use release::{Haste, Release, law_of, release_digest};
pub(crate) use ring::KeyRing;
pub use search::Found;
pub use tend::{Tended, Tender};
use writer::{Along, Job, Target, Writer, Written};

/// A clock: microseconds since 1970 in UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What an office is opened with.
pub struct OfficeParts {
    /// Where everything is recorded.
    pub store: Store,
    /// The law that came with the program; a release that was published takes its place.
    pub built_in: PackFiles,
    /// The master keys.
    pub keys: Keys,
    /// Who signs, who hears of late tasks, how long records are kept.
    pub rules: OfficeRules,
    /// The clock; [`Office::system_clock`] outside tests.
    pub clock: Clock,
}

/// A running office; clones are the same office.
#[derive(Clone)]
pub struct Office {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    library: RwLock<Arc<Library>>,
    /// The release that was looked at last; empty before the first look.
    release: Mutex<String>,
    ring: Arc<KeyRing>,
    rules: OfficeRules,
    writer: Writer,
    names: NameIndex,
    house: SecretKey,
    clock: Clock,
    /// The latest time given out: a clock that goes back is not followed.
    last_at: AtomicI64,
}

impl Office {
    /// Opens the office on a store, with the keys that belong to it.
    ///
    /// # Errors
    ///
    /// When the store cannot be used, or the keys are not those of the store: nothing is made in
    /// the place of a key that is lost.
    pub async fn open(parts: OfficeParts) -> Result<Self, Error> {
        let OfficeParts { store, built_in, keys, rules, clock } = parts;
        let ring = Arc::new(KeyRing::open(&store, keys).await?);
        let house = ring.house(&store).await?;
        let names = ring.names(&store).await?;
        let last_at = plant(&store).await?;
        let library = Arc::new(release::in_force(&store, &built_in).await?);
        let writer = Writer::start(store.clone(), Arc::clone(&ring));
        let inner = Inner {
            store,
            library: RwLock::new(library),
            release: Mutex::default(),
            ring,
            rules,
            writer,
            names,
            house,
            clock,
            last_at: AtomicI64::new(last_at),
        };
        let office = Self { inner: Arc::new(inner) };
        office.follow_retention().await?;
        Ok(office)
    }

    /// Returns the clock of the machine.
    #[must_use]
    pub fn system_clock() -> Clock {
        Arc::new(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
        })
    }

    /// Returns the time, which never goes back.
    #[must_use]
    pub fn now(&self) -> i64 {
        let now = (self.inner.clock)();
        self.inner.last_at.fetch_max(now, Ordering::AcqRel).max(now)
    }

    fn today(&self) -> Option<brightline_law::clock::Day> {
        brightline_law::clock::Day::parse(&cases::civil(self.now()).to_string()).ok()
    }

    /// Returns the law in force; a caller keeps it for as long as one request takes.
    #[must_use]
    pub fn library(&self) -> Arc<Library> {
        Arc::clone(&self.inner.library.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn swap_library(&self, library: Arc<Library>) {
        *self.inner.library.write().unwrap_or_else(PoisonError::into_inner) = library;
    }

    /// Returns the store, for what the service keeps in it besides.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Returns the settings.
    #[must_use]
    pub fn rules(&self) -> &OfficeRules {
        &self.inner.rules
    }

    /// Records something of the service itself, such as [`House::Account`], in the chronicle.
    ///
    /// Returns its place in the log. When this returns without an error, it is durable; who must
    /// not do something unrecorded waits for it first.
    ///
    /// # Errors
    ///
    /// When it cannot be recorded.
    pub async fn note(&self, actor: &Actor, what: House) -> Result<u64, Error> {
        self.chronicle(actor, what, None).await.map(|written| written.position)
    }

    pub(crate) async fn chronicle(
        &self,
        actor: &Actor,
        what: House,
        along: Option<Along>,
    ) -> Result<Written, Error> {
        let job = Job {
            target: Target::House,
            key: self.inner.house.clone(),
            by: actor.stamp(),
            at: self.now(),
            events: vec![Event::House(what)],
            summary: None,
            along,
        };
        self.inner.writer.write(job).await
    }
}

/// Puts the head of an empty tree where there is none; returns the time of the last entry.
async fn plant(store: &Store) -> Result<i64, Error> {
    let mut writing = store.write().await?;
    sqlx::query(
        "INSERT INTO head (one, size, frontier, last_at) VALUES (1, 0, $1, 0) \
         ON CONFLICT DO NOTHING",
    )
    .bind(Frontier::new().to_bytes())
    .execute(&mut *writing)
    .await?;
    let row =
        sqlx::query("SELECT last_at FROM head WHERE one = 1").fetch_one(&mut *writing).await?;
    let last_at = row.try_get(0)?;
    writing.commit().await?;
    Ok(last_at)
}
