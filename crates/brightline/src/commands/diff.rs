//! `diff`: what changes between two days, or when an instrument is left out.

use brightline_desk::{Fault, Library};
use brightline_law::clock::Day;
use brightline_law::ir::{AgencyId, AsKnown, Corpus, PackId, Section};
use brightline_law::{CLASS_COUNT_MAX, Change, Side, agencies, diff, facts_text};
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
  brightline diff us-ny-nyc 2025-04-10 2025-04-10 --known-on 2025-04-10 --without eo-50
  brightline diff us-ny-nyc 2026-03-01 2026-03-01 --without \"Executive Order 13 of 2026\"";

/// Of each act so many classes are shown, unless all are wanted.
const CLASSES_SHOWN_MAX: usize = 4;

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
    /// Show all classes of each act, and not the first few
    #[arg(long)]
    all: bool,
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
        let from = corpus.packs.get(pack.index()).map_or(Day::MIN, |pack| pack.recorded_from);
        let side = |place: &str, text: &str, without: &[String]| -> Result<Side, Trouble> {
            let on = day(place, text)?;
            if on < from {
                let message = format!("`{}` records the law only from {from} on", self.pack);
                return Err(Trouble::of(Fault::new(place, message)));
            }
            Ok(Side { at: AsKnown { on, known }, without: without.to_vec() })
        };
        let instruments = self.instruments(corpus, pack)?;
        let before = side("A", &self.before, &[])?;
        let after = side("B", &self.after, &self.without)?;
        let agencies = self.agencies(corpus, pack)?;
        let changes = diff(corpus, pack, &before, &after, &agencies)
            .map_err(|error| Trouble::internal(error.to_string()))?;
        if global.json {
            let changes = changes.iter().map(|it| document(&library, (pack, before.at), it));
            output::json(&changes.collect::<Vec<_>>())?;
        } else {
            let shown_max = if self.all { usize::MAX } else { CLASSES_SHOWN_MAX };
            output::text(&page(corpus, &changes, shown_max));
            let at = after.at;
            for versions in instruments.chunk_by(|a, b| a.short == b.short) {
                let notes: Vec<_> = versions.iter().map_while(|it| idle(it, at)).collect();
                if let (true, Some(note)) = (notes.len() == versions.len(), notes.first()) {
                    output::text(&hanging("", 2, note));
                }
            }
        }
        Ok(Ending::Done)
    }

    /// Returns the sections that are left out; a name that none goes by is an error.
    fn instruments<'c>(
        &self,
        corpus: &'c Corpus,
        pack: PackId,
    ) -> Result<Vec<&'c Section>, Trouble> {
        let in_reach = |it: &&Section| corpus.at_or_below(pack, it.pack);
        let mut found = Vec::new();
        for name in &self.without {
            let sections = corpus.sections.iter().filter(in_reach);
            let called: Vec<&Section> = sections.filter(|it| it.is_called(name)).collect();
            if called.is_empty() {
                let sections = corpus.sections.iter().filter(in_reach);
                let names = sections.flat_map(|it| {
                    [Some(it.short.as_str()), Some(it.citation.as_str()), it.enacted_by.as_deref()]
                });
                let message = format!("`{}` records no instrument `{name}`", self.pack);
                let fault = Fault::new("--without", message);
                return Err(Trouble::of(fault.nearest(name, names.flatten())));
            }
            found.extend(called);
        }
        Ok(found)
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

/// Says why an instrument is of no effect on a day; none when it is in force.
fn idle(section: &Section, at: AsKnown) -> Option<String> {
    let validity = &section.validity;
    let void = validity.void.iter().find(|it| it.from <= at.on && it.known_from <= at.known);
    let suspended = validity.suspensions.iter().find(|it| it.from <= at.on && at.on <= it.until);
    let why = match (void, suspended) {
        (Some(void), _) => format!("is void from {} by {}", void.from, void.by),
        (None, Some(suspended)) => format!("is suspended on {} by {}", at.on, suspended.by),
        (None, None) if validity.in_force(at) => return None,
        (None, None) => format!("is not in force on {}", at.on),
    };
    Some(format!("{} {why}.", section.citation))
}

fn page(corpus: &Corpus, changes: &[Change], shown_max: usize) -> String {
    let mut page = String::new();
    for group in changes.chunk_by(|a, b| (a.agency, a.act) == (b.agency, b.act)) {
        page.push_str(&act(corpus, group, shown_max));
    }
    page.push_str(&match changes.len() {
        0 => "Nothing changes.\n".to_owned(),
        1 => "1 class of requests changes.\n".to_owned(),
        count => format!("{count} classes of requests change.\n"),
    });
    page
}

/// The classes of one agency and act.
fn act(corpus: &Corpus, group: &[Change], shown_max: usize) -> String {
    let Some(first) = group.first() else {
        return String::new();
    };
    let agency = corpus.agencies.get(first.agency.index()).map_or("", |it| &it.words);
    let act = corpus.acts.get(first.act.index()).map_or("", |it| &it.words);
    let mut text = hanging("", 2, &styled(STRONG, &format!("{agency}: {act}")));
    for change in group.iter().take(shown_max) {
        text.push_str(&class(corpus, change));
    }
    let hidden = group.len().saturating_sub(shown_max);
    if hidden > 0 {
        text.push_str(&format!("  … and {hidden} more classes (--all shows them)\n"));
    }
    if group.len() >= CLASS_COUNT_MAX {
        text.push_str(&format!("  Only the first {CLASS_COUNT_MAX} classes were looked for.\n"));
    }
    text.push('\n');
    text
}

fn class(corpus: &Corpus, change: &Change) -> String {
    let before = outcome_words(change.before.name());
    let after = outcome_words(change.after.name());
    let share = percent(change.share_millionths);
    let mut text = hanging("  ", 4, &format!("{before} -> {after} ({share} of the cases)"));
    let class = match change.class.as_slice() {
        [] => "always".to_owned(),
        tests => format!("when {}", tests.join("; ")),
    };
    text.push_str(&hanging("    ", 6, &class));
    let facts = facts_text::lines(corpus, &change.facts);
    if !facts.is_empty() {
        text.push_str(&hanging("    ", 6, &format!("such as {}", facts.join("; "))));
    }
    text
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
) -> brightline_desk::Request<'static> {
    let scope = brightline_law::Scope { jurisdiction, agency: change.agency, act: change.act, at };
    library.witness(scope, &change.facts)
}

fn document(library: &Library, at: (PackId, AsKnown), change: &Change) -> Value {
    json!({
        "before": change.before.name(), "after": change.after.name(),
        "class": change.class, "share_millionths": change.share_millionths,
        "request": witness(library, at, change),
    })
}
