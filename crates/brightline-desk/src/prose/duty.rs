//! Duties in sentences.

use brightline_law::clock::MonthDay;
use brightline_law::ir::{Corpus, Deadline, Duty, Event, Excluding};
use brightline_law::words;

use super::condition::{Lines, Under, outline, tail};
use super::{acts, agencies, capital, joined};

/// Adds a duty.
pub(super) fn duty(corpus: &Corpus, duty: &Duty, label: &str, lines: &mut Lines) {
    let ways: Vec<String> = duty.acts.iter().map(|(_, words)| words.clone()).collect();
    let mut sentence = format!("{} must {}", agencies(corpus, &duty.agencies), joined(&ways, "or"));
    if !duty.to.is_empty() {
        let names: Vec<String> =
            duty.to.iter().map(|name| format!("the {}", name.replace('_', " "))).collect();
        sentence.push_str(&format!(", to {}", names.join(" or ")));
    }
    if let Some(event) = duty.after {
        sentence.push_str(&format!(", after {}", self::event(corpus, event)));
    }
    if let Some(deadline) = &duty.deadline {
        sentence.push_str(&format!(", {}", self::deadline(corpus, deadline)));
    }
    if let Some((months, month, day)) = duty.covering {
        sentence.push_str(&format!(", for the {months} months ending {}", date(month, day)));
    }
    if !duty.on.is_empty() {
        sentence.push_str(&format!(", when asked to {}", acts(corpus, &duty.on)));
    }
    lines.add(0, format!("{}{}", capital(&sentence), tail(&duty.condition)));
    outline(corpus, &duty.condition, Under { level: 1, label }, lines);
    let named = |fact: brightline_law::ir::FactId| {
        corpus.facts.get(fact.index()).map_or("", |fact| fact.name.as_str()).replace('_', " ")
    };
    duty.until.iter().for_each(|fact| lines.add(1, format!("until {}", named(*fact))));
    duty.unless.iter().for_each(|fact| lines.add(1, format!("unless {}", named(*fact))));
    for (marker, text) in &duty.contains {
        lines.add(1, format!("{marker} {text}"));
    }
    if !duty.fields.is_empty() {
        lines.add(1, format!("with: {}", duty.fields.join(", ").replace('_', " ")));
    }
    duty.keep_years.iter().for_each(|years| lines.add(1, format!("kept for {years} years")));
    duty.joint_with.iter().for_each(|with| lines.add(1, format!("jointly with {with}")));
}

fn event(corpus: &Corpus, event: Event) -> String {
    match event {
        Event::Fact(fact) => {
            let fact = corpus.facts.get(fact.index());
            fact.map_or("", |fact| fact.name.as_str()).replace('_', " ")
        }
        Event::Done(act) => {
            let act = corpus.acts.get(act.index());
            format!("this was done: {}", act.map_or("", |act| act.words.as_str()))
        }
    }
}

fn deadline(corpus: &Corpus, deadline: &Deadline) -> String {
    let not_counted = |excluding: &Excluding| words::excluding(corpus, excluding);
    match deadline {
        Deadline::WithinHours { count, event, excluding } => {
            let event = self::event(corpus, *event);
            format!("within {count} hours of {event}{}", not_counted(excluding))
        }
        Deadline::WithinDays { count, working, event, excluding } => {
            let unit = if *working { "working days" } else { "days" };
            let event = self::event(corpus, *event);
            format!("within {count} {unit} of {event}{}", not_counted(excluding))
        }
        Deadline::AtLeastHoursBefore { count, event } => {
            format!("at least {count} hours before {}", self::event(corpus, *event))
        }
        Deadline::AtLeastDaysBefore { count, event } => {
            format!("at least {count} days before {}", self::event(corpus, *event))
        }
        Deadline::OpenTextured(words) => words.clone(),
        Deadline::By(day) => format!("by {day}"),
        Deadline::Yearly { month, day, every_years, from_year, until_year } => {
            let every = match every_years {
                1 => "each year".to_owned(),
                years => format!("every {years} years"),
            };
            let until = until_year.map(|year| format!(" until {year}")).unwrap_or_default();
            format!("by {} {every} from {from_year}{until}", date(*month, *day))
        }
        Deadline::EachYear => "each year".to_owned(),
        Deadline::Quarterly => "each quarter".to_owned(),
        Deadline::Monthly => "each month".to_owned(),
    }
}

fn date(month: u8, day: u8) -> String {
    MonthDay::new(month, day).map(|day| day.to_string()).unwrap_or_default()
}
