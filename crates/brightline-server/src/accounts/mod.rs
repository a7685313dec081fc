//! Who may sign in: accounts, second factors, sessions, links that are good once, tokens.

mod enrol;
mod factor;
mod invitations;
mod kept;
mod key;
mod manage;
mod old_events;
mod openid;
mod passkeys;
mod password;
mod role;
mod secret;
mod session;
mod sign_in;
mod token;

use std::sync::Arc;

use brightline_docket::{AccountEvent, Chronicle, House, Lines, Migration, Store};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use crate::clock::Clock;

pub use brightline_docket::Error;
pub use enrol::NewAccount;
pub use key::ServiceKey;
pub use openid::Known;
pub use role::Role;

pub(crate) use enrol::{Enrolment, Offer};
pub(crate) use invitations::Waiting;
pub(crate) use kept::Kept;
pub(crate) use passkeys::{NewPasskey, PasskeyCredentials, PasskeyEntry};
pub(crate) use secret::{Secret, random};
pub(crate) use sign_in::Credentials;
use token::KnownTokens;
pub(crate) use token::{NewToken, TokenEntry};

/// Changes of the schema of the service, in order; whoever restores a backup hands them over.
pub const MIGRATIONS: &[Migration] = &[
    Migration::new(100, "accounts", include_str!("../../migrations/0100-accounts.sql")),
    Migration::new(110, "calls with a key", include_str!("../../migrations/0110-keyed-calls.sql")),
    Migration::new(111, "webhooks", include_str!("../../migrations/0111-webhooks.sql")),
    Migration::new(112, "accounts of a provider", include_str!("../../migrations/0112-openid.sql")),
    Migration::new(130, "passkeys", include_str!("../../migrations/0130-passkeys.sql")),
    Migration::new(131, "backups", include_str!("../../migrations/0131-backups.sql")),
    Migration::new(
        140,
        "what is kept for an account",
        include_str!("../../migrations/0140-kept.sql"),
    ),
    Migration::new(141, "letterheads", include_str!("../../migrations/0141-letterheads.sql")),
];

/// So many second factors are tried, as one of them may be damaged.
const FACTORS_TRIED: i64 = 8;
/// The roles of those who can be given a case.
const WORKS: [Role; 3] = [Role::Officer, Role::Supervisor, Role::Counsel];

/// The accounts of a service, in the store of its records.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    chronicle: Chronicle,
    key: Arc<ServiceKey>,
    clock: Clock,
    known: Arc<KnownTokens>,
}

/// What accounts are opened with.
pub struct AccountsParts {
    /// Where they are kept.
    pub store: Store,
    /// Where what happens to them is recorded.
    pub chronicle: Chronicle,
    /// The key of their second factors.
    pub key: ServiceKey,
    /// The time.
    pub clock: Clock,
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
    /// Brings the schema of accounts up to date; what happens to accounts goes into the chronicle.
    ///
    /// # Errors
    ///
    /// When the store cannot be written to, or is newer than this program.
    pub async fn open(parts: AccountsParts) -> Result<Self, Error> {
        let AccountsParts { store, chronicle, key, clock } = parts;
        store.migrate(MIGRATIONS).await?;
        let known = Arc::default();
        let accounts = Self { store, chronicle, key: Arc::new(key), clock, known };
        accounts.require_own_key().await?;
        accounts.move_old_events().await?;
        Ok(accounts)
    }

    /// Looks whether the key opens what was sealed by it: with another one nobody could sign in.
    async fn require_own_key(&self) -> Result<(), Error> {
        let query = "SELECT name, factor FROM accounts WHERE LENGTH(factor) > 0 LIMIT $1";
        let query = sqlx::query(query).bind(FACTORS_TRIED);
        let mut is_own = true;
        for row in query.fetch_all(self.store.read()).await? {
            let (name, sealed): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            is_own = factor::Factor::open(&self.key, &name, &sealed).is_ok();
            if is_own {
                break;
            }
        }
        let other = || {
            Error::unavailable("the key of the service is another one than these accounts need")
                .help("put keys/service.key back from where it was kept; nothing was changed")
        };
        is_own.then_some(()).ok_or_else(other)
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

    /// Returns who works with the requests of an agency and can be given one, by name.
    pub(crate) async fn colleagues(&self, agency: &str) -> Result<Vec<Account>, Error> {
        let serves = |it: &Account| it.agencies.iter().any(|own| own == agency || own == "*");
        let works = |it: &Account| it.roles.iter().any(|role| WORKS.contains(role));
        let mut all = self.list().await?;
        all.retain(|it| !it.is_locked && serves(it) && works(it));
        Ok(all)
    }

    /// Returns one account.
    pub(crate) async fn find(&self, name: &str) -> Result<Account, Error> {
        let query = "SELECT name, person, roles, agencies, locked_at FROM accounts WHERE name = $1";
        let row = sqlx::query(query).bind(name).fetch_optional(self.store.read()).await?;
        row.as_ref().map_or_else(|| Err(no_account(name)), account)
    }

    /// Records what happened to an account, in the transaction that makes it happen; it comes
    /// last there, since nothing else is recorded meanwhile.
    pub(crate) async fn note(
        &self,
        writing: &mut Transaction<'static, Any>,
        account: &str,
        what: AccountEvent,
        by: &str,
    ) -> Result<(), Error> {
        let events = vec![House::Account { account: account.to_owned(), what }];
        self.write_lines(writing, by, events).await
    }

    /// Records what somebody did with the own account.
    pub(crate) async fn note_own(&self, account: &str, what: AccountEvent) -> Result<(), Error> {
        let mut writing = self.store().write().await?;
        self.note(&mut writing, account, what, account).await?;
        Ok(writing.commit().await?)
    }

    pub(crate) async fn write_lines(
        &self,
        writing: &mut Transaction<'static, Any>,
        by: &str,
        events: Vec<House>,
    ) -> Result<(), Error> {
        let lines = Lines { by: by.to_owned(), at: self.clock.microseconds(), events };
        self.chronicle.write(writing, lines).await
    }
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
