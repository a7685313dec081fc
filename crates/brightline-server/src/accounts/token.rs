//! Tokens of other systems: scopes, agencies and an end.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use brightline_docket::AccountEvent;
use sqlx::Row;

use super::secret::{Secret, SecretDigest};
use super::{Accounts, Error, words};

/// A token that was found is looked for again after this long; one that another process revoked is
/// good until then.
const KNOWN_SECONDS: i64 = 2;
/// So many are known at once before all are forgotten.
const KNOWN_MAX: usize = 1024;

/// The tokens that were found a moment ago, by digest, with the time of that.
#[derive(Default)]
pub(super) struct KnownTokens(RwLock<HashMap<SecretDigest, (TokenEntry, i64)>>);

impl KnownTokens {
    fn find(&self, digest: SecretDigest, now: i64) -> Option<TokenEntry> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (entry, found_at) = known.get(&digest)?;
        let is_fresh = (0..KNOWN_SECONDS).contains(&(now - found_at)) && entry.expires_at > now;
        is_fresh.then(|| entry.clone())
    }

    fn keep(&self, digest: SecretDigest, entry: TokenEntry, now: i64) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(digest, (entry, now));
    }

    fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A token lasts at most a year.
const DAYS_MAX: i64 = 366;

/// A token that somebody asks for.
#[derive(Debug, Clone)]
pub(crate) struct NewToken {
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) agencies: Vec<String>,
    pub(crate) days: i64,
}

/// A token as it is shown: never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenEntry {
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) agencies: Vec<String>,
    /// Seconds since 1970.
    pub(crate) expires_at: i64,
}

impl Accounts {
    /// Makes a token and returns its secret, which is shown once and kept nowhere.
    pub(crate) async fn issue_token(&self, new: NewToken, by: &str) -> Result<String, Error> {
        if !(1..=DAYS_MAX).contains(&new.days) {
            return Err(Error::conflict(format!("a token lasts 1 to {DAYS_MAX} days")));
        }
        let secret = Secret::new()?;
        let now = self.clock.seconds();
        let mut writing = self.store().write().await?;
        let query = "INSERT INTO tokens (digest, name, scopes, agencies, created_by, created_at, \
                     expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        sqlx::query(query)
            .bind(secret.digest().bytes().to_vec())
            .bind(new.name.as_str())
            .bind(new.scopes.join(" "))
            .bind(new.agencies.join(" "))
            .bind(by)
            .bind(now)
            .bind(now + new.days * 24 * 3600)
            .execute(&mut *writing)
            .await?;
        let issued = AccountEvent::TokenIssued {
            scopes: new.scopes.into_iter().collect(),
            agencies: new.agencies.into_iter().collect(),
        };
        self.note(&mut writing, &new.name, issued, by).await?;
        writing.commit().await?;
        Ok(secret.text().to_owned())
    }

    /// Ends a token.
    pub(crate) async fn revoke_token(&self, name: &str, by: &str) -> Result<(), Error> {
        let mut writing = self.store().write().await?;
        let query = sqlx::query("DELETE FROM tokens WHERE name = $1").bind(name);
        if query.execute(&mut *writing).await?.rows_affected() == 0 {
            return Err(Error::not_found(format!("there is no token `{name}`")));
        }
        self.note(&mut writing, name, AccountEvent::TokenRevoked, by).await?;
        writing.commit().await?;
        self.known.forget();
        Ok(())
    }

    /// Returns all tokens, by name.
    pub(crate) async fn tokens(&self) -> Result<Vec<TokenEntry>, Error> {
        let query = "SELECT name, scopes, agencies, expires_at FROM tokens ORDER BY name";
        let rows = sqlx::query(query).fetch_all(self.store().read()).await?;
        rows.iter().map(entry).collect()
    }

    /// Returns the token of a secret, if it is still good.
    pub(crate) async fn token(&self, presented: &str) -> Result<Option<TokenEntry>, Error> {
        let Some(secret) = Secret::presented(presented) else {
            return Ok(None);
        };
        let (digest, now) = (secret.digest(), self.clock.seconds());
        if let Some(known) = self.known.find(digest, now) {
            return Ok(Some(known));
        }
        let query = "SELECT name, scopes, agencies, expires_at FROM tokens \
                     WHERE digest = $1 AND expires_at > $2";
        let row = sqlx::query(query)
            .bind(digest.bytes().to_vec())
            .bind(now)
            .fetch_optional(self.store().read())
            .await?;
        let found = row.as_ref().map(entry).transpose()?;
        if let Some(found) = &found {
            self.known.keep(digest, found.clone(), now);
        }
        Ok(found)
    }
}

fn entry(row: &sqlx::any::AnyRow) -> Result<TokenEntry, Error> {
    Ok(TokenEntry {
        name: row.try_get(0)?,
        scopes: words(&row.try_get::<String, _>(1)?),
        agencies: words(&row.try_get::<String, _>(2)?),
        expires_at: row.try_get(3)?,
    })
}
