//! Brightline's own rows.

use std::path::Path;

use brightline_desk::{Library, Packs, Refusal, Request, Taken};
use brightline_law::clock::Day;
use brightline_law::facts::Facts;
use brightline_law::ir::{AsKnown, Corpus};
use brightline_law::{Law, Outcome as Ends, RequestColumns, Scope};

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
    let agency = corpus.agency(jurisdiction, agency).ok_or("no such agency")?;
    let act = corpus.act_name(jurisdiction, act).and_then(|name| name.acts.first());
    let on = Day::parse("2026-11-24").map_err(|error| error.to_string())?;
    let at = AsKnown { on, known: Day::MAX };
    let scope = Scope { jurisdiction, agency, act: *act.ok_or("no such act")?, at };
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

/// Makes everything ready and decides all inputs, once.
pub fn decide_all(race: &Race) -> Outcome<usize> {
    let laws = Laws::read(&race.folder)?;
    let lines = read_lines(&race.folder.join("requests.jsonl"))?;
    let right = |(line, want): (&String, &Answer)| -> Outcome<bool> {
        let taken = laws.library.take_in_json(line)?;
        let name = &laws.library.corpus().agencies[taken.agency.index()].name;
        let agency = AGENCIES.iter().position(|agency| agency == name);
        Ok(laws.decide(agency.unwrap_or(0), &taken.facts) == *want)
    };
    crate::memory::count(lines.iter().zip(&race.answers).map(right))
}

/// The rows of the policy.
pub fn rows(race: &Race, table: &mut Table) -> Outcome<()> {
    let name = ("Brightline", "pack; six laws compiled");
    let laws = table.start(START, name, || Laws::read(&race.folder))?;
    let lines = read_lines(&race.folder.join("requests.jsonl"))?;
    let mut requests: Vec<(usize, Facts)> = Vec::new();
    for (line, input) in lines.iter().zip(&race.inputs) {
        let at = AGENCIES.iter().position(|name| name.eq_ignore_ascii_case(&input.agency));
        requests.push((at.unwrap_or(0), taken(&laws.library, line)?.facts));
    }
    let corpus = laws.library.corpus();
    let name = ("Brightline", "`decide`");
    table.run(TYPED, name, &race.answers, |at| {
        let (agency, facts) = &requests[at];
        laws.decide(*agency, facts)
    });
    let name = ("Brightline", "`determine`: reasons, citations, sentences, notes");
    table.run(EXPLAINED, name, &race.answers, |at| {
        let (agency, facts) = &requests[at];
        let [hold, notify] = &laws.laws[*agency];
        permits(Some(hold.determine(corpus, facts).outcome))
            | permits(Some(notify.determine(corpus, facts).outcome)) << 1
    });
    let name = ("Brightline", "every name and value checked, to the outcomes as JSON text");
    let text = |told: Result<String, Refusal>| told.unwrap_or_default();
    table.run_text(JSON, name, &race.answers, |at| text(laws.library.brief_json(&lines[at])), told);
    let name = ("Brightline", "the same, to the whole answer, explained, as JSON text");
    table.run_text(
        JSON,
        name,
        &race.answers,
        |at| text(laws.library.answer_json(&lines[at])),
        told,
    );
    let name = ("Brightline", "the careful way in, as for a request with faults, `decide`");
    table.run(JSON, name, &race.answers, |at| {
        let Ok(taken) = taken(&laws.library, &lines[at]) else {
            return u8::MAX;
        };
        laws.decide(requests[at].0, &taken.facts)
    });
    for (repeats, section) in [(1, "bulk, 10,000 rows"), (100, "bulk, 1,000,000 rows")] {
        bulk(race, (&laws, &requests), (repeats, section), table)?;
    }
    Ok(())
}

/// All requests of an agency in columns, decided at once.
fn bulk(
    race: &Race,
    (laws, requests): (&Laws, &[(usize, Facts)]),
    (repeats, section): (usize, &str),
    table: &mut Table,
) -> Outcome<()> {
    let corpus = laws.library.corpus();
    let of_agency = |agency: usize| {
        let own = requests.iter().enumerate().filter(move |(_, it)| it.0 == agency);
        own.map(|(at, (_, facts))| (at, facts))
    };
    let fill = || -> Vec<RequestColumns> {
        let columns = |(agency, [law, _]): (usize, &[Law; 2])| {
            let own: Vec<&Facts> = of_agency(agency).map(|(_, facts)| facts).collect();
            let mut columns = law.columns(own.len() * repeats);
            for row in 0..own.len() * repeats {
                columns.set_facts(row, own[row % own.len()]);
            }
            columns
        };
        laws.laws.iter().enumerate().map(columns).collect()
    };
    let columns = fill();
    for (agency, both) in laws.laws.iter().enumerate() {
        let told = both.each_ref().map(|law| law.outcomes_all(corpus, &columns[agency]));
        let own: Vec<usize> = of_agency(agency).map(|(at, _)| at).collect();
        for row in 0..own.len() * repeats {
            let answer = permits(Some(told[0][row])) | permits(Some(told[1][row])) << 1;
            if answer != race.answers[own[row % own.len()]] {
                return Err(format!("{section}: Brightline: row {row} differs").into());
            }
        }
    }
    let count = (requests.len() * repeats) as f64;
    let spent = crate::table::median(|| {
        for (both, columns) in laws.laws.iter().zip(&columns) {
            for law in both {
                law.determine_all(corpus, columns, |_, found| {
                    std::hint::black_box(found);
                });
            }
        }
    });
    let row = "columns; both acts of three agencies";
    table.add(section, "Brightline", row, spent / count);
    let spent = crate::table::median(|| {
        std::hint::black_box(fill());
    });
    table.add(
        &format!("{section}, columns built"),
        "Brightline",
        "from typed facts",
        spent / count,
    );
    Ok(())
}

/// The answers in the text of a response, by act.
fn told(text: &str) -> Answer {
    match &outcomes(text)[..] {
        [hold, notify] => u8::from(hold == "permitted") | u8::from(notify == "permitted") << 1,
        _ => u8::MAX,
    }
}

/// The outcomes in the text of a response, in the order of its acts.
pub fn outcomes(text: &str) -> Vec<String> {
    let response: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let determinations = response["determinations"].as_array().into_iter().flatten();
    determinations.filter_map(|it| Some(it["outcome"].as_str()?.to_owned())).collect()
}
