//! The folder in which a service keeps its records and keys.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use brightline_desk::PackFiles;
use brightline_docket::{
    Chronicle, KeyProgram, Keys, LogKeeper, LogPlace, Office, OfficeParts, OfficeRules, Store,
    Tender,
};
use brightline_law::diagnostic::line_of;
use brightline_ledger::{Checkpoint, Frontier, LedgerHome, SignerKey, TileDirectory};
use data_encoding::HEXLOWER;
use serde::Deserialize;

use crate::accounts::{Accounts, AccountsParts, Error, ServiceKey, random};
use crate::clock::Clock;
use crate::limits::Limits;
use crate::openid::OpenId;
use crate::passkeys::{PasskeyRules, Place};
use crate::service::Settings;

/// The log is published this long after something was recorded.
const PUBLISH_PAUSE: Duration = Duration::from_secs(1);
/// That it cannot be published is told this often, as long as the reason is the same.
const COMPLAINT_PAUSE: Duration = Duration::from_secs(60);
/// What falls due by itself is seen to this often.
const TEND_PAUSE: Duration = Duration::from_secs(10);

/// The file with the secret that a provider of sign-in gave.
const OPENID_SECRET: &str = "keys/openid.secret";

/// What `service.toml` may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ServiceFile {
    limits: Limits,
    webhooks: WebhookRules,
    outbound: OutboundRules,
    openid: Option<OpenId>,
    passkeys: Option<PasskeyRules>,
}

/// Where webhooks may lie.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WebhookRules {
    inside: bool,
}

/// What the calls that the service makes itself trust.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OutboundRules {
    roots: Option<PathBuf>,
}

/// Who signs, how long records are kept.
const SETTINGS: &str = "office.toml";

/// Where a service keeps what it must not lose.
///
/// ```text
/// brightline-data/
///   brightline.db      records and accounts
///   keys/master.keys   the keys of cases are wrapped by it
///   keys/service.key   second factors are encrypted under it
///   ledger/            the public log; ledger.pub is its key for everybody
///   ledger.key         checkpoints are signed with it
///   office.toml        who signs, how long records are kept; left out: the standard
///   service.toml       how often somebody may call, webhooks, sign-in; left out: the standard
///   keys/openid.secret the secret that a provider of sign-in gave; only where there is one
/// ```
#[derive(Debug, Clone)]
pub struct DataFolder {
    path: PathBuf,
    key_program: Option<KeyProgram>,
}

impl DataFolder {
    /// Returns a folder, which need not be there yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), key_program: None }
    }

    /// Names the program that speaks for the key service which holds the master keys.
    #[must_use]
    pub fn with_key_program(mut self, program: Option<PathBuf>) -> Self {
        self.key_program = program.map(|path| KeyProgram { path });
        self
    }

    /// Returns whether nothing was ever kept here.
    #[must_use]
    pub fn is_new(&self) -> bool {
        fs::read_dir(&self.path).map_or(true, |mut entries| entries.next().is_none())
    }

    /// Makes the folder, its keys and its log, and says what it made.
    ///
    /// `origin` is the name of the log for ever; left out, one is made up.
    ///
    /// # Errors
    ///
    /// When it cannot be written to, or something is there already: nothing is overwritten.
    pub fn create(&self, origin: Option<&str>) -> Result<Vec<String>, Error> {
        if !self.is_new() {
            let name = self.path.display();
            return Err(Error::conflict(format!("there is something in `{name}` already")));
        }
        let keys = self.path.join("keys");
        make_private(&self.path)?;
        make_private(&keys)?;
        let key = self.key_path();
        ServiceKey::create(&key)?;
        let master = self.master_path();
        let (public, signing) = (self.ledger().public_key_path(), self.ledger().secret_key_path());
        Keys::create(&master, self.key_program.clone())?;
        let made_up = format!("localhost/brightline-{}", HEXLOWER.encode(&random::<4>()?));
        let origin = origin.unwrap_or(&made_up);
        self.ledger().init(origin).map_err(log_error)?;
        let settings = self.path.join(SETTINGS);
        fs::write(&settings, OfficeRules::STANDARD_TEXT).map_err(|error| {
            Error::unavailable(format!("`{}` cannot be made: {error}", settings.display()))
        })?;
        Ok(vec![
            format!("made the folder {}", self.path.display()),
            format!("made the key {}; without it nobody can sign in", key.display()),
            format!("made the key {}; without it no record can be read", master.display()),
            format!("made the key {}; without it the log cannot go on", signing.display()),
            format!("began the log {origin}; its public key is in {}", public.display()),
            format!(
                "wrote the settings {}: who signs, how long records are kept",
                settings.display()
            ),
            "keep copies of the three keys now, in a safe place and not beside backups".to_owned(),
        ])
    }

    /// Opens what is kept here; `store` names another database than the file of the folder.
    ///
    /// # Errors
    ///
    /// When a key is missing or the store cannot be opened; then nothing was changed.
    pub async fn open(&self, store: Option<&str>, clock: Clock) -> Result<Accounts, Error> {
        let key = ServiceKey::read(&self.key_path())?;
        let file = format!("sqlite:{}", self.path.join("brightline.db").display());
        let keys = Keys::open(&self.master_path(), self.key_program.clone())?;
        let store = Store::open(store.unwrap_or(&file)).await?;
        let chronicle = Chronicle::open(&store, keys).await?;
        Accounts::open(AccountsParts { store, chronicle, key, clock }).await
    }

    /// Opens the office on the store of the accounts; `built_in` is the law that came with the
    /// program.
    ///
    /// # Errors
    ///
    /// When the master key is missing or another one, or the settings cannot be read.
    pub async fn office(&self, accounts: &Accounts, built_in: PackFiles) -> Result<Office, Error> {
        let clock = accounts.clock().clone();
        Office::open(OfficeParts {
            store: accounts.store().clone(),
            built_in,
            keys: Keys::open(&self.master_path(), self.key_program.clone())?,
            rules: self.rules()?,
            clock: Arc::new(move || clock.microseconds()),
        })
        .await
    }

    /// Makes again what is lost of the public log and can be made: its folder from the entries, as
    /// it was published last, and its public key from the secret one; says what it made.
    ///
    /// # Errors
    ///
    /// When the key of the log is lost or another one, or a file cannot be written.
    pub async fn mend_log(&self, accounts: &Accounts) -> Result<Vec<String>, Error> {
        let home = self.ledger();
        let (folder, public) = (home.folder(), home.public_key_path());
        let mut made = Vec::new();
        if folder.exists() && public.exists() {
            return Ok(made);
        }
        let signer = SignerKey::from_file(&home.secret_key_path()).map_err(log_error)?;
        if !folder.exists() {
            match accounts.store().last_checkpoint(&signer.verifier()).await? {
                Some(note) => drop(accounts.store().export_log(&folder, &note).await?),
                None => begin(&folder, &signer).map_err(log_error)?,
            }
            made.push(format!("made the log again in {}, from the records", folder.display()));
        }
        if !public.exists() {
            // Only the key of the log that is published here is its key.
            let signer = home.signer().map_err(log_error)?;
            fs::write(&public, format!("{}\n", signer.verifier())).map_err(|error| {
                Error::unavailable(format!("`{}` cannot be made: {error}", public.display()))
            })?;
            made.push(format!("wrote the public key of the log again, {}", public.display()));
        }
        Ok(made)
    }

    /// Publishes the log again and again, until what is returned is dropped.
    ///
    /// # Errors
    ///
    /// When the key of the log is lost or another one; none is made in its place.
    pub fn keep_log(&self, office: &Office) -> Result<LogKeeper, Error> {
        let signer = self.ledger().signer().map_err(log_error)?;
        let (folder, origin) = (self.log_folder(), signer.name().to_owned());
        let place = LogPlace { folder, origin, signer };
        let said = Mutex::new(None);
        let complain = move |error: &Error| {
            let cause = std::error::Error::source(error).map(ToString::to_string);
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            // It is tried again every second, and told once a minute.
            let is_new = said.as_ref().is_none_or(|(before, at): &(Option<String>, Instant)| {
                *before != cause || at.elapsed() >= COMPLAINT_PAUSE
            });
            if is_new {
                tracing::error!(%error, cause, "the log was not published");
                *said = Some((cause, Instant::now()));
            }
        };
        Ok(office.keep_log(place, PUBLISH_PAUSE, complain))
    }

    /// Sees to what falls due by itself, until what is returned is dropped: a release that another
    /// process published, late tasks, records whose time is over.
    #[must_use]
    pub fn keep_tending(&self, office: &Office) -> Tender {
        let complain = |error: &Error| {
            let cause = std::error::Error::source(error).map(ToString::to_string);
            tracing::error!(%error, cause, "what is due was not seen to");
        };
        office.keep_tending(TEND_PAUSE, complain)
    }

    /// Returns the settings of the service: those of `service.toml`, and the standard.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or says something that is no setting.
    pub fn settings(&self) -> Result<Settings, Error> {
        let text = self.text_of("service.toml")?.unwrap_or_default();
        let file: ServiceFile = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(&text, span.start));
            let help = format!("line {line}: {}", error.message().trim());
            Error::unavailable("`service.toml` cannot be understood").help(help)
        })?;
        let roots = file.outbound.roots.map(|path| self.path.join(path));
        if let Some(path) = roots.as_ref().filter(|path| !path.is_file()) {
            let message = format!("`service.toml`: there are no roots in `{}`", path.display());
            return Err(Error::unavailable(message).help("name a file of certificates in PEM"));
        }
        let log_folder = Some(self.log_folder());
        let mut openid = file.openid;
        if let Some(openid) = &mut openid {
            let secret = self.text_of(OPENID_SECRET)?;
            openid.secret = secret.map(|it| it.trim().to_owned());
        }
        Ok(Settings {
            openid,
            passkeys: file.passkeys.as_ref().map(Place::of).transpose()?,
            log_folder,
            log_home: Some(self.ledger()),
            limits: file.limits,
            webhooks_inside: file.webhooks.inside,
            roots,
            ..Settings::default()
        })
    }

    /// Returns the folder of the public log.
    #[must_use]
    pub fn log_folder(&self) -> PathBuf {
        self.ledger().folder()
    }

    /// Returns where the log is, and its keys.
    #[must_use]
    pub fn ledger(&self) -> LedgerHome {
        LedgerHome::new(&self.path)
    }

    fn rules(&self) -> Result<OfficeRules, Error> {
        match self.text_of(SETTINGS)? {
            Some(text) => OfficeRules::parse(&text),
            None => OfficeRules::standard(),
        }
    }

    fn text_of(&self, name: &str) -> Result<Option<String>, Error> {
        let path = self.path.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let name = path.display();
                Err(Error::unavailable(format!("`{name}` cannot be read: {error}")))
            }
        }
    }

    fn master_path(&self) -> PathBuf {
        self.path.join("keys").join("master.keys")
    }

    fn key_path(&self) -> PathBuf {
        self.path.join("keys").join("service.key")
    }
}

/// Begins the folder with the checkpoint of no entries: nothing was published yet.
fn begin(folder: &Path, signer: &SignerKey) -> Result<(), brightline_ledger::Error> {
    let empty = Checkpoint::new(signer.name(), Frontier::new().head())?;
    TileDirectory::create(folder, &empty.signed_by(signer)?).map(drop)
}

fn log_error(error: brightline_ledger::Error) -> Error {
    let help = "put the key of the log back from where it was kept; a new one is another log";
    Error::unavailable(error.to_string()).help(help).because(error)
}

/// Makes a folder into which only its owner can look.
fn make_private(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| {
        Error::unavailable(format!("the folder `{}` cannot be made: {error}", path.display()))
    })
}
