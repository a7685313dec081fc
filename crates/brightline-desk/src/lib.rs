//! The desk: packs are loaded, requests taken in, determinations written out. Nothing is kept.
//!
//! ```text
//! folder or binary ─ packs ─▶ Sources ─ brightline_law::read ─▶ Corpus
//! JSON ─ json ─▶ tree ─ request ─▶ Request ─ intake ─▶ ids and Facts ─ Law ─▶ Determination
//!                                                         Response ◀─ answer ─┘
//! ```
//!
//! [`Library`] holds the law of all packs and answers requests under it.
//! A request in JSON with nothing odd about it skips the tree: `direct` reads it into typed facts.
//! Whatever is wrong with a request comes back at once, as a [`Refusal`] of [`Fault`]s, each with
//! the place in the request; nothing is decided on half a request.
//!
//! ```
//! use brightline_desk::Request;
//!
//! let text = r#"{"jurisdiction": "us", "agency": "none", "on": "2025-03-04", "fact": {}}"#;
//! let request = Request::read(text)?;
//! assert_eq!(request.faults[0].to_string(), "fact: there is no such field in a request");
//! assert_eq!(request.faults[0].help.as_deref(), Some("did you mean `facts`?"));
//! # Ok::<(), brightline_desk::Refusal>(())
//! ```
//!
//! There is no clock here: the day of the act stands in the request.

mod answer;
mod brief;
mod coverage;
mod direct;
mod intake;
mod json;
mod library;
mod manifest;
mod packs;
mod policy;
mod prose;
mod refusal;
mod request;
mod response;
mod schema;
mod witness;

pub use brief::{ActOutcome, Brief};
pub use coverage::{
    ConditionEntry, CoverageEntry, NotEncodedEntry, PartialEntry, ProvisionEntry, ReadEntry,
    SourceEntry,
};
pub use intake::Taken;
pub use json::{Json, MalformedJson};
pub use library::Library;
pub use packs::{LoadError, PackFiles, Packs};
pub use prose::{
    ProseLine, ProvisionProse, SectionProse, in_force, pack_prose, provision_prose, section_prose,
};
pub use refusal::{Fault, Refusal, RefusalKind};
pub use request::{Request, UNKNOWN_REASONS};
pub use response::{
    ActDetermination, BasisEntry, ChoiceEntry, DutyEntry, DutyReadingEntry, LimitEndEntry,
    LimitEntry, OrderEntry, PackStamp, QuestionEntry, ReadingEntry, ReasonEntry, Response,
    TakenReadingEntry,
};
pub use schema::{coverage_schema, determination_schema, request_schema};
