//! Fixes: a near miss replaced by the word that was probably meant.

use std::collections::HashMap;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, TextEdit, WorkspaceEdit,
};

/// Returns a fix for each diagnostic that suggests one.
// The protocol's own type of an edit has URIs as keys.
#[allow(clippy::mutable_key_type)]
pub(super) fn fixes(params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
    let suggested = params.context.diagnostics.iter().filter_map(|diagnostic| {
        let suggestion = diagnostic.data.as_ref()?.get("suggestion")?.as_str()?;
        let edit = TextEdit { range: diagnostic.range, new_text: suggestion.to_owned() };
        let changes = HashMap::from([(params.text_document.uri.clone(), vec![edit])]);
        Some(CodeActionOrCommand::CodeAction(CodeAction {
            title: format!("Write `{suggestion}`"),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostic.clone()]),
            edit: Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
            is_preferred: Some(true),
            ..CodeAction::default()
        }))
    });
    suggested.collect()
}
