//! Labels, periods, versions, priorities.

use crate::{check, common, good, only, pack, shown};
use brightline_law::clock::Day;
use brightline_law::ir::{AgencyId, AsKnown, Mark, Modal, StatementId, UnsettledKind};

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
    let provisions: Vec<(&str, &str)> =
        corpus.provisions.iter().map(|p| (p.id.as_str(), p.citation.as_str())).collect();
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
    assert_eq!(corpus.leaf_id(rule, "(b)(2) end(ii)(A)"), "us-ny-nyc/14-154(b)(2) end(ii)(A)");
    assert_eq!(corpus.leaf_citation(rule, "(b)(2) end(ii)"), "Admin. Code § 14-154(b)(2)(ii)");
    let plain = corpus.terms.iter().find(|term| term.name == "plain").unwrap();
    assert_eq!(
        shown(&corpus, &plain.versions[0].condition),
        "all[(c)(1):open_case, :person_in_jail]"
    );
    assert_eq!(corpus.leaf_id(plain.versions[0].provision, ""), "us-ny-nyc/14-154 plain");
}

#[test]
fn a_label_without_parentheses_stands_apart() {
    let corpus = good(
        r#"
judgment "Wells" as wells
  binds doc

rule holding
  doc has no authority to hold_person when all of
    (1) open_case

section "S" as s
  binds doc
rule (a)
  despite wells holding
  doc may hold_person
"#,
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
    let versions: Vec<String> =
        held.versions.iter().map(|version| shown(&corpus, &version.condition)).collect();
    assert_eq!(versions, [":judicial_warrant", ":point held"]);
    assert_eq!(corpus.unsettled[0].safe, Some(1));
    let UnsettledKind::Written(readings) = &corpus.unsettled[0].kind else { panic!() };
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
    assert_eq!(shown(&corpus, &corpus.statements[0].condition), "(a):point held");
    assert_eq!(corpus.provisions[0].id, "us-ny-nyc/1 AMB-1");
}

#[test]
fn readings_are_checked() {
    let two = r#"
unsettled held "who?"
  reading wide "w"
    when open_case
  reading narrow "n"
    when person_in_jail
"#;
    let found = only(&format!("{two}  safe narow"));
    assert_eq!((found.code, found.suggestion.as_deref()), ("L133", Some("narrow")));
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
    assert_eq!((provision.mark, provision.reference), (Mark::Recalled, Some(0)));
    let (why, point) = provision.partial.clone().unwrap();
    assert_eq!(why, "subdivision (9) was not read");
    assert!(matches!(corpus.unsettled[point.index()].kind, UnsettledKind::Partial));
    let not_encoded = &corpus.unsettled[1];
    assert!(matches!(not_encoded.kind, UnsettledKind::NotEncoded));
    assert_eq!((not_encoded.name.as_str(), not_encoded.readings.len()), ("(a)(9)", 2));
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
    assert_eq!((validity.from, validity.until), (day("2014-12-14"), day("2019-06-30")));
    assert_eq!(validity.known_from, day("2018-11-14"));
    let suspension = &validity.suspensions[0];
    assert!(suspension.only_named && suspension.as_to == [AgencyId(1)]);
    let at = |on: &str, known: &str| AsKnown { on: day(on), known: day(known) };
    assert!(validity.in_force(at("2019-01-02", "2019-02-01")));
    assert!(!validity.in_force(at("2019-01-02", "2019-04-01")));
    assert!(!validity.in_force(at("2016-01-02", "2016-02-01")));
}

#[test]
fn a_provision_outside_of_its_section_is_never_in_force() {
    let found = only(
        r#"
section "S" as s
  in force until 2014-12-31
  binds doc

rule (a)
  in force from 2015-01-01
  doc must not hold_person
"#,
    );
    assert_eq!((found.code, found.message.as_str()), ("L110", "this provision is never in force"));
}

#[test]
fn only_rules_stand_before_others() {
    let found = only(
        r#"
rule (a)
  doc must not hold_person

duty (f)
  despite (a)
  doc must send_notice "send"
  promptly
"#,
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
    let defeats: Vec<&[StatementId]> =
        corpus.statements.iter().map(|statement| statement.defeats.as_slice()).collect();
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
    let local = r#"
section "City Law 1" as c1
  binds doc

rule (a)
  doc may hold_person only when open_case
rule (b)
  doc may hold_person
rule (c)
  doc must not notify_release
"#;
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
