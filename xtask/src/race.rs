//! `cargo xtask bench peers`, `bench size` and `bench analysis`: benchmarks in workspaces of their
//! own, so that nothing else builds what they need.
//!
//! They print Markdown; with `--write` it goes into `docs/benchmarks.md`, between the markers of
//! the name.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{cargo, printed, root, succeed, target, told};

/// What the scripts of the race need from the package index.
const PACKAGES: [&str; 2] = ["openfisca-core==46.0.1", "cvc5==1.3.1"];
/// The environment variable by which Cedar's analyser finds its solver.
const SOLVER: &str = "CVC5";
const PAGE: &str = "docs/benchmarks.md";
const WRITE: &str = "--write";

/// Runs the race against the peers, whole or only the sections named.
///
/// # Errors
///
/// Returns a message when something cannot be installed, built or run, or when an answer differs.
pub fn peers(words: &[&str]) -> Result<(), String> {
    let sections: Vec<&&str> = words.iter().filter(|word| **word != WRITE).collect();
    let home = target().join("peers");
    let folder = home.join("data");
    let python = python(&home)?;
    let script = |name: &str| {
        let mut command = Command::new(&python);
        command.arg(root().join("bench/peers").join(name));
        command
    };
    succeed(script("generate.py").arg(&folder))?;
    if sections.is_empty() {
        succeed(built("bench/peers/axiom/Cargo.toml", &home).arg(&folder))?;
        succeed(script("race_openfisca.py").arg(&folder))?;
    }
    let solver = solver(&home, &python)?;
    let mut race = built("bench/peers/Cargo.toml", &home);
    race.arg(&folder).args(sections).env(SOLVER, solver);
    publish("peers", words, &told(&mut race)?)
}

/// Checks and decides the made code of 10,000 provisions, and shows the limit.
///
/// # Errors
///
/// Returns a message when it does not build or run.
pub fn size(words: &[&str]) -> Result<(), String> {
    let home = target().join("size");
    let mut table = told(built("bench/size/Cargo.toml", &home).args(seed(words)))?;
    table.push('\n');
    table.push_str(&told(built("bench/size/Cargo.toml", &home).arg("limit"))?);
    publish("size", words, &table)
}

/// Proves, compares and checks the packs.
///
/// # Errors
///
/// Returns a message when it does not build or run, or when a claim does not hold.
pub fn analysis(words: &[&str]) -> Result<(), String> {
    let bench = ["bench", "--quiet", "--package", "brightline", "--bench", "analysis", "--locked"];
    let mut questions = cargo(&bench);
    questions.args(["--", "--whole-packs"]);
    publish("analysis", words, &told(&mut questions)?)
}

fn seed<'w>(words: &[&'w str]) -> Vec<&'w str> {
    words.iter().copied().filter(|word| *word != WRITE).collect()
}

/// Writes tables between the markers of their name, or prints them.
fn publish(name: &str, words: &[&str], tables: &str) -> Result<(), String> {
    if !words.contains(&WRITE) {
        println!("{tables}");
        return Ok(());
    }
    let path = root().join(PAGE);
    let page = std::fs::read_to_string(&path).map_err(|error| format!("{PAGE}: {error}"))?;
    let text = format!("{}\n\n{}", circumstances(name)?, tables.trim());
    let page = between(&page, name, &text)?;
    std::fs::write(&path, page).map_err(|error| format!("{PAGE}: {error}"))?;
    println!("{PAGE}: the tables of `{name}` are written");
    Ok(())
}

/// One line: the command, the day, the machine and the compiler.
fn circumstances(name: &str) -> Result<String, String> {
    let line = |command: &mut Command| printed(command).map(|text| text.trim().to_owned());
    let day = line(Command::new("date").arg("+%F"))?;
    let compiler = line(Command::new("rustc").arg("--version"))?;
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = told.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.and_then(|rest| rest.split_once(':')).map_or("", |(_, name)| name.trim());
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(format!("`cargo xtask bench {name}`, {day}; {count} cores, {model}; {compiler}."))
}

/// Returns a page with other text between the markers of a name.
fn between(page: &str, name: &str, text: &str) -> Result<String, String> {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- end of {name} -->"));
    let missing = || format!("{PAGE}: the markers of `{name}` are missing");
    let (before, rest) = page.split_once(&open).ok_or_else(missing)?;
    let (_, after) = rest.split_once(&close).ok_or_else(missing)?;
    Ok(format!("{before}{open}\n\n{text}\n\n{close}{after}"))
}

/// A call that builds a program with all optimizations and runs it.
fn built(manifest: &str, home: &Path) -> Command {
    let mut command = cargo(&["run", "--quiet", "--release", "--locked", "--manifest-path"]);
    command.arg(manifest).arg("--").env("CARGO_TARGET_DIR", home.join("build"));
    command
}

/// Returns a Python that has the packages, installing them when they are not there.
fn python(home: &Path) -> Result<PathBuf, String> {
    let folder = home.join("python");
    let python = folder.join("bin").join("python");
    let has = Command::new(&python).args(["-c", "import cvc5, openfisca_core"]).output();
    if has.is_ok_and(|output| output.status.success()) {
        return Ok(python);
    }
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let words = ["-m", "pip", "install", "--quiet", "--no-input"];
    succeed(Command::new(&python).args(words).args(PACKAGES))?;
    Ok(python)
}

/// Writes a program that Cedar's analyser can start: the solver from its Python package.
fn solver(home: &Path, python: &Path) -> Result<PathBuf, String> {
    let path = home.join("cvc5");
    let script = root().join("bench/peers/solver.py");
    let text =
        format!("#!/bin/sh\nexec \"{}\" \"{}\" \"$@\"\n", python.display(), script.display());
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    printed(Command::new("chmod").arg("+x").arg(&path))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn text_goes_between_the_markers_of_its_name() {
        let page = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n<!-- y -->\n<!-- end of y -->\n";
        let written = between(page, "x", "new");
        let wanted = page.replace("\nold\n", "\n\nnew\n\n");
        assert_eq!(written.as_deref(), Ok(wanted.as_str()));
        assert_eq!(between(&wanted, "x", "new"), Ok(wanted.clone()));
        assert!(between(page, "z", "new").is_err());
    }
}
