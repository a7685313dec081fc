//! What all requests share.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use brightline_docket::Library;

use crate::edge::Numbers;
use crate::metrics::Metrics;
use crate::{edge, routes};

/// What a service is told before it starts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// The largest body of a request, in bytes.
    pub body_bytes_max: usize,
    /// How long a request may take to arrive whole.
    pub body_time_max: Duration,
    /// How long the head of a request may take to arrive.
    pub head_time_max: Duration,
    /// How many connections may be open at once.
    pub connections_max: usize,
    /// How long requests in progress may go on when the service is told to stop.
    pub stop_time_max: Duration,
}

impl Default for Settings {
    /// Returns settings for the machine's own use: port 8080 of the loopback address.
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            body_bytes_max: 1 << 20,
            body_time_max: Duration::from_secs(10),
            head_time_max: Duration::from_secs(10),
            connections_max: 1024,
            stop_time_max: Duration::from_secs(20),
        }
    }
}

/// A service: settings, the law, and what is counted.
#[derive(Clone)]
pub struct Service(Arc<Parts>);

struct Parts {
    settings: Settings,
    library: Library,
    metrics: Metrics,
    numbers: Numbers,
}

impl Service {
    /// Returns a service over a library.
    #[must_use]
    pub fn new(settings: Settings, library: Library) -> Self {
        let (metrics, numbers) = (Metrics::default(), Numbers::default());
        Self(Arc::new(Parts { settings, library, metrics, numbers }))
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn library(&self) -> &Library {
        &self.0.library
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn numbers(&self) -> &Numbers {
        &self.0.numbers
    }

    /// Returns all routes, ready to be called.
    pub fn router(&self) -> Router {
        let router = routes::table().split_for_parts().0;
        router
            .fallback(routes::nothing_here)
            .layer(axum::middleware::from_fn_with_state(self.clone(), edge::around))
            .with_state(self.clone())
    }
}
