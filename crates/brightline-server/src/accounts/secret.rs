//! Secrets that are handed out once: made at random, kept only as digests.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::Error;

/// 256 random bits, as text that fits a cookie, a link or a header.
pub(crate) struct Secret(String);

/// What is kept of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SecretDigest([u8; 32]);

impl Secret {
    /// Makes a new secret.
    pub(crate) fn new() -> Result<Self, Error> {
        Ok(Self(BASE64URL_NOPAD.encode(&random::<32>()?)))
    }

    /// Takes what somebody presents; `None` when it cannot be a secret of ours.
    pub(crate) fn presented(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    pub(crate) fn digest(&self) -> SecretDigest {
        SecretDigest(Sha256::digest(self.0.as_bytes()).into())
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    /// A secret is never printed by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl SecretDigest {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Returns random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    let filled = getrandom::fill(&mut bytes);
    filled.map_err(|_| Error::unavailable("the operating system gives no random bytes"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_known_again() {
        let (one, two) = (Secret::new().expect("random"), Secret::new().expect("random"));
        assert_ne!(one.text(), two.text());
        assert_eq!(one.text().len(), 43);
        let again = Secret::presented(one.text()).expect("a secret");
        assert!(again.digest() == one.digest() && again.digest() != two.digest());
        assert_eq!(format!("{one:?}"), "Secret");
        for wrong in ["", "short", &"a".repeat(44), &"!".repeat(43)] {
            assert!(Secret::presented(wrong).is_none(), "{wrong}");
        }
    }
}
