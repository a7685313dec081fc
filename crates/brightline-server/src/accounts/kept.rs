//! What is kept for one account beside the record: filters of lists, answers typed and not sent,
//! pictures of a paper that is being taken in. All of it is encrypted, and nobody else is shown it.

use sqlx::Row;

use super::{Accounts, Error};

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// A filter of the work list, until it is taken away.
    Filter,
    /// An answer that was typed and not sent, for a day.
    Draft,
    /// A page of a paper that is being taken in, for an hour.
    Picture,
}

/// Nothing of one kind is kept more often than this for an account; pictures count by page.
const KEPT_MAX: i64 = 60;

impl Kept {
    fn name(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Draft => "draft",
            Self::Picture => "picture",
        }
    }

    /// For how long it is kept.
    fn seconds(self) -> i64 {
        match self {
            Self::Filter => i64::MAX / 2,
            Self::Draft => 24 * 3600,
            Self::Picture => 3600,
        }
    }
}

fn place(account: &str, kind: Kept, name: &str) -> String {
    format!("{account} {} {name}", kind.name())
}

impl Accounts {
    /// Returns the code under which something of this name is kept: it tells nothing of the name.
    fn kept_code(&self, kind: Kept, name: &str) -> String {
        data_encoding::HEXLOWER.encode(&self.key().code(&["kept", kind.name(), name]))
    }

    /// Keeps something for an account, in the place of what had this name before.
    pub(crate) async fn keep(
        &self,
        account: &str,
        (kind, name): (Kept, &str),
        body: &[u8],
    ) -> Result<(), Error> {
        let now = self.clock().seconds();
        let code = self.kept_code(kind, name);
        let sealed = self.key().seal("kept", &place(account, kind, &code), body)?;
        let mut writing = self.store().write().await?;
        let query = "DELETE FROM kept_for_accounts WHERE until_at <= $1";
        sqlx::query(query).bind(now).execute(&mut *writing).await?;
        let query = "SELECT COUNT(*) FROM kept_for_accounts \
                     WHERE account = $1 AND kind = $2 AND name <> $3";
        let row = sqlx::query(query).bind(account).bind(kind.name()).bind(code.as_str());
        let count: i64 = row.fetch_one(&mut *writing).await?.try_get(0)?;
        if count >= KEPT_MAX {
            let error = Error::conflict("so much is kept for this account already");
            return Err(error.help("take something away first"));
        }
        let query = "INSERT INTO kept_for_accounts (account, kind, name, until_at, body) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account, kind, name) \
                     DO UPDATE SET until_at = excluded.until_at, body = excluded.body";
        sqlx::query(query)
            .bind(account)
            .bind(kind.name())
            .bind(code)
            .bind(now.saturating_add(kind.seconds()))
            .bind(sealed)
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }

    /// Returns what is kept for an account under a name.
    pub(crate) async fn one_kept(
        &self,
        account: &str,
        (kind, name): (Kept, &str),
    ) -> Result<Option<Vec<u8>>, Error> {
        let code = self.kept_code(kind, name);
        let query = "SELECT body FROM kept_for_accounts \
                     WHERE account = $1 AND kind = $2 AND name = $3 AND until_at > $4";
        let row = sqlx::query(query)
            .bind(account)
            .bind(kind.name())
            .bind(code.as_str())
            .bind(self.clock().seconds())
            .fetch_optional(self.store().read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get(0)?;
        self.key().open("kept", &place(account, kind, &code), &sealed).map(Some)
    }

    /// Returns everything of one kind that is kept for an account.
    pub(crate) async fn all_kept(&self, account: &str, kind: Kept) -> Result<Vec<Vec<u8>>, Error> {
        let query = "SELECT name, body FROM kept_for_accounts \
                     WHERE account = $1 AND kind = $2 AND until_at > $3";
        let rows = sqlx::query(query)
            .bind(account)
            .bind(kind.name())
            .bind(self.clock().seconds())
            .fetch_all(self.store().read())
            .await?;
        let open = |row: &sqlx::any::AnyRow| {
            let (code, sealed): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            self.key().open("kept", &place(account, kind, &code), &sealed)
        };
        rows.iter().map(open).collect()
    }

    /// Forgets what is kept for an account under a name.
    pub(crate) async fn forget(
        &self,
        account: &str,
        (kind, name): (Kept, &str),
    ) -> Result<(), Error> {
        let mut writing = self.store().write().await?;
        let query = "DELETE FROM kept_for_accounts WHERE account = $1 AND kind = $2 AND name = $3";
        sqlx::query(query)
            .bind(account)
            .bind(kind.name())
            .bind(self.kept_code(kind, name))
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }
}
