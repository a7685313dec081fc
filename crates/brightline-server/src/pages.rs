//! The few pages that the service itself needs; the templates are in `web/`.

mod home;
mod set_up;
mod sign_in;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

use crate::access::Action;
use crate::problem::{Kind, Problem};
use crate::routes::Table;
use crate::service::Service;

const STYLE: &str = include_str!("../../../web/style/brightline.css");

/// Adds the pages to the table of routes.
pub(crate) fn add_to(table: Table) -> Table {
    table
        .page(("/", &["GET"]), get(home::home), Action::ReadOwnAccount)
        .page(
            ("/set-up/{link}", &["GET", "POST"]),
            get(set_up::show).post(set_up::take),
            Action::SetUp,
        )
        .page(
            ("/sign-in", &["GET", "POST"]),
            get(sign_in::show).post(sign_in::take),
            Action::SignIn,
        )
        .page(("/sign-out", &["POST"]), post(sign_in::leave), Action::SignOut)
        .page(("/style.css", &["GET"]), get(style), Action::SignIn)
}

async fn style(State(_): State<Service>) -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    let kept = HeaderValue::from_static("public, max-age=3600");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], STYLE).into_response()
}

/// A page that says one thing.
#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'a str,
    text: &'a str,
    number: &'a str,
}

/// Returns a problem as a page, for whoever looks at it with a browser.
pub(crate) fn problem_page(title: &str, text: &str, number: &str) -> Option<String> {
    Message { title, text, number }.render().ok()
}

fn message(status: StatusCode, title: &str, text: &str) -> Response {
    page(status, &Message { title, text, number: "" })
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => Problem::new(Kind::Internal, error.to_string()).into_response(),
    }
}
