//! A determination decided again, and held against the one that was recorded.
//!
//! The same version of the program has to come to the same bytes. Another version may say the same
//! in other words, put questions in another order or leave one out; what it decides has to be the
//! same.

use std::collections::BTreeSet;

use brightline_desk::{ActDetermination, Library, Response};

use super::super::cases::PROGRAM;
use super::super::forbidden;
use super::law::Libraries;
use crate::case::CaseView;
use crate::error::Error;

/// How a determination came out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// The same, byte by byte.
    Same,
    /// The same, as another version of the program words it.
    Reworded,
}

/// Applies the law that the answer names to what was known then.
pub(super) fn decide(
    libraries: &Libraries,
    view: &CaseView,
    stated: &BTreeSet<&str>,
    (program, recorded): (&str, &Response),
) -> Result<Again, Error> {
    let digest = &recorded.pack.digest;
    let missing = || Error::corrupt(format!("the law `{digest}` that decided is not kept"));
    let library: &Library = libraries.get(digest).ok_or_else(missing)?;
    let mut request = view.request();
    request.facts.retain(|(name, _)| {
        stated.contains(name.as_ref()) || forbidden::is_usable(library, &view.asked, name)
    });
    compare(program, recorded, &library.answer(&request)?)
}

fn compare(program: &str, recorded: &Response, again: &Response) -> Result<Again, Error> {
    let text = |response: &Response| {
        serde_json::to_vec(response)
            .map_err(|error| Error::corrupt("an answer cannot be written").because(error))
    };
    if text(recorded)? == text(again)? {
        return Ok(Again::Same);
    }
    if program == PROGRAM {
        return Err(Error::corrupt("decided again, the answer is another"));
    }
    match without_words(recorded) == without_words(again) {
        true => Ok(Again::Reworded),
        false => Err(Error::corrupt(format!(
            "version {program} of the program decided it; decided again by this one, {PROGRAM}, \
             the answer is another"
        ))),
    }
}

/// What an answer decides: the words are gone, and what only helps to find or to understand it.
fn without_words(answer: &Response) -> Response {
    let mut bare = answer.clone();
    bare.notes.clear();
    bare.determinations.iter_mut().for_each(strip);
    bare
}

fn strip(act: &mut ActDetermination) {
    act.words.clear();
    act.reasons.clear();
    act.explanation.clear();
    act.questions.clear();
    act.order = brightline_desk::OrderEntry::None;
    act.notes.clear();
    for basis in &mut act.basis {
        basis.url = None;
    }
    for limit in &mut act.limits {
        limit.words.clear();
        for end in &mut limit.ends {
            end.reading = None;
            end.not_covered = None;
        }
    }
    for duty in &mut act.duties {
        duty.words.clear();
        duty.when.clear();
        duty.to.clear();
        duty.contains.clear();
        // Told since version 0.2.0; the deadline, which is compared, counts from it.
        duty.after_act = None;
        for reading in &mut duty.readings {
            reading.reading.question.clear();
            reading.reading.reading.clear();
        }
    }
    for taken in act.readings.iter_mut().flat_map(|way| &mut way.readings) {
        taken.question.clear();
        taken.reading.clear();
    }
}

#[cfg(test)]
mod tests {
    use brightline_desk::{Library, Packs, Request, Response};

    use super::{Again, PROGRAM, compare};

    const REQUEST: &str = r#"{"jurisdiction": "us-ny-nyc", "agency": "doc", "on": "2025-01-20",
        "papers": ["I-247A", "I-200"], "acts": ["hold_past_release", "notify_release"],
        "facts": {"terrorist_database_match": false}}"#;

    fn answer() -> Response {
        let library = Library::open(Packs::embedded().unwrap());
        library.answer(&Request::read(REQUEST).unwrap()).unwrap()
    }

    #[test]
    fn the_same_version_has_to_say_the_same() {
        let recorded = answer();
        assert_eq!(compare(PROGRAM, &recorded, &answer()).unwrap(), Again::Same);
        let mut again = answer();
        again.determinations[0].explanation[0].push('!');
        let error = compare(PROGRAM, &recorded, &again).unwrap_err();
        assert!(error.is_corrupt(), "{error}");
    }

    #[test]
    fn another_version_may_word_it_otherwise_and_decide_nothing_else() {
        let recorded = answer();
        let mut again = answer();
        again.determinations[0].explanation[0].push('!');
        again.determinations[1].questions.pop().unwrap();
        again.determinations[0].reasons.clear();
        again.determinations[1].duties[0].after_act = Some("notify_release".to_owned());
        assert_eq!(compare("0.0.1", &recorded, &again).unwrap(), Again::Reworded);
        again.determinations[0].outcome = "permitted".to_owned();
        let error = compare("0.0.1", &recorded, &again).unwrap_err();
        assert!(error.to_string().contains("version 0.0.1 of the program decided it"), "{error}");
        let mut again = answer();
        again.determinations[0].basis.pop().unwrap();
        assert!(compare("0.0.1", &recorded, &again).is_err());
    }
}
