//! Structured logs: one JSON object a line, to standard error.

use tracing_subscriber::EnvFilter;

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Starts the log. `filter` is a level such as `info`, or levels by module.
///
/// # Errors
///
/// When the filter cannot be read, or a log was started before.
pub fn log_to_standard_error(filter: &str) -> Result<(), String> {
    // The library takes a word that is no level for the name of a module, and logs nothing.
    let is_level = |it: &str| it.contains('=') || LEVELS.contains(&it.trim());
    if let Some(wrong) = filter.split(',').find(|it| !is_level(it)) {
        return Err(format!("`{wrong}` is no level of logs; it is one of {}", LEVELS.join(", ")));
    }
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
