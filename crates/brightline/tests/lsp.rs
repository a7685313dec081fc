//! The language server, talked to as an editor does, over real packs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A debug build reads all packs in seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// An editor that runs the server.
struct Editor {
    server: Child,
    input: ChildStdin,
    output: Receiver<Value>,
    /// Notifications that came while an answer was awaited.
    aside: Vec<Value>,
    next_id: u64,
}

impl Editor {
    /// Starts the server in a folder and shakes hands.
    fn start(folder: &Path) -> (Self, Value) {
        let mut server = Command::new(env!("CARGO_BIN_EXE_brightline"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take().unwrap();
        let mut reader = BufReader::new(server.stdout.take().unwrap());
        let (sender, output) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut reader) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let aside = Vec::new();
        let mut editor = Self { server, input, output, aside, next_id: 1 };
        let params = json!({
            "processId": null,
            "capabilities": {"general": {"positionEncodings": ["utf-16"]}},
            "workspaceFolders": [{"uri": uri(folder), "name": "law"}],
        });
        let answer = editor.request("initialize", params);
        editor.notify("initialized", json!({}));
        (editor, answer)
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and returns the answer, whole.
    fn exchange(&mut self, method: &str, params: Value) -> Value {
        let id = self.next_id;
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.output.recv_timeout(PATIENCE).expect(method);
            if message.get("id") == Some(&json!(id)) {
                return message;
            }
            self.aside.push(message);
        }
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        let answer = self.exchange(method, params);
        assert_eq!(answer.get("error"), None, "{method}");
        answer["result"].clone()
    }

    fn open(&mut self, file: &Path, text: &str) {
        let document = json!({
            "uri": uri(file), "languageId": "markdown", "version": 1, "text": text,
        });
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    fn change(&mut self, file: &Path, text: &str) {
        let params = json!({
            "textDocument": {"uri": uri(file), "version": 2},
            "contentChanges": [{"text": text}],
        });
        self.notify("textDocument/didChange", params);
    }

    /// Waits until the diagnostics of a file are as wanted.
    fn diagnostics(&mut self, file: &Path, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let until = Instant::now() + PATIENCE;
        loop {
            let waiting: Vec<Value> = self.aside.drain(..).collect();
            let more = waiting.is_empty().then(|| self.output.recv_timeout(PATIENCE).unwrap());
            for message in waiting.into_iter().chain(more) {
                let is_here = message["params"]["uri"] == uri(file);
                if message["method"] == "textDocument/publishDiagnostics" && is_here {
                    let found = message["params"]["diagnostics"].as_array().unwrap().clone();
                    if wanted(&found) {
                        return found;
                    }
                }
            }
            assert!(Instant::now() < until, "no such diagnostics");
        }
    }

    fn ask_at(&mut self, method: &str, (file, text): (&Path, &str), needle: &str) -> Value {
        self.request(
            method,
            json!({
                "textDocument": {"uri": uri(file)}, "position": position(text, needle),
            }),
        )
    }

    fn stop(mut self) {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        let ended = self.server.wait().unwrap();
        assert_eq!(ended.code(), Some(0));
    }
}

fn read(reader: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", count)) => length = count.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

fn packs() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")).unwrap()
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// The place one letter into the needle, in units of two bytes; `|` in it marks another.
fn position(text: &str, needle: &str) -> Value {
    let mark = needle.find('|').unwrap_or(1);
    let at = text.find(&needle.replace('|', "")).expect(needle) + mark;
    let before = &text[..at];
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap().encode_utf16().count();
    json!({"line": line, "character": column})
}

/// The text with the edits of one file made.
fn edited(text: &str, edits: &[Value]) -> String {
    let byte = |at: &Value| {
        let line = usize::try_from(at["line"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut units = at["character"].as_u64().unwrap();
        let mut byte = start;
        for letter in text[start..].chars() {
            if units == 0 {
                break;
            }
            units -= letter.len_utf16() as u64;
            byte += letter.len_utf8();
        }
        byte
    };
    let mut edits: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let new_text = edit["newText"].as_str().unwrap();
            (byte(&range["start"]), byte(&range["end"]), new_text)
        })
        .collect();
    edits.sort_unstable();
    let mut made = text.to_owned();
    for (start, end, new_text) in edits.into_iter().rev() {
        made.replace_range(start..end, new_text);
    }
    made
}

fn section() -> (PathBuf, String) {
    let file = packs().join("us-ny-nyc/9-131.law.md");
    let text = fs::read_to_string(&file).unwrap();
    (file, text)
}

#[test]
fn a_name_that_is_broken_is_shown_with_the_one_that_was_meant() {
    let (file, text) = section();
    let (mut editor, hello) = Editor::start(packs().parent().unwrap());
    assert_eq!(hello["serverInfo"]["name"], "brightline");
    assert_eq!(hello["capabilities"]["positionEncoding"], "utf-16");
    let broken = text.replace("(B) terrorist_database_match", "(B) terorist_database_match");
    assert_ne!(broken, text);
    editor.open(&file, &text);
    editor.change(&file, &broken);
    let found = editor.diagnostics(&file, |found| found.iter().any(|it| it["code"] == "L106"));
    let shown = found.iter().find(|it| it["code"] == "L106").unwrap();
    assert_eq!(shown["severity"], 1);
    assert_eq!(shown["data"]["suggestion"], "terrorist_database_match");
    let message = shown["message"].as_str().unwrap();
    assert!(message.contains("did you mean `terrorist_database_match`?"), "{message}");
    assert_eq!(shown["range"]["start"], position(&broken, "|terorist_database_match"));

    let context = json!({"diagnostics": [shown]});
    let fixes = editor.request(
        "textDocument/codeAction",
        json!({
            "textDocument": {"uri": uri(&file)}, "range": shown["range"], "context": context,
        }),
    );
    let edits = fixes[0]["edit"]["changes"][uri(&file)].as_array().unwrap();
    assert_eq!(edited(&broken, edits), text);

    editor.change(&file, &text);
    editor.diagnostics(&file, |found| found.iter().all(|it| it["code"] != "L106"));
    editor.stop();
}

#[test]
fn a_word_is_told_in_the_words_of_the_pack() {
    let (file, text) = section();
    let (mut editor, _) = Editor::start(packs().parent().unwrap());
    editor.open(&file, &text);
    let mut told = |needle: &str| {
        let hover = editor.ask_at("textDocument/hover", (&file, &text), needle);
        hover["contents"]["value"].as_str().expect(needle).to_owned()
    };
    let fact = told("(B) |terrorist_database_match");
    assert!(fact.starts_with("**terrorist_database_match**: "), "{fact}");
    assert!(fact.contains("yes or no") && fact.contains("\n> ") && fact.contains("cost: "));
    assert!(fact.contains("in reasons: the person is a possible match"), "{fact}");
    let act = told("may |hold_past_release, notify");
    assert!(act.starts_with("**hold_past_release**: act: "), "{act}");
    let term = told("(i) |judicial_warrant_came_with_detainer");
    assert!(term.starts_with("**judicial_warrant_came_with_detainer**: unsettled: "), "{term}");
    assert!(term.contains("§") && term.contains("(safe)") && term.contains("\n- "), "{term}");
    let defined = told("define |federal_immigration_authority");
    assert!(defined.starts_with("**federal_immigration_authority**: defined"), "{defined}");
    assert!(defined.contains("2026-01-28") && defined.contains("- any of\n  - "));
    let rule = told("rule |(b)(1)\n");
    assert!(rule.contains("**NYC Admin. Code § 9-131(b)(1)**"), "{rule}");
    assert!(rule.contains("In force from 2014-12-14"), "{rule}");
    assert!(rule.contains("Source: Local Law 58 of 2014"), "{rule}");
    let source = told("source |ll-58-2014");
    assert!(source.contains("Local Law 58 of 2014") && source.contains("https://"), "{source}");
    editor.stop();
}

#[test]
fn names_lead_to_where_they_are_declared() {
    let (file, text) = section();
    let (mut editor, _) = Editor::start(packs().parent().unwrap());
    editor.open(&file, &text);
    let mut declared = |needle: &str| {
        let places = editor.ask_at("textDocument/definition", (&file, &text), needle);
        let places = places.as_array().unwrap().clone();
        let told = places.iter().map(|place| {
            let path = place["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
            let line = usize::try_from(place["range"]["start"]["line"].as_u64().unwrap()).unwrap();
            let text = fs::read_to_string(path).unwrap();
            text.lines().nth(line).unwrap().trim().to_owned()
        });
        told.collect::<Vec<_>>()
    };
    let fact = declared("(B) |terrorist_database_match");
    assert!(fact[0].starts_with("fact terrorist_database_match \""), "{fact:?}");
    let act = declared("may |hold_past_release, notify");
    assert!(act[0].starts_with("act hold_past_release \""), "{act:?}");
    let agency = declared("|doc may hold_past");
    assert!(agency[0].starts_with("agency doc \""), "{agency:?}");
    let term = declared("(i) |judicial_warrant_came_with_detainer");
    assert!(term[0].starts_with("unsettled judicial_warrant_came_with_detainer"), "{term:?}");
    let rule = declared("|(b)(1) does not bar");
    assert!(rule.iter().any(|line| line == "rule (b)(1)"), "{rule:?}");
    let source = declared("source |ll-63-2026");
    assert_eq!(source, ["id = \"ll-63-2026\""]);
    editor.stop();
}

#[test]
fn uses_of_a_name_are_listed_in_all_packs() {
    let (file, text) = section();
    let (mut editor, _) = Editor::start(packs().parent().unwrap());
    editor.open(&file, &text);
    let params = json!({
        "textDocument": {"uri": uri(&file)},
        "position": position(&text, "may |hold_past_release"),
        "context": {"includeDeclaration": true},
    });
    let places = editor.request("textDocument/references", params);
    let mut files = std::collections::BTreeSet::new();
    for place in places.as_array().unwrap() {
        let path = place["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
        let line = usize::try_from(place["range"]["start"]["line"].as_u64().unwrap()).unwrap();
        let text = fs::read_to_string(path).unwrap();
        let shown = text.lines().nth(line).unwrap();
        assert!(shown.contains("hold_past_release"), "{path}: {shown}");
        files.insert(path.to_owned());
    }
    for pack in ["packs/us/", "packs/us-ny-nyc/", "packs/us-tx/"] {
        assert!(files.iter().any(|path| path.contains(pack)), "{pack}");
    }
    editor.stop();
}

#[test]
fn what_can_stand_at_a_place_is_offered() {
    let (file, text) = section();
    let (mut editor, _) = Editor::start(packs().parent().unwrap());
    editor.open(&file, &text);
    let block = "\n```law\nrule (zz)\n  doc may \n  doc must not notify_release when ter\n  \
                 doc may share_status when purpose is \n```\n";
    let longer = format!("{text}{block}");
    editor.change(&file, &longer);
    let mut offered = |needle: &str| {
        let items = editor.ask_at("textDocument/completion", (&file, &longer), needle);
        let items = items.as_array().unwrap().clone();
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let acts = offered("doc may |\n");
    assert!(acts.contains(&"hold_past_release".to_owned()), "{acts:?}");
    assert!(!acts.contains(&"terrorist_database_match".to_owned()));
    let facts = offered("when ter|\n");
    for name in ["terrorist_database_match", "convicted_of_listed_crime", "all of"] {
        assert!(facts.contains(&name.to_owned()), "{name}");
    }
    assert!(!facts.contains(&"hold_past_release".to_owned()));
    let agencies = offered("rule (zz)\n  |doc");
    assert!(agencies.contains(&"doc".to_owned()) && agencies.contains(&"the agency".to_owned()));
    assert!(offered("# |Department").is_empty());
    let kinds = editor.ask_at("textDocument/completion", (&file, &longer), "purpose is |\n");
    let kinds = kinds.as_array().unwrap().iter();
    let details: Vec<&str> = kinds.filter_map(|item| item["detail"].as_str()).collect();
    assert!(details.contains(&"civil immigration enforcement"), "{details:?}");
    editor.stop();
}

#[test]
fn a_rename_reaches_every_pack_and_leaves_the_law_as_it_was() {
    let (file, text) = section();
    let (mut editor, _) = Editor::start(packs().parent().unwrap());
    editor.open(&file, &text);
    let mut rename = |needle: &str, new_name: &str| {
        editor.exchange(
            "textDocument/rename",
            json!({
                "textDocument": {"uri": uri(&file)}, "position": position(&text, needle),
                "newName": new_name,
            }),
        )
    };
    for (name, needle) in [("zz_hold", "may |hold_past_release"), ("zz_match", "(B) |terrorist")] {
        let answer = rename(needle, name);
        let changes = answer["result"]["changes"].as_object().unwrap();
        assert!(changes.len() > 1, "{changes:?}");
        let old = if name == "zz_hold" { "hold_past_release" } else { "terrorist_database_match" };
        for (changed, edits) in changes {
            let text = fs::read_to_string(changed.strip_prefix("file://").unwrap()).unwrap();
            let made = edited(&text, edits.as_array().unwrap());
            let in_law = |line: &&str| line.contains(old) && !line.contains(['.', '"']);
            assert_eq!(made.lines().find(in_law), None, "{changed}");
            assert_eq!(made.replace(name, old), text, "{changed}");
        }
    }
    let refused = rename("(B) |terrorist", "All");
    assert!(refused["error"]["message"].as_str().unwrap().contains("cannot be a name"));
    let refused = rename("(B) |terrorist", "judicial_warrant");
    assert!(refused["error"]["message"].as_str().unwrap().contains("declared already"));
    let refused = rename("rule |(b)(1)\n", "zz");
    assert!(refused["error"]["message"].as_str().unwrap().contains("text of the law"));
    editor.stop();
}

#[test]
fn a_file_is_formatted_and_outlined() {
    let (file, text) = section();
    let (mut editor, _) = Editor::start(packs().parent().unwrap());
    let loose = text.replace(
        "(i) judicial_warrant_came_with_detainer",
        "(i)   judicial_warrant_came_with_detainer",
    );
    assert_ne!(loose, text);
    editor.open(&file, &loose);
    let options = json!({"tabSize": 2, "insertSpaces": true});
    let params = json!({"textDocument": {"uri": uri(&file)}, "options": options});
    let edits = editor.request("textDocument/formatting", params);
    let made = edited(&loose, edits.as_array().unwrap());
    assert!(made.contains("\n    (i) judicial_warrant_came_with_detainer\n"));
    assert!(!made.contains("(i)   "));

    let params = json!({"textDocument": {"uri": uri(&file)}});
    let outline = editor.request("textDocument/documentSymbol", params);
    let sections = outline.as_array().unwrap();
    assert!(sections.iter().all(|it| it["name"] == "NYC Admin. Code § 9-131"));
    let rules = sections.iter().flat_map(|it| it["children"].as_array().unwrap());
    assert!(rules.into_iter().any(|rule| rule["name"] == "rule (b)(1)"));
    editor.stop();
}

#[test]
fn a_pack_alone_in_a_folder_has_the_built_in_packs_above_it() {
    let folder = std::env::temp_dir().join(format!("brightline-lsp-{}", std::process::id()));
    let pack = folder.join("zz-town");
    fs::create_dir_all(&pack).unwrap();
    let manifest = "id = \"zz-town\"\ntitle = \"Town\"\nparents = [\"us\"]\nzone = \"UTC\"\n";
    fs::write(pack.join("pack.toml"), manifest).unwrap();
    let file = pack.join("town.law.md");
    let text = "# Town\n\n```law\nvocabulary \"Words\"\n\nfact member is yes or no\n  \
                ask \"Is it a member?\"\n\nimpossible when all of\n  member\n  \
                judicial_warant\n```\n";
    fs::write(&file, text).unwrap();
    let (mut editor, _) = Editor::start(&folder);
    editor.open(&file, text);
    let found = editor.diagnostics(&file, |found| !found.is_empty());
    assert_eq!(found[0]["data"]["suggestion"], "judicial_warrant");
    editor.stop();
    fs::remove_dir_all(&folder).unwrap();
}

/// The extension has no build step that would find a comma too many.
#[test]
fn what_editors_read_can_be_read() {
    let editors = packs().parent().unwrap().join("editors");
    for file in ["brightline.tmLanguage.json", "vscode/package.json"] {
        let text = fs::read_to_string(editors.join(file)).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        assert!(document.get("name").is_some(), "{file}");
    }
    let shown = fs::read_to_string(editors.join("helix/languages.toml")).unwrap();
    let page = fs::read_to_string(editors.join("../docs/editors.md")).unwrap();
    let settings = shown.split_once("\n\n").unwrap().1;
    assert!(page.contains(settings), "docs/editors.md shows other settings");
}
