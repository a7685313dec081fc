//! The commands, one file each: arguments, help, and one function that does it.

mod audit;
mod backup;
mod export;
mod keys;
mod records;
mod release;
mod restore;
mod serve;
mod user;

use brightline::{Ending, Global, LogCommand, ReadPaper, Trouble};
use clap::Subcommand;

/// What to do
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve requests over HTTP
    Serve(serve::Serve),
    /// Audit the records: the tree from its entries, then every record decided again
    Audit(audit::Audit),
    /// Write everything that is recorded into one file, while the service goes on
    Backup(backup::Backup),
    /// Put a backup into a new place, and audit it there
    Restore(restore::Restore),
    /// Begin the log, verify it, export it, prove that an entry is in it
    #[command(subcommand)]
    Ledger(Ledger),
    /// List, rotate and retire the master keys
    Keys(keys::Keys),
    /// Manage the accounts of the service
    User(user::User),
    /// Write packs as one release of the law, for an author to propose to the service
    Release(release::Release),
    /// Read one paper from standard input; the service starts this one
    #[command(hide = true)]
    ReadPaper(ReadPaper),
}

/// What to do with the log
#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    #[command(flatten)]
    Log(LogCommand),
    /// Write the public log, and the proofs of cases, into a new folder for somebody else
    Export(export::Export),
}

impl Command {
    pub(crate) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        match self {
            Self::Serve(serve) => serve.run(global),
            Self::Audit(audit) => audit.run(global),
            Self::Backup(backup) => backup.run(global),
            Self::Restore(restore) => restore.run(global),
            Self::Ledger(Ledger::Log(command)) => command.run(global),
            Self::Ledger(Ledger::Export(export)) => export.run(global),
            Self::Keys(keys) => keys.run(global),
            Self::User(user) => user.run(global),
            Self::Release(release) => release.run(global),
            Self::ReadPaper(read) => read.run(global),
        }
    }
}
