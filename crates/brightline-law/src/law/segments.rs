//! From records to requests: which requests have a record whose bit is set, a word at a time.
//!
//! Records lie request after request. The last record of each request is marked; added to all ones
//! before the mark, any bit of the request carries into it. The marks are then moved together
//! (parallel suffix, Warren, *Hacker's Delight*, 7-4) and out to the requests that have records.
//! No step depends on how many records a request has.

use super::planes::{BLOCK_WORDS, Bits};

/// So many moves bring the bits of a word together.
const MOVE_COUNT: usize = 6;

/// Where bits of a word are, and how to bring them together at its low end.
#[derive(Clone, Copy, Default)]
struct Places {
    mask: u64,
    moves: [u64; MOVE_COUNT],
}

/// The records of a block of requests.
#[derive(Default)]
pub(super) struct Segments {
    firsts: Vec<Places>,
    lasts: Vec<Places>,
    requests: [Places; BLOCK_WORDS],
}

impl Places {
    fn of(mask: u64) -> Self {
        let mut moves = [0; MOVE_COUNT];
        let (mut left, mut to_the_right) = (mask, !mask << 1);
        for (step, moved) in moves.iter_mut().enumerate() {
            let mut parity = to_the_right;
            for shift in [1, 2, 4, 8, 16, 32] {
                parity ^= parity << shift;
            }
            *moved = parity & left;
            left = left ^ *moved | *moved >> (1 << step);
            to_the_right &= !parity;
        }
        Self { mask, moves }
    }

    fn gather(&self, bits: u64) -> u64 {
        let mut bits = bits & self.mask;
        for (step, moved) in self.moves.iter().enumerate() {
            let moving = bits & moved;
            bits = bits ^ moving | moving >> (1 << step);
        }
        bits
    }

    fn scatter(&self, bits: u64) -> u64 {
        let mut bits = bits;
        for (step, moved) in self.moves.iter().enumerate().rev() {
            bits = bits & !moved | bits << (1 << step) & moved;
        }
        bits & self.mask
    }

    fn count(&self) -> u32 {
        self.mask.count_ones()
    }
}

/// Moves bits from where some places are to where others are, in order.
fn moved<'p>(
    from: impl Iterator<Item = (&'p Places, u64)>,
    to: impl Iterator<Item = &'p Places>,
    mut put: impl FnMut(u64),
) {
    let mut from = from;
    let (mut waiting, mut count) = (0u128, 0);
    for places in to {
        while count < places.count() {
            let Some((own, bits)) = from.next() else {
                break;
            };
            waiting |= u128::from(own.gather(bits)) << count;
            count += own.count();
        }
        // The low 64 bits are those that are moved on.
        put(places.scatter(waiting as u64));
        waiting >>= places.count();
        count = count.saturating_sub(places.count());
    }
}

impl Segments {
    /// Looks at where the records of each request begin, counted from the first of the block;
    /// one more stands for the end of the last.
    pub(super) fn set(&mut self, starts: &[u32]) {
        let count = starts.last().map_or(0, |last| *last as usize);
        let words = count.div_ceil(64);
        let (mut firsts, mut lasts) = (vec![0u64; words + 1], vec![0u64; words + 1]);
        let mut requests = [0u64; BLOCK_WORDS];
        for (request, (start, end)) in starts.iter().zip(starts.iter().skip(1)).enumerate() {
            let some = u64::from(start < end);
            let last = end.saturating_sub(1);
            requests[request / 64 % BLOCK_WORDS] |= some << (request % 64);
            firsts[*start as usize / 64] |= some << (start % 64);
            lasts[last as usize / 64] |= some << (last % 64);
        }
        let places = |masks: &[u64]| masks.iter().take(words).map(|it| Places::of(*it)).collect();
        (self.firsts, self.lasts) = (places(&firsts), places(&lasts));
        self.requests = requests.map(Places::of);
    }

    /// Returns the requests that have a record whose bit is set.
    pub(super) fn any(&self, records: &[u64]) -> Bits {
        let mut carry = false;
        let with_marks = self.lasts.iter().zip(records).map(|(lasts, bits)| {
            let (sum, over) = (bits & !lasts.mask).overflowing_add(!lasts.mask);
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            carry = over | again;
            (lasts, sum | bits)
        });
        let mut requests = [0; BLOCK_WORDS];
        let mut slots = requests.iter_mut();
        moved(with_marks, self.requests.iter(), |bits| {
            if let Some(slot) = slots.next() {
                *slot = bits;
            }
        });
        requests
    }

    /// Takes away the first set bit of each request that has one, given which have.
    pub(super) fn take_first(&self, records: &mut [u64], any: &Bits) {
        let mut words = records.iter_mut();
        let mut borrow = false;
        let requests = self.requests.iter().zip(any.iter().copied());
        moved(requests, self.firsts.iter(), |ones| {
            let Some(word) = words.next() else {
                return;
            };
            let (less, under) = word.overflowing_sub(ones);
            let (less, again) = less.overflowing_sub(u64::from(borrow));
            borrow = under | again;
            *word &= less;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_with_so_many_records_set_are_found() {
        let mut seed = 7u64;
        let mut below = |count: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % count
        };
        for (most, one_in) in [(4, 2), (1, 1), (9, 20), (200, 90), (3, 1), (70, 3)] {
            let mut starts = vec![0u32];
            for _ in 0..512 {
                let end = starts.last().unwrap() + below(most) as u32;
                starts.push(end);
            }
            let count = *starts.last().unwrap() as usize;
            let mut records = vec![0u64; count.div_ceil(64)];
            for record in 0..count {
                records[record / 64] |= u64::from(below(one_in) == 0) << (record % 64);
            }
            let mut segments = Segments::default();
            segments.set(&starts);
            let set = |record: u32| records[record as usize / 64] >> (record % 64) & 1 == 1;
            let counts: Vec<usize> = starts
                .windows(2)
                .map(|pair| (pair[0]..pair[1]).filter(|record| set(*record)).count())
                .collect();
            let mut left = records.clone();
            for least in 1..4 {
                let any = segments.any(&left);
                for (request, count) in counts.iter().enumerate() {
                    let found = any[request / 64] >> (request % 64) & 1 == 1;
                    assert_eq!(found, *count >= least, "request {request}, {least}");
                }
                segments.take_first(&mut left, &any);
            }
        }
    }
}
