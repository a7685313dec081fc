//! Where comparisons turn: the days and numbers at which what an unknown day or number leaves
//! possible changes.
//!
//! Days hang together where they are compared. Of a day that is compared with others of which
//! nothing is known either, the others are eliminated one by one (Fourier and Motzkin's way, exact
//! for whole numbers that are only compared): each chain of comparisons from something known makes
//! thresholds, and between two thresholds nothing changes, whatever the others turn out to be.

use super::Law;
use super::atom::{Atom, Values, day_of, threshold};
use super::formula::{Cut, Gap};
use super::roll::{FactValues, Roll, RowValues};
use crate::clock::Day;
use crate::facts::{Facts, Listed, Value};
use crate::ir::{AsOf, Corpus, Operand};

/// Months end on up to four different days.
const MONTH_ENDS: i32 = 4;
/// Records that are not listed are told apart as far as chains can lead through several of them.
const FURTHER_COUNT: usize = 2;

/// A day in a comparison: known, or of an operand; fields are told apart by the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Known(Day),
    Open(Operand, usize),
}

/// A comparison of two days, with what is known of the days not counted.
struct Link {
    left: Node,
    right: Node,
    gap: Gap,
    cuts: Vec<Cut>,
    excluded: Option<i64>,
}

/// All comparisons among which the thresholds of one operand are sought.
pub(crate) struct Points {
    links: Vec<Link>,
    /// Days of an operand at which something turns by itself.
    own: Vec<(Node, Day)>,
    /// Numbers at which something turns.
    numbers: Vec<(Operand, i64)>,
}

impl Points {
    /// Returns the comparisons of these atoms of a law and of these lists under what is known.
    pub(crate) fn of_request(
        law: &Law,
        corpus: &Corpus,
        facts: &Facts,
        (atoms, rolls): (&[&Atom], &[&Roll]),
    ) -> Self {
        let on = law.scope.at.on;
        let outer = FactValues { facts, on };
        let mut points = Self { links: Vec::new(), own: Vec::new(), numbers: Vec::new() };
        points.look(corpus, atoms.iter().copied(), &outer, (0, on));
        for roll in rolls {
            let list = facts.list(roll.record);
            let rows = list.map_or(&[][..], |list| &list.rows);
            for (number, row) in rows.iter().enumerate() {
                let values = RowValues { record: roll.record, row, outer: &outer };
                points.look(corpus, &roll.space.atoms, &values, (number, on));
            }
            if list.is_none_or(|list| list.listed != Listed::Whole) {
                for number in rows.len()..rows.len() + FURTHER_COUNT {
                    points.look(corpus, &roll.space.atoms, &outer, (number, on));
                }
            }
        }
        points
    }

    /// Returns the comparisons of one record, of which the row tells what is known.
    pub(crate) fn of_record(
        law: &Law,
        corpus: &Corpus,
        roll: &Roll,
        row: &[Value],
        facts: &Facts,
    ) -> Self {
        let on = law.scope.at.on;
        let outer = FactValues { facts, on };
        let values = RowValues { record: roll.record, row, outer: &outer };
        let mut points = Self { links: Vec::new(), own: Vec::new(), numbers: Vec::new() };
        points.look(corpus, &roll.space.atoms, &values, (0, on));
        points
    }

    fn look<'t>(
        &mut self,
        corpus: &Corpus,
        atoms: impl IntoIterator<Item = &'t Atom>,
        values: &impl Values,
        (record, on): (usize, Day),
    ) {
        let node = |operand: Operand| match (day_of(values.value(operand)), operand) {
            (Some(day), _) => Node::Known(day),
            (None, Operand::Field(..)) => Node::Open(operand, record),
            (None, _) => Node::Open(operand, 0),
        };
        for atom in atoms {
            match atom {
                Atom::Gap(gap, cuts) => {
                    let excluded = match gap.excluded.map(|operand| values.value(operand)) {
                        None => Some(0),
                        Some(Value::Number(days)) => Some(days),
                        Some(_) => None,
                    };
                    let (left, right) = (node(gap.left), node(gap.right));
                    self.add_end_of_record([left, right], on);
                    self.links.push(Link { left, right, gap: *gap, cuts: cuts.clone(), excluded });
                }
                Atom::Number(operand, cuts) => {
                    self.numbers.extend(cuts.iter().map(|cut| (*operand, *cut)));
                }
                Atom::MemberOn(_, member, day) => {
                    let day = node(*day);
                    self.add_end_of_record([day, day], on);
                    self.add_table(corpus, *member, day);
                }
                _ => {}
            }
        }
    }

    /// A record's days are not later than the day of the act.
    fn add_end_of_record(&mut self, nodes: [Node; 2], on: Day) {
        for node in nodes {
            if let Node::Open(Operand::Field(..), _) = node {
                self.own.push((node, on.next()));
            }
        }
    }

    fn add_table(&mut self, corpus: &Corpus, member: crate::ir::MemberId, day: Node) {
        let member = corpus.members.get(member.index());
        let Some(AsOf::Operand(_)) = member.map(|member| member.as_of) else {
            return;
        };
        let table = member.and_then(|member| corpus.tables.get(member.table.index()));
        for row in table.into_iter().flat_map(|table| &table.rows) {
            let turns = [row.from, row.until.next()];
            let within = |turn: &Day| Day::MIN < *turn && *turn < Day::MAX;
            self.own.extend(turns.into_iter().filter(within).map(|turn| (day, turn)));
        }
    }

    /// Returns one day for each stretch in which nothing changes, of an operand of the first
    /// record that has it.
    pub(crate) fn days(&self, operand: Operand, on: Day) -> Vec<Day> {
        let mut turns = self.turns(self.node_of(operand), &mut Vec::new());
        turns.sort_unstable();
        turns.dedup();
        let before = turns.first().map_or(on, |first| first.previous());
        let mut days = vec![before];
        days.extend(turns);
        if let Operand::Field(..) = operand {
            days.retain(|day| *day <= on);
        }
        days
    }

    /// Returns one number for each stretch in which nothing changes.
    pub(crate) fn numbers(&self, operand: Operand) -> Vec<i64> {
        let own = self.numbers.iter().filter(|(of, _)| *of == operand);
        let mut turns: Vec<i64> = own.map(|(_, turn)| *turn).collect();
        turns.push(0);
        for link in self.links.iter().filter(|link| link.gap.excluded == Some(operand)) {
            for left in self.ends(link.left) {
                for right in self.ends(link.right) {
                    for cut in &link.cuts {
                        let limit = threshold(&link.gap, *cut, right, 0);
                        let days = i64::from(left.days_until(limit).abs());
                        turns.extend([days, days + 1]);
                    }
                }
            }
        }
        turns.sort_unstable();
        turns.dedup();
        turns
    }

    fn node_of(&self, operand: Operand) -> Node {
        let of = |node: &Node| matches!(node, Node::Open(own, _) if *own == operand);
        let linked = self.links.iter().flat_map(|link| [link.left, link.right]);
        let mut nodes = linked.chain(self.own.iter().map(|(node, _)| *node));
        nodes.find(of).unwrap_or(Node::Open(operand, 0))
    }

    /// The days on either side of each turn.
    fn ends(&self, node: Node) -> Vec<Day> {
        match node {
            Node::Known(day) => vec![day],
            Node::Open(..) => sides(&self.turns(node, &mut Vec::new())),
        }
    }

    /// The days on which something turns: what is left possible differs from the day before.
    fn turns(&self, node: Node, passed: &mut Vec<Node>) -> Vec<Day> {
        let own = self.own.iter().filter(|(of, _)| *of == node);
        let mut turns: Vec<Day> = own.map(|(_, turn)| *turn).collect();
        passed.push(node);
        for link in &self.links {
            for (here, there) in [(link.left, link.right), (link.right, link.left)] {
                if here != node || passed.contains(&there) {
                    continue;
                }
                let against = match there {
                    Node::Known(day) => vec![day],
                    Node::Open(..) => sides(&self.turns(there, passed)),
                };
                for day in against {
                    self.add_turns(link, here == link.left, day, &mut turns);
                }
            }
        }
        passed.pop();
        turns.sort_unstable();
        turns.dedup();
        turns
    }

    /// Adds the days on which a comparison with a known day turns.
    fn add_turns(&self, link: &Link, is_left: bool, day: Day, turns: &mut Vec<Day>) {
        for excluded in self.excluded(link) {
            for cut in &link.cuts {
                turns.push(match is_left {
                    true => {
                        let limit = threshold(&link.gap, *cut, day, excluded);
                        if cut.inclusive { limit.next() } else { limit }
                    }
                    false => first_anchor(&link.gap, *cut, day, excluded),
                });
            }
        }
    }

    /// What the days not counted can be, as far as that is told apart elsewhere.
    fn excluded(&self, link: &Link) -> Vec<i64> {
        match (link.excluded, link.gap.excluded) {
            (Some(days), _) => vec![days],
            (None, Some(operand)) => {
                let own = self.numbers.iter().filter(|(of, _)| *of == operand);
                let mut found: Vec<i64> = own.flat_map(|(_, turn)| [turn - 1, *turn]).collect();
                found.push(0);
                found
            }
            (None, None) => vec![0],
        }
    }
}

/// The first anchor of which the threshold comes after a day, or on it where that counts.
fn first_anchor(gap: &Gap, cut: Cut, day: Day, excluded: i64) -> Day {
    let back = Gap { later: !gap.later, ..*gap };
    // Days are given back before months are.
    let by_days = threshold(&back, Cut { months: 0, ..cut }, day, excluded);
    let near = threshold(&back, Cut { days: 0, ..cut }, by_days, 0);
    let comes_after = |anchor: &Day| {
        let limit = threshold(gap, cut, *anchor, excluded);
        day < limit || cut.inclusive && day == limit
    };
    let mut around = (-MONTH_ENDS..=MONTH_ENDS + 1).map(|step| near.plus_days(step));
    around.find(comes_after).unwrap_or(near)
}

/// The days on either side of each turn.
fn sides(turns: &[Day]) -> Vec<Day> {
    let mut sides: Vec<Day> = turns.iter().flat_map(|turn| [turn.previous(), *turn]).collect();
    sides.sort_unstable();
    sides.dedup();
    sides
}
