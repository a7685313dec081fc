//! What people do with a case: put forward, sign, send back, record, tick off, close.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use brightline_docket::{ActDone, Actor, CaseView, Did, Error, Office, Override, Reopening};

use crate::access::Action;
use crate::pages::sent::Sent;
use crate::pages::staff::Staff;
use crate::pages::words::say;
use crate::pages::{refused, times};
use crate::problem::{Kind, Problem};
use crate::service::Service;

/// Why a case is taken up again, by the names of forms.
pub(super) const REOPENINGS: [(&str, Reopening); 4] = [
    ("new_facts", Reopening::NewFacts),
    ("correction", Reopening::Correction),
    ("challenge", Reopening::Challenge),
    ("court_order", Reopening::CourtOrder),
];

/// One step of somebody in a case: who, which case, and what the page sent.
pub(in crate::pages) struct Step {
    staff: Staff,
    reference: String,
    sent: Sent,
}

impl FromRequest<Service> for Step {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let staff = Staff::from_request_parts(&mut parts, service).await?;
        let path = Path::<String>::from_request_parts(&mut parts, service).await;
        let Path(reference) =
            path.map_err(|_| Problem::new(Kind::NotFound, "this is no reference"))?;
        let sent = Sent::from_request(Request::from_parts(parts, body), service).await?;
        Ok(Self { staff, reference, sent })
    }
}

impl Step {
    /// Returns the case and the version that was seen; refuses what this person may do for other
    /// agencies only. A case not to be seen is not found.
    async fn permitted(&self, action: Action) -> Result<(&str, u64), Problem> {
        let agency = self.staff.case(&self.reference).await?.agency();
        self.staff.require(action, &agency)?;
        Ok((&self.reference, self.sent.version()?))
    }

    fn office(&self) -> Result<(&Office, Actor), Problem> {
        Ok((self.staff.office()?, self.staff.actor()?))
    }

    /// Returns what was typed into a field.
    fn field(&self, name: &str) -> String {
        self.sent.one(name).to_owned()
    }

    /// Answers with the case page, at the part that changed; a mistake is told on that page.
    async fn answered(
        &self,
        part: &str,
        changed: Result<CaseView, Error>,
    ) -> Result<Response, Problem> {
        let Self { staff, reference, sent } = self;
        match changed {
            Ok(_) => Ok(Redirect::to(&format!("/requests/{reference}#{part}")).into_response()),
            Err(error) => match refused::sentences(&error) {
                Some(fault) => self.told(fault).await,
                None => refused::page(staff, reference, (sent.version()?, error)).await,
            },
        }
    }

    /// Shows the case page with a fault.
    async fn told(&self, fault: String) -> Result<Response, Problem> {
        let view = self.staff.case(&self.reference).await?;
        super::case::shown(&self.staff, &view, fault).await
    }
}

pub(in crate::pages) async fn propose(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Propose).await?;
    let (office, actor) = step.office()?;
    step.answered("next", office.propose(&actor, seen).await).await
}

pub(in crate::pages) async fn sign(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Sign).await?;
    let (office, actor) = step.office()?;
    step.answered("next", office.sign(&actor, seen).await).await
}

pub(in crate::pages) async fn send_back(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::SendBack).await?;
    let (office, actor) = step.office()?;
    step.answered("next", office.send_back(&actor, seen, step.field("note")).await).await
}

/// Decides an act otherwise than computed, or where the law leaves it to counsel.
pub(in crate::pages) async fn decide(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Sign).await?;
    let decision = Override {
        act: step.field("act"),
        outcome: step.field("outcome"),
        reason: step.field("reason"),
        citation: step.field("citation"),
    };
    if decision.reason.is_empty() || decision.citation.is_empty() {
        return step.told(say("fault-decide")).await;
    }
    let (office, actor) = step.office()?;
    step.answered("next", office.decide_otherwise(&actor, seen, decision).await).await
}

pub(in crate::pages) async fn record(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::RecordAct).await?;
    let did = match step.sent.one("did") {
        "done" => Did::Done,
        "refrained" => Did::Refrained,
        _ => return step.told(say("fault-did")).await,
    };
    let done = ActDone {
        act: step.field("act"),
        did,
        how: step.field("how"),
        when: times::of_field(step.sent.one("when")),
        note: step.field("note"),
    };
    let (office, actor) = step.office()?;
    step.answered("done", office.record_act(&actor, seen, done).await).await
}

pub(in crate::pages) async fn duty(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::CompleteDuty).await?;
    let (task, evidence) = (step.field("task"), step.field("evidence"));
    if task.is_empty() {
        return Err(Problem::new(Kind::MalformedRequest, "the page does not say which duty"));
    }
    let (office, actor) = step.office()?;
    step.answered("duties", office.complete_duty(&actor, seen, task, evidence).await).await
}

pub(in crate::pages) async fn close(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::CompleteDuty).await?;
    let (office, actor) = step.office()?;
    step.answered("next", office.close(&actor, seen, step.field("note")).await).await
}

/// Gives the case to somebody who works for its agency.
pub(in crate::pages) async fn assign(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Assign).await?;
    let (to, note) = (step.field("to"), step.field("note"));
    let view = step.staff.case(&step.reference).await?;
    let people = step.staff.colleagues(&view.agency()).await?;
    if note.is_empty() || !people.iter().any(|it| it.name == to) {
        return step.told(say("fault-assign")).await;
    }
    let (office, actor) = step.office()?;
    step.answered("next", office.assign_because(&actor, seen, (to, note)).await).await
}

/// Takes a case up again that was signed or closed.
pub(in crate::pages) async fn reopen(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Reopen).await?;
    let why = REOPENINGS.iter().find(|(name, _)| *name == step.sent.one("why"));
    let Some((_, why)) = why else {
        return step.told(say("fault-reopen")).await;
    };
    let (office, actor) = step.office()?;
    step.answered("next", office.reopen(&actor, seen, *why, step.field("note")).await).await
}
