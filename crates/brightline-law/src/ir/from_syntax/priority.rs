//! Priority: which statements take the effect of which others away.

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use super::circle::{Edges, find_circle};
use super::leaf::share;
use super::rule::Written;
use super::section::{Work, overlap};
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{ActId, Modal, PackId, Statement, StatementId};
use crate::syntax::ast::{Item, PreemptsExpr, Spelled};

/// From the statement that has effect to the one that then has none.
type Defeats = BTreeMap<StatementId, BTreeSet<StatementId>>;

impl Resolver<'_> {
    /// Resolves what statements aim at and which others they defeat.
    pub(super) fn priorities(&mut self, work: &[Work<'_, '_>], written: &[Written<'_, '_, '_>]) {
        for written in written {
            self.targets(written);
        }
        let mut defeats = Defeats::new();
        for work in work {
            if let Item::Rule(_) = work.item {
                self.rule_priorities(work, &mut defeats);
            } else {
                self.no_priorities(work);
            }
        }
        for (winner, losers) in defeats {
            if let Some(statement) = self.corpus.statements.get_mut(winner.index()) {
                statement.defeats = losers.into_iter().collect();
            }
        }
    }

    fn targets(&mut self, written: &Written<'_, '_, '_>) {
        let (pack, section) = (written.work.pack, Some(written.work.header.section));
        let mut targets = BTreeSet::new();
        for reference in &written.statement.targets {
            let found = self.statements_named(pack, section, reference);
            let shared = self.pair(&[written.id], &found, |_, _| {});
            self.check_idle(shared || found.is_empty(), reference);
            targets.extend(found);
        }
        targets.remove(&written.id);
        if let Some(statement) = self.corpus.statements.get_mut(written.id.index()) {
            statement.targets = targets.into_iter().collect();
        }
    }

    fn no_priorities(&mut self, work: &Work<'_, '_>) {
        let own = &work.common;
        let spans = own.despite.iter().chain(&own.subject_to).map(|reference| reference.span);
        let spans: Vec<Span> = spans.chain(own.preempts.iter().map(|(_, span)| *span)).collect();
        for span in spans {
            let message = "only rules stand before or behind others";
            let help = "write the line under the rule that has the effect";
            self.report(Diagnostic::error("L112", span, message).help(help));
        }
    }

    fn rule_priorities(&mut self, work: &Work<'_, '_>, defeats: &mut Defeats) {
        let own = self.statements_of.get(&work.provision).cloned().unwrap_or_default();
        let section = &work.header.common;
        for common in [section, &work.common] {
            let of_section = std::ptr::eq(common, section);
            for reference in &common.despite {
                let others = self.others(work, reference);
                let shared = self.pair(&own, &others, |winner, loser| {
                    defeats.entry(winner).or_default().insert(loser);
                });
                self.check_idle(of_section || shared || others.is_empty(), reference);
            }
            for reference in &common.subject_to {
                let others = self.others(work, reference);
                let shared = self.pair(&others, &own, |winner, loser| {
                    defeats.entry(winner).or_default().insert(loser);
                });
                self.check_idle(of_section || shared || others.is_empty(), reference);
            }
            for (preempts, span) in &common.preempts {
                self.preempts(work, (preempts, *span), &own, defeats);
            }
        }
    }

    /// Returns the statements of a reference, those of the rule itself left out.
    fn others(&mut self, work: &Work<'_, '_>, reference: &Spelled) -> Vec<StatementId> {
        let found = self.statements_named(work.pack, Some(work.header.section), reference);
        let provisions = &self.corpus.provisions;
        let own = provisions.get(work.provision.index()).map(|provision| &provision.id);
        let of_other = |id: &StatementId| {
            let statement = self.corpus.statements.get(id.index());
            let provision = statement.and_then(|s| provisions.get(s.provision.index()));
            provision.map(|provision| &provision.id) != own
        };
        found.into_iter().filter(of_other).collect()
    }

    /// Calls `visit` for every pair that shares an act; returns whether there is one.
    fn pair(
        &self,
        winners: &[StatementId],
        losers: &[StatementId],
        mut visit: impl FnMut(StatementId, StatementId),
    ) -> bool {
        let mut shared = false;
        for winner in winners {
            for loser in losers {
                let (Some(left), Some(right)) = (self.stated(*winner), self.stated(*loser)) else {
                    continue;
                };
                if share(&left.acts, &right.acts) {
                    visit(*winner, *loser);
                    shared = true;
                }
            }
        }
        shared
    }

    fn stated(&self, statement: StatementId) -> Option<&Statement> {
        self.corpus.statements.get(statement.index())
    }

    fn check_idle(&mut self, used: bool, reference: &Spelled) {
        if !used {
            let message = format!("this rule and `{}` speak of no act in common", reference.text);
            let help = "priority is among statements of one act: remove the line, or name the act";
            self.report(Diagnostic::warning("L124", reference.span, message).help(help));
        }
    }

    fn preempts(
        &mut self,
        work: &Work<'_, '_>,
        (written, span): (&PreemptsExpr, Span),
        own: &[StatementId],
        defeats: &mut Defeats,
    ) {
        let acts = self.acts(work.pack, &written.acts);
        let named = match &written.pack {
            Some(name) => match self.pack_named(&name.text, name.span) {
                Some(pack) => Some(pack),
                None => return,
            },
            None => None,
        };
        let below = |pack: PackId| match named {
            Some(named) => pack == named,
            None => pack != work.pack && self.corpus.at_or_below(pack, work.pack),
        };
        let modals = modals(&written.verb.text);
        let statements = self.corpus.statements.iter().enumerate();
        let losers: Vec<StatementId> = statements
            .filter(|(_, statement)| {
                let provision = self.corpus.provisions.get(statement.provision.index());
                let of_pack = provision.is_some_and(|provision| below(provision.pack));
                let other = statement.provision != work.provision;
                of_pack
                    && other
                    && modals.contains(&statement.modal)
                    && share(&statement.acts, &acts)
            })
            .map(|(index, _)| StatementId(super::id(index)))
            .collect();
        let mut too_wide = false;
        for winner in own {
            for loser in &losers {
                let (Some(left), Some(right)) = (self.stated(*winner), self.stated(*loser)) else {
                    continue;
                };
                let common = || left.acts.iter().filter(|act| right.acts.contains(act));
                if common().any(|act| acts.contains(act)) {
                    too_wide |= !common().all(|act| acts.contains(act));
                    defeats.entry(*winner).or_default().insert(*loser);
                }
            }
        }
        self.check_preempts(&acts, own, (span, too_wide));
    }

    fn check_preempts(
        &mut self,
        acts: &[ActId],
        own: &[StatementId],
        (span, too_wide): (Span, bool),
    ) {
        let speaks = |act: &ActId| {
            own.iter().filter_map(|id| self.stated(*id)).any(|s| s.acts.binary_search(act).is_ok())
        };
        if !acts.is_empty() && !acts.iter().any(speaks) {
            let message = "this rule speaks of none of the acts whose rules it preempts";
            let help = "what has no effect on an act takes no effect away from others";
            self.report(Diagnostic::warning("L124", span, message).help(help));
        }
        if too_wide {
            let message = "this rule also speaks of acts whose rules it leaves alone, together \
                           with those that it preempts";
            let help = "write a rule of its own for the acts whose rules it preempts";
            self.report(Diagnostic::error("L139", span, message).help(help));
        }
    }

    /// Reports priorities that run in a circle, act by act, and cuts each circle.
    pub(super) fn check_priority_circles(&mut self) {
        for index in 0..self.corpus.acts.len() {
            let act = ActId(super::id(index));
            let mut edges = self.defeats_on(act);
            while let Some(circle) = find_circle(&edges) {
                self.report_priority_circle(act, &circle);
                for (winner, loser) in circle.iter().zip(circle.iter().cycle().skip(1)) {
                    if let Some(losers) = edges.get_mut(winner) {
                        losers.remove(loser);
                    }
                    if let Some(statement) = self.corpus.statements.get_mut(winner.index()) {
                        statement.defeats.retain(|other| other != loser);
                    }
                }
            }
        }
    }

    fn defeats_on(&self, act: ActId) -> Edges<StatementId> {
        let mut edges: Edges<StatementId> = BTreeMap::new();
        for (index, statement) in self.corpus.statements.iter().enumerate() {
            if statement.acts.binary_search(&act).is_err() {
                continue;
            }
            let losers = statement.defeats.iter().copied().filter(|loser| {
                self.stated(*loser).is_some_and(|loser| {
                    loser.acts.binary_search(&act).is_ok() && self.can_meet(statement, loser)
                })
            });
            edges.insert(StatementId(super::id(index)), losers.collect());
        }
        edges
    }

    /// Returns whether two statements can bind one agency on one day.
    fn can_meet(&self, left: &Statement, right: &Statement) -> bool {
        let validity = |statement: &Statement| {
            self.corpus.provisions.get(statement.provision.index()).map(|p| &p.validity)
        };
        let same_day = match (validity(left), validity(right)) {
            (Some(left), Some(right)) => overlap(left, right),
            _ => false,
        };
        let nobody = left.agencies.is_empty() || right.agencies.is_empty();
        same_day && (nobody || share(&left.agencies, &right.agencies))
    }

    fn report_priority_circle(&mut self, act: ActId, circle: &[StatementId]) {
        let named: Vec<(String, Span)> = circle
            .iter()
            .filter_map(|id| self.stated(*id))
            .filter_map(|statement| {
                let provision = self.corpus.provisions.get(statement.provision.index())?;
                Some((provision.id.clone(), statement.span))
            })
            .collect();
        let Some((_, span)) = named.first() else {
            return;
        };
        let act = self.corpus.acts.get(act.index()).map_or("", |act| act.name.as_str());
        let message = format!("priorities on `{act}` run in a circle");
        let mut diagnostic = Diagnostic::error("L123", *span, message);
        let following = named.iter().cycle().skip(1);
        for ((winner, span), (loser, _)) in named.iter().zip(following) {
            diagnostic = diagnostic.also(*span, format!("`{winner}` stands before `{loser}`"));
        }
        self.report(diagnostic.help("remove `despite` or `subject to` from one of them"));
    }
}

fn modals(verb: &str) -> &'static [Modal] {
    match verb {
        "prohibits" => &[Modal::MustNot, Modal::MayOnly, Modal::NoAuthority],
        "permits" => &[Modal::May, Modal::MayOnly],
        _ => &[Modal::Must],
    }
}
