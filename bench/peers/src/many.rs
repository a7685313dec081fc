//! Many agencies with a rule for each, kept as rules; the act is the hold.

use std::str::FromStr;

use brightline_law::facts::{Facts, Value as Known};
use brightline_law::{Law, Outcome as Ends};
use cedar_policy::{Authorizer, Context, Decision, Entities, PolicySet, Request};
use regorus::Value;
use serde_json::{Value as Json, json};
use zen_expression::variable::Variable;

use crate::policy::{Answer, Race};
use crate::table::Table;
use crate::{Outcome, brightline, cedar, rego, zen};

const SIZES: [usize; 3] = [10, 100, 1000];
const NO_CONVICTION: i64 = 99_999;

/// The inputs spread over so many agencies.
struct Many {
    size: usize,
    inputs: Vec<Json>,
    agencies: Vec<usize>,
    answers: Vec<Answer>,
    section: String,
    start: String,
}

/// The rows for 10, 100 and 1,000 agencies.
pub fn rows(race: &Race, table: &mut Table) -> Outcome<()> {
    for size in SIZES {
        let many = spread(race, size)?;
        own(race, &many, table)?;
        of_cedar(race, &many, table)?;
        of_rego(race, &many, table)?;
        of_zen(race, &many, table)?;
    }
    Ok(())
}

fn spread(race: &Race, size: usize) -> Outcome<Many> {
    let cases: Vec<(i64, bool)> =
        serde_json::from_str(&race.text(&format!("parameters_{size}.json"))?)?;
    let mut many = Many {
        size,
        inputs: Vec::new(),
        agencies: Vec::new(),
        answers: Vec::new(),
        section: format!("one act, {size} agencies"),
        start: format!("{size} agencies read and made ready"),
    };
    for (at, input) in race.inputs.iter().enumerate() {
        let agency = at * 7919 % size;
        let (window, returns) = cases[agency];
        let latest = race.latest(input);
        let recent = latest.is_some_and(|days| days <= window);
        let cause = input.judicial_warrant && (recent || input.terrorist_match)
            || returns && input.reentered_after_removal && latest.is_some();
        many.answers.push(u8::from(cause));
        many.agencies.push(agency);
        many.inputs.push(json!({
            "agency": format!("A{agency:04}"),
            "judicial_warrant": input.judicial_warrant,
            "terrorist_match": input.terrorist_match,
            "reentered_after_removal": input.reentered_after_removal,
            "has_qualifying": latest.is_some(),
            "days_since_qualifying": latest.unwrap_or(NO_CONVICTION),
        }));
    }
    Ok(many)
}

fn own(race: &Race, many: &Many, table: &mut Table) -> Outcome<()> {
    let pack = format!("many_{}", many.size);
    let names: Vec<String> = (0..many.size).map(|number| format!("a{number:04}")).collect();
    let row = ("Brightline", "pack; all laws compiled");
    let (library, laws) = table.start(&many.start, row, || {
        let library = brightline::open(&race.folder.join("packs").join(&pack))?;
        let compile = |name: &String| brightline::law(library.corpus(), &pack, name, "hold");
        let laws: Vec<Law> = names.iter().map(compile).collect::<Result<_, _>>()?;
        Ok((library, laws))
    })?;
    let corpus = library.corpus();
    let id = corpus.pack(&pack).ok_or("no such pack")?;
    let facts_of = |input: &Json| {
        let mut facts = Facts::unknown(corpus);
        for (name, value) in input.as_object().into_iter().flatten() {
            let Some(fact) = corpus.fact(id, name) else {
                continue;
            };
            let known = match value {
                Json::Bool(value) => Known::Bool(*value),
                other => Known::Number(other.as_i64().unwrap_or_default()),
            };
            facts.set(fact, known);
        }
        facts
    };
    let ready: Vec<Facts> = many.inputs.iter().map(facts_of).collect();
    table.run(&many.section, ("Brightline", "a law for each"), &many.answers, |at| {
        let told = laws[many.agencies[at]].decide(corpus, &ready[at]);
        told.map_or(u8::MAX, |outcome| u8::from(outcome == Ends::Permitted))
    });
    Ok(())
}

fn of_cedar(race: &Race, many: &Many, table: &mut Table) -> Outcome<()> {
    let text = race.text(&format!("cedar_{}.cedar", many.size))?;
    let row = ("Cedar", "not validated");
    let policies = table.start(&many.start, row, || Ok(PolicySet::from_str(&text)?))?;
    let mut ready = Vec::new();
    for (input, agency) in many.inputs.iter().zip(&many.agencies) {
        let context = Context::from_json_value(input.clone(), None)?;
        let resource = cedar::uid("RulePack", &format!("A{agency:04}"))?;
        let (principal, action) = (cedar::uid("Officer", "o")?, cedar::uid("Action", "hold")?);
        ready.push(Request::new(principal, action, resource, context, None)?);
    }
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    table.run(&many.section, ("Cedar", "a policy for each"), &many.answers, |at| {
        let response = authorizer.is_authorized(&ready[at], &policies, &entities);
        u8::from(response.decision() == Decision::Allow)
    });
    Ok(())
}

fn of_rego(race: &Race, many: &Many, table: &mut Table) -> Outcome<()> {
    let text = race.text(&format!("rego_{}.rego", many.size))?;
    let make = || rego::machine(text.clone(), None, "data.bl.hold");
    let mut machine = table.start(&many.start, ("Regorus", "RVM"), make)?;
    let parse = |input: &Json| Value::from_json_str(&input.to_string());
    let ready: Vec<Value> = many.inputs.iter().map(parse).collect::<Result<_, _>>()?;
    table.run(&many.section, ("Regorus", "RVM, rules for each"), &many.answers, |at| {
        machine.set_input(ready[at].clone());
        let Ok(value) = machine.execute() else {
            return u8::MAX;
        };
        value.as_string().map_or(u8::MAX, |text| u8::from(text.as_ref() == "permitted"))
    });
    Ok(())
}

fn of_zen(race: &Race, many: &Many, table: &mut Table) -> Outcome<()> {
    let text = race.text(&format!("zen_{}.json", many.size))?;
    let row = ("Zen", "indexed table");
    let decision = table.start(&many.start, row, || zen::graph(&text))?;
    let ready: Vec<Variable> = many.inputs.iter().map(Variable::from).collect();
    table.run(&many.section, ("Zen", "indexed table"), &many.answers, |at| {
        let told = zen::block_on(decision.evaluate(ready[at].clone()));
        told.map_or(u8::MAX, |told| zen::permitted(&told.result, "hold"))
    });
    Ok(())
}
