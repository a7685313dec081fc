//! Duties that fall due again and again, and the windows that their reports cover.
//!
//! The annual report on detainers (NYC Admin. Code § 9-131(f)) was due on 15 October for the
//! twelve months to 30 September until 2017, and is due on 1 September for the twelve months to
//! 30 June from 2018: two schedules, one for each version of the text.

use std::fmt;

use jiff::civil::Date;

use super::span::{Day, Span};

const MONTHS_PER_YEAR: u32 = 12;
/// A window ends at least once a year, so the report that covers an event is found among the dues
/// of the year after it: twelve and a few, when there is one each month.
const MOST_DUES: usize = 30;
/// The names of the months, in order.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day of the year, such as 15 October; in a month that has no such day, the month's last.
///
/// ```
/// use brightline_law::clock::MonthDay;
///
/// let leap_day = MonthDay::new(2, 29).unwrap();
/// assert_eq!(leap_day.in_year(2024).to_string(), "2024-02-29");
/// assert_eq!(leap_day.in_year(2026).to_string(), "2026-02-28");
/// assert_eq!(leap_day.to_string(), "February 29");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

impl MonthDay {
    /// A month from 1 to 12 and a day that the month has in a leap year; none otherwise.
    ///
    /// ```
    /// use brightline_law::clock::MonthDay;
    ///
    /// assert!(MonthDay::new(10, 15).is_some());
    /// assert!(MonthDay::new(6, 31).is_none() && MonthDay::new(13, 1).is_none());
    /// ```
    #[must_use]
    pub fn new(month: u8, day: u8) -> Option<MonthDay> {
        let in_leap_year = Date::new(2024, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        in_leap_year.is_ok().then_some(MonthDay { month, day })
    }

    /// The month, from 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// The day of a year.
    ///
    /// ```
    /// use brightline_law::clock::MonthDay;
    ///
    /// assert_eq!(MonthDay::new(9, 1).unwrap().in_year(2018).to_string(), "2018-09-01");
    /// ```
    #[must_use]
    pub fn in_year(self, year: i32) -> Day {
        let last = month_end(year, self.month);
        let past = i32::from(last.date().day()) - i32::from(self.day);
        last.plus_days(-past.max(0))
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = usize::from(self.month).saturating_sub(1);
        write!(f, "{} {}", MONTHS.get(at).copied().unwrap_or_default(), self.day)
    }
}

/// When a duty falls due.
///
/// ```
/// use brightline_law::clock::{Day, MonthDay, Recurrence};
///
/// // "by October 15 each year from 2015 until 2017"
/// let yearly = Recurrence::YearlyBy {
///     on: MonthDay::new(10, 15).unwrap(),
///     every_years: 1,
///     from_year: 2015,
///     until_year: Some(2017),
/// };
/// assert_eq!(yearly.next(Day::parse("2016-10-16")?), Some(Day::parse("2017-10-15")?));
/// assert_eq!(yearly.next(Day::parse("2017-10-16")?), None);
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recurrence {
    /// By a day of the year, each year or every so many years, from a year on.
    YearlyBy {
        /// The last day for it.
        on: MonthDay,
        /// 1 for each year, 2 for every two years; 0 is read as 1.
        every_years: u32,
        /// The first year in which it falls due.
        from_year: i32,
        /// The last year in which it may fall due.
        until_year: Option<i32>,
    },
    /// Each month of the calendar, no day being named.
    Monthly,
    /// Each quarter of the calendar year, no day being named.
    Quarterly,
    /// Each year of the calendar, no day being named.
    Yearly,
    /// Once, by a day.
    On(Day),
}

impl Recurrence {
    /// The first due day that is the given day or later; none when there is none any more.
    ///
    /// Where the text names no day, the last day of the month, quarter or year stands for it:
    /// [`Due::named`] tells the two apart.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Recurrence};
    ///
    /// let day = Day::parse("2026-05-10")?;
    /// assert_eq!(Recurrence::Quarterly.next(day), Some(Day::parse("2026-06-30")?));
    /// assert_eq!(Recurrence::On(day).next(day), Some(day));
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn next(&self, day: Day) -> Option<Day> {
        match *self {
            Self::YearlyBy { on, every_years, from_year, until_year } => {
                let step = i64::from(every_years.max(1));
                let first = i64::from(from_year);
                let passed = on.in_year(day.year()) < day;
                let wanted = i64::from(day.year()) + i64::from(passed);
                let steps = (wanted - first).max(0).div_euclid(step)
                    + i64::from((wanted - first).max(0).rem_euclid(step) > 0);
                let year = i32::try_from(first + steps * step).ok()?;
                let ended = until_year.is_some_and(|last| year > last) || year > Day::MAX.year();
                (!ended).then(|| on.in_year(year))
            }
            Self::On(due) => (day <= due).then_some(due),
            Self::Monthly | Self::Quarterly | Self::Yearly => self.period(day).map(|(_, end)| end),
        }
    }

    /// The month, quarter or year that a day lies in, where the duty goes by one.
    fn period(&self, day: Day) -> Option<(Day, Day)> {
        let months: u8 = match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::Yearly => 12,
            Self::YearlyBy { .. } | Self::On(_) => return None,
        };
        let month = day.date().month().unsigned_abs();
        let last = month.div_ceil(months) * months;
        let first = MonthDay { month: last + 1 - months, day: 1 };
        Some((first.in_year(day.year()), month_end(day.year(), last)))
    }
}

/// The months that a report covers: "12 months ending September 30".
///
/// ```
/// use brightline_law::clock::{Day, MonthDay, Window};
///
/// let window = Window { months: 12, ending: MonthDay::new(9, 30).unwrap() };
/// let (first, last) = window.up_to(Day::parse("2015-10-15")?);
/// assert_eq!(first.to_string(), "2014-10-01");
/// assert_eq!(last.to_string(), "2015-09-30");
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// How many months; 0 is read as 1.
    pub months: u32,
    /// The day of the year on which the window ends.
    pub ending: MonthDay,
}

impl Window {
    /// The window of a report due on a day: the last that has ended on that day or before it.
    /// First and last day, both included.
    ///
    /// ```
    /// use brightline_law::clock::{Day, MonthDay, Window};
    ///
    /// let window = Window { months: 6, ending: MonthDay::new(6, 30).unwrap() };
    /// let (first, last) = window.up_to(Day::parse("2026-06-29")?);
    /// assert_eq!(first.to_string(), "2025-01-01");
    /// assert_eq!(last.to_string(), "2025-06-30");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn up_to(&self, due: Day) -> (Day, Day) {
        let year = due.year();
        let this_year = self.ending.in_year(year);
        let end = if this_year <= due { this_year } else { self.ending.in_year(year - 1) };
        (self.start(end).min(end), end)
    }

    /// Whole years reach back to the day after the same window's end, so that windows of years
    /// meet also at the end of February; a window that ends with a month starts with one.
    fn start(&self, end: Day) -> Day {
        let months = self.months.max(1);
        let next = end.next();
        if months.is_multiple_of(MONTHS_PER_YEAR) {
            let years = i32::try_from(months / MONTHS_PER_YEAR).unwrap_or(i32::MAX);
            self.ending.in_year(end.year().saturating_sub(years)).next()
        } else if next.date().day() == 1 {
            Span::of_months(months).before(next)
        } else {
            Span::of_months(months).before(end).next()
        }
    }
}

/// One due day of a duty, and the days that its report covers.
///
/// ```
/// use brightline_law::clock::{Day, Recurrence, Schedule};
///
/// let monthly = Schedule { recurrence: Recurrence::Monthly, window: None };
/// let due = monthly.next_due(Day::parse("2026-02-10")?).unwrap();
/// assert_eq!(due.window, Some((Day::parse("2026-02-01")?, Day::parse("2026-02-28")?)));
/// assert!(!due.named);
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Due {
    /// The last day for it.
    pub due: Day,
    /// The first and the last day that the report covers, both included.
    pub window: Option<(Day, Day)>,
    /// Whether the text names the due day; if not, the last day of the period stands for it.
    pub named: bool,
}

/// A recurring duty: when it falls due and what its report covers.
/// A monthly, quarterly or yearly duty without a window covers the period it is due in.
///
/// ```
/// use brightline_law::clock::{Day, MonthDay, Recurrence, Schedule, Window};
///
/// let schedule = Schedule {
///     recurrence: Recurrence::YearlyBy {
///         on: MonthDay::new(9, 1).unwrap(),
///         every_years: 1,
///         from_year: 2018,
///         until_year: None,
///     },
///     window: Some(Window { months: 12, ending: MonthDay::new(6, 30).unwrap() }),
/// };
/// let covering = schedule.due_covering(Day::parse("2026-07-01")?).unwrap();
/// assert_eq!(covering.due.to_string(), "2027-09-01");
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Schedule {
    /// When it falls due.
    pub recurrence: Recurrence,
    /// What the report covers, where the text says so.
    pub window: Option<Window>,
}

impl Schedule {
    /// The first due day that is the given day or later; none when there is none any more.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Recurrence, Schedule};
    ///
    /// let once = Schedule { recurrence: Recurrence::On(Day::parse("2026-09-30")?), window: None };
    /// assert!(once.next_due(Day::parse("2026-09-30")?).is_some());
    /// assert!(once.next_due(Day::parse("2026-10-01")?).is_none());
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn next_due(&self, on: Day) -> Option<Due> {
        let due = self.recurrence.next(on)?;
        let period = self.recurrence.period(due);
        let window = self.window.map(|window| window.up_to(due)).or(period);
        Some(Due { due, window, named: period.is_none() })
    }

    /// The first report whose window holds the event; none when no report does.
    ///
    /// ```
    /// use brightline_law::clock::{Day, Recurrence, Schedule};
    ///
    /// let quarterly = Schedule { recurrence: Recurrence::Quarterly, window: None };
    /// let due = quarterly.due_covering(Day::parse("2026-10-01")?).unwrap();
    /// assert_eq!(due.due.to_string(), "2026-12-31");
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn due_covering(&self, event: Day) -> Option<Due> {
        let mut from = event;
        for _ in 0..MOST_DUES {
            let due = self.next_due(from)?;
            let (first, last) = due.window?;
            if event <= last {
                return (first <= event).then_some(due);
            }
            from = due.due.next();
        }
        None
    }
}

/// The last day of a month of a year.
fn month_end(year: i32, month: u8) -> Day {
    let first = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok())
        .and_then(|(year, month)| Date::new(year, month, 1).ok());
    let beyond = if year < 0 { Day::MIN } else { Day::MAX };
    first.map_or(beyond, |first| first.last_of_month().into())
}
