//! GoRules Zen: a graph with a decision table, the list as an indexed table, a policy document,
//! and one expression for the hold alone.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use zen_engine::loader::MemoryLoader;
use zen_engine::model::{DecisionContent, GraphContent};
use zen_engine::{Decision, DecisionEngine, EvaluationOptions};
use zen_expression::variable::Variable;
use zen_expression::vm::VM;

use crate::Outcome;
use crate::policy::{Answer, EXPLAINED, JSON, Race, START, TYPED};
use crate::table::Table;

/// Drives a future that never waits.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Reads a graph and compiles it.
pub fn graph(text: &str) -> Outcome<Decision> {
    let content: GraphContent = serde_json::from_str(text)?;
    let mut decision = Decision::from(content);
    decision.compile();
    Ok(decision)
}

/// Whether a field of the result says permitted.
pub fn permitted(value: &Variable, field: &str) -> Answer {
    let told = value.dot(field).and_then(|it| it.as_str().map(|text| text == "permitted"));
    told.map_or(0x40, u8::from)
}

fn answer(value: &Variable, before: &str) -> Answer {
    let field = |name: &str| permitted(value, &format!("{before}{name}"));
    field("hold") | field("notify_release") << 1
}

/// Makes everything ready and decides all inputs, once.
pub fn decide_all(race: &Race) -> Outcome<usize> {
    let decision = graph(&race.text("zen/graph_indexed.json")?)?;
    let right = |(line, want): (&String, &Answer)| -> Outcome<bool> {
        let told = block_on(decision.evaluate(serde_json::from_str(line)?));
        Ok(told.is_ok_and(|told| answer(&told.result, "") == *want))
    };
    crate::memory::count(race.lines.iter().zip(&race.answers).map(right))
}

/// The rows of the policy.
pub fn rows(race: &Race, table: &mut Table) -> Outcome<()> {
    let ready: Vec<Variable> =
        race.lines.iter().map(|line| serde_json::from_str(line)).collect::<Result<_, _>>()?;
    expression(race, table, &ready)?;
    let encodings =
        [("graph", "graph, list in an expression"), ("graph_indexed", "graph, indexed list")];
    for (name, encoding) in encodings {
        let text = race.text(&format!("zen/{name}.json"))?;
        let decision = table.start(START, ("Zen", encoding), || graph(&text))?;
        let decide = |input: Variable| {
            block_on(decision.evaluate(input)).map_or(u8::MAX, |told| answer(&told.result, ""))
        };
        let traced = |input: Variable| {
            let options = EvaluationOptions { trace: true, max_depth: 10 };
            let told = block_on(decision.evaluate_with_opts(input, options));
            told.map_or(u8::MAX, |told| answer(&told.result, ""))
        };
        let row = ("Zen", encoding);
        table.run(TYPED, row, &race.answers, |at| decide(ready[at].clone()));
        table.run(EXPLAINED, ("Zen", &format!("{encoding}, trace on")), &race.answers, |at| {
            traced(ready[at].clone())
        });
        table.run(JSON, row, &race.answers, |at| {
            serde_json::from_str(&race.lines[at]).map_or(u8::MAX, decide)
        });
    }
    document(race, table)
}

fn expression(race: &Race, table: &mut Table, ready: &[Variable]) -> Outcome<()> {
    let compiled = zen_expression::compile_expression(&race.text("zen/hold.zen")?)
        .map_err(|error| format!("{error:?}"))?;
    let mut machine = VM::new();
    let holds: Vec<Answer> = race.answers.iter().map(|answer| answer & 1).collect();
    let row = ("Zen", "one expression, the hold only");
    table.run(TYPED, row, &holds, |at| {
        let told = compiled.evaluate_with(ready[at].clone(), &mut machine);
        told.ok().and_then(|value| value.as_bool()).map_or(u8::MAX, u8::from)
    });
    let listed = race.listed.iter().map(|section| (section.clone(), true.into()));
    let listed = Variable::from(serde_json::Value::Object(listed.collect()));
    let with_list: Vec<Variable> = ready
        .iter()
        .map(|input| {
            let copy = input.shallow_clone();
            copy.dot_insert("qualifying", listed.clone());
            copy
        })
        .collect();
    let recent = "some(convictions, #.days_ago <= 1826 and $root.qualifying[#.section] == true)";
    let ever = "some(convictions, $root.qualifying[#.section] == true)";
    let text = format!(
        "(judicial_warrant and (terrorist_match or {recent})) or \
         (agency == 'NYPD' and reentered_after_removal and {ever})"
    );
    let compiled =
        zen_expression::compile_expression(&text).map_err(|error| format!("{error:?}"))?;
    let row = ("Zen", "one expression, list in the context, the hold only");
    table.run(TYPED, row, &holds, |at| {
        let told = compiled.evaluate_with(with_list[at].clone(), &mut machine);
        told.ok().and_then(|value| value.as_bool()).map_or(u8::MAX, u8::from)
    });
    Ok(())
}

fn document(race: &Race, table: &mut Table) -> Outcome<()> {
    let text = race.text("zen/policy_document.json")?;
    let engine = table.start(START, ("Zen", "policy document"), || {
        let content: DecisionContent = serde_json::from_str(&text)?;
        let loader = Arc::new(MemoryLoader::default());
        loader.add("policy", content);
        let engine = DecisionEngine::default().with_loader(loader);
        match engine.compile().is_empty() {
            true => Ok(engine),
            false => Err("the policy document of Zen does not compile".into()),
        }
    })?;
    let lines: Vec<String> =
        race.lines.iter().map(|line| format!("{{\"request\":{line}}}")).collect();
    let ready: Vec<Variable> =
        lines.iter().map(|line| serde_json::from_str(line)).collect::<Result<_, _>>()?;
    let decide = |input: Variable| {
        let told = block_on(engine.evaluate("policy", input));
        told.map_or(u8::MAX, |told| answer(&told.result, "request."))
    };
    let row = ("Zen", "policy document");
    table.run(TYPED, row, &race.answers, |at| decide(ready[at].deep_clone()));
    table.run(JSON, row, &race.answers, |at| {
        serde_json::from_str(&lines[at]).map_or(u8::MAX, decide)
    });
    Ok(())
}
