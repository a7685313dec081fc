//! Names that can be found by who types them, and read by nobody.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::SecretKey;

/// A token says nothing but "equal": 16 bytes of a keyed hash.
const TOKEN_BYTES: usize = 16;
/// Words of one name that are indexed; more is not a name.
const WORDS_MAX: usize = 16;

/// A keyed hash of the words of names, within one agency.
#[derive(Clone)]
pub(crate) struct NameIndex {
    key: SecretKey,
}

impl NameIndex {
    pub(crate) fn new(key: &SecretKey) -> Self {
        Self { key: key.for_purpose("names") }
    }

    /// Returns a token for each word; case, accents' neighbors and punctuation do not matter.
    pub(crate) fn tokens(&self, agency: &str, name: &str) -> Vec<Vec<u8>> {
        let lower = name.to_lowercase();
        let words = lower.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        let mut words: Vec<&str> = words.take(WORDS_MAX).collect();
        words.sort_unstable();
        words.dedup();
        words.into_iter().map(|word| self.token(agency, word)).collect()
    }

    fn token(&self, agency: &str, word: &str) -> Vec<u8> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.as_bytes()) else {
            return Vec::new();
        };
        mac.update(agency.as_bytes());
        mac.update(b"\0");
        mac.update(word.as_bytes());
        let whole = mac.finalize().into_bytes();
        whole.iter().copied().take(TOKEN_BYTES).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::NameIndex;
    use crate::seal::SecretKey;

    #[test]
    fn a_name_is_found_however_it_is_written() {
        let index = NameIndex::new(&SecretKey::generate().unwrap());
        assert_eq!(index.tokens("library", "DOE, Jane"), index.tokens("library", "jane doe"));
        assert_ne!(index.tokens("library", "doe"), index.tokens("archive", "doe"));
        assert!(index.tokens("library", " -,").is_empty());
    }

    #[test]
    fn without_the_key_nothing_can_be_compared() {
        let one = NameIndex::new(&SecretKey::generate().unwrap());
        let other = NameIndex::new(&SecretKey::generate().unwrap());
        assert_ne!(one.tokens("library", "doe"), other.tokens("library", "doe"));
    }
}
