//! The commands of the house. `cargo xtask` lists them.

mod bench;
mod browser;
mod cargo;
mod contract;
mod debian;
mod deps;
mod license;
mod load;
mod openid;
mod postgres;
mod race;
mod readers;
mod solver;
mod store;
mod test;
mod tlog;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

commands:
  test [STEP..]   check everything, or only the named steps; `test --list` names them
  deps            check licenses, duplicates and docs/dependencies.md
  bench [FILTER]  run the benchmarks and print one line for each
  bench peers     race other engines on the same policy and inputs
  bench service   the service under load, on SQLite and on PostgreSQL
  bench store     a million cases: fill, list, search, open, record, audit, back up
  bench size      check and decide a made code of 10,000 provisions
  bench analysis  prove, compare and check the packs
                  each with --write: put the tables into docs/benchmarks.md
  postgres        start a PostgreSQL server for tests, and print how to use and stop it
  solver          install the solver that the claim tests use, and print where it is
  tlog            install the second reader of the ledger's formats, and print where it is
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test", steps @ ..] => test::run(steps),
        ["deps"] => deps::run(),
        ["bench", "peers", sections @ ..] => race::peers(sections),
        ["bench", "size", words @ ..] => race::size(words),
        ["bench", "analysis", words @ ..] => race::analysis(words),
        ["bench", "service"] => load::run(),
        ["bench", "store", words @ ..] => store::run(words),
        ["bench", filter @ ..] => bench::run(filter),
        ["postgres"] => postgres::print(),
        ["solver"] => solver::print(),
        ["tlog"] => tlog::print(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [command, ..] => {
            eprint!("error: `{command}` cannot be called so\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
