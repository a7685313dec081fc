//! Every case put together again: bodies opened, commitments held against them, determinations
//! decided again. One task reads, threads work.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use sha2::{Digest, Sha256};
use sqlx::{Any, Row, Transaction};

use super::super::remains::{self, Remnant};
use super::super::summary::{SealedRow, Sealing, Summary, Tables, count};
use super::super::writer::{HOUSE, body_place};
use super::again::{self, Again};
use super::law::{self, Libraries, Provenance};
use super::{Audited, Sums, lists};
use crate::case::{CaseView, Entry, Event, House, OfficeRules};
use crate::error::Error;
use crate::seal::{Keys, NameIndex, SecretKey, Wrapped, key_place};

/// Entries read at a time.
const PAGE: i64 = 2000;
/// Threads that open and decide.
const WORKERS: usize = 2;
/// Batches of cases that wait for each thread.
const WAITING: usize = 4;
/// Where the key of the name index is kept among the keys of cases.
const NAMES: i64 = -1;

/// What is needed to put a case together.
pub(super) struct Work {
    pub(super) keys: Arc<Keys>,
    pub(super) libraries: Libraries,
    pub(super) rules: OfficeRules,
    pub(super) names: Option<NameIndex>,
}

/// The rows of one case.
struct CaseRows {
    id: i64,
    key: Option<Wrapped>,
    entries: Vec<EntryRow>,
}

struct EntryRow {
    position: i64,
    number: u64,
    kind: String,
    at: i64,
    commitment: Vec<u8>,
    body: Vec<u8>,
}

/// What a thread found.
#[derive(Default)]
struct Part {
    sums: Sums,
    counters: BTreeMap<String, i64>,
    cases: u64,
    determinations: u64,
    reworded: u64,
    faults: Vec<String>,
}

pub(super) async fn check(
    reading: &mut Transaction<'static, Any>,
    mut work: Work,
    found: &mut Audited,
) -> Result<(), Error> {
    match names(reading, &work.keys).await {
        Ok(names) => work.names = names,
        Err(error) => found.fault(format!("the key of the name index: {error}")),
    }
    if work.names.is_none() && found.entries > 0 {
        found.fault("the key of the name index is gone");
    }
    let mut pages = Pages { last: (i64::MIN, 0), rest: None };
    let mut told = Chronicle::default();
    let work = Arc::new(work);
    let mut waiting = Vec::new();
    if let Some(first) = pages.next(reading).await? {
        let (house, cases): (Vec<_>, Vec<_>) = first.into_iter().partition(|it| it.id == HOUSE);
        for rows in house {
            told.read(&work, &rows, found);
        }
        waiting = cases;
    }
    law::releases(reading, &told, found).await?;
    let sealed = Arc::new(told.sealed);
    found.sealed = sealed.len() as u64;
    let mut threads = Threads::start(&work, &sealed);
    threads.send(waiting);
    while let Some(batch) = pages.next(reading).await? {
        threads.send(batch);
    }
    let part = threads.finish();
    found.cases = part.cases;
    found.determinations = part.determinations;
    found.reworded = part.reworded;
    for fault in part.faults {
        found.fault(fault);
    }
    keys_without_case(reading, found).await?;
    counters(reading, part.counters, &sealed, found).await?;
    let whole = sealed.iter().filter(|(_, told)| told.left.is_empty());
    let whole: BTreeSet<i64> = whole.map(|(id, _)| *id).collect();
    lists::compare(reading, &whole, part.sums, found).await
}

async fn names(
    reading: &mut Transaction<'static, Any>,
    keys: &Keys,
) -> Result<Option<NameIndex>, Error> {
    let sql = "SELECT master, wrapped FROM keys WHERE case_id = $1";
    let row = sqlx::query(sql).bind(NAMES).fetch_optional(&mut **reading).await?;
    let Some(row) = row else { return Ok(None) };
    let wrapped = Wrapped { master: row.try_get(0)?, bytes: row.try_get(1)? };
    Ok(Some(NameIndex::new(&keys.unwrap(&key_place(NAMES), &wrapped)?)))
}

/// Pages of rows, cut between cases.
struct Pages {
    last: (i64, i64),
    rest: Option<CaseRows>,
}

impl Pages {
    /// Returns the next cases, whole; none at the end.
    async fn next(
        &mut self,
        reading: &mut Transaction<'static, Any>,
    ) -> Result<Option<Vec<CaseRows>>, Error> {
        let mut done = Vec::new();
        loop {
            let sql = "SELECT e.case_id, e.number, e.kind, e.at, e.commitment, e.body, \
                       k.master, k.wrapped, e.position FROM entries e \
                       LEFT JOIN keys k ON k.case_id = e.case_id \
                       WHERE (e.case_id, e.number) > ($1, $2) \
                       ORDER BY e.case_id, e.number LIMIT $3";
            let query = sqlx::query(sql).bind(self.last.0).bind(self.last.1).bind(PAGE);
            let rows = query.fetch_all(&mut **reading).await?;
            if rows.is_empty() {
                done.extend(self.rest.take());
                return Ok((!done.is_empty()).then_some(done));
            }
            for row in rows {
                let (id, number): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
                self.last = (id, number);
                let entry = EntryRow {
                    position: row.try_get(8)?,
                    number: number.unsigned_abs(),
                    kind: row.try_get(2)?,
                    at: row.try_get(3)?,
                    commitment: row.try_get(4)?,
                    body: row.try_get(5)?,
                };
                if self.rest.as_ref().is_some_and(|it| it.id != id) {
                    done.extend(self.rest.take());
                }
                let key = match row.try_get::<Option<String>, _>(6)? {
                    Some(master) => Some(Wrapped { master, bytes: row.try_get(7)? }),
                    None => None,
                };
                let rest =
                    self.rest.get_or_insert_with(|| CaseRows { id, key, entries: Vec::new() });
                rest.entries.push(entry);
            }
            if !done.is_empty() {
                return Ok(Some(done));
            }
        }
    }
}

/// The threads, each with its queue.
struct Threads {
    queues: Vec<SyncSender<Vec<CaseRows>>>,
    parts: Arc<Mutex<Vec<Part>>>,
    threads: Vec<thread::JoinHandle<()>>,
    next: usize,
}

impl Threads {
    fn start(work: &Arc<Work>, sealed: &Arc<BTreeMap<i64, Sealing>>) -> Self {
        let mut started = Self {
            queues: Vec::new(),
            parts: Arc::new(Mutex::new(Vec::new())),
            threads: Vec::new(),
            next: 0,
        };
        for _ in 0..WORKERS {
            let (queue, waiting) = sync_channel(WAITING);
            let (work, sealed) = (Arc::clone(work), Arc::clone(sealed));
            let parts = Arc::clone(&started.parts);
            started.queues.push(queue);
            started.threads.push(thread::spawn(move || {
                let part = work_off(&work, &sealed, &waiting);
                parts.lock().unwrap_or_else(PoisonError::into_inner).push(part);
            }));
        }
        started
    }

    fn send(&mut self, batch: Vec<CaseRows>) {
        self.next = (self.next + 1) % WORKERS;
        if let Some(queue) = self.queues.get(self.next) {
            // A thread ends before its queue only when it panics; its part is missing then.
            let _ = queue.send(batch);
        }
    }

    fn finish(self) -> Part {
        drop(self.queues);
        let mut whole = Part::default();
        for thread in self.threads {
            if thread.join().is_err() {
                whole.faults.push("a part of the audit stopped".to_owned());
            }
        }
        let parts = std::mem::take(&mut *self.parts.lock().unwrap_or_else(PoisonError::into_inner));
        for part in parts {
            whole.sums.extend(part.sums);
            for (name, next) in part.counters {
                let known = whole.counters.entry(name).or_default();
                *known = next.max(*known);
            }
            whole.cases += part.cases;
            whole.determinations += part.determinations;
            whole.reworded += part.reworded;
            whole.faults.extend(part.faults);
        }
        whole.faults.sort();
        whole
    }
}

fn work_off(
    work: &Work,
    sealed: &BTreeMap<i64, Sealing>,
    waiting: &Receiver<Vec<CaseRows>>,
) -> Part {
    let mut part = Part::default();
    for rows in waiting.iter().flatten() {
        let id = rows.id;
        match (&rows.key, sealed.get(&id)) {
            (None, Some(told)) => {
                count_reference(&mut part, &told.reference);
                if !told.left.is_empty() {
                    sealed_case(&rows, told, &mut part);
                }
            }
            (None, None) => {
                part.faults
                    .push(format!("the key of the case {id} is gone, and no order sealed it"));
            }
            (Some(_), Some(_)) => {
                part.faults.push(format!("the case {id} was sealed, and its key is there"));
            }
            (Some(_), None) => {
                if let Err(error) = one_case(work, &rows, &mut part) {
                    part.faults.push(format!("the case {id}: {error}"));
                }
            }
        }
    }
    part
}

/// What stays of a sealed case against what the chronicle tells of it.
fn sealed_case(rows: &CaseRows, told: &Sealing, part: &mut Part) {
    let id = rows.id;
    let remnant = |row: &EntryRow| Remnant {
        position: row.position,
        number: count(row.number),
        kind: row.kind.clone(),
        at: row.at,
        commitment: row.commitment.clone(),
    };
    let remnants: Vec<Remnant> = rows.entries.iter().map(remnant).collect();
    if remains::digest(&remnants) != told.left {
        part.faults.push(format!("the case {id}: what stays of it is not what was sealed"));
    }
    if rows.entries.iter().any(|row| !row.body.is_empty()) {
        part.faults.push(format!("the case {id} was sealed, and a body of it is there"));
    }
    let mut tables = Tables::default();
    tables.push_sealed(&SealedRow {
        id,
        told,
        entries: count(rows.entries.len() as u64),
        received_at: remnants.first().map_or(0, |it| it.at),
    });
    part.sums.insert(id, sum_of(&tables));
}

fn one_case(work: &Work, rows: &CaseRows, part: &mut Part) -> Result<(), Error> {
    let entries = open(&work.keys, rows)?;
    let begins = || Error::corrupt("a case begins with its receipt");
    let (first, rest) = entries.split_first().ok_or_else(begins)?;
    let mut view = CaseView::begin(first).ok_or_else(begins)?;
    let agency = view.agency();
    // What was stated since the last answer had to be right under the law of the next.
    let mut stated = BTreeSet::new();
    for entry in rest {
        if entry.case != first.case {
            let message = format!("its entry {} is of another case", entry.number);
            return Err(Error::corrupt(message));
        }
        match &entry.event {
            Event::FactsSet { facts } | Event::Corrected { facts, .. } => {
                stated.extend(facts.iter().map(|set| set.fact.as_str()));
            }
            Event::Determined { program, response, .. } => {
                part.determinations += 1;
                let recorded = (program.as_str(), &**response);
                let found = again::decide(&work.libraries, &view, &stated, recorded);
                let found = found.map_err(|error| {
                    Error::corrupt(format!("its entry {}: {error}", entry.number))
                })?;
                part.reworded += u64::from(found == Again::Reworded);
                stated.clear();
            }
            _ => {}
        }
        view.apply(entry);
    }
    part.cases += 1;
    count_reference(part, &first.case);
    add_lists(work, rows, &view, (&agency, &first.case), part);
    Ok(())
}

/// Opens the bodies of a case, each held against its commitment and its row.
fn open(keys: &Keys, rows: &CaseRows) -> Result<Vec<Entry>, Error> {
    let gone = || Error::corrupt("its key is gone");
    let wrapped = rows.key.as_ref().ok_or_else(gone)?;
    let key: SecretKey = keys.unwrap(&key_place(rows.id), wrapped)?;
    let mut entries = Vec::with_capacity(rows.entries.len());
    for (at, row) in rows.entries.iter().enumerate() {
        let number = at as u64 + 1;
        let wrong = |what: &str| Error::corrupt(format!("its entry {number} {what}"));
        if row.number != number {
            return Err(wrong("is missing"));
        }
        let body = key.open(&body_place(rows.id, number), &row.body)?;
        let commitment: [u8; 32] = Sha256::digest(body.as_slice()).into();
        if commitment.as_slice() != row.commitment {
            return Err(wrong("is not what the tree holds"));
        }
        let entry: Entry = serde_json::from_slice(&body).map_err(|_| wrong("cannot be read"))?;
        if (entry.number, entry.at) != (number, row.at) || entry.event.kind() != row.kind {
            return Err(wrong("is listed otherwise than it was written"));
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Adds the rows that lists must have for a case.
fn add_lists(
    work: &Work,
    rows: &CaseRows,
    view: &CaseView,
    (agency, reference): (&str, &str),
    part: &mut Part,
) {
    let summary = Summary::of(view, &work.rules, Vec::new());
    let mut tables = Tables::default();
    summary.rows(&mut tables, rows.id, reference, rows.entries.len() as u64);
    let mut sum = sum_of(&tables);
    let mut tokens = BTreeSet::new();
    if let (Some(index), Some(subject)) = (&work.names, &view.subject) {
        let numbers = subject.booking.iter().chain(&subject.file_number);
        for name in std::iter::once(&subject.name).chain(numbers) {
            tokens.extend(index.tokens(agency, name));
        }
    }
    for token in tokens {
        let row = [agency.into(), token.into(), rows.id.into()];
        sum = sum.wrapping_add(lists::digest("name_tokens", &row));
    }
    part.sums.insert(rows.id, sum);
}

fn sum_of(tables: &Tables) -> u128 {
    let digests = tables.lists().map(|(name, row)| lists::digest(name, row));
    digests.fold(0, u128::wrapping_add)
}

/// What the chronicle of the house tells.
#[derive(Default)]
pub(super) struct Chronicle {
    /// The sealed cases, by id.
    sealed: BTreeMap<i64, Sealing>,
    /// By digest.
    pub(super) releases: BTreeMap<String, Provenance>,
}

impl Chronicle {
    fn read(&mut self, work: &Work, rows: &CaseRows, found: &mut Audited) {
        match open(&work.keys, rows) {
            Ok(entries) => entries.into_iter().for_each(|entry| self.add(entry)),
            Err(error) => found.fault(format!("the chronicle of the house: {error}")),
        }
    }

    fn add(&mut self, entry: Entry) {
        self.sealed.extend(Sealing::of(&entry.event, entry.at));
        let published = self.releases.values().map(|it| it.number).max().unwrap_or_default();
        match entry.event {
            Event::House(House::ReleaseProposed { digest, .. }) => {
                let (author, person) = (entry.by.account, entry.by.person);
                let told = Provenance { author, person, ..Provenance::default() };
                self.releases.entry(digest).or_insert(told);
            }
            Event::House(House::ReleasePublished { digest, signature, at, .. }) => {
                let told = self.releases.entry(digest).or_default();
                told.publisher = entry.by.account;
                told.signature = signature;
                told.number = published + 1;
                told.published_at = at;
            }
            _ => {}
        }
    }
}

/// Remembers that the number of a reference is taken.
fn count_reference(part: &mut Part, reference: &str) {
    let Some((name, number)) = reference.rsplit_once('-') else { return };
    let Ok(number) = number.parse::<i64>() else { return };
    let next = part.counters.entry(name.to_owned()).or_default();
    *next = number.saturating_add(1).max(*next);
}

async fn counters(
    reading: &mut Transaction<'static, Any>,
    mut expected: BTreeMap<String, i64>,
    sealed: &BTreeMap<i64, Sealing>,
    found: &mut Audited,
) -> Result<(), Error> {
    let mut part = Part::default();
    sealed.values().for_each(|told| count_reference(&mut part, &told.reference));
    for (name, next) in part.counters {
        let known = expected.entry(name).or_default();
        *known = next.max(*known);
    }
    let mut kept = BTreeMap::new();
    for row in sqlx::query("SELECT name, next FROM counters").fetch_all(&mut **reading).await? {
        kept.insert(row.try_get::<String, _>(0)?, row.try_get::<i64, _>(1)?);
    }
    if kept != expected {
        found.fault("the counters of references are not those of the cases");
    }
    Ok(())
}

async fn keys_without_case(
    reading: &mut Transaction<'static, Any>,
    found: &mut Audited,
) -> Result<(), Error> {
    let sql = "SELECT k.case_id FROM keys k WHERE k.case_id > 0 AND NOT EXISTS \
               (SELECT 1 FROM entries e WHERE e.case_id = k.case_id)";
    for row in sqlx::query(sql).fetch_all(&mut **reading).await? {
        let id: i64 = row.try_get(0)?;
        found.fault(format!("a key of the case {id}, of which there is no entry"));
    }
    Ok(())
}
