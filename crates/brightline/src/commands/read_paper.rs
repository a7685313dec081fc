//! `read-paper`: reads one file from standard input, in a process that can be thrown away.

use brightline_paper::{Limits, draw_one, serve_one};
use clap::Args;

use crate::Global;
use crate::trouble::{Ending, Trouble};

/// Read one paper from standard input; the other commands start this one
#[derive(Debug, Args)]
pub struct ReadPaper {
    /// Draw its first pages instead
    #[arg(long)]
    draw: bool,
}

impl ReadPaper {
    /// Reads standard input whole, and prints what it says to standard output.
    ///
    /// # Errors
    ///
    /// When the files beside the packs cannot be read, or the pipe breaks.
    pub fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let beside = global.beside()?;
        let done = match self.draw {
            true => draw_one(&beside, &Limits::default()),
            false => serve_one(&beside, &Limits::default()),
        };
        done.map_err(|error| Trouble::internal(error.to_string()))?;
        Ok(Ending::Done)
    }
}
