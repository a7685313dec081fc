//! Deadlines: hours and days counted, with days left out, and the clock change told apart.
//!
//! Hours are hours on the wall: a count from Friday 18:00 reaches Saturday 18:00 after 24, also
//! in the night the clocks change.
//! That is how 8 CFR 287.7(d) is read here; [`elapsed_difference`] says by how much the hours
//! that really pass differ, so that the answer can say which is meant.
//! Days leave out the day from which they are reckoned (N.Y. General Construction Law § 20).

use std::error::Error;
use std::fmt;

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::calendar::{Calendar, Excluded, NotCovered, is_counted};
use super::moment::{Moment, TimeOfDay};
use super::span::Day;

const MINUTES_PER_HOUR: i64 = 60;
const SECONDS_PER_MINUTE: i64 = 60;

/// The moment at which so many counted hours have run.
///
/// Only hours of days that are not left out count: from Saturday 10:00 the count starts on Monday
/// at 00:00, and its 48th hour ends as Tuesday does, on Wednesday at 00:00.
///
/// # Errors
///
/// When the count runs into a year that the calendar does not cover.
///
/// ```
/// use brightline_law::clock::{Excluded, Moment, hours_after};
///
/// let saturday = Moment::parse("2026-03-14 10:00")?;
/// let end = hours_after(saturday, 48, &Excluded::WEEKENDS)?;
/// assert_eq!(end.to_string(), "2026-03-18 00:00");
/// assert_eq!(hours_after(saturday, 48, &Excluded::NOTHING)?.to_string(), "2026-03-16 10:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn hours_after(
    start: Moment,
    hours: u32,
    excluded: &Excluded<'_>,
) -> Result<Moment, NotCovered> {
    let mut left = i64::from(hours) * MINUTES_PER_HOUR;
    if left == 0 || excluded.is_nothing() {
        return Ok(start.plus_minutes(left));
    }
    let mut from = start;
    loop {
        let next = next_midnight(from);
        if is_counted(from.day(), excluded)? {
            let room = next.map_or(i64::MAX, |next| next.minutes() - from.minutes());
            if left <= room {
                return Ok(from.plus_minutes(left));
            }
            left -= room;
        }
        match next {
            Some(next) => from = next,
            None => return Ok(Moment::MAX),
        }
    }
}

/// The moment so many hours before an event, every hour counted.
///
/// ```
/// use brightline_law::clock::{Moment, hours_before};
///
/// // "at least 24 hours before" the interview
/// let interview = Moment::parse("2026-03-10 09:00")?;
/// assert_eq!(hours_before(interview, 24).to_string(), "2026-03-09 09:00");
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[must_use]
pub fn hours_before(event: Moment, hours: u32) -> Moment {
    event.plus_minutes(-MINUTES_PER_HOUR * i64::from(hours))
}

/// The last of so many counted days after a day; the day itself is not counted.
///
/// # Errors
///
/// When the count runs into a year that the calendar does not cover.
///
/// ```
/// use brightline_law::clock::{Day, Excluded, days_after};
///
/// let friday = Day::parse("2026-03-06")?;
/// assert_eq!(days_after(friday, 2, &Excluded::NOTHING)?.to_string(), "2026-03-08");
/// assert_eq!(days_after(friday, 2, &Excluded::WEEKENDS)?.to_string(), "2026-03-10");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn days_after(start: Day, days: u32, excluded: &Excluded<'_>) -> Result<Day, NotCovered> {
    if excluded.is_nothing() {
        return Ok(start.plus_days(i32::try_from(days).unwrap_or(i32::MAX)));
    }
    let mut left = days;
    let mut day = start;
    while left > 0 && day < Day::MAX {
        day = day.next();
        if is_counted(day, excluded)? {
            left -= 1;
        }
    }
    Ok(day)
}

/// The last of so many working days after a day: Saturdays, Sundays and the days of the calendar,
/// if there is one, are left out.
///
/// # Errors
///
/// When the count runs into a year that the calendar does not cover.
///
/// ```
/// use brightline_law::clock::{Day, working_days_after};
///
/// let friday = Day::parse("2026-03-06")?;
/// assert_eq!(working_days_after(friday, 1, None)?.to_string(), "2026-03-09");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn working_days_after(
    start: Day,
    days: u32,
    calendar: Option<&Calendar>,
) -> Result<Day, NotCovered> {
    days_after(start, days, &Excluded { calendar, ..Excluded::WEEKENDS })
}

/// A time on the day of a moment: the cap of New Jersey's directive, 11:59 p.m. of the day.
/// It lies before the moment when the moment comes later in the day.
///
/// ```
/// use brightline_law::clock::{Moment, TimeOfDay, end_of_day};
///
/// let release = Moment::parse("2026-03-10 14:20")?;
/// let end = end_of_day(release, TimeOfDay::parse("23:59")?);
/// assert_eq!(end.to_string(), "2026-03-10 23:59");
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[must_use]
pub fn end_of_day(moment: Moment, time: TimeOfDay) -> Moment {
    Moment::at(moment.day(), time)
}

/// The start of the next day; none after the last day there is.
fn next_midnight(moment: Moment) -> Option<Moment> {
    let day = moment.day();
    (day < Day::MAX).then(|| Moment::at(day.next(), TimeOfDay::MIDNIGHT))
}

/// There is no time zone of that name.
///
/// ```
/// use brightline_law::clock::Zone;
///
/// let error = Zone::named("America/Brooklyn").unwrap_err();
/// assert_eq!(error.to_string(), "America/Brooklyn is not a time zone of the IANA database");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone(
    /// The name that was looked up.
    pub String,
);

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a time zone of the IANA database", self.0)
    }
}

impl Error for UnknownZone {}

/// A time zone of the IANA database that is built into the program; the machine's is never read.
///
/// ```
/// use brightline_law::clock::Zone;
///
/// assert_eq!(Zone::named("America/New_York")?.name(), "America/New_York");
/// # Ok::<(), brightline_law::clock::UnknownZone>(())
/// ```
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// The zone of an IANA name.
    ///
    /// # Errors
    ///
    /// When there is no zone of that name.
    ///
    /// ```
    /// assert!(brightline_law::clock::Zone::named("EST or so").is_err());
    /// ```
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        let unknown = || UnknownZone(name.to_owned());
        let rules = TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
        if rules.is_unknown() {
            return Err(unknown());
        }
        Ok(Zone { name: name.to_owned(), rules })
    }

    /// The name by which the zone was looked up.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How far the wall clock is ahead of UTC, in seconds.
    ///
    /// An hour that comes twice is taken the first time, and one that is skipped is read as if the
    /// clock had not yet been changed: the "compatible" reading of RFC 5545.
    fn offset(&self, moment: Moment) -> i64 {
        let time = moment.time().minutes();
        let (hour, minute) = (i8::try_from(time / 60), i8::try_from(time % 60));
        let date = moment.day().date();
        let civil = date.at(hour.unwrap_or(0), minute.unwrap_or(0), 0, 0);
        let offset = match self.rules.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
        };
        i64::from(offset.seconds())
    }
}

/// By how many minutes the time that passes differs from the time on the wall: negative where the
/// clock was put forward in between, positive where it was put back, mostly zero.
///
/// ```
/// use brightline_law::clock::{Moment, Zone, elapsed_difference};
///
/// let zone = Zone::named("America/New_York")?;
/// let friday = Moment::parse("2026-03-06 18:00")?;
/// let sunday = Moment::parse("2026-03-08 18:00")?;
/// // 48 hours on the wall, and 47 that passed
/// assert_eq!(elapsed_difference(friday, sunday, &zone), -60);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn elapsed_difference(start: Moment, end: Moment, zone: &Zone) -> i64 {
    (zone.offset(start) - zone.offset(end)) / SECONDS_PER_MINUTE
}

/// The same, of the hours that count: a clock change in the night of a Sunday that is left out
/// makes no difference to the 48 hours of 8 CFR 287.7(d).
///
/// # Errors
///
/// When the calendar does not cover a year between start and end.
///
/// ```
/// use brightline_law::clock::{Excluded, Moment, Zone, counted_difference};
///
/// let zone = Zone::named("America/New_York")?;
/// let friday = Moment::parse("2026-03-06 18:00")?;
/// let tuesday = Moment::parse("2026-03-10 18:00")?;
/// assert_eq!(counted_difference(friday, tuesday, &Excluded::WEEKENDS, &zone)?, 0);
/// assert_eq!(counted_difference(friday, tuesday, &Excluded::NOTHING, &zone)?, -60);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn counted_difference(
    start: Moment,
    end: Moment,
    excluded: &Excluded<'_>,
    zone: &Zone,
) -> Result<i64, NotCovered> {
    if excluded.is_nothing() {
        return Ok(elapsed_difference(start, end, zone));
    }
    let mut sum = 0;
    let mut from = start;
    while from < end {
        let to = next_midnight(from).map_or(end, |next| next.min(end));
        if is_counted(from.day(), excluded)? {
            sum += elapsed_difference(from, to, zone);
        }
        from = to;
    }
    Ok(sum)
}

/// The moment on the wall when so many hours have really passed, no day left out.
///
/// ```
/// use brightline_law::clock::{Moment, Zone, elapsed_hours_after};
///
/// let zone = Zone::named("America/New_York")?;
/// let friday = Moment::parse("2026-03-06 18:00")?;
/// assert_eq!(elapsed_hours_after(friday, 48, &zone).to_string(), "2026-03-08 19:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn elapsed_hours_after(start: Moment, hours: u32, zone: &Zone) -> Moment {
    let passed = start.minutes() + MINUTES_PER_HOUR * i64::from(hours);
    let utc = passed * SECONDS_PER_MINUTE - zone.offset(start);
    let range = Timestamp::MIN.as_second()..=Timestamp::MAX.as_second();
    let utc = utc.clamp(*range.start(), *range.end());
    let instant = Timestamp::from_second(utc).unwrap_or(Timestamp::MAX);
    let ahead = i64::from(zone.rules.to_offset(instant).seconds());
    let wall = (instant.as_second() + ahead).div_euclid(SECONDS_PER_MINUTE);
    Moment::MIN.plus_minutes(wall - Moment::MIN.minutes())
}
