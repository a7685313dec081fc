//! What is counted, in the text format of Prometheus. Labels are routes and codes, never content.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::standing::Standing;

/// Upper bounds of the classes of latency, in seconds.
const BOUNDS: [f64; 12] =
    [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// What an answered request is counted under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Answered {
    pub(crate) method: String,
    /// The template of the route, never the address itself.
    pub(crate) route: String,
    pub(crate) code: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRoute {
    route: String,
}

/// All that is counted.
pub(crate) struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Family<ByRoute, Histogram, fn() -> Histogram>,
    in_progress: Gauge,
    entries: Gauge,
    waiting: Gauge,
    backup: Gauge,
}

fn histogram() -> Histogram {
    Histogram::new(BOUNDS)
}

impl Default for Metrics {
    fn default() -> Self {
        let answered = Family::default();
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let in_progress = Gauge::default();
        let mut registry = Registry::with_prefix("brightline");
        registry.register("requests", "Requests answered", answered.clone());
        let help = "From the head of a request to that of its answer";
        registry.register_with_unit("request_time", help, Unit::Seconds, seconds.clone());
        registry.register("requests_in_progress", "Requests not yet answered", in_progress.clone());
        let (entries, waiting, backup) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("log_entries", "Entries of the log", entries.clone());
        let help = "Entries that the published checkpoint does not count yet";
        registry.register("log_waiting_entries", help, waiting.clone());
        let help = "When the last backup was made, in seconds since 1970; 0 where none was";
        registry.register("backup_last_time", help, backup.clone());
        Self { registry, answered, seconds, in_progress, entries, waiting, backup }
    }
}

impl Metrics {
    pub(crate) fn begin(&self) {
        self.in_progress.inc();
    }

    pub(crate) fn end(&self, answered: &Answered, time: Duration) {
        self.in_progress.dec();
        self.answered.get_or_create(answered).inc();
        let by_route = ByRoute { route: answered.route.clone() };
        self.seconds.get_or_create(&by_route).observe(time.as_secs_f64());
    }

    /// Takes in how the records stand.
    pub(crate) fn stand(&self, standing: &Standing) {
        let number = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
        self.entries.set(number(standing.entries));
        self.waiting.set(number(standing.entries.saturating_sub(standing.published)));
        self.backup.set(standing.backup.map_or(0, |it| it.made_at / 1_000_000));
    }

    /// Returns the page that Prometheus reads.
    pub(crate) fn page(&self) -> String {
        let mut page = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut page, &self.registry);
        page
    }
}
