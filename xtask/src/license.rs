//! SPDX license expressions against a list of allowed licenses.

/// Returns whether an expression can be met with allowed licenses only.
///
/// Knows `AND`, `OR`, `WITH`, parentheses, and the slash that old manifests use for `OR`.
pub fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, at: 0, allowed };
    let good = reader.either();
    good && reader.at == words.len()
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a [String],
}

impl<'a> Reader<'a> {
    fn next_is(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at).is_some_and(|next| *next == word);
        self.at += usize::from(found);
        found
    }

    fn take(&mut self) -> &'a str {
        let word = self.words.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        word
    }

    fn either(&mut self) -> bool {
        let mut good = self.both();
        while self.next_is("OR") {
            good |= self.both();
        }
        good
    }

    fn both(&mut self) -> bool {
        let mut good = self.one();
        while self.next_is("AND") {
            good &= self.one();
        }
        good
    }

    fn one(&mut self) -> bool {
        if self.next_is("(") {
            let good = self.either();
            return self.next_is(")") && good;
        }
        let mut license = self.take().to_owned();
        if self.next_is("WITH") {
            license = format!("{license} WITH {}", self.take());
        }
        self.allowed.contains(&license)
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    fn check(expression: &str) -> bool {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"];
        is_allowed(expression, &allowed.map(str::to_owned))
    }

    #[test]
    fn a_choice_needs_one_allowed_license() {
        assert!(check("MIT OR GPL-3.0-only"));
        assert!(check("GPL-3.0-only/MIT"));
        assert!(!check("GPL-3.0-only"));
    }

    #[test]
    fn a_sum_needs_all_allowed() {
        assert!(check("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!check("(MIT OR Apache-2.0) AND NCSA"));
    }

    #[test]
    fn an_exception_is_a_license_of_its_own() {
        assert!(check("Apache-2.0 WITH LLVM-exception"));
        assert!(!check("MIT WITH LLVM-exception"));
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        assert!(!check(""));
        assert!(!check("MIT MIT"));
        assert!(!check("(MIT"));
    }
}
