//! Parts of the law in plain words, for those who show it.

use crate::ir::{Condition, Corpus, Excluding, Limit};
use crate::law::sentence;

/// Returns a condition in words: `some conviction is qualifying`.
#[must_use]
pub fn condition(corpus: &Corpus, condition: &Condition) -> String {
    sentence::condition(corpus, condition)
}

/// Returns a limit in words: `for at most 48 hours, from release due`.
#[must_use]
pub fn limit(corpus: &Corpus, limit: &Limit) -> String {
    sentence::limit(corpus, limit)
}

/// Returns `, excluding Saturdays and Sundays`, or nothing.
#[must_use]
pub fn excluding(corpus: &Corpus, excluding: &Excluding) -> String {
    sentence::excluding_words(corpus, excluding)
}
