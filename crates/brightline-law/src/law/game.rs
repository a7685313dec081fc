//! What is still open, made small for planning: the residual with one answer for all values that
//! differ nowhere, and with every cofactor remembered.
//!
//! A plan asks what is left after each answer to each question, in every order, so the same few
//! cofactors are met thousands of times. Of seventy counts of a list often two answers remain.

use super::residual::Residual;
use crate::diagram::{Diagram, FastMap, NodeId, Overflow, Variable};

/// So many positions may arise while one request is planned.
const POSITION_COUNT_MAX: usize = 1 << 18;
/// The level of what is an end: below all others.
const LEVEL_END: u32 = u32::MAX;
const WORD_BITS: u32 = u64::BITS;

/// What is open after some answers; equal exactly if the same is left to be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Position(u32);

#[derive(Clone, Copy)]
struct Node {
    level: u32,
    first_child: usize,
    /// An answer of the law that it can end at; 0 where it cannot be at all.
    end: u32,
    /// It can end at another, too.
    open: bool,
    /// Some ways to go on cannot be.
    gaps: bool,
}

/// The positions of one residual; its questions are levels, in the order of the residual.
pub(super) struct Game {
    variables: Vec<Variable>,
    /// Answers at each level.
    arities: Vec<u32>,
    nodes: Vec<Node>,
    children: Vec<Position>,
    /// The levels each node depends on, `stride` words a node.
    support: Vec<u64>,
    stride: usize,
    unique: FastMap<Box<[u32]>, Position>,
    after: FastMap<(Position, u32, u32), Position>,
    differ: FastMap<(Position, Position), bool>,
    /// A stack of nodes under construction: the level, then the children.
    pending: Vec<u32>,
}

impl Game {
    /// The game of a residual, and where it starts.
    pub(super) fn of(residual: &Residual) -> Result<(Self, Position), Overflow> {
        let diagram = &residual.diagram;
        let variables = diagram.support(residual.root);
        let answers = Answers::of(diagram, residual.root, &variables);
        let mut game = Self {
            stride: variables.len().div_ceil(WORD_BITS as usize).max(1),
            arities: answers.shown.iter().map(|shown| shown.len() as u32).collect(),
            variables,
            nodes: Vec::new(),
            children: Vec::new(),
            support: Vec::new(),
            unique: FastMap::default(),
            after: FastMap::default(),
            differ: FastMap::default(),
            pending: Vec::new(),
        };
        let mut made = FastMap::default();
        let root = game.import(diagram, residual.root, &answers, &mut made)?;
        Ok((game, root))
    }

    fn import(
        &mut self,
        diagram: &Diagram,
        id: NodeId,
        answers: &Answers,
        made: &mut FastMap<NodeId, Position>,
    ) -> Result<Position, Overflow> {
        if let Some(position) = made.get(&id) {
            return Ok(*position);
        }
        let position = match diagram.test(id) {
            None => self.end(diagram.payload(id).unwrap_or(0))?,
            Some((variable, children)) => {
                let level = answers.level(variable);
                let shown = answers.shown.get(level as usize).map_or(&[][..], Vec::as_slice);
                let start = self.open(level);
                for value in shown {
                    let child = children.get(*value).copied().unwrap_or(NodeId::FALSE);
                    let child = self.import(diagram, child, answers, made)?;
                    self.pending.push(child.0);
                }
                self.close(start)?
            }
        };
        made.insert(id, position);
        Ok(position)
    }

    /// The variables of the residual, level by level.
    pub(super) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Whether nothing that can still be found out changes the answer.
    pub(super) fn is_settled(&self, position: Position) -> bool {
        !self.node(position).open
    }

    /// The levels that can still change the answer, among ways to go on that can be.
    pub(super) fn asked(&mut self, position: Position) -> Vec<u32> {
        let mut levels: Vec<u32> = self.rests_on(position).collect();
        if self.node(position).gaps {
            levels.retain(|level| self.matters(position, *level));
        }
        levels
    }

    /// The levels that a position depends on, possible or not.
    pub(super) fn rests_on(&self, position: Position) -> impl Iterator<Item = u32> {
        (0..self.variables.len() as u32).filter(move |level| self.rests(position, *level))
    }

    /// What is left after each answer at a level that can be.
    pub(super) fn answers(
        &mut self,
        position: Position,
        level: u32,
    ) -> Result<Vec<Position>, Overflow> {
        let mut left = Vec::new();
        for answer in 0..self.arities.get(level as usize).copied().unwrap_or(0) {
            let after = self.after(position, level, answer)?;
            if self.node(after).end != 0 {
                left.push(after);
            }
        }
        Ok(left)
    }

    fn after(&mut self, from: Position, level: u32, answer: u32) -> Result<Position, Overflow> {
        let node = self.node(from);
        if node.level > level || !self.rests(from, level) {
            return Ok(from);
        }
        if node.level == level {
            return Ok(self.child(&node, answer));
        }
        let key = (from, level, answer);
        if let Some(position) = self.after.get(&key) {
            return Ok(*position);
        }
        let start = self.open(node.level);
        for own in 0..self.arities.get(node.level as usize).copied().unwrap_or(0) {
            let child = self.child(&node, own);
            let child = self.after(child, level, answer)?;
            self.pending.push(child.0);
        }
        let position = self.close(start)?;
        self.after.insert(key, position);
        Ok(position)
    }

    /// Whether two answers at a level lead to different ends, the rest being the same.
    fn matters(&mut self, position: Position, level: u32) -> bool {
        let arity = self.arities.get(level as usize).copied().unwrap_or(0);
        let left: Vec<Position> =
            (0..arity).filter_map(|answer| self.after(position, level, answer).ok()).collect();
        let mut pairs = left.iter().enumerate().flat_map(|(at, a)| {
            left.get(at + 1..).unwrap_or_default().iter().map(move |b| (*a, *b))
        });
        left.len() < arity as usize || pairs.any(|(a, b)| self.differ(a, b))
    }

    /// Whether the two end differently on some way that can be for both.
    fn differ(&mut self, a: Position, b: Position) -> bool {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        let (left, right) = (self.node(a), self.node(b));
        if a == b || left.end == 0 || right.end == 0 {
            return false;
        }
        if !left.gaps && !right.gaps {
            return true;
        }
        let level = left.level.min(right.level);
        if level == LEVEL_END || (!left.open && !right.open && left.end == right.end) {
            return left.end != right.end;
        }
        if let Some(known) = self.differ.get(&(a, b)) {
            return *known;
        }
        let arity = self.arities.get(level as usize).copied().unwrap_or(0);
        let found = (0..arity).any(|answer| {
            let side = |game: &Self, position: Position, node: &Node| match node.level == level {
                true => game.child(node, answer),
                false => position,
            };
            let (a, b) = (side(self, a, &left), side(self, b, &right));
            self.differ(a, b)
        });
        self.differ.insert((a, b), found);
        found
    }

    fn node(&self, position: Position) -> Node {
        let nowhere = Node { level: LEVEL_END, first_child: 0, end: 0, open: false, gaps: true };
        self.nodes.get(position.0 as usize).copied().unwrap_or(nowhere)
    }

    fn child(&self, node: &Node, answer: u32) -> Position {
        let place = node.first_child + answer as usize;
        self.children.get(place).copied().unwrap_or(Position(u32::MAX))
    }

    fn rests(&self, position: Position, level: u32) -> bool {
        let place = position.0 as usize * self.stride + (level / WORD_BITS) as usize;
        self.support.get(place).is_some_and(|word| word >> (level % WORD_BITS) & 1 == 1)
    }

    fn open(&mut self, level: u32) -> usize {
        self.pending.push(level);
        self.pending.len() - 1
    }

    /// The end with this answer of the law; 0 is what cannot be.
    fn end(&mut self, payload: u32) -> Result<Position, Overflow> {
        let start = self.open(LEVEL_END);
        self.pending.push(payload);
        self.close(start)
    }

    /// Makes the node whose level and children are pending from `start`.
    fn close(&mut self, start: usize) -> Result<Position, Overflow> {
        let position = self.intern(start);
        self.pending.truncate(start);
        position
    }

    fn intern(&mut self, start: usize) -> Result<Position, Overflow> {
        let key = self.pending.get(start..).unwrap_or_default();
        let (Some((&level, children)), next) = (key.split_first(), self.nodes.len()) else {
            return Err(Overflow { node_count_max: POSITION_COUNT_MAX });
        };
        let inner = level != LEVEL_END;
        if let (true, Some(first)) = (inner, children.first())
            && children.iter().all(|child| child == first)
        {
            return Ok(Position(*first));
        }
        if let Some(position) = self.unique.get(key) {
            return Ok(*position);
        }
        if next >= POSITION_COUNT_MAX {
            return Err(Overflow { node_count_max: POSITION_COUNT_MAX });
        }
        let first_child = self.children.len();
        let mut node = Node { level, first_child, end: 0, open: false, gaps: false };
        let mut support = vec![0u64; self.stride];
        if let (true, Some(word)) = (inner, support.get_mut((level / WORD_BITS) as usize)) {
            *word |= 1 << (level % WORD_BITS);
        }
        for child in children.iter().copied() {
            let below = match inner {
                true => self.node(Position(child)),
                false => Node { end: child, gaps: child == 0, ..node },
            };
            node.gaps |= below.gaps;
            node.open |= below.open || (node.end != 0 && below.end != 0 && node.end != below.end);
            node.end = if node.end == 0 { below.end } else { node.end };
            if inner {
                let own = child as usize * self.stride;
                let words = self.support.get(own..own + self.stride).unwrap_or_default();
                support.iter_mut().zip(words).for_each(|(all, own)| *all |= own);
            }
        }
        let position = Position(next as u32);
        if inner {
            self.children.extend(children.iter().map(|child| Position(*child)));
        }
        self.unique.insert(key.into(), position);
        self.nodes.push(node);
        self.support.extend(support);
        Ok(position)
    }
}

/// Which values of each variable stand for answers that differ somewhere.
struct Answers {
    /// The level of each variable, by its index.
    levels: Vec<u32>,
    /// The first value of each answer, level by level.
    shown: Vec<Vec<usize>>,
}

impl Answers {
    fn of(diagram: &Diagram, root: NodeId, variables: &[Variable]) -> Self {
        let mut levels = vec![LEVEL_END; diagram.variable_count()];
        for (level, variable) in (0u32..).zip(variables) {
            if let Some(place) = levels.get_mut(variable.0 as usize) {
                *place = level;
            }
        }
        let classes =
            variables.iter().map(|variable| vec![0; usize::from(diagram.arity(*variable))]);
        let mut classes: Vec<Vec<u32>> = classes.collect();
        for id in diagram.met(root) {
            let Some((variable, children)) = diagram.test(id) else {
                continue;
            };
            let level = levels.get(variable.0 as usize).copied().unwrap_or(LEVEL_END);
            let Some(classes) = classes.get_mut(level as usize) else {
                continue;
            };
            let mut finer: FastMap<(u32, NodeId), u32> = FastMap::default();
            for (class, child) in classes.iter_mut().zip(children) {
                let next = finer.len() as u32;
                *class = *finer.entry((*class, *child)).or_insert(next);
            }
        }
        let shown = classes.into_iter().map(|classes| {
            let mut firsts: Vec<usize> = Vec::new();
            for (value, class) in classes.into_iter().enumerate() {
                if class as usize == firsts.len() {
                    firsts.push(value);
                }
            }
            firsts
        });
        Self { shown: shown.collect(), levels }
    }

    fn level(&self, variable: Variable) -> u32 {
        self.levels.get(variable.0 as usize).copied().unwrap_or(LEVEL_END)
    }
}
