//! A letter as blocks: what stands in it, before it is set.

use serde::Serialize;

use crate::letter::fill::{fill, without_marks};
use crate::letter::wording::{Direction, Drafted, Part, Wording, Wordings};
use crate::letter::{CaseLetter, LetterAct, LetterError, LetterKind};

/// A block of a letter, in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The name of the jurisdiction and the lines below it.
    Letterhead(String, Vec<String>),
    /// The title: there is one.
    Title(String),
    /// What has to be seen first: that this is a draft, that nobody checked the translation.
    Notice(String),
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A list.
    List(Vec<String>),
    /// Rows of a name and a value.
    Rows(Vec<(String, String)>),
}

/// A letter in one language, before it is set: for a preview, and for the press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// The language: `ar`.
    pub locale: String,
    /// Whether it is read from right to left.
    pub is_rtl: bool,
    /// Whether a person checked the wording.
    pub is_reviewed: bool,
    /// The title, as text.
    pub title: String,
    /// The day of the letter, `2025-03-04`.
    pub date: String,
    /// The line at the foot: `{page}` and `{pages}` stand for the numbers.
    pub(crate) footer: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

impl Page {
    /// Returns all text, block by block, without marks of direction.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |it: &str| {
            text.push_str(&without_marks(it));
            text.push('\n');
        };
        for block in &self.blocks {
            match block {
                Block::Letterhead(name, lines) => {
                    line(name);
                    lines.iter().for_each(|it| line(it));
                }
                Block::Title(it)
                | Block::Notice(it)
                | Block::Heading(it)
                | Block::Paragraph(it) => {
                    line(it);
                }
                Block::List(items) => items.iter().for_each(|it| line(it)),
                Block::Rows(rows) => rows.iter().for_each(|(name, value)| {
                    line(&format!("{name}: {value}"));
                }),
            }
        }
        text
    }
}

pub(super) fn compose(
    kind: LetterKind,
    locale: &str,
    case: &CaseLetter,
    wordings: &Wordings,
) -> Result<Page, LetterError> {
    let wording = wordings
        .get(&case.packs, kind.word(), locale)
        .ok_or_else(|| LetterError::NoWording { kind, locale: locale.to_owned() })?;
    let mut blocks = Vec::new();
    let head = wordings.head(&case.packs);
    let own = head.map(|it| it.name.as_str()).filter(|it| !it.is_empty());
    let name = own.unwrap_or(&case.jurisdiction);
    let lines = head.into_iter().flat_map(|it| &it.lines);
    let lines = lines.filter_map(|it| {
        let filled = fill(it, |name| field(case, name))?;
        // The address stands between the name of the agency and how it is reached.
        let below = it.contains("{agency").then_some(&case.address).into_iter().flatten();
        Some(std::iter::once(filled).chain(below.cloned()).collect::<Vec<_>>())
    });
    let lines = lines.flatten().collect();
    blocks.push(Block::Letterhead(name.to_owned(), lines));
    let title = fill(&wording.title, |name| field(case, name)).unwrap_or_default();
    blocks.push(Block::Title(title.clone()));
    if wording.drafted == Drafted::Machine {
        blocks.extend(wording.notice.iter().cloned().map(Block::Notice));
    }
    if case.signatures.is_empty() && !wording.draft.is_empty() {
        blocks.push(Block::Notice(wording.draft.clone()));
    }
    for part in &wording.parts {
        add(&mut blocks, part, case, wording);
    }
    Ok(Page {
        locale: locale.to_owned(),
        is_rtl: wording.direction == Direction::Rtl,
        is_reviewed: wording.drafted == Drafted::Reviewed,
        title: without_marks(&title),
        date: case.date.clone(),
        footer: fill(&wording.footer, |name| match name {
            "page" => Some("{page}"),
            "pages" => Some("{pages}"),
            other => field(case, other),
        })
        .unwrap_or_default(),
        blocks,
    })
}

fn field<'a>(case: &'a CaseLetter, name: &str) -> Option<&'a str> {
    Some(match name {
        "jurisdiction" => &case.jurisdiction,
        "agency" => &case.agency,
        "reference" => &case.reference,
        "date" if case.day.is_empty() => &case.date,
        "date" => &case.day,
        "law_of" => &case.law_of,
        "pack_digest" => &case.pack_digest,
        "subject" => &case.subject,
        "file_number" => &case.file_number,
        "request_date" => &case.request_date,
        "release_due" => &case.release_due,
        "release_by" => &case.release_by,
        "agency_name" if case.agency_name.is_empty() => &case.agency,
        "agency_name" => &case.agency_name,
        "contact" => &case.contact,
        "log" => &case.log,
        _ => return None,
    })
}

fn add(blocks: &mut Vec<Block>, part: &Part, case: &CaseLetter, wording: &Wording) {
    let papers = case.papers.join("; ");
    let value = |name: &str| match name {
        "papers" => Some(papers.as_str()),
        other => field(case, other),
    };
    let before = blocks.len();
    if part.each.is_empty() {
        plain(blocks, part, value);
    } else {
        match part.each.as_str() {
            "acts" => acts(blocks, part, case, wording),
            "duties" => {
                let rows = case.duties.iter();
                blocks.extend(list(part, rows, |duty, name| match name {
                    "duty" => Some(&duty.text),
                    "by" => Some(&duty.by),
                    "citation" => Some(&duty.citation),
                    _ => None,
                }));
            }
            "signatures" => {
                let rows = case.signatures.iter();
                blocks.extend(list(part, rows, |signature, name| match name {
                    "name" => Some(&signature.name),
                    "role" => Some(&signature.role),
                    "at" => Some(&signature.at),
                    _ => None,
                }));
            }
            _ => {
                let lines = case.to.iter().cloned().map(Block::Paragraph);
                blocks.extend(lines);
            }
        }
    }
    if blocks.len() > before && !part.heading.is_empty() {
        let heading = fill(&part.heading, value).unwrap_or_else(|| part.heading.clone());
        blocks.insert(before, Block::Heading(heading));
    }
}

fn plain<'a>(blocks: &mut Vec<Block>, part: &Part, value: impl Fn(&str) -> Option<&'a str>) {
    let filled = |it: &String| fill(it, &value);
    if !part.paragraph.is_empty() {
        blocks.extend(filled(&part.paragraph).map(Block::Paragraph));
    }
    let items: Vec<String> = part.list.iter().filter_map(filled).collect();
    if !items.is_empty() {
        blocks.push(Block::List(items));
    }
    let rows = part.rows.iter();
    let rows: Vec<_> = rows.filter_map(|(name, it)| Some((name.clone(), filled(it)?))).collect();
    if !rows.is_empty() {
        blocks.push(Block::Rows(rows));
    }
}

/// A list with an item for each, worded by the paragraph of the part.
fn list<'a, T: 'a>(
    part: &Part,
    each: impl Iterator<Item = &'a T>,
    value: impl Fn(&'a T, &str) -> Option<&'a String>,
) -> Option<Block> {
    let items: Vec<String> = each
        .filter_map(|it| fill(&part.paragraph, |name| value(it, name).map(String::as_str)))
        .collect();
    (!items.is_empty()).then_some(Block::List(items))
}

/// The acts: with reasons under headings of their own, or as a list of sentences.
fn acts(blocks: &mut Vec<Block>, part: &Part, case: &CaseLetter, wording: &Wording) {
    let sentence = |act: &LetterAct| {
        let outcome = wording.outcomes.get(&act.outcome)?;
        let title = wording.acts.get(&act.name).unwrap_or(&act.title);
        fill(outcome, |name| (name == "act").then_some(title.as_str()))
    };
    if part.reasons.is_empty() && part.citations.is_empty() {
        let items: Vec<String> = case.acts.iter().filter_map(sentence).collect();
        if !items.is_empty() {
            blocks.push(Block::List(items));
        }
        return;
    }
    for act in &case.acts {
        let Some(sentence) = sentence(act) else {
            continue;
        };
        blocks.push(Block::Heading(capital(&act.title)));
        blocks.push(Block::Paragraph(sentence));
        let several = [
            (&part.reasons, &act.reasons),
            (&part.citations, &act.citations),
            (&part.open, &act.open),
        ];
        for (words, items) in several.into_iter().filter(|(words, _)| !words.is_empty()) {
            match items.as_slice() {
                [] => {}
                // One alone is no list, and a letter of one page is read.
                [only] => blocks.push(Block::Paragraph(format!("{words} {only}"))),
                _ => {
                    blocks.push(Block::Paragraph(words.clone()));
                    blocks.push(Block::List(items.clone()));
                }
            }
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
