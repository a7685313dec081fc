//! Many cases at once: rows as bits, 512 to a block, so that one pass over a function decides all
//! rows of a block, also where facts are unknown.
//!
//! For each variable and value a bitmap says in which rows the value is possible; an unknown fact
//! has several. Rows flow from the root down: `reach[child] |= reach[node] & bitmap`. What arrives
//! at a terminal are the rows that can end there. No step branches on data or allocates, and the
//! eight-word loops become vector instructions.

use std::ops::Range;

use super::flat::Target;
use super::{Flat, Variable};

/// Words to a block of rows.
const BLOCK_WORDS: usize = 8;
/// Rows to a block.
const BLOCK_ROWS: usize = BLOCK_WORDS * 64;
/// The plane that has a bit for every row there is.
const PLANE_ROWS: usize = 0;

/// The rows of one block, one bit each; row `r` of the block is bit `r % 64` of word `r / 64`.
type Block = [u64; BLOCK_WORDS];

/// Facts of many rows as bitmaps.
///
/// A fact that was never set is unknown: all its values are possible. So is every variable a
/// function tests and these columns do not have.
#[derive(Clone, Debug)]
pub struct Columns {
    row_count: usize,
    /// By variable index: its first plane and how many values it has.
    planes: Vec<Option<(usize, usize)>>,
    plane_count: usize,
    /// Block by block, each with one `Block` for every plane, so that a pass over a function stays
    /// in one small piece of memory.
    blocks: Vec<Block>,
}

/// One way down: rows at `from` for which `plane` is possible go on to `to`.
#[derive(Clone, Copy)]
struct Edge {
    from: u32,
    to: u32,
    plane: u32,
}

/// A function bound to planes: reach slots are the terminals, then the nodes in order.
pub(crate) struct Plan {
    edges: Vec<Edge>,
    slot_root: usize,
    slot_count: usize,
    terminal_count: usize,
}

impl Columns {
    /// Columns for these variables, each with its number of values, with every fact unknown.
    #[must_use]
    pub fn new(row_count: usize, variables: &[(Variable, u16)]) -> Self {
        let mut planes = Vec::new();
        let mut plane_count = PLANE_ROWS + 1;
        for (variable, arity) in variables {
            let index = variable.0 as usize;
            if index >= planes.len() {
                planes.resize(index + 1, None);
            }
            if planes[index].is_none() {
                planes[index] = Some((plane_count, usize::from(*arity)));
                plane_count += usize::from(*arity);
            }
        }
        let mut blocks = Vec::with_capacity(row_count.div_ceil(BLOCK_ROWS) * plane_count);
        for first_row in (0..row_count).step_by(BLOCK_ROWS) {
            let rows = rows_from(first_row, row_count);
            blocks.extend(std::iter::repeat_n(rows, plane_count));
        }
        Self { row_count, planes, plane_count, blocks }
    }

    /// Columns for the variables one function tests.
    #[must_use]
    pub fn for_flat(row_count: usize, flat: &Flat) -> Self {
        let variables = flat.variables();
        let variables: Vec<(Variable, u16)> =
            variables.iter().map(|(index, arity)| (Variable(*index), *arity)).collect();
        Self::new(row_count, &variables)
    }

    /// Columns of yes-or-no facts from ready bitmaps: for each variable the rows where it may be
    /// false and the rows where it may be true; a row in both is unknown.
    ///
    /// Row `r` is bit `r % 64` of word `r / 64`; words missing at the end are zero.
    #[must_use]
    pub fn from_bitmaps(row_count: usize, bitmaps: &[(Variable, &[u64], &[u64])]) -> Self {
        let variables: Vec<(Variable, u16)> =
            bitmaps.iter().map(|(variable, _, _)| (*variable, 2)).collect();
        let mut columns = Self::new(row_count, &variables);
        for (variable, may_be_false, may_be_true) in bitmaps {
            columns.set_bitmap(*variable, 0, may_be_false);
            columns.set_bitmap(*variable, 1, may_be_true);
        }
        columns
    }

    /// Replaces the bitmap of one value: the rows where it is possible.
    pub fn set_bitmap(&mut self, variable: Variable, value: u16, words: &[u64]) {
        let Some((plane, arity)) = self.plane_of(variable) else {
            return;
        };
        if usize::from(value) >= arity {
            return;
        }
        let mut words = words.chunks(BLOCK_WORDS);
        for block in self.blocks.chunks_exact_mut(self.plane_count) {
            let chunk = words.next().unwrap_or(&[]);
            let rows = block[PLANE_ROWS];
            for (word, bits) in block[plane + usize::from(value)].iter_mut().enumerate() {
                *bits = chunk.get(word).copied().unwrap_or(0) & rows[word];
            }
        }
    }

    /// Records that in this row the variable has this value; a value past the last is the last.
    ///
    /// A row or variable the columns do not have is ignored, here and below.
    pub fn set(&mut self, row: usize, variable: Variable, value: u16) {
        let Some((_, arity)) = self.plane_of(variable) else {
            return;
        };
        let value = usize::from(value).min(arity.saturating_sub(1));
        self.set_possible(row, variable, |candidate| usize::from(candidate) == value);
    }

    /// Records that in this row any value of the variable is possible.
    pub fn set_unknown(&mut self, row: usize, variable: Variable) {
        self.set_possible(row, variable, |_| true);
    }

    /// Records which values of the variable are possible in this row. Where none is, the row ends
    /// nowhere as soon as the fact matters.
    pub fn set_possible(&mut self, row: usize, variable: Variable, possible: impl Fn(u16) -> bool) {
        let Some((plane, arity)) = self.plane_of(variable) else {
            return;
        };
        if row >= self.row_count {
            return;
        }
        let first = row / BLOCK_ROWS * self.plane_count + plane;
        let (word, bit) = (row % BLOCK_ROWS / 64, row % 64);
        for (value, block) in (0u16..).zip(&mut self.blocks[first..first + arity]) {
            let is_possible = u64::from(possible(value));
            block[word] = block[word] & !(1 << bit) | is_possible << bit;
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.row_count
    }

    /// How many blocks of 512 rows there are; the last may be partly empty.
    #[must_use]
    pub fn block_count(&self) -> usize {
        self.row_count.div_ceil(BLOCK_ROWS)
    }

    fn plane_of(&self, variable: Variable) -> Option<(usize, usize)> {
        self.planes.get(variable.0 as usize).copied().flatten()
    }
}

/// The bits of the rows there are in the block that starts at `first_row`.
fn rows_from(first_row: usize, row_count: usize) -> Block {
    std::array::from_fn(|word| {
        let left = row_count.saturating_sub(first_row + word * 64);
        if left >= 64 { u64::MAX } else { (1 << left) - 1 }
    })
}

impl Plan {
    /// Binds a function to planes: plane 0 has a bit for every row there is, and `plane_of` gives
    /// for a variable its first plane and how many values it has. Without a plane all its values
    /// are possible.
    pub(crate) fn new(flat: &Flat, plane_of: impl Fn(Variable) -> Option<(usize, usize)>) -> Self {
        let terminal_count = flat.terminals().len();
        let offsets: Vec<u32> = flat.nodes().map(|node| node.offset).collect();
        let slot_of = |target| match target {
            Target::Terminal(index) => index,
            Target::Node(offset) => {
                terminal_count + offsets.partition_point(|other| *other < offset)
            }
        };
        let mut edges = Vec::new();
        for (index, node) in flat.nodes().enumerate() {
            let from = (terminal_count + index) as u32;
            let last = node.children.len() - 1;
            let known = plane_of(Variable(node.variable));
            // Without a column every child is reached; with one, values past the last are the last.
            let (plane, step, count) =
                known.map_or((PLANE_ROWS, 0, last + 1), |(plane, arity)| (plane, 1, arity));
            for value in 0..count {
                let to = slot_of(node.children[value.min(last)].target()) as u32;
                edges.push(Edge { from, to, plane: (plane + step * value) as u32 });
            }
        }
        let slot_root = slot_of(flat.root());
        Self { edges, slot_root, slot_count: terminal_count + offsets.len(), terminal_count }
    }

    /// Lets the rows of one block flow down, and returns by terminal index the rows that can end
    /// there; `reach` is room for the work, and needs no content.
    pub(crate) fn flow<'r>(&self, planes: &[Block], reach: &'r mut Vec<Block>) -> &'r [Block] {
        reach.clear();
        reach.resize(self.slot_count, [0; BLOCK_WORDS]);
        reach[self.slot_root] = planes[PLANE_ROWS];
        for edge in &self.edges {
            let from = reach[edge.from as usize];
            let plane = &planes[edge.plane as usize];
            let to = &mut reach[edge.to as usize];
            for word in 0..BLOCK_WORDS {
                to[word] |= from[word] & plane[word];
            }
        }
        &reach[..self.terminal_count]
    }
}

impl Flat {
    /// Decides all rows: for each block, in order, `visit` gets the block's index and, by terminal
    /// index, the rows that can end there.
    ///
    /// A row in one terminal only is decided whatever its unknown facts are.
    pub fn determine_all(&self, columns: &Columns, visit: impl FnMut(usize, &[[u64; 8]])) {
        self.determine_blocks(columns, 0..columns.block_count(), visit);
    }

    /// As [`determine_all`](Self::determine_all) for some of the blocks, so that threads can share
    /// the rows out.
    pub fn determine_blocks(
        &self,
        columns: &Columns,
        blocks: Range<usize>,
        mut visit: impl FnMut(usize, &[[u64; 8]]),
    ) {
        let plan = Plan::new(self, |variable| columns.plane_of(variable));
        let mut reach = Vec::new();
        let planes = columns.blocks.chunks_exact(columns.plane_count).enumerate();
        for (block, planes) in planes.take(blocks.end).skip(blocks.start) {
            visit(block, plan.flow(planes, &mut reach));
        }
    }

    /// For each row the set of terminal indices it can end at, as bits; `None` where there are
    /// more than 64 terminals.
    #[must_use]
    pub fn possible_all(&self, columns: &Columns) -> Option<Vec<u64>> {
        if self.terminals().len() > 64 {
            return None;
        }
        let mut possible = vec![0u64; columns.row_count()];
        self.determine_all(columns, |block, terminals| {
            let rows = possible[block * BLOCK_ROWS..].chunks_mut(64);
            for (word, rows) in rows.take(BLOCK_WORDS).enumerate() {
                for (index, reached) in terminals.iter().enumerate() {
                    for (bit, row) in rows.iter_mut().enumerate() {
                        *row |= (reached[word] >> bit & 1) << index;
                    }
                }
            }
        });
        Some(possible)
    }
}
