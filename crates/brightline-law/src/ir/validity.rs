//! When a provision applies: its period, what courts did to it, and since when that was known.

use super::{ActId, AgencyId};
use crate::clock::Day;

/// The days on which a provision applies, under the law as it was known on another day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    /// First day in force.
    pub from: Day,
    /// Last day in force.
    pub until: Day,
    /// First day on which it could be known.
    pub known_from: Day,
    /// The dates are not verified.
    pub date_unverified: bool,
    /// Injunctions.
    pub suspensions: Vec<Suspension>,
    /// Declared of no force.
    pub void: Option<Void>,
}

/// An injunction: not applied in this period, to these parties and acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// The case.
    pub by: String,
    /// Parties; empty: all.
    pub as_to: Vec<AgencyId>,
    /// `as to` was written; an empty list of parties then means nobody recorded here.
    pub only_named: bool,
    /// Acts; empty: all.
    pub acts: Vec<ActId>,
    /// Vacated: known from this day, it counts as never having been.
    pub vacated_from: Option<Day>,
}

/// Of no force from a day, known from a day that may be later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Void {
    /// First day of no force.
    pub from: Day,
    /// First day on which that could be known.
    pub known_from: Day,
    /// The case.
    pub by: String,
}

/// Two axes of time: the day of the act and the day as of which the law is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AsKnown {
    /// The day of the act.
    pub on: Day,
    /// The law as it was known on this day.
    pub known: Day,
}

impl Validity {
    /// Returns a validity without bounds.
    #[must_use]
    pub fn always() -> Self {
        Self {
            from: Day::MIN,
            until: Day::MAX,
            known_from: Day::MIN,
            date_unverified: false,
            suspensions: Vec::new(),
            void: None,
        }
    }

    /// Returns whether the provision is in force at all, injunctions left aside.
    #[must_use]
    pub fn in_force(&self, at: AsKnown) -> bool {
        let within = self.from <= at.on && at.on <= self.until && self.known_from <= at.known;
        within && !self.void.as_ref().is_some_and(|v| v.from <= at.on && v.known_from <= at.known)
    }

    /// Returns the injunction that keeps the provision from this agency and act, if one does.
    #[must_use]
    pub fn suspended(&self, at: AsKnown, agency: AgencyId, act: ActId) -> Option<&Suspension> {
        self.suspensions.iter().find(|s| s.applies(at, agency, act))
    }

    /// Returns whether the provision applies to this agency and act.
    #[must_use]
    pub fn applies(&self, at: AsKnown, agency: AgencyId, act: ActId) -> bool {
        self.in_force(at) && self.suspended(at, agency, act).is_none()
    }

    /// Adds every day of the act on which the answer may change.
    pub fn boundaries(&self, days: &mut Vec<Day>) {
        days.push(self.from);
        days.push(self.until.plus_days(1));
        days.extend(self.void.iter().map(|void| void.from));
        for suspension in &self.suspensions {
            days.push(suspension.from);
            days.push(suspension.until.plus_days(1));
        }
    }
}

impl Suspension {
    fn applies(&self, at: AsKnown, agency: AgencyId, act: ActId) -> bool {
        let period = self.from <= at.on && at.on <= self.until && self.from <= at.known;
        let standing = self.vacated_from.is_none_or(|vacated| vacated > at.known);
        let party = if self.only_named { self.as_to.contains(&agency) } else { true };
        period && standing && party && (self.acts.is_empty() || self.acts.contains(&act))
    }
}
