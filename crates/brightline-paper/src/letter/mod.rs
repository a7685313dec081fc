//! Letters and notices: what they are about, how they are worded, how they are set.

mod compose;
mod fill;
mod fonts;
mod layout;
mod press;
mod wording;

use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use compose::{Block, Page};
pub use press::Press;

/// A letter or notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// The reply to the agency that asked.
    Reply,
    /// The notice to the person whom the request is about.
    Person,
    /// The notice to counsel.
    Counsel,
    /// The copy for the agency's log.
    Log,
}

impl LetterKind {
    /// All of them, in the order in which a screen lists them.
    pub const ALL: [Self; 4] = [Self::Reply, Self::Person, Self::Counsel, Self::Log];

    /// Returns the word in the names of files: `reply`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Person => "person",
            Self::Counsel => "counsel",
            Self::Log => "log",
        }
    }
}

/// What a letter is about; figures, outcomes and citations come from the determination as it was
/// recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLetter {
    /// The pack of the agency's law and those above it, the nearest first: `us-ny-nyc`, `us-ny`.
    pub packs: Vec<String>,
    /// The name of the jurisdiction: `City of New York`.
    pub jurisdiction: String,
    /// The agency in words: `the Department of Correction`.
    pub agency: String,
    /// Its name as it stands by itself: `Department of Correction`; empty for [`Self::agency`].
    #[serde(default)]
    pub agency_name: String,
    /// The reference of the case.
    pub reference: String,
    /// The day of the letter, `2025-03-04`.
    pub date: String,
    /// The same in words; empty for [`Self::date`].
    #[serde(default)]
    pub day: String,
    /// The day under whose law it was decided, in words.
    pub law_of: String,
    /// The digest of the pack.
    pub pack_digest: String,
    /// To whom it goes, line by line.
    pub to: Vec<String>,
    /// The person whom the request is about.
    pub subject: String,
    /// The number on the request's papers.
    pub file_number: String,
    /// What was presented, by titles.
    pub papers: Vec<String>,
    /// The day of the request, in words.
    pub request_date: String,
    /// When release is due, in words.
    pub release_due: String,
    /// By when the law wants the person released, in words; empty where it fixes no time.
    #[serde(default)]
    pub release_by: String,
    /// The address of the agency, line by line, as its office set it.
    #[serde(default)]
    pub address: Vec<String>,
    /// Whom to call, in words: a telephone number or an office.
    pub contact: String,
    /// The outcome of every act.
    pub acts: Vec<LetterAct>,
    /// What has to be done next.
    pub duties: Vec<LetterDuty>,
    /// Who signed, in order; empty while it is a draft.
    pub signatures: Vec<LetterSignature>,
    /// The place in the log: `entry 17, tree of 20 entries, root …`.
    pub log: String,
}

/// One act in a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterAct {
    /// The name in the vocabulary.
    pub name: String,
    /// The verb phrase: `hold a person past the time of release`.
    pub title: String,
    /// The word of the outcome in answers: `prohibited`.
    pub outcome: String,
    /// The reasons as sentences.
    pub reasons: Vec<String>,
    /// The citations of the provisions that decide.
    pub citations: Vec<String>,
    /// The questions that are still open.
    pub open: Vec<String>,
}

/// A duty in a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterDuty {
    /// What has to be done.
    pub text: String,
    /// When, in words: `by Mar 4, 2025`, `as soon as practicable`.
    pub by: String,
    /// The citation.
    pub citation: String,
}

/// A signature in a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterSignature {
    /// Who signed.
    pub name: String,
    /// In what office.
    pub role: String,
    /// When, in words.
    pub at: String,
}

/// Why a letter could not be set; lower case, no final period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterError {
    /// There is no wording of this letter in this language.
    NoWording {
        /// The letter.
        kind: LetterKind,
        /// The language.
        locale: String,
    },
    /// No font on this machine has a letter of the text.
    NoFont {
        /// The letter that no font has.
        letter: char,
        /// The language.
        locale: String,
    },
    /// The PDF could not be written as the standards demand.
    Unset(String),
}

impl LetterError {
    /// Returns what whoever runs the service can do.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::NoWording { .. } => "choose another language".to_owned(),
            Self::NoFont { .. } => "install the system's packages `fonts-noto-core` and \
                                    `fonts-noto-cjk`, or name a folder of fonts in \
                                    BRIGHTLINE_FONTS"
                .to_owned(),
            Self::Unset(_) => "this is a fault of the program; please report it".to_owned(),
        }
    }
}

impl fmt::Display for LetterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWording { kind, locale } => {
                write!(f, "there is no wording of the letter `{}` in `{locale}`", kind.word())
            }
            Self::NoFont { letter, locale } => {
                write!(f, "no font on this machine has the letter `{letter}` of `{locale}`")
            }
            Self::Unset(message) => write!(f, "the PDF could not be written: {message}"),
        }
    }
}

impl Error for LetterError {}
