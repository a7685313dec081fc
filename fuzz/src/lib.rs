//! What must hold for every input, as functions that panic when it does not.
//!
//! Each target has a module here and a file in `fuzz_targets/` for `cargo fuzz run NAME --features
//! libfuzzer`; the `smoke` program runs all of them for some seconds on any toolchain.

pub mod bytes;
pub mod diagram_vs_oracle;
pub mod diagram_vs_table;
pub mod explain_is_sufficient;
pub mod format_idempotent;
pub mod made;
pub mod note_parse;
pub mod oracle;
pub mod paper_read;
pub mod parse;
pub mod proof_verify;
pub mod seeds;

/// A property and the inputs it starts from.
pub struct Target {
    /// The name of the module.
    pub name: &'static str,
    /// Panics when the property does not hold.
    pub run: fn(&[u8]),
    /// What inputs are.
    pub inputs: Inputs,
    /// Why the smoke run leaves it out: what is known not to hold yet.
    pub open: Option<&'static str>,
}

/// What the inputs of a target are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Inputs {
    /// Texts of law.
    Text,
    /// Any bytes, read as choices.
    Choices,
}

const fn target(name: &'static str, run: fn(&[u8]), inputs: Inputs) -> Target {
    Target { name, run, inputs, open: None }
}

/// All targets, in one list.
pub const TARGETS: &[Target] = &[
    target("parse", parse::run, Inputs::Text),
    target("format_idempotent", format_idempotent::run, Inputs::Text),
    target("diagram_vs_table", diagram_vs_table::run, Inputs::Choices),
    target("diagram_vs_oracle", diagram_vs_oracle::run, Inputs::Choices),
    target("explain_is_sufficient", explain_is_sufficient::run, Inputs::Choices),
    target("note_parse", note_parse::run, Inputs::Choices),
    target("proof_verify", proof_verify::run, Inputs::Choices),
    target("paper_read", paper_read::run, Inputs::Choices),
    target("diagram_vs_oracle_coupled", diagram_vs_oracle::run_coupled, Inputs::Choices),
    target("explain_is_sufficient_coupled", explain_is_sufficient::run_coupled, Inputs::Choices),
];
