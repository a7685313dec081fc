//! Bodies: read whole, within limits of size, time, depth and encoding.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use brightline_desk::{Fault, Refusal};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use serde::de::DeserializeOwned;

use crate::access::Action;
use crate::depth::is_deeper_than;
use crate::problem::{Kind, Problem};
use crate::service::Settings;

/// Deeper nesting is refused before anything reads it.
pub(crate) const DEPTH_MAX: usize = 64;
/// All packs of a release together are larger than any other body: 16 MiB.
const RELEASE_BYTES_MAX: usize = 16 << 20;
/// And take longer to arrive.
const RELEASE_TIME_MAX: Duration = Duration::from_secs(60);

/// Returns the settings with the limits that hold for what is done.
pub(crate) fn settings_for(action: Action, settings: &Settings) -> Cow<'_, Settings> {
    match action {
        Action::ProposeRelease => Cow::Owned(Settings {
            body_bytes_max: RELEASE_BYTES_MAX,
            body_time_max: RELEASE_TIME_MAX,
            ..settings.clone()
        }),
        _ => Cow::Borrowed(settings),
    }
}

/// Reads a body that says that it is JSON.
pub(crate) async fn json(
    heads: &HeaderMap,
    body: Body,
    settings: &Settings,
) -> Result<String, Problem> {
    require_type(heads, "application/json")?;
    let text = text(body, settings).await?;
    if is_deeper_than(&text, DEPTH_MAX) {
        let detail = format!("it is nested more than {DEPTH_MAX} deep");
        return Err(Problem::new(Kind::BodyTooDeep, detail));
    }
    Ok(text)
}

/// Reads a body as text.
pub(crate) async fn text(body: Body, settings: &Settings) -> Result<String, Problem> {
    let bytes = bytes(body, settings).await?;
    String::from_utf8(bytes.into()).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        let detail = format!("it is not UTF-8: the first {place} bytes are, and no more");
        Problem::new(Kind::MalformedRequest, detail)
    })
}

/// Reads a body whole.
pub(crate) async fn bytes(body: Body, settings: &Settings) -> Result<Bytes, Problem> {
    let max = settings.body_bytes_max;
    let whole = Limited::new(body, max).collect();
    match tokio::time::timeout(settings.body_time_max, whole).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(Problem::new(Kind::BodyTooLarge, format!("at most {max} bytes are read")))
        }
        Ok(Err(_)) => Err(Problem::new(Kind::MalformedRequest, "the body broke off")),
        Err(_) => {
            let seconds = settings.body_time_max.as_secs();
            let detail = format!("the body did not arrive within {seconds} s");
            Err(Problem::new(Kind::BodyTooSlow, detail))
        }
    }
}

/// Refuses a body of another type; parameters such as the encoding are not looked at.
pub(crate) fn require_type(heads: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let given = heads.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    Err(Problem::new(Kind::WrongMediaType, format!("send it as `Content-Type: {wanted}`")))
}

/// Reads a body that is a JSON object of a fixed form.
pub(crate) async fn object<T: DeserializeOwned>(
    heads: &HeaderMap,
    body: Body,
    settings: &Settings,
) -> Result<T, Problem> {
    let text = json(heads, body, settings).await?;
    serde_json::from_str(&text)
        .map_err(|error| Problem::new(Kind::RefusedRequest, format!("the body: {error}")))
}

/// Returns the problem of a name that is not known, with the nearest that is.
pub(crate) fn no_such(place: &str, what: &str, name: &str, names: &[&str]) -> Problem {
    let fault = Fault::new(place, format!("there is no {what} `{name}`"));
    Refusal::request(vec![fault.names(name, names.iter().copied())]).into()
}
