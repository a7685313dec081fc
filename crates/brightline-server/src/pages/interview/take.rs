//! An answer arrives: it becomes a fact with its evidence, and the law is applied again.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use brightline_docket::{CaseView, FactSet};
use serde_json::Value;

use super::ask::{self, Asked};
use super::history::{self, Said};
use super::place::Place;
use super::show::{Again, question};
use super::{answer, declared, draft};
use crate::access::Action;
use crate::pages::refused;
use crate::pages::sent::Sent;
use crate::pages::staff::Staff;
use crate::problem::{Kind, Problem};

/// Why an answer given in parts holds against the part before.
const CONTINUED: &str = "answered further in the interview";

pub(in crate::pages) async fn take(
    staff: Staff,
    Path(reference): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    let view = staff.case(&reference).await?;
    staff.require(Action::SetFacts, &view.agency())?;
    let path = sent.one("fact").to_owned();
    let place = Place::parse(&path);
    let library = staff.library();
    let asked = ask::named(&view, &path).or_else(|| {
        let entry = declared::question(&library, &view, &place)?;
        Some(ask::with_acts(&view, entry))
    });
    let missing = || Problem::new(Kind::NotFound, "there is no such question");
    let asked = asked.ok_or_else(missing)?;
    if asked.entry.kind == "list" {
        return match history::read(&library, &view, &asked.entry.fact, &sent) {
            Ok(Said::List(list)) => record(&staff, &view, &asked, (list, &sent)).await,
            Ok(Said::MoreRows(rows, more)) => {
                let again = Again { rows: Some((rows, more)), ..Again::default() };
                question(&staff, &view, &asked, again).await
            }
            Err(fault) => again(&staff, &view, &asked, (fault, &sent)).await,
        };
    }
    match answer::read(&asked.entry, &sent, &staff.actor()?) {
        Ok(value) => record(&staff, &view, &asked, (place.with(&view, value), &sent)).await,
        Err(fault) => again(&staff, &view, &asked, (fault, &sent)).await,
    }
}

async fn again(
    staff: &Staff,
    view: &CaseView,
    asked: &Asked,
    (fault, sent): (String, &Sent),
) -> Result<Response, Problem> {
    question(staff, view, asked, again_of(staff, view, asked, (fault, sent))).await
}

/// Returns what is shown again of what was sent.
pub(super) fn again_of(
    staff: &Staff,
    view: &CaseView,
    asked: &Asked,
    (fault, sent): (String, &Sent),
) -> Again {
    let rows = match asked.entry.kind.as_str() {
        "list" => typed_rows(sent, &history::columns(&staff.library(), view, &asked.entry.fact)),
        _ => None,
    };
    Again {
        fault,
        is_draft: false,
        typed: sent.one("answer").to_owned(),
        reason: sent.one("reason").to_owned(),
        source: sent.one("source").to_owned(),
        settles: sent.one("settles").to_owned(),
        rows,
        saved: String::new(),
    }
}

/// The cells as they were typed, right or wrong.
fn typed_rows(
    sent: &Sent,
    columns: &[history::Column],
) -> Option<(Vec<serde_json::Map<String, Value>>, bool)> {
    let count = sent.one("rows").parse::<usize>().ok()?.min(60);
    let row = |at: usize| {
        let cells = columns.iter().filter_map(|column| {
            let text = sent.filled(&format!("{at}.{}", column.field))?;
            Some((column.field.clone(), Value::from(text)))
        });
        cells.collect()
    };
    Some(((0..count).map(row).collect(), sent.has("more", "yes")))
}

async fn record(
    staff: &Staff,
    view: &CaseView,
    asked: &Asked,
    (value, sent): (Value, &Sent),
) -> Result<Response, Problem> {
    let place = Place::parse(&asked.entry.fact);
    let is_further = place.field.is_some();
    let settles = match sent.filled("settles") {
        Some(reason) => Some(reason),
        None => is_further.then(|| CONTINUED.to_owned()),
    };
    let set = FactSet {
        fact: place.fact.clone(),
        value,
        evidence: answer::evidence(sent),
        seen: None,
        settles,
    };
    let seen = (view.reference.as_str(), sent.version()?);
    match staff.office()?.set_facts(&staff.actor()?, seen, vec![set]).await {
        Ok(_) => {
            draft::forget(staff, &view.reference, &asked.entry.fact).await?;
            let query = serde_urlencoded::to_string([("after", asked.entry.fact.as_str())]);
            let place =
                format!("/requests/{}/interview?{}", view.reference, query.unwrap_or_default());
            Ok(Redirect::to(&place).into_response())
        }
        Err(error) => match refused::sentences(&error) {
            Some(fault) => again(staff, view, asked, (fault, sent)).await,
            None => refused::page(staff, &view.reference, (sent, error)).await,
        },
    }
}
