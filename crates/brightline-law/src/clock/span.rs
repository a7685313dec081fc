//! Days and spans of the civil calendar.
//!
//! Years and months are counted by the calendar and not in days: the day five years before
//! 29 February 2016 is 28 February 2011.
//! New York says the same (General Construction Law § 58: the added day of a leap year and the
//! day before it are one day in the counting of a year; § 20: the day that a period is reckoned
//! from is left out).
//! Arithmetic stops at [`Day::MIN`] and [`Day::MAX`], so no span is too long to be compared.

use std::error::Error;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil::{Date, Weekday, date};

/// The years a day may be written in.
const YEARS: RangeInclusive<i32> = 1900..=2200;
const EPOCH: Date = date(1970, 1, 1);

/// Why a text or a triple of numbers is not a day, a time or a moment.
///
/// ```
/// use brightline_law::clock::{Day, TimeError};
///
/// let error = Day::parse("2026-02-30").unwrap_err();
/// assert_eq!(error, TimeError::NoSuchDay("2026-02-30".to_owned()));
/// assert_eq!(error.to_string(), "2026-02-30 is not a day of the calendar");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// The text is not of the form expected, of which an example is given.
    Form {
        /// What was read.
        text: String,
        /// An example of what was expected.
        expected: &'static str,
    },
    /// Well formed, but the calendar has no such day.
    NoSuchDay(String),
    /// Well formed, but the day has no such hour or minute.
    NoSuchTime(String),
    /// A day before 1900 or after 2200, which is sooner a slip of the pen than meant.
    OutOfRange(String),
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form { text, expected } => {
                write!(f, "\"{}\" cannot be read: write it as {expected}", text.escape_debug())
            }
            Self::NoSuchDay(text) => write!(f, "{text} is not a day of the calendar"),
            Self::NoSuchTime(text) => write!(f, "{text} is not a time of day: 00:00 to 23:59"),
            Self::OutOfRange(text) => {
                write!(f, "{text} is outside of the years {} to {}", YEARS.start(), YEARS.end())
            }
        }
    }
}

impl Error for TimeError {}

/// Reads digits parted by one separator, each group of an exact width.
pub(super) fn groups<const N: usize>(
    text: &str,
    separator: u8,
    widths: [usize; N],
) -> Option<[u16; N]> {
    let mut bytes = text.bytes();
    let mut read = [0_u16; N];
    for (at, (group, width)) in read.iter_mut().zip(widths).enumerate() {
        if at > 0 && bytes.next() != Some(separator) {
            return None;
        }
        for _ in 0..width {
            let digit = bytes.next().filter(u8::is_ascii_digit)? - b'0';
            *group = group.checked_mul(10)?.checked_add(u16::from(digit))?;
        }
    }
    bytes.next().is_none().then_some(read)
}

/// A day of the civil calendar, kept as the number of days since 1 January 1970.
///
/// ```
/// use brightline_law::clock::Day;
///
/// let day = Day::parse("1970-01-02")?;
/// assert_eq!(day.days(), 1);
/// assert!(day < Day::new(2014, 12, 14)?);
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The first day that arithmetic reaches: 1 January of the year -9999.
    pub const MIN: Day = Day(-4_371_587);
    /// The last day that arithmetic reaches: 31 December 9999.
    pub const MAX: Day = Day(2_932_896);

    /// The day so many days after 1 January 1970, kept within [`Day::MIN`] and [`Day::MAX`].
    ///
    /// ```
    /// use brightline_law::clock::Day;
    ///
    /// assert_eq!(Day::from_days(-1).to_string(), "1969-12-31");
    /// assert_eq!(Day::from_days(i32::MAX), Day::MAX);
    /// ```
    #[must_use]
    pub fn from_days(days: i32) -> Day {
        Day(days.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// The day of a year (1900 to 2200), a month (1 to 12) and a day of the month.
    ///
    /// # Errors
    ///
    /// When there is no such day, or it is out of range.
    ///
    /// ```
    /// use brightline_law::clock::Day;
    ///
    /// assert_eq!(Day::new(2026, 3, 10)?.to_string(), "2026-03-10");
    /// assert!(Day::new(2026, 2, 29).is_err());
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    pub fn new(year: i32, month: u32, day: u32) -> Result<Day, TimeError> {
        let text = || format!("{year:04}-{month:02}-{day:02}");
        if !YEARS.contains(&year) {
            return Err(TimeError::OutOfRange(text()));
        }
        let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
        let (Ok(year), Ok(month), Ok(day)) = parts else {
            return Err(TimeError::NoSuchDay(text()));
        };
        let found = Date::new(year, month, day);
        found.map(Day::from).map_err(|_| TimeError::NoSuchDay(text()))
    }

    /// Reads a day written as `2026-03-10`, and in no other way.
    ///
    /// # Errors
    ///
    /// When it is written otherwise, is no day of the calendar, or is out of range.
    ///
    /// ```
    /// use brightline_law::clock::Day;
    ///
    /// assert!(Day::parse("2016-02-29").is_ok());
    /// assert_eq!(
    ///     Day::parse("3/10/2026").unwrap_err().to_string(),
    ///     "\"3/10/2026\" cannot be read: write it as 2026-03-10",
    /// );
    /// assert_eq!(
    ///     Day::parse("0206-03-10").unwrap_err().to_string(),
    ///     "0206-03-10 is outside of the years 1900 to 2200",
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Day, TimeError> {
        if let Some(day) = Self::plain(text) {
            return Ok(day);
        }
        let form = || TimeError::Form { text: text.to_owned(), expected: "2026-03-10" };
        let [year, month, day] = groups(text, b'-', [4, 2, 2]).ok_or_else(form)?;
        Day::new(year.into(), month.into(), day.into())
    }

    /// The day that a text names, where nothing is wrong with it.
    fn plain(text: &str) -> Option<Day> {
        let &[y, e, a, r, b'-', m, n, b'-', d, t] = text.as_bytes() else {
            return None;
        };
        let digits = [y, e, a, r, m, n, d, t].map(|byte| i32::from(byte.wrapping_sub(b'0')));
        if digits.iter().any(|digit| *digit > 9) {
            return None;
        }
        let [y, e, a, r, m, n, d, t] = digits;
        let year = y * 1000 + e * 100 + a * 10 + r;
        let days = super::civil::days_of(year, m * 10 + n, d * 10 + t);
        days.filter(|_| YEARS.contains(&year)).map(Day)
    }

    /// The number of days since 1 January 1970; negative before it.
    ///
    /// ```
    /// use brightline_law::clock::Day;
    ///
    /// assert_eq!(Day::from_days(20_522).days(), 20_522);
    /// ```
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The same day as `jiff` writes it.
    ///
    /// ```
    /// use brightline_law::clock::Day;
    ///
    /// assert_eq!(Day::from_days(0).date(), jiff::civil::date(1970, 1, 1));
    /// ```
    #[must_use]
    pub fn date(self) -> Date {
        EPOCH.saturating_add(SignedDuration::from_hours(24 * i64::from(self.0)))
    }

    /// The year.
    ///
    /// ```
    /// assert_eq!(brightline_law::clock::Day::from_days(0).year(), 1970);
    /// ```
    #[must_use]
    pub fn year(self) -> i32 {
        self.date().year().into()
    }

    /// The day of the week.
    ///
    /// ```
    /// use brightline_law::clock::Day;
    /// use jiff::civil::Weekday;
    ///
    /// assert_eq!(Day::parse("2026-03-14")?.weekday(), Weekday::Saturday);
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn weekday(self) -> Weekday {
        self.date().weekday()
    }

    /// The day after; [`Day::MAX`] has none and stays.
    ///
    /// ```
    /// use brightline_law::clock::Day;
    ///
    /// assert_eq!(Day::parse("2026-12-31")?.next().to_string(), "2027-01-01");
    /// assert_eq!(Day::MAX.next(), Day::MAX);
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn next(self) -> Day {
        self.plus_days(1)
    }

    /// The day before; [`Day::MIN`] has none and stays.
    ///
    /// ```
    /// use brightline_law::clock::Day;
    ///
    /// assert_eq!(Day::parse("2026-03-01")?.previous().to_string(), "2026-02-28");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn previous(self) -> Day {
        self.plus_days(-1)
    }

    /// The day so many days later, or earlier when negative.
    ///
    /// ```
    /// use brightline_law::clock::Day;
    ///
    /// assert_eq!(Day::parse("2026-02-28")?.plus_days(1).to_string(), "2026-03-01");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn plus_days(self, days: i32) -> Day {
        Day::from_days(self.0.saturating_add(days))
    }

    /// The number of days from this day to another; negative when the other is earlier.
    ///
    /// ```
    /// use brightline_law::clock::Day;
    ///
    /// assert_eq!(Day::parse("2016-02-01")?.days_until(Day::parse("2016-03-01")?), 29);
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn days_until(self, other: Day) -> i32 {
        other.0 - self.0
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Day {
        let days = EPOCH.duration_until(date).as_hours() / 24;
        Day::from_days(i32::try_from(days).unwrap_or(Day::MAX.0))
    }
}

impl From<Day> for Date {
    fn from(day: Day) -> Date {
        day.date()
    }
}

impl FromStr for Day {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Day, TimeError> {
        Day::parse(text)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A span of the calendar: so many years, months, weeks and days.
///
/// Years and months are taken first and together, and land on the last day of the month where
/// the month has no such day; then weeks and days are taken.
/// That is the order of a look-back that is "lengthened by" the days of an incarceration
/// (NYC Admin. Code § 9-131(a)): five calendar years, and then so many days.
///
/// ```
/// use brightline_law::clock::{Day, Span};
///
/// let five_years = Span { years: 5, ..Span::default() };
/// let leap_day = Day::parse("2016-02-29")?;
/// assert_eq!(five_years.before(leap_day).to_string(), "2011-02-28");
/// assert_eq!(five_years.after(leap_day).to_string(), "2021-02-28");
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Years of the calendar.
    pub years: u32,
    /// Months of the calendar.
    pub months: u32,
    /// Weeks of seven days.
    pub weeks: u32,
    /// Days.
    pub days: u32,
}

impl Span {
    /// A span of days alone.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Span};
    ///
    /// // "120 days after 2011-11-22": the first day is not counted.
    /// let day = Span::of_days(120).after(Day::parse("2011-11-22")?);
    /// assert_eq!(day.to_string(), "2012-03-21");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn of_days(days: u32) -> Span {
        Span { days, ..Span::default() }
    }

    /// A span of months alone.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Span};
    ///
    /// let day = Span::of_months(6).before(Day::parse("2026-08-31")?);
    /// assert_eq!(day.to_string(), "2026-02-28");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn of_months(months: u32) -> Span {
        Span { months, ..Span::default() }
    }

    /// A span of years alone.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Span};
    ///
    /// let day = Span::of_years(15).before(Day::parse("2026-03-10")?);
    /// assert_eq!(day.to_string(), "2011-03-10");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn of_years(years: u32) -> Span {
        Span { years, ..Span::default() }
    }

    /// The same span, lengthened by days that are not counted.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Span};
    ///
    /// let look_back = Span::of_years(5).lengthened(100);
    /// assert_eq!(look_back.before(Day::parse("2026-06-01")?).to_string(), "2021-02-21");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn lengthened(self, days: u32) -> Span {
        Span { days: self.days.saturating_add(days), ..self }
    }

    /// The day that lies this span before another.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Span};
    ///
    /// let span = Span { months: 1, weeks: 1, ..Span::default() };
    /// assert_eq!(span.before(Day::parse("2026-03-31")?).to_string(), "2026-02-21");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn before(self, day: Day) -> Day {
        self.shift(day, -1)
    }

    /// The day that lies this span after another.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Span};
    ///
    /// assert_eq!(Span::of_months(1).after(Day::parse("2026-01-31")?).to_string(), "2026-02-28");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn after(self, day: Day) -> Day {
        self.shift(day, 1)
    }

    fn shift(self, day: Day, sign: i64) -> Day {
        let months = sign * (12 * i64::from(self.years) + i64::from(self.months));
        let end = if sign < 0 { Day::MIN } else { Day::MAX };
        let moved = super::civil::plus_months(day, months);
        let days = sign * (7 * i64::from(self.weeks) + i64::from(self.days));
        let sum = i64::from(moved.0).saturating_add(days);
        i32::try_from(sum).map_or(end, Day::from_days)
    }
}
