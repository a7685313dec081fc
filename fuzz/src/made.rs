//! Small laws and requests, made from choices.

use std::fmt::Write;

use brightline_law::clock::Day;
use brightline_law::facts::{Facts, List, Listed, Value};
use brightline_law::ir::{AsKnown, Corpus};
use brightline_law::{PackSource, Scope, SourceFile, Sources};

use crate::bytes::Choices;

const WORDS: &str = "\
vocabulary \"Words\"

agency jail \"the jail\"
act hold \"hold a person\"
fact a is yes or no
fact b is yes or no
fact c is yes or no
fact k is one of
  x \"x\"
  y \"y\"
  z \"z\"
fact p is a date
fact q is a date
record entry listed as entries
  f is yes or no
  j is a date

section \"Code § 1\" as 1
  binds jail
";
/// What dates are compared with, beside each other: a literal, and two years before the act.
const THRESHOLDS: [&str; 2] = ["2020-01-01", "2024-03-04"];
/// A day that is known lies so near to a threshold.
const NEAR: i32 = 1;
/// A day that is tried may lie so far from one that three unknown days fit on either side of any
/// known day.
const FAR: i32 = NEAR + 3;
const DEPTH_MAX: usize = 3;
/// The day of the act.
const ON: &str = "2026-03-04";

/// A law with the scope that is asked of it.
pub struct Made {
    /// The law.
    pub corpus: Corpus,
    /// Pack, agency, act and day.
    pub scope: Scope,
    /// The law as text.
    pub text: String,
}

/// Which conditions are made.
#[derive(Clone, Copy)]
struct Form {
    /// Of a record.
    of_entry: bool,
    /// Some compare two unknowns with each other, or a record with the rest of the request.
    coupled: bool,
}

/// Returns a law; none when the choices make one that `read` refuses.
pub fn law(choices: &mut Choices<'_>, coupled: bool) -> Option<Made> {
    let facts = Form { of_entry: false, coupled };
    let mut text = WORDS.to_owned();
    text.push_str("\nunsettled u AMB \"which?\"\n  reading one \"one\"\n    when ");
    text.push_str(leaf(choices, facts));
    text.push_str("\n  reading two \"two\"\n    when ");
    text.push_str(leaf(choices, facts));
    text.push_str("\n\ndefine t\n  when any of\n");
    conditions(choices, &mut text, 2, 1, facts);
    text.push_str("\ndefine g of entry\n  when all of\n");
    conditions(choices, &mut text, 2, 1, Form { of_entry: true, coupled });
    for number in 0..=choices.below(4) {
        rule(choices, &mut text, number, facts);
    }
    let file = SourceFile { path: "law.md".to_owned(), text: format!("```law\n{text}```\n") };
    let pack = PackSource {
        id: "made".to_owned(),
        zone: "America/New_York".to_owned(),
        recorded_from: Some("2000-01-01".to_owned()),
        files: vec![file],
        ..PackSource::default()
    };
    let read = brightline_law::read(&Sources { packs: vec![pack] });
    assert!(read.is_usable(), "{text}\n{:?}", read.diagnostics);
    let corpus = read.corpus;
    let jurisdiction = corpus.pack("made")?;
    let agency = corpus.agency(jurisdiction, "jail")?;
    let act = *corpus.act_name(jurisdiction, "hold")?.acts.first()?;
    let day = Day::parse(ON).ok()?;
    let scope = Scope { jurisdiction, agency, act, at: AsKnown { on: day, known: day } };
    Some(Made { corpus, scope, text })
}

fn rule(choices: &mut Choices<'_>, text: &mut String, number: usize, facts: Form) {
    let _ = writeln!(text, "\nrule ({number})");
    let target = choices.below(number.max(1));
    let modal = choices.below(if number == 0 { 5 } else { 7 });
    if number > 0 && modal < 5 && choices.below(3) == 0 {
        let _ = writeln!(text, "  despite ({target})");
    }
    let statement = match modal {
        0 => "jail may hold only when".to_owned(),
        1 => "jail may hold when".to_owned(),
        2 => "jail must not hold when".to_owned(),
        3 => "jail must hold when".to_owned(),
        4 => "jail has no authority to hold when".to_owned(),
        5 => format!("({target}) does not bar hold when"),
        _ => format!("({target}) does not require hold when"),
    };
    let list = choices.one(&["all of", "any of", "none of"]);
    let _ = writeln!(text, "  {statement} {list}");
    conditions(choices, text, 2, 0, facts);
    if choices.below(4) == 0 {
        let _ = writeln!(text, "  except when {}", leaf(choices, facts));
    }
}

/// Writes one to three lines of a list.
fn conditions(
    choices: &mut Choices<'_>,
    text: &mut String,
    indent: usize,
    depth: usize,
    form: Form,
) {
    for _ in 0..=choices.below(3) {
        let gap = "  ".repeat(indent);
        if depth < DEPTH_MAX && choices.below(3) == 0 {
            let list = choices.one(&["all of", "any of", "none of"]);
            let _ = writeln!(text, "{gap}{list}");
            conditions(choices, text, indent + 1, depth + 1, form);
        } else {
            let _ = writeln!(text, "{gap}{}", leaf(choices, form));
        }
    }
    if depth == 0 {
        let gap = "  ".repeat(indent);
        let _ = writeln!(text, "{gap}{}", choices.one(&TERMS));
    }
}

const TERMS: [&str; 9] = [
    "t",
    "u",
    "not u",
    "some entry is g",
    "no entry is g",
    "every entry is g",
    "at least 2 entries are g",
    "some entry",
    "not encoded \"more\"",
];
/// Those before `COUPLED_FACTS` speak of one fact each.
const FACTS: [&str; 14] = [
    "a",
    "b",
    "c",
    "not a",
    "not b",
    "k is x",
    "k is not y",
    "k is any of x, z",
    "p before 2020-01-01",
    "p at most 2 years before act_date",
    "p more than 2 years before act_date",
    "q on or after 2020-01-01",
    "p before q",
    "q on or before p",
];
const COUPLED_FACTS: usize = 12;
/// Those before `COUPLED_FIELDS` speak of the record alone, and compare its date in one way.
const FIELDS: [&str; 7] = [
    "f",
    "not f",
    "j on or after 2020-01-01",
    "j less than 2 years before act_date",
    "u",
    "a",
    "j before p",
];
const COUPLED_FIELDS: usize = 3;

fn leaf(choices: &mut Choices<'_>, form: Form) -> &'static str {
    let (words, alone): (&[&'static str], usize) =
        if form.of_entry { (&FIELDS, COUPLED_FIELDS) } else { (&FACTS, COUPLED_FACTS) };
    words[choices.below(if form.coupled { words.len() } else { alone })]
}

/// Returns the days that unknown dates are tried with.
pub fn days_to_try() -> Vec<Day> {
    days_within(FAR)
}

fn days_within(distance: i32) -> Vec<Day> {
    let thresholds = THRESHOLDS.into_iter().flat_map(Day::parse);
    thresholds.flat_map(|day| (-distance..=distance).map(move |by| day.plus_days(by))).collect()
}

/// Returns facts of which some are unknown.
pub fn facts(choices: &mut Choices<'_>, made: &Made) -> Facts {
    let days = days_within(NEAR);
    let mut facts = Facts::unknown(&made.corpus);
    for (index, fact) in made.corpus.facts.iter().enumerate() {
        facts.values[index] = value(choices, &fact.name, &days);
    }
    let listed = *choices.one(&[Listed::Unknown, Listed::Partly, Listed::Whole, Listed::Whole]);
    let count = if listed == Listed::Unknown { 0 } else { choices.below(3) };
    let rows = (0..count).map(|_| ["f", "j"].map(|name| value(choices, name, &days)).to_vec());
    facts.lists = vec![List { listed, rows: rows.collect() }];
    facts
}

fn value(choices: &mut Choices<'_>, name: &str, days: &[Day]) -> Value {
    if choices.below(5) < 2 {
        return Value::Unknown;
    }
    match name {
        "k" => Value::Choice(choices.below(3) as u16),
        "p" | "q" | "j" => Value::Day(*choices.one(days)),
        _ => Value::Bool(choices.below(2) == 1),
    }
}
