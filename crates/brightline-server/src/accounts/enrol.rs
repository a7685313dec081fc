//! How an account comes to be: a link that is good once, then a password and a second factor.

use std::collections::BTreeSet;

use brightline_docket::AccountEvent;
use sqlx::{Any, Row, Transaction};

use super::factor::Factor;
use super::manage::{lock, require_administrator, require_other};
use super::secret::Secret;
use super::{Account, Accounts, Error, Role, invitations, passkeys, password, role, words};

/// A link is good for 72 hours.
pub(super) const LINK_SECONDS_MAX: i64 = 72 * 3600;
const NAME_LENGTH_MAX: usize = 40;
const PERSON_LENGTH_MAX: usize = 100;

/// An account that somebody is invited to open, or to open anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The name to sign in with; empty: the person chooses it.
    pub name: String,
    /// The person; empty: the person says so.
    pub person: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// Which roles of the packs' vocabulary the person holds.
    pub finders: Vec<String>,
    /// For which agencies, as `JURISDICTION/AGENCY`.
    pub agencies: Vec<String>,
}

impl NewAccount {
    /// Returns the names of all roles: of the service, and of the packs' vocabulary.
    pub(crate) fn role_names(&self) -> BTreeSet<String> {
        let own = self.roles.iter().map(|role| role.name().to_owned());
        own.chain(self.finders.iter().cloned()).collect()
    }

    /// Returns what the log says when somebody is invited.
    pub(super) fn invited(&self) -> AccountEvent {
        let agencies = self.agencies.iter().cloned().collect();
        AccountEvent::Invited { roles: self.role_names(), agencies }
    }
}

/// What a link offers, and a seed for the authenticator, to be sent back with its first code.
pub(crate) struct Offer {
    pub(crate) name: String,
    pub(crate) person: String,
    pub(crate) seed_text: String,
    pub(crate) seed_address: String,
    pub(crate) seed_sealed: String,
}

/// What the person answers.
#[derive(Default)]
pub(crate) struct Enrolment {
    pub(crate) name: String,
    pub(crate) person: String,
    pub(crate) password: String,
    pub(crate) seed_sealed: String,
    pub(crate) code: String,
}

impl Accounts {
    /// Returns whether there is any account.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn is_empty(&self) -> Result<bool, Error> {
        let row = sqlx::query("SELECT COUNT(*) FROM accounts").fetch_one(self.store().read());
        Ok(row.await?.try_get::<i64, _>(0)? == 0)
    }

    /// Makes a link for the first administrator; the links made before are dead from then on.
    ///
    /// # Errors
    ///
    /// When there is an account already, or the store cannot be written to.
    pub async fn invite_first(&self) -> Result<String, Error> {
        if !self.is_empty().await? {
            return Err(Error::conflict("this service was set up already"));
        }
        let mut writing = self.store().write().await?;
        sqlx::query("DELETE FROM invitations").execute(&mut *writing).await?;
        writing.commit().await?;
        let roles = vec![Role::Administrator];
        let (name, person) = (String::new(), String::new());
        let new = NewAccount { name, person, roles, finders: vec![], agencies: vec![] };
        self.invite(&new, "set-up").await
    }

    /// Makes a link by which somebody opens an account, and returns its last part; one that was
    /// made for the same name before is void from then on.
    ///
    /// # Errors
    ///
    /// When the name cannot be one, or the store cannot be written to.
    pub async fn invite(&self, new: &NewAccount, by: &str) -> Result<String, Error> {
        if !new.name.is_empty() {
            require_name(&new.name)?;
            self.require_free(&new.name).await?;
        }
        require_agencies(&new.agencies)?;
        let mut writing = self.store().write().await?;
        invitations::void(&mut writing, &new.name).await?;
        let link = self.write_invitation(&mut writing, new).await?;
        self.note(&mut writing, &new.name, new.invited(), by).await?;
        writing.commit().await?;
        Ok(link)
    }

    /// A link for somebody else must not take over an account that is there.
    async fn require_free(&self, name: &str) -> Result<(), Error> {
        match self.find(name).await {
            Ok(_) => Err(Error::conflict(format!("there is an account `{name}` already"))
                .help("reset it to make a new link for it, or take another name")),
            Err(error) if error.is_not_found() => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn write_invitation(
        &self,
        writing: &mut Transaction<'static, Any>,
        new: &NewAccount,
    ) -> Result<String, Error> {
        let secret = Secret::new()?;
        let query = "INSERT INTO invitations (digest, name, person, roles, agencies, created_at, \
                     used_at) VALUES ($1, $2, $3, $4, $5, $6, 0)";
        sqlx::query(query)
            .bind(secret.digest().bytes().to_vec())
            .bind(new.name.as_str())
            .bind(new.person.as_str())
            .bind(role::write_all(&new.roles, &new.finders))
            .bind(new.agencies.join(" "))
            .bind(self.clock.seconds())
            .execute(&mut **writing)
            .await?;
        Ok(secret.text().to_owned())
    }

    /// Makes a link by which the holder of an account chooses a new password and second factor.
    ///
    /// The old ones are void at once.
    ///
    /// # Errors
    ///
    /// When there is no such account, it is the caller's own or that of the last administrator, or
    /// the store cannot be written to.
    pub async fn reset(&self, name: &str, by: &str) -> Result<String, Error> {
        require_other(name, by)?;
        let Account { name, person, roles, finders, agencies, .. } = self.find(name).await?;
        let new = NewAccount { name, person, roles, finders, agencies };
        let mut writing = self.store().write().await?;
        lock(&mut writing, &new.name, self.clock.seconds()).await?;
        // Who releases the account before the link was used must not bring the old ones back.
        let query = "UPDATE accounts SET password = '', factor = $1 WHERE name = $2";
        let query = sqlx::query(query).bind(Vec::new()).bind(new.name.as_str());
        query.execute(&mut *writing).await?;
        passkeys::remove_all(&mut writing, &new.name).await?;
        let link = self.write_invitation(&mut writing, &new).await?;
        self.note(&mut writing, &new.name, AccountEvent::Reset, by).await?;
        require_administrator(&mut writing, by).await?;
        writing.commit().await?;
        Ok(link)
    }

    /// Returns what a link offers; `None` when it is none of ours, too old, or was used.
    pub(crate) async fn offer(&self, link: &str) -> Result<Option<Offer>, Error> {
        let Some(invitation) = self.invitation(link).await? else {
            return Ok(None);
        };
        let seed = Factor::new()?;
        let sealed = seed.seal(self.key(), link)?;
        Ok(Some(Offer {
            seed_text: seed.text(),
            seed_address: seed.address(&invitation.name),
            seed_sealed: data_encoding::BASE64URL_NOPAD.encode(&sealed),
            name: invitation.name,
            person: invitation.person,
        }))
    }

    async fn invitation(&self, link: &str) -> Result<Option<NewAccount>, Error> {
        let Some(secret) = Secret::presented(link) else {
            return Ok(None);
        };
        let query = "SELECT name, person, roles, agencies FROM invitations \
                     WHERE digest = $1 AND used_at = 0 AND created_at > $2";
        let row = sqlx::query(query)
            .bind(secret.digest().bytes().to_vec())
            .bind(self.clock.seconds() - LINK_SECONDS_MAX)
            .fetch_optional(self.store().read())
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(Some(NewAccount {
            name: row.try_get(0)?,
            person: row.try_get(1)?,
            roles: role::read_all(&row.try_get::<String, _>(2)?),
            finders: role::read_finders(&row.try_get::<String, _>(2)?),
            agencies: words(&row.try_get::<String, _>(3)?),
        }))
    }

    /// Opens the account that a link offers, and uses the link up.
    pub(crate) async fn enrol(&self, link: &str, answer: Enrolment) -> Result<Account, Error> {
        let Some(mut new) = self.invitation(link).await? else {
            return Err(link_is_dead());
        };
        let chooses_name = new.name.is_empty();
        if chooses_name {
            require_name(&answer.name)?;
            new.name = answer.name;
        }
        let person = answer.person.trim();
        if !person.is_empty() {
            new.person = person.to_owned();
        }
        if new.person.is_empty() || new.person.len() > PERSON_LENGTH_MAX {
            return Err(Error::conflict("the name of the person is missing or too long"));
        }
        password::require_good(&answer.password, &new.name)?;
        let (seed, step) = self.confirmed_seed(link, &answer.seed_sealed, &answer.code)?;
        let password = password::kept(answer.password).await?;
        let factor = seed.seal(self.key(), &new.name)?;
        let secrets = Secrets { password, factor, step };
        self.write_account(link, &new, secrets, chooses_name).await
    }

    fn confirmed_seed(&self, link: &str, sealed: &str, code: &str) -> Result<(Factor, i64), Error> {
        let sealed = data_encoding::BASE64URL_NOPAD.decode(sealed.as_bytes()).unwrap_or_default();
        let seed = Factor::open(self.key(), link, &sealed)?;
        let step = seed.step_of(code, self.clock.seconds(), 0).ok_or_else(|| {
            Error::conflict("the code is not the one that the authenticator shows now")
                .help("is the clock of the authenticator right?")
        })?;
        Ok((seed, step))
    }

    async fn write_account(
        &self,
        link: &str,
        new: &NewAccount,
        secrets: Secrets,
        is_new_name: bool,
    ) -> Result<Account, Error> {
        let now = self.clock.seconds();
        let digest = Secret::presented(link).ok_or_else(link_is_dead)?.digest();
        let mut writing = self.store().write().await?;
        let query = "UPDATE invitations SET used_at = $1 WHERE digest = $2 AND used_at = 0";
        let query = sqlx::query(query).bind(now).bind(digest.bytes().to_vec());
        if query.execute(&mut *writing).await?.rows_affected() == 0 {
            return Err(link_is_dead());
        }
        if !is_new_name {
            let query = sqlx::query("DELETE FROM accounts WHERE name = $1").bind(new.name.as_str());
            query.execute(&mut *writing).await?;
            passkeys::remove_all(&mut writing, &new.name).await?;
        }
        insert(&mut writing, new, secrets, now).await?;
        self.note(&mut writing, &new.name, AccountEvent::Opened, &new.name).await?;
        writing.commit().await?;
        self.find(&new.name).await
    }
}

/// Writes an account that is not there yet; no other link opens it any more.
pub(super) async fn insert(
    writing: &mut Transaction<'static, Any>,
    new: &NewAccount,
    secrets: Secrets,
    now: i64,
) -> Result<(), Error> {
    invitations::void(writing, &new.name).await?;
    let query = "INSERT INTO accounts (name, person, password, factor, factor_step, roles, \
                 agencies, created_at, used_at, locked_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0)";
    let inserted = sqlx::query(query)
        .bind(new.name.as_str())
        .bind(new.person.as_str())
        .bind(secrets.password)
        .bind(secrets.factor)
        .bind(secrets.step)
        .bind(role::write_all(&new.roles, &new.finders))
        .bind(new.agencies.join(" "))
        .bind(now)
        .execute(&mut **writing)
        .await;
    inserted.map(|_| ()).map_err(|error| match Error::from(error) {
        taken if taken.is_conflict() => Error::conflict("this name is taken"),
        other => other,
    })
}

/// What only the holder of an account knows, as it is kept; empty where a provider signs in.
#[derive(Default)]
pub(super) struct Secrets {
    password: String,
    factor: Vec<u8>,
    step: i64,
}

/// Refuses an account that lacks something or cannot be called so.
pub(super) fn require_account(new: &NewAccount) -> Result<(), Error> {
    require_name(&new.name)?;
    if new.person.is_empty() || new.person.len() > PERSON_LENGTH_MAX {
        return Err(Error::conflict("the name of the person is missing or too long"));
    }
    require_agencies(&new.agencies)
}

fn link_is_dead() -> Error {
    Error::not_found("this link was used, is too old, or is none of ours")
}

fn require_name(name: &str) -> Result<(), Error> {
    let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || ".-_".contains(it);
    if !name.is_empty() && name.len() <= NAME_LENGTH_MAX && name.chars().all(is_plain) {
        return Ok(());
    }
    let error = Error::conflict(format!("`{name}` cannot be the name of an account"));
    Err(error.help("use small letters, digits, `.`, `-` and `_`, at most 40"))
}

pub(super) fn require_agencies(agencies: &[String]) -> Result<(), Error> {
    agencies.iter().try_for_each(|agency| require_agency(agency))
}

fn require_agency(agency: &str) -> Result<(), Error> {
    let is_plain = |it: &str| !it.is_empty() && !it.contains(char::is_whitespace);
    if agency.split_once('/').is_some_and(|(pack, name)| is_plain(pack) && is_plain(name)) {
        return Ok(());
    }
    Err(Error::conflict(format!("`{agency}` names no agency")).help("write JURISDICTION/AGENCY"))
}
