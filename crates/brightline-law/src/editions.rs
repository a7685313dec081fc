//! Editions: the maximal periods in which nothing changes.

use crate::clock::{Day, Span};
use crate::ir::{
    ActId, AgencyId, AsKnown, Condition, ConditionKind, Corpus, Operand, PackId, Statement,
    UnsettledKind,
};
use crate::law::{Scope, applies, first_day_without, in_stack};

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

/// What the law of a scope is made of: equal signatures, equal diagrams.
pub(crate) type Signature = Vec<u32>;

/// Returns the signature of a scope; `bound` are the statements that bind the agency on the act
/// on some day.
fn signature(corpus: &Corpus, scope: Scope, bound: &[(u32, &Statement)]) -> Signature {
    let applied = bound.iter().filter(|(_, statement)| applies(corpus, scope, statement));
    let mut found: Signature = applied.map(|(index, _)| *index).collect();
    if found.is_empty() {
        return found;
    }
    found.push(u32::MAX);
    for term in &corpus.terms {
        let version = term.versions.iter().position(|version| {
            let provision = corpus.provisions.get(version.provision.index());
            provision.is_some_and(|provision| provision.validity.in_force(scope.at))
        });
        found.push(version.map_or(0, |index| u32::try_from(index + 1).unwrap_or(u32::MAX)));
    }
    for point in &corpus.unsettled {
        let provision = corpus.provisions.get(point.provision.index());
        found.push(u32::from(provision.is_some_and(|p| p.validity.in_force(scope.at))));
    }
    found.extend(corpus.act_date_cuts.iter().map(|cut| u32::from(*cut <= scope.at.on)));
    let dated = corpus.tables.iter().flat_map(|table| &table.rows);
    for row in dated.filter(|row| row.from > Day::MIN || row.until < Day::MAX) {
        found.push(u32::from(row.from <= scope.at.on && scope.at.on <= row.until));
    }
    found
}

/// Returns the agencies that a jurisdiction speaks of: its own and those of the packs above it.
#[must_use]
pub fn agencies(corpus: &Corpus, jurisdiction: PackId) -> Vec<AgencyId> {
    let all = corpus.agencies.iter().enumerate();
    all.filter(|(_, agency)| in_stack(corpus, jurisdiction, agency.pack))
        .map(|(index, _)| AgencyId(u32::try_from(index).unwrap_or(u32::MAX)))
        .collect()
}

/// Returns the editions of every pack.
pub(crate) fn editions_of_all(corpus: &Corpus) -> Vec<Vec<Edition>> {
    let packs = (0..corpus.packs.len()).filter_map(|pack| u32::try_from(pack).ok());
    packs.map(|pack| editions(corpus, PackId(pack))).collect()
}

/// Returns the first days of editions within a period, each with its scope for agency and act,
/// leaving out those whose law is the same as that of one before.
///
/// `editions` are those of the jurisdiction.
pub(crate) fn distinct_scopes(
    corpus: &Corpus,
    editions: &[Edition],
    jurisdiction: PackId,
    (agency, act): (AgencyId, ActId),
    (from, until, known): (Day, Day, Day),
) -> Vec<Scope> {
    let mut seen: std::collections::BTreeSet<Signature> = std::collections::BTreeSet::new();
    let mut scopes = Vec::new();
    let bound: Vec<(u32, &Statement)> = (0..)
        .zip(&corpus.statements)
        .filter(|(_, it)| it.acts.contains(&act) && it.agencies.contains(&agency))
        .collect();
    for edition in editions {
        if edition.until < from || edition.from > until {
            continue;
        }
        let on = edition.from.max(from);
        let at = AsKnown { on, known };
        let scope = Scope { jurisdiction, agency, act, at };
        if seen.insert(signature(corpus, scope, &bound)) {
            scopes.push(scope);
        }
    }
    scopes
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

#[derive(Default)]
struct Cuts {
    days: Vec<Day>,
    /// Days that are compared with the day of the act moved by a span, later or not.
    moving: Vec<(Operand, Span, bool)>,
    /// Days that are compared with a fixed day.
    fixed: Vec<(Operand, Day)>,
}

impl Cuts {
    fn add(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                parts.iter().for_each(|part| self.add(part));
            }
            ConditionKind::Not(inner) | ConditionKind::Count { body: inner, .. } => self.add(inner),
            ConditionKind::Before { left, right, span, later, .. } => {
                self.days.extend(first_day_without(&condition.kind));
                match right {
                    Operand::ActDate => self.moving.push((*left, *span, *later)),
                    Operand::Day(day) if *later => self.fixed.push((*left, span.after(*day))),
                    Operand::Day(day) => self.fixed.push((*left, span.before(*day))),
                    Operand::Fact(_) | Operand::Field(..) => {}
                }
            }
            _ => {}
        }
    }

    /// Where the moved day of the act meets the fixed day; months are uneven, so a few days around.
    fn days(mut self) -> Vec<Day> {
        for (moved, span, later) in &self.moving {
            for (_, fixed) in self.fixed.iter().filter(|(left, _)| left == moved) {
                let meets = if *later { span.before(*fixed) } else { span.after(*fixed) };
                self.days.extend((-2..=3).map(|step| meets.plus_days(step)));
            }
        }
        self.days.sort_unstable();
        self.days.dedup();
        self.days
    }
}
