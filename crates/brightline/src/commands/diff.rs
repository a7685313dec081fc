//! `diff`: what changes between two days, or when an instrument is left out.

use brightline_docket::{Fault, Library};
use brightline_law::clock::Day;
use brightline_law::ir::{AgencyId, AsKnown, Corpus, PackId};
use brightline_law::{CLASS_COUNT_MAX, Change, Side, agencies, diff};
use clap::Args;
use serde_json::{Value, json};

use crate::Global;
use crate::human::determination::outcome_words;
use crate::human::paragraph::hanging;
use crate::output::{self, STRONG, styled};
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline diff us-ny-nyc 2026-01-28 2026-01-29
  brightline diff us-ny-nyc 2018-11-13 2018-11-14 --agency doc
  brightline diff us-ny-nyc 2025-05-01 2025-05-01 --without \"Executive Order 50 of 2025\"";

/// Show what changes between two days of a pack's law: classes of requests, each with a request
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Diff {
    /// The pack
    #[arg(value_name = "PACK")]
    pack: String,
    /// The day before
    #[arg(value_name = "A")]
    before: String,
    /// The day after
    #[arg(value_name = "B")]
    after: String,
    /// Only these agencies; may be repeated
    #[arg(long, value_name = "AGENCY")]
    agency: Vec<String>,
    /// An instrument left out of the law after, by its short name or its citation; may be repeated
    #[arg(long, value_name = "INSTRUMENT")]
    without: Vec<String>,
    /// The law as it was known on this day, on both sides
    #[arg(long, value_name = "DATE")]
    known_on: Option<String>,
}

impl Diff {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let library = Library::open(global.load()?);
        library.sound(&self.pack)?;
        let corpus = library.corpus();
        let Some(pack) = corpus.pack(&self.pack) else {
            let fault = Fault::new("", format!("there is no pack `{}`", self.pack));
            return Err(Trouble::of(fault.names(&self.pack, library.packs().ids())));
        };
        let known = match &self.known_on {
            Some(text) => day("--known-on", text)?,
            None => Day::MAX,
        };
        let side = |place: &str, text: &str, without: &[String]| -> Result<Side, Trouble> {
            Ok(Side {
                at: AsKnown {
                    on: day(place, text)?,
                    known,
                },
                without: without.to_vec(),
            })
        };
        let before = side("A", &self.before, &[])?;
        let after = side("B", &self.after, &self.without)?;
        let agencies = self.agencies(corpus, pack)?;
        let changes = diff(corpus, pack, &before, &after, &agencies)
            .map_err(|error| Trouble::internal(error.to_string()))?;
        if global.json {
            let changes = changes
                .iter()
                .map(|it| document(&library, (pack, before.at), it));
            output::json(&changes.collect::<Vec<_>>())?;
        } else {
            output::text(&page(&library, (pack, before.at), &changes));
        }
        Ok(Ending::Done)
    }

    fn agencies(&self, corpus: &Corpus, pack: PackId) -> Result<Vec<AgencyId>, Trouble> {
        if self.agency.is_empty() {
            return Ok(agencies(corpus, pack));
        }
        let find = |name: &String| {
            corpus.agency(pack, name).ok_or_else(|| {
                let fault = Fault::new("--agency", format!("there is no agency `{name}`"));
                Trouble::of(fault.names(name, corpus.agency_names(pack)))
            })
        };
        self.agency.iter().map(find).collect()
    }
}

fn day(place: &str, text: &str) -> Result<Day, Trouble> {
    Day::parse(text).map_err(|error| Trouble::of(Fault::new(place, error.to_string())))
}

fn page(library: &Library, (pack, at): (PackId, AsKnown), changes: &[Change]) -> String {
    let corpus = library.corpus();
    let mut page = String::new();
    let mut head = None;
    for change in changes {
        let agency = corpus
            .agencies
            .get(change.agency.index())
            .map_or("", |it| &it.words);
        let act = corpus
            .acts
            .get(change.act.index())
            .map_or("", |it| &it.words);
        if head != Some((change.agency, change.act)) {
            head = Some((change.agency, change.act));
            page.push_str(&hanging(
                "",
                2,
                &styled(STRONG, &format!("{agency}: {act}")),
            ));
        }
        let before = outcome_words(change.before.name());
        let after = outcome_words(change.after.name());
        let share = percent(change.share_millionths);
        page.push_str(&hanging(
            "  ",
            4,
            &format!("{before} -> {after} ({share} of the cases)"),
        ));
        let class = match change.class.as_slice() {
            [] => "always".to_owned(),
            tests => tests.join("; "),
        };
        page.push_str(&hanging("    when ", 9, &class));
        let request = witness(library, (pack, at), change);
        let request = serde_json::to_string(&request).unwrap_or_default();
        page.push_str(&hanging("    such as ", 12, &request));
    }
    let count = changes.len();
    let more = if count >= CLASS_COUNT_MAX {
        " or more"
    } else {
        ""
    };
    match count {
        0 => page.push_str("Nothing changes.\n"),
        1 => page.push_str("1 class of requests changes.\n"),
        _ => page.push_str(&format!("{count}{more} classes of requests change.\n")),
    }
    page
}

fn percent(millionths: u64) -> String {
    match millionths {
        0 => "under 0.0001 %".to_owned(),
        _ => format!("{}.{:04} %", millionths / 10_000, millionths % 10_000),
    }
}

fn witness(
    library: &Library,
    (jurisdiction, at): (PackId, AsKnown),
    change: &Change,
) -> brightline_docket::Request<'static> {
    let scope = brightline_law::Scope {
        jurisdiction,
        agency: change.agency,
        act: change.act,
        at,
    };
    library.witness(scope, &change.facts)
}

fn document(library: &Library, at: (PackId, AsKnown), change: &Change) -> Value {
    json!({
        "before": change.before.name(), "after": change.after.name(),
        "class": change.class, "share_millionths": change.share_millionths,
        "request": witness(library, at, change),
    })
}
