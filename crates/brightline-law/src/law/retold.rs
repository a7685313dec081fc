//! Explanations that were told before.
//!
//! Of the facts an explanation sees only which values each question can have, so requests with
//! other dates and other lists often have the same one, word for word. It sees even less: what
//! each statement does, and the values that force the outcome; so there are far fewer explanations
//! than ways in which facts can lie, and a new way is told at once when it comes down to the same.

use std::sync::{Arc, PoisonError, RwLock};

use super::atom::{Allowed, Atom};
use super::explain::Told;
use crate::Outcome;
use crate::diagram::FastMap;
use crate::ir::FactId;

/// So many ways in which facts can lie are kept, a few words each, before all are forgotten.
const SEEN_MAX: usize = 4096;
/// So many explanations of one law are kept before all are forgotten.
const TOLD_MAX: usize = 256;

/// What something depends on, packed into words: equal when all of it is equal.
pub(crate) type Key = Box<[u64]>;

type Kept = FastMap<Key, Arc<Told>>;

/// The explanations of one law that were told of late.
#[derive(Default)]
pub(crate) struct Retold(RwLock<Memory>);

#[derive(Default)]
struct Memory {
    /// By everything that an explanation can see.
    seen: Kept,
    /// By what it comes down to.
    told: Kept,
}

impl Retold {
    /// Returns what was told to somebody who saw the same.
    pub(crate) fn seen(&self, seen: &[u64]) -> Option<Arc<Told>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).seen.get(seen).cloned()
    }

    /// Returns what was told where it came down to the same, or what is told now.
    pub(crate) fn tell(&self, seen: Key, why: Key, tell: impl FnOnce() -> Told) -> Arc<Told> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).told.get(&why).cloned();
        let is_new = known.is_none();
        let told = known.unwrap_or_else(|| Arc::new(tell()));
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if is_new {
            if memory.told.len() >= TOLD_MAX {
                *memory = Memory::default();
            }
            memory.told.insert(why, Arc::clone(&told));
        }
        if memory.seen.len() >= SEEN_MAX {
            memory.seen.clear();
        }
        memory.seen.insert(seen, Arc::clone(&told));
        told
    }
}

/// A key being written.
#[derive(Default)]
pub(crate) struct Packing {
    words: Vec<u64>,
    /// Bits of the last word that are not written yet.
    left: u32,
}

impl Packing {
    /// Begins with what an explanation sees beside the law and the values allowed.
    pub(crate) fn of(outcome: Outcome, presumed: &[FactId]) -> Self {
        let mut made = Self { words: Vec::with_capacity(8 + presumed.len()), left: 0 };
        made.words.push((presumed.len() as u64) << 8 | outcome as u64);
        made.words.extend(presumed.iter().map(|fact| u64::from(fact.0)));
        made
    }

    /// Adds the values that each atom can have.
    pub(crate) fn values(&mut self, atoms: &[Atom], allowed: &[Allowed]) {
        for (atom, set) in atoms.iter().zip(allowed) {
            let all = atom.all();
            self.bits(set & all, u64::BITS - all.leading_zeros());
        }
    }

    /// Adds so many bits; the others are zero.
    pub(crate) fn bits(&mut self, bits: u64, count: u32) {
        match self.words.last_mut() {
            Some(word) if self.left >= count => {
                self.left -= count;
                *word |= bits.checked_shl(self.left).unwrap_or(0);
            }
            _ => {
                self.left = u64::BITS - count;
                self.words.push(bits.checked_shl(self.left).unwrap_or(0));
            }
        }
    }

    /// Returns the key.
    pub(crate) fn key(self) -> Key {
        self.words.into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Packing, Retold, SEEN_MAX, TOLD_MAX};
    use crate::Outcome;
    use crate::law::explain::Told;

    fn told(words: &str) -> Told {
        let sentences = vec![words.to_owned()];
        Told { sentences, ..Told::default() }
    }

    fn key(bits: u64, outcome: Outcome) -> Key {
        let mut packing = Packing::of(outcome, &[]);
        packing.bits(bits, 40);
        packing.key()
    }

    #[test]
    fn what_was_told_is_told_again_and_what_is_seen_otherwise_anew() {
        let retold = Retold::default();
        let tell = |bits: u64, outcome: Outcome, words: &str| {
            let key = key(bits, outcome);
            retold
                .seen(&key)
                .unwrap_or_else(|| retold.tell(key.clone(), key, || told(words)))
                .sentences
                .clone()
        };
        assert_eq!(tell(1, Outcome::Permitted, "first"), ["first"]);
        assert_eq!(tell(1, Outcome::Permitted, "second"), ["first"]);
        assert_eq!(tell(2, Outcome::Permitted, "second"), ["second"]);
        assert_eq!(tell(1, Outcome::Prohibited, "third"), ["third"]);
        for bits in 3..=TOLD_MAX as u64 + 3 {
            tell(bits, Outcome::Permitted, "more");
        }
        assert_eq!(tell(1, Outcome::Permitted, "again"), ["again"]);
    }

    #[test]
    fn what_comes_down_to_the_same_is_told_once() {
        let retold = Retold::default();
        for bits in 0..2 * SEEN_MAX as u64 {
            let why = key(bits % 3, Outcome::Permitted);
            let words = format!("{}", bits % 3);
            let told = retold.tell(key(bits, Outcome::Permitted), why, || {
                assert!(bits < 3, "told before");
                told(&words)
            });
            assert_eq!(told.sentences, [words]);
        }
    }

    #[test]
    fn sets_of_bits_are_packed_in_order_and_never_across_words() {
        let mut packing = Packing::of(Outcome::Open, &[]);
        for (bits, count) in [(0b101, 3), (u64::MAX, 64), (1, 1), (0b10, 2), (7, 62)] {
            packing.bits(bits, count);
        }
        let expected = [Outcome::Open as u64, 0b101 << 61, u64::MAX, 0b110 << 61, 7 << 2];
        assert_eq!(*packing.key(), expected);
    }
}
