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

use oracle::property;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any};
use proptest::proptest;
use proptest::test_runner::RngSeed;

/// The same cases at every run, so that a failure is the change's own; `PROPTEST_RNG_SEED` looks
/// elsewhere.
fn seed() -> u64 {
    let seed = std::env::var("PROPTEST_RNG_SEED").ok();
    seed.and_then(|seed| seed.parse().ok()).unwrap_or(7)
}

fn cases() -> ProptestConfig {
    let count = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok());
    ProptestConfig {
        cases: count.unwrap_or(64),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed()),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn possible_outcomes_are_those_of_the_oracle(bytes in vec(any::<u8>(), 0..240)) {
        property::outcomes_agree(&bytes);
    }

    #[test]
    fn questions_are_the_facts_that_can_change_the_answer(bytes in vec(any::<u8>(), 0..240)) {
        property::questions_are_exact(&bytes);
    }

    #[test]
    fn what_is_safe_is_lawful_in_every_case(bytes in vec(any::<u8>(), 0..240)) {
        property::safe_is_lawful(&bytes);
    }

    #[test]
    fn reasons_alone_give_the_same_outcome(bytes in vec(any::<u8>(), 0..240)) {
        property::reasons_suffice(&bytes);
    }

    #[test]
    fn the_fast_way_agrees_with_the_long_one(bytes in vec(any::<u8>(), 0..240)) {
        property::decide_agrees(&bytes);
    }

    #[test]
    fn claims_hold_where_no_request_is_against_them(bytes in vec(any::<u8>(), 0..240)) {
        property::proofs_agree(&bytes);
    }

    #[test]
    fn differences_show_every_change_with_a_witness(bytes in vec(any::<u8>(), 0..240)) {
        property::differences_agree(&bytes);
    }
}
