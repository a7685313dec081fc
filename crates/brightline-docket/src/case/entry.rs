//! What is recorded: one entry for each thing that happened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use brightline_desk::Response;
use serde::{Deserialize, Serialize};

use super::evidence::FactSet;
use crate::error::Error;

/// Who does something, as the sign-in knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: String,
    /// The person behind it: two accounts of one person have the same.
    pub person: String,
    /// The name as it is shown.
    pub name: String,
    /// The roles held today, by the names of the vocabulary and of the service.
    pub roles: BTreeSet<String>,
    /// The agencies whose cases may be seen, as `jurisdiction/agency`; `*` is all of them.
    pub agencies: BTreeSet<String>,
}

impl Actor {
    /// Returns the program itself, which tends to what is due without being asked.
    #[must_use]
    pub fn of_the_program() -> Self {
        Self {
            account: "brightline".to_owned(),
            person: String::new(),
            name: "Brightline".to_owned(),
            roles: std::iter::once("records_officer".to_owned()).collect(),
            agencies: std::iter::once("*".to_owned()).collect(),
        }
    }

    /// Returns whether cases of an agency may be seen.
    #[must_use]
    pub fn sees(&self, agency: &str) -> bool {
        self.agencies.contains(agency) || self.agencies.contains("*")
    }

    /// Returns whether one of these roles is held.
    pub fn has_any<'r>(&self, roles: impl IntoIterator<Item = &'r str>) -> bool {
        roles.into_iter().any(|role| self.roles.contains(role))
    }

    /// # Errors
    ///
    /// When none of the roles is held.
    pub(crate) fn require_any(&self, roles: &[&str]) -> Result<(), Error> {
        if self.has_any(roles.iter().copied()) {
            return Ok(());
        }
        let message = format!("this needs the role of {}", roles.join(" or "));
        Err(Error::forbidden(message))
    }

    /// Returns what an entry keeps of the actor.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp {
            account: self.account.clone(),
            person: self.person.clone(),
            name: self.name.clone(),
            roles: self.roles.iter().cloned().collect(),
        }
    }
}

/// Who did something, as an entry keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The account.
    pub account: String,
    /// The person behind it.
    pub person: String,
    /// The name as it was shown.
    pub name: String,
    /// The roles held then.
    pub roles: Vec<String>,
}

/// One entry of a case, or of the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The reference of the case; empty in the chronicle of the house.
    pub case: String,
    /// Its place within the case, from 1.
    pub number: u64,
    /// When it was recorded, in microseconds since 1970 in UTC.
    pub at: i64,
    /// Who recorded it.
    pub by: Stamp,
    /// What happened.
    pub event: Event,
    /// 32 random bytes, in hexadecimal: without them the commitment cannot be guessed.
    pub salt: String,
}

/// What happened in a case.
///
/// Every variant that changes the case is listed in [`Event::is_change`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A request arrived.
    Received {
        /// What is asked, of whom, on which day.
        asked: Asked,
        /// The person whom the request is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<Subject>,
        /// How it came: `form`, `mail`, `phone`, `door`, `system`.
        channel: String,
        /// Where the person is, or where the agents are.
        facility: String,
        /// SHA-256 of each document that came with it, by its name.
        documents: BTreeMap<String, String>,
    },
    /// Facts were set.
    FactsSet {
        /// Each with its evidence.
        facts: Vec<FactSet>,
    },
    /// The papers, the acts or the day changed.
    AskedChanged {
        /// As it is now.
        asked: Asked,
        /// Why.
        why: String,
    },
    /// The law was applied to what was known.
    Determined {
        /// The version of the program.
        program: String,
        /// The zone in which days and times of the answer are meant.
        zone: String,
        /// The answer, as it was shown.
        #[serde(with = "super::one_response")]
        response: Arc<Response>,
        /// What the clock of the case counts, where the law knows such a thing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clock: Option<super::clock::CaseClock>,
    },
    /// A determination was put forward for signature.
    Proposed {
        /// Which one: counted from 1 within the case.
        determination: u64,
    },
    /// It was signed.
    Signed {
        /// Which one.
        determination: u64,
    },
    /// It was sent back.
    SentBack {
        /// Which one.
        determination: u64,
        /// Why.
        note: String,
    },
    /// Somebody decided otherwise than the computation; both stand.
    Overridden {
        /// The act.
        act: String,
        /// The outcome decided.
        outcome: String,
        /// Why.
        reason: String,
        /// On what authority.
        citation: String,
    },
    /// What was in fact done.
    Done {
        /// The act.
        act: String,
        /// Whether it was done.
        did: Did,
        /// In a word: held, released, notified, refused, handed over.
        how: String,
        /// When, as a civil time of the place: `2025-03-04 18:00`.
        when: String,
        /// What else the reader should know.
        note: String,
        /// The outcome that stood when it was done.
        outcome: String,
        /// In what it departs from that.
        departs: Vec<Departure>,
    },
    /// Somebody has to see to the case.
    Assigned {
        /// The account.
        to: String,
        /// Why; empty where nobody said.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Somebody has to see to a task.
    TaskAssigned {
        /// The task.
        task: String,
        /// The account.
        owner: String,
    },
    /// A duty was done.
    TaskDone {
        /// The task.
        task: String,
        /// What shows it.
        evidence: String,
    },
    /// A task is late or nearly so, and was brought before somebody.
    TaskEscalated {
        /// The task.
        task: String,
        /// The role.
        to: String,
    },
    /// The case was opened again.
    Reopened {
        /// What made it so.
        why: Reopening,
        /// In words; for an order of a court, its citation.
        note: String,
    },
    /// Something recorded was wrong; it stays, and this stands beside it.
    Corrected {
        /// The entry that was wrong.
        entry: u64,
        /// What was wrong.
        note: String,
        /// The right facts.
        facts: Vec<FactSet>,
        /// What is asked, when that was wrong.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<Asked>,
    },
    /// Nothing is left to do.
    Closed {
        /// In words.
        note: String,
        /// The tasks that depend on something which is not known, and to which it did not come.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        not_due: Vec<String>,
    },
    /// A matter in court or an investigation stops the retention clock.
    HoldPlaced {
        /// The matter.
        matter: String,
    },
    /// A hold ended.
    HoldLifted {
        /// The matter.
        matter: String,
    },
    /// Personal data were shown.
    Read {
        /// What for.
        why: String,
    },
    /// Names of officers that a procedure wants written down.
    OfficersNoted {
        /// Encrypted apart from the entry, under a key of its own.
        sealed: String,
    },
    /// That field was opened.
    OfficersRead {
        /// What for.
        why: String,
    },
    /// Something of the house, not of a case.
    House(House),
}

/// What happened in the house: nothing of it is about the person of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum House {
    /// The key of a case was destroyed, by order or at the end of its time.
    Sealed {
        /// The case.
        case: String,
        /// The number that the store gives it.
        id: i64,
        /// Its agency, as `jurisdiction/agency`.
        agency: String,
        /// Each act with its outcome, for the counts: `act=outcome act=outcome`.
        acts: String,
        /// How many acts departed from the determination, for the counts.
        #[serde(default)]
        departures: u64,
        /// The order, or the class of records and its time.
        why: String,
        /// The digest over what stays of its entries; filled in when it is recorded, and empty
        /// where an earlier version of the program left the bodies in their place.
        #[serde(default)]
        left: String,
    },
    /// Cases were looked for by name; the name is not kept.
    Searched {
        /// What for.
        why: String,
        /// How many were found.
        hits: u64,
    },
    /// Somebody proposed a release of the law.
    ReleaseProposed {
        /// Its digest.
        digest: String,
        /// Why.
        note: String,
    },
    /// Somebody else published it.
    ReleasePublished {
        /// Its digest.
        digest: String,
        /// `true` for the short way in an emergency, which two people go as well.
        emergency: bool,
        /// The signature over the digest.
        signature: String,
        /// When, in microseconds since 1970 in UTC.
        at: i64,
    },
    /// The keys of cases are wrapped by another master key.
    KeysRotated {
        /// The id of the master key.
        master: String,
        /// How many.
        keys: u64,
    },
    /// Something happened to an account of the service.
    Account {
        /// The name of the account; for an attempt to sign in, as it is known, and empty where
        /// there is no such account.
        account: String,
        /// What happened.
        what: AccountEvent,
    },
    /// Something else of the service, such as a setting.
    Noted {
        /// A short name of what it is.
        what: String,
        /// What else there is to know, without personal data of a case.
        detail: BTreeMap<String, String>,
    },
}

/// What happens to accounts: entries of the chronicle, encrypted like all others.
///
/// There is no field for a password, a code, an address of the network or the name of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AccountEvent {
    /// Somebody was asked to open it, or to open it again.
    Invited {
        /// The roles of the service and of the vocabulary.
        roles: BTreeSet<String>,
        /// For which agencies, as `jurisdiction/agency`.
        agencies: BTreeSet<String>,
    },
    /// A link that was not used yet was taken back.
    Withdrawn,
    /// Password and second factor were chosen.
    Opened,
    /// Somebody signed in.
    SignedIn {
        /// By what: `password`, `openid`, `passkey`.
        by: String,
    },
    /// Somebody tried to, and could not.
    SignInRefused {
        /// Why, by a short name: `unknown`, `password`, `code`, `passkey`, `locked`.
        why: String,
    },
    /// Somebody signed out, or the session ended.
    SignedOut,
    /// It was locked, by somebody or after too many attempts.
    Locked,
    /// It was released.
    Released,
    /// Password and second factor were voided.
    Reset,
    /// What the account may do was changed.
    RolesChanged {
        /// As they are now, of the service and of the vocabulary.
        roles: BTreeSet<String>,
        /// As they are now.
        agencies: BTreeSet<String>,
    },
    /// A provider of sign-in may sign it in from then on.
    Linked,
    /// Somebody looked at the picture of a page of a paper that is being taken in.
    PageSeen {
        /// The SHA-256 of the paper, in hexadecimal.
        paper: String,
        /// The page, counted from 1.
        page: u32,
    },
    /// A passkey was added.
    PasskeyAdded {
        /// The beginning of its identifier, in hexadecimal.
        id: String,
    },
    /// A passkey was removed.
    PasskeyRemoved {
        /// The beginning of its identifier, in hexadecimal.
        id: String,
    },
    /// A token for another system was issued; the account is its name.
    TokenIssued {
        /// What it is for.
        scopes: BTreeSet<String>,
        /// For which agencies.
        agencies: BTreeSet<String>,
    },
    /// A token was revoked.
    TokenRevoked,
}

impl Event {
    /// The names of all kinds of entries of a case.
    pub const KINDS: [&'static str; 21] = [
        "received",
        "facts_set",
        "asked_changed",
        "determined",
        "proposed",
        "signed",
        "sent_back",
        "overridden",
        "done",
        "assigned",
        "task_assigned",
        "task_done",
        "task_escalated",
        "reopened",
        "corrected",
        "closed",
        "hold_placed",
        "hold_lifted",
        "read",
        "officers_noted",
        "officers_read",
    ];

    /// Returns a short name, by which entries are counted and filtered.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::FactsSet { .. } => "facts_set",
            Self::AskedChanged { .. } => "asked_changed",
            Self::Determined { .. } => "determined",
            Self::Proposed { .. } => "proposed",
            Self::Signed { .. } => "signed",
            Self::SentBack { .. } => "sent_back",
            Self::Overridden { .. } => "overridden",
            Self::Done { .. } => "done",
            Self::Assigned { .. } => "assigned",
            Self::TaskAssigned { .. } => "task_assigned",
            Self::TaskDone { .. } => "task_done",
            Self::TaskEscalated { .. } => "task_escalated",
            Self::Reopened { .. } => "reopened",
            Self::Corrected { .. } => "corrected",
            Self::Closed { .. } => "closed",
            Self::HoldPlaced { .. } => "hold_placed",
            Self::HoldLifted { .. } => "hold_lifted",
            Self::Read { .. } => "read",
            Self::OfficersNoted { .. } => "officers_noted",
            Self::OfficersRead { .. } => "officers_read",
            Self::House(house) => house.kind(),
        }
    }

    /// Returns whether it changes the case: reading does not.
    #[must_use]
    pub fn is_change(&self) -> bool {
        !matches!(self, Self::Read { .. } | Self::OfficersRead { .. } | Self::House(_))
    }
}

impl House {
    fn kind(&self) -> &'static str {
        match self {
            Self::Sealed { .. } => "sealed",
            Self::Searched { .. } => "searched",
            Self::ReleaseProposed { .. } => "release_proposed",
            Self::ReleasePublished { .. } => "release_published",
            Self::KeysRotated { .. } => "keys_rotated",
            Self::Account { .. } => "account",
            Self::Noted { .. } => "noted",
        }
    }
}

/// What is asked: a request without its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The pack of the agency's law.
    pub jurisdiction: String,
    /// The agency.
    pub agency: String,
    /// The day of the act, `2025-03-04`.
    pub on: String,
    /// The law as known on this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_on: Option<String>,
    /// The pack of the agency's own policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// What was presented; left out, it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub papers: Option<Vec<String>>,
    /// The acts; left out, what the papers ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acts: Option<Vec<String>>,
}

/// The person whom a request is about, as the papers and the agency's book name them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The name.
    pub name: String,
    /// The day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<String>,
    /// The number in the agency's book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking: Option<String>,
    /// The number on the request's papers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_number: Option<String>,
}

/// Who told a fact; there is no field for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Teller {
    /// The person whom the request is about.
    Person,
    /// Their lawyer.
    PersonsLawyer,
    /// Their family.
    Family,
    /// Somebody of the agency.
    Agency,
    /// Somebody of another agency of the place.
    OtherAgency,
    /// Whoever made the request.
    Requester,
    /// A court.
    Court,
}

/// Whether an act was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// It was done.
    Done,
    /// It was not done, and will not be.
    Refrained,
}

/// In what an act departs from the determination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Departure {
    /// The outcome said otherwise.
    AgainstOutcome,
    /// Nothing was settled, and this was not what is safe meanwhile.
    NotSafe,
    /// The signature that the procedure asks for was not there.
    Unsigned,
}

/// What opens a case again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reopening {
    /// A court ordered something.
    CourtOrder,
    /// Something was wrong.
    Correction,
    /// Something became known.
    NewFacts,
    /// The person or their lawyer objects.
    Challenge,
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn the_names_of_kinds_are_those_that_entries_have() {
        let source = include_str!("entry.rs");
        let (_, rest) = source.split_once("pub fn kind(&self)").expect("the names");
        let (names, _) = rest.split_once("Self::House(house)").expect("their end");
        let names: Vec<&str> =
            names.split("=> \"").skip(1).map(|it| &it[..it.find('"').unwrap_or(0)]).collect();
        assert_eq!(names, Event::KINDS);
    }
}
