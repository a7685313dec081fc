//! The pages for people; the templates are in `web/`.
//!
//! ```text
//! form ─ sent ─▶ names and values ─▶ docket ─▶ CaseView ─ outcome, interview ─▶ template
//! ```
//!
//! Every action works without scripts: a form posts, the answer is a redirect or the page again
//! with what is wrong. Nothing here decides anything; it calls the office and shows what it says.

mod account;
mod back;
mod clock;
mod door;
mod help;
mod home;
mod interview;
mod letterheads;
mod outcome;
mod people;
mod refused;
mod requests;
mod rules;
mod sent;
mod set_up;
mod sign_in;
mod staff;
mod times;
mod words;

use askama::Template;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
pub(crate) use back::{Back, query as back_query};

use crate::access::Action;
use crate::problem::{Kind, Problem};
use crate::routes::Table;
use crate::service::Service;

const STYLE: &str = include_str!("../../../web/style/brightline.css");
const SCRIPT: &str = include_str!("../../../web/static/staff.js");
const PASSKEY_SCRIPT: &str = include_str!("../../../web/static/passkey.js");
const MARK: &str = include_str!("../../../web/static/mark.svg");

/// Adds the pages to the table of routes.
pub(crate) fn add_to(table: Table) -> Table {
    let table = table
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
        .page(("/account", &["GET"]), get(account::show), Action::ReadOwnAccount)
        .page(("/account/passkeys", &["POST"]), post(account::add), Action::ChangeOwnAccount)
        .page(
            ("/account/passkeys/remove", &["POST"]),
            post(account::remove),
            Action::ChangeOwnAccount,
        )
        .page(
            ("/people", &["GET", "POST"]),
            get(people::show).post(people::take),
            Action::ManageAccounts,
        )
        .page(
            ("/letterheads", &["GET", "POST"]),
            get(letterheads::show).post(letterheads::take),
            Action::ManageLetterheads,
        )
        .page(("/locked", &["GET"]), get(help::locked), Action::SignIn)
        .page(("/help", &["GET"]), get(help::help), Action::ReadOwnAccount)
        .page(("/style.css", &["GET"]), get(style), Action::SignIn)
        .page(("/staff.js", &["GET"]), get(script), Action::SignIn)
        .page(("/passkey.js", &["GET"]), get(passkey_script), Action::SignIn)
        .page(("/mark.svg", &["GET"]), get(mark), Action::SignIn);
    door::add_to(rules::add_to(with_one_request(with_requests(table))))
}

/// Adds the pages about requests.
fn with_requests(table: Table) -> Table {
    table
        .page(("/requests", &["GET"]), get(requests::list), Action::ListCases)
        .page(("/requests/filters", &["POST"]), post(requests::save_filter), Action::ListCases)
        .page(
            ("/requests/filters/remove", &["POST"]),
            post(requests::remove_filter),
            Action::ListCases,
        )
        .page(
            ("/requests/new", &["GET", "POST"]),
            get(requests::new).post(requests::receive),
            Action::Receive,
        )
        .page(
            ("/requests/read", &["POST"]),
            post(requests::read).layer(DefaultBodyLimit::disable()),
            Action::Receive,
        )
        .page(("/requests/read/{name}/{page}", &["GET"]), get(requests::picture), Action::Receive)
        .page(("/queue", &["GET"]), get(requests::queue), Action::Sign)
        .page(
            ("/find", &["GET", "POST"]),
            get(requests::find).post(requests::look),
            Action::SearchCases,
        )
}

/// Adds the pages about one request.
fn with_one_request(table: Table) -> Table {
    table
        .page(("/requests/{reference}", &["GET"]), get(requests::case), Action::ReadCase)
        .page(
            ("/requests/{reference}/interview", &["GET", "POST"]),
            get(interview::show).post(interview::take),
            Action::SetFacts,
        )
        .page(
            ("/requests/{reference}/correct", &["GET", "POST"]),
            get(interview::show_correction).post(interview::correct),
            Action::Correct,
        )
        .page(("/requests/{reference}/assign", &["POST"]), post(requests::assign), Action::Assign)
        .page(("/requests/{reference}/reopen", &["POST"]), post(requests::reopen), Action::Reopen)
        .page(
            ("/requests/{reference}/draft", &["POST"]),
            post(interview::keep_draft),
            Action::SetFacts,
        )
        .page(
            ("/requests/{reference}/propose", &["POST"]),
            post(requests::propose),
            Action::Propose,
        )
        .page(("/requests/{reference}/sign", &["POST"]), post(requests::sign), Action::Sign)
        .page(
            ("/requests/{reference}/send-back", &["POST"]),
            post(requests::send_back),
            Action::SendBack,
        )
        .page(("/requests/{reference}/decide", &["POST"]), post(requests::decide), Action::Sign)
        .page(
            ("/requests/{reference}/letters/{kind}", &["GET"]),
            get(requests::letter),
            Action::ReadCase,
        )
        .page(
            ("/requests/{reference}/letters/{kind}/preview", &["GET"]),
            get(requests::preview),
            Action::ReadCase,
        )
        .page(("/requests/{reference}/acts", &["POST"]), post(requests::record), Action::RecordAct)
        .page(
            ("/requests/{reference}/duties", &["POST"]),
            post(requests::duty),
            Action::CompleteDuty,
        )
        .page(
            ("/requests/{reference}/close", &["POST"]),
            post(requests::close),
            Action::CompleteDuty,
        )
}

async fn style(State(_): State<Service>) -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

async fn script() -> Response {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

async fn passkey_script() -> Response {
    asset("text/javascript; charset=utf-8", PASSKEY_SCRIPT)
}

async fn mark() -> Response {
    asset("image/svg+xml", MARK)
}

/// Answers with a file that is the same for everybody.
fn asset(kind: &'static str, text: &'static str) -> Response {
    let kind = HeaderValue::from_static(kind);
    let kept = HeaderValue::from_static("public, max-age=3600");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], text).into_response()
}

/// A page that says one thing.
#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'a str,
    text: &'a str,
    number: &'a str,
    /// What the button says.
    go: &'a str,
}

/// Returns a problem as a page, for whoever looks at it with a browser.
pub(crate) fn problem_page(title: &str, text: &str, number: &str) -> Option<String> {
    let (title, text) = (outcome::capital(title), outcome::capital(text));
    let text = if text.is_empty() { text } else { format!("{}.", text.trim_end_matches('.')) };
    Message { title: &title, text: &text, number, go: &words::say("go-start") }.render().ok()
}

pub(crate) fn message(status: StatusCode, title: &str, text: &str) -> Response {
    page(status, &Message { title, text, number: "", go: &words::say("go-start") })
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => Problem::new(Kind::Internal, error.to_string()).into_response(),
    }
}
