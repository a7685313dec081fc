//! The law in the service: proposed by one person, published by another, swapped without a stop.
//!
//! A release is all packs together, file by file; it is named by its digest, which the publisher
//! approves and the house signs.
//! Every release ever in force is kept, so that each determination can be decided again.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use brightline_desk::{Fault, Library, PackFiles, Packs, Refusal};
use brightline_law::diagnostic::{Diagnostic, Severity, line_of};
use brightline_law::{Checked, Sources};
use brightline_ledger::{Note, SignerKey};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{Any, Row, Transaction};

use super::Office;
use super::writer::Along;
use crate::case::{Actor, House};
use crate::error::Error;
use crate::seal::hexadecimal;
use crate::store::{Rows, Store};

/// So many errors of packs are told at once.
const ERRORS_SHOWN_MAX: usize = 20;

/// A release of the law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Release {
    /// `sha256:…` over all its files.
    pub digest: String,
    /// Its place in the order of publishing, from 1; 0 while it is only proposed.
    pub number: u64,
    /// The account that proposed it; empty for the law that came with the program.
    pub author: String,
    /// The account that published it.
    pub publisher: String,
    /// When it was published, in microseconds since 1970 in UTC; 0 while it is only proposed.
    pub published_at: i64,
    /// The signed note over the digest; empty for the law that came with the program.
    pub signature: String,
}

/// How carefully a release is looked at before it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Haste {
    /// Examples and claims are run, too.
    Ordinary,
    /// Only errors stop it: for an order of a court at four in the afternoon.
    /// Two people are needed all the same.
    Emergency,
}

impl Office {
    /// Proposes a release: all packs, file by file.
    ///
    /// # Errors
    ///
    /// When the role is missing, a file cannot be read, or a pack has errors.
    pub async fn propose_release(
        &self,
        actor: &Actor,
        files: &PackFiles,
        note: &str,
    ) -> Result<Release, Error> {
        actor.require_any(&["author"])?;
        if files.is_empty() {
            return Err(Error::invalid("files", "a release is all packs together; these are none"));
        }
        let packs = apart(Packs::from_files(files)?, require_sound).await?;
        let digest = release_digest(files);
        let release = Release {
            digest: digest.clone(),
            number: 0,
            author: actor.account.clone(),
            publisher: String::new(),
            published_at: 0,
            signature: String::new(),
        };
        let proposed = House::ReleaseProposed { digest, note: note.to_owned() };
        let proposal = Proposal::new(&release, &actor.person, files, &packs);
        self.chronicle(actor, proposed, Some(Along::Propose(Box::new(proposal)))).await?;
        Ok(release)
    }

    /// Publishes a release that somebody else proposed: from now on the law is this.
    ///
    /// Requests that are being decided finish under the law they began with.
    ///
    /// # Errors
    ///
    /// When the role is missing, the author is the same person, the digest is not that of a
    /// proposal, or the packs do not hold what they claim.
    pub async fn publish_release(
        &self,
        actor: &Actor,
        digest: &str,
        haste: Haste,
        signer: &SignerKey,
    ) -> Result<Release, Error> {
        actor.require_any(&["publisher"])?;
        let missing = || Error::not_found(format!("there is no release `{digest}`"));
        // A database may refuse letters that no digest has.
        if !digest.bytes().all(|it| it.is_ascii_graphic()) {
            return Err(missing());
        }
        let sql = "SELECT author, author_person, published_at FROM releases WHERE digest = $1";
        let row =
            sqlx::query(sql).bind(digest.to_owned()).fetch_optional(self.store().read()).await?;
        let row = row.ok_or_else(missing)?;
        let (author, person): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        if author.is_empty() {
            let error = Error::conflict("nobody proposed this release: it came with the program");
            return Err(error.help("somebody has to propose it first"));
        }
        if author == actor.account || person == actor.person {
            let error = Error::forbidden("whoever proposes a release cannot publish it too");
            return Err(error.help("a second person has to look at it"));
        }
        if row.try_get::<i64, _>(2)? != 0 {
            return Err(Error::conflict("this release was published already"));
        }
        let mut packs = Packs::from_files(&stored_files(self.store(), digest).await?)?;
        if haste == Haste::Ordinary {
            packs = apart(packs, require_claims).await?;
        }
        let text = format!("brightline release\n{digest}\n");
        let note = Note::sign(&text, signer)
            .map_err(|error| Error::unavailable("the release cannot be signed").because(error))?;
        let signature = note.to_string();
        let at = self.now();
        let emergency = haste == Haste::Emergency;
        let published = House::ReleasePublished {
            digest: digest.to_owned(),
            emergency,
            signature: signature.clone(),
            at,
        };
        let publication = Publication {
            digest: digest.to_owned(),
            publisher: actor.account.clone(),
            at,
            signature: signature.clone(),
        };
        let library = opened(packs).await?;
        let written = self.chronicle(actor, published, Some(Along::Publish(publication))).await?;
        self.swap_library(library);
        Ok(Release {
            digest: digest.to_owned(),
            number: written.release.unsigned_abs(),
            author,
            publisher: actor.account.clone(),
            published_at: at,
            signature,
        })
    }

    /// Takes up a release that another process published; returns whether there was one.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or holds other files than were published.
    pub async fn refresh_law(&self) -> Result<bool, Error> {
        let Some((digest, _)) = latest(self.store()).await? else { return Ok(false) };
        if *self.inner.release.lock().unwrap_or_else(PoisonError::into_inner) == digest {
            return Ok(false);
        }
        let packs = Packs::from_files(&stored_files(self.store(), &digest).await?)?;
        let held = self.library();
        let changed = packs.ids().any(|id| packs.digest(id) != held.digest(id));
        if changed {
            self.swap_library(opened(packs).await?);
        }
        *self.inner.release.lock().unwrap_or_else(PoisonError::into_inner) = digest;
        Ok(changed)
    }

    /// Returns a release and its files, whether it was published or only proposed.
    ///
    /// # Errors
    ///
    /// When there is none of this digest, or the store holds other files than were proposed.
    pub async fn release(&self, digest: &str) -> Result<(Release, PackFiles), Error> {
        let missing = || Error::not_found(format!("there is no release `{digest}`"));
        let all = self.releases().await?;
        let found = all.into_iter().find(|it| it.digest == digest).ok_or_else(missing)?;
        Ok((found, stored_files(self.store(), digest).await?))
    }

    /// Lists the releases, the newest first, proposals before them.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn releases(&self) -> Result<Vec<Release>, Error> {
        let sql = "SELECT digest, number, author, publisher, published_at, signature \
                   FROM releases ORDER BY published_at = 0 DESC, number DESC, digest";
        let rows = sqlx::query(sql).fetch_all(self.store().read()).await?;
        let release = |row: &sqlx::any::AnyRow| {
            Ok(Release {
                digest: row.try_get(0)?,
                number: row.try_get::<i64, _>(1)?.unsigned_abs(),
                author: row.try_get(2)?,
                publisher: row.try_get(3)?,
                published_at: row.try_get(4)?,
                signature: row.try_get(5)?,
            })
        };
        rows.iter().map(release).collect()
    }
}

/// Returns the law by which a determination was made, by the digest that it names.
///
/// # Errors
///
/// When no release with such a pack was ever kept, or a stored file was changed.
pub async fn law_of(store: &Store, pack_digest: &str) -> Result<Library, Error> {
    let sql = "SELECT release_digest FROM release_packs WHERE pack_digest = $1 LIMIT 1";
    let row = sqlx::query(sql).bind(pack_digest.to_owned()).fetch_optional(store.read()).await?;
    let row = row.ok_or_else(|| Error::not_found(format!("no law is kept as `{pack_digest}`")))?;
    let files = stored_files(store, &row.try_get::<String, _>(0)?).await?;
    Ok(Library::open(Packs::from_files(&files)?))
}

/// Returns the law in force: the latest release, or else that of the program, which is kept.
pub(super) async fn in_force(store: &Store, built_in: &PackFiles) -> Result<Library, Error> {
    if let Some((digest, _)) = latest(store).await? {
        return Ok(Library::open(Packs::from_files(&stored_files(store, &digest).await?)?));
    }
    let packs = Packs::from_files(built_in)?;
    let release = Release {
        digest: release_digest(built_in),
        number: 0,
        author: String::new(),
        publisher: String::new(),
        published_at: 0,
        signature: String::new(),
    };
    let known = sqlx::query("SELECT 1 FROM releases WHERE digest = $1")
        .bind(release.digest.clone())
        .fetch_optional(store.read())
        .await?;
    if known.is_none() {
        let mut writing = store.write().await?;
        Proposal::new(&release, "", built_in, &packs).write(&mut writing).await?;
        writing.commit().await?;
    }
    Ok(Library::open(packs))
}

async fn latest(store: &Store) -> Result<Option<(String, u64)>, Error> {
    let sql = "SELECT digest, number FROM releases WHERE number > 0 ORDER BY number DESC LIMIT 1";
    let row = sqlx::query(sql).fetch_optional(store.read()).await?;
    let pair = |row: sqlx::any::AnyRow| -> Result<_, Error> {
        Ok((row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs()))
    };
    row.map(pair).transpose()
}

/// A release with its files, as it is kept until somebody publishes it.
#[derive(Debug, Clone)]
pub(crate) struct Proposal {
    digest: String,
    author: String,
    person: String,
    contents: Rows,
    paths: Rows,
    names: Rows,
}

impl Proposal {
    fn new(release: &Release, person: &str, files: &PackFiles, packs: &Packs) -> Self {
        let nothing = "ON CONFLICT DO NOTHING";
        let mut contents = Rows::new("INSERT INTO law_files (digest, bytes)", nothing, 2);
        let insert = "INSERT INTO release_files (release_digest, path, file_digest)";
        let mut paths = Rows::new(insert, nothing, 3);
        let mut seen = std::collections::BTreeSet::new();
        let digest = release.digest.as_str();
        for (path, bytes) in files {
            let file = hexadecimal(&Sha256::digest(bytes));
            paths.push([digest.into(), path.as_str().into(), file.as_str().into()]);
            if seen.insert(file.clone()) {
                contents.push([file.into(), bytes.clone().into()]);
            }
        }
        let insert = "INSERT INTO release_packs (pack_digest, pack, release_digest)";
        let mut names = Rows::new(insert, nothing, 3);
        for id in packs.ids() {
            let pack = packs.digest(id).unwrap_or_default();
            names.push([pack.into(), id.into(), digest.into()]);
        }
        let (author, person) = (release.author.clone(), person.to_owned());
        Self { digest: digest.to_owned(), author, person, contents, paths, names }
    }

    /// Keeps it; whoever proposes it first is its author, and the law of the program has none.
    pub(super) async fn write(self, writing: &mut Transaction<'static, Any>) -> Result<(), Error> {
        let sql = "INSERT INTO releases (digest, number, author, author_person, publisher, \
                   proposed_at, published_at, signature) VALUES ($1, 0, $2, $3, '', 0, 0, '') \
                   ON CONFLICT (digest) DO UPDATE SET author = excluded.author, \
                   author_person = excluded.author_person WHERE releases.author = ''";
        sqlx::query(sql)
            .bind(self.digest)
            .bind(self.author)
            .bind(self.person)
            .execute(&mut **writing)
            .await?;
        self.contents.write(writing).await?;
        self.paths.write(writing).await?;
        self.names.write(writing).await
    }
}

/// Somebody's approval of a proposal.
#[derive(Debug, Clone)]
pub(crate) struct Publication {
    pub(super) digest: String,
    publisher: String,
    at: i64,
    signature: String,
}

impl Publication {
    pub(super) async fn write(
        &self,
        writing: &mut Transaction<'static, Any>,
        number: i64,
    ) -> Result<(), Error> {
        let sql = "UPDATE releases SET number = $1, publisher = $2, published_at = $3, \
                   signature = $4 WHERE digest = $5";
        sqlx::query(sql)
            .bind(number)
            .bind(self.publisher.clone())
            .bind(self.at)
            .bind(self.signature.clone())
            .bind(self.digest.clone())
            .execute(&mut **writing)
            .await?;
        Ok(())
    }
}

/// The releases that a batch publishes, as the store knows them under the lock of the head.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// The last number that was given.
    last: i64,
    /// By digest, whether it was published.
    published: BTreeMap<String, bool>,
}

impl Shelf {
    pub(super) async fn read(
        &mut self,
        writing: &mut Transaction<'static, Any>,
        digest: &str,
    ) -> Result<(), Error> {
        let sql = "SELECT COALESCE(MAX(number), 0) FROM releases";
        self.last = sqlx::query(sql).fetch_one(&mut **writing).await?.try_get(0)?;
        let sql = "SELECT number FROM releases WHERE digest = $1";
        let row = sqlx::query(sql).bind(digest.to_owned()).fetch_optional(&mut **writing).await?;
        if let Some(row) = row {
            self.published.insert(digest.to_owned(), row.try_get::<i64, _>(0)? != 0);
        }
        Ok(())
    }

    /// Returns the number that a release would get.
    pub(super) fn number_for(&self, digest: &str) -> Result<i64, Error> {
        match self.published.get(digest) {
            Some(false) => Ok(self.last + 1),
            Some(true) => Err(Error::conflict("this release was published already")),
            None => Err(Error::not_found(format!("there is no release `{digest}`"))),
        }
    }

    pub(super) fn take(&mut self, digest: &str, number: i64) {
        self.last = number;
        self.published.insert(digest.to_owned(), true);
    }
}

/// Reads the files of a release, each held against its digest, and all against the release's.
pub(super) async fn stored_files(store: &Store, release: &str) -> Result<PackFiles, Error> {
    let sql = "SELECT r.path, r.file_digest, f.bytes FROM release_files r \
               JOIN law_files f ON f.digest = r.file_digest WHERE r.release_digest = $1";
    let rows = sqlx::query(sql).bind(release.to_owned()).fetch_all(store.read()).await?;
    let mut files = BTreeMap::new();
    for row in rows {
        let (path, bytes): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(2)?);
        if hexadecimal(&Sha256::digest(&bytes)) != row.try_get::<String, _>(1)? {
            return Err(Error::corrupt(format!("`{path}` of the release `{release}` was changed")));
        }
        files.insert(path, bytes);
    }
    if release_digest(&files) != release {
        return Err(Error::corrupt(format!(
            "the files of the release `{release}` are not all there"
        )));
    }
    Ok(files)
}

/// Returns the digest of a release: of one line for each file, as `sha256sum` prints them.
///
/// ```
/// use brightline_docket::release_digest;
///
/// let files = [("a/pack.toml".to_owned(), b"x".to_vec())].into();
/// assert!(release_digest(&files).starts_with("sha256:"));
/// ```
#[must_use]
pub fn release_digest(files: &PackFiles) -> String {
    let mut hasher = Sha256::new();
    for (path, bytes) in files {
        hasher.update(format!("{}  {path}\n", hexadecimal(&Sha256::digest(bytes))));
    }
    format!("sha256:{}", hexadecimal(&hasher.finalize()))
}

/// Looks at packs on a thread of its own: it takes seconds, in which requests go on.
async fn apart(packs: Packs, look: fn(&Packs) -> Result<(), Error>) -> Result<Packs, Error> {
    let looking = tokio::task::spawn_blocking(move || look(&packs).map(|()| packs));
    looking.await.map_err(broken)?
}

async fn opened(packs: Packs) -> Result<Arc<Library>, Error> {
    let opening = tokio::task::spawn_blocking(move || Arc::new(Library::open(packs)));
    opening.await.map_err(broken)
}

fn broken(error: tokio::task::JoinError) -> Error {
    Error::unavailable("the packs could not be looked at").because(error)
}

fn require_sound(packs: &Packs) -> Result<(), Error> {
    refuse_errors(&packs.sources, &brightline_law::read(&packs.sources))
}

fn require_claims(packs: &Packs) -> Result<(), Error> {
    refuse_errors(&packs.sources, &brightline_law::check(&packs.sources))
}

/// Names the first errors, each by its file and line.
fn refuse_errors(sources: &Sources, checked: &Checked) -> Result<(), Error> {
    let all = checked.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    let faults: Vec<Fault> =
        all.clone().take(ERRORS_SHOWN_MAX).map(|it| fault(sources, it)).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let more = all.count() - faults.len();
    let last = (more > 0).then(|| Fault::new("", format!("and {more} errors more")));
    Err(Refusal::request(faults.into_iter().chain(last).collect()).into())
}

fn fault(sources: &Sources, found: &Diagnostic) -> Fault {
    let span = found.labels.first().map(|label| label.span);
    let place = span.and_then(|span| {
        let file = sources.files().nth(usize::try_from(span.file).ok()?)?;
        Some(format!("{}, line {}", file.path, line_of(&file.text, span.start as usize)))
    });
    let fault = Fault::new(place.unwrap_or_default(), found.message.clone());
    found.help.iter().fold(fault, |fault, help| fault.help(help.clone()))
}
