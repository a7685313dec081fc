//! What a determination can come out as.

use std::fmt;

/// The outcome for one agency and act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The agency must.
    Required,
    /// The agency may.
    Permitted,
    /// The agency must not.
    Prohibited,
    /// A prohibition does not reach this; no permission follows from that.
    NotBarred,
    /// A duty is lifted; no ban follows from that.
    NotRequired,
    /// The agency has no power in law to do it.
    NoAuthority,
    /// The law recorded says nothing of it on that day.
    Silent,
    /// Defensible readings end differently, or text was not read whole.
    Unsettled,
    /// Both required and forbidden, and no provision settles which.
    Conflict,
    /// Unknown facts can still change the answer.
    Open,
}

impl Outcome {
    /// All outcomes, in the order of the reference.
    pub const ALL: [Self; 10] = [
        Self::Required,
        Self::Permitted,
        Self::Prohibited,
        Self::NotBarred,
        Self::NotRequired,
        Self::NoAuthority,
        Self::Silent,
        Self::Unsettled,
        Self::Conflict,
        Self::Open,
    ];

    /// Returns the name used in data: `not_barred`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Permitted => "permitted",
            Self::Prohibited => "prohibited",
            Self::NotBarred => "not_barred",
            Self::NotRequired => "not_required",
            Self::NoAuthority => "no_authority",
            Self::Silent => "silent",
            Self::Unsettled => "unsettled",
            Self::Conflict => "conflict",
            Self::Open => "open",
        }
    }

    /// Returns the outcome with this name, written with spaces or underscores.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.replace(' ', "_");
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// Returns whether doing the act is lawful by what is recorded.
    ///
    /// Silence lends no power, nor does a ban that does not reach the act; whoever is relieved of
    /// a duty may still do what it asked.
    #[must_use]
    pub fn allows(self) -> bool {
        matches!(self, Self::Required | Self::Permitted | Self::NotRequired)
    }

    /// Returns whether leaving the act undone is lawful.
    #[must_use]
    pub fn allows_refraining(self) -> bool {
        matches!(
            self,
            Self::Permitted
                | Self::Prohibited
                | Self::NotBarred
                | Self::NotRequired
                | Self::NoAuthority
                | Self::Silent
        )
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().replace('_', " "))
    }
}
