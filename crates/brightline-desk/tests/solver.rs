//! Claims of all packs against an SMT solver: a second way of proof that shares no code with the
//! diagrams. `cargo xtask test` installs the solver and tells the tests where it is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "solver/claims.rs"]
mod claims;
#[path = "solver/encode.rs"]
mod encode;
#[path = "solver/script.rs"]
mod script;
#[path = "solver/z3.rs"]
mod z3;

use std::collections::{BTreeMap, BTreeSet};

use brightline_desk::Packs;
use brightline_law::determination::Determination;
use brightline_law::ir::Corpus;
use brightline_law::{Counterexample, Law, Outcome, Proof, facts_text, prove};
use claims::{Question, questions};
use encode::Encoded;
use z3::{Answer, Solver};

/// Claims that rest on more readings than can be written out, by title: none.
const NOT_PUT: [&str; 0] = [];

fn corpus() -> Corpus {
    let read = brightline_law::read(&Packs::embedded().unwrap().sources);
    assert!(read.is_usable());
    read.corpus
}

/// Asks every question; equal texts are one query.
fn ask(solver: &Solver, questions: &[Question<'_>]) -> Vec<Option<Answer>> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut queries = Vec::new();
    let mut asked = Vec::new();
    for question in questions {
        asked.push(question.query(None).map(|(text, constants)| {
            *places.entry(text.clone()).or_insert_with(|| {
                queries.push((text, constants));
                queries.len() - 1
            })
        }));
    }
    let answers = solver.ask(&queries);
    println!("{} questions, {} queries", questions.len(), queries.len());
    asked.into_iter().map(|place| place.map(|place| answers[place].clone())).collect()
}

/// Whether a determination is against what was claimed.
fn is_against(question: &Question<'_>, found: &Determination) -> bool {
    let fits = |outcome: &Outcome| question.outcomes.contains(outcome);
    match found.outcome {
        Outcome::Open => false,
        Outcome::Unsettled => {
            !fits(&Outcome::Unsettled) && found.readings.iter().any(|way| !fits(&way.outcome))
        }
        outcome => !fits(&outcome),
    }
}

/// What came of a comparison.
#[derive(Default)]
struct Compared {
    holding: usize,
    failing: usize,
    not_put: BTreeSet<String>,
}

/// Compares the two proofs of every claim, its outcomes turned.
fn compare(solver: &Solver, turned: impl Fn(&[Outcome]) -> Vec<Outcome>) -> Compared {
    let corpus = corpus();
    let law = Encoded::new(&corpus);
    let mut compared = Compared::default();
    let mut all: Vec<Question<'_>> = Vec::new();
    let mut ranges = Vec::new();
    for claim in &corpus.claims {
        let start = all.len();
        all.extend(questions(&law, claim, &turned));
        ranges.push(start..all.len());
    }
    let answers = ask(solver, &all);
    for (claim, range) in corpus.claims.iter().zip(ranges) {
        let mut own = claim.clone();
        own.statements
            .iter_mut()
            .for_each(|expected| expected.outcomes = turned(&expected.outcomes));
        let (asked, answered) = (&all[range.clone()], &answers[range]);
        let is_open = |answer: &Option<Answer>| matches!(answer, None | Some(Answer::GaveUp));
        if answered.iter().any(is_open) {
            compared.not_put.insert(claim.title.clone());
        }
        let found = asked.iter().zip(answered).find_map(|(question, answer)| match answer {
            Some(Answer::Yes(values)) => Some((question, values)),
            _ => None,
        });
        match (prove(&corpus, &own), found) {
            (Proof::Holds { .. }, None) => compared.holding += 1,
            (Proof::Holds { .. }, Some((question, values))) => {
                let facts = claims::facts(&corpus, values);
                let told = facts_text::lines(&corpus, &facts);
                panic!("`{}` fails on {}: {told:#?}", claim.title, question.scope.at.on);
            }
            (Proof::Fails(counter), Some((question, values))) => {
                compared.failing += 1;
                confirm(question, values, &claim.title);
                confirm_witness(solver, asked, &counter, &claim.title);
            }
            (Proof::Fails(counter), None) => {
                let told = facts_text::lines(&corpus, &counter.facts);
                panic!("`{}`: not against it {:?}: {told:#?}", claim.title, counter.outcome);
            }
            (Proof::TooLarge(large), _) => panic!("{}: {large}", claim.title),
        }
    }
    compared
}

/// The request that the solver found is against the claim for the engine too.
fn confirm(question: &Question<'_>, values: &BTreeMap<String, i64>, title: &str) {
    let facts = claims::facts(question.law.corpus, values);
    let law = Law::compile(question.law.corpus, question.scope).unwrap();
    let found = law.determine(question.law.corpus, &facts);
    let told = facts_text::lines(question.law.corpus, &facts);
    let on = question.scope.at.on;
    assert!(is_against(question, &found), "`{title}` on {on}: {:?} {told:#?}", found.outcome);
}

/// The request that the engine found is against the claim for the solver too.
fn confirm_witness(solver: &Solver, asked: &[Question<'_>], counter: &Counterexample, title: &str) {
    let same = asked.iter().filter(|question| {
        let (own, other) = (question.scope, counter.scope);
        (own.agency, own.act) == (other.agency, other.act)
    });
    let queries = same.filter_map(|question| {
        let moved =
            Question { scope: counter.scope, outcomes: question.outcomes.clone(), ..*question };
        moved.query(Some(&counter.facts))
    });
    let queries: BTreeMap<String, Vec<String>> = queries.collect();
    let queries: Vec<(String, Vec<String>)> =
        queries.into_keys().map(|text| (text, Vec::new())).collect();
    let answers = solver.ask(&queries);
    let is_confirmed = answers.iter().any(|answer| matches!(answer, Answer::Yes(_)));
    let told = facts_text::lines(asked[0].law.corpus, &counter.facts);
    assert!(is_confirmed, "`{title}` on {}: {told:#?}", counter.scope.at.on);
}

#[test]
fn the_solver_finds_no_request_against_a_claim_that_holds() {
    let Some(solver) = Solver::find("claims") else { return };
    let compared = compare(&solver, <[Outcome]>::to_vec);
    println!("{} claims hold, {} fail", compared.holding, compared.failing);
    assert_eq!(compared.not_put, NOT_PUT.map(str::to_owned).into());
    assert!(compared.holding >= 90);
}

#[test]
fn both_find_a_request_against_a_claim_turned_round_and_confirm_each_other() {
    let Some(solver) = Solver::find("claims turned round") else { return };
    let others = |claimed: &[Outcome]| {
        let all = Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Open);
        all.filter(|outcome| !claimed.contains(outcome)).collect()
    };
    let compared = compare(&solver, others);
    println!("{} claims hold, {} fail", compared.holding, compared.failing);
    assert_eq!(compared.not_put, NOT_PUT.map(str::to_owned).into());
    assert!(compared.failing >= 90);
}
