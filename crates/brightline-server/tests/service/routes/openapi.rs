//! The description of the interface and the file in which it is kept.

use std::path::Path;

/// `BLESS=1` writes the file anew.
#[test]
fn the_file_says_what_the_code_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let document = brightline_server::openapi_document();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &document).expect("the file can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == document, "docs/openapi.json is out of date; run this test with BLESS=1");
}

#[test]
fn every_reference_leads_somewhere() {
    let document: serde_json::Value =
        serde_json::from_str(&brightline_server::openapi_document()).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    let mut found = 0;
    let mut waiting = vec![&document];
    while let Some(value) = waiting.pop() {
        match value {
            serde_json::Value::Array(values) => waiting.extend(values),
            serde_json::Value::Object(entries) => {
                if let Some(target) = entries.get("$ref").and_then(|it| it.as_str()) {
                    let pointer = target.trim_start_matches('#');
                    assert!(document.pointer(pointer).is_some(), "{target} leads nowhere");
                    found += 1;
                }
                waiting.extend(entries.values());
            }
            _ => {}
        }
    }
    assert!(found > 10, "only {found} references");
}
