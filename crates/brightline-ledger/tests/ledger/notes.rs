//! Signed notes: what is read prints again to the same bytes, and nothing else is read.

use brightline_ledger::{Note, SignerKey, VerifierKey};
use proptest::prelude::*;

/// The example of the specification of signed notes in the Go project, with its key.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SAYS: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZ\
    b6KE6RyyBwJnAM=\n";
/// The example of the specification of cosignatures.
const WITNESSED: &str = "example.com/behind-the-sofa\n20852163\n\
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv\
    2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b\
    2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

#[test]
fn a_note_that_others_signed_is_verified() {
    let key: VerifierKey = PETER.parse().unwrap();
    assert_eq!(key.to_string(), PETER);
    let note: Note = PETER_SAYS.parse().unwrap();
    assert_eq!(note.to_string(), PETER_SAYS);
    note.signed_by(&key).unwrap();
    let other = PETER_SAYS.replace("the answer", "an answer");
    assert!(other.parse::<Note>().unwrap().signed_by(&key).unwrap_err().is_corrupt());
}

#[test]
fn a_checkpoint_with_a_witness_is_read() {
    let note: Note = WITNESSED.parse().unwrap();
    assert_eq!(note.to_string(), WITNESSED);
    assert_eq!(note.signatures().len(), 2);
    let stranger = SignerKey::generate("example.com/behind-the-sofa").unwrap();
    let missing = note.signed_by(&stranger.verifier()).unwrap_err();
    assert!(missing.to_string().starts_with("there is no signature of"));
}

#[test]
fn what_would_print_otherwise_is_refused() {
    let line = "— a.example AAAAAAA=\n";
    for bad in [
        String::new(),
        "\n\n".to_owned(),
        "text\n".to_owned(),
        "text\n\n".to_owned(),
        format!("text\n{line}"),
        format!("\n\n{line}"),
        format!("text\n\n{}", line.trim_end()),
        format!("text\n\n{line}\n"),
        format!("text\r\n\n{line}"),
        format!("text\tmore\n\n{line}"),
        "text\n\n- a.example AAAAAAA=\n".to_owned(),
        "text\n\n—  a.example AAAAAAA=\n".to_owned(),
        "text\n\n— a.example  AAAAAAA=\n".to_owned(),
        "text\n\n— a.example AAAAAAA= \n".to_owned(),
        "text\n\n— a+b AAAAAAA=\n".to_owned(),
        "text\n\n— a.example AAAAAAA\n".to_owned(),
        "text\n\n— a.example AAAAAAB=\n".to_owned(),
        "text\n\n— a.example AAAAAA==\n".to_owned(),
        "text\n\n— a.example AAAA\n".to_owned(),
        format!("text\n\n{}", line.repeat(65)),
    ] {
        assert!(bad.parse::<Note>().unwrap_err().is_corrupt(), "{bad:?}");
    }
    format!("text\n\n{}", line.repeat(64)).parse::<Note>().unwrap();
    format!("text\n\nmore\n\n{line}").parse::<Note>().unwrap();
}

proptest! {
    #[test]
    fn any_text_signs_and_reads_again(lines in prop::collection::vec("[ -~é—]{0,12}", 1..6)) {
        let text = format!("{}\n", lines.join("\n"));
        let key = SignerKey::generate("a.example").unwrap();
        if let Ok(note) = Note::sign(&text, &key) {
            let read: Note = note.to_string().parse().unwrap();
            prop_assert_eq!(&read, &note);
            prop_assert!(read.signed_by(&key.verifier()).is_ok());
        } else {
            prop_assert_eq!(text, "\n");
        }
    }

    #[test]
    fn one_changed_byte_is_never_signed(at in 0_usize..1000, flip in 1_u8..128) {
        let mut bytes = PETER_SAYS.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        let key: VerifierKey = PETER.parse().unwrap();
        if let Ok(Ok(note)) = String::from_utf8(bytes).map(|text| text.parse::<Note>()) {
            prop_assert!(note.signed_by(&key).is_err());
        }
    }
}
