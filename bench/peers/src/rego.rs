//! Regorus, on its virtual machine; the list as data and as a set in the policy.

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};

use crate::Outcome;
use crate::policy::{Answer, JSON, Race, START, TYPED};
use crate::table::Table;

/// The rule that gives both decisions.
pub const RULE: &str = "data.bl.decision";

/// Compiles a policy for the virtual machine.
pub fn machine(policy: String, data: Option<Value>, rule: &str) -> Outcome<RegoVM> {
    let mut engine = Engine::new();
    engine.add_policy("policy.rego".to_owned(), policy)?;
    if let Some(data) = &data {
        engine.add_data(data.clone())?;
    }
    let entry: Rc<str> = rule.into();
    let compiled = engine.compile_with_entrypoint(&entry)?;
    let program = Compiler::compile_from_policy(&compiled, &[rule])?;
    let mut machine = RegoVM::new();
    machine.set_max_instructions(usize::MAX);
    machine.load_program(program);
    if let Some(data) = data {
        machine.set_data(data)?;
    }
    Ok(machine)
}

/// The list of sections as data.
pub fn data(race: &Race) -> Outcome<Value> {
    let listed: serde_json::Map<String, serde_json::Value> =
        race.listed.iter().map(|section| (section.clone(), true.into())).collect();
    Ok(Value::from_json_str(&serde_json::json!({ "qualifying": listed }).to_string())?)
}

fn answer(value: &Value) -> Answer {
    let permitted = |name: &str| {
        let told = value[name].as_string();
        told.map_or(0x40, |told| u8::from(told.as_ref() == "permitted"))
    };
    permitted("hold") | permitted("notify_release") << 1
}

/// Makes everything ready and decides all inputs, once.
pub fn decide_all(race: &Race) -> Outcome<usize> {
    let mut machine = machine(race.text("rego/data.rego")?, Some(data(race)?), RULE)?;
    let right = |(line, want): (&String, &Answer)| -> Outcome<bool> {
        machine.set_input(Value::from_json_str(line)?);
        Ok(answer(&machine.execute()?) == *want)
    };
    crate::memory::count(race.lines.iter().zip(&race.answers).map(right))
}

/// The rows of the policy.
pub fn rows(race: &Race, table: &mut Table) -> Outcome<()> {
    let ready: Vec<Value> =
        race.lines.iter().map(|line| Value::from_json_str(line)).collect::<Result<_, _>>()?;
    for (name, encoding) in [("data", "RVM, list as data"), ("set", "RVM, list in the policy")] {
        let policy = race.text(&format!("rego/{name}.rego"))?;
        let data = if name == "data" { Some(data(race)?) } else { None };
        let make = || machine(policy.clone(), data.clone(), RULE);
        let mut machine = table.start(START, ("Regorus", encoding), make)?;
        let mut decide = |input: Value| {
            machine.set_input(input);
            machine.execute().map_or(u8::MAX, |value| answer(&value))
        };
        let name = ("Regorus", encoding);
        table.run(TYPED, name, &race.answers, |at| decide(ready[at].clone()));
        table.run(JSON, name, &race.answers, |at| {
            Value::from_json_str(&race.lines[at]).map_or(u8::MAX, &mut decide)
        });
    }
    Ok(())
}
