//! A session with an editor: messages in, answers and diagnostics out.

use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use brightline_law::diagnostic::Diagnostic;
use brightline_law::{Sources, check};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    DidSaveTextDocument, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, Formatting, GotoDefinition, HoverRequest,
    PrepareRenameRequest, References, Rename, Request as _,
};
use lsp_types::{
    CompletionResponse, DocumentSymbolResponse, GotoDefinitionResponse, InitializeParams,
    PublishDiagnosticsParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::desk::Desk;
use super::diagnostics::{ByFile, add, add_unreadable};
use super::lines::Encoding;
use super::place::{path_of, uri_of};
use super::{completion, definition, fixes, formatting, hover, rename, symbols};
use crate::trouble::Trouble;

/// Diagnostics are shown when nothing was typed for so long.
const QUIET: Duration = Duration::from_millis(150);
/// How often a check that runs beside is asked whether it is done.
const POLL: Duration = Duration::from_millis(50);

/// What `check` found beyond reading, which takes longer.
struct Findings {
    directory: PathBuf,
    generation: u64,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

/// A session with an editor.
pub(super) struct Session {
    connection: Connection,
    desk: Desk,
    /// When diagnostics are due; none: they are shown already.
    due: Option<Instant>,
    /// Files that show diagnostics.
    shown: Vec<PathBuf>,
    findings: Vec<Findings>,
    checks: (mpsc::Sender<Findings>, mpsc::Receiver<Findings>),
    checks_running: usize,
}

impl Session {
    pub(super) fn open(
        connection: Connection,
        encoding: Encoding,
        params: &InitializeParams,
    ) -> Self {
        let mut desk = Desk::new(encoding);
        for folder in params.workspace_folders.iter().flatten() {
            if let Some(path) = path_of(&folder.uri) {
                desk.shelve_folder(&path);
            }
        }
        Self {
            connection,
            desk,
            due: Some(Instant::now()),
            shown: Vec::new(),
            findings: Vec::new(),
            checks: mpsc::channel(),
            checks_running: 0,
        }
    }

    pub(super) fn run(&mut self) -> Result<(), Trouble> {
        loop {
            let message = match self.wait() {
                None => self.connection.receiver.recv().ok(),
                Some(time) => match self.connection.receiver.recv_timeout(time) {
                    Ok(message) => Some(message),
                    Err(error) if error.is_timeout() => {
                        self.when_quiet();
                        continue;
                    }
                    Err(_) => None,
                },
            };
            match message {
                None => return Ok(()),
                Some(Message::Request(request)) => {
                    let is_end = self.connection.handle_shutdown(&request);
                    if is_end.map_err(|error| Trouble::bad_input(error.to_string()))? {
                        return Ok(());
                    }
                    let answer = self.answer(request);
                    self.send(answer.into());
                }
                Some(Message::Notification(notification)) => self.take(notification),
                Some(Message::Response(_)) => {}
            }
        }
    }

    fn wait(&self) -> Option<Duration> {
        let due = self.due.map(|due| due.saturating_duration_since(Instant::now()));
        let poll = (self.checks_running > 0).then_some(POLL);
        due.into_iter().chain(poll).min()
    }

    fn send(&self, message: Message) {
        // An editor that has gone away needs no answer; the next message in says so.
        let _ = self.connection.sender.send(message);
    }

    fn when_quiet(&mut self) {
        while let Ok(findings) = self.checks.1.try_recv() {
            self.checks_running -= 1;
            self.findings.retain(|it| it.directory != findings.directory);
            self.findings.push(findings);
            self.due = Some(Instant::now());
        }
        if self.due.is_some_and(|due| due <= Instant::now()) {
            self.due = None;
            self.show();
        }
    }

    fn show(&mut self) {
        let mut found = ByFile::new();
        let (open, encoding) = (&self.desk.open, self.desk.encoding);
        for shelf in self.desk.shelves.values_mut() {
            if let Some(error) = shelf.unreadable.clone() {
                add_unreadable(shelf, &error, &mut found);
            }
            shelf.reading(open);
            let Some(reading) = shelf.read_already() else {
                continue;
            };
            add(shelf, (&reading.sources, encoding), &reading.diagnostics, &mut found);
            for findings in &self.findings {
                let is_fresh = findings.generation == shelf.generation;
                if is_fresh && findings.directory == shelf.directory() {
                    let beyond = findings.diagnostics.as_slice();
                    add(shelf, (&findings.sources, encoding), beyond, &mut found);
                }
            }
        }
        let gone: Vec<PathBuf> = self.shown.drain(..).collect();
        for path in gone.into_iter().filter(|path| !found.contains_key(path)) {
            self.publish(path, Vec::new());
        }
        for (path, diagnostics) in found {
            self.shown.push(path.clone());
            self.publish(path, diagnostics);
        }
    }

    fn publish(&self, path: PathBuf, diagnostics: Vec<lsp_types::Diagnostic>) {
        let Some(uri) = uri_of(&path) else { return };
        let params = PublishDiagnosticsParams { uri, diagnostics, version: None };
        let method = PublishDiagnostics::METHOD.to_owned();
        self.send(Notification::new(method, params).into());
    }

    /// Checks the pack of a file and those above it, beside; what is found is shown when done.
    fn check_beside(&mut self, uri: &Uri) {
        let encoding_start = lsp_types::Position::default();
        let Some(spot) = self.desk.spot_at(uri, encoding_start) else {
            return;
        };
        let sources = spot.reading.stack(spot.pack);
        let (directory, generation) = (spot.shelf.directory().to_owned(), spot.shelf.generation);
        let sender = self.checks.0.clone();
        self.checks_running += 1;
        thread::spawn(move || {
            let checked = check(&sources);
            let is_beyond = |it: &Diagnostic| it.code.starts_with("L2");
            let diagnostics = checked.diagnostics.into_iter().filter(is_beyond).collect();
            let _ = sender.send(Findings { directory, generation, sources, diagnostics });
        });
    }

    fn take(&mut self, notification: Notification) {
        let params = notification.params;
        match notification.method.as_str() {
            DidOpenTextDocument::METHOD => {
                let Some(params) = read::<lsp_types::DidOpenTextDocumentParams>(params) else {
                    return;
                };
                self.write(&params.text_document.uri, Some(params.text_document.text));
                self.check_beside(&params.text_document.uri);
            }
            DidChangeTextDocument::METHOD => {
                let Some(params) = read::<lsp_types::DidChangeTextDocumentParams>(params) else {
                    return;
                };
                if let Some(change) = params.content_changes.into_iter().last() {
                    self.write(&params.text_document.uri, Some(change.text));
                }
            }
            DidCloseTextDocument::METHOD => {
                let params = read::<lsp_types::DidCloseTextDocumentParams>(params);
                if let Some(params) = params {
                    self.write(&params.text_document.uri, None);
                }
            }
            DidSaveTextDocument::METHOD => {
                let params = read::<lsp_types::DidSaveTextDocumentParams>(params);
                if let Some(params) = params {
                    self.reload();
                    self.check_beside(&params.text_document.uri);
                }
            }
            DidChangeWatchedFiles::METHOD => self.reload(),
            _ => {}
        }
    }

    /// Puts a text on the desk, or takes it off.
    fn write(&mut self, uri: &Uri, text: Option<String>) {
        let Some(path) = path_of(uri) else { return };
        match text {
            Some(text) => self.desk.open.insert(path.clone(), text),
            None => self.desk.open.remove(&path),
        };
        if let Some(shelf) = self.desk.shelve(&path) {
            shelf.touch();
        }
        self.due = Some(Instant::now() + QUIET);
    }

    fn reload(&mut self) {
        for shelf in self.desk.shelves.values_mut() {
            shelf.reload();
        }
        self.due = Some(Instant::now() + QUIET);
    }

    fn answer(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        let answer = match method.as_str() {
            HoverRequest::METHOD => self.hover(params),
            GotoDefinition::METHOD => self.definition(params),
            References::METHOD => self.references(params),
            Completion::METHOD => self.completion(params),
            PrepareRenameRequest::METHOD => self.prepare_rename(params),
            Rename::METHOD => self.rename(params),
            Formatting::METHOD => self.formatting(params),
            DocumentSymbolRequest::METHOD => self.symbols(params),
            CodeActionRequest::METHOD => with(params, |params| Ok(fixes::fixes(&params))),
            unknown => {
                let message = format!("there is no `{unknown}` here");
                return Response::new_err(id, ErrorCode::MethodNotFound as i32, message);
            }
        };
        match answer {
            Ok(value) => Response::new_ok(id, value),
            Err(message) => Response::new_err(id, ErrorCode::InvalidRequest as i32, message),
        }
    }

    fn hover(&mut self, params: Value) -> Answer {
        with(params, |params: lsp_types::HoverParams| {
            let spot = self.desk.spot(&params.text_document_position_params);
            Ok(spot.and_then(|spot| hover::hover(&spot)))
        })
    }

    fn definition(&mut self, params: Value) -> Answer {
        with(params, |params: lsp_types::GotoDefinitionParams| {
            let spot = self.desk.spot(&params.text_document_position_params);
            let places = spot.map(|spot| definition::definition(&spot));
            Ok(GotoDefinitionResponse::Array(places.unwrap_or_default()))
        })
    }

    fn references(&mut self, params: Value) -> Answer {
        with(params, |params: lsp_types::ReferenceParams| {
            let spot = self.desk.spot(&params.text_document_position);
            let whole = params.context.include_declaration;
            Ok(spot.map(|spot| definition::references(&spot, whole)))
        })
    }

    fn completion(&mut self, params: Value) -> Answer {
        with(params, |params: lsp_types::CompletionParams| {
            let spot = self.desk.spot(&params.text_document_position);
            let items = spot.map(|spot| completion::completion(&spot));
            Ok(CompletionResponse::Array(items.unwrap_or_default()))
        })
    }

    fn prepare_rename(&mut self, params: Value) -> Answer {
        with(params, |params: lsp_types::TextDocumentPositionParams| {
            let spot = self.desk.spot(&params);
            spot.map(|spot| rename::prepare(&spot)).transpose()
        })
    }

    fn rename(&mut self, params: Value) -> Answer {
        with(params, |params: lsp_types::RenameParams| {
            let spot = self.desk.spot(&params.text_document_position);
            spot.map(|spot| rename::rename(&spot, &params.new_name)).transpose()
        })
    }

    fn formatting(&mut self, params: Value) -> Answer {
        with(params, |params: lsp_types::DocumentFormattingParams| {
            let text = self.desk.text(&params.text_document.uri);
            Ok(text.map(|text| formatting::formatting(&text, self.desk.encoding)))
        })
    }

    fn symbols(&mut self, params: Value) -> Answer {
        with(params, |params: lsp_types::DocumentSymbolParams| {
            let text = self.desk.text(&params.text_document.uri);
            let found = text.map(|text| symbols::symbols(&text, self.desk.encoding));
            Ok(DocumentSymbolResponse::Nested(found.unwrap_or_default()))
        })
    }
}

/// What is answered, or why nothing can be.
type Answer = Result<Value, String>;

/// Reads the parameters of a request and writes its result.
fn with<P: DeserializeOwned, R: serde::Serialize>(
    params: Value,
    answer: impl FnOnce(P) -> Result<R, String>,
) -> Answer {
    let params = serde_json::from_value(params).map_err(|error| error.to_string())?;
    serde_json::to_value(answer(params)?).map_err(|error| error.to_string())
}

fn read<P: DeserializeOwned>(params: Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
