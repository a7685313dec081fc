//! The engine against the oracle: random laws, random requests.
//!
//! `PROPTEST_CASES=10000 cargo test --release --test engine` looks longer.

#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used
)]

mod oracle;

use brightline_law::clock::Day;
use brightline_law::facts::{Facts, List, Listed, Value};
use brightline_law::ir::AsKnown;
use brightline_law::{Law, Outcome, Scope};
use oracle::{pack, property};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any};
use proptest::test_runner::{RngSeed, TestRunner};

/// The same cases at every run, so that a failure is the change's own. Some of the seeds have found
/// a fault.
const SEEDS: [u64; 4] = [7, 101, 103, 105];
/// Cases tried from each seed.
const CASE_COUNT: u32 = 24;

/// `PROPTEST_RNG_SEED` looks elsewhere, from one seed only.
fn seeds() -> Vec<u64> {
    let seed = std::env::var("PROPTEST_RNG_SEED").ok();
    match seed.and_then(|seed| seed.parse().ok()) {
        Some(seed) => vec![seed],
        None => SEEDS.to_vec(),
    }
}

/// Tries a property on the cases of every seed; a failure names the seed.
fn always(property: fn(&[u8]) -> bool) {
    let count = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok());
    for seed in seeds() {
        let config = ProptestConfig {
            cases: count.unwrap_or(CASE_COUNT),
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(seed),
            ..ProptestConfig::default()
        };
        let tried = TestRunner::new(config).run(&vec(any::<u8>(), 0..240), |bytes| {
            property(&bytes);
            Ok(())
        });
        if let Err(fault) = tried {
            panic!("PROPTEST_RNG_SEED={seed} shows it again: {fault}");
        }
    }
}

#[test]
fn possible_outcomes_are_those_of_the_oracle() {
    always(property::outcomes_agree);
}

#[test]
fn questions_are_the_facts_that_can_change_the_answer() {
    always(property::questions_are_exact);
}

#[test]
fn what_is_safe_is_lawful_in_every_case() {
    always(property::safe_is_lawful);
}

#[test]
fn reasons_alone_give_the_same_outcome() {
    always(property::reasons_suffice);
}

#[test]
fn the_fast_way_agrees_with_the_long_one() {
    always(property::decide_agrees);
}

#[test]
fn claims_hold_where_no_request_is_against_them() {
    always(property::proofs_agree);
}

#[test]
fn differences_show_every_change_with_a_witness() {
    always(property::differences_agree);
}

#[test]
fn an_offense_and_the_day_of_its_table_both_unknown_leave_the_answer_open() {
    let text = "section \"S 1\" as 1-1\n  binds ag\n\
                rule (1)\n  ag may x when every rec is listed\n\
                define listed of rec (2)\n  when crime in tab as of day\n";
    let corpus = pack::resolved(&format!("{}{text}", pack::WORDS));
    let jurisdiction = corpus.pack("made").unwrap();
    let agency = corpus.agency(jurisdiction, "ag").unwrap();
    let act = corpus.act_name(jurisdiction, "x").unwrap().acts[0];
    let on = Day::parse(pack::ON).unwrap();
    let at = AsKnown { on, known: on };
    let law = Law::compile(&corpus, Scope { jurisdiction, agency, act, at }).unwrap();
    let mut facts = Facts::unknown(&corpus);
    facts.lists[0] = List { listed: Listed::Whole, rows: vec![vec![Value::Unknown; 3]] };
    let found = law.determine(&corpus, &facts);
    assert_eq!(found.possible, [Outcome::Permitted, Outcome::Silent]);
    let asked: Vec<&str> = found.questions.iter().map(|asked| asked.path.as_str()).collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
}
