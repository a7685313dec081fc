//! What the service sees to by itself while it runs: old calls, idle counts and sessions that are
//! over are forgotten.

use std::time::Duration;

use tokio::task::JoinHandle;

use crate::service::Service;

const PAUSE: Duration = Duration::from_secs(60);

/// The task that does so; it stops when this is dropped.
pub(crate) struct Upkeep(JoinHandle<()>);

impl Drop for Upkeep {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Upkeep {
    pub(crate) fn start(service: Service) -> Self {
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(PAUSE).await;
                round(&service).await;
            }
        }))
    }
}

async fn round(service: &Service) {
    service.gate().forget_idle();
    let Ok(accounts) = service.accounts() else { return };
    if let Err(error) = accounts.forget_old_calls().await {
        tracing::error!(%error, "old calls were not forgotten");
    }
    if let Err(error) = accounts.forget_old_challenges().await {
        tracing::error!(%error, "old challenges were not forgotten");
    }
    if let Err(error) = accounts.end_idle_sessions().await {
        tracing::error!(%error, "sessions that are over were not ended");
    }
}
