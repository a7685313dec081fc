//! Operations that build new functions from old ones: the apply family and the cofactors.
//!
//! All share one shape (Bryant 1986): take the cofactors by the topmost variable, recur, and make
//! the node from the results, remembering each result so that the work is bounded by the number of
//! different operands met.

use super::node::FastMap;
use super::{Diagram, NodeId, Overflow, Variable};

type Made = Result<NodeId, Overflow>;

/// Remembered results beyond this are dropped between operations.
const CACHED_COUNT_MAX: usize = 1 << 20;

/// Results of the boolean operations, kept from one call to the next.
#[derive(Default)]
pub(super) struct Caches {
    and: FastMap<(NodeId, NodeId), NodeId>,
    or: FastMap<(NodeId, NodeId), NodeId>,
    ite: FastMap<(NodeId, NodeId, NodeId), NodeId>,
}

impl Caches {
    /// Bounds the memory held between operations.
    pub(super) fn trim(&mut self) {
        if self.and.len() + self.or.len() + self.ite.len() > CACHED_COUNT_MAX {
            *self = Self::default();
        }
    }

    fn of(&mut self, connective: Connective) -> &mut FastMap<(NodeId, NodeId), NodeId> {
        match connective {
            Connective::And => &mut self.and,
            Connective::Or => &mut self.or,
        }
    }
}

/// The two commutative connectives, which differ only in their constants.
#[derive(Clone, Copy)]
enum Connective {
    And,
    Or,
}

impl Connective {
    const fn identity(self) -> NodeId {
        match self {
            Self::And => NodeId::TRUE,
            Self::Or => NodeId::FALSE,
        }
    }

    const fn absorbing(self) -> NodeId {
        match self {
            Self::And => NodeId::FALSE,
            Self::Or => NodeId::TRUE,
        }
    }
}

/// One call of [`Diagram::merge_over`].
struct Merge<'a> {
    level: u32,
    arity: usize,
    op: &'a mut dyn FnMut(&[u32]) -> u32,
    above: FastMap<NodeId, NodeId>,
    merged: FastMap<Box<[NodeId]>, NodeId>,
}

/// One call of an operation that keeps, of each node, only some values of its variable.
struct Narrowing<'a> {
    /// Below this level nothing changes.
    level_last: u32,
    /// The value that stands for `value` of a variable.
    stand_in: &'a dyn Fn(Variable, usize) -> usize,
    done: FastMap<NodeId, NodeId>,
}

impl Diagram {
    /// The guard that is true where `a` is false.
    pub fn not(&mut self, a: NodeId) -> Result<NodeId, Overflow> {
        self.ite(a, NodeId::FALSE, NodeId::TRUE)
    }

    /// The guard that is true where both guards are.
    pub fn and(&mut self, a: NodeId, b: NodeId) -> Result<NodeId, Overflow> {
        self.begin();
        self.connect(Connective::And, a, b)
    }

    /// The guard that is true where at least one of the guards is.
    pub fn or(&mut self, a: NodeId, b: NodeId) -> Result<NodeId, Overflow> {
        self.begin();
        self.connect(Connective::Or, a, b)
    }

    fn connect(&mut self, connective: Connective, a: NodeId, b: NodeId) -> Made {
        let (a, b) = (a.truth(), b.truth());
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        let absorbing = connective.absorbing();
        if a == absorbing || b == absorbing {
            return Ok(absorbing);
        }
        if a == b || b == connective.identity() {
            return Ok(a);
        }
        // Terminals order after inner nodes, so `a` is inner and only `b` could be the identity.
        if let Some(made) = self.caches.of(connective).get(&(a, b)) {
            return Ok(*made);
        }
        let level = self.table.level(a).min(self.table.level(b));
        let made = self.expand(level, |diagram, value| {
            let x = diagram.table.cofactor_at(a, level, value);
            let y = diagram.table.cofactor_at(b, level, value);
            diagram.connect(connective, x, y)
        })?;
        self.caches.of(connective).insert((a, b), made);
        Ok(made)
    }

    /// The function that is `then` where the guard `condition` is true and `otherwise` elsewhere.
    ///
    /// A terminal of `condition` other than 0 counts as true.
    pub fn ite(
        &mut self,
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
    ) -> Result<NodeId, Overflow> {
        self.begin();
        self.ite_at(condition, then, otherwise)
    }

    fn ite_at(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId) -> Made {
        if then == otherwise || condition == NodeId::FALSE {
            return Ok(otherwise);
        }
        if condition.is_terminal() {
            return Ok(then);
        }
        let key = (condition, then, otherwise);
        if let Some(made) = self.caches.ite.get(&key) {
            return Ok(*made);
        }
        let level = [condition, then, otherwise].map(|id| self.table.level(id));
        let level = level[0].min(level[1]).min(level[2]);
        let made = self.expand(level, |diagram, value| {
            let [c, t, e] = [condition, then, otherwise]
                .map(|operand| diagram.table.cofactor_at(operand, level, value));
            diagram.ite_at(c, t, e)
        })?;
        self.caches.ite.insert(key, made);
        Ok(made)
    }

    /// The function whose terminals are those of `a` passed through `op`.
    ///
    /// `op` must be a function of its argument; it may be called more than once with the same one.
    pub fn map(&mut self, a: NodeId, op: &mut dyn FnMut(u32) -> u32) -> Result<NodeId, Overflow> {
        self.begin();
        self.map_at(a, op, &mut FastMap::default())
    }

    fn map_at(
        &mut self,
        a: NodeId,
        op: &mut dyn FnMut(u32) -> u32,
        done: &mut FastMap<NodeId, NodeId>,
    ) -> Made {
        if let Some(made) = done.get(&a) {
            return Ok(*made);
        }
        let made = if let Some(payload) = self.table.payload(a) {
            self.table.terminal(op(payload))
        } else {
            let level = self.table.level(a);
            self.expand(level, |diagram, value| {
                let child = diagram.table.cofactor_at(a, level, value);
                diagram.map_at(child, op, done)
            })?
        };
        done.insert(a, made);
        Ok(made)
    }

    /// The function that goes on as `onward` of the terminal that `a` ends at.
    ///
    /// Meant for functions below every variable of `a` in the order, where it costs one lookup a
    /// node; other functions are right and cost more.
    pub(crate) fn graft(
        &mut self,
        a: NodeId,
        onward: &dyn Fn(u32) -> NodeId,
    ) -> Result<NodeId, Overflow> {
        self.begin();
        self.graft_at(a, onward, &mut FastMap::default())
    }

    fn graft_at(
        &mut self,
        a: NodeId,
        onward: &dyn Fn(u32) -> NodeId,
        done: &mut FastMap<NodeId, NodeId>,
    ) -> Made {
        if let Some(payload) = self.table.payload(a) {
            return Ok(onward(payload));
        }
        if let Some(made) = done.get(&a) {
            return Ok(*made);
        }
        let level = self.table.level(a);
        let mut branches = Vec::with_capacity(self.arity_at(level));
        for value in 0..self.arity_at(level) {
            let child = self.table.cofactor_at(a, level, value);
            branches.push(self.graft_at(child, onward, done)?);
        }
        let made = self.select_at(level, branches.into(), &mut FastMap::default())?;
        done.insert(a, made);
        Ok(made)
    }

    /// The function that combines the terminals of `a` and `b` pointwise with `op`: Bryant's
    /// *apply* for any operator.
    ///
    /// `op` must be a function of its arguments.
    pub fn map2(
        &mut self,
        a: NodeId,
        b: NodeId,
        op: &mut dyn FnMut(u32, u32) -> u32,
    ) -> Result<NodeId, Overflow> {
        self.begin();
        self.map2_at(a, b, op, &mut FastMap::default())
    }

    fn map2_at(
        &mut self,
        a: NodeId,
        b: NodeId,
        op: &mut dyn FnMut(u32, u32) -> u32,
        done: &mut FastMap<(NodeId, NodeId), NodeId>,
    ) -> Made {
        if let Some(made) = done.get(&(a, b)) {
            return Ok(*made);
        }
        let made = if let (Some(x), Some(y)) = (self.table.payload(a), self.table.payload(b)) {
            self.table.terminal(op(x, y))
        } else {
            let level = self.table.level(a).min(self.table.level(b));
            self.expand(level, |diagram, value| {
                let x = diagram.table.cofactor_at(a, level, value);
                let y = diagram.table.cofactor_at(b, level, value);
                diagram.map2_at(x, y, op, done)
            })?
        };
        done.insert((a, b), made);
        Ok(made)
    }

    /// Eliminates `variable`: combines the terminals `a` has at each of its values with `op`.
    ///
    /// `op` sees one terminal for each value, in the order of the values, also where `a` does not
    /// depend on the variable, and must be a function of them. With "any" and "all" it quantifies;
    /// with "agree or unsettled" it decides under every reading of an open term.
    pub fn merge_over(
        &mut self,
        a: NodeId,
        variable: Variable,
        op: &mut dyn FnMut(&[u32]) -> u32,
    ) -> Result<NodeId, Overflow> {
        self.begin();
        let mut merge = Merge {
            level: self.level_of(variable),
            arity: usize::from(self.arity(variable)),
            op,
            above: FastMap::default(),
            merged: FastMap::default(),
        };
        self.merge_above(a, &mut merge)
    }

    fn merge_above(&mut self, a: NodeId, merge: &mut Merge<'_>) -> Made {
        if let Some(made) = merge.above.get(&a) {
            return Ok(*made);
        }
        let level = self.table.level(a);
        let made = if level < merge.level {
            self.expand(level, |diagram, value| {
                let child = diagram.table.cofactor_at(a, level, value);
                diagram.merge_above(child, merge)
            })?
        } else {
            let cofactors = (0..merge.arity)
                .map(|value| self.table.cofactor_at(a, merge.level, value))
                .collect();
            self.merge_at(cofactors, merge)?
        };
        merge.above.insert(a, made);
        Ok(made)
    }

    fn merge_at(&mut self, operands: Box<[NodeId]>, merge: &mut Merge<'_>) -> Made {
        if let Some(made) = merge.merged.get(&operands) {
            return Ok(*made);
        }
        let payloads: Option<Vec<u32>> =
            operands.iter().map(|operand| self.table.payload(*operand)).collect();
        let made = if let Some(payloads) = payloads {
            self.table.terminal((merge.op)(&payloads))
        } else {
            let level = self.level_top(&operands);
            self.expand(level, |diagram, value| {
                let cofactors = diagram.cofactors_at(&operands, level, value);
                diagram.merge_at(cofactors, merge)
            })?
        };
        merge.merged.insert(operands, made);
        Ok(made)
    }

    /// The function that goes on as the branch of the value `variable` has, wherever the branches
    /// lie in the order. There is one branch for each value.
    pub(super) fn select(&mut self, variable: Variable, branches: Box<[NodeId]>) -> Made {
        self.select_at(self.level_of(variable), branches, &mut FastMap::default())
    }

    fn select_at(
        &mut self,
        level: u32,
        branches: Box<[NodeId]>,
        done: &mut FastMap<Box<[NodeId]>, NodeId>,
    ) -> Made {
        let level_top = self.level_top(&branches);
        if level_top >= level {
            return self.expand(level, |diagram, value| {
                Ok(diagram.table.cofactor_at(branches[value], level, value))
            });
        }
        if let Some(made) = done.get(&branches) {
            return Ok(*made);
        }
        let made = self.expand(level_top, |diagram, value| {
            let cofactors = diagram.cofactors_at(&branches, level_top, value);
            diagram.select_at(level, cofactors, done)
        })?;
        done.insert(branches, made);
        Ok(made)
    }

    fn level_top(&self, operands: &[NodeId]) -> u32 {
        operands.iter().map(|operand| self.table.level(*operand)).min().unwrap_or(u32::MAX)
    }

    fn cofactors_at(&self, operands: &[NodeId], level: u32, value: usize) -> Box<[NodeId]> {
        operands.iter().map(|operand| self.table.cofactor_at(*operand, level, value)).collect()
    }

    /// The function `a` becomes once `variable` is known to have this value.
    pub fn cofactor(
        &mut self,
        a: NodeId,
        variable: Variable,
        value: u16,
    ) -> Result<NodeId, Overflow> {
        let level_last = self.level_of(variable);
        self.narrow(a, level_last, &|tested, candidate| {
            if tested == variable { usize::from(value) } else { candidate }
        })
    }

    /// The function `a` becomes once the given variables are known; `assignment` is indexed by
    /// variable, and what it leaves out or does not reach stays open.
    pub fn restrict(&mut self, a: NodeId, assignment: &[Option<u16>]) -> Result<NodeId, Overflow> {
        let known = |variable: Variable| assignment.get(variable.0 as usize).copied().flatten();
        let level_last = self.level_of_last(|variable| known(variable).is_some());
        self.narrow(a, level_last, &|variable, value| known(variable).map_or(value, usize::from))
    }

    /// A function equal to `a` wherever every variable has an allowed value, the same one for all
    /// functions that agree there; `allowed` is indexed by variable and then by value.
    ///
    /// A disallowed value goes the way of the first allowed one, so tests that only tell disallowed
    /// values apart vanish: the care-set restriction of Coudert and Madre (1990) for a care set
    /// that is a product. A variable with no entry, or with no value allowed, is unconstrained.
    pub fn constrain_sets(
        &mut self,
        a: NodeId,
        allowed: &[Option<Vec<bool>>],
    ) -> Result<NodeId, Overflow> {
        let set = |variable: Variable| allowed.get(variable.0 as usize).and_then(Option::as_ref);
        let level_last = self.level_of_last(|variable| set(variable).is_some());
        let firsts: Vec<Option<usize>> = (0..self.variable_count())
            .map(|index| {
                let variable = Variable(index as u32);
                let values = set(variable)?.iter().take(usize::from(self.arity(variable)));
                values.into_iter().position(|allowed| *allowed)
            })
            .collect();
        self.narrow(a, level_last, &|variable, value| {
            let first = firsts.get(variable.0 as usize).copied().flatten();
            match (set(variable), first) {
                (Some(set), Some(first)) if !set.get(value).is_some_and(|ok| *ok) => first,
                _ => value,
            }
        })
    }

    /// The lowest level with a variable that satisfies `matches`; 0 if there is none.
    fn level_of_last(&self, matches: impl Fn(Variable) -> bool) -> u32 {
        self.order.iter().rposition(|variable| matches(*variable)).unwrap_or(0) as u32
    }

    fn narrow(
        &mut self,
        a: NodeId,
        level_last: u32,
        stand_in: &dyn Fn(Variable, usize) -> usize,
    ) -> Made {
        self.begin();
        self.narrow_at(a, &mut Narrowing { level_last, stand_in, done: FastMap::default() })
    }

    fn narrow_at(&mut self, a: NodeId, narrowing: &mut Narrowing<'_>) -> Made {
        let level = self.table.level(a);
        if a.is_terminal() || level > narrowing.level_last {
            return Ok(a);
        }
        if let Some(made) = narrowing.done.get(&a) {
            return Ok(*made);
        }
        let variable = self.order[level as usize];
        let value_last = self.arity_at(level) - 1;
        let made = self.expand(level, |diagram, value| {
            let value = (narrowing.stand_in)(variable, value).min(value_last);
            let child = diagram.table.cofactor_at(a, level, value);
            diagram.narrow_at(child, narrowing)
        })?;
        narrowing.done.insert(a, made);
        Ok(made)
    }
}
