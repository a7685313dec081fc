//! Decision diagrams: the compiled form of a law, canonical and small enough to ask everything.
//!
//! A [`Diagram`] holds functions from finite-valued variables (facts) to `u32` terminals
//! (outcomes) as reduced ordered decision diagrams in the sense of Bryant (*Graph-Based
//! Algorithms for Boolean Function Manipulation*, 1986), with many-valued nodes (Srinivasan, Kam,
//! Malik and Brayton, *Algorithms for Discrete Function Manipulation*, 1990) and many terminals.
//! Nodes are hash-consed, so two functions are equal exactly when their [`NodeId`]s are: whether
//! two versions of a rule differ, whether a rule is ever reached, whether two readings matter, all
//! become comparisons and walks.
//!
//! A guard is a diagram whose only terminals are 0 (false) and 1 (true).
//!
//! What makes nodes returns [`Overflow`] at the node limit, so a law that does not fit is a
//! diagnostic and never a hang. To decide one case fast, flatten a root into a [`Flat`]; to decide
//! many rows at once, fill [`Columns`]; to ask many functions of one partly known case, make them
//! a [`Forest`].
//!
//! ```
//! use brightline_law::diagram::{Diagram, Flat, NodeId, Overflow};
//!
//! # fn main() -> Result<(), Overflow> {
//! const PERMITTED: u32 = 2;
//! const PROHIBITED: u32 = 3;
//! let mut diagram = Diagram::new(10_000);
//! let warrant = diagram.add_variable(2);
//! let place = diagram.add_variable(3); // 0 street, 1 shop, 2 home
//!
//! let has_warrant = diagram.literal(warrant, 1)?;
//! let at_home = diagram.literal(place, 2)?;
//! let elsewhere = diagram.not(at_home)?;
//! let allowed = diagram.or(has_warrant, elsewhere)?;
//! let (yes, no) = (diagram.terminal(PERMITTED), diagram.terminal(PROHIBITED));
//! let search = diagram.ite(allowed, yes, no)?;
//!
//! assert_eq!(diagram.support(search), [warrant, place]);
//! let refused = diagram.pick_cube(search, &|terminal| terminal == PROHIBITED);
//! assert_eq!(refused, Some(vec![(warrant, 0), (place, 2)]));
//! // With a warrant the place no longer matters: the function is a constant.
//! assert_eq!(diagram.cofactor(search, warrant, 1)?, yes);
//!
//! let flat = Flat::new(&diagram, search);
//! let case = [0, 1]; // no warrant, in a shop
//! assert_eq!(flat.walk(|variable| case[variable as usize]), PERMITTED);
//! # Ok(())
//! # }
//! ```

mod apply;
mod columns;
mod flat;
mod forest;
mod node;
mod order;
mod query;

use std::fmt;

use apply::Caches;
use node::Table;

pub use columns::Columns;
pub(crate) use columns::Plan;
pub use flat::Flat;
pub use forest::{Forest, Met};
pub use node::NodeId;
pub(crate) use node::{Fast, FastMap};
pub use query::Cube;

/// Work one operation may do for each node the limit allows, so that an operation which visits
/// much and makes little still ends.
const STEPS_PER_NODE: usize = 32;
/// Work any operation may do however low the limit.
const STEP_COUNT_MIN: usize = 1 << 16;
/// The level of a variable the diagram does not have: below every node, above the terminals.
const LEVEL_NONE: u32 = u32::MAX - 1;

/// A variable of a [`Diagram`], by its index in the order of adding; a reordering leaves it as is.
///
/// A variable the diagram does not have is treated as one with a single value: it never matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variable(pub u32);

/// The node limit was hit: the function does not fit, or one operation on it costs too much.
///
/// The diagram stays whole; every id made before still has its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow {
    /// The limit the diagram was made with.
    pub node_count_max: usize,
}

impl fmt::Display for Overflow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the decision diagram outgrew its limit of {} nodes", self.node_count_max)
    }
}

impl std::error::Error for Overflow {}

/// What a variable is: how many values it has and where it stands in the order.
#[derive(Clone, Copy)]
struct Domain {
    arity: u16,
    level: u32,
}

/// A manager of decision diagrams: the variables with their order, and every node, stored once.
///
/// Values of a variable run from 0 to its arity less one; a test or an assignment beyond that
/// is read as the last value, and a literal of it is false. Ids of one diagram must not be given
/// to another. Recursion is as deep as there are variables.
pub struct Diagram {
    domains: Vec<Domain>,
    /// Variables from the top of the order to the bottom.
    order: Vec<Variable>,
    table: Table,
    caches: Caches,
    /// A stack of children under construction, so that operations do not allocate per node.
    pending: Vec<NodeId>,
    step_count: usize,
}

impl Diagram {
    /// A diagram without variables that will hold at most `node_count_max` inner nodes.
    #[must_use]
    pub fn new(node_count_max: usize) -> Self {
        Self::with_table(Table::new(node_count_max))
    }

    fn with_table(table: Table) -> Self {
        Self {
            domains: Vec::new(),
            order: Vec::new(),
            table,
            caches: Caches::default(),
            pending: Vec::new(),
            step_count: 0,
        }
    }

    /// Adds a variable with `arity` values at the bottom of the order.
    ///
    /// A variable with fewer than two values is legal and never appears in a function.
    pub fn add_variable(&mut self, arity: u16) -> Variable {
        let variable = Variable(self.domains.len() as u32);
        self.domains.push(Domain { arity: arity.max(1), level: self.order.len() as u32 });
        self.order.push(variable);
        variable
    }

    /// How many values a variable has.
    #[must_use]
    pub fn arity(&self, variable: Variable) -> u16 {
        self.domains.get(variable.0 as usize).map_or(1, |domain| domain.arity)
    }

    /// How many variables there are.
    #[must_use]
    pub fn variable_count(&self) -> usize {
        self.domains.len()
    }

    /// The variables from the top of the order to the bottom.
    #[must_use]
    pub fn order(&self) -> &[Variable] {
        &self.order
    }

    /// Inner nodes held, whether or not anything still uses them.
    #[must_use]
    pub fn node_count_total(&self) -> usize {
        self.table.len()
    }

    /// The variable an inner node tests, with its children by value; `None` for a terminal.
    #[must_use]
    pub fn test(&self, id: NodeId) -> Option<(Variable, &[NodeId])> {
        let variable = self.order.get(self.table.level(id) as usize)?;
        Some((*variable, self.table.children(id)))
    }

    /// The payload of a terminal; `None` for an inner node.
    #[must_use]
    pub fn payload(&self, id: NodeId) -> Option<u32> {
        self.table.payload(id)
    }

    /// The constant function with this payload.
    ///
    /// Terminals do not count towards the node limit.
    pub fn terminal(&mut self, value: u32) -> NodeId {
        self.table.terminal(value)
    }

    /// The guard that is true where `variable` has this value.
    pub fn literal(&mut self, variable: Variable, value: u16) -> Result<NodeId, Overflow> {
        self.literal_by(variable, |candidate| candidate == usize::from(value))
    }

    /// The guard that is true where `allowed` is, at the value `variable` has; values past the end
    /// of `allowed` are not allowed.
    pub fn literal_in(&mut self, variable: Variable, allowed: &[bool]) -> Result<NodeId, Overflow> {
        self.literal_by(variable, |value| allowed.get(value).is_some_and(|allowed| *allowed))
    }

    fn literal_by(
        &mut self,
        variable: Variable,
        allowed: impl Fn(usize) -> bool,
    ) -> Result<NodeId, Overflow> {
        self.begin();
        self.expand(self.level_of(variable), |_, value| {
            Ok(if allowed(value) { NodeId::TRUE } else { NodeId::FALSE })
        })
    }

    /// The function that goes on as `children[value]` where `variable` has that value.
    ///
    /// Meant for children below `variable` in the order, where it costs one lookup; other children
    /// are right and cost more. Where there are fewer children than values, the last child (false
    /// if there is none) stands for the rest.
    pub fn node(&mut self, variable: Variable, children: &[NodeId]) -> Result<NodeId, Overflow> {
        let last = children.last().copied().unwrap_or(NodeId::FALSE);
        let child = |value: usize| children.get(value).copied().unwrap_or(last);
        self.begin();
        let level = self.level_of(variable);
        if children.iter().all(|child| self.table.level(*child) > level) {
            return self.expand(level, |_, value| Ok(child(value)));
        }
        let children = (0..usize::from(self.arity(variable))).map(child).collect();
        self.select(variable, children)
    }

    fn level_of(&self, variable: Variable) -> u32 {
        self.domains.get(variable.0 as usize).map_or(LEVEL_NONE, |domain| domain.level)
    }

    fn arity_at(&self, level: u32) -> usize {
        self.order.get(level as usize).map_or(1, |variable| usize::from(self.arity(*variable)))
    }

    fn overflow(&self) -> Overflow {
        Overflow { node_count_max: self.table.node_count_max() }
    }

    /// Opens an operation: nothing pending, no work done. What an overflow left is dropped here.
    fn begin(&mut self) {
        self.pending.clear();
        self.step_count = 0;
        self.caches.trim();
    }

    /// Makes the node at `level` with the children `child` gives for each value: the recursion
    /// step of every operation.
    fn expand(
        &mut self,
        level: u32,
        mut child: impl FnMut(&mut Self, usize) -> Result<NodeId, Overflow>,
    ) -> Result<NodeId, Overflow> {
        self.step_count += 1;
        let step_count_max = self.table.node_count_max().saturating_mul(STEPS_PER_NODE);
        if self.step_count > step_count_max.max(STEP_COUNT_MIN) {
            return Err(self.overflow());
        }
        let start = self.pending.len();
        for value in 0..self.arity_at(level) {
            let made = child(self, value)?;
            self.pending.push(made);
        }
        let made = self.table.intern(level, &self.pending[start..]);
        self.pending.truncate(start);
        made.ok_or(self.overflow())
    }
}
