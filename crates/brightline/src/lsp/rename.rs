//! Rename: a name at its declarations and wherever it is used, in all packs of the directory.

use std::collections::HashMap;

use brightline_law::diagnostic::Span;
use brightline_law::syntax::{NameKind, parse};
use lsp_types::{PrepareRenameResponse, TextEdit, Uri, WorkspaceEdit};

use super::desk::Spot;
use super::index::{Meant, Symbol};

/// Returns the place of the name that would be changed.
///
/// # Errors
///
/// Says why there is nothing to rename.
pub(super) fn prepare(spot: &Spot<'_>) -> Result<PrepareRenameResponse, String> {
    let (span, symbol) = renamed(spot)?;
    Ok(PrepareRenameResponse::RangeWithPlaceholder {
        range: spot.range(span),
        placeholder: symbol.name.clone(),
    })
}

/// Returns the edits that give a name another spelling.
///
/// # Errors
///
/// Says why the name cannot be changed, or not to this.
// The protocol's own type of an edit has URIs as keys.
#[allow(clippy::mutable_key_type)]
pub(super) fn rename(spot: &Spot<'_>, new_name: &str) -> Result<WorkspaceEdit, String> {
    let (_, symbol) = renamed(spot)?;
    if !can_be_name(symbol.kind, new_name) {
        return Err(format!("`{new_name}` cannot be a name here"));
    }
    let is_taken = |other: &Symbol| {
        other.kind == symbol.kind
            && other.name == new_name
            && (other.pack, other.record, other.owner) == (symbol.pack, symbol.record, symbol.owner)
    };
    if spot.reading.index.symbols.iter().any(is_taken) {
        return Err(format!("`{new_name}` is declared already"));
    }
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for span in symbol.declared.iter().chain(&symbol.uses) {
        if spot.reading.text(*span) != symbol.name {
            continue;
        }
        let Some(location) = spot.location(*span) else {
            return Err(built_in(symbol));
        };
        changes
            .entry(location.uri)
            .or_default()
            .push(TextEdit { range: location.range, new_text: new_name.to_owned() });
    }
    Ok(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

fn renamed<'s>(spot: &'s Spot<'_>) -> Result<(Span, &'s Symbol), String> {
    let index = &spot.reading.index;
    let mention = index.at(spot.file, spot.byte32());
    let mention = mention.ok_or("no name stands here")?;
    match (&mention.meant, index.symbol(mention)) {
        (_, Some(symbol)) => {
            let span = symbol.declared.first().copied();
            match span.and_then(|span| spot.location(span)) {
                Some(_) => Ok((mention.span, symbol)),
                None => Err(built_in(symbol)),
            }
        }
        (Meant::Other(NameKind::Provision | NameKind::Section, _), _) => {
            Err("labels follow the text of the law".to_owned())
        }
        (Meant::Other(NameKind::Pack | NameKind::Source, _), _) => {
            Err("this name stands in a `pack.toml`".to_owned())
        }
        _ => Err("this name is not declared".to_owned()),
    }
}

fn built_in(symbol: &Symbol) -> String {
    format!("`{}` is declared in a pack that is built in", symbol.name)
}

/// The parser knows what can be a name.
fn can_be_name(kind: NameKind, name: &str) -> bool {
    if kind == NameKind::Paper {
        return !name.is_empty() && !name.contains(['"', '\n', '\\']);
    }
    let is_one_word = name.chars().all(|it| it.is_alphanumeric() || it == '_');
    let line = format!("```law\nfact {name} is yes or no\n```\n");
    is_one_word && parse(0, &line).diagnostics.is_empty()
}
