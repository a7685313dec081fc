//! `serve`: the service.

use std::net::SocketAddr;
use std::path::PathBuf;

use brightline::{Ending, Global, Trouble, output, reader};
use brightline_desk::{Fault, PackFiles};
use brightline_docket::{Office, OfficeRules};
use brightline_paper::{Beside, Reader};
use brightline_server::{
    Accounts, Clock, DataFolder, Role, Service, Settings, log_to_standard_error, serve,
};
use clap::Args;
use tokio::runtime::Runtime;

const EXAMPLES: &str = "Examples:
  brightline serve
  brightline serve --address 127.0.0.1:9000 --data /var/lib/brightline
  brightline serve --store postgres://brightline@db.internal/brightline
  brightline serve --key-program /usr/local/bin/key-service
  brightline serve --log debug 2> service.log";

/// Serve requests over HTTP, until interrupted
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes a free one
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        env = "BRIGHTLINE_ADDRESS"
    )]
    address: SocketAddr,
    #[command(flatten)]
    place: Place,
    /// For a new folder: the name of its log for ever, by custom the address where it is served
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
    /// What is logged to standard error: error, warn, info or debug
    #[arg(long, value_name = "LEVEL", default_value = "info", env = "BRIGHTLINE_LOG")]
    log: String,
}

/// Where a service keeps what it must not lose.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// The folder of records and keys; `serve` makes it when it is not there
    #[arg(
        long,
        value_name = "DIR",
        default_value = "brightline-data",
        env = "BRIGHTLINE_DATA",
        global = true
    )]
    data: PathBuf,
    /// The database, when it is not the file in the folder: postgres://USER@HOST/DATABASE
    #[arg(
        long,
        value_name = "URL",
        env = "BRIGHTLINE_STORE",
        hide_env_values = true,
        global = true
    )]
    store: Option<String>,
    /// The program that speaks for the key service which holds the master keys
    #[arg(long, value_name = "PROGRAM", env = "BRIGHTLINE_KEY_PROGRAM", global = true)]
    key_program: Option<PathBuf>,
}

impl Place {
    /// Returns the folder.
    pub(super) fn folder(&self) -> DataFolder {
        DataFolder::at(&self.data).with_key_program(self.key_program.clone())
    }

    /// Opens what is there.
    pub(super) async fn open(&self) -> Result<Accounts, Trouble> {
        if self.folder().is_new() {
            let fault = Fault::new(self.data.display().to_string(), "there are no records here");
            return Err(Trouble::of(fault.help("name the folder with --data")));
        }
        let opened = self.folder().open(self.store.as_deref(), Clock::of_the_machine()).await;
        opened.map_err(Trouble::from)
    }

    /// Makes the folder when it is not there, and says so.
    fn create_if_new(&self, origin: Option<&str>) -> Result<(), Trouble> {
        let folder = self.folder();
        if folder.is_new() {
            for made in folder.create(origin)? {
                output::text(&format!("{made}\n"));
            }
        }
        Ok(())
    }
}

impl Serve {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        log_to_standard_error(&self.log).map_err(Trouble::bad_input)?;
        self.place.create_if_new(self.origin.as_deref())?;
        threads()?.block_on(self.serve(global.pack_files()?, reader(global)?, global.beside()?))?;
        Ok(Ending::Done)
    }

    async fn serve(
        &self,
        built_in: PackFiles,
        reader: Reader,
        beside: Beside,
    ) -> Result<(), Trouble> {
        let accounts = self.place.open().await?;
        let link = match accounts.is_empty().await? {
            true => Some(accounts.invite_first().await?),
            false => None,
        };
        let folder = self.place.folder();
        let settings =
            Settings { address: self.address, reader: Some(reader), beside, ..folder.settings()? };
        let office = folder.office(&accounts, built_in).await?;
        for line in folder.mend_log(&accounts).await?.iter().chain(&doubts(office.rules(), &office))
        {
            output::text(&format!("{line}\n"));
        }
        let _keeper = folder.keep_log(&office)?;
        for line in office.rules().retention() {
            output::text(&format!("records are kept: {line}\n"));
        }
        let _tender = folder.keep_tending(&office);
        let service = Service::new(settings, office, accounts).map_err(Trouble::internal)?;
        let stop = stop().map_err(|error| Trouble::internal(error.to_string()))?;
        let listening = |address: SocketAddr| say_where(address, link.as_deref());
        let served = serve(service, listening, stop).await;
        served.map_err(|error| {
            let fault = Fault::new("", error.to_string());
            Trouble::of(error.help().into_iter().fold(fault, Fault::help))
        })
    }
}

/// Says what of the settings fits nothing: a role or an agency that is mistyped would do nothing.
fn doubts(rules: &OfficeRules, office: &Office) -> Vec<String> {
    let library = office.library();
    let known = library.finder_roles();
    let mut lines = Vec::new();
    for procedure in &rules.procedure {
        let named = procedure.signed_by.iter().chain([&procedure.escalate_to]);
        for role in named.filter(|it| !it.is_empty() && Role::named(it).is_none()) {
            if !known.contains_key(role.as_str()) {
                lines.push(format!("office.toml: nobody can hold the role `{role}`"));
            }
        }
    }
    let of_procedures = rules.procedure.iter().map(|it| it.agency.as_str());
    let of_classes = rules.record_class.iter().map(|it| it.agency.as_str());
    let of_heads = rules.letterhead.iter().map(|it| it.agency.as_str());
    let agencies = of_procedures.chain(of_classes).chain(of_heads);
    if let Err(refusal) = library.require_agencies(agencies) {
        for Fault { message, help, .. } in refusal.faults {
            let help = help.map_or_else(String::new, |help| format!("; {help}"));
            lines.push(format!("office.toml: {message}{help}"));
        }
    }
    lines
}

fn say_where(address: SocketAddr, link: Option<&str>) {
    output::text(&format!("listening on http://{address}\n"));
    if let Some(link) = link {
        let line = "make the first administrator here; the link works once, for 72 hours";
        output::text(&format!("{line}:\n  http://{address}/set-up/{link}\n"));
    }
}

/// Returns the threads on which a command waits for the store and the network.
pub(super) fn threads() -> Result<Runtime, Trouble> {
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    threads.map_err(|error| Trouble::internal(error.to_string()))
}

/// Returns what is done once someone interrupts the program or asks it to end.
#[cfg(unix)]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut end = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = end.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Returns what is done once someone interrupts the program.
#[cfg(not(unix))]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
