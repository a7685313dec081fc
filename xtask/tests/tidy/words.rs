//! Names that say nothing, marks of unfinished work, imports that hide where a name comes from.

use crate::lexer::{Kind, only};
use crate::tree::{File, Tree};

const FILE_NAMES: [&str; 8] =
    ["util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff"];
/// Words that law and computing both use, for different things.
const TYPE_NAMES: [&str; 4] = ["Policy", "Status", "Result", "Case"];
const TYPE_KEYWORDS: [&str; 4] = ["struct ", "enum ", "trait ", "type "];
/// Spelled in halves so that this file does not accuse itself.
const MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree.rust() {
        if FILE_NAMES.contains(&file.stem()) {
            faults.push(format!("{}: name the file by what is in it", file.path));
        }
        faults.extend(mark_faults(file));
        faults.extend(type_faults(file));
        faults.extend(import_faults(file));
        faults.extend(comment_faults(file));
    }
    faults
}

/// Returns whether a word stands in a line, not as a part of a longer one.
pub fn has_word(line: &str, word: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part)
    })
}

fn mark_faults(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, line) in file.text.lines().enumerate() {
        for mark in MARKS.iter().filter(|mark| has_word(line, mark)) {
            faults.push(format!("{}:{}: `{mark}`: open an issue", file.path, at + 1));
        }
    }
    faults
}

fn type_faults(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, line) in only(&file.text, Kind::Code).lines().enumerate() {
        let line = line.trim_start().trim_start_matches("pub ");
        let declared = TYPE_KEYWORDS.iter().find_map(|keyword| line.strip_prefix(keyword));
        let name = declared.unwrap_or_default();
        let name = name.split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default();
        if TYPE_NAMES.contains(&name) {
            faults.push(format!("{}:{}: `{name}` means too much", file.path, at + 1));
        }
    }
    faults
}

fn import_faults(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    let code = only(&file.text, Kind::Code);
    let root = ["lib", "mod"].contains(&file.stem());
    let mut tested = file.path.contains("/tests/");
    for (at, line) in code.lines().enumerate() {
        tested |= line.starts_with("#[cfg(test)]");
        let line = line.trim();
        let imported = line.strip_prefix("pub use ").or_else(|| line.strip_prefix("use "));
        let Some(imported) = imported else { continue };
        let whole = imported.ends_with("::*;");
        if whole && !(tested && ["super::*;", "proptest::prelude::*;"].contains(&imported)) {
            faults.push(format!("{}:{}: name what is imported", file.path, at + 1));
        }
        if line.starts_with("pub use ") && !root {
            faults.push(format!("{}:{}: re-export from a module's root", file.path, at + 1));
        }
    }
    faults
}

/// Comments are sentences: a line that ends as a statement does is code that was left behind.
fn comment_faults(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, line) in only(&file.text, Kind::Comment).lines().enumerate() {
        let Some(text) = line.trim().strip_prefix("// ").map(str::trim) else {
            continue;
        };
        let statement = text.ends_with(';') && text.contains(['(', '=']);
        let block = text.ends_with('{') || ["}", "},", "});", ");"].contains(&text);
        let keyword = ["let ", "use ", "return "].iter().any(|word| text.starts_with(word));
        if statement || block || keyword && text.ends_with(';') {
            faults.push(format!("{}:{}: code in a comment", file.path, at + 1));
        }
    }
    faults
}
