//! Text of law in; determinations, reasons, questions and proofs out.

pub mod clock;
pub mod diagram;
