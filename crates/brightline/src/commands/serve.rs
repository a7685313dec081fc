//! `serve`: the service.

use std::net::SocketAddr;
use std::path::PathBuf;

use brightline_docket::Library;
use brightline_server::{Service, Settings, log_to_standard_error, serve};
use clap::Args;

use crate::Global;
use crate::output;
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline serve
  brightline serve --address 127.0.0.1:9000 --data /var/lib/brightline
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
    /// The folder of records and keys; made when it is not there
    #[arg(long, value_name = "DIR", default_value = "brightline-data", env = "BRIGHTLINE_DATA")]
    data: PathBuf,
    /// What is logged to standard error: error, warn, info or debug
    #[arg(long, value_name = "LEVEL", default_value = "info", env = "BRIGHTLINE_LOG")]
    log: String,
}

impl Serve {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        log_to_standard_error(&self.log).map_err(Trouble::bad_input)?;
        let settings = Settings { address: self.address, ..Settings::default() };
        let service = Service::new(settings, Library::open(global.load()?));
        let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let threads = threads.map_err(|error| Trouble::internal(error.to_string()))?;
        threads.block_on(async {
            let stop = stop().map_err(|error| Trouble::internal(error.to_string()))?;
            let listening = |address| output::text(&format!("listening on http://{address}\n"));
            serve(service, listening, stop)
                .await
                .map_err(|error| Trouble::bad_input(error.to_string()))
        })?;
        Ok(Ending::Done)
    }
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
