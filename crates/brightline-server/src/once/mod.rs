//! A call that carries an `Idempotency-Key` is done once, however often it is sent.
//!
//! The draft of the IETF's group on HTTP interfaces says what is answered: the same call again gets
//! the answer of the first; another call under the same key is refused; so is the same call while
//! the first is still being answered.
//!
//! A key is written down before the call begins, and its answer after.
//! A process that dies between the two leaves the key as it is: the call is never done twice, and
//! whoever sends it again is told that the answer is not known.

mod kept;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::access::{Action, Principal};
use crate::body;
use crate::problem::{Kind, Problem};
use crate::service::Service;
pub(crate) use kept::KeptAnswer;
use kept::{Begun, Call};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// An answer that was given before says so.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// What of the heads of an answer is kept.
const KEPT_HEADS: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];
/// A key has at most this many letters.
const KEY_LETTERS_MAX: usize = 255;
/// An answer that is larger is not kept; none of ours is.
const ANSWER_BYTES_MAX: usize = 4 << 20;
/// No call takes this long to be answered.
const ANSWER_SECONDS_MAX: i64 = 60;

/// Returns the key of a call that changes something, if it carries one.
pub(crate) fn key_of(request: &Request) -> Result<Option<String>, Problem> {
    if request.method() != Method::POST {
        return Ok(None);
    }
    let mut lines = request.headers().get_all(KEY).iter();
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    let text = line.to_str().ok().filter(|_| lines.next().is_none());
    text.and_then(plain_key).map(Some).ok_or_else(|| {
        let detail = "`Idempotency-Key` is one text in quotation marks, of at most 255 letters";
        Problem::new(Kind::MalformedRequest, detail)
    })
}

/// A string of RFC 9651; without quotation marks, as many clients send it, it is taken, too.
fn plain_key(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let key = inner.unwrap_or(text);
    let is_plain = |it: u8| it.is_ascii_graphic() && !matches!(it, b'"' | b'\\');
    let fits = (1..=KEY_LETTERS_MAX).contains(&key.len()) && key.bytes().all(is_plain);
    fits.then(|| key.to_owned())
}

/// Answers a call with a key: from what is kept, or by doing it and keeping the answer.
pub(crate) async fn answer(
    (action, principal): (Action, &Principal),
    service: &Service,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, sent) = request.into_parts();
    let sent = body::bytes(sent, &body::settings_for(action, service.settings())).await?;
    let call = Call { caller: caller(principal), key, digest: digest(&parts, &sent) };
    let accounts = service.accounts()?;
    match accounts.begin_call(&call).await? {
        Begun::First => {}
        Begun::Answered(answer) => return Ok(replayed(answer)),
        Begun::OtherCall => {
            let detail = "another call was sent under this key; take a new one for each";
            return Err(Problem::new(Kind::KeyOfOtherCall, detail));
        }
        Begun::Unanswered { seconds } => return Err(unanswered(seconds)),
    }
    let request = Request::from_parts(parts, Body::from(sent));
    let service = service.clone();
    // Whoever asked may hang up; the answer is kept for when they ask again.
    let doing = tokio::spawn(async move {
        let response = next.run(request).await;
        keep(&service, &call, action, response).await
    });
    doing.await.unwrap_or_else(|_| Err(Problem::new(Kind::Internal, "answering broke off")))
}

fn caller(principal: &Principal) -> String {
    let kind = match principal {
        Principal::Nobody => "nobody",
        Principal::Account { .. } => "account",
        Principal::Token { .. } => "token",
    };
    format!("{kind} {}", principal.name())
}

/// What makes two calls the same: where, on which version, and what was sent.
fn digest(parts: &Parts, sent: &[u8]) -> [u8; 32] {
    let path = parts.uri.path_and_query().map_or("", |it| it.as_str());
    let seen = parts.headers.get(header::IF_MATCH).map_or(&b""[..], HeaderValue::as_bytes);
    let mut digest = Sha256::new();
    for part in [parts.method.as_str().as_bytes(), path.as_bytes(), seen, sent] {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

fn unanswered(seconds: i64) -> Problem {
    if seconds < ANSWER_SECONDS_MAX {
        let detail = "the same call is being answered just now";
        return Problem::new(Kind::CallInProgress, detail).retry_after(1);
    }
    let detail = "the service stopped before the answer to this call was kept; look whether it was \
                  recorded before you send it under a new key";
    Problem::new(Kind::CallInProgress, detail)
}

/// Keeps what was recorded; what was refused may be corrected and sent again.
async fn keep(
    service: &Service,
    call: &Call,
    action: Action,
    response: Response,
) -> Result<Response, Problem> {
    let accounts = service.accounts()?;
    if let Some(problem) = response.extensions().get::<Problem>() {
        if !problem.leaves_open_whether_recorded() {
            accounts.forget_call(call).await?;
        }
        return Ok(response);
    }
    let (parts, sent) = response.into_parts();
    if parts.status.is_client_error() {
        accounts.forget_call(call).await?;
        return Ok(Response::from_parts(parts, Body::new(sent)));
    }
    let sent = to_bytes(Body::new(sent), ANSWER_BYTES_MAX).await;
    let sent = sent.map_err(|error| Problem::new(Kind::Internal, error.to_string()))?;
    if !parts.status.is_server_error() {
        accounts.keep_answer(call, &kept(parts.status, &parts.headers, &sent, action)).await?;
    }
    Ok(Response::from_parts(parts, Body::from(sent)))
}

/// An answer that holds a secret is not kept: the secret is shown once.
fn kept(status: StatusCode, heads: &HeaderMap, sent: &Bytes, action: Action) -> KeptAnswer {
    let shows_secrets =
        [Action::ManageAccounts, Action::ManageTokens, Action::ManageWebhooks].contains(&action);
    let text = |name: &HeaderName| heads.get(name)?.to_str().ok().map(str::to_owned);
    let heads = KEPT_HEADS.iter().filter_map(|name| Some((name.to_string(), text(name)?)));
    let body = String::from_utf8_lossy(sent).into_owned();
    KeptAnswer {
        code: status.as_u16(),
        heads: heads.collect(),
        body: (sent.is_empty() || !shows_secrets).then_some(body),
    }
}

fn replayed(answer: KeptAnswer) -> Response {
    let Some(body) = answer.body else {
        let detail = "this was done; what it answered is shown once, and kept nowhere";
        return Problem::new(Kind::Conflict, detail).into_response();
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(answer.code).unwrap_or(StatusCode::OK);
    for (name, value) in answer.heads {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

#[cfg(test)]
mod tests {
    use super::plain_key;

    #[test]
    fn a_key_is_a_text_of_plain_letters() {
        assert_eq!(plain_key("\"8e03978e-40d5\"").as_deref(), Some("8e03978e-40d5"));
        assert_eq!(plain_key(" 8e03978e-40d5").as_deref(), Some("8e03978e-40d5"));
        for wrong in ["", "\"\"", "two words", "\"", "a\"b", "a\\b", "ä", &"a".repeat(256)] {
            assert_eq!(plain_key(wrong), None, "{wrong}");
        }
    }
}
