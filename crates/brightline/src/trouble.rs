//! How a command ends.

use brightline_docket::{Error, Fault, Refusal, RefusalKind};

/// How a command ended; the exit code of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
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
pub(crate) struct Trouble {
    pub(crate) ending: Ending,
    pub(crate) faults: Vec<Fault>,
}

impl Trouble {
    pub(crate) fn bad_input(message: impl Into<String>) -> Self {
        Self::of(Fault::new("", message))
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self { ending: Ending::Internal, faults: vec![Fault::new("", message)] }
    }

    /// One fault of the input.
    pub(crate) fn of(fault: Fault) -> Self {
        Self { ending: Ending::BadInput, faults: vec![fault] }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let fault = Fault::new("", error.to_string());
        let fault = match error.help_text() {
            Some(help) => fault.help(help),
            None => fault,
        };
        match error.is_corrupt() {
            true => Self { ending: Ending::Internal, faults: vec![fault] },
            false => Self::of(fault),
        }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        let ending = match refusal.kind {
            RefusalKind::Request | RefusalKind::Pack => Ending::BadInput,
            RefusalKind::Program => Ending::Internal,
        };
        Self { ending, faults: refusal.faults }
    }
}
