//! What may be added to a case now, and by whom.

use brightline_law::diagnostic::line_of;
use serde::Deserialize;

use super::entry::{Actor, Departure, Did, Event};
use super::evidence::{Evidence, FactSet};
use super::tasks::uncertain;
use super::view::{ActView, CaseView};
use crate::error::Error;

/// Text of people is kept short: 4,000 bytes.
const TEXT_BYTES_MAX: usize = 4000;
/// A line of text: 200 bytes.
const LINE_BYTES_MAX: usize = 200;
/// Documents of one request.
const DOCUMENTS_MAX: usize = 50;
/// How requests come.
const CHANNELS: [&str; 6] = ["form", "mail", "phone", "door", "fax", "system"];
/// The name of a system has at most this many letters, so that it is a name.
const SYSTEM_LETTERS_MAX: usize = 60;

/// The settings of an office: who signs, when tasks are brought before whom, how long records are
/// kept.
///
/// ```
/// use brightline_docket::OfficeRules;
///
/// let rules = OfficeRules::parse(
///     "[[procedure]]\nagency = \"*\"\nacts = [\"*\"]\nsigned_by = [\"counsel\"]",
/// )?;
/// assert_eq!(rules.signed_by("zz/library", "lend"), ["counsel"]);
/// # Ok::<(), brightline_docket::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeRules {
    /// The first one that fits holds.
    #[serde(default)]
    pub procedure: Vec<Procedure>,
    /// The classes of records.
    #[serde(default)]
    pub record_class: Vec<RecordClass>,
    /// Where agencies are reached, as it stands in their letters.
    #[serde(default)]
    pub letterhead: Vec<Letterhead>,
}

/// Where an agency is reached; the pack knows its name, and only the office knows its address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letterhead {
    /// The agency as `jurisdiction/agency`, or `*`; the first that fits holds.
    pub agency: String,
    /// Its name, where it is to stand otherwise than in the pack.
    #[serde(default)]
    pub name: String,
    /// Its address, line by line.
    #[serde(default)]
    pub address: Vec<String>,
    /// Whom to ask for: an office, no person.
    #[serde(default)]
    pub contact: String,
    /// The telephone number.
    #[serde(default)]
    pub telephone: String,
    /// The electronic address.
    #[serde(default)]
    pub email: String,
}

impl Letterhead {
    /// Returns whom to call or write to in one line; empty where nothing of it is set.
    ///
    /// ```
    /// use brightline_docket::Letterhead;
    ///
    /// let head = Letterhead { telephone: "555-0100".into(), ..Letterhead::default() };
    /// assert_eq!(head.reached(), "555-0100");
    /// ```
    #[must_use]
    pub fn reached(&self) -> String {
        let parts = [&self.contact, &self.telephone, &self.email];
        let given: Vec<&str> =
            parts.into_iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
        given.join(", ")
    }

    /// Returns whether a letter says with it where the agency is, and whom to call or write to.
    ///
    /// ```
    /// use brightline_docket::Letterhead;
    ///
    /// let head = Letterhead { telephone: "555-0100".into(), ..Letterhead::default() };
    /// assert!(!head.is_whole());
    /// ```
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.address.is_empty() && !self.reached().is_empty()
    }
}

/// Who signs what, and before whom a late task is brought.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// The agency as `jurisdiction/agency`, or `*`.
    pub agency: String,
    /// The acts, or `*`.
    pub acts: Vec<String>,
    /// The roles of which one signs; empty: no signature is needed.
    #[serde(default)]
    pub signed_by: Vec<String>,
    /// A task is brought before somebody this many hours before it is due.
    #[serde(default)]
    pub escalate_hours: u32,
    /// The role before which it is brought; empty: nobody.
    #[serde(default)]
    pub escalate_to: String,
}

/// How long records of a class are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordClass {
    /// Its name.
    pub name: String,
    /// The agency whose cases it covers, or `*`; the first class that fits holds.
    pub agency: String,
    /// Years after the case was closed; left out: kept until the records officer sets it.
    #[serde(default)]
    pub years: Option<u32>,
    /// The schedule that says so.
    #[serde(default)]
    pub schedule: String,
}

impl RecordClass {
    /// Returns in words how long its records are kept.
    ///
    /// ```
    /// use brightline_docket::OfficeRules;
    ///
    /// let rules = OfficeRules::standard()?;
    /// assert_eq!(rules.record_class[0].kept_for(), "not set: nothing expires");
    /// # Ok::<(), brightline_docket::Error>(())
    /// ```
    #[must_use]
    pub fn kept_for(&self) -> String {
        match self.years {
            None => "not set: nothing expires".to_owned(),
            Some(1) => "1 year after the case was closed".to_owned(),
            Some(years) => format!("{years} years after the case was closed"),
        }
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    pattern == "*" || pattern == name
}

impl OfficeRules {
    /// Reads settings from TOML.
    ///
    /// # Errors
    ///
    /// When the text is no TOML, or has a name that is not known here.
    pub fn parse(text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|error| {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            let help = format!("line {line}: {}", error.message().trim());
            Error::unavailable("`office.toml` cannot be understood").help(help)
        })
    }

    /// Returns the settings that hold where none are given: counsel signs, supervisors hear of late
    /// tasks a day before, nothing expires.
    ///
    /// # Errors
    ///
    /// When the file within the program is broken.
    pub fn standard() -> Result<Self, Error> {
        Self::parse(Self::STANDARD_TEXT)
    }

    /// The text of those settings: what a new folder begins with, so that they are seen.
    pub const STANDARD_TEXT: &str = include_str!("../../data/office.toml");

    /// Returns in words, a line a class of records, how long records are kept.
    #[must_use]
    pub fn retention(&self) -> Vec<String> {
        if self.record_class.is_empty() {
            return vec!["no class of records is set: nothing expires".to_owned()];
        }
        let line = |class: &RecordClass| {
            let whose = match class.agency.as_str() {
                "*" => "all agencies".to_owned(),
                agency => format!("`{agency}`"),
            };
            format!("{}, {whose}: {}", class.name, class.kept_for())
        };
        self.record_class.iter().map(line).collect()
    }

    /// Returns where an agency is reached, where its office has set it.
    #[must_use]
    pub fn letterhead(&self, agency: &str) -> Option<&Letterhead> {
        self.letterhead.iter().find(|it| fits(&it.agency, agency))
    }

    fn procedure(&self, agency: &str, act: &str) -> Option<&Procedure> {
        let is_for = |it: &&Procedure| {
            fits(&it.agency, agency) && it.acts.iter().any(|pattern| fits(pattern, act))
        };
        self.procedure.iter().find(is_for)
    }

    /// Returns the roles of which one signs; empty: no signature is needed.
    #[must_use]
    pub fn signed_by(&self, agency: &str, act: &str) -> Vec<&str> {
        let procedure = self.procedure(agency, act);
        procedure.map_or(Vec::new(), |it| it.signed_by.iter().map(String::as_str).collect())
    }

    /// Returns the hours before which a task is brought before a role, and the role.
    #[must_use]
    pub fn escalation(&self, agency: &str) -> Option<(u32, &str)> {
        let all = self.procedure.iter().filter(|it| fits(&it.agency, agency));
        let mut with_role = all.filter(|it| !it.escalate_to.is_empty());
        with_role.next().map(|it| (it.escalate_hours, it.escalate_to.as_str()))
    }

    /// Returns the class of records of an agency's cases.
    #[must_use]
    pub fn record_class(&self, agency: &str) -> Option<&RecordClass> {
        self.record_class.iter().find(|it| fits(&it.agency, agency))
    }

    /// The roles of which each may sign a determination: those that every act asks for.
    fn signers<'r>(&'r self, view: &CaseView) -> Vec<&'r str> {
        let agency = view.agency();
        let mut signers: Vec<&str> = Vec::new();
        for act in view.determinations() {
            signers.extend(self.signed_by(&agency, &act.act));
        }
        signers.sort_unstable();
        signers.dedup();
        signers
    }

    /// Returns in what an act, done or not, departs from what stands.
    #[must_use]
    pub fn departures(&self, view: &CaseView, act: &ActView, did: Did) -> Vec<Departure> {
        let mut departs = Vec::new();
        let is_settled = !matches!(act.outcome.as_str(), "open" | "unsettled" | "conflict");
        let is_safe = match did {
            Did::Done => matches!(act.safe.as_str(), "do" | "either"),
            Did::Refrained => matches!(act.safe.as_str(), "refrain" | "either"),
        };
        let is_against = match did {
            Did::Done => matches!(act.outcome.as_str(), "prohibited" | "no_authority"),
            Did::Refrained => act.outcome == "required",
        };
        if is_against {
            departs.push(Departure::AgainstOutcome);
        } else if !is_settled && !is_safe {
            departs.push(Departure::NotSafe);
        }
        let is_signed = view.signature.is_some();
        let needs_signature = !self.signed_by(&view.agency(), &act.act).is_empty();
        if needs_signature && !is_signed && !is_safe {
            departs.push(Departure::Unsigned);
        }
        departs
    }

    /// Returns whether an event may be added to a case now, by this person.
    ///
    /// # Errors
    ///
    /// When the roles, the two-person rule, the stage or the event itself forbid it.
    pub fn allow(&self, view: &CaseView, actor: &Actor, event: &Event) -> Result<(), Error> {
        if view.is_closed && event.is_change() && !is_for_closed(event) {
            let error = Error::conflict("the case is closed");
            return Err(error.help("open it again first, with the reason"));
        }
        match event {
            Event::FactsSet { facts } => allow_facts(actor, facts),
            Event::AskedChanged { why, .. } => require_text("why", why),
            Event::Corrected { entry, note, facts, .. } => {
                require_text("note", note)?;
                require(
                    *entry >= 1 && *entry <= view.timeline.len() as u64,
                    "there is no such entry",
                )?;
                allow_facts(actor, facts)
            }
            Event::Proposed { .. } | Event::Signed { .. } | Event::SentBack { .. } => {
                self.allow_review(view, actor, event)
            }
            Event::Overridden { act, outcome, reason, citation } => {
                require_text("reason", reason)?;
                require_text("citation", citation)?;
                require_outcome(outcome)?;
                require_act(view, act)?;
                actor.require_any(&self.override_roles(view, act))
            }
            Event::Done { act, how, note, when, .. } => {
                require_text("how", how)?;
                require(note.len() <= TEXT_BYTES_MAX, "the note is too long")?;
                require_time(when)?;
                require_act(view, act)
            }
            Event::TaskDone { task, evidence } => {
                require_text("evidence", evidence)?;
                let found = view.tasks.iter().find(|it| it.task == *task);
                require(found.is_some(), "there is no such task")?;
                require(found.is_some_and(|it| it.evidence.is_none()), "it was done already")
            }
            Event::TaskAssigned { task, .. } | Event::TaskEscalated { task, .. } => {
                let found = view.tasks.iter().any(|it| it.task == *task && it.is_open());
                require(found, "there is no such open task")
            }
            Event::Reopened { note, .. } => require_text("note", note),
            Event::Closed { not_due, .. } => allow_closing(view, not_due),
            Event::HoldPlaced { matter } => {
                require_text("matter", matter)?;
                actor.require_any(&["records_officer", "counsel"])
            }
            Event::HoldLifted { matter } => {
                require(view.holds.contains(matter), "there is no such hold")?;
                actor.require_any(&["records_officer", "counsel"])
            }
            Event::Read { why } | Event::OfficersRead { why } => require_text("why", why),
            Event::Assigned { note, .. } => {
                require(note.len() <= TEXT_BYTES_MAX, "the note is too long")
            }
            Event::Determined { .. } | Event::OfficersNoted { .. } => Ok(()),
            Event::Received { .. } | Event::House(_) => {
                Err(Error::conflict("the case began already"))
            }
        }
    }

    /// Returns whether a request may be taken in so: short texts, known channels, digests.
    ///
    /// # Errors
    ///
    /// Names the field that is wrong.
    pub fn allow_receipt(event: &Event) -> Result<(), Error> {
        let Event::Received { subject, channel, facility, documents, .. } = event else {
            return Err(Error::conflict("a case begins with its receipt"));
        };
        if !CHANNELS.contains(&channel.as_str()) {
            let message = format!("`{channel}` is no way in which a request comes");
            let error = Error::invalid("channel", &message);
            return Err(error.help(format!("one of {}", CHANNELS.join(", "))));
        }
        require_short("facility", facility)?;
        if documents.len() > DOCUMENTS_MAX {
            return Err(Error::invalid("documents", "more than 50 documents"));
        }
        for (name, digest) in documents {
            require_short("documents", name)?;
            let is_digest = digest.len() == 64 && digest.bytes().all(|it| it.is_ascii_hexdigit());
            if !is_digest {
                return Err(Error::invalid("documents", "this is no SHA-256 in hexadecimal"));
            }
        }
        let Some(subject) = subject else { return Ok(()) };
        let more = [&subject.born, &subject.booking, &subject.file_number];
        let all = more.into_iter().flatten().chain([&subject.name]);
        all.into_iter().try_for_each(|text| require_short("subject", text))
    }

    fn allow_review(&self, view: &CaseView, actor: &Actor, event: &Event) -> Result<(), Error> {
        let is_waiting = view.proposal.as_ref().is_some_and(|it| it.returned.is_none());
        match event {
            Event::Proposed { determination } => {
                require_current(view, *determination)?;
                require(!is_waiting, "it was put forward already")
            }
            Event::Signed { determination } => self.allow_signature(view, actor, *determination),
            Event::SentBack { determination, note } => {
                require_current(view, *determination)?;
                require_text("note", note)?;
                require(is_waiting, "nothing was put forward")?;
                actor.require_any(&self.signers(view))
            }
            _ => Ok(()),
        }
    }

    fn allow_signature(&self, view: &CaseView, actor: &Actor, signed: u64) -> Result<(), Error> {
        require_current(view, signed)?;
        let proposal = view.proposal.as_ref().filter(|it| it.returned.is_none());
        let proposal = proposal.ok_or_else(|| Error::conflict("nothing was put forward"))?;
        require(view.signature.is_none(), "it was signed already")?;
        let signers = self.signers(view);
        require(!signers.is_empty(), "the procedure asks for no signature")?;
        actor.require_any(&signers)?;
        let same = proposal.by.person == actor.person || proposal.by.account == actor.account;
        if same {
            let message = "whoever puts a determination forward cannot sign it too";
            return Err(Error::forbidden(message).help("a second person has to look at it"));
        }
        Ok(())
    }

    fn override_roles(&self, view: &CaseView, act: &str) -> Vec<&str> {
        let roles = self.signed_by(&view.agency(), act);
        if roles.is_empty() { vec!["counsel"] } else { roles }
    }
}

/// A line: no control characters, and at most 200 bytes.
fn require_short(place: &str, text: &str) -> Result<(), Error> {
    if text.len() > LINE_BYTES_MAX || text.chars().any(char::is_control) {
        return Err(Error::invalid(place, "this is longer than 200 bytes, or no single line"));
    }
    Ok(())
}

/// What may still be added when nothing is left to do.
fn is_for_closed(event: &Event) -> bool {
    matches!(event, Event::Reopened { .. } | Event::HoldPlaced { .. } | Event::HoldLifted { .. })
}

fn require(holds: bool, message: &str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::conflict(message)) }
}

fn require_text(name: &str, text: &str) -> Result<(), Error> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(Error::invalid(name, "this is missing"));
    }
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("this is longer than {TEXT_BYTES_MAX} bytes");
        return Err(Error::invalid(name, &message));
    }
    Ok(())
}

fn require_time(when: &str) -> Result<(), Error> {
    match brightline_law::clock::Moment::parse(when) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::invalid("when", &error.to_string())),
    }
}

fn require_outcome(outcome: &str) -> Result<(), Error> {
    let known = brightline_law::Outcome::from_name(outcome);
    if known.is_some_and(|it| it != brightline_law::Outcome::Open) {
        return Ok(());
    }
    Err(Error::invalid("outcome", &format!("`{outcome}` is no outcome that can be decided")))
}

fn require_current(view: &CaseView, determination: u64) -> Result<(), Error> {
    let current = view.decided.as_ref().map(|it| it.determination);
    require(current == Some(determination), "another determination stands now")
}

fn require_act(view: &CaseView, act: &str) -> Result<(), Error> {
    if view.determinations().iter().any(|it| it.act == act) {
        return Ok(());
    }
    Err(Error::invalid("act", &format!("`{act}` is not among the acts of this case")))
}

fn allow_closing(view: &CaseView, not_due: &[String]) -> Result<(), Error> {
    let left = view.acts().iter().filter(|act| !act.is_done).count();
    require(left == 0, "it is not yet recorded what was done with every act")?;
    let owed = view.tasks.iter().any(|task| task.is_open() && task.is_certain);
    require(!owed, "a task is still open")?;
    let is_uncertain = |name: &String| uncertain(&view.tasks).any(|task| task.task == *name);
    require(not_due.iter().all(is_uncertain), "what is certainly owed cannot be said not to be due")
}

fn allow_facts(actor: &Actor, facts: &[FactSet]) -> Result<(), Error> {
    for set in facts {
        if let Evidence::System(name) = &set.evidence {
            let is_name = |it: char| it.is_alphanumeric() || " .-_".contains(it);
            let fits = name.len() <= SYSTEM_LETTERS_MAX && !name.trim().is_empty();
            if !fits || !name.chars().all(is_name) {
                return Err(Error::invalid("evidence.system", "this is no name of a system"));
            }
        }
        if let Some(reason) = &set.settles {
            require_text("settles", reason)?;
        }
        require_finder(actor, &set.fact, &set.value)?;
    }
    Ok(())
}

/// A finding is made by who holds the role that it names, at whatever depth it stands.
fn require_finder(actor: &Actor, place: &str, value: &serde_json::Value) -> Result<(), Error> {
    match value {
        serde_json::Value::Object(entries) => {
            if let Some(role) = entries.get("by").and_then(|by| by.as_str())
                && entries.contains_key("value")
                && !actor.roles.contains(role)
            {
                let message = format!("`{place}` is found by `{role}`, a role not held here");
                return Err(Error::forbidden(message));
            }
            entries
                .iter()
                .try_for_each(|(key, it)| require_finder(actor, &format!("{place}.{key}"), it))
        }
        serde_json::Value::Array(rows) => rows
            .iter()
            .enumerate()
            .try_for_each(|(at, it)| require_finder(actor, &format!("{place}[{at}]"), it)),
        _ => Ok(()),
    }
}
