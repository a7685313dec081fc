//! Signing in: one answer for every failure, and a lock after five.

use brightline_docket::{AccountEvent, House};
use sqlx::{Any, Row, Transaction};

use super::factor::Factor;
use super::secret::Secret;
use super::{Account, Accounts, Error, account, password};

/// So many failed tries within [`WINDOW_SECONDS`] lock an account until somebody releases it.
const FAILURES_MAX: i64 = 5;
const WINDOW_SECONDS: i64 = 15 * 60;

/// What somebody types in to sign in.
pub(crate) struct Credentials {
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) code: String,
}

/// What is kept to compare with.
struct Kept {
    account: Account,
    password: String,
    factor: Vec<u8>,
    step: i64,
}

impl Accounts {
    /// Opens a session; `None` whatever was wrong: the name, the password, the code, or a lock.
    pub(crate) async fn sign_in(&self, credentials: Credentials) -> Result<Option<Secret>, Error> {
        let name = credentials.name.trim().to_lowercase();
        let kept = self.kept(&name).await?;
        // An account that only a provider signs in has no password.
        let hash = kept.as_ref().map(|kept| kept.password.clone()).filter(|it| !it.is_empty());
        let is_right = password::is_equal(credentials.password, hash).await?;
        let step = kept.as_ref().and_then(|kept| self.step(kept, &credentials.code));
        let why = match (&kept, step) {
            (None, _) => "unknown",
            (Some(kept), _) if kept.account.is_locked => "locked",
            (Some(_), _) if !is_right => "password",
            (Some(_), None) => "code",
            (Some(kept), Some(step)) => match self.begin(&kept.account, step).await? {
                Some(secret) => return Ok(Some(secret)),
                // Another call used the code up, or somebody locked the account meanwhile.
                None => "code",
            },
        };
        self.fail(&name, kept.is_some(), why).await.map(|()| None)
    }

    async fn kept(&self, name: &str) -> Result<Option<Kept>, Error> {
        let query = "SELECT name, person, roles, agencies, locked_at, password, factor, \
                     factor_step FROM accounts WHERE name = $1";
        let row = sqlx::query(query).bind(name).fetch_optional(self.store().read()).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(Some(Kept {
            account: account(&row)?,
            password: row.try_get(5)?,
            factor: row.try_get(6)?,
            step: row.try_get(7)?,
        }))
    }

    fn step(&self, kept: &Kept, code: &str) -> Option<i64> {
        let factor = Factor::open(self.key(), &kept.account.name, &kept.factor).ok()?;
        factor.step_of(code, self.clock.seconds(), kept.step)
    }

    /// Uses the code up and opens a session, both or neither.
    async fn begin(&self, account: &Account, step: i64) -> Result<Option<Secret>, Error> {
        let now = self.clock.seconds();
        let mut writing = self.store().write().await?;
        let query = "UPDATE accounts SET factor_step = $1, used_at = $2 \
                     WHERE name = $3 AND factor_step < $1 AND locked_at = 0";
        let query = sqlx::query(query).bind(step).bind(now).bind(account.name.as_str());
        if query.execute(&mut *writing).await?.rows_affected() == 0 {
            return Ok(None);
        }
        let secret = self.open_session(&mut writing, &account.name).await?;
        let query = sqlx::query("DELETE FROM failed_tries WHERE name = $1");
        query.bind(account.name.as_str()).execute(&mut *writing).await?;
        let signed_in = AccountEvent::SignedIn { by: "password".to_owned() };
        self.note(&mut writing, &account.name, signed_in, &account.name).await?;
        writing.commit().await?;
        Ok(Some(secret))
    }

    /// Opens a session; its cookie is returned and kept nowhere.
    pub(super) async fn open_session(
        &self,
        writing: &mut Transaction<'static, Any>,
        name: &str,
    ) -> Result<Secret, Error> {
        let secret = Secret::new()?;
        let query = "INSERT INTO sessions (digest, account, created_at, seen_at) \
                     VALUES ($1, $2, $3, $3)";
        sqlx::query(query)
            .bind(secret.digest().bytes().to_vec())
            .bind(name)
            .bind(self.clock.seconds())
            .execute(&mut **writing)
            .await?;
        Ok(secret)
    }

    /// Counts a failure, for names that nobody has too, and locks the account at the last.
    pub(super) async fn fail(&self, name: &str, is_known: bool, why: &str) -> Result<(), Error> {
        let now = self.clock.seconds();
        let name: String = name.chars().take(64).collect();
        let mut writing = self.store().write().await?;
        let query = sqlx::query("DELETE FROM failed_tries WHERE at <= $1");
        query.bind(now - WINDOW_SECONDS).execute(&mut *writing).await?;
        let query = sqlx::query("INSERT INTO failed_tries (name, at) VALUES ($1, $2)");
        query.bind(name.as_str()).bind(now).execute(&mut *writing).await?;
        let query = sqlx::query("SELECT COUNT(*) FROM failed_tries WHERE name = $1");
        let row = query.bind(name.as_str()).fetch_one(&mut *writing).await?;
        // What somebody typed that is no account stays out of the log: it may be a password.
        let account = if is_known { name.clone() } else { String::new() };
        let event = |what| House::Account { account: account.clone(), what };
        let mut events = vec![event(refused(why))];
        if row.try_get::<i64, _>(0)? >= FAILURES_MAX {
            let query = "UPDATE accounts SET locked_at = $1 WHERE name = $2 AND locked_at = 0 \
                         AND password <> ''";
            let query = sqlx::query(query).bind(now).bind(name.as_str());
            if query.execute(&mut *writing).await?.rows_affected() > 0 {
                events.push(event(AccountEvent::Locked));
            }
        }
        self.write_lines(&mut writing, "failed tries", events).await?;
        Ok(writing.commit().await?)
    }
}

/// Returns what the log says of a try that failed.
pub(super) fn refused(why: &str) -> AccountEvent {
    AccountEvent::SignInRefused { why: why.to_owned() }
}
