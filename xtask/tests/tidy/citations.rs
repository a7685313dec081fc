//! The law is in the packs: no string of a Rust source names an agency, an act or a section.

use std::collections::BTreeSet;

use crate::lexer::{Kind, pieces, without_tests};
use crate::tree::Tree;
use crate::words::has_word;

/// Pages that teach with examples; nothing is decided by them.
const PAGES: &str = "crates/brightline-law/src/diagnostic/codes";
/// A help text shows commands that can be typed in.
const COMMAND: &str = "brightline ";

pub fn faults(tree: &Tree) -> Vec<String> {
    let names = names(tree);
    let mut faults = Vec::new();
    let sources = tree.rust().filter(|file| file.path.starts_with("crates/") && file.is_source());
    for file in sources.filter(|file| !file.path.starts_with(PAGES)) {
        let mut line = 1;
        for (piece, kind) in pieces(without_tests(&file.text)) {
            if kind == Kind::Text && !piece.contains(COMMAND) {
                for name in names.iter().filter(|name| has_word(piece, name)) {
                    faults.push(format!("{}:{line}: `{name}` belongs to a pack", file.path));
                }
            }
            line += piece.matches('\n').count();
        }
    }
    faults
}

/// Agencies, acts, citations and short names of sections, as the packs declare them.
fn names(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in tree.with(".law.md").filter(|file| file.path.starts_with("packs/")) {
        let mut in_includes = false;
        for line in file.text.lines() {
            names.extend(declared(line, in_includes));
            let indented = line.starts_with("    ");
            in_includes = line.trim() == "includes" || in_includes && indented;
        }
    }
    names.retain(|name| name.contains(|it: char| !it.is_ascii_digit()));
    names
}

fn declared(line: &str, in_includes: bool) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["agency" | "act", name, text, ..] if text.starts_with('"') => vec![(*name).to_owned()],
        [name, text, ..] if in_includes && text.starts_with('"') => vec![(*name).to_owned()],
        ["section" | "order" | "judgment" | "regulation" | "directive", text, ..]
            if text.starts_with('"') =>
        {
            let mut found: Vec<String> =
                line.split('"').nth(1).map(str::to_owned).into_iter().collect();
            let short = line.rsplit_once("\" as ").map(|(_, short)| short.trim().to_owned());
            found.extend(short.filter(|short| short.chars().any(|it| it.is_ascii_digit())));
            found
        }
        _ => Vec::new(),
    }
}
