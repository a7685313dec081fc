//! Tables come out as their rows do one by one, and what is no fact is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../examples/past/table.rs"]
mod table;

#[path = "replay/cells.rs"]
mod cells;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use brightline_law::clock::Day;
use brightline_law::facts::Facts;
use brightline_law::ir::{AsKnown, Corpus, PackId};
use brightline_law::{Law, Outcome, PackSource, Scope, SourceFile, Sources, TableSource, read};
use brightline_replay::{ActLaws, Choices, Known, Table, Tally, replay};
use table::{Contents, write};

const LAW: &str = r#"
vocabulary "Words"

agency jail "the jail"
act hold "hold a person"
act tell "tell of the release"
fact warrant is yes or no
fact match is yes or no
  presumed no by "custom"
fact place is one of
  street "the street"
  shop "a shop"
  home "a home"
fact arrest is a date
fact asked_at is a time
fact days_held is a number of days
record conviction listed as convictions
  offense is an offense
  judged is a date
  youthful is yes or no

never ask religion by "Code § 9"
  in force from 2020-01-01

table crimes from "crimes.csv"

section "Code § 1" as 1
  in force from 2000-01-01
  binds jail

define recent of conviction
  when judged less than 5 years before arrest, not counting days_held

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
  in force from 2026-01-01
  jail must not hold when all of
    place is home
    arrest at least 30 days before act_date

rule (c)
  jail must tell when all of
    place is street
    days_held at least 100
"#;

const BEFORE: &str = "2025-12-31";
const AFTER: &str = "2026-03-04";

struct Made {
    corpus: Corpus,
    pack: PackId,
    days: [Day; 2],
    laws: Vec<ActLaws>,
}

fn made() -> Made {
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
    let pack = corpus.pack("made").unwrap();
    let agency = corpus.agency(pack, "jail").unwrap();
    let days = [BEFORE, AFTER].map(|day| Day::parse(day).unwrap());
    let law = |act: &str, on: Day| {
        let act = corpus.act_name(pack, act).unwrap().acts[0];
        let at = AsKnown { on, known: Day::MAX };
        Law::compile(&corpus, Scope { jurisdiction: pack, agency, act, at }).unwrap()
    };
    let both = |act: &str| ActLaws { before: law(act, days[0]), after: law(act, days[1]) };
    let laws = vec![both("hold"), both("tell")];
    Made { corpus, pack, days, laws }
}

impl Made {
    fn known(&self) -> Known<'_> {
        Known { corpus: &self.corpus, jurisdiction: self.pack, days: &self.days }
    }

    fn open(&self, path: &Path, choices: &Choices) -> Result<Table, Vec<(String, String)>> {
        Table::open(path, &self.known(), choices).map_err(|error| {
            let faults = error.faults().iter();
            faults.map(|it| (it.to_string(), it.help.clone().unwrap_or_default())).collect()
        })
    }

    fn replay(&self, path: &Path, choices: &Choices) -> Tally {
        let table = self.open(path, choices).unwrap();
        replay(self.known(), &table, &self.laws, &|_| {}).unwrap()
    }

    /// How often each pair of outcomes comes, every request decided by itself.
    fn one_by_one(&self, requests: &[Facts], act: usize) -> BTreeMap<(Outcome, Outcome), u64> {
        let mut pairs = BTreeMap::new();
        for facts in requests {
            let [before, after] = [&self.laws[act].before, &self.laws[act].after]
                .map(|law| law.determine(&self.corpus, facts).outcome);
            *pairs.entry((before, after)).or_default() += 1;
        }
        pairs
    }
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn pairs(tally: &Tally, act: usize) -> BTreeMap<(Outcome, Outcome), u64> {
    tally.acts[act].pairs().map(|(before, after, count)| ((before, after), count)).collect()
}

#[test]
fn parquet_rows_come_out_as_one_by_one() {
    let made = made();
    let facts =
        (0..u32::try_from(made.corpus.facts.len()).unwrap()).map(brightline_law::ir::FactId);
    let lists = vec![made.corpus.record(made.pack, "convictions").unwrap()];
    for (seed, unknown_one_in, row_count) in [(1, 0, 3_000), (2, 4, 60), (3, 20, 300)] {
        let path = file(&format!("rows-{seed}.parquet"));
        let contents = Contents {
            facts: facts.clone().collect(),
            lists: lists.clone(),
            unknown_one_in,
            row_count,
        };
        write(&path, &made.corpus, made.days[0], &contents, seed);
        let requests = cells::requests(&path, &made.corpus, made.pack);
        assert_eq!(requests.len(), row_count);
        let choices = Choices { group_by: Some("place".to_owned()), skip: Vec::new() };
        let tally = made.replay(&path, &choices);
        assert_eq!(tally.row_count, row_count as u64);
        for act in 0..made.laws.len() {
            assert_eq!(pairs(&tally, act), made.one_by_one(&requests, act), "seed {seed}");
            let of_groups: u64 = tally.groups.values().map(|counts| counts[act].changed()).sum();
            assert_eq!(of_groups, tally.acts[act].changed());
        }
        let names: Vec<Option<&str>> = tally.groups.keys().map(Option::as_deref).collect();
        let known = [Some("home"), Some("shop"), Some("street")];
        let wanted = if seed == 1 { known.to_vec() } else { [&[None], &known[..]].concat() };
        assert_eq!(names, wanted);
    }
}

#[test]
fn csv_rows_come_out_as_they_read() {
    let made = made();
    let path = file("rows.csv");
    let text = "warrant,place,arrest,asked_at,days_held,desk\n\
                yes,home,2025-06-01,2025-05-01 10:00,0,3\n\
                no,shop,2025-06-01,,0,\n\
                ,home,2026-02-20,2026-02-20,,4\n";
    fs::write(&path, text).unwrap();
    let choices = Choices { group_by: Some("desk".to_owned()), skip: Vec::new() };
    let tally = made.replay(&path, &choices);
    let hold: Vec<_> = tally.acts[0].pairs().collect();
    let wanted = [
        (Outcome::Prohibited, Outcome::Prohibited, 1),
        (Outcome::Open, Outcome::Prohibited, 1),
        (Outcome::Open, Outcome::Open, 1),
    ];
    assert_eq!(hold, wanted);
    assert_eq!(tally.groups[&None][0].changed(), 0);
    assert_eq!(tally.groups[&Some("3".to_owned())][0].changed(), 1);
}

#[test]
fn a_column_that_is_no_fact_is_refused() {
    let made = made();
    let path = file("odd.csv");
    fs::write(&path, "warant,place,religion,docket,convictions\n").unwrap();
    let faults = made.open(&path, &Choices::default()).err().unwrap();
    let wanted = [
        ("warant: `made` has no fact `warant`", "did you mean `warrant`?"),
        (
            "religion: `religion` is never asked, taken or kept here: Code § 9",
            "take the column out of the table",
        ),
        ("docket: `made` has no fact `docket`", "--skip docket leaves the column out"),
        (
            "convictions: this is a list of records, and the column is of texts",
            "make it a list of structs, in Parquet",
        ),
    ];
    assert_eq!(faults, wanted.map(|(fault, help)| (fault.to_owned(), help.to_owned())));
    let group = Choices { group_by: Some("religion".to_owned()), skip: vec!["dockt".to_owned()] };
    let faults = made.open(&path, &group).err().unwrap();
    let has =
        |text: &str| faults.iter().any(|(fault, help)| format!("{fault} {help}").contains(text));
    assert!(has("the table has no column `dockt` did you mean `docket`?"), "{faults:?}");
    assert!(has("`religion` is never asked"), "{faults:?}");
}

#[test]
fn a_value_that_a_fact_cannot_have_is_refused() {
    let made = made();
    let path = file("values.csv");
    for (text, wanted) in [
        ("warrant\nperhaps\n", "line 2, warrant: `perhaps` is neither yes nor no"),
        ("arrest\n2025-02-30\n", "line 2, arrest: 2025-02-30 is not a day of the calendar"),
        ("days_held\n2000000\n", "days_held: 2000000 is out of range: 0 to 1000000"),
        ("place\nstret\n", "place: `stret` is not among the answers"),
    ] {
        fs::write(&path, text).unwrap();
        let table = made.open(&path, &Choices::default()).unwrap();
        let error = replay(made.known(), &table, &made.laws, &|_| {}).unwrap_err();
        assert_eq!(error.to_string(), wanted);
    }
    let missing = made.open(&file("none.parquet"), &Choices::default()).err().unwrap();
    assert!(missing[0].0.contains("this cannot be read"), "{missing:?}");
}
