//! How the records stand, for whoever runs the service.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Problem, ProblemDocument};
use crate::service::Service;
use crate::standing::Standing;

const MICROSECONDS: i64 = 1_000_000;

/// How the records stand.
#[derive(Serialize, ToSchema)]
pub(crate) struct StandingView {
    log: LogView,
    /// The last backup that `brightline backup` made; `null` where none ever was.
    backup: Option<BackupView>,
}

/// What is published of the log.
#[derive(Serialize, ToSchema)]
pub(crate) struct LogView {
    /// Entries that are recorded.
    entries: u64,
    /// Entries that the published checkpoint counts.
    published: u64,
    /// Entries that it does not count yet; nearly always none.
    waiting: u64,
    /// For how long the first of those has waited, in seconds.
    waiting_seconds: i64,
}

/// A backup.
#[derive(Serialize, ToSchema)]
pub(crate) struct BackupView {
    /// In microseconds since 1970.
    made_at: i64,
    /// How old it is, in seconds.
    age_seconds: i64,
    /// How many entries are in it.
    entries: u64,
    /// How many were recorded since, and would be lost.
    entries_since: u64,
}

/// How old the last backup is, and whether the published log is behind
#[utoipa::path(get, path = "/api/v1/standing", operation_id = "read_standing", tag = "service",
    responses((status = 200, description = "How the records stand", body = StandingView),
        (status = "4XX", description = "Not permitted", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn read(State(service): State<Service>) -> Result<Json<StandingView>, Problem> {
    let office = service.office()?;
    let standing = Standing::of(office.store()).await?;
    let age = |at: i64| (office.now() - at).max(0) / MICROSECONDS;
    let log = LogView {
        entries: standing.entries,
        published: standing.published,
        waiting: standing.entries.saturating_sub(standing.published),
        waiting_seconds: standing.waiting_since.map_or(0, age),
    };
    let backup = standing.backup.map(|backup| BackupView {
        made_at: backup.made_at,
        age_seconds: age(backup.made_at),
        entries: backup.entries,
        entries_since: standing.entries.saturating_sub(backup.entries),
    });
    Ok(Json(StandingView { log, backup }))
}
