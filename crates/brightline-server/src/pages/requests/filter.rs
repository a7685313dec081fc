//! Filters of the work list that somebody saved by name; kept at the service, for this account.

use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::list::Narrowed;
use crate::accounts::Kept;
use crate::pages::sent::Sent;
use crate::pages::staff::Staff;
use crate::problem::{Kind, Problem};

/// A name of a filter has at most this many letters.
const LETTERS_MAX: usize = 40;

/// A filter as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Saved {
    pub(super) name: String,
    /// The list that it leads to: `/requests?show=…`.
    pub(super) address: String,
}

/// Returns the filters of whoever looks at the list, by name.
pub(super) async fn saved(staff: &Staff) -> Result<Vec<Saved>, Problem> {
    let kept = staff.accounts()?.all_kept(staff.account(), Kept::Filter).await?;
    let read = kept.iter().filter_map(|body| serde_json::from_slice(body).ok());
    let mut all: Vec<Saved> = read.collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// Saves the list that is shown under a name.
pub(in crate::pages) async fn save(staff: Staff, sent: Sent) -> Result<Response, Problem> {
    let name: String = sent.one("name").chars().filter(|it| !it.is_control()).collect();
    if name.is_empty() || name.chars().count() > LETTERS_MAX {
        let why = || {
            Problem::new(
                Kind::MalformedRequest,
                format!("a filter has a name of 1 to {LETTERS_MAX} letters"),
            )
        };
        return Err(why());
    }
    let address = Narrowed::of(&sent).address();
    let filter = Saved { name, address };
    let body = serde_json::to_vec(&filter).unwrap_or_default();
    staff.accounts()?.keep(staff.account(), (Kept::Filter, &filter.name), &body).await?;
    Ok(Redirect::to(&filter.address).into_response())
}

/// Takes a filter away.
pub(in crate::pages) async fn remove(staff: Staff, sent: Sent) -> Result<Response, Problem> {
    staff.accounts()?.forget(staff.account(), (Kept::Filter, sent.one("name"))).await?;
    Ok(Redirect::to("/requests").into_response())
}
