//! Axiom Rules Engine on the race: the rows of requests all at once, and one at a time explained.
//!
//! `brightline-peers-axiom FOLDER` reads what `generate.py` wrote and leaves `rows-axiom.tsv`
//! there. Every answer is checked against the policy by hand; one wrong answer ends the run.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use axiom_rules_engine::api::{
    CompiledExecutionRequest, ExecutionMode, ExecutionQuery, OutputValue, execute_compiled_request,
};
use axiom_rules_engine::compile::CompiledProgramArtifact;
use axiom_rules_engine::dense::{
    DenseBatchSpec, DenseColumn, DenseCompiledProgram, DenseExecutionResult, DenseOutputValue,
    DenseRelationBatchSpec,
};
use axiom_rules_engine::model::{JudgmentOutcome, Period, PeriodKind};
use axiom_rules_engine::spec::{
    DatasetSpec, InputRecordSpec, IntervalSpec, JudgmentOutcomeSpec, PeriodKindSpec, PeriodSpec,
    RelationRecordSpec, ScalarValueSpec,
};
use chrono::NaiveDate;
use serde::Deserialize;

const PASSES: usize = 5;
const OUTPUTS: [&str; 2] = ["hold_permitted", "notify_permitted"];
/// Explained one at a time, each takes some tens of microseconds: a part of the inputs will do.
const EXPLAINED: usize = 2_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Deserialize)]
struct Conviction {
    section: String,
    days_ago: i64,
}

#[derive(Deserialize)]
struct Input {
    agency: String,
    judicial_warrant: bool,
    terrorist_match: bool,
    reentered_after_removal: bool,
    civil_enforcement: bool,
    convictions: Vec<Conviction>,
}

impl Input {
    fn by_hand(&self, listed: &HashSet<String>) -> [bool; 2] {
        let days = self.convictions.iter().filter(|it| listed.contains(&it.section));
        let latest = days.map(|it| it.days_ago).min();
        let recent = latest.is_some_and(|days| days <= 1826);
        let cause = self.judicial_warrant && (recent || self.terrorist_match)
            || self.agency == "NYPD" && self.reentered_after_removal && latest.is_some();
        [cause, cause || !self.civil_enforcement]
    }
}

fn main() -> Outcome<()> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name the folder")?);
    let text = |name: &str| std::fs::read_to_string(folder.join(name));
    let listed: Vec<String> = serde_json::from_str(&text("qualifying.json")?)?;
    let listed: HashSet<String> = listed.into_iter().collect();
    let lines = text("inputs.jsonl")?;
    let inputs: Vec<Input> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let artifact = CompiledProgramArtifact::from_rulespec_str(&text("axiom/host.yaml")?)?;
    let mut rows = String::new();
    for (repeats, section) in [(1, "bulk, 10,000 rows"), (100, "bulk, 1,000,000 rows")] {
        dense(&artifact, (&inputs, &listed, repeats), section, &mut rows)?;
    }
    explained(&artifact, &inputs, &listed, &mut rows)?;
    write(&folder, &rows)
}

fn write(folder: &Path, rows: &str) -> Outcome<()> {
    print!("{rows}");
    Ok(std::fs::write(folder.join("rows-axiom.tsv"), rows)?)
}

/// The median of five passes, each of as many runs as the clock needs; as in the other race.
fn median(mut run: impl FnMut()) -> f64 {
    let mut rounds = 1;
    let mut pass = |rounds: u32| {
        let start = clock();
        for _ in 0..rounds {
            run();
        }
        clock() - start
    };
    while pass(rounds) < Duration::from_millis(200) {
        rounds *= 2;
    }
    let mut passes: Vec<f64> =
        (0..PASSES).map(|_| pass(rounds).as_secs_f64() * 1e9 / f64::from(rounds)).collect();
    passes.sort_by(f64::total_cmp);
    passes.get(PASSES / 2).copied().unwrap_or(f64::NAN)
}

/// The time that this thread has spent on a processor; as in the other engines' race.
fn clock() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    match told.split(' ').next().and_then(|first| first.parse().ok()) {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds),
        None => START.elapsed(),
    }
}

fn day() -> Outcome<NaiveDate> {
    NaiveDate::from_ymd_opt(2026, 11, 24).ok_or_else(|| "no such day".into())
}

/// The columns of the inputs, repeated; the host marks the convictions that qualify.
fn batch(
    program: &DenseCompiledProgram,
    (inputs, listed, repeats): (&[Input], &HashSet<String>, usize),
) -> Outcome<DenseBatchSpec> {
    let rows = || (0..repeats).flat_map(|_| inputs.iter());
    let flag = |of: fn(&Input) -> bool| DenseColumn::Bool(rows().map(of).collect());
    let agencies = rows().map(|it| it.agency.clone()).collect();
    let columns = HashMap::from([
        ("agency".to_owned(), DenseColumn::Text(agencies)),
        ("judicial_warrant".to_owned(), flag(|it| it.judicial_warrant)),
        ("terrorist_match".to_owned(), flag(|it| it.terrorist_match)),
        ("reentered".to_owned(), flag(|it| it.reentered_after_removal)),
        ("civil_enforcement".to_owned(), flag(|it| it.civil_enforcement)),
    ]);
    let mut offsets = vec![0];
    let (mut days, mut marked) = (Vec::new(), Vec::new());
    for input in rows() {
        days.extend(input.convictions.iter().map(|it| it.days_ago));
        marked.extend(input.convictions.iter().map(|it| listed.contains(&it.section)));
        offsets.push(days.len());
    }
    let related = HashMap::from([
        ("days_ago".to_owned(), DenseColumn::Integer(days)),
        ("is_qualifying".to_owned(), DenseColumn::Bool(marked)),
    ]);
    let key = program.relations().first().ok_or("no relation")?.key.clone();
    let relation = DenseRelationBatchSpec { offsets, inputs: related };
    Ok(DenseBatchSpec {
        row_count: inputs.len() * repeats,
        inputs: columns,
        relations: HashMap::from([(key, relation)]),
    })
}

fn dense(
    artifact: &CompiledProgramArtifact,
    (inputs, listed, repeats): (&[Input], &HashSet<String>, usize),
    section: &str,
    rows: &mut String,
) -> Outcome<()> {
    let program = DenseCompiledProgram::from_artifact(artifact, Some("Request"))?;
    let outputs = OUTPUTS.map(str::to_owned);
    let kind = PeriodKind::Custom("day".to_owned());
    let period = Period { kind, start: day()?, end: day()? };
    let made = batch(&program, (inputs, listed, repeats))?;
    let count = made.row_count as f64;
    let run = |made: DenseBatchSpec| program.execute_f64(&period, made, &outputs);
    check(&run(made.clone())?, (inputs, listed))?;
    let copying = median(|| {
        black_box(made.clone());
    });
    // The engine takes the columns for itself; the copy that this needs is taken off again.
    let deciding = median(|| {
        let _ = black_box(run(made.clone()));
    });
    let building = median(|| {
        let _ = black_box(batch(&program, (inputs, listed, repeats)));
    });
    let name = "dense, floating point, host marks what qualifies";
    rows.push_str(&format!("{section}\tAxiom\t{name}\t{}\n", (deciding - copying) / count));
    rows.push_str(&format!("{section}, columns built\tAxiom\t{name}\t{}\n", building / count));
    Ok(())
}

fn check(
    told: &DenseExecutionResult,
    (inputs, listed): (&[Input], &HashSet<String>),
) -> Outcome<()> {
    let column = |name: &str| match told.outputs.get(name) {
        Some(DenseOutputValue::Judgment(values)) => Ok(values),
        _ => Err(format!("no judgment {name}")),
    };
    let (holds, notices) = (column(OUTPUTS[0])?, column(OUTPUTS[1])?);
    let wants = inputs.iter().cycle().map(|input| input.by_hand(listed));
    for ((hold, notice), want) in holds.iter().zip(notices).zip(wants) {
        if [hold, notice].map(|it| *it == JudgmentOutcome::Holds) != want {
            return Err("Axiom, dense: an answer differs".into());
        }
    }
    Ok(())
}

fn explained(
    artifact: &CompiledProgramArtifact,
    inputs: &[Input],
    listed: &HashSet<String>,
    rows: &mut String,
) -> Outcome<()> {
    let inputs = inputs.get(..EXPLAINED).ok_or("too few inputs")?;
    let requests: Vec<CompiledExecutionRequest> =
        inputs.iter().map(|input| request(input, listed)).collect::<Result<_, _>>()?;
    for (request, input) in requests.iter().zip(inputs) {
        let told = execute_compiled_request(artifact.clone(), request.clone())?;
        let outputs = &told.results.first().ok_or("no result")?.outputs;
        let holds = OUTPUTS.map(|name| {
            matches!(
                outputs.get(name),
                Some(OutputValue::Judgment { outcome: JudgmentOutcomeSpec::Holds, .. })
            )
        });
        if holds != input.by_hand(listed) {
            return Err("Axiom, explained: an answer differs".into());
        }
    }
    let copying = median(|| {
        for request in &requests {
            black_box((artifact.clone(), request.clone()));
        }
    });
    let deciding = median(|| {
        for request in &requests {
            let _ = black_box(execute_compiled_request(artifact.clone(), request.clone()));
        }
    });
    let each = (deciding - copying) / requests.len() as f64;
    let name = "explain, a request for each call";
    rows.push_str(&format!("both acts, explained\tAxiom\t{name}\t{each}\n"));
    Ok(())
}

fn request(input: &Input, listed: &HashSet<String>) -> Outcome<CompiledExecutionRequest> {
    let interval = || -> Outcome<IntervalSpec> { Ok(IntervalSpec { start: day()?, end: day()? }) };
    let mut records = Vec::new();
    let mut add = |name: &str, entity: &str, id: &str, value: ScalarValueSpec| -> Outcome<()> {
        records.push(InputRecordSpec {
            name: name.to_owned(),
            entity: entity.to_owned(),
            entity_id: id.to_owned(),
            interval: interval()?,
            value,
        });
        Ok(())
    };
    let flags = [
        ("judicial_warrant", input.judicial_warrant),
        ("terrorist_match", input.terrorist_match),
        ("reentered", input.reentered_after_removal),
        ("civil_enforcement", input.civil_enforcement),
    ];
    for (name, value) in flags {
        add(name, "Request", "r", ScalarValueSpec::Bool { value })?;
    }
    add("agency", "Request", "r", ScalarValueSpec::Text { value: input.agency.clone() })?;
    let mut relations = Vec::new();
    for (number, it) in input.convictions.iter().enumerate() {
        let id = format!("c{number}");
        let value = listed.contains(&it.section);
        add("is_qualifying", "Conviction", &id, ScalarValueSpec::Bool { value })?;
        add("days_ago", "Conviction", &id, ScalarValueSpec::Integer { value: it.days_ago })?;
        let tuple = vec![id, "r".to_owned()];
        let name = "conviction_of".to_owned();
        relations.push(RelationRecordSpec { name, tuple, interval: interval()? });
    }
    let kind = PeriodKindSpec::Custom { name: "day".to_owned() };
    let query = ExecutionQuery {
        entity_id: "r".to_owned(),
        period: PeriodSpec { kind, start: day()?, end: day()? },
        outputs: OUTPUTS.map(str::to_owned).to_vec(),
        assessment_date: None,
    };
    Ok(CompiledExecutionRequest {
        mode: ExecutionMode::Explain,
        dataset: DatasetSpec { inputs: records, relations },
        queries: vec![query],
    })
}
