//! The tree of vocabulary: what packs declare before they rule.

use crate::diagnostic::Span;

use super::{PeriodExpr, Spelled};

/// `role NAME "…"` or `group NAME "…"`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NameItem {
    pub keyword: Spelled,
    pub name: Spelled,
    pub words: Option<Spelled>,
}

/// `agency NAME "…"` with `is GROUP, …`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Agency {
    pub name: Spelled,
    pub words: Option<Spelled>,
    pub groups: Vec<Spelled>,
}

/// `act NAME "…"` with `includes` and `asked by paper`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Act {
    pub name: Spelled,
    pub words: Option<Spelled>,
    pub includes: Vec<(Spelled, Option<Spelled>)>,
    pub asked_by: Vec<Spelled>,
}

/// `fact NAME is TYPE` or `finding NAME is yes or no`, or a field of a record.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Fact {
    pub finding: bool,
    pub name: Spelled,
    pub words: Option<Spelled>,
    pub kind: FactKind,
    pub ask: Option<Spelled>,
    pub hint: Option<Spelled>,
    pub cost: Option<u32>,
    pub found_by: Vec<Spelled>,
    pub presumed: Option<(bool, Spelled)>,
    pub yes_with: Vec<Spelled>,
    pub open_with: Vec<Spelled>,
    pub standard: Option<Spelled>,
    pub span: Span,
}

/// The type of a fact or field.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum FactKind {
    YesNo,
    OneOf(Vec<(Spelled, Option<Spelled>)>),
    Date,
    Time,
    Number,
    NumberOfDays,
    Offense,
}

/// `record NAME listed as NAMES` with fields.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Record {
    pub name: Spelled,
    pub plural: Spelled,
    pub ask: Option<Spelled>,
    pub hint: Option<Spelled>,
    pub cost: Option<u32>,
    pub found_by: Vec<Spelled>,
    pub fields: Vec<Fact>,
}

/// `paper "NAME" "title"` with `signed by "…"`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Paper {
    pub name: Spelled,
    pub title: Option<Spelled>,
    pub signed_by: Option<Spelled>,
}

/// `table NAME from "…"`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Table {
    pub name: Spelled,
    pub file: Spelled,
}

/// `calendar NAME "…" from "…"`, `calendar NAME "…" is A and|or B`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Calendar {
    pub name: Spelled,
    pub words: Option<Spelled>,
    pub source: CalendarSource,
}

/// Where a calendar's days come from.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum CalendarSource {
    File(Spelled),
    Both(Spelled, Spelled),
    Either(Spelled, Spelled),
}

/// `never ask NAME, …` with `by` and `in force`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NeverAsk {
    pub names: Vec<Spelled>,
    pub by: Option<Spelled>,
    pub period: PeriodExpr,
}
