//! The hooks: who is told of what, how far each is, and which have been given up.

use brightline_docket::House;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};
use url::Url;

use super::message;
use crate::accounts::{Accounts, Error, random, words};

const PURPOSE: &str = "webhooks";
const NAME_LETTERS_MAX: usize = 40;
/// Whoever delivers for a hook has it for this long; another process waits.
pub(super) const LEASE_SECONDS: i64 = 60;

/// After so many seconds a message is sent again; after the last of these the hook is given up.
const PAUSES: [i64; 12] =
    [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 43_200, 86_400];

/// A hook that an administrator asks for.
#[derive(Debug, Clone)]
pub(crate) struct NewHook {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) agencies: Vec<String>,
    /// The kinds of entries that it is told of; empty: of all.
    pub(crate) kinds: Vec<String>,
}

/// A hook as it is shown: never the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hook {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) agencies: Vec<String>,
    pub(crate) kinds: Vec<String>,
    /// The last place of the log that it was told of; none: it begins with the first.
    pub(crate) position: Option<u64>,
    /// Failures since the last message that arrived.
    pub(crate) failures: u64,
    /// The next try, in seconds since 1970; 0: at once.
    pub(crate) next_at: i64,
    pub(crate) is_dead: bool,
    pub(crate) last_fault: String,
}

/// What became of a try.
pub(super) enum Outcome<'a> {
    /// Everything up to a place of the log has arrived.
    Arrived,
    /// A message did not arrive.
    Failed(&'a str),
    /// The other side says that it is there no more.
    Gone(&'a str),
}

const COLUMNS: &str = "SELECT name, url, agencies, kinds, position, failures, next_at, is_dead, \
                       last_fault FROM webhooks";

impl Accounts {
    /// Registers a hook, from now on, and returns its secret, which is shown once.
    pub(crate) async fn register_hook(&self, new: &NewHook, by: &str) -> Result<String, Error> {
        require_name(&new.name)?;
        let url = read_url(&new.url)?;
        let secret = random::<32>()?;
        let sealed = self.key().seal(PURPOSE, &new.name, &secret)?;
        let mut writing = self.store().write().await?;
        let query = "INSERT INTO webhooks (name, url, secret, agencies, kinds, created_by, \
                     created_at, position, failures, next_at, is_dead, last_fault, leased_until) \
                     SELECT $1, $2, $3, $4, $5, $6, $7, size - 1, 0, 0, 0, '', 0 FROM head";
        let inserted = sqlx::query(query)
            .bind(new.name.as_str())
            .bind(url.as_str())
            .bind(sealed)
            .bind(new.agencies.join(" "))
            .bind(new.kinds.join(" "))
            .bind(by)
            .bind(self.clock().seconds())
            .execute(&mut *writing)
            .await;
        inserted.map_err(|error| match Error::from(error) {
            taken if taken.is_conflict() => Error::conflict("there is a webhook of this name"),
            other => other,
        })?;
        self.note_hook(&mut writing, ("webhook registered", &new.name), by).await?;
        writing.commit().await?;
        Ok(message::shown(&secret))
    }

    /// Returns all hooks, by name.
    pub(crate) async fn hooks(&self) -> Result<Vec<Hook>, Error> {
        let query = format!("{COLUMNS} ORDER BY name");
        let rows = sqlx::query(sqlx::AssertSqlSafe(query)).fetch_all(self.store().read()).await?;
        rows.iter().map(hook).collect()
    }

    /// Takes a hook away.
    pub(crate) async fn remove_hook(&self, name: &str, by: &str) -> Result<(), Error> {
        self.change_hook(name, "DELETE FROM webhooks WHERE name = $1", ("webhook removed", by))
            .await
    }

    /// Begins to deliver again where delivery was given up, with the first that did not arrive.
    pub(crate) async fn resume_hook(&self, name: &str, by: &str) -> Result<(), Error> {
        let query = "UPDATE webhooks SET is_dead = 0, failures = 0, next_at = 0, last_fault = '' \
                     WHERE name = $1";
        self.change_hook(name, query, ("webhook resumed", by)).await
    }

    async fn change_hook(
        &self,
        name: &str,
        query: &'static str,
        (event, by): (&'static str, &str),
    ) -> Result<(), Error> {
        let mut writing = self.store().write().await?;
        let done = sqlx::query(query).bind(name).execute(&mut *writing).await?;
        if done.rows_affected() == 0 {
            return Err(Error::not_found(format!("there is no webhook `{name}`")));
        }
        self.note_hook(&mut writing, (event, name), by).await?;
        Ok(writing.commit().await?)
    }

    async fn note_hook(
        &self,
        writing: &mut Transaction<'static, Any>,
        (event, name): (&str, &str),
        by: &str,
    ) -> Result<(), Error> {
        let detail = std::iter::once(("name".to_owned(), name.to_owned())).collect();
        let noted = House::Noted { what: event.to_owned(), detail };
        self.write_lines(writing, by, vec![noted]).await
    }

    /// Returns the names of the hooks that may be delivered to now, without taking them.
    pub(super) async fn due_hooks(&self) -> Result<Vec<String>, Error> {
        let query = "SELECT name FROM webhooks \
                     WHERE is_dead = 0 AND next_at <= $1 AND leased_until <= $1 ORDER BY name";
        let query = sqlx::query(query).bind(self.clock().seconds());
        let rows = query.fetch_all(self.store().read()).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Takes a hook to deliver to it; none where another process was faster.
    pub(super) async fn lease_hook(&self, name: &str) -> Result<Option<(Hook, Vec<u8>)>, Error> {
        let now = self.clock().seconds();
        let mut writing = self.store().write().await?;
        let query = "UPDATE webhooks SET leased_until = $1 WHERE name = $2 AND is_dead = 0 \
                     AND next_at <= $3 AND leased_until <= $3";
        let query = sqlx::query(query).bind(now + LEASE_SECONDS).bind(name).bind(now);
        if query.execute(&mut *writing).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let query = format!("{COLUMNS} WHERE name = $1");
        let row =
            sqlx::query(sqlx::AssertSqlSafe(query)).bind(name).fetch_one(&mut *writing).await?;
        let sealed = sqlx::query("SELECT secret FROM webhooks WHERE name = $1").bind(name);
        let sealed: Vec<u8> = sealed.fetch_one(&mut *writing).await?.try_get(0)?;
        writing.commit().await?;
        let secret = self.key().open(PURPOSE, name, &sealed)?;
        Ok(Some((hook(&row)?, secret)))
    }

    /// Writes down how far a hook is, and gives it back.
    pub(super) async fn return_hook(
        &self,
        hook: &Hook,
        position: Option<u64>,
        outcome: Outcome<'_>,
    ) -> Result<(), Error> {
        let position = position.map_or(-1, |it| i64::try_from(it).unwrap_or(i64::MAX));
        let failed = i64::try_from(hook.failures).unwrap_or(i64::MAX);
        // What arrived before a failure begins the count anew.
        let failed = if has_moved(hook, position) { 0 } else { failed };
        let (failures, next_at, is_dead, fault) = match outcome {
            Outcome::Arrived => (0, 0, false, ""),
            Outcome::Gone(fault) => (failed + 1, 0, true, fault),
            Outcome::Failed(fault) => {
                let pause = usize::try_from(failed).ok().and_then(|at| PAUSES.get(at)).copied();
                let next_at = pause.map_or(0, |pause| self.clock().seconds() + pause);
                (failed + 1, next_at, pause.is_none(), fault)
            }
        };
        let mut writing = self.store().write().await?;
        let query = "UPDATE webhooks SET position = $1, failures = $2, next_at = $3, is_dead = $4, \
                     last_fault = $5, leased_until = 0 WHERE name = $6";
        sqlx::query(query)
            .bind(position)
            .bind(failures)
            .bind(next_at)
            .bind(i64::from(is_dead))
            .bind(fault)
            .bind(hook.name.as_str())
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }
}

fn has_moved(hook: &Hook, position: i64) -> bool {
    let before = hook.position.map_or(-1, |it| i64::try_from(it).unwrap_or(i64::MAX));
    position > before
}

fn hook(row: &AnyRow) -> Result<Hook, Error> {
    let position: i64 = row.try_get(4)?;
    Ok(Hook {
        name: row.try_get(0)?,
        url: row.try_get(1)?,
        agencies: words(&row.try_get::<String, _>(2)?),
        kinds: words(&row.try_get::<String, _>(3)?),
        position: u64::try_from(position).ok(),
        failures: row.try_get::<i64, _>(5)?.unsigned_abs(),
        next_at: row.try_get(6)?,
        is_dead: row.try_get::<i64, _>(7)? != 0,
        last_fault: row.try_get(8)?,
    })
}

fn require_name(name: &str) -> Result<(), Error> {
    let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || ".-_".contains(it);
    if (1..=NAME_LETTERS_MAX).contains(&name.len()) && name.chars().all(is_plain) {
        return Ok(());
    }
    let message = "use small letters, digits, `.`, `-` and `_`, at most 40";
    Err(Error::invalid("name", message))
}

/// Reads the address of a hook: encrypted, and without a name or password in it.
fn read_url(text: &str) -> Result<Url, Error> {
    let wrong = |message: &str| Error::invalid("url", message);
    let url = Url::parse(text).map_err(|error| wrong(&format!("this is no address: {error}")))?;
    if url.scheme() != "https" {
        return Err(wrong("it begins with `https://`"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(wrong("it has no name, password or fragment"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encrypted_and_holds_no_password() {
        assert!(read_url("https://jail.example/hooks?from=brightline").is_ok());
        for wrong in
            ["http://jail.example/", "https://a:b@jail.example/", "https://x/#y", "file:///", "x"]
        {
            assert!(read_url(wrong).is_err(), "{wrong}");
        }
    }
}
