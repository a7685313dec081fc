//! What the law says that an agency must, may or must not do with a request.
//!
//! One file a command in `commands`; what is shown to people is put into words in `human`; the
//! interview is in `interview`, the language server in `lsp`. Nothing here decides anything: that
//! is `brightline_law`, by way of `brightline_desk`.
//!
//! Commands that work on records are in the program `brightline-office`, to which this one hands
//! over; what both speak with, [`Global`], [`Trouble`] and [`output`], is public here.

mod commands;
mod human;
mod interview;
mod lsp;
pub mod output;
mod trouble;

pub use commands::ledger::LogCommand;
pub use commands::paper::reader;
pub use commands::read_paper::ReadPaper;
pub use trouble::{Ending, Trouble};

use std::path::PathBuf;
use std::process::ExitCode;

use brightline_desk::{PackFiles, Packs};
use brightline_paper::Beside;
use clap::{Args, Parser};

use commands::Command;

/// What the law says that an agency must, may or must not do with a request
#[derive(Debug, Parser)]
#[command(name = "brightline", version, max_term_width = 96, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// How both programs end; shown under their help.
pub const EXIT_CODES: &str = "Exit codes: 0 done; 1 the answer is negative (a proof fails, check \
                              has errors); 2 bad input; 3 internal.";

/// What all commands take.
#[derive(Debug, Args)]
pub struct Global {
    /// Read the packs of this directory instead of those built in
    #[arg(long, value_name = "DIR", env = "BRIGHTLINE_PACKS", global = true)]
    pub packs: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub json: bool,
}

impl Global {
    /// Loads the packs that the program brings with it, or those that were named.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read.
    pub fn load(&self) -> Result<Packs, Trouble> {
        let loaded = match &self.packs {
            Some(directory) => Packs::from_directory(directory),
            None => Packs::embedded(),
        };
        loaded.map_err(|error| Trouble::bad_input(error.to_string()))
    }

    /// Returns the files of the packs that the program brings with it, or of those that were named.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read.
    pub fn pack_files(&self) -> Result<PackFiles, Trouble> {
        match &self.packs {
            None => Ok(Packs::embedded_files()),
            Some(directory) => Packs::files_of_directory(directory)
                .map_err(|error| Trouble::bad_input(error.to_string())),
        }
    }

    /// Returns the files beside the packs: how papers look, how letters are worded.
    ///
    /// # Errors
    ///
    /// When the directory cannot be read.
    pub fn beside(&self) -> Result<Beside, Trouble> {
        let read =
            self.packs.as_deref().map_or_else(|| Ok(Beside::embedded()), Beside::from_directory);
        read.map_err(|error| Trouble::bad_input(error.to_string()))
    }
}

/// Runs the program of the desk on the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    end(cli.command.run(&cli.global), &cli.global)
}

/// Says what went wrong, if anything did, and returns the exit code.
#[must_use]
pub fn end(done: Result<Ending, Trouble>, global: &Global) -> ExitCode {
    let ending = done.unwrap_or_else(|trouble| {
        output::trouble(&trouble, global.json);
        trouble.ending
    });
    ending.exit_code()
}

impl Ending {
    fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::Negative => 1,
            Self::BadInput => 2,
            Self::Internal => 3,
        })
    }
}
