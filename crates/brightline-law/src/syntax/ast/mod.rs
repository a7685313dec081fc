//! The tree of one file: what was written, with spans, before any name is looked up.
//!
//! Names, labels and references are kept as written (`Spelled`); `ir` resolves them.

mod vocabulary;

use crate::diagnostic::Span;

pub use vocabulary::{
    Act, Agency, Calendar, CalendarSource, Fact, FactKind, NameItem, NeverAsk, Paper, Record, Table,
};

/// A piece of source text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled {
    /// The text as written (quotes removed from quoted text).
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// One parsed `*.law.md` file.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The items of all its `law` blocks, in order.
    pub items: Vec<Item>,
}

/// An item at the left margin of a `law` block.
#[derive(Debug, Clone)]
pub enum Item {
    /// `section "…" as …`, `order "…"`, `judgment "…"`, `vocabulary "…"`, ….
    Section(Section),
    /// `rule LABEL`.
    Rule(Rule),
    /// `define NAME ["…"] [of RECORD] [LABEL]`.
    Define(Define),
    /// `unsettled NAME …` and `unsettled calendar NAME …`.
    Unsettled(Unsettled),
    /// `duty LABEL`.
    Duty(Duty),
    /// `example "…"`.
    Example(Example),
    /// `claim "…"`.
    Claim(Claim),
    /// `role NAME "…"`, `group NAME "…"`.
    Name(NameItem),
    /// `agency NAME "…"` with `is GROUP, …`.
    Agency(Agency),
    /// `act NAME "…"`.
    Act(Act),
    /// `fact NAME is …`, `finding NAME is …`.
    Fact(Fact),
    /// `record NAME listed as NAMES`.
    Record(Record),
    /// `paper "…" "…"`.
    Paper(Paper),
    /// `table NAME from "…"`.
    Table(Table),
    /// `calendar NAME "…" from "…"` or `is A and B`.
    Calendar(Calendar),
    /// `never ask NAME, …`.
    NeverAsk(NeverAsk),
    /// `impossible when …`.
    Impossible(Condition),
}

/// A day as written: a date or a computed date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateExpr {
    /// The base date, as `YYYY-MM-DD`.
    pub date: Spelled,
    /// `N days|weeks|months|years after DATE`: the count and the unit.
    pub after: Option<(u32, Unit)>,
}

/// A unit of calendar time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Hours,
    Days,
    WorkingDays,
    Weeks,
    Months,
    Years,
}

/// `from DATE [until DATE]`, both included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeriodExpr {
    /// First day; none: from the beginning.
    pub from: Option<DateExpr>,
    /// Last day; none: still in force.
    pub until: Option<DateExpr>,
    /// The line ends in `date unverified`.
    pub date_unverified: bool,
}

/// How sure we are of the text (`source ID MARK`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The enacted text was read.
    Read,
    /// Part of it was read.
    PartlyRead,
    /// A secondary source was read.
    Secondary,
    /// From memory: to be checked.
    Recalled,
    /// Our own reading.
    Analysis,
}

impl Mark {
    /// The words that stand for them in packs and in answers, in the same order.
    pub const NAMES: [&'static str; 5] =
        ["read", "partly read", "secondary", "recalled", "analysis"];

    /// Returns the words that stand for it.
    ///
    /// ```
    /// use brightline_law::ir::Mark;
    ///
    /// assert_eq!(Mark::PartlyRead.name(), "partly read");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        let [read, partly_read, secondary, recalled, analysis] = Self::NAMES;
        match self {
            Self::Read => read,
            Self::PartlyRead => partly_read,
            Self::Secondary => secondary,
            Self::Recalled => recalled,
            Self::Analysis => analysis,
        }
    }
}

/// A line of properties that a section, rule, define, unsettled or duty may carry.
#[derive(Debug, Clone)]
pub struct Property {
    /// What it says.
    pub kind: PropertyKind,
    /// The whole line.
    pub span: Span,
}

/// The kinds of [`Property`].
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum PropertyKind {
    Title(Spelled),
    EnactedBy(Spelled),
    Issued(DateExpr),
    Decided(DateExpr),
    InForce(PeriodExpr),
    KnownFrom(DateExpr),
    Binds(Subjects),
    ConfersNoAuthority(Option<Spelled>),
    Source {
        id: Spelled,
        mark: Mark,
    },
    SuccessorOf {
        old: Spelled,
        from: Option<DateExpr>,
    },
    Partial(Spelled),
    Unverified(Spelled),
    Suspended(SuspendedExpr),
    Void {
        from: DateExpr,
        by: Spelled,
        known_from: Option<DateExpr>,
    },
    Despite(Vec<Spelled>),
    SubjectTo(Vec<Spelled>),
    Preempts(PreemptsExpr),
    Plain(Spelled),
    /// `note`, `consequence`, `immunity`, `severable`, `never enacted`: shown, decides nothing.
    Metadata {
        keyword: Spelled,
        text: Option<Spelled>,
    },
}

/// `suspended from DATE [until DATE] by "…" [as to …] [for …]` with `vacated from DATE` below it.
#[derive(Debug, Clone)]
pub struct SuspendedExpr {
    /// When.
    pub period: PeriodExpr,
    /// The case.
    pub by: Spelled,
    /// For which parties; empty: all.
    pub as_to: Vec<Spelled>,
    /// For which acts; empty: all.
    pub acts: Vec<Spelled>,
    /// The suspension was itself vacated; known from that day.
    pub vacated_from: Option<DateExpr>,
}

/// `preempts every rule of PACK|every local rule that prohibits|permits|requires ACT, …`.
#[derive(Debug, Clone)]
pub struct PreemptsExpr {
    /// The pack named; none: every pack below.
    pub pack: Option<Spelled>,
    /// `prohibits`, `permits` or `requires`.
    pub verb: Spelled,
    /// The acts.
    pub acts: Vec<Spelled>,
}

/// Agencies and groups with carve-outs; `the agency` is spelled `the agency`.
#[derive(Debug, Clone, Default)]
pub struct Subjects {
    /// Bound.
    pub names: Vec<Spelled>,
    /// Carved out.
    pub except: Vec<Spelled>,
}

/// An instrument header with its properties.
#[derive(Debug, Clone)]
pub struct Section {
    /// `section`, `order`, `judgment`, `regulation`, `directive`, `policy`, `guidance` or
    /// `vocabulary`.
    pub kind: Spelled,
    /// The citation.
    pub citation: Spelled,
    /// The short name after `as`.
    pub short: Option<Spelled>,
    /// Its properties.
    pub properties: Vec<Property>,
}

/// `rule LABEL` with properties and statements.
#[derive(Debug, Clone)]
pub struct Rule {
    /// As written: `(b)(1)`, `holding`, `(b)(2) end`.
    pub label: Spelled,
    /// Its properties.
    pub properties: Vec<Property>,
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// One modal statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The words of authority.
    pub modal: Modal,
    /// Who; empty for `does not bar` and `does not require`.
    pub subjects: Subjects,
    /// Provisions named before `does not bar` or `does not require`.
    pub targets: Vec<Spelled>,
    /// The acts.
    pub acts: Vec<Spelled>,
    /// After `when`; none: always.
    pub when: Option<Condition>,
    /// `except when` lines.
    pub except: Vec<Condition>,
    /// Limits.
    pub limits: Vec<LimitExpr>,
    /// The statement's first line.
    pub span: Span,
}

/// The words of authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modal {
    /// `may … only when`.
    MayOnly,
    /// `may`.
    May,
    /// `must not`.
    MustNot,
    /// `must`.
    Must,
    /// `has no authority to`.
    NoAuthority,
    /// `REF does not bar`.
    DoesNotBar,
    /// `REF does not require`.
    DoesNotRequire,
}

/// A limit on a permission.
#[derive(Debug, Clone)]
pub enum LimitExpr {
    /// `for at most N UNIT[, excluding …], from FACT`.
    AtMost {
        /// How many.
        count: u32,
        /// Hours or days.
        unit: Unit,
        /// Days that do not count.
        excluding: Excluding,
        /// The time fact that starts it.
        from: Spelled,
        /// The line.
        span: Span,
    },
    /// `until HH:MM of the day of FACT`.
    EndOfDay {
        /// Minutes after midnight.
        minute: u32,
        /// The time fact.
        of: Spelled,
        /// The line.
        span: Span,
    },
}

/// `excluding saturdays, sundays and CALENDAR`.
#[derive(Debug, Clone, Default)]
pub struct Excluding {
    /// Saturdays do not count.
    pub saturdays: bool,
    /// Sundays do not count.
    pub sundays: bool,
    /// A calendar, or an unsettled one.
    pub calendar: Option<Spelled>,
}

/// A condition as tabulated.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The outline marker of the line, as written: `(i)`.
    pub marker: Option<Spelled>,
    /// What it is.
    pub kind: ConditionKind,
    /// `except when` lines inside a list.
    pub except: Vec<Condition>,
    /// The line.
    pub span: Span,
}

/// The kinds of [`Condition`].
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum ConditionKind {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    None(Vec<Condition>),
    Always,
    Never,
    /// `[not] NAME`.
    Name {
        negated: bool,
        name: Spelled,
    },
    /// `NAME is [not] VALUE`, `NAME is any of V, V`.
    Choice {
        name: Spelled,
        negated: bool,
        values: Vec<Spelled>,
    },
    /// `NAME RELATION N UNIT before|after NAME2[, not counting NAME3]`.
    Window {
        left: Spelled,
        relation: Relation,
        count: u32,
        unit: Unit,
        after: bool,
        right: Spelled,
        not_counting: Option<Spelled>,
    },
    /// `NAME before|on or before|after|on or after DATE|NAME`.
    DateCompare {
        left: Spelled,
        order: Order,
        right: DateOrName,
    },
    /// `NAME at least|more than|at most|less than|exactly N`.
    Number {
        left: Spelled,
        relation: Relation,
        value: i64,
    },
    /// `NAME [not] in TABLE [where COL is "…"] [as of DATE|NAME]`.
    Member {
        left: Spelled,
        negated: bool,
        table: Spelled,
        filter: Option<(Spelled, Vec<Spelled>)>,
        as_of: Option<DateOrName>,
    },
    /// `some|every|no RECORD [is [not] NAME | where COND]`, `at least N RECORDS are NAME`.
    Quantified {
        quantifier: Quantifier,
        record: Spelled,
        body: Option<Box<Condition>>,
    },
    /// `required|prohibited|permitted by REF, …`.
    AnotherRule {
        verb: Spelled,
        references: Vec<Spelled>,
    },
    /// `policy prohibits ACT`.
    PolicyProhibits(Spelled),
    /// `not encoded "…"`.
    NotEncoded(Spelled),
    /// A line that could not be read; a diagnostic was given.
    Broken,
}

/// How two amounts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Relation {
    MoreThan,
    AtLeast,
    AtMost,
    LessThan,
    Exactly,
}

/// How two days are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Order {
    Before,
    OnOrBefore,
    After,
    OnOrAfter,
}

/// A literal date or the name of a date fact or field.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum DateOrName {
    Date(DateExpr),
    Name(Spelled),
}

/// A quantifier over a list of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Quantifier {
    Some,
    Every,
    No,
    AtLeast(u32),
    AtMost(u32),
}

/// `define NAME ["…"] [of RECORD] [LABEL]`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Define {
    pub name: Spelled,
    pub words: Option<Spelled>,
    pub of: Option<Spelled>,
    pub label: Option<Spelled>,
    pub properties: Vec<Property>,
    pub when: Option<Condition>,
    pub except: Vec<Condition>,
}

/// `unsettled [calendar] NAME ["…"] [of RECORD] [LABEL] "question"`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Unsettled {
    pub calendar: bool,
    pub name: Spelled,
    pub words: Option<Spelled>,
    pub of: Option<Spelled>,
    pub label: Option<Spelled>,
    pub question: Option<Spelled>,
    pub properties: Vec<Property>,
    pub because: Option<Spelled>,
    pub readings: Vec<Reading>,
    pub safe: Option<Spelled>,
}

/// One reading of an unsettled term.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Reading {
    pub name: Spelled,
    pub words: Option<Spelled>,
    /// For terms.
    pub when: Option<Condition>,
    pub except: Vec<Condition>,
    /// For calendars.
    pub calendar: Option<Spelled>,
}

/// `duty LABEL`: statements with their lines.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Duty {
    pub label: Spelled,
    pub properties: Vec<Property>,
    pub statements: Vec<DutyStatement>,
}

/// `S must NAME "words"` and its lines.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct DutyStatement {
    pub subjects: Subjects,
    /// One, or the alternatives of `must any of`.
    pub acts: Vec<(Spelled, Option<Spelled>)>,
    pub when: Option<Condition>,
    pub except: Vec<Condition>,
    pub on: Vec<Spelled>,
    pub after: Option<EventExpr>,
    pub deadline: Option<DeadlineExpr>,
    pub covering: Option<(u32, MonthDay)>,
    pub until: Option<Spelled>,
    pub unless: Option<Spelled>,
    pub to: Vec<Spelled>,
    pub contains: Vec<(Option<Spelled>, Spelled)>,
    pub fields: Vec<Spelled>,
    pub keep_years: Option<u32>,
    /// `even if none`: true; `not if none`: false.
    pub nil_report: Option<bool>,
    pub joint_with: Option<Spelled>,
    pub span: Span,
}

/// A month and a day of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct MonthDay {
    pub month: u8,
    pub day: u8,
}

/// What starts a duty.
#[derive(Debug, Clone)]
pub enum EventExpr {
    /// A time or date fact: `request_received`, `release_due`.
    Fact(Spelled),
    /// `ACT was done`.
    Done(Spelled),
}

/// When a duty falls due.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum DeadlineExpr {
    Within {
        count: u32,
        unit: Unit,
        event: EventExpr,
        excluding: Excluding,
    },
    AtLeastBefore {
        count: u32,
        unit: Unit,
        event: EventExpr,
    },
    /// `promptly`, `at once`, `as soon as practicable`.
    OpenTextured(Spelled),
    By(DateExpr),
    /// `by MONTH DAY each year from YEAR [until YEAR]`, `every N years by … from YEAR`.
    Yearly {
        at: MonthDay,
        every_years: u32,
        from_year: i32,
        until_year: Option<i32>,
    },
    /// `each year until FACT`, with no day named.
    EachYear,
    Quarterly,
    Monthly,
}

/// `example "…"`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Example {
    pub title: Spelled,
    pub on: Option<DateExpr>,
    pub known_on: Option<DateExpr>,
    pub given: Vec<Given>,
    pub then: Vec<Then>,
    pub span: Span,
}

/// One line under `given`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Given {
    Papers(Vec<Spelled>),
    Fact {
        negated: bool,
        name: Spelled,
    },
    /// `FACT is VALUE`: a name, a number, a date or quoted text.
    Value {
        name: Spelled,
        value: Spelled,
    },
    /// `convictions` or `some convictions` with rows, `no convictions` (complete, no rows).
    List {
        name: Spelled,
        complete: bool,
        rows: Vec<Vec<Given>>,
    },
}

/// One `then` line.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
#[allow(clippy::large_enum_variant)]
pub enum Then {
    Outcome(OutcomeExpr),
    Ask(Vec<Spelled>),
    Limit(Spelled),
    Owe { duty: Spelled, by: Option<DateExpr> },
}

/// `S must not X …` or `S X is OUTCOME or OUTCOME …`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct OutcomeExpr {
    pub subjects: Subjects,
    pub acts: Vec<Spelled>,
    /// As written with spaces: `not barred`, `no authority`; from a modal: its outcome.
    pub outcomes: Vec<Spelled>,
    pub because: Vec<Spelled>,
    pub when: Option<Condition>,
    pub except: Vec<Condition>,
    pub span: Span,
}

/// `claim "…"`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Claim {
    pub title: Spelled,
    pub period: PeriodExpr,
    pub known_on: Option<DateExpr>,
    pub statements: Vec<OutcomeExpr>,
    pub span: Span,
}
