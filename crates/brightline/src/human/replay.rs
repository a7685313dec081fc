//! A replay in words, and as a document.

use brightline_law::Outcome;
use brightline_law::clock::Day;
use brightline_law::ir::{ActId, AgencyId, Corpus};
use brightline_replay::{Counts, Tally};
use serde_json::{Value, json};

use super::determination::outcome_words;
use super::paragraph::hanging;
use crate::output::{STRONG, styled};

/// What was replayed.
pub(crate) struct Sides<'a> {
    pub(crate) corpus: &'a Corpus,
    pub(crate) jurisdiction: &'a str,
    pub(crate) agency: AgencyId,
    pub(crate) before: Day,
    pub(crate) after: Day,
    /// Instruments left out after.
    pub(crate) without: &'a [String],
    pub(crate) group_by: Option<&'a str>,
}

/// Returns the page of a replay.
pub(crate) fn page(sides: &Sides<'_>, acts: &[ActId], tally: &Tally, lacking: &[String]) -> String {
    let agency = sides.corpus.agencies.get(sides.agency.index()).map_or("", |it| &it.words);
    let without = match sides.without {
        [] => String::new(),
        names => format!(" without {}", names.join(", ")),
    };
    let rows = counted(tally.row_count, "request");
    let head = format!("{agency}: {rows}, {} -> {}{without}", sides.before, sides.after);
    let mut page = hanging("", 2, &styled(STRONG, &head));
    if !lacking.is_empty() {
        let text = format!("not in the table, so unknown in every row: {}", lacking.join(", "));
        page.push_str(&hanging("  ", 4, &text));
    }
    for (index, act) in acts.iter().enumerate() {
        let Some(counts) = tally.acts.get(index) else {
            continue;
        };
        let words = sides.corpus.acts.get(act.index()).map_or("", |it| &it.words);
        page.push_str(&format!("\n{}", styled(STRONG, words)));
        page.push('\n');
        page.push_str(&lines(counts, tally.row_count, "  "));
        if let Some(column) = sides.group_by {
            page.push_str(&groups(column, index, tally));
        }
    }
    page
}

/// What came out differently, then what came out the same.
fn lines(counts: &Counts, row_count: u64, indent: &str) -> String {
    let mut pairs: Vec<(Outcome, Outcome, u64)> = counts.pairs().collect();
    pairs.sort_by_key(|(before, after, count)| (before == after, u64::MAX - count));
    let mut text = String::new();
    for (before, after, count) in pairs {
        let words = match before == after {
            true => format!("{} both times", outcome_words(before.name())),
            false => {
                format!("{} -> {}", outcome_words(before.name()), outcome_words(after.name()))
            }
        };
        let share = percent(count, row_count);
        text.push_str(&format!("{indent}{words:34} {:>14} {share:>9}\n", thousands(count)));
    }
    let odd = row_count - counts.pairs().map(|(.., count)| count).sum::<u64>();
    if odd > 0 {
        let share = percent(odd, row_count);
        let words = "facts that cannot all be true";
        text.push_str(&format!("{indent}{words:34} {:>14} {share:>9}\n", thousands(odd)));
    }
    text
}

fn groups(column: &str, index: usize, tally: &Tally) -> String {
    let mut text = format!("  came out differently, by {column}:\n");
    for (value, counts) in &tally.groups {
        let Some(counts) = counts.get(index) else {
            continue;
        };
        let rows: u64 = counts.pairs().map(|(.., count)| count).sum();
        let name = value.as_deref().unwrap_or("(not known)");
        let changed = counts.changed();
        let share = percent(changed, rows);
        text.push_str(&format!("    {name:32} {:>14} {share:>9}\n", thousands(changed)));
    }
    text
}

/// Returns the document of a replay.
pub(crate) fn document(
    sides: &Sides<'_>,
    acts: &[ActId],
    tally: &Tally,
    lacking: &[String],
) -> Value {
    let corpus = sides.corpus;
    let of_act = |(index, act): (usize, &ActId)| {
        let counts = tally.acts.get(index).cloned().unwrap_or_default();
        let mut document = json!({
            "act": corpus.acts.get(act.index()).map(|it| it.name.as_str()),
            "changed": counts.changed(),
            "impossible": tally.row_count - counts.pairs().map(|(.., count)| count).sum::<u64>(),
            "transitions": transitions(&counts),
        });
        if let (Some(_), Some(object)) = (sides.group_by, document.as_object_mut()) {
            let groups = tally.groups.iter().filter_map(|(value, counts)| {
                let counts = counts.get(index)?;
                let changed = counts.changed();
                Some(json!({
                    "value": value, "changed": changed, "transitions": transitions(counts),
                }))
            });
            object.insert("groups".to_owned(), groups.collect());
        }
        document
    };
    json!({
        "jurisdiction": sides.jurisdiction,
        "agency": corpus.agencies.get(sides.agency.index()).map(|it| it.name.as_str()),
        "before": {"on": sides.before.to_string()},
        "after": {"on": sides.after.to_string(), "without": sides.without},
        "group_by": sides.group_by,
        "requests": tally.row_count,
        "not_in_table": lacking,
        "acts": acts.iter().enumerate().map(of_act).collect::<Vec<_>>(),
    })
}

fn transitions(counts: &Counts) -> Value {
    let pairs = counts.pairs().map(|(before, after, count)| {
        json!({"before": before.name(), "after": after.name(), "requests": count})
    });
    pairs.collect()
}

fn counted(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        many => format!("{} {noun}s", thousands(many)),
    }
}

/// A number with commas: `10,000,000`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share with two decimals, cut off and not rounded: 100 % is all.
fn percent(count: u64, of: u64) -> String {
    let hundredths = u128::from(count) * 10_000 / u128::from(of.max(1));
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::{percent, thousands};

    #[test]
    fn numbers_are_grouped_and_shares_cut_off() {
        assert_eq!([thousands(0), thousands(999), thousands(1_000)], ["0", "999", "1,000"]);
        assert_eq!(thousands(12_345_678), "12,345,678");
        assert_eq!(percent(99_999, 100_000), "99.99 %");
        assert_eq!(percent(1, 3), "33.33 %");
        assert_eq!(percent(0, 0), "0.00 %");
    }
}
