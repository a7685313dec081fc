//! Many rows at once come out as one by one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs, clippy::indexing_slicing)]

#[path = "columns/requests.rs"]
mod requests;

use brightline_law::clock::Day;
use brightline_law::facts::{List, Listed, Value};
use brightline_law::ir::{AsKnown, Corpus, FactId};
use brightline_law::{Law, Outcome, PackSource, Scope, SourceFile, Sources, TableSource, read};
use requests::{Chance, compare};

const LAW: &str = r#"
vocabulary "Words"

agency jail "the jail"
act hold "hold a person"
fact warrant is yes or no
fact match is yes or no
  presumed no by "custom"
fact place is one of
  street "the street"
  shop "a shop"
  home "a home"
fact arrest is a date
fact days_held is a number of days
record conviction listed as convictions
  offense is an offense
  judged is a date
  youthful is yes or no

table crimes from "crimes.csv"

section "Code § 1" as 1
  binds jail

unsettled anniversary AMB "does the anniversary count?"
  reading lapsed "it does not"
    when never
  reading inside "it does"
    when always

define recent of conviction
  when any of
    judged less than 5 years before arrest, not counting days_held
    all of
      anniversary
      judged at most 5 years before arrest, not counting days_held

define serious of conviction
  when all of
    offense in crimes
    recent
  except when youthful

rule (a)
  jail may hold only when all of
    warrant
    any of
      some conviction is serious
      at least 2 convictions are youthful
      match

rule (b)
  jail must not hold when all of
    place is home
    arrest at least 30 days before act_date

rule (c)
  jail must not hold when days_held at least 100
"#;

fn made() -> (Corpus, Scope) {
    let file = SourceFile { path: "law.md".to_owned(), text: format!("```law\n{LAW}```\n") };
    let row = |line: u32, offense: &str| (line, vec![offense.to_owned()]);
    let table = TableSource {
        path: "crimes.csv".to_owned(),
        header: vec!["offense".to_owned()],
        rows: vec![row(2, "NY PL 160.15"), row(3, "NY PL 265.02(3)"), row(4, "NY PL 120.05")],
    };
    let pack = PackSource {
        id: "made".to_owned(),
        zone: "America/New_York".to_owned(),
        recorded_from: Some("2000-01-01".to_owned()),
        files: vec![file],
        tables: vec![table],
        ..PackSource::default()
    };
    let checked = read(&Sources { packs: vec![pack] });
    assert!(checked.is_usable(), "{:#?}", checked.diagnostics);
    let corpus = checked.corpus;
    let jurisdiction = corpus.pack("made").unwrap();
    let agency = corpus.agency(jurisdiction, "jail").unwrap();
    let act = corpus.act_name(jurisdiction, "hold").unwrap().acts[0];
    let at = AsKnown { on: Day::parse("2026-03-04").unwrap(), known: Day::MAX };
    (corpus, Scope { jurisdiction, agency, act, at })
}

#[test]
fn known_rows_come_out_as_one_by_one() {
    let (corpus, scope) = made();
    let law = Law::compile(&corpus, scope).unwrap();
    let mut chance = Chance::new(1);
    let requests: Vec<_> =
        (0..2000).map(|_| requests::facts(&corpus, scope.at.on, &mut chance, 0)).collect();
    let outcomes = compare(&law, &corpus, &requests);
    for wanted in [Outcome::Permitted, Outcome::Prohibited] {
        assert!(outcomes.contains(&wanted), "{wanted}");
    }
}

#[test]
fn rows_with_unknown_facts_come_out_as_one_by_one() {
    let (corpus, scope) = made();
    let law = Law::compile(&corpus, scope).unwrap();
    let mut chance = Chance::new(2);
    for unknown_one_in in [1, 2, 5, 20] {
        let made =
            (0..40).map(|_| requests::facts(&corpus, scope.at.on, &mut chance, unknown_one_in));
        let outcomes = compare(&law, &corpus, &made.collect::<Vec<_>>());
        assert!(outcomes.contains(&Outcome::Open) || unknown_one_in == 20);
    }
}

#[test]
fn columns_keep_what_they_are_given() {
    let (corpus, scope) = made();
    let law = Law::compile(&corpus, scope).unwrap();
    let fact = |name: &str| corpus.fact(scope.jurisdiction, name).unwrap();
    let mut columns = law.columns(70);
    columns.set_bitmap(fact("warrant"), &[u64::MAX, 1], &[5]);
    columns.set_days(fact("arrest"), &[None, Some(scope.at.on)]);
    columns.set_choice(69, fact("place"), 2);
    columns.set_number(3, fact("days_held"), 7);
    columns.set_bool(70, fact("match"), true);
    columns.set(5, FactId(9999), Value::Unknown);
    assert_eq!(columns.value(0, fact("warrant")), Value::Bool(true));
    assert_eq!(columns.value(64, fact("warrant")), Value::Bool(false));
    assert_eq!(columns.value(65, fact("warrant")), Value::Unknown);
    assert_eq!(columns.value(1, fact("arrest")), Value::Day(scope.at.on));
    assert_eq!(columns.value(69, fact("arrest")), Value::Unknown);
    assert_eq!(columns.value(69, fact("place")), Value::Choice(2));
    assert_eq!(columns.value(3, fact("days_held")), Value::Number(7));
    assert_eq!(columns.value(69, fact("match")), Value::Unknown);
    columns.set(1, fact("arrest"), Value::Bool(true));
    assert_eq!(columns.value(1, fact("arrest")), Value::Unknown);
    let record = corpus.record(scope.jurisdiction, "convictions").unwrap();
    let list = List { listed: Listed::Whole, rows: vec![vec![Value::Unknown; 3]; 2] };
    columns.set_list(2, record, &list);
    assert_eq!(columns.facts(&corpus, 2).lists[record.index()], list);
    assert_eq!(columns.facts(&corpus, 3).lists[record.index()], List::default());
}

#[test]
fn no_rows_are_no_blocks() {
    let (corpus, scope) = made();
    let law = Law::compile(&corpus, scope).unwrap();
    let columns = law.columns(0);
    law.determine_all(&corpus, &columns, |_, _| panic!("there is no block"));
    assert!(law.outcomes_all(&corpus, &columns).is_empty());
}
