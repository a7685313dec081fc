//! Calendars: lists of days, made of others, or unsettled.

use std::collections::BTreeSet;

use super::names::{Space, Target};
use super::vocabulary::words;
use super::{Entry, Resolver, id};
use crate::clock::{Calendar, Day};
use crate::diagnostic::Diagnostic;
use crate::ir::{CalendarEntry, CalendarId, PackId};
use crate::syntax::ast::{self, CalendarSource, Item, Spelled};

impl Resolver<'_> {
    /// Reads the calendars, then those that are made of others, then the unsettled ones.
    pub(super) fn calendars(&mut self, entries: &[Entry<'_>]) {
        let mut written: Vec<Option<(PackId, &ast::Calendar)>> = Vec::new();
        for entry in entries {
            match entry.item {
                Item::Calendar(item) => {
                    let words = words(&item.name, item.words.as_ref());
                    if self.declare_calendar(entry.pack, &item.name, words, None) {
                        written.push(Some((entry.pack, item)));
                    }
                }
                Item::Unsettled(point) if point.calendar => {
                    let question = point.question.as_ref();
                    let words = words(&point.name, question);
                    if self.declare_calendar(entry.pack, &point.name, words, Some(point)) {
                        written.push(None);
                    }
                }
                _ => {}
            }
        }
        for index in 0..written.len() {
            self.days_of(index, &written, &mut BTreeSet::new());
        }
        for entry in entries {
            if let Item::Unsettled(point) = entry.item
                && point.calendar
            {
                self.unsettled_calendar(entry.pack, point);
            }
        }
    }

    fn declare_calendar(
        &mut self,
        pack: PackId,
        name: &Spelled,
        words: String,
        point: Option<&ast::Unsettled>,
    ) -> bool {
        let calendar = CalendarId(id(self.corpus.calendars.len()));
        let free = self.declare(pack, Space::Calendar, name, Target::Calendar(calendar));
        if free {
            let text = |said: &Spelled| said.text.clone();
            self.corpus.calendars.push(CalendarEntry {
                pack,
                name: name.text.clone(),
                words,
                readings: Vec::new(),
                safe: 0,
                question: point.map(|point| point.question.as_ref().map_or_else(String::new, text)),
                because: point.and_then(|point| point.because.as_ref()).map(text),
                span: name.span,
            });
        }
        free
    }

    /// Returns the days of a calendar, reading them when they were not read yet.
    fn days_of(
        &mut self,
        index: usize,
        written: &[Option<(PackId, &ast::Calendar)>],
        open: &mut BTreeSet<usize>,
    ) -> Option<Calendar> {
        if let Some((_, calendar)) = self.corpus.calendars.get(index)?.readings.first() {
            return Some(calendar.clone());
        }
        let (pack, item) = (*written.get(index)?)?;
        if !open.insert(index) {
            let message = format!("the calendar `{}` is made of itself", item.name.text);
            self.error("L130", item.name.span, message);
            return None;
        }
        let title = words(&item.name, item.words.as_ref());
        let calendar = match &item.source {
            CalendarSource::File(file) => self.listed_days(pack, item, file),
            CalendarSource::Both(left, right) => {
                let left = self.part_of(pack, left, written, open)?;
                let right = self.part_of(pack, right, written, open)?;
                Some(left.intersection(&right, &item.name.text, &title))
            }
            CalendarSource::Either(left, right) => {
                let left = self.part_of(pack, left, written, open)?;
                let right = self.part_of(pack, right, written, open)?;
                Some(left.union(&right, &item.name.text, &title))
            }
        }?;
        if let Some(entry) = self.corpus.calendars.get_mut(index) {
            entry.readings.push((title, calendar.clone()));
        }
        Some(calendar)
    }

    fn part_of(
        &mut self,
        pack: PackId,
        name: &Spelled,
        written: &[Option<(PackId, &ast::Calendar)>],
        open: &mut BTreeSet<usize>,
    ) -> Option<Calendar> {
        let found = self.look_up(pack, Space::Calendar, name)?;
        let Target::Calendar(calendar) = found.target else {
            return None;
        };
        if written.get(calendar.index()).is_some_and(Option::is_none) {
            let message = format!("`{}` is unsettled: no calendar can be made of it", name.text);
            let diagnostic = Diagnostic::error("L130", name.span, message);
            self.report(diagnostic.also(found.span, "declared here"));
            return None;
        }
        self.days_of(calendar.index(), written, open)
    }

    fn listed_days(
        &mut self,
        pack: PackId,
        item: &ast::Calendar,
        file: &Spelled,
    ) -> Option<Calendar> {
        let source = self.csv(pack, file)?;
        let date = self.column(source, "date", file)?;
        let name = self.column(source, "name", file)?;
        let mut days = Vec::new();
        for (line, cells) in &source.rows {
            let text = cells.get(date).map_or("", |cell| cell.trim());
            match Day::parse(text) {
                Ok(day) => days.push((day, cells.get(name).cloned().unwrap_or_default())),
                Err(error) => {
                    let why = format!("has a bad day: {error}");
                    self.bad_row(&source.path, *line, &why, file);
                }
            }
        }
        let title = words(&item.name, item.words.as_ref());
        match Calendar::from_list(&item.name.text, &title, days) {
            Ok(calendar) => Some(calendar),
            Err(error) => {
                self.error("L129", file.span, error.to_string());
                None
            }
        }
    }

    fn unsettled_calendar(&mut self, pack: PackId, point: &ast::Unsettled) {
        let own = self.names.own(pack, Space::Calendar, &point.name.text, None);
        let Some(Target::Calendar(calendar)) =
            own.filter(|own| own.span == point.name.span).map(|own| own.target)
        else {
            return;
        };
        let mut readings = Vec::new();
        for reading in &point.readings {
            let Some(name) = &reading.calendar else {
                continue;
            };
            let Some(found) = self.look_up(pack, Space::Calendar, name) else {
                continue;
            };
            let Target::Calendar(days) = found.target else {
                continue;
            };
            let entry = self.corpus.calendars.get(days.index());
            match entry.filter(|entry| entry.question.is_none()) {
                Some(entry) => {
                    let days = entry.readings.first().map(|(_, days)| days.clone());
                    let said = words(&reading.name, reading.words.as_ref());
                    readings.extend(days.map(|days| (said, days)));
                }
                None => self.wrong(name, found, "a settled calendar"),
            }
        }
        let safe = self.readings_and_safe(point);
        if let Some(entry) = self.corpus.calendars.get_mut(calendar.index()) {
            entry.safe = safe.unwrap_or(0).min(readings.len().saturating_sub(1));
            entry.readings = readings;
        }
    }
}
