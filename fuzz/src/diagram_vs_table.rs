//! Every operation on diagrams does what it does on plain tables of values.

use brightline_law::diagram::{Diagram, Flat, NodeId, Overflow, Variable};

use crate::bytes::Choices;

const NODES_MAX: usize = 20_000;
const STEPS_MAX: usize = 40;

/// A function twice: as a diagram, and as one value for each assignment.
#[derive(Clone)]
struct Both {
    node: NodeId,
    table: Vec<u32>,
}

/// The variables with how many values each has.
struct Space {
    variables: Vec<(Variable, usize)>,
}

impl Space {
    fn size(&self) -> usize {
        self.variables.iter().map(|(_, arity)| arity).product()
    }

    /// The value of a variable in an assignment, which is a number in mixed radix.
    fn value(&self, assignment: usize, variable: usize) -> usize {
        let above: usize = self.variables[..variable].iter().map(|(_, arity)| arity).product();
        assignment / above % self.variables[variable].1
    }

    /// The assignment with one variable set.
    fn with(&self, assignment: usize, variable: usize, value: usize) -> usize {
        let above: usize = self.variables[..variable].iter().map(|(_, arity)| arity).product();
        assignment - self.value(assignment, variable) * above + value * above
    }
}

/// Checks one input.
pub fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let mut diagram = Diagram::new(NODES_MAX);
    let count = 1 + choices.below(6);
    let variables = (0..count).map(|_| {
        let arity = 2 + choices.below(3);
        (diagram.add_variable(arity as u16), arity)
    });
    let space = Space { variables: variables.collect() };
    let mut made = vec![constant(&mut diagram, &space, 0), constant(&mut diagram, &space, 1)];
    for _ in 0..STEPS_MAX {
        if choices.is_empty() {
            break;
        }
        let Ok(next) = step(&mut choices, &mut diagram, &space, &made) else {
            return;
        };
        check(&diagram, &space, &next);
        for other in &made {
            assert_eq!(other.node == next.node, other.table == next.table, "not canonical");
        }
        made.push(next);
    }
    check_order(&mut choices, &mut diagram, &space, &made);
}

fn constant(diagram: &mut Diagram, space: &Space, value: u32) -> Both {
    Both { node: diagram.terminal(value), table: vec![value; space.size()] }
}

fn step(
    choices: &mut Choices<'_>,
    diagram: &mut Diagram,
    space: &Space,
    made: &[Both],
) -> Result<Both, Overflow> {
    let operation = choices.below(6);
    let variable = choices.below(space.variables.len());
    let (name, arity) = space.variables[variable];
    let value = choices.below(arity);
    let [a, b, c] = [0; 3].map(|_| choices.one(made).clone());
    let table = |of: &dyn Fn(usize) -> u32| (0..space.size()).map(of).collect();
    let guard = |both: &Both| both.table.iter().all(|value| *value < 2);
    Ok(match operation {
        0 => Both {
            node: diagram.literal(name, value as u16)?,
            table: table(&|at| u32::from(space.value(at, variable) == value)),
        },
        1 if guard(&a) => Both { node: diagram.not(a.node)?, table: table(&|at| 1 - a.table[at]) },
        2 if guard(&a) && guard(&b) => Both {
            node: diagram.and(a.node, b.node)?,
            table: table(&|at| a.table[at] & b.table[at]),
        },
        3 if guard(&a) => Both {
            node: diagram.ite(a.node, b.node, c.node)?,
            table: table(&|at| {
                if a.table[at] == 1 { b.table[at] } else { c.table[at] }
            }),
        },
        4 => Both {
            node: diagram.map2(a.node, b.node, &mut |left, right| left * 3 % 7 + right % 5)?,
            table: table(&|at| a.table[at] * 3 % 7 + b.table[at] % 5),
        },
        _ => Both {
            node: diagram.cofactor(a.node, name, value as u16)?,
            table: table(&|at| a.table[space.with(at, variable, value)]),
        },
    })
}

/// Compares values, flat form, ends, support and counts with the table.
fn check(diagram: &Diagram, space: &Space, both: &Both) {
    let flat = Flat::new(diagram, both.node);
    for (at, expected) in both.table.iter().enumerate() {
        let value_of = |variable: Variable| space.value(at, variable.0 as usize) as u16;
        let found = diagram.evaluate(both.node, &mut |variable| value_of(variable));
        assert_eq!(found, *expected);
        assert_eq!(flat.walk(|variable| value_of(Variable(variable))), *expected);
    }
    let mut ends = both.table.clone();
    ends.sort_unstable();
    ends.dedup();
    assert_eq!(diagram.terminals(both.node), ends);
    let support = diagram.support(both.node);
    for (index, (variable, arity)) in space.variables.iter().enumerate() {
        let matters = (0..space.size()).any(|at| {
            (0..*arity).any(|value| both.table[space.with(at, index, value)] != both.table[at])
        });
        assert_eq!(support.contains(variable), matters, "support of {variable:?}");
    }
    let over: Vec<Variable> = space.variables.iter().map(|(variable, _)| *variable).collect();
    let counted = both.table.iter().filter(|value| **value == ends[0]).count() as u128;
    assert_eq!(diagram.sat_count(both.node, &|end| end == ends[0], &over), counted);
}

/// Another order of variables changes no function.
fn check_order(choices: &mut Choices<'_>, diagram: &mut Diagram, space: &Space, made: &[Both]) {
    let mut order = diagram.order().to_vec();
    for at in (1..order.len()).rev() {
        order.swap(at, choices.below(at + 1));
    }
    let mut roots: Vec<NodeId> = made.iter().map(|both| both.node).collect();
    if diagram.reorder(&mut roots, &order).is_err() || diagram.sift(&mut roots).is_err() {
        return;
    }
    for (node, both) in roots.into_iter().zip(made) {
        check(diagram, space, &Both { node, table: both.table.clone() });
    }
}
