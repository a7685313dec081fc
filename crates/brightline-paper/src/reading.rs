//! What was read of a file.

use serde::{Deserialize, Serialize};

use crate::fields;
use crate::kinds;
use crate::limits::Limits;
use crate::mail;
use crate::ocr;
use crate::papers::Papers;
use crate::pdf;
use crate::propose;
use crate::refused::Refused;

/// How sure a reading is, from 0 to 100; below [`Confidence::DOUBTFUL`] it is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Confidence(pub u8);

impl Confidence {
    /// Below this a reading is shown as doubtful.
    pub const DOUBTFUL: Self = Self(70);

    /// Returns whether a person has to look twice.
    #[must_use]
    pub fn is_doubtful(self) -> bool {
        self < Self::DOUBTFUL
    }

    pub(crate) fn at_most(self, other: u8) -> Self {
        Self(self.0.min(other))
    }
}

/// Who signs a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// A judge or a clerk of a court.
    Judge,
    /// An official of the executive, such as an immigration officer or an immigration judge.
    Officer,
    /// The marks disagree; counsel looks at it.
    Mixed,
    /// There are no marks of either.
    Unclear,
}

/// How a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// From the fields of its form.
    Form,
    /// From the text of its pages.
    Text,
    /// From pictures of pages, letter by letter.
    Scan,
    /// Not at all: its pages are pictures, and no program to read them is installed.
    PictureOnly,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Words.
    #[default]
    Text,
    /// A day.
    Date,
    /// A day and a time of it.
    Time,
    /// A box to tick.
    Check,
}

/// What may be done with the value of a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// It may be shown and kept.
    #[default]
    Yes,
    /// It names an officer: kept in the sealed field alone, if at all.
    Sealed,
    /// It is never read: [`FieldRead::value`] is empty though the field is filled.
    Never,
}

/// Where on a page, in points from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The page, from 1.
    pub page: u32,
    /// From the left edge.
    pub left: f32,
    /// From the upper edge.
    pub top: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// A reason, and the page that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The reason, as a clause.
    pub says: String,
    /// The page, from 1.
    pub page: u32,
}

/// A paper that was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPaper {
    /// Its name in the vocabulary; none where it is not known.
    pub name: Option<String>,
    /// Its title in words.
    pub title: String,
    /// The edition that is printed on it: `(3/17)`.
    pub edition: Option<String>,
    /// Its pages, from 1.
    pub pages: Vec<u32>,
    /// How sure that is.
    pub confidence: Confidence,
    /// Who signs it, by its marks.
    pub side: Side,
    /// Why so, the strongest reason first.
    pub reasons: Vec<Why>,
}

/// A field of a paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldRead {
    /// The paper, as in [`FoundPaper::name`].
    pub paper: String,
    /// The name of the field in the description; that in the file, where it is not described.
    pub name: String,
    /// What it is called on the screen.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// The value: text as written, a day `2025-03-04`, a time `2025-03-04T14:30`, `yes` or `no`.
    /// Empty where nothing is written, or nothing that can be read.
    pub value: String,
    /// As it was written, where that differs from the value.
    pub written: Option<String>,
    /// Whether anything is written.
    pub filled: bool,
    /// How sure that is.
    pub confidence: Confidence,
    /// Where it stands.
    pub place: Option<Place>,
    /// What may be done with the value.
    pub keep: Keep,
}

/// What a proposal is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposedFor {
    /// A fact of the vocabulary.
    Fact(String),
    /// A field of the person whom the request is about: `name`, `born`, `booking`, `file_number`.
    Subject(String),
}

/// An answer that a paper suggests; a person confirms or drops it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What it answers.
    pub to: ProposedFor,
    /// The answer, as in [`FieldRead::value`].
    pub value: String,
    /// The fields it rests on.
    pub fields: Vec<String>,
    /// Why, as a clause.
    pub because: String,
    /// How sure the reading is; says nothing of whether it is true.
    pub confidence: Confidence,
}

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// How.
    pub origin: Origin,
    /// The number of pages.
    pub pages: u32,
    /// Width and height of each page, in points.
    pub sizes: Vec<(f32, f32)>,
    /// The papers in it, in order of their pages.
    pub papers: Vec<FoundPaper>,
    /// Their fields.
    pub fields: Vec<FieldRead>,
    /// What they suggest.
    pub proposals: Vec<Proposal>,
    /// What a person should know about it, as sentences.
    pub notes: Vec<String>,
    /// For a mail: the file of the attachment that this was read from.
    pub attachment: Option<String>,
}

/// Reads a file: a PDF, or a mail with PDFs attached, of which the first that is a known paper.
///
/// # Errors
///
/// When it is neither, or beyond a limit, or broken.
pub fn read(bytes: &[u8], papers: &Papers, limits: &Limits) -> Result<Reading, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() > limits.bytes_max {
        return Err(Refused::TooLong);
    }
    if pdf::is_pdf(bytes) {
        return read_pdf(bytes, papers, limits);
    }
    mail::read(bytes, papers, limits)
}

pub(crate) fn read_pdf(bytes: &[u8], papers: &Papers, limits: &Limits) -> Result<Reading, Refused> {
    let mut opened = pdf::open(bytes, limits)?;
    let mut notes = Vec::new();
    let mut origin = if opened.inputs.is_empty() { Origin::Text } else { Origin::Form };
    if opened.is_pictures_only() {
        origin = match ocr::read(&mut opened, limits)? {
            ocr::Outcome::Read => Origin::Scan,
            ocr::Outcome::Failed(note) => {
                notes.push(note);
                Origin::PictureOnly
            }
        };
    }
    let found = kinds::find(&opened, papers);
    let fields = fields::read(&opened, &found, papers);
    let proposals = propose::proposals(&found, &fields, papers);
    notes.extend(propose::notices(&found, &fields, papers));
    if origin == Origin::Scan {
        notes.push("the page was read letter by letter: compare every field with it".to_owned());
    }
    Ok(Reading {
        origin,
        pages: u32::try_from(opened.sizes.len()).unwrap_or(u32::MAX),
        sizes: opened.sizes,
        papers: found,
        fields,
        proposals,
        notes,
        attachment: None,
    })
}
