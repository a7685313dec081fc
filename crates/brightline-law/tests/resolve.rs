//! From tree to law: names, types, references, versions, priorities.
//!
//! Every page of an L1xx code with a wrong and a right example is tried here; the rest of the
//! file is what the pages do not show.

#![allow(clippy::indexing_slicing)]

use brightline_law::clock::{Day, Span};
use brightline_law::diagnostic::{CODES, Diagnostic, Severity};
use brightline_law::facts::{Listed, Value};
use brightline_law::ir::{
    AgencyId, AsKnown, AsOf, Condition, ConditionKind, Corpus, Deadline, Event, Kind, Limit, Mark,
    Modal, Operand, StatementId, Then, UnsettledKind, resolve,
};
use brightline_law::syntax::parse;
use brightline_law::{Outcome, PackSource, SourceFile, SourceReference, Sources, TableSource};

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
    TableSource {
        path: path.to_owned(),
        header,
        rows,
    }
}

fn fenced(path: &str, law: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: format!("```law\n{}\n```\n", law.trim()),
    }
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
        csv(
            "federal-holidays.csv",
            "date,name\n2025-07-04,Independence Day",
        ),
        csv(
            "listed-crimes.csv",
            "offense,class,from\nNY PL 160.15,A felony,\nNY PL 265.02(3),B felony,2014-01-01",
        ),
        csv(
            "state-holidays.csv",
            "date,name\n2025-02-12,Lincoln's Birthday",
        ),
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
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}

fn fact_name(corpus: &Corpus, operand: Operand) -> String {
    match operand {
        Operand::Fact(fact) => corpus.facts[fact.index()].name.clone(),
        Operand::Field(record, index) => corpus.records[record.index()].fields[index as usize]
            .name
            .clone(),
        Operand::ActDate => "act_date".to_owned(),
        Operand::Day(day) => day.to_string(),
    }
}

/// Writes a condition on one line; labels stand before leaves.
fn shown(corpus: &Corpus, condition: &Condition) -> String {
    let list = |parts: &[Condition]| {
        parts
            .iter()
            .map(|part| shown(corpus, part))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let name = |operand: &Operand| fact_name(corpus, *operand);
    let leaf = match &condition.kind {
        ConditionKind::All(parts) => return format!("all[{}]", list(parts)),
        ConditionKind::Any(parts) => return format!("any[{}]", list(parts)),
        ConditionKind::Not(body) => return format!("not {}", shown(corpus, body)),
        ConditionKind::Count {
            record,
            count,
            body,
        } => {
            let record = &corpus.records[record.index()].name;
            return format!("{count} {record}[{}]", shown(corpus, body));
        }
        ConditionKind::Always => "always".to_owned(),
        ConditionKind::Never => "never".to_owned(),
        ConditionKind::Yes(operand) => name(operand),
        ConditionKind::OneOf(operand, values) => format!("{} {values:?}", name(operand)),
        ConditionKind::Before {
            left,
            inclusive,
            right,
            span,
            later,
            excluded,
        } => {
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
    parts
        .filter_map(|part| part.split_once("\n```").map(|(example, _)| example))
        .collect()
}

#[test]
fn the_examples_on_the_pages_of_the_codes_are_wrong_and_right() {
    for code in CODES.iter().filter(|code| code.id.starts_with("L1")) {
        let [wrong, right] = examples(code.explanation)[..] else {
            continue;
        };
        let result = if code.id == "L111" {
            check(vec![common(), city(wrong)])
        } else {
            law(wrong)
        };
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
    assert_eq!(
        codes(&diagnostics),
        ["L106", "L106", "L115", "L121", "L106"]
    );
    let shown = shown(&corpus, &corpus.statements[0].condition);
    assert_eq!(shown, "any[(a):never, (a):never, (a):person_in_jail]");
}

#[test]
fn a_near_miss_shows_where_the_name_is_declared() {
    let found = only("rule (a)\n  doc must not hold_person when judical_warrant");
    assert_eq!(
        found.message,
        "there is no fact, record or term `judical_warrant`"
    );
    assert_eq!(found.suggestion.as_deref(), Some("judicial_warrant"));
    assert_eq!(found.labels[1].text, "`judicial_warrant` is declared here");
    assert_eq!(
        (found.labels[0].span.file, found.labels[1].span.file),
        (1, 0)
    );
}

#[test]
fn a_near_miss_of_a_reference_is_spelled_in_the_same_way() {
    let rule = "rule (b)(1)\n  doc must not hold_person\n";
    let found = only(&format!(
        "{rule}rule (c)\n  despite (b)(2)\n  doc may hold_person"
    ));
    assert_eq!(found.suggestion.as_deref(), Some("(b)(1)"));
    let found = only(&format!(
        "{rule}rule (c)\n  despite us-ny-nyc/1(b)(3)\n  doc may hold_person"
    ));
    assert_eq!(found.suggestion.as_deref(), Some("us-ny-nyc/1(b)(1)"));
    let example =
        "example \"e\"\n  on 2020-01-01\n  then doc must not hold_person because (b)(1)(i)";
    let found = only(&format!("{rule}{example}"));
    assert_eq!(found.suggestion.as_deref(), Some("(b)(1)"));
}

#[test]
fn the_name_of_something_else_says_what_it_is() {
    let found = only("rule (a)\n  doc must not judicial_warrant");
    assert_eq!(
        found.message,
        "`judicial_warrant` is a fact, and here an act is needed"
    );
    let found = only("rule (a)\n  doc must not hold_person when notify_release");
    assert_eq!(
        found.message,
        "`notify_release` is an act, and here a fact, record or term is needed"
    );
}

#[test]
fn types_are_explained() {
    let found = only("rule (a)\n  doc must not hold_person when purpose");
    assert_eq!(
        found.message,
        "`purpose` is one of civil_enforcement, other, not yes or no"
    );
    assert_eq!(found.help.as_deref(), Some("write `purpose is …`"));
    let found = only("rule (a)\n  doc must not hold_person when release_due before 2020-01-01");
    assert_eq!(found.message, "`release_due` is a time, not a date");
    let found = only("rule (a)\n  doc must not hold_person when instant_arrest at least 3");
    assert_eq!(found.message, "`instant_arrest` is a date, not a number");
    let found = only("rule (a)\n  doc must not hold_person when purpose is nothing_much");
    assert_eq!(
        found.help.as_deref(),
        Some("it is one of civil_enforcement, other")
    );
}

#[test]
fn the_order_of_files_and_items_does_not_matter() {
    let rule = "rule (a)\n  doc must not hold_person when held\n\ndefine held\n  when late_fact\n";
    let (corpus, diagnostics) = check(vec![
        city(&format!("{HEADER}{rule}\nfact late_fact is yes or no")),
        common(),
    ]);
    assert_eq!(diagnostics, []);
    assert_eq!(
        shown(&corpus, &corpus.statements[0].condition),
        "(a):term held"
    );
}

#[test]
fn a_pack_may_give_a_name_of_its_own_meaning() {
    let corpus = good(
        "fact open_case is a date\n\nrule (a)\n  doc must not hold_person when open_case before 2020-01-01",
    );
    let city = corpus.pack("us-ny-nyc").unwrap();
    let us = corpus.pack("us").unwrap();
    let own = corpus.fact(city, "open_case").unwrap();
    assert_eq!(corpus.facts[own.index()].kind, Kind::Date);
    assert_ne!(corpus.fact(us, "open_case"), Some(own));
    let parents: Vec<_> = corpus.visible(city).collect();
    assert_eq!(parents, [city, us]);
    assert!(
        corpus.record(city, "convictions").is_some() && corpus.record(city, "conviction").is_some()
    );
    assert_eq!(
        corpus
            .act_name(city, "honor_detainer")
            .map(|name| name.acts.len()),
        Some(2)
    );
    assert!(corpus.paper(us, "I-247A").is_some() && corpus.agency(city, "doc").is_some());
}

#[test]
fn parents_of_parents_are_above_too_and_innermost_first() {
    let packs = vec![
        common(),
        pack("us-ny", &["us"], ""),
        pack("us-ny-nyc", &["us-ny"], ""),
    ];
    let (corpus, diagnostics) = check(packs);
    assert_eq!(diagnostics, []);
    let names: Vec<&str> = corpus
        .visible(corpus.pack("us-ny-nyc").unwrap())
        .map(|pack| corpus.packs[pack.index()].id.as_str())
        .collect();
    assert_eq!(names, ["us-ny-nyc", "us-ny", "us"]);
}

#[test]
fn manifests_are_checked() {
    let (_, found) = check(vec![common(), pack("us-ny", &["uss"], "")]);
    assert_eq!(codes(&found), ["L101"]);
    assert_eq!(found[0].suggestion.as_deref(), Some("us"));
    let (_, found) = check(vec![common(), common()]);
    assert_eq!(codes(&found), ["L102"]);
    let (corpus, found) = check(vec![pack("us", &["us-ny"], ""), pack("us-ny", &["us"], "")]);
    assert_eq!(codes(&found), ["L103", "L103"]);
    assert_eq!(corpus.packs.len(), 2);
    let mut zone = pack("us", &[], "");
    zone.zone = "New York".to_owned();
    zone.recorded_from = Some("2014".to_owned());
    assert_eq!(codes(&check(vec![zone]).1), ["L104", "L104"]);
}

#[test]
fn groups_mean_the_agencies_at_or_below_the_pack() {
    let state = "section \"State Law 1\" as s1\n\nrule (a)\n  every jail must not hold_person\n";
    let city = "section \"City Law 1\" as c1\n  binds jail except doc\nagency old_jail \"the old jail\"\n  is jail\n\nrule (a)\n  the agency must not notify_release\n";
    let (corpus, diagnostics) = check(vec![
        common(),
        pack("us-ny", &["us"], state),
        pack("us-ny-nyc", &["us", "us-ny"], city),
    ]);
    assert_eq!(diagnostics, []);
    let old_jail = corpus
        .agency(corpus.pack("us-ny-nyc").unwrap(), "old_jail")
        .unwrap();
    assert_eq!(corpus.statements[0].agencies, [old_jail]);
    assert_eq!(corpus.statements[1].agencies, [old_jail]);
    assert_ne!(old_jail, AgencyId(0));
}

#[test]
fn identifiers_and_citations_follow_the_labels() {
    let corpus = good(
        r#"
judgment "People ex rel. Wells v. DeMarco" as wells
  binds doc

section "Admin. Code § 14-154" as 14-154
  binds nypd

rule (b)(2) end
  nypd may hold_person when any of
    (i) judicial_warrant
    (ii) any of
      (A) open_case
      person_in_jail

define held of conviction (a)(2)
  when youthful_offender

define plain
  when all of
    (c)(1) open_case
    person_in_jail
"#,
    );
    let provisions: Vec<(&str, &str)> = corpus
        .provisions
        .iter()
        .map(|p| (p.id.as_str(), p.citation.as_str()))
        .collect();
    assert_eq!(
        provisions,
        [
            ("us-ny-nyc/14-154(b)(2) end", "Admin. Code § 14-154(b)(2)"),
            ("us-ny-nyc/14-154(a)(2)", "Admin. Code § 14-154(a)(2)"),
            ("us-ny-nyc/14-154 plain", "Admin. Code § 14-154"),
        ]
    );
    assert_eq!(
        shown(&corpus, &corpus.statements[0].condition),
        "any[(b)(2) end(i):judicial_warrant, any[(b)(2) end(ii)(A):open_case, \
         (b)(2) end(ii):person_in_jail]]"
    );
    let rule = corpus.statements[0].provision;
    assert_eq!(
        corpus.leaf_id(rule, "(b)(2) end(ii)(A)"),
        "us-ny-nyc/14-154(b)(2) end(ii)(A)"
    );
    assert_eq!(
        corpus.leaf_citation(rule, "(b)(2) end(ii)"),
        "Admin. Code § 14-154(b)(2)(ii)"
    );
    let plain = corpus
        .terms
        .iter()
        .find(|term| term.name == "plain")
        .unwrap();
    assert_eq!(
        shown(&corpus, &plain.versions[0].condition),
        "all[(c)(1):open_case, :person_in_jail]"
    );
    assert_eq!(
        corpus.leaf_id(plain.versions[0].provision, ""),
        "us-ny-nyc/14-154 plain"
    );
}

#[test]
fn a_label_without_parentheses_stands_apart() {
    let corpus = good(
        "judgment \"Wells\" as wells\n  binds doc\n\nrule holding\n  doc has no authority to hold_person when all of\n    (1) open_case\n\nsection \"S\" as s\n  binds doc\nrule (a)\n  despite wells holding\n  doc may hold_person",
    );
    assert_eq!(corpus.provisions[0].id, "us-ny-nyc/wells holding");
    assert_eq!(corpus.provisions[0].citation, "Wells");
    assert_eq!(corpus.statements[0].modal, Modal::NoAuthority);
    assert_eq!(corpus.statements[1].defeats, [StatementId(0)]);
    assert_eq!(
        corpus.leaf_id(corpus.statements[0].provision, "holding(1)"),
        "us-ny-nyc/wells holding(1)"
    );
}

#[test]
fn windows_are_strict_as_the_reference_says() {
    let window = |words: &str| condition(&format!("instant_arrest {words} act_date"));
    let anchor = "act_date - 60m0d";
    assert_eq!(
        window("more than 5 years before"),
        format!("instant_arrest < {anchor}")
    );
    assert_eq!(
        window("at least 5 years before"),
        format!("instant_arrest <= {anchor}")
    );
    assert_eq!(
        window("less than 5 years before"),
        format!("not instant_arrest <= {anchor}")
    );
    assert_eq!(
        window("at most 5 years before"),
        format!("not instant_arrest < {anchor}")
    );
    assert_eq!(
        window("exactly 5 years before"),
        format!("all[instant_arrest <= {anchor}, not instant_arrest < {anchor}]")
    );
    let anchor = "act_date + 0m14d";
    assert_eq!(
        window("more than 2 weeks after"),
        format!("not instant_arrest <= {anchor}")
    );
    assert_eq!(
        window("at least 14 days after"),
        format!("not instant_arrest < {anchor}")
    );
    assert_eq!(
        window("less than 14 days after"),
        format!("instant_arrest < {anchor}")
    );
    assert_eq!(
        window("at most 14 days after"),
        format!("instant_arrest <= {anchor}")
    );
    assert_eq!(
        window("more than 6 months before").replace("6m", "_"),
        "instant_arrest < act_date - _0d"
    );
    let when = "instant_arrest more than 5 years before act_date, not counting days_incarcerated";
    assert_eq!(
        condition(when),
        "instant_arrest < act_date - 60m0d - days_incarcerated"
    );
}

#[test]
fn dates_and_numbers_are_compared() {
    assert_eq!(
        condition("instant_arrest before 2019-01-01"),
        "instant_arrest < 2019-01-01"
    );
    assert_eq!(
        condition("instant_arrest on or before act_date"),
        "instant_arrest <= act_date"
    );
    assert_eq!(
        condition("act_date after 2019-01-01"),
        "not act_date <= 2019-01-01"
    );
    assert_eq!(
        condition("act_date on or after 120 days after 2011-11-22"),
        "not act_date < 2012-03-21"
    );
    assert_eq!(
        condition("days_incarcerated at least 3"),
        "days_incarcerated >= 3"
    );
    assert_eq!(
        condition("days_incarcerated more than 3"),
        "days_incarcerated >= 4"
    );
    assert_eq!(
        condition("days_incarcerated at most 3"),
        "not days_incarcerated >= 4"
    );
    assert_eq!(
        condition("days_incarcerated less than 3"),
        "not days_incarcerated >= 3"
    );
    assert_eq!(
        condition("days_incarcerated exactly 3"),
        "all[days_incarcerated >= 3, not days_incarcerated >= 4]"
    );
    assert_eq!(condition("purpose is not other"), "not purpose [1]");
    assert_eq!(
        condition("purpose is any of other, civil_enforcement"),
        "purpose [0, 1]"
    );
}

#[test]
fn quantifiers_become_counts() {
    let some = "1 conviction[youthful_offender]";
    assert_eq!(condition("some conviction where youthful_offender"), some);
    assert_eq!(
        condition("no conviction where youthful_offender"),
        format!("not {some}")
    );
    assert_eq!(
        condition("every conviction where youthful_offender"),
        "not 1 conviction[not youthful_offender]"
    );
    assert_eq!(condition("some conviction"), "1 conviction[always]");
    assert_eq!(condition("no convictions"), "not 1 conviction[always]");
    assert_eq!(
        condition("at least 3 convictions are youthful_offender"),
        format!("3{}", &some[1..])
    );
    assert_eq!(
        condition("at most 2 convictions are youthful_offender"),
        format!("not 3{}", &some[1..])
    );
}

#[test]
fn exceptions_may_have_exceptions() {
    let corpus = good(
        r#"
rule (b)(1)
  doc must not hold_person when any of
    (i) judicial_warrant
    except when all of
      (ii) open_case
      (iii) except when person_in_jail
  except when any of
    (c) purpose is other
"#,
    );
    assert_eq!(
        shown(&corpus, &corpus.statements[0].condition),
        "all[all[any[(b)(1)(i):judicial_warrant], not all[all[(b)(1)(ii):open_case], \
         not (b)(1)(iii):person_in_jail]], not any[(b)(1)(c):purpose [1]]]"
    );
}

#[test]
fn none_of_is_the_negation_of_any() {
    let when = "none of\n    open_case\n    person_in_jail";
    assert_eq!(condition(when), "not any[open_case, person_in_jail]");
}

#[test]
fn fields_come_before_facts_inside_a_record() {
    let corpus = good(
        r#"
fact offense is yes or no

define listed of conviction
  when offense in listed_crimes where class is "A felony"

define old of conviction
  when all of
    listed
    judgment_date more than 5 years before instant_arrest
    offense in listed_crimes where class is "A felony"
    offense not in listed_crimes as of 2018-01-01
    offense in listed_crimes as of judgment_date
    offense in listed_crimes as of act_date

rule (a)
  doc must not hold_person when all of
    offense
    some conviction is old
"#,
    );
    let old = corpus.terms.iter().find(|term| term.name == "old").unwrap();
    let body = shown(&corpus, &old.versions[0].condition);
    assert_eq!(
        body,
        "all[:term listed, :judgment_date < instant_arrest - 60m0d, :offense in 0, \
         not :offense in 1, :offense in 2, :offense in 3]"
    );
    let rule = shown(&corpus, &corpus.statements[0].condition);
    assert_eq!(rule, "all[(a):offense, 1 conviction[(a):term old]]");
    assert_eq!(corpus.members.len(), 4);
    assert_eq!(
        corpus.members[1].as_of,
        AsOf::Day(Day::parse("2018-01-01").unwrap())
    );
    assert!(matches!(
        corpus.members[2].as_of,
        AsOf::Operand(Operand::Field(_, 1))
    ));
    assert_eq!(corpus.members[3].as_of, AsOf::ActDate);
    assert_eq!(
        corpus.members[0].filter,
        Some((1, vec!["A felony".to_owned()]))
    );
}

#[test]
fn one_name_may_be_said_of_several_records() {
    let corpus = good(
        r#"
record charge listed as charges
  grade is one of
    felony
    lesser

define serious of conviction
  when youthful_offender
define serious of charge
  when grade is felony

rule (a)
  doc must not hold_person when any of
    some conviction is serious
    some charge is serious
"#,
    );
    assert_eq!(corpus.terms.len(), 2);
    assert_eq!(
        shown(&corpus, &corpus.statements[0].condition),
        "any[1 conviction[(a):term serious], 1 charge[(a):term serious]]"
    );
    let ConditionKind::Any(parts) = &corpus.statements[0].condition.kind else {
        panic!()
    };
    let terms: Vec<_> = parts
        .iter()
        .map(|part| match &part.kind {
            ConditionKind::Count { body, .. } => shown(&corpus, body).len(),
            _ => 0,
        })
        .collect();
    assert_eq!(terms.len(), 2);
}

#[test]
fn a_term_may_not_hide_a_field() {
    let found =
        only("define youthful_offender of conviction\n  when judgment_date before 2000-01-01");
    assert_eq!(found.code, "L105");
    assert_eq!(found.labels[1].span.file, 0);
}

#[test]
fn the_day_of_the_act_cannot_be_declared() {
    assert_eq!(only("fact act_date is a date").code, "L105");
}

#[test]
fn versions_of_a_term_may_be_definitions_and_points() {
    let corpus = good(
        r#"
section "Admin. Code § 2" as 2
  in force from 2014-01-01 until 2018-12-31

define held
  when judicial_warrant

section "Admin. Code § 2" as 2
  in force from 2019-01-01

unsettled held "who is held?"
  reading wide "whoever is there"
    when person_in_jail
  reading narrow "whoever is kept"
    when open_case
  safe narrow

rule (a)
  doc must not hold_person when held
"#,
    );
    let held = &corpus.terms[0];
    let versions: Vec<String> = held
        .versions
        .iter()
        .map(|version| shown(&corpus, &version.condition))
        .collect();
    assert_eq!(versions, [":judicial_warrant", ":point held"]);
    assert_eq!(corpus.unsettled[0].safe, Some(1));
    let UnsettledKind::Written(readings) = &corpus.unsettled[0].kind else {
        panic!()
    };
    assert_eq!(readings.len(), 2);
}

#[test]
fn a_single_point_is_used_as_it_is() {
    let corpus = good(
        r#"
unsettled held AMB-1 "who is held?"
  reading wide "whoever is there"
    when person_in_jail
  reading narrow "whoever is kept"
    when open_case

rule (a)
  doc must not hold_person when held
"#,
    );
    assert!(corpus.terms.is_empty());
    assert_eq!(
        shown(&corpus, &corpus.statements[0].condition),
        "(a):point held"
    );
    assert_eq!(corpus.provisions[0].id, "us-ny-nyc/1 AMB-1");
}

#[test]
fn readings_are_checked() {
    let two = "unsettled held \"who?\"\n  reading wide \"w\"\n    when open_case\n  reading narrow \"n\"\n    when person_in_jail\n";
    let found = only(&format!("{two}  safe narow"));
    assert_eq!(
        (found.code, found.suggestion.as_deref()),
        ("L133", Some("narrow"))
    );
}

#[test]
fn text_that_is_not_encoded_or_not_read_is_unsettled() {
    let corpus = good(
        r#"
section "Admin. Code § 2" as 2
  binds doc
  partial "subdivision (9) was not read"
  source ll-58-2014 partly read

rule (a)
  source ll-58-2014 recalled
  unverified "the day"
  doc must not hold_person when any of
    (9) not encoded "the exceptions"
    open_case
"#,
    );
    let provision = &corpus.provisions[0];
    assert_eq!(
        (provision.mark, provision.reference),
        (Mark::Recalled, Some(0))
    );
    let (why, point) = provision.partial.clone().unwrap();
    assert_eq!(why, "subdivision (9) was not read");
    assert!(matches!(
        corpus.unsettled[point.index()].kind,
        UnsettledKind::Partial
    ));
    let not_encoded = &corpus.unsettled[1];
    assert!(matches!(not_encoded.kind, UnsettledKind::NotEncoded));
    assert_eq!(
        (not_encoded.name.as_str(), not_encoded.readings.len()),
        ("(a)(9)", 2)
    );
    assert_eq!(
        shown(&corpus, &corpus.statements[0].condition),
        "any[(a)(9):point (a)(9), (a):open_case]"
    );
}

#[test]
fn a_provision_narrows_the_period_of_its_section() {
    let corpus = good(
        r#"
judgment "Wells" as wells
  in force from 2014-12-14 until 2020-12-31
  known from 2018-11-14
  binds doc
  suspended from 2015-01-01 until 2015-06-30 by "A v. B" as to nypd for hold_person

rule (a)
  in force from 2012-01-01 until 2019-06-30
  void from 2019-01-01 by "C v. D" known from 2019-03-01
  doc must not hold_person
"#,
    );
    let validity = &corpus.provisions[0].validity;
    let day = |text: &str| Day::parse(text).unwrap();
    assert_eq!(
        (validity.from, validity.until),
        (day("2014-12-14"), day("2019-06-30"))
    );
    assert_eq!(validity.known_from, day("2018-11-14"));
    let suspension = &validity.suspensions[0];
    assert!(suspension.only_named && suspension.as_to == [AgencyId(1)]);
    let at = |on: &str, known: &str| AsKnown {
        on: day(on),
        known: day(known),
    };
    assert!(validity.in_force(at("2019-01-02", "2019-02-01")));
    assert!(!validity.in_force(at("2019-01-02", "2019-04-01")));
    assert!(!validity.in_force(at("2016-01-02", "2016-02-01")));
}

#[test]
fn a_provision_outside_of_its_section_is_never_in_force() {
    let found = only(
        "section \"S\" as s\n  in force until 2014-12-31\n  binds doc\n\nrule (a)\n  in force from 2015-01-01\n  doc must not hold_person",
    );
    assert_eq!(
        (found.code, found.message.as_str()),
        ("L110", "this provision is never in force")
    );
}

#[test]
fn only_rules_stand_before_others() {
    let found = only(
        "rule (a)\n  doc must not hold_person\n\nduty (f)\n  despite (a)\n  doc must send_notice \"send\"\n  promptly",
    );
    assert_eq!(found.code, "L112");
}

#[test]
fn despite_and_subject_to_meet_in_one_list() {
    let corpus = good(
        r#"
rule (b)(1)
  doc must not hold_person, notify_release

rule (b)(2)
  despite (b)
  doc may hold_person when judicial_warrant

rule (c)
  subject to (b)(2)
  doc must hold_person when open_case
"#,
    );
    let defeats: Vec<&[StatementId]> = corpus
        .statements
        .iter()
        .map(|statement| statement.defeats.as_slice())
        .collect();
    assert_eq!(defeats, [&[][..], &[StatementId(0), StatementId(2)], &[]]);
}

#[test]
fn priorities_of_versions_that_never_meet_run_in_no_circle() {
    good(
        r#"
section "S" as s
  in force until 2018-12-31
  binds doc
rule (a)
  doc must not hold_person
rule (b)
  despite (a)
  in force until 2016-12-31
  doc may hold_person

section "T" as t
  in force from 2017-01-01
  binds doc
rule (c)
  subject to s(a)
  despite s(b)
  doc must hold_person
"#,
    );
}

#[test]
fn preemption_reaches_the_packs_below() {
    let state = r#"
section "State Law 1" as s1
  binds doc

rule (a)
  preempts every local rule that prohibits hold_person
  doc must hold_person when judicial_warrant
"#;
    let local = "section \"City Law 1\" as c1\n  binds doc\n\nrule (a)\n  doc may hold_person only when open_case\nrule (b)\n  doc may hold_person\nrule (c)\n  doc must not notify_release\n";
    let (corpus, diagnostics) = check(vec![
        common(),
        pack("us-ny", &["us"], state),
        pack("us-ny-nyc", &["us", "us-ny"], local),
        pack("us-tx", &["us"], local),
    ]);
    assert_eq!(diagnostics, []);
    assert_eq!(corpus.statements[0].defeats, [StatementId(1)]);
}

#[test]
fn statements_that_lift_a_ban_aim_at_statements() {
    let corpus = good(
        r#"
rule (b)(1)
  doc must not hold_person
rule (b)(2)
  doc may notify_release only when open_case
rule (c)
  this section does not bar hold_person when judicial_warrant
rule (d)
  us-ny-nyc/1(b)(2) does not bar notify_release
"#,
    );
    let targets: Vec<usize> = corpus.statements.iter().map(|s| s.targets.len()).collect();
    assert_eq!(targets, [0, 0, 3, 1]);
    assert_eq!(corpus.statements[2].agencies, [AgencyId(0)]);
    assert_eq!(corpus.statements[3].targets, [StatementId(1)]);
}

#[test]
fn another_rule_is_looked_for_on_the_same_act() {
    let corpus = good(
        r#"
rule (a)
  doc must hold_person when judicial_warrant
rule (b)
  doc must notify_release
rule (c)
  doc may hold_person only when required by us-ny-nyc
rule (d)
  doc may hold_person when prohibited by (c), (a)
"#,
    );
    let shown: Vec<String> = corpus
        .statements
        .iter()
        .map(|s| shown(&corpus, &s.condition))
        .collect();
    assert_eq!(shown[2], "(c):required by [0]");
    assert_eq!(shown[3], "(d):prohibited by [2]");
}

#[test]
fn rules_that_rest_on_each_other_run_in_a_circle() {
    let (corpus, found) = law(r#"
rule (a)
  doc may hold_person only when permitted by (b)
rule (b)
  doc may hold_person when permitted by (a)
"#);
    assert_eq!(codes(&found), ["L118"]);
    let left: Vec<String> = corpus
        .statements
        .iter()
        .map(|s| shown(&corpus, &s.condition))
        .collect();
    assert!(left.contains(&"(b):permitted by []".to_owned()), "{left:?}");
}

#[test]
fn a_policy_is_asked_about_once() {
    let corpus = good(
        r#"
rule (a)
  doc must not hold_person when any of
    policy prohibits honor_detainer
    policy prohibits tell_release

example "given like any fact"
  on 2020-01-01
  given
    not policy_prohibits_tell_release
  then ask policy_prohibits_keep_past_release
"#,
    );
    assert_eq!(
        shown(&corpus, &corpus.statements[0].condition),
        "any[any[(a):policy_prohibits_keep_past_release, (a):policy_prohibits_tell_release], \
         (a):policy_prohibits_tell_release]"
    );
    let made: Vec<_> = corpus
        .facts
        .iter()
        .filter(|fact| fact.policy_prohibits.is_some())
        .collect();
    assert_eq!(made.len(), 2);
    assert_eq!(made[0].pack, corpus.pack("us").unwrap());
}

#[test]
fn limits_and_duties_are_typed() {
    let corpus = good(
        r#"
unsettled calendar holidays AMB-5 "whose holidays?"
  reading federal "federal holidays" is federal_holidays
  reading state "state holidays" is state_holidays
  safe state

rule (a)
  doc may hold_person when judicial_warrant
  for at most 48 hours, excluding saturdays, sundays and holidays, from release_due

duty (f)
  doc must publish_report "publish the annual report"
  by October 15 each year from 2015 until 2017
  covering 12 months ending September 30
  contains
    (1) "detainers lodged"

duty (g)
  doc must give_copy "give a copy"
  on hold_person
  within 2 working days of release_due
  unless judicial_warrant

duty (h)
  doc must send_notice "send a notice"
  after notify_release was done
  promptly
"#,
    );
    let holidays = corpus
        .calendars
        .iter()
        .find(|calendar| calendar.name == "holidays")
        .unwrap();
    assert_eq!((holidays.readings.len(), holidays.safe), (2, 1));
    let Limit::AtMostHours {
        count: 48,
        excluding,
        ..
    } = &corpus.statements[0].limits[0]
    else {
        panic!("{:?}", corpus.statements[0].limits)
    };
    assert!(excluding.saturdays && excluding.sundays);
    assert_eq!(
        corpus.calendars[excluding.calendar.unwrap().index()].name,
        "holidays"
    );
    assert_eq!(corpus.duties[0].covering, Some((12, 9, 30)));
    assert!(matches!(
        corpus.duties[0].deadline,
        Some(Deadline::Yearly { month: 10, .. })
    ));
    assert!(matches!(
        corpus.duties[1].deadline,
        Some(Deadline::WithinDays {
            count: 2,
            working: true,
            event: Event::Fact(_),
            ..
        })
    ));
    assert!(corpus.duties[1].unless.is_some());
    assert!(matches!(corpus.duties[2].after, Some(Event::Done(_))));
}

#[test]
fn examples_give_typed_facts_and_expect_full_ids() {
    let corpus = good(
        r#"
rule (b)(1)
  doc may hold_person only when all of
    (i) judicial_warrant
    (ii) some conviction where offense in listed_crimes

duty (f)
  doc must send_notice "send a notice"
  promptly

example "all kinds of lines"
  on 2017-03-01
  known on 2018-01-01
  given
    papers "I-247A"
    purpose is other
    instant_arrest is 2017-02-28
    release_due is "2017-03-01 18:00"
    days_incarcerated is 12
    some convictions
      offense "NY PL 265.02", judgment_date 2016-05-01, not youthful_offender
  then doc must not hold_person because (b)(1)(ii)
  then ask nothing
  then ask convictions, open_case
  then limit "2017-03-03 18:00"
  then owe send_notice by 2017-03-05

claim "never without a warrant"
  doc must not hold_person when not judicial_warrant
"#,
    );
    let example = &corpus.examples[0];
    assert_eq!(example.known, Day::parse("2018-01-01").unwrap());
    assert_eq!(example.given.facts.len(), 4);
    assert_eq!(example.given.facts[0].1, Value::Choice(1));
    let (_, list) = &example.given.lists[0];
    assert_eq!((list.listed, list.rows.len()), (Listed::Partly, 1));
    let Value::Offense(offense) = list.rows[0][0] else {
        panic!()
    };
    assert!(offense.whole);
    assert_eq!(corpus.offenses.name(offense.node), "NY PL 265.02");
    assert_eq!(list.rows[0][2], Value::Bool(false));
    let Then::Outcome(expected) = &example.then[0] else {
        panic!()
    };
    assert_eq!(expected.because, ["us-ny-nyc/1(b)(1)(ii)"]);
    assert_eq!(expected.outcomes, [Outcome::Prohibited]);
    assert!(matches!(&example.then[1], Then::Ask(names, _) if names.is_empty()));
    assert!(
        matches!(&example.then[2], Then::Ask(names, _) if names == &["convictions", "open_case"])
    );
    assert_eq!(corpus.claims[0].from, Day::MIN);
    assert_eq!(corpus.claims[0].known, Day::MAX);
}

#[test]
fn examples_give_only_facts() {
    let define = "define held\n  when open_case\n\n";
    let example = |line: &str| {
        format!("{define}example \"e\"\n  on 2020-01-01\n  given\n    {line}\n  then ask nothing")
    };
    assert_eq!(only(&example("held")).code, "L107");
    assert_eq!(only(&example("open_case is 2020-01-01")).code, "L116");
    assert_eq!(only(&example("instant_arrest")).code, "L115");
    assert_eq!(
        only(&example("opencase")).suggestion.as_deref(),
        Some("open_case")
    );
    let rows = "convictions\n      offence \"NY PL 160.15\"";
    assert_eq!(only(&example(rows)).suggestion.as_deref(), Some("offense"));
}

#[test]
fn tables_are_read_row_by_row() {
    let with = |text: &str| {
        let mut city = city("table crimes from \"crimes.csv\"");
        city.tables.push(csv("crimes.csv", text));
        check(vec![common(), city]).1
    };
    assert_eq!(with("offense,class\nNY PL 1,A\nNY PL 1,B"), []);
    let found = with("offense,class\nNY PL 1,A\nNY PL 2,A\nNY PL 1,A");
    assert_eq!(
        (found[0].code, found[0].severity),
        ("L128", Severity::Warning)
    );
    assert_eq!(
        found[0].message,
        "lines 2 and 4 of `crimes.csv` are the same: NY PL 1"
    );
    assert_eq!(codes(&with("ofense\nNY PL 1")), ["L126"]);
    assert_eq!(
        codes(&with("offense,from\n,\nNY PL 1,1/1/2014\nNY PL 2")),
        ["L127"; 3]
    );
    assert_eq!(
        codes(&with("offense,from,until\nNY PL 1,2015-01-01,2014-01-01")),
        ["L127"]
    );
    let dated = "offense,from,until\nNY PL 1,,2014-12-31\nNY PL 1,2015-01-01,";
    assert_eq!(with(dated), []);
}

#[test]
fn calendars_are_whole_or_reported() {
    let with = |text: &str| {
        let mut city = city("calendar days \"days\" from \"days.csv\"");
        city.tables.push(csv("days.csv", text));
        check(vec![common(), city]).1
    };
    assert_eq!(with("date,name\n2025-07-04,Independence Day"), []);
    assert_eq!(
        codes(&with("date,name\n2023-07-04,a\n2025-07-04,b")),
        ["L129"]
    );
    assert_eq!(codes(&with("date,name\n2023-07-04,a\n4 July,b")), ["L127"]);
    assert_eq!(codes(&with("date\n2023-07-04")), ["L126"]);
}

#[test]
fn an_unsettled_calendar_is_no_part_of_another() {
    let found = only(
        r#"
unsettled calendar holidays "whose holidays?"
  reading federal "federal holidays" is federal_holidays
  reading state "state holidays" is state_holidays
calendar both_lists "days on both lists" is holidays and state_holidays
"#,
    );
    assert_eq!(found.code, "L130");
}

#[test]
fn what_one_pack_forbids_no_pack_above_or_below_asks() {
    let city_bans = city("never ask open_case\n  by \"Admin. Code § 10-178\"");
    let (corpus, found) = check(vec![common(), city_bans]);
    assert_eq!(codes(&found), ["L131"]);
    assert_eq!(found[0].labels[1].text, "forbidden by Admin. Code § 10-178");
    assert_eq!(corpus.forbidden[0].name, "open_case");
    let field = "record stay listed as stays\n  nationality is yes or no\nnever ask nationality";
    assert_eq!(codes(&law(field).1), ["L131"]);
}

#[test]
fn an_act_may_include_acts_that_are_declared_elsewhere() {
    let corpus = good(
        r#"
act everything "do everything"
  includes
    hold_person
    honor_detainer

rule (a)
  doc must not everything
"#,
    );
    assert_eq!(corpus.statements[0].acts.len(), 3);
    let city = corpus.pack("us-ny-nyc").unwrap();
    assert_eq!(
        corpus
            .act_name(city, "everything")
            .map(|act| act.acts.len()),
        Some(3)
    );
}

#[test]
fn impossible_facts_and_their_pack_are_kept() {
    let corpus = good("impossible when all of\n  person_in_jail\n  open_case");
    assert_eq!(
        shown(&corpus, &corpus.impossible[0].1),
        "all[:person_in_jail, :open_case]"
    );
}

#[test]
fn whatever_line_is_missing_the_rest_is_resolved() {
    let pages = CODES.iter().flat_map(|code| examples(code.explanation));
    for page in pages.chain([COMMON]) {
        for missing in 0..page.lines().count() {
            let lines = page
                .lines()
                .enumerate()
                .filter(|(index, _)| *index != missing);
            let left: Vec<&str> = lines.map(|(_, line)| line).collect();
            let mut pack = common();
            pack.files.push(fenced(
                "city.law.md",
                &format!("{HEADER}{}", left.join("\n")),
            ));
            let documents = [0, 1].map(|n| (0, parse(n, &pack.files[n as usize].text).document));
            let (corpus, _) = resolve(&Sources { packs: vec![pack] }, &documents);
            assert_eq!(corpus.packs.len(), 1);
        }
    }
}

#[test]
fn every_code_is_tried() {
    let own = include_str!("resolve.rs");
    for code in CODES.iter().filter(|code| code.id.starts_with("L1")) {
        let on_its_page = examples(code.explanation).len() == 2;
        assert!(
            on_its_page || own.contains(&format!("\"{}\"", code.id)),
            "{}",
            code.id
        );
    }
}
