//! The reader in a process of its own.

use brightline_paper::{Beside, Limits, Reader, Refused, serve_one};

use crate::fixtures::{detainer_form, pdf};

/// Set in the process that reads: this program, started again for one test.
const APART: &str = "BRIGHTLINE_TEST_READS_APART";

/// Not a test of its own: what the other process runs.
#[test]
#[ignore = "it is started by the tests beside it"]
fn one_file() {
    if std::env::var_os(APART).is_some() {
        serve_one(&Beside::embedded(), &Limits::default()).unwrap();
    }
}

fn script(text: &str) -> Reader {
    let arguments = vec!["-c".to_owned(), text.to_owned()];
    let limits = Limits { time_max: std::time::Duration::from_millis(200), ..Limits::default() };
    Reader::new("/bin/sh".into(), arguments, limits)
}

#[test]
fn a_reader_that_falls_or_hangs_is_a_word_and_not_a_fall() {
    assert_eq!(script("kill -SEGV $$").read(b"%PDF-"), Err(Refused::Hostile));
    assert_eq!(script("exec sleep 60").read(b"%PDF-"), Err(Refused::TooSlow));
    let absent = Reader::new("/no/such/program".into(), Vec::new(), Limits::default());
    assert_eq!(absent.read(b"%PDF-"), Err(Refused::NoReader));
}

#[test]
fn a_reading_comes_back_whole() {
    let program = std::env::current_exe().unwrap();
    // The runner of tests prints around the answer: a shell cuts it out.
    let command = format!(
        "{APART}=1 '{}' --ignored --exact apart::one_file --nocapture | grep -o '{{\"re.*}}'",
        program.display()
    );
    let arguments = vec!["-c".to_owned(), command];
    let reader = Reader::new("/bin/sh".into(), arguments, Limits::default());
    let reading = reader.read(&pdf(&[detainer_form()])).unwrap();
    assert_eq!(reading.papers[0].name.as_deref(), Some("I-247A"));
    assert_eq!(reader.read(b"%PDF-1.7 broken"), Err(Refused::Damaged));
}
