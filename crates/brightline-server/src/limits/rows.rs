//! Rows of bulk streams: a rate of their own, a bound on open streams, and a share of the machine.
//!
//! A row costs a hundredth of a call, so that counting it as one would keep everybody from asking
//! for many; what has to be kept for the others is the processor and the memory.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use governor::RateLimiter;
use governor::clock::{Clock, DefaultClock};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Counts, Limits, Origin, Rate};
use crate::access::Principal;
use crate::problem::{Kind, Problem};

/// So many streams may be open for all addresses without credentials together, as each may hold a
/// batch of 16 MiB.
const ADDRESS_STREAMS_MAX: u32 = 32;

/// For whom rows are decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowCaller {
    /// The machine itself, which is not counted.
    Machine,
    /// Whoever has shown nothing, by the address.
    Address(String),
    /// An account or a token.
    Known(String),
}

impl<S: Sync> FromRequestParts<S> for RowCaller {
    type Rejection = Infallible;

    /// Reads what the guard has put beside the request.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_default();
        Ok(Self::of(parts.extensions.get::<Principal>(), origin))
    }
}

impl RowCaller {
    pub(super) fn of(principal: Option<&Principal>, Origin(address): Origin) -> Self {
        match (principal, address) {
            (Some(Principal::Account { account, .. }), _) => {
                Self::Known(format!("account {}", account.name))
            }
            (Some(Principal::Token { name, .. }), _) => Self::Known(format!("token {name}")),
            (Some(Principal::Nobody) | None, Some(address)) => Self::Address(address),
            (Some(Principal::Nobody) | None, None) => Self::Machine,
        }
    }
}

/// The counts of rows, and who decides some just now.
pub(super) struct Rows {
    address: (Counts, Rate),
    known: (Counts, Rate),
    /// Streams of one caller: without credentials, and with.
    streams_max: (u32, u32),
    open: Arc<Mutex<BTreeMap<String, u32>>>,
    /// One processor is left for everything else.
    all: Semaphore,
    /// Whoever is nobody decides one after the other.
    nobody: Semaphore,
}

/// A stream that is open; it is counted until this is dropped.
pub(crate) struct OpenStream {
    open: Arc<Mutex<BTreeMap<String, u32>>>,
    name: String,
}

/// A place among those who decide rows just now.
pub(crate) struct Place<'g> {
    _all: Option<SemaphorePermit<'g>>,
    _nobody: Option<SemaphorePermit<'g>>,
}

impl Rows {
    pub(super) fn new(limits: &Limits) -> Self {
        let counted = |rate: Rate| (RateLimiter::hashmap(rate.quota()), rate);
        let processors = available_parallelism().map_or(1, usize::from);
        Self {
            address: counted(limits.address_rows),
            known: counted(limits.known_rows),
            streams_max: (limits.address_streams.get(), limits.known_streams.get()),
            open: Arc::default(),
            all: Semaphore::new(processors.saturating_sub(1).max(1)),
            nobody: Semaphore::new(1),
        }
    }

    pub(super) fn counts(&self) -> [&Counts; 2] {
        [&self.address.0, &self.known.0]
    }

    fn of<'r>(&'r self, caller: &'r RowCaller) -> Option<(&'r (Counts, Rate), &'r String)> {
        match caller {
            RowCaller::Machine => None,
            RowCaller::Address(name) => Some((&self.address, name)),
            RowCaller::Known(name) => Some((&self.known, name)),
        }
    }

    pub(super) fn pause(
        &self,
        clock: &DefaultClock,
        caller: &RowCaller,
        rows: usize,
    ) -> Option<Duration> {
        let ((counts, _), name) = self.of(caller)?;
        let rows = NonZeroU32::new(u32::try_from(rows).unwrap_or(u32::MAX))?;
        // More than the burst are never asked for at once: `at_once` says how many may be.
        let counted = counts.check_key_n(name, rows).ok()?;
        counted.err().map(|refused| refused.wait_time_from(clock.now()))
    }

    pub(super) fn at_once(&self, caller: &RowCaller, wanted: usize) -> usize {
        let burst = self.of(caller).map(|((_, rate), _)| rate.burst.get());
        burst.and_then(|it| usize::try_from(it).ok()).map_or(wanted, |burst| burst.min(wanted))
    }

    pub(super) fn open(&self, caller: &RowCaller) -> Result<OpenStream, Problem> {
        let (name, max) = match caller {
            RowCaller::Machine => (String::new(), u32::MAX),
            RowCaller::Address(name) => (format!("address {name}"), self.streams_max.0),
            RowCaller::Known(name) => (name.clone(), self.streams_max.1),
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_nobody = open.iter().filter(|(name, _)| name.starts_with("address "));
        let of_nobody: u32 = of_nobody.map(|(_, count)| count).sum();
        let is_nobody = matches!(caller, RowCaller::Address(_));
        let count = open.entry(name.clone()).or_default();
        if *count >= max || (is_nobody && of_nobody >= ADDRESS_STREAMS_MAX) {
            let detail = match *count {
                0 => "too many streams are open; try again later, or send a token".to_owned(),
                own => format!("{own} streams of yours are open; wait until one of them ends"),
            };
            if *count == 0 {
                open.remove(&name);
            }
            return Err(Problem::new(Kind::TooManyCalls, detail).retry_after(1));
        }
        *count += 1;
        Ok(OpenStream { open: Arc::clone(&self.open), name })
    }

    pub(super) async fn place(&self, caller: &RowCaller) -> Place<'_> {
        let nobody = match caller {
            RowCaller::Address(_) => self.nobody.acquire().await.ok(),
            RowCaller::Machine | RowCaller::Known(_) => None,
        };
        Place { _all: self.all.acquire().await.ok(), _nobody: nobody }
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.name) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.name);
            }
        }
    }
}
