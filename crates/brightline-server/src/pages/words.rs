//! Words that the pages choose between, from the catalog beside the templates.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

const ENGLISH: &str = include_str!("../../../../web/locales/staff.en.ftl");

static CATALOG: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let language: LanguageIdentifier = "en-US".parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Marks of direction around arguments matter for mixed scripts; these arguments are English.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(ENGLISH.to_owned()).unwrap_or_else(|(it, _)| it);
    bundle.add_resource_overriding(resource);
    bundle
});

/// Returns the words of a key; the key itself where the catalog has none, which a test finds.
pub(super) fn say(key: &str) -> String {
    told(key, None)
}

/// Returns the words of a key around one value.
pub(super) fn say_with(key: &str, name: &'static str, value: &str) -> String {
    let mut args = FluentArgs::new();
    match value.parse::<i64>() {
        Ok(number) => args.set(name, number),
        Err(_) => args.set(name, value.to_owned()),
    }
    told(key, Some(&args))
}

/// Returns the words of a key around several values.
pub(super) fn say_of(key: &str, values: &[(&'static str, &str)]) -> String {
    let mut args = FluentArgs::new();
    for (name, value) in values {
        args.set(*name, (*value).to_owned());
    }
    told(key, Some(&args))
}

/// Returns whether the catalog has words for a key.
pub(super) fn has(key: &str) -> bool {
    CATALOG.has_message(key)
}

fn told(key: &str, args: Option<&FluentArgs<'_>>) -> String {
    let pattern = CATALOG.get_message(key).and_then(|message| message.value());
    let Some(pattern) = pattern else { return key.to_owned() };
    let mut errors = Vec::new();
    CATALOG.format_pattern(pattern, args, &mut errors).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_is_read_without_an_error_and_counts() {
        assert!(FluentResource::try_new(ENGLISH.to_owned()).is_ok());
        assert_eq!(say_with("answer-rows", "count", "1"), "One entered");
        assert_eq!(say_with("answer-rows", "count", "3"), "3 entered");
        assert_eq!(say_with("source-paper", "paper", "I-247A"), "Seen on a paper: I-247A");
    }

    #[test]
    fn every_outcome_and_stage_has_words() {
        use brightline_docket::Stage;
        use brightline_law::Outcome;
        let outcomes = ["required", "permitted", "prohibited", "not_barred", "not_required"]
            .into_iter()
            .chain(["no_authority", "silent", "unsettled", "conflict", "open"]);
        for name in outcomes {
            assert!(Outcome::from_name(name).is_some(), "{name}");
            assert!(CATALOG.has_message(&format!("outcome-{name}")), "{name}");
        }
        let stages = [Stage::Open, Stage::Decided, Stage::Proposed, Stage::Returned];
        for stage in stages.into_iter().chain([Stage::Signed, Stage::Done, Stage::Closed]) {
            assert!(CATALOG.has_message(&format!("stage-{}", stage.name())), "{stage:?}");
        }
    }

    /// The keys that the source of a folder names in full.
    fn keys_of(folder: &std::path::Path, keys: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                keys_of(&path, keys);
            } else if path.file_name().is_some_and(|it| it != "words.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for call in ["say(\"", "say_with(\"", "say_of(\""] {
                    let found = text.split(call).skip(1).filter_map(|it| it.split_once('"'));
                    keys.extend(found.map(|(key, _)| key.to_owned()));
                }
            }
        }
    }

    #[test]
    fn every_key_that_the_pages_name_has_words() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages");
        let mut keys = Vec::new();
        keys_of(&folder, &mut keys);
        assert!(keys.len() > 40, "{}", keys.len());
        let missing: Vec<&String> = keys.iter().filter(|it| !CATALOG.has_message(it)).collect();
        assert_eq!(missing, Vec::<&String>::new());
    }

    /// What may stand in Rust with a blank between words: values of records and of the wire.
    const WIRE: [&str; 7] = [
        "yes or no",
        "number of days",
        "not known",
        "not asked",
        "as if",
        "systems of the agency",
        "work on the case",
    ];

    /// Whether a text has two words with a blank between them.
    fn speaks(text: &str) -> bool {
        let is_word = |it: &str| it.len() > 1 && it.chars().all(|it| it.is_ascii_alphabetic());
        let words: Vec<&str> = text.split(' ').collect();
        words.windows(2).any(|pair| pair.iter().all(|it| is_word(it)))
    }

    /// The sentences in the source of the pages that belong into the catalog: errors of the
    /// interface and reasons that the record keeps are told elsewhere.
    fn sentences_of(text: &str) -> Vec<String> {
        let text = text.split("#[cfg(test)]").next().unwrap();
        let lines = text.lines().filter(|it| !it.trim_start().starts_with("//"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let mut found = Vec::new();
        let mut before = String::new();
        for (at, part) in text.split('"').enumerate() {
            let statement = before.rsplit([';', '{', '}']).next().unwrap();
            let is_error = ["Problem::new", "Error::", "const CONTINUED"];
            let is_told = is_error.iter().any(|it| statement.contains(it));
            if at % 2 == 1 && speaks(part) && !is_told && !WIRE.contains(&part) {
                found.push(part.to_owned());
            }
            before.push_str(if at % 2 == 1 { "text" } else { part });
        }
        found
    }

    #[test]
    fn no_sentence_of_a_page_stands_in_rust() {
        let wrong = "fn f() { page(\"Where are you now?\") } // not \"this one here\"";
        assert_eq!(sentences_of(wrong)[0], "Where are you now?");
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages")];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                found.extend(sentences_of(&text).into_iter().map(|it| format!("{name}: {it}")));
            }
        }
        assert_eq!(found, Vec::<String>::new());
    }
}
