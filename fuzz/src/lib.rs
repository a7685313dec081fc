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
pub mod oracle;
pub mod parse;
pub mod seeds;

/// A property and the inputs it starts from.
pub struct Target {
    /// The name of the module.
    pub name: &'static str,
    /// Panics when the property does not hold.
    pub run: fn(&[u8]),
    /// Whether inputs are texts of law rather than any bytes.
    pub text: bool,
}

/// All targets, in one list.
pub const TARGETS: &[Target] = &[
    Target {
        name: "parse",
        run: parse::run,
        text: true,
    },
    Target {
        name: "format_idempotent",
        run: format_idempotent::run,
        text: true,
    },
    Target {
        name: "diagram_vs_table",
        run: diagram_vs_table::run,
        text: false,
    },
    Target {
        name: "diagram_vs_oracle",
        run: diagram_vs_oracle::run,
        text: false,
    },
    Target {
        name: "explain_is_sufficient",
        run: explain_is_sufficient::run,
        text: false,
    },
];
