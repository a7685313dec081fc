//! Papers: whatever the file, reading ends with a reading or a word, and never tells what may not
//! be read.

use std::sync::OnceLock;
use std::time::Duration;

use brightline_paper::{Limits, Papers, read};

use crate::bytes::Choices;

const PAPER: &str = "%PDF-1.7
1 0 obj
<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 6 0 R 7 0 R]>>>>
endobj
2 0 obj
<</Type/Pages/Kids[3 0 R]/Count 1>>
endobj
3 0 obj
<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Annots[5 0 R 6 0 R 7 0 R]
/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>
endobj
4 0 obj
<</Length 128>>
stream
BT /F1 10 Tf 40 20 Td (Form I-247A \\(3/17\\)) Tj 0 300 Td (Citizenship: SECRETLAND) Tj
T* [(Da) -20 (te: 3/4/2025)] TJ ET q Q /X Do
endstream
endobj
5 0 obj
<</FT/Tx/T(Name of Alien)/V(DOE)/Rect[1 2 3 4]/P 3 0 R>>
endobj
6 0 obj
<</FT/Btn/T(Final Order)/V/Yes/Kids[7 0 R]>>
endobj
7 0 obj
<</FT/Tx/T(Citizenship)/V(SECRETLAND)/Rect[1 2 3 4]>>
endobj
trailer
<</Root 1 0 R/Size 8>>
%%EOF
";
const MAIL: &str = "From: a@b\nMIME-Version: 1.0\n\
    Content-Type: multipart/mixed; boundary=cut\n\n--cut\nContent-Type: application/pdf\n\n";

/// Checks one input.
pub fn run(bytes: &[u8]) {
    static PAPERS: OnceLock<Papers> = OnceLock::new();
    let papers = PAPERS.get_or_init(|| Papers::embedded().unwrap_or_default());
    let mut choices = Choices::new(bytes);
    let start = match choices.below(8) {
        0 => format!("{MAIL}{PAPER}\n--cut--\n"),
        _ => PAPER.to_owned(),
    };
    let file = changed(start.into_bytes(), &mut choices);
    let limits = Limits {
        time_max: Duration::from_secs(5),
        ocr_program: String::new(),
        ..Limits::default()
    };
    if let Ok(reading) = read(&file, papers, &limits) {
        let told = reading.fields.iter().map(|it| &it.value);
        let told = told.chain(reading.proposals.iter().map(|it| &it.value));
        let named = reading.papers.iter().any(|it| it.name.is_some());
        let is_whole = file.windows(10).any(|it| it == b"SECRETLAND");
        let labeled = file.windows(12).any(|it| it == b"Citizenship:");
        if named && is_whole && labeled {
            assert!(told.into_iter().all(|it| !it.starts_with("SECRETLAND")));
        }
        for field in &reading.fields {
            assert!(field.confidence.0 <= 100);
        }
    }
}

/// Cuts, doubles and replaces bytes of a file.
fn changed(mut file: Vec<u8>, choices: &mut Choices<'_>) -> Vec<u8> {
    const PIECES: [&[u8]; 14] = [
        b"",
        b"<<",
        b">>",
        b"[",
        b"]",
        b"(",
        b")",
        b"3 0 R",
        b"/Kids[6 0 R]",
        b"-1",
        b"99999999999",
        b"\xff",
        b"/Filter/FlateDecode",
        b"endstream",
    ];
    while !choices.is_empty() {
        let at = usize::from(choices.byte()) << 8 | usize::from(choices.byte());
        let from = at % (file.len() + 1);
        let to = file.len().min(from + choices.below(5));
        let piece = PIECES[choices.below(PIECES.len())];
        file.splice(from..to, piece.iter().copied());
    }
    file
}
