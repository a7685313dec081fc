//! The counts that lists of any length can have, found without a list for each.

use std::collections::HashSet;

use super::roll::Counts;
use crate::diagram::Fast;

/// Up to so many bits of counts are looked up in an array.
const DENSE_BITS_MAX: u32 = 12;
/// Before the first record.
const NONE: u32 = u32::MAX;

/// Every vector of counts that any number of records can have.
pub(crate) struct Closure {
    layout: Layout,
    /// Rising.
    codes: Vec<u128>,
}

/// A vector of counts, and the record that was added last.
#[derive(Clone, Copy)]
struct Found {
    code: u128,
    before: u32,
    record: u32,
}

/// Where the counts stand in a code: the first in the highest bits, so that codes have the order of
/// the vectors.
struct Layout {
    /// For each count, its shift and the most that it can be.
    fields: Vec<(u32, u128)>,
    bits: u32,
}

/// A record that is added: what it does to each count that it raises.
struct Added {
    bodies: u32,
    raised: Vec<Raised>,
}

/// A count that a record raises, in its place in the code.
struct Raised {
    /// Its bits.
    mask: u128,
    /// The most that it can be; it stays there.
    most: u128,
    one: u128,
}

/// Where codes were seen.
enum Seen {
    Dense(Vec<bool>),
    Sparse(HashSet<u128, Fast>),
}

impl Closure {
    /// Returns what records that satisfy these sets of bodies can add up to.
    ///
    /// Counts that need more than 128 bits together are cut off: only the list of no record is
    /// found then.
    pub(crate) fn of(caps: &[u32], vectors: &[u32]) -> Self {
        let layout = Layout::of(caps);
        let mut codes = vec![0];
        let mut seen = Seen::new(layout.bits);
        seen.enter(0);
        let added = layout.added(vectors);
        let mut at = if layout.bits <= u128::BITS { 0 } else { 1 };
        while let Some(&code) = codes.get(at) {
            for record in &added {
                let next = record.to(code);
                if seen.enter(next) {
                    codes.push(next);
                }
            }
            at += 1;
        }
        codes.sort_unstable();
        Self { layout, codes }
    }

    /// Returns the vectors of counts, rising.
    pub(crate) fn into_keys(self) -> impl Iterator<Item = Counts> {
        let Self { layout, codes } = self;
        codes.into_iter().map(move |code| layout.counts(code))
    }
}

/// Returns a shortest list of records, as the sets of bodies that they satisfy, that makes the
/// counts wanted; counts of which nothing is wanted are left aside.
pub(crate) fn shortest_list(
    caps: &[u32],
    vectors: &[u32],
    wanted: &[Option<u32>],
) -> Option<Vec<u32>> {
    let asked = caps.iter().zip(wanted);
    let caps: Vec<u32> = asked.map(|(cap, wanted)| wanted.map_or(0, |_| *cap)).collect();
    let layout = Layout::of(&caps);
    let targets: Vec<u32> = wanted.iter().map(|wanted| wanted.unwrap_or(0)).collect();
    let target = layout.code(&targets)?;
    let added = layout.added(vectors);
    let mut found = vec![Found { code: 0, before: NONE, record: 0 }];
    let mut seen = Seen::new(layout.bits);
    seen.enter(0);
    let mut at = 0;
    while let Some(&Found { code, .. }) = found.get(at as usize) {
        if code == target {
            return Some(records_of(&found, at));
        }
        for record in added.iter().filter(|record| record.stays_within(code, target)) {
            let next = record.to(code);
            if seen.enter(next) {
                found.push(Found { code: next, before: at, record: record.bodies });
            }
        }
        at += 1;
    }
    None
}

/// The records on the way to a vector of counts, the first first.
fn records_of(found: &[Found], mut at: u32) -> Vec<u32> {
    let mut records = Vec::new();
    while let Some(step) = found.get(at as usize).filter(|step| step.before != NONE) {
        records.push(step.record);
        at = step.before;
    }
    records.reverse();
    records
}

impl Layout {
    fn of(caps: &[u32]) -> Self {
        let widths: Vec<u32> = caps.iter().map(|cap| u32::BITS - cap.leading_zeros()).collect();
        let bits = widths.iter().sum();
        let mut shift: u32 = bits;
        let mut fields = Vec::with_capacity(caps.len());
        for (width, cap) in widths.iter().zip(caps) {
            shift -= width;
            fields.push((shift.min(u128::BITS - 1), u128::from(*cap)));
        }
        Self { fields, bits }
    }

    /// Returns the code of counts; none where one is more than it can be.
    fn code(&self, counts: &[u32]) -> Option<u128> {
        let fields = self.fields.iter().zip(counts);
        let mut code = 0;
        for ((shift, cap), count) in fields {
            let count = u128::from(*count);
            if count > *cap {
                return None;
            }
            code |= count << shift;
        }
        (self.bits <= u128::BITS).then_some(code)
    }

    fn added(&self, vectors: &[u32]) -> Vec<Added> {
        let raised = |bodies: u32| {
            let fields = self.fields.iter().enumerate();
            let own = fields.filter(move |(index, _)| bodies >> index & 1 == 1);
            own.map(|(_, (shift, cap))| Raised {
                mask: width_of(*cap) << shift,
                most: cap << shift,
                one: 1 << shift,
            })
        };
        vectors.iter().map(|&bodies| Added { bodies, raised: raised(bodies).collect() }).collect()
    }

    fn count(&self, code: u128, index: usize) -> u128 {
        let Some((shift, cap)) = self.fields.get(index) else {
            return 0;
        };
        code >> shift & width_of(*cap)
    }

    fn counts(&self, code: u128) -> Counts {
        let count = |index| u32::try_from(self.count(code, index)).unwrap_or(u32::MAX);
        (0..self.fields.len()).map(count).collect()
    }
}

/// As many ones as a count of at most so many needs bits.
fn width_of(cap: u128) -> u128 {
    u128::MAX.checked_shr(cap.leading_zeros()).unwrap_or(0)
}

impl Added {
    /// Returns the counts with this record, each no more than matters.
    fn to(&self, code: u128) -> u128 {
        let rises = self.raised.iter().filter(|it| code & it.mask != it.most);
        rises.fold(code, |made, it| made + it.one)
    }

    /// Returns whether no count rises past the target; none is past it now.
    fn stays_within(&self, code: u128, target: u128) -> bool {
        let stays = |it: &Raised| {
            let count = code & it.mask;
            count == it.most || count != target & it.mask
        };
        self.raised.iter().all(stays)
    }
}

impl Seen {
    fn new(bits: u32) -> Self {
        match bits {
            0..=DENSE_BITS_MAX => Self::Dense(vec![false; 1 << bits]),
            _ => Self::Sparse(HashSet::default()),
        }
    }

    /// Enters a code; returns whether it was not there.
    fn enter(&mut self, code: u128) -> bool {
        match self {
            Self::Dense(seen) => {
                let index = usize::try_from(code).unwrap_or(usize::MAX);
                seen.get_mut(index).is_some_and(|seen| !std::mem::replace(seen, true))
            }
            Self::Sparse(seen) => seen.insert(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Closure, shortest_list};

    fn keys(caps: &[u32], vectors: &[u32]) -> Vec<Vec<u32>> {
        Closure::of(caps, vectors).into_keys().collect()
    }

    #[test]
    fn records_add_up_to_the_most_that_matters() {
        assert_eq!(keys(&[2], &[1]), [[0], [1], [2]]);
        assert_eq!(keys(&[1, 3], &[0b10]), [[0, 0], [0, 1], [0, 2], [0, 3]]);
        assert_eq!(keys(&[1, 1], &[0b11, 0b01]), [[0, 0], [1, 0], [1, 1]]);
    }

    #[test]
    fn a_shortest_list_makes_the_counts() {
        let list = |wanted: &[Option<u32>]| shortest_list(&[2, 1], &[0b01, 0b10, 0b11], wanted);
        assert_eq!(list(&[Some(2), Some(1)]), Some(vec![0b01, 0b11]));
        assert_eq!(list(&[None, Some(1)]), Some(vec![0b10]));
        assert_eq!(list(&[Some(0), Some(0)]), Some(vec![]));
        assert_eq!(list(&[Some(3), None]), None);
        assert_eq!(shortest_list(&[1, 1], &[0b11], &[Some(1), Some(0)]), None);
    }

    #[test]
    fn counts_past_the_array_are_found_all_the_same() {
        let caps = [3; 8];
        let dense = keys(&caps[..6], &[0b11_1111]);
        let sparse = keys(&caps, &[0b1111_1111]);
        assert_eq!((dense.len(), sparse.len()), (4, 4));
        assert_eq!(sparse.last(), Some(&vec![3; 8]));
    }
}
