//! `print`: a pack in plain words.

use brightline_desk::{Fault, Library};
use brightline_law::ir::{Corpus, PackId, SectionId};
use clap::Args;
use serde_json::json;

use crate::Global;
use crate::human::prose;
use crate::output;
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline print --prose us-ny-nyc
  brightline print --prose us-ny-nyc 9-131";

/// Print a pack in plain words: citations, dates, and every rule said in sentences
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Print {
    /// The prose view; there is no other yet
    #[arg(long, required = true)]
    prose: bool,
    /// The pack
    #[arg(value_name = "PACK")]
    pack: String,
    /// The section, by its short name; left out, all sections
    #[arg(value_name = "SECTION")]
    section: Option<String>,
}

impl Print {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let library = Library::open(global.load()?);
        library.sound(&self.pack)?;
        let corpus = library.corpus();
        let Some(pack) = corpus.pack(&self.pack) else {
            let fault = Fault::new("", format!("there is no pack `{}`", self.pack));
            return Err(Trouble::of(fault.names(&self.pack, library.packs().ids())));
        };
        let sections = self.sections(corpus, pack)?;
        if global.json {
            let pages = sections.iter().filter_map(|&id| {
                let section = corpus.sections.get(id.index())?;
                Some(json!({
                    "section": section.short, "citation": section.citation,
                    "prose": prose::section(corpus, id),
                }))
            });
            output::json(&pages.collect::<Vec<_>>())?;
        } else {
            let mut page = String::new();
            if self.section.is_none() {
                page.push_str(&prose::head(corpus, pack));
            }
            for id in sections {
                page.push('\n');
                page.push_str(&prose::section(corpus, id));
            }
            output::text(&page);
        }
        Ok(Ending::Done)
    }

    fn sections(&self, corpus: &Corpus, pack: PackId) -> Result<Vec<SectionId>, Trouble> {
        let ids = (0u32..).map(SectionId);
        // A page of vocabulary says nothing that could be put into sentences.
        let rules = |id| corpus.provisions.iter().any(|provision| provision.section == id);
        let own: Vec<_> = corpus
            .sections
            .iter()
            .zip(ids)
            .filter(|(it, id)| it.pack == pack && rules(*id))
            .collect();
        let Some(wanted) = &self.section else {
            return Ok(own.into_iter().map(|(_, id)| id).collect());
        };
        let is_wanted = |short: &str, citation: &str| short == wanted || citation == wanted;
        let found: Vec<SectionId> = own
            .iter()
            .filter(|(section, _)| is_wanted(&section.short, &section.citation))
            .map(|(_, id)| *id)
            .collect();
        if found.is_empty() {
            let fault = Fault::new("", format!("`{}` has no section `{wanted}`", self.pack));
            let names = own.iter().map(|(section, _)| section.short.as_str());
            return Err(Trouble::of(fault.names(wanted, names)));
        }
        Ok(found)
    }
}
