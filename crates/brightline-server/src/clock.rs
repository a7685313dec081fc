//! The time, handed in so that tests can move it.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time, in microseconds since 1970 in UTC.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

const MICROSECONDS: i64 = 1_000_000;

impl Clock {
    /// Returns the clock of the machine.
    #[must_use]
    pub fn of_the_machine() -> Self {
        Self::telling(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
        })
    }

    /// Returns a clock that tells what a function says, in microseconds since 1970.
    pub fn telling(microseconds: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(microseconds))
    }

    pub(crate) fn microseconds(&self) -> i64 {
        (self.0)()
    }

    pub(crate) fn seconds(&self) -> i64 {
        (self.0)() / MICROSECONDS
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
