//! The facts of one request, typed.

use crate::clock::{Day, Moment};
use crate::ir::{Corpus, FactId, Offense, PaperId, RecordId};

/// The value of a fact or field; what is not known is unknown, never false.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Value {
    /// Not known.
    #[default]
    Unknown,
    /// Yes or no.
    Bool(bool),
    /// Index of one of the named values.
    Choice(u16),
    /// A civil date.
    Day(Day),
    /// A civil date and time in the jurisdiction's zone.
    Moment(Moment),
    /// A whole number.
    Number(i64),
    /// An offense.
    Offense(Offense),
}

impl Value {
    /// Returns whether something is known.
    #[must_use]
    pub fn is_known(self) -> bool {
        self != Self::Unknown
    }
}

/// How much of a list is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Listed {
    /// Nothing is known of the list.
    #[default]
    Unknown,
    /// The rows are there; there may be more.
    Partly,
    /// The rows are all there are.
    Whole,
}

/// A list of records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// How much is known.
    pub listed: Listed,
    /// One value for each field of the record, in the record's order.
    pub rows: Vec<Vec<Value>>,
}

/// The facts of one request, for all facts and records of a corpus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Values by fact.
    pub values: Vec<Value>,
    /// Lists by record.
    pub lists: Vec<List>,
}

impl Facts {
    /// Returns facts of which nothing is known.
    #[must_use]
    pub fn unknown(corpus: &Corpus) -> Self {
        Self {
            values: vec![Value::Unknown; corpus.facts.len()],
            lists: vec![List::default(); corpus.records.len()],
        }
    }

    /// Returns the value of a fact.
    #[must_use]
    pub fn value(&self, fact: FactId) -> Value {
        self.values.get(fact.index()).copied().unwrap_or_default()
    }

    /// Sets a fact.
    pub fn set(&mut self, fact: FactId, value: Value) {
        if let Some(slot) = self.values.get_mut(fact.index()) {
            *slot = value;
        }
    }

    /// Returns a list.
    #[must_use]
    pub fn list(&self, record: RecordId) -> Option<&List> {
        self.lists.get(record.index())
    }
}

/// What is given about a request: papers, facts and lists by id, before papers settle facts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// The papers presented, when they were listed.
    pub papers: Option<Vec<PaperId>>,
    /// Facts given by hand.
    pub facts: Vec<(FactId, Value)>,
    /// Lists given by hand.
    pub lists: Vec<(RecordId, List)>,
}

/// A fact given by hand that the papers contradict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction {
    /// The fact.
    pub fact: FactId,
    /// What the papers say.
    pub by_papers: bool,
}

impl Given {
    /// Returns the facts: those given, and those that the papers settle.
    ///
    /// Where a fact has no given value and papers are listed: a `yes with` paper makes it yes;
    /// failing that, an `open with` paper leaves it unknown, and with neither it is no.
    ///
    /// # Errors
    ///
    /// Returns the facts that were given against what the papers say.
    pub fn facts(&self, corpus: &Corpus) -> Result<Facts, Vec<Contradiction>> {
        let mut facts = Facts::unknown(corpus);
        for (record, list) in &self.lists {
            if let Some(slot) = facts.lists.get_mut(record.index()) {
                *slot = list.clone();
            }
        }
        for &(fact, value) in &self.facts {
            facts.set(fact, value);
        }
        let contradictions = self.settle_by_papers(corpus, &mut facts);
        if contradictions.is_empty() { Ok(facts) } else { Err(contradictions) }
    }

    fn settle_by_papers(&self, corpus: &Corpus, facts: &mut Facts) -> Vec<Contradiction> {
        let mut contradictions = Vec::new();
        let Some(papers) = &self.papers else {
            return contradictions;
        };
        for (index, fact) in corpus.facts.iter().enumerate() {
            let id = FactId(u32::try_from(index).unwrap_or(u32::MAX));
            let has = |list: &[PaperId]| list.iter().any(|paper| papers.contains(paper));
            let by_papers = has(&fact.yes_with);
            let is_settled_by_papers = !(fact.yes_with.is_empty() && fact.open_with.is_empty());
            if !is_settled_by_papers || (!by_papers && has(&fact.open_with)) {
                continue;
            }
            match facts.value(id) {
                Value::Unknown => facts.set(id, Value::Bool(by_papers)),
                Value::Bool(given) if given != by_papers => {
                    contradictions.push(Contradiction { fact: id, by_papers });
                }
                _ => {}
            }
        }
        contradictions
    }
}
