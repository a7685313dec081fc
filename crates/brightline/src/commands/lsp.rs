//! `lsp`: the language server, for editors.

use clap::Args;

use crate::lsp;
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "An editor starts this and talks to it over standard input and output.
See docs/editors.md for Visual Studio Code and Helix.";

/// Serve editors: diagnostics, hover, definitions, completion, rename, formatting
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Lsp {
    /// Editors name the way to talk; standard input and output is the only one
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Lsp {
    pub(super) fn run(&self) -> Result<Ending, Trouble> {
        lsp::serve()
    }
}
