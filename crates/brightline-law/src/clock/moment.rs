//! Moments of civil time, to the minute.
//!
//! A moment is what the clock on the wall shows in the jurisdiction's zone; a request names it
//! without an offset, and it is kept without one.

use std::fmt;
use std::str::FromStr;

use super::span::{Day, TimeError, groups};

const MINUTES_PER_HOUR: u16 = 60;
const MINUTES_PER_DAY: i64 = 24 * 60;

/// An hour and a minute of the day, from 00:00 to 23:59.
///
/// ```
/// use brightline_law::clock::TimeOfDay;
///
/// assert_eq!(TimeOfDay::parse("23:59")?.to_string(), "23:59");
/// assert!(TimeOfDay::parse("24:00").is_err());
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// 00:00, the first minute of the day.
    pub const MIDNIGHT: TimeOfDay = TimeOfDay(0);

    /// Reads a time written as `18:00`.
    ///
    /// # Errors
    ///
    /// When it is written otherwise, or the day has no such minute.
    ///
    /// ```
    /// assert!(brightline_law::clock::TimeOfDay::parse("6 pm").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<TimeOfDay, TimeError> {
        let form = || TimeError::Form { text: text.to_owned(), expected: "18:00" };
        let [hour, minute] = groups(text, b':', [2, 2]).ok_or_else(form)?;
        if hour > 23 || minute > 59 {
            return Err(TimeError::NoSuchTime(text.to_owned()));
        }
        Ok(TimeOfDay(hour * MINUTES_PER_HOUR + minute))
    }

    /// Minutes since midnight.
    ///
    /// ```
    /// use brightline_law::clock::TimeOfDay;
    ///
    /// assert_eq!(TimeOfDay::parse("01:30")?.minutes(), 90);
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<TimeOfDay, TimeError> {
        TimeOfDay::parse(text)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / MINUTES_PER_HOUR, self.0 % MINUTES_PER_HOUR)
    }
}

/// A civil date and time in the jurisdiction's zone, to the minute.
///
/// Kept as minutes since 1970-01-01 00:00 on the same wall: a day is always 1440 of them, and
/// what a clock change does is asked for by itself, with
/// [`elapsed_difference`](crate::clock::elapsed_difference).
///
/// ```
/// use brightline_law::clock::Moment;
///
/// let moment = Moment::parse("2026-03-10T18:00")?;
/// assert_eq!(moment, Moment::parse("2026-03-10 18:00")?);
/// assert_eq!(moment.to_string(), "2026-03-10 18:00");
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// 00:00 of [`Day::MIN`].
    pub const MIN: Moment = Moment(Day::MIN.days() as i64 * MINUTES_PER_DAY);
    /// 23:59 of [`Day::MAX`].
    pub const MAX: Moment = Moment((Day::MAX.days() as i64 + 1) * MINUTES_PER_DAY - 1);

    /// The moment of a day and a time of day.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Moment, TimeOfDay};
    ///
    /// let moment = Moment::at(Day::parse("2026-03-10")?, TimeOfDay::parse("09:05")?);
    /// assert_eq!(moment.to_string(), "2026-03-10 09:05");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn at(day: Day, time: TimeOfDay) -> Moment {
        Moment(i64::from(day.days()) * MINUTES_PER_DAY + i64::from(time.0))
    }

    /// Reads a moment written as `2026-03-10 18:00` or `2026-03-10T18:00`.
    ///
    /// # Errors
    ///
    /// When it is written otherwise (seconds and zones are refused), or there is no such moment.
    ///
    /// ```
    /// use brightline_law::clock::Moment;
    ///
    /// let error = Moment::parse("2026-03-10").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "\"2026-03-10\" cannot be read: write it as 2026-03-10 18:00",
    /// );
    /// assert!(Moment::parse("2026-03-10 24:00").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Moment, TimeError> {
        let form = || TimeError::Form { text: text.to_owned(), expected: "2026-03-10 18:00" };
        let (day, time) = text.split_once([' ', 'T']).ok_or_else(form)?;
        let whole = |error| {
            if matches!(error, TimeError::Form { .. }) { form() } else { error }
        };
        let day = Day::parse(day).map_err(whole)?;
        Ok(Moment::at(day, TimeOfDay::parse(time).map_err(whole)?))
    }

    /// The day of the moment.
    ///
    /// ```
    /// use brightline_law::clock::Moment;
    ///
    /// assert_eq!(Moment::parse("2026-03-10 23:59")?.day().to_string(), "2026-03-10");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn day(self) -> Day {
        i32::try_from(self.0.div_euclid(MINUTES_PER_DAY)).map_or(Day::MAX, Day::from_days)
    }

    /// The time of day of the moment.
    ///
    /// ```
    /// use brightline_law::clock::Moment;
    ///
    /// assert_eq!(Moment::parse("1969-12-31 23:58")?.time().to_string(), "23:58");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn time(self) -> TimeOfDay {
        u16::try_from(self.0.rem_euclid(MINUTES_PER_DAY)).map_or(TimeOfDay::MIDNIGHT, TimeOfDay)
    }

    /// Minutes on the wall since 1970-01-01 00:00; negative before it.
    ///
    /// ```
    /// use brightline_law::clock::Moment;
    ///
    /// assert_eq!(Moment::parse("1970-01-02 00:01")?.minutes(), 1441);
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn minutes(self) -> i64 {
        self.0
    }

    /// The moment so many minutes later by the wall clock, or earlier when negative.
    ///
    /// ```
    /// use brightline_law::clock::Moment;
    ///
    /// let moment = Moment::parse("2026-02-28 23:30")?;
    /// assert_eq!(moment.plus_minutes(45).to_string(), "2026-03-01 00:15");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Moment {
        Moment(self.0.saturating_add(minutes).clamp(Self::MIN.0, Self::MAX.0))
    }
}

impl FromStr for Moment {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Moment, TimeError> {
        Moment::parse(text)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.day(), self.time())
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
