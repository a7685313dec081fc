//! Node identities, the unique table that makes diagrams canonical, and the hasher they share.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The bit that sets terminals apart from inner nodes in the one id space.
const TERMINAL: u32 = 1 << 31;
/// Children a table holds at most, so that a flattened function fits its 31-bit offsets.
const CHILD_COUNT_MAX: usize = (1 << 30) - 1;
/// A slot of the unique table that holds no node.
const EMPTY: u32 = u32::MAX;
/// Slots the unique table starts with; a power of two, as it stays.
const SLOT_COUNT_MIN: usize = 256;
/// An odd constant near 2^64 divided by the golden ratio (Knuth's multiplicative hashing).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A function inside one [`Diagram`](super::Diagram): two ids of the same diagram are equal exactly
/// when the functions are.
///
/// An id means nothing to another diagram, and inner ids do not survive a reordering.
/// Terminal ids do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The terminal with payload 0; as a guard, false.
    pub const FALSE: Self = Self(TERMINAL);
    /// The terminal with payload 1; as a guard, true.
    pub const TRUE: Self = Self(TERMINAL | 1);

    /// Whether this is a constant.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        self.0 & TERMINAL != 0
    }

    /// Reads a terminal as a truth value, everything but payload 0 being true.
    pub(super) const fn truth(self) -> Self {
        if self.is_terminal() && self.0 != Self::FALSE.0 { Self::TRUE } else { self }
    }

    /// The position in the node array, or in the terminal array for a terminal.
    pub(super) const fn index(self) -> usize {
        (self.0 & !TERMINAL) as usize
    }

    fn inner(index: usize) -> Self {
        Self(index as u32)
    }
}

/// Hashing of small integer keys: multiply and rotate, as in the Firefox hasher. Not for keys
/// an adversary picks; here keys are node ids.
#[derive(Clone, Copy, Default)]
pub(crate) struct FastHasher(u64);

impl Hasher for FastHasher {
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        rest.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(GOLDEN);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

/// Builds [`FastHasher`]s.
pub(crate) type Fast = BuildHasherDefault<FastHasher>;
/// A map used for lookup only; it is never iterated, so its order never shows.
pub(crate) type FastMap<K, V> = HashMap<K, V, Fast>;

/// One inner node: its level in the order and where its children lie.
#[derive(Clone, Copy)]
struct Node {
    level: u32,
    first_child: u32,
    arity: u32,
}

/// Every node of a diagram, each stored once.
pub(super) struct Table {
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    /// Open addressing with linear probing over node indices.
    slots: Vec<u32>,
    terminals: Vec<u32>,
    terminal_ids: FastMap<u32, NodeId>,
    node_count_max: usize,
}

impl Table {
    pub(super) fn new(node_count_max: usize) -> Self {
        let mut table = Self {
            nodes: Vec::new(),
            children: Vec::new(),
            slots: vec![EMPTY; SLOT_COUNT_MIN],
            terminals: Vec::new(),
            terminal_ids: FastMap::default(),
            node_count_max: node_count_max.min(TERMINAL as usize - 1),
        };
        table.terminal(0);
        table.terminal(1);
        table
    }

    /// An empty table whose terminals have the ids they have here.
    pub(super) fn emptied(&self) -> Self {
        let mut table = Self::new(self.node_count_max);
        for payload in &self.terminals {
            table.terminal(*payload);
        }
        table
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn node_count_max(&self) -> usize {
        self.node_count_max
    }

    pub(super) fn terminal(&mut self, payload: u32) -> NodeId {
        let fresh = NodeId(TERMINAL | self.terminals.len() as u32);
        let id = *self.terminal_ids.entry(payload).or_insert(fresh);
        if id == fresh {
            self.terminals.push(payload);
        }
        id
    }

    /// The payload of a terminal; `None` for an inner node.
    pub(super) fn payload(&self, id: NodeId) -> Option<u32> {
        if id.is_terminal() { self.terminals.get(id.index()).copied() } else { None }
    }

    /// The level of a node; terminals lie below every level.
    pub(super) fn level(&self, id: NodeId) -> u32 {
        if id.is_terminal() { u32::MAX } else { self.nodes[id.index()].level }
    }

    /// The children of an inner node, one per value; none for a terminal.
    pub(super) fn children(&self, id: NodeId) -> &[NodeId] {
        if id.is_terminal() {
            return &[];
        }
        let node = self.nodes[id.index()];
        &self.children[node.first_child as usize..][..node.arity as usize]
    }

    /// The cofactor by the variable at `level`, for a node at that level or below.
    pub(super) fn cofactor_at(&self, id: NodeId, level: u32, value: usize) -> NodeId {
        if id.is_terminal() {
            return id;
        }
        let node = self.nodes[id.index()];
        if node.level == level { self.children[node.first_child as usize + value] } else { id }
    }

    /// The one node with this level and these children, made if need be; the child itself where
    /// all are equal. `None` when the table is full.
    pub(super) fn intern(&mut self, level: u32, children: &[NodeId]) -> Option<NodeId> {
        let (first, rest) = children.split_first()?;
        if rest.iter().all(|child| child == first) {
            return Some(*first);
        }
        let mut slot = self.slot_of(level, children);
        while self.slots[slot] != EMPTY {
            let id = NodeId::inner(self.slots[slot] as usize);
            if self.nodes[id.index()].level == level && self.children(id) == children {
                return Some(id);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        let is_full = self.nodes.len() >= self.node_count_max;
        if is_full || self.children.len() + children.len() > CHILD_COUNT_MAX {
            return None;
        }
        let id = NodeId::inner(self.nodes.len());
        let first_child = self.children.len() as u32;
        self.nodes.push(Node { level, first_child, arity: children.len() as u32 });
        self.children.extend_from_slice(children);
        self.slots[slot] = id.0;
        if self.nodes.len() * 2 > self.slots.len() {
            self.grow();
        }
        Some(id)
    }

    /// Where the search for a node starts.
    fn slot_of(&self, level: u32, children: &[NodeId]) -> usize {
        let mut hasher = FastHasher::default();
        hasher.write_u32(level);
        for child in children {
            hasher.write_u32(child.0);
        }
        // The high bits of a product are the well mixed ones.
        (hasher.0 >> (u64::BITS - self.slots.len().trailing_zeros())) as usize
    }

    fn grow(&mut self) {
        self.slots = vec![EMPTY; self.slots.len() * 2];
        for index in 0..self.nodes.len() {
            let id = NodeId::inner(index);
            let mut slot = self.slot_of(self.nodes[index].level, self.children(id));
            while self.slots[slot] != EMPTY {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = id.0;
        }
    }
}
