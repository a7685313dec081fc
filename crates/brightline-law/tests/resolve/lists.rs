//! Limits, duties, tables, calendars, examples.

use crate::{check, city, codes, common, csv, good, only};
use brightline_law::Outcome;
use brightline_law::clock::Day;
use brightline_law::diagnostic::Severity;
use brightline_law::facts::{Listed, Value};
use brightline_law::ir::{Deadline, Event, Limit, Then};

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
    let holidays = corpus.calendars.iter().find(|calendar| calendar.name == "holidays").unwrap();
    assert_eq!((holidays.readings.len(), holidays.safe), (2, 1));
    let Limit::AtMostHours { count: 48, excluding, .. } = &corpus.statements[0].limits[0] else {
        panic!("{:?}", corpus.statements[0].limits)
    };
    assert!(excluding.saturdays && excluding.sundays);
    assert_eq!(corpus.calendars[excluding.calendar.unwrap().index()].name, "holidays");
    assert_eq!(corpus.duties[0].covering, Some((12, 9, 30)));
    assert!(matches!(corpus.duties[0].deadline, Some(Deadline::Yearly { month: 10, .. })));
    assert!(matches!(
        corpus.duties[1].deadline,
        Some(Deadline::WithinDays { count: 2, working: true, event: Event::Fact(_), .. })
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
    let Value::Offense(offense) = list.rows[0][0] else { panic!() };
    assert!(offense.whole);
    assert_eq!(corpus.offenses.name(offense.node), "NY PL 265.02");
    assert_eq!(list.rows[0][2], Value::Bool(false));
    let Then::Outcome(expected) = &example.then[0] else { panic!() };
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
    assert_eq!(only(&example("opencase")).suggestion.as_deref(), Some("open_case"));
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
    assert_eq!((found[0].code, found[0].severity), ("L128", Severity::Warning));
    assert_eq!(found[0].message, "lines 2 and 4 of `crimes.csv` are the same: NY PL 1");
    assert_eq!(codes(&with("ofense\nNY PL 1")), ["L126"]);
    assert_eq!(codes(&with("offense,from\n,\nNY PL 1,1/1/2014\nNY PL 2")), ["L127"; 3]);
    assert_eq!(codes(&with("offense,from,until\nNY PL 1,2015-01-01,2014-01-01")), ["L127"]);
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
    assert_eq!(codes(&with("date,name\n2023-07-04,a\n2025-07-04,b")), ["L129"]);
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
