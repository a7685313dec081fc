//! Facts that the law came to forbid, or no longer knows: kept, and neither used nor shown.

use brightline_desk::Library;
use brightline_law::clock::Day;

use crate::case::{Asked, CaseView};

/// Returns whether the law in force takes a fact that was stated before.
pub(super) fn is_usable(library: &Library, asked: &Asked, name: &str) -> bool {
    let is_forbidden = |on: Day| library.forbids(&asked.jurisdiction, name, on);
    library.declares(&asked.jurisdiction, name) && !Day::parse(&asked.on).is_ok_and(is_forbidden)
}

/// Takes out of a view what may not be shown today.
pub(super) fn hide(library: &Library, view: &mut CaseView, today: Option<Day>) {
    let pack = &view.asked.jurisdiction;
    let days: Vec<Day> = today.into_iter().chain(Day::parse(&view.asked.on)).collect();
    let hidden = |name: &str| days.iter().any(|day| library.forbids(pack, name, *day));
    view.facts.retain(|name, _| !hidden(name));
}
