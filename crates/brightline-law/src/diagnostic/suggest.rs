//! Near misses: the word that was probably meant.

/// Words longer than this are not compared.
const WORD_CHARS_MAX: usize = 64;

/// Returns the candidate nearest to `word`, if one is near enough to be what was meant.
///
/// The measure is the Damerau-Levenshtein distance in its restricted form (optimal string
/// alignment): insertions, deletions, substitutions and swaps of neighbors count one each.
/// Near enough is one edit for words of three to five characters, a third of the longer word's
/// length beyond that; capital letters make no difference. The first of equally near candidates
/// wins.
///
/// ```
/// use brightline_law::diagnostic::nearest;
///
/// assert_eq!(nearest("judical_warrant", ["judicial_warrant"]).unwrap(), "judicial_warrant");
/// assert_eq!(nearest("nto", ["not", "only"]).as_deref(), Some("not"));
/// assert_eq!(nearest("bail", ["not", "only"]), None);
/// ```
pub fn nearest<I>(word: &str, candidates: I) -> Option<String>
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    all_nearest(word, candidates).into_iter().next()
}

/// Returns every candidate that is as near to `word` as the nearest, in their order, by the
/// measure of [`nearest`].
///
/// ```
/// use brightline_law::diagnostic::all_nearest;
///
/// assert_eq!(all_nearest("docs", ["doccs", "doc", "parks"]), ["doccs", "doc"]);
/// assert!(all_nearest("bail", ["not", "only"]).is_empty());
/// ```
pub fn all_nearest<I>(word: &str, candidates: I) -> Vec<String>
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let mut least = usize::MAX;
    let mut best: Vec<String> = Vec::new();
    for candidate in candidates {
        let candidate = candidate.as_ref();
        let Some(distance) = near_distance(word, candidate) else {
            continue;
        };
        if distance < least {
            least = distance;
            best.clear();
        }
        if distance == least && !best.iter().any(|known| known == candidate) {
            best.push(candidate.to_owned());
        }
    }
    best
}

/// Returns up to `COUNT_MAX` candidates of which a word is a part of its own: `hold` is one of
/// `hold_past_release`. None when there are more.
///
/// ```
/// use brightline_law::diagnostic::all_with;
///
/// assert_eq!(all_with("hold", ["hold_past_release", "withhold_notice"]), ["hold_past_release"]);
/// ```
pub fn all_with<I>(word: &str, candidates: I) -> Vec<String>
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    const COUNT_MAX: usize = 4;
    let word = word.to_lowercase();
    let mut found: Vec<String> = Vec::new();
    for candidate in candidates {
        let lower = candidate.as_ref().to_lowercase();
        let mut parts = lower.split(|letter: char| !letter.is_alphanumeric());
        let is_part = word.len() > 2 && lower != word && parts.any(|part| part == word);
        if is_part && !found.iter().any(|known| known == candidate.as_ref()) {
            found.push(candidate.as_ref().to_owned());
        }
    }
    if found.len() > COUNT_MAX { Vec::new() } else { found }
}

/// Returns the distance when it is within the cutoff and the words are not the same.
fn near_distance(word: &str, candidate: &str) -> Option<usize> {
    if word == candidate {
        return None;
    }
    let letters = |text: &str| -> Vec<char> {
        text.chars().flat_map(char::to_lowercase).take(WORD_CHARS_MAX + 1).collect()
    };
    let (left, right) = (letters(word), letters(candidate));
    let longer = left.len().max(right.len());
    let shorter = left.len().min(right.len());
    if shorter < 2 || !(3..=WORD_CHARS_MAX).contains(&longer) {
        return None;
    }
    let cutoff = (longer / 3).max(1);
    if longer - shorter > cutoff {
        return None;
    }
    let distance = distance(&left, &right);
    (distance <= cutoff).then_some(distance)
}

/// Returns the optimal string alignment distance, row by row.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut left_before: Option<char> = None;
    for (row, &l) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut right_before: Option<char> = None;
        for (column, &r) in right.iter().enumerate() {
            let at =
                |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX);
            let substituted = at(&above, column).saturating_add(usize::from(l != r));
            let deleted = at(&above, column + 1).saturating_add(1);
            let inserted = at(&current, column).saturating_add(1);
            let mut least = substituted.min(deleted).min(inserted);
            if left_before == Some(r) && right_before == Some(l) && column > 0 {
                least = least.min(at(&before, column - 1).saturating_add(1));
            }
            current.push(least);
            right_before = Some(r);
        }
        before = above;
        above = current;
        left_before = Some(l);
    }
    above.last().copied().unwrap_or(left.len())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn swaps_count_one() {
        assert_eq!(nearest("wehn", ["when", "then"]).as_deref(), Some("when"));
    }

    #[test]
    fn the_same_word_is_no_suggestion() {
        assert_eq!(nearest("when", ["when"]), None);
    }

    #[test]
    fn capital_letters_make_no_difference() {
        assert_eq!(nearest("i-247a", ["I-247", "I-247D", "I-247A"]).as_deref(), Some("I-247A"));
        assert_eq!(nearest("Doc", ["dop", "doc"]).as_deref(), Some("doc"));
    }

    #[test]
    fn short_words_need_a_near_candidate() {
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("doc", ["may"]), None);
    }
}
