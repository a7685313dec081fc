//! The resolved law: names looked up, types checked, every leaf with its citation.
//!
//! `from_syntax` makes it, `diagram` compiles it, the oracle of the tests reads it directly.

mod from_syntax;
mod lookup;
mod offense;
mod validity;

pub use crate::syntax::ast::{Mark, Modal, Order, Relation};
pub use from_syntax::resolve;
pub use offense::{Offense, OffenseNode, OffenseUniverse};
pub use validity::{AsKnown, Suspension, Validity, Void};

use std::collections::BTreeMap;

use crate::clock::{Calendar, Day, Span as CalendarSpan};
use crate::diagnostic::Span;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// Returns the index into the corpus's list.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Names a pack of the corpus.
    PackId,
    /// Names an act that includes no others.
    ActId,
    /// Names an agency.
    AgencyId,
    /// Names a group of agencies.
    GroupId,
    /// Names a role.
    RoleId,
    /// Names a fact.
    FactId,
    /// Names a record.
    RecordId,
    /// Names a paper.
    PaperId,
    /// Names a table.
    TableId,
    /// Names a membership question: a table, a filter, a day.
    MemberId,
    /// Names a calendar or an unsettled calendar.
    CalendarId,
    /// Names a defined term with all its versions.
    TermId,
    /// Names an unsettled point, `not encoded` leaf or partial provision.
    UnsettledId,
    /// Names a section header.
    SectionId,
    /// Names a provision: a rule, definition, unsettled point or duty of a section.
    ProvisionId,
    /// Names a statement of a rule.
    StatementId,
    /// Names a duty statement.
    DutyId,
}

/// All packs together, resolved. Lists are indexed by their ids.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// Packs in the order of the sources.
    pub packs: Vec<Pack>,
    /// Acts that include no others.
    pub acts: Vec<Act>,
    /// Names of acts, those that include others too: pack, name, phrase, the acts meant.
    pub act_names: Vec<ActName>,
    /// Agencies.
    pub agencies: Vec<Agency>,
    /// Groups.
    pub groups: Vec<Named>,
    /// Roles.
    pub roles: Vec<Named>,
    /// Facts.
    pub facts: Vec<Fact>,
    /// Records.
    pub records: Vec<Record>,
    /// Papers.
    pub papers: Vec<Paper>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Membership questions.
    pub members: Vec<Member>,
    /// All offenses that tables name.
    pub offenses: OffenseUniverse,
    /// Calendars.
    pub calendars: Vec<CalendarEntry>,
    /// Defined terms.
    pub terms: Vec<Term>,
    /// Unsettled points.
    pub unsettled: Vec<Unsettled>,
    /// Section headers.
    pub sections: Vec<Section>,
    /// Provisions.
    pub provisions: Vec<Provision>,
    /// Statements.
    pub statements: Vec<Statement>,
    /// Duty statements.
    pub duties: Vec<Duty>,
    /// Forbidden facts.
    pub forbidden: Vec<Forbidden>,
    /// What is true of all facts: none of these conditions ever holds.
    pub impossible: Vec<(PackId, Condition)>,
    /// Examples.
    pub examples: Vec<Example>,
    /// Claims.
    pub claims: Vec<Claim>,
    /// Days of the act on which a comparison of it with a fixed day changes, sorted.
    pub act_date_cuts: Vec<Day>,
    /// A law may compile to so many nodes; none: as many as [`crate::NODE_COUNT_MAX`].
    pub(crate) node_limit: Option<usize>,
    /// The statements that bind an agency on an act on some day, in the order of the text.
    pub(crate) bound: BTreeMap<(AgencyId, ActId), Vec<StatementId>>,
}

/// A pack.
#[derive(Debug, Clone)]
pub struct Pack {
    /// `us-ny-nyc`.
    pub id: String,
    /// `New York City`.
    pub title: String,
    /// All packs above it, outermost first.
    pub parents: Vec<PackId>,
    /// IANA zone.
    pub zone: String,
    /// First day for which it records the law.
    pub recorded_from: Day,
    /// Where the texts were read.
    pub references: Vec<crate::SourceReference>,
}

/// A name with its words and pack.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Named {
    pub pack: PackId,
    pub name: String,
    pub words: String,
}

/// An act that includes no others.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Act {
    pub pack: PackId,
    pub name: String,
    /// `hold a person past the time of release`.
    pub words: String,
}

/// A name for one act or for several.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct ActName {
    pub pack: PackId,
    pub name: String,
    pub words: String,
    pub acts: Vec<ActId>,
    /// Papers that ask for it.
    pub asked_by: Vec<PaperId>,
}

/// An agency and all groups that it is a member of.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Agency {
    pub pack: PackId,
    pub name: String,
    pub words: String,
    pub groups: Vec<GroupId>,
}

/// A type of fact or field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    YesNo,
    /// One of the named values, with words for each.
    OneOf(Vec<(String, String)>),
    /// A civil date.
    Date,
    /// A civil date and time in the jurisdiction's zone.
    Time,
    /// A whole number, not negative; `days` when it counts days.
    Number {
        /// Counts days.
        days: bool,
    },
    /// An offense.
    Offense,
}

/// A fact of a request, or a field of a record.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its pack.
    pub pack: PackId,
    /// Its name.
    pub name: String,
    /// In words; empty: those of the name.
    pub words: String,
    /// Its type.
    pub kind: Kind,
    /// The question.
    pub ask: String,
    /// Where to look.
    pub hint: Option<String>,
    /// Minutes of work to find it out.
    pub cost: u32,
    /// Who may answer; empty: anyone.
    pub found_by: Vec<RoleId>,
    /// Answered by a named role with a reason, never computed.
    pub finding: bool,
    /// What the finder has to weigh.
    pub standard: Option<String>,
    /// Counts so while nothing is known; by which authority.
    pub presumed: Option<(bool, String)>,
    /// Yes when one of these papers is there.
    pub yes_with: Vec<PaperId>,
    /// Open when one of these is there; with neither, and papers listed, no.
    pub open_with: Vec<PaperId>,
    /// Set when the fact is `policy prohibits ACT`.
    pub policy_prohibits: Option<ActId>,
}

/// A kind of record.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Record {
    pub pack: PackId,
    pub name: String,
    pub plural: String,
    pub ask: String,
    pub hint: Option<String>,
    pub cost: u32,
    pub found_by: Vec<RoleId>,
    pub fields: Vec<Fact>,
}

/// A paper.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Paper {
    pub pack: PackId,
    pub name: String,
    pub title: String,
    pub signed_by: Option<String>,
}

/// A table of offenses.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Table {
    pub pack: PackId,
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<TableRow>,
}

/// A row of a table.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct TableRow {
    pub offense: OffenseNode,
    pub from: Day,
    pub until: Day,
    pub cells: Vec<String>,
}

/// A membership question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The table.
    pub table: TableId,
    /// Column and accepted cells.
    pub filter: Option<(usize, Vec<String>)>,
    /// The day on which the table is read.
    pub as_of: AsOf,
}

/// The day on which a table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// The day of the act.
    ActDate,
    /// A fixed day.
    Day(Day),
    /// A date fact or field.
    Operand(Operand),
}

/// A calendar, or an unsettled one with readings.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct CalendarEntry {
    pub pack: PackId,
    pub name: String,
    pub words: String,
    /// One entry; several when unsettled: reading's words, calendar.
    pub readings: Vec<(String, Calendar)>,
    /// The safe reading.
    pub safe: usize,
    pub question: Option<String>,
    pub because: Option<String>,
    /// Where its name is declared.
    pub span: Span,
}

/// A defined term: its versions have periods that do not overlap.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Term {
    pub pack: PackId,
    pub name: String,
    /// In words; empty: those of the name.
    pub words: String,
    pub record: Option<RecordId>,
    pub versions: Vec<Definition>,
}

/// One version of a term.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Definition {
    pub provision: ProvisionId,
    pub condition: Condition,
}

/// A point with several readings.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Unsettled {
    pub provision: ProvisionId,
    pub name: String,
    /// In words; empty: those of the name.
    pub words: String,
    pub record: Option<RecordId>,
    pub question: String,
    pub because: Option<String>,
    pub kind: UnsettledKind,
    /// Name and words of each reading.
    pub readings: Vec<(String, String)>,
    /// Index of the safe reading, when one is marked.
    pub safe: Option<usize>,
}

/// Where an unsettled point comes from.
#[derive(Debug, Clone)]
pub enum UnsettledKind {
    /// Written as `unsettled`: one condition a reading.
    Written(Vec<Condition>),
    /// A leaf `not encoded`: reading 0 no, reading 1 yes.
    NotEncoded,
    /// A `partial` provision: reading 0 as encoded, reading 1 the unread text changes it.
    Partial,
}

/// A section header.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Section {
    pub pack: PackId,
    /// `section`, `order`, `judgment`, ….
    pub kind: String,
    pub citation: String,
    pub short: String,
    pub title: Option<String>,
    pub enacted_by: Option<String>,
    pub successor_of: Option<String>,
    pub confers_no_authority: Option<String>,
    pub validity: Validity,
    pub mark: Mark,
    /// Where it was read: index into the pack's references.
    pub reference: Option<usize>,
    /// One sentence in plain words.
    pub plain: Option<String>,
    pub notes: Vec<(String, String)>,
    pub span: Span,
}

impl Section {
    /// Returns whether it goes by this name: its short name, its citation, or what enacted it.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.short == name || self.citation == name || self.enacted_by.as_deref() == Some(name)
    }
}

/// What every rule, definition, unsettled point and duty has in common.
#[derive(Debug, Clone)]
pub struct Provision {
    /// `us-ny-nyc/9-131(b)(1)`.
    pub id: String,
    /// `NYC Admin. Code § 9-131(b)(1)`.
    pub citation: String,
    /// Its section header.
    pub section: SectionId,
    /// Its pack.
    pub pack: PackId,
    /// Its own label as written: `(b)(1)`.
    pub label: String,
    /// When it applies: its own and its section's periods together.
    pub validity: Validity,
    /// How sure we are of the text.
    pub mark: Mark,
    /// Where it was read: index into the pack's references.
    pub reference: Option<usize>,
    /// Rests on text not read whole.
    pub partial: Option<(String, UnsettledId)>,
    /// Points to be checked, shown wherever it decides.
    pub unverified: Vec<String>,
    /// One sentence in plain words.
    pub plain: Option<String>,
    /// Metadata lines: keyword, text.
    pub notes: Vec<(String, String)>,
    /// Where it is written.
    pub span: Span,
}

/// A modal statement for agencies and acts.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Its rule.
    pub provision: ProvisionId,
    /// The words of authority.
    pub modal: Modal,
    /// The agencies bound, groups expanded, sorted.
    pub agencies: Vec<AgencyId>,
    /// The acts, included acts expanded, sorted.
    pub acts: Vec<ActId>,
    /// For `does not bar|require`: the statements aimed at (all versions), sorted.
    pub targets: Vec<StatementId>,
    /// `when` with the exceptions folded in.
    pub condition: Condition,
    /// Limits of a permission or requirement.
    pub limits: Vec<Limit>,
    /// Statements that this one defeats (all versions), sorted: `despite`, `preempts`, and
    /// `subject to` of others turned round.
    pub defeats: Vec<StatementId>,
    /// Where it is written.
    pub span: Span,
}

/// A limit on a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Limit {
    AtMostHours { count: u32, excluding: Excluding, from: FactId },
    AtMostDays { count: u32, excluding: Excluding, from: FactId },
    EndOfDay { minute: u32, of: FactId },
}

/// Days that do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Excluding {
    pub saturdays: bool,
    pub sundays: bool,
    pub calendar: Option<CalendarId>,
}

/// A scalar that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operand {
    /// A fact of the request.
    Fact(FactId),
    /// A field of the record at hand: index into its fields.
    Field(RecordId, u32),
    /// The day of the act.
    ActDate,
    /// A fixed day.
    Day(Day),
}

/// A condition, resolved; the tree is as written, so that leaves keep their citations.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Full citation path of the leaf within its provision: `(b)(1)(ii)(A)`; empty: the provision.
    pub label: String,
    /// What it is.
    pub kind: ConditionKind,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of [`Condition`].
#[derive(Debug, Clone)]
pub enum ConditionKind {
    /// All hold (true when empty).
    All(Vec<Condition>),
    /// One holds (false when empty).
    Any(Vec<Condition>),
    /// It does not hold. `none of` is the negation of `Any`, `except when` adds a negation.
    Not(Box<Condition>),
    /// Holds always.
    Always,
    /// Never holds.
    Never,
    /// A yes-or-no fact or field is yes.
    Yes(Operand),
    /// A choice has one of these values.
    OneOf(Operand, Vec<u16>),
    /// `left` is before (or on, when `inclusive`) the day that `right` moved by `span` gives, the
    /// span lengthened by `excluded` days.
    Before {
        /// The date compared.
        left: Operand,
        /// The equal day counts.
        inclusive: bool,
        /// The anchor.
        right: Operand,
        /// How far the anchor is moved.
        span: CalendarSpan,
        /// It is moved later, not earlier.
        later: bool,
        /// Days that lengthen the span.
        excluded: Option<Operand>,
    },
    /// A number is at least this.
    AtLeast(Operand, i64),
    /// An offense is in a table.
    Member(Operand, MemberId),
    /// A defined term holds.
    Term(TermId),
    /// An unsettled point holds (its reading decides).
    Unsettled(UnsettledId),
    /// At least `count` records of the list satisfy `body`.
    /// `some` is 1; `no` and `every` are negations of `some`.
    Count {
        /// The list.
        record: RecordId,
        /// At least so many.
        count: u32,
        /// What each must satisfy.
        body: Box<Condition>,
    },
    /// One of these statements, on the same agency and act, has the named effect on its own words:
    /// required, prohibited or permitted.
    AnotherRule(crate::Outcome, Vec<StatementId>),
}

/// A duty statement.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Duty {
    pub provision: ProvisionId,
    pub agencies: Vec<AgencyId>,
    /// Name and words; several: alternatives.
    pub acts: Vec<(String, String)>,
    pub condition: Condition,
    /// The acts that it follows; empty: any.
    pub on: Vec<ActId>,
    pub after: Option<Event>,
    pub deadline: Option<Deadline>,
    /// Months, then month and day on which the window ends.
    pub covering: Option<(u32, u8, u8)>,
    pub until: Option<FactId>,
    pub unless: Option<FactId>,
    pub to: Vec<String>,
    /// Marker and text.
    pub contains: Vec<(String, String)>,
    pub fields: Vec<String>,
    pub keep_years: Option<u32>,
    pub nil_report: Option<bool>,
    pub joint_with: Option<String>,
    pub span: Span,
}

/// What starts a duty or a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Event {
    Fact(FactId),
    Done(ActId),
}

/// When a duty falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Deadline {
    WithinHours { count: u32, event: Event, excluding: Excluding },
    WithinDays { count: u32, working: bool, event: Event, excluding: Excluding },
    AtLeastHoursBefore { count: u32, event: Event },
    AtLeastDaysBefore { count: u32, event: Event },
    OpenTextured(String),
    By(Day),
    Yearly { month: u8, day: u8, every_years: u32, from_year: i32, until_year: Option<i32> },
    EachYear,
    Quarterly,
    Monthly,
}

/// A forbidden fact.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Forbidden {
    pub pack: PackId,
    pub name: String,
    pub by: String,
    pub from: Day,
    pub until: Day,
    pub date_unverified: bool,
}

/// A worked example of a pack.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Example {
    pub pack: PackId,
    pub title: String,
    pub on: Day,
    pub known: Day,
    pub given: crate::facts::Given,
    pub then: Vec<Then>,
    pub span: Span,
}

/// What an example expects.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Then {
    Outcome(Expected),
    /// Facts (or lists) by name, sorted, for the agency and acts of the outcomes beside it.
    Ask(Vec<String>, Span),
    Limit(String, Span),
    Owe {
        duty: String,
        by: Option<Day>,
        span: Span,
    },
}

/// An outcome expected of agencies and acts, perhaps under a condition (claims).
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Expected {
    pub agencies: Vec<AgencyId>,
    pub acts: Vec<ActId>,
    pub outcomes: Vec<crate::Outcome>,
    /// Provisions or leaves that must be in the basis, as full ids or labels within the section.
    pub because: Vec<String>,
    pub condition: Condition,
    pub span: Span,
}

/// A claim: holds for every possible request in every edition of the period.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Claim {
    pub pack: PackId,
    pub title: String,
    pub from: Day,
    pub until: Day,
    pub known: Day,
    pub statements: Vec<Expected>,
    pub span: Span,
}
