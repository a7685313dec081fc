//! The analysis race: is an amended law the same, and if not, where does it differ?
//!
//! Cedar's symbolic compiler with cvc5, on three encodings, for each of the two actions; and
//! Brightline's diff and proof on its pack, for three agencies and two acts at once.

use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, Instant};

use brightline_law::clock::Day;
use brightline_law::ir::AsKnown;
use brightline_law::{Proof, Side, diff, prove};
use cedar_policy::{PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicySet};

use crate::table::duration;
use crate::{Outcome, brightline, cedar};

/// Rounds for each question and action; the median counts.
const ROUNDS: usize = 5;
/// No round begins after so long.
const ENOUGH: Duration = Duration::from_secs(20);

/// Prints the table.
pub fn show(folder: &Path) -> Outcome<()> {
    println!("\n| analysis | encoding | same | differ | differ, with a case | implies |");
    println!("|---|---|---:|---:|---:|---:|");
    own(folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for name in ["host_days", "attr", "literal"] {
        match runtime.block_on(of_cedar(folder, name)) {
            Ok(line) => println!("{line}"),
            Err(error) => println!("| Cedar SymCC | {name} | not run: {error} | | | |"),
        }
    }
    Ok(())
}

fn median(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    duration(times.get(times.len() / 2).map_or(0.0, |it| it.as_secs_f64() * 1e9))
}

/// The clock on the wall: the solver is another process.
fn timed<T>(times: &mut Vec<Duration>, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = run();
    times.push(start.elapsed());
    made
}

/// The pack has the rule, an amendment from 2027 and the rule in other words from 2028.
fn own(folder: &Path) -> Outcome<()> {
    let library = brightline::open(&folder.join("packs/amended"))?;
    let corpus = library.corpus();
    let jurisdiction = corpus.pack("amended").ok_or("no pack")?;
    let agencies = brightline_law::agencies(corpus, jurisdiction);
    let side = |day: &str| -> Outcome<Side> {
        let on = Day::parse(day).map_err(|error| error.to_string())?;
        Ok(Side { at: AsKnown { on, known: Day::MAX }, without: Vec::new() })
    };
    let (rule, amended, same) = (side("2026-12-31")?, side("2027-01-01")?, side("2028-01-01")?);
    let [mut equal, mut differ, mut implies] = [const { Vec::new() }; 3];
    let mut classes = Vec::new();
    for _ in 0..ROUNDS {
        let changes = timed(&mut equal, || diff(corpus, jurisdiction, &rule, &same, &agencies))?;
        if !changes.is_empty() {
            return Err("the same rule in other words differs".into());
        }
        classes = timed(&mut differ, || diff(corpus, jurisdiction, &rule, &amended, &agencies))?;
        for claim in &corpus.claims {
            match timed(&mut implies, || prove(corpus, claim)) {
                Proof::Holds { .. } => {}
                other => return Err(format!("the claim does not hold: {other:?}").into()),
            }
        }
    }
    let differ = median(differ);
    println!(
        "| Brightline, three agencies and two acts | list as a table | {} | {differ} | {differ}, \
         all {} classes | {} |",
        median(equal),
        classes.len(),
        median(implies),
    );
    for change in classes.iter().take(2) {
        eprintln!("a class that changes: {}", change.class.join("; "));
    }
    Ok(())
}

/// Three questions for each action: the same rule in other words, an amended rule, and whether the
/// amended rule permits no more.
async fn of_cedar(folder: &Path, name: &str) -> Outcome<String> {
    let (_, schema) = cedar::validated(folder, name)?;
    let text = std::fs::read_to_string(folder.join(format!("cedar/{name}.cedar")))?;
    let amended = text.replace("|| context.terrorist_match)", "&& !context.terrorist_match)");
    let same =
        text.replace("(context.judicial_warrant && (", "((context.judicial_warrant && (").replace(
            " || context.terrorist_match))",
            ")) || (context.judicial_warrant && context.terrorist_match))",
        );
    if amended == text || same == text {
        return Err("the policy is not as it was".into());
    }
    let texts = [&text, &amended, &same];
    let policies: Vec<PolicySet> =
        texts.iter().map(|text| PolicySet::from_str(text)).collect::<Result<_, _>>()?;
    let mut compiler = CedarSymCompiler::new(LocalSolver::cvc5()?)?;
    let mut times: [Vec<Duration>; 4] = Default::default();
    let start = Instant::now();
    for _ in 0..ROUNDS {
        if start.elapsed() > ENOUGH {
            break;
        }
        for environment in schema.request_envs() {
            ask(&mut compiler, &policies, &environment, &schema, &mut times).await?;
        }
    }
    let [equal, differ, case, implies] = times.map(median);
    Ok(format!(
        "| Cedar SymCC, one action | {name} | {equal} | {differ} | {case}, one | {implies} |"
    ))
}

async fn ask(
    compiler: &mut CedarSymCompiler<LocalSolver>,
    policies: &[PolicySet],
    environment: &RequestEnv,
    schema: &Schema,
    times: &mut [Vec<Duration>; 4],
) -> Outcome<()> {
    let compiled: Vec<CompiledPolicySet> = policies
        .iter()
        .map(|policies| CompiledPolicySet::compile(policies, environment, schema))
        .collect::<Result<_, _>>()?;
    let [rule, amended, same] = &compiled[..] else {
        return Err("three policies".into());
    };
    let start = Instant::now();
    if !compiler.check_equivalent_opt(rule, same).await? {
        return Err("the same rule in other words differs".into());
    }
    times[0].push(start.elapsed());
    let start = Instant::now();
    if compiler.check_equivalent_opt(rule, amended).await? {
        return Err("the amended rule does not differ".into());
    }
    times[1].push(start.elapsed());
    let start = Instant::now();
    let found = compiler.check_equivalent_with_counterexample_opt(rule, amended).await?;
    times[2].push(start.elapsed());
    let found = found.ok_or("no case where they differ")?;
    if times[2].len() == 1 {
        let context = found.request.context().map(|it| it.to_json_value()).transpose()?;
        let text: String = context.unwrap_or_default().to_string().chars().take(300).collect();
        eprintln!("Cedar's case: {text}");
    }
    let start = Instant::now();
    compiler.check_implies_opt(amended, rule).await?;
    times[3].push(start.elapsed());
    Ok(())
}
