//! Text of law in; determinations, reasons, questions and proofs out.

pub mod clock;
pub mod determination;
pub mod diagnostic;
pub mod diagram;
pub mod facts;
pub mod ir;
mod law;
mod outcome;
mod sources;
pub mod syntax;

pub use determination::Determination;
pub use law::{Law, NODE_COUNT_MAX, Scope, TooLarge, ruled_acts};
pub use outcome::Outcome;
pub use sources::{PackSource, SourceFile, SourceReference, Sources, TableSource};
