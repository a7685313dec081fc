//! Made-up requests: any value, often none.

use brightline_law::clock::Day;
use brightline_law::facts::{Facts, List, Listed, Value};
use brightline_law::ir::{Corpus, Fact, Kind, Offense, OffenseNode};
use brightline_law::{Law, Outcome};

/// A stream of numbers that is the same on every machine (xorshift).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, count: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % count.max(1)
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// Returns facts of which one in `unknown_one_in` is not known; none where it is 0.
pub fn facts(corpus: &Corpus, on: Day, chance: &mut Chance, unknown_one_in: u64) -> Facts {
    let mut facts = Facts::unknown(corpus);
    let is_unknown = |chance: &mut Chance| unknown_one_in > 0 && chance.one_in(unknown_one_in);
    for (fact, slot) in corpus.facts.iter().zip(&mut facts.values) {
        if !is_unknown(chance) {
            *slot = value(corpus, fact, on, chance);
        }
    }
    for (record, slot) in corpus.records.iter().zip(&mut facts.lists) {
        let mut list = List { listed: Listed::Whole, rows: Vec::new() };
        for _ in 0..chance.below(4) {
            let fields = record.fields.iter().map(|field| match is_unknown(chance) {
                true => Value::Unknown,
                false => value(corpus, field, on, chance),
            });
            list.rows.push(fields.collect());
        }
        if is_unknown(chance) {
            list.listed = Listed::Partly;
        }
        *slot = if is_unknown(chance) { List::default() } else { list };
    }
    facts
}

fn value(corpus: &Corpus, fact: &Fact, on: Day, chance: &mut Chance) -> Value {
    match &fact.kind {
        Kind::YesNo => Value::Bool(chance.one_in(2)),
        Kind::OneOf(values) => {
            let value = chance.below(values.len() as u64);
            Value::Choice(u16::try_from(value).unwrap())
        }
        Kind::Date | Kind::Time => {
            let near = [0, 1, 30, 365, 1825, 1826, 1827, 2000, 5000];
            let days = near[usize::try_from(chance.below(9)).unwrap()];
            Value::Day(on.plus_days(-days - i32::try_from(chance.below(3)).unwrap()))
        }
        Kind::Number { .. } => Value::Number([0, 1, 40, 400][chance.below(4) as usize]),
        Kind::Offense => {
            let node = chance.below(corpus.offenses.len() as u64);
            let node = OffenseNode(u32::try_from(node).unwrap());
            Value::Offense(Offense { node, whole: chance.one_in(2) })
        }
    }
}

/// Compares all the ways to the outcomes of these requests; returns the outcomes.
pub fn compare(law: &Law, corpus: &Corpus, requests: &[Facts]) -> Vec<Outcome> {
    let mut columns = law.columns(requests.len());
    for (row, facts) in requests.iter().enumerate() {
        columns.set_facts(row, facts);
        assert_eq!(columns.facts(corpus, row), *facts);
    }
    let wanted: Vec<_> = requests.iter().map(|facts| law.determine(corpus, facts)).collect();
    let outcomes: Vec<Outcome> = wanted.iter().map(|found| found.outcome).collect();
    let all = law.outcomes_all(corpus, &columns);
    for (row, (found, wanted)) in all.iter().zip(&outcomes).enumerate() {
        assert_eq!(found, wanted, "row {row} of {:?}: {:?}", law.scope(), requests[row]);
        if let Some(decided) = law.decide(corpus, &requests[row]) {
            assert_eq!(decided, *wanted, "row {row} of {:?}", law.scope());
        }
    }
    law.determine_all(corpus, &columns, |block, found| {
        for row in block * 512..requests.len().min(block * 512 + 512) {
            let bit = |rows: [u64; 8]| rows[row % 512 / 64] >> (row % 64) & 1 == 1;
            for outcome in &wanted[row].possible {
                assert!(bit(found.possible(*outcome)), "row {row} can be {outcome}");
            }
            assert!(bit(found.open()) || wanted[row].possible.len() <= 1, "row {row} is open");
        }
    });
    outcomes
}
