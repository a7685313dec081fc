//! Laws and requests on which the engine was once wrong.

use brightline_law::clock::Day;
use brightline_law::determination::{Determination, Safe};
use brightline_law::facts::{Facts, List, Listed, Value};
use brightline_law::ir::{AsKnown, Corpus};
use brightline_law::{Law, Outcome, Proof, Scope, prove};

use crate::oracle::pack;

fn corpus(text: &str) -> Corpus {
    pack::resolved(&format!("{}section \"S 1\" as 1-1\n  binds ag\n{text}", pack::WORDS))
}

/// The law on the first act, and the facts that `set` gives.
fn determined(corpus: &Corpus, set: impl FnOnce(&mut Request<'_>)) -> Determination {
    let jurisdiction = corpus.pack("made").unwrap();
    let agency = corpus.agency(jurisdiction, "ag").unwrap();
    let act = corpus.act_name(jurisdiction, "x").unwrap().acts[0];
    let on = Day::parse(pack::ON).unwrap();
    let at = AsKnown { on, known: on };
    let law = Law::compile(corpus, Scope { jurisdiction, agency, act, at }).unwrap();
    let mut request = Request { corpus, facts: Facts::unknown(corpus) };
    set(&mut request);
    law.determine(corpus, &request.facts)
}

struct Request<'a> {
    corpus: &'a Corpus,
    facts: Facts,
}

impl Request<'_> {
    fn fact(&mut self, name: &str, value: Value) {
        let index = self.corpus.facts.iter().position(|fact| fact.name == name).unwrap();
        self.facts.values[index] = value;
    }

    fn one_unknown_record(&mut self) {
        self.facts.lists[0] = List { listed: Listed::Whole, rows: vec![vec![Value::Unknown; 3]] };
    }
}

fn paths(found: &Determination) -> Vec<&str> {
    found.questions.iter().map(|asked| asked.path.as_str()).collect()
}

fn day(text: &str) -> Value {
    Value::Day(Day::parse(text).unwrap())
}

#[test]
fn an_offense_and_the_day_of_its_table_both_unknown_leave_the_answer_open() {
    let corpus = corpus(
        "rule (1)\n  ag may x when every rec is listed\n\
         define listed of rec (2)\n  when crime in tab as of day\n",
    );
    let found = determined(&corpus, |it| it.one_unknown_record());
    assert_eq!(found.possible, [Outcome::Permitted, Outcome::Silent]);
    assert_eq!(paths(&found).len(), 2, "{:?}", paths(&found));
}

#[test]
fn a_claim_is_not_refuted_by_a_record_that_cannot_be() {
    // A record before the 14th is not more than a day after a day past the 13th.
    let corpus = corpus(
        "define g of rec (g)\n  when all of\n    day more than 1 days after d\n    \
         day before 2020-06-14\n\
         rule (1)\n  ag must x when some rec is g\n\
         claim \"never required\"\n  from 2020-06-15 until 2020-06-15\n  \
         ag x is silent when d after 2020-06-13\n\
         claim \"never required before\"\n  from 2020-06-15 until 2020-06-15\n  \
         ag x is silent when d on or after 2020-06-11\n",
    );
    assert!(matches!(prove(&corpus, &corpus.claims[0]), Proof::Holds { .. }));
    let Proof::Fails(counter) = prove(&corpus, &corpus.claims[1]) else { panic!("it holds") };
    assert_eq!(counter.outcome, Outcome::Required);
    assert_eq!(counter.facts.lists[0].rows.len(), 1);
}

#[test]
fn two_dates_and_a_third_between_them_are_no_witness() {
    let corpus = corpus(
        "rule (1)\n  ag must x when all of\n    d before e\n    e before act_date\n    \
         d after act_date\n\
         claim \"never\"\n  from 2020-06-15 until 2020-06-15\n  ag x is silent\n",
    );
    assert!(matches!(prove(&corpus, &corpus.claims[0]), Proof::Holds { .. }));
}

#[test]
fn what_no_record_can_bring_about_is_not_held_against_an_act() {
    // Of one record, some being flagged and not every one being flagged cannot be.
    let corpus = corpus(
        "define g of rec (g)\n  when flag\n\
         unsettled u of rec (u) \"which?\"\n  reading one \"one\"\n    when flag\n  \
         reading other \"other\"\n    when not flag\n\
         rule (1)\n  ag must x when all of\n    some rec is g\n    none of\n      every rec is g\n\
         rule (2)\n  ag must not x when some rec is u\n",
    );
    let found = determined(&corpus, |it| it.one_unknown_record());
    assert_eq!(found.outcome, Outcome::Unsettled);
    assert_eq!(found.safe, Safe::Refrain);
    assert!(found.readings.iter().all(|way| way.outcome != Outcome::Conflict));
}

#[test]
fn a_date_that_settles_the_matter_whatever_is_not_counted_is_a_reason() {
    let corpus = corpus(
        "rule (1)\n  ag may x only when d more than 1 days after act_date, not counting n\n",
    );
    let found = determined(&corpus, |request| request.fact("d", day("2020-06-14")));
    assert_eq!(found.outcome, Outcome::Prohibited);
    let reasons: Vec<&str> = found.reasons.iter().map(|it| it.sentence.as_str()).collect();
    assert_eq!(reasons, ["d: 2020-06-14"]);
}

#[test]
fn of_two_dates_that_are_only_compared_with_each_other_both_are_asked_for() {
    let corpus = corpus("rule (1)\n  ag may x only when d more than 1 days before e\n");
    let found = determined(&corpus, |_| {});
    let mut asked = paths(&found);
    asked.sort_unstable();
    assert_eq!(asked, ["d", "e"]);
}

#[test]
fn while_a_list_is_open_the_fact_that_its_records_are_compared_with_is_asked_for() {
    let corpus = corpus(
        "define g of rec (g)\n  when day after d\n\
         rule (1)\n  ag may x only when some rec is g\n",
    );
    let mut asked: Vec<String> =
        determined(&corpus, |_| {}).questions.into_iter().map(|it| it.path).collect();
    asked.sort_unstable();
    assert_eq!(asked, ["d", "recs"]);
}

#[test]
fn a_rule_that_was_not_read_whole_may_not_require_what_another_goes_by() {
    let corpus = corpus(
        "rule (1)\n  partial \"half of it was read\"\n  ag must x when a\n\
         rule (2)\n  ag may x when required by 1-1(1)\n  except when c\n",
    );
    let found = determined(&corpus, |request| request.fact("a", Value::Bool(true)));
    assert_eq!(found.outcome, Outcome::Unsettled);
    assert_eq!(paths(&found), Vec::<&str>::new());
}
