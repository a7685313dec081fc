//! What each engine answers when a fact is missing, or null, or said to be unknown.

use std::path::Path;
use std::str::FromStr;

use brightline_desk::{Library, Request as OwnRequest};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, PolicySet, Request, RestrictedExpression,
};
use serde_json::{Value as Json, json};
use zen_expression::variable::Variable;

use crate::policy::Race;
use crate::{Outcome, brightline, cedar, rego, zen};

/// A case: what is missing, the input with it, the honest answer.
struct Asked {
    name: &'static str,
    missing: &'static str,
    input: Json,
    honest: &'static str,
}

fn cases(section: &str) -> Vec<Asked> {
    let input = |warrant: bool, convicted: bool| {
        let convictions = match convicted {
            true => json!([{"statute": "NY-PL", "section": section, "days_ago": 100}]),
            false => json!([]),
        };
        json!({
            "agency": "DOC", "judicial_warrant": warrant, "terrorist_match": false,
            "reentered_after_removal": false, "civil_enforcement": true,
            "convictions": convictions,
        })
    };
    let case = |name, missing, input, honest| Asked { name, missing, input, honest };
    vec![
        case(
            "A: the match decides",
            "terrorist_match",
            input(true, false),
            "hold open, notice open",
        ),
        case(
            "B: the match makes no difference",
            "terrorist_match",
            input(true, true),
            "hold permitted, notice permitted",
        ),
        case(
            "C: the purpose decides on the notice",
            "civil_enforcement",
            input(false, false),
            "hold prohibited, notice open",
        ),
        case(
            "D: the convictions are not known",
            "convictions",
            input(true, true),
            "hold open, notice open",
        ),
    ]
}

/// Prints the answers.
pub fn show(folder: &Path) -> Outcome<()> {
    let race = Race::read(folder)?;
    let library = brightline::open(&folder.join("packs/race"))?;
    let section = race.listed.first().ok_or("no sections")?;
    println!("\n| a fact that is not known | engine | absent | null |\n|---|---|---|---|");
    for case in cases(section) {
        println!("| {} | *the honest answer* | {} | refused |", case.name, case.honest);
        let mut absent = case.input.clone();
        if let Some(object) = absent.as_object_mut() {
            object.remove(case.missing);
        }
        let mut null = case.input.clone();
        null[case.missing] = Json::Null;
        let told = [&absent, &null].map(|input| own(&library, input));
        println!("| | Brightline | {} | {} |", told[0], told[1]);
        let told = [&absent, &null].map(|input| of_cedar(folder, input));
        println!("| | Cedar | {} | {} |", told[0], told[1]);
        println!("| | Cedar, partial-eval | {} | |", of_cedar_partial(folder, &absent, &case)?);
        let told = [&absent, &null].map(|input| of_rego(&race, input));
        println!("| | Regorus | {} | {} |", told[0], told[1]);
        let told = [&absent, &null].map(|input| of_zen(&race, input));
        println!("| | Zen | {} | {} |", told[0], told[1]);
    }
    Ok(())
}

fn shortened(text: impl std::fmt::Display) -> String {
    let text = text.to_string().replace('\n', " ").replace('|', "/");
    let mut short: String = text.chars().take(100).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn own(library: &Library, input: &Json) -> String {
    let mut facts = serde_json::Map::new();
    for (name, value) in input.as_object().into_iter().flatten() {
        let told = match value.as_array() {
            _ if name == "agency" => continue,
            Some(rows) => rows.iter().map(|row| own_conviction(row)).collect(),
            None => value.clone(),
        };
        facts.insert(name.clone(), told);
    }
    let text = json!({
        "jurisdiction": "race", "agency": "doc", "on": "2026-11-24",
        "acts": ["hold", "notify_release"], "facts": facts,
    })
    .to_string();
    let asked = OwnRequest::read(&text).and_then(|request| library.answer(&request));
    let response = match asked {
        Ok(response) => response,
        Err(refusal) => return format!("refused: {}", shortened(refusal)),
    };
    let act = |at: usize| {
        let Some(told) = response.determinations.get(at) else {
            return String::new();
        };
        let asks: Vec<&str> = told.questions.iter().map(|it| it.fact.as_str()).collect();
        match asks.is_empty() {
            true => told.outcome.clone(),
            false => format!("{} (asks: {})", told.outcome, asks.join(", ")),
        }
    };
    format!("hold {}, notice {}", act(0), act(1))
}

fn own_conviction(row: &Json) -> Json {
    let section = row["section"].as_str().unwrap_or_default();
    json!({"offense": format!("NY PL {section}"), "days_ago": row["days_ago"]})
}

/// The input as the host projects it; a list that is not known leaves two attributes out.
fn projected(input: &Json) -> Json {
    let mut told = input.clone();
    let Some(object) = told.as_object_mut() else {
        return told;
    };
    if let Some(Json::Array(rows)) = object.remove("convictions") {
        object.insert("has_qualifying".to_owned(), json!(!rows.is_empty()));
        let days = if rows.is_empty() { 99_999 } else { 100 };
        object.insert("days_since_qualifying".to_owned(), json!(days));
    }
    told
}

fn policies(folder: &Path) -> Outcome<PolicySet> {
    Ok(PolicySet::from_str(&std::fs::read_to_string(folder.join("cedar/host_days.cedar"))?)?)
}

fn of_cedar(folder: &Path, input: &Json) -> String {
    let decide = |action: &str| -> Outcome<String> {
        let context = Context::from_json_value(projected(input), None)?;
        let (principal, resource) = (cedar::uid("Officer", "o")?, cedar::uid("RulePack", "nyc")?);
        let action = cedar::uid("Action", action)?;
        let request = Request::new(principal, action, resource, context, None)?;
        let (policies, entities) = (policies(folder)?, Entities::empty());
        let told = Authorizer::new().is_authorized(&request, &policies, &entities);
        let errors = if told.diagnostics().errors().count() > 0 { " + error" } else { "" };
        let word = if told.decision() == Decision::Allow { "permitted" } else { "prohibited" };
        Ok(format!("{word}{errors}"))
    };
    match (decide("hold"), decide("notify_release")) {
        (Ok(hold), Ok(notice)) => format!("hold {hold}, notice {notice}"),
        (Err(error), _) | (_, Err(error)) => format!("refused: {}", shortened(error)),
    }
}

/// The experimental feature: what is missing is an explicit unknown.
fn of_cedar_partial(folder: &Path, input: &Json, case: &Asked) -> Outcome<String> {
    let mut pairs = Vec::new();
    for (name, value) in projected(input).as_object().into_iter().flatten() {
        let value = match value {
            Json::Bool(value) => RestrictedExpression::new_bool(*value),
            Json::String(text) => RestrictedExpression::new_string(text.clone()),
            other => RestrictedExpression::new_long(other.as_i64().unwrap_or_default()),
        };
        pairs.push((name.clone(), value));
    }
    let unknown = match case.missing {
        "convictions" => vec!["has_qualifying", "days_since_qualifying"],
        other => vec![other],
    };
    for name in unknown {
        pairs.push((name.to_owned(), RestrictedExpression::new_unknown(name)));
    }
    let mut told = Vec::new();
    for (word, action) in [("hold", "hold"), ("notice", "notify_release")] {
        let context = Context::from_pairs(pairs.clone())?;
        let (principal, resource) = (cedar::uid("Officer", "o")?, cedar::uid("RulePack", "nyc")?);
        let action = cedar::uid("Action", action)?;
        let request = Request::new(principal, action, resource, context, None)?;
        let (policies, entities) = (policies(folder)?, Entities::empty());
        let response = Authorizer::new().is_authorized_partial(&request, &policies, &entities);
        let end = match response.decision() {
            Some(Decision::Allow) => "permitted",
            Some(Decision::Deny) => "prohibited",
            None => "open",
        };
        told.push(format!("{word} {end}"));
    }
    Ok(told.join(", "))
}

fn of_rego(race: &Race, input: &Json) -> String {
    let decide = || -> Outcome<String> {
        let data = rego::data(race)?;
        let mut machine = rego::machine(race.text("rego/data.rego")?, Some(data), rego::RULE)?;
        machine.set_input(regorus::Value::from_json_str(&input.to_string())?);
        let told = machine.execute()?;
        let word = |name: &str| told[name].to_string().replace('"', "");
        Ok(format!("hold {}, notice {}", word("hold"), word("notify_release")))
    };
    decide().unwrap_or_else(|error| format!("error: {}", shortened(error)))
}

fn of_zen(race: &Race, input: &Json) -> String {
    let decide = || -> Outcome<String> {
        let decision = zen::graph(&race.text("zen/graph.json")?)?;
        let told = zen::block_on(decision.evaluate(Variable::from(input)))
            .map_err(|error| format!("{error:?}"))?;
        let told = told.result.to_value();
        let word = |name: &str| told[name].as_str().unwrap_or("nothing").to_owned();
        Ok(format!("hold {}, notice {}", word("hold"), word("notify_release")))
    };
    decide().unwrap_or_else(|error| format!("error: {}", shortened(error)))
}
