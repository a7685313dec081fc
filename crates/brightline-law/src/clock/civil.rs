//! Months counted by the calendar, in whole-number arithmetic.
//!
//! A look-back is counted for every record of every row; `jiff` checks and carries more than that
//! needs. The year is taken to begin in March, so that the leap day is its last (Hinnant,
//! *chrono-Compatible Low-Level Date Algorithms*, 2013).
//! The tests compare every result with `jiff`.

use super::span::Day;

const MONTHS_PER_YEAR: i32 = 12;
const YEARS_PER_ERA: i32 = 400;
const DAYS_PER_ERA: i32 = 146_097;
/// From 1 March of the year 0 to 1 January 1970.
const EPOCH: i32 = 719_468;
/// Eras added so that nothing below is negative; the year -9999 lies in the 25th before the year 0.
const ERAS_ADDED: i32 = 32;
/// The same where a year is moved by as many as [`MONTHS_MAX`] allows.
const ERAS_ADDED_FAR: i32 = 100;
/// The number of 29 February in a year that begins in March, counted from 0.
const LEAP_DAY: u32 = 365;
/// More months than lie between [`Day::MIN`] and [`Day::MAX`].
const MONTHS_MAX: i64 = 300_000;

/// Years added so that no month is negative: more than -9999 and [`MONTHS_MAX`] together.
const YEARS_ADDED: i32 = 40_000;

/// A year, a month from 1 and a day of the month from 1.
type Civil = (i32, i32, i32);

/// Returns the same day of the month so many months later, or earlier when negative; the last day
/// of a shorter month. Stops at [`Day::MIN`] and [`Day::MAX`].
pub(crate) fn plus_months(day: Day, months: i64) -> Day {
    if months == 0 {
        return day;
    }
    let months = i32::try_from(months.clamp(-MONTHS_MAX, MONTHS_MAX)).unwrap_or(0);
    if months % MONTHS_PER_YEAR == 0 {
        return plus_years(day, months / MONTHS_PER_YEAR);
    }
    let (year, month, day_of_month) = civil(day.days());
    let moved = natural((year + YEARS_ADDED) * MONTHS_PER_YEAR + month - 1 + months);
    let year = signed(moved / natural(MONTHS_PER_YEAR)) - YEARS_ADDED;
    let month = signed(moved % natural(MONTHS_PER_YEAR)) + 1;
    match year {
        ..-9999 => Day::MIN,
        10_000.. => Day::MAX,
        _ => {
            let last = if day_of_month > 28 { month_length(year, month) } else { 28 };
            Day::from_days(days((year, month, day_of_month.min(last))))
        }
    }
}

/// As [`plus_months`] for whole years, which most look-backs are: where a year begins in March, its
/// days keep their number from year to year, and only the leap day may have to become the day
/// before (Neri and Schneider, *Euclidean affine functions*, 2022).
fn plus_years(day: Day, years: i32) -> Day {
    let days = natural(day.days() + EPOCH + ERAS_ADDED_FAR * DAYS_PER_ERA) * 4 + 3;
    let century = days / natural(DAYS_PER_ERA);
    let quarters = days % natural(DAYS_PER_ERA) / 4 * 4 + 3;
    let scaled = 2_939_745 * u64::from(quarters);
    let (year_of_century, rest) = ((scaled >> 32) as u32, scaled as u32);
    let day_of_year = rest / 2_939_745 / 4;
    let year = natural(signed(century * 100 + year_of_century) + years);
    let next = year + 1;
    let is_leap = next.is_multiple_of(4) && (!next.is_multiple_of(100) || next.is_multiple_of(400));
    let day_of_year = day_of_year - u32::from(day_of_year == LEAP_DAY && !is_leap);
    let days = 1461 * year / 4 - year / 100 + year / 400 + day_of_year;
    Day::from_days(signed(days) - EPOCH - ERAS_ADDED_FAR * DAYS_PER_ERA)
}

/// Returns the number of days from 1 January 1970 to a day of the calendar; none where there is no
/// such day. The year has four digits.
pub(crate) fn days_of(year: i32, month: i32, day_of_month: i32) -> Option<i32> {
    let is_month = (1..=MONTHS_PER_YEAR).contains(&month);
    if !is_month || day_of_month < 1 || day_of_month > month_length(year, month) {
        return None;
    }
    Some(days((year, month, day_of_month)))
}

/// Unsigned, where nothing can be negative: division by a constant is cheaper.
fn natural(number: i32) -> u32 {
    number.unsigned_abs()
}

fn signed(number: u32) -> i32 {
    number.cast_signed()
}

fn civil(days: i32) -> Civil {
    let from_march = natural(days + EPOCH + ERAS_ADDED * DAYS_PER_ERA);
    let era = from_march / natural(DAYS_PER_ERA);
    let day_of_era = from_march % natural(DAYS_PER_ERA);
    let leap_free = day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096;
    let year_of_era = leap_free / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = signed(year_of_era) + (signed(era) - ERAS_ADDED) * YEARS_PER_ERA;
    (year + i32::from(month <= 2), signed(month), signed(day_of_month))
}

fn days((year, month, day_of_month): Civil) -> i32 {
    let year = natural(year - i32::from(month <= 2) + ERAS_ADDED * YEARS_PER_ERA);
    let era = year / natural(YEARS_PER_ERA);
    let year_of_era = year % natural(YEARS_PER_ERA);
    let from_march = natural(if month > 2 { month - 3 } else { month + 9 });
    let day_of_year = (153 * from_march + 2) / 5 + natural(day_of_month) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (signed(era) - ERAS_ADDED) * DAYS_PER_ERA + signed(day_of_era) - EPOCH
}

fn month_length(year: i32, month: i32) -> i32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Span;

    use super::*;

    fn by_jiff(day: Day, months: i64) -> Day {
        let end = if months < 0 { Day::MIN } else { Day::MAX };
        let span = Span::new().try_months(months);
        span.map_or(end, |span| Day::from(day.date().saturating_add(span)))
    }

    #[test]
    fn every_day_of_four_centuries_is_moved_as_jiff_moves_it() {
        for days in -36_525..109_573 {
            let day = Day::from_days(days);
            assert_eq!(self::days(civil(days)), days);
            for months in [-60, -13, -1, 1, 12, 25] {
                assert_eq!(plus_months(day, months), by_jiff(day, months), "{day} {months}");
            }
        }
    }

    #[test]
    fn every_day_of_four_centuries_is_moved_by_years_as_jiff_moves_it() {
        for days in -36_525..109_573 {
            let day = Day::from_days(days);
            for years in [-400, -100, -5, -1, 1, 3, 4, 100] {
                assert_eq!(plus_years(day, years), by_jiff(day, i64::from(years) * 12), "{day}");
            }
        }
    }

    #[test]
    fn a_day_is_one_of_the_calendar_as_jiff_has_it() {
        for year in 1899..=2201 {
            for month in 0..=13 {
                for day in 0..=32 {
                    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
                    let (Ok(y), Ok(m), Ok(d)) = parts else { continue };
                    let by_jiff = jiff::civil::Date::new(y, m, d).ok().map(Day::from);
                    assert_eq!(days_of(year, month, day).map(Day::from_days), by_jiff);
                }
            }
        }
    }

    #[test]
    fn far_spans_stop_at_the_ends() {
        let today = Day::from_days(20_000);
        for day in [Day::MIN, Day::MIN.next(), today, Day::MAX.previous(), Day::MAX] {
            for months in [1, 11_999, 119_988, 239_976, 300_000, 1 << 32, 13 * (1 << 32)] {
                assert_eq!(plus_months(day, months), by_jiff(day, months), "{day} {months}");
                assert_eq!(plus_months(day, -months), by_jiff(day, -months), "{day} -{months}");
            }
        }
    }
}
