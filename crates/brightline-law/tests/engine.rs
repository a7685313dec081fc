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

#[path = "engine/found.rs"]
mod found;
mod oracle;

use oracle::property;
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
fn an_overview_leads_to_the_outcome() {
    always(property::overviews_lead_to_the_outcome);
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
