//! The law is in the packs: no string of a Rust source names an agency, an act or a section.

use std::collections::BTreeSet;

use crate::lexer::{Kind, only, without_tests};
use crate::tree::Tree;
use crate::words::has_word;

/// Explanation pages teach with made-up law; words that they share with a pack.
const ALLOWED: [&str; 0] = [];

pub fn faults(tree: &Tree) -> Vec<String> {
    let names = names(tree);
    let mut faults = Vec::new();
    let sources = tree
        .rust()
        .filter(|file| file.path.starts_with("crates/") && file.is_source());
    for file in sources {
        let strings = only(without_tests(&file.text), Kind::Text);
        for (at, line) in strings.lines().enumerate() {
            for name in names.iter().filter(|name| has_word(line, name)) {
                faults.push(format!(
                    "{}:{}: `{name}` belongs to a pack",
                    file.path,
                    at + 1
                ));
            }
        }
    }
    faults
}

/// Agencies, acts, citations and short names of sections, as the packs declare them.
fn names(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in tree
        .with(".law.md")
        .filter(|file| file.path.starts_with("packs/"))
    {
        let mut in_includes = false;
        for line in file.text.lines() {
            names.extend(declared(line, in_includes));
            let indented = line.starts_with("    ");
            in_includes = line.trim() == "includes" || in_includes && indented;
        }
    }
    names.retain(|name| !ALLOWED.contains(&name.as_str()));
    names
}

fn declared(line: &str, in_includes: bool) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["agency" | "act", name, text, ..] if text.starts_with('"') => vec![(*name).to_owned()],
        [name, text, ..] if in_includes && text.starts_with('"') => vec![(*name).to_owned()],
        [
            "section" | "order" | "judgment" | "regulation" | "directive",
            text,
            ..,
        ] if text.starts_with('"') => {
            let mut found: Vec<String> = line
                .split('"')
                .nth(1)
                .map(str::to_owned)
                .into_iter()
                .collect();
            let short = line
                .rsplit_once("\" as ")
                .map(|(_, short)| short.trim().to_owned());
            found.extend(short.filter(|short| short.chars().any(|it| it.is_ascii_digit())));
            found
        }
        _ => Vec::new(),
    }
}
