//! A file is handed in: a PDF or a mail. It is read apart, and what was read fills the form of a
//! new request, for a person to confirm; nothing is taken over unseen.

use axum::extract::Multipart;
use axum::response::Response;
use brightline_law::ir::Kind;
use brightline_paper::{FieldRead, Keep, Origin, ProposedFor, Reading, Refused, Side};
use sha2::{Digest, Sha256};

use super::new::form_of;
use super::picture::{self, Pictures};
use crate::access::Action;
use crate::pages::outcome::capital;
use crate::pages::sent::Sent;
use crate::pages::staff::Staff;
use crate::pages::times;
use crate::pages::words::say;
use crate::problem::{Kind as Trouble, Problem};

/// What was read of a file, as the page shows it.
pub(super) struct Read {
    pub(super) origin: String,
    pub(super) papers: Vec<PaperRead>,
    pub(super) fields: Vec<Field>,
    pub(super) notes: Vec<String>,
}

/// A paper that was found.
pub(super) struct PaperRead {
    pub(super) title: String,
    pub(super) side: String,
    pub(super) is_doubtful: bool,
    pub(super) reasons: Vec<String>,
}

/// A field that was filled.
pub(super) struct Field {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) page: u32,
    pub(super) is_doubtful: bool,
}

pub(in crate::pages) async fn read(staff: Staff, sent: Multipart) -> Result<Response, Problem> {
    let (name, bytes) = file(sent).await?;
    let agency = super::new::agency(&staff, &Sent::default())?;
    staff.require(Action::Receive, &agency)?;
    let Some(reader) = staff.reader() else {
        let fault = say("fault-no-reader");
        return form_of(&staff, &Sent::default(), (fault, None));
    };
    let digest: String = Sha256::digest(&bytes).iter().map(|it| format!("{it:02x}")).collect();
    let reading = tokio::task::spawn_blocking(move || {
        let reading = reader.read(&bytes)?;
        Ok::<_, Refused>((reading, reader.draw(&bytes)))
    });
    let broken = |_| Problem::new(Trouble::Internal, "reading broke off");
    match reading.await.map_err(broken)? {
        Ok((reading, drawn)) => {
            let mut fields = fields_of(&staff, &agency, &reading, &format!("{digest} {name}"));
            let mut read = shown(&reading);
            match drawn {
                Ok(pngs) => {
                    let pictures = Pictures::keep(&staff, &digest, &pngs).await?;
                    fields.push(("pictures".to_owned(), pictures.text()));
                }
                Err(error) => read.notes.push(picture::sentence(error)),
            }
            form_of(&staff, &Sent::of(fields), (String::new(), Some(read)))
        }
        Err(refused) => {
            let fault = format!("{}: {}.", capital(&refused.to_string()), refused.help());
            form_of(&staff, &Sent::default(), (fault, None))
        }
    }
}

/// Returns the name and the bytes of the file.
async fn file(mut sent: Multipart) -> Result<(String, Vec<u8>), Problem> {
    let broken = |_| Problem::new(Trouble::MalformedRequest, "the file did not arrive whole");
    while let Some(part) = sent.next_field().await.map_err(broken)? {
        if part.name() == Some("file") {
            let name: String = part.file_name().unwrap_or("file").chars().take(100).collect();
            let name = name.chars().filter(|it| !it.is_control()).collect();
            return Ok((name, part.bytes().await.map_err(broken)?.to_vec()));
        }
    }
    Err(Problem::new(Trouble::MalformedRequest, "there is no file"))
}

/// Returns the form as a person would have filled it in from the papers.
fn fields_of(staff: &Staff, agency: &str, reading: &Reading, file: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    add("document", file);
    for paper in reading.papers.iter().filter_map(|it| it.name.as_deref()) {
        add("papers", paper);
    }
    let library = staff.library();
    let corpus = library.corpus();
    let pack = agency.split_once('/').and_then(|(id, _)| corpus.pack(id));
    for proposal in &reading.proposals {
        let fact = match &proposal.to {
            ProposedFor::Subject(field) => {
                add(field, &proposal.value);
                continue;
            }
            ProposedFor::Fact(fact) => fact,
        };
        let declared = pack.and_then(|pack| corpus.fact(pack, fact));
        let Some(declared) = declared.and_then(|it| corpus.facts.get(it.index())) else { continue };
        let rests_on = |read: &&FieldRead| proposal.fields.contains(&read.name);
        let paper = reading.fields.iter().find(rests_on).map_or("", |read| read.paper.as_str());
        if declared.kind == Kind::Time {
            add(&format!("time.{fact}"), &times::to_field(&proposal.value));
            add(&format!("time-paper.{fact}"), paper);
            continue;
        }
        let is_doubtful = proposal.confidence.is_doubtful();
        let pairs = [
            ("fact", fact.as_str()),
            ("value", proposal.value.as_str()),
            ("paper", paper),
            ("because", proposal.because.as_str()),
            ("doubtful", if is_doubtful { "yes" } else { "" }),
        ];
        let text = serde_urlencoded::to_string(pairs).unwrap_or_default();
        add("offered", &text);
        if !is_doubtful {
            add("confirm", &text);
        }
    }
    fields
}

fn shown(reading: &Reading) -> Read {
    let papers = reading.papers.iter().map(|paper| PaperRead {
        title: match &paper.name {
            Some(name) if !paper.title.is_empty() => format!("{name}: {}", paper.title),
            Some(name) => name.clone(),
            None => capital(&paper.title),
        },
        side: say(match paper.side {
            Side::Judge => "side-judge",
            Side::Officer => "side-officer",
            Side::Mixed => "side-mixed",
            Side::Unclear => "side-unclear",
        }),
        is_doubtful: paper.confidence.is_doubtful() || paper.name.is_none(),
        reasons: paper
            .reasons
            .iter()
            .map(|why| format!("{} (page {})", capital(&why.says), why.page))
            .collect(),
    });
    let fields = reading.fields.iter().filter(|field| field.filled).map(|field| Field {
        label: field.label.clone(),
        value: match (field.keep, field.value.as_str()) {
            (Keep::Yes, "yes") => say("answer-yes"),
            (Keep::Yes, "no") => say("answer-no"),
            (Keep::Yes, value) => times::civil(&value.replacen('T', " ", 1)),
            (Keep::Sealed, _) => say("field-sealed"),
            (Keep::Never, _) => say("field-never"),
        },
        page: field.place.map_or(1, |place| place.page),
        is_doubtful: field.confidence.is_doubtful() && field.keep == Keep::Yes,
    });
    Read {
        origin: say(match reading.origin {
            Origin::Form => "origin-form",
            Origin::Text => "origin-text",
            Origin::Scan => "origin-scan",
            Origin::PictureOnly => "origin-picture",
        }),
        papers: papers.collect(),
        fields: fields.collect(),
        notes: reading.notes.iter().map(|it| capital(it)).collect(),
    }
}
