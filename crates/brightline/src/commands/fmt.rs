//! `fmt`: the law blocks of packs in their one layout.

use std::fs;
use std::path::{Path, PathBuf};

use brightline_desk::Fault;
use brightline_law::syntax::format;
use clap::Args;
use serde_json::json;

use crate::Global;
use crate::output;
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline fmt packs/us-ny-nyc/9-131.law.md
  brightline fmt packs --check";

/// Folders are searched no deeper.
const FOLDER_DEPTH_MAX: usize = 12;

/// Format the law blocks of packs; prose stays as it is
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Fmt {
    /// Files, and folders with `*.law.md` files; left out, those of --packs
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Change nothing; name the files that are not formatted, and exit with 1 if there are any
    #[arg(long)]
    check: bool,
}

impl Fmt {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let mut files = Vec::new();
        for path in self.files.iter().chain(global.packs.iter().filter(|_| self.files.is_empty())) {
            gather(path, FOLDER_DEPTH_MAX, &mut files)?;
        }
        if files.is_empty() {
            let fault = Fault::new("", "no `*.law.md` file is named");
            return Err(Trouble::of(fault.help("name files or folders")));
        }
        let mut changed = Vec::new();
        for path in &files {
            let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
            let formatted = format(&text);
            if formatted != text {
                if !self.check {
                    fs::write(path, formatted).map_err(|error| unreadable(path, &error))?;
                }
                changed.push(path.display().to_string());
            }
        }
        self.report(global, &changed, files.len())?;
        let is_clean = changed.is_empty() || !self.check;
        Ok(if is_clean { Ending::Done } else { Ending::Negative })
    }

    fn report(&self, global: &Global, changed: &[String], count: usize) -> Result<(), Trouble> {
        if global.json {
            return output::json(&json!({"files": count, "changed": changed}));
        }
        let verb = if self.check { "not formatted" } else { "formatted" };
        for path in changed {
            output::text(&format!("{verb}: {path}\n"));
        }
        let unit = if count == 1 { "file" } else { "files" };
        output::text(&format!("{count} {unit}, {} {verb}\n", changed.len()));
        Ok(())
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::of(Fault::new(path.display().to_string(), error.to_string()))
}

fn gather(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Trouble> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut inner = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| unreadable(path, &error))? {
        inner.push(entry.map_err(|error| unreadable(path, &error))?.path());
    }
    inner.sort();
    for path in inner {
        let is_law = path.to_string_lossy().ends_with(".law.md");
        if is_law || path.is_dir() && depth > 0 {
            gather(&path, depth.saturating_sub(1), files)?;
        }
    }
    Ok(())
}
