//! The guard before every route: who calls, is the call their own, and may they.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use subtle::ConstantTimeEq;

use super::{Action, Principal};
use crate::limits::Origin;
use crate::once;
use crate::problem::{Kind, Problem};
use crate::service::Service;

/// The cookie of a session; the prefix binds it to this host and to encrypted connections.
pub(crate) const COOKIE: &str = "__Host-brightline";
/// The head in which calls with a cookie send their form token.
const FORM_TOKEN: &str = "x-form-token";
/// A form is small.
const FORM_BYTES_MAX: usize = 64 << 10;
/// A form with a file holds a paper; the reader of papers has limits of its own.
const UPLOAD_BYTES_MAX: usize = 21 << 20;
/// The form token stands at the beginning of a form with a file.
const TOKEN_BYTES_MAX: usize = 4 << 10;

/// Lets a call of the interface through, or answers with a problem.
pub(crate) async fn guard(action: Action, mut request: Request, next: Next) -> Response {
    match admit(action, &mut request).await {
        Ok(principal) => pass_on(action, principal, request, next).await,
        Err(problem) => problem.into_response(),
    }
}

/// Passes a call on; one that carries a key of its own is done once.
async fn pass_on(
    action: Action,
    principal: Principal,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(principal.clone());
    // Deciding keeps nothing, so there is nothing that could be done twice.
    if matches!(principal, Principal::Nobody) || action == Action::Decide {
        return next.run(request).await;
    }
    let answered = match once::key_of(&request) {
        Ok(None) => return next.run(request).await,
        Ok(Some(key)) => match service(&request) {
            Ok(service) => once::answer((action, &principal), &service, key, request, next).await,
            Err(problem) => Err(problem),
        },
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(Problem::into_response)
}

async fn admit(action: Action, request: &mut Request) -> Result<Principal, Problem> {
    let service = service(request)?;
    let origin = service.gate().origin(request);
    // Whoever shows a token is counted as what it is for, where nobody would need one as well.
    let is_shown = action == Action::Decide && shows_who(&service, request.headers());
    if service.is_open(action) && !is_shown {
        service.gate().admit_anyone(action, request.method(), &origin)?;
        request.extensions_mut().insert(origin);
        return Ok(Principal::Nobody);
    }
    let is_safe = request.method().is_safe();
    let heads = request.headers_mut();
    let principal = known(&service, heads, &origin).await?;
    if let Principal::Account { form_token, .. } = &principal
        && !is_safe
    {
        let sent = heads.get(FORM_TOKEN).map_or(&b""[..], |it| it.as_bytes());
        require_own(form_token, sent)?;
    }
    require_permission(&service, &principal, action)?;
    Ok(principal)
}

/// A cookie alone shows nobody here: browsers send it along by themselves.
fn shows_who(service: &Service, heads: &HeaderMap) -> bool {
    let shows = heads.contains_key(header::AUTHORIZATION) || heads.contains_key(FORM_TOKEN);
    shows && service.accounts().is_ok()
}

/// Lets a page or a form through; who is not signed in is sent to sign in.
pub(crate) async fn guard_form(action: Action, request: Request, next: Next) -> Response {
    match admit_form(action, request).await {
        Ok(request) => next.run(request).await,
        Err(answer) => answer,
    }
}

async fn admit_form(action: Action, mut request: Request) -> Result<Request, Response> {
    let service = service(&request).map_err(Problem::into_response)?;
    let origin = service.gate().origin(&request);
    if service.is_open(action) {
        let admitted = service.gate().admit_anyone(action, request.method(), &origin);
        return admitted.map(|()| request).map_err(Problem::into_response);
    }
    let is_shown = request.method() == Method::GET;
    // Whoever comes with a cookie was signed in: they are told that the session was locked.
    let door = if cookie(request.headers()).is_some() { "/locked" } else { "/sign-in" };
    let here = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let door = format!("{door}{}", crate::pages::back_query(here));
    let found = known(&service, request.headers_mut(), &origin).await;
    let principal = found.map_err(|problem| match is_shown && problem.is(Kind::SignInFirst) {
        true => Redirect::to(&door).into_response(),
        false => problem.into_response(),
    })?;
    if let Principal::Account { form_token, .. } = &principal
        && !request.method().is_safe()
    {
        let form_token = form_token.clone();
        request = with_own_form(request, &form_token).await.map_err(Problem::into_response)?;
    }
    require_permission(&service, &principal, action).map_err(Problem::into_response)?;
    request.extensions_mut().insert(principal);
    Ok(request)
}

/// Returns the service, which the edge puts beside every request.
fn service(request: &Request) -> Result<Service, Problem> {
    let found = request.extensions().get::<Service>().cloned();
    found.ok_or_else(|| Problem::new(Kind::Internal, "the request came around the edge"))
}

/// Reads the form, looks for its token, and puts the form back.
async fn with_own_form(request: Request, form_token: &str) -> Result<Request, Problem> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let is_upload = kind.is_some_and(|it| it.starts_with("multipart/form-data"));
    let bytes_max = if is_upload { UPLOAD_BYTES_MAX } else { FORM_BYTES_MAX };
    let bytes = to_bytes(body, bytes_max).await;
    let bytes = bytes.map_err(|_| Problem::new(Kind::BodyTooLarge, "the form is too large"))?;
    if is_upload {
        require_own(form_token, token_part(&bytes))?;
        return Ok(Request::from_parts(parts, Body::from(bytes)));
    }
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes).unwrap_or_default();
    let sent = fields.iter().find(|(name, _)| name == "form_token").map(|(_, value)| value);
    require_own(form_token, sent.map_or(&b""[..], String::as_bytes))?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Returns the form token of a form with a file, in which it is the first part.
fn token_part(bytes: &[u8]) -> &[u8] {
    const NAME: &[u8] = b"name=\"form_token\"\r\n\r\n";
    let head = bytes.get(..bytes.len().min(TOKEN_BYTES_MAX)).unwrap_or_default();
    let start = head.windows(NAME.len()).position(|it| it == NAME).map(|at| at + NAME.len());
    let rest = start.and_then(|at| head.get(at..)).unwrap_or_default();
    let end = rest.windows(2).position(|it| it == b"\r\n").unwrap_or_default();
    rest.get(..end).unwrap_or_default()
}

fn require_own(form_token: &str, sent: &[u8]) -> Result<(), Problem> {
    if bool::from(form_token.as_bytes().ct_eq(sent)) {
        return Ok(());
    }
    let detail = "the call does not carry the form token of its session";
    Err(Problem::new(Kind::ForeignCall, detail))
}

fn require_permission(
    service: &Service,
    principal: &Principal,
    action: Action,
) -> Result<(), Problem> {
    if service.access().may_somewhere(principal, action) {
        return Ok(());
    }
    tracing::info!(action = action.name(), "not permitted");
    Err(Problem::new(Kind::NotPermitted, "none of your roles may do this"))
}

/// Returns who calls, and counts the call.
async fn known(
    service: &Service,
    heads: &HeaderMap,
    origin: &Origin,
) -> Result<Principal, Problem> {
    match principal(service, heads).await {
        Ok(principal) => service.gate().admit_known(&principal).map(|()| principal),
        Err(problem) => Err(service.gate().admit_stranger(origin).err().unwrap_or(problem)),
    }
}

/// Returns who calls: a token in the head, or the session of a cookie.
async fn principal(service: &Service, heads: &HeaderMap) -> Result<Principal, Problem> {
    let accounts = service.accounts()?;
    if let Some(value) = heads.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|it| it.strip_prefix("Bearer "));
        let found = accounts.token(token.unwrap_or_default().trim()).await?;
        let entry = found.ok_or_else(sign_in_first)?;
        let (scopes, agencies) = (entry.scopes, entry.agencies);
        return Ok(Principal::Token { name: entry.name, scopes, agencies });
    }
    let cookie = cookie(heads).ok_or_else(sign_in_first)?;
    let session = accounts.session(cookie).await?.ok_or_else(sign_in_first)?;
    Ok(Principal::Account { account: session.account, form_token: session.form_token })
}

fn sign_in_first() -> Problem {
    Problem::new(Kind::SignInFirst, "sign in, or send a token that is still good")
}

/// Returns the value of our cookie.
pub(crate) fn cookie(heads: &HeaderMap) -> Option<&str> {
    cookie_named(heads, COOKIE)
}

/// Returns the line that sets the cookie of a session.
pub(crate) fn session_cookie(value: &str, rest: &str) -> String {
    format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Strict{rest}")
}

/// Returns the value of a cookie.
pub(crate) fn cookie_named<'h>(heads: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let mut pairs = heads.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    pairs.find_map(|line| {
        let mut pairs = line.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
    })
}
