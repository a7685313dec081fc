//! Why a request was not decided: every fault at once, each with its place.

use std::error::Error;
use std::fmt;

use brightline_law::diagnostic::{all_nearest, all_with};
use serde::Serialize;

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where in the request: `facts.convictions[0].judgment_date`; empty: the whole.
    pub place: String,
    /// What is wrong; lower case, no final period, input in backticks.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Fault {
    /// Returns a fault.
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into(), help: None }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds the nearest right name, if one is near; two that are equally near are both named.
    #[must_use]
    pub fn nearest<'n>(self, word: &str, names: impl IntoIterator<Item = &'n str>) -> Self {
        match meant(word, names) {
            Some(question) => self.help(question),
            None => self,
        }
    }

    /// Adds the nearest right name or, when none is near, the names there are.
    #[must_use]
    pub fn names<'n>(self, word: &str, names: impl IntoIterator<Item = &'n str>) -> Self {
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        if let Some(question) = meant(word, names.iter().copied()) {
            return self.help(question);
        }
        match names.as_slice() {
            [] => self,
            [only] => self.help(format!("it is `{only}`")),
            several if several.len() <= NAMES_SHOWN_MAX => {
                self.help(format!("it is one of {}", several.join(", ")))
            }
            _ => self,
        }
    }
}

/// Asks whether the nearest names are meant, or else those of which the word is a part; none when
/// no name is near, or too many equally.
fn meant<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let names: Vec<&str> = names.into_iter().collect();
    let mut found = all_nearest(word, &names);
    if found.is_empty() {
        found = all_with(word, &names);
    }
    let quoted: Vec<String> = found.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if quoted.len() <= MEANT_MAX => {
            let rest = rest.join(", ");
            let or = if rest.is_empty() { "" } else { " or " };
            Some(format!("did you mean {rest}{or}{last}?"))
        }
        _ => None,
    }
}

/// So many names may have been meant.
const MEANT_MAX: usize = 4;

/// A longer list of names helps nobody.
const NAMES_SHOWN_MAX: usize = 32;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)
    }
}

/// What kind of thing stood in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The request.
    Request,
    /// A pack that it needs has errors.
    Pack,
    /// The program: a limit of its own.
    Program,
}

/// A request that was not decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// What stood in the way.
    pub kind: RefusalKind,
    /// All that is wrong.
    pub faults: Vec<Fault>,
}

impl Refusal {
    /// Returns a refusal for these faults of the request.
    #[must_use]
    pub fn request(faults: Vec<Fault>) -> Self {
        Self { kind: RefusalKind::Request, faults }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            let gap = if index == 0 { "" } else { "; " };
            write!(f, "{gap}{fault}")?;
        }
        Ok(())
    }
}

impl Error for Refusal {}
