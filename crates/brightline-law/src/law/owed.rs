//! What follows from a determination: when a permission ends, what the agency owes next.

use super::atom::{Allowed, Atom, Context, day_of};
use super::effects::Answer;
use super::formula::{Formula, Lowering};
use super::members::Members;
use super::reading::taken_reading;
use super::roll::FactValues;
use super::sentence;
use super::space::Space;
use super::{Law, NODE_COUNT_MAX, Scope, in_stack};
use crate::Outcome;
use crate::clock::{
    Calendar, Day, Excluded, Moment, MonthDay, Recurrence, Schedule, TimeOfDay, Window, Zone,
    counted_difference, days_after, end_of_day, hours_after, hours_before, working_days_after,
};
use crate::determination::{Due, DutyOwed, DutyReading, LimitEnd, LimitOwed};
use crate::diagram::NodeId;
use crate::facts::{Facts, Value};
use crate::ir::{
    ActId, Corpus, Deadline, Duty, Event, Excluding, FactId, Limit, Operand, StatementId,
};

/// Words for the start of one reading of an unsettled calendar, and the calendar.
type Calendars<'c> = Vec<(&'c str, Option<&'c Calendar>, bool)>;

impl Law {
    /// Returns the limits of what is, or may be, permitted or required.
    pub(crate) fn limits(
        &self,
        corpus: &Corpus,
        allowed: &[Allowed],
        outcome: Outcome,
        facts: &Facts,
    ) -> Vec<LimitOwed> {
        if !matches!(outcome, Outcome::Permitted | Outcome::Required | Outcome::Open) {
            return Vec::new();
        }
        let reachable = self.answers_within(allowed);
        let mut statements: Vec<StatementId> = Vec::new();
        for answer in &reachable {
            if let Answer::Settled(_, limits) = answer {
                for id in limits {
                    if !statements.contains(id) {
                        statements.push(*id);
                    }
                }
            }
        }
        let always = |id: StatementId| {
            reachable
                .iter()
                .all(|answer| matches!(answer, Answer::Settled(_, limits) if limits.contains(&id)))
        };
        let mut owed = Vec::new();
        for id in statements {
            let Some(statement) = corpus.statements.get(id.index()) else {
                continue;
            };
            let Some(provision) = corpus.provisions.get(statement.provision.index()) else {
                continue;
            };
            for limit in &statement.limits {
                owed.push(LimitOwed {
                    words: sentence::limit(corpus, limit),
                    citation: provision.citation.clone(),
                    ends: self.limit_ends(corpus, limit, facts),
                    certain: always(id),
                });
            }
        }
        owed
    }

    fn zone(&self, corpus: &Corpus) -> Option<Zone> {
        let pack = corpus.packs.get(self.scope.jurisdiction.index())?;
        Zone::named(&pack.zone).ok()
    }

    fn limit_ends(&self, corpus: &Corpus, limit: &Limit, facts: &Facts) -> Vec<LimitEnd> {
        let (excluding, from) = match limit {
            Limit::AtMostHours { excluding, from, .. }
            | Limit::AtMostDays { excluding, from, .. } => (excluding.clone(), *from),
            Limit::EndOfDay { of, .. } => (Excluding::default(), *of),
        };
        let start = moment(facts.value(from));
        let mut ends = Vec::new();
        for (reading, calendar, safe) in calendars(corpus, &excluding) {
            let excluded = excluded(&excluding, calendar);
            let mut made = LimitEnd {
                reading: reading.to_owned(),
                end: None,
                clock_change_minutes: 0,
                safe,
                not_covered: None,
            };
            if let Some(start) = start {
                match end_of(limit, start, &excluded) {
                    Ok(end) => {
                        made.end = Some(end);
                        let zone = self.zone(corpus);
                        made.clock_change_minutes = zone
                            .and_then(|z| counted_difference(start, end, &excluded, &z).ok())
                            .unwrap_or(0);
                    }
                    Err(words) => made.not_covered = Some(words),
                }
            }
            ends.push(made);
        }
        ends
    }

    /// Returns the duties that follow a request for this act, or a report that will count it.
    pub(crate) fn duties(&self, corpus: &Corpus, facts: &Facts) -> Vec<DutyOwed> {
        let mut owed = Vec::new();
        for open in &self.duties {
            let Some(duty) = corpus.duties.get(open.duty) else {
                continue;
            };
            let stopped = |fact: Option<FactId>| {
                fact.is_some_and(|fact| facts.value(fact) == Value::Bool(true))
            };
            if stopped(duty.unless) || stopped(duty.until) {
                continue;
            }
            let may_stop = [duty.unless, duty.until].into_iter().flatten();
            let runs_on = may_stop.into_iter().all(|fact| facts.value(fact).is_known());
            if let Some(certain) = self.duty_holds(corpus, open, facts) {
                let mut told = open.told.clone();
                told.certain = certain && runs_on;
                if !certain {
                    told.readings = self.duty_readings(corpus, open, facts);
                }
                if let (None, Some(deadline)) = (told.by, &duty.deadline) {
                    told.by = self.due_from_event(corpus, deadline, facts);
                }
                owed.push(told);
            }
        }
        owed
    }

    /// None: not owed; else whether it is owed whatever is unknown.
    fn duty_holds(&self, corpus: &Corpus, open: &OpenDuty, facts: &Facts) -> Option<bool> {
        let Some((space, guard)) = &open.when else {
            return Some(true);
        };
        match space.truth(*guard, &self.allowed_in(corpus, space, facts)) {
            Some(false) => None,
            Some(true) => Some(true),
            None => Some(false),
        }
    }

    fn allowed_in(&self, corpus: &Corpus, space: &Space, facts: &Facts) -> Vec<Allowed> {
        let context = self.context(corpus);
        let values = FactValues { facts, on: self.scope.at.on };
        space.atoms.iter().map(|atom| context.allowed(atom, &values)).collect()
    }

    /// Returns whether a duty is owed under each reading of the points that make a difference.
    fn duty_readings(&self, corpus: &Corpus, open: &OpenDuty, facts: &Facts) -> Vec<DutyReading> {
        let Some((space, guard)) = &open.when else {
            return Vec::new();
        };
        let allowed = self.allowed_in(corpus, space, facts);
        let mut shown = Vec::new();
        for (at, atom) in space.atoms.iter().enumerate() {
            let Atom::Reading(id, count) = atom else {
                continue;
            };
            let under = |reading: usize| {
                let mut allowed = allowed.clone();
                allowed.iter_mut().skip(at).take(1).for_each(|only| *only = 1 << reading);
                space.truth(*guard, &allowed)
            };
            let owed: Vec<Option<bool>> = (0..*count).map(under).collect();
            if owed.windows(2).all(|pair| matches!(pair, [a, b] if a == b)) {
                continue;
            }
            let safe = corpus.unsettled.get(id.index()).and_then(|point| point.safe);
            for (reading, (number, owed)) in (0u16..).zip(owed.into_iter().enumerate()) {
                let taken = taken_reading(corpus, *id, reading);
                let safe = safe == Some(number);
                shown.extend(taken.map(|taken| DutyReading { taken, owed, safe }));
            }
        }
        shown
    }

    fn due_from_event(&self, corpus: &Corpus, deadline: &Deadline, facts: &Facts) -> Option<Due> {
        let start = |event: &Event| match event {
            Event::Fact(fact) => Some(facts.value(*fact)),
            Event::Done(_) => None,
        };
        match deadline {
            Deadline::WithinHours { count, event, excluding } => {
                let calendar = safe_calendar(corpus, excluding);
                let from = moment(start(event)?)?;
                hours_after(from, *count, &excluded(excluding, calendar)).ok().map(Due::Moment)
            }
            Deadline::WithinDays { count, working, event, excluding } => {
                let calendar = safe_calendar(corpus, excluding);
                let from = day_of(start(event)?)?;
                let day = match working {
                    true => working_days_after(from, *count, calendar),
                    false => days_after(from, *count, &excluded(excluding, calendar)),
                };
                day.ok().map(Due::Day)
            }
            Deadline::AtLeastHoursBefore { count, event } => {
                moment(start(event)?).map(|from| Due::Moment(hours_before(from, *count)))
            }
            Deadline::AtLeastDaysBefore { count, event } => {
                let from = day_of(start(event)?)?;
                Some(Due::Day(from.plus_days(-i32::try_from(*count).unwrap_or(0))))
            }
            _ => None,
        }
    }

    fn answers_within(&self, allowed: &[Allowed]) -> Vec<&Answer> {
        let payloads = self.space.ends(self.root, allowed);
        payloads.into_iter().filter(|p| *p != 0).map(|p| self.answers.get(p)).collect()
    }
}

/// A duty that may follow, as far as it can be told before any fact is known.
pub(crate) struct OpenDuty {
    /// Its place in the corpus.
    duty: usize,
    /// Where it is owed; none: always.
    when: Option<(Space, NodeId)>,
    /// As it is told, but for what starts it.
    told: DutyOwed,
}

/// When a duty is due, the window of its report, and whether it recurs.
type Calendared = (Option<Due>, Option<(Day, Day)>, bool);

impl Law {
    /// The duties that may follow: the place of each, and where it is owed; none: always.
    pub(super) fn open_duties(&self) -> impl Iterator<Item = (usize, Option<&Space>)> {
        self.duties.iter().map(|it| (it.duty, it.when.as_ref().map(|(space, _)| space)))
    }
}

impl OpenDuty {
    /// Returns the duties that bind the agency of a scope and can follow its act.
    pub(crate) fn all(corpus: &Corpus, scope: Scope, members: &Members) -> Vec<Self> {
        let binds = |duty: &Duty| {
            let bound = duty.agencies.contains(&scope.agency)
                && (duty.on.is_empty() || duty.on.contains(&scope.act));
            bound
                && corpus.provisions.get(duty.provision.index()).is_some_and(|provision| {
                    in_stack(corpus, scope.jurisdiction, provision.pack)
                        && provision.validity.applies(scope.at, scope.agency, scope.act)
                })
        };
        let context = Context { corpus, members };
        let duties = corpus.duties.iter().enumerate().filter(|(_, duty)| binds(duty));
        duties.filter_map(|(index, duty)| Self::of(&context, scope, (index, duty))).collect()
    }

    fn of(context: &Context<'_>, scope: Scope, (index, duty): (usize, &Duty)) -> Option<Self> {
        let corpus = context.corpus;
        let when = match Lowering::new(corpus, scope).formula(&duty.condition) {
            Formula::Const(false) => return None,
            Formula::Const(true) => None,
            formula => {
                let mut space = Space::of(context, &[&formula], NODE_COUNT_MAX).ok()?;
                let guard = space.guard(&formula).ok()?;
                space.flatten(&[guard]);
                Some((space, guard))
            }
        };
        let provision = corpus.provisions.get(duty.provision.index())?;
        let (by, window, recurring) = calendared(duty, scope.at.on)?;
        let words: Vec<&str> = duty.acts.iter().map(|(_, words)| words.as_str()).collect();
        let contains = duty.contains.iter().map(|(marker, text)| {
            if marker.is_empty() { text.clone() } else { format!("{marker} {text}") }
        });
        let told = DutyOwed {
            name: duty.acts.first().map(|(name, _)| name.clone()).unwrap_or_default(),
            words: words.join(", or "),
            id: provision.id.clone(),
            citation: provision.citation.clone(),
            when: when_words(corpus, duty),
            by,
            window,
            to: duty.to.iter().map(|to| sentence::spaced(to)).collect(),
            contains: contains.collect(),
            certain: true,
            mark: provision.mark,
            partial: provision.partial.is_some(),
            recurring,
            after_act: begun_by(duty)
                .and_then(|act| corpus.acts.get(act.index()))
                .map(|act| act.name.clone()),
            readings: Vec::new(),
        };
        Some(Self { duty: index, when, told })
    }
}

/// The act with whose doing a duty begins.
fn begun_by(duty: &Duty) -> Option<ActId> {
    let from = match &duty.deadline {
        Some(Deadline::WithinHours { event, .. } | Deadline::WithinDays { event, .. }) => {
            Some(*event)
        }
        _ => None,
    };
    match duty.after.or(from) {
        Some(Event::Done(act)) => Some(act),
        _ => None,
    }
}

/// What the calendar alone says of a duty; none when no report will count the request any more.
fn calendared(duty: &Duty, on: Day) -> Option<Calendared> {
    let deadline = match &duty.deadline {
        None | Some(Deadline::OpenTextured(_)) => return Some((None, None, false)),
        Some(Deadline::By(day)) => return Some((Some(Due::Day(*day)), None, false)),
        Some(deadline) => deadline,
    };
    let Some(recurrence) = recurrence(deadline) else {
        return Some((None, None, false));
    };
    let window = duty.covering.and_then(|(months, month, day)| {
        Some(Window { months, ending: MonthDay::new(month, day)? })
    });
    let schedule = Schedule { recurrence, window };
    // A recurring duty that names no window counts no request; it is simply due next.
    let found = match schedule.next_due(on) {
        Some(due) if due.window.is_none() => due,
        _ => schedule.due_covering(on)?,
    };
    Some((Some(Due::Day(found.due)), found.window, true))
}

fn moment(value: Value) -> Option<Moment> {
    match value {
        Value::Moment(moment) => Some(moment),
        _ => None,
    }
}

fn calendars<'c>(corpus: &'c Corpus, excluding: &Excluding) -> Calendars<'c> {
    let entry = excluding.calendar.and_then(|id| corpus.calendars.get(id.index()));
    match entry {
        None => vec![("", None, true)],
        Some(entry) if entry.readings.len() == 1 => {
            entry.readings.iter().map(|(_, calendar)| ("", Some(calendar), true)).collect()
        }
        Some(entry) => entry
            .readings
            .iter()
            .enumerate()
            .map(|(index, (words, calendar))| (words.as_str(), Some(calendar), index == entry.safe))
            .collect(),
    }
}

fn safe_calendar<'c>(corpus: &'c Corpus, excluding: &Excluding) -> Option<&'c Calendar> {
    let found = calendars(corpus, excluding).into_iter().find(|(_, _, safe)| *safe);
    found.and_then(|(_, calendar, _)| calendar)
}

fn excluded<'c>(excluding: &Excluding, calendar: Option<&'c Calendar>) -> Excluded<'c> {
    Excluded { saturdays: excluding.saturdays, sundays: excluding.sundays, calendar }
}

fn end_of(limit: &Limit, start: Moment, excluded: &Excluded<'_>) -> Result<Moment, String> {
    let made = match limit {
        Limit::AtMostHours { count, .. } => hours_after(start, *count, excluded),
        Limit::AtMostDays { count, .. } => {
            days_after(start.day(), *count, excluded).map(|day| Moment::at(day, start.time()))
        }
        Limit::EndOfDay { minute, .. } => {
            let text = format!("{:02}:{:02}", minute / 60, minute % 60);
            Ok(end_of_day(start, TimeOfDay::parse(&text).unwrap_or(TimeOfDay::MIDNIGHT)))
        }
    };
    made.map_err(|gap| gap.to_string())
}

fn recurrence(deadline: &Deadline) -> Option<Recurrence> {
    match deadline {
        Deadline::Yearly { month, day, every_years, from_year, until_year } => {
            Some(Recurrence::YearlyBy {
                on: MonthDay::new(*month, *day)?,
                every_years: *every_years,
                from_year: *from_year,
                until_year: *until_year,
            })
        }
        Deadline::EachYear => Some(Recurrence::Yearly),
        Deadline::Quarterly => Some(Recurrence::Quarterly),
        Deadline::Monthly => Some(Recurrence::Monthly),
        _ => None,
    }
}

fn month_day(month: u8, day: u8) -> String {
    MonthDay::new(month, day).map(|day| day.to_string()).unwrap_or_default()
}

fn when_words(corpus: &Corpus, duty: &Duty) -> String {
    let event = |event: &Event| match event {
        Event::Fact(fact) => sentence::name(corpus, Operand::Fact(*fact)),
        Event::Done(act) => format!("the agency does this: {}", sentence::act(corpus, *act)),
    };
    let mut text = match &duty.deadline {
        None => String::new(),
        Some(Deadline::OpenTextured(words)) => words.clone(),
        Some(Deadline::By(day)) => format!("by {day}"),
        Some(Deadline::EachYear) => "each year".to_owned(),
        Some(Deadline::Quarterly) => "each quarter".to_owned(),
        Some(Deadline::Monthly) => "each month".to_owned(),
        Some(Deadline::Yearly { month, day, every_years: 0 | 1, .. }) => {
            format!("by {} each year", month_day(*month, *day))
        }
        Some(Deadline::Yearly { month, day, every_years, .. }) => {
            format!("by {} every {every_years} years", month_day(*month, *day))
        }
        Some(Deadline::WithinHours { count, event: from, excluding }) => {
            let but = sentence::excluding_words(corpus, excluding);
            format!("within {count} hours of {}{but}", event(from))
        }
        Some(Deadline::WithinDays { count, working, event: from, excluding }) => {
            let but = sentence::excluding_words(corpus, excluding);
            let unit = if *working { "working days" } else { "days" };
            format!("within {count} {unit} of {}{but}", event(from))
        }
        Some(Deadline::AtLeastHoursBefore { count, event: to }) => {
            format!("at least {count} hours before {}", event(to))
        }
        Some(Deadline::AtLeastDaysBefore { count, event: to }) => {
            format!("at least {count} days before {}", event(to))
        }
    };
    if let Some(after) = &duty.after {
        let gap = if text.is_empty() { "" } else { ", " };
        text = format!("{text}{gap}after {}", event(after));
    }
    text
}
