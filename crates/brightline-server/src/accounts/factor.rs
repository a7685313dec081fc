//! The second factor: six digits from an authenticator (TOTP, RFC 6238), each good once.

use data_encoding::BASE32_NOPAD;
use totp_rs::{Builder, Secret as Seed, Totp};

use super::secret::random;
use super::{Error, ServiceKey};

const SEED_BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;
const PURPOSE: &str = "second factor";

/// The seed that a person's authenticator and the service share.
pub(crate) struct Factor([u8; SEED_BYTES]);

impl Factor {
    /// Makes a new seed.
    pub(crate) fn new() -> Result<Self, Error> {
        Ok(Self(random()?))
    }

    /// Returns the seed as it is typed into an authenticator.
    pub(crate) fn text(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// Returns the seed as an address that authenticators read.
    pub(crate) fn address(&self, name: &str) -> String {
        let seed = self.text();
        format!("otpauth://totp/Brightline:{name}?secret={seed}&issuer=Brightline")
    }

    /// Returns the step whose code this is, if it is one of now, just before or just after, and
    /// later than the last step that was used: a code that was seen once is worth nothing.
    pub(crate) fn step_of(&self, code: &str, now: i64, last: i64) -> Option<i64> {
        let code: String = code.chars().filter(|it| !it.is_whitespace()).collect();
        let totp = self.totp()?;
        let step = now / STEP_SECONDS;
        (step - 1..=step + 1).filter(|step| *step > last).find(|step| {
            let time = u64::try_from(step * STEP_SECONDS).unwrap_or_default();
            bool::from(subtle::ConstantTimeEq::ct_eq(
                totp.generate(time).to_string().as_bytes(),
                code.as_bytes(),
            ))
        })
    }

    fn totp(&self) -> Option<Totp> {
        let seed = Seed::from(self.0.to_vec());
        Builder::new().with_secret(seed).with_skew(0).build().ok()
    }

    /// Encrypts the seed for the store; `of` is what it belongs to, and opens it again.
    pub(crate) fn seal(&self, key: &ServiceKey, of: &str) -> Result<Vec<u8>, Error> {
        key.seal(PURPOSE, of, &self.0)
    }

    /// Decrypts a seed.
    pub(crate) fn open(key: &ServiceKey, of: &str, sealed: &[u8]) -> Result<Self, Error> {
        let seed = key.open(PURPOSE, of, sealed)?;
        let wrong = |_| Error::corrupt("a second factor has another length");
        Ok(Self(seed.try_into().map_err(wrong)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_010;

    fn code(factor: &Factor, at: i64) -> String {
        let time = u64::try_from(at).expect("after 1970");
        factor.totp().expect("a generator").generate(time).to_string()
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        let factor = Factor(*b"12345678901234567890");
        // RFC 6238, appendix B, the last six digits.
        for (at, wanted) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(code(&factor, at), wanted);
        }
    }

    #[test]
    fn a_code_is_good_for_a_minute_and_once() {
        let factor = Factor::new().expect("random");
        let now = code(&factor, NOW);
        let step = factor.step_of(&now, NOW, 0).expect("the code of now");
        assert_eq!(factor.step_of(&format!("{} {}", &now[..3], &now[3..]), NOW, 0), Some(step));
        assert_eq!(factor.step_of(&now, NOW + 30, 0), Some(step));
        assert_eq!(factor.step_of(&now, NOW, step), None, "it was used");
        assert_eq!(factor.step_of(&now, NOW + 120, 0), None, "it is old");
        assert_eq!(factor.step_of("", NOW, 0), None);
    }

    #[test]
    fn a_sealed_seed_opens_only_for_what_it_belongs_to() {
        let key = ServiceKey::new().expect("random");
        let factor = Factor::new().expect("random");
        let sealed = factor.seal(&key, "a").expect("sealed");
        assert_eq!(Factor::open(&key, "a", &sealed).expect("opened").0, factor.0);
        assert!(Factor::open(&key, "b", &sealed).is_err());
        assert!(Factor::open(&ServiceKey::new().expect("random"), "a", &sealed).is_err());
        assert!(Factor::open(&key, "a", &sealed[..10]).is_err());
    }
}
