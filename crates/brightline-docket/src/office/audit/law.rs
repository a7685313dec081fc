//! The law that was in force, file by file, and the master keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use brightline_desk::{Library, Packs};
use sha2::{Digest, Sha256};
use sqlx::{Any, Row, Transaction};

use super::super::release::stored_files;
use super::Audited;
use super::cases::Chronicle;
use crate::error::Error;
use crate::seal::{Keys, hexadecimal};
use crate::store::Store;

/// The law by the digest of a pack, as determinations name it.
pub(super) type Libraries = BTreeMap<String, Arc<Library>>;

/// Opens every release that is kept.
pub(super) async fn libraries(store: &Store, found: &mut Audited) -> Result<Libraries, Error> {
    let mut libraries = Libraries::new();
    let rows = sqlx::query("SELECT digest FROM releases ORDER BY number, digest")
        .fetch_all(store.read())
        .await?;
    for row in rows {
        let release: String = row.try_get(0)?;
        let opened = match stored_files(store, &release).await {
            Ok(files) => Packs::from_files(&files).map_err(Error::from).map(Library::open),
            Err(error) => Err(error),
        };
        let library = match opened {
            Ok(library) => Arc::new(library),
            Err(error) => {
                found.fault(format!("the release `{release}`: {error}"));
                continue;
            }
        };
        let sql = "SELECT pack, pack_digest FROM release_packs WHERE release_digest = $1";
        let rows = sqlx::query(sql).bind(release.clone()).fetch_all(store.read()).await?;
        let mut named = BTreeMap::new();
        for row in rows {
            let (pack, digest): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            named.insert(pack, digest);
        }
        let mut real = BTreeMap::new();
        for id in library.packs().ids() {
            if let Some(digest) = library.digest(id) {
                libraries.insert(digest.clone(), Arc::clone(&library));
                real.insert(id.to_owned(), digest);
            }
        }
        if named != real {
            found.fault(format!("the release `{release}`: its packs have other digests"));
        }
    }
    Ok(libraries)
}

/// Every file under its digest, whether or not a release names it.
pub(super) async fn files(
    reading: &mut Transaction<'static, Any>,
    found: &mut Audited,
) -> Result<(), Error> {
    for row in sqlx::query("SELECT digest, bytes FROM law_files").fetch_all(&mut **reading).await? {
        let (digest, bytes): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        if hexadecimal(&Sha256::digest(&bytes)) != digest {
            found.fault(format!("the file of law `{digest}` was changed"));
        }
    }
    let sql = "SELECT r.release_digest FROM release_files r \
               LEFT JOIN releases s ON s.digest = r.release_digest WHERE s.digest IS NULL";
    for row in sqlx::query(sql).fetch_all(&mut **reading).await? {
        let release: String = row.try_get(0)?;
        found.fault(format!("files of the release `{release}`, which is not there"));
    }
    Ok(())
}

/// The master keys are those that were used here.
pub(super) async fn masters(
    reading: &mut Transaction<'static, Any>,
    keys: &Keys,
    found: &mut Audited,
) -> Result<(), Error> {
    let sql = "SELECT id, proof, standing FROM masters";
    for row in sqlx::query(sql).fetch_all(&mut **reading).await? {
        let (id, proof): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        let standing: String = row.try_get(2)?;
        let is_held = keys.ids().any(|it| it == id);
        let is_right = match standing.as_str() {
            "current" => id == keys.current(),
            "older" => id != keys.current(),
            "retired" => !is_held,
            _ => false,
        };
        if standing != "retired" && !is_held {
            found.missing_keys.push(id.clone());
        }
        if !is_right {
            found.fault(format!("the master key `{id}` is `{standing}` for the store alone"));
        }
        // One that was retired is gone from the file, and wraps nothing any more.
        if is_held && let Err(error) = keys.require_proof(&id, &proof) {
            found.fault(error.to_string());
        }
    }
    for id in keys.ids() {
        let sql = "SELECT 1 FROM masters WHERE id = $1";
        let row = sqlx::query(sql).bind(id.to_owned()).fetch_optional(&mut **reading).await?;
        if row.is_none() {
            found.fault(format!("the master key `{id}` is not known to the store"));
        }
    }
    Ok(())
}

/// Who proposed and published each release, as the chronicle tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Provenance {
    pub(super) author: String,
    pub(super) person: String,
    pub(super) publisher: String,
    pub(super) signature: String,
    /// Its place in the order of publishing, from 1; 0 while it is only proposed.
    pub(super) number: i64,
    /// When, in microseconds since 1970 in UTC; 0 while it is only proposed.
    pub(super) published_at: i64,
}

/// The rows of releases against the chronicle; the law of the program itself has no provenance.
pub(super) async fn releases(
    reading: &mut Transaction<'static, Any>,
    chronicle: &Chronicle,
    found: &mut Audited,
) -> Result<(), Error> {
    let sql = "SELECT digest, author, author_person, publisher, signature, number, published_at, \
               proposed_at FROM releases";
    let mut seen = 0;
    for row in sqlx::query(sql).fetch_all(&mut **reading).await? {
        let digest: String = row.try_get(0)?;
        let told = chronicle.releases.get(&digest).cloned().unwrap_or_default();
        seen += usize::from(chronicle.releases.contains_key(&digest));
        let proposed_at: i64 = row.try_get(7)?;
        let kept = Provenance {
            author: row.try_get(1)?,
            person: row.try_get(2)?,
            publisher: row.try_get(3)?,
            signature: row.try_get(4)?,
            number: row.try_get(5)?,
            published_at: row.try_get(6)?,
        };
        if kept != told || proposed_at != 0 {
            found.fault(format!("the release `{digest}` is not what the chronicle tells of it"));
        }
    }
    if seen != chronicle.releases.len() {
        found.fault("a release is missing that the chronicle tells of");
    }
    Ok(())
}
