//! From a path of the diagram a request that takes it, or the tests of it that no request passes
//! together.
//!
//! The diagram knows how the thresholds of one quantity hang together, and which counts one list
//! can have. It does not know how two dates compared with each other hang together with a third,
//! nor how records hang together with the facts that they are compared with. So a path is tried:
//! its tests fall into parts that share no unknown fact, and in each part the facts are tried value
//! by value, which is exact, because between two thresholds nothing changes.

use super::Law;
use super::atom::{Allowed, Atom};
use super::closure::shortest_list;
use super::formula::facts_named;
use super::roll::{FactValues, Roll, RowValues};
use super::witness::{candidates_among, field_candidates, vectors};
use crate::diagram::{NodeId, Overflow, Variable};
use crate::facts::{Facts, List, Listed, Value};
use crate::ir::{Corpus, FactId, Operand};

/// So many combinations of values are tried for one part of a path.
const TRIES_MAX: u32 = 5_000;
/// Tests that cannot be passed together are told apart from those beside them where that took no
/// more tries than this.
const CORE_TRIES_MAX: u32 = 300;

/// Tests: variables with the value wanted.
pub(crate) type Path = Vec<(Variable, u16)>;

/// What became of a path.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// A request that takes it.
    Request(Facts),
    /// No request passes these tests together.
    Never(Path),
    /// There is too much to try.
    Unsure(Facts),
}

/// What was found of one part.
enum Tried {
    Fits,
    Never,
    TooMuch,
}

/// Tests that share unknown facts with each other and with no others.
#[derive(Default)]
struct Part<'a> {
    tests: Path,
    rolls: Vec<&'a Roll>,
    open: Vec<FactId>,
    /// Facts that it looks at, known ones too.
    facts: Vec<FactId>,
}

impl Law {
    /// Returns facts that take a path of the main diagram.
    pub(crate) fn request_on(&self, corpus: &Corpus, path: &[(Variable, u16)]) -> Found {
        let mut facts = Facts::unknown(corpus);
        self.set_plain(path, &mut facts);
        let mut sure = true;
        for part in self.parts(path, &facts) {
            let mut left = TRIES_MAX;
            match self.fit(corpus, &part, &mut facts, &mut left) {
                Tried::Fits => {}
                Tried::TooMuch => sure = false,
                Tried::Never => {
                    let core = self.core_of(&part, path);
                    let narrow = TRIES_MAX - left <= CORE_TRIES_MAX;
                    let core = if narrow { self.narrowed(corpus, core) } else { core };
                    return Found::Never(core);
                }
            }
        }
        if sure { Found::Request(facts) } else { Found::Unsure(facts) }
    }

    /// Returns where the tests are not all passed.
    pub(crate) fn outside(&mut self, path: &[(Variable, u16)]) -> Result<NodeId, Overflow> {
        let diagram = &mut self.space.diagram;
        let mut inside = NodeId::TRUE;
        for (variable, value) in path {
            let literal = diagram.literal(*variable, *value)?;
            inside = diagram.and(inside, literal)?;
        }
        diagram.not(inside)
    }

    /// Yes-or-no facts and choices have the value that the path wants.
    fn set_plain(&self, path: &[(Variable, u16)], facts: &mut Facts) {
        for (variable, value) in path {
            match self.space.atom(*variable) {
                Some(Atom::Yes(Operand::Fact(fact))) => {
                    facts.set(*fact, Value::Bool(*value == 1));
                }
                Some(Atom::Choice(Operand::Fact(fact), _)) => {
                    facts.set(*fact, Value::Choice(*value));
                }
                _ => {}
            }
        }
    }

    /// The parts of a path: each test, and each list that tests count, with what shares an unknown
    /// fact with it.
    fn parts(&self, path: &[(Variable, u16)], facts: &Facts) -> Vec<Part<'_>> {
        let mut parts: Vec<Part<'_>> = Vec::new();
        for test in path {
            let part = match self.space.atom(test.0) {
                None | Some(Atom::Yes(_) | Atom::Choice(..) | Atom::Reading(..)) => continue,
                Some(Atom::Count(..)) => self.counted(*test),
                Some(atom) => {
                    Part { tests: vec![*test], facts: facts_of(atom).collect(), ..Part::default() }
                }
            };
            join(&mut parts, part, facts);
        }
        parts
    }

    /// The part of one count.
    fn counted(&self, test: (Variable, u16)) -> Part<'_> {
        let mut part = Part { tests: vec![test], ..Part::default() };
        let is_own = |roll: &&Roll| roll.variables.contains(&test.0);
        part.rolls.extend(self.rolls.iter().find(is_own));
        if let Some(Atom::Count(_, body, _)) = self.space.atom(test.0)
            && let Some(body) = self.space.bodies.get(*body)
        {
            facts_named(&body.formula, &mut part.facts);
        }
        part
    }

    /// The tests of a part and those that settle facts that it looks at.
    fn core_of(&self, part: &Part<'_>, path: &[(Variable, u16)]) -> Path {
        let is_in = |test: &&(Variable, u16)| {
            let looks = self.space.atom(test.0).is_some_and(|atom| match atom {
                Atom::Yes(_) | Atom::Choice(..) => {
                    facts_of(atom).any(|fact| part.facts.contains(&fact))
                }
                _ => false,
            });
            looks || part.tests.contains(test)
        };
        path.iter().filter(is_in).copied().collect()
    }

    /// Leaves out tests without which the others cannot be passed together either.
    fn narrowed(&self, corpus: &Corpus, core: Path) -> Path {
        let mut kept = core;
        let mut at = 0;
        while at < kept.len() && kept.len() > 1 {
            let mut fewer = kept.clone();
            fewer.remove(at);
            let mut facts = Facts::unknown(corpus);
            self.set_plain(&fewer, &mut facts);
            let parts = self.parts(&fewer, &facts);
            let never = parts.iter().any(|part| {
                let mut left = CORE_TRIES_MAX;
                matches!(self.fit(corpus, part, &mut facts, &mut left), Tried::Never)
            });
            if never {
                kept = fewer;
            } else {
                at += 1;
            }
        }
        kept
    }

    /// Gives the open facts of a part values, and lists records, so that all its tests are passed.
    fn fit(&self, corpus: &Corpus, part: &Part<'_>, facts: &mut Facts, left: &mut u32) -> Tried {
        let atoms: Vec<&Atom> =
            part.tests.iter().filter_map(|(variable, _)| self.space.atom(*variable)).collect();
        let open = part.open.iter().filter(|fact| !facts.value(**fact).is_known());
        let open: Vec<FactId> = open.copied().collect();
        self.search(corpus, (part, &atoms, &open), facts, left)
    }

    fn search(
        &self,
        corpus: &Corpus,
        (part, atoms, open): (&Part<'_>, &[&Atom], &[FactId]),
        facts: &mut Facts,
        left: &mut u32,
    ) -> Tried {
        if !self.can_pass(corpus, part, facts) {
            return Tried::Never;
        }
        let Some(fewer) = left.checked_sub(1) else {
            return Tried::TooMuch;
        };
        *left = fewer;
        let Some((fact, rest)) = open.split_first() else {
            return self.fill(corpus, part, facts);
        };
        let candidates =
            candidates_among((self, corpus), *fact, facts, (atoms, part.rolls.as_slice()));
        for candidate in candidates {
            facts.set(*fact, candidate);
            match self.search(corpus, (part, atoms, rest), facts, left) {
                Tried::Never => {}
                found => return found,
            }
        }
        facts.set(*fact, Value::Unknown);
        Tried::Never
    }

    /// Returns whether each test by itself can still be passed.
    fn can_pass(&self, corpus: &Corpus, part: &Part<'_>, facts: &Facts) -> bool {
        let context = self.context(corpus);
        let values = FactValues { facts, on: self.scope.at.on };
        part.tests.iter().all(|(variable, value)| {
            let allowed = self.space.atom(*variable).map(|atom| context.allowed(atom, &values));
            allowed.unwrap_or(Allowed::MAX) >> value & 1 == 1
        })
    }

    /// Fills the lists of a part with records that make the counts wanted.
    fn fill(&self, corpus: &Corpus, part: &Part<'_>, facts: &mut Facts) -> Tried {
        for roll in &part.rolls {
            let wanted = |variable: &Variable| {
                let mut tests = part.tests.iter();
                tests.find(|(on, _)| on == variable).map(|(_, count)| u32::from(*count))
            };
            let wanted: Vec<Option<u32>> = roll.variables.iter().map(wanted).collect();
            let vectors = vectors(self, corpus, roll, facts);
            let Some(records) = shortest_list(&roll.caps, &vectors, &wanted) else {
                return Tried::Never;
            };
            let fields =
                corpus.records.get(roll.record.index()).map_or(0, |record| record.fields.len());
            let mut rows = Vec::with_capacity(records.len());
            let mask = wanted.iter().rev().fold(0, |mask, it| mask << 1 | u32::from(it.is_some()));
            for bodies in &records {
                let mut row = vec![Value::Unknown; fields];
                if !self.row_with(corpus, (roll, *bodies, mask), &mut row, facts) {
                    return Tried::TooMuch;
                }
                rows.push(row);
            }
            if let Some(list) = facts.lists.get_mut(roll.record.index()) {
                *list = List { listed: Listed::Whole, rows };
            }
        }
        Tried::Fits
    }

    /// Gives fields values until the record satisfies these bodies, and no others of the mask.
    fn row_with(
        &self,
        corpus: &Corpus,
        (roll, bodies, mask): (&Roll, u32, u32),
        row: &mut [Value],
        facts: &Facts,
    ) -> bool {
        let outer = FactValues { facts, on: self.scope.at.on };
        let values = RowValues { record: roll.record, row, outer: &outer };
        let within = roll.bodies_within(&roll.row_allowed(&self.context(corpus), &values));
        let fits = |set: &u32| set & mask == bodies & mask;
        if !within.is_empty() && within.iter().all(fits) {
            return true;
        }
        let next = roll.space.atoms.iter().flat_map(Atom::operands).find_map(|operand| {
            let Operand::Field(_, field) = operand else {
                return None;
            };
            (row.get(field as usize) == Some(&Value::Unknown)).then_some(field)
        });
        let (true, Some(field)) = (within.iter().any(fits), next) else {
            return false;
        };
        for candidate in field_candidates(self, corpus, (roll, field), row, facts) {
            if let Some(slot) = row.get_mut(field as usize) {
                *slot = candidate;
            }
            if self.row_with(corpus, (roll, bodies, mask), row, facts) {
                return true;
            }
        }
        if let Some(slot) = row.get_mut(field as usize) {
            *slot = Value::Unknown;
        }
        false
    }
}

/// The facts that an atom looks at.
fn facts_of(atom: &Atom) -> impl Iterator<Item = FactId> {
    atom.operands().into_iter().filter_map(|operand| match operand {
        Operand::Fact(fact) => Some(fact),
        _ => None,
    })
}

/// Adds a part, together with those that share a list or an unknown fact with it.
fn join<'a>(parts: &mut Vec<Part<'a>>, mut part: Part<'a>, facts: &Facts) {
    let unknown = part.facts.iter().filter(|fact| !facts.value(**fact).is_known());
    part.open.extend(unknown.copied());
    let mut apart = Vec::with_capacity(parts.len() + 1);
    for other in parts.drain(..) {
        let shares_list =
            other.rolls.iter().any(|roll| part.rolls.iter().any(|own| own.record == roll.record));
        if !shares_list && !other.open.iter().any(|fact| part.open.contains(fact)) {
            apart.push(other);
            continue;
        }
        part.tests.extend(other.tests);
        for roll in other.rolls {
            if !part.rolls.iter().any(|own| own.record == roll.record) {
                part.rolls.push(roll);
            }
        }
        add_new(&mut part.open, other.open);
        add_new(&mut part.facts, other.facts);
    }
    apart.push(part);
    *parts = apart;
}

fn add_new(facts: &mut Vec<FactId>, more: Vec<FactId>) {
    for fact in more {
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
}
