//! `cargo xtask test`: everything that must hold, in one run.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cargo::{cargo, root, succeed, target};
use crate::{browser, contract, deps, openid, postgres, readers, solver, tlog};

/// One thing that is checked.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&mut Notes) -> Result<(), String>,
}

/// What the end of the run repeats.
#[derive(Default)]
struct Notes {
    skipped: Vec<String>,
    summaries: Vec<String>,
}

/// In the order in which a mistake is found soonest; the tests stand last, so that their summary
/// ends the run.
const STEPS: &[Step] = &[
    Step { name: "fmt", what: "formatting", run: fmt },
    Step { name: "deps", what: "licenses, duplicates, reasons of dependencies", run: dependencies },
    Step { name: "clippy", what: "lints, warnings denied", run: clippy },
    Step { name: "doc", what: "documentation, warnings denied", run: doc },
    Step { name: "packs", what: "every pack: diagnostics, examples, claims", run: packs },
    Step { name: "fuzz", what: "every fuzzer for two seconds", run: fuzz },
    Step { name: "contract", what: "every route of the served description", run: contract },
    Step { name: "browser", what: "journeys through the pages, axe on each", run: browser },
    Step { name: "tests", what: "unit, property, language, command and doc tests", run: tests },
];

/// Runs all steps, or the named ones.
///
/// # Errors
///
/// Returns a message that names the steps that failed.
pub fn run(names: &[&str]) -> Result<(), String> {
    if names == ["--list"] {
        for step in STEPS {
            println!("{:8} {}", step.name, step.what);
        }
        return Ok(());
    }
    if let Some(name) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        return Err(format!("there is no step `{name}`; `cargo xtask test --list` names them"));
    }
    let mut notes = Notes::default();
    let mut table = Vec::new();
    for step in STEPS.iter().filter(|step| names.is_empty() || names.contains(&step.name)) {
        println!("==> {}: {}", step.name, step.what);
        let start = Instant::now();
        let outcome = (step.run)(&mut notes);
        if let Err(message) = &outcome {
            eprintln!("error: {message}");
        }
        table.push((step.name, outcome.is_ok(), start.elapsed()));
    }
    finish(&notes, &table)
}

fn finish(notes: &Notes, table: &[(&str, bool, Duration)]) -> Result<(), String> {
    println!("\n==> in short");
    for (name, good, time) in table {
        println!("{name:8} {:6} {:6.1} s", if *good { "ok" } else { "FAILED" }, time.as_secs_f64());
    }
    for skipped in &notes.skipped {
        println!("skipped: {skipped}");
    }
    for summary in &notes.summaries {
        println!("{summary}");
    }
    let failed: Vec<&str> = table.iter().filter(|row| !row.1).map(|row| row.0).collect();
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn fmt(_: &mut Notes) -> Result<(), String> {
    succeed(&mut cargo(&["fmt", "--all", "--check"]))?;
    succeed(&mut cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

fn dependencies(_: &mut Notes) -> Result<(), String> {
    deps::run()
}

fn clippy(_: &mut Notes) -> Result<(), String> {
    let words = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    succeed(&mut cargo(&words))
}

fn doc(_: &mut Notes) -> Result<(), String> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    succeed(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn packs(_: &mut Notes) -> Result<(), String> {
    succeed(&mut cargo(&["run", "--quiet", "--locked", "--package", "brightline", "--", "check"]))
}

fn contract(_: &mut Notes) -> Result<(), String> {
    contract::run()
}

/// A machine without a browser skips the step and says so; the continuous integration has one.
fn browser(notes: &mut Notes) -> Result<(), String> {
    match browser::install() {
        Ok(()) => browser::run(),
        Err(message) if std::env::var_os("CI").is_some() => Err(message),
        Err(message) => {
            let reason = message.lines().next().unwrap_or_default();
            notes.skipped.push(format!("the pages in a browser, which is missing: {reason}"));
            Ok(())
        }
    }
}

fn fuzz(_: &mut Notes) -> Result<(), String> {
    let manifest = root().join("fuzz").join("Cargo.toml");
    let mut command = cargo(&["run", "--quiet", "--locked", "--bin", "smoke", "--manifest-path"]);
    command.arg(manifest).args(["--", "--seconds", "2"]);
    succeed(command.env("CARGO_TARGET_DIR", target().join("fuzz")))
}

fn tests(notes: &mut Notes) -> Result<(), String> {
    let mut command = cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
    match solver::install() {
        Ok(path) => {
            command.env(solver::VARIABLE, path);
        }
        Err(message) if std::env::var_os("CI").is_some() => return Err(message),
        Err(message) => {
            let reason = message.lines().next().unwrap_or_default();
            notes.skipped.push(format!("claims against the solver, which is missing: {reason}"));
        }
    }
    papers(notes)?;
    second_reader(&mut command, notes)?;
    provider(&mut command, notes)?;
    // The server lives until the tests are over.
    let server = postgres::start();
    match &server {
        Ok(server) => {
            command.env(postgres::VARIABLE, &server.url);
        }
        Err(message) if std::env::var_os("CI").is_some() => return Err(message.clone()),
        Err(message) => {
            let reason = message.lines().next().unwrap_or_default();
            notes.skipped.push(format!("the store on PostgreSQL, which is missing: {reason}"));
        }
    }
    let tested = collect_summaries(&mut command, notes);
    let again = match &server {
        Ok(server) => service_on_postgres(&server.url, notes),
        Err(_) => Ok(()),
    };
    tested.and(again)
}

/// Runs the tests of the service again, with its records and accounts on PostgreSQL.
fn service_on_postgres(url: &str, notes: &mut Notes) -> Result<(), String> {
    let mut command = cargo(&["test", "--package", "brightline-server", "--test", "service"]);
    command.args(["--locked", "--no-fail-fast"]);
    command.env(postgres::VARIABLE, url).env("BRIGHTLINE_TEST_ON_POSTGRES", "yes");
    if let Ok(path) = openid::install() {
        command.env(openid::VARIABLE, path);
    }
    collect_summaries(&mut command, notes)
}

/// Without these programs and fonts the tests of papers and letters skip what needs them.
fn papers(notes: &mut Notes) -> Result<(), String> {
    match readers::install() {
        Ok(()) => Ok(()),
        Err(message) if std::env::var_os("CI").is_some() => Err(message),
        Err(message) => {
            let skipped = format!("what papers and letters need of Debian's packages: {message}");
            notes.skipped.push(skipped);
            Ok(())
        }
    }
}

fn second_reader(command: &mut Command, notes: &mut Notes) -> Result<(), String> {
    match tlog::install() {
        Ok(path) => {
            command.env(tlog::VARIABLE, path);
        }
        Err(message) if std::env::var_os("CI").is_some() => return Err(message),
        Err(message) => {
            let reason = message.lines().next().unwrap_or_default();
            notes.skipped.push(format!("the ledger against a second reader: {reason}"));
        }
    }
    Ok(())
}

fn provider(command: &mut Command, notes: &mut Notes) -> Result<(), String> {
    match openid::install() {
        Ok(path) => {
            command.env(openid::VARIABLE, path);
        }
        Err(message) if std::env::var_os("CI").is_some() => return Err(message),
        Err(message) => {
            let reason = message.lines().next().unwrap_or_default();
            notes.skipped.push(format!("sign-in by a provider: {reason}"));
        }
    }
    Ok(())
}

/// Runs the tests, passes on what they print, and keeps cargo's own summary lines.
fn collect_summaries(command: &mut Command, notes: &mut Notes) -> Result<(), String> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start the tests: {error}"))?;
    let mut out = std::io::stdout().lock();
    if let Some(printed) = child.stdout.take() {
        for line in BufReader::new(printed).lines().map_while(Result::ok) {
            let _ = writeln!(out, "{line}");
            if line.starts_with("test result:") {
                notes.summaries.push(line);
            }
        }
    }
    let status = child.wait().map_err(|error| format!("cannot wait for the tests: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("tests failed ({status})")) }
}
