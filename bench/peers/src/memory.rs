//! What each engine takes beside time: the start of a process, and the most memory it holds.
//!
//! Each engine gets a process of its own, which reads the policy and decides all inputs from text.
//! A process that only reads the inputs stands first, to be taken off.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::policy::Race;
use crate::{Outcome, brightline, cedar, rego, zen};

/// The word on the command line that starts a process for one engine.
pub const WORD: &str = "memory-of";
/// Starts of each; the median time and the most memory count.
const STARTS: usize = 5;
const ENGINES: [(&str, &str); 5] = [
    ("inputs alone", "nothing is decided"),
    ("Brightline", "pack; six laws compiled"),
    ("Cedar", "list as an attribute"),
    ("Regorus", "RVM, list as data"),
    ("Zen", "graph, indexed list"),
];

/// Prints the table: a process for each engine, several times.
pub fn show(folder: &Path) -> Outcome<()> {
    println!("\n| a process from start to 10,000 answers | encoding | time | most memory |");
    println!("|---|---|---:|---:|");
    for (engine, encoding) in ENGINES {
        let mut times = Vec::new();
        let mut most = 0;
        for _ in 0..STARTS {
            let start = Instant::now();
            let program = std::env::current_exe()?;
            let output = Command::new(program).arg(folder).args([WORD, engine]).output()?;
            times.push(start.elapsed());
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
            }
            let told = String::from_utf8_lossy(&output.stdout).trim().parse::<u64>()?;
            most = most.max(told);
        }
        times.sort_unstable();
        let time = crate::table::duration(times[STARTS / 2].as_secs_f64() * 1e9);
        println!("| {engine} | {encoding} | {time} | {:.1} MB |", most as f64 / 1e3);
    }
    Ok(())
}

/// What the process of one engine does; the most memory it held, in kilobytes, is all it prints.
pub fn of(folder: &Path, engine: &str) -> Outcome<()> {
    let race = Race::read(folder)?;
    let right = match engine {
        "Brightline" => brightline::decide_all(&race)?,
        "Cedar" => cedar::decide_all(&race)?,
        "Regorus" => rego::decide_all(&race)?,
        "Zen" => zen::decide_all(&race)?,
        _ => race.answers.len(),
    };
    if right != race.answers.len() {
        return Err(format!("{engine}: {right} of {} are right", race.answers.len()).into());
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let most = line.and_then(|line| line.trim().strip_suffix("kB"));
    println!("{}", most.ok_or("the system does not tell the memory")?.trim());
    Ok(())
}

/// Counts the right answers.
pub fn count(answers: impl Iterator<Item = Outcome<bool>>) -> Outcome<usize> {
    let mut right = 0;
    for answer in answers {
        right += usize::from(answer?);
    }
    Ok(right)
}
