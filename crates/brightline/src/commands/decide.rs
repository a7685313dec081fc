//! `decide`: a request under the law of its day.

use std::borrow::Cow;
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;

use brightline_desk::{Brief, Fault, Library, Request};
use brightline_paper::Reading;
use clap::Args;

use crate::Global;
use crate::commands::paper;
use crate::human::determination::page;
use crate::interview::Interview;
use crate::output;
use crate::trouble::{Ending, Trouble};

const EXAMPLES: &str = "Examples:
  brightline decide request.json
  brightline decide request.json --on 2017-03-01 --json
  brightline decide request.json --brief
  brightline decide request.json --ask --save answered.json
  brightline decide examples/detainer.pdf --jurisdiction us-ny-nyc --agency doc
  brightline decide --jurisdiction us-ny-nyc --agency doc --paper I-247A --ask";

/// A request longer than this is refused: 4 MiB.
const REQUEST_BYTES_MAX: u64 = 4 << 20;
/// No more of a file is read; the reader of papers says what is too long: 21 MiB.
const PAPER_BYTES_MAX: u64 = 21 << 20;

/// What was given as request.
enum Given {
    Nothing,
    Text(String),
    Paper(Box<Reading>),
}

/// Decide a request: what must, may or must not be done, why, and what is still missing
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Decide {
    /// The request, as JSON, or its paper, as PDF or mail; `-` reads it from standard input; left
    /// out, the options say it all
    #[arg(value_name = "REQUEST")]
    request: Option<PathBuf>,
    /// The day of the act; where the request does not say either, today
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// The law as it was known on this day
    #[arg(long, value_name = "DATE")]
    known_on: Option<String>,
    /// The pack of the agency's law
    #[arg(long, value_name = "PACK")]
    jurisdiction: Option<String>,
    /// The agency that is asked
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// The pack of the agency's own policy
    #[arg(long, value_name = "PACK")]
    policy: Option<String>,
    /// An act that is asked; may be repeated
    #[arg(long, value_name = "ACT")]
    act: Vec<String>,
    /// A paper that was presented; may be repeated
    #[arg(long, value_name = "PAPER")]
    paper: Vec<String>,
    /// With a paper: take what it proposes as confirmed; look at it first
    #[arg(long)]
    accept: bool,
    /// The outcomes alone: no reason, no question, nothing that follows
    #[arg(long)]
    brief: bool,
    /// Ask for what is missing, one question at a time
    #[arg(long)]
    ask: bool,
    /// With --ask: write the completed request to this file
    #[arg(long, value_name = "FILE", requires = "ask")]
    save: Option<PathBuf>,
}

impl Decide {
    pub(super) fn run(&self, global: &Global) -> Result<Ending, Trouble> {
        let library = Library::open(global.load()?);
        let given = self.given(global)?;
        let mut request = match &given {
            Given::Text(text) => Request::read(text)?,
            Given::Paper(_) | Given::Nothing => Request::default(),
        };
        if let Given::Paper(reading) = &given {
            paper::tell(reading, self.accept);
            paper::apply(&library, reading, self.accept, &mut request);
        }
        self.apply_options(&mut request);
        if request.on.is_none() {
            request.on = Some(today(&library, &request)?.into());
        }
        if self.ask {
            let say = if global.json { output::aside } else { output::text };
            request = Interview::new(&library, request.into_owned(), say).run()?;
        }
        if let Some(path) = &self.save {
            save(path, &request)?;
        }
        if self.brief {
            return print_brief(&library.brief(&request)?, global);
        }
        let response = library.answer(&request)?;
        if global.json {
            output::json(&response)?;
        } else {
            output::text(&page(library.corpus(), &response));
        }
        Ok(Ending::Done)
    }

    fn given(&self, global: &Global) -> Result<Given, Trouble> {
        let Some(path) = &self.request else {
            return Ok(Given::Nothing);
        };
        let place = path.display().to_string();
        let unreadable = |error: std::io::Error| {
            Trouble::of(Fault::new(&place, format!("this cannot be read: {error}")))
        };
        if place == "-" && self.ask {
            let message = "with --ask, answers come from standard input, and the request cannot";
            return Err(Trouble::bad_input(message));
        }
        let mut bytes = Vec::new();
        let reader: Box<dyn std::io::Read> = match place.as_str() {
            "-" => Box::new(std::io::stdin()),
            _ => Box::new(fs::File::open(path).map_err(unreadable)?),
        };
        reader.take(PAPER_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if paper::is_paper(&place, &bytes) {
            return Ok(Given::Paper(Box::new(paper::read(global, &place, &bytes)?)));
        }
        if bytes.len() as u64 > REQUEST_BYTES_MAX {
            return Err(Trouble::of(Fault::new(place, "longer than 4 MiB, which no request is")));
        }
        let text = String::from_utf8(bytes).map_err(|_| {
            let fault =
                Fault::new(&place, "this is neither a request in JSON, nor a PDF or a mail");
            Trouble::of(fault.help("a picture or another kind of file: print it to a PDF first"))
        })?;
        Ok(Given::Text(text))
    }

    fn apply_options<'a>(&'a self, request: &mut Request<'a>) {
        let given = |option: &'a Option<String>, field: &mut Option<Cow<'a, str>>| {
            if let Some(value) = option {
                *field = Some(Cow::Borrowed(value));
            }
        };
        given(&self.on, &mut request.on);
        given(&self.known_on, &mut request.known_on);
        given(&self.jurisdiction, &mut request.jurisdiction);
        given(&self.agency, &mut request.agency);
        given(&self.policy, &mut request.policy);
        let all = |names: &'a [String]| names.iter().map(|it| Cow::Borrowed(it.as_str())).collect();
        if !self.act.is_empty() {
            request.acts = Some(all(&self.act));
        }
        if !self.paper.is_empty() {
            request.papers = Some(all(&self.paper));
        }
    }
}

/// Prints a line for each act: its name, its outcome and, while open, the outcomes still possible.
fn print_brief(brief: &Brief, global: &Global) -> Result<Ending, Trouble> {
    if global.json {
        output::json(brief)?;
        return Ok(Ending::Done);
    }
    for found in &brief.determinations {
        let possible = match found.possible.as_slice() {
            [_] => String::new(),
            several => format!(": {}", several.join(" or ")),
        };
        output::text(&format!("{} {}{possible}\n", found.act, found.outcome));
    }
    for note in &brief.notes {
        output::text(&format!("note: {note}\n"));
    }
    Ok(Ending::Done)
}

/// Returns today's date in the jurisdiction's zone.
fn today(library: &Library, request: &Request<'_>) -> Result<String, Trouble> {
    let pack = request.jurisdiction.as_ref().and_then(|id| library.packs().pack(id));
    let zone = pack.map_or("UTC", |pack| pack.zone.as_str());
    let now = jiff::Timestamp::now();
    let zoned = now.in_tz(zone).map_err(|error| Trouble::bad_input(error.to_string()))?;
    Ok(zoned.date().to_string())
}

fn save(path: &PathBuf, request: &Request<'_>) -> Result<(), Trouble> {
    let mut text = serde_json::to_string_pretty(request)
        .map_err(|error| Trouble::internal(error.to_string()))?;
    text.push('\n');
    fs::write(path, text).map_err(|error| {
        let place = path.display().to_string();
        Trouble::of(Fault::new(place, format!("this cannot be written: {error}")))
    })
}
