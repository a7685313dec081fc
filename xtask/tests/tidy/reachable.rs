//! No forgotten files: every Rust file is declared by the module above it.

use crate::lexer::{Kind, only};
use crate::tree::{File, Tree};
use crate::words::has_word;

/// Files that cargo finds by itself.
const ROOTS: [&str; 3] = ["lib", "main", "build"];
/// Folders whose direct children cargo finds by itself.
const TARGETS: [&str; 5] = ["tests", "benches", "bin", "examples", "fuzz_targets"];

pub fn faults(tree: &Tree) -> Vec<String> {
    let orphans = tree.rust().filter(|file| !is_reached(tree, &file.path));
    orphans.map(|file| format!("{}: no module declares it", file.path)).collect()
}

fn is_reached(tree: &Tree, path: &str) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else {
        return false;
    };
    let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
    let mut stem = file.trim_end_matches(".rs");
    if ROOTS.contains(&stem) || TARGETS.contains(&name) && stem != "mod" {
        return true;
    }
    let mut parents = vec![format!("{folder}.rs")];
    let mut home = folder;
    if stem == "mod" {
        (stem, home) = (name, above);
        parents = vec![format!("{above}.rs")];
    }
    parents.extend(["mod", "lib", "main"].map(|root| format!("{home}/{root}.rs")));
    let declared = format!("mod {stem};");
    let declares = |text: &str| has_word(&only(text, Kind::Code), &declared);
    // A test may declare a folder beside it, and so may any other test.
    let beside = |file: &&File| file.path.rsplit_once('/').is_some_and(|(it, _)| it == home);
    let is_test_folder = home.rsplit('/').next().is_some_and(|name| TARGETS.contains(&name));
    parents.iter().any(|parent| declares(tree.text(parent)))
        || is_test_folder && tree.rust().filter(beside).any(|file| declares(&file.text))
}
