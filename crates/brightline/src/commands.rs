//! The commands, one file each: arguments, help, and one function that does it.

mod check;
mod decide;
mod diff;
mod explain;
mod fmt;
pub(crate) mod ledger;
mod lsp;
mod office;
pub(crate) mod paper;
mod print;
mod prove;
pub(crate) mod read_paper;
mod replay;

use brightline_desk::{Fault, Packs};
use brightline_law::Sources;
use clap::Subcommand;

use crate::Global;
use crate::trouble::{Ending, Trouble};

/// What to do
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Decide a request: what must, may or must not be done, why, and what is still missing
    Decide(decide::Decide),
    /// Check packs: every provision, example and claim
    Check(check::Check),
    /// Format the law blocks of packs
    Fmt(fmt::Fmt),
    /// Print a pack in plain words
    Print(print::Print),
    /// Prove claims, or show a request for which they fail
    Prove(prove::Prove),
    /// Show what changes between two days, or without an instrument
    Diff(diff::Diff),
    /// Decide a table of past requests under two editions, and count what comes out differently
    Replay(replay::Replay),
    /// Explain the code of a diagnostic
    Explain(explain::Explain),
    /// Serve requests over HTTP
    #[command(disable_help_flag = true, after_help = office::MORE)]
    Serve(office::HandedOver),
    /// Audit the records: the tree from its entries, then every record decided again
    #[command(disable_help_flag = true, after_help = office::MORE)]
    Audit(office::HandedOver),
    /// Write everything that is recorded into one file, while the service goes on
    #[command(disable_help_flag = true, after_help = office::MORE)]
    Backup(office::HandedOver),
    /// Put a backup into a new place, and audit it there
    #[command(disable_help_flag = true, after_help = office::MORE)]
    Restore(office::HandedOver),
    /// Begin the log, verify it, export it, prove that an entry is in it
    Ledger(ledger::Ledger),
    /// List, rotate and retire the master keys
    #[command(disable_help_flag = true, after_help = office::MORE)]
    Keys(office::HandedOver),
    /// Manage the accounts of the service
    #[command(disable_help_flag = true, after_help = office::MORE)]
    User(office::HandedOver),
    /// Write packs as one release of the law, for an author to propose to the service
    #[command(disable_help_flag = true, after_help = office::MORE)]
    Release(office::HandedOver),
    /// Serve editors over standard input and output
    Lsp(lsp::Lsp),
    /// Read one paper from standard input; the other commands start this one
    #[command(hide = true)]
    ReadPaper(read_paper::ReadPaper),
}

impl Command {
    pub(crate) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        match self {
            Self::Decide(decide) => decide.run(global),
            Self::Check(check) => check.run(global),
            Self::Fmt(fmt) => fmt.run(global),
            Self::Print(print) => print.run(global),
            Self::Prove(prove) => prove.run(global),
            Self::Diff(diff) => diff.run(global),
            Self::Replay(replay) => replay.run(global),
            Self::Explain(explain) => explain.run(global),
            Self::Ledger(ledger) => ledger.run(global),
            Self::Serve(_)
            | Self::Audit(_)
            | Self::Backup(_)
            | Self::Restore(_)
            | Self::Keys(_)
            | Self::User(_)
            | Self::Release(_) => office::hand_over(),
            Self::Lsp(lsp) => lsp.run(),
            Self::ReadPaper(read) => read.run(global),
        }
    }
}

/// Returns these packs and those above them; all packs when none is named.
fn packs_named(packs: &Packs, names: &[String]) -> Result<Sources, Trouble> {
    if names.is_empty() {
        return Ok(packs.sources.clone());
    }
    let mut wanted: Vec<&str> = Vec::new();
    for name in names {
        let Some(pack) = packs.pack(name) else {
            let fault = Fault::new("", format!("there is no pack `{name}`"));
            return Err(Trouble::of(fault.names(name, packs.ids())));
        };
        wanted.push(&pack.id);
        wanted.extend(pack.parents.iter().map(String::as_str));
    }
    let all = packs.sources.packs.iter();
    let chosen = all.filter(|pack| wanted.contains(&pack.id.as_str())).cloned();
    Ok(Sources { packs: chosen.collect() })
}
