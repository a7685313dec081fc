//! The codes of diagnostics with the pages that explain them.
//!
//! `syntax` holds L0xx, `names` and `provisions` L1xx, `analysis` L2xx. A code is never reused.

mod analysis;
mod names;
mod provisions;
mod syntax;

/// A code and the page that explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `L…`, as printed.
    pub id: &'static str,
    /// The mistake in a few words.
    pub title: &'static str,
    /// Markdown: what it means, why it matters, how to mend it, with a wrong and a right example.
    pub explanation: &'static str,
}

/// How many codes there are.
const COUNT: usize =
    syntax::CODES.len() + names::CODES.len() + provisions::CODES.len() + analysis::CODES.len();

/// All codes, in order of their numbers.
pub const CODES: &[Code] = &joined();

/// Puts the lists one after another.
const fn joined() -> [Code; COUNT] {
    let groups = [syntax::CODES, names::CODES, provisions::CODES, analysis::CODES];
    let mut all = [Code { id: "", title: "", explanation: "" }; COUNT];
    let (mut group, mut count) = (0, 0);
    while group < groups.len() {
        let mut index = 0;
        while index < groups[group].len() {
            all[count] = groups[group][index];
            count += 1;
            index += 1;
        }
        group += 1;
    }
    all
}

/// Returns the code with this id.
///
/// ```
/// use brightline_law::diagnostic::code;
///
/// assert_eq!(code("L011").map(|code| code.title), Some("something else was expected"));
/// assert!(code("L999").is_none());
/// ```
pub fn code(id: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.id == id)
}
