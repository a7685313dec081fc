//! The interface against its own description: schemathesis, from the Python package index, tries
//! every route of a service that was just started; jsonschema, from there too, holds requests and
//! answers of the command line against the published schemas; PyArrow asks in bulk.

use std::path::PathBuf;
use std::process::Command;

use crate::cargo::{built, printed, root, succeed, target};

const PACKAGES: [&str; 3] = ["schemathesis==4.32.5", "jsonschema==4.26.0", "pyarrow==26.0.1"];
/// How long routes are tried; starting and signing in come on top.
const SECONDS: &str = "90";

/// Builds the program, starts it, and tries every route.
///
/// # Errors
///
/// Returns a message when something cannot be installed or built, or a route misbehaves.
pub fn run() -> Result<(), String> {
    let tool = install()?;
    let (law, program) = (built("brightline")?, built("brightline-office")?);
    let scripts = root().join("tests").join("contract");
    let python = target().join("schemathesis").join("bin").join("python");
    succeed(Command::new(&python).arg(scripts.join("schemas.py")).arg(law))?;
    let script = scripts.join("contract.py");
    succeed(Command::new(&python).arg(scripts.join("bulk.py")).arg(&program))?;
    succeed(Command::new("python3").arg(script).arg(program).arg(tool).arg(SECONDS))
}

fn install() -> Result<PathBuf, String> {
    let home = target().join("schemathesis");
    let tool = home.join("bin").join("st");
    let validates = ["-c", "import jsonschema, pyarrow"];
    let works = || {
        printed(Command::new(&tool).arg("--version")).is_ok()
            && printed(Command::new(home.join("bin").join("python")).args(validates)).is_ok()
    };
    if works() {
        return Ok(tool);
    }
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    let pip = home.join("bin").join("pip");
    succeed(Command::new(pip).args(["install", "--quiet", "--no-input"]).args(PACKAGES))?;
    match works() {
        true => Ok(tool),
        false => Err(format!("`{}` does not run", tool.display())),
    }
}
