//! The end of records follows from the settings of today, for cases that were closed before too.

use sha2::{Digest, Sha256};
use sqlx::{Any, Row, Transaction};

use super::Office;
use super::summary::{NEVER, YEAR_MICROS};
use crate::case::{Actor, OfficeRules};
use crate::error::Error;
use crate::seal::hexadecimal;
use crate::store::Engine;

/// The name under which the settings of the lists are remembered.
const RETENTION: &str = "retention";

/// Returns a digest of what the settings say of retention.
fn digest(rules: &OfficeRules) -> String {
    let mut hasher = Sha256::new();
    for class in &rules.record_class {
        let years = class.years.map_or(-1, i64::from);
        for part in [class.name.as_bytes(), class.agency.as_bytes(), &years.to_be_bytes()] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    hexadecimal(&hasher.finalize())
}

/// Returns what the lists were made under, where that is remembered.
async fn remembered(reading: &mut Transaction<'static, Any>) -> Result<Option<String>, Error> {
    let sql = "SELECT value FROM derived_under WHERE name = $1";
    let row = sqlx::query(sql).bind(RETENTION).fetch_optional(&mut **reading).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// Returns whether the lists were made under other settings of retention; a store that no office
/// was opened on remembers nothing.
pub(super) async fn is_other(
    reading: &mut Transaction<'static, Any>,
    rules: &OfficeRules,
) -> Result<bool, Error> {
    let rows = sqlx::query("SELECT name, value FROM derived_under").fetch_all(&mut **reading);
    let now = (RETENTION.to_owned(), digest(rules));
    for row in rows.await? {
        if (row.try_get::<String, _>(0)?, row.try_get::<String, _>(1)?) != now {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Office {
    /// Gives every case the class and the end that the settings say now, if they say otherwise
    /// than when the lists were made.
    pub(super) async fn follow_retention(&self) -> Result<(), Error> {
        let now = digest(self.rules());
        let mut writing = self.store().write().await?;
        if self.store().engine() == Engine::Postgres {
            let lock = "SELECT size FROM head WHERE one = 1 FOR UPDATE";
            sqlx::query(lock).fetch_one(&mut *writing).await?;
        }
        if remembered(&mut writing).await?.as_ref() == Some(&now) {
            return Ok(());
        }
        for agency in self.agencies_of(&Actor::of_the_program(), None).await? {
            let class = self.rules().record_class(&agency);
            let name = class.map(|it| it.name.clone()).unwrap_or_default();
            let years = class.and_then(|it| it.years).map(i64::from);
            let (base, span) = match years {
                Some(years) => ("changed_at", years.saturating_mul(YEAR_MICROS)),
                None => ("0", NEVER),
            };
            let sql = format!(
                "UPDATE cases SET record_class = $1, expires_at = CASE WHEN stage = 'closed' \
                 THEN {base} + $2 ELSE $3 END WHERE agency = $4 AND stage <> 'sealed'"
            );
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(name)
                .bind(span)
                .bind(NEVER)
                .bind(agency)
                .execute(&mut *writing)
                .await?;
        }
        let sql = "INSERT INTO derived_under (name, value) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        sqlx::query(sql).bind(RETENTION).bind(now).execute(&mut *writing).await?;
        Ok(writing.commit().await?)
    }
}
