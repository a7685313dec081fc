//! The first page after signing in: what is due, what is new, where to begin.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use brightline_docket::{Filter, Order};

use super::page;
use super::requests::{Row, row};
use super::staff::{Frame, Staff};
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
    let is_alone = frame.may_manage && staff.accounts()?.list().await?.len() < 2;
    let roles = staff.roles();
    let template =
        Home { frame, roles, agencies: staff.agencies_in_words(), rows, waiting, is_alone };
    Ok(page(StatusCode::OK, &template))
}
