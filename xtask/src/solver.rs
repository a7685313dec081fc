//! The SMT solver, an oracle of the claim tests: installed from the package index, used by no
//! other command.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{printed, succeed, target};

/// The environment variable by which tests find the solver; without it they skip themselves.
pub const VARIABLE: &str = "BRIGHTLINE_Z3";
const PACKAGE: &str = "z3-solver==5.4.1.0";

/// Returns the path of the solver, installing it first when it is not there.
///
/// # Errors
///
/// Returns a message when it cannot be installed.
pub fn install() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os(VARIABLE) {
        return works(Path::new(&path)).map(|()| PathBuf::from(path));
    }
    let home = target().join("z3");
    let solver = home.join("bin").join("z3");
    if works(&solver).is_ok() {
        return Ok(solver);
    }
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    let pip = home.join("bin").join("pip");
    succeed(Command::new(pip).args(["install", "--quiet", "--no-input", PACKAGE]))?;
    works(&solver)?;
    Ok(solver)
}

/// Installs the solver and prints where it is.
///
/// # Errors
///
/// Returns a message when it cannot be installed.
pub fn print() -> Result<(), String> {
    println!("{VARIABLE}={}", install()?.display());
    Ok(())
}

fn works(solver: &Path) -> Result<(), String> {
    printed(Command::new(solver).arg("--version")).map(|_| ())
}
