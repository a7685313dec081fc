//! The outline of a file: its sections, and in them rules, definitions, duties, examples.

use std::ops::Range;

use brightline_law::diagnostic::Span;
use brightline_law::syntax::ast::Item;
use brightline_law::syntax::parse;
use lsp_types::{DocumentSymbol, SymbolKind};

use super::lines::{Encoding, Lines};

/// An item as the outline shows it.
struct Head<'i> {
    name: String,
    detail: Option<&'i str>,
    kind: SymbolKind,
    span: Span,
    is_section: bool,
}

/// Returns the outline of a text.
pub(super) fn symbols(text: &str, encoding: Encoding) -> Vec<DocumentSymbol> {
    let parsed = parse(0, text);
    let lines = Lines::of(text, encoding);
    let heads: Vec<Head<'_>> = parsed.document.items.iter().filter_map(head).collect();
    let start = |head: &Head<'_>| line_start(text, head.span.start as usize);
    let mut found: Vec<DocumentSymbol> = Vec::new();
    for (at, head) in heads.iter().enumerate() {
        let next = heads.get(at + 1).map_or(text.len(), start);
        let next_section = heads.iter().skip(at + 1).find(|head| head.is_section);
        let section_end = next_section.map_or(text.len(), start);
        let mut blocks = parsed.blocks.iter().map(|block| block.span);
        let block = blocks.rfind(|block| block.start <= head.span.start);
        let block_end = block.map_or(next, |block| next.min(block.end as usize));
        let end = if head.is_section { section_end } else { block_end };
        let symbol = symbol(head, &lines, start(head)..trimmed(text, start(head)..end));
        match found.last_mut() {
            Some(section) if section.children.is_some() && !head.is_section => {
                section.children.get_or_insert_default().push(symbol);
            }
            _ => found.push(symbol),
        }
    }
    found
}

fn head(item: &Item) -> Option<Head<'_>> {
    let (word, name, detail, kind) = match item {
        Item::Section(section) => {
            let short = section.short.as_ref().map(|short| short.text.as_str());
            ("", &section.citation, short, SymbolKind::NAMESPACE)
        }
        Item::Rule(rule) => ("rule ", &rule.label, None, SymbolKind::FUNCTION),
        Item::Define(define) => ("define ", &define.name, None, SymbolKind::VARIABLE),
        Item::Unsettled(point) => {
            let question = point.question.as_ref().map(|it| it.text.as_str());
            ("unsettled ", &point.name, question, SymbolKind::VARIABLE)
        }
        Item::Duty(duty) => ("duty ", &duty.label, None, SymbolKind::EVENT),
        Item::Example(example) => ("example ", &example.title, None, SymbolKind::STRING),
        Item::Claim(claim) => ("claim ", &claim.title, None, SymbolKind::BOOLEAN),
        Item::Name(name) => {
            let words = name.words.as_ref().map(|it| it.text.as_str());
            ("", &name.name, words, SymbolKind::CONSTANT)
        }
        Item::Agency(agency) => {
            let words = agency.words.as_ref().map(|it| it.text.as_str());
            ("agency ", &agency.name, words, SymbolKind::CLASS)
        }
        Item::Act(act) => {
            let words = act.words.as_ref().map(|it| it.text.as_str());
            ("act ", &act.name, words, SymbolKind::METHOD)
        }
        Item::Fact(fact) => {
            let ask = fact.ask.as_ref().map(|it| it.text.as_str());
            ("fact ", &fact.name, ask, SymbolKind::FIELD)
        }
        Item::Record(record) => ("record ", &record.name, None, SymbolKind::STRUCT),
        Item::Paper(paper) => ("paper ", &paper.name, None, SymbolKind::FILE),
        Item::Table(table) => ("table ", &table.name, None, SymbolKind::ARRAY),
        Item::Calendar(calendar) => ("calendar ", &calendar.name, None, SymbolKind::ARRAY),
        Item::NeverAsk(_) | Item::Impossible(_) => return None,
    };
    Some(Head {
        name: format!("{word}{}", name.text),
        detail,
        kind,
        span: name.span,
        is_section: matches!(item, Item::Section(_)),
    })
}

// The field that the protocol gave up must still be named.
#[allow(deprecated)]
fn symbol(head: &Head<'_>, lines: &Lines<'_>, range: Range<usize>) -> DocumentSymbol {
    let end = range.end.max(head.span.end as usize);
    DocumentSymbol {
        name: head.name.clone(),
        detail: head.detail.map(str::to_owned),
        kind: head.kind,
        tags: None,
        deprecated: None,
        range: lines.range(range.start..end),
        selection_range: lines.span(head.span),
        children: head.is_section.then(Vec::new),
    }
}

fn line_start(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or_default();
    before.rfind('\n').map_or(0, |at| at + 1)
}

fn trimmed(text: &str, range: Range<usize>) -> usize {
    let inside = text.get(range.clone()).unwrap_or_default();
    range.start + inside.trim_end().len()
}
