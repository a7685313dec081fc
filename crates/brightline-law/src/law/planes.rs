//! Bitmaps of one variable, by value: the rows in which it can have that value.

use super::atom::Allowed;
use super::columns::NO_CHOICE;

/// Every value is possible.
const ALL: u8 = u8::MAX;
/// Some values are possible, told apart.
const SEVERAL: u8 = u8::MAX - 1;
/// Spreads eight bytes that are 0 or 1 into the bits of the highest byte.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// The values of one variable, row by row: a byte each, which become bitmaps eight at a time.
pub(super) struct Values {
    all: Allowed,
    codes: Vec<u8>,
    several: Vec<(usize, Allowed)>,
}

/// The bitmaps of one variable, by value.
pub(super) struct Planes {
    /// By value, then by 64 rows.
    pub words: Vec<Vec<u64>>,
}

impl Values {
    /// Returns values for so many rows, to be pushed; `all` are those that the variable has.
    pub(super) fn new(row_count: usize, all: Allowed) -> Self {
        Self { all, codes: Vec::with_capacity(row_count), several: Vec::new() }
    }

    /// Returns the values of choices; [`NO_CHOICE`] can be any.
    pub(super) fn of_choices(choices: &[u16]) -> Self {
        let code = |choice: &u16| match *choice {
            NO_CHOICE => ALL,
            choice => u8::try_from(choice).unwrap_or(SEVERAL - 1),
        };
        Self { all: Allowed::MAX, codes: choices.iter().map(code).collect(), several: Vec::new() }
    }

    /// Adds a row in which the variable has this value.
    #[inline]
    pub(super) fn push(&mut self, value: u16) {
        self.codes.push(u8::try_from(value).unwrap_or(SEVERAL - 1));
    }

    /// Adds a row in which the variable can have these values.
    pub(super) fn push_allowed(&mut self, allowed: Allowed) {
        let code = match allowed.count_ones() {
            _ if allowed & self.all == self.all => ALL,
            1 => u8::try_from(allowed.trailing_zeros()).unwrap_or(SEVERAL - 1),
            _ => {
                self.several.push((self.codes.len(), allowed));
                SEVERAL
            }
        };
        self.codes.push(code);
    }

    /// Returns the bitmaps; a value past the last is the last.
    pub(super) fn planes(&self, arity: u16) -> Planes {
        let last = arity.saturating_sub(1);
        let bits = |value: u16| -> Vec<u64> {
            let is_last = value == last;
            let value = u8::try_from(value).unwrap_or(SEVERAL - 1);
            let has = |code: u8| {
                code == value || code == ALL || is_last && value < code && code < SEVERAL
            };
            self.codes.chunks(64).map(|codes| gathered(codes, has)).collect()
        };
        let mut words: Vec<Vec<u64>> = (0..arity).map(bits).collect();
        for &(row, allowed) in &self.several {
            for (value, words) in words.iter_mut().enumerate() {
                let past = if value == usize::from(last) { allowed >> value } else { 0 };
                if let Some(word) = words.get_mut(row / 64)
                    && (allowed >> value & 1 == 1 || past != 0)
                {
                    *word |= 1 << (row % 64);
                }
            }
        }
        Planes { words }
    }
}

/// Returns a word with the bit set of each of up to 64 codes that is wanted.
fn gathered(codes: &[u8], wanted: impl Fn(u8) -> bool) -> u64 {
    let mut word = 0;
    for (place, codes) in codes.chunks(8).enumerate() {
        let mut bytes = [0; 8];
        for (byte, code) in bytes.iter_mut().zip(codes) {
            *byte = u8::from(wanted(*code));
        }
        let bits = u64::from_le_bytes(bytes).wrapping_mul(GATHER) >> 56;
        word |= bits << (8 * place);
    }
    word
}

impl Planes {
    /// Adds the rows in which several values are possible.
    pub(super) fn add_open(&self, open: &mut [u64]) {
        let mut some = vec![0; open.len()];
        for words in &self.words {
            for ((open, some), word) in open.iter_mut().zip(&mut some).zip(words) {
                *open |= *some & word;
                *some |= word;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_bits() {
        let mut values = Values::new(130, 0b1111);
        for row in 0..130u16 {
            match row % 5 {
                4 => values.push_allowed(0b1111),
                3 => values.push_allowed(0b0110),
                value => values.push(value),
            }
        }
        let planes = values.planes(4);
        for row in 0..130 {
            let found: Vec<u64> =
                planes.words.iter().map(|words| words[row / 64] >> (row % 64) & 1).collect();
            let wanted = match row % 5 {
                0 => [1, 0, 0, 0],
                1 => [0, 1, 0, 0],
                2 => [0, 0, 1, 0],
                3 => [0, 1, 1, 0],
                _ => [1, 1, 1, 1],
            };
            assert_eq!(found, wanted, "row {row}");
        }
    }

    #[test]
    fn a_value_past_the_last_is_the_last() {
        let mut values = Values::new(2, 0b111);
        values.push(2);
        values.push_allowed(0b101);
        assert_eq!(values.planes(2).words, [[0b10], [0b11]]);
    }
}
