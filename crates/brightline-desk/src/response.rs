//! The answer to a request as it is written in JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The determinations of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Brightline determination")]
pub struct Response {
    /// The pack of the agency's law.
    pub jurisdiction: String,
    /// The agency that is asked.
    pub agency: String,
    /// The day of the act, `2025-03-04`.
    pub on: String,
    /// The law as it was known on this day; absent: all that the packs know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_on: Option<String>,
    /// The pack of the agency's own policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The law that decided.
    pub pack: PackStamp,
    /// One for each act asked; acts that include others are spelled out.
    pub determinations: Vec<ActDetermination>,
    /// What the reader should know of the request as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Which law decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackStamp {
    /// The pack.
    pub id: String,
    /// `sha256:…` of its files and those of all packs above it.
    pub digest: String,
}

/// The determination of one act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActDetermination {
    /// The act's name.
    pub act: String,
    /// The act in words.
    pub words: String,
    /// `required`, `permitted`, `prohibited`, `not_barred`, `not_required`, `no_authority`,
    /// `silent`, `unsettled`, `conflict` or, while unknown facts can change it, `open`.
    pub outcome: String,
    /// The outcomes still possible; one unless open.
    pub possible: Vec<String>,
    /// The provisions that decide, or may; those that govern first.
    pub basis: Vec<BasisEntry>,
    /// A smallest set of facts that forces the outcome; empty while open.
    pub reasons: Vec<ReasonEntry>,
    /// Why, in sentences.
    pub explanation: Vec<String>,
    /// What is lawful whatever the unknown facts are: `do`, `refrain`, `either`, `ask_counsel`.
    pub safe: String,
    /// The facts that can still change the answer, the most decisive first, and no others.
    pub questions: Vec<QuestionEntry>,
    /// How good the order of the questions is.
    pub order: OrderEntry,
    /// Limits on what is permitted or required.
    pub limits: Vec<LimitEntry>,
    /// What the agency owes next.
    pub duties: Vec<DutyEntry>,
    /// Where each reading of an unsettled point leads.
    pub readings: Vec<ReadingEntry>,
    /// What the reader should know: unverified points, suspensions, sections that grant nothing.
    pub notes: Vec<String>,
}

/// A provision that decides, or may decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasisEntry {
    /// `us-ny-nyc/9-131(b)(1)(i)`.
    pub id: String,
    /// `NYC Admin. Code § 9-131(b)(1)(i)`.
    pub citation: String,
    /// Where the text can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it says of the act by itself, before the layers are put together.
    pub effect: String,
    /// It has its effect whatever the unknown facts are.
    pub certain: bool,
    /// How the text was read: `read`, `partly read`, `secondary`, `recalled`, `analysis`.
    pub mark: String,
    /// The text was not read whole.
    pub partial: bool,
}

/// A fact that the outcome rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonEntry {
    /// `judicial_warrant`, `convictions[0].judgment_date`.
    pub fact: String,
    /// A sentence.
    pub sentence: String,
    /// It was presumed, not known.
    pub presumed: bool,
}

/// A fact that can still change the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionEntry {
    /// Where the answer goes among the facts: `convictions[0].judgment_date`.
    pub fact: String,
    /// The question.
    pub ask: String,
    /// `yes or no`, `choice`, `date`, `time`, `number`, `number of days`, `offense` or `list`.
    pub kind: String,
    /// The answers of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChoiceEntry>,
    /// Where to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Minutes of work to find it out.
    pub cost_minutes: u32,
    /// Who may answer; empty: anyone.
    pub found_by: Vec<String>,
    /// It needs who found it and why.
    pub finding: bool,
    /// What the finder has to weigh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// Citations of the provisions that ask.
    pub asked_by: Vec<String>,
}

/// One answer of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceEntry {
    /// As a request gives it.
    pub value: String,
    /// In words.
    pub words: String,
}

/// How good the order of the questions is; costs in thousandths of a minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "plan", rename_all = "snake_case", deny_unknown_fields)]
pub enum OrderEntry {
    /// Nothing to ask.
    None,
    /// No plan has a smaller expected cost: proved.
    Optimal {
        /// The expected cost.
        cost_millis: u64,
    },
    /// No plan costs less than the bound.
    Bounded {
        /// The expected cost.
        cost_millis: u64,
        /// The bound.
        bound_millis: u64,
    },
}

/// A limit on what is permitted or required.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitEntry {
    /// The limit in words.
    pub words: String,
    /// The provision.
    pub citation: String,
    /// When it ends, under each reading of its calendar.
    pub ends: Vec<LimitEndEntry>,
    /// It holds whatever the unknown facts are.
    pub certain: bool,
}

/// When a limit ends, under one reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitEndEntry {
    /// The reading; absent when there is only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// `2026-03-10 18:00` in the jurisdiction's zone; absent while the start is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// Elapsed less wall-clock minutes, where a change of clocks lies between.
    pub clock_change_minutes: i64,
    /// The safe reading.
    pub safe: bool,
    /// The days that no calendar here covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_covered: Option<String>,
}

/// Something that the agency owes next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyEntry {
    /// The duty's name.
    pub act: String,
    /// The duty in words.
    pub words: String,
    /// The provision.
    pub id: String,
    /// The provision.
    pub citation: String,
    /// When, in words.
    pub when: String,
    /// When, where it can be computed: a day or a day and time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// First and last day of the report that this request falls in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<(String, String)>,
    /// To whom.
    pub to: Vec<String>,
    /// What it contains.
    pub contains: Vec<String>,
    /// It is owed whatever the unknown facts are.
    pub certain: bool,
    /// How the text was read.
    pub mark: String,
    /// It rests on text that was not read whole; absent: it does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// A recurring report in which this request will be counted.
    pub recurring: bool,
    /// The act with whose doing it begins; absent: it waits for no act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_act: Option<String>,
    /// What each reading of the unsettled points makes of it; absent where that is the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<DutyReadingEntry>,
}

/// Whether a duty is owed under one reading of an unsettled point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyReadingEntry {
    /// The reading.
    pub reading: TakenReadingEntry,
    /// Owed or not under it; absent: other unknown facts decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed: Option<bool>,
    /// The safe reading.
    pub safe: bool,
}

/// Where one combination of readings leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingEntry {
    /// The points and the readings taken.
    pub readings: Vec<TakenReadingEntry>,
    /// The outcome under them.
    pub outcome: String,
    /// Every point takes its safe reading.
    pub safe: bool,
}

/// One reading of one unsettled point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakenReadingEntry {
    /// The point.
    pub id: String,
    /// The provision.
    pub citation: String,
    /// What is unsettled.
    pub question: String,
    /// The reading.
    pub reading: String,
}
