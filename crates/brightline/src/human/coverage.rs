//! What of a pack is encoded, tried and seen, as a page.

use std::collections::BTreeMap;

use brightline_law::ir::{Corpus, Mark, ProvisionId};
use brightline_law::{Coverage, CoveredLeaf, CoveredSource, Resting, SourceReference};

use super::paragraph::hanging;
use crate::output::{STRONG, styled};

/// How well a text is known, the best first, as a heading over its sources.
const MARKS: [(Mark, &str); 5] = [
    (Mark::Read, "read: the text itself"),
    (Mark::PartlyRead, "partly read: an opening or a part of the text"),
    (Mark::Secondary, "secondary: what others tell of the text"),
    (Mark::Recalled, "recalled: from memory, to be checked"),
    (Mark::Analysis, "analysis: our own reading"),
];

/// Returns the coverage of a pack as a page; whole, with the lines tried one way.
pub(crate) fn page(corpus: &Corpus, it: &Coverage, whole: bool) -> String {
    let pack = corpus.packs.get(it.pack.index());
    let (id, title) = pack.map_or(("", ""), |pack| (&pack.id, &pack.title));
    let mut text = format!("{}: {title}\n", styled(STRONG, id));
    let mut say = |line: String| text.push_str(&hanging("  ", 4, &line));
    say(provisions(it));
    say(format!("texts behind the provisions: {}", marks(it)));
    let lines = Lines::of(it);
    say(format!(
        "lines of conditions: {}; the examples try {} both ways, {} one way, {} not at all; {} not \
         encoded",
        it.leaves.len(),
        lines.both,
        lines.one_way.len(),
        lines.never.len(),
        it.not_encoded.len(),
    ));
    let mut list = |title: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            text.push_str(&format!("  {title}\n"));
            for entry in gathered(entries) {
                text.push_str(&hanging("    ", 6, &entry));
            }
        }
    };
    list(
        "in part, as the text was not read whole:",
        it.partial.iter().map(|id| partial(corpus, *id)).collect(),
    );
    list("recorded for their notes:", for_notes(corpus, it));
    let about = it.not_encoded.iter().map(|it| format!("{}: {}", it.citation, it.about));
    list("not encoded:", about.collect());
    list("tried by no example:", lines.never.iter().map(|leaf| untried(leaf)).collect());
    if whole {
        list("tried one way only:", lines.one_way.iter().map(|leaf| one_way(leaf)).collect());
    }
    text.push_str(&sources(corpus, it));
    text
}

/// Returns how many provisions and sections there are of each kind.
fn provisions(it: &Coverage) -> String {
    let (sections, duties) = (it.metadata_sections.len(), it.duty_count);
    let mut told = vec![format!("{} encoded", it.encoded.len())];
    for (count, kind) in [(it.partial.len(), "in part"), (it.metadata.len(), "for its notes only")]
    {
        if count > 0 {
            told.push(format!("{count} {kind}"));
        }
    }
    let mut text = format!("provisions: {}", told.join(", "));
    if duties > 0 {
        text.push_str(&format!("; {}", counted(duties, "duty", "duties")));
    }
    if sections > 0 {
        let sections = counted(sections, "section has", "sections have");
        text.push_str(&format!("; {sections} notes only"));
    }
    text
}

/// Returns the lines, each once and in their order, with how often they occur.
fn gathered(lines: Vec<String>) -> Vec<String> {
    let mut found: Vec<(String, usize)> = Vec::new();
    for line in lines {
        match found.iter_mut().find(|(known, _)| *known == line) {
            Some((_, count)) => *count += 1,
            None => found.push((line, 1)),
        }
    }
    let told = found.into_iter().map(|(line, count)| match count {
        1 => line,
        _ => format!("{line} ({count} times)"),
    });
    told.collect()
}

/// The lines of conditions by how examples try them.
struct Lines<'c> {
    both: usize,
    one_way: Vec<&'c CoveredLeaf>,
    never: Vec<&'c CoveredLeaf>,
}

impl<'c> Lines<'c> {
    fn of(coverage: &'c Coverage) -> Self {
        let mut lines = Self { both: 0, one_way: Vec::new(), never: Vec::new() };
        for leaf in &coverage.leaves {
            match (leaf.decided.both(), leaf.decided.any()) {
                (true, _) => lines.both += 1,
                (false, true) => lines.one_way.push(leaf),
                (false, false) => lines.never.push(leaf),
            }
        }
        lines
    }
}

/// Returns how many provisions rest on text that was read so: `8 read, 7 partly read`.
fn marks(coverage: &Coverage) -> String {
    let mut counts: BTreeMap<Mark, usize> = BTreeMap::new();
    for (mark, resting) in coverage.sources.iter().flat_map(|source| &source.read) {
        *counts.entry(*mark).or_default() += resting.provision_count;
    }
    counts.retain(|_, count| *count > 0);
    let told = counts.iter().map(|(mark, count)| format!("{count} {}", mark.name()));
    let told: Vec<String> = told.collect();
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}

fn partial(corpus: &Corpus, id: ProvisionId) -> String {
    let provision = corpus.provisions.get(id.index());
    let why = provision.and_then(|it| Some((&it.citation, &it.partial.as_ref()?.0)));
    why.map(|(citation, why)| format!("{citation}: {why}")).unwrap_or_default()
}

fn for_notes(corpus: &Corpus, coverage: &Coverage) -> Vec<String> {
    let provisions = coverage.metadata.iter().filter_map(|id| corpus.provisions.get(id.index()));
    let sections =
        coverage.metadata_sections.iter().filter_map(|id| corpus.sections.get(id.index()));
    let told = |citation: &str, plain: Option<&String>, notes: &[(String, String)]| match notes
        .first()
    {
        Some((keyword, note)) if note.is_empty() => format!("{citation}: {keyword}"),
        Some((keyword, note)) if keyword == "note" => format!("{citation}: {note}"),
        Some((keyword, note)) => format!("{citation}: {keyword}: {note}"),
        None => plain.map_or_else(|| citation.to_owned(), |plain| format!("{citation}: {plain}")),
    };
    let provisions = provisions.map(|it| told(&it.citation, it.plain.as_ref(), &it.notes));
    let sections = sections.map(|it| told(&it.citation, it.plain.as_ref(), &it.notes));
    provisions.chain(sections).collect()
}

fn untried(leaf: &CoveredLeaf) -> String {
    let CoveredLeaf { citation, words, known, .. } = leaf;
    let seen = if known.any() { " (known in an example that did not turn on it)" } else { "" };
    format!("{citation}: {words}{seen}")
}

fn one_way(leaf: &CoveredLeaf) -> String {
    let side = if leaf.decided.yes { "yes" } else { "no" };
    format!("{}: {}: only {side}", leaf.citation, leaf.words)
}

/// Returns every source: under how it was read, with the day, what it is and what rests on it.
fn sources(corpus: &Corpus, coverage: &Coverage) -> String {
    let references = corpus.packs.get(coverage.pack.index()).map_or(&[][..], |it| &it.references);
    let of = |it: &CoveredSource| it.reference.and_then(|at| references.get(at));
    let mut text = String::new();
    for (mark, heading) in MARKS {
        let is_elsewhere = !matches!(mark, Mark::Recalled | Mark::Analysis);
        let resting = coverage.sources.iter().filter_map(|it| Some((of(it), it.read.get(&mark)?)));
        let mut entries =
            resting.map(|(it, resting)| source(it, is_elsewhere, &rests(*resting))).peekable();
        if entries.peek().is_some() {
            text.push_str(&format!("    {heading}\n"));
        }
        text.extend(entries);
    }
    let unnamed: Vec<&CoveredSource> =
        coverage.sources.iter().filter(|it| it.read.is_empty()).collect();
    if !unnamed.is_empty() {
        text.push_str("    looked at; no provision rests on it\n");
    }
    for it in unnamed {
        let purpose = of(it).map_or("", |it| it.purpose.as_str());
        text.push_str(&source(of(it), true, purpose));
    }
    if text.is_empty() { text } else { format!("  sources:\n{text}") }
}

/// Returns one source: the day, what it is, what rests on it, and below that its address.
fn source(reference: Option<&SourceReference>, is_elsewhere: bool, rests: &str) -> String {
    let Some(it) = reference else {
        return format!("      {:10}  no source is named: {rests}\n", "");
    };
    let said = if rests.is_empty() { it.title.clone() } else { format!("{}: {rests}", it.title) };
    let day = if it.read.is_empty() { "no day" } else { &it.read };
    let mut text = hanging(&format!("      {day:10}  "), 18, &said);
    if !it.url.is_empty() {
        text.push_str(&format!("{:18}{}\n", "", it.url));
    } else if is_elsewhere {
        text.push_str(&format!("{:18}no address is kept\n", ""));
    }
    text
}

/// Returns what rests on a source: `4 provisions`, `1 section kept for its notes`.
fn rests(resting: Resting) -> String {
    let Resting { provision_count, section_count } = resting;
    let provisions = counted(provision_count, "provision", "provisions");
    let sections = match section_count {
        1 => "1 section kept for its notes".to_owned(),
        many => format!("{many} sections kept for their notes"),
    };
    match (provision_count, section_count) {
        (_, 0) => provisions,
        (0, _) => sections,
        _ => format!("{provisions}, {sections}"),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
