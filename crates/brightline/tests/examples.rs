//! Every request in `examples/` is decided, and stands in the table there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use brightline_desk::{Library, Packs, Request};

#[test]
fn every_example_is_decided_and_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let table = fs::read_to_string(folder.join("README.md")).unwrap();
    let library = Library::open(Packs::embedded().unwrap());
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(table.contains(&format!("`{name}`")), "{name} is not in the table");
        let text = fs::read_to_string(&path).unwrap();
        let response = library.answer(&Request::read(&text).unwrap());
        let response = response.unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert!(!response.determinations.is_empty(), "{name}");
        count += 1;
    }
    assert!(count >= 8);
}
