//! A provider of OpenID Connect that others wrote: npm's `oidc-provider`, at a fixed version and in
//! the build folder, with which the tests sign in.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::cargo::{printed, succeed, target};

/// The environment variable by which tests find the library; without it they skip themselves.
pub const VARIABLE: &str = "BRIGHTLINE_TEST_OPENID";
const PACKAGE: &str = "oidc-provider@9.13.3";

/// Returns the library, installing it when it is missing.
///
/// # Errors
///
/// Returns a message when node is missing or the package cannot be had.
pub fn install() -> Result<PathBuf, String> {
    printed(Command::new("node").arg("--version"))
        .map_err(|_| "node is not installed; the provider of sign-in runs on it".to_owned())?;
    let home = target().join("openid");
    let library = home.join("node_modules").join("oidc-provider").join("lib").join("index.js");
    if library.is_file() {
        return Ok(library);
    }
    std::fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
    let words = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"];
    let mut npm = Command::new("npm");
    succeed(npm.args(words).arg(&home).arg(PACKAGE).stdout(Stdio::null()))?;
    if library.is_file() { Ok(library) } else { Err(format!("{PACKAGE} has no library")) }
}
