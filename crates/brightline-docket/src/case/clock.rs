//! The clock of a case: the time by which what is asked for has to end.

use brightline_law::ir::{ActId, Corpus, Fact, Kind, Limit};
use serde::{Deserialize, Serialize};

use super::due::instant;
use super::view::CaseView;
use brightline_desk::ActDetermination;

/// What the clock of a case counts: an act that some law limits in time, and the fact with which
/// every such limit begins.
///
/// It is recorded with the determination, so that a later law does not move an old clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseClock {
    /// The act, such as holding somebody.
    pub act: String,
    /// The fact: a time, such as that at which release is due.
    pub from: String,
}

/// How much the law says of the time at which the clock ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// Going on past that time is forbidden.
    Must,
    /// It is open whether going on is allowed; until that is settled, ending is what is safe.
    Meanwhile,
    /// It is open, and neither way is known to be lawful: counsel has to say before that time.
    Ask,
    /// The law sets no end: the time is that of the fact.
    Unlimited,
}

/// When the clock of a case ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// The act that has to end.
    pub act: String,
    /// The fact with which the clock begins.
    pub from: String,
    /// The civil time of the place; absent while the fact is not known.
    pub by: Option<String>,
    /// The same as an instant, in microseconds since 1970 in UTC.
    pub at: Option<i64>,
    /// How firm that is.
    pub ends: Ends,
}

impl CaseClock {
    /// Finds the clock among the acts of a request: the first act that a law limits from a time
    /// that is a fact of the jurisdiction. A law of any place counts, since one that forbids an act
    /// limits nothing.
    #[must_use]
    pub fn of<'n>(
        corpus: &Corpus,
        jurisdiction: &str,
        acts: impl IntoIterator<Item = &'n str>,
    ) -> Option<Self> {
        let pack = corpus.pack(jurisdiction)?;
        let limited = corpus.statements.iter().filter(|it| !it.limits.is_empty());
        let limited: Vec<_> = limited.collect();
        acts.into_iter().find_map(|name| {
            let is_named =
                |id: &ActId| corpus.acts.get(id.index()).is_some_and(|act| act.name == name);
            let on = limited.iter().filter(|it| it.acts.iter().any(is_named));
            let starts = on.flat_map(|it| &it.limits).map(|limit| match limit {
                Limit::AtMostHours { from, .. } | Limit::AtMostDays { from, .. } => *from,
                Limit::EndOfDay { of, .. } => *of,
            });
            let mut facts = starts.filter_map(|fact| corpus.facts.get(fact.index()));
            let is_here = |it: &&Fact| it.kind == Kind::Time && corpus.at_or_below(pack, it.pack);
            let from = facts.find(is_here)?.name.clone();
            Some(Self { act: name.to_owned(), from })
        })
    }
}

impl CaseView {
    /// Returns when the clock of the case ends; nothing where it has none.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        let decided = self.decided.as_ref()?;
        let clock = decided.clock.as_ref()?;
        let found = self.determinations().iter().find(|it| it.act == clock.act)?;
        let stands = self.acts().into_iter().find(|it| it.act == clock.act)?;
        let known = self.facts.get(&clock.from).map(|fact| &fact.value);
        let begins = known.and_then(|it| it.get("value").unwrap_or(it).as_str());
        let limit = earliest_limit(found);
        let (ends, by) = match (stands.outcome.as_str(), stands.safe.as_str()) {
            ("prohibited" | "no_authority", _) => (Ends::Must, begins),
            ("permitted" | "required", _) if limit.is_some() => (Ends::Must, limit),
            ("open" | "unsettled" | "conflict", "refrain") => (Ends::Meanwhile, begins),
            ("open" | "unsettled" | "conflict", "ask_counsel") => (Ends::Ask, begins),
            _ => (Ends::Unlimited, begins),
        };
        Some(Ending {
            act: clock.act.clone(),
            from: clock.from.clone(),
            at: by.and_then(|by| instant(by, &decided.zone)),
            by: by.map(str::to_owned),
            ends,
        })
    }
}

/// The earliest end of all limits of an act, each under its safe reading.
fn earliest_limit(found: &ActDetermination) -> Option<&str> {
    let safe = found.limits.iter().filter_map(|limit| {
        let safe = limit.ends.iter().find(|end| end.safe).or_else(|| limit.ends.first());
        safe.and_then(|end| end.end.as_deref())
    });
    safe.min()
}
