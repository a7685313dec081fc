//! How a command ends.

use brightline_desk::{Fault, Refusal, RefusalKind};

/// How a command ended; the exit code of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done.
    Done,
    /// Done, and the answer is negative: a proof fails, check has errors.
    Negative,
    /// The input is at fault.
    BadInput,
    /// The program is.
    Internal,
}

/// Why a command could not be done.
#[derive(Debug)]
pub struct Trouble {
    /// How the program ends.
    pub ending: Ending,
    /// What is wrong, each with its place and what helps.
    pub faults: Vec<Fault>,
}

impl Trouble {
    /// Returns one fault of the input, which has no place.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::of(Fault::new("", message))
    }

    /// Returns one fault of the program.
    pub fn internal(message: impl Into<String>) -> Self {
        Self { ending: Ending::Internal, faults: vec![Fault::new("", message)] }
    }

    /// Returns one fault of the input.
    pub fn of(fault: Fault) -> Self {
        Self { ending: Ending::BadInput, faults: vec![fault] }
    }
}

impl<E: Into<Refusal>> From<E> for Trouble {
    fn from(error: E) -> Self {
        let refusal = error.into();
        let ending = match refusal.kind {
            RefusalKind::Request | RefusalKind::Pack => Ending::BadInput,
            RefusalKind::Program => Ending::Internal,
        };
        Self { ending, faults: refusal.faults }
    }
}
