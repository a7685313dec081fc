//! What of a pack is encoded and tried: as a page, and as data.

use std::collections::BTreeMap;

use brightline_law::ir::{Corpus, Mark, ProvisionId};
use brightline_law::{Coverage, CoveredLeaf, Sides};
use serde_json::{Value, json};

use super::paragraph::hanging;
use crate::output::{STRONG, styled};

/// How well a text is known, the best first.
const MARKS: [(Mark, &str); 5] = [
    (Mark::Read, "read"),
    (Mark::PartlyRead, "partly read"),
    (Mark::Secondary, "secondary"),
    (Mark::Recalled, "recalled"),
    (Mark::Analysis, "analysis"),
];

/// Returns the coverage of a pack as a page; whole, with the lines tried one way and the sources.
pub(crate) fn page(corpus: &Corpus, it: &Coverage, whole: bool) -> String {
    let pack = corpus.packs.get(it.pack.index());
    let (id, title) = pack.map_or(("", ""), |pack| (&pack.id, &pack.title));
    let mut text = format!("{}: {title}\n", styled(STRONG, id));
    let mut say = |line: String| text.push_str(&hanging("  ", 4, &line));
    say(format!(
        "provisions: {} encoded, {} partial, {} for notes only, and {}; {}",
        it.encoded.len(),
        it.partial.len(),
        it.metadata.len(),
        counted(it.metadata_sections.len(), "such section", "such sections"),
        counted(it.duty_count, "duty", "duties"),
    ));
    say(format!("texts: {}", marks(it)));
    let lines = Lines::of(it);
    say(format!(
        "conditions: {} lines, {} tried both ways, {} one way, {} never; {} not encoded",
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
    list("partial:", it.partial.iter().map(|id| partial(corpus, *id)).collect());
    list("for notes only:", for_notes(corpus, it));
    let about = it.not_encoded.iter().map(|it| format!("{}: {}", it.citation, it.about));
    list("not encoded:", about.collect());
    list("never tried:", lines.never.iter().map(|leaf| untried(leaf)).collect());
    if whole {
        list("tried one way:", lines.one_way.iter().map(|leaf| one_way(leaf)).collect());
        list("sources:", sources(corpus, it));
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

/// Returns the coverage of a pack as data.
pub(crate) fn entry(corpus: &Corpus, it: &Coverage) -> Value {
    let pack = corpus.packs.get(it.pack.index());
    let provision = |id: &ProvisionId| {
        corpus.provisions.get(id.index()).map(|it| (it.id.clone(), it.citation.clone()))
    };
    let named = |ids: &[ProvisionId]| -> Vec<Value> {
        let found = ids.iter().filter_map(provision);
        found.map(|(id, citation)| json!({"id": id, "citation": citation})).collect()
    };
    let partial = it.partial.iter().filter_map(|id| {
        let it = corpus.provisions.get(id.index())?;
        let reason = it.partial.as_ref().map(|(why, _)| why);
        Some(json!({"id": it.id, "citation": it.citation, "reason": reason}))
    });
    let sections = it.metadata_sections.iter().filter_map(|id| corpus.sections.get(id.index()));
    let not_encoded = it.not_encoded.iter().map(|line| {
        let id = provision(&line.provision).map(|(id, _)| id);
        json!({"provision": id, "citation": line.citation, "about": line.about})
    });
    let conditions = it.leaves.iter().map(|leaf| {
        json!({
            "provision": provision(&leaf.provision).map(|(id, _)| id),
            "citation": leaf.citation, "words": leaf.words,
            "known": sides(leaf.known), "decided": sides(leaf.decided),
        })
    });
    let by_source = it.sources.iter().map(|(&(mark, reference), count)| {
        let source = reference.and_then(|at| pack?.references.get(at));
        json!({
            "mark": mark_name(mark), "source": source.map(|it| &it.id),
            "title": source.map(|it| &it.title), "provisions": count,
        })
    });
    json!({
        "pack": pack.map(|pack| &pack.id),
        "encoded": named(&it.encoded),
        "partial": partial.collect::<Vec<_>>(),
        "metadata": named(&it.metadata),
        "metadata_sections": sections.map(|it| &it.citation).collect::<Vec<_>>(),
        "not_encoded": not_encoded.collect::<Vec<_>>(),
        "duties": it.duty_count,
        "conditions": conditions.collect::<Vec<_>>(),
        "sources": by_source.collect::<Vec<_>>(),
    })
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

fn marks(coverage: &Coverage) -> String {
    let mut counts: BTreeMap<Mark, usize> = BTreeMap::new();
    for (&(mark, _), count) in &coverage.sources {
        *counts.entry(mark).or_default() += count;
    }
    let told = MARKS.iter().filter_map(|(mark, name)| Some((counts.get(mark)?, name)));
    let told: Vec<String> = told.map(|(count, name)| format!("{count} {name}")).collect();
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}

fn mark_name(mark: Mark) -> &'static str {
    MARKS.iter().find(|(known, _)| *known == mark).map_or("", |(_, name)| name)
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
    let told = |citation: &str, notes: &[(String, String)]| match notes.first() {
        Some((keyword, note)) if note.is_empty() => format!("{citation}: {keyword}"),
        Some((keyword, note)) if keyword == "note" => format!("{citation}: {note}"),
        Some((keyword, note)) => format!("{citation}: {keyword}: {note}"),
        None => citation.to_owned(),
    };
    let provisions = provisions.map(|it| told(&it.citation, &it.notes));
    provisions.chain(sections.map(|it| told(&it.citation, &it.notes))).collect()
}

fn untried(leaf: &CoveredLeaf) -> String {
    let CoveredLeaf { citation, words, known, .. } = leaf;
    let seen = if known.any() { " (known, but it never decided)" } else { "" };
    format!("{citation}: {words}{seen}")
}

fn one_way(leaf: &CoveredLeaf) -> String {
    let side = if leaf.decided.yes { "yes" } else { "no" };
    format!("{}: {}: only {side}", leaf.citation, leaf.words)
}

fn sources(corpus: &Corpus, coverage: &Coverage) -> Vec<String> {
    let pack = corpus.packs.get(coverage.pack.index());
    let told = coverage.sources.iter().map(|(&(mark, reference), count)| {
        let source = reference.and_then(|at| pack?.references.get(at));
        let title = source.map_or("no source named", |source| source.title.as_str());
        let provisions = counted(*count, "provision", "provisions");
        format!("{title}: {}, {provisions}", mark_name(mark))
    });
    told.collect()
}

fn sides(sides: Sides) -> Vec<&'static str> {
    let named = [(sides.yes, "yes"), (sides.no, "no")];
    named.into_iter().filter(|(seen, _)| *seen).map(|(_, name)| name).collect()
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
