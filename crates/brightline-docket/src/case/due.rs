//! Civil days and times of a place as instants.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Returns the instant, in microseconds since 1970 in UTC, at which a civil time of a zone comes;
/// for a day, its last minute.
///
/// A time that a change of clocks skips comes when the clocks were changed; of two, the first
/// counts: a duty is never shown later than it is due.
pub(super) fn instant(civil: &str, zone: &str) -> Option<i64> {
    let zone = TimeZone::get(zone).ok()?;
    let time = match civil.split_once(' ') {
        Some((day, time)) => format!("{day}T{time}:00").parse::<DateTime>().ok()?,
        None => civil.parse::<Date>().ok()?.at(23, 59, 0, 0),
    };
    let zoned = zone.to_ambiguous_zoned_datetime(time).earlier().ok()?;
    Some(zoned.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::instant;

    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn a_civil_time_is_an_instant_of_its_zone() {
        let noon = instant("2026-01-15 12:00", "UTC").unwrap();
        assert_eq!(instant("2026-01-15 12:00", "America/New_York"), Some(noon + 5 * HOUR));
        let summer = instant("2026-07-15 12:00", "UTC").unwrap();
        assert_eq!(instant("2026-07-15 12:00", "America/New_York"), Some(summer + 4 * HOUR));
    }

    #[test]
    fn a_day_ends_with_its_last_minute() {
        let end = instant("2026-01-15 23:59", "America/Chicago");
        assert_eq!(instant("2026-01-15", "America/Chicago"), end);
    }

    #[test]
    fn where_clocks_change_the_earlier_instant_counts() {
        let first = instant("2026-11-01 01:30", "America/New_York").unwrap();
        assert_eq!(Some(first), instant("2026-11-01 05:30", "UTC"));
        assert!(instant("2026-03-08 02:30", "America/New_York").is_some());
        assert_eq!(instant("soon", "America/New_York"), None);
        assert_eq!(instant("2026-03-08", "Mars/Olympus"), None);
    }
}
