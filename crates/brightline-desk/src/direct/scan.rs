//! The plain part of JSON, read where it stands: no escapes, no fractions, no tree.
//!
//! Whatever is not plain, or not JSON, gives none.

/// Text with a place in it.
pub(super) struct Scan<'t> {
    text: &'t str,
    at: usize,
}

/// What comes next in an object.
pub(super) enum Next<'t> {
    /// A key; its value follows.
    Key(&'t [u8]),
    /// The end.
    End,
}

/// One in each byte of a word.
const ONES: u64 = u64::from_ne_bytes([1; 8]);
/// The highest bit of each byte.
const HIGHS: u64 = ONES << 7;
/// No number of a request has more digits.
const DIGIT_COUNT_MAX: usize = 9;

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Skips white space and returns the byte after it, which stays.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            let byte = *bytes.get(self.at)?;
            if byte > b' ' {
                return Some(byte);
            }
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return None;
            }
            self.at += 1;
        }
    }

    /// Goes past a byte that must come next.
    #[inline]
    pub(super) fn take(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    /// Reads what stands between two quotes.
    ///
    /// It is a string only if it holds no escape and no control character: whoever looks it up
    /// among names that hold none, or reads it letter by letter, need not ask.
    #[inline]
    pub(super) fn name(&mut self) -> Option<&'t [u8]> {
        self.take(b'"')?;
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = length_to_quote(rest)?;
        self.at += length + 1;
        rest.get(..length)
    }

    /// As [`name`](Self::name), as text.
    #[inline]
    pub(super) fn text(&mut self) -> Option<&'t str> {
        self.take(b'"')?;
        let from = self.at;
        let length = length_to_quote(self.text.as_bytes().get(from..)?)?;
        self.at = from + length + 1;
        self.text.get(from..from + length)
    }

    /// Reads a string.
    pub(super) fn string(&mut self) -> Option<&'t str> {
        let text = self.text()?;
        let is_plain = |byte: u8| byte >= b' ' && byte != b'\\';
        text.bytes().fold(true, |all, byte| all & is_plain(byte)).then_some(text)
    }

    /// Reads `true` or `false`.
    pub(super) fn boolean(&mut self) -> Option<bool> {
        let first = self.peek()?;
        let rest = self.text.as_bytes().get(self.at..)?;
        let (word, value): (&[u8], bool) =
            if first == b't' { (b"true", true) } else { (b"false", false) };
        rest.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    /// Reads a whole number that is not negative.
    pub(super) fn number(&mut self) -> Option<i64> {
        self.peek()?;
        let rest = self.text.as_bytes().get(self.at..)?;
        let mut length = 0;
        let mut number = 0i64;
        while let Some(digit) = rest.get(length).filter(|byte| byte.is_ascii_digit()) {
            number = number * 10 + i64::from(digit - b'0');
            length += 1;
            if length > DIGIT_COUNT_MAX {
                return None;
            }
        }
        let has_leading_zero = length > 1 && rest.first() == Some(&b'0');
        if length == 0 || has_leading_zero {
            return None;
        }
        self.at += length;
        Some(number)
    }

    /// Goes on in an object that was begun.
    pub(super) fn next_key(&mut self, is_first: &mut bool) -> Option<Next<'t>> {
        Some(if self.goes_on(is_first)? { Next::Key(self.key()?) } else { Next::End })
    }

    /// Goes past what parts two entries of an object, or past its end.
    #[inline]
    pub(super) fn goes_on(&mut self, is_first: &mut bool) -> Option<bool> {
        let first = std::mem::take(is_first);
        match self.peek()? {
            b'}' => {
                self.at += 1;
                Some(false)
            }
            b',' if !first => {
                self.at += 1;
                (self.peek()? == b'"').then_some(true)
            }
            b'"' if first => Some(true),
            _ => None,
        }
    }

    /// Reads a key and its colon.
    pub(super) fn key(&mut self) -> Option<&'t [u8]> {
        let key = self.name()?;
        self.take(b':')?;
        Some(key)
    }

    /// Goes past this key and its colon, if they stand here without white space between.
    #[inline]
    pub(super) fn take_key(&mut self, key: &[u8]) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is_it = rest.first() == Some(&b'"')
            && rest.get(1..key.len() + 1) == Some(key)
            && rest.get(key.len() + 1..key.len() + 3) == Some(b"\":");
        if is_it {
            self.at += key.len() + 3;
        }
        is_it
    }

    /// Goes on in an array that was begun; returns whether there is one more.
    #[inline]
    pub(super) fn next_element(&mut self, is_first: &mut bool) -> Option<bool> {
        let first = std::mem::take(is_first);
        match self.peek()? {
            b']' => {
                self.at += 1;
                Some(false)
            }
            b',' if !first => {
                self.at += 1;
                Some(true)
            }
            _ if first => Some(true),
            _ => None,
        }
    }

    /// Only white space is left.
    pub(super) fn end(&mut self) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let is_white = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        rest.iter().all(is_white).then_some(())
    }
}

/// How many bytes come before the first quote; eight at a time.
#[inline]
fn length_to_quote(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut length = 0;
    for word in words {
        let ends = zeros(u64::from_le_bytes(*word) ^ (ONES * u64::from(b'"')));
        if ends != 0 {
            // Bits above the lowest may come from a borrow; the lowest is right.
            return Some(length + ends.trailing_zeros() as usize / 8);
        }
        length += 8;
    }
    Some(length + rest.iter().position(|byte| *byte == b'"')?)
}

/// The highest bit of each byte that is zero.
#[inline]
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_ends_at_its_quote_wherever_that_stands() {
        for length in 0..40 {
            for letter in ['a', 'é', '\u{7f}', '€'] {
                let inner: String = std::iter::repeat_n(letter, length).collect();
                let text = format!(" \"{inner}\" tail");
                let mut scan = Scan::new(&text);
                assert_eq!(scan.string(), Some(inner.as_str()));
                assert_eq!(scan.peek(), Some(b't'));
            }
        }
    }

    #[test]
    fn escapes_and_control_characters_are_not_plain() {
        for length in 0..20 {
            for odd in ["\\n", "\n", "\u{1f}", "\0"] {
                let text = format!("\"{}{odd}{}\"", "a".repeat(length), "b".repeat(length));
                assert_eq!(Scan::new(&text).string(), None, "{text}");
            }
            assert_eq!(Scan::new(&format!("\"{}", "a".repeat(length))).string(), None);
        }
    }

    #[test]
    fn numbers_are_whole_and_written_as_json_writes_them() {
        assert_eq!(Scan::new("120,").number(), Some(120));
        assert_eq!(Scan::new("0}").number(), Some(0));
        for text in ["01", "-1", "+1", "", "x", "12345678901"] {
            assert_eq!(Scan::new(text).number(), None, "{text}");
        }
    }
}
