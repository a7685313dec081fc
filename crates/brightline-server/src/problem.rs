//! What went wrong, as a problem document (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use brightline_desk::{Fault, Refusal, RefusalKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::Error;
use crate::pages::problem_page;

/// Why a request was not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// A name of this kind of problem that is unique in the world.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words; the same for all problems of the kind.
    pub title: String,
    /// The code of the answer.
    pub status: u16,
    /// The kind as a short name that programs can compare.
    pub code: String,
    /// What is wrong with this request.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The number of the request, by which it is found in the log.
    pub request_id: String,
    /// Everything that is wrong, each with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemEntry>,
    /// Seconds to wait before another try, sent as `Retry-After`.
    #[serde(skip)]
    pub(crate) retry_after_seconds: Option<u64>,
}

/// A problem on its way out; small, because it is handed from hand to hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem(Box<ProblemDocument>);

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemEntry {
    /// Where in the body, as a JSON pointer (RFC 6901); absent: the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What is wrong.
    pub detail: String,
    /// What to do, such as the nearest right name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// The kinds of problems: code, number and words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    MalformedRequest,
    NotFound,
    MethodNotAllowed,
    BodyTooSlow,
    BodyTooLarge,
    BodyTooDeep,
    WrongMediaType,
    RefusedRequest,
    PackHasErrors,
    SignInFirst,
    NotPermitted,
    ForeignCall,
    Conflict,
    Stale,
    VersionMissing,
    KeyOfOtherCall,
    CallInProgress,
    TooManyCalls,
    Uncertain,
    Unavailable,
    Corrupt,
    Internal,
}

impl Kind {
    fn parts(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::MalformedRequest => (400, "malformed-request", "the request cannot be read"),
            Self::BodyTooDeep => (400, "body-too-deep", "the request is nested too deep"),
            Self::SignInFirst => (401, "sign-in-first", "this needs somebody to be signed in"),
            Self::NotPermitted => (403, "not-permitted", "this is not permitted to you"),
            Self::ForeignCall => (403, "foreign-call", "the call was made by another site"),
            Self::NotFound => (404, "not-found", "there is nothing here"),
            Self::MethodNotAllowed => (405, "method-not-allowed", "this cannot be done here"),
            Self::BodyTooSlow => (408, "body-too-slow", "the request took too long to come"),
            Self::Conflict => (409, "conflict", "it does not fit what is recorded"),
            Self::CallInProgress => (409, "call-in-progress", "the same call has no answer yet"),
            Self::Stale => (412, "stale", "it changed since you looked"),
            Self::BodyTooLarge => (413, "body-too-large", "the request is too large"),
            Self::WrongMediaType => (415, "wrong-media-type", "the request is of another type"),
            Self::RefusedRequest => (422, "refused-request", "something in the request is wrong"),
            Self::KeyOfOtherCall => (422, "key-of-other-call", "the key belongs to another call"),
            Self::VersionMissing => {
                (428, "version-missing", "it is not said which version was seen")
            }
            Self::TooManyCalls => (429, "too-many-calls", "these were too many calls"),
            Self::Corrupt => (500, "corrupt", "what is stored is damaged"),
            Self::Internal => (500, "internal", "the service has failed"),
            Self::PackHasErrors => (503, "pack-has-errors", "the law that is needed has errors"),
            Self::Uncertain => (503, "uncertain", "it is not known whether this was recorded"),
            Self::Unavailable => (503, "unavailable", "the service cannot do this now"),
        }
    }

    /// The kind for an answer that a library made.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::WrongMediaType,
            StatusCode::REQUEST_TIMEOUT => Self::BodyTooSlow,
            StatusCode::UNPROCESSABLE_ENTITY => Self::RefusedRequest,
            status if status.is_server_error() => Self::Internal,
            _ => Self::MalformedRequest,
        }
    }
}

impl Problem {
    /// Returns a problem; its number is filled in at the edge.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let (status, code, title) = kind.parts();
        Self(Box::new(ProblemDocument {
            kind: format!("urn:brightline:problem:{code}"),
            title: title.to_owned(),
            status,
            code: code.to_owned(),
            detail: detail.into(),
            request_id: String::new(),
            errors: Vec::new(),
            retry_after_seconds: None,
        }))
    }

    /// Writes the document of the request with this number.
    pub(crate) fn document(mut self, request_id: &str) -> Vec<u8> {
        request_id.clone_into(&mut self.0.request_id);
        serde_json::to_vec(&self.0).unwrap_or_default()
    }

    /// Returns the problem as a page for people.
    pub(crate) fn page(&self, request_id: &str) -> Option<String> {
        problem_page(&self.0.title, &self.0.detail, request_id)
    }

    /// Returns whether it is of a kind.
    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.0.code == kind.parts().1
    }

    /// Says how many seconds to wait before another try.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// Returns whether something may have been recorded all the same.
    pub(crate) fn leaves_open_whether_recorded(&self) -> bool {
        [Kind::Uncertain, Kind::Internal, Kind::Corrupt].iter().any(|kind| self.is(*kind))
    }

    /// Keeps the number that a library answered with.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = status.as_u16();
        self
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal.kind {
            RefusalKind::Request => Kind::RefusedRequest,
            RefusalKind::Pack => Kind::PackHasErrors,
            RefusalKind::Program => Kind::Internal,
        };
        let mut problem = Self::new(kind, refusal.to_string());
        problem.0.errors = refusal.faults.iter().map(ProblemEntry::from).collect();
        problem
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        if let Some(refusal) = error.refusal() {
            return refusal.clone().into();
        }
        let kind = if error.is_not_found() {
            Kind::NotFound
        } else if error.is_conflict() {
            Kind::Conflict
        } else if error.is_forbidden() {
            Kind::NotPermitted
        } else if error.is_corrupt() {
            Kind::Corrupt
        } else if error.is_uncertain() {
            Kind::Uncertain
        } else {
            Kind::Unavailable
        };
        if matches!(kind, Kind::Corrupt | Kind::Unavailable | Kind::Uncertain) {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(%error, cause, "the store or a key failed");
        }
        let mut problem = Self::new(kind, error.to_string());
        if let Some(help) = error.help_text() {
            let (detail, help) = (error.to_string(), Some(help.to_owned()));
            problem.0.errors.push(ProblemEntry { pointer: None, detail, help });
        }
        problem
    }
}

impl From<&Fault> for ProblemEntry {
    fn from(fault: &Fault) -> Self {
        Self {
            pointer: pointer(&fault.place),
            detail: fault.message.clone(),
            help: fault.help.clone(),
        }
    }
}

/// From `facts.convictions[0].offense` to `/facts/convictions/0/offense`; a place in the text,
/// such as a line, has no pointer.
fn pointer(place: &str) -> Option<String> {
    if place.is_empty() || place.contains(' ') {
        return None;
    }
    let mut pointer = String::with_capacity(place.len() + 1);
    for step in place.split(['.', '[']) {
        pointer.push('/');
        pointer.push_str(&step.trim_end_matches(']').replace('~', "~0").replace('/', "~1"));
    }
    Some(pointer)
}

impl IntoResponse for Problem {
    /// The edge adds the number of the request and writes the body.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status);
        let status = status.ok();
        let mut response = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if let Some(seconds) = self.0.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == Some(StatusCode::UNAUTHORIZED) {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_become_pointers() {
        let of = |place| pointer(place).unwrap_or_default();
        assert_eq!(of("facts.convictions[0].offense"), "/facts/convictions/0/offense");
        assert_eq!(of("papers[1]"), "/papers/1");
        assert_eq!(of("facts.a/b~c"), "/facts/a~1b~0c");
        assert_eq!(pointer("line 3, column 4"), None);
        assert_eq!(pointer(""), None);
    }
}
