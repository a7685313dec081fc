//! What earlier versions of the program kept in a table beside the log moves into the log.

use std::collections::BTreeMap;

use brightline_docket::House;
use sqlx::Row;

use super::{Accounts, Error};

/// Events that are moved in one transaction.
const MOVED_MAX: i64 = 200;

impl Accounts {
    /// Moves what happened to accounts under an earlier version of the program into the log, each
    /// event once: it leaves the table in the transaction that records it.
    pub(super) async fn move_old_events(&self) -> Result<(), Error> {
        while self.move_some_old_events().await? {}
        Ok(())
    }

    async fn move_some_old_events(&self) -> Result<bool, Error> {
        let query = "SELECT 1 FROM account_events LIMIT 1";
        if sqlx::query(query).fetch_optional(self.store().read()).await?.is_none() {
            return Ok(false);
        }
        let mut writing = self.store().write().await?;
        let query = "DELETE FROM account_events WHERE at <= (SELECT MAX(at) FROM \
                     (SELECT at FROM account_events ORDER BY at LIMIT $1) AS first) \
                     RETURNING at, name, event, by_account";
        let rows = sqlx::query(query).bind(MOVED_MAX).fetch_all(&mut *writing).await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let at: i64 = row.try_get(0)?;
            let (account, event, by): (String, String, String) =
                (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
            let at_text = at.to_string();
            let detail = [("at", at_text), ("account", account), ("event", event), ("by", by)];
            let detail: BTreeMap<_, _> =
                detail.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            events.push((at, House::Noted { what: "earlier account event".to_owned(), detail }));
        }
        events.sort_by_key(|(at, _)| *at);
        let events = events.into_iter().map(|(_, event)| event).collect();
        self.write_lines(&mut writing, "brightline", events).await?;
        writing.commit().await?;
        Ok(true)
    }
}
