//! Brightline's own rows.

use std::path::Path;

use brightline_docket::{Library, Packs, Request, Taken};
use brightline_law::clock::Day;
use brightline_law::facts::Facts;
use brightline_law::ir::{AsKnown, Corpus};
use brightline_law::{Law, Outcome as Ends, Scope};

use crate::Outcome;
use crate::policy::{Answer, EXPLAINED, JSON, Race, START, TYPED, read_lines};
use crate::table::Table;

const AGENCIES: [&str; 3] = ["nypd", "doc", "dop"];
const ACTS: [&str; 2] = ["hold", "notify_release"];

/// The laws of the race, by agency and act.
pub struct Laws {
    pub library: Library,
    laws: Vec<[Law; 2]>,
}

impl Laws {
    /// Reads the pack and compiles the laws.
    pub fn read(folder: &Path) -> Outcome<Self> {
        let library = open(&folder.join("packs/race"))?;
        let compile = |agency: &str, act: &str| law(library.corpus(), "race", agency, act);
        let mut laws = Vec::new();
        for agency in AGENCIES {
            laws.push([compile(agency, ACTS[0])?, compile(agency, ACTS[1])?]);
        }
        Ok(Self { library, laws })
    }

    fn decide(&self, agency: usize, facts: &Facts) -> Answer {
        let corpus = self.library.corpus();
        let [hold, notify] = &self.laws[agency];
        permits(hold.decide(corpus, facts)) | permits(notify.decide(corpus, facts)) << 1
    }
}

/// Opens a folder of packs, which must be without errors.
pub fn open(folder: &Path) -> Outcome<Library> {
    let library = Library::open(Packs::from_directory(folder)?);
    for pack in library.packs().ids() {
        library.sound(pack)?;
    }
    Ok(library)
}

/// Compiles one law, on the day of the race.
pub fn law(corpus: &Corpus, pack: &str, agency: &str, act: &str) -> Outcome<Law> {
    let jurisdiction = corpus.pack(pack).ok_or("no such pack")?;
    let agency = corpus
        .agency(jurisdiction, agency)
        .ok_or("no such agency")?;
    let act = corpus
        .act_name(jurisdiction, act)
        .and_then(|name| name.acts.first());
    let on = Day::parse("2026-11-24").map_err(|error| error.to_string())?;
    let at = AsKnown {
        on,
        known: Day::MAX,
    };
    let scope = Scope {
        jurisdiction,
        agency,
        act: *act.ok_or("no such act")?,
        at,
    };
    Law::compile(corpus, scope).map_err(Into::into)
}

fn permits(outcome: Option<Ends>) -> Answer {
    match outcome {
        Some(Ends::Permitted) => 1,
        Some(Ends::Prohibited) => 0,
        _ => 0x40,
    }
}

fn taken(library: &Library, line: &str) -> Outcome<Taken> {
    let request = Request::read(line)?;
    Ok(library.take_in(&request)?)
}

/// The rows of the policy.
pub fn rows(race: &Race, table: &mut Table) -> Outcome<()> {
    let name = ("Brightline", "pack; six laws compiled");
    let laws = table.start(START, name, || Laws::read(&race.folder))?;
    let lines = read_lines(&race.folder.join("requests.jsonl"))?;
    let mut requests: Vec<(usize, Facts)> = Vec::new();
    for (line, input) in lines.iter().zip(&race.inputs) {
        let at = AGENCIES
            .iter()
            .position(|name| name.eq_ignore_ascii_case(&input.agency));
        requests.push((at.unwrap_or(0), taken(&laws.library, line)?.facts));
    }
    let corpus = laws.library.corpus();
    let name = ("Brightline", "`decide`");
    table.run(TYPED, name, &race.answers, |at| {
        let (agency, facts) = &requests[at];
        laws.decide(*agency, facts)
    });
    let name = (
        "Brightline",
        "`determine`: reasons, citations, sentences, notes",
    );
    table.run(EXPLAINED, name, &race.answers, |at| {
        let (agency, facts) = &requests[at];
        let [hold, notify] = &laws.laws[*agency];
        permits(Some(hold.determine(corpus, facts).outcome))
            | permits(Some(notify.determine(corpus, facts).outcome)) << 1
    });
    let name = ("Brightline", "request read and checked, `decide`");
    table.run(JSON, name, &race.answers, |at| {
        let Ok(taken) = taken(&laws.library, &lines[at]) else {
            return u8::MAX;
        };
        laws.decide(requests[at].0, &taken.facts)
    });
    let name = (
        "Brightline",
        "request to the whole answer as JSON text, explained",
    );
    table.run(JSON, name, &race.answers, |at| {
        answered(&laws, &lines[at]).unwrap_or(u8::MAX)
    });
    Ok(())
}

fn answered(laws: &Laws, line: &str) -> Option<Answer> {
    let request = Request::read(line).ok()?;
    let response = laws.library.answer(&request).ok()?;
    let text = serde_json::to_string(&response).ok()?;
    std::hint::black_box(&text);
    let of = |at: usize| {
        response
            .determinations
            .get(at)
            .map(|it| it.outcome.to_string())
    };
    let permitted = |at: usize| of(at).is_some_and(|outcome| outcome == "permitted");
    Some(u8::from(permitted(0)) | u8::from(permitted(1)) << 1)
}
