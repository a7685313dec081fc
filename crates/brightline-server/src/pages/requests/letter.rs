//! Letters of a case: set as PDF when they are asked for, from the determination as it was
//! recorded.

use std::collections::BTreeSet;

use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use brightline_docket::{ActDetermination, CaseView, TaskView};
use brightline_law::ir::{Corpus, Limit, PackId};
use brightline_paper::{CaseLetter, LetterAct, LetterDuty, LetterKind, LetterSignature};
use serde::Deserialize;

use crate::pages::outcome::capital;
use crate::pages::staff::Staff;
use crate::pages::times;
use crate::pages::words::{say, say_with};
use crate::problem::{Kind, Problem};

/// A letter that can be had.
pub(super) struct Offer {
    pub(super) word: &'static str,
    pub(super) title: String,
    /// The language, its own name, and what is to be known of the wording.
    pub(super) languages: Vec<(String, String, String)>,
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

pub(in crate::pages) async fn letter(
    staff: Staff,
    Path((reference, word)): Path<(String, String)>,
    Query(Language { language }): Query<Language>,
) -> Result<Response, Problem> {
    let kind = LetterKind::ALL.into_iter().find(|kind| kind.word() == word);
    let kind = kind.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such letter"))?;
    let view = staff.case(&reference).await?;
    let language = if language.is_empty() { "en".to_owned() } else { language };
    let case = case_letter(&staff, &view)?;
    let name = format!("{}-{word}-{language}.pdf", view.reference);
    let setting = tokio::task::spawn_blocking(move || match staff.press() {
        Some(press) => press.letter(kind, &language, &case).map_err(|error| {
            let detail = format!("{error}: {}", error.help());
            Problem::new(Kind::Unavailable, detail)
        }),
        None => Err(Problem::new(Kind::Unavailable, "the wording of the letters has errors")),
    });
    let broken = |_| Problem::new(Kind::Internal, "setting the letter broke off");
    let bytes = setting.await.map_err(broken)??;
    let shown = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let shown = shown.unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("application/pdf");
    let heads = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, shown)];
    Ok((StatusCode::OK, heads, bytes).into_response())
}

/// The pack of the agency's law and those above it, the nearest first.
fn packs(corpus: &Corpus, view: &CaseView) -> Vec<String> {
    let Some(pack) = corpus.pack(&view.asked.jurisdiction) else { return Vec::new() };
    let ids = corpus.visible(pack).filter_map(|it| corpus.packs.get(it.index()));
    ids.map(|pack| pack.id.clone()).collect()
}

fn case_letter(staff: &Staff, view: &CaseView) -> Result<CaseLetter, Problem> {
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
        at: times::shown(it.at, zone),
    });
    let subject = view.subject.as_ref();
    Ok(CaseLetter {
        packs: packs(corpus, view),
        jurisdiction: pack.map(|it| it.title.clone()).unwrap_or_default(),
        agency: view.asked.agency.clone(),
        reference: view.reference.clone(),
        date: times::day_of(staff.office()?.now(), zone),
        law_of: view.asked.on.clone(),
        pack_digest: decided.response.pack.digest.clone(),
        to: Vec::new(),
        subject: subject.map(|it| it.name.clone()).unwrap_or_default(),
        file_number: subject.and_then(|it| it.file_number.clone()).unwrap_or_default(),
        papers: titles.collect(),
        request_date: times::day_of(view.received_at, zone),
        release_due: begins(corpus, view).map(|it| times::civil(&it)).unwrap_or_default(),
        contact: String::new(),
        acts: decided.response.determinations.iter().map(|it| act(view, it)).collect(),
        duties: open.map(duty).collect(),
        signatures: signature.into_iter().collect(),
        log: say_with("letter-place", "count", &view.timeline.len().to_string()),
    })
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

fn duty(task: &TaskView) -> LetterDuty {
    LetterDuty {
        text: capital(&task.words),
        by: match &task.due {
            Some(due) => times::civil(due),
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
