//! Definitions, unsettled points and rules that rest on each other must not run in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use crate::diagnostic::{Diagnostic, Span};
use crate::ir::{
    Condition, ConditionKind, ProvisionId, StatementId, TermId, UnsettledId, UnsettledKind,
};

/// What a condition can rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Term(TermId),
    Point(UnsettledId),
    Statement(StatementId),
}

/// What leads where.
pub(super) type Edges<N> = BTreeMap<N, BTreeSet<N>>;

/// Returns a circle, if there is one: each node leads to the next, the last to the first.
pub(super) fn find_circle<N: Ord + Copy>(edges: &Edges<N>) -> Option<Vec<N>> {
    let mut left: BTreeSet<N> = edges.keys().copied().collect();
    // What leads nowhere is on no circle; take it away until nothing more can be taken.
    loop {
        let ends: Vec<N> =
            left.iter().filter(|node| next(edges, &left, **node).is_none()).copied().collect();
        if ends.is_empty() {
            break;
        }
        for node in ends {
            left.remove(&node);
        }
    }
    let mut path: Vec<N> = Vec::new();
    let mut node = *left.first()?;
    loop {
        if let Some(start) = path.iter().position(|seen| *seen == node) {
            return Some(path.split_off(start));
        }
        path.push(node);
        node = next(edges, &left, node)?;
    }
}

fn next<N: Ord + Copy>(edges: &Edges<N>, left: &BTreeSet<N>, node: N) -> Option<N> {
    edges.get(&node)?.iter().find(|next| left.contains(next)).copied()
}

impl Resolver<'_> {
    /// Reports circles and cuts each of them: where it closes, nothing holds.
    pub(super) fn break_circles(&mut self) {
        let mut edges = self.rests_on();
        while let Some(circle) = find_circle(&edges) {
            self.report_circle(&circle);
            let (Some(&first), Some(&last)) = (circle.first(), circle.last()) else {
                return;
            };
            if let Some(targets) = edges.get_mut(&last) {
                targets.remove(&first);
            }
            self.cut(last, first);
        }
    }

    fn rests_on(&self) -> Edges<Node> {
        let mut edges: Edges<Node> = BTreeMap::new();
        for (index, term) in self.corpus.terms.iter().enumerate() {
            let targets = edges.entry(Node::Term(TermId(super::id(index)))).or_default();
            for version in &term.versions {
                named_in(&version.condition, targets);
            }
        }
        for (index, point) in self.corpus.unsettled.iter().enumerate() {
            let targets = edges.entry(Node::Point(UnsettledId(super::id(index)))).or_default();
            if let UnsettledKind::Written(readings) = &point.kind {
                for reading in readings {
                    named_in(reading, targets);
                }
            }
        }
        for (index, statement) in self.corpus.statements.iter().enumerate() {
            let node = Node::Statement(StatementId(super::id(index)));
            named_in(&statement.condition, edges.entry(node).or_default());
        }
        edges
    }

    fn report_circle(&mut self, circle: &[Node]) {
        let named: Vec<(String, Span)> = circle.iter().map(|node| self.node_name(*node)).collect();
        let mut diagnostic = match named.as_slice() {
            [] => return,
            [(name, span)] => Diagnostic::error("L118", *span, format!("{name} rests on itself")),
            [(name, span), ..] => {
                let message = format!("{name} rests on itself, by way of others");
                Diagnostic::error("L118", *span, message).label("the circle begins here")
            }
        };
        for (name, span) in named.iter().skip(1) {
            diagnostic = diagnostic.also(*span, format!("and rests on {name}"));
        }
        self.report(diagnostic.help("say one of them without the others"));
    }

    fn node_name(&self, node: Node) -> (String, Span) {
        let provision = match node {
            Node::Term(term) => self.corpus.terms.get(term.index()).and_then(|term| {
                let version = term.versions.first()?;
                Some((format!("`{}`", term.name), version.provision))
            }),
            Node::Point(point) => (self.corpus.unsettled.get(point.index()))
                .map(|point| (format!("`{}`", point.name), point.provision)),
            Node::Statement(statement) => {
                let statement = self.corpus.statements.get(statement.index());
                statement.map(|s| (format!("`{}`", s.condition.label), s.provision))
            }
        };
        let (name, provision) = provision.unwrap_or_else(|| (String::new(), ProvisionId(u32::MAX)));
        let span = self.corpus.provisions.get(provision.index()).map(|provision| provision.span);
        (name, span.unwrap_or_default())
    }

    fn cut(&mut self, from: Node, to: Node) {
        match from {
            Node::Term(term) => {
                let term = self.corpus.terms.get_mut(term.index());
                for version in term.into_iter().flat_map(|term| &mut term.versions) {
                    cut_in(&mut version.condition, to);
                }
            }
            Node::Point(point) => {
                let point = self.corpus.unsettled.get_mut(point.index());
                if let Some(UnsettledKind::Written(readings)) = point.map(|point| &mut point.kind) {
                    for reading in readings {
                        cut_in(reading, to);
                    }
                }
            }
            Node::Statement(statement) => {
                if let Some(statement) = self.corpus.statements.get_mut(statement.index()) {
                    cut_in(&mut statement.condition, to);
                }
            }
        }
    }
}

fn named_in(condition: &Condition, targets: &mut BTreeSet<Node>) {
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            for part in parts {
                named_in(part, targets);
            }
        }
        ConditionKind::Not(body) | ConditionKind::Count { body, .. } => named_in(body, targets),
        ConditionKind::Term(term) => {
            targets.insert(Node::Term(*term));
        }
        ConditionKind::Unsettled(point) => {
            targets.insert(Node::Point(*point));
        }
        ConditionKind::AnotherRule(_, statements) => {
            targets.extend(statements.iter().map(|statement| Node::Statement(*statement)));
        }
        _ => {}
    }
}

fn cut_in(condition: &mut Condition, to: Node) {
    match &mut condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            for part in parts {
                cut_in(part, to);
            }
        }
        ConditionKind::Not(body) | ConditionKind::Count { body, .. } => cut_in(body, to),
        ConditionKind::Term(term) if to == Node::Term(*term) => {
            condition.kind = ConditionKind::Never;
        }
        ConditionKind::Unsettled(point) if to == Node::Point(*point) => {
            condition.kind = ConditionKind::Never;
        }
        ConditionKind::AnotherRule(_, statements) => {
            statements.retain(|statement| to != Node::Statement(*statement));
        }
        _ => {}
    }
}
