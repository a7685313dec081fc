//! Facts that the law came to forbid, or no longer knows: kept, and neither used nor shown.

use brightline_law::clock::Day;

use crate::case::{Asked, CaseView};
use crate::intake::Names;
use crate::library::Library;

fn names<'l>(library: &'l Library, asked: &Asked) -> Option<Names<'l>> {
    let corpus = library.corpus();
    corpus.pack(&asked.jurisdiction).map(|pack| Names { corpus, pack })
}

fn is_forbidden(names: Names<'_>, name: &str, day: Day) -> bool {
    names.forbidden(name).any(|it| it.from <= day && day <= it.until)
}

/// Returns whether the law in force takes a fact that was stated before.
pub(super) fn is_usable(library: &Library, asked: &Asked, name: &str) -> bool {
    let Some(names) = names(library, asked) else { return true };
    let is_declared = names.fact(name).is_some() || names.list(name).is_some();
    let on = Day::parse(&asked.on).ok();
    is_declared && !on.is_some_and(|on| is_forbidden(names, name, on))
}

/// Takes out of a view what may not be shown today.
pub(super) fn hide(library: &Library, view: &mut CaseView, today: Option<Day>) {
    let Some(names) = names(library, &view.asked) else { return };
    let days: Vec<Day> = today.into_iter().chain(Day::parse(&view.asked.on)).collect();
    let hidden = |name: &str| days.iter().any(|day| is_forbidden(names, name, *day));
    view.facts.retain(|name, _| !hidden(name));
}
