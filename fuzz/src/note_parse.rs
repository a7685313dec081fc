//! Notes, checkpoints, proofs and keys: whatever is read prints again to the same bytes.

use std::fmt::Display;
use std::str::FromStr;

use brightline_ledger::{Checkpoint, ConsistencyFile, Note, ProofFile, VerifierKey};

use crate::bytes::Choices;

const PROOF: &str = "c2sp.org/tlog-proof@v1\nextra AAEC\nindex 1\n\
    bjQLnP+zepicpUTma3gKLHiQHT+zNzhnOFGjBhevoB0=\n\n";
const NOTE: &str = "example.com/log\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    — example.com/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5\n\
    — witness.example/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZC\n";
const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

/// Checks one input.
pub fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let start = match choices.below(5) {
        0 => NOTE.to_owned(),
        1 => format!("{PROOF}{NOTE}"),
        2 => format!("old 7\n{NOTE}"),
        3 => NOTE.lines().take(3).map(|line| format!("{line}\n")).collect(),
        _ => KEY.to_owned(),
    };
    let text = changed(start, &mut choices);
    reads_what_it_prints::<Note>(&text);
    reads_what_it_prints::<Checkpoint>(&text);
    reads_what_it_prints::<ProofFile>(&text);
    reads_what_it_prints::<ConsistencyFile>(&text);
    reads_what_it_prints::<VerifierKey>(&text);
}

fn reads_what_it_prints<T: FromStr + Display>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string(), text);
    }
}

/// Cuts, doubles and replaces letters of a text.
fn changed(mut text: String, choices: &mut Choices<'_>) -> String {
    const LETTERS: [&str; 12] =
        ["", "\n", "\n\n", " ", "=", "+", "0", "A", "—", "\t", "\r", "\u{a0}"];
    while !choices.is_empty() {
        let mut place = || {
            let at = usize::from(choices.byte()) << 8 | usize::from(choices.byte());
            let at = at % (text.len() + 1);
            (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
        };
        let from = place();
        let to = text.len().min(from + choices.below(4));
        let to = (to..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        text.replace_range(from..to, LETTERS[choices.below(LETTERS.len())]);
    }
    text
}
