//! The detainer sections of New York City on one day, by hand for the peers.
//!
//! Brightline's rows run on the pack itself, all packs above it included. The peers' encodings
//! have the host turn dates into numbers first; what else the host does is said with each.

use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;

use brightline_desk::{Library, Packs, Refusal, Request, Taken};
use brightline_law::{Law, Outcome as Ends, Scope};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, PolicySet, Request as CedarRequest,
    RestrictedExpression,
};
use regorus::Value;
use serde::Deserialize;

use crate::policy::read_lines;
use crate::table::Table;
use crate::{Outcome, brightline, cedar, rego};

const TYPED: &str = "New York, both acts, input ready";
const JSON: &str = "New York, both acts, from JSON text";
const EXPLAINED: &str = "New York, both acts, explained";
const START: &str = "New York, law read and made ready";

const PROHIBITED: u8 = 0;
const PERMITTED: u8 = 1;
const NOT_BARRED: u8 = 2;
const UNSETTLED: u8 = 3;
const NO_ANSWER: u8 = 9;

/// The answers on the hold and on the notice.
type Answers = [u8; 2];

#[derive(Deserialize)]
struct Conviction {
    offense: String,
    judgment_day: i64,
    grade: String,
    object_offense: String,
    equivalent_offense: String,
    youthful_offender: bool,
    juvenile_delinquent: bool,
    over_one_year_in_both: bool,
}

#[derive(Deserialize)]
struct Asked {
    judicial_warrant: bool,
    warrant_came_later: bool,
    presented_again_together: bool,
    terrorist_database_match: bool,
    bare_notice_request: bool,
    from_immigration_authority: bool,
    required_by_federal_law: bool,
    unrelated_to_civil_enforcement: bool,
    required_by_law: bool,
    information_is_public: bool,
    five_years_before: i64,
    days_incarcerated: i64,
    days_incarcerated_under_sentence: i64,
    convictions: Vec<Conviction>,
}

#[derive(Deserialize)]
struct Crime {
    clause: String,
    always: bool,
}

#[derive(Deserialize)]
struct Lists {
    crimes: HashMap<String, Crime>,
    inchoate: HashMap<String, bool>,
}

/// What a reading makes of a case.
struct Read {
    warrant: bool,
    convicted: bool,
    lenient: bool,
}

impl Lists {
    fn is_listed(&self, it: &Conviction) -> bool {
        let clause = self.crimes.get(&it.offense).is_some_and(|crime| {
            let is_felony = it.grade == "felony";
            match crime.clause.as_str() {
                "i" | "iii" => crime.always || is_felony,
                _ => is_felony,
            }
        });
        clause || self.inchoate.contains_key(&it.offense) && self.aims_at_listed(it)
    }

    fn aims_at_listed(&self, it: &Conviction) -> bool {
        self.crimes.get(&it.object_offense).is_some_and(|it| it.clause == "i")
    }

    fn is_listed_elsewhere(&self, it: &Conviction) -> bool {
        !it.offense.starts_with("NY ")
            && it.over_one_year_in_both
            && (self.crimes.contains_key(&it.equivalent_offense)
                || self.inchoate.contains_key(&it.equivalent_offense) && self.aims_at_listed(it))
    }

    fn read(&self, case: &Asked, lenient: bool) -> Read {
        let youthful = |it: &Conviction| it.youthful_offender || it.juvenile_delinquent;
        let counts = |it: &Conviction| {
            let listed = self.is_listed(it) || lenient && self.is_listed_elsewhere(it);
            let recent = match lenient {
                true => it.judgment_day >= case.five_years_before - case.days_incarcerated,
                false => {
                    let days = case.days_incarcerated_under_sentence;
                    it.judgment_day > case.five_years_before - days
                }
            };
            listed && recent && !youthful(it)
        };
        let some = case.convictions.iter().any(counts);
        let together = !case.warrant_came_later || lenient && case.presented_again_together;
        Read {
            warrant: case.judicial_warrant && together,
            convicted: some && (lenient || !case.convictions.iter().any(youthful)),
            lenient,
        }
    }

    fn by_hand(&self, case: &Asked) -> Answers {
        let strict = ends(case, &self.read(case, false));
        let lenient = ends(case, &self.read(case, true));
        agreed(strict, lenient)
    }
}

fn agreed(strict: Answers, lenient: Answers) -> Answers {
    let one = |at: usize| {
        if strict[at] == lenient[at] { strict[at] } else { UNSETTLED }
    };
    [one(0), one(1)]
}

fn ends(case: &Asked, read: &Read) -> Answers {
    let person = read.convicted || case.terrorist_database_match;
    let permits = read.warrant && person;
    let hold = match (permits, case.required_by_federal_law) {
        (true, _) => PERMITTED,
        (false, true) => NOT_BARRED,
        (false, false) => PROHIBITED,
    };
    let told = !case.from_immigration_authority
        || person
        || case.unrelated_to_civil_enforcement
        || case.required_by_law
        || case.information_is_public;
    let relieved = read.lenient && (case.bare_notice_request || person);
    let notice = match (case.required_by_federal_law, told, permits, relieved) {
        (true, ..) => hold,
        (_, false, ..) => PROHIBITED,
        (_, _, true, _) => PERMITTED,
        (.., true) => NOT_BARRED,
        _ => PROHIBITED,
    };
    [hold, notice]
}

/// The rows.
pub fn rows(folder: &Path, table: &mut Table) -> Outcome<()> {
    let lines = read_lines(&folder.join("new-york-cases.jsonl"))?;
    let cases: Vec<Asked> =
        lines.iter().map(|line| serde_json::from_str(line)).collect::<Result<_, _>>()?;
    let data = std::fs::read_to_string(folder.join("new-york-data.json"))?;
    let lists: Lists = serde_json::from_str(&data)?;
    let answers: Vec<Answers> = cases.iter().map(|case| lists.by_hand(case)).collect();
    for (act, name) in ["holds", "notices"].iter().enumerate() {
        let count = |end: u8| answers.iter().filter(|answer| answer[act] == end).count();
        let [no, yes, open, unsettled] = [0, 1, 2, 3].map(count);
        println!(
            "New York: {name}: {no} prohibited, {yes} permitted, {open} not barred, \
             {unsettled} unsettled"
        );
    }
    let name = ("by hand", "a Rust function, strictest and most lenient reading");
    table.run(TYPED, name, &answers, |at| lists.by_hand(&cases[at]));
    own(folder, &answers, table)?;
    of_rego(folder, &lines, &answers, table)?;
    of_cedar(folder, (&cases, &lines, &lists), &answers, table)
}

fn code(outcome: Option<Ends>) -> u8 {
    match outcome {
        Some(Ends::Prohibited) => PROHIBITED,
        Some(Ends::Permitted) => PERMITTED,
        Some(Ends::NotBarred) => NOT_BARRED,
        Some(Ends::Unsettled) => UNSETTLED,
        _ => NO_ANSWER,
    }
}

fn code_of(outcome: &str) -> u8 {
    match outcome {
        "prohibited" => PROHIBITED,
        "permitted" => PERMITTED,
        "not barred" | "not_barred" => NOT_BARRED,
        "unsettled" => UNSETTLED,
        _ => NO_ANSWER,
    }
}

fn own(folder: &Path, answers: &[Answers], table: &mut Table) -> Outcome<()> {
    let lines = read_lines(&folder.join("new-york-requests.jsonl"))?;
    let library = Library::open(Packs::embedded()?);
    let take = |line: &str| -> Outcome<Taken> { Ok(library.take_in(&Request::read(line)?)?) };
    let ready: Vec<Taken> = lines.iter().map(|line| take(line)).collect::<Result<_, _>>()?;
    let corpus = library.corpus();
    let first = ready.first().ok_or("no requests")?;
    let compile = |act: usize| -> Outcome<Law> {
        let Taken { jurisdiction, agency, at, .. } = *first;
        let act = *first.acts.get(act).ok_or("two acts are asked")?;
        Ok(Law::compile(corpus, Scope { jurisdiction, agency, act, at })?)
    };
    let name = ("Brightline", "two laws compiled, all packs read before");
    let laws = table.start(START, name, || Ok([compile(0)?, compile(1)?]))?;
    let decide = |taken: &Taken| {
        let one = |law: &Law| code(law.decide(corpus, &taken.facts));
        [one(&laws[0]), one(&laws[1])]
    };
    table.run(TYPED, ("Brightline", "`decide`, the packs as they are"), answers, |at| {
        decide(&ready[at])
    });
    table.run(EXPLAINED, ("Brightline", "`determine`, the packs as they are"), answers, |at| {
        let one = |law: &Law| code(Some(law.determine(corpus, &ready[at].facts).outcome));
        [one(&laws[0]), one(&laws[1])]
    });
    let text = |told: Result<String, Refusal>| told.unwrap_or_default();
    let read = |text: &str| {
        let outcomes = brightline::outcomes(text);
        [0, 1].map(|act| outcomes.get(act).map_or(NO_ANSWER, |outcome| code_of(outcome)))
    };
    let name = ("Brightline", "every name and value checked, to the outcomes as JSON text");
    table.run_text(JSON, name, answers, |at| text(library.brief_json(&lines[at])), read);
    let name = ("Brightline", "the same, to the whole answer, explained, as JSON text");
    table.run_text(JSON, name, answers, |at| text(library.answer_json(&lines[at])), read);
    Ok(())
}

fn of_rego(folder: &Path, lines: &[String], answers: &[Answers], table: &mut Table) -> Outcome<()> {
    let text = |path: &str| std::fs::read_to_string(folder.join(path));
    let policy = text("new-york/detainer.rego")?;
    let data = Value::from_json_str(&text("new-york-data.json")?)?;
    let make = || rego::machine(policy.clone(), Some(data.clone()), "data.ny.decision");
    let mut machine = table.start(START, ("Regorus", "RVM, from text"), make)?;
    let mut decide = |input: Value| -> Answers {
        machine.set_input(input);
        let Ok(told) = machine.execute() else {
            return [NO_ANSWER; 2];
        };
        ["hold", "notify"].map(|act| match told[act].as_string() {
            Ok(text) => code_of(&text),
            Err(_) => NO_ANSWER,
        })
    };
    let ready: Vec<Value> =
        lines.iter().map(|line| Value::from_json_str(line)).collect::<Result<_, _>>()?;
    let name = ("Regorus", "RVM, two readings by hand");
    table.run(TYPED, name, answers, |at| decide(ready[at].clone()));
    table.run(JSON, name, answers, |at| {
        Value::from_json_str(&lines[at]).map_or([NO_ANSWER; 2], &mut decide)
    });
    Ok(())
}

/// A case as Cedar is asked: strictly and leniently, each on both acts.
fn cedar_requests(case: &Asked, lists: &Lists) -> Outcome<[[CedarRequest; 2]; 2]> {
    let asked = |lenient: bool| -> Outcome<[CedarRequest; 2]> {
        let read = lists.read(case, lenient);
        let pairs = [
            ("warrant", read.warrant),
            ("convicted", read.convicted),
            ("lenient", read.lenient),
            ("terrorist_database_match", case.terrorist_database_match),
            ("from_immigration_authority", case.from_immigration_authority),
            ("unrelated_to_civil_enforcement", case.unrelated_to_civil_enforcement),
            ("required_by_law", case.required_by_law),
            ("information_is_public", case.information_is_public),
            ("required_by_federal_law", case.required_by_federal_law),
            ("bare_notice_request", case.bare_notice_request),
        ];
        let pairs =
            pairs.map(|(name, value)| (name.to_owned(), RestrictedExpression::new_bool(value)));
        let context = Context::from_pairs(pairs)?;
        let request = |action: &str, context: Context| -> Outcome<CedarRequest> {
            let (principal, resource) = (cedar::uid("Officer", "o")?, cedar::uid("Jail", "doc")?);
            let action = cedar::uid("Action", action)?;
            Ok(CedarRequest::new(principal, action, resource, context, None)?)
        };
        Ok([request("hold", context.clone())?, request("notify_release", context)?])
    };
    Ok([asked(false)?, asked(true)?])
}

fn of_cedar(
    folder: &Path,
    (cases, lines, lists): (&[Asked], &[String], &Lists),
    answers: &[Answers],
    table: &mut Table,
) -> Outcome<()> {
    let text = std::fs::read_to_string(folder.join("new-york/detainer.cedar"))?;
    let name = ("Cedar", "from text, not validated");
    let policies = table.start(START, name, || Ok(PolicySet::from_str(&text)?))?;
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    let names: HashMap<_, _> = policies
        .policies()
        .map(|policy| (policy.id().clone(), policy.annotation("id").unwrap_or_default() == "b1"))
        .collect();
    let one = |request: &CedarRequest| {
        let response = authorizer.is_authorized(request, &policies, &entities);
        let by_b1 = || response.diagnostics().reason().any(|id| names.get(id) == Some(&true));
        match response.decision() {
            Decision::Deny => PROHIBITED,
            Decision::Allow if by_b1() => PERMITTED,
            Decision::Allow => NOT_BARRED,
        }
    };
    let decide = |[strict, lenient]: &[[CedarRequest; 2]; 2]| {
        let both = |requests: &[CedarRequest; 2]| [one(&requests[0]), one(&requests[1])];
        agreed(both(strict), both(lenient))
    };
    let ready: Vec<[[CedarRequest; 2]; 2]> =
        cases.iter().map(|case| cedar_requests(case, lists)).collect::<Result<_, _>>()?;
    let name = ("Cedar", "asked four times, host did the lists and the readings");
    table.run(TYPED, name, answers, |at| decide(&ready[at]));
    table.run(JSON, name, answers, |at| {
        let Ok(case) = serde_json::from_str::<Asked>(&lines[at]) else {
            return [NO_ANSWER; 2];
        };
        cedar_requests(&case, lists).map_or([NO_ANSWER; 2], |requests| decide(&requests))
    });
    Ok(())
}
