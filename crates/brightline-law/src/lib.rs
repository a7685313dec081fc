//! Text of law in; determinations, reasons, questions and proofs out.

mod check;
pub mod clock;
mod coverage;
pub mod determination;
pub mod diagnostic;
pub mod diagram;
mod diff;
mod editions;
pub mod facts;
pub mod facts_text;
pub mod ir;
mod law;
mod outcome;
mod prove;
mod scopes;
mod sources;
pub mod syntax;
pub mod words;

pub use check::{Checked, check, check_within, read};
pub use coverage::{Coverage, CoveredLeaf, CoveredSource, NotEncoded, Resting, Sides, coverage};
pub use determination::Determination;
pub use diff::{CLASS_COUNT_MAX, Change, Side, diff};
pub use editions::{Edition, agencies, editions};
pub use law::{
    BLOCK_ROWS, BlockOutcomes, Chart, ChartNode, Column, Law, NODE_COUNT_MAX, RequestColumns,
    Scope, TooLarge, ruled_acts,
};
pub use outcome::Outcome;
pub use prove::{Counterexample, Proof, prove};
pub use sources::{PackSource, SourceFile, SourceReference, Sources, TableSource};
