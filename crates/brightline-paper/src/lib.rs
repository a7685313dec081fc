//! Paper in, and paper out.
//!
//! ```text
//! bytes ─ read ─▶ pages of words and fields ─ Papers ─▶ Reading: papers, fields, proposals
//! CaseLetter ─ wording beside the pack ─▶ blocks ─ layout ─▶ tagged PDF
//! ```
//!
//! What a paper looks like, and which facts its boxes bear on, is data beside the packs
//! (`packs/*/papers/*.toml`); so is the wording of letters (`packs/*/letters/*.toml`).
//! Nothing that is read is a fact: it is a [`Proposal`] that a person confirms.
//!
//! ```
//! use brightline_paper::{Limits, Papers, Refused, read};
//!
//! let papers = Papers::embedded()?;
//! let refused = read(b"hello", &papers, &Limits::default()).unwrap_err();
//! assert_eq!(refused, Refused::NoPaper);
//! # Ok::<(), brightline_paper::WordingError>(())
//! ```

mod apart;
mod beside;
mod condition;
mod day;
mod door;
mod draw;
mod fields;
mod kinds;
#[cfg(feature = "letters")]
mod letter;
mod limits;
mod mail;
mod ocr;
mod papers;
mod pdf;
mod propose;
mod reading;
mod refused;
mod words;

pub use apart::{Reader, draw_one, serve_one};
pub use beside::{Beside, WordingError};
pub use door::{Door, DoorPaper};
pub use draw::NotDrawn;
#[cfg(feature = "letters")]
pub use letter::{
    Block, CaseLetter, LetterAct, LetterDuty, LetterError, LetterKind, LetterSignature, Page, Press,
};
pub use limits::Limits;
pub use papers::Papers;
pub use reading::{
    Confidence, FieldKind, FieldRead, FoundPaper, Keep, Origin, Place, Proposal, ProposedFor,
    Reading, Side, Why, read,
};
pub use refused::Refused;
