//! Scopes: the first days on which the law of one agency and act is another than before.
//!
//! An edition of a pack ends when anything in it changes; what one agency may do with one act rests
//! on a small part of it, and changes seldom.

use std::collections::BTreeSet;

use crate::clock::Day;
use crate::editions::Cuts;
use crate::ir::{
    ActId, AgencyId, AsKnown, Condition, ConditionKind, Corpus, PackId, ProvisionId, Statement,
    StatementId, TableId, TermId, UnsettledId, UnsettledKind,
};
use crate::law::{Scope, applied, applies, in_stack};

/// A period of days of the act, with the law as it was known on one day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Period {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// The day as of which the law is known.
    pub known: Day,
}

/// Returns the first days within a period of each different law of an agency and act, as far as
/// these further conditions tell laws apart too.
pub(crate) fn distinct_scopes(
    corpus: &Corpus,
    jurisdiction: PackId,
    (agency, act): (AgencyId, ActId),
    period: Period,
    asked: &[&Condition],
) -> Vec<Scope> {
    let bound = corpus.bound(agency, act);
    let of_stack = |statement: &Statement| {
        let provision = corpus.provisions.get(statement.provision.index());
        provision.is_some_and(|provision| in_stack(corpus, jurisdiction, provision.pack))
    };
    let mut ground = Ground::new(corpus);
    for (id, statement) in bound.filter(|(_, statement)| of_stack(statement)) {
        ground.statement(id, statement);
    }
    let impossible = corpus.impossible.iter();
    for (_, condition) in impossible.filter(|(pack, _)| in_stack(corpus, jurisdiction, *pack)) {
        ground.condition(condition);
    }
    asked.iter().for_each(|condition| ground.condition(condition));
    ground.scopes(jurisdiction, (agency, act), period)
}

/// Returns the first days within a period on which a condition means something else, for an agency
/// and act that it may speak of.
pub(crate) fn scopes_of_condition(
    corpus: &Corpus,
    jurisdiction: PackId,
    (agency, act): (AgencyId, ActId),
    period: Period,
    condition: &Condition,
) -> Vec<Scope> {
    let mut ground = Ground::new(corpus);
    ground.condition(condition);
    ground.scopes(jurisdiction, (agency, act), period)
}

/// What the law of a scope is made of: where these are the same statements, on the same day, in the
/// same jurisdiction, it is the same law, whoever the agency and whatever the act.
pub(crate) fn statements_in(corpus: &Corpus, scope: Scope) -> Vec<StatementId> {
    applied(corpus, scope).map(|(id, _)| id).collect()
}

/// All that a law rests on, on some day.
struct Ground<'c> {
    corpus: &'c Corpus,
    statements: BTreeSet<StatementId>,
    provisions: BTreeSet<ProvisionId>,
    terms: BTreeSet<TermId>,
    points: BTreeSet<UnsettledId>,
    tables: BTreeSet<TableId>,
    cuts: Cuts,
}

impl<'c> Ground<'c> {
    fn new(corpus: &'c Corpus) -> Self {
        Self {
            corpus,
            statements: BTreeSet::new(),
            provisions: BTreeSet::new(),
            terms: BTreeSet::new(),
            points: BTreeSet::new(),
            tables: BTreeSet::new(),
            cuts: Cuts::default(),
        }
    }

    fn statement(&mut self, id: StatementId, statement: &'c Statement) {
        if self.statements.insert(id) {
            self.provisions.insert(statement.provision);
            self.condition(&statement.condition);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        let corpus = self.corpus;
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            ConditionKind::Not(inner) | ConditionKind::Count { body: inner, .. } => {
                self.condition(inner);
            }
            ConditionKind::Term(term) => {
                let found = corpus.terms.get(term.index()).filter(|_| self.terms.insert(*term));
                for version in found.into_iter().flat_map(|term| &term.versions) {
                    self.provisions.insert(version.provision);
                    self.condition(&version.condition);
                }
            }
            ConditionKind::Unsettled(point) => {
                let found = corpus.unsettled.get(point.index());
                let Some(found) = found.filter(|_| self.points.insert(*point)) else {
                    return;
                };
                self.provisions.insert(found.provision);
                if let UnsettledKind::Written(readings) = &found.kind {
                    readings.iter().for_each(|reading| self.condition(reading));
                }
            }
            ConditionKind::Member(_, member) => {
                self.tables.extend(corpus.members.get(member.index()).map(|member| member.table));
            }
            ConditionKind::AnotherRule(_, others) => {
                for id in others {
                    if let Some(statement) = corpus.statements.get(id.index()) {
                        self.statement(*id, statement);
                    }
                }
            }
            ConditionKind::Before { .. } => self.cuts.add(condition),
            ConditionKind::Always
            | ConditionKind::Never
            | ConditionKind::Yes(_)
            | ConditionKind::OneOf(..)
            | ConditionKind::AtLeast(..) => {}
        }
    }

    fn scopes(
        self,
        jurisdiction: PackId,
        (agency, act): (AgencyId, ActId),
        period: Period,
    ) -> Vec<Scope> {
        let Some(pack) = self.corpus.packs.get(jurisdiction.index()) else {
            return Vec::new();
        };
        let first = period.from.max(pack.recorded_from);
        let cuts = self.cuts.days();
        let mut days = self.boundaries();
        days.push(first);
        days.extend(&cuts);
        days.retain(|day| first <= *day && *day <= period.until && *day < Day::MAX);
        days.sort_unstable();
        days.dedup();
        let mut seen: BTreeSet<Vec<u32>> = BTreeSet::new();
        let scope = |on| {
            let at = AsKnown { on, known: period.known };
            Scope { jurisdiction, agency, act, at }
        };
        let scopes = days.into_iter().map(scope);
        scopes.filter(|scope| seen.insert(self.signature(*scope, &cuts))).collect()
    }

    /// The days on which any of it may change.
    fn boundaries(&self) -> Vec<Day> {
        let mut days = Vec::new();
        for provision in self.provisions.iter().filter_map(|id| self.provision(*id)) {
            provision.validity.boundaries(&mut days);
        }
        for table in self.tables.iter().filter_map(|id| self.corpus.tables.get(id.index())) {
            for row in &table.rows {
                days.extend([row.from, row.until.plus_days(1)]);
            }
        }
        days
    }

    /// Equal signatures, equal diagrams.
    fn signature(&self, scope: Scope, cuts: &[Day]) -> Vec<u32> {
        let (corpus, on) = (self.corpus, scope.at.on);
        let mut found = Vec::new();
        for statement in self.statements.iter().filter_map(|id| corpus.statements.get(id.index())) {
            found.push(u32::from(applies(corpus, scope, statement)));
        }
        for term in self.terms.iter().filter_map(|id| corpus.terms.get(id.index())) {
            let version = term.versions.iter().position(|version| {
                let provision = self.provision(version.provision);
                provision.is_some_and(|provision| provision.validity.in_force(scope.at))
            });
            found.push(version.map_or(0, |index| u32::try_from(index + 1).unwrap_or(u32::MAX)));
        }
        for point in self.points.iter().filter_map(|id| corpus.unsettled.get(id.index())) {
            let provision = self.provision(point.provision);
            found.push(u32::from(provision.is_some_and(|p| p.validity.in_force(scope.at))));
        }
        found.extend(cuts.iter().map(|cut| u32::from(*cut <= on)));
        for table in self.tables.iter().filter_map(|id| corpus.tables.get(id.index())) {
            let dated = table.rows.iter().filter(|row| row.from > Day::MIN || row.until < Day::MAX);
            found.extend(dated.map(|row| u32::from(row.from <= on && on <= row.until)));
        }
        found
    }

    fn provision(&self, id: ProvisionId) -> Option<&'c crate::ir::Provision> {
        self.corpus.provisions.get(id.index())
    }
}
