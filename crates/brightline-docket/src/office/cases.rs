//! One case: read, changed, decided again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use brightline_desk::{Library, Refusal, Response};
use brightline_law::ir::Kind;
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::summary::Summary;
use super::writer::{Job, Target, Written, body_place};
use super::{Office, forbidden, reference};
use crate::case::{
    Actor, Asked, CaseClock, CaseView, Entry, Event, FactSet, OfficeRules, Subject, agency_key,
    asked_as_request,
};
use crate::error::Error;
use crate::seal::SecretKey;

/// The version of the program, as determinations name it.
pub(super) const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// A request that arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    /// What is asked.
    pub asked: Asked,
    /// Whom it is about.
    pub subject: Option<Subject>,
    /// What is known already.
    pub facts: Vec<FactSet>,
    /// How it came: `form`, `mail`, `phone`, `door`, `system`.
    pub channel: String,
    /// Where the person is, or where the agents are.
    pub facility: String,
    /// SHA-256 of each document, by its name.
    pub documents: BTreeMap<String, String>,
}

/// A case as it was loaded.
pub(super) struct Loaded {
    pub(super) id: i64,
    pub(super) key: SecretKey,
    pub(super) view: CaseView,
}

impl Office {
    /// Takes a request in: recorded, decided as far as the facts go.
    ///
    /// # Errors
    ///
    /// When something is wrong with the request (nothing is recorded then), the actor does not
    /// serve its agency, or it cannot be recorded.
    pub async fn receive(&self, actor: &Actor, case: NewCase) -> Result<CaseView, Error> {
        let agency = agency_key(&case.asked.jurisdiction, &case.asked.agency);
        if !actor.sees(&agency) {
            return Err(Error::forbidden(format!("`{agency}` is not one of your agencies")));
        }
        let NewCase { asked, subject, facts, channel, facility, documents } = case;
        let received = Event::Received { asked, subject, channel, facility, documents };
        let mut events = vec![received];
        if !facts.is_empty() {
            events.push(Event::FactsSet { facts });
        }
        let written = self.begin(actor, events, None).await?;
        let view = CaseView::of(&written.entries);
        view.ok_or_else(|| Error::corrupt("a case begins with its receipt"))
    }

    /// Records the first events of a case; the answer may be at hand already.
    pub(super) async fn begin(
        &self,
        actor: &Actor,
        mut events: Vec<Event>,
        answer: Option<Event>,
    ) -> Result<Written, Error> {
        let at = self.now();
        if let Some(received) = events.first() {
            OfficeRules::allow_receipt(received)?;
        }
        let view = self.foresee(None, actor, &events, at)?;
        require_looked_at(&self.library(), &view, &events)?;
        let answer = match answer {
            Some(answer) => answer,
            None => determine(&self.library(), &view, &events)?,
        };
        let view = self.foresee(Some(view), actor, std::slice::from_ref(&answer), at)?;
        events.push(answer);
        let tokens = self.tokens_of(&view);
        let job = Job {
            target: Target::New { prefix: prefix(&self.library(), &view.asked), year: year_of(at) },
            key: SecretKey::generate()?,
            by: actor.stamp(),
            at,
            summary: Some(Box::new(Summary::of(&view, self.rules(), tokens))),
            events,
            along: None,
        };
        self.inner.writer.write(job).await
    }

    /// Returns whether a fact can change anything of what is asked; false where something is wrong
    /// with the request.
    #[must_use]
    pub fn looks_at(&self, asked: &Asked, name: &str) -> bool {
        let found = not_looked_at(&self.library(), asked, BTreeSet::from([name]));
        found.is_ok_and(|it| it.is_empty())
    }

    /// Returns the tokens by which the subject of a case is found.
    pub(super) fn tokens_of(&self, view: &CaseView) -> Vec<Vec<u8>> {
        let agency = view.agency();
        let names = view.subject.iter().flat_map(|it| {
            let numbers = it.booking.iter().chain(&it.file_number);
            std::iter::once(&it.name).chain(numbers)
        });
        names.flat_map(|name| self.inner.names.tokens(&agency, name)).collect()
    }

    /// Returns a case; that it was read is recorded first.
    ///
    /// # Errors
    ///
    /// When there is none that the actor may see, its key was destroyed, or what is stored was
    /// changed by somebody.
    pub async fn case(&self, actor: &Actor, reference: &str, why: &str) -> Result<CaseView, Error> {
        let mut loaded = self.load(actor, reference).await?;
        let read = Event::Read { why: why.to_owned() };
        self.inner.rules.allow(&loaded.view, actor, &read)?;
        let written = self.append(actor, &loaded, vec![read], None).await?;
        written.entries.iter().for_each(|entry| loaded.view.apply(entry));
        forbidden::hide(&self.library(), &mut loaded.view, self.today());
        Ok(loaded.view)
    }

    /// Loads a case without a trace; callers record the read, or are the program itself.
    pub(super) async fn load(&self, actor: &Actor, reference: &str) -> Result<Loaded, Error> {
        let not_found = || Error::not_found(format!("there is no case `{reference}`"));
        let sql = "SELECT id, agency, stage FROM cases WHERE reference = $1";
        let read = self.inner.store.read();
        let row = sqlx::query(sql).bind(reference).fetch_optional(read).await?;
        let row = row.ok_or_else(not_found)?;
        let (id, agency) = (row.try_get::<i64, _>(0)?, row.try_get::<String, _>(1)?);
        if !actor.sees(&agency) {
            return Err(not_found());
        }
        let Some(key) = self.inner.ring.find(&self.inner.store, id).await? else {
            let message = format!("the case `{reference}` was sealed, and its key destroyed");
            return Err(Error::not_found(message));
        };
        let entries = self.entries(id, &key).await?;
        let view = CaseView::of(&entries);
        let view = view.ok_or_else(|| Error::corrupt("a case begins with its receipt"))?;
        if view.reference != reference {
            return Err(Error::corrupt(format!("`{reference}` leads to another case")));
        }
        Ok(Loaded { id, key, view })
    }

    /// Reads the entries of a case, each held against its commitment.
    async fn entries(&self, id: i64, key: &SecretKey) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT number, commitment, body FROM entries WHERE case_id = $1 ORDER BY number";
        let rows = sqlx::query(sql).bind(id).fetch_all(self.inner.store.read()).await?;
        entries_of(id, key, &rows)
    }

    /// Changes a case: what is allowed is recorded, and where facts changed, decided again.
    pub(super) async fn change(
        &self,
        actor: &Actor,
        seen: (&str, u64),
        make: impl FnOnce(&CaseView) -> Result<Vec<Event>, Error>,
    ) -> Result<CaseView, Error> {
        let (reference, version) = seen;
        let mut loaded = self.load(actor, reference).await?;
        if loaded.view.version != version {
            let message = format!("the case `{reference}` changed since you opened it");
            return Err(Error::stale(message).help("open it again and look at what changed"));
        }
        let mut events = make(&loaded.view)?;
        let at = self.now();
        let mut view = self.foresee(Some(loaded.view.clone()), actor, &events, at)?;
        if events.iter().any(decides_again) {
            require_looked_at(&self.library(), &view, &events)?;
            let answer = determine(&self.library(), &view, &events)?;
            view = self.foresee(Some(view), actor, std::slice::from_ref(&answer), at)?;
            events.push(answer);
        }
        let summary = Box::new(Summary::of(&view, self.rules(), Vec::new()));
        let written = self.append(actor, &loaded, events, Some((summary, at))).await?;
        written.entries.iter().for_each(|entry| loaded.view.apply(entry));
        forbidden::hide(&self.library(), &mut loaded.view, self.today());
        Ok(loaded.view)
    }

    pub(super) async fn append(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        events: Vec<Event>,
        foreseen: Option<(Box<Summary>, i64)>,
    ) -> Result<Written, Error> {
        let (summary, at) = match foreseen {
            Some((summary, at)) => (Some(summary), at),
            None => (None, self.now()),
        };
        let job = Job {
            target: Target::Known {
                id: loaded.id,
                reference: loaded.view.reference.clone(),
                version: summary.as_ref().map(|_| loaded.view.version),
            },
            key: loaded.key.clone(),
            by: actor.stamp(),
            at,
            events,
            summary,
            along: None,
        };
        self.inner.writer.write(job).await
    }

    /// Returns the state that events would lead to, after asking of each whether it is allowed.
    fn foresee(
        &self,
        mut view: Option<CaseView>,
        actor: &Actor,
        events: &[Event],
        at: i64,
    ) -> Result<CaseView, Error> {
        for event in events {
            let number = view.as_ref().map_or(0, |it| it.timeline.len() as u64) + 1;
            let (by, event, case) = (actor.stamp(), event.clone(), String::new());
            let entry = Entry { case, number, at, by, event, salt: String::new() };
            match &mut view {
                None => view = CaseView::begin(&entry),
                Some(view) => {
                    self.inner.rules.allow(view, actor, &entry.event)?;
                    view.apply(&entry);
                }
            }
        }
        view.ok_or_else(|| Error::corrupt("a case begins with its receipt"))
    }
}

/// Reads rows of number, commitment and body, in order: none may be missing or changed.
pub(super) fn entries_of(id: i64, key: &SecretKey, rows: &[AnyRow]) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let number = row.try_get::<i64, _>(0)?.unsigned_abs();
        if number != at as u64 + 1 {
            let place = body_place(id, number);
            return Err(Error::corrupt(format!("an entry before `{place}` is missing")));
        }
        entries.push(entry_of(id, key, row)?);
    }
    Ok(entries)
}

/// Reads number, commitment and body of an entry, and holds the body against the commitment.
pub(super) fn entry_of(id: i64, key: &SecretKey, row: &AnyRow) -> Result<Entry, Error> {
    let place = body_place(id, row.try_get::<i64, _>(0)?.unsigned_abs());
    let damaged = || Error::corrupt(format!("`{place}` is not what was recorded"));
    let body = key.open(&place, &row.try_get::<Vec<u8>, _>(2)?)?;
    let commitment: [u8; 32] = Sha256::digest(body.as_slice()).into();
    if commitment.as_slice() != row.try_get::<Vec<u8>, _>(1)? {
        return Err(damaged());
    }
    serde_json::from_slice(&body).map_err(|_| damaged())
}

fn decides_again(event: &Event) -> bool {
    matches!(event, Event::FactsSet { .. } | Event::AskedChanged { .. } | Event::Corrected { .. })
}

/// Applies the law to a case as it is known.
///
/// What was stated earlier under a law that has changed since is left aside where the law of today
/// does not know it or forbids it; what is stated now has to be right.
fn determine(library: &Library, view: &CaseView, events: &[Event]) -> Result<Event, Error> {
    let now = stated(events);
    let mut request = view.request();
    request.facts.retain(|(name, _)| {
        now.contains(name.as_ref()) || forbidden::is_usable(library, &view.asked, name)
    });
    let response = library.answer(&request)?;
    Ok(determined(library, Arc::new(response)))
}

/// Refuses facts that can change nothing: what nobody needs is not recorded.
///
/// Corrections are let through: they are of what was recorded when it could.
fn require_looked_at(library: &Library, view: &CaseView, events: &[Event]) -> Result<(), Error> {
    for event in events.iter().filter(|it| matches!(it, Event::FactsSet { .. })) {
        let mut names = stated(std::slice::from_ref(event));
        names.retain(|it| library.declares(&view.asked.jurisdiction, it));
        if let Some(name) = not_looked_at(library, &view.asked, names)?.first() {
            let message = format!("`{name}` can change nothing of what was asked here");
            return Err(Error::invalid(name, &message).help("leave it out: it is not recorded"));
        }
    }
    Ok(())
}

/// Returns the facts that can change nothing of what was asked. Times are never among them: the
/// clock of the case begins with them.
fn not_looked_at<'n>(
    library: &Library,
    asked: &Asked,
    names: BTreeSet<&'n str>,
) -> Result<Vec<&'n str>, Refusal> {
    let corpus = library.corpus();
    let pack = corpus.pack(&asked.jurisdiction);
    let is_time = |name: &str| {
        let fact = pack.and_then(|it| corpus.fact(it, name));
        fact.and_then(|it| corpus.facts.get(it.index())).is_some_and(|it| it.kind == Kind::Time)
    };
    let names: Vec<&str> = names.into_iter().filter(|it| !is_time(it)).collect();
    if names.is_empty() {
        return Ok(names);
    }
    let taken = library.take_in(&asked_as_request(asked))?;
    let mut found = Vec::new();
    for name in names {
        if !library.looks_at(&taken, name)? {
            found.push(name);
        }
    }
    Ok(found)
}

/// The names of the facts that events state.
fn stated(events: &[Event]) -> BTreeSet<&str> {
    let sets = events.iter().flat_map(|event| match event {
        Event::FactsSet { facts } | Event::Corrected { facts, .. } => facts.as_slice(),
        _ => &[],
    });
    sets.map(|set| set.fact.as_str()).collect()
}

pub(super) fn determined(library: &Library, response: Arc<Response>) -> Event {
    let corpus = library.corpus();
    let pack = corpus.packs.iter().find(|pack| pack.id == response.jurisdiction);
    let acts = response.determinations.iter().map(|it| it.act.as_str());
    Event::Determined {
        clock: CaseClock::of(corpus, &response.jurisdiction, acts),
        program: PROGRAM.to_owned(),
        zone: pack.map(|it| it.zone.clone()).unwrap_or_default(),
        response,
    }
}

/// The first part of a case's reference: told from the other agencies of its jurisdiction.
fn prefix(library: &Library, asked: &Asked) -> String {
    let corpus = library.corpus();
    let known = corpus.pack(&asked.jurisdiction).map(|pack| brightline_law::agencies(corpus, pack));
    let known = known.unwrap_or_default();
    let named = known.iter().filter_map(|id| corpus.agencies.get(id.index()));
    reference::prefix(&asked.agency, named.map(|it| it.name.as_str()))
}

fn year_of(at: i64) -> i16 {
    civil(at).year()
}

/// The civil day in UTC of an instant.
pub(super) fn civil(at: i64) -> jiff::civil::Date {
    let stamp = jiff::Timestamp::from_microsecond(at).unwrap_or_default();
    stamp.to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}
