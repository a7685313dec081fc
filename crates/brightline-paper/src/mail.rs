//! Mails with papers attached.

use mail_parser::{MessageParser, MimeHeaders, PartType};

use crate::limits::Limits;
use crate::papers::Papers;
use crate::pdf;
use crate::reading::{Origin, Reading, read_pdf};
use crate::refused::Refused;

const ATTACHMENTS_MAX: usize = 20;
/// A mail begins with headers; one of these is among the first.
const HEADERS: [&str; 8] = [
    "from:",
    "to:",
    "subject:",
    "date:",
    "received:",
    "return-path:",
    "mime-version:",
    "message-id:",
];

pub(crate) fn read(bytes: &[u8], papers: &Papers, limits: &Limits) -> Result<Reading, Refused> {
    attached(bytes, papers, limits).map(|(reading, _)| reading)
}

/// Reads the paper of a mail, and returns it beside the reading; empty where it has none.
pub(crate) fn attached(
    bytes: &[u8],
    papers: &Papers,
    limits: &Limits,
) -> Result<(Reading, Vec<u8>), Refused> {
    if !is_mail(bytes) {
        return Err(Refused::NoPaper);
    }
    let message = MessageParser::default().parse(bytes).ok_or(Refused::NoPaper)?;
    if message.parts.len() > 20 * ATTACHMENTS_MAX {
        return Err(Refused::TooMany);
    }
    let mut best: Option<(Reading, Vec<u8>)> = None;
    let mut refused = None;
    let mut skipped = 0;
    for part in message.parts.iter().filter(|it| is_file(&it.body)).take(ATTACHMENTS_MAX) {
        let contents = part.contents();
        if contents.len() > limits.bytes_max {
            refused = Some(Refused::TooLong);
            continue;
        }
        if !pdf::is_pdf(contents) {
            skipped += 1;
            continue;
        }
        match read_pdf(contents, papers, limits) {
            Ok(mut reading) => {
                reading.attachment = part.attachment_name().map(str::to_owned);
                let is_better = best.as_ref().is_none_or(|(it, _)| {
                    it.papers.iter().all(|it| it.name.is_none())
                        && reading.papers.iter().any(|it| it.name.is_some())
                });
                if is_better {
                    best = Some((reading, contents.to_vec()));
                }
            }
            Err(error) => refused = Some(error),
        }
    }
    let Some((mut reading, file)) = best else {
        return refused.map_or_else(|| Ok((no_attachment(), Vec::new())), Err);
    };
    reading.notes.push("the paper was attached to a mail; read the mail as well".to_owned());
    if skipped > 0 {
        reading.notes.push("the mail has other attachments, which were not read".to_owned());
    }
    if let Some(error) = refused {
        reading.notes.push(format!("another attachment was not read: {error}"));
    }
    Ok((reading, file))
}

fn is_mail(bytes: &[u8]) -> bool {
    let head = bytes.get(..4096.min(bytes.len())).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.lines().take(40).any(|line| HEADERS.iter().any(|it| line.starts_with(it)))
}

fn is_file(body: &PartType<'_>) -> bool {
    matches!(body, PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Text(_))
}

fn no_attachment() -> Reading {
    Reading {
        origin: Origin::Text,
        pages: 0,
        sizes: Vec::new(),
        papers: Vec::new(),
        fields: Vec::new(),
        proposals: Vec::new(),
        notes: vec!["the mail has no PDF attached: read it, and type the request in".to_owned()],
        attachment: None,
    }
}
