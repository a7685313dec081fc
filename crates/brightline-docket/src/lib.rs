//! The office: cases, their entries and duties, recorded durably and verifiably.
//!
//! Requests are taken in and answered by [`brightline_desk`].

mod backup;
mod case;
mod error;
mod office;
mod seal;
mod store;

pub use backup::{Backup, BackupHeader, BackupParts, MigrationStamp};
pub use case::{
    AccountEvent, ActView, Actor, Asked, CaseClock, CaseView, Decided, Departure, Did, DoneView,
    Dropped, Ending, Ends, Entry, Event, Evidence, FactSet, FactView, House, Letterhead,
    OfficeRules, OverrideView, Procedure, ProposalView, RecordClass, ReopenedView, Reopening,
    SignatureView, Stage, Stamp, Statement, Subject, TaskView, Teller, TimelineEntry,
};
pub use error::Error;
pub use office::{
    AccountHappening, ActDone, Audit, Audited, CaseSummary, Chronicle, Clock, Correction, Cursor,
    EntryPlace, Filter, Found, Happening, Haste, Inspected, Lines, LogKeeper, LogPlace, NewCase,
    Office, OfficeParts, Order, Override, Page, Readable, RecordedDecision, Release, Rotation,
    Seen, TaskSummary, Tended, Tender, law_of, release_digest,
};
pub use seal::{KeyProgram, Keys};
pub use store::{Engine, Migration, Store};
