//! `explain`: the page of a diagnostic code.

use brightline_desk::Fault;
use brightline_law::diagnostic::{CODES, code};
use clap::Args;
use serde_json::json;

use crate::Global;
use crate::output;
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline explain L101
  brightline explain          all codes in a list";

/// Explain the code of a diagnostic: what it means, why it matters, how to mend it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// The code, as printed by `check`; left out, all codes are listed
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let all = || CODES.iter();
        let Some(id) = &self.code else {
            if global.json {
                let codes = all().map(|code| json!({"id": code.id, "title": code.title}));
                output::json(&codes.collect::<Vec<_>>())?;
            } else {
                let lines = all().map(|code| format!("{}  {}\n", code.id, code.title));
                output::text(&lines.collect::<String>());
            }
            return Ok(Ending::Done);
        };
        let Some(found) = code(&id.to_uppercase()) else {
            let fault = Fault::new("", format!("there is no code `{id}`"));
            return Err(Trouble::of(fault.help("`brightline explain` lists all codes")));
        };
        if global.json {
            let page =
                json!({"id": found.id, "title": found.title, "explanation": found.explanation});
            output::json(&page)?;
        } else {
            let page = found.explanation.trim();
            output::text(&format!("{}: {}\n\n{page}\n", found.id, found.title));
        }
        Ok(Ending::Done)
    }
}
