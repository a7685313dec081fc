//! The interview: one question at a time, the most decisive first, until nothing that can be known
//! changes the answer.
//!
//! ```text
//! CaseView ─ next ─▶ Asked ─ page ─▶ a form ─ answer ─▶ FactSet ─ office ─▶ CaseView …
//! ```

mod answer;
mod ask;
mod changed;
mod correct;
mod declared;
mod draft;
mod history;
mod place;
mod show;
mod take;

pub(super) use answer::evidence_words;
pub(super) use ask::{asks, waiting_for};
pub(super) use changed::by_entry as changed_by_entry;
pub(super) use correct::{correct, show_correction};
pub(super) use declared::ask as place_ask;
pub(super) use draft::keep as keep_draft;
pub(super) use place::{rows, value_words};
pub(super) use show::show;
pub(super) use take::take;
