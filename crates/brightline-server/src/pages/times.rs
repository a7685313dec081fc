//! Days and times as people of the place read them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use super::words::say_with;

const DAY: &str = "%b %-d, %Y";
const TIME: &str = "%b %-d, %Y, %-I:%M %p";

/// Returns an instant, in microseconds since 1970, as a time of a zone.
pub(super) fn shown(at: i64, zone: &str) -> String {
    zoned(at, zone).strftime(&format!("{TIME} %Z")).to_string()
}

/// Returns an instant as a time of a zone in numbers, which every language reads.
pub(super) fn in_numbers(at: i64, zone: &str) -> String {
    zoned(at, zone).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// Returns the civil day of an instant in a zone, as forms write it.
pub(super) fn day_of(at: i64, zone: &str) -> String {
    zoned(at, zone).date().to_string()
}

/// Returns the civil time of an instant in a zone, as fields of forms take it.
pub(super) fn minute_of(at: i64, zone: &str) -> String {
    zoned(at, zone).strftime("%Y-%m-%dT%H:%M").to_string()
}

fn zoned(at: i64, zone: &str) -> ZonedDateTime {
    let stamp = Timestamp::from_microsecond(at).unwrap_or_default();
    stamp.to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
}

/// Returns a civil day or time as people write it; other text stays as it is.
pub(super) fn civil(text: &str) -> String {
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        return day.strftime(DAY).to_string();
    }
    match text.replacen(' ', "T", 1).parse::<DateTime>() {
        Ok(time) if text.len() >= 16 => time.strftime(TIME).to_string(),
        _ => text.to_owned(),
    }
}

/// Returns a text with the civil days in it as people write them.
pub(super) fn dated(text: &str) -> String {
    let parts = text.split_inclusive(|it: char| !it.is_ascii_digit() && it != '-');
    let part = |part: &str| {
        let core = part.trim_end_matches(|it: char| !it.is_ascii_digit() && it != '-');
        let rest = part.get(core.len()..).unwrap_or_default();
        if core.len() == 10 { civil(core) + rest } else { part.to_owned() }
    };
    parts.map(part).collect()
}

/// Returns the instant of a civil day or time of a zone; for a day, its last minute.
pub(super) fn instant(text: &str, zone: &str) -> Option<i64> {
    let zone = TimeZone::get(zone).ok()?;
    let time = match text.split_once(' ') {
        Some((day, time)) => format!("{day}T{time}").parse::<DateTime>().ok()?,
        None => text.parse::<Date>().ok()?.at(23, 59, 0, 0),
    };
    let zoned = zone.to_ambiguous_zoned_datetime(time).earlier().ok()?;
    Some(zoned.timestamp().as_microsecond())
}

/// Returns the time that a field of a form sends as requests write it.
pub(super) fn of_field(text: &str) -> String {
    text.replacen('T', " ", 1).chars().take(16).collect()
}

/// Returns a time of a request as a field of a form takes it.
pub(super) fn to_field(text: &str) -> String {
    text.replacen(' ', "T", 1)
}

/// How long it is from one instant to another, in the largest unit that tells enough.
pub(super) fn distance(from: i64, to: i64) -> (i64, &'static str) {
    let minutes = (to - from).abs() / 60_000_000;
    match minutes {
        0..=119 => (minutes, "minutes"),
        120..=2879 => (minutes / 60, "hours"),
        _ => (minutes / 1440, "days"),
    }
}

/// How long there is left, or how long it is late.
pub(super) fn hint(now: i64, due: i64) -> String {
    let (count, unit) = distance(now, due);
    let when = if due < now { "late" } else { "left" };
    say_with(&format!("time-{unit}-{when}"), "count", &count.to_string())
}

/// Returns the day that it is in a zone.
pub(super) fn today(zone: &str) -> String {
    Timestamp::now()
        .to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
        .date()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_days_and_times_are_written_as_people_do() {
        assert_eq!(civil("2026-03-10"), "Mar 10, 2026");
        assert_eq!(civil("2026-03-10 18:05"), "Mar 10, 2026, 6:05 PM");
        assert_eq!(civil("promptly"), "promptly");
    }

    #[test]
    fn fields_and_requests_write_times_differently() {
        assert_eq!(of_field("2026-03-10T18:05"), "2026-03-10 18:05");
        assert_eq!(to_field("2026-03-10 18:05"), "2026-03-10T18:05");
    }

    #[test]
    fn an_instant_is_shown_in_its_zone() {
        assert_eq!(shown(1_700_000_000_000_000, "America/New_York"), "Nov 14, 2023, 5:13 PM EST");
        assert_eq!(distance(0, 130 * 60_000_000), (2, "hours"));
        assert_eq!(hint(0, 60_000_000), "in 1 minute");
        assert_eq!(hint(130 * 60_000_000, 0), "2 hours late");
    }
}
