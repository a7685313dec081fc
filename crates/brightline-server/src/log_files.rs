//! The public log, as static files in the layout of C2SP tlog-tiles: read by whoever likes.

use std::path::{Path as FilePath, PathBuf};

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::access::Action;
use crate::problem::{Kind, Problem};
use crate::routes::Table;
use crate::service::Service;

/// A tile never changes once it is whole.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Adds the files to the table of routes.
pub(crate) fn add_to(table: Table) -> Table {
    table.page(("/log/checkpoint", &["GET"]), get(checkpoint), Action::ReadLog).page(
        ("/log/tile/{*rest}", &["GET"]),
        get(tile),
        Action::ReadLog,
    )
}

async fn checkpoint(State(service): State<Service>) -> Result<Response, Problem> {
    let bytes = read(&service, FilePath::new("checkpoint")).await?;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

async fn tile(
    State(service): State<Service>,
    Path(rest): Path<String>,
) -> Result<Response, Problem> {
    let path = tile_path(&rest).ok_or_else(nothing)?;
    let bytes = read(&service, &path).await?;
    let kind = HeaderValue::from_static("application/octet-stream");
    let kept = HeaderValue::from_static(FOR_EVER);
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], bytes).into_response())
}

async fn read(service: &Service, path: &FilePath) -> Result<Vec<u8>, Problem> {
    let folder = service.settings().log_folder.as_ref().ok_or_else(nothing)?;
    tokio::fs::read(folder.join(path)).await.map_err(|_| nothing())
}

fn nothing() -> Problem {
    Problem::new(Kind::NotFound, "the log has no such file")
}

/// Returns the path of a tile within the folder, if the address can be that of one: a level or
/// `entries`, then digits in threes, and a width where the tile is partial.
fn tile_path(rest: &str) -> Option<PathBuf> {
    let mut path = PathBuf::from("tile");
    for step in rest.split('/') {
        let digits = step.strip_prefix('x').unwrap_or(step);
        let digits = digits.strip_suffix(".p").unwrap_or(digits);
        let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
        if !(is_number || step == "entries") {
            return None;
        }
        path.push(step);
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::tile_path;

    #[test]
    fn only_addresses_of_tiles_become_paths() {
        for good in ["0/x001/234", "entries/067", "1/000.p/17"] {
            assert!(tile_path(good).is_some(), "{good}");
        }
        for wrong in ["", "..", "../ledger.key", "0/../../ledger.key", "0//1", "0/x", "%2e%2e", "/"]
        {
            assert!(tile_path(wrong).is_none(), "{wrong}");
        }
    }
}
