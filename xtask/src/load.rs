//! `cargo xtask bench service`: the service under load, on SQLite and on PostgreSQL.

use std::process::Command;

use crate::cargo::{cargo, printed, root, succeed, target};
use crate::postgres;

/// Builds the program as users run it and measures it.
///
/// # Errors
///
/// Returns a message when it does not build, a tool is missing, or a request is refused.
pub fn run() -> Result<(), String> {
    printed(Command::new("which").arg("wrk"))
        .map_err(|_| "the load generator `wrk` is missing; Debian has it as a package")?;
    succeed(&mut cargo(&["build", "--release", "--locked", "--package", "brightline-office"]))?;
    let program = target().join("release").join("brightline-office");
    let script = root().join("bench").join("service").join("load.py");
    let request = root().join("examples").join("new-york-detainer.json");
    let measure = |store: Option<&str>| {
        let mut command = Command::new("python3");
        succeed(command.arg(&script).arg(&program).arg(&request).args(store))
    };
    println!("SQLite");
    measure(None)?;
    println!("PostgreSQL");
    let server = postgres::start()?;
    measure(Some(&server.url))
}
