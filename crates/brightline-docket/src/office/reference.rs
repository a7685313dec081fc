//! What the reference of a case begins with: letters of its agency, short and readable.
//!
//! References are numbered by their first part and the year, so that two agencies that began
//! theirs alike would still never share one; within a jurisdiction they do not even begin alike.

/// Returns the first part of the references of an agency: a name of one word as it is, one of
/// several by the first letters of its words, as many as tell it from the `others`.
pub(super) fn prefix<'n>(agency: &str, others: impl Iterator<Item = &'n str>) -> String {
    let mut own = cuts(agency);
    let whole = own.pop().unwrap_or_default();
    if own.is_empty() {
        return whole;
    }
    let taken: Vec<String> = others.filter(|it| *it != agency).flat_map(cuts).collect();
    own.into_iter().find(|it| !taken.contains(it)).unwrap_or(whole)
}

/// Returns the ways to shorten a name, the shortest first; the last is the whole name.
fn cuts(name: &str) -> Vec<String> {
    let words: Vec<String> = name
        .split(|it: char| !it.is_ascii_alphanumeric())
        .filter(|it| !it.is_empty())
        .map(str::to_ascii_uppercase)
        .collect();
    let longest = words.iter().map(String::len).max().unwrap_or_default();
    let shortest = if words.len() > 1 { 1 } else { longest };
    let cut = |letters: usize| words.iter().map(|it| it.get(..letters).unwrap_or(it)).collect();
    (shortest..=longest).map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(agency: &str, others: &[&str]) -> String {
        prefix(agency, others.iter().copied())
    }

    #[test]
    fn a_name_of_several_words_is_shortened_to_their_first_letters() {
        let others = ["doc", "other_state_agency"];
        assert_eq!(of("department_of_corrections", &["county_sheriff"]), "DOC");
        assert_eq!(of("county_sheriff", &others), "CS");
        assert_eq!(of("doc", &others), "DOC");
        assert_eq!(of("jail", &[]), "JAIL");
    }

    #[test]
    fn what_another_agency_could_begin_with_is_lengthened() {
        let all = ["city_police", "campus_police", "city_council", "city_commission", "doc"];
        let given: Vec<String> = all.iter().map(|it| of(it, &all)).collect();
        assert_eq!(given, ["CIPO", "CAPO", "CITCOU", "CITCOM", "DOC"]);
        assert_eq!(of("department_of_correction", &all), "DEOFCO");
        assert_eq!(of("ab_c", &["a_bc"]), "AC", "what is alike at its full length only");
    }

    #[test]
    fn names_without_letters_have_an_empty_beginning() {
        assert_eq!(of("", &[]), "");
        assert_eq!(of("_", &["a_b"]), "");
    }
}
