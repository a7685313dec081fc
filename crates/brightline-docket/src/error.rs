//! What can go wrong in the office: one opaque error with questions to ask of it.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use brightline_desk::{Fault, LoadError, Refusal, RefusalKind};

use crate::store::outage;

/// Why something could not be done.
///
/// The kinds that a caller can act on have a question each; the text is for people: lower case,
/// no final period, what was typed in backticks, no personal data.
///
/// ```
/// use brightline_docket::Error;
///
/// let error = Error::not_found("there is no request `X-2026-000001`");
/// assert!(error.is_not_found());
/// assert_eq!(error.to_string(), "there is no request `X-2026-000001`");
/// ```
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    help: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

#[derive(Debug, Clone)]
enum Kind {
    Conflict,
    Stale,
    NotFound,
    Unavailable,
    Uncertain,
    Corrupt,
    Forbidden,
    Refused(Box<Refusal>),
}

impl Error {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: None, source: None }
    }

    /// What is recorded does not allow it: looking again changes nothing, doing something else may.
    #[must_use]
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, message)
    }

    /// Somebody else was faster: the caller looked at an earlier version, and has to look again.
    #[must_use]
    pub fn stale(message: impl Into<String>) -> Self {
        Self::new(Kind::Stale, message)
    }

    /// It is not there, or the caller may not know that it is.
    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, message)
    }

    /// The store or a key cannot be reached now; nothing was recorded.
    #[must_use]
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable, message)
    }

    /// The store failed while it recorded: it may have, and it may not.
    #[must_use]
    pub fn uncertain(message: impl Into<String>) -> Self {
        Self::new(Kind::Uncertain, message)
    }

    /// What is stored is not what was written.
    #[must_use]
    pub fn corrupt(message: impl Into<String>) -> Self {
        Self::new(Kind::Corrupt, message)
    }

    /// The caller's roles do not allow it, or the procedure asks for somebody else.
    #[must_use]
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, message)
    }

    /// Something is wrong with one field of the input.
    #[must_use]
    pub fn invalid(place: &str, message: &str) -> Self {
        Refusal::request(vec![Fault::new(place, message)]).into()
    }

    /// Adds what the reader can do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what caused it.
    #[must_use]
    pub fn because(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Returns whether what is recorded does not allow it, now or as the caller saw it.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self.kind, Kind::Conflict | Kind::Stale)
    }

    /// Returns whether the version that the caller saw is not the one that stands: over HTTP a
    /// failed precondition, where every other conflict is a conflict.
    ///
    /// ```
    /// use brightline_docket::Error;
    ///
    /// let late = Error::stale("the case changed since you opened it");
    /// assert!(late.is_stale() && late.is_conflict());
    /// assert!(!Error::conflict("the case is closed").is_stale());
    /// ```
    #[must_use]
    pub fn is_stale(&self) -> bool {
        matches!(self.kind, Kind::Stale)
    }

    /// Returns whether it is not there, as far as the caller may know.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind, Kind::NotFound)
    }

    /// Returns whether it may succeed later without a change.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self.kind, Kind::Unavailable | Kind::Uncertain)
    }

    /// Returns whether it may have been recorded all the same: look before trying again.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        matches!(self.kind, Kind::Uncertain)
    }

    /// Returns whether what is stored is damaged.
    #[must_use]
    pub fn is_corrupt(&self) -> bool {
        matches!(self.kind, Kind::Corrupt)
    }

    /// Returns whether the caller may not do this.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        matches!(self.kind, Kind::Forbidden)
    }

    /// Returns what is wrong with the input, place by place, when that is what went wrong.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.kind {
            Kind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Returns what the reader can do, when there is something.
    #[must_use]
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Returns the same error for another caller, who waited for the same transaction.
    pub(crate) fn again(&self) -> Self {
        let (message, help) = (self.message.clone(), self.help.clone());
        Self { kind: self.kind.clone(), message, help, source: self.source.clone() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        Self::new(Kind::Refused(Box::new(refusal)), message)
    }
}

impl From<Error> for Refusal {
    /// What was refused stays; anything else is one fault, of the program where the store is
    /// damaged.
    fn from(error: Error) -> Self {
        let help = error.help;
        let kind = match error.kind {
            Kind::Refused(refusal) => return *refusal,
            Kind::Corrupt => RefusalKind::Program,
            _ => RefusalKind::Request,
        };
        let fault = Fault::new("", error.message);
        Self { kind, faults: vec![help.into_iter().fold(fault, Fault::help)] }
    }
}

impl From<LoadError> for Error {
    fn from(error: LoadError) -> Self {
        Self::invalid(&error.place, &error.message)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let kind = match &error {
            sqlx::Error::RowNotFound => Kind::NotFound,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Kind::Corrupt,
            sqlx::Error::Database(found) if found.is_unique_violation() => Kind::Conflict,
            sqlx::Error::Database(found) if outage::is_damage(found.as_ref()) => Kind::Corrupt,
            _ => Kind::Unavailable,
        };
        let message = match kind {
            Kind::Conflict => "this was recorded already, or at the same time by somebody else",
            Kind::NotFound => "it is not in the store",
            Kind::Corrupt => "the store holds something that was not written so",
            _ => "the store cannot be used now; nothing was recorded",
        };
        let help = outage::help(&error);
        let found = Self::new(kind, message).because(error);
        match help {
            Some(help) => found.help(help),
            None => found,
        }
    }
}
