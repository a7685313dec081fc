//! Why a table cannot be replayed.

use std::fmt;

/// One thing that is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where: a column, or a line of the file; empty: the whole.
    pub place: String,
    /// What is wrong; lower case, no final period, input in backticks.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Fault {
    pub(crate) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into(), help: None }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Adds the nearest right name, or the names there are where they are few.
    pub(crate) fn names<'n>(self, word: &str, names: impl IntoIterator<Item = &'n str>) -> Self {
        let names: Vec<&str> = names.into_iter().collect();
        match (brightline_law::diagnostic::nearest(word, &names), names.as_slice()) {
            (Some(name), _) => self.help(format!("did you mean `{name}`?")),
            (None, [only]) => self.help(format!("it is `{only}`")),
            (None, few) if !few.is_empty() && few.len() <= NAMES_SHOWN_MAX => {
                self.help(format!("it is one of {}", few.join(", ")))
            }
            _ => self,
        }
    }
}

/// A longer list of names helps nobody.
const NAMES_SHOWN_MAX: usize = 20;

/// Why a table cannot be replayed: all that was found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    faults: Vec<Fault>,
}

impl Error {
    pub(crate) fn of(faults: Vec<Fault>) -> Self {
        Self { faults }
    }

    /// Returns all that is wrong.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self { faults: vec![fault] }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            let gap = if index == 0 { "" } else { "; " };
            write!(f, "{gap}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
