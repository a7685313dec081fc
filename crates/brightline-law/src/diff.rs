//! What changes between two days, or when a section is left out: classes of requests, each with a
//! request that shows it.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::facts::Facts;
use crate::ir::{ActId, AgencyId, AsKnown, Corpus, PackId};
use crate::law::{Scope, TooLarge, diff_laws, ruled_acts};

/// So many classes are listed for one agency and act.
pub const CLASS_COUNT_MAX: usize = 200;

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The day of the act and the day as of which the law is known.
    pub at: AsKnown,
    /// Instruments left out, by short name or by the instrument that enacted them.
    pub without: Vec<String>,
}

/// A class of requests that end differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The agency.
    pub agency: AgencyId,
    /// The act.
    pub act: ActId,
    /// Before.
    pub before: Outcome,
    /// After.
    pub after: Outcome,
    /// The class: tests in words.
    pub class: Vec<String>,
    /// A request of the class.
    pub facts: Facts,
    /// Its share of all combinations of the facts tested, in millionths.
    pub share_millionths: u64,
}

/// Returns the classes of requests that end differently on the two sides.
///
/// # Errors
///
/// When a law is too large to compare.
pub fn diff(
    corpus: &Corpus,
    jurisdiction: PackId,
    before: &Side,
    after: &Side,
    agencies: &[AgencyId],
) -> Result<Vec<Change>, TooLarge> {
    let mut changes = Vec::new();
    for &agency in agencies {
        let mut acts: BTreeSet<ActId> = BTreeSet::new();
        acts.extend(ruled_acts(corpus, jurisdiction, agency, before.at));
        acts.extend(ruled_acts(corpus, jurisdiction, agency, after.at));
        for act in acts {
            let scope = |side: &Side| Scope { jurisdiction, agency, act, at: side.at };
            let (first, second) = (scope(before), scope(after));
            let without = (&before.without[..], &after.without[..]);
            changes.extend(diff_laws(corpus, (first, second), without)?);
        }
    }
    Ok(changes)
}
