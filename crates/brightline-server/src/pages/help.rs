//! Help, and the page of a session that was locked.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

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
struct Locked;

pub(super) async fn help(staff: Staff) -> Result<Response, Problem> {
    Ok(page(StatusCode::OK, &Help { frame: staff.frame("help")? }))
}

/// What is shown when half an hour went by without a click; it needs nobody to be signed in.
pub(super) async fn locked() -> Response {
    page(StatusCode::OK, &Locked)
}
