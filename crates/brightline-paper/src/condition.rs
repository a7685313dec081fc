//! Conditions over the fields of a form.

use serde::Deserialize;

/// Holds when one of `any` is filled (if it names any), every one of `all`, and none of `none`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Condition {
    #[serde(default)]
    pub(crate) any: Vec<String>,
    #[serde(default)]
    pub(crate) all: Vec<String>,
    #[serde(default)]
    pub(crate) none: Vec<String>,
}

impl Condition {
    pub(crate) fn holds(&self, is_filled: impl Fn(&str) -> bool) -> bool {
        (self.any.is_empty() || self.any.iter().any(|it| is_filled(it)))
            && self.all.iter().all(|it| is_filled(it))
            && !self.none.iter().any(|it| is_filled(it))
    }

    /// Returns every field that is named.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.any.iter().chain(&self.all).chain(&self.none).map(String::as_str)
    }
}
