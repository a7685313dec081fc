//! Comparisons: what changes between two days, or without an instrument.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use brightline_law::clock::Day;
use brightline_law::diagnostic::Severity;
use brightline_law::facts::Listed;
use brightline_law::ir::{AsKnown, Corpus};
use brightline_law::{
    Change, Law, Outcome, PackSource, Scope, Side, SourceFile, SourceReference, Sources,
    TableSource, agencies, diff, read,
};

const WORDS: &str = r#"
vocabulary "Words of this test"

agency county_jail "the county jail"
agency city_jail "the city jail"

act hold "hold a person"
act notify "tell of the release"

fact warrant is yes or no
fact minor is yes or no
fact grown is yes or no
"#;

/// Reads one pack, with a table of crimes of which the second is listed from 2024 on.
fn corpus(law: &str) -> Corpus {
    let rows = [["XX PC 211", "2010-01-01"], ["XX PC 236", "2024-01-01"]];
    let rows = rows.iter().zip(2..);
    let table = TableSource {
        path: "crimes.csv".to_owned(),
        header: ["offense", "from"].map(str::to_owned).to_vec(),
        rows: rows.map(|(row, line)| (line, row.map(str::to_owned).to_vec())).collect(),
    };
    let text = format!("```law\n{WORDS}\n```\n\n```law\n{law}\n```\n");
    let pack = PackSource {
        id: "test".to_owned(),
        title: "A test".to_owned(),
        zone: "America/New_York".to_owned(),
        recorded_from: Some("2000-01-01".to_owned()),
        references: vec![SourceReference { id: "made".to_owned(), ..SourceReference::default() }],
        files: vec![SourceFile { path: "test.law.md".to_owned(), text }],
        tables: vec![table],
        ..PackSource::default()
    };
    let checked = read(&Sources { packs: vec![pack] });
    let errors: Vec<_> =
        checked.diagnostics.iter().filter(|it| it.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    checked.corpus
}

fn side(day: &str, without: &[&str]) -> Side {
    let at = AsKnown { on: Day::parse(day).unwrap(), known: Day::MAX };
    Side { at, without: without.iter().map(|name| (*name).to_owned()).collect() }
}

fn changes(corpus: &Corpus, before: &Side, after: &Side) -> Vec<Change> {
    let jurisdiction = corpus.pack("test").unwrap();
    diff(corpus, jurisdiction, before, after, &agencies(corpus, jurisdiction)).unwrap()
}

/// What the law of a day says of a change's request.
fn outcome(corpus: &Corpus, change: &Change, at: AsKnown) -> Outcome {
    let jurisdiction = corpus.pack("test").unwrap();
    let scope = Scope { jurisdiction, agency: change.agency, act: change.act, at };
    Law::compile(corpus, scope).unwrap().determine(corpus, &change.facts).outcome
}

#[test]
fn a_list_that_grows_overnight_changes_the_law() {
    let corpus = corpus(
        r#"
section "Test Code § 1" as 1
  binds county_jail

record conviction listed as convictions
  offense is an offense

table crimes from "crimes.csv"

define listed of conviction (1)
  when offense in crimes

rule (a)
  county_jail must not hold except when some conviction is listed
"#,
    );
    let (before, after) = (side("2023-12-31", &[]), side("2024-01-01", &[]));
    let found = changes(&corpus, &before, &after);
    let [change] = &found[..] else { panic!("one class: {found:#?}") };
    assert_eq!((change.before, change.after), (Outcome::Prohibited, Outcome::Silent));
    assert_eq!(outcome(&corpus, change, before.at), Outcome::Prohibited);
    assert_eq!(outcome(&corpus, change, after.at), Outcome::Silent);
    assert!(change.facts.lists.iter().all(|list| list.listed == Listed::Whole));
    assert!(changes(&corpus, &after, &side("2025-06-01", &[])).is_empty());
}

#[test]
fn a_day_excluded_from_a_window_is_counted_on_each_side_by_itself() {
    let corpus = corpus(
        r#"
section "Test Code § 1" as 1
  binds county_jail

fact judgment is a date
fact days_in_custody is a number of days

rule (a)
  county_jail must not hold
  except when judgment less than 5 years before act_date, not counting days_in_custody
"#,
    );
    let (before, after) = (side("2023-06-01", &[]), side("2024-06-01", &[]));
    let found = changes(&corpus, &before, &after);
    assert!(!found.is_empty(), "what was inside the window is outside a year later");
    for change in &found {
        assert_eq!(outcome(&corpus, change, before.at), change.before);
        assert_eq!(outcome(&corpus, change, after.at), change.after);
    }
}

#[test]
fn an_instrument_left_out_is_left_out_of_conditions_too() {
    let corpus = corpus(
        r#"
order "Order 1" as order-1

rule 1
  county_jail must hold when warrant

section "Test Code § 2" as 2

rule (a)
  county_jail must not notify except when warrant

rule (b)
  county_jail must not hold
  except when required by order-1
"#,
    );
    let day = "2025-01-01";
    let found = changes(&corpus, &side(day, &[]), &side(day, &["order-1"]));
    let [change] = &found[..] else { panic!("one class: {found:#?}") };
    assert_eq!((change.before, change.after), (Outcome::Required, Outcome::Prohibited));
}

#[test]
fn what_cannot_be_is_no_change() {
    let corpus = corpus(
        r#"
section "Test Code § 1" as 1
  in force from 2000-01-01 until 2019-12-31

rule (a)
  county_jail must not hold when minor

section "Test Code § 1" as 1
  in force from 2020-01-01

rule (a)
  county_jail must not hold when all of
    minor
    not grown

impossible when all of
  minor
  grown
"#,
    );
    let found = changes(&corpus, &side("2019-12-31", &[]), &side("2020-01-01", &[]));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn each_agency_has_its_own_changes() {
    let corpus = corpus(
        r#"
section "Test Code § 1" as 1
  in force from 2020-01-01

rule (a)
  county_jail, city_jail must not hold, notify
"#,
    );
    let found = changes(&corpus, &side("2019-12-31", &[]), &side("2020-01-01", &[]));
    let mut whose: Vec<_> = found.iter().map(|change| (change.agency, change.act)).collect();
    whose.dedup();
    assert_eq!((found.len(), whose.len()), (4, 4));
}
