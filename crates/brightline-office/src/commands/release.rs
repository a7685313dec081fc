//! `release`: a folder of packs as one release, for an author to propose.

use std::collections::BTreeMap;

use brightline::{Ending, Global, Trouble, output};
use brightline_desk::{Fault, PackFiles};
use brightline_docket::release_digest;
use clap::Args;
use serde_json::json;

const EXAMPLES: &str = "Examples:
  brightline release --packs packs --note \"section 9-131 as amended\" > release.json
  brightline release --packs packs --digest

The first writes the body of POST /api/v1/releases, with which an author proposes it. The
second prints its digest: whoever publishes it compares it with their own copy of the folder.";

/// Write packs as one release of the law, for an author to propose to the service
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Release {
    /// What changes, and why; it is recorded
    #[arg(long, value_name = "TEXT", required_unless_present = "digest")]
    note: Option<String>,
    /// Print only the digest
    #[arg(long, conflicts_with = "note")]
    digest: bool,
}

impl Release {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let files = global.pack_files()?;
        let digest = release_digest(&files);
        let Some(note) = &self.note else {
            match global.json {
                true => output::json(&json!({ "digest": digest }))?,
                false => output::text(&format!("{digest}\n")),
            }
            return Ok(Ending::Done);
        };
        output::json(&json!({ "note": note, "files": texts(&files)? }))?;
        output::aside(&format!("{} files, {digest}\n", files.len()));
        Ok(Ending::Done)
    }
}

fn texts(files: &PackFiles) -> Result<BTreeMap<&str, &str>, Trouble> {
    let text = |(path, bytes)| -> Result<(&str, &str), Trouble> {
        let (path, bytes): (&String, &Vec<u8>) = (path, bytes);
        let text = std::str::from_utf8(bytes);
        let text = text.map_err(|_| Trouble::of(Fault::new(path.as_str(), "it is not UTF-8")))?;
        Ok((path, text))
    };
    files.iter().map(text).collect()
}
