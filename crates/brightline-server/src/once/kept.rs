//! Where keys and answers are kept, for a day.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row;

use crate::accounts::{Accounts, Error};

/// A key is good for this long.
const KEPT_SECONDS: i64 = 24 * 3600;
/// Answers may speak of a person, so they are encrypted.
const PURPOSE: &str = "answers";

/// A call with a key.
pub(super) struct Call {
    pub(super) caller: String,
    pub(super) key: String,
    pub(super) digest: [u8; 32],
}

/// What is known of a call when it comes.
pub(super) enum Begun {
    /// It was never seen.
    First,
    /// It was answered.
    Answered(KeptAnswer),
    /// Under the key another call was sent.
    OtherCall,
    /// It was seen this long ago, and has no answer yet.
    Unanswered { seconds: i64 },
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptAnswer {
    pub(super) code: u16,
    pub(super) heads: Vec<(String, String)>,
    /// None: it was a secret.
    pub(super) body: Option<String>,
}

impl KeptAnswer {
    /// The case of which the answer speaks.
    fn reference(&self) -> String {
        let body: Option<Value> = serde_json::from_str(self.body.as_deref().unwrap_or("")).ok();
        let found = body.as_ref().and_then(|it| it.get("reference")?.as_str());
        found.unwrap_or_default().to_owned()
    }
}

impl Call {
    fn place(&self) -> String {
        format!("{} {}", self.caller, self.key)
    }
}

impl Accounts {
    /// Writes the key of a call down, unless it is known.
    pub(super) async fn begin_call(&self, call: &Call) -> Result<Begun, Error> {
        let now = self.clock().seconds();
        if let Some(begun) = self.known_call(call, now).await? {
            return Ok(begun);
        }
        let mut writing = self.store().write().await?;
        let query = "DELETE FROM keyed_calls \
                     WHERE caller = $1 AND call_key = $2 AND begun_at <= $3";
        sqlx::query(query)
            .bind(call.caller.as_str())
            .bind(call.key.as_str())
            .bind(now - KEPT_SECONDS)
            .execute(&mut *writing)
            .await?;
        let query = "INSERT INTO keyed_calls (caller, call_key, digest, begun_at, code, answer, \
                     reference) VALUES ($1, $2, $3, $4, 0, $5, '') ON CONFLICT DO NOTHING";
        let written = sqlx::query(query)
            .bind(call.caller.as_str())
            .bind(call.key.as_str())
            .bind(call.digest.to_vec())
            .bind(now)
            .bind(Vec::new())
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        if written.rows_affected() == 1 {
            return Ok(Begun::First);
        }
        // Where it is gone again, it was refused a moment ago, and its key forgotten.
        let known = self.known_call(call, now).await?;
        Ok(known.unwrap_or(Begun::Unanswered { seconds: 0 }))
    }

    async fn known_call(&self, call: &Call, now: i64) -> Result<Option<Begun>, Error> {
        let query = "SELECT digest, begun_at, code, answer FROM keyed_calls \
                     WHERE caller = $1 AND call_key = $2 AND begun_at > $3";
        let row = sqlx::query(query)
            .bind(call.caller.as_str())
            .bind(call.key.as_str())
            .bind(now - KEPT_SECONDS)
            .fetch_optional(self.store().read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        if row.try_get::<Vec<u8>, _>(0)? != call.digest {
            return Ok(Some(Begun::OtherCall));
        }
        if row.try_get::<i64, _>(2)? == 0 {
            let seconds = now - row.try_get::<i64, _>(1)?;
            return Ok(Some(Begun::Unanswered { seconds }));
        }
        let sealed = row.try_get::<Vec<u8>, _>(3)?;
        let plain = self.key().open(PURPOSE, &call.place(), &sealed)?;
        let damaged = |error| Error::corrupt("a kept answer cannot be read").because(error);
        Ok(Some(Begun::Answered(serde_json::from_slice(&plain).map_err(damaged)?)))
    }

    /// Keeps the answer to a call.
    pub(super) async fn keep_answer(&self, call: &Call, answer: &KeptAnswer) -> Result<(), Error> {
        let plain = serde_json::to_vec(answer)
            .map_err(|error| Error::unavailable("an answer cannot be kept").because(error))?;
        let sealed = self.key().seal(PURPOSE, &call.place(), &plain)?;
        let mut writing = self.store().write().await?;
        let query = "UPDATE keyed_calls SET code = $1, answer = $2, reference = $3 \
                     WHERE caller = $4 AND call_key = $5";
        sqlx::query(query)
            .bind(i64::from(answer.code))
            .bind(sealed)
            .bind(answer.reference())
            .bind(call.caller.as_str())
            .bind(call.key.as_str())
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }

    /// Forgets a call that was refused.
    pub(super) async fn forget_call(&self, call: &Call) -> Result<(), Error> {
        let mut writing = self.store().write().await?;
        let query = sqlx::query("DELETE FROM keyed_calls WHERE caller = $1 AND call_key = $2");
        query.bind(call.caller.as_str()).bind(call.key.as_str()).execute(&mut *writing).await?;
        Ok(writing.commit().await?)
    }

    /// Forgets calls that are a day old, and answers that speak of cases that were sealed since.
    pub(crate) async fn forget_old_calls(&self) -> Result<(), Error> {
        let mut writing = self.store().write().await?;
        let query = "DELETE FROM keyed_calls WHERE begun_at <= $1 OR reference IN \
                     (SELECT reference FROM cases WHERE stage = 'sealed')";
        let query = sqlx::query(query).bind(self.clock().seconds() - KEPT_SECONDS);
        query.execute(&mut *writing).await?;
        Ok(writing.commit().await?)
    }
}
