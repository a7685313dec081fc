//! Many functions flattened together, to be asked of one partly known case: no manager, no hashing
//! on the way, no allocation while there are few nodes.

use super::node::FastMap;
use super::{Diagram, NodeId};

/// The bit that sets a terminal index apart from a node index.
const TERMINAL: u32 = 1 << 31;
/// Words of marks kept on the stack: enough for 4,096 nodes.
const WORDS_ON_STACK: usize = 64;

/// An immutable copy of several functions that share their nodes.
///
/// A case gives for each variable the set of its possible values, one bit each, so no variable
/// may have more than 64.
///
/// ```
/// use brightline_law::diagram::{Diagram, Forest, Overflow};
///
/// # fn main() -> Result<(), Overflow> {
/// let mut diagram = Diagram::new(1_000);
/// let (warrant, place) = (diagram.add_variable(2), diagram.add_variable(3));
/// let has_warrant = diagram.literal(warrant, 1)?;
/// let at_home = diagram.literal(place, 2)?;
/// let both = diagram.and(has_warrant, at_home)?;
/// let forest = Forest::new(&diagram, &[has_warrant, both]);
///
/// let case = [0b10, 0b011]; // a warrant; on the street or in a shop
/// let mut ends = Vec::new();
/// assert!(forest.ends(both, &case, |payload| {
///     ends.push(payload);
///     true
/// }));
/// assert!(ends.iter().all(|payload| *payload == 0));
/// let mut memo = Vec::new();
/// assert_eq!(forest.masks(both, &case, &mut memo), Some(0b01));
/// assert_eq!(forest.masks(has_warrant, &case, &mut memo), Some(0b10));
/// assert_eq!(forest.masks(at_home, &case, &mut memo), None); // not planted
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Forest {
    /// Where each function starts.
    roots: FastMap<NodeId, u32>,
    /// Parents before children.
    nodes: Vec<Tree>,
    children: Vec<u32>,
    terminals: Vec<u32>,
    /// What is below each node.
    below: Vec<Below>,
    /// How many values each variable that is tested has.
    arities: Vec<u32>,
}

/// Variables that are asked for; see [`Forest::met`].
#[derive(Clone, Copy, Debug)]
pub struct Met(u64);

impl Met {
    /// Returns whether a variable is among them; it may be said of one that is not.
    #[must_use]
    pub fn contains(self, variable: usize) -> bool {
        self.0 & bit_of(variable) != 0
    }
}

/// What a node leads to while everything below it is open.
#[derive(Clone, Copy, Debug, Default)]
struct Below {
    /// The variables tested there, one bit each; all from the last bit on share it.
    variables: u64,
    /// The payloads 0 to 7 reached, one bit each.
    mask: u8,
    /// The ends reached, one bit each; all from the last bit on share it.
    ends: u64,
}

impl Below {
    /// The ends where each of them has a bit of its own.
    fn each_end(self) -> Option<u64> {
        (self.ends >> (u64::BITS - 1) == 0).then_some(self.ends)
    }
}

/// One node: its variable, its first child and how many it has.
#[derive(Clone, Copy, Debug)]
struct Tree {
    variable: u32,
    first: u32,
    arity: u32,
}

impl Forest {
    /// Flattens functions of a diagram.
    #[must_use]
    pub fn new(diagram: &Diagram, roots: &[NodeId]) -> Self {
        let ids = diagram.topological(roots, &|_, _| true);
        let mut codes: FastMap<NodeId, u32> = FastMap::default();
        let mut terminals = Vec::new();
        let mut node_count = 0u32;
        for id in &ids {
            let code = match diagram.payload(*id) {
                Some(payload) => {
                    terminals.push(payload);
                    TERMINAL | (terminals.len() as u32 - 1)
                }
                None => {
                    node_count += 1;
                    node_count - 1
                }
            };
            codes.insert(*id, code);
        }
        let code = |id: &NodeId| codes.get(id).copied().unwrap_or(TERMINAL);
        let mut nodes = Vec::with_capacity(node_count as usize);
        let mut children = Vec::new();
        for (variable, below) in ids.iter().filter_map(|id| diagram.test(*id)) {
            let (first, arity) = (children.len() as u32, below.len() as u32);
            nodes.push(Tree { variable: variable.0, first, arity });
            children.extend(below.iter().map(code));
        }
        let roots = roots.iter().map(|root| (*root, code(root))).collect();
        let (below, arities) = (Vec::new(), Vec::new());
        let mut forest = Self { roots, nodes, children, terminals, below, arities };
        forest.look_below();
        forest
    }

    /// Finds what is below each node: children come after their parents.
    fn look_below(&mut self) {
        let mut below = vec![Below::default(); self.nodes.len()];
        for (index, Tree { variable, first, arity }) in self.nodes.iter().enumerate().rev() {
            let own = bit_of(*variable as usize);
            let mut here = Below { variables: own, ..Below::default() };
            for child in &self.children[*first as usize..(first + arity) as usize] {
                let there = match child & TERMINAL == 0 {
                    true => below[*child as usize],
                    false => Below {
                        variables: 0,
                        mask: self.mask_of_end(*child),
                        ends: bit_of((child & !TERMINAL) as usize),
                    },
                };
                here.variables |= there.variables;
                here.mask |= there.mask;
                here.ends |= there.ends;
            }
            below[index] = here;
            let variable = *variable as usize;
            self.arities.resize(self.arities.len().max(variable + 1), 0);
            self.arities[variable] = *arity;
        }
        self.below = below;
    }

    /// How many inner nodes there are.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Calls `visit` with the payload of each terminal that a function reaches while each variable
    /// has one of its possible values, until it returns false; a variable past the end of
    /// `possible` can have any. A payload may come more than once.
    /// Returns whether the function is one of these.
    pub fn ends(&self, root: NodeId, possible: &[u64], visit: impl FnMut(u32) -> bool) -> bool {
        let Some(&code) = self.roots.get(&root) else {
            return false;
        };
        let words = self.nodes.len().div_ceil(64);
        if words <= WORDS_ON_STACK {
            let mut marks = [0u64; WORDS_ON_STACK];
            self.flow(code, possible, &mut marks[..words], visit);
        } else {
            self.flow(code, possible, &mut vec![0; words], visit);
        }
        true
    }

    /// Returns the variables that a function asks for on some way, while each has one of its
    /// possible values: a change of any other makes no difference. All if it is not one of these.
    #[must_use]
    pub fn met(&self, root: NodeId, possible: &[u64]) -> Met {
        let Some(&code) = self.roots.get(&root) else {
            return Met(u64::MAX);
        };
        let told = self.told(possible);
        let mut seen = vec![0u64; self.nodes.len().div_ceil(64)];
        let (mut met, mut open) = (0, vec![code]);
        while let Some(code) = open.pop() {
            let (word, bit) = (code as usize / 64, 1u64 << (code % 64));
            if code & TERMINAL != 0 || seen[word] & bit != 0 {
                continue;
            }
            seen[word] |= bit;
            let below = self.below[code as usize].variables;
            if below & told == 0 {
                met |= below;
                continue;
            }
            let Tree { variable, first, arity } = self.nodes[code as usize];
            met |= bit_of(variable as usize);
            let set = possible.get(variable as usize).copied().unwrap_or(u64::MAX);
            let children = &self.children[first as usize..(first + arity) as usize];
            let ways =
                children.iter().enumerate().filter(|(value, _)| set >> (value & 63) & 1 == 1);
            open.extend(ways.map(|(_, child)| *child));
        }
        Met(met)
    }

    /// Returns which of the payloads 0 to 7 a function reaches, one bit each, while each variable
    /// has one of its possible values; a variable past the end of `possible` can have any. Where it
    /// reaches both 0 and 1, others may be left out.
    /// None if the function is not one of these.
    ///
    /// `memo` holds what was found for nodes under the same `possible`; it begins empty.
    pub fn masks(&self, root: NodeId, possible: &[u64], memo: &mut Vec<u8>) -> Option<u8> {
        if memo.len() < self.nodes.len() {
            memo.resize(self.nodes.len(), 0);
        }
        let code = self.follow(*self.roots.get(&root)?, possible);
        if code & TERMINAL != 0 {
            return Some(self.mask_of_end(code));
        }
        Some(self.mask(code, (possible, self.told(possible)), memo))
    }

    /// The bits of the variables of which not every value is possible.
    fn told(&self, possible: &[u64]) -> u64 {
        let told = (0..).zip(possible).filter(|(variable, set)| self.is_told(*variable, **set));
        told.fold(0, |told, (variable, _)| told | bit_of(variable))
    }

    /// Returns whether some value of a variable that is tested is not possible.
    fn is_told(&self, variable: usize, set: u64) -> bool {
        let arity = self.arities.get(variable).copied().unwrap_or(0);
        let all = u64::MAX.checked_shr(u64::BITS.saturating_sub(arity)).unwrap_or(0);
        set & all != all
    }

    fn mask_of_end(&self, code: u32) -> u8 {
        1 << (self.terminals[(code & !TERMINAL) as usize] & 7)
    }

    /// Follows the way that a case leaves, as long as it leaves one only: no branch, no mark.
    #[inline]
    fn follow(&self, mut code: u32, possible: &[u64]) -> u32 {
        while code & TERMINAL == 0 {
            let Tree { variable, first, arity } = self.nodes[code as usize];
            let set = possible.get(variable as usize).copied().unwrap_or(u64::MAX);
            let value = set.trailing_zeros();
            if set & set.wrapping_sub(1) != 0 || value >= arity {
                break;
            }
            code = self.children[(first + value) as usize];
        }
        code
    }

    fn mask(&self, code: u32, (possible, told): (&[u64], u64), memo: &mut [u8]) -> u8 {
        let code = self.follow(code, possible);
        if code & TERMINAL != 0 {
            return self.mask_of_end(code);
        }
        let below = self.below[code as usize];
        if below.variables & told == 0 {
            return below.mask;
        }
        if memo[code as usize] != 0 {
            return memo[code as usize];
        }
        let Tree { variable, first, arity } = self.nodes[code as usize];
        let set = possible.get(variable as usize).copied().unwrap_or(u64::MAX);
        let mut mask = 0;
        for (value, child) in
            self.children[first as usize..(first + arity) as usize].iter().enumerate()
        {
            if set >> (value & 63) & 1 == 1 {
                mask |= self.mask(*child, (possible, told), memo);
                if mask & 0b11 == 0b11 {
                    break;
                }
            }
        }
        memo[code as usize] = mask;
        mask
    }

    /// Goes through the marked nodes in order, which is parents first, and marks their children.
    fn flow(
        &self,
        root: u32,
        possible: &[u64],
        marks: &mut [u64],
        mut visit: impl FnMut(u32) -> bool,
    ) {
        let terminal = |code: u32| self.terminals[(code & !TERMINAL) as usize];
        let root = self.follow(root, possible);
        if root & TERMINAL != 0 {
            visit(terminal(root));
            return;
        }
        let told = self.told(possible);
        let mut word = root as usize / 64;
        marks[word] = 1 << (root % 64);
        while word < marks.len() {
            if marks[word] == 0 {
                word += 1;
                continue;
            }
            let bit = marks[word].trailing_zeros() as usize;
            marks[word] &= marks[word] - 1;
            let below = self.below[word * 64 + bit];
            if below.variables & told == 0
                && let Some(mut ends) = below.each_end()
            {
                while ends != 0 {
                    if !visit(self.terminals[ends.trailing_zeros() as usize]) {
                        return;
                    }
                    ends &= ends - 1;
                }
                continue;
            }
            let Tree { variable, first, arity } = self.nodes[word * 64 + bit];
            let children = &self.children[first as usize..(first + arity) as usize];
            let mut set = possible.get(variable as usize).copied().unwrap_or(u64::MAX);
            if arity < 64 {
                set &= (1 << arity) - 1;
            }
            while set != 0 {
                let child = self.follow(children[set.trailing_zeros() as usize], possible);
                set &= set - 1;
                if child & TERMINAL == 0 {
                    marks[child as usize / 64] |= 1 << (child % 64);
                } else if !visit(terminal(child)) {
                    return;
                }
            }
        }
    }
}

/// The bit of a variable among all.
fn bit_of(variable: usize) -> u64 {
    1 << variable.min(u64::BITS as usize - 1)
}
