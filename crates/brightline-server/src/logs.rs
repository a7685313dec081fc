//! Structured logs: one JSON object a line, to standard error.

use tracing_subscriber::EnvFilter;

/// Starts the log. `filter` is a level such as `info`, or levels by module.
///
/// # Errors
///
/// When the filter cannot be read, or a log was started before.
pub fn log_to_standard_error(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| error.to_string())?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .try_init()
        .map_err(|error| error.to_string())
}
