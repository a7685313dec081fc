//! The edge, around every request: its number, log line, counts, and the heads that browsers obey.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{debug, error, info};

use crate::metrics::Answered;
use crate::problem::{Kind, Problem};
use crate::service::Service;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What every answer tells a browser; a page allows nothing but its own scripts and styles.
const HEADS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
         base-uri 'none'; require-trusted-types-for 'script'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Numbers for requests: unique on this machine, and in order.
pub(crate) struct Numbers {
    start: u64,
    next: AtomicU64,
}

impl Default for Numbers {
    fn default() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start: since.as_secs(), next: AtomicU64::new(1) }
    }
}

impl Numbers {
    fn next(&self) -> RequestId {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        RequestId(format!("{:08x}-{number:08x}", self.start))
    }
}

/// The number of a request, as in its log line and its answer.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Answers a request and sees to everything that is the same for all.
pub(crate) async fn around(
    State(service): State<Service>,
    mut request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let id = service.numbers().next();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let (method, route) = (request.method().clone(), route.to_owned());
    let is_browser = accepts_pages(&request);
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(service.clone());
    service.metrics().begin();
    let mut response = next.run(request).await;
    write_problem(&mut response, &id, is_browser);
    add_heads(&mut response, &id);
    let answered = Answered { method: named(&method), route, code: response.status().as_u16() };
    let time = start.elapsed();
    service.metrics().end(&answered, time);
    log(&answered, &id, time.as_micros());
    response
}

/// A method that no route knows is counted as one, or anybody could fill the table of counts.
fn named(method: &Method) -> String {
    let known = [&Method::GET, &Method::HEAD, &Method::POST, &Method::PUT, &Method::DELETE];
    let name = if known.contains(&method) { method.as_str() } else { "other" };
    name.to_owned()
}

/// Writes the problem into the body, also for errors that a library answered with.
fn write_problem(response: &mut Response, id: &RequestId, is_browser: bool) {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return;
    }
    if is_page(response) {
        return;
    }
    let known = response.extensions_mut().remove::<Problem>();
    let of_library = || Problem::new(Kind::of_status(status), "").with_status(status);
    let problem = known.unwrap_or_else(of_library);
    let (kind, body) = match problem.page(&id.0).filter(|_| is_browser) {
        Some(page) => ("text/html; charset=utf-8", page.into_bytes()),
        None => ("application/problem+json", problem.document(&id.0)),
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(body);
}

/// A page that says what is wrong needs no problem document.
fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    kind.is_some_and(|it| it.starts_with("text/html"))
}

/// A browser says that it reads pages before anything else.
fn accepts_pages(request: &Request) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|it| it.to_str().ok());
    accepted.is_some_and(|it| it.starts_with("text/html"))
}

fn add_heads(response: &mut Response, id: &RequestId) {
    let heads = response.headers_mut();
    for (name, value) in HEADS {
        heads.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        heads.insert(REQUEST_ID, id);
    }
    heads.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn log(answered: &Answered, id: &RequestId, time_us: u128) {
    let Answered { method, route, code } = answered;
    let request_id = &id.0;
    match code {
        500.. => error!(request_id, method, route, code, time_us, "failed"),
        400.. => info!(request_id, method, route, code, time_us, "refused"),
        _ => debug!(request_id, method, route, code, time_us, "answered"),
    }
}
