//! From tree to law: names, types, references, versions, priorities.
//!
//! Every page of an L1xx code with a wrong and a right example is tried here; the rest of the
//! file is what the pages do not show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing)]

#[path = "resolve/conditions.rs"]
mod conditions;
#[path = "resolve/lists.rs"]
mod lists;
#[path = "resolve/names.rs"]
mod names;
#[path = "resolve/provisions.rs"]
mod provisions;

use brightline_law::clock::Span;
use brightline_law::diagnostic::{CODES, Diagnostic};
use brightline_law::ir::{Condition, ConditionKind, Corpus, Operand, resolve};
use brightline_law::syntax::parse;
use brightline_law::{PackSource, SourceFile, SourceReference, Sources, TableSource};

/// The words that all packs of this file share.
const COMMON: &str = r#"
role counsel "counsel"
group jail "a jail"
agency doc "the Department of Correction"
  is jail
agency nypd "the Police Department"

act hold_person "hold a person"
act notify_release "notify of the release"
act honor_detainer "honor a detainer"
  includes
    keep_past_release "keep the person past the time of release"
    tell_release "tell of the release"

paper "I-247A" "Immigration Detainer"
fact judicial_warrant is yes or no
  found by counsel
  yes with paper "I-247A"
fact person_in_jail is yes or no
fact open_case is yes or no
fact instant_arrest is a date
fact days_incarcerated is a number of days
fact release_due is a time
fact purpose is one of
  civil_enforcement "civil immigration enforcement"
  other "something else"

record conviction listed as convictions
  offense is an offense
  judgment_date is a date
  youthful_offender is yes or no

table listed_crimes from "listed-crimes.csv"
calendar federal_holidays "federal holidays" from "federal-holidays.csv"
calendar state_holidays "state holidays" from "state-holidays.csv"
"#;

const HEADER: &str = "section \"Admin. Code § 1\" as 1\n  binds doc\n\n";

fn csv(path: &str, text: &str) -> TableSource {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = text.lines();
    let header = cells(lines.next().unwrap_or_default());
    let rows = (2..).zip(lines.map(cells)).collect();
    TableSource { path: path.to_owned(), header, rows }
}

fn fenced(path: &str, law: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: format!("```law\n{}\n```\n", law.trim()) }
}

fn pack(id: &str, parents: &[&str], law: &str) -> PackSource {
    PackSource {
        id: id.to_owned(),
        title: id.to_owned(),
        parents: parents.iter().map(|&parent| parent.to_owned()).collect(),
        zone: "America/New_York".to_owned(),
        references: vec![SourceReference {
            id: "ll-58-2014".to_owned(),
            ..SourceReference::default()
        }],
        files: vec![fenced("test.law.md", law)],
        ..PackSource::default()
    }
}

/// The pack with the common words, and the tables that it names.
fn common() -> PackSource {
    let mut common = pack("us", &[], COMMON);
    common.tables = vec![
        csv("federal-holidays.csv", "date,name\n2025-07-04,Independence Day"),
        csv(
            "listed-crimes.csv",
            "offense,class,from\nNY PL 160.15,A felony,\nNY PL 265.02(3),B felony,2014-01-01",
        ),
        csv("state-holidays.csv", "date,name\n2025-02-12,Lincoln's Birthday"),
    ];
    common
}

fn city(law: &str) -> PackSource {
    let mut city = pack("us-ny-nyc", &["us"], law);
    city.tables = vec![csv("serious-crimes.csv", "offense\nNY PL 125.27")];
    city
}

fn check(packs: Vec<PackSource>) -> (Corpus, Vec<Diagnostic>) {
    let sources = Sources { packs };
    let mut documents = Vec::new();
    let mut broken = Vec::new();
    let mut file = 0;
    for (index, pack) in sources.packs.iter().enumerate() {
        for source in &pack.files {
            let parsed = parse(file, &source.text);
            file += 1;
            broken.extend(parsed.diagnostics);
            documents.push((index, parsed.document));
        }
    }
    assert_eq!(broken, [], "the test itself is not well formed");
    resolve(&sources, &documents)
}

/// Resolves a city pack under the common one, with a header when it has none.
fn law(text: &str) -> (Corpus, Vec<Diagnostic>) {
    let headed = if text.contains("section \"") || text.contains("vocabulary \"") {
        text.to_owned()
    } else {
        format!("{HEADER}{}", text.trim())
    };
    check(vec![common(), city(&headed)])
}

fn good(text: &str) -> Corpus {
    let (corpus, diagnostics) = law(text);
    assert_eq!(diagnostics, [], "{text}");
    corpus
}

fn only(text: &str) -> Diagnostic {
    let (_, mut diagnostics) = law(text);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    diagnostics.remove(0)
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

fn fact_name(corpus: &Corpus, operand: Operand) -> String {
    match operand {
        Operand::Fact(fact) => corpus.facts[fact.index()].name.clone(),
        Operand::Field(record, index) => {
            corpus.records[record.index()].fields[index as usize].name.clone()
        }
        Operand::ActDate => "act_date".to_owned(),
        Operand::Day(day) => day.to_string(),
    }
}

/// Writes a condition on one line; labels stand before leaves.
fn shown(corpus: &Corpus, condition: &Condition) -> String {
    let list = |parts: &[Condition]| {
        parts.iter().map(|part| shown(corpus, part)).collect::<Vec<_>>().join(", ")
    };
    let name = |operand: &Operand| fact_name(corpus, *operand);
    let leaf = match &condition.kind {
        ConditionKind::All(parts) => return format!("all[{}]", list(parts)),
        ConditionKind::Any(parts) => return format!("any[{}]", list(parts)),
        ConditionKind::Not(body) => return format!("not {}", shown(corpus, body)),
        ConditionKind::Count { record, count, body } => {
            let record = &corpus.records[record.index()].name;
            return format!("{count} {record}[{}]", shown(corpus, body));
        }
        ConditionKind::Always => "always".to_owned(),
        ConditionKind::Never => "never".to_owned(),
        ConditionKind::Yes(operand) => name(operand),
        ConditionKind::OneOf(operand, values) => format!("{} {values:?}", name(operand)),
        ConditionKind::Before { left, inclusive, right, span, later, excluded } => {
            let order = if *inclusive { "<=" } else { "<" };
            let sign = if *later { '+' } else { '-' };
            let mut moved = String::new();
            if *span != Span::default() {
                let months = span.years * 12 + span.months;
                moved = format!(" {sign} {months}m{}d", span.weeks * 7 + span.days);
            }
            let excluded = excluded.map_or_else(String::new, |e| format!(" {sign} {}", name(&e)));
            format!("{} {order} {}{moved}{excluded}", name(left), name(right))
        }
        ConditionKind::AtLeast(operand, value) => format!("{} >= {value}", name(operand)),
        ConditionKind::Member(operand, member) => format!("{} in {}", name(operand), member.0),
        ConditionKind::Term(term) => format!("term {}", corpus.terms[term.index()].name),
        ConditionKind::Unsettled(point) => {
            format!("point {}", corpus.unsettled[point.index()].name)
        }
        ConditionKind::AnotherRule(effect, statements) => {
            let numbers: Vec<u32> = statements.iter().map(|statement| statement.0).collect();
            format!("{effect} by {numbers:?}")
        }
    };
    format!("{}:{leaf}", condition.label)
}

/// Returns the condition of the first statement of a rule `(b)` with these lines.
fn condition(when: &str) -> String {
    let text = format!("rule (b)\n  doc must not hold_person when {when}");
    let corpus = good(&text);
    shown(&corpus, &corpus.statements[0].condition).replace("(b):", "")
}

fn examples(page: &str) -> Vec<&str> {
    let parts = page.split("```law\n").skip(1);
    parts.filter_map(|part| part.split_once("\n```").map(|(example, _)| example)).collect()
}

#[test]
fn the_examples_on_the_pages_of_the_codes_are_wrong_and_right() {
    for code in CODES.iter().filter(|code| code.id.starts_with("L1")) {
        let [wrong, right] = examples(code.explanation)[..] else {
            continue;
        };
        let result =
            if code.id == "L111" { check(vec![common(), city(wrong)]) } else { law(wrong) };
        assert_eq!(codes(&result.1), [code.id], "{wrong}\n{:#?}", result.1);
        good(right);
    }
}

#[test]
fn what_is_broken_is_left_out_and_all_is_reported_at_once() {
    let (corpus, diagnostics) = law(r#"
rule (a)
  doc must not hold_persn when any of
    judical_warrant
    purpose
    person_in_jail

rule (b)
  despite (x)
  nobody must not notify_release
"#);
    assert_eq!(codes(&diagnostics), ["L106", "L106", "L115", "L121", "L106"]);
    let shown = shown(&corpus, &corpus.statements[0].condition);
    assert_eq!(shown, "any[(a):never, (a):never, (a):person_in_jail]");
}

#[test]
fn whatever_line_is_missing_the_rest_is_resolved() {
    let pages = CODES.iter().flat_map(|code| examples(code.explanation));
    for page in pages.chain([COMMON]) {
        for missing in 0..page.lines().count() {
            let lines = page.lines().enumerate().filter(|(index, _)| *index != missing);
            let left: Vec<&str> = lines.map(|(_, line)| line).collect();
            let mut pack = common();
            pack.files.push(fenced("city.law.md", &format!("{HEADER}{}", left.join("\n"))));
            let documents = [0, 1].map(|n| (0, parse(n, &pack.files[n as usize].text).document));
            let (corpus, _) = resolve(&Sources { packs: vec![pack] }, &documents);
            assert_eq!(corpus.packs.len(), 1);
        }
    }
}

#[test]
fn every_code_is_tried() {
    let own = [
        include_str!("resolve.rs"),
        include_str!("resolve/conditions.rs"),
        include_str!("resolve/lists.rs"),
        include_str!("resolve/names.rs"),
        include_str!("resolve/provisions.rs"),
    ]
    .concat();
    for code in CODES.iter().filter(|code| code.id.starts_with("L1")) {
        let on_its_page = examples(code.explanation).len() == 2;
        assert!(on_its_page || own.contains(&format!("\"{}\"", code.id)), "{}", code.id);
    }
}
