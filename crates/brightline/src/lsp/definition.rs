//! Where a name is declared, and where it is used.

use brightline_law::diagnostic::Span;
use brightline_law::ir::{Corpus, PackId, ProvisionId, SectionId};
use brightline_law::syntax::NameKind;
use lsp_types::{Location, Position, Range};

use super::desk::Spot;
use super::index::{Meant, Mention};
use super::place::uri_of;

/// Returns where the name at a place is declared.
pub(super) fn definition(spot: &Spot<'_>) -> Vec<Location> {
    let index = &spot.reading.index;
    let Some(mention) = index.at(spot.file, spot.byte32()) else {
        return Vec::new();
    };
    let spans = match (&mention.meant, index.symbol(mention)) {
        (_, Some(symbol)) => symbol.declared.clone(),
        (Meant::Other(NameKind::Pack, pack), _) => {
            return manifest(spot, pack, None).into_iter().collect();
        }
        (Meant::Other(NameKind::Source, source), _) => {
            let corpus = &spot.reading.corpus;
            let pack = corpus.packs.get(mention.pack.index());
            let place = pack.and_then(|pack| manifest(spot, &pack.id, Some(source)));
            return place.into_iter().collect();
        }
        (Meant::Other(_, text), _) => provisions(spot, mention, text),
        _ => Vec::new(),
    };
    spans.iter().filter_map(|span| spot.location(*span)).collect()
}

/// Returns where the name at a place is used; with its declarations, where they are wanted.
pub(super) fn references(spot: &Spot<'_>, with_declarations: bool) -> Vec<Location> {
    let index = &spot.reading.index;
    let mention = index.at(spot.file, spot.byte32());
    let Some(symbol) = mention.and_then(|mention| index.symbol(mention)) else {
        return Vec::new();
    };
    let declared = symbol.declared.iter().filter(|_| with_declarations);
    let spans = declared.chain(&symbol.uses);
    spans.filter_map(|span| spot.location(*span)).collect()
}

/// Returns the section that a place stands in.
pub(super) fn section_at(corpus: &Corpus, span: Span) -> Option<SectionId> {
    let sections = corpus.sections.iter().zip((0u32..).map(SectionId));
    let above = sections
        .filter(|(section, _)| section.span.file == span.file && section.span.start <= span.start);
    above.max_by_key(|(section, _)| section.span.start).map(|(_, id)| id)
}

/// Returns the provisions that a reference means, in all their versions.
pub(super) fn provisions_meant(
    corpus: &Corpus,
    (pack, span): (PackId, Span),
    text: &str,
) -> Vec<ProvisionId> {
    let section = section_at(corpus, span);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let where_id = |wanted: &str| -> Vec<ProvisionId> {
        let provisions = corpus.provisions.iter().zip((0u32..).map(ProvisionId));
        let found = provisions.filter(|(provision, _)| {
            provision.id.strip_prefix(wanted).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('(') || rest.starts_with(' ')
            })
        });
        found.map(|(_, id)| id).collect()
    };
    let ids = match section {
        _ if text.contains('/') => vec![text.clone()],
        Some(section) if text == "this section" => vec![corpus.section_id(section)],
        _ => {
            let here = section.map(|section| joined(&corpus.section_id(section), &text));
            let packs = corpus.visible(pack).filter_map(|pack| corpus.packs.get(pack.index()));
            let packs = packs.map(|pack| format!("{}/{text}", pack.id));
            here.into_iter().chain(packs).collect()
        }
    };
    let found = ids.iter().map(|id| leaf_or_above(id, &where_id));
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// Returns what an id names; a leaf inside a provision is found by the provision.
fn leaf_or_above(id: &str, where_id: &impl Fn(&str) -> Vec<ProvisionId>) -> Vec<ProvisionId> {
    let mut wanted = id;
    loop {
        let found = where_id(wanted);
        match wanted.rfind('(') {
            Some(at) if found.is_empty() => {
                wanted = wanted.get(..at).unwrap_or_default().trim_end()
            }
            _ => return found,
        }
    }
}

fn joined(section: &str, label: &str) -> String {
    if label.starts_with('(') || section.ends_with('/') {
        format!("{section}{label}")
    } else {
        format!("{section} {label}")
    }
}

fn provisions(spot: &Spot<'_>, mention: &Mention, text: &str) -> Vec<Span> {
    if mention.declares {
        return vec![mention.span];
    }
    let corpus = &spot.reading.corpus;
    if text == "this section" {
        let section = section_at(corpus, mention.span);
        let section = section.and_then(|section| corpus.sections.get(section.index()));
        return section.map(|section| section.span).into_iter().collect();
    }
    let ids = provisions_meant(corpus, (mention.pack, mention.span), text);
    let found = ids.iter().filter_map(|id| corpus.provisions.get(id.index()));
    let mut spans: Vec<Span> = found.map(|provision| provision.span).collect();
    if spans.is_empty() {
        let sections = corpus.sections.iter();
        let named = sections.filter(|it| it.short == text && !it.short.is_empty());
        spans = named.map(|section| section.span).collect();
    }
    spans
}

/// Returns the manifest of a pack, at the line of a source where one is named.
fn manifest(spot: &Spot<'_>, pack: &str, source: Option<&str>) -> Option<Location> {
    let pack = pack.strip_prefix("every rule of ").unwrap_or(pack);
    let path = spot.shelf.file_on_disk(&format!("{pack}/pack.toml"))?;
    let text = std::fs::read_to_string(&path).ok()?;
    let quoted = source.map(|source| format!("\"{source}\""));
    let line = quoted.and_then(|quoted| {
        let mut lines = text.lines();
        lines.position(|line| line.trim_start().starts_with("id") && line.contains(&quoted))
    });
    let start = Position::new(u32::try_from(line.unwrap_or_default()).ok()?, 0);
    Some(Location { uri: uri_of(&path)?, range: Range::new(start, start) })
}
