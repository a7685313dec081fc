//! Every diagnostic code and every construct of the language is shown by a language test.

use std::collections::BTreeSet;

use crate::tree::Tree;

const CODES: &str = "crates/brightline-law/src/diagnostic/codes";
const TESTS: &str = "tests/language/";
/// What no page can show (broken fences, very long files, faults of a manifest) a Rust test shows.
const NOT_ON_A_PAGE: [&str; 6] = ["L001", "L002", "L007", "L009", "L102", "L104"];
const RUST_TESTS: &str = "crates/brightline-law/tests/";
/// The constructs that `docs/expressiveness.md` lists, each with its test.
const CONSTRUCTS: usize = 80;
const PAGE: &str = "docs/expressiveness.md";

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    let shown: Vec<&str> = tree
        .with(".md")
        .filter(|file| file.path.starts_with(TESTS))
        .map(|file| file.text.as_str())
        .collect();
    let tested: Vec<&str> = tree
        .rust()
        .filter(|file| file.path.starts_with(RUST_TESTS))
        .map(|file| file.text.as_str())
        .collect();
    for code in codes(tree) {
        let excused = NOT_ON_A_PAGE.contains(&code.as_str());
        let quoted = format!("\"{code}\"");
        let found = if excused {
            tested.iter().any(|text| text.contains(&quoted))
        } else {
            shown.iter().any(|text| text.contains(&format!("[{code}]")))
        };
        if !found {
            faults.push(format!("{code}: no test shows it"));
        }
    }
    let page = tree.text(PAGE);
    for number in 1..=CONSTRUCTS {
        let Some(row) = page.lines().find(|line| line.starts_with(&format!("| {number} |"))) else {
            faults.push(format!("{PAGE}: construct {number} is missing"));
            continue;
        };
        let heading = format!("\n## {number}. ");
        if !shown.iter().any(|text| text.contains(&heading)) {
            faults.push(format!("{PAGE}: no test has the heading `## {number}. …`: {row}"));
        }
        faults.extend(pack_faults(tree, row));
    }
    faults
}

/// Each ``[PACK/FILE `WORDS`](../packs/PACK/FILE.law.md)`` of a row must be true.
///
/// Every row has one.
fn pack_faults(tree: &Tree, row: &str) -> Vec<String> {
    let cited: Vec<(&str, &str)> = row
        .split("](../packs/")
        .collect::<Vec<_>>()
        .windows(2)
        .filter_map(|pair| {
            let (words, rest) = (pair[0].rsplit('`').nth(1)?, pair[1].split(')').next()?);
            Some((words, rest))
        })
        .collect();
    let lacks = |(words, path): &(&str, &str)| !tree.text(&format!("packs/{path}")).contains(words);
    let lacking = cited.iter().copied().filter(lacks);
    let mut faults: Vec<String> =
        lacking.map(|(words, path)| format!("{PAGE}: `{words}` is not in {path}")).collect();
    if cited.is_empty() {
        faults.push(format!("{PAGE}: no pack is named: {row}"));
    }
    faults
}

fn codes(tree: &Tree) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for file in tree.rust().filter(|file| file.path.starts_with(CODES)) {
        for (at, _) in file.text.match_indices("id: \"L") {
            let id = file.text[at + 5..].split('"').next().unwrap_or_default();
            codes.insert(id.to_owned());
        }
    }
    codes
}
