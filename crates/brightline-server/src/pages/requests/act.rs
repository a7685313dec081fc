//! What people do with a case: put forward, sign, send back, record, tick off, close.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use brightline_docket::{ActDone, CaseView, Did, Error};

use crate::access::Action;
use crate::pages::sent::Sent;
use crate::pages::staff::Staff;
use crate::pages::{refused, times};
use crate::problem::{Kind, Problem};

/// Answers with the case page, at the part that changed; a mistake is told on that page.
async fn answered(
    staff: &Staff,
    (reference, version): (&str, u64),
    part: &str,
    changed: Result<CaseView, Error>,
) -> Result<Response, Problem> {
    match changed {
        Ok(_) => Ok(Redirect::to(&format!("/requests/{reference}#{part}")).into_response()),
        Err(error) => match refused::sentences(&error) {
            Some(fault) => {
                let view = staff.case(reference).await?;
                super::case::shown(staff, &view, fault)
            }
            None => refused::page(staff, reference, (version, error)).await,
        },
    }
}

/// Refuses what this person may do for other agencies only; a case not to be seen is not found.
async fn permit(staff: &Staff, reference: &str, action: Action) -> Result<(), Problem> {
    let agency = staff.case(reference).await?.agency();
    staff.require(action, &agency)
}

pub(in crate::pages) async fn propose(
    staff: Staff,
    Path(reference): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    permit(&staff, &reference, Action::Propose).await?;
    let seen = (reference.as_str(), sent.version()?);
    let changed = staff.office()?.propose(&staff.actor()?, seen).await;
    answered(&staff, seen, "next", changed).await
}

pub(in crate::pages) async fn sign(
    staff: Staff,
    Path(reference): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    permit(&staff, &reference, Action::Sign).await?;
    let seen = (reference.as_str(), sent.version()?);
    let changed = staff.office()?.sign(&staff.actor()?, seen).await;
    answered(&staff, seen, "next", changed).await
}

pub(in crate::pages) async fn send_back(
    staff: Staff,
    Path(reference): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    permit(&staff, &reference, Action::SendBack).await?;
    let seen = (reference.as_str(), sent.version()?);
    let note = sent.one("note").to_owned();
    let changed = staff.office()?.send_back(&staff.actor()?, seen, note).await;
    answered(&staff, seen, "next", changed).await
}

pub(in crate::pages) async fn record(
    staff: Staff,
    Path(reference): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    permit(&staff, &reference, Action::RecordAct).await?;
    let seen = (reference.as_str(), sent.version()?);
    let did = match sent.one("did") {
        "done" => Did::Done,
        "refrained" => Did::Refrained,
        _ => {
            let view = staff.case(&reference).await?;
            let fault = "Choose whether it was done or not.";
            return super::case::shown(&staff, &view, fault.to_owned());
        }
    };
    let done = ActDone {
        act: sent.one("act").to_owned(),
        did,
        how: sent.one("how").to_owned(),
        when: times::of_field(sent.one("when")),
        note: sent.one("note").to_owned(),
    };
    let changed = staff.office()?.record_act(&staff.actor()?, seen, done).await;
    answered(&staff, seen, "done", changed).await
}

pub(in crate::pages) async fn duty(
    staff: Staff,
    Path(reference): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    permit(&staff, &reference, Action::CompleteDuty).await?;
    let seen = (reference.as_str(), sent.version()?);
    let (task, evidence) = (sent.one("task").to_owned(), sent.one("evidence").to_owned());
    if task.is_empty() {
        return Err(Problem::new(Kind::MalformedRequest, "the page does not say which duty"));
    }
    let changed = staff.office()?.complete_duty(&staff.actor()?, seen, task, evidence).await;
    answered(&staff, seen, "duties", changed).await
}

pub(in crate::pages) async fn close(
    staff: Staff,
    Path(reference): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    permit(&staff, &reference, Action::CompleteDuty).await?;
    let seen = (reference.as_str(), sent.version()?);
    let note = sent.one("note").to_owned();
    let changed = staff.office()?.close(&staff.actor()?, seen, note).await;
    answered(&staff, seen, "next", changed).await
}
