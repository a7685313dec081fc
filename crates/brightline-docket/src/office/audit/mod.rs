//! The audit: the tree made again from its entries, every body opened, every case put together
//! again from its entries, every determination decided again under the law it names.
//!
//! ```text
//! entries ─ commitments ─▶ tree ─ head, checkpoints, published folder
//!    └──── bodies ─ open ─▶ entries of a case ─ fold ─▶ lists
//!                                   └─ law by digest ─▶ answer, the same bytes
//!                                                        (another version: the same decision)
//! ```

mod again;
mod cases;
mod law;
mod lists;
mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

use brightline_ledger::{Hash, TileFiles, VerifierKey};
use sqlx::{Any, Transaction};

use crate::case::OfficeRules;
use crate::error::Error;
use crate::seal::Keys;
use crate::store::{Engine, Store};

/// No more faults are listed; more are counted.
const FAULTS_MAX: usize = 200;

/// What an audit is made of.
pub struct Audit {
    /// The database; nothing is written to it.
    pub store: Store,
    /// The master keys.
    pub keys: Keys,
    /// The settings of the office, from which lists follow.
    pub rules: OfficeRules,
    /// The published log and its public key; left out, only what the store holds is looked at.
    pub log: Option<(TileFiles, VerifierKey)>,
}

/// What was found.
#[derive(Debug)]
pub struct Audited {
    /// How many entries the tree has.
    pub entries: u64,
    /// The root of the tree.
    pub root: Hash,
    /// How many cases were put together again.
    pub cases: u64,
    /// How many determinations were decided again.
    pub determinations: u64,
    /// How many of them another version of the program had told in other words; what they decide
    /// came out the same.
    pub reworded: u64,
    /// How many cases are sealed, so that only their places in the tree could be checked.
    pub sealed: u64,
    /// Master keys that are not in the key file, though the store is in use with them: then most
    /// of what is wrong is that the file is another one.
    pub missing_keys: Vec<String>,
    /// What is wrong, in the order in which it was found; nothing, if the store holds.
    pub faults: Vec<String>,
    /// How many faults there are besides those listed.
    pub more_faults: u64,
}

impl Audited {
    /// Returns whether everything is as it was recorded.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, fault: impl Into<String>) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault.into());
        } else {
            self.more_faults += 1;
        }
    }

    /// Notes damage that ended a part of the audit; what is no damage is passed on.
    fn damage(&mut self, place: &str, outcome: Result<(), Error>) -> Result<(), Error> {
        match outcome {
            Err(error) if error.is_corrupt() || error.is_not_found() => {
                self.fault(format!("{place}: {error}"));
                Ok(())
            }
            outcome => outcome,
        }
    }
}

impl Audit {
    /// Looks at everything, as it stands at one moment; the office may go on meanwhile.
    ///
    /// # Errors
    ///
    /// When the store or a key cannot be reached. What is damaged is no error: it is listed.
    pub async fn run(self) -> Result<Audited, Error> {
        let mut found = Audited {
            entries: 0,
            root: Hash::of_nothing(),
            cases: 0,
            determinations: 0,
            reworded: 0,
            sealed: 0,
            missing_keys: Vec::new(),
            faults: Vec::new(),
            more_faults: 0,
        };
        let begin = match self.store.engine() {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        let mut reading = self.store.read().begin_with(begin).await?;
        if self.store.engine() == Engine::Sqlite {
            let checked = integrity(&mut reading, &mut found).await;
            found.damage("the file of the store", checked)?;
        }
        let checked = tree::check(&mut reading, self.log.as_ref(), &mut found).await;
        found.damage("the tree", checked)?;
        if super::retention::is_other(&mut reading, &self.rules).await? {
            found.fault("the lists were made under other settings of how long records are kept");
        }
        let libraries = law::libraries(&self.store, &mut found).await?;
        let files = law::files(&mut reading, &mut found).await;
        found.damage("the law", files)?;
        let keys = Arc::new(self.keys);
        let masters = law::masters(&mut reading, &keys, &mut found).await;
        found.damage("the master keys", masters)?;
        let work = cases::Work { keys, libraries, rules: self.rules, names: None };
        let checked = cases::check(&mut reading, work, &mut found).await;
        found.damage("the entries", checked)?;
        reading.rollback().await?;
        Ok(found)
    }
}

/// What SQLite itself finds wrong with pages and indexes.
async fn integrity(
    reading: &mut Transaction<'static, Any>,
    found: &mut Audited,
) -> Result<(), Error> {
    use sqlx::Row;
    let rows = sqlx::query("PRAGMA integrity_check").fetch_all(&mut **reading).await?;
    for row in rows {
        let said: String = row.try_get(0)?;
        if said != "ok" {
            found.fault(format!("the file of the store: {said}"));
        }
    }
    Ok(())
}

/// Sums of digests of rows by case: what should be there, less what is.
type Sums = BTreeMap<i64, u128>;
