//! Editions: the maximal periods in which nothing changes.

use crate::clock::Day;
use crate::ir::{ActId, AgencyId, AsKnown, Corpus, PackId};
use crate::law::{Scope, applies, in_stack};

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
    let Some(pack) = corpus.packs.get(jurisdiction.index()) else { return Vec::new() };
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
    days.retain(|day| pack.recorded_from <= *day && *day < Day::MAX);
    days.sort_unstable();
    days.dedup();
    let ends = days.iter().skip(1).map(|day| day.plus_days(-1)).chain([Day::MAX]);
    days.iter().zip(ends).map(|(&from, until)| Edition { from, until }).collect()
}

/// What the law of a scope is made of: equal signatures, equal diagrams.
pub(crate) type Signature = Vec<u32>;

/// Returns the signature of a scope.
pub(crate) fn signature(corpus: &Corpus, scope: Scope) -> Signature {
    let mut found: Signature = Vec::new();
    for (index, statement) in corpus.statements.iter().enumerate() {
        if applies(corpus, scope, statement) {
            found.push(u32::try_from(index).unwrap_or(u32::MAX));
        }
    }
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

/// Returns the first days of editions within a period, each with its scope for agency and act,
/// leaving out those whose law is the same as that of one before.
pub(crate) fn distinct_scopes(
    corpus: &Corpus,
    jurisdiction: PackId,
    (agency, act): (AgencyId, ActId),
    (from, until, known): (Day, Day, Day),
) -> Vec<Scope> {
    let mut seen: std::collections::BTreeSet<Signature> = std::collections::BTreeSet::new();
    let mut scopes = Vec::new();
    for edition in editions(corpus, jurisdiction) {
        if edition.until < from || edition.from > until {
            continue;
        }
        let on = edition.from.max(from);
        let at = AsKnown { on, known };
        let scope = Scope { jurisdiction, agency, act, at };
        if seen.insert(signature(corpus, scope)) {
            scopes.push(scope);
        }
    }
    scopes
}
