//! A case: entries that are only ever added to, and the state that follows from them.
//!
//! ```text
//! entry, entry, entry … ─ fold ─▶ CaseView ─ request ─▶ Library ─▶ Determined, an entry
//!                                    │
//!                                 procedure: may this be added now, by this person?
//! ```

mod apply;
mod clock;
mod due;
mod entry;
mod evidence;
pub(crate) mod one_response;
mod procedure;
mod tasks;
mod view;

pub use clock::{CaseClock, Ending, Ends};
pub use entry::{
    AccountEvent, Actor, Asked, Departure, Did, Entry, Event, House, Reopening, Stamp, Subject,
    Teller,
};
pub use evidence::{Evidence, FactSet, FactView, Statement};
pub use procedure::{Letterhead, OfficeRules, Procedure, RecordClass};
pub(crate) use tasks::uncertain;
pub use tasks::{Dropped, TaskView};
pub use view::{
    ActView, CaseView, Decided, DoneView, OverrideView, ProposalView, ReopenedView, SignatureView,
    Stage, TimelineEntry,
};
pub(crate) use view::{agency_key, asked_as_request};
