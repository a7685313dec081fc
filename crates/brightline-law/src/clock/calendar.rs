//! Calendars of holidays, and the days that a count leaves out.
//!
//! "Holidays" in 8 CFR 287.7(d) is not defined: the federal list (5 USC 6103) and the state's
//! (N.Y. General Construction Law § 24) differ, and a pack may ask about the days on both lists
//! or on either.
//! A calendar knows the years that it covers; outside of them a day is not taken for a working
//! day, the count stops with [`NotCovered`].

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use jiff::civil::Weekday;

use super::span::Day;

/// A count ran into a year that the calendar does not cover.
///
/// ```
/// use brightline_law::clock::NotCovered;
///
/// let error = NotCovered { calendar: "federal_holidays".to_owned(), year: 2031 };
/// assert_eq!(
///     error.to_string(),
///     "the count runs into 2031, which the calendar federal_holidays does not cover",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCovered {
    /// The calendar's name in the pack.
    pub calendar: String,
    /// The first year reached that it does not cover.
    pub year: i32,
}

impl fmt::Display for NotCovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { calendar, year } = self;
        write!(f, "the count runs into {year}, which the calendar {calendar} does not cover")
    }
}

impl Error for NotCovered {}

/// Why the years that a list of days covers cannot be read off the list.
///
/// ```
/// use brightline_law::clock::{Calendar, CalendarError};
///
/// let error = Calendar::from_list("holidays", "holidays", []).unwrap_err();
/// assert_eq!(error, CalendarError::Empty { calendar: "holidays".to_owned() });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// There is no day in the list from which a year could be told.
    Empty {
        /// The calendar's name in the pack.
        calendar: String,
    },
    /// A year between the first and the last has no day at all.
    Gap {
        /// The calendar's name in the pack.
        calendar: String,
        /// The year without days.
        year: i32,
    },
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { calendar } => write!(f, "the calendar {calendar} lists no days"),
            Self::Gap { calendar, year } => {
                write!(f, "the calendar {calendar} lists no days in {year}, but before and after")
            }
        }
    }
}

impl Error for CalendarError {}

/// A list of days with their names, and the years for which the list is whole.
///
/// ```
/// use brightline_law::clock::{Calendar, Day};
///
/// let veterans = (Day::parse("2026-11-11")?, "Veterans Day".to_owned());
/// let holidays = Calendar::new("holidays", "public holidays", [veterans], (2026, 2026));
/// assert!(holidays.contains(Day::parse("2026-11-11")?));
/// assert_eq!(holidays.name_of(Day::parse("2026-11-11")?), Some("Veterans Day"));
/// assert!(holidays.covers(2026) && !holidays.covers(2027));
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    name: String,
    title: String,
    days: Vec<(Day, String)>,
    covers: (i32, i32),
}

impl Calendar {
    /// A calendar that is whole for the years from the first to the last, both included.
    /// The days may come in any order; a day listed twice keeps both names.
    ///
    /// ```
    /// use brightline_law::clock::{Calendar, Day};
    ///
    /// let day = Day::parse("2025-01-20")?;
    /// let both = [(day, "Inauguration Day".to_owned()), (day, "King's Birthday".to_owned())];
    /// let calendar = Calendar::new("holidays", "holidays", both, (2025, 2025));
    /// assert_eq!(calendar.name_of(day), Some("Inauguration Day; King's Birthday"));
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    pub fn new(
        name: &str,
        title: &str,
        days: impl IntoIterator<Item = (Day, String)>,
        covers: (i32, i32),
    ) -> Calendar {
        let mut named: BTreeMap<Day, String> = BTreeMap::new();
        for (day, label) in days {
            named.entry(day).and_modify(|known| join(known, &label)).or_insert(label);
        }
        let days = named.into_iter().collect();
        Calendar { name: name.to_owned(), title: title.to_owned(), days, covers }
    }

    /// A calendar that covers the years in which it lists days.
    ///
    /// 31 December alone does not make a year covered: when 1 January is a Saturday it is
    /// observed on the Friday before (5 USC 6103(b)), and that Friday comes with next year's list.
    ///
    /// # Errors
    ///
    /// When no year is covered, or a year between the first and the last has no days.
    ///
    /// ```
    /// use brightline_law::clock::{Calendar, Day};
    ///
    /// let list = ["2021-12-31", "2022-07-04", "2023-07-04"];
    /// let days = list.map(|day| Day::parse(day).map(|day| (day, String::new())));
    /// let days: Vec<_> = days.into_iter().collect::<Result<_, _>>()?;
    /// assert_eq!(Calendar::from_list("holidays", "holidays", days)?.years(), (2022, 2023));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_list(
        name: &str,
        title: &str,
        days: impl IntoIterator<Item = (Day, String)>,
    ) -> Result<Calendar, CalendarError> {
        let listed = Calendar::new(name, title, days, (0, 0));
        let calendar = || name.to_owned();
        let dates = listed.days.iter().map(|(day, _)| day.date());
        let mut years = dates.filter(|date| (date.month(), date.day()) != (12, 31));
        let Some(first) = years.next() else {
            return Err(CalendarError::Empty { calendar: calendar() });
        };
        let first = i32::from(first.year());
        let mut last = first;
        for year in years.map(|date| i32::from(date.year())) {
            if year > last + 1 {
                return Err(CalendarError::Gap { calendar: calendar(), year: last + 1 });
            }
            last = year;
        }
        Ok(Calendar { covers: (first, last), ..listed })
    }

    /// The calendar's name in the pack.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the calendar is called in plain words.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The days and their names, in order.
    #[must_use]
    pub fn days(&self) -> &[(Day, String)] {
        &self.days
    }

    /// The first and the last year for which the list is whole.
    #[must_use]
    pub fn years(&self) -> (i32, i32) {
        self.covers
    }

    /// Whether the list is whole for a year.
    #[must_use]
    pub fn covers(&self, year: i32) -> bool {
        (self.covers.0..=self.covers.1).contains(&year)
    }

    /// Whether the day is on the list.
    #[must_use]
    pub fn contains(&self, day: Day) -> bool {
        self.find(day).is_some()
    }

    /// The name of a day that is on the list.
    #[must_use]
    pub fn name_of(&self, day: Day) -> Option<&str> {
        self.find(day).map(|(_, label)| label.as_str())
    }

    /// The days on both lists, in the years that both cover.
    ///
    /// ```
    /// use brightline_law::clock::{Calendar, Day};
    ///
    /// let day = |text: &str| Day::parse(text).map(|day| (day, text.to_owned()));
    /// let (lincoln, labor) = (day("2026-02-12")?, day("2026-09-07")?);
    /// let state = Calendar::new("state", "", [lincoln.clone(), labor.clone()], (2026, 2027));
    /// let federal = Calendar::new("federal", "", [labor.clone()], (2020, 2026));
    /// let both = state.intersection(&federal, "both_lists", "days on both lists");
    /// assert!(both.contains(labor.0) && !both.contains(lincoln.0));
    /// assert_eq!(both.years(), (2026, 2026));
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn intersection(&self, other: &Calendar, name: &str, title: &str) -> Calendar {
        let both = self.days.iter().filter_map(|(day, label)| {
            let mut label = label.clone();
            join(&mut label, other.name_of(*day)?);
            Some((*day, label))
        });
        Calendar::new(name, title, both, self.shared_years(other))
    }

    /// The days on either list, in the years that both cover.
    ///
    /// ```
    /// use brightline_law::clock::{Calendar, Day};
    ///
    /// let day = |text: &str| Day::parse(text).map(|day| (day, text.to_owned()));
    /// let (lincoln, labor) = (day("2026-02-12")?, day("2026-09-07")?);
    /// let state = Calendar::new("state", "", [lincoln.clone()], (2026, 2027));
    /// let federal = Calendar::new("federal", "", [labor.clone()], (2020, 2026));
    /// let either = state.union(&federal, "either_list", "days on either list");
    /// assert!(either.contains(labor.0) && either.contains(lincoln.0));
    /// # Ok::<(), brightline_law::clock::TimeError>(())
    /// ```
    #[must_use]
    pub fn union(&self, other: &Calendar, name: &str, title: &str) -> Calendar {
        let either = self.days.iter().chain(&other.days).cloned();
        Calendar::new(name, title, either, self.shared_years(other))
    }

    fn find(&self, day: Day) -> Option<&(Day, String)> {
        let at = self.days.binary_search_by_key(&day, |(listed, _)| *listed).ok()?;
        self.days.get(at)
    }

    /// A day that is not listed is known not to be one only where both lists are whole.
    fn shared_years(&self, other: &Calendar) -> (i32, i32) {
        (self.covers.0.max(other.covers.0), self.covers.1.min(other.covers.1))
    }
}

/// Puts a second name to a first, unless it is the same.
fn join(known: &mut String, label: &str) {
    if known.split("; ").all(|part| part != label) {
        known.push_str("; ");
        known.push_str(label);
    }
}

/// The days that a count of hours or days leaves out.
///
/// ```
/// use brightline_law::clock::{Day, Excluded, is_counted};
///
/// let saturday = Day::parse("2026-03-14")?;
/// assert!(is_counted(saturday, &Excluded::NOTHING)?);
/// assert!(!is_counted(saturday, &Excluded::WEEKENDS)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Excluded<'a> {
    /// Saturdays are left out.
    pub saturdays: bool,
    /// Sundays are left out.
    pub sundays: bool,
    /// The days of a calendar are left out.
    pub calendar: Option<&'a Calendar>,
}

impl<'a> Excluded<'a> {
    /// Every day counts: the 48 hours of form I-247A.
    pub const NOTHING: Excluded<'static> =
        Excluded { saturdays: false, sundays: false, calendar: None };
    /// Saturdays and Sundays are left out, holidays are not.
    pub const WEEKENDS: Excluded<'static> =
        Excluded { saturdays: true, sundays: true, calendar: None };

    /// Saturdays, Sundays and the days of a calendar are left out: 8 CFR 287.7(d).
    ///
    /// ```
    /// use brightline_law::clock::{Calendar, Day, Excluded, is_counted};
    ///
    /// let labor_day = Day::parse("2026-09-07")?;
    /// let list = [(labor_day, "Labor Day".to_owned())];
    /// let holidays = Calendar::new("holidays", "holidays", list, (2026, 2026));
    /// assert!(!is_counted(labor_day, &Excluded::weekends_and(&holidays))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn weekends_and(calendar: &'a Calendar) -> Excluded<'a> {
        Excluded { calendar: Some(calendar), ..Excluded::WEEKENDS }
    }

    /// Whether every day counts.
    ///
    /// ```
    /// use brightline_law::clock::Excluded;
    ///
    /// assert!(Excluded::default().is_nothing() && !Excluded::WEEKENDS.is_nothing());
    /// ```
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        !self.saturdays && !self.sundays && self.calendar.is_none()
    }
}

/// Whether a day counts.
/// A Saturday or Sunday that is left out needs no calendar to say so.
///
/// # Errors
///
/// When it rests on a year that the calendar does not cover.
///
/// ```
/// use brightline_law::clock::{Calendar, Day, Excluded, is_counted};
///
/// let empty = Calendar::new("holidays", "holidays", [], (2026, 2026));
/// let excluded = Excluded::weekends_and(&empty);
/// assert_eq!(is_counted(Day::parse("2026-12-31")?, &excluded), Ok(true));
/// assert!(is_counted(Day::parse("2027-01-01")?, &excluded).is_err());
/// # Ok::<(), brightline_law::clock::TimeError>(())
/// ```
pub fn is_counted(day: Day, excluded: &Excluded<'_>) -> Result<bool, NotCovered> {
    let left_out = match day.weekday() {
        Weekday::Saturday => excluded.saturdays,
        Weekday::Sunday => excluded.sundays,
        _ => false,
    };
    match excluded.calendar {
        Some(calendar) if !left_out => {
            let year = day.year();
            if !calendar.covers(year) {
                return Err(NotCovered { calendar: calendar.name.clone(), year });
            }
            Ok(!calendar.contains(day))
        }
        _ => Ok(!left_out),
    }
}
