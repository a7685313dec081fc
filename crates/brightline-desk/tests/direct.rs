//! The direct way and the careful way come to the same: facts, answers and refusals, byte for byte.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "direct/made.rs"]
mod made;

use std::fs;
use std::path::Path;

use brightline_desk::{Library, Packs, Refusal, Request, Taken};
use made::Chance;

/// What a mutation puts in: structure, escapes, white space, digits, letters beyond ASCII.
const PUT_IN: &str = "\"\\{}[]:,0-9.eEtn /\tü\u{0}";

fn library() -> Library {
    Library::open(Packs::embedded().unwrap())
}

/// Every request of the examples, and the one that is measured.
fn examples() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = vec![root.join("crates/brightline/benches/request.json")];
    for entry in fs::read_dir(root.join("examples")).unwrap() {
        let path = entry.unwrap().path();
        found.extend(path.extension().is_some_and(|it| it == "json").then_some(path));
    }
    found.sort();
    assert!(found.len() > 5);
    found.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn carefully(library: &Library, text: &str) -> Result<Taken, Refusal> {
    library.take_in(&Request::read(text)?)
}

fn brief(library: &Library, text: &str) -> Result<String, Refusal> {
    Ok(serde_json::to_string(&library.brief(&Request::read(text)?)?).unwrap())
}

/// Compares what both ways take a request for; returns whether it was plain.
fn agree(library: &Library, text: &str) -> bool {
    assert_eq!(library.take_in_json(text), carefully(library, text), "{text}");
    library.is_plain(text)
}

#[test]
fn the_examples_are_plain_and_answered_alike() {
    let library = library();
    for text in examples() {
        assert!(agree(&library, &text), "{text}");
        assert_eq!(library.brief_json(&text), brief(&library, &text), "{text}");
        let answer = library.answer(&Request::read(&text).unwrap()).unwrap();
        let answer = serde_json::to_string(&answer).unwrap();
        assert_eq!(library.answer_json(&text), Ok(answer), "{text}");
    }
}

#[test]
fn the_outcomes_alone_are_those_of_the_full_answer() {
    let library = library();
    for text in examples() {
        let request = Request::read(&text).unwrap();
        let (brief, full) = (library.brief(&request).unwrap(), library.answer(&request).unwrap());
        let of = |act: &str, outcome: &str, possible: &[String]| {
            (act.to_owned(), outcome.to_owned(), possible.to_vec())
        };
        let brief: Vec<_> =
            brief.determinations.iter().map(|it| of(&it.act, &it.outcome, &it.possible)).collect();
        let full: Vec<_> =
            full.determinations.iter().map(|it| of(&it.act, &it.outcome, &it.possible)).collect();
        assert_eq!(brief, full, "{text}");
    }
}

#[test]
fn every_single_slip_in_the_examples_is_taken_alike() {
    let library = library();
    let put_in: Vec<char> = PUT_IN.chars().collect();
    for text in examples() {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for (number, &at) in places.iter().enumerate() {
            let (before, rest) = text.split_at(at);
            let after = rest.chars().next().map_or("", |first| &rest[first.len_utf8()..]);
            if number % 4 == 0 {
                agree(&library, &format!("{before}{after}"));
                agree(&library, before);
            }
            // Each place gets some of the letters; over all places each gets its turn.
            for letter in put_in.iter().skip(number % 11).step_by(11) {
                agree(&library, &format!("{before}{letter}{after}"));
                agree(&library, &format!("{before}{letter}{rest}"));
            }
        }
    }
}

/// Pieces of requests between commas, braces and brackets, in another order, doubled or left out.
#[test]
fn examples_with_parts_moved_doubled_and_left_out_are_taken_alike() {
    let library = library();
    let mut chance = Chance::new(7);
    for text in examples() {
        let parts: Vec<&str> = text.split_inclusive([',', '{', '}', '[', ']']).collect();
        for _ in 0..200 {
            let mut parts = parts.clone();
            let (one, other) = (chance.below(parts.len()), chance.below(parts.len()));
            match chance.below(3) {
                0 => parts.swap(one, other),
                1 => parts.insert(one, parts[other]),
                _ => drop(parts.remove(one)),
            }
            agree(&library, &parts.concat());
        }
    }
}

#[test]
fn made_up_requests_are_taken_alike() {
    let library = library();
    let mut chance = Chance::new(11);
    let mut plain = 0;
    for _ in 0..4_000 {
        let text = made::request(library.corpus(), &mut chance);
        plain += usize::from(agree(&library, &text));
        if chance.one_in(10) {
            assert_eq!(library.brief_json(&text), brief(&library, &text), "{text}");
        }
    }
    assert!((400..3_600).contains(&plain), "{plain} of 4,000 were plain");
}

#[test]
fn offenses_are_found_however_they_are_written() {
    let library = library();
    let corpus = library.corpus();
    let head = r#""jurisdiction": "us-ny-nyc", "agency": "doc", "on": "2025-03-04""#;
    let mut chance = Chance::new(3);
    let mut plain = 0;
    for _ in 0..3_000 {
        let offense = made::offense(corpus, &mut chance);
        let text = format!(
            r#"{{{head}, "acts": ["hold_past_release"],
                "facts": {{"convictions": [{{"offense": "{offense}"}}]}}}}"#
        );
        plain += usize::from(agree(&library, &text));
    }
    assert!((1_000..2_900).contains(&plain), "{plain} of 3,000 were plain");
}

#[test]
fn a_library_is_asked_by_several_threads_at_once() {
    let library = library();
    let texts: Vec<String> = examples().into_iter().take(4).collect();
    let alone: Vec<_> = texts.iter().map(|text| library.brief_json(text)).collect();
    let fresh = self::library();
    std::thread::scope(|scope| {
        for start in 0..3 {
            let (fresh, texts, alone) = (&fresh, &texts, &alone);
            scope.spawn(move || {
                for at in 0..texts.len() * 3 {
                    let at = (at + start) % texts.len();
                    assert_eq!(fresh.brief_json(&texts[at]), alone[at]);
                }
            });
        }
    });
}

fn with_offense(offense: &str) -> String {
    format!(
        r#"{{"jurisdiction": "us-ny-nyc", "agency": "doc", "on": "2017-03-01",
            "acts": ["hold_past_release"],
            "facts": {{"convictions": [{{"offense": "{offense}"}}]}}}}"#
    )
}

#[test]
fn an_offense_that_is_nearly_listed_is_refused_and_never_passes_for_one_that_is_not() {
    let library = library();
    let slips = [
        "NYPL 160.15",
        "NY PL160.15",
        "NYPL160.15(4)",
        "NY PL 160-15",
        "NY PL 16015",
        "N.Y. P.L. 160.15",
        "NY PK 160.15",
        "NJ PL 160.15",
        "PL 160.15",
        "NY Penal Law § 160.15",
        "battery",
        "kidnapping",
        "160.15",
    ];
    for offense in slips {
        let text = with_offense(offense);
        let refusal = carefully(&library, &text).unwrap_err();
        let [fault] = refusal.faults.as_slice() else { panic!("{offense}: {refusal}") };
        assert_eq!(fault.place, "facts.convictions[0].offense", "{offense}");
        assert!(fault.help.is_some(), "{offense}");
        agree(&library, &text);
    }
}

#[test]
fn an_offense_that_no_table_lists_is_a_good_answer() {
    let library = library();
    let plain = ["NY PL 140.20", "NY PL 155.30(4)", "ny vtl 1192(3)", "CA PC 459"];
    for offense in plain {
        assert!(agree(&library, &with_offense(offense)), "{offense}");
        assert!(carefully(&library, &with_offense(offense)).unwrap().notes.is_empty(), "{offense}");
    }
    for offense in ["NY TL 1801", "NJ 2C:15-1", "8 USC 1326", "MA GL 265-15A"] {
        let text = with_offense(offense);
        // Twice: looked at closely, then known.
        assert!(agree(&library, &text) && agree(&library, &text), "{offense}");
        assert_eq!(library.brief_json(&text), brief(&library, &text), "{offense}");
        assert_eq!(carefully(&library, &text).unwrap().notes.len(), 1, "{offense}");
    }
    let listed = |offense| carefully(&library, &with_offense(offense)).unwrap().facts;
    assert_eq!(listed("NY PL § 160.15"), listed("NY PL 160.15"));
}

#[test]
fn a_table_that_names_offenses_in_words_is_answered_in_words() {
    let library = library();
    let text = r#"{"jurisdiction": "us-fl", "agency": "county_sheriff", "on": "2024-03-01",
        "facts": {"crimes_suffered": [{"offense": "Domestic violence"}, {"offense": "battery"}]}}"#;
    assert!(carefully(&library, text).is_ok());
    agree(&library, text);
    let refusal = carefully(&library, &text.replace("battery", "batery")).unwrap_err();
    assert_eq!(refusal.faults[0].help.as_deref(), Some("did you mean `BATTERY`?"));
}
