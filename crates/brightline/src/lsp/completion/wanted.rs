//! What can stand at a place, judged by the line before it and the lines that it belongs to.

use brightline_law::ir::Mark;

/// A kind of thing that can stand somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted<'t> {
    /// Words of the language.
    Words(&'static [&'static str]),
    Subjects,
    Acts,
    /// Facts, records and terms; of this record too.
    Conditions(Option<&'t str>),
    /// The values of a choice; of this record.
    Values(&'t str, Option<&'t str>),
    Records,
    Tables,
    Calendars,
    Roles,
    Papers,
    Sources,
    Packs,
    /// Labels of provisions.
    References,
    Duties,
}

/// The words before a place, and the lines that it belongs to, the nearest first.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    words: Vec<&'t str>,
    above: Vec<Vec<&'t str>>,
}

const ITEMS: &[&str] = &[
    "section",
    "order",
    "judgment",
    "regulation",
    "directive",
    "policy",
    "guidance",
    "vocabulary",
    "rule",
    "define",
    "unsettled",
    "duty",
    "example",
    "claim",
    "role",
    "group",
    "agency",
    "act",
    "fact",
    "finding",
    "record",
    "paper",
    "table",
    "calendar",
    "never ask",
    "impossible when",
];
const PROPERTIES: &[&str] = &[
    "title",
    "enacted by",
    "issued",
    "decided",
    "in force from",
    "known from",
    "binds",
    "confers no authority",
    "source",
    "successor of",
    "partial",
    "unverified",
    "suspended from",
    "void from",
    "despite",
    "subject to",
    "preempts every rule of",
    "plain",
    "note",
    "consequence",
    "immunity",
    "severable",
    "never enacted",
];
const LISTS: &[&str] = &["all of", "any of", "none of"];
const LEAVES: &[&str] = &[
    "not",
    "some",
    "every",
    "no",
    "at least",
    "required by",
    "prohibited by",
    "permitted by",
    "policy prohibits",
    "not encoded",
    "always",
    "never",
];
const RELATIONS: &[&str] = &[
    "is",
    "is not",
    "is any of",
    "in",
    "not in",
    "before",
    "after",
    "on or before",
    "on or after",
    "at least",
    "more than",
    "at most",
    "less than",
    "exactly",
];
const MODALS: &[&str] = &["may", "must", "must not", "has no authority to"];
const TYPES: &[&str] =
    &["yes or no", "one of", "a date", "a time", "a number", "a number of days", "an offense"];
const FACT_LINES: &[&str] = &[
    "ask",
    "hint",
    "cost",
    "found by",
    "presumed yes by",
    "presumed no by",
    "yes with paper",
    "open with paper",
    "standard",
];
const DUTY_LINES: &[&str] = &[
    "when",
    "on",
    "after",
    "within",
    "at least",
    "promptly",
    "at once",
    "as soon as practicable",
    "by",
    "each quarter",
    "each month",
    "covering",
    "until",
    "unless",
    "to",
    "contains",
    "fields",
    "keep for",
    "even if none",
    "not if none",
    "joint with",
];
const LIMITS: &[&str] = &["except when", "for at most", "until"];
const OUTCOMES: &[&str] = &[
    "required",
    "permitted",
    "prohibited",
    "not barred",
    "not required",
    "no authority",
    "silent",
    "unsettled",
    "conflict",
    "open",
];

impl<'t> Cursor<'t> {
    /// Returns the cursor at a byte of a block of law; the name that is being written is left out.
    pub(super) fn at(block: &'t str, byte: usize) -> Self {
        let before = block.get(..byte).unwrap_or(block);
        let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let (head, line) = match before.rfind('\n') {
            Some(at) => before.split_at(at + 1),
            None => ("", before),
        };
        let mut level = indent(line);
        let mut above = Vec::new();
        for line in head.lines().rev() {
            let is_blank = words(line).is_empty();
            if !is_blank && indent(line) < level {
                level = indent(line);
                above.push(words(line));
            }
        }
        let words = words(line.trim_end_matches(is_name));
        Self { words, above }
    }

    /// Returns what can stand here.
    pub(super) fn wanted(&self) -> Vec<Wanted<'t>> {
        if self.words.is_empty() {
            return self.at_line_start();
        }
        self.named_list()
            .or_else(|| self.after_is())
            .or_else(|| self.in_condition())
            .or_else(|| self.in_statement())
            .unwrap_or_default()
    }

    fn parent(&self) -> &[&'t str] {
        self.above.first().map_or(&[], Vec::as_slice)
    }

    /// The words of the item that the line belongs to.
    fn item(&self) -> &[&'t str] {
        self.above.last().map_or(&[], Vec::as_slice)
    }

    /// The record that is spoken of here.
    fn record(&self) -> Option<&'t str> {
        let lines = std::iter::once(&self.words).chain(&self.above);
        lines.into_iter().find_map(|line| {
            line.windows(3).rev().find_map(|three| match three {
                ["some" | "every" | "no", record, "where" | "is"] => Some(*record),
                ["define" | "unsettled", _, "of"] => {
                    line.iter().skip_while(|word| **word != "of").nth(1).copied()
                }
                _ => None,
            })
        })
    }

    fn conditions(&self) -> Vec<Wanted<'t>> {
        vec![Wanted::Conditions(self.record()), Wanted::Words(LISTS), Wanted::Words(LEAVES)]
    }

    fn at_line_start(&self) -> Vec<Wanted<'t>> {
        let parent = self.parent();
        let lists = [["all", "of"], ["any", "of"], ["none", "of"]];
        if lists.iter().any(|list| parent.ends_with(list)) && self.item().first() != Some(&"duty") {
            let mut wanted = self.conditions();
            wanted.push(Wanted::Words(&["except when"]));
            return wanted;
        }
        match parent.first() {
            None => vec![Wanted::Words(ITEMS)],
            Some(&"rule") => {
                let subjects = Wanted::Words(&["the agency", "this section"]);
                vec![Wanted::Subjects, subjects, Wanted::Words(PROPERTIES)]
            }
            Some(&"duty") => {
                let subjects = Wanted::Words(&["the agency"]);
                vec![Wanted::Subjects, subjects, Wanted::Words(PROPERTIES)]
            }
            Some(&"example") => vec![Wanted::Words(&["on", "known on", "given", "then"])],
            Some(&"claim") => vec![Wanted::Subjects, Wanted::Words(&["from", "known on"])],
            Some(&"given") => {
                let words = Wanted::Words(&["not", "no", "some", "papers"]);
                vec![Wanted::Conditions(None), words]
            }
            Some(&"define" | &"reading") => {
                vec![Wanted::Words(&["when", "except when"]), Wanted::Words(PROPERTIES)]
            }
            Some(&"unsettled") => {
                let words = Wanted::Words(&["because", "reading", "safe"]);
                vec![words, Wanted::Words(PROPERTIES)]
            }
            Some(&"fact" | &"finding") => vec![Wanted::Words(FACT_LINES)],
            Some(&"record") => vec![Wanted::Words(&["ask", "hint", "cost", "found by"])],
            Some(&"agency") => vec![Wanted::Words(&["is"])],
            Some(&"act") => vec![Wanted::Words(&["includes", "asked by paper"])],
            Some(&"paper") => vec![Wanted::Words(&["signed by"])],
            Some(word) if ITEMS.contains(word) => vec![Wanted::Words(PROPERTIES)],
            Some(_) => self.under_statement(),
        }
    }

    fn under_statement(&self) -> Vec<Wanted<'t>> {
        match self.item().first() {
            Some(&"duty") => vec![Wanted::Words(DUTY_LINES)],
            Some(&"record") => vec![Wanted::Words(FACT_LINES)],
            Some(&"example") => self.row(),
            _ => vec![Wanted::Words(LIMITS)],
        }
    }

    /// A record given in an example.
    fn row(&self) -> Vec<Wanted<'t>> {
        let list = self.parent().last().copied();
        vec![Wanted::Conditions(list), Wanted::Words(&["not"])]
    }

    /// Lists of names after a word that says of what kind they are.
    fn named_list(&self) -> Option<Vec<Wanted<'t>>> {
        let words = self.words.as_slice();
        if words.contains(&"excluding") && words.last() != Some(&"from") {
            let days = Wanted::Words(&["saturdays", "sundays"]);
            return Some(vec![Wanted::Calendars, days]);
        }
        let found = match words {
            [.., "because"] | ["despite", ..] | ["subject", "to", ..] => Wanted::References,
            ["papers", ..] => Wanted::Papers,
            ["source"] => Wanted::Sources,
            ["source", ..] => Wanted::Words(&Mark::NAMES),
            ["binds", ..] => Wanted::Subjects,
            ["is", ..] if self.parent().first() == Some(&"agency") => Wanted::Subjects,
            _ if words.contains(&"paper") => Wanted::Papers,
            _ => self.after_pair()?,
        };
        Some(vec![found])
    }

    /// Lists of names after two words that say of what kind they are.
    fn after_pair(&self) -> Option<Wanted<'t>> {
        let words = self.words.as_slice();
        words.windows(2).enumerate().rev().find_map(|(at, pair)| {
            let found = match pair {
                ["found", "by"] => Wanted::Roles,
                ["rule", "of"] => Wanted::Packs,
                ["required" | "prohibited" | "permitted", "by"] => Wanted::References,
                ["as", "to"] => Wanted::Subjects,
                ["then", "ask"] => Wanted::Conditions(None),
                ["then", "owe"] => Wanted::Duties,
                ["policy", "prohibits"] => Wanted::Acts,
                _ => return None,
            };
            let rest = words.get(at + 2..)?;
            let is_list = rest.is_empty() || matches!(rest.last(), Some(&"," | &"and" | &"or"));
            is_list.then_some(found)
        })
    }

    fn after_is(&self) -> Option<Vec<Wanted<'t>>> {
        let words = self.words.as_slice();
        let at = words.iter().rposition(|word| *word == "is")?;
        let name = *words.get(at.checked_sub(1)?)?;
        let rest = words.get(at + 1..)?;
        let is_list = rest.is_empty() || matches!(rest.last(), Some(&"," | &"not" | &"of"));
        if !is_list {
            return None;
        }
        if matches!(words.first(), Some(&"fact" | &"finding"))
            || self.parent().first() == Some(&"record")
        {
            return Some(vec![Wanted::Words(TYPES)]);
        }
        if words.first() == Some(&"then") || self.item().first() == Some(&"claim") {
            return Some(vec![Wanted::Words(OUTCOMES)]);
        }
        let quantified = at.checked_sub(2).and_then(|at| words.get(at));
        if let Some(&"some" | &"every" | &"no") = quantified {
            return Some(vec![Wanted::Conditions(Some(name)), Wanted::Words(&["not"])]);
        }
        let words = Wanted::Words(&["not", "any of"]);
        Some(vec![Wanted::Values(name, self.record()), words])
    }

    fn in_condition(&self) -> Option<Vec<Wanted<'t>>> {
        let words = self.words.as_slice();
        let opens = words.iter().rposition(|word| matches!(*word, "when" | "where"));
        let is_line = matches!(self.parent(), [.., "all" | "any" | "none", "of"])
            || self.parent().first() == Some(&"given");
        let rest = match opens {
            Some(at) => words.get(at + 1..)?,
            None if is_line => words,
            None => return None,
        };
        Some(match rest {
            [] | ["not"] => self.conditions(),
            [.., "some" | "every" | "no"] => vec![Wanted::Records],
            [.., "in"] => vec![Wanted::Tables],
            [.., "before" | "after" | "counting"] => vec![Wanted::Conditions(self.record())],
            [_] | ["not", _] => vec![Wanted::Words(RELATIONS)],
            [.., "some" | "every" | "no", _] => vec![Wanted::Words(&["is", "where all of"])],
            _ => Vec::new(),
        })
    }

    fn in_statement(&self) -> Option<Vec<Wanted<'t>>> {
        let words = self.words.as_slice();
        let is_duty = self.item().first() == Some(&"duty");
        let is_modal = |word: &&str| {
            matches!(*word, "may" | "must" | "to" | "bar" | "require" | "on" | "after")
        };
        let rest = words.strip_prefix(&["then"]).unwrap_or(words);
        let Some(at) = rest.iter().rposition(is_modal) else {
            let is_subject = rest.is_empty() || matches!(rest.last(), Some(&"," | &"except"));
            let is_item = rest.first().is_some_and(|word| ITEMS.contains(word));
            return match (is_item, is_subject) {
                (true, _) => None,
                (_, true) => {
                    let words = Wanted::Words(&["ask", "ask nothing", "limit", "owe"]);
                    Some(vec![Wanted::Subjects, words])
                }
                _ => Some(vec![Wanted::Words(MODALS)]),
            };
        };
        let after = rest.get(at + 1..)?;
        match after {
            [] | ["not"] if is_duty && rest.get(at) == Some(&"must") => None,
            [] => Some(vec![Wanted::Acts, Wanted::Words(&["not"])]),
            ["not"] | [.., ","] => Some(vec![Wanted::Acts]),
            _ if rest.last() == Some(&"from") => Some(vec![Wanted::Conditions(None)]),
            _ => Some(vec![Wanted::Words(&["when", "only when", "because"])]),
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns the words of a line without comment and outline marker; a comma is a word.
fn words(line: &str) -> Vec<&str> {
    let line = line.split("--").next().unwrap_or_default();
    let mut found: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        match word.strip_suffix(',') {
            Some(name) => found.extend([name, ","]),
            None => found.push(word),
        }
    }
    let is_marker = |word: &&&str| word.starts_with('(') && word.ends_with(')');
    let markers = found.iter().take_while(is_marker).count();
    // A rule may start with the provision that does not bar an act.
    if found.get(markers) != Some(&"does") {
        found.drain(..markers);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Wanted};

    fn first(block: &str) -> Option<Wanted<'_>> {
        Cursor::at(block, block.len()).wanted().into_iter().next()
    }

    #[test]
    fn what_is_wanted_follows_from_the_words_before() {
        let lines = [
            ("rule (a)\n  ", Wanted::Subjects),
            ("rule (a)\n  clerk may ", Wanted::Acts),
            ("rule (a)\n  clerk must not lend, ke", Wanted::Acts),
            ("rule (a)\n  clerk may lend when ", Wanted::Conditions(None)),
            ("rule (a)\n  clerk may lend only when all of\n    (1) mem", Wanted::Conditions(None)),
            ("rule (a)\n  clerk may lend when kind is ", Wanted::Values("kind", None)),
            ("rule (a)\n  clerk may lend when some fine is ", Wanted::Conditions(Some("fine"))),
            ("rule (a)\n  clerk may lend when some ", Wanted::Records),
            ("define grave of fine\n  when offense in ", Wanted::Tables),
            ("define grave of fine\n  when ", Wanted::Conditions(Some("fine"))),
            ("rule (a)\n  source ", Wanted::Sources),
            ("rule (a)\n  despite ", Wanted::References),
            ("fact member is yes or no\n  found by clerk, ", Wanted::Roles),
            ("example \"one\"\n  given\n    ", Wanted::Conditions(None)),
            ("agency clerk \"the clerk\"\n  is ", Wanted::Subjects),
        ];
        for (block, wanted) in lines {
            assert_eq!(first(block), Some(wanted), "{block}");
        }
    }
}
