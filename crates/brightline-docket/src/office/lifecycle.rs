//! The end of records, the keys, late tasks, and the one field that is never shown by the way.

use sqlx::{Any, Row, Transaction};

use super::Office;
use super::changes::Seen;
use super::summary::{NEVER, acts_line};
use super::writer::{Along, Doomed};
use crate::case::{Actor, CaseView, Event, House};
use crate::error::Error;
use crate::seal::{from_hexadecimal, hexadecimal};

/// Keys wrapped anew in one transaction.
const REWRAP_MAX: i64 = 500;
/// Cases and tasks of one round.
const ROUND_MAX: i64 = 500;
const HOUR_MICROS: i64 = 3_600_000_000;
/// Names of officers are kept short: 2,000 bytes.
const OFFICERS_BYTES_MAX: usize = 2000;

/// Destroys the key of a case, the bodies that it opened and what lists showed of it; its leaves
/// stay in the tree, and what the chronicle tells of it stays in the lists.
pub(super) async fn destroy(
    writing: &mut Transaction<'static, Any>,
    case: i64,
    at: i64,
) -> Result<(), Error> {
    for sql in [
        "DELETE FROM keys WHERE case_id = $1",
        "UPDATE entries SET body = substr(body, 1, 0) WHERE case_id = $1",
        "DELETE FROM name_tokens WHERE case_id = $1",
        "DELETE FROM tasks WHERE case_id = $1",
    ] {
        sqlx::query(sql).bind(case).execute(&mut **writing).await?;
    }
    let sql = "UPDATE cases SET stage = 'sealed', is_open = 0, version = 0, changed_at = $1, \
               due_at = $2, channel = '', facility = '', assigned = '', open_facts = 0, \
               record_class = '', is_held = 0, expires_at = $2 WHERE id = $3";
    let query = sqlx::query(sql).bind(at).bind(NEVER).bind(case);
    query.execute(&mut **writing).await?;
    Ok(())
}

impl Office {
    /// Seals a case: its key is destroyed with the bodies of its entries, and nobody can read it
    /// any more.
    ///
    /// What proves that it was recorded stays valid.
    /// Backups made before still hold the key until they are destroyed under their own schedule.
    ///
    /// # Errors
    ///
    /// When the role or the order is missing, a hold is on the case, or it changed since.
    pub async fn seal(&self, actor: &Actor, seen: Seen<'_>, order: &str) -> Result<(), Error> {
        actor.require_any(&["records_officer"])?;
        if order.trim().is_empty() {
            return Err(Error::invalid("order", "the order or rule is missing"));
        }
        let loaded = self.load(actor, seen.0).await?;
        if loaded.view.version != seen.1 {
            let message = format!("the case `{}` changed since you opened it", seen.0);
            return Err(Error::stale(message).help("open it again and look at what changed"));
        }
        if let Some(matter) = loaded.view.holds.first() {
            let message = format!("a hold is on the case `{}`", seen.0);
            return Err(
                Error::conflict(message).help(format!("lift the hold for `{matter}` first"))
            );
        }
        let sealed = House::Sealed {
            case: seen.0.to_owned(),
            id: loaded.id,
            agency: loaded.view.agency(),
            acts: acts_line(&loaded.view.acts()),
            departures: loaded.view.departures().count() as u64,
            why: order.to_owned(),
            left: String::new(),
        };
        let (id, reference, version) = (loaded.id, seen.0.to_owned(), seen.1);
        let doomed = Along::Seal(Doomed { id, reference, version });
        self.chronicle(actor, sealed, Some(doomed)).await?;
        self.forget_pages().await
    }

    /// Destroys the keys of closed cases whose time is over; those on hold stay.
    ///
    /// Returns how many there were; call again while it is not 0.
    ///
    /// # Errors
    ///
    /// When the store cannot be used.
    pub async fn expire(&self, actor: &Actor) -> Result<u64, Error> {
        actor.require_any(&["records_officer"])?;
        let sql = "SELECT id, reference, record_class, agency, acts, version, departures \
                   FROM cases WHERE is_held = 0 AND expires_at <= $1 AND stage = 'closed' \
                   ORDER BY expires_at LIMIT $2";
        let rows = sqlx::query(sql)
            .bind(self.now())
            .bind(ROUND_MAX)
            .fetch_all(self.store().read())
            .await?;
        let mut count = 0;
        for row in rows {
            let class: String = row.try_get(2)?;
            let why = format!("the time of the class `{class}` is over");
            let (id, agency) = (row.try_get(0)?, row.try_get(3)?);
            let case: String = row.try_get(1)?;
            let version = row.try_get::<i64, _>(5)?.unsigned_abs();
            let doomed = Doomed { id, reference: case.clone(), version };
            let acts = row.try_get(4)?;
            let departures = row.try_get::<i64, _>(6)?.unsigned_abs();
            let left = String::new();
            let sealed = House::Sealed { case, id, agency, acts, departures, why, left };
            match self.chronicle(actor, sealed, Some(Along::Seal(doomed))).await {
                Ok(_) => count += 1,
                // Somebody opened it again, placed a hold or sealed it just now.
                Err(error) if error.is_conflict() || error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        if count > 0 {
            self.forget_pages().await?;
        }
        Ok(count)
    }

    /// Makes the database let go of pages that held a destroyed key.
    async fn forget_pages(&self) -> Result<(), Error> {
        match self.store().engine() {
            // Deleted rows are overwritten in the file; the journal still has the page as it was.
            crate::store::Engine::Sqlite => self.store().cut_journal().await,
            crate::store::Engine::Postgres => self.store().maintain("VACUUM keys").await,
        }
    }

    /// Adds a master key and wraps the keys of all cases by it, in batches, while the office works.
    ///
    /// The old master key stays in its file, for other processes and until the end; afterwards it
    /// can be retired. When this is interrupted, calling it again with `resume` goes on.
    ///
    /// # Errors
    ///
    /// When the role is missing, or the key file or the store cannot be changed.
    pub async fn rotate_keys(&self, actor: &Actor, rotation: Rotation) -> Result<u64, Error> {
        actor.require_any(&["administrator"])?;
        let master = match rotation {
            Rotation::New => self.inner.ring.rotate(self.store()).await?,
            Rotation::Resume => self.inner.ring.current(),
        };
        let mut keys = 0;
        loop {
            let wrapped = self.inner.ring.rewrap(self.store(), REWRAP_MAX).await?;
            keys += wrapped;
            if wrapped == 0 {
                break;
            }
        }
        self.chronicle(actor, House::KeysRotated { master, keys }, None).await?;
        Ok(keys)
    }

    /// Returns the ids of the master keys, and that of the current one.
    #[must_use]
    pub fn master_keys(&self) -> (Vec<String>, String) {
        (self.inner.ring.ids(), self.inner.ring.current())
    }

    /// Takes a master key that wraps nothing any more out of the key file.
    ///
    /// # Errors
    ///
    /// When it still wraps a key, is current, or is not there.
    pub async fn retire_key(&self, actor: &Actor, master: &str) -> Result<(), Error> {
        actor.require_any(&["administrator"])?;
        self.inner.ring.retire(self.store(), master).await
    }

    /// Brings open tasks that are due soon or late before the role that the procedure names.
    ///
    /// Returns how many were; the service calls this every few minutes.
    ///
    /// # Errors
    ///
    /// When the store cannot be used.
    pub async fn escalate(&self, actor: &Actor) -> Result<u64, Error> {
        let (mut count, mut failed) = (0, None);
        for agency in self.agencies_of(actor, None).await? {
            let Some((hours, role)) = self.rules().escalation(&agency) else { continue };
            let sql = "SELECT c.reference, t.task FROM tasks t JOIN cases c ON c.id = t.case_id \
                       WHERE t.agency = $1 AND t.stage = 'open' AND t.due_at <= $2 \
                       AND t.escalated = 0 AND c.is_open = 1 ORDER BY t.due_at LIMIT $3";
            let rows = sqlx::query(sql)
                .bind(agency)
                .bind(self.now().saturating_add(i64::from(hours) * HOUR_MICROS))
                .bind(ROUND_MAX)
                .fetch_all(self.store().read())
                .await?;
            for row in rows {
                let (reference, task): (String, String) = (row.try_get(0)?, row.try_get(1)?);
                match self.escalate_one(actor, (&reference, &task), role).await {
                    Ok(()) => count += 1,
                    // Somebody works on the case just now; the next round sees it again.
                    Err(error) if error.is_conflict() => {}
                    // One case that cannot be read does not keep the others from their place.
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
        }
        failed.map_or(Ok(count), Err)
    }

    async fn escalate_one(
        &self,
        actor: &Actor,
        (reference, task): (&str, &str),
        role: &str,
    ) -> Result<(), Error> {
        let version = self.load(actor, reference).await?.view.version;
        let event = Event::TaskEscalated { task: task.to_owned(), to: role.to_owned() };
        self.change(actor, (reference, version), |_| Ok(vec![event])).await.map(drop)
    }

    /// Writes names or badge numbers of officers that a procedure wants written down into the one
    /// sealed field of the case.
    ///
    /// # Errors
    ///
    /// When the text is missing or too long, or the case changed since.
    pub async fn note_officers(
        &self,
        actor: &Actor,
        seen: Seen<'_>,
        officers: &str,
    ) -> Result<CaseView, Error> {
        if officers.trim().is_empty() || officers.len() > OFFICERS_BYTES_MAX {
            return Err(Error::invalid("officers", "this is missing, or longer than 2,000 bytes"));
        }
        let loaded = self.load(actor, seen.0).await?;
        let key = loaded.key.for_purpose("officers");
        let sealed = hexadecimal(&key.seal(&officers_place(loaded.id), officers.as_bytes())?);
        self.change(actor, seen, |_| Ok(vec![Event::OfficersNoted { sealed }])).await
    }

    /// Opens the sealed field; that it was opened, by whom and why, is recorded first.
    ///
    /// # Errors
    ///
    /// When the role or the reason is missing, or nothing was noted.
    pub async fn read_officers(
        &self,
        actor: &Actor,
        reference: &str,
        why: &str,
    ) -> Result<String, Error> {
        actor.require_any(&["counsel", "records_officer"])?;
        let loaded = self.load(actor, reference).await?;
        let Some(sealed) = loaded.view.officers() else {
            return Err(Error::not_found("no names of officers were noted"));
        };
        let read = Event::OfficersRead { why: why.to_owned() };
        self.rules().allow(&loaded.view, actor, &read)?;
        let place = officers_place(loaded.id);
        let damaged = || Error::corrupt(format!("`{place}` is not what was written there"));
        let bytes = from_hexadecimal(sealed).ok_or_else(damaged)?;
        let plain = loaded.key.for_purpose("officers").open(&place, &bytes)?;
        let text = String::from_utf8(plain.to_vec()).map_err(|_| damaged())?;
        self.append(actor, &loaded, vec![read], None).await?;
        Ok(text)
    }
}

/// Whether a rotation begins, or goes on where one was interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// With a new master key.
    New,
    /// With the current one.
    Resume,
}

fn officers_place(case: i64) -> String {
    format!("entries/officers/{case}")
}
