//! The interface against its own description: schemathesis, from the Python package index, tries
//! every route of a service that was just started.

use std::path::PathBuf;
use std::process::Command;

use crate::cargo::{cargo, printed, root, succeed, target};

const PACKAGE: &str = "schemathesis==4.32.5";
/// How long routes are tried; starting and signing in come on top.
const SECONDS: &str = "90";

/// Builds the program, starts it, and tries every route.
///
/// # Errors
///
/// Returns a message when something cannot be installed or built, or a route misbehaves.
pub fn run() -> Result<(), String> {
    let tool = install()?;
    succeed(&mut cargo(&["build", "--quiet", "--locked", "--package", "brightline-office"]))?;
    let program = target().join("debug").join("brightline-office");
    let script = root().join("tests").join("contract").join("contract.py");
    succeed(Command::new("python3").arg(script).arg(program).arg(tool).arg(SECONDS))
}

fn install() -> Result<PathBuf, String> {
    let home = target().join("schemathesis");
    let tool = home.join("bin").join("st");
    let works = || printed(Command::new(&tool).arg("--version")).is_ok();
    if works() {
        return Ok(tool);
    }
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    let pip = home.join("bin").join("pip");
    succeed(Command::new(pip).args(["install", "--quiet", "--no-input", PACKAGE]))?;
    match works() {
        true => Ok(tool),
        false => Err(format!("`{}` does not run", tool.display())),
    }
}
