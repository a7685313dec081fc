//! One request, asked of every jurisdiction: `docs/eleven-answers.md` is what comes back.
//!
//! `BLESS=1` writes the page anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::Path;

use brightline_desk::{ActDetermination, Library, Packs, Request};

/// The jurisdictions with the agency that runs a jail there.
const ASKED: [(&str, &str); 12] = [
    ("us-ca", "county_sheriff"),
    ("us-fl", "county_sheriff"),
    ("us-ga", "county_sheriff"),
    ("us-il", "county_sheriff"),
    ("us-il-chicago", "cook_county_sheriff"),
    ("us-ma", "county_sheriff"),
    ("us-nj", "county_jail"),
    ("us-ny", "county_sheriff"),
    ("us-ny-nyc", "doc"),
    ("us-or", "county_sheriff"),
    ("us-tx", "county_sheriff"),
    ("us-wa", "county_sheriff"),
];

const HEAD: &str = include_str!("eleven/head.txt");

fn words(found: &ActDetermination) -> String {
    let said: Vec<String> =
        found.possible.iter().map(|outcome| outcome.replace('_', " ")).collect();
    let open = match found.questions.len() {
        0 => String::new(),
        count => format!(" ({count})"),
    };
    let basis: Vec<&str> = found
        .basis
        .iter()
        .filter(|basis| basis.certain)
        .map(|basis| basis.citation.as_str())
        .take(1)
        .collect();
    let cited = basis.first().map(|cited| format!("<br>{cited}")).unwrap_or_default();
    format!("{}{open}{cited}", said.join(" or "))
}

fn page() -> String {
    let library = Library::open(Packs::embedded().unwrap());
    let text = std::fs::read_to_string(root().join("examples/one-request.json")).unwrap();
    let mut page = HEAD.to_owned();
    let mut head = String::new();
    let mut rows = String::new();
    for (jurisdiction, agency) in ASKED {
        let mut request = Request::read(&text).unwrap();
        request.jurisdiction = Some(jurisdiction.into());
        request.agency = Some(agency.into());
        let answer = library.answer(&request).unwrap_or_else(|refusal| {
            panic!("{jurisdiction}: {refusal:?}");
        });
        if head.is_empty() {
            let acts: Vec<&str> = answer.determinations.iter().map(|d| d.words.as_str()).collect();
            write!(head, "| place | agency | {} |\n|---|---|", acts.join(" | ")).unwrap();
            head.push_str(&"---|".repeat(acts.len()));
            head.push('\n');
        }
        let cells: Vec<String> = answer.determinations.iter().map(words).collect();
        writeln!(rows, "| `{jurisdiction}` | `{agency}` | {} |", cells.join(" | ")).unwrap();
    }
    page.push_str(&head);
    page.push_str(&rows);
    page
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_page_of_eleven_answers_is_what_the_program_answers() {
    let path = root().join("docs/eleven-answers.md");
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/eleven-answers.md is stale; write it anew with BLESS=1\n{page}");
}
