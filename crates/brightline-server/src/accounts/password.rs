//! Passwords: kept as Argon2id, compared in the same time whether or not there is an account.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::Error;

/// Shorter ones are refused.
const LENGTH_MIN: usize = 12;
/// Longer ones are refused, so that hashing them costs little.
const LENGTH_MAX: usize = 128;
/// Memory in KiB, passes and lanes: what OWASP recommends at least.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Each comparison takes memory and a core; more at once would stop the service.
static PLACES: Semaphore = Semaphore::const_new(2);

/// What is compared with where there is no account: nothing is equal to it.
static OF_NOBODY: LazyLock<String> = LazyLock::new(|| hash("").unwrap_or_default());

/// Refuses a password that is too short, too long, or says the name of its account.
pub(crate) fn require_good(password: &str, name: &str) -> Result<(), Error> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let fault = if length < LENGTH_MIN {
        format!("the password is shorter than {LENGTH_MIN} characters")
    } else if password.len() > LENGTH_MAX {
        format!("the password is longer than {LENGTH_MAX} bytes")
    } else if lower.contains(&name.to_lowercase()) {
        "the password contains the name of the account".to_owned()
    } else if has_few_letters(&lower) {
        "the password repeats the same few characters".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::conflict(fault).help("three or four words that do not belong together are good"))
}

fn has_few_letters(password: &str) -> bool {
    let letters: std::collections::BTreeSet<char> = password.chars().collect();
    letters.len() < 5
}

/// Returns what is kept of a password.
pub(crate) async fn kept(password: String) -> Result<String, Error> {
    let _place = PLACES.acquire().await.map_err(|_| broken())?;
    tokio::task::spawn_blocking(move || hash(&password)).await.map_err(|_| broken())?
}

/// Returns whether a password is the one that was kept; `None` where there is no account, which
/// takes as long and is never equal.
pub(crate) async fn is_equal(password: String, kept: Option<String>) -> Result<bool, Error> {
    let _place = PLACES.acquire().await.map_err(|_| broken())?;
    let comparing = tokio::task::spawn_blocking(move || {
        let is_known = kept.is_some();
        let kept = kept.unwrap_or_else(|| OF_NOBODY.clone());
        let equal = PasswordHash::new(&kept)
            .is_ok_and(|kept| argon2().verify_password(password.as_bytes(), &kept).is_ok());
        equal && is_known
    });
    comparing.await.map_err(|_| broken())
}

fn hash(password: &str) -> Result<String, Error> {
    let hashed = argon2().hash_password(password.as_bytes());
    hashed.map(|it| it.to_string()).map_err(|_| broken())
}

fn argon2() -> Argon2<'static> {
    let (memory_kib, passes, lanes) = COST;
    let params = Params::new(memory_kib, passes, lanes, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn broken() -> Error {
    Error::unavailable("the password could not be looked at")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_same_password_is_equal() {
        let stored = kept("correct horse battery".to_owned()).await.expect("hashed");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let is = |text: &str, kept: Option<&String>| is_equal(text.to_owned(), kept.cloned());
        assert!(is("correct horse battery", Some(&stored)).await.expect("compared"));
        assert!(!is("correct horse batterz", Some(&stored)).await.expect("compared"));
        assert!(!is("", None).await.expect("compared"));
        let other = kept("correct horse battery".to_owned()).await.expect("hashed");
        assert_ne!(stored, other, "each has a salt of its own");
    }

    #[test]
    fn weak_passwords_are_refused_with_a_word_on_why() {
        let why = |text: &str| require_good(text, "jdoe").map_err(|it| it.to_string());
        assert_eq!(why("correct horse battery"), Ok(()));
        assert_eq!(why("short"), Err("the password is shorter than 12 characters".to_owned()));
        assert!(why(&"long words ".repeat(20)).is_err());
        assert!(why("my name is JDoe!").is_err());
        assert!(why("aaaabbbbaaaabbbb").is_err());
    }
}
