//! The solver as a process: many queries in, an answer for each out.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The environment variable by which the test command tells where the solver is.
pub const VARIABLE: &str = "BRIGHTLINE_Z3";
/// A query that takes longer counts as not answered.
const QUERY_MILLIS_MAX: u32 = 60_000;

/// What the solver says of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// No values make it true.
    No,
    /// These do; by the name of the constant.
    Yes(BTreeMap<String, i64>),
    /// It gave up.
    GaveUp,
}

pub struct Solver(PathBuf);

impl Solver {
    /// Returns the solver, or none after saying that the test is skipped.
    /// In continuous integration it must be there.
    pub fn find(test: &str) -> Option<Self> {
        match std::env::var_os(VARIABLE) {
            Some(path) => Some(Self(PathBuf::from(path))),
            None => {
                assert!(std::env::var_os("CI").is_none(), "{VARIABLE} is not set");
                println!("skipped: {test}: no solver, `cargo xtask test` installs one");
                None
            }
        }
    }

    /// Asks all queries, each a text and the constants whose values are wanted.
    pub fn ask(&self, queries: &[(String, Vec<String>)]) -> Vec<Answer> {
        let mut script = format!("(set-option :timeout {QUERY_MILLIS_MAX})\n");
        for (text, constants) in queries {
            script.push_str("(push)\n");
            script.push_str(text);
            script.push_str("(check-sat)\n");
            if !constants.is_empty() {
                script.push_str(&format!("(get-value ({}))\n", constants.join(" ")));
            }
            script.push_str("(echo \"next\")\n(pop)\n");
        }
        let printed = self.run(script);
        let answers: Vec<Answer> = printed.split("next").map(answer).take(queries.len()).collect();
        assert_eq!(answers.len(), queries.len(), "{printed}");
        answers
    }

    fn run(&self, script: String) -> String {
        let mut child = Command::new(&self.0)
            .args(["-smt2", "-in"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the solver starts");
        let mut into = child.stdin.take().unwrap();
        let writer = std::thread::spawn(move || into.write_all(script.as_bytes()));
        let mut printed = String::new();
        child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
        writer.join().unwrap().unwrap();
        child.wait().unwrap();
        printed
    }
}

fn answer(printed: &str) -> Answer {
    let printed = printed.trim();
    if printed.starts_with("unsat") {
        return Answer::No;
    }
    if printed.starts_with("unknown") || printed.starts_with("timeout") {
        return Answer::GaveUp;
    }
    let Some(values) = printed.strip_prefix("sat") else {
        panic!("the solver says: {printed}");
    };
    assert!(!values.contains("error"), "the solver says: {values}");
    let spaced = values.replace("(- ", "-").replace(['(', ')'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let pairs = words.chunks_exact(2).map(|pair| {
        let value = match pair[1] {
            "true" => 1,
            "false" => 0,
            number => number.parse().unwrap_or_else(|_| panic!("no value: {printed}")),
        };
        (pair[0].to_owned(), value)
    });
    Answer::Yes(pairs.collect())
}
