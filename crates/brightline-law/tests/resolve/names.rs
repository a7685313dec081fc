//! What a name means, and what is said when it means nothing.

use crate::{HEADER, check, city, codes, common, good, law, only, pack, shown};
use brightline_law::clock::Day;
use brightline_law::ir::{AgencyId, AsOf, ConditionKind, Kind, Operand};

#[test]
fn a_near_miss_shows_where_the_name_is_declared() {
    let found = only("rule (a)\n  doc must not hold_person when judical_warrant");
    assert_eq!(found.message, "there is no fact, record or term `judical_warrant`");
    assert_eq!(found.suggestion.as_deref(), Some("judicial_warrant"));
    assert_eq!(found.labels[1].text, "`judicial_warrant` is declared here");
    assert_eq!((found.labels[0].span.file, found.labels[1].span.file), (1, 0));
}

#[test]
fn a_near_miss_of_a_reference_is_spelled_in_the_same_way() {
    let rule = "rule (b)(1)\n  doc must not hold_person\n";
    let found = only(&format!("{rule}rule (c)\n  despite (b)(2)\n  doc may hold_person"));
    assert_eq!(found.suggestion.as_deref(), Some("(b)(1)"));
    let found =
        only(&format!("{rule}rule (c)\n  despite us-ny-nyc/1(b)(3)\n  doc may hold_person"));
    assert_eq!(found.suggestion.as_deref(), Some("us-ny-nyc/1(b)(1)"));
    let example =
        "example \"e\"\n  on 2020-01-01\n  then doc must not hold_person because (b)(1)(i)";
    let found = only(&format!("{rule}{example}"));
    assert_eq!(found.suggestion.as_deref(), Some("(b)(1)"));
}

#[test]
fn the_name_of_something_else_says_what_it_is() {
    let found = only("rule (a)\n  doc must not judicial_warrant");
    assert_eq!(found.message, "`judicial_warrant` is a fact, and here an act is needed");
    let found = only("rule (a)\n  doc must not hold_person when notify_release");
    assert_eq!(
        found.message,
        "`notify_release` is an act, and here a fact, record or term is needed"
    );
}

#[test]
fn the_order_of_files_and_items_does_not_matter() {
    let rule = "rule (a)\n  doc must not hold_person when held\n\ndefine held\n  when late_fact\n";
    let (corpus, diagnostics) =
        check(vec![city(&format!("{HEADER}{rule}\nfact late_fact is yes or no")), common()]);
    assert_eq!(diagnostics, []);
    assert_eq!(shown(&corpus, &corpus.statements[0].condition), "(a):term held");
}

#[test]
fn a_pack_may_give_a_name_of_its_own_meaning() {
    let corpus = good(
        r#"
fact open_case is a date

rule (a)
  doc must not hold_person when open_case before 2020-01-01
"#,
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
    assert_eq!(corpus.act_name(city, "honor_detainer").map(|name| name.acts.len()), Some(2));
    assert!(corpus.paper(us, "I-247A").is_some() && corpus.agency(city, "doc").is_some());
}

#[test]
fn parents_of_parents_are_above_too_and_innermost_first() {
    let packs = vec![common(), pack("us-ny", &["us"], ""), pack("us-ny-nyc", &["us-ny"], "")];
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
    let city = r#"
section "City Law 1" as c1
  binds jail except doc
agency old_jail "the old jail"
  is jail

rule (a)
  the agency must not notify_release
"#;
    let (corpus, diagnostics) = check(vec![
        common(),
        pack("us-ny", &["us"], state),
        pack("us-ny-nyc", &["us", "us-ny"], city),
    ]);
    assert_eq!(diagnostics, []);
    let old_jail = corpus.agency(corpus.pack("us-ny-nyc").unwrap(), "old_jail").unwrap();
    assert_eq!(corpus.statements[0].agencies, [old_jail]);
    assert_eq!(corpus.statements[1].agencies, [old_jail]);
    assert_ne!(old_jail, AgencyId(0));
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
    assert_eq!(corpus.members[1].as_of, AsOf::Day(Day::parse("2018-01-01").unwrap()));
    assert!(matches!(corpus.members[2].as_of, AsOf::Operand(Operand::Field(_, 1))));
    assert_eq!(corpus.members[3].as_of, AsOf::ActDate);
    assert_eq!(corpus.members[0].filter, Some((1, vec!["A felony".to_owned()])));
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
    let ConditionKind::Any(parts) = &corpus.statements[0].condition.kind else { panic!() };
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
    assert_eq!(corpus.act_name(city, "everything").map(|act| act.acts.len()), Some(3));
}
