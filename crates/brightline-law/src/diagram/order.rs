//! The order of the variables: rebuilding under another one, and sifting for a small one.
//!
//! Size can differ exponentially between orders and finding the best is NP-hard. Sifting (Rudell,
//! *Dynamic Variable Ordering for Ordered Binary Decision Diagrams*, 1993) takes one variable at a
//! time, moves it through every position by swaps of adjacent levels, and leaves it where the
//! diagram was smallest. A swap touches only nodes of the two levels; for many-valued nodes it
//! transposes the matrix of grandchildren.

use super::node::{FastMap, Table};
use super::{Diagram, NodeId, Overflow, Variable};

/// Work one sifting may do before it settles for what it has found: a unit for each node looked at
/// and more for each node changed, so that the bound is one of time and yet the same everywhere.
const WORK_MAX: usize = 1 << 26;
/// Units of work for each child of a node changed.
const WORK_PER_CHILD: usize = 16;
/// A variable is not moved on in a direction in which the diagram grew beyond this, in percent of
/// the smallest size seen.
const GROWTH_PERCENT_MAX: usize = 120;

impl Diagram {
    /// Rebuilds functions under another order in a diagram of their own, free of everything else.
    ///
    /// Variables keep their identity and terminals their ids. Variables `order` leaves out follow
    /// in their old order; what it names twice or does not know is skipped.
    pub fn transfer(
        &self,
        roots: &[NodeId],
        order: &[Variable],
    ) -> Result<(Self, Vec<NodeId>), Overflow> {
        let mut target = self.emptied(order);
        let mut moved: FastMap<NodeId, NodeId> = FastMap::default();
        for id in self.topological(roots, &|_, _| true).into_iter().rev() {
            let made = match self.test(id) {
                None => id,
                Some((variable, children)) => {
                    let children = children.iter().filter_map(|child| moved.get(child).copied());
                    let branches = children.collect();
                    target.begin();
                    target.select(variable, branches)?
                }
            };
            moved.insert(id, made);
        }
        let roots = roots.iter().filter_map(|root| moved.get(root).copied()).collect();
        Ok((target, roots))
    }

    /// Changes the order to `order` as [`transfer`](Self::transfer) does.
    ///
    /// The roots keep their meaning under new ids; every other inner id is void afterwards. On
    /// overflow nothing changes.
    pub fn reorder(&mut self, roots: &mut [NodeId], order: &[Variable]) -> Result<(), Overflow> {
        let (target, moved) = self.transfer(roots, order)?;
        *self = target;
        roots.copy_from_slice(&moved);
        Ok(())
    }

    /// Sifts the variables for a smaller diagram of these roots and drops all that is not theirs.
    ///
    /// The roots keep their meaning under new ids; every other inner id is void afterwards. The
    /// result depends on nothing but the functions and the order, and is never larger than what
    /// the roots took before.
    pub fn sift(&mut self, roots: &mut [NodeId]) -> Result<(), Overflow> {
        let (mut sifter, held) = Sifter::new(self, roots);
        sifter.sift();
        let order: Vec<Variable> = sifter.order.iter().map(|index| Variable(*index)).collect();
        let mut target = self.emptied(&order);
        let moved = sifter.export(&held, &mut target.table).ok_or(self.overflow())?;
        *self = target;
        roots.copy_from_slice(&moved);
        Ok(())
    }

    /// A diagram with these variables and terminals, in the given order, and without nodes.
    fn emptied(&self, order: &[Variable]) -> Self {
        let mut target = Self::with_table(self.table.emptied());
        target.domains.clone_from(&self.domains);
        let mut placed = vec![false; self.domains.len()];
        for variable in order.iter().chain(&self.order) {
            let Some(placed) = placed.get_mut(variable.0 as usize) else {
                continue;
            };
            if !std::mem::replace(placed, true) {
                target.domains[variable.0 as usize].level = target.order.len() as u32;
                target.order.push(*variable);
            }
        }
        target
    }
}

/// A child in the sifter: a terminal, or the index of a node, which outlives changes to the node.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Link {
    Terminal(NodeId),
    Inner(u32),
}

/// A node while variables move: swaps change its variable and children and keep its function.
struct Sifted {
    variable: u32,
    children: Box<[Link]>,
    reference_count: u32,
    /// Where the node stands among the nodes of its variable.
    place: u32,
}

/// The working form for swaps: nodes grouped by variable and counted by references.
struct Sifter {
    nodes: Vec<Sifted>,
    free: Vec<u32>,
    /// By variable: its nodes, and its part of the unique table.
    members: Vec<Vec<u32>>,
    unique: Vec<FastMap<Box<[Link]>, u32>>,
    /// Variables from the top to the bottom.
    order: Vec<u32>,
    arities: Vec<usize>,
    live_count: usize,
    work_left: usize,
}

impl Sifter {
    /// Copies what the roots reach.
    fn new(diagram: &Diagram, roots: &[NodeId]) -> (Self, Vec<Link>) {
        let count = diagram.variable_count();
        let mut sifter = Self {
            nodes: Vec::new(),
            free: Vec::new(),
            members: vec![Vec::new(); count],
            unique: (0..count).map(|_| FastMap::default()).collect(),
            order: diagram.order().iter().map(|variable| variable.0).collect(),
            arities: diagram.domains.iter().map(|domain| usize::from(domain.arity)).collect(),
            live_count: 0,
            work_left: WORK_MAX,
        };
        let mut links: FastMap<NodeId, Link> = FastMap::default();
        for id in diagram.topological(roots, &|_, _| true).into_iter().rev() {
            let link = match diagram.test(id) {
                None => Link::Terminal(id),
                Some((variable, children)) => {
                    let children = children.iter().filter_map(|child| links.get(child).copied());
                    sifter.find_or_make(variable.0, children.collect())
                }
            };
            links.insert(id, link);
        }
        let held: Vec<Link> = roots.iter().filter_map(|root| links.get(root).copied()).collect();
        for link in &held {
            sifter.hold(*link);
        }
        (sifter, held)
    }

    /// Sifts every variable, the most frequent first.
    fn sift(&mut self) {
        let mut variables = self.order.clone();
        variables.sort_by_key(|variable| {
            (std::cmp::Reverse(self.members[*variable as usize].len()), *variable)
        });
        for variable in variables {
            if !self.members[variable as usize].is_empty() {
                self.sift_variable(variable);
            }
        }
    }

    /// Moves one variable everywhere, nearer end first, and leaves it where the size was least.
    fn sift_variable(&mut self, variable: u32) {
        let Some(start) = self.order.iter().position(|other| *other == variable) else {
            return;
        };
        let bottom = self.order.len() - 1;
        let ends = if start > bottom / 2 { [bottom, 0] } else { [0, bottom] };
        let mut best = (self.live_count, start);
        for end in ends {
            let mut at = start;
            while at != end && self.work_left > 0 {
                at = self.step(at, end);
                if self.live_count < best.0 {
                    best = (self.live_count, at);
                }
                if self.live_count * 100 > best.0 * GROWTH_PERCENT_MAX {
                    break;
                }
            }
            while at != start {
                at = self.step(at, start);
            }
        }
        let mut at = start;
        while at != best.1 {
            at = self.step(at, best.1);
        }
    }

    /// Moves the variable at `level` one level towards `end`.
    fn step(&mut self, level: usize, end: usize) -> usize {
        if end > level {
            self.swap(level);
            level + 1
        } else {
            self.swap(level - 1);
            level - 1
        }
    }

    /// Swaps the variable at `level` with the one below it.
    ///
    /// Upper nodes without a child at the lower level just sink. The others now test the lower
    /// variable first; no other function changes, so no id does.
    fn swap(&mut self, level: usize) {
        let (upper, lower) = (self.order[level], self.order[level + 1]);
        let moving: Vec<u32> = self.members[upper as usize]
            .iter()
            .copied()
            .filter(|node| self.touches(*node, lower))
            .collect();
        let changed = moving.len() * self.arities[lower as usize] * WORK_PER_CHILD;
        let work = 1 + self.members[upper as usize].len() + changed;
        self.work_left = self.work_left.saturating_sub(work);
        for node in &moving {
            self.detach(*node);
        }
        for node in moving {
            self.rotate(node, upper, lower);
        }
        self.order.swap(level, level + 1);
    }

    fn touches(&self, node: u32, variable: u32) -> bool {
        self.nodes[node as usize].children.iter().any(|child| match child {
            Link::Inner(child) => self.nodes[*child as usize].variable == variable,
            Link::Terminal(_) => false,
        })
    }

    /// Turns a detached node of `upper` into a node of `lower` with the same function.
    fn rotate(&mut self, node: u32, upper: u32, lower: u32) {
        let old = std::mem::take(&mut self.nodes[node as usize].children);
        let arity = self.arities[lower as usize];
        let mut children = Vec::with_capacity(arity);
        for value in 0..arity {
            let column = old.iter().map(|link| self.cofactor(*link, lower, value)).collect();
            let child = self.find_or_make(upper, column);
            self.hold(child);
            children.push(child);
        }
        self.attach(node, lower, children.into());
        for link in old {
            self.release(link);
        }
    }

    fn cofactor(&self, link: Link, variable: u32, value: usize) -> Link {
        match link {
            Link::Inner(index) if self.nodes[index as usize].variable == variable => {
                self.nodes[index as usize].children[value]
            }
            _ => link,
        }
    }

    fn find_or_make(&mut self, variable: u32, children: Box<[Link]>) -> Link {
        if children.windows(2).all(|pair| pair[0] == pair[1]) {
            return children[0];
        }
        if let Some(index) = self.unique[variable as usize].get(&children) {
            return Link::Inner(*index);
        }
        for child in &children {
            self.hold(*child);
        }
        let blank = Sifted { variable, children: Box::default(), reference_count: 0, place: 0 };
        let index = self.free.pop().unwrap_or(self.nodes.len() as u32);
        match self.nodes.get_mut(index as usize) {
            Some(node) => *node = blank,
            None => self.nodes.push(blank),
        }
        self.attach(index, variable, children);
        Link::Inner(index)
    }

    /// Enters a node under a variable.
    fn attach(&mut self, index: u32, variable: u32, children: Box<[Link]>) {
        self.unique[variable as usize].insert(children.clone(), index);
        let members = &mut self.members[variable as usize];
        let node = &mut self.nodes[index as usize];
        node.variable = variable;
        node.children = children;
        node.place = members.len() as u32;
        members.push(index);
        self.live_count += 1;
    }

    /// Takes a node out of its variable; its children stay.
    fn detach(&mut self, index: u32) {
        let node = &self.nodes[index as usize];
        let (variable, place) = (node.variable as usize, node.place);
        self.unique[variable].remove(&node.children);
        self.members[variable].swap_remove(place as usize);
        if let Some(moved) = self.members[variable].get(place as usize) {
            self.nodes[*moved as usize].place = place;
        }
        self.live_count -= 1;
    }

    fn hold(&mut self, link: Link) {
        if let Link::Inner(index) = link {
            self.nodes[index as usize].reference_count += 1;
        }
    }

    /// Gives up a reference, and with the last one the node.
    fn release(&mut self, link: Link) {
        let Link::Inner(index) = link else { return };
        let node = &mut self.nodes[index as usize];
        node.reference_count -= 1;
        if node.reference_count > 0 {
            return;
        }
        self.detach(index);
        let children = std::mem::take(&mut self.nodes[index as usize].children);
        for child in children {
            self.release(child);
        }
        self.free.push(index);
    }

    /// Writes every live node into an empty table, bottom level first.
    fn export(&self, roots: &[Link], table: &mut Table) -> Option<Vec<NodeId>> {
        let mut made: Vec<NodeId> = vec![NodeId::FALSE; self.nodes.len()];
        let id_of = |made: &[NodeId], link: &Link| match link {
            Link::Terminal(id) => *id,
            Link::Inner(index) => made[*index as usize],
        };
        for (level, variable) in self.order.iter().enumerate().rev() {
            for index in &self.members[*variable as usize] {
                let links = &self.nodes[*index as usize].children;
                let children: Vec<NodeId> = links.iter().map(|link| id_of(&made, link)).collect();
                made[*index as usize] = table.intern(level as u32, &children)?;
            }
        }
        Some(roots.iter().map(|root| id_of(&made, root)).collect())
    }
}
