//! Random small packs as text, and random partial facts, from a list of bytes.
//!
//! All days lie within two of the day of the act, so that a handful of days tries everything.

use std::fmt::Write;

use brightline_law::clock::{Day, Moment, TimeOfDay};
use brightline_law::facts::{Facts, List, Listed, Value};
use brightline_law::ir::{AsKnown, Corpus, Fact, FactId, Kind};
use brightline_law::{PackSource, Scope, SourceFile, Sources, TableSource, read};

/// The day of the act.
pub const ON: &str = "2020-06-15";
const DAYS: [&str; 4] = ["2020-06-14", "2020-06-15", "2020-06-16", "2020-06-13"];

/// Choices read from bytes; when they have run out, the first is chosen for ever.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first) % bound
    }

    /// One of these.
    pub fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

/// A generated law, resolved.
pub struct Made {
    pub text: String,
    pub corpus: Corpus,
    pub scope: Scope,
}

/// Which fields of records the pack speaks of; all together would take too long to try.
#[derive(Clone, Copy)]
struct Style {
    fields: &'static [&'static str],
    dates: &'static [&'static str],
}

const STYLES: [Style; 6] = [
    Style { fields: &["flag", "crime in tab"], dates: &[] },
    Style { fields: &["day"], dates: &["d"] },
    Style { fields: &["flag", "day"], dates: &[] },
    Style { fields: &["flag"], dates: &["d", "e"] },
    Style { fields: &["crime in tab", "crime in tab where class is \"A\""], dates: &["d"] },
    Style { fields: &["crime in tab as of day", "day"], dates: &[] },
];

struct Writer<'c, 'b> {
    choices: &'c mut Choices<'b>,
    style: Style,
    text: String,
    terms: usize,
    points: usize,
    /// What is written is a provision's: only there can text be left unread.
    of_provision: bool,
}

/// The vocabulary of every made pack.
pub const WORDS: &str = r#"vocabulary "Words"

agency ag "the agency"
act x "do x"
act y "do y"
fact a is yes or no
  cost 1
fact b is yes or no
  presumed no by "custom"
fact c is yes or no
  cost 9
fact k is one of
  k0 "k0"
  k1 "k1"
  k2 "k2"
fact d is a date
fact e is a date
fact n is a number of days
fact t is a time
record rec listed as recs
  crime is an offense
  day is a date
  flag is yes or no
table tab from "tab.csv"

"#;

/// Makes a pack with rules on two acts, and a claim where one is wanted.
pub fn made(choices: &mut Choices<'_>, with_claim: bool) -> Made {
    let style = STYLES[choices.below(STYLES.len())];
    let mut writer =
        Writer { choices, style, text: WORDS.to_owned(), terms: 0, points: 0, of_provision: true };
    writer.sections();
    if with_claim {
        writer.claim();
    }
    let text = writer.text;
    let corpus = resolved(&text);
    let jurisdiction = corpus.pack("made").unwrap();
    let agency = corpus.agency(jurisdiction, "ag").unwrap();
    let act = corpus.act_name(jurisdiction, "x").unwrap().acts[0];
    let on = Day::parse(ON).unwrap();
    let scope = Scope { jurisdiction, agency, act, at: AsKnown { on, known: on } };
    Made { text, corpus, scope }
}

/// Resolves the text of a pack; a mistake in it is a mistake of the generator.
pub fn resolved(text: &str) -> Corpus {
    let rows = ["NY PL 1,A,,", "NY PL 2(1),B,,", "NY PL 3,A,,2020-06-14"];
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let table = TableSource {
        path: "tab.csv".to_owned(),
        header: cells("offense,class,from,until"),
        rows: (2..).zip(rows.iter().map(|row| cells(row))).collect(),
    };
    let file =
        SourceFile { path: "made.law.md".to_owned(), text: format!("```law\n{text}\n```\n") };
    let pack = PackSource {
        id: "made".to_owned(),
        title: "Made".to_owned(),
        zone: "America/New_York".to_owned(),
        recorded_from: Some("2000-01-01".to_owned()),
        files: vec![file],
        tables: vec![table],
        ..PackSource::default()
    };
    let checked = read(&Sources { packs: vec![pack] });
    assert!(checked.is_usable(), "{text}\n{:#?}", checked.diagnostics);
    checked.corpus
}

impl Writer<'_, '_> {
    fn chance(&mut self, one_in: usize) -> bool {
        self.choices.below(one_in) == one_in - 1
    }

    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    fn sections(&mut self) {
        self.line(0, "section \"S 1\" as 1-1");
        self.line(2, "binds ag");
        self.definitions();
        let count = 1 + self.choices.below(4);
        let second = if self.chance(2) { count / 2 } else { count };
        for number in 1..=count {
            if number == second + 1 {
                self.line(0, "section \"S 2\" as 1-2");
                self.line(2, "binds ag");
            }
            self.rule(number, second);
        }
    }

    /// Terms of records, a term of facts, an unsettled point.
    fn definitions(&mut self) {
        for name in ["g0", "g1"] {
            self.line(0, &format!("define {name} of rec ({name})"));
            self.properties();
            self.line(2, "when all of");
            self.list(4, 1, true);
        }
        if self.chance(2) {
            self.line(0, "define t0 (t0)");
            self.properties();
            self.line(2, "when any of");
            self.list(4, 1, false);
            self.terms = 1;
        }
        if self.chance(2) {
            let of = if self.chance(2) { " of rec" } else { "" };
            self.line(0, &format!("unsettled u0{of} (u0) \"which?\""));
            if self.chance(6) {
                self.line(2, "partial \"only a summary was read\"");
            }
            for name in ["one", "other"] {
                self.line(2, &format!("reading {name} \"{name}\""));
                let leaf = self.leaf(!of.is_empty());
                self.line(4, &format!("when {leaf}"));
            }
            self.points = 1 + of.len();
        }
    }

    fn properties(&mut self) {
        match self.choices.below(16) {
            15 => self.line(2, "partial \"half of it was read\""),
            14 => self.line(2, "in force from 2020-06-14 until 2020-06-16"),
            13 => self.line(2, "in force from 2020-06-16"),
            _ => {}
        }
    }

    fn rule(&mut self, number: usize, second: usize) {
        self.line(0, &format!("rule ({number})"));
        self.properties();
        let named = |number: usize| format!("1-{}({number})", if number > second { 2 } else { 1 });
        let other = (number > 1).then(|| named(1 + self.choices.below(number.max(2) - 1)));
        if let Some(other) = &other
            && self.chance(3)
        {
            self.line(2, &format!("despite {other}"));
        }
        let acts = if self.chance(4) { "x, y" } else { "x" };
        let modal = self.choices.below(if other.is_some() { 10 } else { 8 });
        let statement = match (modal, &other) {
            (0 | 1, _) => format!("ag may {acts} only when"),
            (2 | 3, _) => format!("ag may {acts} when"),
            (4 | 5, _) => format!("ag must not {acts} when"),
            (6, _) => format!("ag must {acts} when"),
            (8, Some(other)) => format!("{other} does not bar {acts} when"),
            (9, Some(other)) => format!("{other} does not require {acts} when"),
            _ => format!("ag has no authority to {acts} when"),
        };
        if self.chance(3) {
            let leaf = self.leaf(false);
            self.line(2, &format!("{statement} {leaf}"));
        } else {
            let list = self.choices.one(&["all of", "any of", "none of"]);
            self.line(2, &format!("{statement} {list}"));
            self.list(4, 0, false);
            if let Some(other) = &other
                && self.chance(6)
            {
                let effect = self.choices.one(&["prohibited", "required", "permitted"]);
                self.line(4, &format!("{effect} by {other}"));
            }
        }
        if self.chance(4) {
            let leaf = self.leaf(false);
            self.line(2, &format!("except when {leaf}"));
        }
        if matches!(modal, 0..4 | 6) && self.chance(4) {
            self.line(2, "for at most 48 hours, from t");
        }
    }

    /// One to three lines, some of them lists again.
    fn list(&mut self, indent: usize, depth: usize, of_record: bool) {
        for _ in 0..=self.choices.below(3) {
            if depth < 2 && self.chance(4) {
                let list = self.choices.one(&["all of", "any of", "none of"]);
                self.line(indent, list);
                self.list(indent + 2, depth + 1, of_record);
                if self.chance(4) {
                    let leaf = self.leaf(of_record);
                    self.line(indent + 2, &format!("except when {leaf}"));
                }
            } else {
                let leaf = self.leaf(of_record);
                self.line(indent, &leaf);
            }
        }
    }

    fn leaf(&mut self, of_record: bool) -> String {
        if of_record {
            return self.record_leaf();
        }
        match self.choices.below(16) {
            0..4 => self.choices.one(&["a", "not a", "b", "c", "not c"]).to_owned(),
            4 | 5 => self.choices.one(&["k is k0", "k is not k1", "k is any of k0, k2"]).to_owned(),
            6 | 7 => self.date_leaf(),
            8 => {
                let relation = self.choices.one(&["at least", "more than", "at most", "exactly"]);
                format!("n {relation} {}", self.choices.below(3))
            }
            9 if self.terms > 0 => "t0".to_owned(),
            10 if self.points == 1 => "u0".to_owned(),
            11 if self.of_provision => {
                self.choices.one(&["not encoded \"more\"", "always", "never"]).to_owned()
            }
            9..14 => self
                .choices
                .one(&[
                    "some rec is g0",
                    "no rec is g0",
                    "every rec is g1",
                    "at least 2 recs are g0",
                    "some rec is g1",
                    "some rec",
                    "no recs",
                ])
                .to_owned(),
            14 if self.points > 1 => "some rec is u0".to_owned(),
            _ => self.choices.one(&["a", "c", "b", "not b"]).to_owned(),
        }
    }

    fn record_leaf(&mut self) -> String {
        let field = self.style.fields[self.choices.below(self.style.fields.len())];
        match self.choices.below(6) {
            0 => self.choices.one(&["a", "not c", "b"]).to_owned(),
            1 if self.points > 1 => "u0".to_owned(),
            _ if field == "day" => self.comparison("day"),
            _ if field == "flag" => self.choices.one(&["flag", "not flag"]).to_owned(),
            _ => field.to_owned(),
        }
    }

    fn date_leaf(&mut self) -> String {
        match self.style.dates.len() {
            0 => self.choices.one(&["a", "c", "act_date before 2020-06-16"]).to_owned(),
            count => {
                let date = self.style.dates[self.choices.below(count)];
                self.comparison(date)
            }
        }
    }

    /// A date against a fixed day, the day of the act or another date.
    fn comparison(&mut self, left: &str) -> String {
        let dates = self.style.dates;
        let mut anchors = vec!["act_date"];
        anchors.extend(dates.iter().filter(|date| **date != left));
        if self.choices.below(2) == 0 {
            let right = match self.choices.below(3) {
                0 => self.choices.one(&DAYS),
                _ => self.choices.one(&anchors),
            };
            let order = self.choices.one(&["before", "on or before", "after", "on or after"]);
            return format!("{left} {order} {right}");
        }
        let relation = self.choices.one(&["more than", "at least", "less than", "at most"]);
        let count = 1 + self.choices.below(2);
        let side = self.choices.one(&["before", "after"]);
        let right = self.choices.one(&anchors);
        let excluded = if self.chance(5) { ", not counting n" } else { "" };
        format!("{left} {relation} {count} days {side} {right}{excluded}")
    }

    fn claim(&mut self) {
        self.of_provision = false;
        self.line(0, "claim \"so it is\"");
        self.line(2, &format!("from {ON} until {ON}"));
        let claimed = self.choices.one(&[
            "ag may x",
            "ag must not x",
            "ag x is prohibited or no authority",
            "ag x is permitted or silent or not barred or not required",
            "ag x is required or permitted or silent or unsettled",
            "ag x is prohibited or no authority or unsettled or silent",
        ]);
        if self.chance(3) {
            self.line(2, claimed);
        } else {
            self.line(2, &format!("{claimed} when all of"));
            self.list(4, 1, false);
        }
    }
}

/// Returns facts of which some are unknown.
pub fn facts(choices: &mut Choices<'_>, made: &Made) -> Facts {
    let corpus = &made.corpus;
    let mut facts = Facts::unknown(corpus);
    for (index, fact) in corpus.facts.iter().enumerate() {
        let id = FactId(u32::try_from(index).unwrap());
        facts.set(id, value(choices, corpus, fact, 0));
    }
    let listed = match choices.below(4) {
        0 => Listed::Unknown,
        1 => Listed::Partly,
        _ => Listed::Whole,
    };
    let count = if listed == Listed::Unknown { 0 } else { choices.below(3) };
    let fields = &corpus.records[0].fields;
    let row = |_| fields.iter().map(|field| value(choices, corpus, field, 2)).collect();
    facts.lists = vec![List { listed, rows: (0..count).map(row).collect() }];
    facts
}

fn value(choices: &mut Choices<'_>, corpus: &Corpus, fact: &Fact, ago: i32) -> Value {
    if choices.below(5) < 2 {
        return Value::Unknown;
    }
    let near = i32::try_from(choices.below(5)).unwrap() - 2;
    let day = Day::parse(ON).unwrap().plus_days(near - ago);
    match &fact.kind {
        Kind::YesNo => Value::Bool(near >= 0),
        Kind::OneOf(_) => Value::Choice(u16::try_from(near + 2).unwrap() % 3),
        Kind::Date => Value::Day(day),
        Kind::Time => Value::Moment(Moment::at(day, TimeOfDay::MIDNIGHT)),
        Kind::Number { .. } => Value::Number(i64::from(near.max(0))),
        Kind::Offense => {
            let names = ["NY PL 1", "NY PL 2", "NY PL 2(1)", "NY PL 3(2)", "CA PC 9"];
            Value::Offense(corpus.offenses.find(names[usize::try_from(near + 2).unwrap()]))
        }
    }
}
