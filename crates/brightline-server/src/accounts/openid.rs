//! Accounts that a provider signs in: made by an administrator, recognized by subject or e-mail.

use brightline_docket::{AccountEvent, House};
use sqlx::{Any, Transaction};

use super::enrol::{Secrets, insert, require_account};
use super::secret::Secret;
use super::sign_in::refused;
use super::{Account, Accounts, Error, NewAccount, account};

const SUBJECT_BYTES_MAX: usize = 255;
/// Who the log says has signed an account in, where a provider did.
const PROVIDER: &str = "the provider";

/// By what a provider's person is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// The name that the provider has for the person; it never changes.
    Subject(String),
    /// The e-mail address that the provider vouches for; from the first time on the subject counts.
    Email(String),
}

impl Accounts {
    /// Makes an account without a password: only the provider signs it in.
    ///
    /// # Errors
    ///
    /// When the name is taken or cannot be one, or the store cannot be written to.
    pub async fn add_for_provider(
        &self,
        new: &NewAccount,
        issuer: &str,
        known: &Known,
        by: &str,
    ) -> Result<(), Error> {
        require_account(new)?;
        let now = self.clock.seconds();
        let mut writing = self.store().write().await?;
        insert(&mut writing, new, Secrets::default(), now).await?;
        write_link(&mut writing, &new.name, issuer, known).await?;
        let account = |what| House::Account { account: new.name.clone(), what };
        let events = vec![account(new.invited()), account(AccountEvent::Linked)];
        self.write_lines(&mut writing, by, events).await?;
        Ok(writing.commit().await?)
    }

    /// Lets the provider sign an account in that is there already.
    ///
    /// # Errors
    ///
    /// When there is no such account, or the store cannot be written to.
    pub async fn link_to_provider(
        &self,
        name: &str,
        issuer: &str,
        known: &Known,
        by: &str,
    ) -> Result<(), Error> {
        self.find(name).await?;
        let mut writing = self.store().write().await?;
        sqlx::query("DELETE FROM openid_links WHERE account = $1")
            .bind(name)
            .execute(&mut *writing)
            .await?;
        write_link(&mut writing, name, issuer, known).await?;
        self.note(&mut writing, name, AccountEvent::Linked, by).await?;
        Ok(writing.commit().await?)
    }

    /// Opens a session for whoever the provider says it is; `None` when that is nobody of ours.
    ///
    /// `email` is one that the provider vouches for.
    pub(crate) async fn sign_in_by_provider(
        &self,
        issuer: &str,
        subject: &str,
        email: Option<&str>,
    ) -> Result<Option<Secret>, Error> {
        let issuer = issuer.trim_end_matches('/');
        let email = email.map(str::to_lowercase).unwrap_or_default();
        let mut writing = self.store().write().await?;
        let Some(account) = linked(&mut writing, (issuer, subject), &email).await? else {
            self.note(&mut writing, "", refused("unknown"), PROVIDER).await?;
            writing.commit().await?;
            return Ok(None);
        };
        if account.is_locked {
            self.note(&mut writing, &account.name, refused("locked"), PROVIDER).await?;
            writing.commit().await?;
            return Ok(None);
        }
        let now = self.clock.seconds();
        let query = "UPDATE openid_links SET subject = $1, linked_at = $2 \
                     WHERE account = $3 AND subject = ''";
        let query = sqlx::query(query).bind(subject).bind(now).bind(account.name.as_str());
        query.execute(&mut *writing).await?;
        let query = sqlx::query("UPDATE accounts SET used_at = $1 WHERE name = $2");
        query.bind(now).bind(account.name.as_str()).execute(&mut *writing).await?;
        let secret = self.open_session(&mut writing, &account.name).await?;
        let signed_in = AccountEvent::SignedIn { by: "openid".to_owned() };
        self.note(&mut writing, &account.name, signed_in, PROVIDER).await?;
        writing.commit().await?;
        Ok(Some(secret))
    }
}

/// The account of a subject; or, the first time, the one that waits for this address.
async fn linked(
    writing: &mut Transaction<'static, Any>,
    (issuer, subject): (&str, &str),
    email: &str,
) -> Result<Option<Account>, Error> {
    if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX {
        return Ok(None);
    }
    let query = "SELECT a.name, a.person, a.roles, a.agencies, a.locked_at \
                 FROM openid_links l JOIN accounts a ON a.name = l.account \
                 WHERE l.issuer = $1 AND (l.subject = $2 OR \
                 (l.subject = '' AND l.email = $3 AND l.email <> '' AND NOT EXISTS \
                 (SELECT 1 FROM openid_links o WHERE o.issuer = $1 AND o.subject = $2)))";
    let query = sqlx::query(query).bind(issuer).bind(subject).bind(email);
    let rows = query.fetch_all(&mut **writing).await?;
    match rows.as_slice() {
        [row] => account(row).map(Some),
        // Two accounts for one person are a mistake that only an administrator can mend.
        _ => Ok(None),
    }
}

async fn write_link(
    writing: &mut Transaction<'static, Any>,
    name: &str,
    issuer: &str,
    known: &Known,
) -> Result<(), Error> {
    let (subject, email) = match known {
        Known::Subject(subject) => (subject.as_str(), String::new()),
        Known::Email(email) => ("", email.trim().to_lowercase()),
    };
    let is_address = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !email.contains(char::is_whitespace)
    });
    if !email.is_empty() && !is_address || email.is_empty() && subject.is_empty() {
        return Err(Error::invalid("email", "this is no e-mail address"));
    }
    let query = "INSERT INTO openid_links (account, issuer, subject, email, linked_at) \
                 VALUES ($1, $2, $3, $4, 0)";
    let query = sqlx::query(query).bind(name).bind(issuer.trim_end_matches('/'));
    query.bind(subject).bind(email).execute(&mut **writing).await?;
    Ok(())
}
