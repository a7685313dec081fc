//! What people do with a case: put forward, sign, send back, record, tick off, close.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use brightline_docket::{ActDone, Actor, CaseView, Did, Error, Office, Override, Reopening};

use super::again::{Again, Wrong};
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

    /// Returns every field that is empty, with what is to be typed there.
    fn missing(&self, fields: &[(&str, &str)]) -> Vec<Wrong> {
        let empty = fields.iter().filter(|(field, _)| self.sent.one(field).is_empty());
        empty.map(|(field, words)| Wrong::new(field, say(words))).collect()
    }

    /// Answers with the case page, at the part that changed; a mistake is told on that page, at the
    /// form in which it was made.
    async fn answered(
        &self,
        part: &str,
        form: (&'static str, &str),
        changed: Result<CaseView, Error>,
    ) -> Result<Response, Problem> {
        let Self { staff, reference, sent } = self;
        match changed {
            Ok(_) => Ok(Redirect::to(&format!("/requests/{reference}#{part}")).into_response()),
            Err(error) => match refused::by_field(&error) {
                Some(wrong) => {
                    let wrong = wrong.into_iter().map(|(field, words)| Wrong { field, words });
                    self.again(form, wrong.collect()).await
                }
                None => refused::page(staff, reference, (sent, error)).await,
            },
        }
    }

    /// Shows the case page with the form as it was filled in, and what is wrong with it.
    async fn again(
        &self,
        form: (&'static str, &str),
        wrong: Vec<Wrong>,
    ) -> Result<Response, Problem> {
        let view = self.staff.case(&self.reference).await?;
        let again = Again::new(form, wrong, self.sent.clone());
        super::case::shown(&self.staff, &view, again).await
    }
}

pub(in crate::pages) async fn propose(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Propose).await?;
    let (office, actor) = step.office()?;
    step.answered("next", ("propose", ""), office.propose(&actor, seen).await).await
}

pub(in crate::pages) async fn sign(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Sign).await?;
    let (office, actor) = step.office()?;
    step.answered("next", ("sign", ""), office.sign(&actor, seen).await).await
}

pub(in crate::pages) async fn send_back(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::SendBack).await?;
    let form = ("send_back", "");
    let missing = step.missing(&[("note", "fault-send-back")]);
    if !missing.is_empty() {
        return step.again(form, missing).await;
    }
    let (office, actor) = step.office()?;
    step.answered("next", form, office.send_back(&actor, seen, step.field("note")).await).await
}

/// Decides an act otherwise than computed, or where the law leaves it to counsel.
pub(in crate::pages) async fn decide(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Sign).await?;
    let form = ("decide", step.sent.one("act"));
    let missing =
        step.missing(&[("reason", "fault-decide-reason"), ("citation", "fault-decide-citation")]);
    if !missing.is_empty() {
        return step.again(form, missing).await;
    }
    let decision = Override {
        act: step.field("act"),
        outcome: step.field("outcome"),
        reason: step.field("reason"),
        citation: step.field("citation"),
    };
    let (office, actor) = step.office()?;
    step.answered("next", form, office.decide_otherwise(&actor, seen, decision).await).await
}

/// Records what was done with every act of which something is told.
pub(in crate::pages) async fn record(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::RecordAct).await?;
    let form = ("acts", "");
    let told: Vec<(&str, Did)> = step.sent.each("did.").filter_map(did).collect();
    let mut wrong = match told.is_empty() {
        true => vec![Wrong::new("did", say("fault-did"))],
        false => Vec::new(),
    };
    wrong.extend(step.missing(&[("how", "fault-how"), ("when", "fault-when")]));
    if !wrong.is_empty() {
        return step.again(form, wrong).await;
    }
    let done = told.into_iter().map(|(act, did)| ActDone {
        act: act.to_owned(),
        did,
        how: step.field("how"),
        when: times::of_field(step.sent.one("when")),
        note: step.field("note"),
    });
    let (office, actor) = step.office()?;
    step.answered("done", form, office.record_acts(&actor, seen, done.collect()).await).await
}

/// What is told of an act; nothing where that is to come.
fn did<'s>((act, told): (&'s str, &str)) -> Option<(&'s str, Did)> {
    match told {
        "done" => Some((act, Did::Done)),
        "refrained" => Some((act, Did::Refrained)),
        _ => None,
    }
}

pub(in crate::pages) async fn duty(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::CompleteDuty).await?;
    let (task, evidence) = (step.field("task"), step.field("evidence"));
    if task.is_empty() {
        return Err(Problem::new(Kind::MalformedRequest, "the page does not say which duty"));
    }
    let form = ("duties", step.sent.one("task"));
    let missing = step.missing(&[("evidence", "fault-evidence")]);
    if !missing.is_empty() {
        return step.again(form, missing).await;
    }
    let (office, actor) = step.office()?;
    step.answered("duties", form, office.complete_duty(&actor, seen, task, evidence).await).await
}

pub(in crate::pages) async fn close(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::CompleteDuty).await?;
    let (office, actor) = step.office()?;
    let closed = office.close(&actor, seen, step.field("note")).await;
    step.answered("next", ("close", ""), closed).await
}

/// Gives the case to somebody who works for its agency.
pub(in crate::pages) async fn assign(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Assign).await?;
    let form = ("assign", "");
    let (to, note) = (step.field("to"), step.field("note"));
    let view = step.staff.case(&step.reference).await?;
    let people = step.staff.colleagues(&view.agency()).await?;
    let mut wrong = match people.iter().any(|it| it.name == to) {
        true => Vec::new(),
        false => vec![Wrong::new("to", say("fault-assign-to"))],
    };
    wrong.extend(step.missing(&[("note", "fault-assign-note")]));
    if !wrong.is_empty() {
        return step.again(form, wrong).await;
    }
    let (office, actor) = step.office()?;
    step.answered("next", form, office.assign_because(&actor, seen, (to, note)).await).await
}

/// Takes a case up again that was signed or closed.
pub(in crate::pages) async fn reopen(step: Step) -> Result<Response, Problem> {
    let seen = step.permitted(Action::Reopen).await?;
    let form = ("reopen", "");
    let missing = step.missing(&[("note", "fault-reopen-note")]);
    let why = REOPENINGS.iter().find(|(name, _)| *name == step.sent.one("why"));
    let why = match why {
        Some((_, why)) if missing.is_empty() => *why,
        Some(_) => return step.again(form, missing).await,
        None => {
            let wrong = vec![Wrong::new("why", say("fault-reopen"))];
            return step.again(form, wrong.into_iter().chain(missing).collect()).await;
        }
    };
    let (office, actor) = step.office()?;
    step.answered("next", form, office.reopen(&actor, seen, why, step.field("note")).await).await
}
