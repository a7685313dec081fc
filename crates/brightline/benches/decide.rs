//! One request under the real law of New York City, and the packs as a whole.
//!
//! `request.json` asks whether the Department of Correction may hold a person with three
//! convictions, all facts known. The open request is the same without its convictions and without
//! the answer on the watch list.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::expect_used)]

#[path = "../../brightline-law/tests/columns/requests.rs"]
#[allow(dead_code)]
mod requests;

use std::hint::black_box;

use brightline_desk::{Json, Library, Packs, Request, Taken};
use brightline_law::{Law, Scope, check};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use requests::Chance;

const REQUEST: &str = include_str!("request.json");

/// A request taken in, with its first act's law.
struct Asked {
    library: Library,
    taken: Taken,
    scope: Scope,
    law: Law,
}

impl Asked {
    fn new(request: &Request<'_>) -> Self {
        let library = Library::open(Packs::embedded().unwrap());
        let taken = library.take_in(request).unwrap();
        let Taken { jurisdiction, agency, at, .. } = taken;
        let scope = Scope { jurisdiction, agency, act: taken.acts[0], at };
        let law = Law::compile(library.corpus(), scope).unwrap();
        Self { library, taken, scope, law }
    }

    fn known() -> Self {
        Self::new(&Request::read(REQUEST).unwrap())
    }

    fn open() -> Self {
        let mut request = Request::read(REQUEST).unwrap();
        for fact in ["convictions", "terrorist_database_match"] {
            let unknown = Json::object([("unknown", Json::text("not asked"))]);
            request.set_fact(fact, unknown);
        }
        Self::new(&request)
    }
}

fn decide(c: &mut Criterion) {
    let case = Asked::known();
    let (law, corpus, facts) = (&case.law, case.library.corpus(), &case.taken.facts);
    let explained = law.determine(corpus, facts);
    assert_eq!(law.decide(corpus, facts), Some(explained.outcome));
    let mut group = c.benchmark_group("decide");
    group.bench_function("typed", |b| {
        b.iter(|| law.decide(corpus, black_box(facts)));
    });
    group.bench_function("explained", |b| {
        b.iter(|| law.determine(corpus, black_box(facts)));
    });
    let open = Asked::open();
    let (law, facts) = (&open.law, &open.taken.facts);
    assert!(!law.determine(corpus, facts).questions.is_empty());
    group.bench_function("open", |b| {
        b.iter(|| law.determine(corpus, black_box(facts)));
    });
    group.finish();
}

/// One in this many facts is not known in the rows with unknown facts.
const UNKNOWN_ONE_IN: u64 = 40;
const ROW_COUNT: usize = 100_000;

fn columns(c: &mut Criterion) {
    let case = Asked::known();
    let corpus = case.library.corpus();
    let mut group = c.benchmark_group("columns");
    group.sample_size(10);
    group.throughput(Throughput::Elements(ROW_COUNT as u64));
    for (name, act, unknown_one_in) in [
        ("lists", "hold_past_release", 0),
        ("lists, some facts unknown", "hold_past_release", UNKNOWN_ONE_IN),
        ("yes-or-no facts only", "permit_federal_office", UNKNOWN_ONE_IN),
    ] {
        let act = corpus.act_name(case.scope.jurisdiction, act).unwrap().acts[0];
        let law = Law::compile(corpus, Scope { act, ..case.scope }).unwrap();
        let mut chance = Chance::new(4);
        let mut rows = law.columns(ROW_COUNT);
        for row in 0..ROW_COUNT {
            let facts = requests::facts(corpus, case.scope.at.on, &mut chance, unknown_one_in);
            rows.set_facts(row, &facts);
        }
        group.bench_function(name, |b| {
            b.iter(|| {
                law.determine_all(corpus, black_box(&rows), |_, found| {
                    black_box(found);
                })
            });
        });
    }
    group.finish();
}

fn json(c: &mut Criterion) {
    let library = Library::open(Packs::embedded().unwrap());
    let mut group = c.benchmark_group("json");
    group.bench_function("parse", |b| {
        b.iter(|| Json::parse(black_box(REQUEST)).unwrap());
    });
    group.bench_function("taken in", |b| {
        b.iter(|| {
            let request = Request::read(black_box(REQUEST)).unwrap();
            library.take_in(&request).unwrap()
        });
    });
    assert!(library.is_plain(REQUEST));
    group.bench_function("outcome", |b| {
        b.iter(|| library.brief_json(black_box(REQUEST)).unwrap());
    });
    group.bench_function("answered", |b| {
        b.iter(|| library.answer_json(black_box(REQUEST)).unwrap());
    });
    group.finish();
}

fn packs(c: &mut Criterion) {
    let case = Asked::known();
    let sources = &case.library.packs().sources;
    let mut group = c.benchmark_group("packs");
    group.sample_size(10);
    group.bench_function("compile", |b| {
        b.iter(|| Law::compile(case.library.corpus(), black_box(case.scope)).unwrap());
    });
    group.bench_function("read", |b| {
        b.iter(|| brightline_law::read(black_box(sources)));
    });
    group.bench_function("check", |b| {
        b.iter(|| check(black_box(sources)));
    });
    group.finish();
}

criterion_group!(benches, decide, json, columns, packs);
criterion_main!(benches);
