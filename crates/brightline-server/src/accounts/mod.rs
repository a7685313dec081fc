//! Who may sign in: accounts, second factors, sessions, links that are good once, tokens.

mod enrol;
mod factor;
mod key;
mod openid;
mod password;
mod role;
mod secret;
mod session;
mod sign_in;
mod token;

use std::sync::Arc;

use brightline_docket::{Migration, Store};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::clock::Clock;

pub use brightline_docket::Error;
pub use enrol::NewAccount;
pub use key::ServiceKey;
pub use openid::Known;
pub use role::Role;

pub(crate) use enrol::{Enrolment, Offer};
pub(crate) use secret::random;
pub(crate) use sign_in::Credentials;
use token::KnownTokens;
pub(crate) use token::{NewToken, TokenEntry};

/// Changes of the schema of the service, in order; whoever restores a backup hands them over.
pub const MIGRATIONS: &[Migration] = &[
    Migration::new(100, "accounts", include_str!("../../migrations/0100-accounts.sql")),
    Migration::new(110, "calls with a key", include_str!("../../migrations/0110-keyed-calls.sql")),
    Migration::new(111, "webhooks", include_str!("../../migrations/0111-webhooks.sql")),
    Migration::new(112, "accounts of a provider", include_str!("../../migrations/0112-openid.sql")),
];

/// The accounts of a service, in the store of its records.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    key: Arc<ServiceKey>,
    clock: Clock,
    known: Arc<KnownTokens>,
}

/// Someone who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name that is typed in; small letters, digits, `.`, `-`, `_`.
    pub name: String,
    /// The person, as in a letter.
    pub person: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// Which roles of the packs' vocabulary the person holds: as which findings are made.
    pub finders: Vec<String>,
    /// For which agencies, as `JURISDICTION/AGENCY`.
    pub agencies: Vec<String>,
    /// It was locked, by failed tries or by an administrator.
    pub is_locked: bool,
}

impl Account {
    /// Returns the names of all roles: of the service, and of the packs' vocabulary.
    pub fn role_names(&self) -> impl Iterator<Item = String> {
        let own = self.roles.iter().map(|role| role.name().to_owned());
        own.chain(self.finders.iter().cloned())
    }
}

impl Accounts {
    /// Brings the schema of accounts up to date.
    ///
    /// # Errors
    ///
    /// When the store cannot be written to, or is newer than this program.
    pub async fn open(store: Store, key: ServiceKey, clock: Clock) -> Result<Self, Error> {
        store.migrate(MIGRATIONS).await?;
        let known = Arc::default();
        Ok(Self { store, key: Arc::new(key), clock, known })
    }

    pub(crate) fn key(&self) -> &ServiceKey {
        &self.key
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Returns all accounts, by name.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn list(&self) -> Result<Vec<Account>, Error> {
        let query = "SELECT name, person, roles, agencies, locked_at FROM accounts ORDER BY name";
        let rows = sqlx::query(query).fetch_all(self.store.read()).await?;
        rows.iter().map(account).collect()
    }

    /// Returns one account.
    pub(crate) async fn find(&self, name: &str) -> Result<Account, Error> {
        let query = "SELECT name, person, roles, agencies, locked_at FROM accounts WHERE name = $1";
        let row = sqlx::query(query).bind(name).fetch_optional(self.store.read()).await?;
        row.as_ref().map_or_else(|| Err(no_account(name)), account)
    }

    /// Locks an account and ends its sessions.
    ///
    /// # Errors
    ///
    /// When there is no such account, or the store cannot be written to.
    pub async fn lock(&self, name: &str, by: &str) -> Result<(), Error> {
        let mut writing = self.store.write().await?;
        let now = self.clock.seconds();
        let query = "UPDATE accounts SET locked_at = $1 WHERE name = $2";
        let done = sqlx::query(query).bind(now).bind(name).execute(&mut *writing).await?;
        if done.rows_affected() == 0 {
            return Err(no_account(name));
        }
        end_sessions(&mut writing, name).await?;
        self.note(&mut writing, name, "locked", by).await?;
        Ok(writing.commit().await?)
    }

    /// Releases an account.
    ///
    /// # Errors
    ///
    /// When there is no such account, or the store cannot be written to.
    pub async fn release(&self, name: &str, by: &str) -> Result<(), Error> {
        let mut writing = self.store.write().await?;
        let query = "UPDATE accounts SET locked_at = 0 WHERE name = $1";
        let done = sqlx::query(query).bind(name).execute(&mut *writing).await?;
        if done.rows_affected() == 0 {
            return Err(no_account(name));
        }
        let query = "DELETE FROM failed_tries WHERE name = $1";
        sqlx::query(query).bind(name).execute(&mut *writing).await?;
        self.note(&mut writing, name, "released", by).await?;
        Ok(writing.commit().await?)
    }

    /// Writes down what happened to an account.
    pub(crate) async fn note(
        &self,
        writing: &mut Transaction<'static, Any>,
        name: &str,
        event: &'static str,
        by: &str,
    ) -> Result<(), Error> {
        let query =
            "INSERT INTO account_events (at, name, event, by_account) VALUES ($1, $2, $3, $4)";
        let query = sqlx::query(query).bind(self.clock.seconds()).bind(name).bind(event).bind(by);
        query.execute(&mut **writing).await?;
        Ok(())
    }
}

async fn end_sessions(writing: &mut Transaction<'static, Any>, name: &str) -> Result<(), Error> {
    let query = sqlx::query("DELETE FROM sessions WHERE account = $1").bind(name);
    query.execute(&mut **writing).await?;
    Ok(())
}

/// Reads name, person, roles, agencies and the time of the lock, in this order.
fn account(row: &AnyRow) -> Result<Account, Error> {
    Ok(Account {
        name: row.try_get(0)?,
        person: row.try_get(1)?,
        roles: role::read_all(&row.try_get::<String, _>(2)?),
        finders: role::read_finders(&row.try_get::<String, _>(2)?),
        agencies: words(&row.try_get::<String, _>(3)?),
        is_locked: row.try_get::<i64, _>(4)? != 0,
    })
}

pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn no_account(name: &str) -> Error {
    Error::not_found(format!("there is no account `{name}`"))
}
