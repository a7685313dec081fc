//! Calls of cargo, and the folders of this repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Returns the root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Returns the folder that builds go to.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Returns a call of the cargo that runs this program, at the root of the repository.
pub fn cargo(words: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(words).current_dir(root());
    command
}

/// Builds a program for tests, and returns where it is.
///
/// # Errors
///
/// Returns a message when it does not build.
pub fn built(package: &str) -> Result<PathBuf, String> {
    succeed(&mut cargo(&["build", "--quiet", "--locked", "--package", package]))?;
    Ok(target().join("debug").join(package))
}

/// Runs a command to its end.
///
/// # Errors
///
/// Returns a message when it cannot be started or fails.
pub fn succeed(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    let status = command.status().map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed ({status})")) }
}

/// Runs a command to its end and returns what it printed.
///
/// # Errors
///
/// Returns a message when it cannot be started or fails.
pub fn printed(command: &mut Command) -> Result<String, String> {
    let shown = shown(command);
    let output = command.output().map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("`{shown}` failed ({})\n{complaint}", output.status))
}

/// Runs a command to its end, shows what it complains of, and returns what it printed.
///
/// # Errors
///
/// Returns a message when it cannot be started or fails.
pub fn told(command: &mut Command) -> Result<String, String> {
    let shown = shown(command);
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    Err(format!("`{shown}` failed ({})\n{text}", output.status))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}
