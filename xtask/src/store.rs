//! `cargo xtask bench store`: the record with many cases, on SQLite and on PostgreSQL.

use std::path::Path;
use std::process::Command;

use crate::cargo::{cargo, root, succeed, target};
use crate::postgres;

/// Cases of the store that is measured, if no number is given: a million.
const CASES: &str = "1000000";
/// Determinations of the write path, and callers at once.
const RECORDED: [&str; 2] = ["20000", "64"];

/// Fills a store with cases, then lists, searches, opens, records, audits and backs up.
///
/// # Errors
///
/// Returns a message when it does not build, the number is none, or a step fails.
pub fn run(words: &[&str]) -> Result<(), String> {
    let cases = match words {
        [] => CASES,
        [cases] if cases.parse::<u32>().is_ok() => cases,
        _ => return Err("name the number of cases, or nothing for a million".into()),
    };
    let build = ["build", "--release", "--locked", "--package", "brightline-docket"];
    succeed(cargo(&build).args(["--example", "office_load"]))?;
    let folder = target().join("bench-store");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    println!("SQLite");
    let url = format!("sqlite:{}", folder.join("brightline.db").display());
    measure(&folder, "sqlite", &url, cases)?;
    println!("PostgreSQL");
    let server = postgres::start()?;
    measure(&folder, "postgres", &server.url, cases)?;
    std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn measure(folder: &Path, name: &str, url: &str, cases: &str) -> Result<(), String> {
    let program = target().join("release").join("examples").join("office_load");
    let keys = folder.join(format!("{name}.keys"));
    let file = folder.join(format!("{name}.backup"));
    let (keys, file) = (keys.to_string_lossy(), file.to_string_lossy());
    let [recorded, callers] = RECORDED;
    for words in [
        vec!["fill", url, &keys, cases],
        vec!["lists", url, &keys],
        vec!["record", url, &keys, recorded, callers],
        vec!["audit", url, &keys],
        vec!["backup", url, &file],
    ] {
        succeed(Command::new(&program).args(words).current_dir(root()))?;
    }
    Ok(())
}
