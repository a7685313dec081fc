//! A new request, typed in.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use brightline_docket::{Asked, Evidence, FactSet, NewCase, Subject, Teller};
use brightline_law::ir::{Corpus, Kind, PackId, Paper};
use serde_json::Value;

use super::picture::{Pictures, Shown};
use super::read::Read;
use crate::access::Action;
use crate::pages::sent::Sent;
use crate::pages::staff::{Frame, Staff};
use crate::pages::words::{say, say_with};
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
    /// The paper that it was read on; empty: it was typed in.
    paper: String,
}

/// An answer that a paper suggests, to be confirmed.
struct Suggested {
    fact: String,
    /// As the form sends it back.
    sent: String,
    ask: String,
    value: String,
    because: String,
    is_doubtful: bool,
    is_taken: bool,
}

#[derive(Template)]
#[template(path = "request-new.html")]
struct New {
    frame: Frame,
    fault: String,
    /// Files can be handed in.
    reads: bool,
    /// What was read of the file just handed in.
    read: Option<Read>,
    documents: Vec<String>,
    /// The pages of that file as pictures, and what the form carries of them.
    pictures: Vec<Shown>,
    pictures_text: String,
    suggested: Vec<Suggested>,
    agencies: Vec<Offer>,
    agency_words: String,
    /// Those that are signed as the first of the law is; and all others, or no paper.
    papers: Vec<Offer>,
    other_papers: Vec<Offer>,
    /// Who signs the first ones.
    signed_by: String,
    others_open: bool,
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

fn form(staff: &Staff, sent: &Sent, fault: String) -> Result<Response, Problem> {
    form_of(staff, sent, (fault, None))
}

pub(in crate::pages) async fn receive(staff: Staff, sent: Sent) -> Result<Response, Problem> {
    let agency = agency(&staff, &sent)?;
    staff.require(Action::Receive, &agency)?;
    if sent.one("do") == "agency" {
        return form(&staff, &sent, String::new());
    }
    if sent.all("papers").is_empty() && !sent.has("papers-unknown", "yes") {
        let fault = say("fault-papers");
        return form(&staff, &sent, fault);
    }
    let case = read(&staff, &sent, &agency);
    match staff.office()?.receive(&staff.actor()?, case).await {
        Ok(view) => {
            Pictures::of(&sent).forget(&staff).await?;
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
pub(super) fn agency(staff: &Staff, sent: &Sent) -> Result<String, Problem> {
    let named = sent.one("agency");
    if !named.is_empty() {
        return Ok(named.to_owned());
    }
    let mut own = staff.agencies().iter().filter(|it| staff.may(Action::Receive, it));
    let none = || Problem::new(Trouble::NotPermitted, "you take in requests for no agency");
    own.next().cloned().ok_or_else(none)
}

/// What the form asks.
fn asked(staff: &Staff, sent: &Sent, agency: &str) -> Asked {
    let (jurisdiction, name) = agency.split_once('/').unwrap_or((agency, ""));
    let day = times::day_of(staff.office().map_or(0, |it| it.now()), &staff.zone(Some(agency)));
    let (papers, acts) = (sent.all("papers"), sent.all("acts"));
    Asked {
        jurisdiction: jurisdiction.to_owned(),
        agency: name.to_owned(),
        on: sent.filled("on").unwrap_or(day),
        known_on: None,
        policy: None,
        papers: (!papers.is_empty()).then_some(papers),
        acts: (!acts.is_empty()).then_some(acts),
    }
}

fn read(staff: &Staff, sent: &Sent, agency: &str) -> NewCase {
    let asked = asked(staff, sent, agency);
    let subject = sent.filled("name").map(|name| Subject {
        name,
        born: sent.filled("born"),
        booking: sent.filled("booking"),
        file_number: sent.filled("file_number"),
    });
    let library = staff.library();
    let corpus = library.corpus();
    let times = corpus.pack(&asked.jurisdiction).map(|pack| times_of(corpus, pack, sent));
    let known = times.unwrap_or_default().into_iter().filter(|it| !it.value.is_empty());
    let facts = known.map(|time| FactSet {
        fact: time.fact,
        value: Value::from(times::of_field(&time.value)),
        evidence: match time.paper.is_empty() {
            true => Evidence::Told(Teller::Agency),
            false => Evidence::Paper(time.paper),
        },
        seen: None,
        settles: None,
    });
    let boxes = sent.all("confirm");
    // What was confirmed before the papers, the acts or the day were changed may not matter now.
    let matters =
        |it: &FactSet| staff.office().is_ok_and(|office| office.looks_at(&asked, &it.fact));
    let confirmed: Vec<FactSet> = boxes.iter().map(|it| confirmed(it)).filter(matters).collect();
    let files = sent.all("document");
    let documents = files.iter().filter_map(|it| {
        let (digest, name) = it.split_once(' ')?;
        Some((name.to_owned(), digest.to_owned()))
    });
    NewCase {
        asked,
        subject,
        facts: facts.chain(confirmed).collect(),
        channel: sent.filled("channel").unwrap_or_else(|| "form".to_owned()),
        facility: sent.one("facility").to_owned(),
        documents: documents.collect(),
    }
}

/// Shows the form: after a mistake, or with what was read of a file.
pub(super) fn form_of(
    staff: &Staff,
    sent: &Sent,
    (fault, read): (String, Option<Read>),
) -> Result<Response, Problem> {
    let agency = agency(staff, sent)?;
    let (jurisdiction, _) = agency.split_once('/').unwrap_or((&agency, ""));
    let library = staff.library();
    let corpus = library.corpus();
    let none = || Problem::new(Trouble::Unavailable, "the law of your agency is not loaded");
    let pack = corpus.pack(jurisdiction).ok_or_else(none)?;
    let agencies: Vec<Offer> = offers_of_agencies(staff, corpus, &agency);
    let (office, asked) = (staff.office()?, asked(staff, sent, &agency));
    let now = office.now();
    let pictures = Pictures::of(sent);
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
    let ((signed_by, papers), other_papers) = papers(corpus, pack, sent);
    let template = New {
        frame: staff.frame("new")?,
        fault,
        reads: staff.reader().is_some(),
        read,
        documents: sent.all("document"),
        pictures_text: pictures.text(),
        pictures: pictures.shown(),
        suggested: sent
            .all("offered")
            .iter()
            .filter_map(|it| suggested(staff, pack, (it, sent)))
            .filter(|it| office.looks_at(&asked, &it.fact))
            .collect(),
        agency_words: agencies
            .iter()
            .find(|it| it.is_taken)
            .map(|it| it.words.clone())
            .unwrap_or_default(),
        agencies,
        others_open: other_papers.iter().any(|it| it.is_taken),
        signed_by,
        papers,
        other_papers,
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

/// The papers that can be presented: those that are signed as the first one is, with who signs
/// them; and the others, each with who signs it.
fn papers(corpus: &Corpus, pack: PackId, sent: &Sent) -> ((String, Vec<Offer>), Vec<Offer>) {
    let taken = sent.all("papers");
    let reached = corpus.papers.iter().filter(|paper| corpus.at_or_below(pack, paper.pack));
    let reached: Vec<&Paper> = reached.collect();
    let first = reached.first().and_then(|it| it.signed_by.clone()).unwrap_or_default();
    let hint = |by: &String| say_with("paper-signed-by", "who", by);
    let offer = |paper: &&Paper| Offer {
        value: paper.name.clone(),
        words: paper_words(&paper.name, &paper.title),
        hint: paper.signed_by.as_ref().filter(|it| **it != first).map(hint).unwrap_or_default(),
        is_taken: taken.contains(&paper.name),
    };
    let is_like_first = |it: &&Paper| it.signed_by.as_deref() == Some(first.as_str());
    let (alike, others): (Vec<&Paper>, Vec<&Paper>) = reached.into_iter().partition(is_like_first);
    ((first.clone(), alike.iter().map(offer).collect()), others.iter().map(offer).collect())
}

/// Returns a paper in words: the number of its form and its title; where it has no number, its
/// title alone.
pub(super) fn paper_words(name: &str, title: &str) -> String {
    let is_number = !name.starts_with(char::is_lowercase);
    match (title.is_empty(), is_number) {
        (true, _) => outcome::capital(name),
        (false, true) => format!("{name}: {title}"),
        (false, false) => outcome::capital(title),
    }
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
            paper: sent.one(&format!("time-paper.{}", fact.name)).to_owned(),
        })
        .collect()
}

/// Returns a suggestion as the form shows it; nothing where the law here does not know the fact.
fn suggested(staff: &Staff, pack: PackId, (text, sent): (&str, &Sent)) -> Option<Suggested> {
    let fields = Sent::of(serde_urlencoded::from_str(text).ok()?);
    let library = staff.library();
    let corpus = library.corpus();
    let fact = corpus.facts.get(corpus.fact(pack, fields.one("fact"))?.index())?;
    Some(Suggested {
        fact: fact.name.clone(),
        sent: text.to_owned(),
        ask: fact.ask.clone(),
        value: crate::pages::interview::value_words(&value_of(fields.one("value"))),
        because: outcome::capital(fields.one("because")),
        is_doubtful: fields.has("doubtful", "yes"),
        is_taken: sent.has("confirm", text),
    })
}

/// A suggestion that a person confirmed is a fact seen on the paper.
fn confirmed(text: &str) -> FactSet {
    let fields = Sent::of(serde_urlencoded::from_str(text).unwrap_or_default());
    FactSet {
        fact: fields.one("fact").to_owned(),
        value: value_of(fields.one("value")),
        evidence: Evidence::Paper(fields.one("paper").to_owned()),
        seen: None,
        settles: None,
    }
}

fn value_of(text: &str) -> Value {
    match text {
        "yes" => Value::Bool(true),
        "no" => Value::Bool(false),
        text => Value::from(times::of_field(text)),
    }
}
