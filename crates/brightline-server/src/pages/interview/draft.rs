//! An answer that was typed and not sent: kept for a day, for whoever typed it, so that a session
//! that locks takes nothing away.

use axum::extract::Path;
use axum::http::StatusCode;
use brightline_docket::CaseView;

use super::ask::Asked;
use super::show::Again;
use super::take::again_of;
use crate::accounts::Kept;
use crate::pages::sent::Sent;
use crate::pages::staff::Staff;
use crate::problem::Problem;

/// What belongs to the session and the moment, and is not kept.
const NOT_KEPT: [&str; 3] = ["form_token", "version", "do"];

fn name(reference: &str, fact: &str) -> String {
    format!("{reference} {fact}")
}

/// Keeps what is typed; nothing of it is recorded.
pub(in crate::pages) async fn keep(
    staff: Staff,
    Path(reference): Path<String>,
    sent: Sent,
) -> Result<StatusCode, Problem> {
    let name = name(&reference, sent.one("fact"));
    let body = sent.without(&NOT_KEPT);
    staff.accounts()?.keep(staff.account(), (Kept::Draft, &name), body.as_bytes()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns what was typed into a question and not sent.
pub(super) async fn typed(
    staff: &Staff,
    view: &CaseView,
    asked: &Asked,
) -> Result<Option<Again>, Problem> {
    let name = name(&view.reference, &asked.entry.fact);
    let kept = staff.accounts()?.one_kept(staff.account(), (Kept::Draft, &name)).await?;
    Ok(kept.map(|body| {
        let again = again_of(staff, view, asked, (String::new(), &Sent::parse(&body)));
        Again { is_draft: true, ..again }
    }))
}

/// Forgets what was typed: the answer was recorded.
pub(super) async fn forget(staff: &Staff, reference: &str, fact: &str) -> Result<(), Problem> {
    let name = name(reference, fact);
    Ok(staff.accounts()?.forget(staff.account(), (Kept::Draft, &name)).await?)
}
