//! Days and times as forms write them.

use jiff::civil::{Date, DateTime, Time};

/// Reads a day: `03/04/2025`, `3-4-25`, `2025-03-04`, `March 4, 2025`, `4 Mar 2025`.
///
/// The month comes first where digits alone are written, as on forms of the United States.
pub(crate) fn day(text: &str) -> Option<Date> {
    let text = text.trim().trim_end_matches('.');
    let parts: Vec<&str> =
        text.split(|it: char| "/-., ".contains(it)).filter(|it| !it.is_empty()).collect();
    let &[one, two, three] = parts.as_slice() else {
        return None;
    };
    let (year, month, day) = if one.len() == 4 {
        (one.parse().ok()?, number_or_month(two)?, three.parse().ok()?)
    } else if let Ok(first) = one.parse::<i8>() {
        match two.parse::<i8>() {
            Ok(second) => (year(three)?, first, second),
            Err(_) => (year(three)?, month(two)?, first),
        }
    } else {
        (year(three)?, month(one)?, two.parse().ok()?)
    };
    Date::new(year, month, day).ok()
}

/// Reads a time of a day: `03/04/2025 14:30`, `3/4/2025 2:30 PM`, `2025-03-04T14:30`.
pub(crate) fn time(text: &str) -> Option<DateTime> {
    let text = text.trim().replace('T', " ").replace(" at ", " ").replace(" @ ", " ");
    let at = text.find(':').or_else(|| text.rfind(|it: char| it.is_ascii_digit()))?;
    let split = text.get(..at)?.rfind(' ')?;
    let (date, clock) = (text.get(..split)?, text.get(split..)?.trim());
    Some(day(date)?.to_datetime(clock_time(clock)?))
}

fn clock_time(text: &str) -> Option<Time> {
    let text = text.to_ascii_lowercase().replace('.', "");
    let (digits, half) = match (text.find("am"), text.find("pm")) {
        (Some(at), _) => (text.get(..at)?, Some(0)),
        (_, Some(at)) => (text.get(..at)?, Some(12)),
        _ => (text.as_str(), None),
    };
    let mut parts = digits.trim().trim_end_matches(" hrs").split(':');
    let hour: i8 = parts.next()?.trim().parse().ok()?;
    let minute: i8 = match parts.next() {
        Some(minute) => minute.trim().parse().ok()?,
        None => 0,
    };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

fn year(text: &str) -> Option<i16> {
    let number: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(number),
        2 if number > 40 => Some(1900 + number),
        2 => Some(2000 + number),
        _ => None,
    }
}

fn number_or_month(text: &str) -> Option<i8> {
    text.parse().ok().or_else(|| month(text))
}

fn month(text: &str) -> Option<i8> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let text = text.to_ascii_lowercase();
    let at = MONTHS.iter().position(|it| text.starts_with(it))?;
    i8::try_from(at + 1).ok()
}
