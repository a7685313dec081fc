//! Base 64 and numbers, each with its one spelling: what would be printed otherwise is refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Error;

pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Error> {
    STANDARD.decode(text).map_err(|error| Error::corrupt(format!("not base 64: {error}")))
}

/// Reads a number as it would be printed: no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Result<u64, Error> {
    let number: u64 =
        text.parse().map_err(|_| Error::corrupt(format!("`{}` is no number", short(text))))?;
    if number.to_string() != text {
        return Err(Error::corrupt(format!("`{}` is not how a number is written", short(text))));
    }
    Ok(number)
}

/// The beginning of a text that somebody else wrote, fit for a message.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(40).map(|it| if it.is_control() { '?' } else { it }).collect()
}
