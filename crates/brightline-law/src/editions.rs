//! Editions: the maximal periods in which nothing changes.

use crate::clock::{Day, Span};
use crate::ir::{AgencyId, Condition, ConditionKind, Corpus, Operand, PackId, UnsettledKind};
use crate::law::{first_day_without, in_stack};

/// A maximal period without change, for a pack and the packs above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edition {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
}

/// Returns the editions of a pack, from the first day that it records, in order.
#[must_use]
pub fn editions(corpus: &Corpus, jurisdiction: PackId) -> Vec<Edition> {
    let Some(pack) = corpus.packs.get(jurisdiction.index()) else {
        return Vec::new();
    };
    let mut days = vec![pack.recorded_from];
    for provision in &corpus.provisions {
        if in_stack(corpus, jurisdiction, provision.pack) {
            provision.validity.boundaries(&mut days);
        }
    }
    for table in &corpus.tables {
        if in_stack(corpus, jurisdiction, table.pack) {
            for row in &table.rows {
                days.extend([row.from, row.until.plus_days(1)]);
            }
        }
    }
    days.extend(&corpus.act_date_cuts);
    days.retain(|day| pack.recorded_from <= *day && *day < Day::MAX);
    days.sort_unstable();
    days.dedup();
    let ends = days.iter().skip(1).map(|day| day.plus_days(-1)).chain([Day::MAX]);
    days.iter().zip(ends).map(|(&from, until)| Edition { from, until }).collect()
}

/// Returns the agencies that a jurisdiction speaks of: its own and those of the packs above it.
#[must_use]
pub fn agencies(corpus: &Corpus, jurisdiction: PackId) -> Vec<AgencyId> {
    let all = corpus.agencies.iter().enumerate();
    all.filter(|(_, agency)| in_stack(corpus, jurisdiction, agency.pack))
        .map(|(index, _)| AgencyId(u32::try_from(index).unwrap_or(u32::MAX)))
        .collect()
}

/// Returns the days of the act on which the order of fixed thresholds changes, sorted: a comparison
/// of the day of the act with a fixed day, or a day compared with both.
pub(crate) fn act_date_cuts(corpus: &Corpus) -> Vec<Day> {
    let mut cuts = Cuts::default();
    for statement in &corpus.statements {
        cuts.add(&statement.condition);
    }
    for version in corpus.terms.iter().flat_map(|term| &term.versions) {
        cuts.add(&version.condition);
    }
    for point in &corpus.unsettled {
        if let UnsettledKind::Written(readings) = &point.kind {
            readings.iter().for_each(|reading| cuts.add(reading));
        }
    }
    cuts.days()
}

/// Comparisons that depend on the day of the act.
#[derive(Default)]
pub(crate) struct Cuts {
    days: Vec<Day>,
    /// Days that are compared with the day of the act moved by a span, later or not.
    moving: Vec<(Operand, Span, bool)>,
    /// Days that are compared with a fixed day.
    fixed: Vec<(Operand, Day)>,
}

impl Cuts {
    /// Adds those of a condition; terms and readings are not entered.
    pub(crate) fn add(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                parts.iter().for_each(|part| self.add(part));
            }
            ConditionKind::Not(inner) | ConditionKind::Count { body: inner, .. } => self.add(inner),
            ConditionKind::Before { left, right, span, later, .. } => {
                self.days.extend(first_day_without(&condition.kind));
                match right {
                    Operand::ActDate => self.moving.push((*left, *span, *later)),
                    Operand::Day(day) => {
                        let moved = if *later { span.after(*day) } else { span.before(*day) };
                        self.fixed.push((*left, moved));
                        // A record's day is not after the day of the act.
                        if let Operand::Field(..) = left {
                            self.days.extend([moved, moved.next()]);
                        }
                    }
                    Operand::Fact(_) | Operand::Field(..) => {}
                }
            }
            _ => {}
        }
    }

    /// Where the moved day of the act meets the fixed day; months are uneven, so a few days around.
    pub(crate) fn days(&self) -> Vec<Day> {
        let mut days = self.days.clone();
        for (moved, span, later) in &self.moving {
            for (_, fixed) in self.fixed.iter().filter(|(left, _)| left == moved) {
                let meets = if *later { span.before(*fixed) } else { span.after(*fixed) };
                days.extend((-2..=3).map(|step| meets.plus_days(step)));
            }
        }
        days.sort_unstable();
        days.dedup();
        days
    }
}
