//! Explanations that were told before.
//!
//! Of the facts an explanation sees only which values each question can have, so requests with
//! other dates and other lists often have the same one, word for word.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::atom::Allowed;
use super::explain::Told;
use crate::Outcome;
use crate::ir::FactId;

/// So many explanations of one law are kept before all are forgotten.
const KEPT_MAX: usize = 32;

/// All that an explanation depends on besides the law: the values that each question can have, the
/// outcome, and the facts that are presumed.
pub(crate) type Seen = (Vec<Allowed>, Outcome, Vec<FactId>);

/// The explanations of one law that were told of late.
#[derive(Default)]
pub(crate) struct Retold(RwLock<BTreeMap<Seen, Arc<Told>>>);

impl Retold {
    /// Returns what was told before, or what is told now.
    pub(crate) fn tell(&self, seen: Seen, tell: impl FnOnce(&Seen) -> Told) -> Told {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&seen).cloned();
        if let Some(told) = known {
            return told.as_ref().clone();
        }
        let told = Arc::new(tell(&seen));
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(seen, Arc::clone(&told));
        drop(kept);
        told.as_ref().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT_MAX, Retold};
    use crate::Outcome;
    use crate::law::explain::Told;

    fn told(words: &str) -> Told {
        let sentences = vec![words.to_owned()];
        Told { basis: Vec::new(), reasons: Vec::new(), sentences, notes: Vec::new() }
    }

    #[test]
    fn what_was_told_is_told_again_and_what_is_seen_otherwise_anew() {
        let retold = Retold::default();
        let tell = |set: u64, outcome: Outcome, words: &str| {
            retold.tell((vec![set, 1], outcome, Vec::new()), |_| told(words)).sentences
        };
        assert_eq!(tell(1, Outcome::Permitted, "first"), ["first"]);
        assert_eq!(tell(1, Outcome::Permitted, "second"), ["first"]);
        assert_eq!(tell(2, Outcome::Permitted, "second"), ["second"]);
        assert_eq!(tell(1, Outcome::Prohibited, "third"), ["third"]);
        for set in 3..=KEPT_MAX as u64 + 3 {
            tell(set, Outcome::Permitted, "more");
        }
        assert_eq!(tell(1, Outcome::Permitted, "again"), ["again"]);
    }
}
