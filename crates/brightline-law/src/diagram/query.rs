//! Questions about a function that make no new nodes: what it depends on, where it can end, which
//! cases end there and how many.

use std::collections::VecDeque;

use super::node::{Fast, FastMap};
use super::{Diagram, NodeId, Variable};

/// A search for a way to a terminal meets so many nodes or fewer, most often.
const MET_USUALLY: usize = 1_000;

/// A set of cases that all end at one terminal: every assignment in which each listed variable has
/// one of the listed values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cube {
    /// The tests from the root down; the values of each rise.
    pub tests: Vec<(Variable, Vec<u16>)>,
    /// The terminal all these cases end at.
    pub terminal: u32,
}

/// One call of [`Diagram::cubes`].
struct Listing<'a> {
    leads: FastMap<NodeId, bool>,
    limit: usize,
    path: Vec<(Variable, Vec<u16>)>,
    cubes: &'a mut Vec<Cube>,
}

impl Diagram {
    /// The variables `a` depends on, from the top of the order to the bottom.
    #[must_use]
    pub fn support(&self, a: NodeId) -> Vec<Variable> {
        let mut found = vec![false; self.order.len()];
        for id in self.topological(&[a], &|_, _| true) {
            if let Some(found) = found.get_mut(self.table.level(id) as usize) {
                *found = true;
            }
        }
        let levels = self.order.iter().zip(found);
        levels.filter(|(_, found)| *found).map(|(variable, _)| *variable).collect()
    }

    /// Every node met from `a`, parents before children.
    pub(crate) fn met(&self, a: NodeId) -> Vec<NodeId> {
        self.topological(&[a], &|_, _| true)
    }

    /// The terminals `a` can end at, rising.
    #[must_use]
    pub fn terminals(&self, a: NodeId) -> Vec<u32> {
        self.reachable(a, &|_, _| true)
    }

    /// The terminals `a` can end at when each variable may take only the allowed values, rising.
    ///
    /// This is how a partly known case is decided: one terminal means settled.
    #[must_use]
    pub fn reachable(&self, a: NodeId, allowed: &dyn Fn(Variable, u16) -> bool) -> Vec<u32> {
        let ids = self.topological(&[a], allowed);
        let mut payloads: Vec<u32> = ids.iter().filter_map(|id| self.payload(*id)).collect();
        payloads.sort_unstable();
        payloads
    }

    /// The pairs of terminals that two functions end at together, when each variable takes one of
    /// the allowed pairs of values: the first in `a`, the second in `b`.
    #[must_use]
    pub fn reachable_pairs(
        &self,
        (a, b): (NodeId, NodeId),
        allowed: &dyn Fn(Variable) -> Vec<(u16, u16)>,
    ) -> Vec<(u32, u32)> {
        let mut met: FastMap<(NodeId, NodeId), ()> = FastMap::default();
        let mut open = vec![(a, b)];
        let mut found = Vec::new();
        while let Some(pair) = open.pop() {
            if met.insert(pair, ()).is_some() {
                continue;
            }
            let tests = [self.test(pair.0), self.test(pair.1)];
            let variables = tests.iter().flatten().map(|(variable, _)| *variable);
            let Some(top) = variables.min_by_key(|variable| self.level_of(*variable)) else {
                found.extend(self.payload(pair.0).zip(self.payload(pair.1)));
                continue;
            };
            let child = |id: NodeId, value: u16| match self.test(id) {
                Some((variable, children)) if variable == top => {
                    children.get(usize::from(value)).copied().unwrap_or(id)
                }
                _ => id,
            };
            let ways = allowed(top).into_iter();
            open.extend(ways.map(|(one, other)| (child(pair.0, one), child(pair.1, other))));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A shortest list of tests that takes `a` to a wanted terminal; `None` if it has none.
    ///
    /// Of lists equally short it is the one with the smallest values, topmost test first.
    #[must_use]
    pub fn pick_cube(
        &self,
        a: NodeId,
        wanted: &dyn Fn(u32) -> bool,
    ) -> Option<Vec<(Variable, u16)>> {
        self.pick_cube_within(a, wanted, &|_, _| true)
    }

    /// As [`pick_cube`](Self::pick_cube), with only the allowed values of each variable.
    #[must_use]
    pub fn pick_cube_within(
        &self,
        a: NodeId,
        wanted: &dyn Fn(u32) -> bool,
        allowed: &dyn Fn(Variable, u16) -> bool,
    ) -> Option<Vec<(Variable, u16)>> {
        let mut came_from: FastMap<NodeId, (NodeId, Variable, u16)> =
            FastMap::with_capacity_and_hasher(MET_USUALLY, Fast::default());
        let mut queue = VecDeque::from([a]);
        while let Some(id) = queue.pop_front() {
            if self.payload(id).is_some_and(wanted) {
                return Some(path_to(a, id, &came_from));
            }
            let Some((variable, children)) = self.test(id) else {
                continue;
            };
            for (value, child) in (0u16..).zip(children) {
                if allowed(variable, value) && !came_from.contains_key(child) {
                    came_from.insert(*child, (id, variable, value));
                    queue.push_back(*child);
                }
            }
        }
        None
    }

    /// The paths of `a` to wanted terminals as cubes, at most `limit` of them.
    ///
    /// The cubes do not overlap, and without the limit they cover every wanted case. Values that
    /// lead to the same child are in one cube. There can be exponentially many.
    #[must_use]
    pub fn cubes(&self, a: NodeId, wanted: &dyn Fn(u32) -> bool, limit: usize) -> Vec<Cube> {
        let mut leads: FastMap<NodeId, bool> = FastMap::default();
        for id in self.topological(&[a], &|_, _| true).into_iter().rev() {
            let mut children = self.table.children(id).iter();
            let own = self.payload(id).is_some_and(wanted);
            let any = own || children.any(|child| leads.get(child).is_some_and(|leads| *leads));
            leads.insert(id, any);
        }
        let mut cubes = Vec::new();
        self.list(a, &mut Listing { leads, limit, path: Vec::new(), cubes: &mut cubes });
        cubes
    }

    fn list(&self, id: NodeId, listing: &mut Listing<'_>) {
        if listing.cubes.len() >= listing.limit || !listing.leads.get(&id).is_some_and(|it| *it) {
            return;
        }
        if let Some(terminal) = self.payload(id) {
            listing.cubes.push(Cube { tests: listing.path.clone(), terminal });
        }
        let Some((variable, children)) = self.test(id) else {
            return;
        };
        for (value, child) in children.iter().enumerate() {
            if children[..value].contains(child) {
                continue;
            }
            let values = (0u16..).zip(children).filter(|(_, other)| *other == child);
            listing.path.push((variable, values.map(|(value, _)| value).collect()));
            self.list(*child, listing);
            listing.path.pop();
        }
    }

    /// How many assignments of the variables in `over`, with those `a` depends on, end at a wanted
    /// terminal; `u128::MAX` stands for that many or more.
    #[must_use]
    pub fn sat_count(&self, a: NodeId, wanted: &dyn Fn(u32) -> bool, over: &[Variable]) -> u128 {
        let mut weights = vec![1u128; self.order.len()];
        for variable in self.support(a).iter().chain(over) {
            if let Some(weight) = weights.get_mut(self.level_of(*variable) as usize) {
                *weight = u128::from(self.arity(*variable));
            }
        }
        let gap = |from: usize, to: u32| {
            let skipped = &weights[from..weights.len().min(to as usize)];
            skipped.iter().fold(1u128, |product, weight| product.saturating_mul(*weight))
        };
        let mut counts: FastMap<NodeId, u128> = FastMap::default();
        let count_of = |counts: &FastMap<NodeId, u128>, id: NodeId, from: usize| {
            let count = counts.get(&id).copied().unwrap_or(0);
            count.saturating_mul(gap(from, self.table.level(id)))
        };
        for id in self.topological(&[a], &|_, _| true).into_iter().rev() {
            let own = u128::from(self.payload(id).is_some_and(wanted));
            let below = (self.table.level(id) as usize).saturating_add(1);
            let children = self.table.children(id).iter();
            let count = children
                .fold(own, |sum, child| sum.saturating_add(count_of(&counts, *child, below)));
            counts.insert(id, count);
        }
        count_of(&counts, a, 0)
    }

    /// How many different inner nodes these functions take together: the usual measure of size.
    #[must_use]
    pub fn node_count(&self, roots: &[NodeId]) -> usize {
        let ids = self.topological(roots, &|_, _| true);
        ids.iter().filter(|id| !id.is_terminal()).count()
    }

    /// The terminal `a` ends at when variables have the values `value_of` gives; it is asked only
    /// for the variables on the way, in the order.
    pub fn evaluate(&self, a: NodeId, value_of: &mut dyn FnMut(Variable) -> u16) -> u32 {
        let mut id = a;
        while let Some((variable, children)) = self.test(id) {
            let value = usize::from(value_of(variable)).min(children.len() - 1);
            id = children[value];
        }
        self.payload(id).unwrap_or(0)
    }

    /// Every node met from the roots by allowed values, terminals too, parents before children.
    pub(super) fn topological(
        &self,
        roots: &[NodeId],
        allowed: &dyn Fn(Variable, u16) -> bool,
    ) -> Vec<NodeId> {
        let mut met: FastMap<NodeId, ()> = FastMap::default();
        let mut finished = Vec::new();
        // Depth first with the next value to try; reversed finishing order is topological.
        let mut stack: Vec<(NodeId, u16)> = Vec::new();
        for root in roots.iter().rev() {
            if met.insert(*root, ()).is_none() {
                stack.push((*root, 0));
            }
            while let Some((id, value)) = stack.last_mut() {
                let next = self.test(*id).and_then(|(variable, children)| {
                    let child = children.get(usize::from(*value))?;
                    Some((*child, allowed(variable, *value)))
                });
                let Some((child, is_allowed)) = next else {
                    finished.push(*id);
                    stack.pop();
                    continue;
                };
                *value += 1;
                if is_allowed && met.insert(child, ()).is_none() {
                    stack.push((child, 0));
                }
            }
        }
        finished.reverse();
        finished
    }
}

/// The tests on the way from `from` to `to`.
fn path_to(
    from: NodeId,
    to: NodeId,
    came_from: &FastMap<NodeId, (NodeId, Variable, u16)>,
) -> Vec<(Variable, u16)> {
    let mut path = Vec::new();
    let mut at = to;
    while at != from {
        let Some((parent, variable, value)) = came_from.get(&at) else {
            break;
        };
        path.push((*variable, *value));
        at = *parent;
    }
    path.reverse();
    path
}
