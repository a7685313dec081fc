//! Plain words for people: paragraphs, determinations, diagnostics, provisions.

pub(crate) mod coverage;
pub(crate) mod determination;
pub(crate) mod diagnostics;
pub(crate) mod paragraph;
pub(crate) mod prose;
pub(crate) mod question;
pub(crate) mod replay;
