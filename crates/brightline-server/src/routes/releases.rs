//! The law in the service: proposed by one person, published by another, read by whoever looks.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use brightline_desk::PackFiles;
use brightline_docket::{Haste, Release};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Action, Principal};
use crate::body;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::service::Service;

/// All packs together, as they were in force.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReleaseView {
    /// `sha256:…` over all its files.
    digest: String,
    /// Its place in the order of publishing, from 1.
    number: u64,
    /// When it was published, in microseconds since 1970.
    published_at: i64,
}

/// A release that somebody proposes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseForm {
    /// What changes, and why.
    #[schema(min_length = 1)]
    note: String,
    /// The text of each file of all packs, by its path: `us-ny-nyc/9-131.law.md`.
    files: BTreeMap<String, String>,
}

/// How a release is published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishForm {
    /// `true` runs no example and no claim, as for an order of a court at four in the afternoon;
    /// two people are needed all the same, and the log says so.
    #[serde(default)]
    emergency: bool,
}

/// A release, for those who propose and publish.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReleaseEntry {
    /// `sha256:…` over all its files.
    digest: String,
    /// Its place in the order of publishing, from 1; 0 while it is only proposed.
    number: u64,
    /// The account that proposed it; empty for the law that came with the program.
    author: String,
    /// The account that published it.
    publisher: String,
    /// When it was published, in microseconds since 1970; 0 while it is only proposed.
    published_at: i64,
    /// The signed note over its digest.
    signature: String,
}

/// A release with its files.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReleaseDocument {
    #[serde(flatten)]
    release: ReleaseEntry,
    /// The text of each file, by its path.
    files: BTreeMap<String, String>,
}

impl From<Release> for ReleaseEntry {
    fn from(release: Release) -> Self {
        let Release { digest, number, author, publisher, published_at, signature } = release;
        Self { digest, number, author, publisher, published_at, signature }
    }
}

/// The law that was published here, the oldest first
#[utoipa::path(get, path = "/api/v1/releases", operation_id = "list_releases", tag = "decide",
    responses((status = 200, description = "The oldest first", body = Vec<ReleaseView>),
        (status = "4XX", description = "Nothing is recorded here", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(service): State<Service>,
) -> Result<Json<Vec<ReleaseView>>, Problem> {
    let mut releases = service.office()?.releases().await?;
    releases.retain(|release| release.number > 0);
    releases.sort_by_key(|release| release.number);
    let views = releases.into_iter().map(|release| ReleaseView {
        digest: release.digest,
        number: release.number,
        published_at: release.published_at,
    });
    Ok(Json(views.collect()))
}

/// Releases that were proposed and not published
#[utoipa::path(get, path = "/api/v1/releases/proposed", operation_id = "list_proposed_releases",
    tag = "releases",
    responses((status = 200, description = "By digest", body = Vec<ReleaseEntry>),
        (status = "4XX", description = "Not permitted", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn proposed(
    State(service): State<Service>,
) -> Result<Json<Vec<ReleaseEntry>>, Problem> {
    let mut releases = service.office()?.releases().await?;
    // What came with the program was proposed by nobody.
    releases.retain(|release| release.number == 0 && !release.author.is_empty());
    Ok(Json(releases.into_iter().map(ReleaseEntry::from).collect()))
}

/// A release, file by file
#[utoipa::path(get, path = "/api/v1/releases/{digest}", operation_id = "read_release",
    tag = "releases", params(("digest" = String, Path, description = "`sha256:…`")),
    responses((status = 200, description = "The release", body = ReleaseDocument),
        (status = "4XX", description = "Not permitted, or no such release",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn read(
    State(service): State<Service>,
    Path(digest): Path<String>,
) -> Result<Json<ReleaseDocument>, Problem> {
    let (release, files) = service.office()?.release(&digest).await?;
    let text = |(path, bytes): (String, Vec<u8>)| (path, String::from_utf8_lossy(&bytes).into());
    let files = files.into_iter().map(text).collect();
    Ok(Json(ReleaseDocument { release: release.into(), files }))
}

/// Proposes a release: all packs, file by file
///
/// Packs with errors are refused. Somebody else publishes it, by its digest.
#[utoipa::path(post, path = "/api/v1/releases", operation_id = "propose_release",
    tag = "releases", request_body = ReleaseForm,
    responses((status = 201, description = "The release", body = ReleaseEntry),
        (status = "4XX", description = "Not permitted, or the packs have errors",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn propose(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    heads: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let settings = body::settings_for(Action::ProposeRelease, service.settings());
    let ReleaseForm { note, files } = body::object(&heads, sent, &settings).await?;
    let files: PackFiles = files.into_iter().map(|(path, it)| (path, it.into_bytes())).collect();
    let release = service.office()?.propose_release(&principal.actor()?, &files, &note).await?;
    let place = format!("/api/v1/releases/{}", release.digest);
    let view = Json(ReleaseEntry::from(release));
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], view).into_response())
}

/// Publishes a release that somebody else proposed: from now on the law is this
///
/// Examples and claims of the packs are run first. Requests that are being decided finish under
/// the law they began with. The digest says exactly what is published.
#[utoipa::path(post, path = "/api/v1/releases/{digest}/publish", operation_id = "publish_release",
    tag = "releases", params(("digest" = String, Path, description = "`sha256:…`")),
    request_body = PublishForm,
    responses((status = 200, description = "The release", body = ReleaseEntry),
        (status = "4XX",
         description = "Not permitted, no such release, published already, or a claim fails",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn publish(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(digest): Path<String>,
    heads: HeaderMap,
    sent: Body,
) -> Result<Json<ReleaseEntry>, Problem> {
    let PublishForm { emergency } = body::object(&heads, sent, service.settings()).await?;
    let haste = if emergency { Haste::Emergency } else { Haste::Ordinary };
    let home = service.settings().log_home.as_ref();
    let keyless = || Problem::new(Kind::Unavailable, "this service has no key to sign releases");
    let signer = home.ok_or_else(keyless)?.signer().map_err(|error| {
        tracing::error!(%error, "the key of the log cannot be used");
        Problem::new(Kind::Unavailable, "the key of the log cannot be used; the log says why")
    })?;
    let office = service.office()?;
    let release = office.publish_release(&principal.actor()?, &digest, haste, &signer).await?;
    Ok(Json(release.into()))
}
