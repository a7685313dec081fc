//! What falls due by itself: a release that another process published, late tasks, the end of
//! records.

use std::time::Duration;

use tokio::task::JoinHandle;

use super::Office;
use crate::case::Actor;
use crate::error::Error;

/// What one round found to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tended {
    /// The law is another than before the round: another process published it.
    pub law_changed: bool,
    /// How many tasks were brought before somebody.
    pub escalated: u64,
    /// How many cases were sealed because their time is over.
    pub expired: u64,
}

/// The task that tends again and again; it stops when this is dropped.
pub struct Tender {
    task: JoinHandle<()>,
}

impl Drop for Tender {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Office {
    /// Does once what falls due by itself, in the name of the program.
    ///
    /// Several processes may do so on one store: each thing happens once.
    ///
    /// # Errors
    ///
    /// The first that a part met; the other parts were done all the same.
    pub async fn tend(&self) -> Result<Tended, Error> {
        let program = Actor::of_the_program();
        let law = self.refresh_law().await;
        let escalated = self.escalate(&program).await;
        let expired = self.expire(&program).await;
        Ok(Tended { law_changed: law?, escalated: escalated?, expired: expired? })
    }

    /// Tends again and again, until what is returned is dropped; errors go to `complain`.
    #[must_use]
    pub fn keep_tending(
        &self,
        every: Duration,
        complain: impl Fn(&Error) + Send + 'static,
    ) -> Tender {
        let office = self.clone();
        let task = tokio::spawn(async move {
            loop {
                if let Err(error) = office.tend().await {
                    complain(&error);
                }
                tokio::time::sleep(every).await;
            }
        });
        Tender { task }
    }
}
