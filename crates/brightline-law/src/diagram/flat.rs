//! One function flattened for evaluation: no manager, no hashing, no allocation.

use super::node::FastMap;
use super::{Diagram, NodeId};

/// The bit that sets a terminal index apart from a node offset.
const TERMINAL: u32 = 1 << 31;

/// Where a value leads: the variable to test next and the place of the node that tests it, side by
/// side, so that the next fact is fetched without waiting for the next node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The offset of a node, or a terminal index with the mark.
    code: u32,
    /// The variable the node tests; 0 for a terminal.
    variable: u32,
}

/// What a [`Link`] leads to.
pub(super) enum Target {
    /// The node at this offset.
    Node(u32),
    /// The terminal with this index.
    Terminal(usize),
}

/// An immutable copy of one function for fast evaluation.
///
/// Nodes lie parents first in one array, each as its last value and its links by value.
/// Terminals are numbered; the number is an index into [`terminals`](Self::terminals).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flat {
    root: Link,
    node_count: usize,
    /// For each node a head, with its last value for a code and its variable, and then a link for
    /// each value; linked offsets are greater than the node's own.
    links: Vec<Link>,
    terminals: Vec<u32>,
}

/// One node of a [`Flat`], as [`Flat::nodes`] lists them.
#[derive(Clone, Copy, Debug)]
pub(super) struct FlatNode<'a> {
    pub(super) offset: u32,
    pub(super) variable: u32,
    /// One for each value.
    pub(super) children: &'a [Link],
}

impl Link {
    const fn is_terminal(self) -> bool {
        self.code & TERMINAL != 0
    }

    const fn terminal_index(self) -> usize {
        (self.code & !TERMINAL) as usize
    }

    pub(super) const fn target(self) -> Target {
        if self.is_terminal() {
            Target::Terminal(self.terminal_index())
        } else {
            Target::Node(self.code)
        }
    }
}

impl Flat {
    /// Flattens one function of a diagram.
    #[must_use]
    pub fn new(diagram: &Diagram, root: NodeId) -> Self {
        let ids = diagram.topological(&[root], &|_, _| true);
        let terminals = diagram.terminals(root);
        let mut link_of: FastMap<NodeId, Link> = FastMap::default();
        let mut link_count = 0u32;
        for id in &ids {
            let link = if let Some((variable, children)) = diagram.test(*id) {
                let code = link_count;
                link_count += 1 + children.len() as u32;
                Link { code, variable: variable.0 }
            } else {
                let payload = diagram.payload(*id).unwrap_or(0);
                let index = terminals.partition_point(|other| *other < payload) as u32;
                Link { code: TERMINAL | index, variable: 0 }
            };
            link_of.insert(*id, link);
        }
        let to =
            |id: &NodeId| link_of.get(id).copied().unwrap_or(Link { code: TERMINAL, variable: 0 });
        let mut links = Vec::with_capacity(link_count as usize);
        for (variable, children) in ids.iter().filter_map(|id| diagram.test(*id)) {
            links.push(Link { code: children.len() as u32 - 1, variable: variable.0 });
            links.extend(children.iter().map(to));
        }
        let node_count = ids.iter().filter(|id| !id.is_terminal()).count();
        Self { root: to(&root), node_count, links, terminals }
    }

    /// How many inner nodes there are.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.node_count
    }

    /// The payloads of the terminals by terminal index, rising.
    #[must_use]
    pub fn terminals(&self) -> &[u32] {
        &self.terminals
    }

    /// The variables tested, by index and rising, each with its number of values.
    #[must_use]
    pub fn variables(&self) -> Vec<(u32, u16)> {
        let mut variables: Vec<(u32, u16)> =
            self.nodes().map(|node| (node.variable, node.children.len() as u16)).collect();
        variables.sort_unstable();
        variables.dedup();
        variables
    }

    /// The terminal of one case; `value_of` is asked only for the variables on the way.
    ///
    /// A value past the last is read as the last.
    #[inline]
    pub fn walk(&self, mut value_of: impl FnMut(u32) -> u16) -> u32 {
        let mut at = self.root;
        while !at.is_terminal() {
            at = self.follow(at.code, value_of(at.variable));
        }
        self.terminals[at.terminal_index()]
    }

    #[inline]
    fn follow(&self, offset: u32, value: u16) -> Link {
        let offset = offset as usize;
        let value_last = self.links[offset].code;
        self.links[offset + 1 + u32::from(value).min(value_last) as usize]
    }

    /// As [`walk`](Self::walk) for a partly known case.
    ///
    /// # Errors
    ///
    /// The first variable on the way whose value is not known: asking for it, and only for it,
    /// brings the case further.
    #[inline]
    pub fn walk_known(&self, mut value_of: impl FnMut(u32) -> Option<u16>) -> Result<u32, u32> {
        let mut at = self.root;
        while !at.is_terminal() {
            at = self.follow(at.code, value_of(at.variable).ok_or(at.variable)?);
        }
        Ok(self.terminals[at.terminal_index()])
    }

    /// Where evaluation starts.
    pub(super) fn root(&self) -> Target {
        self.root.target()
    }

    /// The nodes, parents first.
    pub(super) fn nodes(&self) -> impl Iterator<Item = FlatNode<'_>> {
        let mut offset = 0usize;
        std::iter::from_fn(move || {
            let head = self.links.get(offset)?;
            let end = offset + 2 + head.code as usize;
            let children = self.links.get(offset + 1..end)?;
            let node = FlatNode { offset: offset as u32, variable: head.variable, children };
            offset = end;
            Some(node)
        })
    }
}
