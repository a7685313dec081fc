//! What must hold of the engine for every law and request, as functions that panic where it does
//! not.

use std::collections::{BTreeMap, BTreeSet};

use brightline_law::determination::{Determination, Safe, Slot};
use brightline_law::facts::{Facts, Value};
use brightline_law::ir::{FactId, StatementId};
use brightline_law::{Chart, ChartNode, Law, Outcome, Proof, Scope, Side, diff, facts_text, prove};

use super::completions::Unknowns;
use super::pack::{self, Choices, Made};
use super::{Answer, World, answer, readings};

/// More completions than this are not worth the wait; the case is passed over.
const COUNT_MAX: usize = 20_000;
/// Of laws with more completions overviews are passed over: each is led through one.
const FOLLOWED_MAX: usize = 20_000;

/// The answers to all completions, by their number; none where the facts cannot be so.
fn answers(
    made: &Made,
    unknowns: &Unknowns,
    scope: Scope,
    without: &[String],
) -> Vec<Option<Answer>> {
    let complete = (0..unknowns.count()).map(|number| {
        let facts = unknowns.complete(number);
        is_possible(made, &facts).then(|| answer(&made.corpus, scope, &facts, without))
    });
    complete.collect()
}

fn is_possible(made: &Made, facts: &Facts) -> bool {
    let readings = vec![0; made.corpus.unsettled.len()];
    let world =
        World { corpus: &made.corpus, scope: made.scope, facts, readings: &readings, without: &[] };
    made.corpus.impossible.iter().all(|(_, condition)| !world.holds(condition, &[]))
}

/// Facts with the presumed ones set.
fn presumed(made: &Made, facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    for (index, fact) in made.corpus.facts.iter().enumerate() {
        let id = FactId(u32::try_from(index).unwrap());
        if let (Some((value, _)), Value::Unknown) = (&fact.presumed, facts.value(id)) {
            facts.set(id, Value::Bool(*value));
        }
    }
    facts
}

/// A law, facts, and what the oracle and the engine say of them.
struct Asked {
    made: Made,
    facts: Facts,
    unknowns: Unknowns,
    answers: Vec<Option<Answer>>,
    law: Law,
    found: Determination,
}

impl Asked {
    fn from(bytes: &[u8]) -> Option<Self> {
        let mut choices = Choices(bytes);
        let made = pack::made(&mut choices, false);
        let facts = pack::facts(&mut choices, &made);
        Self::of(made, facts)
    }

    fn of(made: Made, facts: Facts) -> Option<Self> {
        let shown = presumed(&made, &facts);
        let unknowns = Unknowns::of(&made.corpus, made.scope, &shown, COUNT_MAX)?;
        let answers = answers(&made, &unknowns, made.scope, &[]);
        let law = Law::compile(&made.corpus, made.scope).unwrap();
        let found = law.determine(&made.corpus, &facts);
        Some(Self { made, facts, unknowns, answers, law, found })
    }

    fn possible(&self) -> Vec<Outcome> {
        let outcomes: BTreeSet<Outcome> =
            self.answers.iter().flatten().map(Answer::outcome).collect();
        outcomes.into_iter().collect()
    }

    fn told(&self) -> String {
        let facts = facts_text::lines(&self.made.corpus, &self.facts);
        let lists = &self.facts.lists;
        format!("{}\nfacts {facts:?}\n{lists:?}\n{:#?}", self.made.text, self.found)
    }
}

/// The possible outcomes are those of the oracle, and open means more than one.
pub fn outcomes_agree(bytes: &[u8]) -> bool {
    let Some(asked) = Asked::from(bytes) else {
        return false;
    };
    let possible = asked.possible();
    assert_eq!(asked.found.possible, possible, "possible (engine, oracle)\n{}", asked.told());
    let settled = match possible.as_slice() {
        [only] => *only,
        _ => Outcome::Open,
    };
    assert_eq!(asked.found.outcome, settled, "{}", asked.told());
    true
}

/// The questions are the facts that can change the answer, its limits and readings included.
pub fn questions_are_exact(bytes: &[u8]) -> bool {
    let Some(asked) = Asked::from(bytes) else {
        return false;
    };
    let mut wanted: Vec<String> = Vec::new();
    for (index, (slot, _)) in asked.unknowns.slots.iter().enumerate() {
        let (stride, count) = asked.unknowns.stride(index);
        let matters = (0..asked.answers.len()).any(|number| {
            let first = number / stride % count == 0;
            let mut own = (0..count).filter_map(|value| {
                first.then(|| asked.answers[number + value * stride].as_ref()).flatten()
            });
            let one = own.next();
            own.any(|other| Some(other) != one)
        });
        if matters {
            let corpus = &asked.made.corpus;
            let name = match slot {
                Slot::Fact(fact) => &corpus.facts[fact.index()].name,
                Slot::List(record) | Slot::Field(record, ..) => {
                    &corpus.records[record.index()].plural
                }
            };
            assert!(asked.law.looks_at(corpus, name), "`{name}` is looked at\n{}", asked.told());
            wanted.push(format!("{slot:?}"));
        }
    }
    let mut found: Vec<String> =
        asked.found.questions.iter().map(|question| format!("{:?}", question.slot)).collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted, "questions (engine, oracle)\n{}", asked.told());
    true
}

/// What is called safe is lawful in every case, and nothing lawful in every case is left out.
pub fn safe_is_lawful(bytes: &[u8]) -> bool {
    let Some(asked) = Asked::from(bytes) else {
        return false;
    };
    let ways: BTreeSet<Outcome> =
        asked.answers.iter().flatten().flat_map(|answer| answer.ways.iter().copied()).collect();
    let do_it = ways.iter().all(|outcome| outcome.allows());
    let leave_it = ways.iter().all(|outcome| outcome.allows_refraining());
    let safe = match (do_it, leave_it) {
        (true, true) => Safe::Either,
        (true, false) => Safe::Do,
        (false, true) => Safe::Refrain,
        (false, false) => Safe::AskCounsel,
    };
    assert_eq!(asked.found.safe, safe, "{ways:?}\n{}", asked.told());
    true
}

/// The reasons alone give the same outcome.
pub fn reasons_suffice(bytes: &[u8]) -> bool {
    let Some(asked) = Asked::from(bytes) else {
        return false;
    };
    let outcome = asked.found.outcome;
    if outcome == Outcome::Open {
        assert!(asked.found.reasons.is_empty(), "{}", asked.told());
        return true;
    }
    let corpus = &asked.made.corpus;
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for reason in &asked.found.reasons {
        named.extend(reason.fact.split(", ").map(|name| name.split('[').next().unwrap()));
    }
    let mut kept = Facts::unknown(corpus);
    for (index, fact) in corpus.facts.iter().enumerate() {
        if named.contains(fact.name.as_str()) {
            kept.values[index] = presumed(&asked.made, &asked.facts).values[index];
        }
    }
    for (index, record) in corpus.records.iter().enumerate() {
        if named.contains(record.plural.as_str()) {
            kept.lists[index] = asked.facts.lists[index].clone();
        }
    }
    let again = Unknowns::of(corpus, asked.made.scope, &kept, COUNT_MAX);
    let Some(unknowns) = again else { return false };
    for answer in answers(&asked.made, &unknowns, asked.made.scope, &[]).iter().flatten() {
        assert_eq!(answer.outcome(), outcome, "reasons do not suffice\n{}", asked.told());
    }
    true
}

/// On complete facts the fast way agrees with the long one, and both with the oracle.
pub fn decide_agrees(bytes: &[u8]) -> bool {
    let Some(asked) = Asked::from(bytes) else {
        return false;
    };
    let step = (asked.answers.len() / 16).max(1);
    for number in (0..asked.answers.len()).step_by(step) {
        let Some(answer) = &asked.answers[number] else {
            continue;
        };
        let facts = asked.unknowns.complete(number);
        let decided = asked.law.decide(&asked.made.corpus, &facts);
        let shown = facts_text::lines(&asked.made.corpus, &facts);
        assert_eq!(decided, Some(answer.outcome()), "{shown:?}\n{}", asked.told());
        let long = asked.law.determine(&asked.made.corpus, &facts);
        assert_eq!(long.possible, [answer.outcome()], "{shown:?}\n{}", asked.told());
    }
    true
}

/// A claim holds exactly where no complete request is against it, and a witness is against it.
pub fn proofs_agree(bytes: &[u8]) -> bool {
    let mut choices = Choices(bytes);
    let made = pack::made(&mut choices, true);
    let claim = &made.corpus.claims[0];
    let expected = &claim.statements[0];
    let nothing = Facts::unknown(&made.corpus);
    let Some(unknowns) = Unknowns::of(&made.corpus, made.scope, &nothing, COUNT_MAX) else {
        return false;
    };
    let against = |facts: &Facts, answer: &Answer| {
        let holds = readings(&made.corpus).iter().any(|readings| {
            World { corpus: &made.corpus, scope: made.scope, facts, readings, without: &[] }
                .holds(&expected.condition, &[])
        });
        let fits = expected.outcomes.contains(&answer.outcome())
            || answer.ways.iter().all(|way| expected.outcomes.contains(way));
        holds && !fits
    };
    let fails = answers(&made, &unknowns, made.scope, &[]).iter().enumerate().any(|(n, answer)| {
        answer.as_ref().is_some_and(|answer| against(&unknowns.complete(n), answer))
    });
    match prove(&made.corpus, claim) {
        Proof::Holds { .. } => assert!(!fails, "said to hold\n{}", made.text),
        Proof::Fails(counter) => {
            let shown = facts_text::lines(&made.corpus, &counter.facts);
            let told = format!("{shown:?} {:?}\n{}", counter.outcome, made.text);
            // Lists longer than those tried above may be against it; the witness is tried itself.
            assert_eq!(counter.scope.at.on, made.scope.at.on);
            let left = Unknowns::of(&made.corpus, made.scope, &counter.facts, COUNT_MAX).unwrap();
            for (number, answer) in answers(&made, &left, made.scope, &[]).iter().enumerate() {
                let Some(answer) = answer else { continue };
                let complete = left.complete(number);
                assert_eq!(answer.outcome(), counter.outcome, "the witness is {told}");
                assert!(against(&complete, answer), "the witness is {told}");
            }
        }
        Proof::TooLarge(large) => panic!("{large}\n{}", made.text),
    }
    true
}

/// A comparison shows every pair of outcomes there is, and each witness ends as it says.
pub fn differences_agree(bytes: &[u8]) -> bool {
    let mut choices = Choices(bytes);
    let made = pack::made(&mut choices, false);
    let nothing = Facts::unknown(&made.corpus);
    let Some(unknowns) = Unknowns::of(&made.corpus, made.scope, &nothing, COUNT_MAX / 4) else {
        return false;
    };
    let later = choices.below(3);
    let without = if choices.below(2) == 1 { vec!["1-2".to_owned()] } else { Vec::new() };
    let mut after = made.scope;
    after.at.on = after.at.on.plus_days(i32::try_from(later).unwrap());
    after.at.known = after.at.on;
    let before = answers(&made, &unknowns, made.scope, &[]);
    let changed = answers(&made, &unknowns, after, &without);
    let pairs = before.iter().zip(&changed).filter_map(|(one, other)| {
        let pair = (one.as_ref()?.outcome(), other.as_ref()?.outcome());
        (pair.0 != pair.1).then_some(pair)
    });
    let wanted: BTreeSet<(Outcome, Outcome)> = pairs.collect();
    let sides = [
        Side { at: made.scope.at, without: Vec::new() },
        Side { at: after.at, without: without.clone() },
    ];
    let Scope { jurisdiction, agency, act, .. } = made.scope;
    let changes = diff(&made.corpus, jurisdiction, &sides[0], &sides[1], &[agency]).unwrap();
    let own = changes.iter().filter(|change| change.act == act);
    let mut found = BTreeSet::new();
    for change in own {
        found.insert((change.before, change.after));
        let shown = facts_text::lines(&made.corpus, &change.facts);
        let told = format!("{shown:?} {change:?}\n{later} {without:?}\n{}", made.text);
        let Some(left) = Unknowns::of(&made.corpus, made.scope, &change.facts, COUNT_MAX) else {
            continue;
        };
        for number in 0..left.count() {
            let facts = left.complete(number);
            let one = answer(&made.corpus, made.scope, &facts, &[]).outcome();
            let other = answer(&made.corpus, after, &facts, &without).outcome();
            assert_eq!((one, other), (change.before, change.after), "{told}");
        }
    }
    assert_eq!(found, wanted, "{later} {without:?}\n{}", made.text);
    true
}

/// Whoever follows an overview by what the oracle says of each statement comes to the outcome, to
/// it alone where nothing hangs on a reading, and no end names an outcome that nobody comes to.
pub fn overviews_lead_to_the_outcome(bytes: &[u8]) -> bool {
    let made = pack::made(&mut Choices(bytes), false);
    let blank = Facts::unknown(&made.corpus);
    let Some(unknowns) = Unknowns::of(&made.corpus, made.scope, &blank, FOLLOWED_MAX) else {
        return false;
    };
    let law = Law::compile(&made.corpus, made.scope).unwrap();
    let chart = law.overview(usize::MAX).expect("random laws are small");
    let mut found: BTreeMap<usize, BTreeSet<Outcome>> = BTreeMap::new();
    let answers = answers(&made, &unknowns, made.scope, &[]);
    for (number, wanted) in answers.iter().enumerate() {
        let Some(wanted) = wanted else { continue };
        let effects = Effects { made: &made, facts: &unknowns.complete(number) };
        let end = effects.followed(&chart);
        found.entry(end).or_default().insert(wanted.outcome());
        if let (ChartNode::End(listed), false) = (&chart.nodes[end], effects.hang()) {
            assert_eq!(listed, &[wanted.outcome()], "node {end} of {chart:#?}\n{}", made.text);
        }
    }
    for (place, node) in chart.nodes.iter().enumerate() {
        if let ChartNode::End(listed) = node {
            let found = found.remove(&place).unwrap_or_default();
            let found: Vec<Outcome> = found.into_iter().collect();
            assert_eq!(listed, &found, "node {place} of {chart:#?}\n{}", made.text);
        }
    }
    assert!(found.is_empty(), "{found:?}: no ends\n{chart:#?}");
    true
}

/// What the oracle says of statements under some facts.
struct Effects<'a> {
    made: &'a Made,
    facts: &'a Facts,
}

impl Effects<'_> {
    /// What a statement grants and bars, each as what some reading makes of it.
    fn of(&self, id: StatementId) -> [BTreeSet<bool>; 2] {
        let (corpus, scope, facts) = (&self.made.corpus, self.made.scope, self.facts);
        let mut found = [BTreeSet::new(), BTreeSet::new()];
        for readings in readings(corpus) {
            let world = World { corpus, scope, facts, readings: &readings, without: &[] };
            let (grants, bars) = world.effect(id);
            found[0].insert(grants);
            found[1].insert(bars);
        }
        found
    }

    /// Whether what some statement does hangs on a reading.
    fn hang(&self) -> bool {
        let ids = (0..self.made.corpus.statements.len()).map(|index| index.try_into().unwrap());
        ids.map(StatementId).any(|id| self.of(id).iter().any(|effects| effects.len() > 1))
    }

    /// Goes through an overview; returns the place of its end.
    fn followed(&self, chart: &Chart) -> usize {
        let mut at = 0;
        loop {
            let (about, answers) = match &chart.nodes[at] {
                ChartNode::End(_) => return at,
                ChartNode::Question { about, answers } => (about.expect("a statement"), answers),
            };
            let [grants, bars] = self.of(about);
            let is_of_bars = answers.iter().any(|(words, _)| words.contains("forbid"));
            let effects = if is_of_bars { bars } else { grants };
            let fits = |words: &str| match (words.strip_suffix(", on one reading"), effects.len()) {
                (hangs, 2..) => hangs.is_some(),
                (hangs, _) => hangs.is_none() && effects.contains(&!is_denial(words)),
            };
            let next = answers.iter().find(|(words, _)| words.split("; or ").any(fits));
            at = next.unwrap_or_else(|| panic!("{about:?}: {effects:?}\n{chart:#?}")).1;
        }
    }
}

fn is_denial(words: &str) -> bool {
    words.starts_with("does not") || words == "takes no power away"
}
