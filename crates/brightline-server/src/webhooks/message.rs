//! What a hook is sent, and the signature under it.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use brightline_docket::Happening;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

const SECRET_PREFIX: &str = "whsec_";

#[derive(Serialize)]
struct Message<'a> {
    #[serde(rename = "type")]
    kind: String,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    position: u64,
    reference: &'a str,
    agency: &'a str,
}

/// Returns a secret as it is shown.
pub(super) fn shown(secret: &[u8]) -> String {
    format!("{SECRET_PREFIX}{}", BASE64.encode(secret))
}

/// Returns the body of the message about a happening.
pub(super) fn body(happening: &Happening) -> Bytes {
    let at = jiff::Timestamp::from_microsecond(happening.at).unwrap_or_default();
    let message = Message {
        kind: format!("case.{}", happening.kind),
        timestamp: at.to_string(),
        data: Data {
            position: happening.position,
            reference: &happening.reference,
            agency: &happening.agency,
        },
    };
    Bytes::from(serde_json::to_vec(&message).unwrap_or_default())
}

/// Returns the number of the message about a happening: the same whenever it is sent.
pub(super) fn number(happening: &Happening) -> String {
    format!("evt_{}", happening.position)
}

/// Returns the heads of a message that is sent at a time, in seconds since 1970.
pub(super) fn heads(secret: &[u8], number: &str, seconds: i64, body: &[u8]) -> HeaderMap {
    let mut heads = HeaderMap::new();
    let kind = HeaderValue::from_static("application/json");
    heads.insert(header::CONTENT_TYPE, kind);
    let values = [
        ("webhook-id", number.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signature(secret, number, seconds, body)),
    ];
    for (name, value) in values {
        if let Ok(value) = HeaderValue::try_from(value) {
            heads.insert(HeaderName::from_static(name), value);
        }
    }
    heads
}

fn signature(secret: &[u8], number: &str, seconds: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        // A key of any length is taken, so this is never reached; no signature is never right.
        return String::new();
    };
    mac.update(format!("{number}.{seconds}.").as_bytes());
    mac.update(body);
    format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_other_implementations() {
        // The vector that the libraries of Standard Webhooks are tested with.
        let secret = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base 64");
        let number = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let body = br#"{"test": 2432232314}"#;
        let wanted = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature(&secret, number, 1_614_265_330, body), wanted);
        assert_eq!(shown(&secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    #[test]
    fn a_message_says_what_happened_where_and_no_more() {
        let happening = Happening {
            position: 7,
            reference: "A-2026-000001".to_owned(),
            agency: "us-xx/one".to_owned(),
            kind: "determined".to_owned(),
            at: 1_700_000_000_000_000,
        };
        let body = String::from_utf8(body(&happening).to_vec()).expect("UTF-8");
        let wanted = r#"{"type":"case.determined","timestamp":"2023-11-14T22:13:20Z","#.to_owned()
            + r#""data":{"position":7,"reference":"A-2026-000001","agency":"us-xx/one"}}"#;
        assert_eq!(body, wanted);
        assert_eq!(number(&happening), "evt_7");
    }
}
