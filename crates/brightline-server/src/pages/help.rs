//! Help, and the page of a session that was locked.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;

use super::back::{self, Back};
use super::page;
use super::staff::{Frame, Staff};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "locked.html")]
struct Locked {
    back: String,
}

pub(super) async fn help(staff: Staff) -> Result<Response, Problem> {
    Ok(page(StatusCode::OK, &Help { frame: staff.frame("help")? }))
}

/// What is shown when half an hour went by without a click; it needs nobody to be signed in.
pub(super) async fn locked(Query(Back { to }): Query<Back>) -> Response {
    page(StatusCode::OK, &Locked { back: back::query(&to) })
}
