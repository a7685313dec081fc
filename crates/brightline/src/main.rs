//! What the law says that an agency must, may or must not do with a request.
//!
//! One file a command in `commands`; what is shown to people is put into words in `human`; the
//! interview is in `interview`, the language server in `lsp`. Nothing here decides anything: that
//! is `brightline_law`, by way of `brightline_docket`.

mod commands;
mod human;
mod interview;
mod lsp;
mod output;
mod trouble;

use std::path::PathBuf;
use std::process::ExitCode;

use brightline_docket::Packs;
use brightline_paper::Beside;
use clap::{Args, Parser};

use commands::Command;
use trouble::{Ending, Trouble};

/// What the law says that an agency must, may or must not do with a request
#[derive(Debug, Parser)]
#[command(name = "brightline", version, max_term_width = 96, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 the answer is negative (a proof fails, check has \
                          errors); 2 bad input; 3 internal.";

/// What all commands take.
#[derive(Debug, Args)]
struct Global {
    /// Read the packs of this directory instead of those built in
    #[arg(long, value_name = "DIR", env = "BRIGHTLINE_PACKS", global = true)]
    packs: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    json: bool,
}

impl Global {
    fn load(&self) -> Result<Packs, Trouble> {
        let loaded = match &self.packs {
            Some(directory) => Packs::from_directory(directory),
            None => Packs::embedded(),
        };
        loaded.map_err(|error| Trouble::bad_input(error.to_string()))
    }

    /// The files beside the packs: how papers look, how letters are worded.
    fn beside(&self) -> Result<Beside, Trouble> {
        let read =
            self.packs.as_deref().map_or_else(|| Ok(Beside::embedded()), Beside::from_directory);
        read.map_err(|error| Trouble::bad_input(error.to_string()))
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.run(&cli.global) {
        Ok(ending) => ending.exit_code(),
        Err(trouble) => {
            output::trouble(&trouble, cli.global.json);
            trouble.ending.exit_code()
        }
    }
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
