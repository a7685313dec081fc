//! Runs the transcripts of `tests/cli`: commands, what they print, how they end.
//!
//! ```text
//! # A line of prose.
//! $ brightline decide -
//! < {"jurisdiction": "us-ny-nyc"}
//! error: agency: this is missing
//! ? 2
//! ```
//!
//! Lines that start with `< ` are standard input. What stands between the command and the line
//! `? CODE` is standard output, then standard error. Commands run in the root of the repository.
//! Milliseconds and digests are not compared. With `BLESS=1` the files are rewritten.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(Default)]
struct Step {
    prose: String,
    command: String,
    input: Vec<String>,
    printed: String,
    code: String,
}

#[test]
fn transcripts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files: Vec<PathBuf> = fs::read_dir(root.join("tests/cli"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no transcripts");
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let steps = read(&text);
        let now = steps.iter().map(|step| run(&root, step)).collect::<String>();
        if now != text {
            if bless {
                fs::write(&file, &now).unwrap();
            } else {
                let _ = write!(wrong, "{}:\n{}", file.display(), difference(&text, &now));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}\nBLESS=1 rewrites the transcripts");
}

fn read(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut step = Step::default();
    for line in text.lines() {
        if let Some(code) = line.strip_prefix("? ").filter(|_| !step.command.is_empty()) {
            step.code = code.to_owned();
            steps.push(std::mem::take(&mut step));
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| step.command.is_empty()) {
            step.command = command.to_owned();
        } else if step.command.is_empty() {
            step.prose.push_str(line);
            step.prose.push('\n');
        } else if let Some(input) = line
            .strip_prefix('<')
            .map(|rest| rest.strip_prefix(' ').unwrap_or(rest))
            .filter(|_| step.printed.is_empty())
        {
            step.input.push(input.to_owned());
        } else {
            step.printed.push_str(line);
            step.printed.push('\n');
        }
    }
    assert!(step.command.is_empty(), "no `? CODE` after `$ {}`", step.command);
    if !step.prose.is_empty() {
        steps.push(step);
    }
    steps
}

/// Returns the step as it runs now.
fn run(root: &Path, step: &Step) -> String {
    let mut text = step.prose.clone();
    if step.command.is_empty() {
        return text;
    }
    let words = words(&step.command);
    let arguments = words.strip_prefix(&["brightline".to_owned()][..]).expect("brightline …");
    let mut child = Command::new(env!("CARGO_BIN_EXE_brightline"))
        .args(arguments)
        .current_dir(root)
        .env_remove("BRIGHTLINE_PACKS")
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input: String = step.input.iter().map(|line| format!("{line}\n")).collect();
    // A command that reads no input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    let _ = writeln!(text, "$ {}", step.command);
    for line in &step.input {
        let _ = writeln!(text, "{}", format!("< {line}").trim_end());
    }
    for line in printed.lines() {
        let _ = writeln!(text, "{}", steady(line).trim_end());
    }
    let _ = writeln!(text, "? {}", output.status.code().unwrap_or(-1));
    text
}

/// Splits a command at spaces, except within single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in command.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Takes out what differs from run to run.
fn steady(line: &str) -> String {
    let line = match (line.rfind('('), line.ends_with(" ms)")) {
        (Some(at), true) => format!("{}(… ms)", &line[..at]),
        _ => line.to_owned(),
    };
    match line.find("sha256:") {
        Some(at) => {
            let rest = line[at + 7..].trim_start_matches(|c: char| c.is_ascii_hexdigit());
            format!("{}sha256:…{}", &line[..at], rest.trim_start_matches('…'))
        }
        None => line,
    }
}

/// Returns the lines around the first difference.
fn difference(before: &str, now: &str) -> String {
    let (before, now): (Vec<_>, Vec<_>) = (before.lines().collect(), now.lines().collect());
    let same = before.iter().zip(&now).take_while(|(a, b)| a == b).count();
    let show = |lines: &[&str], mark: &str| {
        let shown = lines.iter().skip(same).take(12);
        shown.map(|line| format!("  {mark} {line}\n")).collect::<String>()
    };
    format!("  line {}\n{}{}", same + 1, show(&before, "-"), show(&now, "+"))
}
