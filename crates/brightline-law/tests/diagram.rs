//! Decision diagrams against truth tables: every operation on small random functions must give the
//! very node its table gives, and every question the answer a scan of the table gives.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::collections::{BTreeMap, BTreeSet};

use brightline_law::diagram::{Columns, Diagram, Flat, Forest, NodeId, Overflow, Variable};
use proptest::prelude::*;

const NODES: usize = 100_000;

/// A formula over variables by index; indices and values are reduced to what exists.
#[derive(Clone, Debug)]
enum Formula {
    Literal(usize, u16),
    Among(usize, Vec<bool>),
    Not(Box<Formula>),
    And(Box<Formula>, Box<Formula>),
    Or(Box<Formula>, Box<Formula>),
    Ite(Box<Formula>, Box<Formula>, Box<Formula>),
}

/// Variables of a test world with every assignment, the last variable changing fastest.
#[derive(Clone, Debug)]
struct World {
    arities: Vec<u16>,
}

impl World {
    fn diagram(&self) -> Diagram {
        let mut diagram = Diagram::new(NODES);
        for arity in &self.arities {
            diagram.add_variable(*arity);
        }
        diagram
    }

    fn assignments(&self) -> Vec<Vec<u16>> {
        let mut all = vec![Vec::new()];
        for arity in &self.arities {
            let extend =
                |row: Vec<u16>| (0..*arity).map(move |value| [&row[..], &[value]].concat());
            all = all.into_iter().flat_map(extend).collect();
        }
        all
    }

    fn table(&self, mut terminal: impl FnMut(&[u16]) -> u32) -> Vec<u32> {
        self.assignments().iter().map(|row| terminal(row)).collect()
    }

    /// The node of a table, built from the bottom by nothing but `node`.
    fn build(&self, diagram: &mut Diagram, table: &[u32]) -> NodeId {
        let mut layer: Vec<NodeId> = table.iter().map(|it| diagram.terminal(*it)).collect();
        for (index, arity) in self.arities.iter().enumerate().rev() {
            layer = layer
                .chunks(usize::from(*arity))
                .map(|children| diagram.node(Variable(index as u32), children).unwrap())
                .collect();
        }
        layer[0]
    }

    /// The table of a node, by nothing but `evaluate`.
    fn read(&self, diagram: &Diagram, id: NodeId) -> Vec<u32> {
        self.table(|row| diagram.evaluate(id, &mut |variable| row[variable.0 as usize]))
    }

    fn variable(&self, index: usize) -> Variable {
        Variable((index % self.arities.len()) as u32)
    }

    fn arity(&self, variable: Variable) -> u16 {
        self.arities[variable.0 as usize]
    }

    fn holds(&self, formula: &Formula, row: &[u16]) -> bool {
        let value = |index: &usize| row[self.variable(*index).0 as usize];
        match formula {
            Formula::Literal(index, wanted) => {
                value(index) == wanted % self.arity(self.variable(*index))
            }
            Formula::Among(index, set) => set.get(usize::from(value(index))) == Some(&true),
            Formula::Not(a) => !self.holds(a, row),
            Formula::And(a, b) => self.holds(a, row) && self.holds(b, row),
            Formula::Or(a, b) => self.holds(a, row) || self.holds(b, row),
            Formula::Ite(c, a, b) => self.holds(if self.holds(c, row) { a } else { b }, row),
        }
    }

    fn compile(&self, diagram: &mut Diagram, formula: &Formula) -> Result<NodeId, Overflow> {
        match formula {
            Formula::Literal(index, value) => {
                let variable = self.variable(*index);
                diagram.literal(variable, value % self.arity(variable))
            }
            Formula::Among(index, set) => diagram.literal_in(self.variable(*index), set),
            Formula::Not(a) => {
                let a = self.compile(diagram, a)?;
                diagram.not(a)
            }
            Formula::And(a, b) => {
                let (a, b) = (self.compile(diagram, a)?, self.compile(diagram, b)?);
                diagram.and(a, b)
            }
            Formula::Or(a, b) => {
                let (a, b) = (self.compile(diagram, a)?, self.compile(diagram, b)?);
                diagram.or(a, b)
            }
            Formula::Ite(c, a, b) => {
                let (c, a) = (self.compile(diagram, c)?, self.compile(diagram, a)?);
                let b = self.compile(diagram, b)?;
                diagram.ite(c, a, b)
            }
        }
    }
}

fn world() -> impl Strategy<Value = World> {
    prop::collection::vec(2u16..=4, 1..=6)
        .prop_filter("small", |arities| {
            arities.iter().map(|it| u32::from(*it)).product::<u32>() < 800
        })
        .prop_map(|arities| World { arities })
}

fn formula() -> impl Strategy<Value = Formula> {
    let leaf = prop_oneof![
        (0usize..6, 0u16..4).prop_map(|(index, value)| Formula::Literal(index, value)),
        (0usize..6, prop::collection::vec(any::<bool>(), 4))
            .prop_map(|(index, set)| Formula::Among(index, set)),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        let boxed = inner.prop_map(Box::new);
        prop_oneof![
            boxed.clone().prop_map(Formula::Not),
            (boxed.clone(), boxed.clone()).prop_map(|(a, b)| Formula::And(a, b)),
            (boxed.clone(), boxed.clone()).prop_map(|(a, b)| Formula::Or(a, b)),
            (boxed.clone(), boxed.clone(), boxed).prop_map(|(c, a, b)| Formula::Ite(c, a, b)),
        ]
    })
}

/// A world with a table of outcomes: three formulas choose among four terminals.
fn outcomes() -> impl Strategy<Value = (World, Vec<u32>)> {
    (world(), formula(), formula(), formula()).prop_map(|(world, a, b, c)| {
        let table = world.table(|row| {
            let bits = [&a, &b, &c].map(|formula| u32::from(world.holds(formula, row)));
            [10, 20, 30, 30, 20, 40, 10, 10][(bits[0] * 4 + bits[1] * 2 + bits[2]) as usize]
        });
        (world, table)
    })
}

/// For each variable which values are possible: never none.
fn possible() -> impl Strategy<Value = Vec<Vec<bool>>> {
    let set = prop::collection::vec(any::<bool>(), 4).prop_map(|mut set| {
        set[0] |= !set[1];
        set
    });
    prop::collection::vec(set, 6)
}

fn is_in(possible: &[Vec<bool>], row: &[u16]) -> bool {
    row.iter().zip(possible).all(|(value, set)| set[usize::from(*value)])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn formulas_are_canonical(world in world(), formula in formula()) {
        let mut diagram = world.diagram();
        let compiled = world.compile(&mut diagram, &formula).unwrap();
        let table = world.table(|row| u32::from(world.holds(&formula, row)));
        prop_assert_eq!(world.read(&diagram, compiled), table.clone());
        prop_assert_eq!(world.build(&mut diagram, &table), compiled);
        let twice = diagram.not(compiled).unwrap();
        prop_assert_eq!(diagram.not(twice).unwrap(), compiled);
    }

    #[test]
    fn apply_family_is_pointwise((world, table) in outcomes(), guard in formula()) {
        let mut diagram = world.diagram();
        let f = world.build(&mut diagram, &table);
        let condition = world.compile(&mut diagram, &guard).unwrap();
        let seven = diagram.terminal(7);
        let ite = diagram.ite(condition, f, seven).unwrap();
        let rows = world.assignments();
        let expected: Vec<u32> = rows.iter().zip(&table)
            .map(|(row, it)| if world.holds(&guard, row) { *it } else { 7 })
            .collect();
        prop_assert_eq!(world.build(&mut diagram, &expected), ite);

        let op = |a: u32, b: u32| a * 3 % 50 + b;
        let map2 = diagram.map2(f, ite, &mut |a, b| op(a, b)).unwrap();
        let expected: Vec<u32> = table.iter().zip(&expected).map(|(a, b)| op(*a, *b)).collect();
        prop_assert_eq!(world.build(&mut diagram, &expected), map2);

        let map = diagram.map(f, &mut |a| a / 20).unwrap();
        let expected: Vec<u32> = table.iter().map(|a| a / 20).collect();
        prop_assert_eq!(world.build(&mut diagram, &expected), map);
    }

    #[test]
    fn node_takes_children_from_anywhere((world, table) in outcomes(), index in 0usize..6) {
        let mut diagram = world.diagram();
        let f = world.build(&mut diagram, &table);
        let variable = world.variable(index);
        let cofactors: Vec<NodeId> = (0..world.arity(variable))
            .map(|value| diagram.cofactor(f, variable, value).unwrap())
            .collect();
        prop_assert!(cofactors.iter().all(|it| !diagram.support(*it).contains(&variable)));
        prop_assert_eq!(diagram.node(variable, &cofactors).unwrap(), f);
    }

    #[test]
    fn merging_combines_every_value((world, table) in outcomes(), index in 0usize..6) {
        let mut diagram = world.diagram();
        let f = world.build(&mut diagram, &table);
        let variable = world.variable(index);
        let op = |all: &[u32]| {
            if all.iter().all(|it| it == &all[0]) { all[0] } else { 90 + all.len() as u32 }
        };
        let merged = diagram.merge_over(f, variable, &mut |all| op(all)).unwrap();
        let at: BTreeMap<Vec<u16>, u32> = world.assignments().into_iter().zip(table).collect();
        let expected = world.table(|row| {
            let all = (0..world.arity(variable)).map(|value| {
                let mut row = row.to_vec();
                row[variable.0 as usize] = value;
                at[&row]
            });
            op(&all.collect::<Vec<u32>>())
        });
        prop_assert_eq!(world.build(&mut diagram, &expected), merged);

        // Also where the function does not depend on the variable, `op` sees every value.
        let sum = diagram.merge_over(merged, variable, &mut |all| all.iter().sum()).unwrap();
        let arity = u32::from(world.arity(variable));
        let expected: Vec<u32> = expected.iter().map(|it| it * arity).collect();
        prop_assert_eq!(world.build(&mut diagram, &expected), sum);
    }

    #[test]
    fn restriction_fixes_variables(
        (world, table) in outcomes(),
        known in prop::collection::vec(prop::option::of(0u16..4), 0..6),
    ) {
        let mut diagram = world.diagram();
        let f = world.build(&mut diagram, &table);
        let known: Vec<Option<u16>> = known.iter().zip(&world.arities)
            .map(|(value, arity)| value.map(|value| value % arity))
            .collect();
        let restricted = diagram.restrict(f, &known).unwrap();
        let at: BTreeMap<Vec<u16>, u32> = world.assignments().into_iter().zip(table).collect();
        let expected = world.table(|row| {
            let fixed = row.iter().enumerate()
                .map(|(index, value)| known.get(index).copied().flatten().unwrap_or(*value));
            at[&fixed.collect::<Vec<u16>>()]
        });
        prop_assert_eq!(world.build(&mut diagram, &expected), restricted);
    }

    #[test]
    fn constraining_keeps_only_what_is_allowed((world, table) in outcomes(), sets in possible()) {
        let mut diagram = world.diagram();
        let f = world.build(&mut diagram, &table);
        let allowed: Vec<Option<Vec<bool>>> = sets.iter().cloned().map(Some).collect();
        let rows = world.assignments();
        let hidden: Vec<u32> = rows.iter().zip(&table)
            .map(|(row, it)| if is_in(&sets, row) { *it } else { 77 })
            .collect();
        let g = world.build(&mut diagram, &hidden);
        let constrained = diagram.constrain_sets(f, &allowed).unwrap();
        prop_assert_eq!(diagram.constrain_sets(g, &allowed).unwrap(), constrained);
        for ((row, it), read) in rows.iter().zip(&table).zip(world.read(&diagram, constrained)) {
            prop_assert!(!is_in(&sets, row) || read == *it);
        }
    }

    #[test]
    fn questions_agree_with_the_table((world, table) in outcomes(), sets in possible()) {
        let mut diagram = world.diagram();
        let f = world.build(&mut diagram, &table);
        let rows = world.assignments();

        let support: Vec<Variable> = (0..world.arities.len() as u32).map(Variable)
            .filter(|variable| diagram.cofactor(f, *variable, 0).unwrap() != f)
            .collect();
        prop_assert_eq!(diagram.support(f), support.clone());

        let distinct: BTreeSet<u32> = table.iter().copied().collect();
        prop_assert_eq!(diagram.terminals(f), Vec::from_iter(distinct));
        let reachable: BTreeSet<u32> = rows.iter().zip(&table)
            .filter(|(row, _)| is_in(&sets, row))
            .map(|(_, it)| *it)
            .collect();
        let allowed = |v: Variable, value: u16| sets[v.0 as usize][usize::from(value)];
        prop_assert_eq!(diagram.reachable(f, &allowed), Vec::from_iter(reachable));

        let all: Vec<Variable> = (0..world.arities.len() as u32).map(Variable).collect();
        for wanted in [10, 20, 30, 40] {
            let count = table.iter().filter(|it| **it == wanted).count();
            prop_assert_eq!(diagram.sat_count(f, &|it| it == wanted, &all), count as u128);

            let cube = diagram.pick_cube(f, &|it| it == wanted);
            prop_assert_eq!(cube.is_some(), count > 0);
            let cubes = diagram.cubes(f, &|it| it == wanted, usize::MAX);
            let shortest = cubes.iter().map(|cube| cube.tests.len()).min();
            prop_assert_eq!(cube.as_ref().map(Vec::len), shortest);
            for (row, it) in rows.iter().zip(&table) {
                let covering = cubes.iter().filter(|cube| {
                    cube.tests.iter().all(|(v, values)| values.contains(&row[v.0 as usize]))
                });
                prop_assert_eq!(covering.count(), usize::from(*it == wanted));
                let picked = cube.iter().flatten().all(|(v, value)| row[v.0 as usize] == *value);
                prop_assert!(cube.is_none() || !picked || *it == wanted);
            }
            let first = diagram.cubes(f, &|it| it == wanted, 1);
            prop_assert_eq!(&first[..], &cubes[..cubes.len().min(1)]);
        }
    }

    #[test]
    fn orders_change_nothing_but_size(
        (world, table) in outcomes(),
        guard in formula(),
        shuffle in Just((0u32..6).map(Variable).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mut diagram = world.diagram();
        let f = world.build(&mut diagram, &table);
        let g = world.compile(&mut diagram, &guard).unwrap();
        let guard_table = world.read(&diagram, g);

        let mut roots = [f, g, f, NodeId::TRUE];
        diagram.reorder(&mut roots, &shuffle).unwrap();
        let known = |v: &&Variable| v.0 < world.arities.len() as u32;
        let order: Vec<Variable> = shuffle.iter().filter(known).copied().collect();
        prop_assert_eq!(diagram.order(), order);
        prop_assert_eq!(world.read(&diagram, roots[0]), table.clone());
        prop_assert_eq!(world.read(&diagram, roots[1]), guard_table.clone());
        prop_assert_eq!(world.compile(&mut diagram, &guard).unwrap(), roots[1]);

        let before = diagram.node_count(&roots);
        diagram.sift(&mut roots).unwrap();
        prop_assert!(diagram.node_count(&roots) <= before);
        prop_assert_eq!(diagram.node_count(&roots), diagram.node_count_total());
        prop_assert_eq!(world.read(&diagram, roots[0]), table.clone());
        prop_assert_eq!(world.read(&diagram, roots[1]), guard_table);
        prop_assert_eq!(roots[2], roots[0]);
        prop_assert_eq!(roots[3], NodeId::TRUE);
        // The sifted diagram is as canonical as any: building anew finds the same nodes.
        prop_assert_eq!(world.compile(&mut diagram, &guard).unwrap(), roots[1]);
        prop_assert_eq!(world.build(&mut diagram, &table), roots[0]);
        let order = diagram.order().to_vec();
        let (copy, copied) = diagram.transfer(&roots, &order).unwrap();
        prop_assert_eq!(copy.node_count_total(), diagram.node_count(&roots));
        prop_assert_eq!(world.read(&copy, copied[0]), table);
    }

    #[test]
    fn a_forest_reaches_what_some_case_reaches(
        (world, table) in outcomes(),
        guard in formula(),
        sets in prop::collection::vec(prop::option::of(0u64..16), 6),
    ) {
        let mut diagram = world.diagram();
        let f = world.build(&mut diagram, &table);
        let guard = world.compile(&mut diagram, &guard).unwrap();
        let holds = world.read(&diagram, guard);
        let forest = Forest::new(&diagram, &[f, guard]);
        // What is not told can be anything; sets of a variable may name values that it has not.
        let possible: Vec<u64> = sets.iter().map(|set| set.unwrap_or(u64::MAX)).collect();
        let rows = world.assignments();
        let fits = |row: &[u16]| row.iter().zip(&possible).all(|(it, set)| set >> it & 1 == 1);
        let within = |values: &[u32]| -> BTreeSet<u32> {
            rows.iter().zip(values).filter(|(row, _)| fits(row)).map(|(_, it)| *it).collect()
        };
        let mut ends = BTreeSet::new();
        let is_planted = forest.ends(f, &possible, |payload| {
            ends.insert(payload);
            true
        });
        prop_assert!(is_planted);
        // A set of no value counts only where the function asks for it.
        if sets.iter().all(|set| *set != Some(0)) && rows.iter().any(|row| fits(row)) {
            prop_assert_eq!(ends, within(&table));
            let mask = forest.masks(guard, &possible, &mut Vec::new()).unwrap();
            prop_assert_eq!(mask, within(&holds).iter().fold(0, |mask, it| mask | 1 << it));
        }
    }

    #[test]
    fn flat_and_columns_agree_with_evaluate(
        (world, table) in outcomes(),
        facts in prop::collection::vec(prop::collection::vec(prop::option::of(0u16..4), 6), 1..700),
    ) {
        let mut diagram = world.diagram();
        let f = world.build(&mut diagram, &table);
        let flat = Flat::new(&diagram, f);
        prop_assert_eq!(flat.node_count(), diagram.node_count(&[f]));
        for (row, it) in world.assignments().iter().zip(&table) {
            prop_assert_eq!(flat.walk(|variable| row[variable as usize]), *it);
            prop_assert_eq!(flat.walk_known(|variable| Some(row[variable as usize])), Ok(*it));
        }

        let mut columns = Columns::for_flat(facts.len(), &flat);
        let arity = |index: usize| world.arities.get(index).copied().unwrap_or(1);
        for (row, facts) in facts.iter().enumerate() {
            for (index, fact) in facts.iter().enumerate() {
                let variable = Variable(index as u32);
                // What was there before must not show.
                columns.set(row, variable, 0);
                match fact {
                    Some(value) => columns.set(row, variable, value % arity(index)),
                    None => columns.set_unknown(row, variable),
                }
            }
        }
        let possible = flat.possible_all(&columns).unwrap();
        prop_assert_eq!(possible.len(), facts.len());
        for (facts, mask) in facts.iter().zip(possible) {
            let known = |index: usize| facts[index].map(|value| value % arity(index));
            let reachable = diagram.reachable(f, &|v, value| {
                known(v.0 as usize).is_none_or(|known| known == value)
            });
            let terminals = flat.terminals().iter().enumerate();
            let listed = terminals.filter(|(index, _)| mask >> index & 1 == 1).map(|(_, it)| *it);
            prop_assert_eq!(listed.collect::<Vec<_>>(), reachable.clone());
            match flat.walk_known(|variable| known(variable as usize)) {
                Ok(terminal) => prop_assert_eq!(reachable, vec![terminal]),
                Err(variable) => prop_assert_eq!(known(variable as usize), None),
            }
        }
    }
}

/// The guard whose size depends most on the order: pairs, all first halves above all second ones.
fn pairs(diagram: &mut Diagram, count: u32) -> Result<NodeId, Overflow> {
    let mut any = NodeId::FALSE;
    for index in 0..count {
        let (a, b) =
            (diagram.literal(Variable(index), 1)?, diagram.literal(Variable(index + count), 1)?);
        let both = diagram.and(a, b)?;
        any = diagram.or(any, both)?;
    }
    Ok(any)
}

fn binary_variables(node_count_max: usize, count: u32) -> Diagram {
    let mut diagram = Diagram::new(node_count_max);
    for _ in 0..count {
        diagram.add_variable(2);
    }
    diagram
}

#[test]
fn sifting_finds_the_linear_order_of_pairs() {
    let mut diagram = binary_variables(NODES, 20);
    let mut roots = [pairs(&mut diagram, 10).unwrap()];
    assert_eq!(diagram.node_count(&roots), 2046);
    diagram.sift(&mut roots).unwrap();
    assert_eq!(diagram.node_count(&roots), 20);
    assert_eq!(pairs(&mut diagram, 10).unwrap(), roots[0]);

    let mut again = binary_variables(NODES, 20);
    let mut roots = [pairs(&mut again, 10).unwrap()];
    again.sift(&mut roots).unwrap();
    assert_eq!(again.order(), diagram.order(), "sifting is deterministic");
}

#[test]
fn the_node_limit_is_an_error_and_leaves_the_diagram_whole() {
    let mut diagram = binary_variables(500, 20);
    assert_eq!(pairs(&mut diagram, 10), Err(Overflow { node_count_max: 500 }));
    assert!(diagram.node_count_total() <= 500);
    let (a, b) =
        (diagram.literal(Variable(0), 1).unwrap(), diagram.literal(Variable(10), 1).unwrap());
    let both = diagram.and(a, b).unwrap();
    assert_eq!(diagram.sat_count(both, &|it| it == 1, &[]), 1);
    let message = Overflow { node_count_max: 500 }.to_string();
    assert_eq!(message, "the decision diagram outgrew its limit of 500 nodes");
}

#[test]
fn work_is_limited_even_where_no_nodes_are_made() {
    // Two counters with coprime periods that ignore each other: their product has as many nodes as
    // pairs of counts, and an operator that is constant makes none of them.
    let mut diagram = Diagram::new(7_300);
    let variables: Vec<Variable> = (0..36).map(|_| diagram.add_variable(4)).collect();
    let mut counter = |period: usize, bit: usize| {
        let mut layer: Vec<NodeId> = (0..period).map(|it| diagram.terminal(it as u32)).collect();
        for variable in variables.iter().rev() {
            let shift = 1 + variable.0 as usize * 7;
            let next = |count: usize| {
                [0, 1, 2, 3].map(|value| layer[(count + (value >> bit & 1) * shift) % period])
            };
            layer = (0..period).map(|it| diagram.node(*variable, &next(it)).unwrap()).collect();
        }
        layer[0]
    };
    let (a, b) = (counter(100, 0), counter(101, 1));
    let before = diagram.node_count_total();
    let product = diagram.map2(a, b, &mut |_, _| 5);
    assert_eq!(product, Err(Overflow { node_count_max: 7_300 }));
    assert_eq!(diagram.node_count_total(), before);
}

#[test]
fn misuse_has_a_defined_meaning() {
    let mut diagram = Diagram::new(100);
    let v = diagram.add_variable(3);
    let one = diagram.add_variable(1);
    assert_eq!(diagram.literal(v, 3), Ok(NodeId::FALSE));
    assert_eq!(diagram.literal(one, 0), Ok(NodeId::TRUE));
    assert_eq!(diagram.literal(Variable(9), 0), Ok(NodeId::TRUE));
    let last = diagram.literal(v, 2).unwrap();
    assert_eq!(diagram.cofactor(last, v, 40), Ok(NodeId::TRUE));
    assert_eq!(diagram.cofactor(last, Variable(9), 0), Ok(last));
    assert_eq!(diagram.evaluate(last, &mut |_| 40), 1);
    assert_eq!(Flat::new(&diagram, last).walk(|_| 40), 1);
    let short = diagram.node(v, &[NodeId::FALSE, NodeId::TRUE]).unwrap();
    let positive = diagram.literal_in(v, &[false, true, true]).unwrap();
    assert_eq!(short, positive);
    assert_eq!(diagram.node(v, &[]), Ok(NodeId::FALSE));
    let nine = diagram.terminal(9);
    assert_eq!(diagram.and(nine, last), Ok(last));
    assert_eq!(
        diagram.merge_over(nine, Variable(9), &mut |all| all.len() as u32),
        Ok(NodeId::TRUE)
    );
    assert_eq!(diagram.constrain_sets(last, &[Some(vec![false; 3])]), Ok(last));
}

#[test]
fn counts_beyond_the_type_saturate() {
    let mut diagram = binary_variables(NODES, 200);
    let a = diagram.literal(Variable(0), 1).unwrap();
    let all: Vec<Variable> = (0..200).map(Variable).collect();
    assert_eq!(diagram.sat_count(a, &|it| it == 1, &all), u128::MAX);
    assert_eq!(diagram.sat_count(a, &|it| it == 1, &all[..100]), 1 << 99);
    assert_eq!(diagram.sat_count(NodeId::TRUE, &|it| it == 1, &all[..7]), 128);
}

#[test]
fn columns_take_ready_bitmaps_and_leave_the_rest_unknown() {
    let mut diagram = binary_variables(NODES, 3);
    let f = pairs(&mut diagram, 1).unwrap(); // variables 0 and 1
    let flat = Flat::new(&diagram, f);
    // Rows: both true; 0 false; 0 true and 1 unknown; nothing said (missing words).
    let columns = Columns::from_bitmaps(
        600,
        &[(Variable(0), &[0b0010], &[0b0101]), (Variable(1), &[0b0100], &[0b0111])],
    );
    let possible = flat.possible_all(&columns).unwrap();
    assert_eq!(possible[..4], [0b10, 0b01, 0b11, 0]);
    assert!(possible[4..].iter().all(|mask| *mask == 0));

    // No column for variable 1: it is unknown; a terminal root needs no column at all.
    let columns = Columns::from_bitmaps(2, &[(Variable(0), &[0b01], &[0b10])]);
    assert_eq!(flat.possible_all(&columns), Some(vec![0b01, 0b11]));
    let constant = Flat::new(&diagram, NodeId::TRUE);
    assert_eq!(constant.possible_all(&columns), Some(vec![1, 1]));
    let mut blocks = Vec::new();
    constant.determine_all(&columns, |block, terminals| blocks.push((block, terminals[0])));
    assert_eq!(blocks, [(0, [0b11, 0, 0, 0, 0, 0, 0, 0])]);
}

#[test]
fn blocks_can_be_shared_out() {
    let mut diagram = binary_variables(NODES, 2);
    let f = pairs(&mut diagram, 1).unwrap();
    let flat = Flat::new(&diagram, f);
    let columns = Columns::for_flat(2_000, &flat);
    assert_eq!((columns.row_count(), columns.block_count()), (2_000, 4));
    let mut seen = Vec::new();
    flat.determine_blocks(&columns, 1..3, |block, _| seen.push(block));
    flat.determine_blocks(&columns, 3..9, |block, terminals| {
        seen.push(block);
        let rows: u32 = terminals[1].iter().map(|word| word.count_ones()).sum();
        assert_eq!(rows, 2_000 - 3 * 512);
    });
    assert_eq!(seen, [1, 2, 3]);
}
