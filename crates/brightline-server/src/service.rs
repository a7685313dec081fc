//! What all requests share.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use brightline_desk::Library;
use brightline_docket::Office;
use brightline_ledger::LedgerHome;
use brightline_paper::{Beside, Press, Reader};
use tower_http::csrf::CsrfLayer;

use crate::access::{Access, Action, Principal};
use crate::accounts::Accounts;
use crate::edge::Numbers;
use crate::limits::{Gate, Limits};
use crate::metrics::Metrics;
use crate::openid::{OpenId, Provider};
use crate::outbound::{Outbound, Reach};
use crate::passkeys::Place;
use crate::problem::{Kind, Problem};
use crate::{edge, routes};

/// What a service is told before it starts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// The largest body of a request, in bytes.
    pub body_bytes_max: usize,
    /// How long a request may take to arrive whole.
    pub body_time_max: Duration,
    /// How long the head of a request may take to arrive.
    pub head_time_max: Duration,
    /// How many connections may be open at once.
    pub connections_max: usize,
    /// The folder of the public log, when one is served.
    pub log_folder: Option<PathBuf>,
    /// Where the key of the log is, which signs releases of the law; none: none is published.
    pub log_home: Option<LedgerHome>,
    /// How often somebody may call.
    pub limits: Limits,
    /// Webhooks may lie inside a network, not only on the internet.
    pub webhooks_inside: bool,
    /// A file of certificates that are trusted besides those of the machine, for calls that the
    /// service makes itself.
    pub roots: Option<PathBuf>,
    /// How letters are worded.
    pub beside: Beside,
    /// What reads papers that are handed in, in a process of its own; none: they are typed in.
    pub reader: Option<Reader>,
    /// The provider that may sign people in, when there is one.
    pub openid: Option<OpenId>,
    /// Where passkeys are good; none: on the service's own machine, where only that reaches it.
    pub passkeys: Option<Place>,
    /// How long requests in progress may go on when the service is told to stop.
    pub stop_time_max: Duration,
}

impl Default for Settings {
    /// Returns settings for the machine's own use: port 8080 of the loopback address.
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            body_bytes_max: 1 << 20,
            body_time_max: Duration::from_secs(10),
            head_time_max: Duration::from_secs(10),
            connections_max: 1024,
            log_folder: None,
            log_home: None,
            limits: Limits::default(),
            webhooks_inside: false,
            roots: None,
            beside: Beside::embedded(),
            reader: None,
            openid: None,
            passkeys: None,
            stop_time_max: Duration::from_secs(20),
        }
    }
}

impl Settings {
    pub(crate) fn webhook_reach(&self) -> Reach {
        if self.webhooks_inside { Reach::Inside } else { Reach::Public }
    }
}

/// A service: settings, the law, accounts, policies, and what is counted.
#[derive(Clone)]
pub struct Service(Arc<Parts>);

struct Parts {
    settings: Settings,
    law: Law,
    accounts: Option<Accounts>,
    access: Access,
    /// What anyone may do; asked of the policies once.
    open: BTreeSet<Action>,
    gate: Gate,
    outbound: Outbound,
    provider: Option<Provider>,
    passkeys: Option<Place>,
    metrics: Metrics,
    numbers: Numbers,
    /// Opened when the first letter is asked for: it reads the fonts of the machine.
    press: OnceLock<Option<Press>>,
}

/// Where the law comes from.
enum Law {
    /// A library that stays as it is.
    Library(Arc<Library>),
    /// The office, which may swap its library for a newer one between two requests.
    Office(Office),
}

impl Service {
    /// Returns a service that only decides, under the law of a library.
    ///
    /// # Errors
    ///
    /// When the policies of the service cannot be read.
    pub fn deciding(settings: Settings, library: Library) -> Result<Self, String> {
        Self::over(settings, Law::Library(Arc::new(library)), None)
    }

    /// Returns a service for an office and the people who work there.
    ///
    /// # Errors
    ///
    /// When the policies of the service cannot be read.
    pub fn new(settings: Settings, office: Office, accounts: Accounts) -> Result<Self, String> {
        Self::over(settings, Law::Office(office), Some(accounts))
    }

    fn over(settings: Settings, law: Law, accounts: Option<Accounts>) -> Result<Self, String> {
        let access = Access::read()?;
        let open = Action::ALL.into_iter().filter(|action| action.is_open(&access)).collect();
        let (metrics, numbers) = (Metrics::default(), Numbers::default());
        let press = OnceLock::new();
        let gate = Gate::new(&settings.limits);
        let outbound = Outbound::new(settings.roots.clone());
        let provider = settings.openid.clone().map(Provider::new);
        let is_local = settings.address.ip().is_loopback();
        let passkeys = settings.passkeys.clone().or_else(|| is_local.then(Place::local).flatten());
        let parts = Parts {
            settings,
            law,
            accounts,
            access,
            open,
            gate,
            outbound,
            provider,
            passkeys,
            metrics,
            numbers,
            press,
        };
        Ok(Self(Arc::new(parts)))
    }

    /// Returns what sets letters; nothing where a wording is broken, which the log then says.
    pub(crate) fn press(&self) -> Option<&Press> {
        let open = || {
            let opened = Press::open(&self.0.settings.beside);
            opened.inspect_err(|error| tracing::error!(%error, "no letter can be set")).ok()
        };
        self.0.press.get_or_init(open).as_ref()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Returns the law in force now; a request keeps it until it is answered.
    pub(crate) fn library(&self) -> Arc<Library> {
        match &self.0.law {
            Law::Library(library) => Arc::clone(library),
            Law::Office(office) => office.library(),
        }
    }

    pub(crate) fn office(&self) -> Result<&Office, Problem> {
        match &self.0.law {
            Law::Office(office) => Ok(office),
            Law::Library(_) => {
                Err(Problem::new(Kind::Unavailable, "this service keeps no records"))
            }
        }
    }

    /// Refuses what the caller may do for other agencies only.
    pub(crate) fn require_agency(
        &self,
        principal: &Principal,
        action: Action,
        agency: &str,
    ) -> Result<(), Problem> {
        if self.access().may(principal, action, agency) {
            return Ok(());
        }
        Err(Problem::new(Kind::NotPermitted, format!("`{agency}` is not one of your agencies")))
    }

    pub(crate) fn accounts(&self) -> Result<&Accounts, Problem> {
        let found = self.0.accounts.as_ref();
        found.ok_or_else(|| Problem::new(Kind::Unavailable, "this service keeps no accounts"))
    }

    pub(crate) fn access(&self) -> &Access {
        &self.0.access
    }

    /// Returns whether anyone may do this, so that nobody needs to be asked who calls.
    pub(crate) fn is_open(&self, action: Action) -> bool {
        self.0.open.contains(&action)
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    pub(crate) fn outbound(&self) -> &Outbound {
        &self.0.outbound
    }

    pub(crate) fn provider(&self) -> Option<&Provider> {
        self.0.provider.as_ref()
    }

    /// Returns where passkeys are good, if they are anywhere.
    pub(crate) fn passkeys(&self) -> Option<&Place> {
        self.0.passkeys.as_ref()
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn numbers(&self) -> &Numbers {
        &self.0.numbers
    }

    /// Returns all routes, ready to be called.
    pub fn router(&self) -> Router {
        let router = routes::table().router.split_for_parts().0;
        router
            .fallback(routes::nothing_here)
            .layer(CsrfLayer::new())
            .layer(axum::middleware::from_fn_with_state(self.clone(), edge::around))
            .with_state(self.clone())
    }
}
