//! Civil time: days, spans, calendars of holidays, deadlines and recurring duties.
//!
//! Everything here is a function of its arguments.
//! The machine's clock, its time zone and its files are never consulted; a day or a moment is
//! always one that a request names, read in the jurisdiction's own zone.
//!
//! | file | what it holds |
//! |---|---|
//! | `span` | [`Day`] and [`Span`]: counting by the calendar |
//! | `civil` | months, in whole-number arithmetic |
//! | `moment` | [`Moment`] and [`TimeOfDay`]: civil time, to the minute |
//! | `calendar` | [`Calendar`] and [`Excluded`]: the days that do not count |
//! | `deadline` | [`hours_after`] and its relatives, and what a clock change does to them |
//! | `recurrence` | [`Schedule`]: reports that fall due again and again |
//!
//! ```
//! use brightline_law::clock::{Calendar, Day, Excluded, Moment, hours_after};
//!
//! let memorial_day = (Day::parse("2026-05-25")?, "Memorial Day".to_owned());
//! let holidays = Calendar::new("federal_holidays", "holidays", [memorial_day], (2026, 2026));
//! // 8 CFR 287.7(d): 48 hours, excluding Saturdays, Sundays and holidays.
//! let excluded = Excluded::weekends_and(&holidays);
//! let friday = Moment::parse("2026-05-22 18:00")?;
//! assert_eq!(hours_after(friday, 48, &excluded)?.to_string(), "2026-05-27 18:00");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calendar;
mod civil;
mod deadline;
mod moment;
mod recurrence;
mod span;

pub use calendar::{Calendar, CalendarError, Excluded, NotCovered, is_counted};
pub(crate) use civil::plus_months;
pub use deadline::{
    UnknownZone, Zone, counted_difference, days_after, elapsed_difference, elapsed_hours_after,
    end_of_day, hours_after, hours_before, working_days_after,
};
pub use moment::{Moment, TimeOfDay};
pub(crate) use recurrence::MONTHS;
pub use recurrence::{Due, MonthDay, Recurrence, Schedule, Window};
pub use span::{Day, Span, TimeError};
