//! Packages from Debian's registry, where the machine has it.

use std::process::{Command, Stdio};

use crate::cargo::{printed, succeed};

/// Installs packages; what the installer says of its progress is not shown.
///
/// # Errors
///
/// Returns a message when there is no such registry, or a package cannot be had.
pub fn install(packages: &[&str]) -> Result<(), String> {
    printed(Command::new("apt-get").arg("--version"))?;
    let quiet = |command: &mut Command| {
        succeed(command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
    };
    quiet(Command::new("apt-get").args(["update", "--quiet"]))?;
    let mut command = Command::new("apt-get");
    command.args(["install", "--quiet", "--yes", "--no-install-recommends"]);
    quiet(command.args(packages))
}
