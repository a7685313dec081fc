//! Why a paper was not read.

use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a file is refused; its text is for the person who handed it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// The file is empty.
    Empty,
    /// Neither a PDF nor a mail.
    NoPaper,
    /// Longer than the limit.
    TooLong,
    /// More pages than the limit.
    TooManyPages,
    /// More objects or fields than a form has.
    TooMany,
    /// It would unpack to more than the limit.
    Unpacks,
    /// A password is needed to open it.
    Locked,
    /// The file is broken.
    Damaged,
    /// It has no page.
    NoPage,
    /// Reading took too long.
    TooSlow,
    /// Reading needed too much memory, or the file made the reader fall.
    Hostile,
    /// The reader could not be started.
    NoReader,
}

impl Refused {
    /// Returns what the person can do instead.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Empty => "choose the file again",
            Self::NoPaper => "save the paper as PDF, or the mail as .eml, and try again",
            Self::TooLong | Self::TooManyPages => {
                "leave out the pages that do not belong to the request"
            }
            Self::Locked => "open it with its password and print it to a new PDF",
            Self::NoReader => "ask whoever runs this service; meanwhile type the request in",
            Self::TooMany
            | Self::Unpacks
            | Self::Damaged
            | Self::NoPage
            | Self::TooSlow
            | Self::Hostile => "print it to a new PDF or scan the paper; or type the request in",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the file is empty",
            Self::NoPaper => "this is neither a PDF nor a mail",
            Self::TooLong => "the file is longer than a request can be",
            Self::TooManyPages => "the file has more pages than a request can have",
            Self::TooMany => "the file has more parts than a form can have",
            Self::Unpacks => "the file would unpack to more than a form can be",
            Self::Locked => "the file is locked with a password",
            Self::Damaged => "the file is damaged",
            Self::NoPage => "the file has no page",
            Self::TooSlow => "reading the file took too long, and was stopped",
            Self::Hostile => "reading the file needed too much, and was stopped",
            Self::NoReader => "the program that reads papers could not be started",
        })
    }
}

impl Error for Refused {}
