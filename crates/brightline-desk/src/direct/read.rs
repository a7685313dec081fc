//! The text of a request read straight into typed facts.
//!
//! Each step does what intake does where nothing is wrong, and gives none where something is.

use brightline_law::clock::{Day, Moment};
use brightline_law::facts::{Facts, Given, List, Listed, Value};
use brightline_law::ir::{ActId, AgencyId, AsKnown, Corpus, Fact, FactId, Kind, PaperId, RecordId};

use super::Direct;
use super::index::{Index, Known, bit};
use super::names::{Meant, Order};
use super::scan::{Next, Scan};
use crate::intake::{NUMBER_MAX, ROWS_MAX, Taken, add_new};
use crate::request::UNKNOWN_REASONS;

/// What is used again from one request to the next, so that nothing is allocated.
#[derive(Default)]
pub(super) struct Scratch {
    /// What was given and what the papers settle; nothing between requests.
    pub(super) facts: Facts,
    pub(super) acts: Vec<ActId>,
    given: Vec<(FactId, Value)>,
    lists: Vec<RecordId>,
    papers: Option<Vec<PaperId>>,
    settled: Vec<FactId>,
    /// By fact: it was given.
    is_given: Vec<bool>,
    rows: Vec<Vec<Value>>,
    /// What the reader should know of the request.
    pub(super) notes: Vec<String>,
    facts_order: Order,
    fields_order: Order,
}

/// What a request asks, but for its acts and facts.
pub(super) struct Asked<'d, 't> {
    pub(super) index: &'d Index,
    pub(super) agency: AgencyId,
    pub(super) at: AsKnown,
    /// The days as written.
    pub(super) on: &'t str,
    pub(super) known_on: Option<&'t str>,
}

impl Scratch {
    /// Forgets the last request.
    pub(super) fn clear(&mut self, corpus: &Corpus) {
        if self.facts.values.len() != corpus.facts.len()
            || self.facts.lists.len() != corpus.records.len()
        {
            *self = Self { facts: Facts::unknown(corpus), ..Self::default() };
            self.is_given.resize(corpus.facts.len(), false);
        }
        for (fact, _) in self.given.drain(..) {
            self.facts.set(fact, Value::Unknown);
            if let Some(is_given) = self.is_given.get_mut(fact.index()) {
                *is_given = false;
            }
        }
        for fact in self.settled.drain(..) {
            self.facts.set(fact, Value::Unknown);
        }
        for record in self.lists.drain(..) {
            if let Some(list) = self.facts.lists.get_mut(record.index()) {
                list.listed = Listed::Unknown;
                self.rows.append(&mut list.rows);
            }
        }
        self.rows.truncate(ROWS_MAX);
        self.papers = None;
        self.acts.clear();
        self.notes.clear();
    }

    /// Returns the request as intake gives it.
    pub(super) fn taken(&self, asked: &Asked<'_, '_>) -> Taken {
        let list = |record: &RecordId| Some((*record, self.facts.list(*record)?.clone()));
        Taken {
            jurisdiction: asked.index.pack,
            agency: asked.agency,
            at: asked.at,
            policy: None,
            acts: self.acts.clone(),
            given: Given {
                papers: self.papers.clone(),
                facts: self.given.clone(),
                lists: self.lists.iter().filter_map(list).collect(),
            },
            facts: self.facts.clone(),
            notes: self.notes.clone(),
        }
    }
}

/// A request being read.
struct Reader<'d, 't, 's> {
    scan: Scan<'t>,
    direct: &'d Direct,
    corpus: &'d Corpus,
    scratch: &'s mut Scratch,
}

/// Reads a request into an empty scratch.
pub(super) fn read<'d, 't>(
    direct: &'d Direct,
    corpus: &'d Corpus,
    text: &'t str,
    index_of: impl Fn(&[u8]) -> Option<&'d Index>,
    scratch: &mut Scratch,
) -> Option<Asked<'d, 't>> {
    let mut reader = Reader { scan: Scan::new(text), direct, corpus, scratch };
    let (mut index, mut agency) = (None, None);
    let (mut on, mut known_on) = (None, None);
    let (mut has_acts, mut has_facts) = (false, false);
    reader.scan.take(b'{')?;
    let mut is_first = true;
    while let Next::Key(key) = reader.scan.next_key(&mut is_first)? {
        match key {
            b"jurisdiction" if index.is_none() => index = Some(index_of(reader.scan.name()?)?),
            b"agency" if agency.is_none() => {
                agency = Some(*index?.agencies.get(reader.scan.name()?)?);
            }
            b"on" if on.is_none() => on = Some(reader.day()?),
            b"known_on" if known_on.is_none() => known_on = Some(reader.day()?),
            b"papers" if reader.scratch.papers.is_none() => reader.papers(index?)?,
            b"acts" if !std::mem::replace(&mut has_acts, true) => reader.acts(index?)?,
            b"facts" if !std::mem::replace(&mut has_facts, true) => reader.facts(index?, on?.1)?,
            _ => return None,
        }
    }
    reader.scan.end()?;
    let (index, (on, day)) = (index?, on?);
    if day < index.recorded_from {
        return None;
    }
    if !has_acts {
        reader.acts_of_papers(index);
    }
    if reader.scratch.acts.is_empty() {
        return None;
    }
    reader.settle_by_papers(index)?;
    let known = known_on.map_or(Day::MAX, |(_, day)| day);
    let at = AsKnown { on: day, known };
    Some(Asked { index, agency: agency?, at, on, known_on: known_on.map(|(text, _)| text) })
}

impl<'t> Reader<'_, 't, '_> {
    fn day(&mut self) -> Option<(&'t str, Day)> {
        let text = self.scan.text()?;
        Some((text, Day::parse(text).ok()?))
    }

    fn papers(&mut self, index: &Index) -> Option<()> {
        let mut papers = Vec::new();
        self.scan.take(b'[')?;
        let mut is_first = true;
        while self.scan.next_element(&mut is_first)? {
            papers.push(*index.papers.get(self.scan.name()?)?);
        }
        self.scratch.papers = Some(papers);
        Some(())
    }

    fn acts(&mut self, index: &Index) -> Option<()> {
        self.scan.take(b'[')?;
        let mut is_first = true;
        while self.scan.next_element(&mut is_first)? {
            add_new(&mut self.scratch.acts, index.acts.get(self.scan.name()?)?);
        }
        Some(())
    }

    fn acts_of_papers(&mut self, index: &Index) {
        for paper in self.scratch.papers.iter().flatten() {
            let asked = index.asked_by.get(paper.index());
            add_new(&mut self.scratch.acts, asked.map_or(&[], Vec::as_slice));
        }
    }

    /// As [`Given::facts`] does; none where the papers contradict what was given.
    fn settle_by_papers(&mut self, index: &Index) -> Option<()> {
        let Some(papers) = &self.scratch.papers else {
            return Some(());
        };
        let papers = papers.iter().fold(0, |set, paper| set | bit(*paper));
        for settled in &index.settled {
            let by_papers = settled.yes_with & papers != 0;
            if !by_papers && settled.open_with & papers != 0 {
                continue;
            }
            match self.scratch.facts.value(settled.fact) {
                Value::Unknown => {
                    self.scratch.facts.set(settled.fact, Value::Bool(by_papers));
                    self.scratch.settled.push(settled.fact);
                }
                Value::Bool(given) if given != by_papers => return None,
                _ => {}
            }
        }
        Some(())
    }

    fn facts(&mut self, index: &Index, on: Day) -> Option<()> {
        self.scan.take(b'{')?;
        let mut is_first = true;
        self.scratch.facts_order.rewind();
        loop {
            let order = &mut self.scratch.facts_order;
            let Meant::Key(known) = index.facts.next_key(&mut self.scan, &mut is_first, order)?
            else {
                return Some(());
            };
            match *known {
                Known::Fact(id) => {
                    let is_given = self.scratch.is_given.get_mut(id.index())?;
                    if std::mem::replace(is_given, true) {
                        return None;
                    }
                    // Noted before its value is read, so that it is forgotten whatever comes.
                    self.scratch.given.push((id, Value::Unknown));
                    let fact = self.corpus.facts.get(id.index())?;
                    let value = self.answer(index, fact)?;
                    self.scratch.facts.set(id, value);
                    self.scratch.given.last_mut()?.1 = value;
                }
                Known::List(id) => self.list(index, id, on)?,
            }
        }
    }

    /// A value, bare or in its wrapping.
    fn answer(&mut self, index: &Index, fact: &Fact) -> Option<Value> {
        if self.scan.peek()? != b'{' {
            return if fact.finding { None } else { self.value(&fact.kind) };
        }
        self.scan.take(b'{')?;
        let (mut value, mut by, mut reason) = (None, None, None);
        let mut is_first = true;
        while let Next::Key(key) = self.scan.next_key(&mut is_first)? {
            match key {
                b"value" if value.is_none() => value = Some(self.value(&fact.kind)?),
                b"by" if by.is_none() => {
                    let role = *index.roles.get(self.scan.name()?)?;
                    let may_find = fact.found_by.is_empty() || fact.found_by.contains(&role);
                    by = Some(may_find.then_some(role)?);
                }
                b"reason" if reason.is_none() => {
                    let text = self.scan.string()?;
                    reason = Some(text.bytes().next().filter(u8::is_ascii_graphic)?);
                }
                b"unknown" if value.is_none() && by.is_none() && reason.is_none() => {
                    self.unknown()?;
                    return Some(Value::Unknown);
                }
                _ => return None,
            }
        }
        let is_weighed = by.is_some() && reason.is_some();
        if fact.finding && !is_weighed { None } else { value }
    }

    /// The reason of what is unknown, and the end of its wrapping.
    fn unknown(&mut self) -> Option<()> {
        let reason = self.scan.text()?;
        UNKNOWN_REASONS.contains(&reason).then_some(())?;
        self.scan.take(b'}')
    }

    fn value(&mut self, kind: &Kind) -> Option<Value> {
        Some(match kind {
            Kind::YesNo => Value::Bool(self.scan.boolean()?),
            Kind::OneOf(choices) => {
                let text = self.scan.string()?;
                let at = choices.iter().position(|(name, _)| name == text)?;
                Value::Choice(u16::try_from(at).ok()?)
            }
            Kind::Date => Value::Day(self.day()?.1),
            Kind::Time => Value::Moment(Moment::parse(self.scan.text()?).ok()?),
            Kind::Number { .. } => {
                Value::Number(self.scan.number().filter(|number| *number <= NUMBER_MAX)?)
            }
            Kind::Offense => {
                let named = self.direct.offenses(self.corpus)?;
                let found = named.find(self.corpus, self.scan.text()?)?;
                self.scratch.notes.extend(found.notes.iter().cloned());
                Value::Offense(found.offense)
            }
        })
    }

    fn list(&mut self, index: &Index, id: RecordId, on: Day) -> Option<()> {
        if self.scratch.lists.contains(&id) {
            return None;
        }
        self.scratch.lists.push(id);
        let mut listed = Listed::Whole;
        if self.scan.peek()? == b'{' {
            self.scan.take(b'{')?;
            match self.scan.next_key(&mut true)? {
                Next::Key(b"known") => listed = Listed::Partly,
                Next::Key(b"unknown") => return self.unknown(),
                _ => return None,
            }
        }
        self.scan.take(b'[')?;
        let mut is_first = true;
        while self.scan.next_element(&mut is_first)? {
            self.row(index, id, on)?;
        }
        if listed == Listed::Partly {
            self.scan.take(b'}')?;
        }
        let list = self.list_mut(id)?;
        list.listed = listed;
        (list.rows.len() <= ROWS_MAX).then_some(())
    }

    fn list_mut(&mut self, id: RecordId) -> Option<&mut List> {
        self.scratch.facts.lists.get_mut(id.index())
    }

    fn row(&mut self, index: &Index, id: RecordId, on: Day) -> Option<()> {
        let record = self.corpus.records.get(id.index())?;
        let places = index.fields.get(id.index())?;
        let mut row = self.scratch.rows.pop().unwrap_or_default();
        row.clear();
        row.resize(record.fields.len(), Value::Unknown);
        let mut seen = 0u64;
        self.scan.take(b'{')?;
        let mut is_first = true;
        self.scratch.fields_order.rewind();
        loop {
            let order = &mut self.scratch.fields_order;
            let Meant::Key(at) = places.next_key(&mut self.scan, &mut is_first, order)? else {
                break;
            };
            let at = *at;
            if seen >> at & 1 == 1 {
                return None;
            }
            seen |= 1 << at;
            let value = self.answer(index, record.fields.get(at)?)?;
            let is_later = match value {
                Value::Day(day) => on < day,
                Value::Moment(moment) => on < moment.day(),
                _ => false,
            };
            if is_later {
                return None;
            }
            *row.get_mut(at)? = value;
        }
        self.list_mut(id)?.rows.push(row);
        Some(())
    }
}
