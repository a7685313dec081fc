//! What administrators do with accounts that are there: lock, release, change what they may.

use brightline_docket::AccountEvent;
use sqlx::{Any, Row, Transaction};

use super::{Accounts, Error, NewAccount, Role, enrol, invitations, no_account, role};

impl Accounts {
    /// Locks an account, ends its sessions and voids the links that would open it again.
    ///
    /// # Errors
    ///
    /// When there is no such account, it is the caller's own or that of the last administrator, or
    /// the store cannot be written to.
    pub async fn lock(&self, name: &str, by: &str) -> Result<(), Error> {
        require_other(name, by)?;
        let mut writing = self.store.write().await?;
        lock(&mut writing, name, self.clock.seconds()).await?;
        self.note(&mut writing, name, AccountEvent::Locked, by).await?;
        require_administrator(&mut writing, by).await?;
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
        self.note(&mut writing, name, AccountEvent::Released, by).await?;
        Ok(writing.commit().await?)
    }

    /// Changes what somebody may do, from the next call on.
    pub(crate) async fn change_roles(&self, new: &NewAccount, by: &str) -> Result<(), Error> {
        enrol::require_agencies(&new.agencies)?;
        let mut writing = self.store.write().await?;
        let query = "UPDATE accounts SET roles = $1, agencies = $2 WHERE name = $3";
        let done = sqlx::query(query)
            .bind(role::write_all(&new.roles, &new.finders))
            .bind(new.agencies.join(" "))
            .bind(new.name.as_str())
            .execute(&mut *writing)
            .await?;
        if done.rows_affected() == 0 {
            return Err(no_account(&new.name));
        }
        let (roles, agencies) = (new.role_names(), new.agencies.iter().cloned().collect());
        let changed = AccountEvent::RolesChanged { roles, agencies };
        self.note(&mut writing, &new.name, changed, by).await?;
        require_administrator(&mut writing, by).await?;
        Ok(writing.commit().await?)
    }
}

/// Nobody who is signed in locks herself out.
pub(super) fn require_other(name: &str, by: &str) -> Result<(), Error> {
    if name == by {
        return Err(Error::conflict("nobody can lock or reset the own account")
            .help("another administrator can"));
    }
    Ok(())
}

/// Refuses what leaves no administrator who can sign in; whoever has the machine of the service
/// may all the same, as nobody there is an account.
///
/// It is asked after the change was noted: the head of the log is this transaction's then, so that
/// two administrators cannot take each other away at once.
pub(super) async fn require_administrator(
    writing: &mut Transaction<'static, Any>,
    by: &str,
) -> Result<(), Error> {
    let query = sqlx::query("SELECT name, roles, locked_at FROM accounts");
    let (mut is_account, mut is_left) = (false, false);
    for row in query.fetch_all(&mut **writing).await? {
        is_account |= row.try_get::<String, _>(0)? == by;
        let roles = role::read_all(&row.try_get::<String, _>(1)?);
        let is_locked = row.try_get::<i64, _>(2)? != 0;
        is_left |= !is_locked && roles.contains(&Role::Administrator);
    }
    if is_account && !is_left {
        return Err(Error::conflict("nobody would be left who can manage accounts")
            .help("make somebody else an administrator first"));
    }
    Ok(())
}

/// Locks an account, ends its sessions and voids its links.
pub(super) async fn lock(
    writing: &mut Transaction<'static, Any>,
    name: &str,
    now: i64,
) -> Result<(), Error> {
    let query = sqlx::query("UPDATE accounts SET locked_at = $1 WHERE name = $2");
    if query.bind(now).bind(name).execute(&mut **writing).await?.rows_affected() == 0 {
        return Err(no_account(name));
    }
    invitations::void(writing, name).await?;
    let query = sqlx::query("DELETE FROM sessions WHERE account = $1").bind(name);
    query.execute(&mut **writing).await?;
    Ok(())
}
