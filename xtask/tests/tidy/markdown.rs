//! Pages: one title, one sentence a line, links that lead somewhere.

use crate::tree::{File, Tree};

/// Ends of abbreviations after which a sentence goes on.
const ABBREVIATIONS: [&str; 12] = [
    "v.", "No.", "Admin.", "art.", "Art.", "e.g.", "i.e.", "etc.", "U.S.", "Const.", "A.D.", "Int.",
];

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for file in tree.with(".md") {
        let prose = prose(&file.text);
        let titles = prose.iter().filter(|(_, line)| line.starts_with("# ")).count();
        if titles != 1 {
            faults.push(format!("{}: {titles} titles", file.path));
        }
        faults.extend(link_faults(tree, file, &prose));
        if !file.path.starts_with("packs/") {
            faults.extend(sentence_faults(file, &prose));
        }
    }
    faults
}

/// Returns the lines outside fenced blocks, with their numbers.
pub fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let ticks = line.trim_start();
        let length = ticks.len() - ticks.trim_start_matches('`').len();
        match fence {
            Some(open) if ticks.trim_end() == open => fence = None,
            None if length >= 3 => fence = ticks.get(..length),
            None => lines.push((at + 1, line)),
            Some(_) => {}
        }
    }
    lines
}

fn sentence_faults(file: &File, prose: &[(usize, &str)]) -> Vec<String> {
    let paragraph = |line: &str| line.starts_with(|it: char| it.is_alphabetic() || it == '*');
    let lines = prose.iter().filter(|(_, line)| paragraph(line) && has_two_sentences(line));
    lines.map(|(at, _)| format!("{}:{at}: two sentences on one line", file.path)).collect()
}

fn has_two_sentences(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    words.windows(2).any(|pair| {
        let [first, second] = pair else { return false };
        let ends = first.ends_with(['.', '?', '!']) && !ABBREVIATIONS.contains(first);
        ends && first.len() > 2 && second.starts_with(|it: char| it.is_uppercase())
    })
}

fn link_faults(tree: &Tree, file: &File, prose: &[(usize, &str)]) -> Vec<String> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut faults = Vec::new();
    for (at, line) in prose {
        for (start, _) in line.match_indices("](") {
            let target = line[start + 2..].split([')', '#', ' ']).next().unwrap_or_default();
            if target.is_empty() || target.contains(':') {
                continue;
            }
            let path = resolve(folder, target);
            let inside = format!("{path}/");
            if !tree.has(&path) && !tree.files.iter().any(|file| file.path.starts_with(&inside)) {
                faults.push(format!("{}:{at}: `{target}` is not there", file.path));
            }
        }
    }
    faults
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
