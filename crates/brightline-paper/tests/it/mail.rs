//! Mails with papers attached.

use brightline_paper::{Limits, Papers, Refused, read};

use crate::fixtures::{detainer_form, pdf};

fn mail(parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut text = String::from(
        "From: office@example.gov\r\nTo: jail@example.gov\r\nSubject: detainer\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"cut\"\r\n\r\n\
         --cut\r\nContent-Type: text/plain\r\n\r\nSee attached.\r\n",
    );
    for (kind, name, bytes) in parts {
        text += &format!(
            "--cut\r\nContent-Type: {kind}; name=\"{name}\"\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            base64(bytes)
        );
    }
    text += "--cut--\r\n";
    text.into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (at, chunk) in bytes.chunks(3).enumerate() {
        if at > 0 && at % 19 == 0 {
            text += "\r\n";
        }
        let number = (0..3).fold(0, |sum, at| sum << 8 | u32::from(*chunk.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * at)) as usize & 63] as char;
            text.push(if at > chunk.len() { '=' } else { letter });
        }
    }
    text
}

fn papers() -> Papers {
    Papers::embedded().unwrap()
}

#[test]
fn the_attachment_that_is_a_known_paper_is_read() {
    let blank = pdf(&[crate::fixtures::Sheet::default()]);
    let file = mail(&[
        ("image/png", "seal.png", b"\x89PNG"),
        ("application/pdf", "cover.pdf", &blank),
        ("application/pdf", "detainer.pdf", &pdf(&[detainer_form()])),
    ]);
    let reading = read(&file, &papers(), &Limits::default()).unwrap();
    assert_eq!(reading.attachment.as_deref(), Some("detainer.pdf"));
    assert_eq!(reading.papers[0].name.as_deref(), Some("I-247A"));
    assert!(reading.notes.iter().any(|it| it.contains("other attachments")));
}

#[test]
fn a_mail_without_a_paper_says_so() {
    let reading = read(&mail(&[]), &papers(), &Limits::default()).unwrap();
    assert!(reading.papers.is_empty());
    assert!(reading.notes[0].contains("no PDF attached"), "{:?}", reading.notes);
}

#[test]
fn a_mail_whose_only_paper_is_broken_is_refused_for_it() {
    let file = mail(&[("application/pdf", "detainer.pdf", b"%PDF-1.7 broken")]);
    assert_eq!(read(&file, &papers(), &Limits::default()), Err(Refused::Damaged));
}
