//! One task writes: it gathers what waits into one transaction, and answers once that is durable.
//!
//! Order is total: on PostgreSQL each transaction takes the row of the tree's head first, so
//! several processes take turns; SQLite has one writer by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use brightline_ledger::{Frontier, leaf_hash};
use sha2::{Digest, Sha256};
use sqlx::{Any, AssertSqlSafe, Row, Transaction};
use tokio::sync::{mpsc, oneshot};

use super::KeyRing;
use super::release::{Proposal, Publication, Shelf};
use super::remains::{self, Remnant};
use super::summary::{Summary, Tables};
use crate::case::{Entry, Event, House, Stamp};
use crate::error::Error;
use crate::seal::{SecretKey, hexadecimal, key_place, random};
use crate::store::{Engine, Journal, Rows, Slot, Store, outage};

/// Jobs of one transaction.
const BATCH_MAX: usize = 256;
/// How long a batch waits for more.
const GATHER: Duration = Duration::from_millis(2);
/// Jobs that may wait; more are told to come again.
const QUEUE_MAX: usize = 4096;
/// The chronicle of the house: what is of no case.
pub(crate) const HOUSE: i64 = 0;

/// Where a job's entries go.
pub(crate) enum Target {
    /// A case that begins: its reference is `PREFIX-YEAR-NUMBER`.
    New { prefix: String, year: i16 },
    /// A case as the caller saw it, or in whatever version where nothing changes.
    Known { id: i64, reference: String, version: Option<u64> },
    /// The chronicle of the house.
    House,
}

/// What is to be recorded together.
pub(crate) struct Job {
    pub(crate) target: Target,
    pub(crate) key: SecretKey,
    pub(crate) by: Stamp,
    pub(crate) at: i64,
    pub(crate) events: Vec<Event>,
    /// The case as lists show it afterwards; none where nothing changes.
    pub(crate) summary: Option<Box<Summary>>,
    /// What else is written in the same transaction.
    pub(crate) along: Option<Along>,
}

/// What is written beside the entries that tell of it, or not at all.
#[derive(Debug, Clone)]
pub(crate) enum Along {
    /// A case is sealed: its key is destroyed.
    Seal(Doomed),
    /// A release of the law is kept as a proposal.
    Propose(Box<Proposal>),
    /// A proposal becomes the law in force.
    Publish(Publication),
}

/// A case that is to be sealed, as the caller saw it: a hold that was placed since is a change.
#[derive(Debug, Clone)]
pub(crate) struct Doomed {
    pub(crate) id: i64,
    pub(crate) reference: String,
    pub(crate) version: u64,
}

/// What was recorded.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) id: i64,
    pub(crate) reference: String,
    pub(crate) entries: Vec<Entry>,
    /// The place of the last entry in the log.
    pub(crate) position: u64,
    /// The place of a release that was published in the order of publishing; 0 elsewhere.
    pub(crate) release: i64,
}

type Answer = oneshot::Sender<Result<Written, Error>>;

/// The way to the writer; it ends when the last of these is dropped.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<(Job, Answer)>,
}

impl Writer {
    pub(crate) fn start(store: Store, keys: Arc<KeyRing>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        tokio::spawn(run(store, keys, waiting));
        Self { queue }
    }

    /// Records a job; when this returns without an error, it is durable.
    pub(crate) async fn write(&self, job: Job) -> Result<Written, Error> {
        let (answer, written) = oneshot::channel();
        self.queue.try_send((job, answer)).map_err(|_| {
            Error::unavailable("too much waits to be recorded; nothing of this was")
                .help("try again in a few seconds")
        })?;
        written.await.unwrap_or_else(|_| Err(Error::unavailable("the writer stopped")))
    }
}

async fn run(store: Store, keys: Arc<KeyRing>, mut waiting: mpsc::Receiver<(Job, Answer)>) {
    let mut before = 0;
    let mut journal = Journal::of(store.clone());
    while let Some(first) = waiting.recv().await {
        let mut batch = vec![first];
        // The time is over before all came, and those that came are recorded.
        let _ = tokio::time::timeout(GATHER, gather(&mut waiting, before / 2, &mut batch)).await;
        before = batch.len();
        commit_batch(&store, &keys, batch).await;
        journal.tend(before).await;
    }
}

/// Takes what waits, and waits for as many as are likely to come: whoever was answered together
/// comes again together, and the first of them alone would take as long to be durable as all.
async fn gather(
    waiting: &mut mpsc::Receiver<(Job, Answer)>,
    expected: usize,
    batch: &mut Vec<(Job, Answer)>,
) {
    while batch.len() < BATCH_MAX {
        let next = match waiting.try_recv() {
            Err(mpsc::error::TryRecvError::Empty) if batch.len() < expected => waiting.recv().await,
            received => received.ok(),
        };
        let Some(next) = next else { return };
        batch.push(next);
    }
}

/// Records a batch; where one job spoils it, each is recorded by itself.
async fn commit_batch(store: &Store, keys: &KeyRing, batch: Vec<(Job, Answer)>) {
    let (jobs, answers): (Vec<Job>, Vec<Answer>) = batch.into_iter().unzip();
    let mut outcomes = Vec::new();
    match commit(store, keys, &jobs).await {
        Ok(written) => outcomes = written,
        Err(error) if error.is_unavailable() => {
            outcomes = jobs.iter().map(|_| Err(error.again())).collect();
        }
        Err(_) => {
            for job in &jobs {
                let alone = commit(store, keys, std::slice::from_ref(job)).await;
                outcomes.push(match alone {
                    Ok(mut written) => written.pop().unwrap_or_else(|| Err(nothing_written())),
                    Err(error) => Err(error),
                });
            }
        }
    }
    for (answer, outcome) in answers.into_iter().zip(outcomes) {
        // Whoever asked may have gone; what was recorded stays.
        let _ = answer.send(outcome);
    }
}

fn nothing_written() -> Error {
    Error::unavailable("nothing was recorded")
}

type Outcomes = Vec<Result<Written, Error>>;

async fn commit(store: &Store, keys: &KeyRing, jobs: &[Job]) -> Result<Outcomes, Error> {
    let mut writing = store.write().await?;
    let outcomes = record(&mut writing, store.engine(), keys, jobs).await?;
    match writing.commit().await {
        Ok(()) => Ok(outcomes),
        Err(error) if outage::is_before_commit(&error) => Err(error.into()),
        Err(error) => {
            // It may have been recorded all the same, so it is not tried again here.
            let message = "it is not known whether this was recorded; look before trying again";
            let unknown = match outage::help(&error) {
                Some(help) => Error::uncertain(message).help(help),
                None => Error::uncertain(message),
            };
            Ok(jobs.iter().map(|_| Err(unknown.again())).collect())
        }
    }
}

/// Records jobs within a transaction; they are in the tree once that is committed.
pub(super) async fn record(
    writing: &mut Transaction<'static, Any>,
    engine: Engine,
    keys: &KeyRing,
    jobs: &[Job],
) -> Result<Outcomes, Error> {
    let head = Head::take(writing, engine).await?;
    if jobs.iter().any(|job| matches!(job.target, Target::New { .. })) {
        keys.follow(writing).await?;
    }
    let known = Known::read(writing, jobs).await?;
    let mut desk = Desk { head, known, rows: Tables::default(), keys, changed: BTreeMap::new() };
    let outcomes: Outcomes = jobs.iter().map(|job| desk.take(job)).collect();
    desk.write(writing, jobs, &outcomes).await?;
    Ok(outcomes)
}

/// The right edge of the tree.
struct Head {
    frontier: Frontier,
    last_at: i64,
}

impl Head {
    async fn take(writing: &mut Transaction<'static, Any>, engine: Engine) -> Result<Self, Error> {
        let sql = match engine {
            Engine::Sqlite => "SELECT frontier, last_at FROM head WHERE one = 1",
            Engine::Postgres => "SELECT frontier, last_at FROM head WHERE one = 1 FOR UPDATE",
        };
        let row = sqlx::query(sql).fetch_one(&mut **writing).await?;
        let frontier = Frontier::from_bytes(&row.try_get::<Vec<u8>, _>(0)?);
        let damaged = |error| Error::corrupt("the head of the tree is damaged").because(error);
        Ok(Self { frontier: frontier.map_err(damaged)?, last_at: row.try_get(1)? })
    }

    async fn put(&self, writing: &mut Transaction<'static, Any>) -> Result<(), Error> {
        sqlx::query("UPDATE head SET size = $1, frontier = $2, last_at = $3 WHERE one = 1")
            .bind(i64::try_from(self.frontier.size()).unwrap_or(i64::MAX))
            .bind(self.frontier.to_bytes())
            .bind(self.last_at)
            .execute(&mut **writing)
            .await?;
        Ok(())
    }
}

/// What the store knows of the cases and counters of a batch.
#[derive(Default)]
struct Known {
    /// By case: version, count of entries, whether its key was destroyed.
    cases: BTreeMap<i64, (u64, u64, bool)>,
    counters: BTreeMap<String, i64>,
    releases: Shelf,
    /// What is stored of the cases that are sealed.
    remnants: BTreeMap<i64, Vec<Remnant>>,
}

impl Known {
    async fn read(writing: &mut Transaction<'static, Any>, jobs: &[Job]) -> Result<Self, Error> {
        let mut known = Self::default();
        let mut ids = BTreeSet::new();
        for job in jobs {
            match &job.along {
                Some(Along::Seal(doomed)) => {
                    ids.insert(doomed.id);
                    known.read_remnants(writing, doomed.id).await?;
                }
                Some(Along::Publish(publication)) => {
                    known.releases.read(writing, &publication.digest).await?;
                }
                Some(Along::Propose(_)) | None => {}
            }
            match &job.target {
                Target::Known { id, .. } => {
                    ids.insert(*id);
                }
                Target::House => known.read_house(writing).await?,
                Target::New { prefix, year } => {
                    known.read_counter(writing, &format!("{prefix}-{year}")).await?;
                }
            }
        }
        if !ids.is_empty() {
            let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
            let sql = format!(
                "SELECT id, version, entries, stage FROM cases WHERE id IN ({})",
                ids.join(",")
            );
            for row in
                sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(&mut **writing).await?
            {
                let count = |at: usize| row.try_get::<i64, _>(at).map(i64::unsigned_abs);
                let is_sealed = row.try_get::<String, _>(3)? == "sealed";
                known.cases.insert(row.try_get(0)?, (count(1)?, count(2)?, is_sealed));
            }
        }
        Ok(known)
    }

    async fn read_house(&mut self, writing: &mut Transaction<'static, Any>) -> Result<(), Error> {
        if self.cases.contains_key(&HOUSE) {
            return Ok(());
        }
        let sql = "SELECT COALESCE(MAX(number), 0) FROM entries WHERE case_id = 0";
        let row = sqlx::query(sql).fetch_one(&mut **writing).await?;
        let entries = row.try_get::<i64, _>(0)?.unsigned_abs();
        self.cases.insert(HOUSE, (0, entries, false));
        Ok(())
    }

    async fn read_remnants(
        &mut self,
        writing: &mut Transaction<'static, Any>,
        id: i64,
    ) -> Result<(), Error> {
        let sql = "SELECT position, number, kind, at, commitment FROM entries \
                   WHERE case_id = $1 ORDER BY number";
        let mut remnants = Vec::new();
        for row in sqlx::query(sql).bind(id).fetch_all(&mut **writing).await? {
            remnants.push(Remnant {
                position: row.try_get(0)?,
                number: row.try_get(1)?,
                kind: row.try_get(2)?,
                at: row.try_get(3)?,
                commitment: row.try_get(4)?,
            });
        }
        self.remnants.insert(id, remnants);
        Ok(())
    }

    async fn read_counter(
        &mut self,
        writing: &mut Transaction<'static, Any>,
        name: &str,
    ) -> Result<(), Error> {
        if self.counters.contains_key(name) {
            return Ok(());
        }
        let sql = "SELECT next FROM counters WHERE name = $1";
        let row = sqlx::query(sql).bind(name).fetch_optional(&mut **writing).await?;
        let next = row.map_or(Ok(1), |row| row.try_get(0))?;
        self.counters.insert(name.to_owned(), next);
        Ok(())
    }
}

/// Where jobs become rows.
struct Desk<'k> {
    head: Head,
    known: Known,
    rows: Tables,
    keys: &'k KeyRing,
    /// The last job that changed each case.
    changed: BTreeMap<i64, usize>,
}

impl Desk<'_> {
    fn take(&mut self, job: &Job) -> Result<Written, Error> {
        let (mut release, mut left) = (0, String::new());
        match &job.along {
            Some(Along::Seal(doomed)) => {
                self.require_version(doomed.id, &doomed.reference, Some(doomed.version))?;
                left = self.left_of(doomed.id);
            }
            Some(Along::Publish(publication)) => {
                release = self.known.releases.number_for(&publication.digest)?;
            }
            Some(Along::Propose(_)) | None => {}
        }
        let mut counter = None;
        let (id, reference) = match &job.target {
            Target::House => (HOUSE, String::new()),
            Target::Known { id, reference, version } => {
                self.require_version(*id, reference, *version)?;
                (*id, reference.clone())
            }
            Target::New { prefix, year } => {
                let name = format!("{prefix}-{year}");
                let next = self.known.counters.get(&name).copied().unwrap_or(1);
                let id = i64::try_from(self.head.frontier.size()).unwrap_or(i64::MAX) + 1;
                let reference = format!("{name}-{next:06}");
                let wrapped = self.keys.wrap(&key_place(id), &job.key)?;
                self.rows.keys.push([id.into(), wrapped.master.into(), wrapped.bytes.into()]);
                counter = Some((name, next + 1));
                (id, reference)
            }
        };
        let entries = self.entries(job, (id, &reference), &left)?;
        match &job.along {
            Some(Along::Seal(doomed)) => {
                self.known.cases.entry(doomed.id).and_modify(|known| known.2 = true);
            }
            Some(Along::Publish(publication)) => {
                self.known.releases.take(&publication.digest, release);
            }
            Some(Along::Propose(_)) | None => {}
        }
        if let Some((name, next)) = counter {
            self.known.counters.insert(name, next);
        }
        let position = self.head.frontier.size().saturating_sub(1);
        Ok(Written { id, reference, entries, position, release })
    }

    fn require_version(&self, id: i64, reference: &str, version: Option<u64>) -> Result<(), Error> {
        let gone = || Error::not_found(format!("there is no case `{reference}`"));
        let &(current, _, is_sealed) = self.known.cases.get(&id).ok_or_else(gone)?;
        if is_sealed {
            return Err(Error::not_found(format!("the case `{reference}` was sealed")));
        }
        match version {
            Some(version) if version != current => {
                let message = format!("the case `{reference}` changed since you opened it");
                Err(Error::stale(message).help("open it again and look at what changed"))
            }
            _ => Ok(()),
        }
    }

    /// The digest over what stays of a case: what is stored, and what this batch adds to it.
    fn left_of(&self, id: i64) -> String {
        let mut remnants = self.known.remnants.get(&id).cloned().unwrap_or_default();
        for row in self.rows.entries.each() {
            if let [
                Slot::Number(position),
                Slot::Number(case),
                Slot::Number(number),
                Slot::Text(kind),
                Slot::Number(at),
                Slot::Bytes(commitment),
                _,
            ] = row
                && *case == id
            {
                let (kind, commitment) = (kind.clone(), commitment.clone());
                let (position, number, at) = (*position, *number, *at);
                remnants.push(Remnant { position, number, kind, at, commitment });
            }
        }
        remains::digest(&remnants)
    }

    fn entries(
        &mut self,
        job: &Job,
        (id, reference): (i64, &str),
        remains: &str,
    ) -> Result<Vec<Entry>, Error> {
        let (mut version, mut number, _) = self.known.cases.get(&id).copied().unwrap_or_default();
        let at = job.at.max(self.head.last_at);
        let mut entries = Vec::with_capacity(job.events.len());
        let mut sealed = Vec::with_capacity(job.events.len());
        for event in &job.events {
            number += 1;
            version += u64::from(event.is_change());
            let salt = hexadecimal(random::<32>()?.as_slice());
            let (case, by, mut event) = (reference.to_owned(), job.by.clone(), event.clone());
            if let Event::House(House::Sealed { left, .. }) = &mut event {
                remains.clone_into(left);
            }
            let entry = Entry { case, number, at, by, event, salt };
            let body = serde_json::to_vec(&entry)
                .map_err(|error| Error::unavailable("an entry cannot be written").because(error))?;
            let commitment: [u8; 32] = Sha256::digest(&body).into();
            let body = job.key.seal(&body_place(id, number), &body)?;
            sealed.push((number, entry.event.kind(), commitment, body));
            entries.push(entry);
        }
        // Nothing can fail from here on, so that a job is in the tree whole or not at all.
        for (number, kind, commitment, body) in sealed {
            let position = self.head.frontier.append(leaf_hash(&commitment));
            self.rows.entries.push([
                i64::try_from(position).unwrap_or(i64::MAX).into(),
                id.into(),
                i64::try_from(number).unwrap_or(i64::MAX).into(),
                kind.into(),
                at.into(),
                commitment.to_vec().into(),
                body.into(),
            ]);
        }
        self.head.last_at = at;
        self.known.cases.insert(id, (version, number, false));
        Ok(entries)
    }

    async fn write(
        mut self,
        writing: &mut Transaction<'static, Any>,
        jobs: &[Job],
        outcomes: &[Result<Written, Error>],
    ) -> Result<(), Error> {
        let (mut touched, mut doomed_cases) = (BTreeMap::new(), Vec::new());
        for (at, (job, outcome)) in jobs.iter().zip(outcomes).enumerate() {
            let Ok(written) = outcome else { continue };
            if job.summary.is_some() {
                self.changed.insert(written.id, at);
            } else if matches!(job.target, Target::Known { .. }) {
                touched.insert(written.id, ());
            }
            match &job.along {
                Some(Along::Seal(doomed)) => {
                    let at = written.entries.last().map_or(job.at, |entry| entry.at);
                    doomed_cases.push((doomed.id, at));
                }
                Some(Along::Propose(proposal)) => proposal.clone().write(writing).await?,
                Some(Along::Publish(it)) => it.write(writing, written.release).await?,
                None => {}
            }
        }
        let mut known = Vec::new();
        for (id, at) in &self.changed {
            let (Some(job), Some(Ok(written))) = (jobs.get(*at), outcomes.get(*at)) else {
                continue;
            };
            let entries = self.known.cases.get(id).map_or(0, |it| it.1);
            if let Some(summary) = &job.summary {
                let at = written.entries.last().map_or(job.at, |entry| entry.at);
                let summary = summary.recorded_at(job.at, at);
                summary.rows(&mut self.rows, *id, &written.reference, entries);
            }
            if matches!(job.target, Target::Known { .. }) {
                known.push(id.to_string());
            }
            touched.remove(id);
        }
        if !known.is_empty() {
            let sql = format!("DELETE FROM case_acts WHERE case_id IN ({})", known.join(","));
            sqlx::query(AssertSqlSafe(sql)).persistent(false).execute(&mut **writing).await?;
        }
        for id in touched.keys() {
            let entries = self.known.cases.get(id).map_or(0, |it| it.1);
            sqlx::query("UPDATE cases SET entries = $1 WHERE id = $2")
                .bind(i64::try_from(entries).unwrap_or(i64::MAX))
                .bind(*id)
                .execute(&mut **writing)
                .await?;
        }
        let mut counters = Rows::new(
            "INSERT INTO counters (name, next)",
            "ON CONFLICT (name) DO UPDATE SET next = excluded.next",
            2,
        );
        for (name, next) in &self.known.counters {
            counters.push([name.as_str().into(), (*next).into()]);
        }
        counters.write(writing).await?;
        self.rows.write(writing).await?;
        for (id, at) in doomed_cases {
            super::lifecycle::destroy(writing, id, at).await?;
        }
        self.head.put(writing).await
    }
}

/// Where the body of an entry stands.
pub(crate) fn body_place(case_id: i64, number: u64) -> String {
    format!("entries/body/{case_id}/{number}")
}
