//! Planes: bitmaps over a block of 512 rows, and the ways from values to bitmaps.
//!
//! The loops have a fixed length and no branch, so that they become vector instructions.

use super::atom::Allowed;

/// Words to a block of rows.
pub(super) const BLOCK_WORDS: usize = 8;
/// Rows to a block.
pub const BLOCK_ROWS: usize = BLOCK_WORDS * 64;
/// Spreads eight bytes that are 0 or 1 into the bits of the highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// A bit for each row of a block; row `r` is bit `r % 64` of word `r / 64`.
pub(super) type Bits = [u64; BLOCK_WORDS];
/// A value for each row of a block.
pub(super) type Rows<T> = [T; BLOCK_ROWS];

/// Returns the rows for which something holds of their values.
#[inline]
pub(super) fn where_value<T>(values: &Rows<T>, holds: impl Fn(&T) -> bool) -> Bits {
    let mut bytes = [0u8; BLOCK_ROWS];
    for (byte, value) in bytes.iter_mut().zip(values) {
        *byte = u8::from(holds(value));
    }
    gathered(&bytes)
}

/// Returns the rows in which a value has reached its limit.
#[inline]
pub(super) fn where_reached(values: &Rows<i32>, limits: &Rows<i32>) -> Bits {
    let mut bytes = [0u8; BLOCK_ROWS];
    for ((byte, value), limit) in bytes.iter_mut().zip(values).zip(limits) {
        *byte = u8::from(value >= limit);
    }
    gathered(&bytes)
}

/// Makes a bit of each byte that is 0 or 1, eight at a time.
fn gathered(bytes: &Rows<u8>) -> Bits {
    let mut words = [0; BLOCK_WORDS];
    let (chunks, _) = bytes.as_chunks::<8>();
    let (chunks, _) = chunks.as_chunks::<8>();
    for (word, chunks) in words.iter_mut().zip(chunks) {
        for (place, chunk) in chunks.iter().enumerate() {
            let bits = u64::from_le_bytes(*chunk).wrapping_mul(GATHER) >> 56;
            *word |= bits << (8 * place);
        }
    }
    words
}

/// Returns the bits of the first rows.
pub(super) fn first_rows(count: usize) -> Bits {
    std::array::from_fn(|word| match count.saturating_sub(word * 64) {
        64.. => u64::MAX,
        left => (1 << left) - 1,
    })
}

/// Combines bits word by word.
#[inline]
pub(super) fn combined(left: &Bits, right: &Bits, with: impl Fn(u64, u64) -> u64) -> Bits {
    let mut made = *left;
    for (word, other) in made.iter_mut().zip(right) {
        *word = with(*word, *other);
    }
    made
}

/// Returns the rows in which several values are possible.
pub(super) fn several(planes: &[Bits]) -> Bits {
    let (mut some, mut several) = ([0; BLOCK_WORDS], [0; BLOCK_WORDS]);
    for plane in planes {
        for ((some, several), word) in some.iter_mut().zip(&mut several).zip(plane) {
            *several |= *some & word;
            *some |= word;
        }
    }
    several
}

/// Calls `visit` with the number of each row that has its bit set.
pub(super) fn for_each_row(rows: &Bits, mut visit: impl FnMut(usize)) {
    for (word, bits) in rows.iter().enumerate() {
        let mut left = *bits;
        while left != 0 {
            visit(word * 64 + left.trailing_zeros() as usize);
            left &= left - 1;
        }
    }
}

/// Makes exactly these values possible in one row; a value past the last is the last.
pub(super) fn put_allowed(planes: &mut [Bits], row: usize, allowed: Allowed) {
    let last = planes.len().saturating_sub(1);
    let bit = 1u64 << (row % 64);
    for (value, plane) in planes.iter_mut().enumerate() {
        let set = if value == last { allowed >> value != 0 } else { allowed >> value & 1 == 1 };
        if let Some(word) = plane.get_mut(row / 64) {
            *word = if set { *word | bit } else { *word & !bit };
        }
    }
}

/// Returns which planes have the bit of a row, one bit each; of the first 64.
pub(super) fn values_of(planes: &[Bits], row: usize) -> u64 {
    let bit = |plane: &Bits| plane.get(row / 64).map_or(0, |word| word >> (row % 64) & 1);
    planes.iter().take(64).enumerate().fold(0, |set, (value, plane)| set | bit(plane) << value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_bits() {
        let values: Rows<i32> = std::array::from_fn(|row| (row * 37 % 101) as i32);
        let bits = where_value(&values, |value| *value >= 50);
        let limits: Rows<i32> = [50; BLOCK_ROWS];
        assert_eq!(bits, where_reached(&values, &limits));
        let mut found = Vec::new();
        for_each_row(&bits, |row| found.push(row));
        let wanted: Vec<usize> = (0..BLOCK_ROWS).filter(|row| row * 37 % 101 >= 50).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_value_past_the_last_is_the_last() {
        let mut planes = [first_rows(130); 2];
        put_allowed(&mut planes, 129, 0b100);
        put_allowed(&mut planes, 5, 0b101);
        assert_eq!(values_of(&planes, 129), 0b10);
        assert_eq!(values_of(&planes, 5), 0b11);
        assert_eq!(values_of(&planes, 130), 0);
        assert_eq!(several(&planes).map(u64::count_ones), [64, 64, 1, 0, 0, 0, 0, 0]);
    }
}
