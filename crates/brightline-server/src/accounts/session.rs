//! Sessions: found by the digest of a cookie, locked when idle, over after a day's work.

use brightline_docket::{AccountEvent, House};
use sqlx::Row;

use super::secret::Secret;
use super::{Account, Accounts, Error, account};

/// A session that was not used for 30 minutes is over.
const IDLE_SECONDS_MAX: i64 = 30 * 60;
/// No session lasts longer than 12 hours.
const SESSION_SECONDS_MAX: i64 = 12 * 3600;
/// The time of the last use is written at most this often.
const SEEN_SECONDS: i64 = 60;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) account: Account,
    /// What a form of this session must send back.
    pub(crate) form_token: String,
}

impl Accounts {
    /// Returns the session of a cookie, if it is still good.
    pub(crate) async fn session(&self, cookie: &str) -> Result<Option<Session>, Error> {
        let Some(secret) = Secret::presented(cookie) else {
            return Ok(None);
        };
        let now = self.clock.seconds();
        let digest = secret.digest();
        let query = "SELECT a.name, a.person, a.roles, a.agencies, a.locked_at, s.seen_at \
                     FROM sessions s JOIN accounts a ON a.name = s.account \
                     WHERE s.digest = $1 AND s.created_at > $2 AND s.seen_at > $3";
        let row = sqlx::query(query)
            .bind(digest.bytes().to_vec())
            .bind(now - SESSION_SECONDS_MAX)
            .bind(now - IDLE_SECONDS_MAX)
            .fetch_optional(self.store().read())
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let account = account(&row)?;
        if account.is_locked {
            return Ok(None);
        }
        if now - row.try_get::<i64, _>(5)? >= SEEN_SECONDS {
            let mut writing = self.store().write().await?;
            let query = sqlx::query("UPDATE sessions SET seen_at = $1 WHERE digest = $2");
            query.bind(now).bind(digest.bytes().to_vec()).execute(&mut *writing).await?;
            writing.commit().await?;
        }
        Ok(Some(Session { account, form_token: self.form_token(&secret) }))
    }

    /// Ends a session.
    pub(crate) async fn sign_out(&self, cookie: &str) -> Result<(), Error> {
        let Some(secret) = Secret::presented(cookie) else {
            return Ok(());
        };
        let mut writing = self.store().write().await?;
        let query = "DELETE FROM sessions WHERE digest = $1 RETURNING account";
        let query = sqlx::query(query).bind(secret.digest().bytes().to_vec());
        if let Some(row) = query.fetch_optional(&mut *writing).await? {
            let account: String = row.try_get(0)?;
            self.note(&mut writing, &account, AccountEvent::SignedOut, &account).await?;
        }
        Ok(writing.commit().await?)
    }

    /// Forgets the sessions that are over, and records that they ended.
    ///
    /// # Errors
    ///
    /// When the store cannot be written to.
    pub async fn end_idle_sessions(&self) -> Result<(), Error> {
        let now = self.clock.seconds();
        let over = |query| {
            let query = sqlx::query(query).bind(now - SESSION_SECONDS_MAX);
            query.bind(now - IDLE_SECONDS_MAX)
        };
        let query = "SELECT 1 FROM sessions WHERE created_at <= $1 OR seen_at <= $2 LIMIT 1";
        if over(query).fetch_optional(self.store().read()).await?.is_none() {
            return Ok(());
        }
        let mut writing = self.store().write().await?;
        let query = "DELETE FROM sessions WHERE created_at <= $1 OR seen_at <= $2 \
                     RETURNING account";
        let rows = over(query).fetch_all(&mut *writing).await?;
        let mut ended = Vec::with_capacity(rows.len());
        for row in rows {
            let what = AccountEvent::SignedOut;
            ended.push(House::Account { account: row.try_get(0)?, what });
        }
        self.write_lines(&mut writing, "brightline", ended).await?;
        Ok(writing.commit().await?)
    }

    fn form_token(&self, secret: &Secret) -> String {
        let code = self.key().code(&["form token", secret.text()]);
        data_encoding::BASE64URL_NOPAD.encode(&code)
    }
}
