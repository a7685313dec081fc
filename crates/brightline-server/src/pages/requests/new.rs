//! A new request, typed in.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use brightline_docket::{Asked, Evidence, FactSet, NewCase, Subject, Teller};
use brightline_law::ir::{Corpus, Kind, PackId};
use serde_json::Value;

use crate::access::Action;
use crate::pages::sent::Sent;
use crate::pages::staff::{Frame, Staff};
use crate::pages::words::say;
use crate::pages::{outcome, page, refused, times};
use crate::problem::{Kind as Trouble, Problem};

/// How requests come, in the order in which they are offered.
const CHANNELS: [&str; 6] = ["form", "fax", "mail", "phone", "door", "system"];

/// Something to tick or choose.
struct Offer {
    value: String,
    words: String,
    /// What helps to tell it from the others; empty: nothing.
    hint: String,
    is_taken: bool,
}

/// A time that may be known from the beginning.
struct Time {
    fact: String,
    ask: String,
    value: String,
}

#[derive(Template)]
#[template(path = "request-new.html")]
struct New {
    frame: Frame,
    fault: String,
    agencies: Vec<Offer>,
    agency_words: String,
    papers: Vec<Offer>,
    papers_unknown: bool,
    acts: Vec<Offer>,
    acts_open: bool,
    channels: Vec<Offer>,
    times: Vec<Time>,
    on: String,
    facility: String,
    name: String,
    born: String,
    booking: String,
    file_number: String,
}

pub(in crate::pages) async fn new(staff: Staff) -> Result<Response, Problem> {
    form(&staff, &Sent::default(), String::new())
}

pub(in crate::pages) async fn receive(staff: Staff, sent: Sent) -> Result<Response, Problem> {
    let agency = agency(&staff, &sent)?;
    staff.require(Action::Receive, &agency)?;
    if sent.one("do") == "agency" {
        return form(&staff, &sent, String::new());
    }
    if sent.all("papers").is_empty() && !sent.has("papers-unknown", "yes") {
        let fault = "Tick what was presented, or that you do not know it yet.";
        return form(&staff, &sent, fault.to_owned());
    }
    let case = read(&staff, &sent, &agency);
    match staff.office()?.receive(&staff.actor()?, case).await {
        Ok(view) => {
            let place = format!("/requests/{}/interview", view.reference);
            Ok(Redirect::to(&place).into_response())
        }
        Err(error) => match refused::sentences(&error) {
            Some(fault) => form(&staff, &sent, fault),
            None => Err(error.into()),
        },
    }
}

/// The agency that the form names; the first of those for which the person may take requests in.
fn agency(staff: &Staff, sent: &Sent) -> Result<String, Problem> {
    let named = sent.one("agency");
    if !named.is_empty() {
        return Ok(named.to_owned());
    }
    let mut own = staff.agencies().iter().filter(|it| staff.may(Action::Receive, it));
    let none = || Problem::new(Trouble::NotPermitted, "you take in requests for no agency");
    own.next().cloned().ok_or_else(none)
}

fn read(staff: &Staff, sent: &Sent, agency: &str) -> NewCase {
    let (jurisdiction, name) = agency.split_once('/').unwrap_or((agency, ""));
    let day = times::day_of(staff.office().map_or(0, |it| it.now()), &staff.zone(Some(agency)));
    let (papers, acts) = (sent.all("papers"), sent.all("acts"));
    let asked = Asked {
        jurisdiction: jurisdiction.to_owned(),
        agency: name.to_owned(),
        on: sent.filled("on").unwrap_or(day),
        known_on: None,
        policy: None,
        papers: (!papers.is_empty()).then_some(papers),
        acts: (!acts.is_empty()).then_some(acts),
    };
    let subject = sent.filled("name").map(|name| Subject {
        name,
        born: sent.filled("born"),
        booking: sent.filled("booking"),
        file_number: sent.filled("file_number"),
    });
    let library = staff.library();
    let corpus = library.corpus();
    let times = corpus.pack(jurisdiction).map(|pack| times_of(corpus, pack, sent));
    let known = times.unwrap_or_default().into_iter().filter(|it| !it.value.is_empty());
    let facts = known.map(|time| FactSet {
        fact: time.fact,
        value: Value::from(times::of_field(&time.value)),
        evidence: Evidence::Told(Teller::Agency),
        seen: None,
        settles: None,
    });
    NewCase {
        asked,
        subject,
        facts: facts.collect(),
        channel: sent.filled("channel").unwrap_or_else(|| "form".to_owned()),
        facility: sent.one("facility").to_owned(),
        documents: BTreeMap::new(),
    }
}

fn form(staff: &Staff, sent: &Sent, fault: String) -> Result<Response, Problem> {
    let agency = agency(staff, sent)?;
    let (jurisdiction, _) = agency.split_once('/').unwrap_or((&agency, ""));
    let library = staff.library();
    let corpus = library.corpus();
    let none = || Problem::new(Trouble::Unavailable, "the law of your agency is not loaded");
    let pack = corpus.pack(jurisdiction).ok_or_else(none)?;
    let agencies: Vec<Offer> = offers_of_agencies(staff, corpus, &agency);
    let now = staff.office()?.now();
    let status = match fault.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let channel = |name: &&str| Offer {
        value: (*name).to_owned(),
        words: say(&format!("channel-{name}")),
        hint: String::new(),
        is_taken: sent.one("channel") == *name,
    };
    let template = New {
        frame: staff.frame("new")?,
        fault,
        agency_words: agencies
            .iter()
            .find(|it| it.is_taken)
            .map(|it| it.words.clone())
            .unwrap_or_default(),
        agencies,
        papers: papers(corpus, pack, sent),
        papers_unknown: sent.has("papers-unknown", "yes"),
        acts: acts(corpus, pack, sent),
        acts_open: !sent.all("acts").is_empty(),
        channels: CHANNELS.iter().map(channel).collect(),
        times: times_of(corpus, pack, sent),
        on: sent.filled("on").unwrap_or_else(|| times::day_of(now, &staff.zone(Some(&agency)))),
        facility: sent.one("facility").to_owned(),
        name: sent.one("name").to_owned(),
        born: sent.one("born").to_owned(),
        booking: sent.one("booking").to_owned(),
        file_number: sent.one("file_number").to_owned(),
    };
    Ok(page(status, &template))
}

fn offers_of_agencies(staff: &Staff, corpus: &Corpus, taken: &str) -> Vec<Offer> {
    let own = staff.agencies().iter().filter(|it| staff.may(Action::Receive, it));
    let offer = |key: &String| Offer {
        value: key.clone(),
        words: agency_words(corpus, key),
        hint: String::new(),
        is_taken: key == taken,
    };
    own.map(offer).collect()
}

/// Returns an agency in words: its name, and the title of the pack.
pub(in crate::pages) fn agency_words(corpus: &Corpus, key: &str) -> String {
    let (id, name) = key.split_once('/').unwrap_or((key, ""));
    let Some(pack) = corpus.pack(id) else { return key.to_owned() };
    let title = corpus.packs.get(pack.index()).map_or(id, |pack| pack.title.as_str());
    let agency = corpus.agency(pack, name).and_then(|it| corpus.agencies.get(it.index()));
    match agency {
        Some(agency) => format!("{}, {title}", outcome::capital(&agency.words)),
        None => format!("{name}, {title}"),
    }
}

fn papers(corpus: &Corpus, pack: PackId, sent: &Sent) -> Vec<Offer> {
    let taken = sent.all("papers");
    let reached = corpus.papers.iter().filter(|paper| corpus.at_or_below(pack, paper.pack));
    let offer = |paper: &brightline_law::ir::Paper| Offer {
        value: paper.name.clone(),
        words: match paper.title.is_empty() {
            true => paper.name.clone(),
            false => format!("{}: {}", paper.name, paper.title),
        },
        hint: paper.signed_by.clone().map(|it| format!("signed by {it}")).unwrap_or_default(),
        is_taken: taken.contains(&paper.name),
    };
    reached.map(offer).collect()
}

fn acts(corpus: &Corpus, pack: PackId, sent: &Sent) -> Vec<Offer> {
    let taken = sent.all("acts");
    let reached = corpus.act_names.iter().filter(|act| corpus.at_or_below(pack, act.pack));
    let offer = |act: &brightline_law::ir::ActName| Offer {
        value: act.name.clone(),
        words: outcome::capital(&act.words),
        hint: String::new(),
        is_taken: taken.contains(&act.name),
    };
    reached.map(offer).collect()
}

/// The facts that are times: the clock of the case begins with them.
fn times_of(corpus: &Corpus, pack: PackId, sent: &Sent) -> Vec<Time> {
    let facts = corpus.facts.iter().filter(|fact| corpus.at_or_below(pack, fact.pack));
    let times = facts.filter(|fact| fact.kind == Kind::Time && !fact.finding);
    times
        .map(|fact| Time {
            fact: fact.name.clone(),
            ask: fact.ask.clone(),
            value: sent.one(&format!("time.{}", fact.name)).to_owned(),
        })
        .collect()
}
