//! Finding cases by the name of a person, without a readable name in the store.

use sqlx::{AssertSqlSafe, Row};

use super::Office;
use super::list::{CaseSummary, columns, summary};
use crate::case::{Actor, House};
use crate::error::Error;

/// Names with the same word are counted up to so many.
const COUNTED_MAX: i64 = 2000;
/// Cases of one answer.
const FOUND_MAX: usize = 100;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The cases, the newest first.
    pub items: Vec<CaseSummary>,
    /// There are more: add a word.
    pub is_cut: bool,
}

impl Office {
    /// Finds the cases whose subject's name or number has all these words; the search is recorded,
    /// with its reason and without the words.
    ///
    /// # Errors
    ///
    /// When no word or no reason is given, or the store cannot be used.
    pub async fn find(&self, actor: &Actor, words: &str, why: &str) -> Result<Found, Error> {
        if why.trim().is_empty() {
            return Err(Error::invalid("why", "a search by name needs a reason"));
        }
        let mut found: Vec<(i64, CaseSummary)> = Vec::new();
        for agency in self.agencies_of(actor, None).await? {
            let tokens = self.inner.names.tokens(&agency, words);
            if tokens.is_empty() {
                return Err(Error::invalid("words", "no word to look for"));
            }
            found.extend(self.find_in(&agency, tokens).await?);
        }
        found.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        let is_cut = found.len() > FOUND_MAX;
        found.truncate(FOUND_MAX);
        let searched = House::Searched { why: why.to_owned(), hits: found.len() as u64 };
        self.chronicle(actor, searched, None).await?;
        Ok(Found { items: found.into_iter().map(|it| it.1).collect(), is_cut })
    }

    async fn find_in(
        &self,
        agency: &str,
        tokens: Vec<Vec<u8>>,
    ) -> Result<Vec<(i64, CaseSummary)>, Error> {
        let tokens = self.rarest_first(agency, tokens).await?;
        // The order of a cross join is the order in which SQLite looks.
        let more = (1..tokens.len()).map(|at| format!("CROSS JOIN name_tokens n{at} "));
        let more: String = more.collect();
        let mut sql = format!(
            "SELECT {} FROM name_tokens n0 {more}CROSS JOIN cases c \
             WHERE n0.agency = $1 AND n0.token = $2 AND c.id = n0.case_id",
            columns()
        );
        for at in 1..tokens.len() {
            let place = at + 2;
            sql.push_str(&format!(
                " AND n{at}.agency = $1 AND n{at}.token = ${place} AND n{at}.case_id = n0.case_id"
            ));
        }
        sql.push_str(&format!(" ORDER BY n0.case_id DESC LIMIT {}", FOUND_MAX + 1));
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(agency.to_owned());
        for token in tokens {
            query = query.bind(token);
        }
        let rows = query.fetch_all(self.store().read()).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, summary(row)?))).collect()
    }

    /// Returns the words with the one first that the fewest names have.
    async fn rarest_first(
        &self,
        agency: &str,
        tokens: Vec<Vec<u8>>,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let mut counted = Vec::new();
        for token in tokens {
            let sql = "SELECT COUNT(*) FROM \
                       (SELECT 1 FROM name_tokens WHERE agency = $1 AND token = $2 LIMIT $3) few";
            let query = sqlx::query(sql).bind(agency.to_owned()).bind(token.clone());
            let row = query.bind(COUNTED_MAX).fetch_one(self.store().read()).await?;
            counted.push((row.try_get::<i64, _>(0)?, token));
        }
        counted.sort_unstable();
        Ok(counted.into_iter().map(|it| it.1).collect())
    }
}
