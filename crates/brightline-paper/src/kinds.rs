//! Which paper a page is, and who signed it.

use crate::papers::{Mark, PaperForm, Papers};
use crate::pdf::Opened;
use crate::reading::{Confidence, FoundPaper, Side, Why};
use crate::words::{bare, find as find_phrase, plain};

/// A page, ready to be compared.
struct PageText {
    page: u32,
    whole: String,
    top: String,
    /// Names of the form's fields on the page.
    inputs: Vec<String>,
}

/// Finds the papers of a file, in order of their pages.
pub(crate) fn find(opened: &Opened, papers: &Papers) -> Vec<FoundPaper> {
    let mut found: Vec<FoundPaper> = Vec::new();
    for page in pages(opened) {
        let Some(next) = page_kind(&page, papers) else {
            // A page without marks of its own goes on with the paper before it.
            if let Some(last) = found.last_mut() {
                last.pages.push(page.page);
            }
            continue;
        };
        match found.last_mut() {
            Some(last) if last.name.is_some() && last.name == next.name => merge(last, next),
            _ => found.push(next),
        }
    }
    found
}

fn merge(last: &mut FoundPaper, next: FoundPaper) {
    last.pages.extend(next.pages);
    last.edition = last.edition.take().or(next.edition);
    last.confidence = last.confidence.max(next.confidence);
    if last.side != next.side && next.side != Side::Unclear {
        last.side = if last.side == Side::Unclear { next.side } else { Side::Mixed };
    }
    for why in next.reasons {
        if !last.reasons.iter().any(|it| it.says == why.says) {
            last.reasons.push(why);
        }
    }
}

fn pages(opened: &Opened) -> Vec<PageText> {
    let mut pages = Vec::with_capacity(opened.sizes.len());
    for (page, (_, height)) in (1..).zip(&opened.sizes) {
        let on_page = || opened.segments.iter().filter(move |it| it.page == page);
        let joined = |texts: Vec<&str>| plain(&texts.join(" "));
        let inputs = opened.inputs.iter().filter(|it| it.place.is_none_or(|it| it.page == page));
        pages.push(PageText {
            page,
            whole: joined(on_page().map(|it| it.text.as_str()).collect()),
            top: joined(
                on_page().filter(|it| it.foot < height / 3.0).map(|it| it.text.as_str()).collect(),
            ),
            inputs: inputs.map(|it| bare(&it.name)).collect(),
        });
    }
    pages
}

fn page_kind(page: &PageText, papers: &Papers) -> Option<FoundPaper> {
    let mut best: Option<(u32, &PaperForm, Vec<Why>)> = None;
    for form in &papers.papers {
        let (score, reasons) = likeness(page, form);
        if score > best.as_ref().map_or(1, |it| it.0) {
            best = Some((score, form, reasons));
        }
    }
    let (side, side_reasons) = side(page, papers);
    let Some((score, form, mut reasons)) = best else {
        if side == Side::Unclear {
            return None;
        }
        let title = "a paper that is not known by its number".to_owned();
        return Some(FoundPaper {
            name: None,
            title,
            edition: None,
            pages: vec![page.page],
            confidence: Confidence(40),
            side,
            reasons: side_reasons,
        });
    };
    let agreed = match side {
        Side::Unclear => form.side,
        side if side == form.side => side,
        _ => Side::Mixed,
    };
    if agreed == Side::Mixed && side != Side::Mixed {
        let says = match form.side {
            Side::Judge => "a paper of this number is signed by a judge, and these marks are not",
            _ => "a paper of this number is signed by an officer, and these marks are a judge's",
        };
        reasons.push(Why { says: says.to_owned(), page: page.page });
    }
    reasons.extend(side_reasons);
    let sure = u8::try_from((50 + 10 * score).min(98)).unwrap_or(98);
    Some(FoundPaper {
        name: Some(form.name.clone()),
        title: form.title.clone(),
        edition: form.numbers.iter().find_map(|number| edition(&page.whole, number)),
        pages: vec![page.page],
        confidence: Confidence(if agreed == Side::Mixed { sure.min(60) } else { sure }),
        side: agreed,
        reasons,
    })
}

/// How much a page is like a paper: its number and its phrases, the fields of its form.
fn likeness(page: &PageText, form: &PaperForm) -> (u32, Vec<Why>) {
    let mut score = 0;
    let mut reasons = Vec::new();
    let mut because = |points: u32, says: String| {
        score += points;
        reasons.push(Why { says, page: page.page });
    };
    if let Some(number) = form.numbers.iter().find(|it| names_itself(&page.whole, it)) {
        because(4, format!("the page carries the number {}", number.to_uppercase()));
    }
    for phrase in form.phrases.iter().filter(|it| find_phrase(&page.whole, it).is_some()) {
        because(2, format!("the page says “{phrase}”"));
    }
    if !page.inputs.is_empty() {
        let known = |it: &&String| form.fields.iter().any(|field| field.is_named(it));
        let count = page.inputs.iter().filter(known).count();
        let points = u32::try_from(count / 3).unwrap_or(0).min(4);
        if points > 0 {
            because(points, format!("{count} of its fields are called as on this form"));
        }
    }
    (score, reasons)
}

/// A number counts where the page says `form` before it, or an edition after it: other papers
/// mention it, too.
fn names_itself(text: &str, number: &str) -> bool {
    let mut from = 0;
    while let Some((start, end)) = text.get(from..).and_then(|it| find_phrase(it, number)) {
        let before = text.get(..from + start).unwrap_or_default().trim_end();
        let after = text.get(from + end..).unwrap_or_default().trim_start();
        if before.ends_with("form") || before.is_empty() || is_edition(after).is_some() {
            return true;
        }
        from += end;
    }
    false
}

fn edition(text: &str, number: &str) -> Option<String> {
    let (_, end) = find_phrase(text, number)?;
    let after = text.get(end..)?.trim_start();
    is_edition(after)
}

/// `(3/17)`, `(rev. 09/16)`: what stands in brackets, if it has a digit and a stroke.
fn is_edition(text: &str) -> Option<String> {
    let inside = text.strip_prefix('(')?;
    let inside = inside.get(..inside.find(')')?)?;
    let dated = inside.len() <= 16 && inside.contains('/') && inside.contains(char::is_numeric);
    dated.then(|| format!("({inside})"))
}

/// Who signed, by all marks of the page, the strongest first.
fn side(page: &PageText, papers: &Papers) -> (Side, Vec<Why>) {
    let holds = |mark: &&Mark| {
        let text = if mark.place.as_deref() == Some("top") { &page.top } else { &page.whole };
        mark.any.iter().any(|it| find_phrase(text, it).is_some())
    };
    let mut marks: Vec<&Mark> = papers.marks.iter().filter(holds).collect();
    marks.sort_by_key(|it| std::cmp::Reverse(it.weight));
    let weight =
        |side: Side| -> u32 { marks.iter().filter(|it| it.side == side).map(|it| it.weight).sum() };
    let strongest =
        |side: Side| marks.iter().filter(|it| it.side == side).map(|it| it.weight).max();
    let (judge, officer) = (weight(Side::Judge), weight(Side::Officer));
    let strong = |side: Side| strongest(side).is_some_and(|it| it >= 4);
    let side = if strong(Side::Judge) && strong(Side::Officer) {
        Side::Mixed
    } else if judge > officer + 1 {
        Side::Judge
    } else if officer > judge + 1 {
        Side::Officer
    } else if judge + officer > 0 {
        Side::Mixed
    } else {
        Side::Unclear
    };
    let why = |mark: &&Mark| Why { says: mark.says.clone(), page: page.page };
    (side, marks.iter().map(why).collect())
}
