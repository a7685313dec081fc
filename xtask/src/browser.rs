//! The pages in a real browser: Debian's Chromium, driven by packages from npm, walks through the
//! journeys of a service that was just built.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{built, printed, root, succeed, target};
use crate::debian;

const CHROMIUM: &str = "/usr/bin/chromium";
/// Reads the text of a letter back.
const READER: &str = "/usr/bin/pdftotext";

/// Builds the program and walks through its pages; pictures of them are kept in
/// `target/screenshots`.
///
/// # Errors
///
/// Returns a message when something cannot be built, or a page is not as it should be.
pub fn run() -> Result<(), String> {
    let folder = folder();
    let program = built("brightline-office")?;
    let mut command = Command::new("npm");
    command.arg("test").current_dir(&folder);
    command.env("BRIGHTLINE_PROGRAM", program);
    command.env("BRIGHTLINE_SCREENSHOTS", target().join("screenshots"));
    succeed(command.env("CHROMIUM", CHROMIUM))
}

fn folder() -> PathBuf {
    root().join("tests").join("browser")
}

/// Installs Debian's Chromium, Node, npm and a reader of PDF where they are missing, and the
/// packages of the tests.
///
/// # Errors
///
/// Returns a message when something cannot be installed.
pub fn install() -> Result<(), String> {
    let has_node = printed(Command::new("npm").arg("--version")).is_ok();
    let has_reader = Path::new(READER).exists();
    if !Path::new(CHROMIUM).exists() || !has_node || !has_reader {
        debian::install(&["chromium", "nodejs", "npm", "poppler-utils"])?;
    }
    // Without a lock file that fits, this fails rather than take other versions.
    succeed(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder()))
}
