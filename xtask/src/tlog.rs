//! A second implementation of the ledger's formats, an oracle of its tests: installed from the
//! package index, used by nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{printed, succeed, target};

/// The environment variable by which tests find a Python that has the package.
pub const VARIABLE: &str = "BRIGHTLINE_TLOG";
const PACKAGE: &str = "aics-tlog==0.2.1";
const NEEDED: &str = "cryptography==50.0.2";

/// Returns the path of the Python, installing the package first when it is not there.
///
/// # Errors
///
/// Returns a message when it cannot be installed.
pub fn install() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os(VARIABLE) {
        return works(Path::new(&path)).map(|()| PathBuf::from(path));
    }
    let home = target().join("tlog");
    let python = home.join("bin").join("python");
    if works(&python).is_ok() {
        return Ok(python);
    }
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    pip(&home, &["--only-binary", ":all:", NEEDED])?;
    // It asks for a newer Python than some systems have, and runs on theirs.
    let words = ["--ignore-requires-python", "--no-deps", "--only-binary", ":all:", PACKAGE];
    pip(&home, &words)?;
    works(&python)?;
    Ok(python)
}

/// Installs the package and prints where it is.
///
/// # Errors
///
/// Returns a message when it cannot be installed.
pub fn print() -> Result<(), String> {
    println!("{VARIABLE}={}", install()?.display());
    Ok(())
}

fn pip(home: &Path, words: &[&str]) -> Result<(), String> {
    let pip = home.join("bin").join("pip");
    succeed(Command::new(pip).args(["install", "--quiet", "--no-input"]).args(words))
}

fn works(python: &Path) -> Result<(), String> {
    printed(Command::new(python).args(["-c", "import aics_tlog"])).map(|_| ())
}
