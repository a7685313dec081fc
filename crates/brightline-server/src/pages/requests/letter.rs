//! Letters of a case: set as PDF when they are asked for, from the determination as it was
//! recorded; or shown as a page before that.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use brightline_desk::ActDetermination;
use brightline_docket::{Asked, CaseView, Letterhead, TaskView};
use brightline_law::ir::{Corpus, Limit, PackId};
use brightline_paper::{
    Block, CaseLetter, LetterAct, LetterDuty, LetterError, LetterKind, LetterSignature, Page, Press,
};
use serde::Deserialize;

use crate::pages::outcome::capital;
use crate::pages::staff::{Frame, Staff};
use crate::pages::words::{say, say_with};
use crate::pages::{clock, page, times};
use crate::problem::{Kind, Problem};

/// A letter that can be had.
pub(super) struct Offer {
    pub(super) word: &'static str,
    pub(super) title: String,
    /// The language, its own name, and what is to be known of the wording.
    pub(super) languages: Vec<(String, String, String)>,
}

impl Offer {
    /// Returns whether the wording of some language was never reviewed.
    pub(super) fn is_drafted(&self) -> bool {
        self.languages.iter().any(|(_, _, note)| !note.is_empty())
    }
}

/// In which language.
#[derive(Deserialize)]
pub(in crate::pages) struct Language {
    #[serde(default)]
    language: String,
}

/// Returns the letters of a case that has an answer.
pub(super) fn offers(staff: &Staff, view: &CaseView) -> Vec<Offer> {
    let Some(press) = staff.press().filter(|_| view.decided.is_some()) else { return Vec::new() };
    let library = staff.library();
    let packs = packs(library.corpus(), view);
    let offer = |kind: LetterKind| {
        let languages = press.languages(kind, &packs).into_iter().map(|(code, name, reviewed)| {
            let note = if reviewed { String::new() } else { say("letter-unreviewed") };
            (code, name, note)
        });
        Offer {
            word: kind.word(),
            title: say(&format!("letter-{}", kind.word())),
            languages: languages.collect(),
        }
    };
    LetterKind::ALL.into_iter().map(offer).filter(|it| !it.languages.is_empty()).collect()
}

/// A letter as a page, before it is set.
#[derive(Template)]
#[template(path = "letter-preview.html")]
struct Preview {
    frame: Frame,
    reference: String,
    word: &'static str,
    title: String,
    language: String,
    letter: Page,
}

/// A letter that was asked for: which, of which case, in which language.
struct Wanted {
    kind: LetterKind,
    language: String,
    reference: String,
    case: CaseLetter,
}

impl Wanted {
    async fn of(
        staff: &Staff,
        (reference, word): (String, String),
        language: String,
    ) -> Result<Self, Problem> {
        let kind = LetterKind::ALL.into_iter().find(|kind| kind.word() == word);
        let kind = kind.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such letter"))?;
        let view = staff.case(&reference).await?;
        let language = if language.is_empty() { "en".to_owned() } else { language };
        let head = staff.letterhead(&view.agency()).await?;
        let case = case_letter(staff, &view, (head, Hand::of(&language)))?;
        Ok(Self { kind, language, reference: view.reference, case })
    }
}

/// Returns what sets letters; or says why nothing does.
fn press(staff: &Staff) -> Result<&Press, Problem> {
    let broken = || Problem::new(Kind::Unavailable, "the wording of the letters has errors");
    staff.press().ok_or_else(broken)
}

fn refused(error: &LetterError) -> Problem {
    Problem::new(Kind::Unavailable, format!("{error}: {}", error.help()))
}

/// Sets a letter; that the case was read is recorded, and nothing counts as sent.
pub(in crate::pages) async fn letter(
    staff: Staff,
    Path(path): Path<(String, String)>,
    Query(Language { language }): Query<Language>,
) -> Result<Response, Problem> {
    let wanted = Wanted::of(&staff, path, language).await?;
    let Wanted { kind, language, reference, .. } = &wanted;
    let name = format!("{reference}-{}-{language}.pdf", kind.word());
    let setting = tokio::task::spawn_blocking(move || {
        let Wanted { kind, language, case, .. } = &wanted;
        press(&staff)?.letter(*kind, language, case).map_err(|error| refused(&error))
    });
    let broken = |_| Problem::new(Kind::Internal, "setting the letter broke off");
    let bytes = setting.await.map_err(broken)??;
    let shown = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let shown = shown.unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("application/pdf");
    let heads = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, shown)];
    Ok((StatusCode::OK, heads, bytes).into_response())
}

/// Shows a letter as it would be set now.
pub(in crate::pages) async fn preview(
    staff: Staff,
    Path(path): Path<(String, String)>,
    Query(Language { language }): Query<Language>,
) -> Result<Response, Problem> {
    let Wanted { kind, language, reference, case } = Wanted::of(&staff, path, language).await?;
    let letter = press(&staff)?.page(kind, &language, &case).map_err(|error| refused(&error))?;
    let (word, title) = (kind.word(), say(&format!("letter-{}", kind.word())));
    let frame = staff.frame("requests")?;
    let template = Preview { frame, reference, word, title, language, letter };
    Ok(page(StatusCode::OK, &template))
}

/// The pack of the agency's law and those above it, the nearest first.
fn packs(corpus: &Corpus, view: &CaseView) -> Vec<String> {
    let Some(pack) = corpus.pack(&view.asked.jurisdiction) else { return Vec::new() };
    let ids = corpus.visible(pack).filter_map(|it| corpus.packs.get(it.index()));
    ids.map(|pack| pack.id.clone()).collect()
}

/// How times are written in a letter.
#[derive(Clone, Copy)]
enum Hand {
    /// As in `Mar 4, 2025, 5:40 PM EST`.
    English,
    /// As in `2025-03-04 17:40 EST`, which no language has to translate.
    Numbers,
}

impl Hand {
    fn of(language: &str) -> Self {
        if language == "en" { Self::English } else { Self::Numbers }
    }

    /// Writes an instant as a time of a zone.
    fn at(self, at: i64, zone: &str) -> String {
        match self {
            Self::English => times::shown(at, zone),
            Self::Numbers => times::in_numbers(at, zone),
        }
    }

    /// Writes a civil day or time; a time with its zone.
    fn civil(self, text: &str, zone: &str) -> String {
        match (times::instant(text, zone).filter(|_| text.len() >= 16), self) {
            (Some(at), _) => self.at(at, zone),
            (None, Self::English) => times::civil(text),
            (None, Self::Numbers) => text.to_owned(),
        }
    }
}

fn case_letter(
    staff: &Staff,
    view: &CaseView,
    (head, hand): (Option<Letterhead>, Hand),
) -> Result<CaseLetter, Problem> {
    let library = staff.library();
    let corpus = library.corpus();
    let nothing = || Problem::new(Kind::NotFound, "there is no answer to write about yet");
    let decided = view.decided.as_ref().ok_or_else(nothing)?;
    let zone = &decided.zone;
    let pack = corpus.packs.iter().find(|pack| pack.id == view.asked.jurisdiction);
    let titles = view.asked.papers.iter().flatten().map(|name| {
        let paper = corpus.papers.iter().find(|paper| paper.name == *name);
        paper.map_or_else(|| name.clone(), |paper| format!("{name}, {}", paper.title))
    });
    let open = view.tasks.iter().filter(|task| task.is_open());
    let signature = view.signature.as_ref().map(|it| LetterSignature {
        name: it.by.name.clone(),
        role: it.by.roles.iter().map(|it| it.replace('_', " ")).collect::<Vec<_>>().join(", "),
        at: hand.at(it.at, zone),
    });
    let today = times::day_of(staff.office()?.now(), zone);
    let head = head.unwrap_or_default();
    let agency = agency(corpus, view);
    let subject = view.subject.as_ref();
    Ok(CaseLetter {
        packs: packs(corpus, view),
        jurisdiction: pack.map(|it| it.title.clone()).unwrap_or_default(),
        agency_name: match head.name.is_empty() {
            true => by_itself(&agency),
            false => head.name.clone(),
        },
        agency,
        contact: head.reached(),
        address: head.address,
        reference: view.reference.clone(),
        day: hand.civil(&today, zone),
        date: today,
        law_of: hand.civil(&view.asked.on, zone),
        pack_digest: decided.response.pack.digest.clone(),
        to: Vec::new(),
        subject: subject.map(|it| it.name.clone()).unwrap_or_default(),
        file_number: subject.and_then(|it| it.file_number.clone()).unwrap_or_default(),
        papers: titles.collect(),
        request_date: hand.civil(&times::day_of(view.received_at, zone), zone),
        release_due: begins(corpus, view).map(|it| hand.civil(&it, zone)).unwrap_or_default(),
        release_by: clock::must_end_by(view).map(|at| hand.at(at, zone)).unwrap_or_default(),
        acts: decided.response.determinations.iter().map(|it| act(view, it)).collect(),
        duties: open.map(|task| duty(task, (hand, zone))).collect(),
        signatures: signature.into_iter().collect(),
        log: say_with("letter-place", "count", &view.timeline.len().to_string()),
    })
}

/// The agency in words: `the Department of Correction`.
fn agency(corpus: &Corpus, view: &CaseView) -> String {
    let Asked { jurisdiction, agency, .. } = &view.asked;
    let found = corpus.pack(jurisdiction).and_then(|pack| corpus.agency(pack, agency));
    let found = found.and_then(|id| corpus.agencies.get(id.index()));
    found.map_or_else(|| agency.clone(), |it| it.words.clone())
}

/// A name as it stands at the head of a letter: without its article.
fn by_itself(words: &str) -> String {
    capital(words.strip_prefix("the ").unwrap_or(words))
}

/// Returns whether the office has set where the agency is reached, as letters show it.
pub(super) async fn is_reached(staff: &Staff, view: &CaseView) -> Result<bool, Problem> {
    let head = staff.letterhead(&view.agency()).await?;
    Ok(head.is_some_and(|it| it.is_whole()))
}

fn act(view: &CaseView, found: &ActDetermination) -> LetterAct {
    let stands = view.acts().into_iter().find(|it| it.act == found.act);
    let certain = found.basis.iter().filter(|basis| basis.certain);
    LetterAct {
        name: found.act.clone(),
        title: found.words.clone(),
        outcome: stands.map_or_else(|| found.outcome.clone(), |it| it.outcome),
        reasons: found.explanation.clone(),
        citations: certain.map(|basis| basis.citation.clone()).collect(),
        open: found.questions.iter().map(|question| question.ask.clone()).collect(),
    }
}

fn duty(task: &TaskView, (hand, zone): (Hand, &str)) -> LetterDuty {
    LetterDuty {
        text: match task.is_certain {
            true => capital(&task.words),
            false => say_with("letter-duty-perhaps", "duty", &capital(&task.words)),
        },
        by: match &task.due {
            Some(due) => say_with("letter-duty-by", "time", &hand.civil(due, zone)),
            None if task.when.is_empty() => say("no-time"),
            None => task.when.clone(),
        },
        citation: task.citation.clone(),
    }
}

/// Returns the time among the facts with which a limit of the law here begins: the release.
fn begins(corpus: &Corpus, view: &CaseView) -> Option<String> {
    let pack: PackId = corpus.pack(&view.asked.jurisdiction)?;
    let limits = corpus.statements.iter().flat_map(|statement| &statement.limits);
    let facts: BTreeSet<_> = limits
        .map(|limit| match limit {
            Limit::AtMostHours { from, .. } | Limit::AtMostDays { from, .. } => *from,
            Limit::EndOfDay { of, .. } => *of,
        })
        .collect();
    let names = facts.iter().filter_map(|fact| corpus.facts.get(fact.index()));
    let names = names.filter(|fact| corpus.at_or_below(pack, fact.pack));
    names.into_iter().find_map(|fact| {
        let value = &view.facts.get(&fact.name)?.value;
        value.get("value").unwrap_or(value).as_str().map(str::to_owned)
    })
}
