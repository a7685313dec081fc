//! Conditions: types, windows, quantifiers, exceptions, other rules.

use crate::{codes, condition, good, law, only, shown};

#[test]
fn types_are_explained() {
    let found = only("rule (a)\n  doc must not hold_person when purpose");
    assert_eq!(found.message, "`purpose` is one of civil_enforcement, other, not yes or no");
    assert_eq!(found.help.as_deref(), Some("write `purpose is …`"));
    let found = only("rule (a)\n  doc must not hold_person when release_due before 2020-01-01");
    assert_eq!(found.message, "`release_due` is a time, not a date");
    let found = only("rule (a)\n  doc must not hold_person when instant_arrest at least 3");
    assert_eq!(found.message, "`instant_arrest` is a date, not a number");
    let found = only("rule (a)\n  doc must not hold_person when purpose is nothing_much");
    assert_eq!(found.help.as_deref(), Some("it is one of civil_enforcement, other"));
}

#[test]
fn windows_are_strict_as_the_reference_says() {
    let window = |words: &str| condition(&format!("instant_arrest {words} act_date"));
    let anchor = "act_date - 60m0d";
    assert_eq!(window("more than 5 years before"), format!("instant_arrest < {anchor}"));
    assert_eq!(window("at least 5 years before"), format!("instant_arrest <= {anchor}"));
    assert_eq!(window("less than 5 years before"), format!("not instant_arrest <= {anchor}"));
    assert_eq!(window("at most 5 years before"), format!("not instant_arrest < {anchor}"));
    assert_eq!(
        window("exactly 5 years before"),
        format!("all[instant_arrest <= {anchor}, not instant_arrest < {anchor}]")
    );
    let anchor = "act_date + 0m14d";
    assert_eq!(window("more than 2 weeks after"), format!("not instant_arrest <= {anchor}"));
    assert_eq!(window("at least 14 days after"), format!("not instant_arrest < {anchor}"));
    assert_eq!(window("less than 14 days after"), format!("instant_arrest < {anchor}"));
    assert_eq!(window("at most 14 days after"), format!("instant_arrest <= {anchor}"));
    assert_eq!(
        window("more than 6 months before").replace("6m", "_"),
        "instant_arrest < act_date - _0d"
    );
    let when = "instant_arrest more than 5 years before act_date, not counting days_incarcerated";
    assert_eq!(condition(when), "instant_arrest < act_date - 60m0d - days_incarcerated");
}

#[test]
fn dates_and_numbers_are_compared() {
    assert_eq!(condition("instant_arrest before 2019-01-01"), "instant_arrest < 2019-01-01");
    assert_eq!(condition("instant_arrest on or before act_date"), "instant_arrest <= act_date");
    assert_eq!(condition("act_date after 2019-01-01"), "not act_date <= 2019-01-01");
    assert_eq!(
        condition("act_date on or after 120 days after 2011-11-22"),
        "not act_date < 2012-03-21"
    );
    assert_eq!(condition("days_incarcerated at least 3"), "days_incarcerated >= 3");
    assert_eq!(condition("days_incarcerated more than 3"), "days_incarcerated >= 4");
    assert_eq!(condition("days_incarcerated at most 3"), "not days_incarcerated >= 4");
    assert_eq!(condition("days_incarcerated less than 3"), "not days_incarcerated >= 3");
    assert_eq!(
        condition("days_incarcerated exactly 3"),
        "all[days_incarcerated >= 3, not days_incarcerated >= 4]"
    );
    assert_eq!(condition("purpose is not other"), "not purpose [1]");
    assert_eq!(condition("purpose is any of other, civil_enforcement"), "purpose [0, 1]");
}

#[test]
fn quantifiers_become_counts() {
    let some = "1 conviction[youthful_offender]";
    assert_eq!(condition("some conviction where youthful_offender"), some);
    assert_eq!(condition("no conviction where youthful_offender"), format!("not {some}"));
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
    let shown: Vec<String> =
        corpus.statements.iter().map(|s| shown(&corpus, &s.condition)).collect();
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
    let left: Vec<String> =
        corpus.statements.iter().map(|s| shown(&corpus, &s.condition)).collect();
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
    let made: Vec<_> = corpus.facts.iter().filter(|fact| fact.policy_prohibits.is_some()).collect();
    assert_eq!(made.len(), 2);
    assert_eq!(made[0].pack, corpus.pack("us").unwrap());
}

#[test]
fn impossible_facts_and_their_pack_are_kept() {
    let corpus = good("impossible when all of\n  person_in_jail\n  open_case");
    assert_eq!(shown(&corpus, &corpus.impossible[0].1), "all[:person_in_jail, :open_case]");
}
