//! What people do with a case, one route for each; `If-Match` names the version that was seen.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use brightline_docket::{ActDone, Asked, CaseView, Correction, Did, Error, FactSet, Reopening};
use serde::Deserialize;
use utoipa::ToSchema;

use super::cases::{CasePath, ChangedCase, SeenVersion, shown};
use super::forms::{AskedForm, FactForm};
use crate::access::{Action, Principal};
use crate::body;
use crate::problem::{Kind, Problem};
use crate::service::Service;

/// Facts that somebody sets.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactsForm {
    /// Each with its evidence.
    #[schema(value_type = Vec<FactForm>)]
    facts: Vec<FactSet>,
}

/// Words of whoever does it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteForm {
    /// Why, or what else there is to know.
    note: String,
}

/// What was in fact done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActForm {
    /// The act.
    act: String,
    /// `done`, or `refrained`: it was not done, and will not be.
    #[schema(value_type = String)]
    did: Did,
    /// In a word: held, released, notified, refused, handed over.
    how: String,
    /// When, as a civil time of the place: `2025-03-04 18:00`.
    when: String,
    /// What else the reader should know.
    #[serde(default)]
    note: String,
}

/// A duty that was done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DutyForm {
    /// The task.
    task: String,
    /// What shows it.
    evidence: String,
}

/// To whom a case is given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignForm {
    /// The account: an officer, a supervisor or counsel of the case's agency.
    to: String,
    /// Why, in a sentence.
    note: String,
}

/// Why a case is opened again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReopenForm {
    /// `court_order`, `correction`, `new_facts` or `challenge`.
    #[schema(value_type = String)]
    why: Reopening,
    /// In words; for an order of a court, its citation.
    note: String,
}

/// What was wrong, and what is right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectionForm {
    /// The entry that was wrong.
    entry: u64,
    /// What was wrong with it.
    note: String,
    /// The right facts.
    #[serde(default)]
    #[schema(value_type = Vec<FactForm>)]
    facts: Vec<FactSet>,
    /// What is asked, when that was wrong.
    #[serde(default)]
    #[schema(value_type = Option<AskedForm>)]
    asked: Option<Asked>,
}

/// A call that changes a case: who, which, and the version that was seen.
pub(crate) struct Change {
    pub(super) service: Service,
    pub(super) principal: Principal,
    heads: HeaderMap,
    pub(super) reference: String,
}

impl axum::extract::FromRequestParts<Service> for Change {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        service: &Service,
    ) -> Result<Self, Problem> {
        let broken = || Problem::new(Kind::Internal, "the route lacks its guard");
        let path = Path::<String>::from_request_parts(parts, service).await;
        let Path(reference) =
            path.map_err(|_| Problem::new(Kind::NotFound, "this is no reference"))?;
        let principal = parts.extensions.get::<Principal>().cloned().ok_or_else(broken)?;
        Ok(Self { service: service.clone(), principal, heads: parts.headers.clone(), reference })
    }
}

impl Change {
    /// The version of `If-Match`, which is asked for: nobody changes what they have not seen.
    pub(super) fn version(&self) -> Result<u64, Problem> {
        let head = self.heads.get(header::IF_MATCH).and_then(|it| it.to_str().ok());
        let Some(head) = head else {
            let detail = "send the `ETag` that you saw as `If-Match`";
            return Err(Problem::new(Kind::VersionMissing, detail));
        };
        let stale = || Problem::new(Kind::Stale, "`If-Match` is no `ETag` of this case");
        head.trim().trim_matches('"').parse().map_err(|_| stale())
    }

    pub(super) async fn form<T: serde::de::DeserializeOwned>(
        &self,
        sent: Body,
    ) -> Result<T, Problem> {
        body::object(&self.heads, sent, self.service.settings()).await
    }
}

/// Answers with the case as it is now; whoever was slower is told so.
pub(super) fn answered(changed: Result<CaseView, Error>) -> Result<Response, Problem> {
    match changed {
        Ok(view) => Ok(shown(StatusCode::OK, &view)),
        Err(error) if error.is_stale() => Err(Problem::new(Kind::Stale, error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Sets facts with their evidence, and decides again
#[utoipa::path(post, path = "/api/v1/cases/{reference}/facts", operation_id = "set_facts_case",
    tag = "cases",
    request_body = FactsForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn set_facts(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let FactsForm { facts } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    let seen = (change.reference.as_str(), version);
    answered(office.set_facts(&actor, seen, facts).await)
}

/// Puts the determination forward for signature
#[utoipa::path(
    post,
    path = "/api/v1/cases/{reference}/propose",
    operation_id = "propose_case",
    tag = "cases",
    params(CasePath, SeenVersion),
    responses(ChangedCase)
)]
pub(crate) async fn propose(change: Change) -> Result<Response, Problem> {
    let version = change.version()?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    let seen = (change.reference.as_str(), version);
    answered(office.propose(&actor, seen).await)
}

/// Signs the determination that was put forward; whoever put it forward cannot
#[utoipa::path(
    post,
    path = "/api/v1/cases/{reference}/sign",
    operation_id = "sign_case",
    tag = "cases",
    params(CasePath, SeenVersion),
    responses(ChangedCase)
)]
pub(crate) async fn sign(change: Change) -> Result<Response, Problem> {
    let version = change.version()?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    let seen = (change.reference.as_str(), version);
    answered(office.sign(&actor, seen).await)
}

/// Sends a determination back, with a note
#[utoipa::path(post, path = "/api/v1/cases/{reference}/send-back", operation_id = "send_back_case",
    tag = "cases",
    request_body = NoteForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn send_back(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let NoteForm { note } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    let seen = (change.reference.as_str(), version);
    answered(office.send_back(&actor, seen, note).await)
}

/// Records what was in fact done; what departs from the determination is shown
#[utoipa::path(post, path = "/api/v1/cases/{reference}/acts", operation_id = "record_act_case",
    tag = "cases",
    request_body = ActForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn record_act(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let ActForm { act, did, how, when, note } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    let seen = (change.reference.as_str(), version);
    answered(office.record_act(&actor, seen, ActDone { act, did, how, when, note }).await)
}

/// Records that a duty was done
#[utoipa::path(post, path = "/api/v1/cases/{reference}/duties", operation_id = "complete_duty_case",
    tag = "cases",
    request_body = DutyForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn complete_duty(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let DutyForm { task, evidence } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    let seen = (change.reference.as_str(), version);
    answered(office.complete_duty(&actor, seen, task, evidence).await)
}

/// Gives a case to somebody who works for its agency
#[utoipa::path(post, path = "/api/v1/cases/{reference}/assign", operation_id = "assign_case",
    tag = "cases",
    request_body = AssignForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn assign(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let AssignForm { to, note } = change.form(sent).await?;
    let (service, reference) = (&change.service, change.reference.as_str());
    let (office, actor) = (service.office()?, change.principal.actor()?);
    let gone = || Error::not_found(format!("there is no case `{reference}`"));
    let agency = office.store().agency_of(reference).await?.ok_or_else(gone)?;
    if !service.access().may(&change.principal, Action::Assign, &agency) {
        return Err(gone().into());
    }
    if note.trim().is_empty() {
        return Err(Error::invalid("note", "say why").into());
    }
    let people = service.accounts()?.colleagues(&agency).await?;
    let names: Vec<&str> = people.iter().map(|account| account.name.as_str()).collect();
    if !names.contains(&to.as_str()) {
        return Err(body::no_such("to", "colleague", &to, &names));
    }
    answered(office.assign_because(&actor, (reference, version), (to, note)).await)
}

/// Opens a case again
#[utoipa::path(post, path = "/api/v1/cases/{reference}/reopen", operation_id = "reopen_case",
    tag = "cases",
    request_body = ReopenForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn reopen(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let ReopenForm { why, note } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    let seen = (change.reference.as_str(), version);
    answered(office.reopen(&actor, seen, why, note).await)
}

/// Corrects an entry by another one beside it
#[utoipa::path(post, path = "/api/v1/cases/{reference}/corrections", operation_id = "correct_case",
    tag = "cases",
    request_body = CorrectionForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn correct(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let CorrectionForm { entry, note, facts, asked } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    let seen = (change.reference.as_str(), version);
    answered(office.correct(&actor, seen, Correction { entry, note, facts, asked }).await)
}

/// Closes a case in which nothing is left to do
#[utoipa::path(post, path = "/api/v1/cases/{reference}/close", operation_id = "close_case",
    tag = "cases",
    request_body = NoteForm,
    params(CasePath, SeenVersion), responses(ChangedCase))]
pub(crate) async fn close(change: Change, sent: Body) -> Result<Response, Problem> {
    let version = change.version()?;
    let NoteForm { note } = change.form(sent).await?;
    let (office, actor) = (change.service.office()?, change.principal.actor()?);
    let seen = (change.reference.as_str(), version);
    answered(office.close(&actor, seen, note).await)
}
