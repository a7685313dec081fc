//! A paper in place of a request.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::{Command, Output};

/// The form of a detainer, filled; without a table of its objects, as broken programs leave it.
const DETAINER: &str = "%PDF-1.7
1 0 obj
<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 7 0 R 8 0 R]>>>>
endobj
2 0 obj
<</Type/Pages/Kids[3 0 R]/Count 1>>
endobj
3 0 obj
<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Annots[5 0 R 6 0 R 7 0 R 8 0 R]
/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>
endobj
4 0 obj
<</Length 105>>
stream
BT /F1 10 Tf 40 20 Td (DHS Form I-247A \\(3/17\\)) Tj
0 700 Td (IMMIGRATION DETAINER - NOTICE OF ACTION) Tj ET
endstream
endobj
5 0 obj
<</FT/Tx/T(Name of Alien)/V(DOE, Example)/Rect[1 2 3 4]/P 3 0 R>>
endobj
6 0 obj
<</FT/Btn/T(Final Order)/V/Yes/Rect[1 2 3 4]/P 3 0 R>>
endobj
7 0 obj
<</FT/Tx/T(Citizenship)/V(NOWHERELAND)/Rect[1 2 3 4]/P 3 0 R>>
endobj
8 0 obj
<</FT/Tx/T(Served Date)/V(3/4/2025)/Rect[1 2 3 4]/P 3 0 R>>
endobj
trailer
<</Root 1 0 R/Size 9>>
%%EOF
";

fn decide(name: &str, bytes: &[u8], more: &[&str]) -> Output {
    let folder = std::env::temp_dir().join(format!("brightline-paper-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_brightline"));
    command.arg("decide").arg(&path).args(["--jurisdiction", "us-ny-nyc", "--agency", "doc"]);
    command.args(["--on", "2025-03-04"]).args(more).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_form_is_decided_and_what_it_says_is_told() {
    let output = decide("detainer.pdf", DETAINER.as_bytes(), &[]);
    let (told, answer) = (text(&output.stderr), text(&output.stdout));
    assert!(output.status.success(), "{told}");
    assert!(told.contains("I-247A (3/17)") && told.contains("not a judge's paper"), "{told}");
    assert!(told.contains("Citizenship: filled, not read"), "{told}");
    assert!(told.contains("not taken without --accept"), "{told}");
    assert!(!told.contains("NOWHERELAND") && !answer.contains("NOWHERELAND"));
    assert!(answer.contains("MUST NOT  hold a person past the time of release"), "{answer}");
}

#[test]
fn accepted_proposals_are_facts() {
    let output = decide("accepted.pdf", DETAINER.as_bytes(), &["--accept", "--json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("`detainer_served` yes"));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["jurisdiction"], "us-ny-nyc");
}

#[test]
fn a_broken_file_is_refused_with_a_word() {
    let output = decide("broken.pdf", b"%PDF-1.7 and nothing more", &[]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(
        told.contains("the file is damaged") && told.contains("print it to a new PDF"),
        "{told}"
    );
}

#[test]
fn a_picture_is_refused_with_what_to_do() {
    let output = decide("photo.jpg", b"\xff\xd8\xff\xe0 a picture", &[]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("this is neither a request in JSON"), "{told}");
    assert!(told.contains("help: a picture"), "{told}");
}

#[test]
fn the_form_among_the_examples_is_read() {
    let form = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/detainer.pdf");
    let output = decide("example.pdf", &std::fs::read(form).unwrap(), &["--accept"]);
    let (told, answer) = (text(&output.stderr), text(&output.stdout));
    assert!(told.contains("Name: CANARY, Juana Example"), "{told}");
    assert!(told.contains("Estimated release: 2025-03-04T17:40"), "{told}");
    assert!(!told.contains("NOWHERELAND") && !told.contains("PAT SAMPLE"), "{told}");
    assert!(answer.contains("MUST NOT  hold a person past the time of release"), "{answer}");
}
