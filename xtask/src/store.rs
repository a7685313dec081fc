//! `cargo xtask bench store`: the record with many cases, on SQLite and on PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{cargo, root, succeed, target};
use crate::postgres;

/// Cases of the store that is measured, if no number is given: a million.
const CASES: u32 = 1_000_000;
/// Determinations of the write path, and callers at once.
const RECORDED: [&str; 2] = ["20000", "64"];
const HEAD: &str = "| what | median, or the whole | p99 | target |\n|---|---:|---:|---:|";
const USAGE: &str = "bench store [CASES] [--keep] [--sqlite | --postgres], or bench store --again";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    /// Cases to fill a new store with; none: the store that was kept is measured again.
    cases: Option<u32>,
    is_kept: bool,
    on_sqlite: bool,
    on_postgres: bool,
}

impl Asked {
    fn parse(words: &[&str]) -> Result<Self, String> {
        let mut asked =
            Self { cases: Some(CASES), is_kept: false, on_sqlite: true, on_postgres: true };
        for word in words {
            match (*word, word.parse::<u32>()) {
                ("--keep", _) => asked.is_kept = true,
                ("--again", _) => (asked.cases, asked.is_kept) = (None, true),
                ("--sqlite", _) => asked.on_postgres = false,
                ("--postgres", _) => asked.on_sqlite = false,
                (_, Ok(cases)) if asked.cases.is_some() => asked.cases = Some(cases),
                _ => return Err(format!("`{word}` is not understood: {USAGE}")),
            }
        }
        match asked.on_sqlite || asked.on_postgres {
            true => Ok(asked),
            false => Err(format!("nothing is left to measure: {USAGE}")),
        }
    }
}

/// Fills a store with cases, then lists, searches, opens, records, audits and backs up; prints a
/// table for each database, line by line as it is measured.
///
/// With `--keep` the stores stay where they are, and `--again` measures them once more.
///
/// # Errors
///
/// Returns a message when it does not build, the words are none that are known, nothing was kept,
/// or a step fails.
pub fn run(words: &[&str]) -> Result<(), String> {
    let asked = Asked::parse(words)?;
    let build = ["build", "--release", "--locked", "--package", "brightline-docket"];
    succeed(cargo(&build).args(["--example", "office_load"]))?;
    let folder = target().join("bench-store");
    if asked.cases.is_some() {
        let _ = std::fs::remove_dir_all(&folder);
        let made = std::fs::create_dir_all(&folder);
        made.map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    if asked.on_sqlite {
        let url = format!("sqlite:{}", folder.join("brightline.db").display());
        measure(&folder, ("SQLite", &url), asked)?;
    }
    if asked.on_postgres {
        let home = std::env::temp_dir().join("brightline-bench-postgres");
        if asked.cases.is_some() {
            let _ = std::fs::remove_dir_all(&home);
        }
        let server = match asked.is_kept {
            true => postgres::start_kept(&home)?,
            false => postgres::start()?,
        };
        measure(&folder, ("PostgreSQL", &server.url), asked)?;
        if asked.is_kept {
            eprintln!("PostgreSQL is kept in {}", home.display());
        }
    }
    if asked.is_kept {
        eprintln!("the rest is kept in {}; `--again` measures once more", folder.display());
        return Ok(());
    }
    std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn measure(folder: &Path, (name, url): (&str, &str), asked: Asked) -> Result<(), String> {
    let program = target().join("release").join("examples").join("office_load");
    let file = |end: &str| -> PathBuf { folder.join(format!("{name}.{end}")) };
    let (keys, backup) = (file("keys"), file("backup"));
    if asked.cases.is_none() && !keys.exists() {
        return Err(format!("no store on {name} was kept in {}: {USAGE}", folder.display()));
    }
    for left in [backup.clone(), file("db"), file("db-wal"), file("db-shm")] {
        // Of the time before: a backup overwrites nothing.
        let _ = std::fs::remove_file(left);
    }
    let (keys, backup) = (keys.to_string_lossy(), backup.to_string_lossy());
    let cases = asked.cases.map(|cases| cases.to_string());
    let fill = cases.as_ref().map(|cases| vec!["fill", url, &keys, cases]);
    let [recorded, callers] = RECORDED;
    println!("### {name}\n\n{HEAD}");
    let steps = [
        vec!["lists", url, &keys],
        vec!["record", url, &keys, recorded, callers],
        vec!["audit", url, &keys],
        vec!["backup", url, &backup],
    ];
    for words in fill.into_iter().chain(steps) {
        succeed(Command::new(&program).args(words).current_dir(root()))?;
    }
    println!();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Asked, CASES};

    #[test]
    fn words_say_what_is_measured() {
        let all = Asked::parse(&[]).expect("a million on both");
        assert_eq!(all.cases, Some(CASES));
        assert!(all.on_sqlite && all.on_postgres && !all.is_kept);
        let some = Asked::parse(&["2000", "--keep", "--sqlite"]).expect("two thousand");
        assert_eq!((some.cases, some.is_kept, some.on_postgres), (Some(2000), true, false));
        let again = Asked::parse(&["--again"]).expect("what was kept");
        assert_eq!((again.cases, again.is_kept), (None, true));
        for wrong in [&["many"][..], &["--again", "5"], &["--sqlite", "--postgres"]] {
            assert!(Asked::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
