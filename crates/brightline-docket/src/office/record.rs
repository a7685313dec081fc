//! A request decided and recorded in one call, and what happened since as a stream.

use std::sync::Arc;

use brightline_desk::{Request, Response};
use serde::Serialize;
use sqlx::Row;

use super::Office;
use super::cases::determined;
use crate::case::{Actor, Asked, Event, Evidence, FactSet, agency_key};
use crate::error::Error;

/// A determination that is recorded, durably.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedDecision {
    /// The case.
    pub reference: String,
    /// Its version.
    pub version: u64,
    /// The place of the determination in the log.
    pub position: u64,
    /// The answer.
    #[serde(serialize_with = "crate::case::one_response::serialize")]
    pub response: Arc<Response>,
}

/// Something that happened, without personal data: what a jail's own system is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Happening {
    /// Its place in the log; the next ones are asked for after it.
    pub position: u64,
    /// The case.
    pub reference: String,
    /// The agency, as `jurisdiction/agency`.
    pub agency: String,
    /// What kind of entry it is.
    pub kind: String,
    /// When, in microseconds since 1970 in UTC.
    pub at: i64,
}

/// Happenings of one answer.
const HAPPENINGS_MAX: i64 = 1000;

impl Office {
    /// Decides a request and records it as a case, in one call.
    ///
    /// When this returns without an error, request, facts and answer are durable.
    ///
    /// # Errors
    ///
    /// When something is wrong with the request, a finding names a role that the actor does not
    /// hold, the actor does not serve the agency, or it cannot be recorded.
    pub async fn record_decision(
        &self,
        actor: &Actor,
        request: &Request<'_>,
        system: &str,
    ) -> Result<RecordedDecision, Error> {
        let library = self.library();
        let taken = library.take_in(request)?;
        let asked = asked_of(request);
        let agency = agency_key(&asked.jurisdiction, &asked.agency);
        if !actor.sees(&agency) {
            return Err(Error::forbidden(format!("`{agency}` is not one of your agencies")));
        }
        let determinations = library.determine(&taken)?;
        let response = Arc::new(library.response(&taken, &determinations));
        let received = Event::Received {
            asked,
            subject: None,
            channel: "system".to_owned(),
            facility: String::new(),
            documents: std::collections::BTreeMap::new(),
        };
        let mut events = vec![received];
        let facts = facts_of(request, system)?;
        if !facts.is_empty() {
            events.push(Event::FactsSet { facts });
        }
        let answer = determined(&library, Arc::clone(&response));
        let written = self.begin(actor, events, Some(answer)).await?;
        let changes = written.entries.iter().filter(|entry| entry.event.is_change());
        let (version, reference) = (changes.count() as u64, written.reference);
        Ok(RecordedDecision { reference, version, position: written.position, response })
    }

    /// Returns what happened after a place of the log in the agencies of the actor, the oldest
    /// first, and the place to go on from.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn events(
        &self,
        actor: &Actor,
        after: Option<u64>,
    ) -> Result<(Vec<Happening>, Option<u64>), Error> {
        let sql = "SELECT e.position, e.kind, e.at, c.reference, c.agency FROM entries e \
                   LEFT JOIN cases c ON c.id = e.case_id \
                   WHERE e.position > $1 ORDER BY e.position LIMIT $2";
        let from = after.map_or(-1, super::summary::count);
        let rows = sqlx::query(sql)
            .bind(from)
            .bind(HAPPENINGS_MAX)
            .fetch_all(self.inner.store.read())
            .await?;
        let mut happenings = Vec::new();
        let mut last = after;
        for row in rows {
            let position = row.try_get::<i64, _>(0)?.unsigned_abs();
            last = Some(position);
            let Some(agency) = row.try_get::<Option<String>, _>(4)? else { continue };
            if actor.sees(&agency) {
                let (kind, at) = (row.try_get(1)?, row.try_get(2)?);
                let reference = row.try_get(3)?;
                happenings.push(Happening { position, reference, agency, kind, at });
            }
        }
        Ok((happenings, last))
    }
}

fn asked_of(request: &Request<'_>) -> Asked {
    let text = |it: &Option<std::borrow::Cow<'_, str>>| it.as_ref().map(|it| it.to_string());
    let all = |them: &Option<Vec<std::borrow::Cow<'_, str>>>| {
        them.as_ref().map(|them| them.iter().map(|it| it.to_string()).collect())
    };
    Asked {
        jurisdiction: text(&request.jurisdiction).unwrap_or_default(),
        agency: text(&request.agency).unwrap_or_default(),
        on: text(&request.on).unwrap_or_default(),
        known_on: text(&request.known_on),
        policy: text(&request.policy),
        papers: all(&request.papers),
        acts: all(&request.acts),
    }
}

fn facts_of(request: &Request<'_>, system: &str) -> Result<Vec<FactSet>, Error> {
    let set = |(name, json): &(std::borrow::Cow<'_, str>, brightline_desk::Json<'_>)| {
        let value = serde_json::to_value(json)
            .map_err(|error| Error::invalid(name, &format!("this cannot be kept: {error}")))?;
        let evidence = Evidence::System(system.to_owned());
        Ok(FactSet { fact: name.to_string(), value, evidence, seen: None, settles: None })
    };
    request.facts.iter().map(set).collect()
}
