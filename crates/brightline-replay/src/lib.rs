//! The what-if: tables of past requests decided under two editions of the law.
//!
//! ```text
//! Parquet, CSV ─ table ─▶ Arrow batches ─ column ─▶ law columns ─ settle_all ─▶ bitmaps ─▶ Tally
//! ```
//!
//! A [`Table`] is opened against the facts of a jurisdiction: each of its columns is a fact, a list
//! of records, the column to group by, or left out by name; anything else is refused at once, with
//! the nearest right name. [`replay`] then decides every row under a law before and a law after,
//! act by act, and counts how the outcomes go over into each other. A file is read row group by
//! row group, by two threads; it is never in memory as a whole.
//!
//! Nothing is rounded: a row whose unknown facts can change an outcome is counted as open.
//! There is no clock and no network here, and nothing is written.

mod column;
mod comma;
mod error;
mod layout;
mod offense;
mod run;
mod table;
mod tally;

pub use error::{Error, Fault};
pub use layout::{Choices, Known};
pub use run::{ActLaws, THREAD_COUNT, replay};
pub use table::Table;
pub use tally::{Counts, GROUP_COUNT_MAX, Tally};
