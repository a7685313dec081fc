//! What changes between two days, or when a section is left out: classes of requests, each with a
//! request that shows it.

use std::collections::BTreeMap;

use crate::Outcome;
use crate::facts::Facts;
use crate::ir::{ActId, AgencyId, AsKnown, Corpus, PackId, StatementId};
use crate::law::{Scope, TooLarge, Version, changing, diff_laws, left_out};
use crate::scopes::statements_in;

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
    let left_out = [left_out(corpus, &before.without), left_out(corpus, &after.without)];
    let changing = changing(corpus, [before.at.on, after.at.on]);
    // Agencies and acts that the same statements bind change in the same way.
    let mut known: BTreeMap<[Vec<StatementId>; 2], Vec<Change>> = BTreeMap::new();
    let mut changes = Vec::new();
    for &agency in agencies {
        for act in corpus.acts_bound(agency) {
            let scope = |side: &Side| Scope { jurisdiction, agency, act, at: side.at };
            let version = |side, left_out| Version { scope: scope(side), left_out };
            let versions = [version(before, &left_out[0]), version(after, &left_out[1])];
            let key = versions.map(|version| {
                let mut kept = statements_in(corpus, version.scope);
                kept.retain(|id| !version.left_out.contains(id));
                kept
            });
            if key.iter().all(Vec::is_empty) {
                continue;
            }
            if !known.contains_key(&key) {
                known.insert(key.clone(), diff_laws(corpus, &changing, versions)?);
            }
            let found = known.get(&key).into_iter().flatten();
            changes.extend(found.map(|change| Change { agency, act, ..change.clone() }));
        }
    }
    Ok(changes)
}
