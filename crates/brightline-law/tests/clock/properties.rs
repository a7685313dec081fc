//! Properties: each count against one that goes a minute or a day at a time.

use std::collections::BTreeSet;

use brightline_law::clock::{
    Calendar, Day, Due, Excluded, Moment, MonthDay, Recurrence, Schedule, Span, TimeOfDay, Window,
    counted_difference, days_after, elapsed_difference, hours_after,
};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::Config;

use super::{day, new_york};

/// A day of 2025 to 2027, and holidays scattered over it.
fn near_day() -> impl Strategy<Value = Day> {
    let first = day("2025-01-01");
    (0..1095_i32).prop_map(move |days| first.plus_days(days))
}

fn holidays() -> impl Strategy<Value = Option<BTreeSet<Day>>> {
    let listed = proptest::collection::btree_set(near_day(), 0..120);
    prop_oneof![Just(None), listed.prop_map(Some)]
}

fn listed(days: &BTreeSet<Day>) -> Calendar {
    Calendar::new("h", "", days.iter().map(|day| (*day, String::new())), (2025, 2027))
}

/// The rule of `is_counted`, written anew on `jiff` days: none when it cannot be told.
fn counts(date: Date, weekend: (bool, bool), holidays: Option<&BTreeSet<Day>>) -> Option<bool> {
    let left_out = (weekend.0 && date.weekday() == Weekday::Saturday)
        || (weekend.1 && date.weekday() == Weekday::Sunday);
    if left_out {
        return Some(false);
    }
    let Some(holidays) = holidays else {
        return Some(true);
    };
    (2025..=2027).contains(&date.year()).then(|| !holidays.contains(&Day::from(date)))
}

fn any_day() -> impl Strategy<Value = Day> {
    (day("1900-01-01").days()..=day("2200-12-31").days()).prop_map(Day::from_days)
}

fn any_span() -> impl Strategy<Value = Span> {
    (0..40_u32, 0..40_u32, 0..60_u32, 0..2000_u32).prop_map(|(years, months, weeks, days)| Span {
        years,
        months,
        weeks,
        days,
    })
}

fn month_day() -> impl Strategy<Value = MonthDay> {
    (1..=12_u8, 1..=31_u8).prop_filter_map("a day", |(month, day)| MonthDay::new(month, day))
}

fn any_recurrence() -> impl Strategy<Value = Recurrence> {
    let until = prop_oneof![Just(None), (2010..2040_i32).prop_map(Some)];
    let by = (month_day(), 1..4_u32, 2005..2030_i32, until);
    prop_oneof![
        by.prop_map(|(on, every_years, from_year, until_year)| Recurrence::YearlyBy {
            on,
            every_years,
            from_year,
            until_year
        }),
        Just(Recurrence::Monthly),
        Just(Recurrence::Quarterly),
        Just(Recurrence::Yearly),
        near_day().prop_map(Recurrence::On),
    ]
}

fn config() -> Config {
    Config { failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn hours_are_what_a_minute_counter_counts(
        start in near_day(), time in 0..1440_i64, hours in 0..200_u32,
        weekend in any::<(bool, bool)>(), holidays in holidays(),
    ) {
        let list = holidays.as_ref().map(listed);
        let (saturdays, sundays) = weekend;
        let excluded = Excluded { saturdays, sundays, calendar: list.as_ref() };
        let start = Moment::at(start, TimeOfDay::MIDNIGHT).plus_minutes(time);
        let mut left = i64::from(hours) * 60;
        let mut now = start.day().date().at(0, 0, 0, 0) + time.minutes();
        let mut known = true;
        while left > 0 && known {
            match counts(now.date(), weekend, holidays.as_ref()) {
                Some(true) => left -= 1,
                Some(false) => {}
                None => known = false,
            }
            now += 1.minute();
        }
        let expected = known.then(|| now.strftime("%Y-%m-%d %H:%M").to_string());
        let found = hours_after(start, hours, &excluded).ok().map(|end| end.to_string());
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn days_are_what_a_day_counter_counts(
        start in near_day(), days in 0..90_u32,
        weekend in any::<(bool, bool)>(), holidays in holidays(),
    ) {
        let list = holidays.as_ref().map(listed);
        let (saturdays, sundays) = weekend;
        let excluded = Excluded { saturdays, sundays, calendar: list.as_ref() };
        let mut left = days;
        let mut now = Some(start.date());
        while let Some(date) = now.filter(|_| left > 0) {
            let next = date.tomorrow().unwrap();
            let counted = counts(next, weekend, holidays.as_ref());
            left -= u32::from(counted == Some(true));
            now = counted.map(|_| next);
        }
        prop_assert_eq!(days_after(start, days, &excluded).ok(), now.map(Day::from));
    }

    #[test]
    fn a_later_start_or_more_hours_never_end_earlier(
        start in near_day(), later in 0..4000_i64, hours in 0..200_u32, more in 0..50_u32,
    ) {
        let start = Moment::at(start, TimeOfDay::MIDNIGHT);
        let end = |minutes, hours| {
            hours_after(start.plus_minutes(minutes), hours, &Excluded::WEEKENDS).unwrap()
        };
        prop_assert!(end(0, hours) <= end(later, hours));
        prop_assert!(end(0, hours) <= end(0, hours + more));
    }

    #[test]
    fn counted_hours_differ_as_the_days_that_count_do(
        start in near_day(), length in 0..20_000_i64, weekend in any::<(bool, bool)>(),
    ) {
        let zone = new_york();
        let rules = jiff::tz::TimeZone::get("America/New_York").unwrap();
        let start = Moment::at(start, TimeOfDay::MIDNIGHT);
        let end = start.plus_minutes(length);
        let (saturdays, sundays) = weekend;
        let excluded = Excluded { saturdays, sundays, calendar: None };
        let whole = counted_difference(start, end, &Excluded::NOTHING, &zone).unwrap();
        prop_assert_eq!(whole, elapsed_difference(start, end, &zone));
        let instant = |moment: Moment| {
            let text = moment.to_string().replace(' ', "T");
            rules.to_timestamp(text.parse().unwrap()).unwrap().as_second() / 60
        };
        prop_assert_eq!(whole, instant(end) - instant(start) - length);
        // New York changes its clocks on Sundays
        let expected = if sundays { 0 } else { whole };
        prop_assert_eq!(counted_difference(start, end, &excluded, &zone), Ok(expected));
    }

    #[test]
    fn days_and_moments_read_as_they_are_written(day in any_day(), time in 0..1440_i64) {
        prop_assert_eq!(Day::parse(&day.to_string()), Ok(day));
        prop_assert_eq!(Day::from(day.date()), day);
        prop_assert_eq!(Day::from_days(day.days()), day);
        let moment = Moment::at(day, TimeOfDay::MIDNIGHT).plus_minutes(time);
        prop_assert_eq!(Moment::parse(&moment.to_string()), Ok(moment));
        prop_assert_eq!(Moment::parse(&moment.to_string().replace(' ', "T")), Ok(moment));
        prop_assert_eq!(Moment::at(moment.day(), moment.time()), moment);
        prop_assert_eq!(moment.day(), day);
    }

    #[test]
    fn anything_may_be_read(text in "\\PC{0,20}", number in any::<i64>(), days in any::<i32>()) {
        let _ = (Day::parse(&text), Moment::parse(&text), TimeOfDay::parse(&text));
        let moment = Moment::MIN.plus_minutes(number);
        prop_assert!(moment >= Moment::MIN && moment <= Moment::MAX);
        prop_assert_eq!(Day::from_days(days).date(), Date::from(Day::from_days(days)));
    }

    #[test]
    fn spans_keep_the_order_of_days(a in any_day(), b in any_day(), span in any_span()) {
        let (a, b) = (a.min(b), a.max(b));
        prop_assert!(span.before(a) <= span.before(b));
        prop_assert!(span.after(a) <= span.after(b));
        prop_assert!(span.before(a) <= a && a <= span.after(a));
        prop_assert!(span.lengthened(1).before(a) < span.before(a));
    }

    #[test]
    fn spans_are_those_of_jiff(a in any_day(), span in any_span()) {
        let months = i64::from(span.years * 12 + span.months);
        let other = months.months().weeks(span.weeks).days(span.days);
        prop_assert_eq!(span.before(a).date(), a.date().checked_sub(other).unwrap());
        prop_assert_eq!(span.after(a).date(), a.date().checked_add(other).unwrap());
    }

    #[test]
    fn yearly_windows_meet(ending in month_day(), years in 1..4_u32, year in 1990..2100_i32) {
        let window = Window { months: 12 * years, ending };
        let (_, end) = window.up_to(ending.in_year(year));
        let (start, _) = window.up_to(ending.in_year(year + i32::try_from(years).unwrap()));
        prop_assert_eq!(end.plus_days(1), start);
    }

    #[test]
    fn dues_are_those_found_day_by_day(
        recurrence in any_recurrence(), event in near_day(),
        window in prop_oneof![
            Just(None),
            (1..30_u32, month_day()).prop_map(|(months, ending)| Some(Window { months, ending })),
        ],
    ) {
        let schedule = Schedule { recurrence, window };
        let days = (-400..2600_i32).map(|days| event.plus_days(days));
        let dues: Vec<Due> = days
            .filter_map(|day| schedule.next_due(day).filter(|due| due.due == day))
            .collect();
        let next = dues.iter().find(|due| due.due >= event);
        prop_assert_eq!(schedule.next_due(event).filter(|due| due.due < event.plus_days(2600)),
            next.copied());
        let covers = |due: &&Due| due.window.is_some_and(|(a, b)| a <= event && event <= b);
        prop_assert_eq!(schedule.due_covering(event), dues.iter().find(covers).copied());
    }
}
