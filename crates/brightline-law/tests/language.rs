//! Runs the pages of `tests/language` and the tutorial; `BLESS=1` rewrites what they expect.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "language/page.rs"]
mod page;
#[path = "language/show.rs"]
mod show;

use std::path::{Path, PathBuf};

use brightline_law::{PackSource, Sources};
use page::{Page, Test};

/// Pages outside the folder that hold law which must be right.
const PAGES: [&str; 1] = ["docs/tutorial.md"];

#[test]
fn every_page_comes_out_as_it_says() {
    let bless = std::env::var_os("BLESS").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = Vec::new();
    collect(&root.join("tests/language"), &mut paths);
    paths.extend(PAGES.map(|page| root.join(page)));
    paths.sort();
    let mut faults = Vec::new();
    let mut count = 0;
    for path in paths {
        let shown = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let page = Page::new(&text);
        let mut wanted = Vec::new();
        for test in page.tests() {
            count += 1;
            wanted.extend(compare(&shown, &test, &mut faults));
        }
        if bless && !wanted.is_empty() {
            let blessed = page.with(&wanted);
            assert!(std::fs::write(&path, blessed).is_ok(), "{shown} cannot be written");
        }
    }
    println!("{count} language tests");
    assert!(count > 0, "no language test was found");
    assert!(bless || faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n\n"));
}

/// Returns the lines that each block should have; adds a fault where it has others.
fn compare(path: &str, test: &Test<'_>, faults: &mut Vec<String>) -> Vec<(usize, String)> {
    let notes = test.block("errors").is_some();
    let found = show::found(&test.sources(), test.node_count_max(), notes);
    let place = format!("{path}:{}: {}", test.line, test.title);
    let mut wanted = Vec::new();
    for (info, text) in [("expect", found.answers), ("errors", found.errors)] {
        match test.block(info) {
            Some(block) if block.body != text => {
                faults.push(format!("{place}\nexpected:\n{}found:\n{text}", block.body));
                wanted.push((block.line, text));
            }
            None if info == "errors" && !text.is_empty() => {
                faults.push(format!("{place}\nunexpected:\n{text}"));
            }
            _ => {}
        }
    }
    wanted
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
}

/// Returns the codes that are reported for a pack with this name, zone and first day, twice.
fn codes_of_twins(zone: &str, recorded_from: &str) -> Vec<&'static str> {
    let pack = PackSource {
        id: "twin".to_owned(),
        zone: zone.to_owned(),
        recorded_from: Some(recorded_from.to_owned()),
        ..PackSource::default()
    };
    let read = brightline_law::read(&Sources { packs: vec![pack.clone(), pack] });
    read.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn two_packs_of_one_name_are_reported() {
    assert_eq!(codes_of_twins("America/New_York", "2000-01-01"), ["L102"]);
}

#[test]
fn manifests_that_cannot_be_used_are_reported() {
    let codes = codes_of_twins("New York", "yesterday");
    assert!(codes.iter().filter(|code| **code == "L104").count() >= 2, "{codes:?}");
}
