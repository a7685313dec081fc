//! From text to tree: every construct of the language page, errors, recovery, `fmt`.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

#[path = "syntax/compact.rs"]
mod compact;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use brightline_law::diagnostic::{CODES, Diagnostic, Severity, code};
use brightline_law::syntax::{BlockKind, Parsed, format, limits, parse};
use compact::compact;
use proptest::prelude::*;

/// Columns at which trees are wrapped in the Markdown files.
const WRAP_COLUMNS: usize = 96;

/// Wraps lines in a `law` block.
fn fenced(law: &str) -> String {
    format!("```law\n{law}\n```\n")
}

fn parsed(law: &str) -> Parsed {
    parse(0, &fenced(law))
}

fn codes_of(parsed: &Parsed) -> Vec<&'static str> {
    parsed.diagnostics.iter().map(|found| found.code).collect()
}

/// Returns the text under the primary label.
fn marked<'t>(text: &'t str, found: &Diagnostic) -> &'t str {
    let span = found.labels[0].span;
    &text[span.start as usize..span.end as usize]
}

/// Prints a diagnostic on one line: place within the block, code, words, help.
fn shown(text: &str, found: &Diagnostic) -> String {
    let before = &text[..found.labels[0].span.start as usize];
    let line = before.matches('\n').count();
    let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
    let severity = if found.severity == Severity::Error { "error" } else { "warning" };
    let help = found.help.as_deref().map_or(String::new(), |help| format!(" ({help})"));
    let marked = marked(text, found);
    format!("{line}:{column} {severity} {} at `{marked}`: {}{help}", found.code, found.message)
}

fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        if column > 0 && column + word.len() >= WRAP_COLUMNS {
            lines.push_str("\n  ");
            column = 2;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += word.len();
    }
    lines
}

/// Prints what a block says: diagnostics, then one item after another.
fn told(law: &str) -> String {
    let text = fenced(law);
    let parsed = parse(0, &text);
    let mut told = String::new();
    for found in &parsed.diagnostics {
        writeln!(told, "{}", wrapped(&shown(&text, found))).unwrap();
    }
    for item in compact(&parsed.document) {
        writeln!(told, "{}", wrapped(&item)).unwrap();
    }
    told
}

/// Compares every `text` block of the file with what the `law` block before it says.
fn check_markdown(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut blessed = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("```law\n") {
        let (law, after) = after.split_once("\n```\n\n```text\n").unwrap();
        let (_, after) = after.split_once("```\n").unwrap();
        write!(blessed, "{before}```law\n{law}\n```\n\n```text\n{}```\n", told(law)).unwrap();
        rest = after;
    }
    blessed.push_str(rest);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &blessed).unwrap();
    } else {
        assert_eq!(text, blessed, "{name}: run with BLESS=1 and review the difference");
    }
}

#[test]
fn constructs_have_their_trees() {
    check_markdown("trees.md");
}

#[test]
fn errors_are_told_and_the_rest_is_kept() {
    check_markdown("errors.md");
}

#[test]
fn trees_are_read_without_errors() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax/trees.md");
    let parsed = parse(0, &std::fs::read_to_string(path).unwrap());
    assert_eq!(parsed.diagnostics, []);
}

#[test]
fn blocks_cover_the_whole_text() {
    let text = "# One\n\nProse.\n\n~~~ law\nrole a\n~~~\n\n```text\n# no\n```\n\
        \x20 ```law\n\x20 role b\n\x20 ```\n";
    let parsed = parse(0, text);
    let joined: String = parsed
        .blocks
        .iter()
        .map(|block| &text[block.span.start as usize..block.span.end as usize])
        .collect();
    assert_eq!(joined, text);
    assert_eq!(parsed.document.items.len(), 2);
    assert_eq!(parsed.blocks[0].kind, BlockKind::Heading { level: 1 });
    assert_eq!(parsed.diagnostics, []);
}

#[test]
fn a_block_that_is_not_closed_is_told_and_read() {
    let parsed = parse(3, "```law\nrole a\n");
    assert_eq!(codes_of(&parsed), ["L002"]);
    assert_eq!(parsed.diagnostics[0].labels[0].span.file, 3);
    assert_eq!(parsed.document.items.len(), 1);
}

#[test]
fn a_fence_of_other_marks_inside_a_block_is_told() {
    let parsed = parse(0, "~~~ law\nrole a\n```\n~~~\n");
    assert_eq!(codes_of(&parsed), ["L007"]);
}

#[test]
fn a_block_marked_almost_law_is_warned_of() {
    assert_eq!(codes_of(&parse(0, "```Law\nrole a\n```\n")), ["L009"]);
    assert_eq!(codes_of(&parse(0, "```lawful\nrole a\n```\n")), [""; 0]);
}

#[test]
fn lines_end_with_or_without_carriage_return() {
    let parsed = parse(0, "```law\r\nrole a \"x\"\r\nrole b\r\n```\r\n");
    assert_eq!(parsed.diagnostics, []);
    assert_eq!(parsed.document.items.len(), 2);
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let parsed = parse(0, &" ".repeat(limits::FILE_BYTES_MAX + 1));
    assert_eq!(codes_of(&parsed), ["L001"]);
}

#[test]
fn nesting_over_the_limit_is_told_once() {
    let mut law = String::from("define d\n  when any of\n");
    for depth in 2..limits::NESTING_DEPTH_MAX + 20 {
        writeln!(law, "{}any of", "  ".repeat(depth)).unwrap();
    }
    let codes = codes_of(&parsed(&law));
    assert_eq!(codes.iter().filter(|code| **code == "L006").count(), 1);
}

#[test]
fn nesting_within_a_line_has_the_same_limit() {
    let law = format!("define d\n  when {}p", "some c where ".repeat(100_000));
    assert_eq!(codes_of(&parsed(&law)), ["L006"]);
}

#[test]
fn codes_are_in_order_and_named_once() {
    let ids: Vec<&str> = CODES.iter().map(|code| code.id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(ids, sorted);
    assert_eq!(code("L011").map(|code| code.id), Some("L011"));
}

/// Returns the insides of the `law` blocks of a page, or of its `text` blocks.
fn examples(page: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("```law\n") {
        let (law, after) = after.split_once("\n```\n").unwrap();
        examples.push(fenced(law));
        rest = after;
    }
    while let Some((_, after)) = rest.split_once("````text\n") {
        let (law, after) = after.split_once("\n````\n").unwrap();
        examples.push(format!("{law}\n"));
        rest = after;
    }
    examples
}

#[test]
fn the_examples_on_the_pages_of_the_codes_are_wrong_and_right() {
    for code in CODES.iter().filter(|code| code.id.starts_with("L0")) {
        let examples = examples(code.explanation);
        if let [wrong, right] = examples.as_slice() {
            assert!(codes_of(&parse(0, wrong)).contains(&code.id), "{}: {wrong}", code.id);
            assert_eq!(parse(0, right).diagnostics, [], "{}", code.id);
        } else {
            assert!(matches!(code.id, "L001" | "L006"), "{} has no two examples", code.id);
        }
    }
}

fn packs() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut texts = Vec::new();
    for pack in std::fs::read_dir(root).into_iter().flatten() {
        for file in std::fs::read_dir(pack.unwrap().path()).into_iter().flatten() {
            let path = file.unwrap().path();
            if path.to_string_lossy().ends_with(".law.md") {
                texts.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    texts.sort();
    texts
}

/// Returns what must not change when a file is laid out.
fn meaning(text: &str) -> (Vec<String>, Vec<&'static str>) {
    let parsed = parse(0, text);
    let errors = parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let mut codes: Vec<_> = errors.map(|found| found.code).collect();
    codes.sort_unstable();
    (compact(&parsed.document), codes)
}

fn assert_laid_out(text: &str) {
    let once = format(text);
    assert_eq!(meaning(text), meaning(&once), "meaning changed:\n{text}\n--- to\n{once}");
    assert_eq!(once, format(&once), "not settled:\n{text}");
}

#[test]
fn packs_are_read_without_errors_and_laid_out_without_change() {
    for (path, text) in packs() {
        let parsed = parse(0, &text);
        let found: Vec<String> =
            parsed.diagnostics.iter().map(|found| shown(&text, found)).collect();
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
        assert_laid_out(&text);
    }
}

#[test]
fn format_lays_out_one_way() {
    let text = "Prose  stays.\n\n```law\n\n-- about a\nrole   a   \"x\"--  why\nrole b\n\
        fact f is a date\n\n\n\x20    ask \"q  r\"\n\x20 -- about g\n\
        fact g is one of a,b , c\n```\nMore.";
    let laid_out = "Prose  stays.\n\n```law\n-- about a\nrole a \"x\" --  why\nrole b\n\n\
        fact f is a date\n\x20 ask \"q  r\"\n\x20 -- about g\n\n\
        fact g is one of a, b, c\n```\nMore.";
    assert_eq!(format(text), laid_out);
}

#[test]
fn format_keeps_broken_lines_and_unsure_blocks() {
    let text = "```law\nrule a\n   doc  mst   x\n```\n\n```law\nrule a\n\tdoc  must x\n```\n";
    let laid_out = "```law\nrule a\n  doc  mst   x\n```\n\n```law\nrule a\n\tdoc  must x\n```\n";
    assert_eq!(format(text), laid_out);
}

/// Pieces of which files near the language are made.
const PIECES: &[&str] = &[
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    "\n\t",
    "\r\n",
    "\n ",
    "  ",
    " ",
    ", ",
    "-- ",
    "\"",
    "\"q\"",
    "\\\"",
    "```",
    "```law\n",
    "~~~",
    "rule ",
    "define ",
    "duty ",
    "example \"e\"",
    "section ",
    "(a)",
    "(i)(A)",
    "doc ",
    "may ",
    "must ",
    "not ",
    "only ",
    "when ",
    "except ",
    "all of",
    "any of",
    "none of",
    "p",
    "q",
    "some ",
    "where ",
    "is ",
    "2014-12-14",
    "23:59",
    "48",
    "hours ",
    "for at most ",
    "from ",
    "until ",
    "in ",
    "as of ",
    "given",
    "then ",
    "because ",
    "fact ",
    "one of",
    "and ",
    "or ",
    "unsettled ",
    "reading ",
    "by ",
    "each year ",
    "contains",
    "at least ",
    "é",
    "\u{a0}",
    "\u{feff}",
    "\u{2028}",
    "never ",
    "encoded ",
    "required ",
    "does ",
    "bar ",
];

fn near_language() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// A file that is read without errors, with a few characters cut or pieces put in.
fn mutated() -> impl Strategy<Value = String> {
    let mut texts: Vec<String> = packs().into_iter().map(|(_, text)| text).collect();
    texts.push(include_str!("syntax/trees.md").to_owned());
    texts.push(include_str!("syntax/errors.md").to_owned());
    let edit = (any::<prop::sample::Index>(), 0_usize..4, prop::sample::select(PIECES));
    (prop::sample::select(texts), prop::collection::vec(edit, 1..6)).prop_map(|(text, edits)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (place, cut, piece) in edits {
            let at = place.index(characters.len());
            let end = (at + cut).min(characters.len());
            characters.splice(at..end, piece.chars());
        }
        characters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in any::<String>()) {
        parse(0, &text);
        parse(0, &fenced(&text));
        assert_laid_out(&fenced(&text));
    }

    #[test]
    fn no_text_near_the_language_panics(text in near_language()) {
        assert_laid_out(&text);
        assert_laid_out(&fenced(&text));
    }

    #[test]
    fn places_are_on_the_boundaries_of_characters(text in near_language()) {
        let text = fenced(&text);
        for found in parse(0, &text).diagnostics {
            prop_assert!(!found.labels.is_empty());
            for label in &found.labels {
                let range = label.span.start as usize..label.span.end as usize;
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn format_keeps_the_meaning_of_mutated_packs(text in mutated()) {
        assert_laid_out(&text);
    }
}
