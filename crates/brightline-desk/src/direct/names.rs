//! Names looked up by a hash that parts them all: one look, one comparison.

use std::collections::BTreeSet;

use super::scan::Scan;

/// Seeds are tried so often before there is more room.
const SEED_COUNT_MAX: u64 = 512;
/// An odd number with its bits spread evenly.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
/// A place that holds no name.
const EMPTY: u32 = u32::MAX;

/// A fixed set of names with their meanings.
pub(super) struct Names<T> {
    seed: u64,
    /// The bits of a hash that are not used.
    shift: u32,
    /// By hash: which entry.
    places: Box<[u32]>,
    entries: Box<[Entry<T>]>,
}

struct Entry<T> {
    ends: Ends,
    name: Box<[u8]>,
    meaning: T,
}

/// Up to so many bytes a name is known by its ends.
const ENDS_LENGTH: usize = 16;
/// So many keys of an object are expected again.
const KEY_COUNT_MAX: usize = 256;
/// Room for names doubles so often before they are given up.
const DOUBLED_MAX: u32 = 8;

/// The length of a name, its first and its last bytes, and a digest of those between.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ends {
    first: u64,
    last: u64,
    between: u64,
    length: usize,
}

impl Ends {
    #[inline]
    fn of(name: &[u8]) -> Self {
        let length = name.len();
        let (first, last) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
                (Some(first), Some(last)) => {
                    (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
                }
                _ => (name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
            },
        };
        let mut between = length as u64;
        if length > ENDS_LENGTH {
            let (words, _) = name.as_chunks::<8>();
            for word in words.iter().skip(1) {
                between = (between ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
            }
        }
        Self { first, last, between, length }
    }

    #[inline]
    fn hash(self, seed: u64) -> u64 {
        let mixed = (self.first ^ seed).wrapping_mul(FACTOR);
        let mixed = mixed ^ self.last.rotate_left(29) ^ self.between;
        (mixed ^ mixed >> 32).wrapping_mul(seed | 1)
    }
}

/// The keys of an object as they came the last time.
#[derive(Default)]
pub(super) struct Order {
    /// Places of entries; those of other names are compared in vain and do no harm.
    keys: Vec<usize>,
    /// The next key.
    at: usize,
}

/// A key, by its meaning, or the end of the object.
pub(super) enum Meant<'n, T> {
    Key(&'n T),
    End,
}

impl Order {
    /// Begins another object.
    pub(super) fn rewind(&mut self) {
        self.at = 0;
    }

    /// Another key came than the last time.
    #[cold]
    fn note(&mut self, place: usize) {
        if let Some(key) = self.keys.get_mut(self.at) {
            *key = place;
        } else if self.keys.len() < KEY_COUNT_MAX {
            self.keys.push(place);
        }
        self.at += 1;
    }
}

impl<T> Names<T> {
    /// Makes the set; of a name that comes twice the first meaning counts, and a name that JSON
    /// writes with an escape is left out.
    /// None where no hash parts them.
    pub(super) fn of<'n>(names: impl IntoIterator<Item = (&'n str, T)>) -> Option<Self> {
        let mut entries: Vec<Entry<T>> = Vec::new();
        let mut known = BTreeSet::new();
        for (name, meaning) in names {
            let is_plain = |byte: u8| byte >= b' ' && !matches!(byte, b'"' | b'\\');
            if name.bytes().all(is_plain) && known.insert(name) {
                let name: Box<[u8]> = name.as_bytes().into();
                entries.push(Entry { ends: Ends::of(&name), name, meaning });
            }
        }
        let entries: Box<[Entry<T>]> = entries.into();
        let bits = (entries.len() * 4).next_power_of_two().trailing_zeros().max(1);
        for bits in bits..bits + DOUBLED_MAX {
            for attempt in 1..=SEED_COUNT_MAX {
                let seed = attempt.wrapping_mul(0xA076_1D64_78BD_642F);
                let shift = 64 - bits;
                if let Some(places) = parted(&entries, seed, shift) {
                    return Some(Self { seed, shift, places, entries });
                }
            }
        }
        None
    }

    /// Returns the meaning of a name.
    #[inline]
    pub(super) fn get(&self, name: &[u8]) -> Option<&T> {
        self.entries.get(self.place(name)?).map(|entry| &entry.meaning)
    }

    /// Goes on in an object whose keys are such names.
    ///
    /// Who writes many requests writes their keys in the same order: the key that came next the
    /// last time is compared first, and looked up only where another one stands there.
    #[inline]
    pub(super) fn next_key(
        &self,
        scan: &mut Scan<'_>,
        is_first: &mut bool,
        order: &mut Order,
    ) -> Option<Meant<'_, T>> {
        if !scan.goes_on(is_first)? {
            return Some(Meant::End);
        }
        let expected = order.keys.get(order.at).and_then(|place| self.entries.get(*place));
        if let Some(entry) = expected
            && scan.take_key(&entry.name)
        {
            order.at += 1;
            return Some(Meant::Key(&entry.meaning));
        }
        let place = self.place(scan.key()?)?;
        order.note(place);
        self.entries.get(place).map(|entry| Meant::Key(&entry.meaning))
    }

    #[inline]
    fn place(&self, name: &[u8]) -> Option<usize> {
        let ends = Ends::of(name);
        let place = *self.places.get((ends.hash(self.seed) >> self.shift) as usize)? as usize;
        let entry = self.entries.get(place)?;
        let is_it = entry.ends == ends && (name.len() <= ENDS_LENGTH || *entry.name == *name);
        is_it.then_some(place)
    }
}

/// Gives each entry a place of its own; none where two would have the same.
fn parted<T>(entries: &[Entry<T>], seed: u64, shift: u32) -> Option<Box<[u32]>> {
    let mut places = vec![EMPTY; 1usize.checked_shl(64 - shift)?];
    for (at, entry) in (0u32..).zip(entries) {
        let place = places.get_mut((entry.ends.hash(seed) >> shift) as usize)?;
        if std::mem::replace(place, at) != EMPTY {
            return None;
        }
    }
    Some(places.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        let names: Vec<String> =
            (0..600).map(|at| format!("{}fact_{at}", "x".repeat(at % 23))).collect();
        let set =
            Names::of(names.iter().enumerate().map(|(at, name)| (name.as_str(), at))).unwrap();
        for (at, name) in names.iter().enumerate() {
            assert_eq!(set.get(name.as_bytes()), Some(&at));
            assert_eq!(set.get(&name.as_bytes()[1..]), None);
            assert_eq!(set.get(format!("{name} ").as_bytes()), None);
        }
        assert_eq!(set.get(b""), None);
    }

    #[test]
    fn names_with_the_same_ends_are_told_apart() {
        let names = ["aaaaaaaa_1_bbbbbbbb", "aaaaaaaa_2_bbbbbbbb", "ab", "ba", "abc", "cba"];
        let set = Names::of(names.iter().map(|name| (*name, *name))).unwrap();
        assert!(names.iter().all(|name| set.get(name.as_bytes()) == Some(name)));
        assert_eq!(set.get(b"aaaaaaaa_3_bbbbbbbb"), None);
    }
}
