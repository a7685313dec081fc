//! Single values: the JSON form of each type, and what is out of range.

use brightline_law::clock::{Day, Moment};
use brightline_law::facts::Value;
use brightline_law::ir::{Fact, Kind};

use super::Desk;
use crate::json::Json;
use crate::refusal::Fault;

/// A number larger than this is a slip of the pen.
pub(crate) const NUMBER_MAX: i64 = 1_000_000;

/// A field of a record with its value.
pub(super) struct Typed<'f> {
    pub(super) field: &'f Fact,
    pub(super) value: Value,
}

impl Desk<'_> {
    /// Types a value; where it is wrong, says so and takes it as unknown.
    pub(super) fn value(&mut self, place: &str, kind: &Kind, json: &Json<'_>) -> Value {
        let read = match (kind, json) {
            (Kind::YesNo, Json::Bool(value)) => Ok(Value::Bool(*value)),
            (Kind::OneOf(choices), Json::Text(text)) => choice(place, choices, text),
            (Kind::Date, Json::Text(text)) => Day::parse(text)
                .map(Value::Day)
                .map_err(|error| Fault::new(place, error.to_string())),
            (Kind::Time, Json::Text(text)) => Moment::parse(text)
                .map(Value::Moment)
                .map_err(|error| Fault::new(place, error.to_string())),
            (Kind::Number { .. }, Json::Number(number)) => self::number(place, *number),
            (Kind::Offense, Json::Text(text)) => self.offense(place, text).map(Value::Offense),
            _ => Err(wrong_type(place, kind, json)),
        };
        read.unwrap_or_else(|fault| {
            self.faults.push(fault);
            Value::Unknown
        })
    }

    /// What a record tells of lies before the day of the act.
    pub(super) fn require_not_later(&mut self, place: &str, typed: Typed<'_>) {
        let day = match typed.value {
            Value::Day(day) => day,
            Value::Moment(moment) => moment.day(),
            _ => return,
        };
        let Some(at) = self.at.filter(|at| at.on < day) else {
            return;
        };
        let name = &typed.field.name;
        self.fault(place, format!("`{name}` is {day}, after the day of the act, {}", at.on));
    }
}

fn choice(place: &str, choices: &[(String, String)], text: &str) -> Result<Value, Fault> {
    let at = choices.iter().position(|(name, _)| name == text);
    match at.and_then(|at| u16::try_from(at).ok()) {
        Some(at) => Ok(Value::Choice(at)),
        None => {
            let names = choices.iter().map(|(name, _)| name.as_str());
            Err(Fault::new(place, format!("`{text}` is not among the answers")).names(text, names))
        }
    }
}

fn number(place: &str, number: i64) -> Result<Value, Fault> {
    if (0..=NUMBER_MAX).contains(&number) {
        return Ok(Value::Number(number));
    }
    Err(Fault::new(place, format!("{number} is out of range: 0 to {NUMBER_MAX}")))
}

fn wrong_type(place: &str, kind: &Kind, json: &Json<'_>) -> Fault {
    let (wanted, form) = match kind {
        Kind::YesNo => ("true or false", "true"),
        Kind::OneOf(_) => ("one of a list of names, as text", ""),
        Kind::Date => ("a date, as text", "\"2025-03-04\""),
        Kind::Time => ("a date and time, as text", "\"2025-03-04 18:00\""),
        Kind::Number { days: true } => ("a whole number of days", "120"),
        Kind::Number { days: false } => ("a whole number", "3"),
        Kind::Offense => ("an offense, as text: the law and the section", ""),
    };
    let fault = Fault::new(place, format!("this is {wanted}, and {} was given", json.kind()));
    match (kind, form) {
        (Kind::OneOf(choices), _) => fault.names("", choices.iter().map(|(name, _)| name.as_str())),
        (_, "") => fault,
        (_, form) => fault.help(format!("write it as {form}")),
    }
}
