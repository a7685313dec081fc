//! Inputs to start from: the law that the repository holds.

use std::path::Path;

/// Folders with Markdown that holds law blocks.
const FOLDERS: [&str; 3] = ["packs", "docs", "tests/language"];

/// Returns the Markdown files of the packs, the pages and the language tests, and each of their
/// law blocks by itself.
pub fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut found);
    }
    let blocks: Vec<String> = found.iter().flat_map(|text| blocks(text)).collect();
    found.extend(blocks);
    found.sort();
    found
}

fn blocks(text: &str) -> Vec<String> {
    let fenced = text.split("```law").skip(1).filter_map(|rest| rest.split_once('\n'));
    let bodies = fenced.filter_map(|(_, rest)| rest.split("```").next());
    bodies.map(|body| format!("```law\n{body}```\n")).collect()
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.extend(std::fs::read_to_string(path).ok());
        }
    }
}
