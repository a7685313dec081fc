//! Civil time against the tables of the law notes, and against counters that go step by step.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use brightline_law::clock::{
    Calendar, CalendarError, Day, Due, Excluded, Moment, MonthDay, NotCovered, Recurrence,
    Schedule, Span, TimeError, TimeOfDay, Window, Zone, counted_difference, days_after,
    elapsed_difference, elapsed_hours_after, end_of_day, hours_after, hours_before, is_counted,
    working_days_after,
};
use jiff::civil::Date;

#[path = "clock/properties.rs"]
mod properties;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn moment(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn on(month: u8, day: u8) -> MonthDay {
    MonthDay::new(month, day).unwrap()
}

fn new_york() -> Zone {
    Zone::named("America/New_York").unwrap()
}

fn calendar(name: &str, days: &[&str]) -> Calendar {
    let days = days.iter().map(|text| (day(text), format!("holiday of {text}")));
    Calendar::new(name, name, days, (2026, 2026))
}

/// 5 USC 6103 in 2026: Independence Day is a Saturday, observed on the Friday before.
fn federal() -> Calendar {
    let first = ["2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19"];
    let second =
        ["2026-07-03", "2026-09-07", "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25"];
    calendar("federal_holidays", &[&first[..], &second[..]].concat())
}

/// N.Y. General Construction Law § 24 in 2026: adds Lincoln's Birthday and Election Day, and has
/// the fourth of July itself.
fn state() -> Calendar {
    let first = ["2026-01-01", "2026-01-19", "2026-02-12", "2026-02-16", "2026-05-25"];
    let second = ["2026-06-19", "2026-07-04", "2026-09-07", "2026-10-12", "2026-11-03"];
    let third = ["2026-11-11", "2026-11-26", "2026-12-25"];
    calendar("state_holidays", &[&first[..], &second[..], &third[..]].concat())
}

fn forty_eight(start: &str, excluded: &Excluded<'_>) -> String {
    hours_after(moment(start), 48, excluded).unwrap().to_string()
}

#[test]
fn the_48_hour_table_of_the_federal_notes() {
    let federal = federal();
    let table = [
        ("2026-03-03 10:00", "2026-03-05 10:00", "2026-03-05 10:00"),
        ("2026-03-06 18:00", "2026-03-10 18:00", "2026-03-08 18:00"),
        ("2026-03-14 10:00", "2026-03-18 00:00", "2026-03-16 10:00"),
        ("2026-05-22 18:00", "2026-05-27 18:00", "2026-05-24 18:00"),
        ("2026-11-25 12:00", "2026-11-30 12:00", "2026-11-27 12:00"),
        ("2026-02-12 09:00", "2026-02-17 09:00", "2026-02-14 09:00"),
    ];
    for (start, regulation, form) in table {
        let excluded = Excluded::weekends_and(&federal);
        assert_eq!(forty_eight(start, &excluded), regulation, "8 CFR 287.7(d) from {start}");
        assert_eq!(forty_eight(start, &Excluded::NOTHING), form, "I-247A from {start}");
    }
}

#[test]
fn the_lists_of_holidays_differ_on_lincolns_birthday() {
    let (federal, state) = (federal(), state());
    let both = federal.intersection(&state, "both_lists", "days on both lists");
    let either = federal.union(&state, "either_list", "days on either list");
    let start = "2026-02-12 09:00";
    let ends = [&federal, &state, &both, &either]
        .map(|list| forty_eight(start, &Excluded::weekends_and(list)));
    let late = "2026-02-18 00:00";
    assert_eq!(ends, ["2026-02-17 09:00", late, "2026-02-17 09:00", late]);
}

#[test]
fn the_48_hour_arithmetic_of_the_city_notes() {
    assert_eq!(forty_eight("2026-03-06 18:00", &Excluded::WEEKENDS), "2026-03-10 18:00");
    assert_eq!(forty_eight("2026-03-14 10:00", &Excluded::WEEKENDS), "2026-03-18 00:00");
    let federal = federal();
    let excluded = Excluded::weekends_and(&federal);
    assert_eq!(forty_eight("2026-02-13 18:00", &excluded), "2026-02-18 18:00");
    let thirty = hours_after(moment("2026-03-06 18:00"), 30, &excluded).unwrap();
    assert_eq!(thirty, moment("2026-03-10 00:00"), "6 hours of Friday and 24 of Monday");
}

#[test]
fn a_sunday_alone_can_be_left_out() {
    let sundays = Excluded { sundays: true, ..Excluded::NOTHING };
    assert_eq!(forty_eight("2026-03-06 18:00", &sundays), "2026-03-09 18:00");
}

#[test]
fn no_hours_end_where_they_start() {
    let saturday = moment("2026-03-14 10:00");
    assert_eq!(hours_after(saturday, 0, &Excluded::WEEKENDS), Ok(saturday));
    assert_eq!(days_after(saturday.day(), 0, &Excluded::WEEKENDS), Ok(saturday.day()));
}

#[test]
fn a_count_beyond_the_calendar_is_refused() {
    let federal = federal();
    let excluded = Excluded::weekends_and(&federal);
    let beyond = NotCovered { calendar: "federal_holidays".to_owned(), year: 2027 };
    let start = moment("2026-12-31 12:00");
    assert_eq!(hours_after(start, 12, &excluded), Ok(moment("2027-01-01 00:00")));
    assert_eq!(hours_after(start, 13, &excluded), Err(beyond.clone()));
    assert_eq!(working_days_after(start.day(), 1, Some(&federal)), Err(beyond.clone()));
    assert_eq!(is_counted(day("2027-01-04"), &excluded), Err(beyond));
    assert_eq!(is_counted(day("2027-01-02"), &excluded), Ok(false), "a Saturday needs no list");
    let before = hours_after(moment("2025-12-31 12:00"), 1, &excluded).unwrap_err();
    assert_eq!(before.year, 2025);
}

#[test]
fn both_calendars_cover_only_the_years_that_each_does() {
    let early = Calendar::new("early", "", [(day("2025-07-04"), String::new())], (2024, 2025));
    let none = early.union(&federal(), "none", "");
    assert!((2020..2030).all(|year| !none.covers(year)));
    assert!(none.contains(day("2025-07-04")) && none.contains(day("2026-07-03")));
}

#[test]
fn a_calendar_reads_its_years_off_the_list() {
    let listed = |texts: &[&str]| {
        let days = texts.iter().map(|text| (day(text), (*text).to_owned()));
        Calendar::from_list("list", "list", days).map(|calendar| calendar.years())
    };
    assert_eq!(listed(&["2027-01-01", "2026-07-03", "2028-01-17"]), Ok((2026, 2028)));
    assert_eq!(listed(&["2021-12-31", "2022-05-30"]), Ok((2022, 2022)), "observed on the Friday");
    let calendar = "list".to_owned();
    assert_eq!(listed(&["2021-12-31"]), Err(CalendarError::Empty { calendar: calendar.clone() }));
    assert_eq!(
        listed(&["2024-07-04", "2026-07-03"]),
        Err(CalendarError::Gap { calendar, year: 2025 }),
    );
}

#[test]
fn the_clock_change_is_told_apart() {
    let zone = new_york();
    let friday = moment("2026-03-06 18:00");
    assert_eq!(elapsed_difference(friday, moment("2026-03-08 18:00"), &zone), -60);
    assert_eq!(elapsed_hours_after(friday, 48, &zone), moment("2026-03-08 19:00"));
    let tuesday = moment("2026-03-10 18:00");
    assert_eq!(counted_difference(friday, tuesday, &Excluded::WEEKENDS, &zone), Ok(0));
    let saturdays = Excluded { saturdays: true, ..Excluded::NOTHING };
    assert_eq!(counted_difference(friday, tuesday, &saturdays, &zone), Ok(-60));
    // 1 November 2026: the clock goes back
    let halloween = moment("2026-10-31 12:00");
    assert_eq!(elapsed_difference(halloween, moment("2026-11-01 12:00"), &zone), 60);
    assert_eq!(elapsed_hours_after(halloween, 24, &zone), moment("2026-11-01 11:00"));
    let phoenix = Zone::named("America/Phoenix").unwrap();
    assert_eq!(elapsed_difference(friday, moment("2026-03-08 18:00"), &phoenix), 0);
}

#[test]
fn hours_that_come_twice_or_never_are_read_once() {
    let zone = new_york();
    let twice = moment("2026-11-01 01:30");
    assert_eq!(elapsed_difference(twice, moment("2026-11-01 02:30"), &zone), 60);
    let never = moment("2026-03-08 02:30");
    assert_eq!(elapsed_difference(never, moment("2026-03-08 04:30"), &zone), -60);
    assert_eq!(elapsed_hours_after(twice, 1, &zone), twice, "the same hour, an hour later");
}

#[test]
fn zones_are_looked_up_by_name_only() {
    for name in ["", "Etc/Unknown", "America/Brooklyn", "../etc/passwd"] {
        assert_eq!(Zone::named(name).unwrap_err().0, name);
    }
}

#[test]
fn caps_and_lead_times() {
    let release = moment("2026-03-10 23:59");
    let night = TimeOfDay::parse("23:59").unwrap();
    assert_eq!(end_of_day(release, night), release);
    assert_eq!(end_of_day(moment("2026-03-10 00:00"), night), release);
    assert_eq!(hours_before(moment("2026-03-08 18:00"), 48), moment("2026-03-06 18:00"));
    let federal = federal();
    let friday = day("2026-05-22");
    assert_eq!(working_days_after(friday, 1, Some(&federal)), Ok(day("2026-05-26")));
    assert_eq!(working_days_after(friday, 1, None), Ok(day("2026-05-25")));
}

#[test]
fn years_are_counted_by_the_calendar() {
    let five = Span::of_years(5);
    // General Construction Law § 58: five years from 29 February 2016 end on 28 February 2021.
    assert_eq!(five.after(day("2016-02-29")), day("2021-02-28"));
    assert_eq!(five.before(day("2016-02-29")), day("2011-02-28"));
    assert_eq!(Span::of_years(4).before(day("2016-02-29")), day("2012-02-29"));
    assert_eq!(five.before(day("2021-02-28")), day("2016-02-28"));
    // The look-back of § 9-131(a): five years, then the days of incarceration.
    assert_eq!(five.lengthened(1).before(day("2021-03-01")), day("2016-02-29"));
    let mixed = Span { years: 1, months: 13, weeks: 1, days: 2 };
    assert_eq!(mixed.after(day("2024-01-31")), day("2026-03-09"));
    // WA: 180 days after 2019-05-21
    assert_eq!(Span::of_days(180).after(day("2019-05-21")), day("2019-11-17"));
}

#[test]
fn no_span_is_too_long() {
    let longest = Span { years: u32::MAX, months: u32::MAX, weeks: u32::MAX, days: u32::MAX };
    for text in ["1900-01-01", "2026-03-10", "2200-12-31"] {
        assert_eq!(longest.before(day(text)), Day::MIN);
        assert_eq!(longest.after(day(text)), Day::MAX);
        assert_eq!(Span::of_days(u32::MAX).before(day(text)), Day::MIN);
    }
    let last = moment("2200-12-31 23:59");
    for excluded in [Excluded::NOTHING, Excluded::WEEKENDS] {
        assert_eq!(hours_after(last, u32::MAX, &excluded), Ok(Moment::MAX));
        assert_eq!(days_after(last.day(), u32::MAX, &excluded), Ok(Day::MAX));
    }
    assert!(hours_before(last, u32::MAX) < Moment::MAX);
    assert!(elapsed_hours_after(Moment::MIN, 0, &new_york()).day() <= Day::MIN.plus_days(1));
    assert!(elapsed_hours_after(last, u32::MAX, &new_york()) >= Moment::MAX.plus_minutes(-3000));
}

#[test]
fn the_edges_are_those_of_the_calendar() {
    assert_eq!((Day::from(Date::MIN), Day::from(Date::MAX)), (Day::MIN, Day::MAX));
    assert_eq!((Day::MIN.date(), Day::MAX.date()), (Date::MIN, Date::MAX));
    assert_eq!((Moment::MIN.day(), Moment::MAX.day()), (Day::MIN, Day::MAX));
    assert_eq!(Moment::MAX.time().to_string(), "23:59");
    assert_eq!(Moment::MIN.plus_minutes(i64::MIN), Moment::MIN);
}

#[test]
fn texts_that_are_no_days() {
    let forms =
        ["", "2026-3-10", "2026/03/10", "20260310", " 2026-03-10", "2026-03-10 ", "+026-03-10"];
    for text in forms {
        assert!(matches!(Day::parse(text), Err(TimeError::Form { .. })), "{text:?}");
    }
    for text in ["2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-04-31"] {
        assert_eq!(Day::parse(text), Err(TimeError::NoSuchDay(text.to_owned())));
    }
    for text in ["1899-12-31", "2201-01-01", "0000-01-01"] {
        assert_eq!(Day::parse(text), Err(TimeError::OutOfRange(text.to_owned())));
    }
    assert!(Day::parse("1900-01-01").is_ok() && Day::parse("2200-12-31").is_ok());
    assert!(Day::new(2026, u32::MAX, 1).is_err() && Day::new(i32::MIN, 1, 1).is_err());
}

#[test]
fn texts_that_are_no_moments() {
    let forms = [
        "2026-03-10",
        "2026-03-10  18:00",
        "2026-03-10 18:00:00",
        "2026-03-10T18:00Z",
        "2026-03-10t18:00",
        "2026-03-10 6:00",
        "18:00",
        "2026-3-10 18:00",
        "é026-03-10 18:00",
    ];
    for text in forms {
        let error = Moment::parse(text).unwrap_err();
        let expected = "2026-03-10 18:00";
        assert_eq!(error, TimeError::Form { text: text.to_owned(), expected });
    }
    for text in ["2026-03-10 24:00", "2026-03-10 12:60"] {
        assert!(matches!(Moment::parse(text), Err(TimeError::NoSuchTime(_))), "{text}");
    }
    assert!(matches!(Moment::parse("2026-02-30 10:00"), Err(TimeError::NoSuchDay(_))));
}

fn yearly(by: MonthDay, from_year: i32, until_year: Option<i32>) -> Recurrence {
    Recurrence::YearlyBy { on: by, every_years: 1, from_year, until_year }
}

fn dates(due: Option<Due>) -> Option<(String, String, String)> {
    let due = due?;
    let (first, last) = due.window?;
    Some((due.due.to_string(), first.to_string(), last.to_string()))
}

fn written(due: &str, first: &str, last: &str) -> Option<(String, String, String)> {
    Some((due.to_owned(), first.to_owned(), last.to_owned()))
}

#[test]
fn the_annual_report_of_the_department_of_correction() {
    let until_2017 = Schedule {
        recurrence: yearly(on(10, 15), 2015, Some(2017)),
        window: Some(Window { months: 12, ending: on(9, 30) }),
    };
    let from_2018 = Schedule {
        recurrence: yearly(on(9, 1), 2018, None),
        window: Some(Window { months: 12, ending: on(6, 30) }),
    };
    let first = written("2015-10-15", "2014-10-01", "2015-09-30");
    assert_eq!(dates(until_2017.next_due(day("2014-12-14"))), first);
    assert_eq!(dates(until_2017.due_covering(day("2014-12-14"))), first);
    assert_eq!(until_2017.due_covering(day("2014-09-30")), None, "before the first window");
    let last = written("2017-10-15", "2016-10-01", "2017-09-30");
    assert_eq!(dates(until_2017.next_due(day("2017-10-15"))), last);
    assert_eq!(dates(until_2017.due_covering(day("2017-09-30"))), last);
    assert_eq!(until_2017.next_due(day("2017-10-16")), None);
    assert_eq!(until_2017.due_covering(day("2017-10-01")), None, "repealed before it is due");
    let changed = written("2018-09-01", "2017-07-01", "2018-06-30");
    assert_eq!(dates(from_2018.due_covering(day("2017-10-01"))), changed);
    assert_eq!(dates(from_2018.due_covering(day("2018-06-30"))), changed);
    let next = written("2019-09-01", "2018-07-01", "2019-06-30");
    assert_eq!(dates(from_2018.due_covering(day("2018-07-01"))), next);
    assert_eq!(dates(from_2018.next_due(day("2018-09-02"))), next);
}

#[test]
fn a_window_may_end_on_the_due_day() {
    // LL 62/2011: 30 September 2012 and yearly, the preceding twelve months.
    let schedule = Schedule {
        recurrence: yearly(on(9, 30), 2012, Some(2014)),
        window: Some(Window { months: 12, ending: on(9, 30) }),
    };
    let due = written("2012-09-30", "2011-10-01", "2012-09-30");
    assert_eq!(dates(schedule.due_covering(day("2012-09-30"))), due);
}

#[test]
fn every_two_and_every_three_years() {
    let every = |every_years, by, from_year| Schedule {
        recurrence: Recurrence::YearlyBy { on: by, every_years, from_year, until_year: None },
        window: Some(Window { months: 24, ending: on(6, 30) }),
    };
    // § 23-1205: by 31 July 2018 and every two years.
    let privacy = every(2, on(7, 31), 2018);
    let due = |schedule: &Schedule, text| schedule.next_due(day(text)).unwrap().due;
    assert_eq!(due(&privacy, "2000-01-01"), day("2018-07-31"));
    assert_eq!(due(&privacy, "2018-08-01"), day("2020-07-31"));
    assert_eq!(due(&privacy, "2020-07-31"), day("2020-07-31"));
    let covering = written("2020-07-31", "2018-07-01", "2020-06-30");
    assert_eq!(dates(privacy.due_covering(day("2018-07-01"))), covering);
    // § 3-119.13: by 30 November 2026 and every three years.
    let signs = every(3, on(11, 30), 2026);
    assert_eq!(due(&signs, "2026-12-01"), day("2029-11-30"));
    assert_eq!(signs.due_covering(day("2026-07-15")), None, "a year that no window reaches");
    assert_eq!(due(&every(0, on(1, 1), 2020), "2021-01-02"), day("2022-01-01"));
    assert_eq!(every(u32::MAX, on(1, 1), 2020).next_due(day("2021-01-01")), None);
}

#[test]
fn months_quarters_years_and_single_days() {
    let next = |recurrence, text| Schedule { recurrence, window: None }.next_due(day(text));
    let quarter = next(Recurrence::Quarterly, "2026-11-30");
    assert_eq!(dates(quarter), written("2026-12-31", "2026-10-01", "2026-12-31"));
    assert!(!quarter.unwrap().named);
    let month = next(Recurrence::Monthly, "2028-02-29");
    assert_eq!(dates(month), written("2028-02-29", "2028-02-01", "2028-02-29"));
    let year = next(Recurrence::Yearly, "2026-01-01");
    assert_eq!(dates(year), written("2026-12-31", "2026-01-01", "2026-12-31"));
    let once = next(Recurrence::On(day("2026-09-30")), "2026-08-01").unwrap();
    assert_eq!(once, Due { due: day("2026-09-30"), window: None, named: true });
    let reported = Schedule {
        recurrence: Recurrence::Quarterly,
        window: Some(Window { months: 12, ending: on(6, 30) }),
    };
    let due = written("2027-06-30", "2026-07-01", "2027-06-30");
    assert_eq!(dates(reported.due_covering(day("2026-07-01"))), due);
}

#[test]
fn days_of_the_year_that_not_every_year_has() {
    let leap = Schedule {
        recurrence: yearly(on(2, 29), 2020, None),
        window: Some(Window { months: 12, ending: on(2, 28) }),
    };
    let due = |text| dates(leap.next_due(day(text)));
    assert_eq!(due("2023-03-01"), written("2024-02-29", "2023-03-01", "2024-02-28"));
    assert_eq!(due("2024-03-01"), written("2025-02-28", "2024-02-29", "2025-02-28"));
    assert_eq!(
        Window { months: 0, ending: on(3, 31) }.up_to(day("2026-04-01")).0,
        day("2026-03-01")
    );
    assert_eq!(
        Window { months: 6, ending: on(1, 15) }.up_to(day("2026-02-01")).0,
        day("2025-07-16")
    );
    let end = Window { months: u32::MAX, ending: on(12, 31) }.up_to(Day::MIN);
    assert_eq!(end, (Day::MIN, Day::MIN));
}
