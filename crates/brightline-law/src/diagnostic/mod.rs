//! What is wrong with a pack, as data; rendering is the caller's.

mod codes;
mod suggest;

pub use codes::{CODES, Code, code};
pub use suggest::{all_nearest, all_with, nearest};

/// A place in the sources: file number and byte range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Index of the file in [`crate::Sources::files`] order.
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Returns the number of the line, from 1, in which a byte of a text stands.
///
/// ```
/// use brightline_law::diagnostic::line_of;
///
/// assert_eq!(line_of("a\nb\n", 0), 1);
/// assert_eq!(line_of("a\nb\n", 2), 2);
/// ```
#[must_use]
pub fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|it| *it == b'\n').count() + 1
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The pack cannot be used.
    Error,
    /// The pack can be used; somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

/// A label under a piece of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What about it; lower case, no final period.
    pub text: String,
}

/// One finding about a pack: message, place, help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// `L…` code with an explanation page in [`CODES`].
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Lower case, no final period, user input in backticks.
    pub message: String,
    /// The first label is the primary one.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// A replacement for the primary label's text.
    pub suggestion: Option<String>,
}

impl Diagnostic {
    /// Returns an error with one label.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, message)
    }

    /// Returns a warning with one label.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, message)
    }

    fn new(code: &'static str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        let labels = vec![Label { span, text: String::new() }];
        Self { code, severity, message: message.into(), labels, help: None, suggestion: None }
    }

    /// Sets the text of the primary label.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Adds a secondary label.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a help line.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds a near miss: `did you mean …`.
    #[must_use]
    pub fn suggest(mut self, text: Option<String>) -> Self {
        if let Some(text) = text {
            self.help = Some(format!("did you mean `{text}`?"));
            self.suggestion = Some(text);
        }
        self
    }
}
