//! Links that were made and not used yet: who waits with one, and taking it back.

use brightline_docket::AccountEvent;
use data_encoding::HEXLOWER;
use sqlx::{Any, Row, Transaction};

use super::enrol::LINK_SECONDS_MAX;
use super::{Accounts, Error, NewAccount, role, words};

/// Somebody who was given a link and has not used it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The digest of the link in hexadecimal: it names the link and opens nothing.
    pub(crate) digest: String,
    /// What the link opens.
    pub(crate) account: NewAccount,
    /// Until when it works, in seconds since 1970.
    pub(crate) until: i64,
}

impl Accounts {
    /// Returns who was given a link that still works, by name.
    pub(crate) async fn waiting(&self) -> Result<Vec<Waiting>, Error> {
        let query = "SELECT digest, name, person, roles, agencies, created_at FROM invitations \
                     WHERE used_at = 0 AND created_at > $1 ORDER BY name, created_at";
        let query = sqlx::query(query).bind(self.clock.seconds() - LINK_SECONDS_MAX);
        let mut all = Vec::new();
        for row in query.fetch_all(self.store.read()).await? {
            let roles: String = row.try_get(3)?;
            let account = NewAccount {
                name: row.try_get(1)?,
                person: row.try_get(2)?,
                roles: role::read_all(&roles),
                finders: role::read_finders(&roles),
                agencies: words(&row.try_get::<String, _>(4)?),
            };
            let digest = HEXLOWER.encode(&row.try_get::<Vec<u8>, _>(0)?);
            let until = row.try_get::<i64, _>(5)? + LINK_SECONDS_MAX;
            all.push(Waiting { digest, account, until });
        }
        Ok(all)
    }

    /// Takes a link back, by its digest in hexadecimal: it opens nothing any more.
    pub(crate) async fn withdraw(&self, digest: &str, by: &str) -> Result<(), Error> {
        let gone = || Error::conflict("this link was used or withdrawn already");
        let bytes = HEXLOWER.decode(digest.as_bytes()).map_err(|_| gone())?;
        let mut writing = self.store.write().await?;
        let query = "DELETE FROM invitations WHERE digest = $1 AND used_at = 0 RETURNING name";
        let row = sqlx::query(query).bind(bytes).fetch_optional(&mut *writing).await?;
        let name: String = row.ok_or_else(gone)?.try_get(0)?;
        self.note(&mut writing, &name, AccountEvent::Withdrawn, by).await?;
        Ok(writing.commit().await?)
    }

    /// Returns the accounts that wait for their holder to choose a password again.
    pub(crate) async fn without_password(&self) -> Result<Vec<String>, Error> {
        let query = "SELECT name FROM accounts WHERE password = '' AND NOT EXISTS \
                     (SELECT 1 FROM openid_links WHERE account = name)";
        let rows = sqlx::query(query).fetch_all(self.store.read()).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

/// Voids the links of an account that were not used.
pub(super) async fn void(writing: &mut Transaction<'static, Any>, name: &str) -> Result<(), Error> {
    let query = sqlx::query("DELETE FROM invitations WHERE name = $1 AND used_at = 0").bind(name);
    query.execute(&mut **writing).await?;
    Ok(())
}
