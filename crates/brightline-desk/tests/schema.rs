//! The JSON Schemas in `docs/schema` are those of the wire forms.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use brightline_desk::{coverage_schema, determination_schema, request_schema};

#[test]
fn schemas_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema");
    let schemas = [
        ("request", request_schema()),
        ("determination", determination_schema()),
        ("coverage", coverage_schema()),
    ];
    for (name, schema) in schemas {
        let path = folder.join(format!("{name}.schema.json"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &schema).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
        let same = read(&written) == read(&schema);
        assert!(same, "{} is out of date; BLESS=1 rewrites it", path.display());
    }
}
