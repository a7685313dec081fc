//! `replay`: a table of past requests decided under two editions, and what changes counted.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use brightline_desk::{Fault, Library};
use brightline_law::clock::Day;
use brightline_law::ir::{ActId, AgencyId, AsKnown, Corpus, PackId};
use brightline_law::{Law, Scope, ruled_acts};
use brightline_replay::{ActLaws, Choices, Known, Table, Tally, replay};
use clap::Args;

use crate::Global;
use crate::human::replay::{Sides, document, page};
use crate::output;
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline replay past.parquet --jurisdiction us-ny-nyc --agency doc \
--before 2014-12-13 --after 2014-12-14
  brightline replay past.parquet --jurisdiction us-ny-nyc --agency doc --act hold_past_release \
--before 2025-05-01 --after 2025-05-01 --without \"Executive Order 50 of 2025\"
  brightline replay past.csv --jurisdiction us-ny-nyc --agency nypd \
--before 2018-11-13 --after 2018-11-14 --group-by precinct --skip docket_number

A column has the name of a fact, and an empty cell is not known; docs/replay.md has the layout.";

/// Work that takes longer than this shows how far it is.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between one line of progress and the next.
const PAUSE: Duration = Duration::from_millis(200);

/// Decide a table of past requests under two editions, and count what comes out differently
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Replay {
    /// The table, Parquet or CSV
    #[arg(value_name = "TABLE")]
    table: PathBuf,
    /// The pack of the agency's law
    #[arg(long, value_name = "PACK")]
    jurisdiction: String,
    /// The agency that was asked
    #[arg(long, value_name = "AGENCY")]
    agency: String,
    /// An act that was asked; may be repeated; without it, all acts that the law rules on
    #[arg(long, value_name = "ACT")]
    act: Vec<String>,
    /// The day whose law is the law before; every request is decided as if made that day
    #[arg(long, value_name = "DATE")]
    before: String,
    /// The day whose law is the law after
    #[arg(long, value_name = "DATE")]
    after: String,
    /// An instrument left out of the law after, by its short name or its citation; may be repeated
    #[arg(long, value_name = "INSTRUMENT")]
    without: Vec<String>,
    /// The law as it was known on this day, on both sides
    #[arg(long, value_name = "DATE")]
    known_on: Option<String>,
    /// Count for each value of this column, too
    #[arg(long, value_name = "COLUMN")]
    group_by: Option<String>,
    /// A column that is no fact and is not read; may be repeated
    #[arg(long, value_name = "COLUMN")]
    skip: Vec<String>,
}

impl Replay {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let library = Library::open(global.load()?);
        library.sound(&self.jurisdiction)?;
        let corpus = library.corpus();
        let Some(pack) = corpus.pack(&self.jurisdiction) else {
            let fault =
                Fault::new("--jurisdiction", format!("there is no pack `{}`", self.jurisdiction));
            return Err(Trouble::of(fault.names(&self.jurisdiction, library.packs().ids())));
        };
        let Some(agency) = corpus.agency(pack, &self.agency) else {
            let fault = Fault::new("--agency", format!("there is no agency `{}`", self.agency));
            return Err(Trouble::of(fault.names(&self.agency, corpus.agency_names(pack))));
        };
        self.find_instruments(corpus, pack)?;
        let (before, after) = self.days()?;
        let acts = self.acts(corpus, pack, (agency, before, after))?;
        let days = [before.on, after.on];
        let known = Known { corpus, jurisdiction: pack, days: &days };
        let choices = Choices { group_by: self.group_by.clone(), skip: self.skip.clone() };
        let table = Table::open(&self.table, &known, &choices).map_err(trouble)?;
        let laws = self.laws(corpus, (pack, agency), (before, after), &acts)?;
        let tally = counted(known, &table, &laws)?;
        let sides = Sides {
            corpus,
            jurisdiction: &self.jurisdiction,
            agency,
            before: before.on,
            after: after.on,
            without: &self.without,
            group_by: self.group_by.as_deref(),
        };
        let lacking = lacking(corpus, &table, &laws);
        if global.json {
            output::json(&document(&sides, &acts, &tally, &lacking))?;
        } else {
            output::text(&page(&sides, &acts, &tally, &lacking));
        }
        Ok(Ending::Done)
    }

    fn days(&self) -> Result<(AsKnown, AsKnown), Trouble> {
        let day = |place: &str, text: &str| {
            Day::parse(text).map_err(|error| Trouble::of(Fault::new(place, error.to_string())))
        };
        let known = match &self.known_on {
            Some(text) => day("--known-on", text)?,
            None => Day::MAX,
        };
        let before = AsKnown { on: day("--before", &self.before)?, known };
        Ok((before, AsKnown { on: day("--after", &self.after)?, known }))
    }

    /// Refuses an instrument that the packs do not have: leaving it out would change nothing.
    fn find_instruments(&self, corpus: &Corpus, pack: PackId) -> Result<(), Trouble> {
        let seen: Vec<PackId> = corpus.visible(pack).collect();
        let sections = corpus.sections.iter().filter(|section| seen.contains(&section.pack));
        let mut names: Vec<&str> = sections
            .flat_map(|it| {
                let enacted = it.enacted_by.as_deref();
                [Some(it.short.as_str()), Some(it.citation.as_str()), enacted]
            })
            .flatten()
            .collect();
        names.sort_unstable();
        names.dedup();
        match self.without.iter().find(|name| !names.contains(&name.as_str())) {
            Some(name) => {
                let fault = Fault::new("--without", format!("there is no instrument `{name}`"));
                Err(Trouble::of(fault.nearest(name, names)))
            }
            None => Ok(()),
        }
    }

    fn acts(
        &self,
        corpus: &Corpus,
        pack: PackId,
        (agency, before, after): (AgencyId, AsKnown, AsKnown),
    ) -> Result<Vec<ActId>, Trouble> {
        let mut acts = Vec::new();
        for name in &self.act {
            let Some(found) = corpus.act_name(pack, name) else {
                let fault = Fault::new("--act", format!("there is no act `{name}`"));
                return Err(Trouble::of(fault.names(name, corpus.act_names_visible(pack))));
            };
            acts.extend(&found.acts);
        }
        if self.act.is_empty() {
            acts.extend(ruled_acts(corpus, pack, agency, before));
            acts.extend(ruled_acts(corpus, pack, agency, after));
            acts.sort_unstable();
        }
        let mut kept: Vec<ActId> = Vec::new();
        for act in acts {
            if !kept.contains(&act) {
                kept.push(act);
            }
        }
        if kept.is_empty() {
            let message = "the law rules on no act of this agency on either day";
            return Err(Trouble::of(Fault::new("--agency", message)));
        }
        Ok(kept)
    }

    fn laws(
        &self,
        corpus: &Corpus,
        (jurisdiction, agency): (PackId, AgencyId),
        (before, after): (AsKnown, AsKnown),
        acts: &[ActId],
    ) -> Result<Vec<ActLaws>, Trouble> {
        let compile = |act: ActId, at: AsKnown, without: &[String]| {
            let scope = Scope { jurisdiction, agency, act, at };
            let made = Law::compile_without(corpus, scope, without);
            made.map_err(|error| Trouble::internal(error.to_string()))
        };
        let both = |act: &ActId| {
            let before = compile(*act, before, &[])?;
            Ok(ActLaws { before, after: compile(*act, after, &self.without)? })
        };
        acts.iter().map(both).collect()
    }
}

fn trouble(error: brightline_replay::Error) -> Trouble {
    let faults = error.faults().iter().map(|fault| Fault {
        place: fault.place.clone(),
        message: fault.message.clone(),
        help: fault.help.clone(),
    });
    Trouble { ending: Ending::BadInput, faults: faults.collect() }
}

/// Replays, and shows how far it is where someone may be waiting.
fn counted(known: Known<'_>, table: &Table, laws: &[ActLaws]) -> Result<Tally, Trouble> {
    let is_watched = std::io::stderr().is_terminal();
    let start = Instant::now();
    let shown = std::sync::Mutex::new(start);
    let total = table.row_count();
    let progress = |rows: u64| {
        let Ok(mut last) = shown.try_lock() else {
            return;
        };
        if is_watched && start.elapsed() > PATIENCE && last.elapsed() > PAUSE {
            *last = Instant::now();
            let of = total.map_or_else(String::new, |total| format!(" of {total}"));
            output::aside(&format!("\r{rows}{of} rows"));
        }
    };
    let tally = replay(known, table, laws, &progress).map_err(trouble);
    if is_watched && start.elapsed() > PATIENCE {
        output::aside("\r\x1b[K");
    }
    tally
}

/// The facts and lists that the laws ask for and the table does not have.
fn lacking(corpus: &Corpus, table: &Table, laws: &[ActLaws]) -> Vec<String> {
    let mut names = Vec::new();
    for law in laws.iter().flat_map(|laws| [&laws.before, &laws.after]) {
        let (facts, lists) = law.asked();
        let facts = facts.into_iter().filter(|fact| !table.has_fact(*fact));
        names.extend(facts.filter_map(|it| corpus.facts.get(it.index())).map(|it| it.name.clone()));
        let lists = lists.into_iter().filter(|list| !table.has_list(*list));
        let lists = lists.filter_map(|it| corpus.records.get(it.index()));
        names.extend(lists.map(|it| it.plural.clone()));
    }
    names.sort_unstable();
    names.dedup();
    names
}
