//! The law crate reads no clock, file or environment, holds no floats, and knows no wire form.

use crate::lexer::{Kind, only, without_tests};
use crate::tree::Tree;
use crate::words::has_word;

/// Words that have no business in a pure function, and why.
const BANNED: &[(&str, &str)] = &[
    ("serde", "wire forms live at the edge"),
    ("std::fs", "text is handed in"),
    ("std::io", "text is handed in and out"),
    ("std::env", "nothing depends on the environment"),
    ("std::net", "nothing is fetched"),
    ("std::process", "nothing is started"),
    ("std::thread", "callers choose their threads"),
    ("std::time", "days are handed in"),
    ("SystemTime", "days are handed in"),
    ("Instant", "days are handed in"),
    ("Zoned::now", "days are handed in"),
    ("f32", "answers are exact"),
    ("f64", "answers are exact"),
    ("println", "diagnostics are data"),
    ("eprintln", "diagnostics are data"),
];

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    let sources = tree.rust().filter(|file| file.path.starts_with("crates/brightline-law/src/"));
    for file in sources {
        let code = only(without_tests(&file.text), Kind::Code);
        for (number, line) in code.lines().enumerate() {
            for (word, why) in BANNED.iter().filter(|(word, _)| has_word(line, word)) {
                faults.push(format!("{}:{}: `{word}`: {why}", file.path, number + 1));
            }
        }
    }
    faults
}
