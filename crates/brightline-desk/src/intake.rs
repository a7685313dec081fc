//! From names and JSON values to ids and typed facts; everything wrong is found at once.

mod facts;
mod names;
mod offense;
mod value;

use std::borrow::Cow;

use brightline_law::clock::Day;
use brightline_law::facts::{Facts, Given};
use brightline_law::ir::{ActId, AgencyId, AsKnown, Corpus, Offense, PackId, PaperId};
use brightline_law::ruled_acts;

use crate::refusal::{Fault, Refusal};
use crate::request::Request;

pub(crate) use facts::ROWS_MAX;
pub(crate) use names::Names;
pub(crate) use value::NUMBER_MAX;

/// A request with its names looked up and its values typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The pack of the agency's law.
    pub jurisdiction: PackId,
    /// The agency that is asked.
    pub agency: AgencyId,
    /// The day of the act, and the day as of which the law is known.
    pub at: AsKnown,
    /// The pack of the agency's own policy.
    pub policy: Option<PackId>,
    /// What is asked; acts that include others are spelled out.
    pub acts: Vec<ActId>,
    /// What was given.
    pub given: Given,
    /// What was given and what the papers settle.
    pub facts: Facts,
    /// What the reader should know of the request.
    pub notes: Vec<String>,
}

/// Returns the offense that a law and a section are taken for, and what is to be said of it; none
/// where they are refused.
pub(crate) fn offense_with_notes(corpus: &Corpus, text: &str) -> Option<(Offense, Vec<String>)> {
    let names = Names { corpus, pack: PackId(0) };
    let mut desk = Desk { names, at: None, faults: Vec::new(), notes: Vec::new() };
    let found = desk.offense("", text).ok()?;
    Some((found, desk.notes))
}

/// Looks up the names and types the values of a request.
pub(crate) fn take_in(corpus: &Corpus, request: &Request<'_>) -> Result<Taken, Refusal> {
    let mut faults = request.faults.clone();
    let Some(names) = jurisdiction(corpus, request, &mut faults) else {
        return Err(Refusal::request(faults));
    };
    let mut desk = Desk { names, at: None, faults, notes: Vec::new() };
    desk.at = desk.days(request);
    let agency = desk.agency(request);
    let policy = desk.policy(request);
    let papers = desk.papers(request);
    let given = Given { papers: papers.clone(), ..desk.given(request) };
    let acts = desk.acts(request, agency, papers.as_deref());
    let facts = desk.facts_with_papers(&given);
    match (desk.faults.is_empty(), desk.at, agency, facts) {
        (true, Some(at), Some(agency), Some(facts)) => Ok(Taken {
            jurisdiction: desk.names.pack,
            agency,
            at,
            policy,
            acts,
            given,
            facts,
            notes: desk.notes,
        }),
        _ => Err(Refusal::request(desk.faults)),
    }
}

fn jurisdiction<'c>(
    corpus: &'c Corpus,
    request: &Request<'_>,
    faults: &mut Vec<Fault>,
) -> Option<Names<'c>> {
    let ids = || corpus.packs.iter().map(|pack| pack.id.as_str());
    let Some(id) = &request.jurisdiction else {
        if !is_faulty(faults, "jurisdiction") {
            faults.push(missing("jurisdiction", ids()));
        }
        return None;
    };
    if let Some(pack) = corpus.pack(id) {
        return Some(Names { corpus, pack });
    }
    let message = format!("there is no jurisdiction `{id}`");
    faults.push(Fault::new("jurisdiction", message).names(id, ids()));
    None
}

fn missing<'n>(place: &str, names: impl Iterator<Item = &'n str>) -> Fault {
    Fault::new(place, "this is missing").names("", names)
}

/// Returns whether a field was given, and wrongly: then it is not missing too.
fn is_faulty(faults: &[Fault], place: &str) -> bool {
    faults.iter().any(|fault| fault.place == place)
}

/// Where a request is taken in: the names in reach, the faults found so far.
struct Desk<'c> {
    names: Names<'c>,
    at: Option<AsKnown>,
    faults: Vec<Fault>,
    notes: Vec<String>,
}

impl<'c> Desk<'c> {
    fn fault(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.faults.push(Fault::new(place, message));
    }

    fn days(&mut self, request: &Request<'_>) -> Option<AsKnown> {
        let known = match &request.known_on {
            Some(text) => self.day("known_on", text),
            None => Some(Day::MAX),
        };
        let Some(text) = &request.on else {
            if is_faulty(&self.faults, "on") {
                return None;
            }
            let fault = Fault::new("on", "the day of the act is missing");
            self.faults.push(fault.help("write it as \"2025-03-04\""));
            return None;
        };
        let on = self.day("on", text)?;
        self.require_recorded(on)?;
        Some(AsKnown { on, known: known? })
    }

    fn day(&mut self, place: &str, text: &str) -> Option<Day> {
        let read = Day::parse(text);
        read.map_err(|error| self.fault(place, error.to_string())).ok()
    }

    /// A day before the record of the pack is refused; before that of a pack above it, noted.
    fn require_recorded(&mut self, on: Day) -> Option<()> {
        let packs = &self.names.corpus.packs;
        for (at, pack) in self.names.chain().map(|id| packs.get(id.index())).enumerate() {
            let Some(pack) = pack.filter(|pack| on < pack.recorded_from) else {
                continue;
            };
            let message =
                format!("`{}` records the law only from {} on", pack.id, pack.recorded_from);
            if at == 0 {
                self.fault("on", message);
                return None;
            }
            self.notes.push(format!("{message}; nothing of it is in this answer"));
        }
        Some(())
    }

    fn agency(&mut self, request: &Request<'_>) -> Option<AgencyId> {
        let names = self.names;
        let Some(name) = &request.agency else {
            if !is_faulty(&self.faults, "agency") {
                self.faults.push(missing("agency", names.corpus.agency_names(names.pack)));
            }
            return None;
        };
        let found = names.corpus.agency(names.pack, name);
        if found.is_none() {
            let message = format!("`{}` has no agency `{name}`", names.pack_id());
            self.faults.push(
                Fault::new("agency", message).names(name, names.corpus.agency_names(names.pack)),
            );
        }
        found
    }

    fn policy(&mut self, request: &Request<'_>) -> Option<PackId> {
        let id = request.policy.as_ref()?;
        let (corpus, own) = (self.names.corpus, self.names.pack);
        let is_below = |pack: PackId| {
            corpus.packs.get(pack.index()).is_some_and(|pack| pack.parents.contains(&own))
        };
        let found = corpus.pack(id).filter(|&pack| is_below(pack));
        if found.is_none() {
            let message = format!("`{id}` is no policy pack under `{}`", self.names.pack_id());
            let below = corpus.packs.iter().filter(|pack| pack.parents.contains(&own));
            let names = below.map(|pack| pack.id.as_str());
            self.faults.push(Fault::new("policy", message).names(id, names));
        }
        found
    }

    fn papers(&mut self, request: &Request<'_>) -> Option<Vec<PaperId>> {
        let written = request.papers.as_ref()?;
        let names = self.names;
        let mut papers = Vec::new();
        for (at, name) in written.iter().enumerate() {
            match names.corpus.paper(names.pack, name) {
                Some(paper) => papers.push(paper),
                None => {
                    let fault =
                        Fault::new(format!("papers[{at}]"), format!("there is no paper `{name}`"));
                    self.faults.push(fault.names(name, names.corpus.paper_names(names.pack)));
                }
            }
        }
        Some(papers)
    }

    fn acts(
        &mut self,
        request: &Request<'_>,
        agency: Option<AgencyId>,
        papers: Option<&[PaperId]>,
    ) -> Vec<ActId> {
        match &request.acts {
            Some(written) => self.named_acts(written),
            None => self.acts_left_out(agency, papers),
        }
    }

    fn named_acts(&mut self, written: &[Cow<'_, str>]) -> Vec<ActId> {
        let names = self.names;
        let mut acts = Vec::new();
        if written.is_empty() {
            let fault = Fault::new("acts", "no act is named");
            self.faults.push(fault.help("leave `acts` out to ask about all"));
        }
        for (at, name) in written.iter().enumerate() {
            match names.corpus.act_name(names.pack, name) {
                Some(found) => add_new(&mut acts, &found.acts),
                None => {
                    let fault =
                        Fault::new(format!("acts[{at}]"), format!("there is no act `{name}`"));
                    self.faults.push(fault.names(name, names.corpus.act_names_visible(names.pack)));
                }
            }
        }
        acts
    }

    /// What the papers ask for or, where they ask for nothing, all that the law rules on.
    fn acts_left_out(
        &mut self,
        agency: Option<AgencyId>,
        papers: Option<&[PaperId]>,
    ) -> Vec<ActId> {
        let names = self.names;
        let mut acts = Vec::new();
        for paper in papers.unwrap_or_default() {
            names.asked_by(*paper).for_each(|act_name| add_new(&mut acts, &act_name.acts));
        }
        let (Some(agency), Some(at)) = (agency, self.at) else {
            return acts;
        };
        if is_faulty(&self.faults, "acts") {
            return acts;
        }
        if acts.is_empty() {
            acts = ruled_acts(names.corpus, names.pack, agency, at);
        }
        if acts.is_empty() {
            let message = "no act is named, and no law recorded for that day rules on one";
            self.faults.push(
                Fault::new("acts", message).names("", names.corpus.act_names_visible(names.pack)),
            );
        }
        acts
    }

    fn facts_with_papers(&mut self, given: &Given) -> Option<Facts> {
        let corpus = self.names.corpus;
        let contradictions = match given.facts(corpus) {
            Ok(facts) => return Some(facts),
            Err(contradictions) => contradictions,
        };
        for contradiction in contradictions {
            let Some(fact) = corpus.facts.get(contradiction.fact.index()) else {
                continue;
            };
            let (papers, hand) = match contradiction.by_papers {
                true => ("yes", "false"),
                false => ("no", "true"),
            };
            let message = format!("the papers listed make this {papers}, and {hand} was given");
            let place = format!("facts.{}", fact.name);
            self.faults.push(Fault::new(place, message).help("leave one of the two out"));
        }
        None
    }
}

pub(crate) fn add_new(acts: &mut Vec<ActId>, more: &[ActId]) {
    for act in more {
        if !acts.contains(act) {
            acts.push(*act);
        }
    }
}
