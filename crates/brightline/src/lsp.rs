//! The language server: what editors ask while law is written.
//!
//! One file a feature. The `desk` holds what is open and the `shelf` of packs it belongs to; the
//! `index` knows what every name stands for. Everything else is asked of `brightline_law`.
//!
//! ```text
//! editor ─ session ─▶ desk ─▶ shelf ─▶ reading (corpus, diagnostics, index)
//!    ▲                                     │
//!    └──── hover, definition, rename, … ◀──┘
//! ```

mod completion;
mod definition;
mod desk;
mod diagnostics;
mod fixes;
mod formatting;
mod hover;
mod index;
mod lines;
mod place;
mod rename;
mod session;
mod shelf;
mod symbols;

use lsp_server::Connection;
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    HoverProviderCapability, InitializeParams, OneOf, PositionEncodingKind, RenameOptions,
    SaveOptions, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, WorkDoneProgressOptions,
};
use serde_json::json;

use crate::trouble::{Ending, Trouble};
use lines::Encoding;
use session::Session;

/// Serves an editor over standard input and output until it says goodbye.
pub(crate) fn serve() -> Result<Ending, Trouble> {
    let (connection, threads) = Connection::stdio();
    let broken = |error: &dyn std::fmt::Display| Trouble::bad_input(format!("editor: {error}"));
    let (id, params) = connection.initialize_start().map_err(|error| broken(&error))?;
    let params: InitializeParams =
        serde_json::from_value(params).map_err(|error| broken(&error))?;
    let encoding = encoding(&params);
    let answer = json!({
        "capabilities": capabilities(encoding),
        "serverInfo": {"name": "brightline", "version": env!("CARGO_PKG_VERSION")},
    });
    connection.initialize_finish(id, answer).map_err(|error| broken(&error))?;
    let mut session = Session::open(connection, encoding, &params);
    let ended = session.run();
    drop(session);
    threads.join().map_err(|error| broken(&error))?;
    ended.map(|()| Ending::Done)
}

fn encoding(params: &InitializeParams) -> Encoding {
    let general = params.capabilities.general.as_ref();
    let known = general.and_then(|general| general.position_encodings.as_ref());
    match known.is_some_and(|known| known.contains(&PositionEncodingKind::UTF8)) {
        true => Encoding::Utf8,
        false => Encoding::Utf16,
    }
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(match encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::FULL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions::default())),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec![" ".to_owned()]),
            ..CompletionOptions::default()
        }),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}
