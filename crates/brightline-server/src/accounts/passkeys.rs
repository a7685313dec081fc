//! Passkeys of accounts: added with the password, several, named; each challenge is good once.

use brightline_docket::{AccountEvent, House};
use data_encoding::HEXLOWER;
use sqlx::{Any, Row, Transaction};

use super::secret::Secret;
use super::sign_in::refused;
use super::{Account, Accounts, Error, account, password};
use crate::passkeys::{Challenge, HANDLE_BYTES, Kept, Owner, Place};

/// Passkeys of one account.
const PASSKEYS_MAX: usize = 10;
const NAME_LETTERS_MAX: usize = 60;
/// Answered challenges are kept for longer than any challenge is good.
const KEPT_SECONDS: i64 = 3600;
/// So many bytes of an identifier are told in the log.
const TOLD_BYTES: usize = 8;

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PasskeyEntry {
    /// Its identifier, in hexadecimal.
    pub(crate) id: String,
    pub(crate) name: String,
    /// Seconds since 1970.
    pub(crate) created_at: i64,
    /// Seconds since 1970; 0 before it was used.
    pub(crate) used_at: i64,
}

/// What the owner of an account sends to add a passkey.
pub(crate) struct NewPasskey<'a> {
    pub(crate) name: &'a str,
    pub(crate) password: String,
    /// The sealed challenge, and what the browser answered.
    pub(crate) answer: (&'a str, &'a str),
}

/// What somebody sends to sign in by a passkey.
pub(crate) struct PasskeyCredentials<'a> {
    /// The name and the password, where they were typed in as well.
    pub(crate) typed: Option<(String, String)>,
    /// The sealed challenge, and what the browser answered.
    pub(crate) answer: (&'a str, &'a str),
}

impl Accounts {
    /// Returns the passkeys of an account, the oldest first.
    pub(crate) async fn passkeys(&self, account: &str) -> Result<Vec<PasskeyEntry>, Error> {
        let query = "SELECT id, name, created_at, used_at FROM passkeys WHERE account = $1 \
                     ORDER BY created_at, name";
        let rows = sqlx::query(query).bind(account).fetch_all(self.store().read()).await?;
        let entry = |row: &sqlx::any::AnyRow| {
            let id = HEXLOWER.encode(&row.try_get::<Vec<u8>, _>(0)?);
            let (created_at, used_at) = (row.try_get(2)?, row.try_get(3)?);
            Ok(PasskeyEntry { id, name: row.try_get(1)?, created_at, used_at })
        };
        rows.iter().map(entry).collect()
    }

    /// Returns whether an account may have passkeys: one that only a provider signs in may not,
    /// or it would stay open when the provider closes it.
    pub(crate) async fn has_password(&self, account: &str) -> Result<bool, Error> {
        let query = "SELECT 1 FROM accounts WHERE name = $1 AND password <> ''";
        let query = sqlx::query(query).bind(account);
        Ok(query.fetch_optional(self.store().read()).await?.is_some())
    }

    /// Returns what the page of an account needs to make a passkey.
    pub(crate) async fn offer_passkey(
        &self,
        account: &Account,
        place: &Place,
    ) -> Result<Challenge, Error> {
        let known = self.passkeys(&account.name).await?;
        let known = known.iter().filter_map(|it| HEXLOWER.decode(it.id.as_bytes()).ok());
        let handle = self.handle(&account.name);
        let owner = Owner { account: &account.name, person: &account.person, handle };
        place.offer(self.key(), &owner, known.collect())
    }

    /// Adds a passkey to an account whose password is known.
    pub(crate) async fn add_passkey(
        &self,
        account: &str,
        place: &Place,
        new: NewPasskey<'_>,
    ) -> Result<(), Error> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > NAME_LETTERS_MAX {
            return Err(Error::conflict("the name of the passkey is missing or too long"));
        }
        if !self.is_password(account, new.password).await? {
            self.fail(account, true, "password").await?;
            return Err(Error::conflict("the password is wrong"));
        }
        let kept = place.registered(self.key(), account, new.answer)?;
        let told = told(&kept.id);
        let mut writing = self.store().write().await?;
        require_room(&mut writing, account).await?;
        let query = "INSERT INTO passkeys (id, account, name, fixed, moving, created_at, used_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, 0)";
        let inserted = sqlx::query(query)
            .bind(kept.id)
            .bind(account)
            .bind(name)
            .bind(kept.fixed)
            .bind(kept.moving)
            .bind(self.clock().seconds())
            .execute(&mut *writing)
            .await;
        inserted.map_err(|error| match Error::from(error) {
            taken if taken.is_conflict() => Error::conflict("this passkey is known already"),
            other => other,
        })?;
        let added = AccountEvent::PasskeyAdded { id: told };
        self.note(&mut writing, account, added, account).await?;
        Ok(writing.commit().await?)
    }

    async fn is_password(&self, account: &str, typed: String) -> Result<bool, Error> {
        let query = "SELECT password FROM accounts WHERE name = $1 AND password <> ''";
        let row = sqlx::query(query).bind(account).fetch_optional(self.store().read()).await?;
        let kept = row.map(|row| row.try_get::<String, _>(0)).transpose()?;
        password::is_equal(typed, kept).await
    }

    /// Takes a passkey away from the account that has it.
    pub(crate) async fn remove_passkey(&self, account: &str, id: &str) -> Result<(), Error> {
        let bytes = HEXLOWER.decode(id.as_bytes()).unwrap_or_default();
        let told = told(&bytes);
        let mut writing = self.store().write().await?;
        let query = "DELETE FROM passkeys WHERE id = $1 AND account = $2";
        let query = sqlx::query(query).bind(bytes).bind(account);
        if query.execute(&mut *writing).await?.rows_affected() == 0 {
            return Err(Error::not_found("there is no such passkey"));
        }
        let removed = AccountEvent::PasskeyRemoved { id: told };
        self.note(&mut writing, account, removed, account).await?;
        Ok(writing.commit().await?)
    }

    /// Opens a session; `None` whatever was wrong.
    pub(crate) async fn sign_in_by_passkey(
        &self,
        place: &Place,
        sent: PasskeyCredentials<'_>,
    ) -> Result<Option<Secret>, Error> {
        let typed_name = sent.typed.as_ref().map(|(name, _)| name.trim().to_lowercase());
        let (owner, why) = match self.look(place, sent).await? {
            Look::Right(owner, used) => match self.begin_by_passkey(&owner, used).await? {
                Some(secret) => return Ok(Some(secret)),
                // The challenge was answered before, or somebody locked the account meanwhile.
                None => (owner, "passkey"),
            },
            Look::Wrong(owner, why) => (owner, why),
        };
        match typed_name {
            // A password was tried: that is counted as where a code is typed in.
            Some(name) => {
                let is_known = self.find(&name).await.is_ok();
                self.fail(&name, is_known, why).await?;
            }
            None => self.note_refused(owner, why).await?,
        }
        Ok(None)
    }

    /// Looks at everything but whether the challenge was answered before.
    async fn look(&self, place: &Place, sent: PasskeyCredentials<'_>) -> Result<Look, Error> {
        let is_typed_right = match &sent.typed {
            Some((name, password)) => {
                self.is_password(&name.trim().to_lowercase(), password.clone()).await?
            }
            None => !place.is_with_password(),
        };
        let answer = match place.read(self.key(), sent.answer) {
            Ok(answer) => answer,
            Err(error) => return Ok(refused_passkey("", &error)),
        };
        let Some((account, kept)) = self.owner(answer.id()).await? else {
            return Ok(Look::Wrong(String::new(), "unknown"));
        };
        let name = account.name;
        let is_other = sent.typed.is_some_and(|(typed, _)| typed.trim().to_lowercase() != name);
        if account.is_locked {
            return Ok(Look::Wrong(name, "locked"));
        }
        if !is_typed_right || is_other {
            return Ok(Look::Wrong(name, "password"));
        }
        let challenge = answer.challenge;
        match place.verify(answer, &kept, self.handle(&name)) {
            Ok(moving) => Ok(Look::Right(name, Used { challenge, kept, moving })),
            Err(error) if error.is_conflict() => Ok(refused_passkey(&name, &error)),
            Err(error) => Err(error),
        }
    }

    /// Returns whose passkey an identifier is.
    async fn owner(&self, id: &[u8]) -> Result<Option<(Account, Kept)>, Error> {
        let query = "SELECT a.name, a.person, a.roles, a.agencies, a.locked_at, p.fixed, p.moving \
                     FROM passkeys p JOIN accounts a ON a.name = p.account \
                     WHERE p.id = $1 AND a.password <> ''";
        let row = sqlx::query(query).bind(id.to_vec()).fetch_optional(self.store().read()).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let (fixed, moving) = (row.try_get(5)?, row.try_get(6)?);
        Ok(Some((account(&row)?, Kept { id: id.to_vec(), fixed, moving })))
    }

    /// Uses the challenge up, counts the passkey on and opens a session: all or nothing.
    async fn begin_by_passkey(&self, name: &str, used: Used) -> Result<Option<Secret>, Error> {
        let now = self.clock().seconds();
        let mut writing = self.store().write().await?;
        let query = "INSERT INTO passkey_challenges (challenge, used_at) VALUES ($1, $2) \
                     ON CONFLICT DO NOTHING";
        let query = sqlx::query(query).bind(used.challenge.to_vec()).bind(now);
        let is_first = query.execute(&mut *writing).await?.rows_affected() == 1;
        let query = "UPDATE passkeys SET moving = $1, used_at = $2 \
                     WHERE id = $3 AND account = $4 AND moving = $5";
        let query = sqlx::query(query).bind(used.moving).bind(now).bind(used.kept.id);
        let query = query.bind(name).bind(used.kept.moving);
        let is_counted = query.execute(&mut *writing).await?.rows_affected() == 1;
        let query = "UPDATE accounts SET used_at = $1 WHERE name = $2 AND locked_at = 0";
        let query = sqlx::query(query).bind(now).bind(name);
        let is_open = query.execute(&mut *writing).await?.rows_affected() == 1;
        if !(is_first && is_counted && is_open) {
            return Ok(None);
        }
        let secret = self.open_session(&mut writing, name).await?;
        let query = sqlx::query("DELETE FROM failed_tries WHERE name = $1").bind(name);
        query.execute(&mut *writing).await?;
        let signed_in = AccountEvent::SignedIn { by: "passkey".to_owned() };
        self.note(&mut writing, name, signed_in, name).await?;
        writing.commit().await?;
        Ok(Some(secret))
    }

    /// Records a try that cannot be a guess, so that nobody locks an account by it.
    async fn note_refused(&self, account: String, why: &str) -> Result<(), Error> {
        let events = vec![House::Account { account, what: refused(why) }];
        let mut writing = self.store().write().await?;
        self.write_lines(&mut writing, "failed tries", events).await?;
        Ok(writing.commit().await?)
    }

    /// Forgets challenges that nobody can answer any more.
    pub(crate) async fn forget_old_challenges(&self) -> Result<(), Error> {
        let mut writing = self.store().write().await?;
        let query = sqlx::query("DELETE FROM passkey_challenges WHERE used_at <= $1");
        query.bind(self.clock().seconds() - KEPT_SECONDS).execute(&mut *writing).await?;
        Ok(writing.commit().await?)
    }

    /// By what an authenticator knows an account.
    fn handle(&self, account: &str) -> [u8; HANDLE_BYTES] {
        self.key().code(&["passkey", account])
    }
}

/// What was found.
enum Look {
    /// Everything is right but for what only the store knows.
    Right(String, Used),
    /// Something is wrong: with whose passkey, as far as is known, and a short name of what.
    Wrong(String, &'static str),
}

fn refused_passkey(owner: &str, error: &Error) -> Look {
    tracing::info!(%error, "a passkey was refused");
    Look::Wrong(owner.to_owned(), "passkey")
}

/// A passkey that was found right, and the challenge that it answered.
struct Used {
    challenge: [u8; 16],
    kept: Kept,
    moving: Vec<u8>,
}

/// Takes all passkeys of an account away.
pub(super) async fn remove_all(
    writing: &mut Transaction<'static, Any>,
    account: &str,
) -> Result<(), Error> {
    let query = sqlx::query("DELETE FROM passkeys WHERE account = $1").bind(account);
    query.execute(&mut **writing).await?;
    Ok(())
}

async fn require_room(writing: &mut Transaction<'static, Any>, account: &str) -> Result<(), Error> {
    let query = sqlx::query("SELECT COUNT(*) FROM passkeys WHERE account = $1").bind(account);
    let count = query.fetch_one(&mut **writing).await?.try_get::<i64, _>(0)?;
    if usize::try_from(count).unwrap_or(usize::MAX) < PASSKEYS_MAX {
        return Ok(());
    }
    let error = Error::conflict(format!("an account has at most {PASSKEYS_MAX} passkeys"));
    Err(error.help("remove one that is not used any more"))
}

fn told(id: &[u8]) -> String {
    HEXLOWER.encode(id.get(..TOLD_BYTES.min(id.len())).unwrap_or_default())
}
