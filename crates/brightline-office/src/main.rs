//! The program of the office: the service, its records and keys.
//!
//! Nobody needs to call it by its name: `brightline serve` and the others hand over to it. One file
//! a command in `commands`.

mod commands;

use std::process::ExitCode;

use brightline::{EXIT_CODES, Global, end};
use clap::Parser;

use commands::Command;

/// The service, its records and keys
#[derive(Debug, Parser)]
#[command(name = "brightline-office", bin_name = "brightline", version, max_term_width = 96)]
#[command(after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    end(cli.command.run(&cli.global), &cli.global)
}
