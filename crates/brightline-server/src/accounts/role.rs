//! What an account may be.

use std::fmt;

/// A role; what each may do stands in the policies beside the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Takes requests in and sets facts.
    Officer,
    /// An officer who also proposes and assigns.
    Supervisor,
    /// Reviews and signs.
    Counsel,
    /// Writes law and proposes it.
    Author,
    /// Publishes law that somebody else proposed.
    Publisher,
    /// Reads the record and its proofs.
    Auditor,
    /// Keeps, seals and destroys records as the schedule says.
    RecordsOfficer,
    /// Manages accounts and tokens; sees no case.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 8] = [
        Self::Officer,
        Self::Supervisor,
        Self::Counsel,
        Self::Author,
        Self::Publisher,
        Self::Auditor,
        Self::RecordsOfficer,
        Self::Administrator,
    ];

    /// Returns the name by which policies, commands and the interface know the role.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::Counsel => "counsel",
            Self::Author => "author",
            Self::Publisher => "publisher",
            Self::Auditor => "auditor",
            Self::RecordsOfficer => "records_officer",
            Self::Administrator => "administrator",
        }
    }

    /// Returns whether it means nothing without an agency whose requests it is about.
    #[must_use]
    pub fn is_of_an_agency(self) -> bool {
        matches!(self, Self::Officer | Self::Supervisor | Self::Counsel | Self::RecordsOfficer)
    }

    /// Returns the role of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads names as the store keeps them.
pub(super) fn read_all(text: &str) -> Vec<Role> {
    text.split_whitespace().filter_map(Role::named).collect()
}

/// Reads the other names that the store keeps: roles of the packs' vocabulary.
pub(super) fn read_finders(text: &str) -> Vec<String> {
    let names = text.split_whitespace().filter(|name| Role::named(name).is_none());
    names.map(str::to_owned).collect()
}

/// Writes names as the store keeps them: sorted, each once, those of the vocabulary last.
pub(super) fn write_all(roles: &[Role], finders: &[String]) -> String {
    let sorted: std::collections::BTreeSet<Role> = roles.iter().copied().collect();
    let finders: std::collections::BTreeSet<&str> = finders.iter().map(String::as_str).collect();
    let mut names: Vec<&str> = sorted.into_iter().map(Role::name).collect();
    names.extend(finders);
    names.join(" ")
}
