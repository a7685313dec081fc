//! Letters are set, tagged, and read back.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use brightline_paper::{
    Beside, Block, CaseLetter, LetterAct, LetterDuty, LetterError, LetterKind, LetterSignature,
    Page, Press,
};
use lopdf::Document;

fn text(words: &str) -> String {
    words.to_owned()
}

pub fn case() -> CaseLetter {
    let act = |name: &str, title: &str, outcome: &str| LetterAct {
        name: text(name),
        title: text(title),
        outcome: text(outcome),
        reasons: vec![text("A judge's warrant did not come with the request.")],
        citations: vec![text("Rules of Example § 9-131(b)(1)")],
        open: Vec::new(),
    };
    CaseLetter {
        packs: ["us-ny-nyc", "us-ny", "us"].map(text).to_vec(),
        jurisdiction: text("City of Example"),
        agency: text("the Department of Examples"),
        reference: text("EX-2025-000412"),
        date: text("2025-03-04"),
        day: text("Mar 4, 2025"),
        law_of: text("2025-03-04"),
        pack_digest: text(
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ),
        to: vec![text("Field Office"), text("1 Example Street")],
        subject: text("José Doe"),
        file_number: text("A000 000 001"),
        papers: vec![text("I-247A (3/17)")],
        request_date: text("2025-03-03"),
        release_due: text("2025-03-04 5:40 PM"),
        release_by: text("2025-03-04 5:40 PM EST"),
        address: vec![text("1 Example Street"), text("Example City")],
        agency_name: text("Department of Examples"),
        contact: text("555-0100"),
        acts: vec![
            act("hold_past_release", "hold a person past the time of release", "prohibited"),
            act("notify_release", "notify of the release", "open"),
        ],
        duties: vec![LetterDuty {
            text: text("enter the request in the log"),
            by: text("by 2025-03-04 11:59 PM"),
            citation: text("Rules of Example § 10"),
        }],
        signatures: vec![LetterSignature {
            name: text("P. Sample"),
            role: text("counsel"),
            at: text("2025-03-04 4:10 PM"),
        }],
        log: text("entry 17 of 20"),
    }
}

fn press() -> &'static Press {
    static PRESS: OnceLock<Press> = OnceLock::new();
    PRESS.get_or_init(|| Press::open(&Beside::embedded()).unwrap())
}

/// The text of a PDF, by a reader of others; none where it is not installed.
fn read_back(pdf: &[u8]) -> Option<String> {
    let mut child = Command::new("pdftotext")
        .args(["-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(pdf).ok()?;
    Some(String::from_utf8_lossy(&child.wait_with_output().ok()?.stdout).into_owned())
}

/// Letters alone: how lines break, and where a reader puts points and vowel marks, is left out.
fn letters(text: &str) -> String {
    let is_mark = |it: char| matches!(it, '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{652}');
    text.chars().filter(|it| it.is_alphanumeric() && !is_mark(*it)).collect()
}

#[test]
fn every_letter_is_tagged_and_says_what_it_is_about() {
    for kind in LetterKind::ALL {
        let pdf = press().letter(kind, "en", &case()).unwrap();
        let document = Document::load_mem(&pdf).unwrap();
        let catalog = document.catalog().unwrap();
        for key in [&b"MarkInfo"[..], b"StructTreeRoot", b"Lang", b"Metadata"] {
            assert!(catalog.has(key), "{kind:?}: {}", String::from_utf8_lossy(key));
        }
        let metadata = catalog.get(b"Metadata").unwrap().as_reference().unwrap();
        let metadata = document.get_object(metadata).unwrap().as_stream().unwrap();
        let metadata = metadata.get_plain_content().unwrap();
        let metadata = String::from_utf8_lossy(&metadata);
        assert!(metadata.contains("pdfuaid:part") && metadata.contains("pdfaid:part"));
        let Some(read) = read_back(&pdf) else {
            println!("skipped: pdftotext is not installed");
            continue;
        };
        for said in ["City of New York", "EX-2025-000412", "page 1 of"] {
            assert!(read.contains(said), "{kind:?}: {said}\n{read}");
        }
    }
}

#[test]
fn the_reply_carries_the_outcome_and_the_citation_of_each_act() {
    let page = press().page(LetterKind::Reply, "en", &case()).unwrap().text();
    assert!(page.contains("does not allow us to hold a person past the time of release"), "{page}");
    assert!(page.contains("We cannot yet say whether to notify of the release"), "{page}");
    assert!(page.contains("Rules of Example § 9-131(b)(1)"), "{page}");
    assert!(page.contains("P. Sample, counsel"), "{page}");
}

#[test]
fn what_nobody_signed_is_a_draft_and_what_is_not_known_falls_away() {
    let case = CaseLetter { signatures: Vec::new(), file_number: String::new(), ..case() };
    let page = press().page(LetterKind::Reply, "en", &case).unwrap().text();
    assert!(page.contains("Draft. Nobody has signed"), "{page}");
    assert!(!page.contains("Your file number") && !page.contains("Signed\n"), "{page}");
}

#[test]
fn the_notice_is_set_in_every_language_of_the_list_and_read_back() {
    let press = press();
    let case = case();
    let languages = press.languages(LetterKind::Person, &case.packs);
    assert!(languages.len() >= 12, "{languages:?}");
    for (locale, _, is_reviewed) in languages {
        let page = press.page(LetterKind::Person, &locale, &case).unwrap();
        let pdf = match press.letter(LetterKind::Person, &locale, &case) {
            Ok(pdf) => pdf,
            Err(error @ LetterError::NoFont { .. }) => {
                assert!(error.help().contains("fonts-noto"));
                println!("skipped {locale}: {error}");
                continue;
            }
            Err(error) => panic!("{locale}: {error}"),
        };
        assert!(!is_reviewed && !page.is_reviewed, "{locale}");
        assert!(page.blocks.iter().any(|it| matches!(it, Block::Notice(_))), "{locale}");
        assert_eq!(page.is_rtl, ["ar", "ur", "yi"].contains(&locale.as_str()));
        let catalog = Document::load_mem(&pdf).unwrap();
        let catalog = catalog.catalog().unwrap();
        assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), locale.as_bytes());
        if let Some(read) = read_back(&pdf) {
            assert!(letters(&read).contains(&letters("EX-2025-000412")), "{locale}");
            let found = letters_found(&page, &read);
            assert!(found > 0.9, "{locale}: {found} of the words are read back\n{read}");
        }
    }
}

/// The share of the words of a page that are found in what was read back.
fn letters_found(page: &Page, read: &str) -> f64 {
    let read = letters(read);
    let text = page.text();
    let words: Vec<String> =
        text.split_whitespace().map(letters).filter(|it| !it.is_empty()).collect();
    let pieces = |word: &String| match word.chars().count() {
        0..=8 => vec![word.clone()],
        // Scripts without spaces break within what stands between two.
        _ => word.chars().collect::<Vec<_>>().chunks(4).map(|it| it.iter().collect()).collect(),
    };
    let pieces: Vec<String> = words.iter().flat_map(pieces).collect();
    let found = pieces.iter().filter(|it| read.contains(it.as_str())).count();
    found as f64 / pieces.len() as f64
}

#[test]
fn a_long_letter_goes_on_to_further_pages() {
    let acts = (0..40).map(|_| case().acts.remove(0)).collect();
    let pdf = press().letter(LetterKind::Counsel, "en", &CaseLetter { acts, ..case() }).unwrap();
    assert!(Document::load_mem(&pdf).unwrap().get_pages().len() > 3);
}

#[test]
fn a_language_without_a_wording_is_told() {
    let error = press().letter(LetterKind::Person, "tlh", &case()).unwrap_err();
    assert_eq!(error.to_string(), "there is no wording of the letter `person` in `tlh`");
}

#[test]
fn the_notice_in_english_is_read_at_grade_eight_or_below() {
    for outcome in [
        "required",
        "permitted",
        "prohibited",
        "not_barred",
        "not_required",
        "no_authority",
        "silent",
        "unsettled",
        "conflict",
        "open",
    ] {
        let mut case = case();
        case.acts.iter_mut().for_each(|it| it.outcome = text(outcome));
        let page = press().page(LetterKind::Person, "en", &case).unwrap();
        let grade = grade(&page);
        println!("{outcome}: grade {grade:.1}");
        assert!(grade <= 8.0, "{outcome}: grade {grade:.1}");
    }
}

/// The grade by Flesch and Kincaid of the sentences of a page.
fn grade(page: &Page) -> f64 {
    let mut sentences = Vec::new();
    for block in &page.blocks {
        match block {
            Block::Paragraph(text) | Block::Notice(text) => sentences.push(text.clone()),
            Block::List(items) => sentences.extend(items.iter().cloned()),
            _ => {}
        }
    }
    let text = sentences.join("\n");
    let count = text.split(['.', '\n', '?']).filter(|it| it.trim().len() > 1).count() as f64;
    let words: Vec<&str> = text.split_whitespace().collect();
    let syllables: usize = words.iter().map(|it| syllables(it)).sum();
    0.39 * words.len() as f64 / count + 11.8 * syllables as f64 / words.len() as f64 - 15.59
}

/// Groups of vowels; a silent `e` at the end does not count.
fn syllables(word: &str) -> usize {
    let word: String = word.to_lowercase().chars().filter(|it| it.is_alphabetic()).collect();
    let is_vowel = |it: char| "aeiouy".contains(it);
    let mut count = 0;
    let mut after_vowel = false;
    for letter in word.chars() {
        count += usize::from(is_vowel(letter) && !after_vowel);
        after_vowel = is_vowel(letter);
    }
    if word.ends_with('e') && !word.ends_with("le") && count > 1 {
        count -= 1;
    }
    count.max(1)
}

#[test]
fn a_word_that_is_longer_than_a_line_is_cut() {
    let pdf = press().letter(LetterKind::Log, "en", &case()).unwrap();
    if let Some(read) = read_back(&pdf) {
        assert!(read.contains("sha256:01") && !read.contains(&case().pack_digest), "{read}");
        assert!(letters(&read).contains(&letters(&case().pack_digest)), "{read}");
    }
}

/// Writes every letter to a folder, to be looked at: `BRIGHTLINE_LETTERS=folder cargo test`.
#[test]
fn letters_can_be_looked_at() {
    let Some(folder) = std::env::var_os("BRIGHTLINE_LETTERS").map(std::path::PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).unwrap();
    let press = press();
    let case = case();
    for kind in LetterKind::ALL {
        let locales = match kind {
            LetterKind::Person => press.languages(kind, &case.packs),
            _ => vec![(text("en"), text(""), false)],
        };
        for (locale, _, _) in locales {
            if let Ok(pdf) = press.letter(kind, &locale, &case) {
                std::fs::write(folder.join(format!("{}.{locale}.pdf", kind.word())), pdf).unwrap();
            }
        }
    }
}
