//! What records officers and auditors do: holds, seals, proofs.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Extension, Json};
use brightline_docket::{EntryPlace, Error};
use brightline_ledger::{Checkpoint, ProofFile, TileFiles};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cases::{CasePath, ChangedCase, SeenVersion};
use super::changes::{Change, answered};
use crate::access::{Action, Principal};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::service::Service;

/// For what a case is held.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldForm {
    /// The matter, such as the number of a lawsuit.
    matter: String,
}

/// On whose word a case is sealed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SealForm {
    /// The order or the rule, by its citation.
    order: String,
}

/// Where the entries of a case stand in the public log.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProofPage {
    /// One for each entry, in their order.
    items: Vec<ProofView>,
}

/// The proof that one entry is in the log.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProofView {
    /// Its place within the case, from 1.
    number: u64,
    /// Its place in the log, from 0.
    position: u64,
    /// The proof, in the format of C2SP tlog-proof; absent until a checkpoint counts the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<String>,
}

/// Holds a case for a matter, so that it does not end
#[utoipa::path(post, path = "/api/v1/cases/{reference}/holds", operation_id = "hold_case",
    tag = "records",
    request_body = HoldForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn hold(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let HoldForm { matter } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    answered(office.place_hold(&actor, (&change.reference, version), matter).await)
}

/// Lifts a hold
#[utoipa::path(post, path = "/api/v1/cases/{reference}/lift-hold", operation_id = "lift_hold_case",
    tag = "records",
    request_body = HoldForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn lift_hold(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let HoldForm { matter } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    answered(office.lift_hold(&actor, (&change.reference, version), matter).await)
}

/// Seals a case: its key is destroyed, and nobody can read it any more
///
/// What proves that it was recorded stays valid. There is no way back.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/seal", operation_id = "seal_case",
    tag = "records",
    request_body = SealForm,
    params(CasePath, SeenVersion),
    responses((status = 204, description = "It is sealed"),
        (status = "4XX", description = "Not permitted, not there, held, or changed since",
         body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn seal(change: Change, sent: Body) -> Result<StatusCode, Problem> {
    let version = change.version()?;
    let SealForm { order } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    match office.seal(&actor, (&change.reference, version), &order).await {
        Ok(()) => {
            // Answers that are kept for calls with a key may speak of the case.
            change.service.accounts()?.forget_old_calls().await?;
            Ok(StatusCode::NO_CONTENT)
        }
        Err(error) if error.is_stale() => Err(Problem::new(Kind::Stale, error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// The proofs that the entries of a case are in the public log
#[utoipa::path(get, path = "/api/v1/cases/{reference}/proofs", operation_id = "list_proofs",
    tag = "records",
    params(("reference" = String, Path, description = "The reference")),
    responses((status = 200, description = "One for each entry", body = ProofPage),
        (status = "4XX", description = "Not permitted, or not there", body = ProblemDocument,
         content_type = "application/problem+json")))]
pub(crate) async fn proofs(
    State(service): State<Service>,
    Extension(principal): Extension<Principal>,
    Path(reference): Path<String>,
) -> Result<Json<ProofPage>, Problem> {
    let store = service.office()?.store();
    let gone = || Error::not_found(format!("there is no case `{reference}`"));
    let agency = store.agency_of(&reference).await?.ok_or_else(gone)?;
    if !service.access().may(&principal, Action::ReadProof, &agency) {
        return Err(gone().into());
    }
    let places = store.entry_places(&reference).await?;
    let folder = service.settings().log_folder.clone();
    let looking = tokio::task::spawn_blocking(move || {
        let log = folder.and_then(|folder| Log::open(TileFiles::new(folder)).ok());
        places.into_iter().map(|place| proof(log.as_ref(), place)).collect()
    });
    let items = looking.await;
    let items = items.map_err(|error| Problem::new(Kind::Internal, error.to_string()))?;
    Ok(Json(ProofPage { items }))
}

/// The public log and its last checkpoint.
struct Log {
    files: TileFiles,
    note: brightline_ledger::Note,
    size: u64,
}

impl Log {
    fn open(files: TileFiles) -> Result<Self, brightline_ledger::Error> {
        let note = files.checkpoint()?;
        let size = note.text().parse::<Checkpoint>()?.head().size;
        Ok(Self { files, note, size })
    }
}

fn proof(log: Option<&Log>, EntryPlace { number, position }: EntryPlace) -> ProofView {
    let proof = log.filter(|log| position < log.size).and_then(|log| {
        let hashes = log.files.tree(log.size).inclusion(position).ok()?;
        let checkpoint = log.note.clone();
        Some(ProofFile { extra: None, index: position, hashes, checkpoint }.to_string())
    });
    ProofView { number, position, proof }
}
