//! `cargo xtask bench peers` and `cargo xtask bench size`: benchmarks in workspaces of their own,
//! so that nothing else builds what they need.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{cargo, printed, root, succeed, target};

/// What the scripts of the race need from the package index.
const PACKAGES: [&str; 2] = ["openfisca-core==46.0.1", "cvc5==1.3.1"];
/// The environment variable by which Cedar's analyser finds its solver.
const SOLVER: &str = "CVC5";

/// Runs the race against the peers, whole or only the sections named.
///
/// # Errors
///
/// Returns a message when something cannot be installed, built or run, or when an answer differs.
pub fn peers(sections: &[&str]) -> Result<(), String> {
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
    succeed(race.arg(&folder).args(sections).env(SOLVER, solver))
}

/// Checks and decides the made code of 10,000 provisions, and shows the limit.
///
/// # Errors
///
/// Returns a message when it does not build or run.
pub fn size(words: &[&str]) -> Result<(), String> {
    succeed(built("bench/size/Cargo.toml", &target().join("size")).args(words))
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
