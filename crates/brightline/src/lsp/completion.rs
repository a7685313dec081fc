//! Completion: the words of the language and of the packs that can stand at a place.

mod wanted;

use brightline_law::ir::{PackId, RecordId};
use brightline_law::syntax::{BlockKind, NameKind, parse};
use lsp_types::{CompletionItem, CompletionItemKind, Documentation, MarkupContent, MarkupKind};

use super::desk::Spot;
use super::hover::{brief, fact, of_symbol};
use super::index::Symbol;
use wanted::{Cursor, Wanted};

/// Returns what can stand at a place; nothing outside law.
pub(super) fn completion(spot: &Spot<'_>) -> Vec<CompletionItem> {
    let parsed = parse(0, spot.text);
    let byte = spot.byte32();
    let block = parsed.blocks.iter().find(|block| {
        let is_law = matches!(block.kind, BlockKind::Law { .. });
        is_law && block.span.start <= byte && byte <= block.span.end
    });
    let Some(block) = block else {
        return Vec::new();
    };
    let inside = spot.text.get(block.span.start as usize..block.span.end as usize);
    let cursor =
        Cursor::at(inside.unwrap_or_default(), spot.byte.saturating_sub(block.span.start as usize));
    let mut items = Vec::new();
    for wanted in cursor.wanted() {
        items.extend(offered(spot, &wanted));
    }
    let mut seen: Vec<String> = Vec::new();
    items.retain(|item| {
        let is_new = !seen.contains(&item.label);
        seen.push(item.label.clone());
        is_new
    });
    items
}

fn offered(spot: &Spot<'_>, wanted: &Wanted<'_>) -> Vec<CompletionItem> {
    let of_kind = |kind: NameKind| symbols(spot, |symbol| symbol.kind == kind);
    let corpus = &spot.reading.corpus;
    match wanted {
        Wanted::Words(words) => words.iter().map(|word| keyword(word)).collect(),
        Wanted::Subjects => of_kind(NameKind::Subject),
        Wanted::Acts => of_kind(NameKind::Act),
        Wanted::Tables => of_kind(NameKind::Table),
        Wanted::Calendars => of_kind(NameKind::Calendar),
        Wanted::Roles => of_kind(NameKind::Role),
        Wanted::Conditions(record) => {
            let record = record.and_then(|name| corpus.record(spot.pack, name));
            symbols(spot, |symbol| {
                let is_said = symbol.record.is_none() || symbol.record == record;
                symbol.kind == NameKind::Condition && is_said
            })
        }
        Wanted::Values(fact, record) => {
            let record = record.and_then(|name| corpus.record(spot.pack, name));
            values(spot, fact, record)
        }
        Wanted::Records => symbols(spot, |symbol| {
            let names = corpus.records.iter().map(|record| &record.name);
            symbol.kind == NameKind::Condition
                && symbol.record.is_none()
                && names.into_iter().any(|name| *name == symbol.name)
        }),
        Wanted::Papers => {
            let mut papers = of_kind(NameKind::Paper);
            for paper in &mut papers {
                paper.insert_text = Some(format!("\"{}\"", paper.label));
            }
            papers
        }
        Wanted::Sources => sources(spot),
        Wanted::Packs => {
            let packs = corpus.packs.iter();
            packs.map(|pack| plain(&pack.id, CompletionItemKind::MODULE, &pack.title)).collect()
        }
        Wanted::References => references(spot),
        Wanted::Duties => {
            let own = |symbol: &Symbol| symbol.kind == NameKind::Duty && symbol.pack == spot.pack;
            let mut duties = symbols(spot, own);
            duties.extend(references(spot));
            duties
        }
    }
}

/// Returns the symbols that can be seen from the pack, the nearest packs first.
fn symbols(spot: &Spot<'_>, is_wanted: impl Fn(&Symbol) -> bool) -> Vec<CompletionItem> {
    let reading = spot.reading;
    let mut items = Vec::new();
    for (distance, pack) in reading.corpus.visible(spot.pack).enumerate() {
        let own = reading.index.symbols.iter().filter(|it| it.pack == pack && is_wanted(it));
        items.extend(own.map(|symbol| item(spot, symbol, distance)));
    }
    items
}

fn item(spot: &Spot<'_>, symbol: &Symbol, distance: usize) -> CompletionItem {
    let (corpus, index) = (&spot.reading.corpus, &spot.reading.index);
    let kind = match symbol.kind {
        NameKind::Subject => CompletionItemKind::CLASS,
        NameKind::Act => CompletionItemKind::METHOD,
        NameKind::Condition => match fact(corpus, symbol) {
            Some(_) => CompletionItemKind::FIELD,
            None => CompletionItemKind::VARIABLE,
        },
        NameKind::Value | NameKind::Reading => CompletionItemKind::ENUM_MEMBER,
        _ => CompletionItemKind::CONSTANT,
    };
    let told = of_symbol(corpus, index, symbol);
    let documentation = told.map(|value| {
        let kind = MarkupKind::Markdown;
        Documentation::MarkupContent(MarkupContent { kind, value })
    });
    CompletionItem {
        label: symbol.name.clone(),
        kind: Some(kind),
        detail: brief(corpus, index, symbol),
        documentation,
        sort_text: Some(format!("{distance}{}", symbol.name)),
        ..CompletionItem::default()
    }
}

fn values(spot: &Spot<'_>, fact: &str, record: Option<RecordId>) -> Vec<CompletionItem> {
    let reading = spot.reading;
    let seen: Vec<PackId> = reading.corpus.visible(spot.pack).collect();
    let symbols = &reading.index.symbols;
    let is_fact = |symbol: &Symbol| {
        let is_said = symbol.record.is_none() || symbol.record == record;
        symbol.name == fact && symbol.kind == NameKind::Condition && is_said
    };
    let of_fact = |symbol: &&Symbol| {
        let owner = symbol.owner.and_then(|owner| symbols.get(owner));
        symbol.kind == NameKind::Value && seen.contains(&symbol.pack) && owner.is_some_and(is_fact)
    };
    symbols.iter().filter(of_fact).map(|symbol| item(spot, symbol, 0)).collect()
}

fn sources(spot: &Spot<'_>) -> Vec<CompletionItem> {
    let pack = spot.reading.corpus.packs.get(spot.pack.index());
    let references = pack.map_or(&[][..], |pack| &pack.references);
    let items = references.iter();
    items.map(|it| plain(&it.id, CompletionItemKind::REFERENCE, &it.title)).collect()
}

/// Labels of the section first, then the ids of what can be named from here.
fn references(spot: &Spot<'_>) -> Vec<CompletionItem> {
    let corpus = &spot.reading.corpus;
    let mut items = vec![keyword("this section")];
    for pack in corpus.visible(spot.pack) {
        let own = corpus.provisions.iter().filter(|provision| provision.pack == pack);
        for provision in own {
            let id = provision.id.split_once('/').map_or(provision.id.as_str(), |(_, id)| id);
            let said = provision.plain.as_deref().unwrap_or(&provision.citation);
            if provision.span.file == spot.file {
                items.push(plain(&provision.label, CompletionItemKind::REFERENCE, said));
            }
            items.push(plain(id, CompletionItemKind::REFERENCE, said));
        }
    }
    items.retain(|item| !item.label.is_empty());
    items
}

fn keyword(word: &str) -> CompletionItem {
    CompletionItem {
        label: word.to_owned(),
        kind: Some(CompletionItemKind::KEYWORD),
        sort_text: Some(format!("9{word}")),
        ..CompletionItem::default()
    }
}

fn plain(label: &str, kind: CompletionItemKind, detail: &str) -> CompletionItem {
    CompletionItem {
        label: label.to_owned(),
        kind: Some(kind),
        detail: Some(detail.to_owned()),
        ..CompletionItem::default()
    }
}
