//! What the law says of one act by one agency: the outcome with its reasons, what is still to be
//! found out, what follows.
//!
//! All text is plain English, made from the packs' words; ids and citations stand beside it.

use crate::Outcome;
use crate::clock::{Day, Moment};
use crate::ir::{ActId, AgencyId, FactId, Mark, RecordId, RoleId};

/// The determination of one act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Determination {
    /// The agency.
    pub agency: AgencyId,
    /// The act.
    pub act: ActId,
    /// The outcome; [`Outcome::Open`] while unknown facts can change it.
    pub outcome: Outcome,
    /// The outcomes that are still possible, sorted; one unless open.
    pub possible: Vec<Outcome>,
    /// The provisions that decide it (or may, while it is open), those that govern first.
    pub basis: Vec<Basis>,
    /// A smallest set of facts that forces the outcome; empty while open.
    pub reasons: Vec<Reason>,
    /// Sentences: why.
    pub explanation: Vec<String>,
    /// What is lawful whatever the unknown facts turn out to be.
    pub safe: Safe,
    /// The facts that can still change the answer, the most decisive first.
    pub questions: Vec<Question>,
    /// How good the order of the questions is.
    pub order: QuestionOrder,
    /// Limits of a permission or requirement.
    pub limits: Vec<LimitOwed>,
    /// What the agency owes next.
    pub duties: Vec<DutyOwed>,
    /// The readings of an unsettled point and where each leads.
    pub readings: Vec<ReadingOutcome>,
    /// What the reader should know: unverified points, suspensions, sections that grant nothing.
    pub notes: Vec<String>,
}

/// A provision that decides, or may decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// `us-ny-nyc/9-131(b)(1)(i)`: down to the leaf where one leaf decides.
    pub id: String,
    /// `NYC Admin. Code § 9-131(b)(1)(i)`.
    pub citation: String,
    /// What it says about the act: its own effect, before the layers are put together.
    pub effect: Outcome,
    /// It has its effect whatever the unknown facts are.
    pub certain: bool,
    /// Where the text can be read.
    pub url: Option<String>,
    /// How sure we are of the text.
    pub mark: Mark,
    /// The text was not read whole.
    pub partial: bool,
}

/// A fact that the outcome rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// `judicial_warrant`, `convictions`, `convictions[0].judgment_date`.
    pub fact: String,
    /// A sentence: `judicial_warrant is no`.
    pub sentence: String,
    /// It was presumed, not known.
    pub presumed: bool,
}

/// What is lawful under every completion of the unknown facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safe {
    /// Doing the act is lawful in every case, and leaving it undone is not.
    Do,
    /// Leaving it undone is lawful in every case; doing it is forbidden in some, or not said to be
    /// lawful.
    Refrain,
    /// Both are lawful in every case.
    Either,
    /// Neither is known to be lawful in every case: ask counsel before anything is done.
    AskCounsel,
}

/// Where a question's answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// A fact.
    Fact(FactId),
    /// A whole list.
    List(RecordId),
    /// A field of a listed record: list, row, field.
    Field(RecordId, usize, usize),
}

/// A fact that can still change the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Where the answer goes.
    pub slot: Slot,
    /// `convictions[0].judgment_date`.
    pub path: String,
    /// The question as asked.
    pub ask: String,
    /// Where to look.
    pub hint: Option<String>,
    /// Minutes of work to find it out.
    pub cost_minutes: u32,
    /// Who may answer; empty: anyone.
    pub found_by: Vec<RoleId>,
    /// Needs a role and a reason.
    pub finding: bool,
    /// What the finder has to weigh.
    pub standard: Option<String>,
    /// Citations of the leaves that ask for it.
    pub asked_by: Vec<String>,
}

/// How the order of the questions was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionOrder {
    /// Nothing to ask.
    None,
    /// The first question is the start of a plan of least expected cost (answers that lead anywhere
    /// to different places equally likely): proved by exhaustive search. The cost is in thousandths
    /// of a minute.
    Optimal {
        /// Expected cost of the plan.
        cost_millis: u64,
    },
    /// The plan was chosen step by step; no plan costs less than the bound.
    Bounded {
        /// Expected cost of this plan.
        cost_millis: u64,
        /// No plan costs less.
        bound_millis: u64,
    },
}

/// A limit on what is permitted or required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitOwed {
    /// `for at most 48 hours, …`.
    pub words: String,
    /// The provision.
    pub citation: String,
    /// The end under each reading of the calendar: words, end (none while the start is unknown).
    pub ends: Vec<LimitEnd>,
    /// The limit holds whatever the unknown facts are.
    pub certain: bool,
}

/// When a limit ends, under one reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitEnd {
    /// The reading's words; empty when there is one only.
    pub reading: String,
    /// The civil time in the jurisdiction's zone.
    pub end: Option<Moment>,
    /// Elapsed minus wall-clock minutes between start and end, when a change of clocks differs.
    pub clock_change_minutes: i64,
    /// The safe reading.
    pub safe: bool,
    /// The calendar does not cover these days.
    pub not_covered: Option<String>,
}

/// A duty that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyOwed {
    /// `give_copy`.
    pub name: String,
    /// `give the person a copy of the request`; alternatives joined with `or`.
    pub words: String,
    /// The provision.
    pub id: String,
    /// The provision.
    pub citation: String,
    /// When, in words: `within 48 hours of …`, `promptly`, `by October 15 …`.
    pub when: String,
    /// When, if it can be computed: a day or a time.
    pub by: Option<Due>,
    /// The window of a report that this request falls in.
    pub window: Option<(Day, Day)>,
    /// To whom.
    pub to: Vec<String>,
    /// What it contains.
    pub contains: Vec<String>,
    /// Owed whatever the unknown facts are.
    pub certain: bool,
    /// How sure we are of the text.
    pub mark: Mark,
    /// It rests on text that was not read whole.
    pub partial: bool,
    /// A recurring report in which the request will be counted.
    pub recurring: bool,
    /// `notify_release`: the act with whose doing it begins; none: it waits for no act.
    pub after_act: Option<String>,
    /// What each reading of the unsettled points makes of it, where that differs.
    pub readings: Vec<DutyReading>,
}

/// Whether a duty is owed under one reading of an unsettled point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyReading {
    /// The reading.
    pub taken: TakenReading,
    /// Owed or not under it; none: other unknown facts decide.
    pub owed: Option<bool>,
    /// The safe reading.
    pub safe: bool,
}

/// When a duty is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// In the course of this day.
    Day(Day),
    /// At this civil time.
    Moment(Moment),
}

/// Where one combination of readings leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingOutcome {
    /// The points and the readings taken: id, question, reading's words.
    pub readings: Vec<TakenReading>,
    /// The outcome under them.
    pub outcome: Outcome,
    /// Every point takes its safe reading.
    pub safe: bool,
}

/// One reading of one point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenReading {
    /// The provision's id.
    pub id: String,
    /// The provision.
    pub citation: String,
    /// What is unsettled.
    pub question: String,
    /// The reading's words.
    pub reading: String,
}
