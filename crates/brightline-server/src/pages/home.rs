//! The first page after signing in: what is due, what is new, where to begin.

use std::collections::BTreeSet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use brightline_docket::{Filter, Order};

use super::page;
use super::requests::{Row, agency_words, row};
use super::staff::{Frame, Staff};
use crate::accounts::Account;
use crate::problem::Problem;

/// How many requests the first page shows.
const SHOWN: u32 = 10;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    roles: String,
    agencies: String,
    rows: Vec<Row>,
    waiting: usize,
    /// Nobody else has an account yet.
    is_alone: bool,
    /// Agencies whose letters carry no address yet, for whoever can write it: key and words.
    without_head: Vec<(String, String)>,
}

pub(super) async fn home(staff: Staff) -> Result<Response, Problem> {
    let frame = staff.frame("home")?;
    let (mut rows, mut waiting) = (Vec::new(), 0);
    if frame.may_list {
        let (office, actor) = (staff.office()?, staff.actor()?);
        let now = office.now();
        let all = Filter { open_only: true, limit: SHOWN, order: Order::Due, ..Filter::default() };
        let found = office.list(&actor, &all, None).await?;
        rows = found.items.iter().map(|it| row(&staff, it, now)).collect();
        if frame.may_sign {
            let stage = Some("proposed".to_owned());
            let queue = Filter { stage, limit: 200, ..Filter::default() };
            waiting = office.list(&actor, &queue, None).await?.items.len();
        }
    }
    let people = match frame.may_manage {
        true => staff.accounts()?.list().await?,
        false => Vec::new(),
    };
    let template = Home {
        is_alone: people.len() == 1,
        without_head: without_head(&staff, people).await?,
        roles: staff.roles(),
        agencies: staff.agencies_in_words(),
        frame,
        rows,
        waiting,
    };
    Ok(page(StatusCode::OK, &template))
}

/// The agencies that somebody works for and whose letters carry no address yet.
async fn without_head(
    staff: &Staff,
    people: Vec<Account>,
) -> Result<Vec<(String, String)>, Problem> {
    let library = staff.library();
    let keys: BTreeSet<String> = people.into_iter().flat_map(|it| it.agencies).collect();
    let mut without = Vec::new();
    for key in keys {
        let is_known = key != "*" && library.require_agencies([key.as_str()]).is_ok();
        if is_known && staff.letterhead(&key).await?.is_none_or(|it| !it.is_whole()) {
            without.push((key.clone(), agency_words(library.corpus(), &key)));
        }
    }
    Ok(without)
}
